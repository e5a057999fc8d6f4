# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""May this principal do this? IAM's logic for identity policies, as far as sessions need it, and honest beyond.

An explicit Deny wins, then an Allow, else nothing is allowed. What cannot be judged from here (an operator, a key, an
element that this evaluator does not know) makes the answer `undecidable` where it could matter, never `allowed`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from .conditions import Answer, Context, all_of, any_of, arn_like, holds, like, negated, texts

ALLOWED, DENIED, NOT_ALLOWED, UNDECIDABLE = "allowed", "denied", "not_allowed", "undecidable"

_NO_VARIABLES = Context(variables=False)
_ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}


@dataclass(frozen=True)
class Miss:
    """A line of a Condition that kept an Allow from counting; or, where it is not known, what was asked."""

    statement: str
    operator: str
    key: str
    expected: Tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """The answer, the statement that decided it (its Sid, else its place), and what nearly allowed it."""

    effect: str
    statement: str = ""
    misses: Tuple[Miss, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.effect == ALLOWED


@dataclass(frozen=True)
class _Judged:
    name: str
    effect: str
    answer: Answer
    misses: Tuple[Miss, ...]


def evaluate(policies: Sequence[Any], action: str, resource: str, context: Context) -> Decision:
    """Decide about one action on one resource. A policy is a document, or its JSON text."""
    judged = [one for policy in policies for one in _judge_policy(policy, action, resource, context)]
    for effect, answer, verdict in (
        ("Deny", True, DENIED),
        ("Deny", None, UNDECIDABLE),
        ("Allow", True, ALLOWED),
        ("Allow", None, UNDECIDABLE),
    ):
        for one in judged:
            if one.effect == effect and one.answer is answer:
                return Decision(verdict, one.name, one.misses)
    misses = [miss for one in judged if one.effect == "Allow" for miss in one.misses]
    return Decision(NOT_ALLOWED, misses=tuple(misses))


def evaluate_all(policies: Sequence[Any], action: str, requests: Sequence[Tuple[str, Context]]) -> Decision:
    """Decide about an action that needs several resources at once; the decision is that of the worst of them."""
    return worst([evaluate(policies, action, resource, context) for resource, context in requests])


def worst(decisions: Sequence[Decision]) -> Decision:
    """The one that decides where all have to be allowed."""
    for effect in (DENIED, NOT_ALLOWED, UNDECIDABLE):
        for decision in decisions:
            if decision.effect == effect:
                return decision
    return decisions[0]


def _judge_policy(policy: Any, action: str, resource: str, context: Context) -> List[_Judged]:
    document = _document(policy)
    if document is None:
        return [_Judged("the whole policy", "Deny", None, ())]
    context = replace(context, variables=document.get("Version") == "2012-10-17")
    statements = document.get("Statement", [])
    listed = [statements] if isinstance(statements, Mapping) else statements
    if not isinstance(listed, (list, tuple)):
        return [_Judged("the whole policy", "Deny", None, ())]
    return [_judge(entry, f"statement {place}", action, resource, context) for place, entry in enumerate(listed, 1)]


def _document(policy: Any) -> Any:
    """The document as a mapping, None where it is none."""
    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except ValueError:
            return None
    return policy if isinstance(policy, Mapping) else None


def _judge(entry: Any, place: str, action: str, resource: str, context: Context) -> _Judged:
    """Whether a statement speaks about this request."""
    if not isinstance(entry, Mapping) or entry.get("Effect") not in ("Allow", "Deny"):
        return _Judged(place, "Deny", None, ())
    name = str(entry.get("Sid") or place)
    if not _ELEMENTS.issuperset(entry):
        return _Judged(name, entry["Effect"], None, ())
    reaches = _named(entry, "Action", lambda pattern: like(pattern, action, _NO_VARIABLES, True))
    if reaches is not False:
        reaches = all_of([reaches, _named(entry, "Resource", lambda pattern: arn_like(pattern, resource, context))])
    if reaches is False:
        return _Judged(name, entry["Effect"], False, ())
    answers = _conditions(name, entry.get("Condition"), context)
    answer = all_of([reaches] + [found for found, _miss in answers])
    misses = tuple(miss for found, miss in answers if found is not True)
    return _Judged(name, entry["Effect"], answer, misses)


def _named(entry: Mapping[str, Any], element: str, fits: Any) -> Answer:
    """Whether Action or Resource (or their Not form) covers the request; neither or both is not IAM's language."""
    if (element in entry) == ("Not" + element in entry):
        return None
    if element in entry:
        return any_of(fits(pattern) for pattern in texts(entry[element]))
    return negated(any_of(fits(pattern) for pattern in texts(entry["Not" + element])))


def _conditions(name: str, condition: Any, context: Context) -> List[Tuple[Answer, Miss]]:
    if condition is None:
        return []
    if not isinstance(condition, Mapping) or not all(isinstance(keys, Mapping) for keys in condition.values()):
        return [(None, Miss(name, "Condition", "", ()))]
    lines: Dict[Tuple[str, str], Any] = {
        (str(operator), str(key)): expected for operator, keys in condition.items() for key, expected in keys.items()
    }
    return [
        (holds(operator, key, expected, context), Miss(name, operator, key, tuple(texts(expected))))
        for (operator, key), expected in lines.items()
    ]
