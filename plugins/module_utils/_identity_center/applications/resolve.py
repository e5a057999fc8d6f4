# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From names to applications, users and groups. Pure: no AWS, no Ansible."""

from __future__ import annotations

from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from ..._reconcile import Problems
from ..._shape import nearest
from ..assignments.records import Principal
from ..assignments.validate import is_principal_id
from .records import Application, Item, Wanted
from .validate import instance_of

NOT_BY_API = (
    "AWS has no API that creates a SAML application, so make it in the console, by the checklist that the role "
    "keyless.aws.external_login writes"
)

# Of users and of groups: name -> id. A table is empty where no name had to be looked up in it.
Ids = Mapping[str, Mapping[str, str]]


def resolve(
    items: Sequence[Item],
    applications: Sequence[Application],
    ids: Ids,
    instance_id: str,
    expected: Optional[Mapping[str, Sequence[str]]] = None,
) -> List[Wanted]:
    """What the entries mean; `Problems` with every name that means nothing or too much.

    expected: names, by kind, that an earlier task would have created, had it not been check mode too.
    """
    problems: List[str] = []
    wanted: List[Wanted] = []
    first: Dict[str, Item] = {}
    for item in items:
        principals = _principals(item, ids, expected or {}, problems)
        application = _application(item, applications, instance_id, problems)
        if application is None:
            continue
        other = first.setdefault(application.arn, item)
        if other is not item:
            problems.append(f"{item.path}: is {application.arn}, like {other.path}; put both into one entry")
        wanted.append(Wanted(item, application, principals))
    if problems:
        raise Problems(problems)
    return wanted


def _application(
    item: Item, applications: Sequence[Application], instance_id: str, problems: List[str]
) -> Optional[Application]:
    if item.arn:
        if instance_of(item.arn) != instance_id:
            problems.append(f"{item.path}.application_arn: {item.arn} belongs to another instance than {instance_id}")
            return None
        found = [each for each in applications if each.arn == item.arn]
        missing = f"{item.path}.application_arn: no application {item.arn}"
    else:
        found = named(str(item.name), applications)
        close = nearest(item.name, [each.name for each in applications])
        missing = f"{item.path}.name: no application '{item.name}' in {instance_id}{close}"
    if not found:
        problems.append(f"{missing}; {NOT_BY_API}")
        return None
    if len(found) > 1:
        problems.append(f"{item.path}.name: {ambiguous(str(item.name), found)}")
        return None
    return found[0]


def named(name: str, applications: Iterable[Application]) -> List[Application]:
    return [each for each in applications if each.name == name]


def ambiguous(name: str, found: Sequence[Application]) -> str:
    """What a person is told of a name that several applications have."""
    candidates = ", ".join(f"{each.arn} ({each.status})" for each in sorted(found, key=lambda each: each.arn))
    return f"{len(found)} applications are called '{name}'; give application_arn, one of {candidates}"


def _principals(
    item: Item, ids: Ids, expected: Mapping[str, Sequence[str]], problems: List[str]
) -> Tuple[Principal, ...]:
    found: Dict[Tuple[str, Optional[str], Optional[str]], Principal] = {}
    for kind in item.kinds:
        by_id = {principal_id: name for name, principal_id in ids[kind].items()}
        for index, text in enumerate(item.given(kind) or ()):
            principal = _principal(kind, text, ids[kind], by_id, expected.get(kind, ()))
            if principal is None:
                known = [*ids[kind], *expected.get(kind, ())]
                path = f"{item.path}.{kind.lower()}s[{index}]"
                what = f"with the id {text}" if is_principal_id(text) else f"'{text}'{nearest(text, known)}"
                problems.append(f"{path}: no {kind.lower()} {what}")
                continue
            key = (kind, principal.id, None) if principal.id else (kind, None, principal.name)
            found.setdefault(key, principal)
    return tuple(found.values())


def _principal(
    kind: str, text: str, by_name: Mapping[str, str], by_id: Mapping[str, str], expected: Sequence[str]
) -> Optional[Principal]:
    if is_principal_id(text):
        if by_id and text not in by_id:
            return None
        return Principal(kind, by_id.get(text), text)
    if text in by_name:
        return Principal(kind, text, by_name[text])
    return Principal(kind, text, None) if text in expected else None
