# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permission sets for `reconcile`: reads what is managed, plans, applies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, FrozenSet, Iterator, List, Mapping, Tuple

from ansible_collections.amazon.aws.plugins.module_utils.policy import compare_policies

from ..._aws import AwsError
from ..._guardrails import Guard
from ..._parallel import each
from ..._progress import progress_of
from ..._reconcile import DELETE, Outcome, Plan, Problems
from ..assignments.apply import Applying as ApplyingAssignments
from ..assignments.lookup import Connection
from ..assignments.reading import Reader
from ..instance import IdentityCenter
from ..preflight.permission_sets import PermissionSetsPreflight
from .api import PermissionSetsApi
from .apply import Applying
from .plan import Rules, plan_permission_sets, to_look_up
from .provisioning import ProvisioningApi
from .records import KIND, Current, PermissionSet, Provisioned
from .usage import UsageReader
from .validate import permission_sets


class PermissionSets:
    """The permission sets of a task, from its parameters."""

    def __init__(self, module: Any) -> None:
        self._module = module
        params = module.params
        self._rules = Rules(
            same_policy=_same_policy,
            purge_policies=params["purge_policies"],
            purge_tags=params["purge_tags"],
            provision=params["provision"],
            guard=Guard(params["max_deletions"], params["protect"]),
            allow_self_lockout=params["allow_self_lockout"],
        )
        self._timeout: int = params["wait_timeout"]

    def read(self) -> Current:
        self._desired = permission_sets(self._module.params["permission_sets"], self._rules.guard)
        self._center = IdentityCenter(self._module)
        ahead = PermissionSetsPreflight(self._module, self._center.sso, self._center.instance, each)
        self._progress = progress_of(self._module)
        self._api = PermissionSetsApi(self._center.sso, self._center.instance, self._progress)
        self._provisioning = ProvisioningApi(self._center.sso, self._center.instance)
        sets = self._with_details(self._api.find(want.name for want in self._desired))
        self._arns = {name: str(have.arn) for name, have in sets.items()}
        provisioned, warnings = self._provisioned(sets)
        self._current = Current(sets, provisioned, warnings=warnings)
        gone = [want for want in self._desired if want.absent and want.name in sets]
        if gone:
            self._current = self._used(self._current, gone)
        found = ahead.check(self.plan(self._current), self._current)
        if found.problems:
            raise Problems(found.problems)
        self._current = replace(self._current, warnings=[*self._current.warnings, *found.warnings])
        return self._current

    def _with_details(self, sets: Mapping[str, PermissionSet]) -> Dict[str, PermissionSet]:
        wanted = {want.name: want.managed_details() for want in self._desired if not want.absent}
        details = self._api.details({str(have.arn): wanted.get(name, []) for name, have in sets.items()})
        return {name: replace(have, **details[str(have.arn)]) for name, have in sets.items()}

    def _provisioned(self, sets: Mapping[str, PermissionSet]) -> Tuple[Dict[str, Provisioned], List[str]]:
        """Where sets are provisioned, if it matters; and a warning if that could not be found out wholly."""
        failed, warnings = self._failed(sets)
        wanted = to_look_up(sets, self._desired, self._rules, failed)
        self._progress.begin("looked up in accounts", len(wanted))
        found = each(
            list(wanted.items()),
            lambda one: self._provisioning.where(self._arns[one[0]], *one[1]),
            moved=self._progress.moved,
        )
        return dict(zip(wanted, found)), warnings

    def _failed(self, sets: Mapping[str, PermissionSet]) -> Tuple[FrozenSet[str], List[str]]:
        """Sets of which an earlier provisioning has failed, where these are not found by asking for each set anyway."""
        kept = [want for want in self._desired if not want.absent and want.name in sets]
        if not kept or self._rules.provision != "changed":
            return frozenset(), []
        try:
            return self._provisioning.failed(), []
        except AwsError as error:
            if not error.denied:
                raise
            return frozenset(), [f"Whether earlier provisionings failed is not known. {error.message}"]

    def _used(self, current: Current, gone: List[PermissionSet]) -> Current:
        self._to = Connection(self._module, self._center)
        names = {arn: name for name, arn in self._arns.items()}
        uses, running = UsageReader(self._to).read({self._arns[want.name]: want for want in gone}, names)
        assignments = [assignment for want in gone if want.unassign for assignment in uses[want.name].assignments]
        caller = Reader(self._to, self._rules.guard).caller(assignments) if assignments else None
        return replace(current, uses=uses, running=running, caller=caller)

    def plan(self, current: Current) -> Plan:
        return plan_permission_sets(current, self._desired, self._rules)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        """Changes and provisionings, and when all of these have ended deletions."""
        assignments = None
        if any(change.action == DELETE and change.kind != KIND for change in plan.changes):
            assignments = ApplyingAssignments(self._to, self._current.running, self._timeout)
        idle = {name: usage.idle for name, usage in self._current.uses.items()}
        applying = Applying(
            self._api, self._provisioning, self._arns, self._timeout, self._progress, assignments, idle
        )
        yield from applying.run(plan.changes)
        for shown in plan.result["permission_sets"]:
            if shown["name"] in self._arns:
                shown["permission_set_arn"] = self._arns[shown["name"]]


def _same_policy(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if not one or not other:
        return not one and not other
    return not compare_policies(dict(one), dict(other))
