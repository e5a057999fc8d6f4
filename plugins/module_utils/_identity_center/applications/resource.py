# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications for `reconcile`: reads what is managed, plans, applies."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Optional, Sequence, Set, Tuple

from ..._guardrails import Guard
from ..._parallel import in_lanes, in_parallel
from ..._reconcile import CREATE, UPDATE, Change, Outcome, Plan, UserError
from ..assignments.api import DirectoryApi
from ..assignments.records import GROUP, USER, Names
from ..assignments.validate import is_principal_id
from ..instance import IdentityCenter
from .api import ApplicationsApi
from .plan import ASSIGNMENT, CONFIGURATION, plan_applications, undo
from .records import Application, Current, Found, Item, Wanted
from .resolve import resolve
from .validate import instance_of, items

_OPTIONS = {USER: "users", GROUP: "groups"}


class ApplicationAssignments:
    """The applications of a task, from its parameters."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._guard = Guard(module.params["max_deletions"], module.params["protect"])

    def read(self) -> Current:
        wanted = items(self._module.params["applications"], self._guard)
        center = IdentityCenter(self._module)
        self._api = ApplicationsApi(center.sso, center.instance)
        self._directory = DirectoryApi(center.client("identitystore"), center.instance)
        instance_id = center.instance.arn.rpartition("/")[2]
        applications = self._applications(wanted, instance_id)
        resolved = resolve(wanted, applications, self._ids(wanted), instance_id, self._expected())
        found: List[Found] = []
        unread: List[Tuple[Application, str]] = []
        for want, answer in zip(resolved, in_parallel(resolved, self._found)):
            if isinstance(answer, UserError):
                if getattr(answer, "hopeless", False):
                    raise answer
                unread.append((want.application, answer.message))
            else:
                found.append(answer)
        return Current(found, self._names(found), unread)

    def _applications(self, wanted: Sequence[Item], instance_id: str) -> List[Application]:
        """All where one is named, those that are given by ARN otherwise."""
        if any(item.arn is None for item in wanted):
            return self._api.applications()
        return self._api.described([str(item.arn) for item in wanted if instance_of(str(item.arn)) == instance_id])

    def _ids(self, wanted: Sequence[Item]) -> Dict[str, Dict[str, str]]:
        """Users and groups by name; not asked for where all are given by id."""
        named: Set[str] = set()
        for item in wanted:
            named.update(k for k in item.kinds if not all(is_principal_id(text) for text in item.given(k) or ()))
        return {kind: self._directory.ids(kind) if kind in named else {} for kind in _OPTIONS}

    def _expected(self) -> Optional[Dict[str, Sequence[str]]]:
        """Counts in check mode only: otherwise whatever was expected is there, or is really missing."""
        given = self._module.params["expected"]
        if not given or not self._module.check_mode:
            return None
        return {kind: given[option] or () for kind, option in _OPTIONS.items()}

    def _found(self, wanted: Wanted) -> Found:
        item, arn = wanted.item, wanted.application.arn
        required = None if item.assignment_required is None else self._api.assignment_required(arn)
        return Found(wanted, frozenset(self._api.assigned(arn) if item.kinds else ()), required)

    def _names(self, found: Sequence[Found]) -> Names:
        """Names of whoever is assigned already and not named in the task, where there is anybody."""
        strangers: Set[str] = set()
        for each in found:
            given = {(principal.type, principal.id) for principal in each.wanted.principals}
            strangers.update(key[0] for key in each.assigned if key not in given and key[0] in each.wanted.item.kinds)
        known = {
            kind: self._directory.names(kind) if kind in strangers or self._directory.listed(kind) else {}
            for kind in _OPTIONS
        }
        return Names(users=known[USER], groups=known[GROUP])

    def plan(self, current: Current) -> Plan:
        return plan_applications(current, self._guard)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        """Side by side, what is new before what goes; the changes of one application one after the other."""
        new = [change for change in plan.changes if change.action in (CREATE, UPDATE)]
        gone = [change for change in plan.changes if change.action not in (CREATE, UPDATE)]
        shown = {each["application_arn"]: each for each in plan.result["applications"]}
        for changes in (new, gone):
            for outcome in in_lanes(changes, self._do, lambda change: change.detail["application_arn"]):
                if outcome.error is not None:
                    undo(shown[outcome.change.detail["application_arn"]], outcome.change)
                yield outcome

    def _do(self, change: Change) -> None:
        arn, what = change.detail["application_arn"], change.payload
        if change.kind == CONFIGURATION:
            self._api.require_assignment(arn, what)
        elif change.kind != ASSIGNMENT:
            self._api.update(arn, what.after)
        elif change.action == CREATE:
            self._api.assign(arn, what)
        else:
            self._api.unassign(arn, what)
