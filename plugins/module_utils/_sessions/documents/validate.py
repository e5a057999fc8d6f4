# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session documents as people write them: read, and everything that is wrong found. Pure: no AWS, no Ansible."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..._reconcile import Problems
from ..._shape import listed, nearest
from ..._tags import tag_findings
from ..preferences.records import INPUTS, MINUTES
from ..preferences.validate import input_findings, wanted_inputs
from .goal import goal_content
from .records import (
    COMMAND_TYPES,
    PARAMETER_FIELDS,
    PORT,
    PORT_PROPERTIES,
    SESSION_TYPES,
    SYSTEMS,
    Wanted,
    name_problem,
)
from .rules import MISSING, WRONG, Finding, Path, findings

_PATH_OF_PROPERTY = {name: option for option, name in PORT_PROPERTIES.items()}
_FIELD_OPTIONS = {name: option for option, name in PARAMETER_FIELDS.items()}
_FIELD_OPTIONS.update(runAsElevated="run_as_elevated", sessionType="session_type")
# What content says too.
_COMPOSING = ("session_type", "description", "inputs", "parameters", "commands") + tuple(PORT_PROPERTIES)

# A finding: where under the document, and what is wrong.
Text = Tuple[str, str]


def wanted_documents(items: Sequence[Mapping[str, Any]], purge_tags: bool, others: Sequence[str] = ()) -> List[Wanted]:
    """The option `documents` as records; `Problems` with all that is wrong, after the `others`."""
    problems = list(others)
    wanted: List[Wanted] = []
    seen: Dict[str, int] = {}
    for index, item in enumerate(items):
        path = f"documents[{index}]"
        name = item["name"]
        first = seen.setdefault(name, index)
        if first != index:
            problems.append(f"{path}.name: '{name}' is named twice, as in documents[{first}]; name it once")
        texts = list(_item_findings(item))
        problems.extend(f"{path}.{where}: {text}" for where, text in texts)
        if not texts:
            want = _record(item, path, purge_tags)
            wanted.append(want)
            problems.extend(early_problems(want))
    if problems:
        raise Problems(problems)
    return wanted


def early_problems(want: Wanted) -> List[str]:
    """What is wrong whatever is there already."""
    if want.absent:
        return []
    found = findings(goal_content(None, want))
    whole = want.content is not None
    return [told(want, finding) for finding in found if finding.kind == WRONG or (whole and finding.kind == MISSING)]


def told(want: Wanted, finding: Finding) -> str:
    """A finding as a person reads it, with the option."""
    return f"{want.path}.{option_path(finding.path, want.content is not None)}: {finding.text}"


def option_path(path: Path, whole: bool = False) -> str:
    """The option that stands for a place in the content; whole: it was given as `content`."""
    if whole:
        return ".".join(("content",) + path)
    if not path:
        return "parameters"  # nothing else can be too long
    if path[0] == "parameters" and len(path) > 1:
        return ".".join([f"parameters[{path[1]}]"] + [_FIELD_OPTIONS.get(key, key) for key in path[2:]])
    if path[0] == "inputs" and len(path) > 1:
        options = {name: option for option, name in INPUTS.items()}
        return ".".join(["inputs"] + [options.get(key, key) for key in path[1:]])
    if path[0] != "properties":
        return _FIELD_OPTIONS.get(path[0], path[0])
    if len(path) == 1:
        return "commands"
    if path[1] in _PATH_OF_PROPERTY:
        return _PATH_OF_PROPERTY[path[1]]
    return ".".join(["commands"] + [_FIELD_OPTIONS.get(key, key) for key in path[1:]])


def _item_findings(item: Mapping[str, Any]) -> Iterator[Text]:
    problem = name_problem(item["name"])
    if problem:
        yield "name", problem
    if item.get("state") == "absent":
        return
    yield from (("tags", text) for text in tag_findings(item.get("tags")))
    given = [option for option in _COMPOSING if item.get(option) is not None]
    if item.get("content") is not None:
        if given:
            yield "content", f"is the whole document, so it excludes {listed(given)}; say it there"
        yield from _raw_input_findings(item["content"].get("inputs"))
        return
    session_type = item.get("session_type")
    if session_type is None:
        yield "session_type", f"is missing; give one of {listed(SESSION_TYPES)}, or the whole document as content"
        return
    yield from _type_findings(SESSION_TYPES[session_type], session_type, item)
    yield from ((f"inputs.{text.split(': ', 1)[0]}", text.split(": ", 1)[1]) for text in _input_texts(item))
    yield from _twice([each["name"] for each in item.get("parameters") or []])


