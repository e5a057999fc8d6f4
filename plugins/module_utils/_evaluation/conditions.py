# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM's conditions, wildcards and policy variables, with a third answer besides yes and no: None, not known from here.

What is not known never counts as a yes; a caller who gets None has to say so.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Pattern, Sequence, Tuple

# Yes, no, not known.
Answer = Optional[bool]

# Keys of which we know all that a request carries: what is not in the context is not in the request.
KNOWN_KEYS = (
    "aws:calledvia",
    "aws:principalaccount",
    "aws:resourceaccount",
    "aws:tagkeys",
    "aws:userid",
    "aws:username",
    "ec2:osuser",
    "ssm:sessiondocumentaccesscheck",
)
KNOWN_FAMILIES = ("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/", "ec2:resourcetag/", "ssm:resourcetag/")

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULTED = re.compile(r"\s*([^,\s]+)\s*,\s*'([^']*)'\s*")


class Missing(Exception):
    """A policy variable has no value: what contains it matches nothing."""


class Unknown(Exception):
    """A policy variable's value is not known from here."""


@dataclass(frozen=True)
class Context:
    """What a request carries: condition keys (in any case) and their values.

    complete: whatever is not in `values` is absent; otherwise only what KNOWN_KEYS and KNOWN_FAMILIES name is.
    variables: whether policy variables are replaced, which a policy's version decides.
    """

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    complete: bool = False
    variables: bool = True

    def look_up(self, key: str) -> Optional[Sequence[str]]:
        """The values of a key, None where the request has none; Unknown where that is not known."""
        lowered = key.lower()
        if lowered in self.values:
            return self.values[lowered]
        if self.complete or lowered in KNOWN_KEYS or lowered.startswith(KNOWN_FAMILIES):
            return None
        raise Unknown(key)


def context_of(values: Mapping[str, Any], complete: bool = False) -> Context:
    """A context from keys as AWS writes them; None stands for a key that the request does not carry."""
    lowered: Dict[str, Sequence[str]] = {}
    for key, value in values.items():
        if value is not None:
            lowered[key.lower()] = tuple(texts(value))
    return Context(lowered, complete)


def texts(value: Any) -> List[str]:
    """One value or many, as IAM compares them: booleans and numbers are texts."""
    entries = value if isinstance(value, (list, tuple)) else [value]
    return [str(entry).lower() if isinstance(entry, bool) else str(entry) for entry in entries]


def all_of(answers: Iterable[Answer]) -> Answer:
    found = list(answers)
    if False in found:
        return False
    return None if None in found else True


def any_of(answers: Iterable[Answer]) -> Answer:
    found = list(answers)
    if True in found:
        return True
    return None if None in found else False


def negated(answer: Answer) -> Answer:
    return None if answer is None else not answer


def expanded(text: str, context: Context, wildcards: bool) -> str:
    """Replace policy variables; with `wildcards` the result is a regular expression in which * and ? are wild."""
    literal: Callable[[str], str] = re.escape if wildcards else str
    if "${" not in text:
        return _wild(text) if wildcards else text
    done, end = [], 0
    for found in _VARIABLE.finditer(text) if context.variables else ():
        done.append(_wild(text[end : found.start()]) if wildcards else text[end : found.start()])
        done.append(literal(_value(found.group(1), context)))
        end = found.end()
    done.append(_wild(text[end:]) if wildcards else text[end:])
    return "".join(done)


@lru_cache(maxsize=4096)
def _wild(text: str) -> str:
    return re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")


def _value(name: str, context: Context) -> str:
    if name in ("*", "?", "$"):
        return name
    defaulted = _DEFAULTED.fullmatch(name)
    values = context.look_up(defaulted.group(1) if defaulted else name.strip())
    if values and len(values) == 1:
        return values[0]
    if defaulted and not values:
        return defaulted.group(2)
    raise Missing(name)


def like(pattern: str, actual: str, context: Context, ignore_case: bool = False) -> Answer:
    """Whether a text fits a pattern with wildcards and variables."""
    if pattern == "*":
        return True
    try:
        return _compiled(expanded(pattern, context, True), ignore_case).fullmatch(actual) is not None
    except Missing:
        return False
    except Unknown:
        return None


@lru_cache(maxsize=4096)
def _compiled(expression: str, ignore_case: bool) -> Pattern[str]:
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def arn_like(pattern: str, actual: str, context: Context) -> Answer:
    """Whether an ARN fits: each of its six parts by itself, so that no wildcard crosses from one into the next."""
    parts = _split_arn(pattern)
    actual_parts = actual.split(":", 5)
    if parts[-1] == "*" and len(parts) < 6:  # arn:aws:* or * alone: whatever follows
        parts += ("*",) * (len(actual_parts) - len(parts))
    if len(parts) != len(actual_parts):
        # AWS does not say how far a wildcard reaches in what is no whole ARN.
        return None if like(pattern, actual, context) is not False else False
    return all_of(like(part, found, context) for part, found in zip(parts, actual_parts))


