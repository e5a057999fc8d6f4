# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session policies of the small world before the independent judge, and before our own evaluator beside it."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from ansible_collections.keyless.aws.plugins.module_utils._evaluation.conditions import context_of
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.evaluate import evaluate
from session_questions import Question, questions
from session_world import ACCOUNTS, Person

WORDS = {"Allowed": "allowed", "ImplicitlyDenied": "not_allowed", "ExplicitlyDenied": "denied"}


def put(policy: Any, person: Person, question: Question) -> dict[str, Any]:
    """A question as the judge takes it."""
    return {
        "policies": [policy],
        "principal": person.arn,
        "account": ACCOUNTS[0],
        "action": question.action,
        "resource": question.resource,
        "context": question.context,
        "unchecked": question.unlisted,
    }


def asked_of(scope: dict[str, Any], person: Person) -> list[Question]:
    """A KMS key is guarded by its own policy first, which is not our matter."""
    return [one for one in questions(scope, person) if not one.action.startswith("kms:")]


def judge(ask: Callable[..., Any], policy: Any, scope: Any, person: Person, asked: Sequence[Question]) -> int:
    """Every question has the expected answer, by the judge and by us; returns how many there were."""
    answers = ask([put(policy, person, one) for one in asked])
    for one, answer in zip(asked, answers, strict=True):
        told = (scope, person, one, answer)
        assert answer["result"] in WORDS, told
        assert (answer["result"] == "Allowed") == one.expected, told
        assert answer["ignored"] == [], told
        ours = evaluate([policy], one.action, one.resource, context_of(one.context, complete=True))
        assert ours.effect == WORDS[answer["result"]], (told, ours)
    return len(answers)
