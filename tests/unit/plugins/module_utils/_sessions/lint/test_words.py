# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.problems import policy_problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.words import ACTIONS, OWN_KEYS, known_key
from lint_examples import INSTANCES, SESSIONS, allow, right


def found(rule, *statements):
    policy = right()
    policy["Statement"].extend(statements)
    problems = policy_problems(policy, "role", managed_policies=["Other"])
    return [one for one in problems if one["rule"] == rule]


@pytest.mark.parametrize(
    "action, severity, mend",
    [
        ("ssm:OpenDataChannel", "error", "Write ssmmessages:OpenDataChannel."),
        ("ssmmessages:StartSession", "error", "Write ssm:StartSession."),
        ("ssmmessage:OpenDataChannel", "error", "Write ssmmessages:OpenDataChannel."),
        ("ec2instanceconnect:SendSSHPublicKey", "error", "Write ec2-instance-connect:SendSSHPublicKey."),
        ("ssm:TerminateSessions", "error", "Write ssm:TerminateSession."),
        ("ssm:start-session", "error", "Write ssm:StartSession."),
        ("DescribeSessions", "error", "Write ssm:DescribeSessions."),
        ("ssm-guiconnect:OpenConnection", "error", "Write ssm-guiconnect:GetConnection."),
        ("ssm:Xyzzy*", "warning", "Correct or remove it."),
    ],
)
def test_actions_that_do_not_exist(action, severity, mend):
    (problem,) = found("unknown_action", allow("More", action, "*"))
    assert (problem["severity"], problem["mend"], problem["path"]) == (severity, mend, "Statement[5].Action")
    left_out = {"Sid": "More", "Effect": "Deny", "NotAction": ["s3:*", action], "Resource": "*"}
    assert "leaves nothing out" in found("unknown_action", left_out)[0]["problem"]


@pytest.mark.parametrize(
    "action",
    ["*", "**", "ssm:*", "SSM:startsession", "ssm:Get*", "ssm:?tartSession", "ssm-contacts:GetContact", "ec2messages:*",
     "sso:ListDirectoryAssociations*", "sts:AssumeRole", "connect:StartChatContact"],
)  # fmt: skip
def test_actions_that_exist_or_are_of_other_services(action):
    assert not found("unknown_action", allow("More", action, INSTANCES))


@pytest.mark.parametrize(
    "key, told",
    [
        ("ssm:resourceTag", "(did you mean 'ssm:resourceTag/'?)"),
        ("ssm:resourceTags/Team", "(did you mean"),
        ("ssm:SessionDocumentAccesCheck", "(did you mean 'ssm:SessionDocumentAccessCheck'?)"),
        ("aws:PrincipleTag/Team", "(did you mean 'aws:PrincipalTag/'?)"),
        ("aws:user", "(did you mean"),
        ("SourceIp", "Correct the key"),
        ("smm:resourceTag/Team", "(did you mean"),
    ],
)
def test_condition_keys_that_do_not_exist(key, told):
    statement = allow("More", "ssm:DescribeSessions", "*", {"StringEquals": {key: "x"}})
    (problem,) = found("unknown_condition_key", statement)
    assert told in problem["mend"] and problem["problem"].endswith("so the condition never holds.")
    statement["Condition"] = {"StringEqualsIfExists": {key: "x"}}
    assert found("unknown_condition_key", statement)[0]["problem"].endswith("so the condition holds always.")


@pytest.mark.parametrize(
    "key",
    ["AWS:sourceip", "aws:PrincipalTag/Team", "ssm:resourceTag/aws:ssmmessages:session-id", "ssm:ResourceTag/x",
     "ec2:osuser", "s3:prefix", "saml:sub", "ssm-contacts:x"],
)  # fmt: skip
def test_condition_keys_that_exist_or_are_of_other_services(key):
    assert not found("unknown_condition_key", allow("More", "s3:ListBucket", "*", {"StringEquals": {key: "x"}}))


def test_a_key_that_an_action_is_asked_without():
    condition = {"StringLike": {"ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}"}}
    both = allow("More", ["ssm:TerminateSession", "ssmmessages:OpenDataChannel"], SESSIONS + "*", condition)
    (problem,) = found("condition_key_not_sent", both)
    assert problem["severity"] == "warning" and problem["problem"].startswith(
        "ssmmessages:OpenDataChannel: asked without"
    )
    (problem,) = found("condition_key_not_sent", allow("More", "ssmmessages:OpenDataChannel", "*", condition))
    assert problem["severity"] == "error"
    if_exists = {"StringLikeIfExists": condition["StringLike"]}
    assert not found("condition_key_not_sent", allow("More", "ssmmessages:OpenDataChannel", "*", if_exists))
    assert not found("condition_key_not_sent", allow("More", "ssmmessages:*", "*", condition))


