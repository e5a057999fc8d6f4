# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.problems import policy_problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy
from ansible_collections.keyless.aws.plugins.module_utils._sessions.ways_round import (
    PUSH_KEYS,
    RUN_AS,
    RUN_COMMANDS,
    TAG_PRINCIPALS,
    WRITE_DOCUMENTS,
)
from lint_examples import allow, deny, right

DOCUMENT = "arn:aws:ssm:*:*:document/"
SCOPE = {"principal": "identity_center", "instances": {"all": True}, "connect": ["shell"], "accounts": ["111122223333"]}


def held(*more, without=()):
    """A policy of ours under Run As, with statements taken away and added."""
    policy = session_policy(SCOPE)
    policy["Statement"] = [one for one in policy["Statement"] if one["Sid"] not in without] + list(more)
    return policy


def ways(policy, severity, **options):
    rules = {"error": "run_as_open_way", "warning": "run_as_way_not_denied"}
    found = policy_problems(policy, "identity_center", **options)
    return " ".join(one["problem"] for one in found if one["rule"] == rules[severity])


def test_it_is_judged_where_it_is_meant():
    plain = right()
    assert policy_problems(plain, "role") == policy_problems(plain, "role", run_as=False) == []
    assert [one["rule"] for one in policy_problems(plain, "role", run_as=True)] == [
        "run_as_not_demanded",
        "run_as_way_not_denied",
    ]
    open_policy = held(without=["DenyOtherSessionDocuments"])
    assert ways(open_policy, "warning").endswith("not denied: other session documents.")
    assert policy_problems(open_policy, "identity_center", run_as=False) == []


@pytest.mark.parametrize(
    "sid, actions, word",
    [
        ("DenyCommandsAndDocumentWriting", RUN_COMMANDS, "running commands"),
        ("DenyCommandsAndDocumentWriting", WRITE_DOCUMENTS, "writing documents"),
        ("DenyPushingKeys", PUSH_KEYS, "pushing keys"),
        ("DenyTaggingWithRunAs", TAG_PRINCIPALS, "tagging principals"),
    ],
)
def test_every_way_of_the_builder_is_looked_for(sid, actions, word):
    for action in actions:
        given = allow("Given", action, "*")
        assert ways(held(given), "error", run_as=True) == ""
        assert f"{word} ({action})" in ways(held(given, without=[sid]), "error")
        assert action in ways(held(without=[sid]), "warning")
        wide = allow("Given", action.split(":")[0] + ":*", "arn:aws:*")
        assert action in ways(held(wide, without=[sid]), "error")


@pytest.mark.parametrize("name", ["AdministratorAccess", "PowerUserAccess", "AmazonSSMFullAccess"])
def test_managed_policies_give_ways_too(name):
    unheld = held(without=["DenyCommandsAndDocumentWriting"])
    assert "running commands" in ways(unheld, "error", managed_policies=[f"arn:aws:iam::aws:policy/{name}"])
    assert ways(held(), "error", managed_policies=[name]) == ""
    unheld = held(without=["DenyTaggingWithRunAs"])
    assert ("iam:TagUser" in ways(unheld, "error", managed_policies=[name])) == (name == "AdministratorAccess")


def test_documents():
    others = allow(
        "Others", "ssm:StartSession", DOCUMENT + "*", {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}}
    )
    opened = held(others, without=["DenyOtherSessionDocuments"])
    assert "AWS-StartInteractiveCommand" in ways(opened, "error") and "any other document" in ways(opened, "error")
    assert ways(held(others), "error") == ""
    one_by_one = deny("Deny", "ssm:StartSession")
    one_by_one["Resource"] = [DOCUMENT + name for name in ("AWS-*", "Own*")]
    assert "(any other document)" in ways({**opened, "Statement": [*opened["Statement"], one_by_one]}, "error")


def test_what_the_policy_means_is_no_way_round():
    for word in ("port_forward", "remote_port_forward", "ssh", "command"):
        document = session_policy(dict(SCOPE, connect=["shell", word]))
        assert policy_problems(document, "identity_center", run_as=True) == []


@pytest.mark.parametrize(
    "denial, holds",
    [
        (deny("Deny", PUSH_KEYS), True),
        (deny("Deny", PUSH_KEYS, {"StringNotEquals": {"ec2:osuser": RUN_AS}}), True),
        (deny("Deny", PUSH_KEYS, {"StringNotEquals": {"ec2:osuser": "taro"}}), False),
        (deny("Deny", PUSH_KEYS, {"StringEquals": {"ec2:osuser": RUN_AS}}), False),
        (deny("Deny", PUSH_KEYS, {"StringNotEquals": {"ec2:osuser": RUN_AS, "aws:userid": "x"}}), False),
        (dict(deny("Deny", PUSH_KEYS), Resource="arn:aws:ec2:*:*:instance/*"), True),
        (dict(deny("Deny", PUSH_KEYS), Resource="arn:aws:ec2:*:*:instance/i-0123456789abcdef0"), False),
    ],
)
def test_denials_of_keys(denial, holds):
    assert (ways(held(denial, without=["DenyPushingKeys"]), "warning") == "") is holds


@pytest.mark.parametrize(
    "condition, holds",
    [
        (None, True),
        ({"Null": {"aws:RequestTag/SSMSessionRunAs": "false"}}, True),
        ({"Null": {"aws:RequestTag/SSMSessionRunAs": "true"}}, False),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "SSMSessionRunAs"}}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": "SSMSessionRunAs"}}, False),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "Team"}}, False),
    ],
)
def test_denials_of_tags(condition, holds):
    denial = deny("Deny", TAG_PRINCIPALS, condition)
    assert (ways(held(denial, without=["DenyTaggingWithRunAs"]), "warning") == "") is holds


@pytest.mark.parametrize(
    "resources, open_ways",
    [
        ([DOCUMENT + "*"], {"ssm:RegisterTaskWithMaintenanceWindow", "ssm:UpdateMaintenanceWindowTask",
                            "ssm:StartAssociationsOnce"}),
        (["arn:aws:ec2:*:*:instance/*"], set(RUN_COMMANDS + WRITE_DOCUMENTS)),
        ([DOCUMENT + "AWS-*"], set(RUN_COMMANDS + WRITE_DOCUMENTS)),
    ],
)  # fmt: skip
def test_denials_of_some_resources(resources, open_ways):
    denial = dict(deny("Deny", RUN_COMMANDS + WRITE_DOCUMENTS), Resource=resources)
    told = ways(held(denial, without=["DenyCommandsAndDocumentWriting"]), "warning")
    assert {action for action in RUN_COMMANDS + WRITE_DOCUMENTS if action in told} == open_ways


def test_a_denial_with_exceptions_holds_nobody():
    denial = {"Sid": "Deny", "Effect": "Deny", "Action": list(RUN_COMMANDS), "NotResource": DOCUMENT + "AWS-*"}
    assert "ssm:SendCommand" in ways(held(denial, without=["DenyCommandsAndDocumentWriting"]), "warning")


def test_own_key_is_no_way_round():
    own = allow("Key", PUSH_KEYS[0], "*", {"StringEquals": {"ec2:osuser": RUN_AS}})
    assert ways(held(own, without=["DenyPushingKeys"]), "error") == ""
    other = allow("Key", PUSH_KEYS[0], "*", {"StringEquals": {"ec2:osuser": "ubuntu"}})
    assert "pushing keys" in ways(held(other, without=["DenyPushingKeys"]), "error")
