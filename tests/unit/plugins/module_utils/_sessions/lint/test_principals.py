# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.problems import policy_problems
from lint_examples import INSTANCES, SESSIONS, allow, deny, right

NAME = "${aws:username}"


def found(rule, *statements, principal="saml"):
    policy = right()
    policy["Statement"].extend(statements)
    return [one for one in policy_problems(policy, principal) if one["rule"] == rule]


@pytest.mark.parametrize(
    "statement, severity, told",
    [
        (allow("More", "ssm:TerminateSession", SESSIONS + NAME), "error", "and the statement allows nothing."),
        (allow("More", "ssm:TerminateSession", [SESSIONS + NAME, SESSIONS + "x"]), "warning", "matches nothing."),
        (dict(allow("More", "ssm:StartSession", SESSIONS + NAME), Effect="Deny"), "error", "denies nothing."),
        (allow("More", "iam:ChangePassword", f"arn:aws:iam::*:user/{NAME}"), "error", "allows nothing."),
        (allow("More", "s3:*", "*", {"StringLike": {"s3:prefix": NAME + "/*"}}), "error", "so never holds."),
        (allow("More", "s3:*", "*", {"StringNotLike": {"s3:prefix": NAME + "/*"}}), "error", "so always holds."),
        (allow("More", "s3:*", "*", {"StringEquals": {"aws:username": "taro"}}), "error", "has no aws:username, so"),
    ],
)
def test_a_role_has_no_user_name(statement, severity, told):
    (problem,) = found("username_of_role", statement)
    assert problem["severity"] == severity and told in problem["problem"]
    assert not found("username_of_role", statement, principal="iam_user")


def test_what_is_left_out_by_name_is_not_left_out():
    statement = {"Sid": "More", "Effect": "Deny", "Action": "ssm:TerminateSession", "NotResource": SESSIONS + NAME}
    assert "matches nothing and is not left out." in found("username_of_role", statement)[0]["problem"]


@pytest.mark.parametrize(
    "condition",
    [{"StringEqualsIfExists": {"aws:username": "taro"}}, {"Null": {"aws:username": "true"}},
     {"StringEquals": {"aws:userid": "${aws:username, 'nobody'}"}}],
)  # fmt: skip
def test_conditions_that_know_of_it(condition):
    assert not found("username_of_role", allow("More", "s3:*", "*", condition))


def test_where_it_is_unknown_only_sessions_count():
    assert not found("username_of_role", allow("More", "iam:*", f"arn:aws:iam::*:user/{NAME}"), principal=None)
    (problem,) = found("username_of_role", allow("More", "ssm:ResumeSession", SESSIONS + NAME), principal=None)
    assert problem["severity"] == "warning" and problem["problem"].startswith("If it is for a role")


@pytest.mark.parametrize(
    "actions, mend",
    [
        ("ssm:ResumeSession", "Write session/* and the condition"),
        ("ssmmessages:OpenDataChannel", "Write session/*: ssmmessages:OpenDataChannel knows no condition."),
        ("ssm:StartSession", "Use a tag of the principal"),
    ],
)
def test_the_mend_of_a_user_name(actions, mend):
    assert found("username_of_role", allow("More", actions, SESSIONS + NAME))[0]["mend"].startswith(mend)


@pytest.mark.parametrize(
    "principal, actions, told, mend",
    [
        ("iam_user", "ssm:ResumeSession", "begins with the user's name", "Write session/${aws:username}-*."),
        ("saml", "ssm:ResumeSession", "Reports disagree", "Write session/* and the condition"),
        ("saml", "ssmmessages:OpenDataChannel", "Reports disagree", "Write session/*: ssmmessages:OpenDataChannel"),
    ],
)
def test_a_user_id_in_a_session(principal, actions, told, mend):
    statement = allow("More", actions, SESSIONS + "${aws:userid}-*")
    (problem,) = found("userid_in_session_arn", statement, principal=principal)
    assert told in problem["problem"] and problem["mend"].startswith(mend) and problem["severity"] == "warning"


@pytest.mark.parametrize(
    "statement, told",
    [
        (allow("More", "ssm:*", INSTANCES, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}), "allows nothing"),
        (allow("More", "ssm:*", INSTANCES, {"NumericLessThan": {"aws:MultiFactorAuthAge": "9"}}), "allows nothing"),
        (deny("More", "ssm:*", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}), "denies everybody"),
        (deny("More", "ssm:*", {"Bool": {"aws:MultiFactorAuthPresent": "false"}}), "denies nothing"),
        (allow("More", "ssm:*", INSTANCES, {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}), None),
        (deny("More", "ssm:*", {"Null": {"aws:MultiFactorAuthAge": "true"}}), None),
    ],
)
def test_second_factors(statement, told):
    problems = [one["problem"] for one in found("mfa_of_federated", statement, principal="identity_center")]
    assert len(problems) == (told is not None)
    assert not problems or told in problems[0]
    for principal in ("iam_user", "role", None):
        assert not found("mfa_of_federated", statement, principal=principal)


def test_desktops_as_the_guide_has_them():
    """Instances and the document in one statement, without a condition on tags: nothing is wrong with that."""
    nodes = ["arn:aws:ec2:*:111122223333:instance/*", "arn:aws:ssm:*:111122223333:managed-instance/*"]
    through = {"ForAnyValue:StringEquals": {"aws:CalledVia": "ssm-guiconnect.amazonaws.com"}}
    check = {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}}
    own = {"StringLike": {"ssm:resourceTag/aws:ssmmessages:session-id": ["${aws:userid}"]}}
    document = {
        "Version": "2012-10-17",
        "Statement": [
            allow("See", ["sso:ListDirectoryAssociations*", "identitystore:DescribeUser", "ssm:GetInventory*"], "*"),
            allow("End", "ssm:TerminateSession", "*", own),
            allow("Start", "ssm:StartSession", [*nodes, "arn:aws:ssm:*::document/AWS-StartPortForwardingSession"],
                  {**check, **through}),
            allow("User", "ssm:SendCommand", [*nodes, "arn:aws:ssm:*:*:document/AWSSSO-CreateSSOUser"]),
            allow("Gui", ["ssm-guiconnect:StartConnection", "ssm-guiconnect:GetConnection"], "*"),
        ],
    }  # fmt: skip
    assert policy_problems(document, "identity_center") == []
