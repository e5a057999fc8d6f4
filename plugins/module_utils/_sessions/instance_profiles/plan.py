# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the instance profiles that instances have to those that they shall have. Pure: no AWS, no Ansible."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

from ..._guardrails import Deletion
from ..._reconcile import CREATE, DELETE, READ, UPDATE, Change, Outcome, Plan, Problems
from ..._shape import nearest
from .records import ALWAYS, LACKING, LIVE, Account, Current, Instance, Place, Profile, Role, Wish
from .rights import CORE, DEPRECATED, Rights, has_deprecated, policy_arn, rights_of

PROFILE, ROLE = "instance_profile", "instance_role"
_SHOWN = 5  # how many names a warning has


def plan_profiles(current: Current, wish: Wish) -> Plan:
    problems = list(_problems(current, wish))
    if problems:
        raise Problems(problems)
    plan = Plan(failures=[Outcome(Change(READ, PROFILE, name), error) for name, error in current.unread.items()])
    goals: List[Tuple[Place, Instance, Optional[str]]] = []
    changes: List[Change] = []
    for place in current.places:
        account = current.accounts.get(place.account_id, Account())
        for instance in place.instances:
            goal = _goal(instance, _rights(place, instance.instance_id, instance.profile, account), wish)
            goals.append((place, instance, goal))
            if goal != instance.profile:
                changes.append(_change(place, instance, goal, account))
    roles = _deprecated_roles(current, goals) if wish.replace_deprecated and not wish.absent else {}
    plan.changes = [_role_change(account_id, role) for (account_id, _name), role in sorted(roles.items())] + changes
    for change in plan.changes:
        plan.note(change.name, change.payload["before"], change.payload["after"])
    taken = [_deletion(change) for change in plan.changes if change.action != CREATE]
    wish.guard.check(taken, "profiles and policies of instances")
    mended = set(roles)
    entries = [entry(place, instance, goal, current, mended) for place, instance, goal in goals]
    plan.result = dict(instances=entries, without_session_manager=without_sessions(entries))
    plan.warnings = list(_warnings(current, wish, plan, roles))
    return plan


def _problems(current: Current, wish: Wish) -> Iterator[str]:
    yield from id_problems(current, wish.selection.ids)
    accounts = dict.fromkeys(place.account_id for place in current.places if place.instances)
    if wish.profile is None or wish.absent:
        return
    for account_id in accounts:
        account = current.accounts.get(account_id, Account())
        found = account.profiles.get(wish.profile, Profile(wish.profile, None))
        if found.there is False:
            near = nearest(wish.profile, account.others)
            yield (
                f"instance_profile: {account_id} has no instance profile '{wish.profile}'{near}; make it first, for "
                "example with amazon.aws.iam_instance_profile"
            )
        elif found.there and found.role is None:
            yield f"instance_profile: '{wish.profile}' of {account_id} has no role in it; put one into it"


def id_problems(current: Current, ids: Tuple[str, ...]) -> Iterator[str]:
    """Named instances that are not there, or for the last time."""
    states = {instance.instance_id: instance.state for place in current.places for instance in place.instances}
    for index, instance_id in enumerate(ids):
        state = states.get(instance_id)
        if state is None and not current.unread:
            where = ", ".join(place.name for place in current.places)
            yield f"instances.ids[{index}]: there is no instance '{instance_id}' in {where or 'no target'}"
        elif state is not None and state not in LIVE:
            yield f"instances.ids[{index}]: '{instance_id}' is {state}; leave it out"


def _goal(instance: Instance, rights: Rights, wish: Wish) -> Optional[str]:
    """The name of the profile that an instance shall have."""
    if wish.absent:
        return None if instance.profile == wish.profile else instance.profile
    if wish.profile is None or instance.profile == wish.profile:
        return instance.profile
    lacks = wish.replace == LACKING and rights.sessions is False
    if instance.profile is None or wish.replace == ALWAYS or lacks:
        return wish.profile
    return instance.profile


def _change(place: Place, instance: Instance, goal: Optional[str], account: Account) -> Change:
    action = DELETE if goal is None else CREATE if instance.profile is None else UPDATE
    detail = dict(instance_profile=goal if goal is not None else instance.profile)
    if action == UPDATE:
        detail["replaced"] = instance.profile
    role = account.role_of(goal)
    payload = dict(
        place=place.name,
        instance=instance,
        role=role.arn if role else None,
        before=instance.profile,
        after=goal,
        called=(instance.instance_id, instance.name or None, instance.profile),
    )
    return Change(action, PROFILE, f"{place.name}/{instance.instance_id}", detail, payload)


def _deprecated_roles(
    current: Current, goals: List[Tuple[Place, Instance, Optional[str]]]
) -> Dict[Tuple[str, str], Role]:
    """The roles that instances will have and that carry the deprecated policy; each once, whatever its Regions."""
    found: Dict[Tuple[str, str], Role] = {}
    for place, _instance, goal in goals:
        role = current.accounts.get(place.account_id, Account()).role_of(goal)
        if role is not None and has_deprecated(role):
            found[(place.account_id, role.name)] = role
    return found


