"""The role's name, and trust policies."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.host_management.validate import (
    role_problems,
    split,
    trusts,
)


@pytest.mark.parametrize("role", ["Role", "service-role/Role", "a/b/R_o+l=e,.@-"])
def test_names_with_their_path(role):
    assert list(role_problems(role)) == []


@pytest.mark.parametrize(
    "role, text",
    [
        ("/service-role/R", "begins with a slash; AWS wants none there, give 'service-role/R'"),
        ("arn:aws:iam::111122223333:role/service-role/R", "is an ARN; give the role's name with its path, 'service-r"),
        ("", "is not the name of a role"),
        ("a//R", "is not the name of a role"),
        ("$None", "is not the name of a role"),
        ("ロール", "is not the name of a role"),
        ("R" * 65, "is not the name of a role"),
    ],
)
def test_what_is_no_name(role, text):
    (problem,) = role_problems(role)
    assert problem.startswith("role: ") and text in problem


def test_path_and_name():
    assert split("service-role/R") == ("/service-role/", "R")
    assert split("R") == ("/", "R")


def statement(**more):
    return {"Effect": "Allow", "Principal": {"Service": "ssm.amazonaws.com"}, "Action": "sts:AssumeRole", **more}


@pytest.mark.parametrize(
    "entry, answer",
    [
        (statement(), True),
        (statement(Principal={"Service": ["ec2.amazonaws.com", "ssm.amazonaws.com"]}), True),
        (statement(Action=["sts:TagSession", "sts:AssumeRole"]), True),
        (statement(Principal="*"), True),
        (statement(Action="sts:TagSession"), False),
        (statement(Effect="Deny"), False),
        (statement(Principal={"Service": "ec2.amazonaws.com"}), False),
        (statement(Principal={"AWS": "*"}), False),
        ("no statement", False),
    ],
)
def test_trust(entry, answer):
    assert trusts({"Version": "2012-10-17", "Statement": [entry]}) is answer
    assert trusts({"Version": "2012-10-17", "Statement": entry}) is answer


def test_no_trust_policy():
    assert not trusts("nothing")
    assert not trusts({})
