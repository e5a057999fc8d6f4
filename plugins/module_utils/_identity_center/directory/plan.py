# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the users and groups that are there to those that shall be. Pure: no AWS, no Ansible."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from ..._guardrails import Deletion, Guard
from ..._reconcile import CREATE, DELETE, UPDATE, Change, Plan, Problems, Subject, UserError
from .check import address_of, findings
from .records import PARTS, TEXTS, ByName, Caller, Current, Desired, Group, User

USER, GROUP, MEMBERSHIP = "user", "group", "group_membership"


@dataclass
class _Steps:
    """The changes by their place in the plan: what others need comes first, deletions last."""

    freed_emails: List[Change] = field(default_factory=list)
    users_created: List[Change] = field(default_factory=list)
    users_updated: List[Change] = field(default_factory=list)
    groups: List[Change] = field(default_factory=list)
    joins: List[Change] = field(default_factory=list)
    leaves: List[Change] = field(default_factory=list)
    groups_deleted: List[Change] = field(default_factory=list)
    users_deleted: List[Change] = field(default_factory=list)

    def in_order(self) -> List[Change]:
        return [change for changes in vars(self).values() for change in changes]


class _Diff:
    """What changes in users and groups, one entry each."""

    def __init__(self) -> None:
        self.before: Dict[str, Any] = {}
        self.after: Dict[str, Any] = {}

    def note(self, name: str, before: Optional[Mapping[str, Any]], after: Optional[Mapping[str, Any]]) -> None:
        if before != after:
            self.before[name], self.after[name] = before, after


def plan_directory(
    current: Current, desired: Desired, purge_members: bool = True, guard: Optional[Guard] = None
) -> Plan:
    """Changes in a safe order; `Problems` for what could not work, found against what is there.

    Raises a `UserError` where it would delete more than the guard allows.
    """
    problems = list(findings(current, desired))
    if problems:
        raise Problems(problems)
    steps = _Steps()
    plan = Plan()
    users, user_diff = _plan_users(current, desired, steps)
    groups, group_diff = _plan_groups(current, desired, purge_members, steps)
    for key, diff in (("users", user_diff), ("groups", group_diff)):
        if diff.before:
            plan.note(key, diff.before, diff.after)
    plan.changes = steps.in_order()
    gone = [change for change in plan.changes if change.action == DELETE]
    (guard or Guard()).check([_deletion(change, current) for change in gone], "users, groups and memberships")
    lost = own_way_in(current.caller, gone) if current.caller else []
    if lost:
        raise UserError(
            f"allow_self_lockout: this would delete {', '.join(lost)}, through which the task's own caller may have "
            "signed in. Nothing was changed. Run it as someone else, or set allow_self_lockout to true"
        )
    plan.result = dict(users=[user.shown() for user in users], groups=[group.shown() for group in groups])
    return plan


def _plan_users(current: Current, desired: Desired, steps: _Steps) -> Tuple[List[User], _Diff]:
    goals: List[User] = []
    diff = _Diff()
    claimed = {address_of(want) for want in desired.users if want.email and not want.absent}
    owners = {address_of(user): user.user_name for user in current.users}
    for want in desired.users:
        have = current.users.get(want.user_name)
        if want.absent:
            if have:
                steps.users_deleted.append(Change(DELETE, USER, have.user_name, payload=have.user_id))
                diff.note(have.user_name, have.shown(), None)
            continue
        goal = _user_goal(have, want, enterprise={} if desired.manages_enterprise() else None)
        goals.append(goal)
        if have is None:
            steps.users_created.append(Change(CREATE, USER, goal.user_name, payload=goal, needs=_freed(goal, owners)))
            diff.note(goal.user_name, None, goal.shown())
            continue
        fields = list(_changed(have, goal))
        if fields:
            frees = "email" in fields and address_of(have) != address_of(goal) and address_of(have) in claimed
            place = steps.freed_emails if frees else steps.users_updated
            needs = _freed(goal, owners) if "email" in fields else ()
            place.append(Change(UPDATE, USER, goal.user_name, dict(fields=fields), payload=(goal, fields), needs=needs))
        diff.note(goal.user_name, _values(have, fields), _values(goal, fields))
    return goals, diff


def _freed(goal: User, owners: Mapping[Optional[str], str]) -> Tuple[Subject, ...]:
    """Who has to give an address up first, because AWS takes each for one user only."""
    owner = owners.get(address_of(goal)) if address_of(goal) else None
    return () if owner in (None, goal.user_name) else ((USER, str(owner)),)


def _user_goal(have: Optional[User], want: User, enterprise: Optional[Dict[str, str]]) -> User:
    """What the user will be: what is wanted, over what is there; `enterprise` is what a new user has of it."""
    base = have or User(want.user_name, enterprise=enterprise)
    values: Dict[str, Any] = {}
    for text in TEXTS:
        wanted = getattr(want, text)
        if wanted is not None:
            values[text] = wanted or None
    for attribute, parts in PARTS.items():
        wanted = getattr(want, attribute)
        if wanted is not None:
            kept = getattr(base, attribute) or {} if wanted else {}
            merged = dict(kept, **wanted)
            values[attribute] = {part: merged[part] for part in parts if merged.get(part)}
    other = {key: value for key, value in base.other.items() if getattr(want, key) is None}
    goal = replace(base, other=other, **values)
    if have is None and not goal.display_name:
        goal = replace(goal, display_name=f"{goal.given_name} {goal.family_name}"[:1024])
    return goal


