# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.problems import policy_problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy
from ansible_collections.keyless.aws.plugins.module_utils._sessions.scope import REQUIRED
from ansible_collections.keyless.aws.plugins.module_utils._sessions.scope_input import read_scope
from hypothesis import given
from hypothesis import strategies as st
from lint_examples import MISTAKES, right
from moto.iam.aws_managed_policies import aws_managed_policies_data
from session_world import random_scope

ROOT = Path(__file__).resolve().parents[6]
KEYS = ["rule", "severity", "statement", "path", "problem", "mend"]


def rules(document, *arguments, **options):
    return [found["rule"] for found in policy_problems(document, *arguments, **options)]


def broken(mistake):
    policy = right()
    mistake.edit(policy)
    return policy


@pytest.mark.parametrize("principal", ["identity_center", "saml", "role", "iam_user", None])
def test_a_right_policy(principal):
    assert policy_problems(right(), principal) == []
    assert policy_problems(json.dumps(right()), principal) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.rule)
def test_each_mistake_is_found_and_nothing_else(mistake):
    problems = policy_problems(broken(mistake), mistake.principal, **mistake.options)
    assert sorted(problem["rule"] for problem in problems) == sorted([mistake.rule, *mistake.more])
    problem = next(problem for problem in problems if problem["rule"] == mistake.rule)
    assert list(problem) == KEYS
    assert [problem[key] for key in KEYS[:4]] == [mistake.rule, mistake.severity, mistake.statement, mistake.path]
    assert problem["problem"].endswith(".") and problem["mend"].endswith(".")
    assert problems == policy_problems(json.dumps(broken(mistake)), mistake.principal, **mistake.options)


def test_every_mistake_is_described():
    text = (ROOT / "docs" / "policy_mistakes.md").read_text()
    described = re.findall(r"^\| `([a-z_]+)` \|", text, re.M)
    assert sorted(described) == sorted(mistake.rule for mistake in MISTAKES)


@given(chance=st.randoms(use_true_random=False))
def test_what_our_own_builder_makes_has_no_mistake(chance: random.Random):
    scope = random_scope(chance)
    document, needs = session_policy(scope), read_scope(scope).run_as == REQUIRED
    for run_as in (None, needs, False):
        assert policy_problems(document, scope["principal"], run_as=run_as) == []
        assert policy_problems(json.dumps(document), scope["principal"], ["SecurityAudit"], run_as) == []
    if scope["principal"] != "iam_user":
        assert policy_problems(document) == []


@given(chance=st.randoms(use_true_random=False))
def test_an_iam_users_policy_is_wrong_for_roles(chance: random.Random):
    scope = dict(random_scope(chance), principal="iam_user")
    scope["connect"] = [word for word in scope["connect"] if word != "rdp"] or ["shell"]
    document = session_policy({key: value for key, value in scope.items() if key != "run_as"})
    for principal, severity in (("saml", "error"), (None, "warning")):
        found = policy_problems(document, principal)
        assert "username_of_role" in [one["rule"] for one in found if one["severity"] == severity]


@pytest.mark.parametrize("principal, told", [(None, "If it is for a role"), ("saml", "It is for a role that people")])
def test_whom_it_is_for_decides_how_it_is_said(principal, told):
    policy = right()
    policy["Statement"][2]["Resource"] = "arn:aws:ssm:*:*:session/${aws:username}-*"
    (problem,) = policy_problems(policy, principal)
    assert problem["problem"].startswith(told)
    assert policy_problems(policy, "iam_user") == []


def test_the_order_is_the_policys():
    policy = right()
    for statement in policy["Statement"]:
        statement["Action"] = [statement["Action"], "ssm:Nothing"] if isinstance(statement["Action"], str) else "ssm:X"
    del policy["Version"]
    found = policy_problems(policy, "role")
    places = [one["statement"] for one in found]
    assert places == sorted(places, key=["the policy", "Nodes", "Documents", "Own", "Channel", "See"].index)
    assert found == policy_problems(policy, "role")


