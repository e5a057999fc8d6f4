from __future__ import annotations

import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.validate import (
    duration_seconds,
    permission_sets,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems

AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}


def item(**values):
    return dict(dict(name="Web", state="present"), **values)


def problems_of(*items):
    with pytest.raises(Problems) as info:
        permission_sets(items)
    return info.value.details["problems"]


@pytest.mark.parametrize(
    "values, path, text",
    [
        (dict(name="x" * 33), "name", "1 to 32"),
        (dict(name="Web Operator"), "name", "'Web Operator'"),
        (dict(name=""), "name", "1 to 32"),
        (dict(name="ウェブ"), "name", "'ウェブ'"),
        (dict(inline_policy='{"Statement": []}'), "inline_policy", "no Statement"),
        (dict(inline_policy='{"Statement": "hello"}'), "inline_policy", "no Statement"),
        (dict(inline_policy="[" * 5000), "inline_policy", "is not JSON"),
        (dict(tags={"Team": None}), "tags", "'Team' is None"),
        (dict(tags={f"t{n}": "x" for n in range(51)}), "tags", "51 tags"),
        (dict(description=""), "description", "cannot clear"),
        (dict(description="x" * 701), "description", "701 characters"),
        (dict(description="運用担当"), "description", "'運', which is outside Latin-1"),
        (dict(relay_state="https://example.com/" + "x" * 240), "relay_state", "240"),
        (dict(relay_state="https://example.com/<>"), "relay_state", "<>"),
        (dict(session_duration="PT13H"), "session_duration", "PT13H is longer than PT12H; give PT1H to PT12H"),
        (dict(session_duration="PT59M"), "session_duration", "shorter than PT1H"),
        (dict(session_duration="4h"), "session_duration", "'4h' is not an ISO 8601 duration"),
        (dict(session_duration="PT"), "session_duration", "not an ISO 8601"),
        (dict(inline_policy="{oops"), "inline_policy", "is not JSON"),
        (dict(inline_policy='["a"]'), "inline_policy", "no Statement"),
        (dict(inline_policy='{"Version": "2012-10-17"}'), "inline_policy", "no Statement"),
        (dict(inline_policy=json.dumps(dict(POLICY, Id="x" * 10240))), "inline_policy", "AWS takes 10240"),
        (dict(managed_policies=["SecurityAudit"]), "managed_policies[0]", "'SecurityAudit' is not the ARN"),
        (dict(managed_policies=["arn:aws:iam::111122223333:policy/Own"]), "managed_policies[0]", "customer_managed"),
        (dict(managed_policies=[AUDIT, AUDIT]), "managed_policies[1]", "listed twice"),
        (dict(customer_managed_policies=[dict(name="a/b", path="/")]), "customer_managed_policies[0].name", "'a/b'"),
        (dict(customer_managed_policies=[dict(name="a", path="x")]), "customer_managed_policies[0].path", "'x'"),
        (
            dict(customer_managed_policies=[dict(name="a", path="/"), dict(name="a", path="/")]),
            "customer_managed_policies[1]",
            "listed twice",
        ),
        (dict(customer_managed_policies=[dict(name=f"p{n}", path="/") for n in range(21)]), "managed_policies", "20"),
        (dict(permissions_boundary=dict(managed_policy_arn="nope")), "permissions_boundary.managed_policy_arn", "nope"),
        (
            dict(permissions_boundary=dict(managed_policy_arn=AUDIT, customer_managed_policy=dict(name="a", path="/"))),
            "permissions_boundary",
            "not both",
        ),
        (
            dict(permissions_boundary=dict(customer_managed_policy=dict(name="a b", path="/"))),
            "permissions_boundary.customer_managed_policy.name",
            "'a b'",
        ),
        (dict(tags={"aws:x": "y"}), "tags", "'aws:x'"),
        (dict(tags={"a<b": "y"}), "tags", "'a<b'"),
        (dict(tags={"a": "x" * 257}), "tags", "'a'"),
    ],
)
def test_what_aws_would_refuse_is_named_with_option_and_value(values, path, text):
    (problem,) = problems_of(item(**values))
    assert problem.startswith(f"permission_sets[0].{path}: ")
    assert text in problem


def test_all_problems_are_told_at_once():
    problems = problems_of(item(session_duration="PT13H"), item(name="Web"), item(name="Db", description=""))
    assert [problem.split(":")[0] for problem in problems] == [
        "permission_sets[0].session_duration",
        "permission_sets[1].name",
        "permission_sets[2].description",
    ]
    assert "listed twice" in problems[1]


def test_good_values_pass_unchanged():
    (record,) = permission_sets(
        [
            item(
                description="Größe: näher",
                relay_state="https://ap-northeast-1.console.aws.amazon.com/?a=b&c=d#/x",
                session_duration="PT1H30M",
                inline_policy=json.dumps(POLICY),
                managed_policies=[AUDIT, "arn:aws-cn:iam::aws:policy/job-function/ViewOnlyAccess"],
                customer_managed_policies=[dict(name="Own", path="/teams/web/"), dict(name="Two", path=None)],
                permissions_boundary=dict(customer_managed_policy=dict(name="B", path="/"), managed_policy_arn=None),
                tags={"keyless:team": "wéb", "cost": 7},
            )
        ]
    )
    assert record.inline_policy == POLICY
    assert record.customer_managed_policies == [dict(name="Own", path="/teams/web/"), dict(name="Two", path="/")]
    assert record.permissions_boundary == dict(customer_managed_policy=dict(name="B", path="/"))
    assert record.tags == {"keyless:team": "wéb", "cost": "7"}
    assert not record.absent


@pytest.mark.parametrize("empty", ["", "{}", " {} "])
def test_an_empty_inline_policy_clears(empty):
    (record,) = permission_sets([item(inline_policy=empty)])
    assert record.inline_policy == {}


def test_an_empty_boundary_clears_and_none_is_unmanaged():
    (clear,) = permission_sets([item(permissions_boundary=dict(managed_policy_arn=None, customer_managed_policy=None))])
    assert clear.permissions_boundary == {}
    (unmanaged,) = permission_sets([item()])
    assert unmanaged.permissions_boundary is None
    assert unmanaged.managed_details() == []


def test_a_set_to_be_deleted_needs_only_its_name():
    (record,) = permission_sets([item(state="absent", session_duration="PT99H")])
    assert record.absent


@pytest.mark.parametrize(
    "text, seconds",
    [("PT1H", 3600), ("PT60M", 3600), ("PT1H30M", 5400), ("PT3600S", 3600), ("1H", None), ("P1D", None)],
)
def test_durations_have_one_meaning(text, seconds):
    assert duration_seconds(text) == seconds
