# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account assignments for `reconcile`: reads what is managed, plans, applies."""

from __future__ import annotations

from typing import Any, Iterator, Optional, Set

from ..._reconcile import CREATE, DELETE, Change, Outcome, Plan
from ..pool import Busy, Pool
from .lookup import Connection
from .plan import Rules, plan_assignments
from .reading import Reader
from .records import Current, Running
from .resolve import Expected
from .validate import rows


class AccountAssignments:
    """The account assignments of a task, from its parameters."""

    def __init__(self, module: Any) -> None:
        self._module = module
        params = module.params
        self._rules = Rules(params["max_deletions"], params["allow_self_lockout"])
        self._timeout: int = params["wait_timeout"]
        self._running = Running()
        self._over: Set[str] = set()  # operations that were in progress and have ended

    def read(self) -> Current:
        params = self._module.params
        wanted = rows(params["assignments"], self._rules.max_deletions)
        connection = Connection(self._module)
        self._api = connection.api
        current = Reader(connection, params["purge"], params["purge_unmanaged"]).current(wanted, self._expected())
        self._running = current.running
        return current

    def _expected(self) -> Optional[Expected]:
        """Counts in check mode only: otherwise whatever was expected is there, or is really missing."""
        given = self._module.params["expected"]
        if not given or not self._module.check_mode:
            return None
        return Expected(**{key: tuple(names or ()) for key, names in given.items()})

    def plan(self, current: Current) -> Plan:
        return plan_assignments(current, self._rules)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        """Creations, up to ten at a time, and when all of them have ended deletions likewise."""
        failed = []
        for action in (CREATE, DELETE):
            for change, reason in self._pool(action).run([each for each in plan.changes if each.action == action]):
                if reason and action == CREATE:
                    failed.append(change.payload.shown())
                yield Outcome(change, reason or None)
        kept = [each for each in plan.result["account_assignments"] if each not in failed]
        plan.result["account_assignments"] = kept

    def _pool(self, action: str) -> Pool[Change]:
        return Pool(self._start, lambda request_ids: self._api.ended(action, request_ids), self._timeout)

    def _start(self, change: Change, attempt: int) -> Optional[str]:
        """Take over what is under way already; wait for the end of what undoes the change; otherwise start it."""
        key = change.payload.key
        same, other, opposite = self._running.creating, self._running.deleting, DELETE
        if change.action == DELETE:
            same, other, opposite = other, same, CREATE
        if key in same and not attempt:
            return same[key]
        if key in other and other[key] not in self._over:
            if not self._api.ended(opposite, [other[key]]):
                raise Busy(f"an operation to {opposite} it is still in progress (request {other[key]})")
            self._over.add(other[key])
        return self._api.start(change.action, key, attempt)
