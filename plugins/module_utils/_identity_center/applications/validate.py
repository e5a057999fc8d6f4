# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications as people write them: what can be told to be wrong without asking AWS.

Forms from UpdateApplication in the IAM Identity Center API reference.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..._guardrails import Guard
from ..._reconcile import Problems
from .records import APPLICATION, Item

_ARN = re.compile(
    r"arn:aws(-[a-z]{1,5}){0,3}:sso::[0-9]{12}:application/((sso)?ins-[a-zA-Z0-9.-]{16})/apl-[a-zA-Z0-9]{16}"
)
_URL = re.compile(r"https?://[-a-zA-Z0-9+&@#/%?=~_|!:,.;]*[-a-zA-Z0-9+&@#/%=~_|]")
_LONGEST_NAME, _LONGEST_DESCRIPTION, _LONGEST_URL = 100, 128, 512

Finding = Tuple[str, str]


def instance_of(arn: str) -> Optional[str]:
    """The id of the instance in an application's ARN; None where it is no such ARN."""
    match = _ARN.fullmatch(arn)
    return match.group(2) if match else None


def items(entries: Sequence[Mapping[str, Any]], guard: Guard, option: str = "applications") -> List[Item]:
    """The module's list as records; `Problems` with every finding where there is any."""
    problems: List[str] = []
    records = []
    seen: Dict[Tuple[str, str], int] = {}
    for index, entry in enumerate(entries):
        path = f"{option}[{index}]"
        problems.extend(f"{path}{at}: {text}" for at, text in _findings(entry))
        arn, name = entry.get("application_arn"), entry.get("name")
        first = seen.setdefault(("application_arn", arn) if arn else ("name", str(name)), index)
        if first != index:
            problems.append(f"{path}: is {arn or name}, like {option}[{first}]; put both into one entry")
        records.append(_item(path, entry))
    problems.extend(guard.findings())
    if problems:
        raise Problems(problems)
    return records


def selection_findings(texts: Sequence[str], option: str = "applications") -> List[str]:
    """What is wrong with the filter of the `_info` module."""
    found = ((index, _arn_finding(text) if text.startswith("arn:") else _name_finding(text)) for index, text in
             enumerate(texts))  # fmt: skip
    return [f"{option}[{index}]: {finding}" for index, finding in found if finding]


def _item(path: str, entry: Mapping[str, Any]) -> Item:
    arn = entry.get("application_arn")
    fields = {key: entry.get(key) for key in ("description", "status")}
    fields["name"] = entry.get("name") if arn else None  # without an ARN it is only what the application is found by
    sign_in = entry.get("sign_in_options")
    if sign_in:
        fields["sign_in_options"] = {key: value for key, value in sign_in.items() if value is not None}
    lists = {key: None if entry.get(key) is None else tuple(entry[key]) for key in ("users", "groups")}
    return Item(
        path,
        entry.get("name"),
        arn,
        {key: value for key, value in fields.items() if value is not None},
        entry.get("assignment_required"),
        purge=entry.get("purge", True),
        **lists,
    )


def _findings(entry: Mapping[str, Any]) -> Iterator[Finding]:
    arn, name, description = entry.get("application_arn"), entry.get("name"), entry.get("description")
    if not arn and name is None:
        yield "", "names no application; give name, or application_arn"
    if arn:
        yield from _one(".application_arn", _arn_finding(arn))
    if name is not None:
        yield from _one(".name", _name_finding(name))
    if description == "":
        yield ".description", "AWS cannot clear a description; give a text, or leave it out"
    elif description and len(description) > _LONGEST_DESCRIPTION:
        yield ".description", f"has {len(description)} characters; give at most {_LONGEST_DESCRIPTION}"
    yield from _sign_in_findings(entry.get("sign_in_options") or {})
    for key in ("users", "groups"):
        for index, text in enumerate(entry.get(key) or []):
            if not text.strip():
                yield f".{key}[{index}]", "is empty; give a name or an id"


def _sign_in_findings(options: Mapping[str, Any]) -> Iterator[Finding]:
    url = options.get("application_url")
    if options.get("origin") == APPLICATION and not url:
        yield ".sign_in_options.application_url", "is missing; with origin APPLICATION give where the sign-in begins"
    if url and (len(url) > _LONGEST_URL or not _URL.fullmatch(url)):
        yield ".sign_in_options.application_url", f"'{url}' is not an http(s) URL of at most {_LONGEST_URL} characters"


def _one(path: str, finding: Optional[str]) -> Iterator[Finding]:
    if finding:
        yield path, finding


def _arn_finding(text: str) -> Optional[str]:
    if instance_of(text):
        return None
    return f"'{text}' is not the ARN of an application (arn:aws:sso::111122223333:application/ssoins-.../apl-...)"


def _name_finding(text: str) -> Optional[str]:
    if not text.strip():
        return "is empty; give the application's display name"
    if len(text) > _LONGEST_NAME:
        return f"has {len(text)} characters; give at most {_LONGEST_NAME}"
    return None
