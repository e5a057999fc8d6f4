# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what people wrote: every value is checked, every problem is kept with its path, and nothing raises midway.

A `Reader` gives back something usable even where the input is wrong, so that one look finds all problems.
"""

from __future__ import annotations

import difflib
import re
from typing import Any, Dict, Iterable, List, Mapping, Optional, Pattern, Sequence

from ._reconcile import Problems

NOT_YET = "is not supported yet by this version"


def at(path: str, key: Any) -> str:
    """The path of an item: `grants` and 0 give `grants[0]`, `scope` and `ids` give `scope.ids`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)


def nearest(name: Any, known: Iterable[str]) -> str:
    """` (did you mean 'web-prod'?)`, or nothing where no known name is near."""
    by_lower = {str(entry).lower(): str(entry) for entry in known}
    close = difflib.get_close_matches(str(name).lower(), list(by_lower), n=1, cutoff=0.6)
    return f" (did you mean '{by_lower[close[0]]}'?)" if close else ""


def listed(names: Iterable[str]) -> str:
    return ", ".join(names)


class Reader:
    """Reads values and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.problems: List[str] = []

    def wrong(self, path: str, text: str) -> None:
        self.problems.append(f"{path}: {text}" if path else text)

    def stop_if_wrong(self) -> None:
        if self.problems:
            raise Problems(self.problems)

    def table(self, value: Any, path: str, known: Optional[Sequence[str]] = None) -> Dict[str, Any]:
        """A mapping with texts as keys; `known` are the only keys that it may have."""
        if not isinstance(value, Mapping):
            self.wrong(path, f"{_shown(value)} is not a mapping; give 'key: value' pairs")
            return {}
        table: Dict[str, Any] = {}
        for key, entry in value.items():
            if not isinstance(key, str) or not key.strip():
                self.wrong(path or "keys", f"the key {key!r} is not a text; quote it")
            elif known is not None and key not in known:
                meant = nearest(key, known) or "; known are " + listed(known)
                self.wrong(at(path, key), f"no such key{meant}")
            else:
                table[key] = entry
        return table

    def fields(self, value: Any, path: str, known: Sequence[str]) -> Dict[str, Any]:
        """A mapping with known keys only; a key without a value (`sessions:`) is as good as none."""
        return {key: entry for key, entry in self.table(value, path, known).items() if entry is not None}

    def rows(self, value: Any, path: str, empty: bool = False) -> List[Any]:
        """A list of anything."""
        if not isinstance(value, (list, tuple)):
            self.wrong(path, f"{_shown(value)} is not a list; write [..]")
            return []
        if not value and not empty:
            self.wrong(path, "the list is empty; name at least one, or leave the key out")
        return list(value)

    def texts(self, value: Any, path: str, empty: bool = False) -> Dict[int, str]:
        """A list of different texts, by their index, so that a later check can name the path of each."""
        found: Dict[int, str] = {}
        for index, entry in enumerate(self.rows(value, path, empty)):
            text = self.text(entry, at(path, index))
            if text is None:
                continue
            if text in found.values():
                self.wrong(at(path, index), f"'{text}' is named twice")
            else:
                found[index] = text
        return found

    def text(
        self,
        value: Any,
        path: str,
        form: Optional[Pattern[str]] = None,
        rule: str = "",
        longest: Optional[int] = None,
        empty: bool = False,
    ) -> Optional[str]:
        """A text; `form` has to match it wholly, and `rule` says in words what it asks for."""
        if not isinstance(value, str):
            self.wrong(path, _not_text(value))
            return None
        if value == "" and empty:
            return ""
        if value.strip() == "":
            self.wrong(path, "the text is empty")
            return None
        if longest is not None and len(value) > longest:
            self.wrong(path, f"'{value[:20]}...' is {len(value)} characters long; at most {longest} are allowed")
            return None
        if form is not None and not form.fullmatch(value):
            self.wrong(path, f"{value!r} is not {rule}")
            return None
        return str(value)

    def choice(self, value: Any, path: str, choices: Sequence[str]) -> Optional[str]:
        if isinstance(value, str) and value in choices:
            return str(value)
        self.wrong(path, f"{_shown(value)} is not one of {listed(choices)}{nearest(value, choices)}")
        return None

    def flag(self, value: Any, path: str) -> Optional[bool]:
        if isinstance(value, bool):
            return value
        self.wrong(path, f"{_shown(value)} is neither true nor false")
        return None

    def number(self, value: Any, path: str, low: int, high: int) -> Optional[int]:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.wrong(path, f"{_shown(value)} is not a whole number from {low} to {high}")
        return None


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _not_text(value: Any) -> str:
    if value is None:
        return "nothing is given; give a text"
    if isinstance(value, bool):
        return f"{value!r} is not a text; quote it, YAML takes yes, no, on and off for true and false"
    if isinstance(value, (int, float)):
        return f"{value!r} is a number, YAML may have changed it; quote it"
    return f"{_shown(value)} is not a text"
