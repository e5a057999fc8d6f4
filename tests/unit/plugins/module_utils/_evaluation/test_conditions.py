# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.conditions import (
    Context,
    arn_like,
    context_of,
    holds,
    like,
)

HERE = context_of(
    {
        "aws:PrincipalTag/Team": "web",
        "aws:PrincipalTag/Wild": "*",
        "aws:userid": "AROAEXAMPLE:taro@example.com",
        "aws:TagKeys": ["one", "two"],
        "ec2:osuser": None,
        "aws:MultiFactorAuthAge": 300,
        "aws:PrincipalArn": "arn:aws:iam::111122223333:role/Operator",
    }
)


@pytest.mark.parametrize(
    "operator, key, expected, answer",
    [
        ("StringEquals", "aws:PrincipalTag/Team", "web", True),
        ("StringEquals", "AWS:principaltag/team", ["db", "web"], True),
        ("StringEquals", "aws:PrincipalTag/Team", "WEB", False),
        ("StringEquals", "aws:PrincipalTag/Team", "w*", False),
        ("StringEqualsIgnoreCase", "aws:PrincipalTag/Team", "WEB", True),
        ("StringNotEqualsIgnoreCase", "aws:PrincipalTag/Team", "WEB", False),
        ("StringNotEquals", "aws:PrincipalTag/Team", ["db", "web"], False),
        ("StringNotEquals", "aws:PrincipalTag/Team", "db", True),
        ("StringLike", "aws:PrincipalTag/Team", "w?b", True),
        ("StringNotLike", "aws:PrincipalTag/Team", "w*", False),
        ("StringLike", "aws:userid", "AROAEXAMPLE:*", True),
        # variables
        ("StringEquals", "aws:PrincipalTag/Team", "${aws:PrincipalTag/Team}", True),
        ("StringEquals", "aws:PrincipalTag/Team", "${aws:PrincipalTag/None}", False),
        ("StringNotEquals", "aws:PrincipalTag/Team", "${aws:PrincipalTag/None}", True),
        ("StringLike", "aws:PrincipalTag/Team", "${aws:PrincipalTag/Wild}", False),
        ("StringEquals", "aws:PrincipalTag/Wild", "${*}", True),
        ("StringEquals", "aws:PrincipalTag/Team", "${aws:PrincipalTag/None, 'web'}", True),
        ("StringEquals", "aws:PrincipalTag/Team", "${aws:SourceIp}", None),
        ("StringLike", "aws:PrincipalTag/Team", "${aws:SourceIp}", None),
        ("StringEquals", "aws:PrincipalTag/Team", "${aws:TagKeys}", False),
        # absent keys
        ("StringEquals", "aws:PrincipalTag/None", "web", False),
        ("StringNotEquals", "aws:PrincipalTag/None", "web", True),
        ("StringEqualsIfExists", "aws:PrincipalTag/None", "web", True),
        ("StringEqualsIfExists", "aws:PrincipalTag/Team", "db", False),
        ("StringEquals", "ec2:osuser", "taro", False),
        ("Null", "aws:PrincipalTag/None", "true", True),
        ("Null", "aws:PrincipalTag/None", False, False),
        ("Null", "aws:PrincipalTag/Team", "true", False),
        ("Null", "aws:PrincipalTag/Team", "false", True),
        # keys of which nobody here knows whether the request has them
        ("Null", "aws:SourceIp", "true", None),
        ("StringEquals", "aws:SourceVpc", "vpc-1", None),
        ("StringEqualsIfExists", "aws:SourceVpc", "vpc-1", None),
        # several values
        ("StringEquals", "aws:TagKeys", "two", True),
        ("StringNotEquals", "aws:TagKeys", "two", False),
        ("ForAnyValue:StringEquals", "aws:TagKeys", "two", True),
        ("ForAnyValue:StringEquals", "aws:PrincipalTag/None", "two", False),
        ("ForAnyValue:StringNotEquals", "aws:TagKeys", "two", True),
        ("ForAnyValue:StringNotEquals", "aws:PrincipalTag/None", "two", False),
        ("ForAllValues:StringEquals", "aws:TagKeys", "two", False),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["one", "two"], True),
        ("ForAllValues:StringEquals", "aws:PrincipalTag/None", "two", True),
        ("ForAllValues:StringNotEquals", "aws:TagKeys", "three", True),
        ("ForAllValues:StringNotEquals", "aws:TagKeys", "one", False),
        # other kinds
        ("Bool", "aws:PrincipalTag/Team", "true", False),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "301", True),
        ("NumericLessThanEquals", "aws:MultiFactorAuthAge", 299, False),
        ("NumericGreaterThan", "aws:MultiFactorAuthAge", 299, True),
        ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", 301, False),
        ("NumericEquals", "aws:MultiFactorAuthAge", "300.0", True),
        ("NumericNotEquals", "aws:MultiFactorAuthAge", "300", False),
        ("NumericEquals", "aws:PrincipalTag/Team", "300", False),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/O*", True),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/O*", False),
        # operators that this evaluator does not know
        ("IpAddress", "aws:PrincipalTag/Team", "10.0.0.0/8", None),
        ("DateLessThan", "aws:PrincipalTag/Team", "2026-01-01", None),
        ("Invented", "aws:PrincipalTag/Team", "x", None),
    ],
)
def test_one_line_of_a_condition(operator, key, expected, answer):
    assert holds(operator, key, expected, HERE) is answer