def test_bad_options():
    with pytest.raises(UserError, match=r"principal: 'user' is not one of .* \(did you mean 'iam_user'\?\)"):
        policy_problems(right(), "user")
    with pytest.raises(UserError, match="managed_policies: True is not a list"):
        policy_problems(right(), managed_policies=True)
    with pytest.raises(UserError, match="run_as: 'no' is neither true nor false"):
        policy_problems(right(), run_as="no")


def test_no_policy_is_right_but_what_stands_beside_it_counts():
    assert policy_problems({}) == policy_problems("{}") == []
    assert rules({}, managed_policies="AmazonEC2RoleforSSM") == ["deprecated_managed_policy"]
    named = [
        {"name": "AmazonEC2RoleforSSM", "path": "/"},
        {"policy_arn": "arn:aws:iam::aws:policy/AmazonEC2RoleforSSM"},
    ]
    assert [one["path"] for one in policy_problems({}, managed_policies=named)] == ["managed_policies[1]"]
    assert rules({}, managed_policies=["arn:aws:iam::111122223333:policy/AmazonEC2RoleforSSM"]) == []


def test_what_another_policy_may_grant_is_a_warning():
    policy = right()
    del policy["Statement"][3], policy["Statement"][1]
    assert [one["severity"] for one in policy_problems(policy)] == ["error", "error"]
    for names, severities in (
        (["SecurityAudit", "Own"], ["warning", "warning"]),
        (["SecurityAudit"], ["error", "error"]),
        (["arn:aws:iam::111122223333:policy/SecurityAudit"], ["warning", "warning"]),
    ):
        assert [one["severity"] for one in policy_problems(policy, managed_policies=names)] == severities
    for name in ("AmazonSSMFullAccess", "PowerUserAccess"):
        assert rules(policy, managed_policies=[name]) == ["wider_managed_policy"]


def test_aws_managed_policies():
    """The deprecated one is known by its document too; its successor has nothing of it."""

    def document(name):
        return json.loads(aws_managed_policies_data)[name]["Document"]

    assert set(rules(document("AmazonEC2RoleforSSM"), "role")) == {"like_deprecated_policy"}
    assert rules(document("AmazonSSMManagedInstanceCore"), "role") == []
    assert rules(document("AdministratorAccess"), "role") == ["start_session_anywhere"]


def test_policies_as_people_copy_them():
    """Shapes of articles and modules, and what is wrong with them."""
    instance = "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"
    everything = ["ssm:StartSession", "ssm:TerminateSession", "ssm:ResumeSession", "ssm:DescribeSessions"]
    one_for_all = {"Effect": "Allow", "Action": everything,
                   "Resource": [instance, "arn:aws:ssm:*:*:session/${aws:username}-*"]}  # fmt: skip
    document = {"Version": "2012-10-17", "Statement": one_for_all}
    assert rules(document, "identity_center") == [
        "no_data_channel",
        "action_needs_star",
        "username_of_role",
        "no_access_check",
        "no_session_document",
    ]
    from_the_guide = {
        "Effect": "Allow",
        "Action": "ssm:StartSession",
        "Resource": [
            "arn:aws:ec2:region:account-id:instance/instance-id",
            "arn:aws:ssm:region:account-id:document/SSM-SessionManagerRunShell",
        ],
    }
    assert rules({"Version": "2012-10-17", "Statement": [from_the_guide]}) == [
        "no_data_channel",
        "resource_names_nothing",
        "resource_names_nothing",
        "no_access_check",
    ]
    tagged = {"StringLike": {"ssm:resourceTag/Name": "login*"}}
    shared = {"Effect": "Allow", "Action": "ssm:StartSession", "Condition": tagged,
              "Resource": ["arn:aws:ec2:*:*:instance/*", "arn:aws:ssm:*:*:document/AWS-StartSSHSession"]}  # fmt: skip
    found = policy_problems({"Version": "2012-10-17", "Statement": [shared]})
    assert [(one["severity"], one["rule"]) for one in found] == [
        ("error", "no_data_channel"),
        ("error", "tags_on_documents"),
        ("error", "no_access_check"),
    ]
