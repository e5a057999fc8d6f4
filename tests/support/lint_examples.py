# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy without mistakes, and for each rule of the policy linter an edit that makes just this mistake.

`MISTAKES` is what the rules are tested with, and what docs/policy_mistakes.md has to describe.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable

NODES, DOCUMENTS, OWN, CHANNEL, SEE = range(5)
CHECK = "ssm:SessionDocumentAccessCheck"
OWNER = "ssm:resourceTag/aws:ssmmessages:session-id"
ACCOUNT = "111122223333"
INSTANCES = f"arn:aws:ec2:ap-northeast-1:{ACCOUNT}:instance/*"
SHELL = f"arn:aws:ssm:ap-northeast-1:{ACCOUNT}:document/SSM-SessionManagerRunShell"
SESSIONS = f"arn:aws:ssm:ap-northeast-1:{ACCOUNT}:session/"
RUN_AS = "aws:PrincipalTag/SSMSessionRunAs"

Policy = dict[str, Any]


def right() -> Policy:
    """One's own shell on the instances of a team, for whoever has a role."""
    check = {"BoolIfExists": {CHECK: "true"}}
    return {
        "Version": "2012-10-17",
        "Statement": [
            allow("Nodes", "ssm:StartSession", INSTANCES, {**check, "StringEquals": {"ssm:resourceTag/Team": "web"}}),
            allow("Documents", "ssm:StartSession", SHELL, check),
            allow("Own", ["ssm:TerminateSession", "ssm:ResumeSession"], SESSIONS + "*",
                  {"StringLike": {OWNER: "${aws:userid}"}}),
            allow("Channel", "ssmmessages:OpenDataChannel", SESSIONS + "*"),
            allow("See", ["ssm:DescribeSessions", "ec2:DescribeInstances"], "*"),
        ],
    }  # fmt: skip


def allow(sid: str, actions: Any, resources: Any, condition: Any = None) -> Policy:
    statement = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
    return {**statement, "Condition": condition} if condition else statement


def deny(sid: str, actions: Any, condition: Any = None) -> Policy:
    return {**allow(sid, actions, "*", condition), "Effect": "Deny"}


@dataclass(frozen=True)
class Mistake:
    """edit: what is done to a right policy. more: rules that such a policy breaks as well, by its nature."""

    rule: str
    severity: str
    edit: Callable[[Policy], Any]
    statement: str = "the policy"
    path: str = "Statement"
    principal: str | None = "identity_center"
    more: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


def at(place: int, **entries: Any) -> Callable[[Policy], None]:
    return lambda policy: policy["Statement"][place].update(entries)


def added(*statements: Policy) -> Callable[[Policy], None]:
    return lambda policy: policy["Statement"].extend(statements)


def condition(place: int, operator: str, key: str, value: Any) -> Callable[[Policy], None]:
    return lambda policy: policy["Statement"][place].setdefault("Condition", {}).update({operator: {key: value}})


def without(place: int, operator: str) -> Callable[[Policy], Any]:
    return lambda policy: policy["Statement"][place]["Condition"].pop(operator)


