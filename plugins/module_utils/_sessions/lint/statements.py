# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy document taken apart, whatever its form: what cannot be read becomes a problem, never an error."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ..._shape import at, nearest
from .patterns import Arn, arn_of, names_action

ERROR, WARNING = "error", "warning"
POLICY = "the policy"
MALFORMED = "malformed"
VERSION = "2012-10-17"

_ELEMENTS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
_PRINCIPALS = ("Principal", "NotPrincipal")
_NAMES = (
    "ArnEquals ArnLike ArnNotEquals ArnNotLike BinaryEquals Bool DateEquals DateGreaterThan DateGreaterThanEquals "
    "DateLessThan DateLessThanEquals DateNotEquals IpAddress NotIpAddress Null NumericEquals NumericGreaterThan "
    "NumericGreaterThanEquals NumericLessThan NumericLessThanEquals NumericNotEquals StringEquals "
    "StringEqualsIgnoreCase StringLike StringNotEquals StringNotEqualsIgnoreCase StringNotLike"
)
_OPERATORS = {name.lower(): name for name in _NAMES.split()}
_SID = re.compile(r"[A-Za-z0-9]*")
_OPERATOR = re.compile(r"(?P<each>ForAllValues:|ForAnyValue:)?(?P<name>[A-Za-z]+?)(?P<if_exists>IfExists)?")


@dataclass(frozen=True)
class Problem:
    """place: where the statement stands in the document; what is about the whole policy stands before all."""

    rule: str
    severity: str
    statement: str
    path: str
    problem: str
    mend: str
    place: int = -1

    def shown(self) -> Dict[str, str]:
        keys = ("rule", "severity", "statement", "path", "problem", "mend")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True)
class Line:
    """One key of a Condition."""

    operator: str
    name: str
    key: str
    values: Tuple[str, ...]
    path: str
    if_exists: bool = False
    each: bool = False

    @property
    def negated(self) -> bool:
        return "Not" in self.name

    @property
    def needs_key(self) -> bool:
        """Whether it holds for no request that lacks the key."""
        if self.name == "Null":
            return self.values == ("false",)
        return not (self.if_exists or self.each or self.negated)

    def is_key(self, name: str) -> bool:
        return self.key.lower() == name.lower()

    def begins(self, prefix: str) -> bool:
        return self.key.lower().startswith(prefix.lower())


@dataclass(frozen=True)
class Statement:
    """A statement; resources that are no ARNs are only in `written`."""

    place: int
    name: str
    path: str
    effect: str
    actions: Tuple[str, ...] = ()
    not_actions: Tuple[str, ...] = ()
    written: Tuple[str, ...] = ()
    resources: Tuple[Arn, ...] = ()
    not_resources: Tuple[Arn, ...] = ()
    lines: Tuple[Line, ...] = ()
    excludes: bool = False

    def names(self, action: str) -> bool:
        if self.not_actions:
            return not any(names_action(pattern, action) for pattern in self.not_actions)
        return any(names_action(pattern, action) for pattern in self.actions)

    def allows(self, action: str) -> bool:
        return self.effect == "Allow" and self.names(action)

    def denies(self, action: str) -> bool:
        return self.effect == "Deny" and self.names(action)

    @property
    def verb(self) -> str:
        return "denies" if self.effect == "Deny" else "allows"

    @property
    def everywhere(self) -> bool:
        """Whether it is about every resource, or all but some."""
        return self.excludes or any(arn.everything for arn in self.resources)

    def found(self, rule: str, severity: str, problem: str, mend: str, path: str = "") -> Problem:
        return Problem(rule, severity, self.name, path or self.path, problem, mend, self.place)


@dataclass
class Document:
    version: str = ""
    statements: List[Statement] = field(default_factory=list)
    problems: List[Problem] = field(default_factory=list)

    def wrong(self, text: str, mend: str, path: str = "", name: str = POLICY, place: int = -1) -> None:
        self.problems.append(Problem(MALFORMED, ERROR, name, path, text, mend, place))


def read_document(raw: Any) -> Document:
    """A document as text or as data."""
    document = Document()
    if isinstance(raw, (str, bytes)):
        raw = _parsed(raw, document)
        if document.problems and raw is None:
            return document
    if raw == {}:  # what modules return where there is no policy
        return document
    if not isinstance(raw, Mapping):
        document.wrong("It is not a policy document: no JSON object.", "Give a document with Version and Statement.")
        return document
    document.version = str(raw.get("Version", ""))
    for key in raw:
        if key not in ("Version", "Id", "Statement"):
            meant = nearest(key, ("Version", "Id", "Statement"))
            document.wrong(f"IAM knows no element '{key}' here and refuses the policy{meant}.", "Remove it.", str(key))
    statements = raw.get("Statement")
    if isinstance(statements, Mapping):
        _read_statement(statements, 0, "Statement", document)
    elif isinstance(statements, (list, tuple)) and statements:
        for place, entry in enumerate(statements):
            _read_statement(entry, place, at("Statement", place), document)
    else:
        document.wrong("It has no statement, so it allows nothing.", "Give a list of statements.", "Statement")
    return document


