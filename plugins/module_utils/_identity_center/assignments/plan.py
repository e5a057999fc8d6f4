# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the account assignments that are there to those that shall be. Pure: no AWS, no Ansible."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Collection, Dict, Iterable, List, Optional, Sequence, Tuple

from ..._guardrails import Deletion, Guard
from ..._reconcile import CREATE, DELETE, Change, Plan, Problems, UserError
from .lockout import lockout_problem, undecidable
from .records import Assignment, Caller, Current, Key, PrincipalKey, Running, Wanted

KIND = "account_assignment"
PAGE = 100  # assignments in one answer of AWS

Pair = Tuple[str, str]  # account id, permission set ARN


@dataclass(frozen=True)
class Rules:
    """How far the task may go."""

    guard: Guard = Guard()
    allow_self_lockout: bool = False


def plan_assignments(current: Current, rules: Rules) -> Plan:
    """Creations first, deletions last. Raises a `UserError` where the plan goes further than the rules allow."""
    if current.problems:
        raise Problems(current.problems)
    wanted = current.wanted
    plan = Plan(warnings=wanted.warnings + current.warnings)
    missing = creations(wanted, current.actual, current.running)
    gone = deletions(wanted, current.actual, current.running) + current.purged
    _guard(plan, gone, current, rules)
    plan.changes = [change(CREATE, each) for each in missing] + [change(DELETE, each) for each in gone]
    if plan.changes:
        plan.note("account_assignments", sorted(each.name for each in gone), sorted(each.name for each in missing))
    plan.result = dict(account_assignments=[each.shown() for each in wanted.present])
    return plan


def creations(wanted: Wanted, actual: Collection[Key], running: Running) -> List[Assignment]:
    """What is wanted and not there, or just being deleted."""
    return [each for each in wanted.present if each.key not in actual or each.key in running.deleting]


def deletions(wanted: Wanted, actual: Collection[Key], running: Running) -> List[Assignment]:
    """What is to go and there, or just being created."""
    return [each for each in wanted.absent if each.key in actual or each.key in running.creating]


def to_purge(wanted: Wanted, actual: Iterable[Key], running: Running, arns: Collection[str]) -> List[Key]:
    """What is there of the given permission sets, or just being created, and neither wanted nor to go anyway.

    Accounts change quickest, as in a row's product.
    """
    named = {each.key for each in wanted.present + wanted.absent}
    there = set(actual) | {key for key in running.creating if key.permission_set_arn in arns}
    found = [key for key in there if key not in named and key.permission_set_arn in arns]
    return sorted(found, key=lambda key: (key.permission_set_arn, key.principal, key.account_id))


@dataclass(frozen=True)
class Reading:
    """What to ask for. Either of the two is empty.

    principals: whose assignments to read.
    pairs: of which to read all assignments.
    """

    principals: List[PrincipalKey] = field(default_factory=list)
    pairs: List[Pair] = field(default_factory=list)


def cheaper_read_plan(keys: Iterable[Key], pairs_only: bool = False) -> Reading:
    """How to find out with the fewest calls which of the keys are there.

    Estimated from what is wanted. Assignments of principals that no longer exist show only in pairs.
    """
    by_principal: Dict[PrincipalKey, int] = {}
    by_pair: Dict[Pair, int] = {}
    for key in keys:
        by_principal[key.principal] = by_principal.get(key.principal, 0) + 1
        pair = (key.account_id, key.permission_set_arn)
        by_pair[pair] = by_pair.get(pair, 0) + 1
    if not pairs_only and _pages(by_principal.values()) < _pages(by_pair.values()):
        return Reading(principals=list(by_principal))
    return Reading(pairs=list(by_pair))


def _pages(sizes: Iterable[int]) -> int:
    return sum(-(-size // PAGE) for size in sizes)


def change(action: str, assignment: Assignment) -> Change:
    return Change(action, KIND, assignment.name, assignment.detail(), payload=assignment)


def deletion(assignment: Assignment) -> Deletion:
    """As the guard knows it: by its permission set and by whom it is for."""
    permission_set, principal = assignment.permission_set, assignment.principal
    return Deletion(assignment.name, (permission_set.name, permission_set.arn, principal.name, principal.id))


def _guard(plan: Plan, gone: Sequence[Assignment], current: Current, rules: Rules) -> None:
    rules.guard.check([deletion(each) for each in gone], "account assignments")
    if not rules.allow_self_lockout:
        plan.warnings.extend(warn_of_lockout(gone, current.caller))


def warn_of_lockout(gone: Sequence[Assignment], caller: Optional[Caller]) -> List[str]:
    """Raise a `UserError` where no way in would be left to the caller; return a warning where that cannot be told."""
    if not gone or caller is None:
        return []
    problem = lockout_problem(caller, [each.key for each in gone if each.key is not None])
    if problem:
        raise UserError(problem)
    if undecidable(caller.arn):
        role = f"The caller assumed a role ({caller.arn})"
        return [f"{role}, so it cannot be told whether this takes away its own way in."]
    return []
