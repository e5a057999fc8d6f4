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
import re
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence

from .._reconcile import UserError
from .scope import (
    COMMAND,
    PORT_FORWARD,
    REMOTE_PORT_FORWARD,
    REQUIRED,
    RUN_AS_TAG,
    SHELL,
    SSH,
    Scope,
    read_scope,
)

# A permission set's inline policy may have this many characters, white space not counted.
LARGEST_INLINE_POLICY = 10240

SHELL_DOCUMENT = "SSM-SessionManagerRunShell"
# Way in -> documents that AWS owns; their ARNs have no account.
AWS_DOCUMENTS: Dict[str, Sequence[str]] = {
    PORT_FORWARD: ("AWS-StartPortForwardingSession",),
    REMOTE_PORT_FORWARD: ("AWS-StartPortForwardingSessionToRemoteHost",),
    SSH: ("AWS-StartSSHSession",),
    COMMAND: ("AWS-StartInteractiveCommand", "AWS-StartNonInteractiveCommand"),
}

_RUN_AS = "${aws:PrincipalTag/" + RUN_AS_TAG + "}"
_NO_RUN_AS = {"Null": {"aws:PrincipalTag/" + RUN_AS_TAG: "true"}}
# BoolIfExists: plain Bool was seen to deny even the allowed document.
_DOCUMENT_CHECK = {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}}

# Whoever may do one of these is root on the instance, Run As or not: they run documents through the agent, or change
# the session document that says who the session runs as.
RUN_COMMANDS = (
    "ssm:CreateAssociation",
    "ssm:CreateAssociationBatch",
    "ssm:RegisterTaskWithMaintenanceWindow",
    "ssm:SendCommand",
    "ssm:StartAssociationsOnce",
    "ssm:StartAutomationExecution",
    "ssm:StartChangeRequestExecution",
    "ssm:UpdateAssociation",
    "ssm:UpdateMaintenanceWindowTask",
)
WRITE_DOCUMENTS = (
    "ssm:CreateDocument",
    "ssm:DeleteDocument",
    "ssm:ModifyDocumentPermission",
    "ssm:UpdateDocument",
    "ssm:UpdateDocumentDefaultVersion",
    "ssm:UpdateDocumentMetadata",
)
PUSH_KEYS = ("ec2-instance-connect:SendSSHPublicKey", "ec2-instance-connect:SendSerialConsoleSSHPublicKey")
TAG_PRINCIPALS = ("iam:CreateRole", "iam:CreateUser", "iam:TagRole", "iam:TagUser", "sts:TagSession")

Statement = Dict[str, Any]


def session_policy(scope: Any) -> Dict[str, Any]:
    """The policy document of a scope, given as a person writes it or already read."""
    read = read_scope(scope)
    statements = _granted(read) + (_run_as_holds(read) if read.run_as == REQUIRED else [])
    statements += _own_documents_only(read)
    return {"Version": "2012-10-17", "Statement": statements}


def policy_size(document: Any) -> int:
    """How many characters AWS counts: white space is free."""
    text = document if isinstance(document, str) else json.dumps(document)
    return len(re.sub(r"\s", "", text))


def permission_set_policy(scope: Any) -> Dict[str, Any]:
    """The policy document of a scope, refused where it does not fit into a permission set."""
    document = session_policy(scope)
    size = policy_size(document)
    if size > LARGEST_INLINE_POLICY:
        raise UserError(too_large(size))
    return document


def too_large(size: int) -> str:
    return (
        f"the policy has {size} characters without white space, a permission set takes {LARGEST_INLINE_POLICY}; "
        "select instances by tags or principal_tags instead of ids, or split the grant"
    )


def _granted(scope: Scope) -> List[Statement]:
    """What the scope allows, one matter a statement."""
    statements = [
        _allow(
            "StartSessionsOnInstances",
            ["ssm:StartSession"],
            _instances(scope),
            dict(_DOCUMENT_CHECK, **_tags(scope, "ssm:resourceTag/")),
        ),
        _allow("WithTheseSessionDocuments", ["ssm:StartSession"], _documents(scope), _DOCUMENT_CHECK),
        _own_sessions(scope),
        # OpenDataChannel knows no condition keys; the token that StartSession and ResumeSession give is what counts.
        _allow("OpenDataChannelOfSessions", ["ssmmessages:OpenDataChannel"], _sessions(scope)),
    ]
    if SSH in scope.connect:
        statements.append(_push_own_key(scope))
    if scope.kms_key_arn:
        statements.append(_allow("EncryptSessions", ["kms:GenerateDataKey"], [scope.kms_key_arn]))
    if scope.console:
        see = ["DescribeInstanceInformation", "DescribeInstanceProperties", "DescribeSessions", "GetConnectionStatus"]
        statements.append(_allow("SeeInstances", ["ec2:DescribeInstances"] + ["ssm:" + word for word in see], ["*"]))
    return statements


def _own_sessions(scope: Scope) -> Statement:
    """Ending and resuming: only one's own sessions, which AWS writes in two ways.

    An IAM user's session ids begin with the user's name. For every role `aws:username` has no value, and
    the tag that Session Manager puts on the session is the sure sign. A user's session may carry that tag too; IfExists
    then keeps `bob` away from the sessions of `bob-admin`.
    """
    own = {"ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}"}
    operator = "StringLikeIfExists" if scope.principal == "iam_user" else "StringLike"
    return _allow("OwnSessions", ["ssm:ResumeSession", "ssm:TerminateSession"], _sessions(scope), {operator: own})


