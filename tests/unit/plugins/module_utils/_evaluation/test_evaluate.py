# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.conditions import context_of
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.evaluate import Miss, evaluate, evaluate_all

ARN = "arn:aws:ec2:us-east-1:111122223333:instance/i-1"
CONTEXT = context_of({"ssm:resourceTag/Team": "web"})


def policy(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


def allow(**more):
    return dict({"Sid": "Yes", "Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*"}, **more)


def deny(**more):
    return dict(allow(**more), Sid="No", Effect="Deny")


def tag(value, key="ssm:resourceTag/Team"):
    return {"StringEquals": {key: value}}


UNKNOWN = tag("x", "aws:SourceVpc")


@pytest.mark.parametrize(
    "policies, effect, statement",
    [
        ([], "not_allowed", ""),
        ([policy()], "not_allowed", ""),
        ([policy(allow())], "allowed", "Yes"),
        ([policy({key: value for key, value in allow().items() if key != "Sid"})], "allowed", "statement 1"),
        ([policy(allow(), deny())], "denied", "No"),
        ([policy(allow()), policy(deny())], "denied", "No"),
        ([json.dumps(policy(allow()))], "allowed", "Yes"),
        ([{"Version": "2012-10-17", "Statement": allow()}], "allowed", "Yes"),
        ([policy(allow(Action="SSM:startsession"))], "allowed", "Yes"),
        ([policy(allow(Action=["ssm:Get*", "ssm:Start*"]))], "allowed", "Yes"),
        ([policy(allow(Action="ssm:Get*"))], "not_allowed", ""),
        ([policy(allow(Resource="arn:aws:ec2:*:*:volume/*"))], "not_allowed", ""),
        ([policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})], "allowed", "statement 1"),
        ([policy({"Effect": "Allow", "NotAction": "ssm:*", "Resource": "*"})], "not_allowed", ""),
        ([policy({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:ec2:*:*:instance/*"})], "not_allowed", ""),
        (
            [policy({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:ssm:*:*:document/*"})],
            "allowed",
            "statement 1",
        ),
        ([policy(allow(Condition=tag("web")))], "allowed", "Yes"),
        ([policy(allow(Condition=tag("db")))], "not_allowed", ""),
        ([policy(allow(Condition=dict(tag("web"), Null={"aws:PrincipalTag/x": "true"})))], "allowed", "Yes"),
        # what cannot be judged never counts as allowed, and matters only where it could change the answer
        ([policy(allow(Condition=UNKNOWN))], "undecidable", "Yes"),
        ([policy(allow(Condition=UNKNOWN), allow(Sid="Sure"))], "allowed", "Sure"),
        ([policy(allow(), deny(Condition=UNKNOWN))], "undecidable", "No"),
        ([policy(allow(), deny(Condition=UNKNOWN), deny())], "denied", "No"),
        ([policy(allow(), deny(Condition=UNKNOWN, Action="ssm:Get*"))], "allowed", "Yes"),
        ([policy(allow(), deny(Condition=dict(UNKNOWN, StringLike={"ssm:resourceTag/Team": "d*"})))], "allowed", "Yes"),
        ([policy(allow(Condition={"Invented": {"ssm:resourceTag/Team": "web"}}))], "undecidable", "Yes"),
        ([policy(allow(Condition="x"))], "undecidable", "Yes"),
        ([policy(allow(Condition={"StringEquals": "x"}))], "undecidable", "Yes"),
        ([policy(allow(Principal="*"))], "undecidable", "Yes"),
        ([policy({"Effect": "Allow", "Action": "*"})], "undecidable", "statement 1"),
        ([policy(allow(NotResource="*"))], "undecidable", "Yes"),
        ([policy(allow(Effect="Perhaps"))], "undecidable", "statement 1"),
        ([policy("x")], "undecidable", "statement 1"),
        (["{not json"], "undecidable", "the whole policy"),
        ([["x"]], "undecidable", "the whole policy"),
        ([{"Statement": 5}], "undecidable", "the whole policy"),
    ],
)
def test_decisions(policies, effect, statement):
    decision = evaluate(policies, "ssm:StartSession", ARN, CONTEXT)
    assert (decision.effect, decision.statement) == (effect, statement)
    assert decision.allowed == (effect == "allowed")


def test_what_nearly_allowed_it_is_told():
    decision = evaluate([policy(allow(Condition=tag(["db", "api"])))], "ssm:StartSession", ARN, CONTEXT)
    assert decision.misses == (Miss("Yes", "StringEquals", "ssm:resourceTag/Team", ("db", "api")),)


@pytest.mark.parametrize(
    "version, effect", [("2012-10-17", "allowed"), ("2008-10-17", "not_allowed"), (None, "not_allowed")]
)
def test_variables_by_version(version, effect):
    own = {"StringEquals": {"ssm:resourceTag/Team": "${aws:PrincipalTag/Team}"}}
    context = context_of({"ssm:resourceTag/Team": "web", "aws:PrincipalTag/Team": "web"})
    assert evaluate([policy(allow(Condition=own), version=version)], "ssm:StartSession", ARN, context).effect == effect


@pytest.mark.parametrize(
    "statements, effect",
    [
        ([allow()], "allowed"),
        ([allow(Resource=ARN)], "not_allowed"),
        ([allow(), deny(Resource=ARN)], "denied"),
        ([allow(Resource=ARN), allow(Condition=UNKNOWN)], "undecidable"),
    ],
)
def test_an_action_on_several_resources_is_as_good_as_the_worst(statements, effect):
    requests = [(ARN, CONTEXT), ("arn:aws:ssm:us-east-1:111122223333:document/x", CONTEXT)]
    assert evaluate_all([policy(*statements)], "ssm:StartSession", requests).effect == effect
