# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SSM takes as the parameters and properties of a Session document."""

from __future__ import annotations

import re
from typing import Any, Dict, Optional

_TYPES = ("string", "stringlist", "integer", "boolean", "maplist", "stringmap")
_FIELDS = ("type", "description", "default", "allowedValues", "allowedPattern", "displayType", "minChars", "maxChars",
           "minItems", "maxItems", "interpolationType")
_NUMBERS = ("minChars", "maxChars", "minItems", "maxItems")
_SYSTEMS = ("linux", "windows", "macos")
_PORT_TEXTS = ("portNumber", "localPortNumber", "host", "type")
_COMMAND_TYPES = ("InteractiveCommands", "NonInteractiveCommands")


def parts_problem(content: Dict[str, Any]) -> Optional[str]:
    """Return what is wrong with parameters or properties, None if they are sound."""
    parameters, properties = content.get("parameters", {}), content.get("properties", {})
    if not isinstance(parameters, dict) or not isinstance(properties, dict):
        return "Parameters and properties must be objects."
    for name, fields in parameters.items():
        problem = _parameter_problem(fields)
        if problem:
            return f"Parameter {name} {problem}."
    if content["sessionType"] == "Port":
        return _port_problem(properties)
    if content["sessionType"] in _COMMAND_TYPES:
        return _commands_problem(properties)
    return None


def _parameter_problem(fields: Any) -> Optional[str]:
    if not isinstance(fields, dict) or str(fields.get("type")).lower() not in _TYPES:
        return "has no valid type"
    unknown = sorted(set(fields) - set(_FIELDS))
    if unknown:
        return f"has unknown keys: {', '.join(unknown)}"
    if any(not isinstance(fields[key], int) for key in _NUMBERS if key in fields):
        return "has a bound that is not a number"
    values, default = fields.get("allowedValues"), fields.get("default")
    if values is not None and not isinstance(values, list):
        return "has allowedValues that are not a list"
    try:
        pattern = re.compile(fields.get("allowedPattern") or "")
    except (re.error, TypeError):
        return "has an allowedPattern that is not a regular expression"
    if isinstance(default, str) and (values and default not in values or not pattern.search(default)):
        return "has a default that is not allowed"
    return None


def _port_problem(properties: Dict[str, Any]) -> Optional[str]:
    wrong = [key for key in _PORT_TEXTS if not isinstance(properties.get(key, ""), str)]
    if wrong:
        return f"The property {wrong[0]} is not a text."
    return None if properties.get("portNumber") else "A Port document needs the property portNumber."


def _commands_problem(properties: Dict[str, Any]) -> Optional[str]:
    for system, entry in properties.items():
        if system.lower() not in _SYSTEMS or not isinstance(entry, dict):
            return f"The property {system} is not an object for {', '.join(_SYSTEMS)}."
        if not isinstance(entry.get("commands"), (str, list)):
            return f"The property {system} has no commands."
        if not isinstance(entry.get("runAsElevated", False), bool):
            return f"The property {system} has a runAsElevated that is not true or false."
    return None
