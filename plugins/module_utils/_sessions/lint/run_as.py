# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about Run As: it is a boundary only where no way round it is open."""

from __future__ import annotations

from typing import Dict, Iterator, List, Sequence, Tuple

from ..scope import RUN_AS_TAG
from ..statements import AWS_DOCUMENTS
from ..ways_round import PUSH_KEYS, RUN_AS, RUN_COMMANDS, TAG_PRINCIPALS, WRITE_DOCUMENTS
from .facts import RUN_AS_KEY, START, Policy, tagged_only
from .patterns import DOCUMENT, INSTANCE, MANAGED, Arn
from .statements import ERROR, POLICY, WARNING, Line, Problem, Statement
from .words import ACTIONS

_REQUEST_TAG = "aws:RequestTag/" + RUN_AS_TAG
_WAYS: Dict[str, Sequence[str]] = {
    "running commands": RUN_COMMANDS,
    "writing documents": WRITE_DOCUMENTS,
    "pushing keys": PUSH_KEYS,
    "tagging principals": TAG_PRINCIPALS,
}
_OTHER_DOCUMENT = "any other document"


def speaks_of_run_as(policy: Policy) -> bool:
    return any(
        line.is_key(RUN_AS_KEY) for statement in policy.statements if statement.names(START) for line in statement.lines
    )


def open_ways(policy: Policy) -> Iterator[Problem]:
    if policy.run_as is False or not policy.starts or not (policy.run_as or speaks_of_run_as(policy)):
        return
    given, not_refused = _judge(policy)
    if not speaks_of_run_as(policy):
        yield _found(
            "run_as_not_demanded",
            WARNING,
            f"Nothing denies {START} to whoever has no tag {RUN_AS_TAG}: such a session runs as the default user of "
            "the preferences, if there is one.",
            f'Deny {START} on * with the condition "Null": {{"{RUN_AS_KEY}": "true"}}.',
        )
    if given:
        yield _found(
            "run_as_open_way",
            ERROR,
            f"Whoever may do one of these is not held by Run As, and it is allowed: {'; '.join(given)}.",
            "Deny it, or do not allow it; the filter keyless.aws.session_policy writes the denials (run_as: required).",
        )
    if not_refused:
        yield _found(
            "run_as_way_not_denied",
            WARNING,
            "Run As does not hold whoever may do one of these. This policy does not allow it, but another one of the "
            f"same principal can, for it is not denied: {'; '.join(not_refused)}.",
            "Deny it; the filter keyless.aws.session_policy writes the denials (run_as: required).",
        )


def _found(rule: str, severity: str, problem: str, mend: str) -> Problem:
    return Problem(rule, severity, POLICY, "Statement", problem, mend)


def _judge(policy: Policy) -> Tuple[List[str], List[str]]:
    """The ways that are allowed, and those that are only not denied, in words."""
    given, not_refused = [], []
    giving = policy.statements + policy.beside
    for way, actions in _WAYS.items():
        left = [action for action in actions if not any(_stops(one, action) for one in policy.statements)]
        allowed = [action for action in left if any(_gives(one, action) for one in giving)]
        if allowed:
            given.append(f"{way} ({', '.join(allowed)})")
        elif left:
            not_refused.append(f"{way} ({', '.join(left)})")
    documents, closed = _documents(policy, [one for one in giving if one.allows(START)])
    if documents:
        given.append(f"other session documents ({', '.join(documents)})")
    elif not closed:
        not_refused.append("other session documents")
    return given, not_refused


def _gives(statement: Statement, action: str) -> bool:
    """A key that is pushed only for the person's own OS user opens nothing."""
    if not statement.allows(action):
        return False
    return not (action in PUSH_KEYS and any(_own_user(line.values) for line in statement.lines if _of_os_user(line)))


def _stops(statement: Statement, action: str) -> bool:
    """Whether a Deny leaves nothing of an action that would open a way."""
    if not statement.denies(action) or not _covers(statement, action):
        return False
    if not statement.lines:
        return True
    if len(statement.lines) > 1:
        return False
    line = statement.lines[0]
    if action in TAG_PRINCIPALS:
        return _about_tag(line)
    return action in PUSH_KEYS and _of_os_user(line) and line.negated and _own_user(line.values)


def _about_tag(line: Line) -> bool:
    if line.is_key(_REQUEST_TAG):
        return line.name != "Null" or line.values == ("false",)
    return line.is_key("aws:TagKeys") and RUN_AS_TAG in line.values and not line.negated and not line.each


def _of_os_user(line: Line) -> bool:
    return line.is_key("ec2:osuser")


def _own_user(values: Sequence[str]) -> bool:
    return bool(values) and all(value.lower() == RUN_AS.lower() for value in values)


def _covers(statement: Statement, action: str) -> bool:
    """Whether its resources are all that the action could be about, or all of what it cannot do without."""
    if statement.excludes:
        return False
    if statement.everywhere:
        return True
    types = ACTIONS[action][0] if action in ACTIONS else ()
    kinds = [kind for kind in (DOCUMENT, INSTANCE, MANAGED) if _wholly(statement, kind)]
    if "ssm:document/" in types and DOCUMENT in kinds:
        return True
    nodes = {"ec2:instance/": INSTANCE, "ssm:managed-instance/": MANAGED}
    wanted = [nodes[one] for one in types if one in nodes]
    return bool(wanted) and all(kind in kinds for kind in wanted)


def _wholly(statement: Statement, kind: str) -> bool:
    return any(arn.all_of(kind) for arn in statement.resources)


def _documents(policy: Policy, giving: Sequence[Statement]) -> Tuple[List[str], bool]:
    """The session documents beyond the shell that may be used, and whether all others are denied.

    A document that an exception of that denial names is meant.
    """
    names = [(name, True) for listed in AWS_DOCUMENTS.values() for name in listed] + [(_OTHER_DOCUMENT, False)]
    found, closed = [], False
    for name, by_aws in names:
        stopped = any(_stops_document(one, name, by_aws) for one in policy.statements)
        meant = any(_names_document(one.not_resources, name, by_aws) for one in policy.statements if one.denies(START))
        given = any(_gives_document(one, name, by_aws) for one in giving)
        if given and not stopped and not meant:
            found.append(name)
        if name == _OTHER_DOCUMENT:
            closed = stopped
    return found, closed


def _gives_document(statement: Statement, name: str, by_aws: bool) -> bool:
    if tagged_only(statement):
        return False
    return statement.excludes or _names_document(statement.resources, name, by_aws)


def _stops_document(statement: Statement, name: str, by_aws: bool) -> bool:
    if not statement.denies(START) or statement.lines:
        return False
    if statement.excludes:
        return not _names_document(statement.not_resources, name, by_aws)
    return _names_document(statement.resources, name, by_aws)


def _names_document(arns: Sequence[Arn], name: str, by_aws: bool) -> bool:
    return any(arn.is_document(name, by_aws) for arn in arns)
