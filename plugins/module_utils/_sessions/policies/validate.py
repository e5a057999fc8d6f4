# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies as people write them: everything that IAM would refuse, found beforehand. Pure: no AWS, no Ansible.

Limits from CreatePolicy, AttachUserPolicy and TagPolicy in the IAM API reference, and from
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..._guardrails import Guard
from ..._reconcile import Problems
from ..._tags import MANAGED_TAG, MAX_TAGS, tag_findings
from ..places import MANAGED_POLICY, size_problem
from ..policy import merged_policy
from ..scope import IAM_USER, Scope
from ..scope_input import read_scopes
from ..together import problems_together
from .records import ENTITIES, GROUPS, ONE, RESERVED_ROLES, ROLES, USERS, Wanted

MAX_DESCRIPTION = 1000
MAX_PATH = 512
MAX_NAME = {USERS: 64, GROUPS: 128, ROLES: 64}

_CHARACTERS = "letters, digits or any of + = , . @ _ -"
_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_PATH = re.compile(r"(/[A-Za-z0-9.,+@=_-]+)*/")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# A finding: the option under the policy, such as `users[0]`, and what is wrong with it.
Finding = Tuple[str, str]


def policies(
    items: Sequence[Mapping[str, Any]], guard: Optional[Guard] = None, option: str = "policies"
) -> List[Wanted]:
    """The module's list as records; `Problems` with every finding where there is any."""
    problems: List[str] = []
    records = []
    names: Dict[str, int] = {}
    for index, item in enumerate(items):
        place = f"{option}[{index}]"
        found = [f"{place}.{path}: {text}" for path, text in _findings(item)]
        first = names.setdefault(item["name"].casefold(), index)
        if first != index:
            text = f"'{item['name']}' is the name of {option}[{first}] too; IAM knows no upper and lower case in names"
            found.insert(0, f"{place}.name: {text}, so list it once")
        scopes, more = _scopes(item, place)
        problems.extend(found + more)
        if not found and not more:
            records.append(_record(item, place, scopes))
    problems.extend(guard.findings() if guard else [])
    if problems:
        raise Problems(problems)
    return records


def _scopes(item: Mapping[str, Any], place: str) -> Tuple[List[Scope], List[str]]:
    """The item's scopes, and what is wrong with them."""
    scope, scopes = item.get("scope"), item.get("scopes")
    if item.get("state") == "absent":
        return [], []
    if (scope is None) == (scopes is None):
        return [], [f"{place}: give scope, or scopes where the policy shall have several, and not both"]
    raws = [scope] if scopes is None else list(scopes)
    if not raws:
        return [], [f"{place}.scopes: the list is empty; name at least one scope"]
    paths = [f"{place}.scope"] if scopes is None else [f"{place}.scopes[{index}]" for index in range(len(raws))]
    try:
        read = read_scopes(raws, paths)
    except Problems as error:
        return [], list(error.details["problems"])
    apart = problems_together(read, f"{place}.scopes")
    if apart:
        return [], apart
    problems = [f"{place}.{path}: {text}" for path, text in _principal_findings(item, read)]
    too_large = size_problem(merged_policy(read), MANAGED_POLICY)
    if too_large:
        problems.append(f"{place}.{'scope' if scopes is None else 'scopes'}: {too_large}")
    return read, problems


def _principal_findings(item: Mapping[str, Any], scopes: Sequence[Scope]) -> Iterator[Finding]:
    """A policy says whose sessions are one's own in the way of one kind of principal."""
    principal = scopes[0].principal
    for kind in ENTITIES:
        user = kind != ROLES
        if item.get(kind) and user != (principal == IAM_USER):
            who = "IAM users" if user else "roles"
            mend = f"give principal {IAM_USER}" if user else "give principal role, saml or identity_center"
            text = f"the scope's principal is {principal}, and {who} would not be known as the owners of their sessions"
            yield kind, f"{text}; {mend}, in a policy of its own"


def _findings(item: Mapping[str, Any]) -> Iterator[Finding]:
    name, path = item["name"], item.get("path") or "/"
    if not _NAME.fullmatch(name):
        mend = "; give the name, not the ARN" if name.startswith("arn:") else ""
        yield "name", f"'{name}' must be 1 to 128 {_CHARACTERS}{mend}"
    if not _PATH.fullmatch(path) or len(path) > MAX_PATH:
        yield "path", f"'{path}' is not an IAM path: it begins and ends with /, such as /teams/, and is not too long"
    if item.get("state") == "absent":
        return
    description = item.get("description") or ""
    if len(description) > MAX_DESCRIPTION:
        yield "description", f"{len(description)} characters are too many; give at most {MAX_DESCRIPTION}"
    elif _CONTROL.search(description):
        yield "description", "has a line feed or another control character, which IAM refuses; give one line"
    for kind in ENTITIES:
        yield from _entity_findings(kind, item.get(kind) or [])
    yield from _tag_findings(item.get("tags") or {})


def _entity_findings(kind: str, names: Sequence[str]) -> Iterator[Finding]:
    one, seen = ONE[kind], [name.casefold() for name in names]
    for index, name in enumerate(names):
        path = f"{kind}[{index}]"
        if name.startswith("arn:"):
            yield path, f"'{name}' is an ARN; give the {one}'s name"
        elif not _NAME.fullmatch(name) or len(name) > MAX_NAME[kind]:
            yield path, f"'{name}' is not the name of a {one}: 1 to {MAX_NAME[kind]} {_CHARACTERS}"
        elif name.casefold() in seen[:index]:
            yield path, f"'{name}' is named twice"
        elif kind == ROLES and name.startswith(RESERVED_ROLES):
            yield (
                path,
                (
                    f"'{name}' is the role of a permission set, which only Identity Center changes; name the policy in "
                    "customer_managed_policies of keyless.aws.permission_sets"
                ),
            )


def _tag_findings(tags: Mapping[str, Any]) -> Iterator[Finding]:
    yield from (("tags", text) for text in tag_findings(tags))
    if len({*tags, MANAGED_TAG}) > MAX_TAGS >= len(tags):
        yield "tags", f"with {MANAGED_TAG} these are more than the {MAX_TAGS} tags of a policy; leave one out"
    seen: Dict[str, str] = {}
    for key in tags:
        if seen.setdefault(key.lower(), key) != key:
            yield "tags", f"'{key}' is for IAM the same key as '{seen[key.lower()]}'; give one of them"


def _record(item: Mapping[str, Any], place: str, scopes: Sequence[Scope]) -> Wanted:
    """The record of an item that has no findings."""
    name, path = item["name"], item.get("path") or "/"
    if item.get("state") == "absent":
        return Wanted(place, name, path, absent=True)
    tags = item.get("tags")
    return Wanted(
        place=place,
        name=name,
        path=path,
        description=item.get("description"),
        scopes=tuple(scopes),
        document=merged_policy(scopes),
        attachments={kind: list(item[kind]) for kind in ENTITIES if item.get(kind) is not None},
        tags=None if tags is None else {key: str(value) for key, value in tags.items()},
        partition=scopes[0].partition,
    )
