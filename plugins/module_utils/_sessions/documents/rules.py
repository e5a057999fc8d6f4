# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the content of a session document, and what it lets through unawares. Pure: no AWS, no Ansible.

One set of rules for what a task asks for, for what would come of it together with what is there, and for what
`session_document_info` finds.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from ..._shape import listed, nearest
from .parameters import Parameter
from .records import (
    COMMAND_TYPES,
    FORWARDING,
    MAX_BYTES,
    PORT,
    SCHEMA_VERSION,
    SESSION_TYPES,
    STANDARD_STREAM,
    SYSTEMS,
    TOP_KEYS,
)

# Kinds of findings: AWS or the agent would refuse it, or it is not safe; something is missing, which may be there
# already; it works and lets more through than people may think.
WRONG, MISSING, RISK = "wrong", "missing", "risk"

# The place of a finding in the content, by AWS's names.
Path = Tuple[str, ...]

_REFERENCE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_WHOLE_REFERENCE = re.compile(r"\{\{\s*([a-zA-Z0-9]+)\s*\}\}")
_PORT = re.compile(r"[0-9]{1,5}")
_HOST = re.compile(r"[a-zA-Z0-9_.:\-]{1,253}")


@dataclass(frozen=True)
class Finding:
    path: Path
    text: str
    kind: str = WRONG


def findings(content: Mapping[str, Any]) -> List[Finding]:
    """Everything that is wrong, missing or risky."""
    shape = list(_shape_findings(content))
    if shape:
        return shape  # the rest takes the shape for granted
    parameters = {name: Parameter(name, fields) for name, fields in (content.get("parameters") or {}).items()}
    found = [
        Finding(("parameters", name) + where, text)
        for name, parameter in parameters.items()
        for where, text in parameter.findings()
    ]
    properties = content.get("properties") or {}
    if content["sessionType"] == PORT:
        found.extend(_port_findings(properties, parameters))
    elif content["sessionType"] in COMMAND_TYPES or properties:
        found.extend(_command_findings(properties, parameters))
    if content["sessionType"] == STANDARD_STREAM:
        found.extend(_stream_findings(content))
    for key in ("inputs", "properties"):
        found.extend(_reference_findings((key,), content.get(key) or {}, parameters))
    return found


def references(text: str) -> List[str]:
    """The parameters that a text names as {{ name }}; those of Parameter Store, {{ssm:name}}, are others."""
    return [name for name in _REFERENCE.findall(text) if not name.startswith("ssm:")]


def command_text(value: Any) -> str:
    """Commands as one text, also where they are written as a list of lines."""
    return "\n".join(str(line) for line in value) if isinstance(value, list) else str(value or "")


def _shape_findings(content: Mapping[str, Any]) -> Iterator[Finding]:
    for key in content:
        if key not in TOP_KEYS:
            meant = nearest(key, TOP_KEYS) or "; known are " + listed(TOP_KEYS)
            yield Finding((str(key),), f"no such key{meant}")
    if content.get("schemaVersion") != SCHEMA_VERSION:
        yield Finding(("schemaVersion",), f"{content.get('schemaVersion')!r} is not '{SCHEMA_VERSION}', in quotes")
    session_type = content.get("sessionType")
    if session_type not in SESSION_TYPES.values():
        meant = nearest(session_type, SESSION_TYPES.values())
        yield Finding(("sessionType",), f"{session_type!r} is not one of {listed(SESSION_TYPES.values())}{meant}")
    if not isinstance(content.get("description", ""), str):
        yield Finding(("description",), f"{content['description']!r} is not a text; quote it")
    for key in ("inputs", "parameters", "properties"):
        if not isinstance(content.get(key) or {}, Mapping):
            yield Finding((key,), "is not a mapping; give 'key: value' pairs")
    size = len(json.dumps(content, ensure_ascii=False, default=str).encode("utf-8"))
    if size > MAX_BYTES:
        yield Finding((), f"{size} bytes are more than the {MAX_BYTES} that AWS takes")


def _stream_findings(content: Mapping[str, Any]) -> Iterator[Finding]:
    inputs = content.get("inputs")
    if not inputs:
        yield Finding(("inputs",), "is missing; a Standard_Stream document needs it", MISSING)
    elif inputs.get("runAsEnabled") is not True:
        yield Finding(
            ("inputs", "runAsEnabled"),
            "is off, so that its sessions run as ssm-user with its sudo rights, whatever the preferences say; turn it "
            "on where Run As counts",
            RISK,
        )