def _push_own_key(scope: Scope) -> Statement:
    """ssh is only a tunnel; a short-lived key gets in, and only as the person's own OS user."""
    condition = _tags(scope, "aws:ResourceTag/")
    condition.setdefault("StringEquals", {})["ec2:osuser"] = _RUN_AS
    return _allow("PushKeyForOwnOsUser", [PUSH_KEYS[0]], _instances(scope, ec2_only=True), condition)


def _run_as_holds(scope: Scope) -> List[Statement]:
    """Denials: whatever else is attached to the same principal opens no way round Run As."""
    statements = [
        _deny("DenySessionsWithoutRunAs", ["ssm:StartSession", PUSH_KEYS[0]], ["*"], _NO_RUN_AS),
        _deny_not("DenyOtherSessionDocuments", ["ssm:StartSession"], _documents(scope) + _any_instance(scope)),
        _deny("DenyCommandsAndDocumentWriting", sorted(RUN_COMMANDS + WRITE_DOCUMENTS), ["*"]),
        _deny(
            "DenyTaggingWithRunAs",
            TAG_PRINCIPALS,
            ["*"],
            {"Null": {"aws:RequestTag/" + RUN_AS_TAG: "false"}},
        ),
    ]
    if SSH in scope.connect:
        statements.append(
            _deny("DenyKeysForOtherOsUsers", [PUSH_KEYS[0]], ["*"], {"StringNotEquals": {"ec2:osuser": _RUN_AS}})
        )
        statements.append(_deny("DenySerialConsoleKeys", [PUSH_KEYS[1]], ["*"]))
    else:
        statements.append(_deny("DenyPushingKeys", PUSH_KEYS, ["*"]))
    return statements


def _own_documents_only(scope: Scope) -> List[Statement]:
    """Where any account is meant, its own shell document still is: another account may share one of the same name.

    Whether Session Manager sends aws:ResourceAccount is not documented; without it this denies nothing.
    """
    if scope.accounts or SHELL not in scope.connect:
        return []
    condition = {
        "Null": {"aws:ResourceAccount": "false"},
        "StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"},
    }
    return [_deny("DenySharedShellDocuments", ["ssm:StartSession"], _shell_documents(scope), condition)]


def _instances(scope: Scope, ec2_only: bool = False) -> List[str]:
    arns = []
    for name in scope.instances.ids or ("*",):
        if name.startswith("mi-"):
            arns += [] if ec2_only else _arns(scope, "ssm", "managed-instance/" + name)
        else:
            arns += _arns(scope, "ec2", "instance/" + name)
    return arns


def _any_instance(scope: Scope) -> List[str]:
    return [f"arn:{scope.partition}:ec2:*:*:instance/*", f"arn:{scope.partition}:ssm:*:*:managed-instance/*"]


def _documents(scope: Scope) -> List[str]:
    arns = _shell_documents(scope) if SHELL in scope.connect else []
    for word in scope.connect:
        for document in AWS_DOCUMENTS.get(word, ()):
            arns += [f"arn:{scope.partition}:ssm:{region}::document/{document}" for region in scope.regions or ("*",)]
    return arns


def _shell_documents(scope: Scope) -> List[str]:
    return _arns(scope, "ssm", "document/" + SHELL_DOCUMENT)


def _sessions(scope: Scope) -> List[str]:
    name = "${aws:username}-*" if scope.principal == "iam_user" else "*"
    return _arns(scope, "ssm", "session/" + name)


def _arns(scope: Scope, service: str, resource: str) -> List[str]:
    """One ARN for each account and Region."""
    return [
        f"arn:{scope.partition}:{service}:{region}:{account}:{resource}"
        for account in scope.accounts or ("*",)
        for region in scope.regions or ("*",)
    ]


def _tags(scope: Scope, prefix: str) -> Dict[str, Dict[str, Any]]:
    """The condition that selects instances by tag; empty where ids or all instances are meant."""
    chosen: Dict[str, Any] = {prefix + key: _one_or_more(values) for key, values in scope.instances.tags}
    chosen.update({prefix + key: "${aws:PrincipalTag/" + key + "}" for key in scope.instances.principal_tags})
    return {"StringEquals": chosen} if chosen else {}


def _one_or_more(values: Iterable[str]) -> Any:
    entries = list(values)
    return entries[0] if len(entries) == 1 else entries


def _allow(
    sid: str, actions: Sequence[str], resources: Sequence[str], condition: Optional[Mapping[str, Any]] = None
) -> Statement:
    return _statement(sid, "Allow", actions, "Resource", resources, condition)


def _deny(
    sid: str, actions: Sequence[str], resources: Sequence[str], condition: Optional[Mapping[str, Any]] = None
) -> Statement:
    return _statement(sid, "Deny", actions, "Resource", resources, condition)


def _deny_not(sid: str, actions: Sequence[str], resources: Sequence[str]) -> Statement:
    return _statement(sid, "Deny", actions, "NotResource", resources, None)


def _statement(
    sid: str,
    effect: str,
    actions: Sequence[str],
    element: str,
    resources: Sequence[str],
    condition: Optional[Mapping[str, Any]],
) -> Statement:
    statement: Statement = {
        "Sid": sid,
        "Effect": effect,
        "Action": _one_or_more(actions),
        element: _one_or_more(resources),
    }
    if condition:
        # A copy: documents get edited by their readers, and the parts here are shared.
        statement["Condition"] = {operator: dict(keys) for operator, keys in condition.items()}
    return statement