def _changed(have: User, goal: User) -> Iterator[str]:
    """The attributes that differ; those with parts as `address.locality`."""
    for text in TEXTS:
        if (getattr(have, text) or None) != getattr(goal, text) or _replaced(have, goal, text):
            yield text
    for attribute, parts in PARTS.items():
        different = [part for part in parts if have.part(attribute, part) != goal.part(attribute, part)]
        if not different and _replaced(have, goal, attribute):
            yield attribute
        yield from (f"{attribute}.{part}" for part in different)


def _replaced(have: User, goal: User, attribute: str) -> bool:
    """Whether an e-mail address, phone number or address of another kind makes room for ours, or for none."""
    return attribute in have.other and attribute not in goal.other


def _values(user: User, fields: List[str]) -> Dict[str, Any]:
    """The given attributes for the diff, None where there is no value."""
    values: Dict[str, Any] = {}
    for each in fields:
        attribute, _dot, part = each.partition(".")
        values[each] = user.part(attribute, part) if part else getattr(user, attribute)
        if attribute in user.other:
            values[each] = f"{user.other[attribute]} (of another type)".strip()
    return values


def _plan_groups(current: Current, desired: Desired, purge: bool, steps: _Steps) -> Tuple[List[Group], _Diff]:
    goals: List[Group] = []
    diff = _Diff()
    names = _Members(current, desired)
    for want in desired.groups:
        have = current.groups.get(want.name)
        if want.absent:
            if have:
                steps.groups_deleted.append(Change(DELETE, GROUP, have.name, payload=have.group_id))
                diff.note(have.name, have.shown(), None)
            continue
        goal = _group_goal(have, want, names, purge)
        goals.append(goal)
        if have is None:
            steps.groups.append(Change(CREATE, GROUP, goal.name, payload=goal))
        elif (have.description or None) != goal.description:
            steps.groups.append(Change(UPDATE, GROUP, goal.name, dict(fields=["description"]), payload=goal))
        _plan_members(have, goal, names, steps)
        _note_group(diff, have, goal)
    return goals, diff


def _deletion(change: Change, current: Current) -> Deletion:
    """Protected by the name or id of a user or group; a membership by those of both."""
    user = current.users.get(change.detail.get("user", change.name if change.kind == USER else ""))
    group = current.groups.get(change.detail.get("group", change.name if change.kind == GROUP else ""))
    called = [user.user_name, user.user_id] if user else []
    called += [group.name, group.group_id] if group else []
    if change.kind == USER:  # its memberships go with it
        for other in current.groups:
            called += [other.name, other.group_id] if change.name in (other.members or {}) else []
    return Deletion(f"{change.kind.replace('_', ' ')} {change.name}", tuple(called))


def own_way_in(caller: Caller, gone: Sequence[Change]) -> List[str]:
    """The deletions by which the caller may lose access: of itself as a user, its groups and its memberships."""
    lost = []
    for change in gone:
        name = change.detail.get("user", change.name if change.kind == USER else "")
        own_group = change.kind == GROUP and change.payload in caller.group_ids
        if own_group or name.casefold() == caller.user_name.casefold():
            lost.append(f"{change.kind.replace('_', ' ')} {change.name}")
    return lost


class _Members:
    """How members are named, and which of them appear and disappear with this plan."""

    def __init__(self, current: Current, desired: Desired) -> None:
        self._current = current
        self._listed = ByName(desired.users)
        self.created: Set[str] = set()
        self.deleted: Set[str] = set()
        for want in desired.users:
            have = current.users.get(want.user_name)
            if have is None and not want.absent:
                self.created.add(want.user_name)
            elif have is not None and want.absent:
                self.deleted.add(have.user_name)

    def name(self, member: str) -> str:
        """The name in the spelling of the identity store, or of `users` where it does not exist yet."""
        user = self._current.users.get(member) or self._listed.get(member)
        return user.user_name if user else member


def _group_goal(have: Optional[Group], want: Group, names: _Members, purge: bool) -> Group:
    goal = have or Group(want.name)
    if want.description is not None or have is None:
        goal = replace(goal, description=want.description or None)
    if want.members is not None:
        there = goal.members or {}
        wanted = [names.name(member) for member in want.members]
        # a membership ends with its user
        kept = {each: there[each] for each in there if each in wanted or not purge and each not in names.deleted}
        goal = replace(goal, members=dict({each: None for each in wanted if each not in there}, **kept))
    return goal


def _plan_members(have: Optional[Group], goal: Group, names: _Members, steps: _Steps) -> None:
    there, wanted = (have and have.members) or {}, goal.members or {}
    for user in wanted:
        if user not in there:
            needs: List[Subject] = [(GROUP, goal.name)] if have is None else []
            if user in names.created:
                needs.append((USER, user))
            steps.joins.append(_membership(CREATE, goal.name, user, payload=(goal.name, user), needs=tuple(needs)))
    for user, membership_id in there.items():
        if user not in wanted and user not in names.deleted:
            steps.leaves.append(_membership(DELETE, goal.name, user, payload=membership_id))


def _membership(action: str, group: str, user: str, payload: Any, needs: Tuple[Subject, ...] = ()) -> Change:
    return Change(action, MEMBERSHIP, f"{group}/{user}", dict(group=group, user=user), payload=payload, needs=needs)


def _note_group(diff: _Diff, have: Optional[Group], goal: Group) -> None:
    """The diff of one group: what changes and nothing else."""
    if have is None:
        diff.note(goal.name, None, goal.shown())
        return
    before: Dict[str, Any] = {}
    after: Dict[str, Any] = {}
    if (have.description or None) != goal.description:
        before["description"], after["description"] = have.description, goal.description
    if goal.members is not None and set(have.members or {}) != set(goal.members):
        before["members"], after["members"] = sorted(have.members or {}), sorted(goal.members)
    diff.note(goal.name, before, after)
