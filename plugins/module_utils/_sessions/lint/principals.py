# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about whom a policy is for: what a role's session has no value for."""

from __future__ import annotations

from typing import Iterator, List, Tuple

from .facts import (
    FEDERATED,
    KINDS,
    OPEN_CHANNEL,
    RESUME,
    SESSION_OWNER,
    START,
    TERMINATE,
    Policy,
    through_guiconnect,
)
from .patterns import variables
from .statements import ERROR, WARNING, Line, Problem, Statement

USERNAME, USERID = "aws:username", "aws:userid"
_SESSION_ACTIONS = (START, TERMINATE, RESUME, OPEN_CHANNEL)
_OWN = '"StringLike": {"' + SESSION_OWNER + '": "${aws:userid}"}'


def username(policy: Policy) -> Iterator[Problem]:
    if policy.principal is not None and policy.principal not in FEDERATED:
        return
    for statement in policy.statements:
        if policy.principal is None and not any(statement.names(action) for action in _SESSION_ACTIONS):
            continue
        dead = [text for text in statement.written if _has(text, USERNAME)]
        if dead:
            yield _username_in_resource(policy, statement, dead)
        for line in statement.lines:
            if line.is_key(USERNAME) and line.name != "Null" and line.needs_key:
                yield _username(policy, statement, "a role's session has no aws:username", "never holds", line.path)
            elif any(_has(value, USERNAME) for value in line.values):
                effect = "always holds" if line.negated else "never holds"
                yield _username(policy, statement, _NO_VALUE, effect, line.path)


_NO_VALUE = "${aws:username} has no value for a role's session"


def _username_in_resource(policy: Policy, statement: Statement, dead: List[str]) -> Problem:
    alone = len(dead) == len(statement.written)
    if statement.excludes:
        effect = f"{dead[0]} matches nothing and is not left out"
    else:
        effect = f"{dead[0]} matches nothing" + (f" and the statement {statement.verb} nothing" if alone else "")
    found = _username(policy, statement, _NO_VALUE, effect, statement.path + ".Resource")
    if alone or found.severity == WARNING:
        return found
    return statement.found(found.rule, WARNING, found.problem, found.mend, found.path)


def _username(policy: Policy, statement: Statement, why: str, effect: str, path: str) -> Problem:
    """An error where the principal is known to be a role, else a warning that says so."""
    if policy.principal is None:
        text, severity = f"If it is for a role or permission set: {why}, so {effect}.", WARNING
    else:
        text = f"It is for {KINDS[policy.principal]}, and {why}, so {effect}."
        severity = ERROR
    if statement.names(TERMINATE) or statement.names(RESUME):
        mend = f"Write session/* and the condition {_OWN}."
    elif statement.names(OPEN_CHANNEL):
        mend = f"Write session/*: {OPEN_CHANNEL} knows no condition."
    else:
        mend = "Use a tag of the principal, such as ${aws:PrincipalTag/Team}, or ${aws:userid} (ROLE_ID:SESSION_NAME)."
    return statement.found("username_of_role", severity, text, mend, path)


def userid_in_session(policy: Policy) -> Iterator[Problem]:
    for statement in policy.statements:
        found = [arn for arn in statement.resources if arn.resource.startswith("session/") and _has(arn.text, USERID)]
        if not found:
            continue
        user = policy.principal == "iam_user"
        text = (
            "The id of an IAM user's session begins with the user's name, not with aws:userid."
            if user
            else "Reports disagree whether ${aws:userid} (ROLE_ID:SESSION_NAME) ever matches the id of a session, "
            "which begins with the session name."
        )
        if user:
            mend = "Write session/${aws:username}-*."
        elif statement.names(OPEN_CHANNEL) and not (statement.names(TERMINATE) or statement.names(RESUME)):
            mend = f"Write session/*: {OPEN_CHANNEL} knows no condition, and asks for the token of the own session."
        else:
            mend = f"Write session/* and the condition {_OWN}, and {OPEN_CHANNEL} in a statement of its own."
        yield statement.found("userid_in_session_arn", WARNING, text, mend, statement.path + ".Resource")


def mfa(policy: Policy) -> Iterator[Problem]:
    if policy.principal not in ("identity_center", "saml"):
        return
    for statement, line in _lines(policy):
        if not line.begins("aws:MultiFactorAuth") or line.name == "Null":
            continue
        if line.needs_key:
            effect = f"{statement.verb} nothing"
        elif statement.effect == "Deny":
            effect = "denies everybody"
        else:
            continue
        yield statement.found(
            "mfa_of_federated",
            ERROR,
            f"A session that began in the identity provider carries no {line.key}, so this statement {effect}.",
            "Ask for MFA where people sign in; leave the condition out here.",
            line.path,
        )


def source_ip(policy: Policy) -> Iterator[Problem]:
    for statement, line in _lines(policy):
        if through_guiconnect(statement) and line.is_key("aws:SourceIp"):
            yield statement.found(
                "source_ip_through_guiconnect",
                WARNING,
                "These calls come through ssm-guiconnect and not from the address of the person, so the condition on "
                "aws:SourceIp does not do what it says.",
                "Leave aws:SourceIp out here, and limit who may call ssm-guiconnect:StartConnection.",
                line.path,
            )


def _lines(policy: Policy) -> Iterator[Tuple[Statement, Line]]:
    for statement in policy.statements:
        for line in statement.lines:
            yield statement, line


def _has(text: str, name: str) -> bool:
    return name in (found.lower() for found in variables(text))
