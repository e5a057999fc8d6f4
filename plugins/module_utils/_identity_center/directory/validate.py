# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups as people write them: what can be seen to be wrong without looking into the identity store.

Limits from CreateUser, CreateGroup and User in the Identity Store API reference.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..._reconcile import Problems
from .records import PARTS, REQUIRED, TEXTS, Desired, Group, User

_LONGEST_USER_NAME = 128
_LONGEST = 1024
_BLANKS = "\t\n\r \u00a0\u3000"
_RESERVED = ("administrator", "awsadministrators")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")

Item = Mapping[str, Any]

# A finding: the option under the user or group, such as `email`, and what is wrong with it.
Finding = Tuple[str, str]


def desired(users: Optional[Sequence[Item]], groups: Optional[Sequence[Item]]) -> Desired:
    """The module's lists as records; `Problems` with every finding where there is any."""
    users, groups = users or [], groups or []
    problems = list(_problems("users", "user_name", users, _user_findings))
    problems += _problems("groups", "name", groups, _group_findings)
    problems += _shared_emails(users)
    if problems:
        raise Problems(problems)
    return Desired([_user(item) for item in users], [_group(item) for item in groups])


def _problems(
    option: str, key: str, items: Sequence[Item], find: Callable[[Item], Iterator[Finding]]
) -> Iterator[str]:
    """The findings of all items, with their paths."""
    first: Dict[str, int] = {}
    for index, item in enumerate(items):
        earlier = first.setdefault(item[key].casefold(), index)
        if earlier != index:
            yield f"{option}[{index}].{key}: '{item[key]}' is listed twice, first as {option}[{earlier}]; list it once"
        for path, text in find(item):
            yield f"{option}[{index}].{path}: {text}"


def _user_findings(item: Item) -> Iterator[Finding]:
    yield from _name_findings("user_name", item["user_name"], _LONGEST_USER_NAME, "")
    if item.get("state") == "absent":
        return
    for text in TEXTS:
        yield from _text_findings(text, item.get(text))
    for attribute, parts in PARTS.items():
        for part in parts:
            yield from _text_findings(f"{attribute}.{part}", (item.get(attribute) or {}).get(part))
    for text in REQUIRED:
        if item.get(text) == "":
            yield text, "'' is refused: AWS takes no user without it; leave it out or give a text"
    email = item.get("email")
    if email and not _EMAIL.fullmatch(email):
        yield "email", f"'{email}' is not an e-mail address such as taro@example.com"


def _group_findings(item: Item) -> Iterator[Finding]:
    yield from _name_findings("name", item["name"], _LONGEST, _BLANKS)
    if item.get("state") == "absent":
        return
    yield from _text_findings("description", item.get("description"))
    first: Dict[str, int] = {}
    for index, member in enumerate(item.get("members") or []):
        path = f"members[{index}]"
        yield from _name_findings(path, member, _LONGEST_USER_NAME, "")
        if first.setdefault(member.casefold(), index) != index:
            yield path, f"'{member}' is listed twice; list it once"


def _name_findings(path: str, name: str, longest: int, blanks: str) -> Iterator[Finding]:
    if not name.strip():
        yield path, f"'{name}' is empty; give a name"
        return
    if name.casefold() in _RESERVED:
        yield path, f"'{name}' is reserved by AWS; choose another name"
    yield from _text_findings(path, name, longest, blanks)


def _text_findings(
    path: str, text: Optional[str], longest: int = _LONGEST, blanks: str = _BLANKS
) -> Iterator[Finding]:
    if not text:
        return
    if len(text) > longest:
        yield path, f"{len(text)} characters are too many; give at most {longest}"
        return
    odd = next((character for character in text if not _allowed(character, blanks)), None)
    if odd is not None:
        what = "a blank" if odd.isspace() else f"the character U+{ord(odd):04X}"
        yield path, f"'{_printable(text)}' has {what}, which AWS does not take here"


def _allowed(character: str, blanks: str) -> bool:
    """AWS takes letters, marks, symbols, numbers and punctuation of any script, and where it says so some blanks."""
    return unicodedata.category(character)[0] in "LMSNP" or character in blanks


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _shared_emails(users: Sequence[Item]) -> List[str]:
    problems = []
    first: Dict[str, int] = {}
    for index, item in enumerate(users):
        email = item.get("email")
        if not email or item.get("state") == "absent":
            continue
        earlier = first.setdefault(email.casefold(), index)
        if earlier != index:
            problems.append(
                f"users[{index}].email: '{email}' is also the address of users[{earlier}] "
                f"('{users[earlier]['user_name']}'); AWS takes each address for one user only"
            )
    return problems


def _user(item: Item) -> User:
    values: Dict[str, Any] = {text: item.get(text) for text in TEXTS}
    for attribute in PARTS:
        given = item.get(attribute)
        if given is not None:
            values[attribute] = {part: text for part, text in given.items() if text is not None}
    return User(user_name=item["user_name"], absent=item.get("state") == "absent", **values)


def _group(item: Item) -> Group:
    members = item.get("members")
    return Group(
        name=item["name"],
        description=item.get("description"),
        members=None if members is None else dict.fromkeys(members),
        absent=item.get("state") == "absent",
    )