def test_the_tag_key_of_session_manager_is_named_for_that_of_ec2():
    tagged = allow("More", "ssm:StartSession", INSTANCES, {"StringEquals": {"ec2:ResourceTag/Team": "web"}})
    assert found("condition_key_not_sent", tagged)[0]["mend"] == "Write ssm:resourceTag/Team."


def test_a_channel_that_is_never_allowed_is_none():
    policy = right()
    policy["Statement"][3]["Condition"] = {"Bool": {"ssm:SessionDocumentAccessCheck": "true"}}
    assert [one["rule"] for one in policy_problems(policy)] == ["no_data_channel", "condition_key_not_sent"]


@pytest.mark.parametrize(
    "resource, told",
    [
        ("arn:aws:ec2:region:111122223333:instance/*", "'region' is no Region"),
        ("arn:aws:ec2:us-east-1a:111122223333:instance/*", "'us-east-1a' is no Region"),
        ("arn:aws:ec2:us-east-1:account-id:instance/*", "'account-id' is no account id"),
        ("arn:aws:ec2:us-east-1:111122223333:instance/i-02573cafcfEXAMPLE", "is no instance id"),
        ("arn:aws:ec2:us-east-1:111122223333:instance/mi-0123456789abcdef0", "'mi-0123456789abcdef0' is no instance"),
        ("arn:aws:ssm:us-east-1:111122223333:managed-instance/i-0123456789abcdef0", "is no managed-instance"),
        ("arn:aws:ssm:us-east-1:111122223333:instance/i-0123456789abcdef0", "an EC2 instance is a resource of ec2"),
        ("arn:aws:ssm:*:111122223333:document/AWS-StartSSHSession", "documents that AWS owns have no account"),
        ("arn:aws:ssm:*::document/SSM-SessionManagerRunShell", "only documents that AWS owns have no account"),
        ("i-0123456789abcdef0", "neither * nor an ARN"),
    ],
)
def test_arns_that_name_nothing(resource, told):
    (problem,) = found("resource_names_nothing", allow("More", "ssm:StartSession", resource))
    assert told in problem["problem"] and problem["severity"] == "error"


@pytest.mark.parametrize(
    "resource",
    ["*", "arn:aws:ssm:*::document/AWS-*", "arn:aws:ssm:*::document/*", "arn:aws:ssm:*:*:document/AWS-StartSSHSession",
     "arn:aws-us-gov:ec2:us-gov-west-1:111122223333:instance/i-0123456789abcdef0",
     "arn:aws:ssm:us-*:${aws:PrincipalAccount}:managed-instance/mi-*", "arn:aws:ssm:*:*:document/AWSSSO-CreateSSOUser",
     "arn:aws:ecs:us-east-1:111122223333:task/cluster/1", "arn:aws:ssm:*:111122223333:document/AWSQuickSetup-Mine"],
)  # fmt: skip
def test_arns_that_name_something(resource):
    assert not found("resource_names_nothing", allow("More", "ssm:StartSession", resource))


def test_resources_that_no_action_is_about():
    (problem,) = found("resource_of_other_kind", allow("More", "ssm:TerminateSession", INSTANCES))
    assert problem["severity"] == "error" and "(ssm session)" in problem["problem"]
    assert not found("resource_of_other_kind", allow("More", ["ssm:TerminateSession", "ec2:StopInstances"], INSTANCES))


@pytest.mark.parametrize(
    "text", ["${account_id}", "$${aws:username}", "&{aws:username}", "{{ user }}", "<user>", "${aws:userName1}"]
)
def test_places_that_nobody_filled_in(text):
    statement = allow("More", "ssm:TerminateSession", SESSIONS + text)
    assert len(found("left_over", statement)) == 1


@pytest.mark.parametrize(
    "text", ["${aws:userid}", "${*}", "${aws:PrincipalTag/Team, 'x'}", "${saml:sub}", "${ec2:osuser}"]
)
def test_variables_that_iam_knows(text):
    assert not found("left_over", allow("More", "s3:GetObject", "arn:aws:s3:::bucket/" + text))


def test_old_versions_have_no_variables():
    policy = right()
    policy["Version"] = "2008-10-17"
    assert [one["rule"] for one in policy_problems(policy)] == ["old_version"]
    del policy["Statement"][2]
    assert policy_problems(policy) == []


def test_the_table():
    types, keys = ACTIONS["ssm:StartSession"]
    assert "ssm:document/" in types and known_key("ssm:resourceTag/Team", keys)
    assert not known_key("ssm:resourceTag/", OWN_KEYS) and not known_key("ec2:Region", OWN_KEYS)