MISTAKES = (
    Mistake("malformed", "error", at(SEE, Effect="allow"), "See", "Statement[4].Effect"),
    Mistake("unknown_action", "error", at(CHANNEL, Action=["ssmmessages:OpenDataChannel", "ssm:OpenDataChannel"]),
            "Channel", "Statement[3].Action"),
    Mistake("unknown_condition_key", "error", condition(SEE, "Bool", "aws:SecureTransprt", True), "See",
            "Statement[4].Condition.Bool.aws:SecureTransprt"),
    Mistake("condition_key_not_sent", "error", condition(NODES, "StringLike", "ec2:ResourceTag/Stage", "*"), "Nodes",
            "Statement[0].Condition.StringLike.ec2:ResourceTag/Stage"),
    Mistake("left_over", "error", condition(NODES, "StringEquals", "ssm:resourceTag/Team", "${team}"), "Nodes",
            "Statement[0].Condition.StringEquals.ssm:resourceTag/Team"),
    Mistake("old_version", "error", lambda policy: policy.pop("Version"), path="Version"),
    Mistake("resource_names_nothing", "error",
            at(DOCUMENTS, Resource=[SHELL, f"arn:aws:ssm:*:{ACCOUNT}:document/AWS-StartSSHSession"]), "Documents",
            "Statement[1].Resource"),
    Mistake("action_needs_star", "warning", at(SEE, Action=["ssm:DescribeSessions", "ssm:GetConnectionStatus"],
                                               Resource=INSTANCES), "See", "Statement[4].Resource"),
    Mistake("resource_of_other_kind", "warning", at(OWN, Resource=[SESSIONS + "*", INSTANCES]), "Own",
            "Statement[2].Resource"),
    Mistake("username_of_role", "error", at(OWN, Resource=SESSIONS + "${aws:username}-*"), "Own",
            "Statement[2].Resource"),
    Mistake("userid_in_session_arn", "warning", at(CHANNEL, Resource=SESSIONS + "${aws:userid}-*"), "Channel",
            "Statement[3].Resource"),
    Mistake("mfa_of_federated", "error", condition(SEE, "Bool", "aws:MultiFactorAuthPresent", "true"), "See",
            "Statement[4].Condition.Bool.aws:MultiFactorAuthPresent"),
    Mistake("source_ip_through_guiconnect", "warning",
            added(allow("Desktop", "ssm:StartSession", INSTANCES,
                        {"BoolIfExists": {CHECK: "true"}, "IpAddress": {"aws:SourceIp": "192.0.2.0/24"},
                         "ForAnyValue:StringEquals": {"aws:CalledVia": "ssm-guiconnect.amazonaws.com"}})),
            "Desktop", "Statement[5].Condition.IpAddress.aws:SourceIp"),
    Mistake("start_session_anywhere", "error", added(allow("All", "ssm:*", "*")), "All", "Statement[5]"),
    Mistake("any_document", "warning", at(DOCUMENTS, Resource="arn:aws:ssm:*:*:document/*"), "Documents",
            "Statement[1]"),
    Mistake("tags_on_documents", "warning", at(NODES, Resource=[INSTANCES, SHELL]), "Nodes",
            "Statement[0].Condition.StringEquals.ssm:resourceTag/Team"),
    Mistake("untagged_let_in", "error", condition(NODES, "StringEqualsIfExists", "ssm:resourceTag/Stage", "test"),
            "Nodes", "Statement[0].Condition.StringEqualsIfExists.ssm:resourceTag/Stage"),
    Mistake("no_access_check", "warning", without(NODES, "BoolIfExists"), "Nodes", "Statement[0]"),
    Mistake("access_check_off", "error", condition(NODES, "BoolIfExists", CHECK, "false"), "Nodes",
            f"Statement[0].Condition.BoolIfExists.{CHECK}", more=("no_access_check",)),
    Mistake("bool_not_if_exists", "error",
            lambda policy: policy["Statement"][NODES]["Condition"].update(
                {"Bool": policy["Statement"][NODES]["Condition"].pop("BoolIfExists")}),
            "Nodes", f"Statement[0].Condition.Bool.{CHECK}"),
    Mistake("no_session_document", "error", lambda policy: policy["Statement"].pop(DOCUMENTS), "Nodes", "Statement[0]"),
    Mistake("no_data_channel", "error", lambda policy: policy["Statement"].pop(CHANNEL)),
    Mistake("others_sessions", "error", without(OWN, "StringLike"), "Own", "Statement[2]"),
    Mistake("key_for_any_os_user", "warning", added(allow("Key", "ec2-instance-connect:SendSSHPublicKey", INSTANCES)),
            "Key", "Statement[5]"),
    Mistake("run_as_not_demanded", "warning", lambda policy: None, options={"run_as": True},
            more=("run_as_way_not_denied",)),
    Mistake("run_as_open_way", "error",
            added(deny("NoRunAs", "ssm:StartSession", {"Null": {RUN_AS: "true"}}),
                  allow("Commands", "ssm:SendCommand", "*")), more=("run_as_way_not_denied",)),
    Mistake("run_as_way_not_denied", "warning",
            added(deny("NoRunAs", "ssm:StartSession", {"Null": {RUN_AS: "true"}}))),
    Mistake("deprecated_managed_policy", "error", lambda policy: None, "AmazonEC2RoleforSSM", "managed_policies[1]",
            options={"managed_policies": ["arn:aws:iam::aws:policy/SecurityAudit",
                                          "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM"]}),
    Mistake("like_deprecated_policy", "error",
            added(allow("Agent", "ssm:UpdateInstanceInformation", "*"), allow("Logs", "s3:PutObject", "*")),
            "Logs", "Statement[6]", principal="role"),
    Mistake("wider_managed_policy", "warning", lambda policy: None, "AmazonSSMFullAccess", "managed_policies[0]",
            options={"managed_policies": ["AmazonSSMFullAccess"]}),
)  # fmt: skip