@lru_cache(maxsize=4096)
def _split_arn(pattern: str) -> Tuple[str, ...]:
    """Split at the first five colons that are not within a policy variable."""
    parts: List[str] = []
    current = ""
    for piece in re.findall(r"\$\{[^}]*\}|.", pattern, re.DOTALL):
        if piece == ":" and len(parts) < 5:
            parts.append(current)
            current = ""
        else:
            current += piece
    return tuple(parts + [current])


def _equals(ignore_case: bool) -> Callable[[str, str, Context], Answer]:
    def compare(expected: str, actual: str, context: Context) -> Answer:
        try:
            wanted = expanded(expected, context, False)
        except Missing:
            return False
        except Unknown:
            return None
        return wanted.lower() == actual.lower() if ignore_case else wanted == actual

    return compare


def _number(relation: Callable[[float, float], bool]) -> Callable[[str, str, Context], Answer]:
    def compare(expected: str, actual: str, context: Context) -> Answer:
        try:
            return relation(float(actual), float(expected))
        except ValueError:
            return False

    return compare


def _moment(text: str) -> datetime:
    """ISO 8601 as IAM takes it, or seconds since 1970; ValueError for anything else."""
    if re.fullmatch(r"[0-9]+", text):
        return datetime.fromtimestamp(int(text), timezone.utc)
    for form in ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%d%z"):
        try:
            return datetime.strptime(re.sub(r"(\.[0-9]+)?Z$", "+0000", text), form)
        except ValueError:
            continue
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=timezone.utc)


def _date(relation: Callable[[datetime, datetime], bool]) -> Callable[[str, str, Context], Answer]:
    def compare(expected: str, actual: str, context: Context) -> Answer:
        try:
            return relation(_moment(actual), _moment(expected))
        except ValueError:  # AWS does not say what it makes of what is no moment
            return None

    return compare


def _in_network(expected: str, actual: str, context: Context) -> Answer:
    try:
        network, address = ipaddress.ip_network(expected, strict=False), ipaddress.ip_address(actual)
    except ValueError:
        return None
    return network.version == address.version and address in network


# Operator -> how one expected value compares with one actual value, and whether the operator is a negation.
_OPERATORS: Dict[str, Tuple[Callable[[str, str, Context], Answer], bool]] = {
    "StringEquals": (_equals(False), False),
    "StringNotEquals": (_equals(False), True),
    "StringEqualsIgnoreCase": (_equals(True), False),
    "StringNotEqualsIgnoreCase": (_equals(True), True),
    "StringLike": (like, False),
    "StringNotLike": (like, True),
    "ArnLike": (arn_like, False),
    "ArnEquals": (arn_like, False),
    "ArnNotLike": (arn_like, True),
    "ArnNotEquals": (arn_like, True),
    "Bool": (_equals(True), False),
    "NumericEquals": (_number(lambda actual, expected: actual == expected), False),
    "NumericNotEquals": (_number(lambda actual, expected: actual == expected), True),
    "NumericLessThan": (_number(lambda actual, expected: actual < expected), False),
    "NumericLessThanEquals": (_number(lambda actual, expected: actual <= expected), False),
    "NumericGreaterThan": (_number(lambda actual, expected: actual > expected), False),
    "NumericGreaterThanEquals": (_number(lambda actual, expected: actual >= expected), False),
    "DateEquals": (_date(lambda actual, expected: actual == expected), False),
    "DateNotEquals": (_date(lambda actual, expected: actual == expected), True),
    "DateLessThan": (_date(lambda actual, expected: actual < expected), False),
    "DateLessThanEquals": (_date(lambda actual, expected: actual <= expected), False),
    "DateGreaterThan": (_date(lambda actual, expected: actual > expected), False),
    "DateGreaterThanEquals": (_date(lambda actual, expected: actual >= expected), False),
    "IpAddress": (_in_network, False),
    "NotIpAddress": (_in_network, True),
}


def holds(operator: str, key: str, expected: Any, context: Context) -> Answer:
    """Whether one line of a Condition holds for a request."""
    name, wanted = operator, texts(expected)
    each = any_value = if_exists = False
    if name.startswith("ForAllValues:"):
        name, each = name[len("ForAllValues:") :], True
    elif name.startswith("ForAnyValue:"):
        name, any_value = name[len("ForAnyValue:") :], True
    if name.endswith("IfExists"):
        name, if_exists = name[: -len("IfExists")], True
    try:
        values = context.look_up(key)
    except Unknown:
        return None
    if name == "Null":
        return any_of((values is None) == (entry.lower() == "true") for entry in wanted)
    if name not in _OPERATORS:
        return None
    compare, negation = _OPERATORS[name]
    if not values:
        return if_exists or each or (negation and not any_value)

    def fits(actual: str) -> Answer:
        return any_of(compare(entry, actual, context) for entry in wanted)

    if each:
        return all_of(negated(fits(actual)) if negation else fits(actual) for actual in values)
    if any_value and negation:
        return any_of(negated(fits(actual)) for actual in values)
    answer = any_of(fits(actual) for actual in values)
    return negated(answer) if negation else answer
