# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the policies that accounts have to those that they shall have. Pure: no AWS, no Ansible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..._guardrails import Deletion, Guard
from ..._reconcile import CREATE, DELETE, READ, UPDATE, Change, Outcome, Plan, Problems
from ..._tags import MANAGED_TAG, goal_tags, tag_steps
from .problems import problems_of
from .records import ENTITIES, KIND, MOST_VERSIONS, RESERVED_ROLES, Account, Current, Policy, Version, Wanted
from .shared import shared_warnings

# Whether two policy documents mean the same.
SamePolicy = Callable[[Mapping[str, Any], Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Rules:
    """How the list is to be taken: whether given lists are exact, and what may go."""

    same_policy: SamePolicy
    purge_attachments: bool = True
    purge_tags: bool = True
    guard: Guard = Guard()


def plan_policies(current: Current, desired: Sequence[Wanted], rules: Rules) -> Plan:
    """Account by account: what shall be there in the task's order, then what shall go."""
    problems = [problem for account in current.accounts for problem in problems_of(account, desired)]
    if problems:
        raise Problems(problems)
    gone = [(account, have) for account in current.accounts for have in _gone(account, desired)]
    rules.guard.check([_deletion(account, have) for account, have in gone], "policies")
    plan = Plan(failures=[Outcome(Change(READ, KIND, name), error) for name, error in current.unread.items()])
    plan.warnings.extend(shared_warnings(desired))
    shown: List[Dict[str, Any]] = []
    for account in current.accounts:
        for want in desired:
            if not want.absent:
                shown.append(_plan_policy(plan, account, want, rules))
        for have in [have for owner, have in gone if owner is account]:
            _plan_deletion(plan, account, have)
    plan.result = dict(session_policies=shown)
    return plan


def document_step(have: Policy, document: Mapping[str, Any], same: SamePolicy) -> Optional[Dict[str, Any]]:
    """What makes a document the policy's: `make_default` an old version, or a new one after `remove` of another.

    None if it is already. Versions whose documents were not read count as others.
    """
    if same(have.default.document or {}, document):
        return None
    for version in sorted(have.versions, key=lambda version: version.number, reverse=True):
        if version.document is not None and same(version.document, document):
            return dict(make_default=version.id)
    oldest = have.oldest_other
    return dict(remove=oldest.id if oldest and len(have.versions) >= MOST_VERSIONS else None)


def policy_shown(
    account: Account, policy: Policy, document: Mapping[str, Any], version: Optional[str]
) -> Dict[str, Any]:
    """As a result shows it: what is known, snake_case."""
    values: Dict[str, Any] = dict(
        account_id=account.id,
        name=policy.name,
        path=policy.path,
        arn=policy.arn,
        description=policy.description,
        default_version_id=version,
        document=document,
        **policy.attachments,
        tags=policy.tags,
    )
    return {key: value for key, value in values.items() if value is not None}


def _plan_policy(plan: Plan, account: Account, want: Wanted, rules: Rules) -> Dict[str, Any]:
    """Add a policy's changes to the plan; returns its entry in the result."""
    have, subject = account.policy(want), account.subject(want)
    goal = _goal(account, have, want, rules)
    if have is None:
        plan.changes.append(Change(CREATE, KIND, subject, payload=("create", want, goal.tags)))
        plan.changes.extend(_attachment_steps(subject, Policy(goal.arn, goal.name), goal))
        entry = policy_shown(account, goal, want.document, None)
        plan.note(subject, None, _noted(entry))
        return entry
    steps, version = [], have.default
    step = document_step(have, want.document, rules.same_policy)
    if step is not None:
        version = Version(step.get("make_default", ""), True, want.document)
        steps.append(_document_change(plan, subject, have, want, step))
    steps.extend(_attachment_steps(subject, have, goal))
    steps.extend(_tag_steps(subject, have, goal))
    plan.changes.extend(steps)
    if None not in (want.description, have.description) and want.description != have.description:
        plan.warnings.append(
            f"{want.place}.description: AWS cannot change the description of a policy, so that of {subject} stays "
            f"'{have.description}'"
        )
    entry = policy_shown(account, goal, version.document or {}, version.id or None)
    if steps:
        before = _noted(policy_shown(account, have, have.default.document or {}, have.default.id))
        after = _noted(entry)
        keys = [key for key in after if before.get(key) != after[key]]
        plan.note(subject, {key: before[key] for key in keys if key in before}, {key: after[key] for key in keys})
    return entry


def _goal(account: Account, have: Optional[Policy], want: Wanted, rules: Rules) -> Policy:
    """What the policy will be: what is wanted, over what is there, kept where it is unmanaged or not purged."""
    there = have or Policy(account.arn(want), want.name, want.path, want.description, tags={MANAGED_TAG: "true"})
    attachments = {kind: names for kind, names in there.attachments.items() if kind in want.attachments}
    for kind, wanted in want.attachments.items():
        names = there.attachments.get(kind, [])
        stay = [name for name in names if name in wanted or not rules.purge_attachments or _not_ours(name)]
        attachments[kind] = stay + [name for name in wanted if name not in names]
    tags = there.tags
    if want.tags is not None:
        # for IAM a key is the same in upper and lower case, so a new spelling takes the place of the old one
        written = {key.lower() for key in want.tags}
        others = {key: value for key, value in (tags or {}).items() if key.lower() not in written}
        tags = goal_tags(others, want.tags, rules.purge_tags)
    return replace(there, attachments=attachments, tags=tags)


def _not_ours(name: str) -> bool:
    """Attached to a permission set's role: Identity Center's own business, in which this list has no say."""
    return name.startswith(RESERVED_ROLES)


def _document_change(plan: Plan, subject: str, have: Policy, want: Wanted, step: Mapping[str, Any]) -> Change:
    detail: Dict[str, Any] = dict(fields=["document"])
    if "make_default" in step:
        detail["version_id"] = step["make_default"]
        return Change(UPDATE, KIND, subject, detail, payload=("make_default", have.arn, step["make_default"]))
    if step["remove"]:
        detail["removed_version_id"] = step["remove"]
        plan.warnings.append(
            f"{subject}: version {step['remove']} makes room, as the oldest that is not the default; a policy has "
            f"{MOST_VERSIONS} at most"
        )
    return Change(UPDATE, KIND, subject, detail, payload=("new_version", have.arn, want.document, step["remove"]))


def _attachment_steps(subject: str, have: Policy, goal: Policy) -> Iterator[Change]:
    """Who gets it, and then who loses it."""
    lists = [(kind, have.attachments.get(kind, []), goal.attachments.get(kind, [])) for kind in ENTITIES]
    lists = [row for row in lists if row[0] in goal.attachments]
    for kind, there, wanted in lists:
        for name in [name for name in wanted if name not in there]:
            yield _step(subject, kind, "add", name, ("attach", goal.arn, kind, name))
    for kind, there, wanted in lists:
        for name in [name for name in there if name not in wanted]:
            yield _step(subject, kind, "remove", name, ("detach", goal.arn, kind, name))


def _tag_steps(subject: str, have: Policy, goal: Policy) -> Iterator[Change]:
    new, lost = tag_steps(have.tags or {}, goal.tags or {})
    written = {key.lower() for key in new}
    lost = [key for key in lost if key.lower() not in written]
    if new:
        yield _step(subject, "tags", "add", new, ("tag", goal.arn, new))
    if lost:
        yield _step(subject, "tags", "remove", lost, ("untag", goal.arn, lost))


def _step(subject: str, field: str, verb: str, value: Any, payload: Tuple[Any, ...]) -> Change:
    return Change(UPDATE, KIND, subject, {"fields": [field], verb: value}, payload=payload)


def _gone(account: Account, desired: Sequence[Wanted]) -> List[Policy]:
    found = [account.policy(want) for want in desired if want.absent]
    return [have for have in found if have is not None]


def _deletion(account: Account, have: Policy) -> Deletion:
    subject = f"{account.id}/{have.name}"
    return Deletion(subject, (have.name, have.arn, subject))


def _plan_deletion(plan: Plan, account: Account, have: Policy) -> None:
    subject = f"{account.id}/{have.name}"
    detail = {kind: list(names) for kind, names in have.attachments.items() if names}
    plan.changes.append(Change(DELETE, KIND, subject, dict(detached=detail) if detail else {}, ("delete", have)))
    before = policy_shown(account, have, have.default.document or {}, have.default.id)
    plan.note(subject, _noted(before), None)


def _noted(entry: Mapping[str, Any]) -> Dict[str, Any]:
    """An entry of the result as the diff has it: without what is in the heading, and without empty values."""
    hidden = ("account_id", "name", "default_version_id")
    return {key: value for key, value in entry.items() if key not in hidden}
