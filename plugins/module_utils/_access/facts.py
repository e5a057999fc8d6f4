# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read back from AWS and from the hosts, checked, and looked up by what questions need."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .._identity_center.attributes.sources import source_value
from .._reconcile import UserError
from .._shape import Reader, at

# What each kind of fact has to say at least. An assignment may be left over from something that is gone, so without
# the names.
_NEEDED: Dict[str, Tuple[str, ...]] = {
    "users": ("user_name",),
    "groups": ("name",),
    "permission_sets": ("name",),
    "assignments": ("account_id", "principal_type"),
    "session_preferences": ("account_id", "region"),
    "hosts": ("instance_id", "account_id", "region"),
}


class Facts:
    """What was read back, looked up by what the questions need."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        _check(facts)
        self.attributes: Mapping[str, Any] = facts.get("access_control_attributes") or {}
        self.users: Sequence[Mapping[str, Any]] = facts.get("users") or ()
        self.region = str(facts.get("region") or "")
        self.hosts: Sequence[Mapping[str, Any]] = facts.get("hosts") or ()
        self.permission_sets = {entry["name"]: entry for entry in facts.get("permission_sets") or ()}
        self.groups = {entry["name"]: set(entry.get("members") or ()) for entry in facts.get("groups") or ()}
        self.assignments: Sequence[Mapping[str, Any]] = facts.get("assignments") or ()
        self.preferences = {
            (str(entry["account_id"]), entry["region"]): entry for entry in facts.get("session_preferences") or ()
        }

    def tags(self, user: Mapping[str, Any]) -> Dict[str, str]:
        """The attributes as Identity Center will send them; a source without a value sends nothing."""
        tags = {}
        for key, source in self.attributes.items():
            try:
                value = source_value(source, user)
            except UserError:
                value = None
            if value is not None:
                tags[str(key)] = value
        return tags

    def assigned(self, user_name: str, account_id: str) -> List[Tuple[str, Optional[str]]]:
        """The permission sets that a person has in an account, each with the group it comes through."""
        found = []
        for entry in self.assignments:
            if str(entry["account_id"]) != account_id:
                continue
            principal, permission_set = entry.get("principal"), str(entry.get("permission_set"))
            if entry["principal_type"] == "USER" and principal == user_name:
                found.append((permission_set, None))
            elif entry["principal_type"] == "GROUP" and user_name in self.groups.get(principal, ()):
                found.append((permission_set, principal))
        return sorted(found, key=lambda pair: (pair[0], pair[1] or ""))


def _check(facts: Any) -> None:
    """Facts are put together by a playbook, so they may be misshapen like any other input."""
    reader = Reader()
    table = reader.fields(facts, "facts", ("access_control_attributes", "region") + tuple(_NEEDED))
    reader.table(table.get("access_control_attributes", {}), "facts.access_control_attributes")
    for kind, keys in _NEEDED.items():
        path = at("facts", kind)
        for index, entry in enumerate(reader.rows(table.get(kind, []), path, empty=True)):
            row = reader.table(entry, at(path, index))
            for key in keys:
                if row and row.get(key) is None:
                    reader.wrong(at(at(path, index), key), "is missing")
    reader.stop_if_wrong()
