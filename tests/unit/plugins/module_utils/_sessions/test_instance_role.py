"""What the role of an instance needs, judged by our own evaluator and by policy_sentry's data."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.filter.instance_role_policy import FilterModule
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.conditions import Context
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.evaluate import evaluate
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_role import instance_role_policy
from policy_sentry.querying.actions import get_action_data

KEY = "arn:aws:kms:ap-northeast-1:111122223333:key/11111111-2222-3333-4444-555555555555"
FULL = dict(
    minimum=True,
    kms_key_arn=KEY,
    s3_bucket_name="logs",
    s3_key_prefix="a/b",
    s3_kms_key_arn=KEY.replace("1111-", "2222-"),
    cloud_watch_log_group_name="/ssm/sessions",
)
GROUP = "arn:aws:logs:ap-northeast-1:111122223333:log-group:"


def may(action, resource="*", **wanted):
    return evaluate([instance_role_policy(wanted or FULL)], action, resource, Context()).allowed


def test_nothing_is_nothing():
    assert instance_role_policy({}) is None
    assert instance_role_policy(dict(kms_key_arn="", s3_bucket_name=None, minimum=False)) is None


def test_the_least_for_sessions():
    document = instance_role_policy(dict(minimum=True))
    (statement,) = document["Statement"]
    assert statement["Action"] == [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ]


@pytest.mark.parametrize(
    "action, resource, allowed",
    [
        ("s3:PutObject", "arn:aws:s3:::logs/a/b/i-1.log", True),
        ("s3:PutObject", "arn:aws:s3:::logs/a/bc/i-1.log", False),
        ("s3:PutObject", "arn:aws:s3:::logs2/a/b/i-1.log", False),
        ("s3:GetObject", "arn:aws:s3:::logs/a/b/i-1.log", False),
        ("s3:GetEncryptionConfiguration", "arn:aws:s3:::logs", True),
        ("s3:GetEncryptionConfiguration", "arn:aws:s3:::other", False),
        ("kms:Decrypt", KEY, True),
        ("kms:GenerateDataKey", KEY, False),
        ("kms:GenerateDataKey", FULL["s3_kms_key_arn"], True),
        ("kms:Decrypt", FULL["s3_kms_key_arn"], False),
        ("logs:CreateLogStream", GROUP + "/ssm/sessions", True),
        ("logs:CreateLogStream", GROUP + "/ssm/sessions:*", True),
        ("logs:PutLogEvents", GROUP + "/ssm/sessions:log-stream:x", True),
        ("logs:PutLogEvents", GROUP + "/ssm/sessions2:log-stream:x", False),
        ("logs:DescribeLogStreams", GROUP + "/ssm/sessions", True),
        ("logs:DescribeLogGroups", GROUP + ":log-stream:", True),
        ("logs:CreateLogGroup", GROUP + "/ssm/sessions", False),
    ],
)
def test_what_it_may_and_may_not(action, resource, allowed):
    assert may(action, resource) is allowed


def test_without_a_prefix_and_in_another_partition():
    assert may("s3:PutObject", "arn:aws-cn:s3:::logs/x", s3_bucket_name="logs", partition="aws-cn")
    assert not may("s3:PutObject", "arn:aws:s3:::logs/x", s3_bucket_name="logs", partition="aws-cn")
    assert may("s3:PutObject", "arn:aws:s3:::logs/x/y", s3_bucket_name="logs", s3_key_prefix="/x/")


def test_every_action_exists():
    for statement in instance_role_policy(FULL)["Statement"]:
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            service, _colon, name = action.partition(":")
            assert get_action_data(service, name), action


@pytest.mark.parametrize(
    "wanted, texts",
    [
        (dict(kms_key_arn="alias/x"), ["instance_role.kms_key_arn: 'alias/x' is not the ARN of a KMS key"]),
        (dict(kms_key_arn=KEY, partition="aws-cn"), [f"instance_role.kms_key_arn: '{KEY}' is not in partition aws-cn"]),
        (dict(s3_bucket_name="arn:aws:s3:::logs"), ["s3_bucket_name: 'arn:aws:s3:::logs' is not the name"]),
        (dict(s3_bucket_name="logs", s3_key_prefix="a*"), ["instance_role.s3_key_prefix: 'a*' is not a prefix"]),
        (dict(s3_key_prefix="a", s3_kms_key_arn=KEY), ["s3_key_prefix: is of no use", "s3_kms_key_arn: is of no"]),
        (dict(cloud_watch_log_group_name="a b"), ["cloud_watch_log_group_name: 'a b' is not the name of a log group"]),
        (dict(kms_key="x", minimum="yes", partition="moon"), ["no such key (did you mean", "minimum: 'yes'", "moon"]),
        ([], ["instance_role: [] is not a mapping"]),
    ],
)  # fmt: skip
def test_all_problems_at_once(wanted, texts):
    with pytest.raises(Problems) as caught:
        instance_role_policy(wanted)
    problems = caught.value.details["problems"]
    assert len(problems) == len(texts)
    assert all(text in problem for text, problem in zip(texts, problems, strict=True))


def test_the_filter():
    policy = FilterModule().filters()["instance_role_policy"]
    assert policy(FULL) == instance_role_policy(FULL)
    with pytest.raises(AnsibleFilterError, match="instance_role_policy: instance_role.kms_key_arn"):
        policy(dict(kms_key_arn="x"))