def _input_texts(item: Mapping[str, Any]) -> Iterator[str]:
    return input_findings(item.get("inputs") or {})


def _twice(names: Sequence[str]) -> Iterator[Text]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield f"parameters[{index}].name", f"'{name}' is named twice"


def _type_findings(session_type: str, word: str, item: Mapping[str, Any]) -> Iterator[Text]:
    for option in PORT_PROPERTIES:
        if item.get(option) is not None and session_type != PORT:
            yield option, f"counts for nothing with session_type {word}; leave it out"
    commands = item.get("commands")
    if commands is not None and session_type not in COMMAND_TYPES:
        yield "commands", f"counts for nothing with session_type {word}; leave it out"
    elif commands is not None and not any(commands.get(system) for system in SYSTEMS):
        yield "commands", f"names no system; give one of {listed(SYSTEMS)}"


def _raw_input_findings(inputs: Any) -> Iterator[Text]:
    """The inputs of a whole document, by AWS's names, with the rules of the preferences."""
    options = {name: option for option, name in INPUTS.items()}
    params: Dict[str, Any] = {}
    for name, value in inputs.items() if isinstance(inputs, Mapping) else ():
        where = f"content.inputs.{name}"
        if name not in options:
            yield where, f"Session Manager has no such input{nearest(name, options)}"
        elif isinstance(value, str) and "{{" in value:
            continue  # a parameter
        elif name == "shellProfile":
            if not isinstance(value, Mapping):
                yield where, "is not a mapping; give linux and windows"
        elif name.endswith("Enabled"):
            if not isinstance(value, bool):
                yield where, f"{value!r} is neither true nor false"
        elif not isinstance(value, str):
            yield where, f"{value!r} is not a text; quote it"
        elif name in MINUTES and value:
            if value.isdigit():
                params[options[name]] = int(value)
            else:
                yield where, f"'{value}' is not a number of minutes"
        else:
            params[options[name]] = value or None
    for text in input_findings(params):
        option, _colon, rest = text.partition(": ")
        yield f"content.inputs.{INPUTS[option]}", rest


def _record(item: Mapping[str, Any], path: str, purge_tags: bool) -> Wanted:
    """The record of an item that has no findings."""
    if item.get("state") == "absent":
        return Wanted(path, item["name"], absent=True)
    tags = item.get("tags")
    tags = None if tags is None else {key: str(value) for key, value in tags.items()}
    if item.get("content") is not None:
        return Wanted(path, item["name"], content=item["content"], tags=tags, purge_tags=purge_tags)
    return Wanted(
        path,
        item["name"],
        session_type=SESSION_TYPES[item["session_type"]],
        description=item.get("description"),
        inputs=None if item.get("inputs") is None else wanted_inputs(item["inputs"]),
        parameters=_parameters(item.get("parameters")),
        properties={
            name: item[option].strip() for option, name in PORT_PROPERTIES.items() if item.get(option) is not None
        },
        commands=_commands(item.get("commands")),
        tags=tags,
        purge_tags=purge_tags,
    )


def _parameters(items: Optional[Sequence[Mapping[str, Any]]]) -> Optional[Dict[str, Dict[str, Any]]]:
    if items is None:
        return None
    return {
        item["name"]: {
            name: _quoted(item[option]) if option == "default" else item[option]
            for option, name in PARAMETER_FIELDS.items()
            if item.get(option) is not None
        }
        for item in items
    }


def _quoted(value: Any) -> Any:
    """A default as AWS takes it: YAML's numbers as texts."""
    if isinstance(value, list):
        return [_quoted(entry) for entry in value]
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _commands(given: Optional[Mapping[str, Any]]) -> Optional[Dict[str, Dict[str, Any]]]:
    if given is None:
        return None
    return {
        system: dict(commands=given[system]["commands"], runAsElevated=bool(given[system].get("run_as_elevated")))
        for system in SYSTEMS
        if given.get(system)
    }
