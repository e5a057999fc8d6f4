# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of account assignments: which are there, and whether anything was submitted twice."""

from __future__ import annotations

from typing import Any


def submitted_twice(operations: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """The assignments for which AWS took a second operation that the first one made needless.

    That is one of the same kind, without an opposite one between them, unless the first one failed.
    """
    last: dict[tuple[str, ...], dict[str, Any]] = {}
    twice = []
    for operation in operations:
        key = tuple(operation[part] for part in ("permission_set_arn", "account_id", "principal_type", "principal_id"))
        if operation["kind"] == "provisioning":
            continue
        before = last.get(key)
        if before is not None and before["kind"] == operation["kind"] and before["status"] != "FAILED":
            twice.append(key)
        last[key] = operation
    return twice


class Assigned:
    """The assignments in an emulator, by the names that it was seeded with."""

    def __init__(self, emulator, seeded):
        self._sso = emulator.client("sso-admin")
        self._instance = dict(InstanceArn=seeded["identity_center"][0]["instance_arn"])
        self._sets = {arn: name for name, arn in seeded["permission_sets"].items()}
        self._principals = {("GROUP", id_): name for name, id_ in seeded["groups"].items()}
        self._principals.update({("USER", id_): name for name, id_ in seeded["users"].items()})

    def there(self) -> set[tuple[str, str, str]]:
        """{(permission set, user or group, account)}, of each principal's own."""
        found = set()
        for (kind, id_), name in self._principals.items():
            pages = self._sso.get_paginator("list_account_assignments_for_principal").paginate(
                **self._instance, PrincipalType=kind, PrincipalId=id_
            )
            for each in (each for page in pages for each in page["AccountAssignments"]):
                if each["PrincipalId"] == id_:
                    found.add((self._sets[each["PermissionSetArn"]], name, each["AccountId"]))
        return found


def of_rows(rows: list[dict[str, list[str]]]) -> set[tuple[str, str, str]]:
    """What rows of account_assignments ask for, in the same form."""
    return {
        (name, who, account)
        for row in rows
        for name in row["permission_sets"]
        for who in [*row.get("groups", []), *row.get("users", [])]
        for account in row["accounts"]
    }
