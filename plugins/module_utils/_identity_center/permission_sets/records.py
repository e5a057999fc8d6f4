# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a permission set is, as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ..assignments.records import Assignment, Caller, Running

KIND = "permission_set"

# Attributes that cost a call of their own each, in the order in which they are shown.
DETAILS = ("inline_policy", "managed_policies", "customer_managed_policies", "permissions_boundary", "tags")


@dataclass(frozen=True)
class PermissionSet:
    """A permission set as it is, or as it shall be. None: not read, or not managed.

    inline_policy: the document; {} is none.
    customer_managed_policies: `{name, path}` each.
    permissions_boundary: `{managed_policy_arn: ...}` or `{customer_managed_policy: {name, path}}`; {} is none.
    session_duration: ISO 8601, PT1H to PT12H.
    """

    name: str
    arn: Optional[str] = None
    description: Optional[str] = None
    relay_state: Optional[str] = None
    session_duration: Optional[str] = None
    inline_policy: Optional[Dict[str, Any]] = None
    managed_policies: Optional[List[str]] = None
    customer_managed_policies: Optional[List[Dict[str, str]]] = None
    permissions_boundary: Optional[Dict[str, Any]] = None
    tags: Optional[Dict[str, str]] = None
    absent: bool = False
    unassign: bool = False

    def shown(self) -> Dict[str, Any]:
        """As a result shows it: what is known, snake_case."""
        values = asdict(self)
        values["permission_set_arn"] = values.pop("arn")
        del values["absent"], values["unassign"]
        return {key: value for key, value in values.items() if value is not None}

    def managed_details(self) -> List[str]:
        """The details that have a value here: as a desired set, those that are managed."""
        return [detail for detail in DETAILS if getattr(self, detail) is not None]


@dataclass(frozen=True)
class Provisioned:
    """Where a permission set is provisioned: account ids, and those among them whose role is not up to date.

    Where nothing but roles that are not up to date matters, and there are none, the accounts are not read.
    """

    accounts: List[str]
    outdated: List[str]


@dataclass(frozen=True)
class Usage:
    """What holds on to a permission set.

    assignments: where it is assigned, and to whom. idle: accounts that hold it although nobody is assigned there.
    unread: accounts that hold it and were not looked into, because enough was found before.
    """

    assignments: Sequence[Assignment] = ()
    idle: Sequence[str] = ()
    unread: Sequence[str] = ()


@dataclass(frozen=True)
class Current:
    """What was read: permission sets by name, and where those that need it are provisioned.

    uses: of the sets that shall go. running: operations on assignments in progress; caller: who takes assignments
    away. Both are asked for only if some are to be taken away.
    """

    sets: Mapping[str, PermissionSet]
    provisioned: Mapping[str, Provisioned]
    uses: Mapping[str, Usage] = field(default_factory=dict)
    running: Running = Running()
    caller: Optional[Caller] = None
    warnings: Sequence[str] = ()
