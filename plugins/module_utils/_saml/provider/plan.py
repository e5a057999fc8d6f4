# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the SAML providers that are there to those that shall be. Pure: no AWS, no Ansible."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ..._guardrails import Deletion, Guard
from ..._reconcile import CREATE, DELETE, READ, UPDATE, Change, Outcome, Plan, Problems
from ..._tags import MANAGED_TAG, goal_tags, tag_steps
from ..metadata import expiry_warnings
from ..records import Metadata
from ..trust import provider_arn
from .records import FIELDS, KEY_TAG, KIND, MAX_KEYS, Account, Current, NewKey, PrivateKey, Provider, Wanted


@dataclass(frozen=True)
class Steps:
    """What a change does to its provider; None and empty are nothing.

    known_keys, remove_keys: ids, the oldest first. untag: keys of tags, also of those that remember keys.
    """

    account_id: str
    name: str
    arn: str
    document: Optional[str] = None
    mode: Optional[str] = None
    add_keys: List[NewKey] = field(default_factory=list)
    known_keys: List[str] = field(default_factory=list)
    remove_keys: List[str] = field(default_factory=list)
    tags: Mapping[str, str] = field(default_factory=dict)
    untag: List[str] = field(default_factory=list)


@dataclass(frozen=True)
class Goal:
    """What a provider will say."""

    name: str
    arn: str
    metadata: Metadata
    mode: Optional[str]
    kept_keys: List[PrivateKey]
    new_keys: List[NewKey]
    tags: Mapping[str, str]


def plan_providers(current: Current, wanted: Sequence[Wanted], guard: Guard, now: datetime) -> Plan:
    """One change for each provider of each account that is not as it shall be."""
    plan = Plan()
    plan.failures = [Outcome(Change(READ, KIND, name), error) for name, error in current.unread.items()]
    problems: List[str] = []
    trusted: Dict[str, List[str]] = {}
    entries: List[Dict[str, Any]] = []
    for account in current.accounts:
        for want in wanted:
            if want.absent:
                _plan_absent(plan, account, want, problems, trusted)
            else:
                entries.extend(_plan_present(plan, account, want, problems, now))
    if problems:
        raise _refusal(problems, trusted)
    arns = {account.named(name): arn for account in current.accounts for name, arn in account.arns.items()}
    deletions = [change.name for change in plan.changes if change.action == DELETE]
    guard.check([Deletion(name, (name.partition("/")[2], arns[name])) for name in deletions], "SAML providers")
    plan.warnings = list(dict.fromkeys(plan.warnings))
    plan.result = dict(saml_providers=entries)
    return plan


def provider_entry(account_id: str, provider: Provider) -> Dict[str, Any]:
    """A provider in the result."""
    goal = Goal(
        provider.name, provider.arn, provider.metadata, provider.mode, list(provider.private_keys), [], provider.tags
    )
    return dict(_entry(account_id, goal), **_made(provider))


def _made(provider: Provider) -> Dict[str, str]:
    """What AWS gave it."""
    values = dict(uuid=provider.uuid, create_date=provider.create_date, valid_until=provider.valid_until)
    return {name: value for name, value in values.items() if value is not None}


def _entry(account_id: str, goal: Goal) -> Dict[str, Any]:
    entry: Dict[str, Any] = dict(account_id=account_id, name=goal.name, arn=goal.arn, **goal.metadata.shown())
    if goal.mode is not None:
        entry["assertion_encryption_mode"] = goal.mode
    entry["private_keys"] = _shown_keys(goal.kept_keys, goal.new_keys)
    entry["tags"] = dict(goal.tags)
    return entry


def _shown_keys(kept: Sequence[PrivateKey], new: Sequence[NewKey] = ()) -> List[Dict[str, Any]]:
    return [key.shown() for key in kept] + [dict(public_key_sha256=key.fingerprint) for key in new]


def _refusal(problems: List[str], trusted: Mapping[str, List[str]]) -> Problems:
    refusal = Problems(problems)
    if trusted:
        refusal.details["trusted_by"] = dict(trusted)
    return refusal


def _plan_absent(
    plan: Plan, account: Account, want: Wanted, problems: List[str], trusted: Dict[str, List[str]]
) -> None:
    if want.name not in account.arns:
        return
    name = account.named(want.name)
    roles = [] if want.force else account.trusted_by.get(want.name, [])
    if roles:
        trusted[name] = roles
        shown = ", ".join(roles[:5]) + (f" and {len(roles) - 5} more" if len(roles) > 5 else "")
        problems.append(
            f"{want.path}: {name} is trusted by {shown}, through which nobody could sign in any more; delete "
            f"{'these roles' if len(roles) > 1 else 'this role'} or change whom it trusts first, or give force: true"
        )
    plan.changes.append(
        Change(DELETE, KIND, name, payload=Steps(account.account_id, want.name, account.arns[want.name]))
    )
    plan.note(name, dict(arn=account.arns[want.name]), None)


def _plan_present(
    plan: Plan, account: Account, want: Wanted, problems: List[str], now: datetime
) -> List[Dict[str, Any]]:
    """Add the provider's change to the plan; returns its entry in the result."""
    have = account.providers.get(want.name)
    name = account.named(want.name)
    metadata = want.metadata or (have.metadata if have else None)
    if metadata is None:
        problems.append(f"{want.path}: {name} does not exist yet; give metadata or metadata_file to create it")
        return []
    _warn(plan, want, name, metadata, have, now)
    goal = _goal(account, want, metadata, have)
    problems.extend(f"{want.path}.private_keys: {name} {text}" for text in _key_problems(want, have, goal))
    if have is None:
        _plan_creation(plan, account, want, goal)
        return [_entry(account.account_id, goal)]
    before, after = _values(_as_goal(have)), _values(goal)
    changed = [option for option in FIELDS if _differs(option, have, goal)]
    if changed:
        steps = _steps(account, want, have, goal, changed)
        plan.changes.append(Change(UPDATE, KIND, name, dict(fields=changed), payload=steps))
        plan.note(name, *_difference(before, after, changed))
    return [dict(_entry(account.account_id, goal), **_made(have))]


