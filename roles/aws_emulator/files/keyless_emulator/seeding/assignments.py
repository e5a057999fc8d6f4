# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account assignments of a declared state: each row stands for the product of its lists."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Set, Tuple

from ..directory.store import Store
from ..identity_center.records import Instance, Principal
from ..roles import missing_policies
from ..world import World
from .people import People
from .ranges import entries, spread_all
from .sets import Sets

_LISTS = ("permission_sets", "groups", "users", "accounts")
Row = Dict[str, List[str]]


class Assignments:
    """As with CreateAccountAssignment, the permission sets are provisioned to the accounts, but at once."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._rows: List[Row] = []
        for number, entry in enumerate(entries(state, "account_assignments", _LISTS, [])):
            row: Row = {}
            for key in _LISTS:
                try:
                    row[key] = spread_all(entry.get(key) or [])
                except ValueError as error:
                    raise ValueError(f"account_assignments[{number}].{key}: {error}") from error
            self._rows.append(row)

    def problems(
        self, world: World, instance: Instance, store: Store, people: People, sets: Sets, new: Set[str]
    ) -> Iterator[str]:
        """`new`: ids of accounts that the state makes."""
        for number, row in enumerate(self._rows):
            path = f"account_assignments[{number}]"
            if not row["permission_sets"] or not row["accounts"] or not row["groups"] + row["users"]:
                yield f"{path} needs permission_sets, accounts, and groups or users"
            known: List[Tuple[str, str, Any]] = [
                ("permission_sets", "permission set", lambda name: name in sets.wanted or name in instance.names),
                ("groups", "group", lambda name: name in people.groups or store.group_names.find(name)),
                ("users", "user", lambda name: name in people.users or store.user_names.find(name)),
                ("accounts", "account", lambda id_: id_ in new or world.organization.status(id_)),
            ]
            for key, noun, is_known in known:
                yield from (f"{path}: there is no {noun} {name}" for name in row[key] if not is_known(name))
            yield from self._missing_policies(world, instance, sets, row, path)

    def _missing_policies(self, world: World, instance: Instance, sets: Sets, row: Row, path: str) -> Iterator[str]:
        for name in row["permission_sets"]:
            references = sets.customer_policies(instance, name)
            for account in row["accounts"] if references else []:
                for arn in missing_policies(world.moto, account, references):
                    yield f"{path}: permission set {name} cannot be provisioned, because there is no policy {arn}"

    def plant(self, world: World, instance: Instance, store: Store) -> bool:
        changed = False
        for row in self._rows:
            principals = _principals(store, row)
            for name in row["permission_sets"]:
                permission_set = instance.permission_sets[instance.names[name]]
                for account in row["accounts"]:
                    if account not in permission_set.provisioned:
                        role_name, reason = world.roles.apply(instance, permission_set, account, None)
                        if reason:
                            raise ValueError(reason)
                        instance.note_provisioned(permission_set, account, role_name)
                        changed = True
                    for principal in principals:
                        changed |= instance.ledger.add(permission_set.arn, account, principal)
        return changed


def _principals(store: Store, row: Row) -> List[Principal]:
    groups = [("GROUP", str(store.group_names.find(name))) for name in row["groups"]]
    return groups + [("USER", str(store.user_names.find(name))) for name in row["users"]]
