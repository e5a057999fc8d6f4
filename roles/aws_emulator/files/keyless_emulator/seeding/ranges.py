# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many of a kind in one line: `group[01:20]` stands for group01, group02, ... group20, as in Ansible's inventories."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, Mapping, Sequence

_RANGE = re.compile(r"\[(\d+):(\d+)\]")
MOST = 100_000  # a slip of the pen should not fill the memory


def spread(text: Any) -> List[str]:
    """Return the texts that a text stands for: itself, if it has no range."""
    if not isinstance(text, str):
        raise ValueError(f"must be a text, not {text!r}")
    ranges = _RANGE.findall(text)
    if not ranges:
        return [text]
    first, last = ranges[0]
    if len(ranges) > 1:
        raise ValueError(f"{text} has more than one range")
    if int(first) > int(last) or int(last) - int(first) >= MOST or (first[0] == "0" and len(first) != len(last)):
        raise ValueError(f"{text} is no range: give two numbers, the smaller one first, of one length if it begins "
                         f"with 0, and not more than {MOST} apart")
    before, after = _RANGE.split(text)[0], _RANGE.split(text)[-1]
    return [f"{before}{number:0{len(first)}d}{after}" for number in range(int(first), int(last) + 1)]


def spread_all(texts: Any) -> List[str]:
    if not isinstance(texts, list):
        raise ValueError(f"must be a list, not {texts!r}")
    return [each for text in texts for each in spread(text)]


def in_step(entry: Mapping[str, Any], keys: Iterable[str]) -> List[Dict[str, Any]]:
    """Return the entries that an entry stands for: the ranges under `keys` are counted up together."""
    lists = {key: spread(entry[key]) for key in keys if isinstance(entry.get(key), str)}
    lengths = {key: len(found) for key, found in lists.items() if len(found) > 1}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"the ranges of {', '.join(lengths)} are not equally long")
    count = max(lengths.values(), default=1)
    return [
        dict(entry, **{key: found[number if key in lengths else 0] for key, found in lists.items()})
        for number in range(count)
    ]


def entries(
    state: Mapping[str, Any], part: str, known: Iterable[str], counted: Sequence[str], needed: Sequence[str] = ()
) -> List[Dict[str, Any]]:
    """Return a part of a state as single entries; ValueError names the first one that has no such form.

    known: keys that an entry may have. counted: those that may have a range. needed: texts that may not be missing.
    """
    found: List[Dict[str, Any]] = []
    given = state.get(part) or []
    if not isinstance(given, list):
        raise ValueError(f"{part} must be a list, not {given!r}")
    for number, entry in enumerate(given):
        path = f"{part}[{number}]"
        if not isinstance(entry, dict):
            raise ValueError(f"{path} must be an object, not {entry!r}")
        unknown = sorted(set(entry) - set(known))
        if unknown:
            raise ValueError(f"{path} has no {', '.join(unknown)}; it has {', '.join(sorted(known))}")
        for key in needed:
            if not isinstance(entry.get(key), str) or not entry[key]:
                raise ValueError(f"{path} needs a {key}, a text")
        try:
            found += in_step(entry, counted)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    return found
