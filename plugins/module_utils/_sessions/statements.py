# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts that session policies are made of: statements, and the ARNs that a scope names."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence

from .scope import COMMAND, IAM_USER, PORT_FORWARD, REMOTE_PORT_FORWARD, SHELL, SSH, Scope

Statement = Dict[str, Any]
Condition = Dict[str, Dict[str, Any]]

SHELL_DOCUMENT = "SSM-SessionManagerRunShell"
# Way in -> documents that AWS owns; their ARNs have no account.
AWS_DOCUMENTS: Dict[str, Sequence[str]] = {
    PORT_FORWARD: ("AWS-StartPortForwardingSession",),
    REMOTE_PORT_FORWARD: ("AWS-StartPortForwardingSessionToRemoteHost",),
    SSH: ("AWS-StartSSHSession",),
    COMMAND: ("AWS-StartInteractiveCommand", "AWS-StartNonInteractiveCommand"),
}


def allow(
    sid: str, actions: Sequence[str], resources: Sequence[str], *conditions: Mapping[str, Mapping[str, Any]]
) -> Statement:
    return _statement(sid, "Allow", actions, "Resource", resources, conditions)


def deny(
    sid: str, actions: Sequence[str], resources: Sequence[str], *conditions: Mapping[str, Mapping[str, Any]]
) -> Statement:
    return _statement(sid, "Deny", actions, "Resource", resources, conditions)


def deny_others(sid: str, actions: Sequence[str], resources: Sequence[str]) -> Statement:
    return _statement(sid, "Deny", actions, "NotResource", resources, ())


def _statement(
    sid: str,
    effect: str,
    actions: Sequence[str],
    element: str,
    resources: Sequence[str],
    conditions: Iterable[Mapping[str, Mapping[str, Any]]],
) -> Statement:
    """All conditions have to hold; they become one, made anew, because documents get edited by their readers."""
    statement: Statement = {
        "Sid": sid,
        "Effect": effect,
        "Action": one_or_more(actions),
        element: one_or_more(resources),
    }
    joined: Condition = {}
    for condition in conditions:
        for operator, keys in condition.items():
            joined.setdefault(operator, {}).update(keys)
    if joined:
        statement["Condition"] = joined
    return statement


def one_or_more(values: Iterable[str]) -> Any:
    entries = list(values)
    return entries[0] if len(entries) == 1 else entries


def arns(scope: Scope, service: str, resource: str, account: Optional[str] = None) -> List[str]:
    """One ARN for each account and Region. account: what stands for all accounts of the scope."""
    accounts = scope.accounts or ("*",) if account is None else (account,)
    return [
        f"arn:{scope.partition}:{service}:{region}:{entry}:{resource}"
        for entry in accounts
        for region in scope.regions or ("*",)
    ]


def instance_arns(scope: Scope, ec2_only: bool = False) -> List[str]:
    if not scope.instances.ids:
        nodes = arns(scope, "ssm", "managed-instance/*") if scope.managed_nodes and not ec2_only else []
        return arns(scope, "ec2", "instance/*") + nodes
    found = []
    for name in scope.instances.ids:
        if not name.startswith("mi-"):
            found += arns(scope, "ec2", "instance/" + name)
        elif not ec2_only:
            found += arns(scope, "ssm", "managed-instance/" + name)
    return found


def any_instance(partition: str) -> List[str]:
    return [f"arn:{partition}:ec2:*:*:instance/*", f"arn:{partition}:ssm:*:*:managed-instance/*"]


def document_arns(scope: Scope) -> List[str]:
    found = own_document_arns(scope)
    for word in scope.connect:
        for document in AWS_DOCUMENTS.get(word, ()):
            found += arns(scope, "ssm", "document/" + document, account="")
    return found


def own_document_arns(scope: Scope) -> List[str]:
    """Documents of the account's own, which another account may share one of the same name of."""
    names = ((SHELL_DOCUMENT,) if SHELL in scope.connect else ()) + scope.documents
    return [arn for name in names for arn in arns(scope, "ssm", "document/" + name)]


def session_arns(scope: Scope) -> List[str]:
    """An IAM user's session ids begin with the user's name; for every role `aws:username` has no value."""
    return arns(scope, "ssm", "session/" + ("${aws:username}-*" if scope.principal == IAM_USER else "*"))


def tagged(scope: Scope, prefix: str) -> Condition:
    """The condition that selects instances by tag; empty where ids or all instances are meant."""
    chosen: Dict[str, Any] = {prefix + key: one_or_more(values) for key, values in scope.instances.tags}
    chosen.update({prefix + key: "${aws:PrincipalTag/" + key + "}" for key in scope.instances.principal_tags})
    return {"StringEquals": chosen} if chosen else {}


def guard(scope: Scope) -> Condition:
    """What has to hold for whatever the scope grants.

    Plain Bool: where a sign-in carries no key for MFA, there was none.
    """
    condition: Condition = {}
    if scope.require_mfa:
        condition["Bool"] = {"aws:MultiFactorAuthPresent": "true"}
    if scope.source_ip:
        condition["IpAddress"] = {"aws:SourceIp": one_or_more(scope.source_ip)}
    if scope.valid_until:
        condition["DateLessThan"] = {"aws:CurrentTime": scope.valid_until}
    return condition