def _goal(account: Account, want: Wanted, metadata: Metadata, have: Optional[Provider]) -> Goal:
    tags: Mapping[str, str] = have.tags if have else {MANAGED_TAG: "true"}
    if want.tags is not None:
        tags = goal_tags(tags, want.tags, want.purge_tags)
    kept, new = _keys(want, have)
    return Goal(
        want.name,
        have.arn if have else provider_arn(account.partition, account.account_id, want.name),
        metadata,
        want.mode or (have.mode if have else None),
        kept,
        new,
        tags,
    )


def _as_goal(have: Provider) -> Goal:
    return Goal(have.name, have.arn, have.metadata, have.mode, list(have.private_keys), [], have.tags)


def _keys(want: Wanted, have: Optional[Provider]) -> Tuple[List[PrivateKey], List[NewKey]]:
    """Keys that stay, and keys to add. Of a key that is there twice the younger one goes."""
    there = list(have.private_keys) if have else []
    if want.private_keys is None:
        return there, []
    missing = {key.fingerprint: key for key in want.private_keys}
    kept = []
    for key in there:
        wanted = missing.pop(key.fingerprint or "", None) is not None
        if wanted or not want.purge_private_keys:
            kept.append(key)
    return kept, list(missing.values())


def _key_problems(want: Wanted, have: Optional[Provider], goal: Goal) -> List[str]:
    count = len(goal.kept_keys) + len(goal.new_keys)
    if want.private_keys is not None and count > MAX_KEYS:
        ids = ", ".join(key.key_id for key in goal.kept_keys)
        return [f"would have {count} keys, and AWS takes {MAX_KEYS}; it has {ids}: list what stays, and purge the rest"]
    asked = want.mode is not None or want.private_keys is not None
    if goal.mode == "required" and not count and asked:
        return ["would have no key, and assertion_encryption_mode: required needs one; give one, or allow both"]
    return []


def _warn(plan: Plan, want: Wanted, name: str, metadata: Metadata, have: Optional[Provider], now: datetime) -> None:
    whose = want.name if want.metadata else name
    texts = metadata.warnings + expiry_warnings(metadata, now, want.warn_days)
    if want.metadata is None:
        texts = metadata.problems + texts
    plan.warnings.extend(f"{whose}: {text}" for text in texts)
    if have is not None and want.metadata is not None:
        old, new = have.metadata.entity_id, want.metadata.entity_id
        if old and old != new:
            plan.warnings.append(
                f"{name}: the entity ID changes from {old} to {new}; roles that ask for the old issuer (SAML:iss) "
                "refuse sign-ins until their trust policies name the new one"
            )


def _plan_creation(plan: Plan, account: Account, want: Wanted, goal: Goal) -> None:
    steps = Steps(account.account_id, want.name, goal.arn, want.document, want.mode, goal.new_keys, tags=goal.tags)
    name = account.named(want.name)
    plan.changes.append(Change(CREATE, KIND, name, payload=steps))
    shown = _entry(account.account_id, goal)
    plan.note(name, None, {key: value for key, value in shown.items() if key not in ("account_id", "name")})


def _values(goal: Goal) -> Dict[str, Any]:
    """What can change, by the option that changes it."""
    return dict(
        metadata=goal.metadata.shown(),
        assertion_encryption_mode=goal.mode,
        private_keys=_shown_keys(goal.kept_keys, goal.new_keys),
        tags=dict(goal.tags),
    )


def _differs(option: str, have: Provider, goal: Goal) -> bool:
    before, after = _values(_as_goal(have))[option], _values(goal)[option]
    if option == "metadata":
        return have.metadata.digest != goal.metadata.digest
    return bool(before != after)


def _difference(
    before: Mapping[str, Any], after: Mapping[str, Any], changed: Sequence[str]
) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """The two sides of the diff: of metadata and tags, only what changes."""
    one: Dict[str, Any] = {}
    other: Dict[str, Any] = {}
    for option in changed:
        old, new = before[option], after[option]
        if isinstance(new, Mapping):
            names = [key for key in list(old) + list(new) if old.get(key) != new.get(key)]
            old = {key: old[key] for key in names if key in old}
            new = {key: new[key] for key in names if key in new}
        one[option], other[option] = old, new
    return one, other


def _steps(account: Account, want: Wanted, have: Provider, goal: Goal, changed: Sequence[str]) -> Steps:
    steps = Steps(account.account_id, want.name, have.arn)
    if "metadata" in changed:
        steps = replace(steps, document=want.document)
    if "assertion_encryption_mode" in changed:
        steps = replace(steps, mode=want.mode)
    if "tags" in changed:
        new, gone = tag_steps(have.tags, goal.tags)
        steps = replace(steps, tags=new, untag=gone)
    if "private_keys" in changed:
        kept = [key.key_id for key in goal.kept_keys]
        known = [key.key_id for key in have.private_keys]
        forgotten = [KEY_TAG + key_id for key_id in have.key_tags if key_id not in kept]
        steps = replace(
            steps,
            add_keys=goal.new_keys,
            known_keys=known,
            remove_keys=[key_id for key_id in known if key_id not in kept],
            untag=steps.untag + forgotten,
        )
    return steps
