# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and answers against the service models that botocore ships.

A request that breaks its model is refused with AWS's ValidationException; an answer that breaks its model is a bug of
the emulator and becomes an InternalFailure that names it.
"""

from __future__ import annotations

import functools
from typing import Any, Iterator, List, Optional

import botocore.session
import regex
from botocore.model import OperationModel, Shape

_NUMBERS = ("integer", "long", "float", "double")


@functools.lru_cache(maxsize=None)
def service_model(service: str) -> Any:
    return _session().get_service_model(service)


@functools.lru_cache(maxsize=None)
def operation_model(service: str, operation: str) -> Optional[OperationModel]:
    """Return the model of an operation, or None if the service has no such operation."""
    model = service_model(service)
    return model.operation_model(operation) if operation in model.operation_names else None


@functools.lru_cache(maxsize=None)
def _session() -> Any:
    return botocore.session.get_session()


@functools.lru_cache(maxsize=None)
def _pattern(text: str) -> Any:
    try:
        return regex.compile(text)
    except regex.error:  # a pattern of another dialect says nothing here
        return None


def input_problem(shape: Optional[Shape], value: Any) -> Optional[str]:
    """Return AWS's message on an input that breaks its shape, None if it fits."""
    problems = list(_input(shape, value, "")) if shape is not None else []
    if not problems:
        return None
    noun = "error" if len(problems) == 1 else "errors"
    return f"{len(problems)} validation {noun} detected: " + "; ".join(problems)


def _input(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if getattr(shape, "is_document_type", False):
        return
    if not _right_type(shape, value):
        yield f"Value at '{path}' failed to satisfy constraint: Member must be of type {shape.type_name}"
    elif shape.type_name == "structure":
        yield from _structure(shape, value, path)
    elif shape.type_name == "list":
        yield from _length(shape, value, path)
        for index, item in enumerate(value):
            yield from _input(shape.member, item, f"{path}.{index + 1}.member")
    elif shape.type_name == "map":
        yield from _length(shape, value, path)
        for key, item in value.items():
            yield from _input(shape.key, key, path)
            yield from _input(shape.value, item, f"{path}.{key}")
    elif shape.type_name == "string":
        yield from _string(shape, value, path)
    elif shape.type_name in _NUMBERS:
        yield from _range(shape, value, path)


def _structure(shape: Any, value: Any, path: str) -> Iterator[str]:
    given = {name: item for name, item in value.items() if item is not None}
    for name in shape.required_members:
        if name not in given:
            yield f"Value null at '{_join(path, name)}' failed to satisfy constraint: Member must not be null"
    for name, item in given.items():
        if name in shape.members:
            yield from _input(shape.members[name], item, _join(path, name))
    if shape.metadata.get("union") and len(given) != 1:
        yield f"Value at '{path}' failed to satisfy constraint: exactly one member must be given"


def _string(shape: Any, value: str, path: str) -> Iterator[str]:
    shown = f"Value at '{path}'" if shape.metadata.get("sensitive") else f"Value '{value}' at '{path}'"
    start = f"{shown} failed to satisfy constraint: Member must"
    if shape.enum and value not in shape.enum:
        yield f"{start} satisfy enum value set: [{', '.join(shape.enum)}]"
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and len(value) < least:
        yield f"{start} have length greater than or equal to {least}"
    if most is not None and len(value) > most:
        yield f"{start} have length less than or equal to {most}"
    text = shape.metadata.get("pattern")
    pattern = _pattern(text) if text else None
    if pattern is not None and not pattern.fullmatch(value):
        yield f"{start} satisfy regular expression pattern: {text}"


def _length(shape: Shape, value: Any, path: str) -> Iterator[str]:
    start = f"Value at '{path}' failed to satisfy constraint: Member must have length"
    if len(value) < shape.metadata.get("min", 0):
        yield f"{start} greater than or equal to {shape.metadata['min']}"
    if len(value) > shape.metadata.get("max", len(value)):
        yield f"{start} less than or equal to {shape.metadata['max']}"


def _range(shape: Shape, value: Any, path: str) -> Iterator[str]:
    start = f"Value '{value}' at '{path}' failed to satisfy constraint: Member must have value"
    if value < shape.metadata.get("min", value):
        yield f"{start} greater than or equal to {shape.metadata['min']}"
    if value > shape.metadata.get("max", value):
        yield f"{start} less than or equal to {shape.metadata['max']}"


def _right_type(shape: Shape, value: Any) -> bool:
    kind = shape.type_name
    if kind in ("structure", "map"):
        return isinstance(value, dict)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in _NUMBERS:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, {"list": list, "string": str}.get(kind, object))


def _join(path: str, name: str) -> str:
    wire = name[:1].lower() + name[1:]
    return f"{path}.{wire}" if path else wire


def output_problems(shape: Optional[Shape], value: Any) -> List[str]:
    """Return what is wrong with an answer: unknown or missing members, and values of the wrong type."""
    if shape is None:
        return [] if not value else ["the operation has no answer"]
    return list(_output(shape, value, "answer"))


def _output(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if getattr(shape, "is_document_type", False):
        return
    if shape.type_name == "timestamp":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"{path} is not a timestamp: {value!r}"
    elif not _right_type(shape, value):
        yield f"{path} is not a {shape.type_name}: {value!r}"
    elif shape.type_name == "structure":
        for name in shape.required_members:
            if name not in value:
                yield f"{path}.{name} is missing"
        for name, item in value.items():
            if name not in shape.members:
                yield f"{path}.{name} is not in the model"
            else:
                yield from _output(shape.members[name], item, f"{path}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from _output(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _output(shape.value, item, f"{path}[{key}]")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{path} is none of {shape.enum}: {value!r}"