def _port_findings(properties: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> Iterator[Finding]:
    if properties.get("portNumber") in (None, ""):
        yield Finding(("properties", "portNumber"), "is missing; give the port to forward to", MISSING)
    else:
        yield from _one_port("portNumber", 1, properties["portNumber"], parameters, "any port")
    if properties.get("localPortNumber") not in (None, ""):
        yield from _one_port("localPortNumber", 0, properties["localPortNumber"], parameters, "")
    forwarding = properties.get("type")
    if forwarding not in (None, FORWARDING):
        yield Finding(("properties", "type"), f"{forwarding!r} is not '{FORWARDING}'")
    host = properties.get("host")
    if host in (None, ""):
        return
    path = ("properties", "host")
    if not isinstance(host, str) or not _HOST.fullmatch(_REFERENCE.sub("x", host)):
        yield Finding(path, f"{host!r} is neither the name nor the address of a host")
    elif forwarding != FORWARDING:
        yield Finding(path, f"counts for nothing unless properties.type is '{FORWARDING}'")
    else:
        for name in references(host):
            if name in parameters and not parameters[name].limited:
                yield Finding(path, f"reaches any host, because nothing limits the parameter '{name}'", RISK)


def _one_port(key: str, least: int, value: Any, parameters: Mapping[str, Parameter], reach: str) -> Iterator[Finding]:
    """A port, or a parameter for one; reach: what it lets through if nothing limits the parameter."""
    path = ("properties", key)
    if isinstance(value, int):
        yield Finding(path, f"{value!r} is a number; AWS takes a text, so quote it")
        return
    whole = _WHOLE_REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if whole is None:
        if not _is_port(value, least):
            yield Finding(path, f"{value!r} is not a port, {least} to 65535, and not one parameter, {{{{ name }}}}")
        return
    parameter = parameters.get(whole.group(1))
    if parameter is None:
        return  # told with the references
    for text in parameter.samples():
        if not _is_port(text, least):
            where = ("parameters", parameter.name)
            yield Finding(where, f"{text!r}, which it lets through for {key}, is not a port, {least} to 65535")
    if reach and not parameter.limited:
        yield Finding(path, f"reaches {reach}, because nothing limits the parameter '{parameter.name}'", RISK)


def _is_port(value: Any, least: int) -> bool:
    return isinstance(value, str) and bool(_PORT.fullmatch(value)) and least <= int(value) <= 65535


def _command_findings(properties: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> Iterator[Finding]:
    if not properties:
        yield Finding(("properties",), f"is missing; give commands for {listed(SYSTEMS)}", MISSING)
    told: Dict[str, None] = {}
    for key, entry in properties.items():
        path = ("properties", str(key))
        if str(key).lower() not in SYSTEMS:
            yield Finding(path, f"no such system{nearest(key, SYSTEMS) or '; known are ' + listed(SYSTEMS)}")
        elif not isinstance(entry, Mapping):
            yield Finding(path, "is not a mapping; give commands and runAsElevated")
        else:
            yield from _system_findings(path, entry)
            told.update(dict.fromkeys(references(command_text(entry.get("commands")))))
    for name in told:
        if name in parameters:
            yield from _injection_findings(parameters[name])


def _system_findings(path: Path, entry: Mapping[str, Any]) -> Iterator[Finding]:
    commands, elevated = entry.get("commands"), entry.get("runAsElevated", False)
    lines = commands if isinstance(commands, list) else [commands]
    if not command_text(commands).strip() or not all(isinstance(line, str) for line in lines):
        yield Finding(path + ("commands",), "is empty or not a text; give the command to run")
    if not isinstance(elevated, bool):
        yield Finding(path + ("runAsElevated",), f"{elevated!r} is neither true nor false")
    elif elevated:
        root = "SYSTEM" if path[-1].lower() == "windows" else "root"
        yield Finding(
            path + ("runAsElevated",),
            f"runs the command as {root} for everybody who may use the document, which is a way round Run As",
            RISK,
        )


def _injection_findings(parameter: Parameter) -> Iterator[Finding]:
    path = ("parameters", parameter.name)
    if not parameter.limited:
        yield Finding(
            path,
            "becomes part of a command, and nothing limits it, so that whoever may use the document can run anything; "
            f"give allowed values or an anchored pattern (^.*$ where that is meant), or let the command read "
            f'"$SSM_{parameter.name}" instead, with the interpolation type ENV_VAR',
        )
        return
    through = parameter.shell_characters()
    if through:
        yield Finding(
            path + ("allowedPattern",),
            f"lets {' '.join(through)} through, with which a value can run commands of its own; narrow it",
            RISK,
        )


def _reference_findings(path: Path, value: Any, parameters: Mapping[str, Parameter]) -> Iterator[Finding]:
    """Parameters that are named and not there."""
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _reference_findings(path + (str(key),), entry, parameters)
    elif isinstance(value, list):
        yield from _reference_findings(path, command_text(value), parameters)
    elif isinstance(value, str):
        for name in dict.fromkeys(references(value)):
            if name not in parameters:
                meant = nearest(name, parameters)
                yield Finding(path, f"there is no parameter '{name}'{meant}; add it to parameters", MISSING)


def whole_reference(value: Any) -> Optional[str]:
    """The parameter that a value is, if it is nothing else."""
    match = _WHOLE_REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return match.group(1) if match else None