def test_a_complete_context_knows_what_is_absent():
    assert holds("Null", "aws:SourceIp", "true", context_of({}, complete=True)) is True


@pytest.mark.parametrize(
    "operator, expected, answer",
    [
        ("DateLessThan", "2026-06-01T00:00:01Z", True),
        ("DateLessThan", "2026-06-01T00:00:00Z", False),
        ("DateLessThanEquals", "2026-06-01T09:00:00+09:00", True),
        ("DateGreaterThan", "2026-05-31", True),
        ("DateGreaterThan", "2026-06-01T00:00Z", False),
        ("DateGreaterThanEquals", "1780272000", True),
        ("DateEquals", "2026-06-01T00:00:00.000Z", True),
        ("DateNotEquals", "2026-06-01T00:00:00Z", False),
        ("DateLessThan", "soon", None),
    ],
)
def test_moments(operator, expected, answer):
    context = context_of({"aws:CurrentTime": "2026-06-01T00:00:00Z"})
    assert holds(operator, "aws:CurrentTime", expected, context) is answer


@pytest.mark.parametrize(
    "operator, expected, answer",
    [
        ("IpAddress", "192.0.2.0/24", True),
        ("IpAddress", ["198.51.100.0/24", "192.0.2.7"], True),
        ("IpAddress", "192.0.2.8", False),
        ("IpAddress", "2001:db8::/32", False),
        ("NotIpAddress", "192.0.2.0/24", False),
        ("NotIpAddress", "198.51.100.0/24", True),
        ("IpAddress", "office", None),
    ],
)
def test_networks(operator, expected, answer):
    assert holds(operator, "aws:SourceIp", expected, context_of({"aws:SourceIp": "192.0.2.7"})) is answer


@pytest.mark.parametrize("value, expected, answer", [(True, "true", True), (True, True, True), ("true", "True", True)])
def test_booleans_are_texts(value, expected, answer):
    context = context_of({"ssm:SessionDocumentAccessCheck": value})
    assert holds("Bool", "ssm:SessionDocumentAccessCheck", expected, context) is answer


@pytest.mark.parametrize(
    "pattern, arn, answer",
    [
        ("*", "arn:aws:ec2:us-east-1:1:instance/i-1", True),
        ("arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:us-east-1:1:instance/i-1", True),
        ("arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:us-east-1:1:volume/v-1", False),
        ("arn:aws:ec2:*:instance/*", "arn:aws:ec2:us-east-1:1:instance/i-1", None),
        ("arn:aws:ec2:*:volume/*", "arn:aws:ec2:us-east-1:1:instance/i-1", False),
        ("arn:aws:ssm:*::document/AWS-*", "arn:aws:ssm:us-east-1::document/AWS-X", True),
        ("arn:aws:ssm:*::document/AWS-*", "arn:aws:ssm:us-east-1:1:document/AWS-X", False),
        ("arn:aws:ssm:*:1:session/${aws:userid}*", "arn:aws:ssm:x:1:session/AROAEXAMPLE:taro@example.com-1", True),
        ("arn:aws:ssm:*:1:session/${aws:username}-*", "arn:aws:ssm:x:1:session/-1", False),
        ("arn:aws:ssm:*:1:session/${aws:SourceIp}-*", "arn:aws:ssm:x:1:session/-1", None),
        ("arn:aws:ssm:*:2:session/${aws:SourceIp}-*", "arn:aws:ssm:x:1:session/-1", False),
        ("arn:aws:s3:::bucket/*", "*", False),
        ("*", "*", True),
        ("arn:aws:ec2:*", "arn:aws:ssm:us-east-1:1:document/x", False),
        ("arn:aws:*", "arn:aws:ec2:us-east-1:1:instance/i-1", True),
    ],
)
def test_arns(pattern, arn, answer):
    assert arn_like(pattern, arn, HERE) is answer


def test_old_policies_have_no_variables():
    old = Context(HERE.values, variables=False)
    assert like("${aws:userid}", "${aws:userid}", old) is True
    assert like("${aws:userid}", "AROAEXAMPLE:taro@example.com", old) is False
