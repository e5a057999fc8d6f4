# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permission sets for `reconcile`: reads what is managed, plans, applies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from ansible_collections.amazon.aws.plugins.module_utils.policy import compare_policies

from ..._aws import Client
from ..._reconcile import (
    CREATE,
    DELETE,
    PROVISION,
    Change,
    Outcome,
    Plan,
    UserError,
    in_order,
)
from ..instance import find_instance
from ..operations import settle
from .api import PermissionSetsApi
from .plan import (
    Rules,
    needs_provisioning,
    plan_permission_sets,
)
from .records import (
    DETAILS,
    Current,
)
from .validate import (
    permission_sets,
)


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
        )
        self._timeout: int = params["wait_timeout"]
        self._arns: Dict[str, str] = {}

    def read(self) -> Current:
        self._desired = permission_sets(self._module.params["permission_sets"])
        self._api = _api(self._module)
        sets = self._api.find(want.name for want in self._desired)
        for want in self._desired:
            have = sets.get(want.name)
            if have is not None and not want.absent:
                sets[want.name] = replace(have, **self._api.details(str(have.arn), want.managed_details()))
        self._arns = {name: str(have.arn) for name, have in sets.items()}
        also_outdated = self._rules.provision == "outdated"
        names = needs_provisioning(sets, self._desired, self._rules)
        return Current(sets, {name: self._api.provisioned(self._arns[name], also_outdated) for name in names})

    def plan(self, current: Current) -> Plan:
        return plan_permission_sets(current, self._desired, self._rules)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        """First all changes, then one provisioning for each set that came through them, then deletions."""
        failed: Set[Tuple[str, str]] = set()
        edits = [change for change in plan.changes if change.action not in (PROVISION, DELETE)]
        for outcome in in_order(edits, self._do):
            if outcome.error is not None:
                failed.add(outcome.change.subject)
            yield outcome
        provisions = [change for change in plan.changes if change.action == PROVISION]
        yield from self._provision([change for change in provisions if change.subject not in failed])
        reason = "skipped, because the permission set could not be brought in line"
        yield from (Outcome(change, reason, skipped=True) for change in provisions if change.subject in failed)
        yield from in_order([change for change in plan.changes if change.action == DELETE], self._do)
        for shown in plan.result["permission_sets"]:
            if shown["name"] in self._arns:
                shown["permission_set_arn"] = self._arns[shown["name"]]

    def _do(self, change: Change) -> None:
        if change.action == CREATE:
            self._arns[change.name] = self._api.create(change.payload)
        elif change.action == DELETE:
            self._api.delete(self._arns[change.name])
        else:
            step, value = change.payload
            getattr(self._api, step)(self._arns[change.name], value)

    def _provision(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """All at once, because accounts are provisioned independently of each other."""
        pending: Dict[str, Change] = {}
        errors: Dict[str, List[str]] = {}
        for change in changes:
            try:
                for request_id in self._api.provision(self._arns[change.name], change.payload):
                    pending[request_id] = change
            except UserError as error:
                errors.setdefault(change.name, []).append(error.message)
        for change, reason in settle(pending, self._status, self._timeout):
            if reason:
                errors.setdefault(change.name, []).append(reason)
        for change in changes:
            yield Outcome(change, "; ".join(errors[change.name]) if change.name in errors else None)

    def _status(self, request_id: str) -> Mapping[str, Any]:
        """A status that cannot be read is a failure of that one request, and everything else is still told."""
        try:
            return self._api.provisioning_status(request_id)
        except UserError as error:
            return dict(Status="FAILED", FailureReason=error.message)


def read_permission_sets(module: Any) -> Mapping[str, Any]:
    """The answer of permission_sets_info."""
    params = module.params
    api = _api(module)
    sets = api.find(params["names"])
    include = [field for field in DETAILS if field in params["include"]]
    answer = []
    for name in sorted(sets):
        have = sets[name]
        shown = replace(have, **api.details(str(have.arn), include)).shown()
        if "accounts" in params["include"]:
            where = api.provisioned(str(have.arn), outdated=True)
            shown.update(accounts=sorted(where.accounts), outdated_accounts=sorted(where.outdated))
        answer.append(shown)
    missing: List[str] = sorted(set(params["names"] or []) - set(sets))
    return dict(permission_sets=answer, missing=missing)


def _api(module: Any) -> PermissionSetsApi:
    sso = Client(module, "sso-admin")
    instance_arn: Optional[str] = module.params["instance_arn"]
    return PermissionSetsApi(sso, find_instance(sso, instance_arn))


def _same_policy(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if not one or not other:
        return not one and not other
    return not compare_policies(dict(one), dict(other))
