# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances and instance profiles as people name them. Pure: no AWS, no Ansible."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Optional, Tuple

from ..._guardrails import Guard
from ..._shape import Reader, at
from .records import NEVER, Selection, Wish

SELECTORS = ("ids", "tags", "all")

_ID = re.compile(r"i-([0-9a-f]{8}|[0-9a-f]{17})")
_ID_RULE = "an instance id: i- and 17 (or, for old ones, 8) of 0-9a-f"
_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_ARN = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):instance-profile/(?:[!-~]*/)?([\w+=,.@-]{1,128})", re.ASCII)


def read_wish(params: Mapping[str, Any], check_mode: bool = False) -> Wish:
    """The options; everything that is wrong with them is raised at once. Only check mode may expect anything."""
    reader = Reader()
    profile = params["instance_profile"]
    if profile is not None and profile_name(profile) is None:
        reader.wrong("instance_profile", f"'{profile}' is neither the name of an instance profile nor its ARN")
    guard = Guard(params["max_deletions"], tuple(params["protect"]))
    absent = params["state"] == "absent"
    if profile is None and params["replace"] != NEVER and not absent:
        reader.wrong("replace", f"{params['replace']} needs an instance profile to attach; give instance_profile")
    reader.problems.extend(guard.findings())
    wish = Wish(
        selection=read_selection(params["instances"], reader),
        profile=profile_name(profile),
        absent=absent,
        replace=params["replace"],
        replace_deprecated=params["replace_deprecated"],
        expected=tuple((params["expected"] or {}).get("instance_profiles") or ()) if check_mode else (),
        guard=guard,
    )
    reader.stop_if_wrong()
    return wish


def profile_name(text: Optional[str]) -> Optional[str]:
    """The name, given as itself or as an ARN; None where it is neither."""
    arn = _ARN.fullmatch(text or "")
    if arn:
        return arn.group(2)
    return text if text and _NAME.fullmatch(text) else None


def profile_account(text: Optional[str]) -> Optional[str]:
    """The account of an ARN; None where it is none."""
    arn = _ARN.fullmatch(text or "")
    return arn.group(1) if arn else None


def read_selection(raw: Any, reader: Reader, path: str = "instances") -> Selection:
    table = reader.fields(raw, path, SELECTORS)
    if len(table) != 1:
        if isinstance(raw, Mapping):
            reader.wrong(path, "give exactly one of " + ", ".join(SELECTORS))
        return Selection()
    if "ids" in table:
        ids = reader.texts(table["ids"], at(path, "ids"))
        for index, text in ids.items():
            reader.text(text, at(at(path, "ids"), index), _ID, _ID_RULE)
        return Selection(ids=tuple(ids.values()))
    if "tags" in table:
        return Selection(tags=_tags(table["tags"], at(path, "tags"), reader))
    if table.get("all") is not True:
        reader.wrong(at(path, "all"), f"{table.get('all')!r} is not true; give 'all: true', or name ids or tags")
    return Selection(all=True)


def _tags(raw: Any, path: str, reader: Reader) -> Tuple[Tuple[str, Tuple[str, ...]], ...]:
    table = reader.table(raw, path)
    if isinstance(raw, Mapping) and not raw:
        reader.wrong(path, "no tag is named; give at least one, or 'all: true' for every instance")
    return tuple((key, _values(value, at(path, key), reader)) for key, value in sorted(table.items()))


def _values(raw: Any, path: str, reader: Reader) -> Tuple[str, ...]:
    listed: List[Any] = list(raw) if isinstance(raw, (list, tuple)) else [raw]
    if not listed:
        reader.wrong(path, "the list is empty; name at least one value")
    found = []
    for index, value in enumerate(listed):
        text = reader.text(value, at(path, index) if isinstance(raw, (list, tuple)) else path)
        if text and re.search(r"[*?\\]", text):
            reader.wrong(path, f"'{text}': EC2 takes * and ? for any characters; give whole values")
        found.append(text or "")
    return tuple(found)
