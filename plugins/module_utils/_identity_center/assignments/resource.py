# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account assignments for `reconcile`: reads what is managed, plans, applies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Iterator, Optional

from ..._guardrails import Guard
from ..._parallel import each
from ..._reconcile import CREATE, DELETE, Outcome, Plan
from ..preflight.assignments import AssignmentsPreflight
from .apply import Applying
from .lookup import Connection
from .plan import Rules, creations, plan_assignments
from .reading import Reader
from .records import Current
from .resolve import Expected
from .validate import rows

_DONE = {CREATE: "created", DELETE: "deleted"}


class AccountAssignments:
    """The account assignments of a task, from its parameters."""

    def __init__(self, module: Any) -> None:
        self._module = module
        params = module.params
        self._rules = Rules(Guard(params["max_deletions"], params["protect"]), params["allow_self_lockout"])
        self._timeout: int = params["wait_timeout"]

    def read(self) -> Current:
        params = self._module.params
        wanted = rows(params["assignments"], self._rules.guard)
        self._to = Connection(self._module)
        center = self._to.center
        ahead = AssignmentsPreflight(self._module, center.sso, center.instance, each)
        reader = Reader(self._to, self._rules.guard, params["purge"], params["purge_unmanaged"])
        self._current = _looked_ahead(reader.current(wanted, self._expected()), ahead)
        return self._current

    def _expected(self) -> Optional[Expected]:
        """Counts in check mode only: otherwise whatever was expected is there, or is really missing."""
        given = self._module.params["expected"]
        if not given or not self._module.check_mode:
            return None
        return Expected(**{key: tuple(names or ()) for key, names in given.items()})

    def plan(self, current: Current) -> Plan:
        return plan_assignments(current, self._rules)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        """Creations, and when all of them have ended deletions."""
        applying = Applying(self._to, self._current.running, self._timeout)
        progress = self._to.progress
        failed = []
        for action in (CREATE, DELETE):
            changes = [change for change in plan.changes if change.action == action]
            progress.begin(_DONE[action], len(changes))
            for outcome in applying.run(action, changes, progress.moved):
                if outcome.error is not None and action == CREATE:
                    failed.append(outcome.change.payload.shown())
                yield outcome
        kept = [shown for shown in plan.result["account_assignments"] if shown not in failed]
        plan.result["account_assignments"] = kept


def _looked_ahead(current: Current, ahead: AssignmentsPreflight) -> Current:
    """With what AWS is going to refuse."""
    new = creations(current.wanted, current.actual, current.running)
    found = ahead.check(new, current.actual.difference(current.running.deleting))
    return replace(current, problems=current.problems + found.problems, warnings=current.warnings + found.warnings)
