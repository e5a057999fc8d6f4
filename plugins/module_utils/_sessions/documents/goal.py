# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content that a session document shall have: what is asked for, over what is there. Pure: no AWS, no Ansible."""

from __future__ import annotations

import copy
import json
from typing import Any, Dict, Mapping, Optional

from ..preferences.plan import merged
from ..preferences.records import INITIAL
from .records import FORWARDING, PORT, SCHEMA_VERSION, STANDARD_STREAM, SYSTEMS, Wanted
from .rules import command_text


def goal_content(have: Optional[Mapping[str, Any]], want: Wanted) -> Dict[str, Any]:
    """have: the content that is there; None where there is none. What it says already is written as it stands there."""
    goal = copy.deepcopy(dict(want.content)) if want.content is not None else _composed(have, want)
    if have is not None and same(have, goal):
        return copy.deepcopy(dict(have))
    return goal


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two contents mean the same; types count, because AWS takes '22' where it does not take 22."""
    return _normal(one) == _normal(other)


def _composed(have: Optional[Mapping[str, Any]], want: Wanted) -> Dict[str, Any]:
    if have is not None and have.get("sessionType") == want.session_type:
        content: Dict[str, Any] = copy.deepcopy(dict(have))
    else:
        content = _beginning(have or {}, str(want.session_type))
    if want.description is not None:
        content["description"] = want.description
    if want.inputs is not None:
        content["inputs"] = merged(content.get("inputs") or {}, want.inputs)
    if want.parameters is not None:
        content["parameters"] = {name: dict(fields) for name, fields in want.parameters.items()}
    properties = content.get("properties") or {}
    if want.commands is not None:
        properties = _with_commands(properties, want.commands)
    properties = dict(properties, **want.properties)
    properties = {key: value for key, value in properties.items() if value != ""}
    if properties or "properties" in content:
        content["properties"] = properties
    return {key: value for key, value in content.items() if key == "inputs" or value not in ("", {})}


def _beginning(have: Mapping[str, Any], session_type: str) -> Dict[str, Any]:
    """Of a document of another type of session, nothing stays but what it says for people and its inputs."""
    content: Dict[str, Any] = dict(
        schemaVersion=SCHEMA_VERSION, description=have.get("description") or "", sessionType=session_type
    )
    inputs = have.get("inputs") or (INITIAL["inputs"] if session_type == STANDARD_STREAM else None)
    if inputs:
        content["inputs"] = copy.deepcopy(inputs)
    if session_type == PORT:
        content["properties"] = dict(type=FORWARDING)
    return content


def _with_commands(properties: Mapping[str, Any], commands: Mapping[str, Mapping[str, Any]]) -> Dict[str, Any]:
    """The systems exactly as given, each under the name that it has there; what else is there stays."""
    result: Dict[str, Any] = {}
    for key, entry in properties.items():
        if key.lower() not in SYSTEMS:
            result[key] = entry
        elif key.lower() in commands:
            result[key] = dict(entry if isinstance(entry, Mapping) else {}, **commands[key.lower()])
    known = {key.lower() for key in result}
    result.update({system: dict(entry) for system, entry in commands.items() if system not in known})
    return result


def _normal(content: Mapping[str, Any]) -> str:
    """As text, because for Python 1 and true are equal; without what says nothing."""
    normal = {key: value for key, value in content.items() if value not in ("", {}, None)}
    properties = normal.get("properties")
    if isinstance(properties, Mapping):
        normal["properties"] = {key: _normal_property(value) for key, value in properties.items()}
    return json.dumps(normal, sort_keys=True, default=str)


def _normal_property(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    entry = dict(value, commands=command_text(value.get("commands")))
    if entry.get("runAsElevated") is False:
        del entry["runAsElevated"]
    return entry