def _role_change(account_id: str, role: Role) -> Change:
    core, deprecated = policy_arn(role.partition, CORE), policy_arn(role.partition, DEPRECATED)
    attach = [] if core in role.attached else [core]
    payload = dict(
        account=account_id,
        role=role.name,
        attach=attach,
        detach=[deprecated],
        before=sorted(role.attached),
        after=sorted(set(role.attached).union(attach) - {deprecated}),
        called=(role.name, role.arn),
    )
    detail: Dict[str, Any] = dict(attached=attach, detached=[deprecated])
    return Change(UPDATE, ROLE, f"{account_id}/{role.name}", detail, payload)


def _deletion(change: Change) -> Deletion:
    what = f"{DEPRECATED} of role" if change.kind == ROLE else f"{change.payload['before']} of"
    return Deletion(f"{what} {change.name}", change.payload["called"])


def entry(
    place: Place, instance: Instance, profile: Optional[str], current: Current, mended: Set[Tuple[str, str]]
) -> Dict[str, Any]:
    """One entry of the result, with this profile on the instance."""
    account = current.accounts.get(place.account_id, Account())
    rights, role = _rights(place, instance.instance_id, profile, account), account.role_of(profile)
    found: Dict[str, Any] = dict(
        account_id=place.account_id, region=place.region, instance_id=instance.instance_id, state=instance.state
    )
    if instance.name:
        found["name"] = instance.name
    if profile is not None:
        found["instance_profile"] = profile
    if role is not None:
        found["role"] = role.name
    found["session_manager"] = rights.sessions
    found["missing"] = list(rights.missing) if profile is not None else []
    found["deprecated_policy"] = has_deprecated(role) and (place.account_id, role.name if role else "") not in mended
    return found


def without_sessions(entries: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Which instances Session Manager does not reach through an instance profile, and why."""
    return [
        dict(
            {key: each[key] for key in ("account_id", "region", "instance_id", "name") if key in each},
            reason=_reason(each),
        )
        for each in entries
        if each["session_manager"] is False
    ]


def _reason(each: Dict[str, Any]) -> str:
    if "instance_profile" not in each:
        return "no instance profile"
    if "role" not in each:
        return f"no role in instance profile {each['instance_profile']}"
    return f"role {each['role']} lacks {', '.join(each['missing'])}"


def _rights(place: Place, instance_id: str, profile: Optional[str], account: Account) -> Rights:
    """None of the profile's rights are known where it could not be looked at, or is yet to be made."""
    if profile is None:
        return rights_of(None, "")
    found = account.profiles.get(profile)
    if found is None or found.there is None:
        return Rights(None)
    if not found.there:
        return rights_of(None, "")
    role = account.role_of(profile)
    partition = role.partition if role else "aws"
    arn = f"arn:{partition}:ec2:{place.region}:{place.account_id}:instance/{instance_id}"
    return rights_of(role, arn)


def _warnings(current: Current, wish: Wish, plan: Plan, roles: Dict[Tuple[str, str], Role]) -> Iterator[str]:
    entries: List[Dict[str, Any]] = plan.result["instances"]
    if wish.selection.tags and not entries and not current.unread:
        yield "instances.tags: no instance has these tags"
    if wish.absent:
        return
    if roles:
        names = _some([f"{account_id}/{name}" for account_id, name in sorted(roles)])
        yield (
            f"{DEPRECATED} is replaced by {CORE} on {names}. What only {DEPRECATED} allowed ends, such as reading and "
            "writing objects in every S3 bucket; see to it that applications on these instances have what they need"
        )
    kept = sorted({f"{each['account_id']}/{each['role']}" for each in entries if each["deprecated_policy"]})
    if kept:
        yield f"{DEPRECATED} is deprecated and allows too much; it is attached to {_some(kept)}"
    yield from _unfit(entries, wish)
    for text in sorted(_hidden(current)):
        yield f"not everything could be checked. {text}"


def _unfit(entries: List[Dict[str, Any]], wish: Wish) -> Iterator[str]:
    """Profiles that do not let Session Manager in: the one that is asked for, and others that stay."""
    unfit = [each for each in entries if each["session_manager"] is False and "instance_profile" in each]
    asked_for = sorted({each["account_id"] for each in unfit if each["instance_profile"] == wish.profile})
    if asked_for:
        yield f"instance_profile: the role of '{wish.profile}' does not let Session Manager in, in {_some(asked_for)}"
    others = [each for each in unfit if each["instance_profile"] != wish.profile]
    if others:
        names = [f"{each['account_id']}/{each['region']}/{each['instance_id']}" for each in others]
        yield f"their instance profile does not let Session Manager in on {_some(names)}; see without_session_manager"


def _hidden(current: Current) -> Set[str]:
    """What the caller may not look at."""
    found: Set[str] = set()
    for account in current.accounts.values():
        found.update(profile.hidden for profile in account.profiles.values())
        found.update(role.hidden for role in account.roles.values())
    return found - {""}


def _some(names: List[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