def _parsed(text: Any, document: Document) -> Any:
    twice: List[str] = []

    def table(pairs: Sequence[Tuple[str, Any]]) -> Dict[str, Any]:
        names = [name for name, _value in pairs]
        twice.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
        return dict(pairs)

    try:
        data = json.loads(text, object_pairs_hook=table)
    except (ValueError, RecursionError) as error:
        document.wrong(f"It is not JSON ({error}).", "Mend the text; a JSON checker shows the place.")
        return None
    for name in dict.fromkeys(twice):
        document.wrong(
            f"'{name}' stands twice in one JSON object; at most one of the two counts.",
            "Put both into one: a list of values, or several keys below one operator.",
        )
    return data


def _read_statement(raw: Any, place: int, path: str, document: Document) -> None:
    name = f"statement {place + 1}"
    if not isinstance(raw, Mapping):
        document.wrong("It is no statement: no JSON object.", "Give Effect, Action and Resource.", path, name, place)
        return
    sid = raw.get("Sid", "")
    if isinstance(sid, str) and sid:
        name = sid

    def wrong(text: str, mend: str, key: str = "") -> None:
        document.wrong(text, mend, at(path, key) if key else path, name, place)

    if not isinstance(sid, str) or not _SID.fullmatch(sid):
        wrong(f"IAM takes letters and digits in a Sid, and refuses {sid!r}.", "Write it without other signs.", "Sid")
    elif sid and sid in [statement.name for statement in document.statements]:
        wrong(f"The Sid {sid} stands in the policy already, and IAM refuses that.", "Give each its own.", "Sid")
    for key in raw:
        if key in _PRINCIPALS:
            wrong(f"{key} belongs to trust and resource policies; IAM refuses it in a policy of a principal.",
                  f"Remove {key}: the principal is whoever the policy is attached to.", key)  # fmt: skip
        elif key not in _ELEMENTS:
            wrong(f"IAM knows no element '{key}' and refuses the policy{nearest(key, _ELEMENTS)}.", "Correct it.",
                  str(key))  # fmt: skip
    if raw.get("Effect") not in ("Allow", "Deny"):
        wrong("Effect is neither Allow nor Deny, so IAM refuses the policy.", "Write Allow or Deny.", "Effect")
    read = {key: _texts(raw, key, wrong) for key in ("Action", "NotAction", "Resource", "NotResource")}
    for key in ("Action", "Resource"):
        if (key in raw) == ("Not" + key in raw):
            wrong(f"It needs either {key} or Not{key}, not both and not neither.", f"Give {key}.", key)
    document.statements.append(
        Statement(
            place=place,
            name=name,
            path=path,
            effect=str(raw.get("Effect")),
            actions=read["Action"],
            not_actions=read["NotAction"],
            written=read["Resource"] + read["NotResource"],
            resources=_arns(read["Resource"]),
            not_resources=_arns(read["NotResource"]),
            lines=_lines(raw.get("Condition"), at(path, "Condition"), wrong),
            excludes="NotResource" in raw,
        )
    )


def _texts(raw: Mapping[str, Any], key: str, wrong: Any) -> Tuple[str, ...]:
    if key not in raw:
        return ()
    entries = raw[key] if isinstance(raw[key], (list, tuple)) else [raw[key]]
    if not entries or not all(isinstance(entry, str) for entry in entries):
        wrong(f"{key} is neither a text nor a list of texts.", "Write texts in quotes.", key)
    return tuple(entry for entry in entries if isinstance(entry, str))


def _arns(texts: Sequence[str]) -> Tuple[Arn, ...]:
    found: List[Optional[Arn]] = [arn_of(text) for text in texts]
    return tuple(arn for arn in found if arn is not None)


def _lines(condition: Any, path: str, wrong: Any) -> Tuple[Line, ...]:
    if condition is None:
        return ()
    if not isinstance(condition, Mapping) or not all(isinstance(keys, Mapping) for keys in condition.values()):
        wrong("It is not {operator: {key: value}}.", "Write an operator, below it keys with values.", "Condition")
        return ()
    lines = []
    for operator, keys in condition.items():
        read = _OPERATOR.fullmatch(str(operator))
        name = _OPERATORS.get(read.group("name").lower()) if read else None
        if read is None or name is None:
            wrong(f"IAM knows no operator '{operator}' and refuses the policy{nearest(operator, _OPERATORS.values())}.",
                  "Correct it.", at("Condition", str(operator)))  # fmt: skip
            continue
        for key, values in keys.items():
            lines.append(
                Line(
                    operator=str(operator),
                    name=name,
                    key=str(key),
                    values=_values(values),
                    path=at(at(path, str(operator)), str(key)),
                    if_exists=bool(read.group("if_exists")),
                    each=(read.group("each") or "").startswith("ForAll"),
                )
            )
    return tuple(lines)


def _values(raw: Any) -> Tuple[str, ...]:
    entries = raw if isinstance(raw, (list, tuple)) else [raw]
    return tuple(str(entry).lower() if isinstance(entry, bool) else str(entry) for entry in entries)
