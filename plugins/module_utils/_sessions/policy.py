# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scope becomes the smallest policy document that does exactly this; the shape of each statement has its reason.

- Session documents stand in a statement of their own: their ARN carries no instance tag, so that a condition on tags
  in a shared statement would deny every session.
- Each statement that allows StartSession has the document access check: AWS asks for it in all of them.
- What is granted by one statement is not granted by another, so a Sid tells what a refusal was about.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Sequence

from .._reconcile import Problems
from .remote_desktop import remote_desktop
from .scope import IAM_USER, RDP, REQUIRED, SSH, Scope
from .scope_input import read_scope, read_scopes
from .statements import (
    Condition,
    Statement,
    allow,
    deny,
    document_arns,
    guard,
    instance_arns,
    own_document_arns,
    session_arns,
    tagged,
)
from .together import problems_together
from .ways_round import PUSH_KEY, RUN_AS, no_session_without_run_as, run_as_holds

# BoolIfExists: plain Bool was seen to deny even the allowed document.
_DOCUMENT_CHECK: Condition = {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}}
_SEE = ("DescribeInstanceInformation", "DescribeInstanceProperties", "DescribeSessions", "GetConnectionStatus")


def session_policy(scope: Any, ceiling: bool = False) -> Dict[str, Any]:
    """The policy document of a scope, given as a person writes it or already read.

    ceiling: it is a session's own policy, so that nothing but what it allows is possible, and most denials are not
    needed.
    """
    return _document([read_scope(scope)], ceiling)


def merged_policy(scopes: Sequence[Any], ceiling: bool = False) -> Dict[str, Any]:
    """One document for all scopes of one principal.

    `Problems` where together they would reach more than each alone: AWS judges instance and document apart.
    """
    read = read_scopes(scopes)
    problems = problems_together(read)
    if problems:
        raise Problems(problems)
    return _document(read, ceiling)


def _document(scopes: Sequence[Scope], ceiling: bool) -> Dict[str, Any]:
    statements = [statement for scope in scopes for statement in _granted(scope)]
    if scopes[0].run_as == REQUIRED:
        statements += [no_session_without_run_as()] if ceiling else run_as_holds(scopes)
    statements += _own_documents_only(scopes)
    return {"Version": "2012-10-17", "Statement": _numbered(statements)}


def _numbered(statements: Sequence[Statement]) -> List[Statement]:
    """Each statement once, and each under a Sid of its own."""
    seen: Dict[str, List[str]] = {}
    kept = []
    for statement in statements:
        others = seen.setdefault(statement["Sid"], [])
        text = json.dumps(statement)
        if text not in others:
            others.append(text)
            number = str(len(others)) if len(others) > 1 else ""
            kept.append(dict(statement, Sid=statement["Sid"] + number))
    return kept


def _granted(scope: Scope) -> List[Statement]:
    """What the scope allows, one matter a statement."""
    always = guard(scope)
    statements = _direct(scope, always) if scope.direct else []
    if RDP in scope.connect:
        statements += remote_desktop(scope, _DOCUMENT_CHECK)
    statements.append(_own_sessions(scope, always))
    if scope.direct:
        # OpenDataChannel knows no condition keys; the token that StartSession and ResumeSession give is what counts.
        statements.append(allow("OpenDataChannelOfSessions", ["ssmmessages:OpenDataChannel"], session_arns(scope)))
    if SSH in scope.connect:
        statements.append(_push_own_key(scope, always))
    if scope.kms_key_arn:
        statements.append(allow("EncryptSessions", ["kms:GenerateDataKey"], [scope.kms_key_arn], always))
    if scope.console and scope.direct:
        see = ["ec2:DescribeInstances"] + ["ssm:" + word for word in _SEE]
        statements.append(allow("SeeInstances", see, ["*"], always))
    return statements


def _direct(scope: Scope, always: Condition) -> List[Statement]:
    """Sessions that the person starts."""
    start, tags = ["ssm:StartSession"], tagged(scope, "ssm:resourceTag/")
    return [
        allow("StartSessionsOnInstances", start, instance_arns(scope), _DOCUMENT_CHECK, tags, always),
        allow("WithTheseSessionDocuments", start, document_arns(scope), _DOCUMENT_CHECK, always),
    ]


def _own_sessions(scope: Scope, always: Condition) -> Statement:
    """Ending and resuming: only one's own sessions, which AWS writes in two ways.

    The tag that Session Manager puts on the session is the sure sign for roles. A user's session may carry it too;
    IfExists then keeps `bob` away from the sessions of `bob-admin`.
    """
    own = {"ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}"}
    operator = "StringLikeIfExists" if scope.principal == IAM_USER else "StringLike"
    actions = ["ssm:ResumeSession", "ssm:TerminateSession"] if scope.direct else ["ssm:TerminateSession"]
    return allow("OwnSessions", actions, session_arns(scope), {operator: own}, always)


def _push_own_key(scope: Scope, always: Condition) -> Statement:
    """ssh is only a tunnel; a short-lived key gets in, and only as the person's own OS user."""
    own = {"StringEquals": {"ec2:osuser": RUN_AS}}
    tags = tagged(scope, "aws:ResourceTag/")
    return allow("PushKeyForOwnOsUser", [PUSH_KEY], instance_arns(scope, ec2_only=True), tags, own, always)


def _own_documents_only(scopes: Sequence[Scope]) -> List[Statement]:
    """In any or several accounts, own documents are those of the account that the principal is in.

    Another account may share one of the same name, which its ARN would name.
    Whether Session Manager sends aws:ResourceAccount is not documented; without it this denies nothing.
    """
    documents = list(dict.fromkeys(arn for scope in scopes for arn in own_document_arns(scope)))
    accounts = {account for scope in scopes for account in scope.accounts or ("any", "other")}
    if len(accounts) == 1 or not documents:
        return []
    condition = {
        "Null": {"aws:ResourceAccount": "false"},
        "StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"},
    }
    return [deny("DenySharedSessionDocuments", ["ssm:StartSession"], documents, condition)]
