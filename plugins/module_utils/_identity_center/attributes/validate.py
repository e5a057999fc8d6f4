# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes for access control as people write them: what Identity Center would refuse, or take and not understand.

Limits from CreateInstanceAccessControlAttributeConfiguration in the IAM Identity Center API reference.
"""

from __future__ import annotations

import unicodedata
from typing import Any, Dict, Iterator, List, Mapping

from ..._reconcile import Problems, UserError
from .records import Wanted
from .sources import source_path

MAX_ATTRIBUTES = 50
MAX_KEY = 128

_PUNCTUATION = set("_.:/=+-@")


def wanted_attributes(params: Mapping[str, Any]) -> Wanted:
    """The module's options as a record; `Problems` with every finding where there is any."""
    attributes: Mapping[str, Any] = params.get("attributes") or {}
    absent = params["state"] == "absent"
    problems = list(_option_problems(params, absent))
    problems.extend(_key_problems(attributes))
    put: Dict[str, str] = {}
    for key, source in attributes.items():
        if absent:
            continue
        try:
            put[key] = source_path(source)
        except UserError as error:
            problems.append(f"attributes.{key}: {error.message}")
    if problems:
        raise Problems(problems)
    if params["disable"]:
        return Wanted(disable=True)
    return Wanted(put=put, remove=tuple(attributes) if absent else (), purge=params["purge"])


def count_problem(sources: Mapping[str, str]) -> List[str]:
    """What is wrong with the number of attributes that there would be."""
    if len(sources) <= MAX_ATTRIBUTES:
        return []
    return [
        f"attributes: {len(sources)} attributes, with those that are there already, are more than the "
        f"{MAX_ATTRIBUTES} that an instance can have; remove some with state=absent, or use purge=true"
    ]


def _option_problems(params: Mapping[str, Any], absent: bool) -> Iterator[str]:
    given = params.get("attributes") is not None
    if params["disable"]:
        if given:
            yield "disable: true turns the feature off and drops every attribute; leave `attributes` out, or disable"
        if absent or params["purge"]:
            yield "disable: true goes with neither state=absent nor purge=true; leave them out"
        return
    if not given:
        yield "attributes: is missing; give KEY: source pairs, such as SSMSessionRunAs: nickName"
    if absent and params["purge"]:
        yield "purge: true goes with state=present only; state=absent removes the named keys and no others"


def _key_problems(attributes: Mapping[str, Any]) -> Iterator[str]:
    for key in attributes:
        odd = [character for character in key if not _allowed(character)]
        if not 1 <= len(key) <= MAX_KEY:
            yield f"attributes.{key}: the key has {len(key)} characters; give 1 to {MAX_KEY}"
        elif odd:
            yield (
                f"attributes.{key}: the key has {odd[0]!r}; AWS takes letters, digits, blanks or any of "
                + " ".join(sorted(_PUNCTUATION))
            )


def _allowed(character: str) -> bool:
    """AWS's own pattern: letters, separators and numbers of any script, and a little punctuation."""
    return character in _PUNCTUATION or unicodedata.category(character)[0] in "LZN"
