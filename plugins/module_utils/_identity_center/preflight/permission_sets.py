# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking ahead before permission sets are changed and provisioned."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from ..._aws import Client
from ..._reconcile import PROVISION, UPDATE, Change, Plan
from ..instance import Instance
from ..permission_sets.records import Current
from .ahead import NOTHING, Ahead
from .findings import findings
from .looking import Each
from .records import Demand, Facts, Findings, Reference, references


class PermissionSetsPreflight:
    """Made for every task, because it tells wrong `targets`; without anything to provision it asks nothing."""

    def __init__(self, module: Any, sso: Client, instance: Instance, each: Each) -> None:
        self._to = Ahead(module, sso, instance, each)

    def check(self, plan: Plan, current: Current) -> Findings:
        """What AWS is going to refuse of the plan's provisionings, and of changes that the caller may not make."""
        provisioned = {name: where.accounts for name, where in current.provisioned.items() if where.accounts}
        changed = list(dict.fromkeys(each.name for each in plan.changes if each.name in provisioned))
        if not changed or not self._to.wanted:
            return NOTHING
        who = self._to.who()
        demands = list(_demands(plan, current))
        only = [name for name in changed if who.is_delegate and who.management in provisioned[name]]
        return findings(
            Facts(
                demands=demands,
                seen=self._to.look(demands, who),
                management=who.management if who.is_delegate else None,
                only_by_management=only,
                unknown=self._to.unknown,
            )
        )


def _demands(plan: Plan, current: Current) -> Iterator[Demand]:
    """What is new in all accounts of a provisioning, and all that is known of the set where it is out of date.

    Where a role is up to date its policies exist: IAM deletes none that is attached. Where it is not, a missing policy
    may be the very reason.
    """
    steps: Dict[str, List[Change]] = {}
    for change in plan.changes:
        if change.action == UPDATE:
            steps.setdefault(change.name, []).append(change)
    goals: Dict[str, Mapping[str, Any]] = {shown["name"]: shown for shown in plan.result["permission_sets"]}
    for change in plan.changes:
        if change.action != PROVISION:
            continue
        goal = goals[change.name]
        where: Tuple[str, ...] = tuple(change.detail["accounts"])
        new = tuple(_new_references(steps.get(change.name, [])))
        count = _policies(goal) if any(_adds(step) for step in steps.get(change.name, [])) else 0
        if new or count:
            yield Demand(change.name, where, new, count)
        behind = tuple(each for each in current.provisioned[change.name].outdated if each in where)
        known = references(goal.get("customer_managed_policies") or [], goal.get("permissions_boundary") or {})
        old = tuple(reference for reference in known if reference not in new)
        if behind:
            yield Demand(change.name, behind, old)


def _new_references(steps: Sequence[Change]) -> Iterator[Reference]:
    for step in steps:
        fields, detail = step.detail.get("fields"), step.detail
        if fields == ["customer_managed_policies"] and "add" in detail:
            yield from references([detail["add"]], {})
        elif fields == ["permissions_boundary"] and "put" in detail:
            yield from references([], detail["put"])


def _adds(step: Change) -> bool:
    """Whether a role gets one more policy by it."""
    return "add" in step.detail and step.detail.get("fields") in (["managed_policies"], ["customer_managed_policies"])


def _policies(goal: Mapping[str, Any]) -> int:
    return len(goal.get("managed_policies") or []) + len(goal.get("customer_managed_policies") or [])
