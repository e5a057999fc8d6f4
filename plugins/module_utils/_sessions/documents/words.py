# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session documents in people's words: by the module's options, and in sentences. Pure: no AWS, no Ansible."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from ..preferences.plan import shown as shown_inputs
from ..preferences.records import INPUTS
from .records import (
    COMMAND_TYPES,
    FORWARDING,
    PARAMETER_FIELDS,
    PORT,
    PORT_PROPERTIES,
    SESSION_TYPES,
    STANDARD_STREAM,
    SYSTEMS,
    TOP_KEYS,
)
from .rules import command_text, references, whole_reference

# The options, in the order in which a change names them.
FIELDS = (
    "session_type",
    "description",
    "inputs",
    "parameters",
    "commands",
) + tuple(PORT_PROPERTIES)


def shown(content: Mapping[str, Any]) -> Dict[str, Any]:
    """The content by the module's options; what they do not cover is under `other_content`, by AWS's names."""
    session_type = content.get("sessionType")
    properties = _table(content.get("properties"))
    result: Dict[str, Any] = dict(
        session_type={name: word for word, name in SESSION_TYPES.items()}.get(str(session_type), session_type),
        description=content.get("description") or "",
        parameters=[_shown_parameter(*each) for each in sorted(_table(content.get("parameters")).items())],
    )
    inputs = _shown_inputs(content)
    if inputs:
        result["inputs"] = inputs
    other = {key: value for key, value in content.items() if key not in TOP_KEYS}
    if session_type == PORT:
        result.update({option: properties[name] for option, name in PORT_PROPERTIES.items() if name in properties})
        rest = {key: value for key, value in properties.items() if key not in PORT_PROPERTIES.values()}
        if rest.pop("type", None) != FORWARDING:
            rest["type"] = properties.get("type")
    else:
        commands = {key.lower(): _shown_command(value) for key, value in properties.items() if _is_system(key, value)}
        if commands or session_type in COMMAND_TYPES:
            result["commands"] = commands
        rest = _rest_of_commands(properties)
    if rest:
        other["properties"] = rest
    if other:
        result["other_content"] = other
    return result


def summary(content: Mapping[str, Any]) -> List[str]:
    """What the document lets people do, in sentences without a subject."""
    session_type = content.get("sessionType")
    properties = _table(content.get("properties"))
    if session_type == PORT:
        sentences = [_port_sentence(properties)]
        if properties.get("localPortNumber"):
            sentences.append(f"listens on {_port_word(properties['localPortNumber'])} of the person's own machine")
    elif session_type == STANDARD_STREAM and not properties:
        sentences = [f"opens a shell {_as_whom(content, False)}"]
    else:
        sentences = [
            f"runs '{command_text(entry.get('commands'))}' on {key.lower()} "
            + _as_whom(content, entry.get("runAsElevated") is True, key.lower() == "windows")
            for key, entry in sorted(properties.items())
            if _is_system(key, entry)
        ]
    named = references(str(properties) + str(content.get("inputs") or ""))
    parameters = _table(content.get("parameters"))
    sentences.extend(
        f"takes {name}, {_limit(_table(fields))}" for name, fields in sorted(parameters.items()) if name in named
    )
    return sentences


def _table(value: Any) -> Dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _is_system(key: str, value: Any) -> bool:
    return key.lower() in SYSTEMS and isinstance(value, Mapping)


def _shown_parameter(name: str, fields: Any) -> Dict[str, Any]:
    table = _table(fields)
    result = {"name": name}
    result.update({option: table[key] for option, key in PARAMETER_FIELDS.items() if key in table})
    result.update({key: value for key, value in table.items() if key not in PARAMETER_FIELDS.values()})
    return result


def _shown_inputs(content: Mapping[str, Any]) -> Dict[str, Any]:
    """All of a Standard_Stream document, which uses what is missing as what it means; else those that are there."""
    inputs = _table(content.get("inputs"))
    found = shown_inputs(dict(inputs=inputs))
    if content.get("sessionType") == STANDARD_STREAM:
        return found
    return {option: value for option, value in found.items() if option not in INPUTS or INPUTS[option] in inputs}


def _shown_command(entry: Mapping[str, Any]) -> Dict[str, Any]:
    return dict(commands=command_text(entry.get("commands")), run_as_elevated=entry.get("runAsElevated") is True)


def _rest_of_commands(properties: Mapping[str, Any]) -> Dict[str, Any]:
    rest: Dict[str, Any] = {}
    for key, value in properties.items():
        if not _is_system(key, value):
            rest[key] = value
            continue
        more = {name: entry for name, entry in value.items() if name not in ("commands", "runAsElevated")}
        if more:
            rest[key] = more
    return rest


def _port_sentence(properties: Mapping[str, Any]) -> str:
    port = _port_word(properties.get("portNumber", ""))
    host = properties.get("host")
    if not host:
        where = "the instance"
    elif whole_reference(host):
        where = f"the host that {whole_reference(host)} names, through the instance"
    else:
        where = f"{host}, through the instance"
    how = "" if properties.get("type") == FORWARDING else ", on standard input and output, as for SSH"
    return f"forwards to {port} of {where}{how}"


def _port_word(value: Any) -> str:
    name = whole_reference(value)
    return f"the port that {name} names" if name else f"port {value}"


def _as_whom(content: Mapping[str, Any], elevated: bool, windows: bool = False) -> str:
    if elevated:
        return "as SYSTEM" if windows else "as root"
    if windows:
        return "as ssm-user"
    if _table(content.get("inputs")).get("runAsEnabled") is True:
        return "as the person's own OS user (Run As)"
    if content.get("sessionType") in COMMAND_TYPES:
        return "as ssm-user, unless Run As of the preferences reaches it"
    return "as ssm-user, because Run As is off in this document"


def _limit(fields: Mapping[str, Any]) -> str:
    if fields.get("allowedValues"):
        return "one of " + ", ".join(str(value) for value in fields["allowedValues"])
    if fields.get("allowedPattern"):
        return f"which matches {fields['allowedPattern']}"
    return "which may be anything"
