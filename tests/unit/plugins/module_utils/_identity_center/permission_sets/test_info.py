from __future__ import annotations

import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.info import (
    read_permission_sets,
)
from assignments_cloud import Module, at

AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
OPS = "a4d8e4b8-1011-70d2-9a4c-0a2b3c4d5e6f"


@pytest.fixture
def info(sso):
    """info(names=…, include=…) -> the answer of permission_sets_info"""

    def info(names=None, include=()):
        params = dict(instance_arn=None, api_rate=1e6, names=names, include=list(include))
        with at(sso):
            return read_permission_sets(Module(params))

    return info


def test_info_shows_what_is_asked_for_sorted_and_names_what_is_missing(sso, info):
    web = sso.add("Web", accounts=["222", "111"], outdated=["222"], tags={"a": "b"})
    sso.add("Db", managed=[AUDIT])
    assert [each["name"] for each in info()["permission_sets"]] == ["Db", "Web"]
    answer = info(names=["Web", "Nobody"], include=["tags", "accounts"])
    assert answer["missing"] == ["Nobody"]
    assert answer["permission_sets"] == [
        dict(
            name="Web",
            permission_set_arn=web,
            session_duration="PT1H",
            tags={"a": "b"},
            accounts=["111", "222"],
            outdated_accounts=["222"],
        )
    ]
    assert sso.writes() == []


def test_info_finds_accounts_that_hold_a_set_in_vain(sso, info):
    sso.add("Web", accounts=["222", "111", "333"], assigned=[("222", "GROUP", OPS)])
    (shown,) = info(include=["accounts_without_assignments"])["permission_sets"]
    assert shown["accounts_without_assignments"] == ["111", "333"]
    assert "accounts" not in shown


def test_info_judges_the_inline_policy_with_what_stands_beside_it(sso, info):
    everywhere = {"Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [everywhere]}
    sso.add("Web", InlinePolicy=json.dumps(document), customer=[{"Name": "AmazonEC2RoleforSSM", "Path": "/"}])
    sso.add("Old", managed=["arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM"])
    sso.add("Plain")
    shown = {each["name"]: each for each in info(include=["problems"])["permission_sets"]}
    assert [(one["severity"], one["rule"]) for one in shown["Web"]["problems"]] == [
        ("warning", "no_data_channel"),
        ("error", "start_session_anywhere"),
    ]
    assert [one["rule"] for one in shown["Old"]["problems"]] == ["deprecated_managed_policy"]
    assert shown["Plain"]["problems"] == []
    assert "inline_policy" not in shown["Web"] and "managed_policies" not in shown["Web"]
    (again,) = info(names=["Web"], include=["problems", "inline_policy"])["permission_sets"]
    assert again["inline_policy"] == document
    assert "problems" not in info()["permission_sets"][0]
