# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A parameter of a session document: what people may give for it. Pure: no AWS, no Ansible."""

from __future__ import annotations

import re
from typing import Any, Iterator, List, Mapping, Tuple

from ..._shape import listed, nearest
from .patterns import SHELL_CHARACTERS, lets_through, matches, pattern_problem
from .records import ENV_VAR, PARAMETER_FIELDS

TYPES = ("String", "StringList", "Integer", "Boolean", "MapList", "StringMap")

_NAME = re.compile(r"[a-zA-Z0-9]+")
_FIELDS = tuple(PARAMETER_FIELDS.values()) + ("displayType",)
_BOUNDS = (("minChars", "maxChars"), ("minItems", "maxItems"))

# The field that is wrong, as a path, and what is wrong with it.
Text = Tuple[Tuple[str, ...], str]


class Parameter:
    """fields: by AWS's names, as the document has them."""

    def __init__(self, name: str, fields: Any) -> None:
        self.name = name
        self._given = fields
        self._fields: Mapping[str, Any] = fields if isinstance(fields, Mapping) else {}

    @property
    def limited(self) -> bool:
        """Whether anything but its length limits what people give."""
        return bool(self._fields.get("allowedValues") or self._fields.get("allowedPattern"))

    def samples(self) -> List[Any]:
        """Values that are known to get through."""
        values = list(self._fields.get("allowedValues") or [])
        return values + ([self._fields["default"]] if "default" in self._fields else [])

    def shell_characters(self) -> List[str]:
        """What gets through and means something to a shell; nothing where the values are listed."""
        pattern = self._fields.get("allowedPattern")
        if self._fields.get("allowedValues") or not isinstance(pattern, str) or pattern_problem(pattern):
            return []
        return [SHELL_CHARACTERS[character] for character in lets_through(pattern, list(SHELL_CHARACTERS))]

    def findings(self) -> Iterator[Text]:
        """What AWS or the agent would refuse, and patterns that limit nothing."""
        if not _NAME.fullmatch(self.name):
            yield (), f"'{self.name}' is no name of a parameter; the agent takes letters and digits only"
        if not isinstance(self._given, Mapping):
            yield (), "is not a mapping; give its type and what limits it"
            return
        for key in self._fields:
            if key not in _FIELDS:
                yield (str(key),), f"no such key{nearest(key, _FIELDS) or '; known are ' + listed(_FIELDS)}"
        yield from self._type_findings()
        yield from self._limit_findings()
        yield from self._default_findings()

    def _type_findings(self) -> Iterator[Text]:
        type_ = self._fields.get("type")
        if str(type_).lower() not in [known.lower() for known in TYPES]:
            yield ("type",), f"{type_!r} is not one of {listed(TYPES)}{nearest(type_, TYPES)}"
        kind = self._fields.get("interpolationType")
        if kind is not None and kind != ENV_VAR:
            yield ("interpolationType",), f"{kind!r} is not {ENV_VAR}"
        elif kind is not None and str(type_).lower() != "string":
            yield ("interpolationType",), f"{ENV_VAR} is for the type String only, and this is {type_}"

    def _limit_findings(self) -> Iterator[Text]:
        values, pattern = self._fields.get("allowedValues"), self._fields.get("allowedPattern")
        if values is not None and (not isinstance(values, list) or not values):
            yield ("allowedValues",), "is not a list with at least one value"
        elif values and not all(isinstance(value, str) for value in values):
            yield ("allowedValues",), "has values that are no texts; quote them"
        if pattern is not None:
            problem = pattern_problem(pattern) if isinstance(pattern, str) else f"{pattern!r} is not a text"
            if problem:
                yield ("allowedPattern",), problem
        for least, most in _BOUNDS:
            low, high = self._fields.get(least), self._fields.get(most)
            for key, value in ((least, low), (most, high)):
                if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
                    yield (key,), f"{value!r} is not a whole number from 0"
            if isinstance(low, int) and isinstance(high, int) and low > high:
                yield (least,), f"{low} is more than the most, {high}"

    def _default_findings(self) -> Iterator[Text]:
        """A default that is not let through makes every session without the parameter fail."""
        default = self._fields.get("default")
        for value in default if isinstance(default, list) else [default]:
            if not isinstance(value, str) or value.startswith("{{"):
                continue
            if self._refuses(value):
                yield ("default",), f"'{value}' is not a value that the parameter lets through"

    def _refuses(self, value: str) -> bool:
        values, pattern = self._fields.get("allowedValues"), self._fields.get("allowedPattern")
        if isinstance(values, list) and values and value not in values:
            return True
        if isinstance(pattern, str) and not pattern_problem(pattern) and not matches(pattern, value):
            return True
        low, high = self._fields.get("minChars"), self._fields.get("maxChars")
        return isinstance(low, int) and len(value) < low or isinstance(high, int) and len(value) > high
