# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an instance's role lets Session Manager reach the instance. Pure: no AWS, no Ansible.

What the role's own policies say is judged. Permissions boundaries and the organization's policies are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

from ..._evaluation.conditions import Context
from ..._evaluation.evaluate import ALLOWED, UNDECIDABLE, evaluate
from .records import Role

CORE = "AmazonSSMManagedInstanceCore"
DEPRECATED = "AmazonEC2RoleforSSM"
# AWS's policies that give all that a session needs.
SUFFICIENT = (CORE, DEPRECATED, "AmazonSSMManagedEC2InstanceDefaultPolicy")

# The least that the agent needs for sessions.
CHANNELS = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
REGISTER = "ssm:UpdateInstanceInformation"


@dataclass(frozen=True)
class Rights:
    """Whether sessions are possible, None where that is not known, and which actions are missing."""

    sessions: Optional[bool]
    missing: Tuple[str, ...] = ()


def policy_arn(partition: str, name: str) -> str:
    path = "service-role/" if name == DEPRECATED else ""
    return f"arn:{partition}:iam::aws:policy/{path}{name}"


def is_sufficient(attached: Sequence[str]) -> bool:
    return any(_own_name(arn) in SUFFICIENT for arn in attached)


def has_deprecated(role: Optional[Role]) -> bool:
    return role is not None and any(_own_name(arn) == DEPRECATED for arn in role.attached)


def rights_of(role: Optional[Role], instance_arn: str) -> Rights:
    """What an instance may do with the role; None is a profile without a role."""
    if role is None:
        return Rights(False, (REGISTER,) + CHANNELS)
    if is_sufficient(role.attached):
        return Rights(True)
    if role.hidden:
        return Rights(None)
    context = Context()
    asked = [(REGISTER, instance_arn)] + [(action, "*") for action in CHANNELS]
    effects = {action: evaluate(role.documents, action, resource, context).effect for action, resource in asked}
    missing = tuple(action for action, effect in effects.items() if effect not in (ALLOWED, UNDECIDABLE))
    if missing:
        return Rights(False, missing)
    return Rights(None if UNDECIDABLE in effects.values() else True)


def _own_name(arn: str) -> str:
    """The name of one of AWS's own policies, '' for any other."""
    return arn.rpartition("/")[2] if arn.split(":")[4:5] == ["aws"] else ""
