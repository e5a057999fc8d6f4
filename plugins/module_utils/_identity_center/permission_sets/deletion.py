# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which permission sets go, with which assignments, and whether they may. Pure: no AWS, no Ansible."""

from __future__ import annotations

from typing import Dict, Iterator, List, Sequence

from ..._guardrails import Deletion, Guard
from ..._reconcile import DELETE, Change, Plan, UserError
from ..assignments.plan import change as change_of
from ..assignments.plan import deletion as deletion_of
from ..assignments.plan import warn_of_lockout
from ..assignments.records import Assignment
from .records import KIND, Current, PermissionSet, Usage

_LINES, _NAMES = 10, 5  # how many accounts a message tells, and how many users and groups of each


def plan_deletions(
    plan: Plan, current: Current, gone: Sequence[PermissionSet], guard: Guard, allow_self_lockout: bool
) -> None:
    """Add the deletions of sets that are there and shall be gone, their assignments first.

    Raises a `UserError` where a set is in use and shall not be unassigned, or where more would go than may.
    """
    uses = {want.name: current.uses.get(want.name, Usage()) for want in gone}
    _refuse_used([want for want in gone if not want.unassign], uses)
    assignments = [assignment for want in gone for assignment in uses[want.name].assignments]
    sets = [Deletion(f"permission set {want.name}", (want.name, current.sets[want.name].arn)) for want in gone]
    what = "permission sets and account assignments" if assignments else "permission sets"
    guard.check(sets + [deletion_of(assignment) for assignment in assignments], what)
    if not allow_self_lockout:
        plan.warnings.extend(warn_of_lockout(assignments, current.caller))
    plan.changes.extend(change_of(DELETE, assignment) for assignment in assignments)
    for want in gone:
        have, usage = current.sets[want.name], uses[want.name]
        needs = tuple(change_of(DELETE, assignment).subject for assignment in usage.assignments)
        plan.changes.append(Change(DELETE, KIND, want.name, payload=have, needs=needs))
        there = have.shown()
        if usage.assignments:
            there["account_assignments"] = sorted(assignment.name for assignment in usage.assignments)
        plan.note(want.name, there, None)
        if usage.idle:
            plan.warnings.append(
                f"{want.name} is provisioned in {_some(sorted(usage.idle))}, where nobody is assigned it. AWS may "
                "refuse to delete it; if so, assign it to somebody there and take that back again."
            )


def _refuse_used(kept: Sequence[PermissionSet], uses: Dict[str, Usage]) -> None:
    """No set is deleted under the hands of those who use it."""
    used = [want.name for want in kept if uses[want.name].assignments]
    if not used:
        return
    lines = [line for name in used for line in _lines(name, uses[name])]
    more = len(lines) - _LINES + sum(len(uses[name].unread) for name in used)
    listed = "".join(f"\n- {line}" for line in lines[:_LINES])
    if more > 0:
        listed += f"\n- and {more} more account{'s' if more > 1 else ''}"
    are, their, them = ("is", "its", "it") if len(used) == 1 else ("are", "their", "them")
    raise UserError(
        f"permission_sets: {_some(used)} {are} in use, and so not deleted. Nothing was changed. Take {their} "
        f"assignments away first, or set unassign to true for {them}:{listed}",
        in_use=[assignment.shown() for name in used for assignment in uses[name].assignments],
    )


def _lines(name: str, usage: Usage) -> Iterator[str]:
    """One for each account."""
    by_account: Dict[str, List[Assignment]] = {}
    for assignment in usage.assignments:
        by_account.setdefault(assignment.account.id, []).append(assignment)
    for account_id, assignments in by_account.items():
        yield f"{name} in {account_id}: {_some([assignment.principal.shown for assignment in assignments])}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f" and {more} more" if more > 0 else "")
