# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the permission sets that are there to those that shall be. Pure: no AWS, no Ansible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Callable, Collection, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, TypeVar

from ..._guardrails import Guard
from ..._reconcile import CREATE, PROVISION, UPDATE, Change, Plan
from ..._tags import MANAGED_TAG
from .deletion import plan_deletions
from .records import KIND, Current, PermissionSet
from .validate import duration_seconds

SETTINGS = ("description", "relay_state", "session_duration")

T = TypeVar("T")

# Whether two policy documents mean the same.
SamePolicy = Callable[[Mapping[str, Any], Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Rules:
    """How the list is to be taken: whether given lists are exact, what gets provisioned afterwards, what may go."""

    same_policy: SamePolicy
    purge_policies: bool = True
    purge_tags: bool = True
    provision: str = "changed"  # changed | outdated | never
    guard: Guard = Guard()
    allow_self_lockout: bool = False


def plan_permission_sets(current: Current, desired: Sequence[PermissionSet], rules: Rules) -> Plan:
    """Changes in a safe order: a set's settings, policies, boundary and tags, its provisioning, deletions last."""
    plan = Plan(warnings=list(current.warnings))
    shown: List[Dict[str, Any]] = []
    provisions: List[Change] = []
    for want in desired:
        have = current.sets.get(want.name)
        if want.absent:
            continue
        goal = _goal(have, want, rules)
        steps = list(_steps(have, goal, rules))
        plan.changes.extend(steps)
        shown.append(goal.shown())
        if steps:
            _note(plan, have, goal)
        provisions.extend(_provisioning(current, want, steps))
    plan.changes.extend(provisions)
    gone = [want for want in desired if want.absent and want.name in current.sets]
    plan_deletions(plan, current, gone, rules.guard, rules.allow_self_lockout)
    plan.result = dict(permission_sets=shown)
    return plan


def to_look_up(
    current: Mapping[str, PermissionSet], desired: Sequence[PermissionSet], rules: Rules, failed: Collection[str] = ()
) -> Dict[str, Tuple[bool, bool]]:
    """Names of the sets for which it has to be known where they are provisioned, and why.

    The reasons: whether their roles have to follow a change, and whether some may not be up to date anyway.
    failed: ARNs of sets of which an earlier provisioning has failed.
    """
    names = {}
    for want in desired:
        have = current.get(want.name)
        if have is None or want.absent or rules.provision == "never":
            continue
        changes = any(_reaches_accounts(step) for step in _steps(have, _goal(have, want, rules), rules))
        behind = rules.provision == "outdated" or have.arn in failed
        if changes or behind:
            names[want.name] = (changes, behind)
    return names


def _goal(have: Optional[PermissionSet], want: PermissionSet, rules: Rules) -> PermissionSet:
    """What the set will be: what is wanted, over what is there, kept where it is unmanaged or not purged."""
    if have is None:
        return replace(want, tags=dict(want.tags or {}, **{MANAGED_TAG: "true"}))
    values = {key: getattr(want, key) for key in SETTINGS + ("inline_policy", "permissions_boundary")}
    goal = replace(have, **{key: value for key, value in values.items() if value is not None})
    if goal.inline_policy is not None and rules.same_policy(have.inline_policy or {}, goal.inline_policy):
        goal = replace(goal, inline_policy=have.inline_policy)
    if duration_seconds(have.session_duration or "") == duration_seconds(goal.session_duration or ""):
        goal = replace(goal, session_duration=have.session_duration)
    purge = rules.purge_policies
    goal = replace(
        goal,
        managed_policies=_goal_list(have.managed_policies, want.managed_policies, purge),
        customer_managed_policies=_goal_list(have.customer_managed_policies, want.customer_managed_policies, purge),
    )
    if want.tags is not None:
        tags = {key: value for key, value in (have.tags or {}).items() if not rules.purge_tags or _reserved(key)}
        goal = replace(goal, tags=dict(tags, **want.tags))
    return goal


def _goal_list(there: Optional[List[T]], wanted: Optional[List[T]], purge: bool) -> Optional[List[T]]:
    """What is there and stays, in its order, then what is new."""
    if wanted is None:
        return there
    there = there or []
    return [each for each in there if each in wanted or not purge] + [each for each in wanted if each not in there]


def _reserved(key: str) -> bool:
    """Tags that no list of the user's can remove: ours, and AWS's own."""
    return key == MANAGED_TAG or key.startswith("aws:")


def _steps(have: Optional[PermissionSet], goal: PermissionSet, rules: Rules) -> Iterator[Change]:
    """The steps of one set, in order."""
    if have is None:
        yield Change(CREATE, KIND, goal.name, payload=goal)
        have = PermissionSet(goal.name, tags=goal.tags)
    else:
        changed = [key for key in SETTINGS if (getattr(have, key) or None) != (getattr(goal, key) or None)]
        if changed:
            yield Change(UPDATE, KIND, goal.name, dict(fields=changed), payload=("put_settings", goal))
    yield from _policy_steps(have, goal)
    if (have.inline_policy or {}) != (goal.inline_policy or {}):
        yield _step(goal, "inline_policy", "put" if goal.inline_policy else "remove", goal.inline_policy, show=False)
    if (have.permissions_boundary or {}) != (goal.permissions_boundary or {}):
        verb = "put" if goal.permissions_boundary else "remove"
        yield _step(goal, "permissions_boundary", verb, goal.permissions_boundary)
    yield from _tag_steps(have, goal)


def _policy_steps(have: PermissionSet, goal: PermissionSet) -> Iterator[Change]:
    """Policies of both lists are taken away before others come, because they share a limit of 20."""
    lists = [
        (key, getattr(have, key) or [], getattr(goal, key) or [])
        for key in ("managed_policies", "customer_managed_policies")
    ]
    for key, there, wanted in lists:
        yield from (_step(goal, key, "remove", each) for each in there if each not in wanted)
    for key, there, wanted in lists:
        yield from (_step(goal, key, "add", each) for each in wanted if each not in there)


def _step(goal: PermissionSet, field: str, verb: str, value: Any, show: bool = True) -> Change:
    detail = dict(fields=[field])
    if show and value:
        detail[verb] = value
    return Change(UPDATE, KIND, goal.name, detail, payload=(f"{verb}_{field}", value))


def _tag_steps(have: PermissionSet, goal: PermissionSet) -> Iterator[Change]:
    there, wanted = have.tags or {}, goal.tags or {}
    new = {key: value for key, value in wanted.items() if there.get(key) != value}
    gone = sorted(key for key in there if key not in wanted)
    if new:
        yield _step(goal, "tags", "add", new)
    if gone:
        yield _step(goal, "tags", "remove", gone)


def _reaches_accounts(step: Change) -> bool:
    """Whether the roles in the accounts have to follow: for everything but tags."""
    return step.detail.get("fields") != ["tags"]


# So many accounts that are out of date are provisioned one by one, whatever their share.
_FEW = 3


def _provisioning(current: Current, want: PermissionSet, steps: Sequence[Change]) -> Iterator[Change]:
    """At most one step a set: everywhere where it changed, or only where a role is not up to date."""
    where = current.provisioned.get(want.name)
    if where is None or not where.accounts:
        return
    everywhere = any(_reaches_accounts(step) for step in steps)
    # one request for all accounts does no harm where a role is up to date, and many requests take long
    everywhere = everywhere or len(where.outdated) > max(_FEW, len(where.accounts) // 2)
    everywhere = everywhere or set(where.outdated) == set(where.accounts)
    accounts = sorted(where.accounts if everywhere else where.outdated)
    if accounts:
        yield Change(PROVISION, KIND, want.name, dict(accounts=accounts), payload=None if everywhere else accounts)


def _note(plan: Plan, have: Optional[PermissionSet], goal: PermissionSet) -> None:
    """The diff of one set: the fields that change and no others."""
    before, after = have.shown() if have else {}, goal.shown()
    keys = [key for key in after if before.get(key) != after[key] and (before.get(key) or after[key])]
    old = {key: before[key] for key in keys if key in before} if have else None
    plan.note(goal.name, old, {key: after[key] for key in keys})
