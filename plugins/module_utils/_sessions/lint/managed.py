# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about AWS managed policies that stand beside a policy, or that were copied into it."""

from __future__ import annotations

from typing import Iterator

from .facts import START, Policy
from .statements import ERROR, WARNING, Problem

DEPRECATED, SUCCESSOR = "AmazonEC2RoleforSSM", "AmazonSSMManagedInstanceCore"
_AGENT = "ssm:UpdateInstanceInformation"
_OBJECTS = ("s3:GetObject", "s3:PutObject")


def deprecated(policy: Policy) -> Iterator[Problem]:
    for place, name in enumerate(policy.managed_names):
        if name == DEPRECATED:
            yield Problem(
                "deprecated_managed_policy",
                ERROR,
                name,
                f"managed_policies[{place}]",
                "AWS has deprecated it: every instance that has it reads and writes all objects of S3 in the account.",
                f"Attach {SUCCESSOR}, and grant the buckets that are needed by name.",
            )
    if not policy.allowing(_AGENT):
        return
    for statement in policy.allowing(*_OBJECTS):
        objects = [action for action in _OBJECTS if statement.allows(action)]
        if statement.everywhere and "*" not in statement.actions and not statement.lines:
            yield statement.found(
                "like_deprecated_policy",
                ERROR,
                f"An instance role with {' and '.join(objects)} on * is a copy of the deprecated {DEPRECATED}: every "
                "instance that has it reaches all objects of S3 in the account.",
                f"Attach {SUCCESSOR}, and grant the buckets that are needed by name.",
            )


def beside(policy: Policy) -> Iterator[Problem]:
    """A scope has no sense beside a policy that allows everything."""
    if not policy.starts:
        return
    wider = [statement.name for statement in policy.beside if statement.allows(START)]
    for place, name in enumerate(policy.managed_names):
        if name in wider:
            yield Problem(
                "wider_managed_policy",
                WARNING,
                name,
                f"managed_policies[{place}]",
                f"{name} allows {START} on every instance and with every document, whatever this policy names.",
                "Detach it, or leave this policy away.",
            )
