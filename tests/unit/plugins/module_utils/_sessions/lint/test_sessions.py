# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.problems import policy_problems
from lint_examples import CHECK, INSTANCES, OWNER, SESSIONS, SHELL, allow, deny

TAGGED = {"StringEquals": {"ssm:resourceTag/Team": "web"}}
CHECKED = {"BoolIfExists": {CHECK: "true"}}


def policy(*statements, channel=True):
    opened = [allow("Channel", "ssmmessages:OpenDataChannel", "*")] if channel else []
    return {"Version": "2012-10-17", "Statement": [*statements, *opened]}


def told(document, rule, **options):
    return [
        (one["severity"], one["problem"]) for one in policy_problems(document, "role", **options) if one["rule"] == rule
    ]


@pytest.mark.parametrize(
    "statement, wrong",
    [
        (allow("S", "ssm:StartSession", "*"), True),
        (allow("S", "*", "arn:aws:*"), True),
        (allow("S", "ssm:Start*", "arn:*:*:*:*:*"), True),
        ({"Sid": "S", "Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, True),
        ({"Sid": "S", "Effect": "Allow", "Action": "ssm:*", "NotResource": SHELL}, True),
        (allow("S", "ssm:StartSession", "*", TAGGED), False),
        (allow("S", "ssm:StartSession", INSTANCES), False),
        (allow("S", "ssm:Describe*", "*"), False),
        (deny("S", "ssm:*"), False),
        ({"Sid": "S", "Effect": "Allow", "NotAction": "ssm:*", "Resource": "*"}, False),
    ],
)
def test_sessions_anywhere(statement, wrong):
    assert len(told(policy(statement), "start_session_anywhere")) == wrong


def test_tags_on_documents_is_an_error_where_nothing_else_grants_one():
    shared = allow("Shared", "ssm:StartSession", [INSTANCES, SHELL], {**CHECKED, **TAGGED})
    alone = allow("Alone", "ssm:StartSession", SHELL, CHECKED)
    everything = allow("All", "ssm:StartSession", "*", {**CHECKED, **TAGGED})
    own = allow("Own", "ssm:StartSession", SHELL, {**CHECKED, **TAGGED})
    rule = "tags_on_documents"
    assert [severity for severity, _text in told(policy(shared), rule)] == ["error"]
    assert [severity for severity, _text in told(policy(shared, alone), rule)] == ["warning"]
    assert [severity for severity, _text in told(policy(everything), rule)] == ["error"]
    assert told(policy(everything, alone), rule) == []
    ((severity, text),) = told(policy(own), rule)
    assert severity == "warning" and text.endswith("every document that is not tagged so itself.")
    aws = allow("Aws", "ssm:StartSession", "arn:aws:ssm:*::document/AWS-StartSSHSession", {**CHECKED, **TAGGED})
    assert [severity for severity, _text in told(policy(aws), rule)] == ["error"]


@pytest.mark.parametrize(
    "condition, wrong",
    [
        ({"StringEqualsIfExists": {"ssm:resourceTag/Team": "web"}}, 1),
        ({"ForAllValues:StringLike": {"aws:ResourceTag/Team": "w*"}}, 1),
        ({"StringNotEqualsIfExists": {"ssm:resourceTag/Team": "web"}}, 0),
        ({"StringLikeIfExists": {OWNER: "${aws:userid}"}}, 0),
        (TAGGED, 0),
    ],
)
def test_untagged_instances(condition, wrong):
    assert len(told(policy(allow("S", "ssm:StartSession", INSTANCES, condition)), "untagged_let_in")) == wrong
    assert not told(policy(allow("S", "ssm:StartSession", SHELL, condition)), "untagged_let_in")


@pytest.mark.parametrize("operator, enforced", [("Bool", True), ("BoolIfExists", True), ("StringEquals", False)])
def test_a_denial_can_ask_for_the_check_too(operator, enforced):
    plain = [allow("Nodes", "ssm:StartSession", INSTANCES, TAGGED), allow("Documents", "ssm:StartSession", SHELL)]
    denial = deny("Check", "ssm:StartSession", {operator: {CHECK: "false"}})
    assert (told(policy(*plain, denial), "no_access_check") == []) is enforced


def test_without_the_check_it_matters_whether_the_shell_is_granted():
    nodes = allow("Nodes", "ssm:StartSession", INSTANCES)
    tunnel = allow("Tunnel", "ssm:StartSession", "arn:aws:ssm:*::document/AWS-StartSSHSession", CHECKED)
    ((severity, text),) = told(policy(nodes, tunnel), "no_access_check")
    assert severity == "error" and text.endswith("opens the full shell, although no statement grants it.")
    shell = allow("Shell", "ssm:StartSession", SHELL, CHECKED)
    ((severity, text),) = told(policy(nodes, shell), "no_access_check")
    assert severity == "warning"
    task = allow("Task", "ssm:StartSession", "arn:aws:ecs:*:111122223333:task/web/*")
    assert told(policy(task), "no_access_check") == []


def test_without_a_document_the_check_decides():
    rule = "no_session_document"
    ((severity, text),) = told(policy(allow("Nodes", "ssm:StartSession", INSTANCES, CHECKED)), rule)
    assert severity == "error" and text.endswith("every session is denied.")
    ((severity, text),) = told(policy(allow("Nodes", "ssm:StartSession", INSTANCES)), rule)
    assert severity == "warning" and text.endswith("only the default shell opens.")


def test_desktops_need_no_channel():
    through = {"StringEquals": {"aws:CalledViaFirst": "ssm-guiconnect.amazonaws.com"}}
    desktop = allow("Desktop", "ssm:StartSession", INSTANCES, {**CHECKED, **through})
    assert told(policy(desktop, channel=False), "no_data_channel") == []
    direct = allow("Direct", "ssm:StartSession", INSTANCES, CHECKED)
    assert len(told(policy(desktop, direct, channel=False), "no_data_channel")) == 1


@pytest.mark.parametrize(
    "actions, resource, condition, expected",
    [
        ("ssm:TerminateSession", "*", None, ("error", "It ends the sessions of other people too.")),
        ("ssm:ResumeSession", SESSIONS + "*", None, ("error", "It takes over the sessions of other people too.")),
        ("ssm:*Session", SESSIONS + "*", None, ("error", "It ends and takes over the sessions of other people too.")),
        ("ssm:TerminateSession", "*", {"StringLike": {OWNER: "*"}},
         ("error", "It ends the sessions of other people too.")),
        ("ssm:TerminateSession", "*", {"StringLikeIfExists": {OWNER: "${aws:userid}"}},
         ("warning",
          "It ends the sessions of other people that lack the tag, because StringLikeIfExists holds without it.")),
        *(("ssm:TerminateSession", "*", condition, ("error", "It ends the sessions of other people too."))
          for condition in ({"StringLike": {OWNER: "AROA*"}}, {"StringLike": {OWNER: "${aws:userid}*"}},
                            {"StringLike": {OWNER: ["${aws:userid}", "?*"]}},
                            {"StringNotLike": {OWNER: "${aws:userid}"}}, {"Null": {OWNER: "false"}})),
        ("ssm:TerminateSession", "*", {"StringLike": {OWNER: "${aws:userid}"}}, None),
        ("ssm:TerminateSession", "*", {"StringEquals": {OWNER: ["${aws:userid}", "AROAEXAMPLE:taro"]}}, None),
        ("ssm:TerminateSession", SESSIONS + "taro-*", None, None),
        ("ssm:DescribeSessions", "*", None, None),
    ],
)  # fmt: skip
def test_sessions_of_others(actions, resource, condition, expected):
    assert told(policy(allow("S", actions, resource, condition)), "others_sessions") == ([expected] if expected else [])


@pytest.mark.parametrize(
    "name, wrong",
    [("*", 1), ("AWS-*", 1), ("AWS-Start*", 1), ("Own-*", 0), ("SSM-SessionManagerRunShell", 0),
     ("AWS-StartInteractiveCommand", 0), ("SSM-*", 0)],
)  # fmt: skip
def test_any_document(name, wrong):
    documents = allow("D", "ssm:StartSession", f"arn:aws:ssm:*:*:document/{name}", CHECKED)
    assert len(told(policy(documents), "any_document")) == wrong
    own = allow("D", "ssm:StartSession", f"arn:aws:ssm:*:111122223333:document/{name}", CHECKED)
    assert told(policy(own), "any_document") == []


@pytest.mark.parametrize("arn, wrong", [("arn:aws:ssm:*", 1), ("arn:aws:ssm:*:*:*", 1), ("arn:aws:ssm:*:*:doc*", 1),
                                        ("arn:aws:ec2:*", 0), ("arn:aws:ssm:*:*:managed-instance/*", 0)])  # fmt: skip
def test_any_document_need_not_be_called_one(arn, wrong):
    assert len(told(policy(allow("S", "ssm:StartSession", [INSTANCES, arn], CHECKED)), "any_document")) == wrong


@pytest.mark.parametrize(
    "condition, checked",
    [
        ({"BoolIfExists": {CHECK: "true"}}, True),
        ({"Bool": {CHECK: True}}, True),
        ({"Null": {CHECK: "true"}}, False),
        ({"StringNotEquals": {CHECK: "true"}}, False),
    ],
)
def test_what_asks_for_the_check(condition, checked):
    statement = allow("S", "ssm:StartSession", INSTANCES, condition)
    assert (told(policy(statement), "no_access_check") == []) is checked
