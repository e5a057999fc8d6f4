from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.destinations import (
    Look,
    encryption_wanted,
    problems,
    to_look_at,
    warnings,
)

PLACE = "111122223333/ap-northeast-1"
GROUP = {"cloudWatchLogGroupName": "/ssm", "cloudWatchEncryptionEnabled": True}
BUCKET = {"s3BucketName": "logs", "s3EncryptionEnabled": True}
GOAL = dict(GROUP, **BUCKET, kmsKeyId="alias/ssm")


@pytest.mark.parametrize(
    "have, wanted, looked",
    [
        ({}, GOAL, {"log_group": "/ssm", "bucket": "logs", "key": "alias/ssm"}),
        (GOAL, GOAL, {}),
        (dict(GOAL, kmsKeyId=""), GOAL, {"key": "alias/ssm"}),
        ({}, {"runAsEnabled": True}, {}),
        (dict(GOAL, cloudWatchEncryptionEnabled=False), {"cloudWatchEncryptionEnabled": True}, {"log_group": "/ssm"}),
        (dict(GOAL, cloudWatchEncryptionEnabled=False), {"s3BucketName": "logs"}, {}),
    ],
)
def test_only_what_the_task_changes_is_looked_at(have, wanted, looked):
    assert to_look_at(have, GOAL, wanted) == looked


def test_what_is_cleared_is_not_looked_at():
    cleared = dict(GOAL, cloudWatchLogGroupName="", s3BucketName="", kmsKeyId="")
    assert to_look_at(GOAL, cleared, cleared) == {}


def found(goal=None, **looks):
    return list(problems(PLACE, GOAL if goal is None else goal, looks))


def test_what_is_there_and_fit_is_no_problem():
    good = Look(there=True, encrypted=True)
    assert found(log_group=good, bucket=good, key=Look(there=True)) == []


def test_what_is_missing_is_told_with_place_and_option():
    missing = Look(there=False)
    texts = found(log_group=missing, bucket=missing, key=missing)
    assert [text.split(":")[0] for text in texts] == ["cloud_watch_log_group_name", "s3_bucket_name", "kms_key_id"]
    assert f"{PLACE} has no log group '/ssm'; make it first" in texts[0]


def test_encryption_that_is_asked_for_has_to_be_there():
    plain = Look(there=True, encrypted=False)
    one, other = found(log_group=plain, bucket=plain)
    assert "not encrypted, so that every session would fail" in one
    assert "give cloud_watch_encryption_enabled: false" in one
    assert "give s3_encryption_enabled: false" in other
    without = dict(GOAL, cloudWatchEncryptionEnabled=False, s3EncryptionEnabled=False)
    assert found(goal=without, log_group=plain, bucket=plain) == []
    assert found(log_group=Look(there=True), bucket=Look(there=True)) == []


def test_a_key_that_cannot_be_used_is_told_why():
    assert "cannot be used: its state is Disabled" in found(key=Look(there=True, unusable="its state is Disabled"))[0]


def test_what_may_not_be_looked_at_is_a_warning():
    hidden = dict(key=Look(there=None, hidden="DescribeKey: access denied."), bucket=Look(there=True))
    assert found(**hidden) == []
    assert warnings(PLACE, GOAL, hidden) == [
        f"{PLACE}: KMS key 'alias/ssm' was not checked. DescribeKey: access denied."
    ]


def test_encryption_is_wanted_only_where_the_document_says_true():
    assert encryption_wanted("log_group", GOAL)
    assert not encryption_wanted("log_group", {})
    assert not encryption_wanted("bucket", {"s3EncryptionEnabled": "true"})
    assert not encryption_wanted("key", GOAL)
