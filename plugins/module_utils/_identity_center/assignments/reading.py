# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what is there, as far as a task may have to touch it."""

from __future__ import annotations

from typing import Collection, FrozenSet, Iterable, List, Optional, Sequence, Set, Tuple

from ..._aws import AwsError
from ..._guardrails import Guard
from ..._organizations.tree import ACTIVE, Account
from ..._tags import MANAGED_TAG
from .lockout import signed_in
from .lookup import Connection, listed_sets
from .plan import Reading, cheaper_read_plan, deletions, to_purge
from .records import GROUP, USER, Assignment, Caller, Current, Key, Row, Wanted
from .resolve import Expected, Known, resolve


class Reader:
    """purge: none, listed or all. unmanaged: whether `all` means permission sets without our tag too."""

    def __init__(self, connection: Connection, guard: Guard, purge: str = "none", unmanaged: bool = False) -> None:
        self._to, self._api, self._guard = connection, connection.api, guard
        self._purge, self._unmanaged = purge, unmanaged

    def current(self, rows: Sequence[Row], expected: Optional[Expected]) -> Current:
        deletes = self._purge != "none" or any(row.absent for row in rows)
        protects = bool(self._guard.protect)
        known = self._to.lookup.rows(rows, self._to.instance_id, deletes, self._purge == "all", protects)
        wanted = resolve(rows, known, expected)
        scope = self._scope(rows, known)
        running = self._api.running()
        actual = self._actual(wanted, scope)
        purged, warnings = self._purged(to_purge(wanted, actual, running, scope), known)
        gone = deletions(wanted, actual, running) + purged
        caller = self.caller(gone) if gone else None
        problems = self._misspelt(known, expected) if gone else []
        return Current(wanted, actual, purged, running, caller, warnings, problems)

    def _scope(self, rows: Sequence[Row], known: Known) -> Set[str]:
        """ARNs of the permission sets whose other assignments are taken away."""
        if self._purge == "none":
            return set()
        if self._purge == "listed":
            return listed_sets(rows, known)
        arns = set(known.permission_sets.values())
        return arns if self._unmanaged else self._api.tagged(sorted(arns), MANAGED_TAG)

    def _actual(self, wanted: Wanted, scope: Set[str]) -> FrozenSet[Key]:
        """Everything of the permission sets in scope, and what is wanted of others."""
        found = self._api.read(Reading(pairs=self._api.places(sorted(scope))), self._to.progress)
        keys = [each.key for each in wanted.present + wanted.absent if each.key is not None]
        others = [key for key in keys if key.permission_set_arn not in scope]
        return frozenset(found | read_cheaply(self._to, others, may_be_gone(wanted.absent)))

    def _purged(self, keys: Sequence[Key], known: Known) -> Tuple[List[Assignment], List[str]]:
        """What a purge takes away, with names, and warnings about what it cannot take away."""
        for kind in sorted({key.principal_type for key in keys}):
            self._to.directory.ids(kind)
        names = self._to.names({arn: name for name, arn in known.permission_sets.items()})
        accounts = self._to.accounts(known.organization) if keys else {}
        purged, warnings = [], []
        for key in keys:
            account = accounts.get(key.account_id) or Account(key.account_id)
            assignment = Assignment(account, names.set_ref(key.permission_set_arn), names.principal(key.principal))
            if account.state == ACTIVE:
                purged.append(assignment)
            else:
                warnings.append(f"{assignment.name} is not purged, because the account is {account.state}.")
        return purged, warnings

    def _misspelt(self, known: Known, expected: Optional[Expected]) -> List[str]:
        """What `protect` names in vain. Only where all that was read does not know a name, all sets are asked for."""
        if not self._guard.protect:
            return []
        names = {text for kind in (USER, GROUP) for pair in self._to.directory.ids(kind).items() for text in pair}
        names.update(*known.permission_sets.items())
        if expected is not None:
            names.update(expected.permission_sets, expected.groups, expected.users)
        if self._guard.unknown(names):
            names.update(*self._api.find_sets().items())
        return self._guard.unknown(names)

    def caller(self, gone: Sequence[Assignment]) -> Caller:
        """The caller, asked for only if something is deleted, and its own way in only if that is among it."""
        arn = self._to.caller_arn()
        came_in = signed_in(arn)
        if came_in is None:
            return Caller(arn)
        account_id, permission_set, user_name = came_in
        arns = {
            each.permission_set.arn
            for each in gone
            if (each.account.id, each.permission_set.name) == (account_id, permission_set)
        }
        ways = self._api.read(Reading(pairs=[(account_id, str(arn)) for arn in arns]))
        principals = self._to.directory.principals(user_name) if ways else None
        return Caller(arn, account_id, permission_set, principals, frozenset(ways))


def may_be_gone(assignments: Iterable[Assignment]) -> bool:
    """Whether one is of a user or group that only its id names; what is assigned to it then shows only in pairs."""
    return any(each.principal.name is None for each in assignments)


def ask_otherwise(error: AwsError) -> bool:
    """Whether asking per principal is no way: it is for the management account alone, and some principal is gone."""
    return error.denied or error.code in ("ResourceNotFoundException", "ValidationException")


def read_cheaply(to: Connection, keys: Collection[Key], pairs_only: bool = False) -> Set[Key]:
    """Those of the keys that are there, by whichever way needs fewer calls and is allowed."""
    plan = cheaper_read_plan(keys, pairs_only)
    try:
        found = to.api.read(plan, to.progress)
    except AwsError as error:
        if not plan.principals or not ask_otherwise(error):
            raise
        found = to.api.read(cheaper_read_plan(keys, pairs_only=True), to.progress)
    return found.intersection(keys)
