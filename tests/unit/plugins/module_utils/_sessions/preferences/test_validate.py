from __future__ import annotations

import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.records import INITIAL, INPUTS
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.validate import (
    input_problems,
    parsed,
    wanted_inputs,
)

KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"


def problems(**params):
    return input_problems(dict(dict(state="present"), **params))


def test_every_option_becomes_its_input_in_the_documents_own_type():
    params = dict(
        run_as_enabled=True,
        run_as_default_user="",
        idle_session_timeout=20,
        max_session_duration=60,
        s3_bucket_name="logs",
        s3_key_prefix="sessions/",
        s3_encryption_enabled=False,
        cloud_watch_log_group_name="/ssm/sessions",
        cloud_watch_encryption_enabled=False,
        cloud_watch_streaming_enabled=True,
        kms_key_id=KEY,
        shell_profile=dict(linux="exec bash -l", windows=None),
    )
    assert set(params) == set(INPUTS)
    assert input_problems(dict(params, state="present")) == []
    assert wanted_inputs(params) == {
        "runAsEnabled": True,
        "runAsDefaultUser": "",
        "idleSessionTimeout": "20",
        "maxSessionDuration": "60",
        "s3BucketName": "logs",
        "s3KeyPrefix": "sessions/",
        "s3EncryptionEnabled": False,
        "cloudWatchLogGroupName": "/ssm/sessions",
        "cloudWatchEncryptionEnabled": False,
        "cloudWatchStreamingEnabled": True,
        "kmsKeyId": KEY,
        "shellProfile": {"linux": "exec bash -l"},
    }


def test_every_input_of_the_first_document_is_an_option():
    assert set(INPUTS.values()) == set(INITIAL["inputs"])


def test_what_is_left_out_is_no_input_and_zero_is_no_limit():
    assert wanted_inputs({}) == {}
    assert wanted_inputs(dict(max_session_duration=0)) == {"maxSessionDuration": ""}


@pytest.mark.parametrize(
    "good",
    [
        dict(run_as_default_user="taro"),
        dict(idle_session_timeout=1),
        dict(idle_session_timeout=60),
        dict(max_session_duration=1440),
        dict(s3_bucket_name=""),
        dict(s3_bucket_name="my.logs-1"),
        dict(cloud_watch_log_group_name="/a/B_c-1.2#3"),
        dict(kms_key_id=""),
        dict(kms_key_id="mrk-" + "a1" * 16),
        dict(kms_key_id="alias/sessions"),
        dict(kms_key_id=f"arn:aws:kms:ap-northeast-1:111122223333:key/{KEY}"),
        dict(kms_key_id="arn:aws-cn:kms:cn-north-1:111122223333:alias/a/b"),
    ],
)
def test_good_input(good):
    assert problems(**good) == []


@pytest.mark.parametrize(
    "bad, told",
    [
        (dict(run_as_default_user="taro@example.com"), "run_as_default_user: 'taro@example.com' is an e-mail address"),
        (dict(run_as_default_user="1001"), "is a number"),
        (dict(run_as_default_user="root"), "'root' is never a Run As user"),
        (dict(run_as_default_user="a" * 33), "33 characters"),
        (dict(idle_session_timeout=0), "idle_session_timeout: 0 minutes are out of range; give 1 to 60"),
        (dict(idle_session_timeout=61), "61 minutes"),
        (dict(max_session_duration=-1), "max_session_duration: -1 minutes"),
        (dict(max_session_duration=1441), "give 1 to 1440, or 0 for no limit"),
        (dict(s3_bucket_name="arn:aws:s3:::logs"), "s3_bucket_name: 'arn:aws:s3:::logs' is not the name of a bucket"),
        (dict(s3_bucket_name="s3://logs"), "without s3://"),
        (dict(s3_bucket_name="Logs"), "is not the name of a bucket"),
        (dict(s3_bucket_name="ab"), "is not the name of a bucket"),
        (dict(s3_key_prefix="あ" * 342), "s3_key_prefix: 1026 bytes"),
        (dict(cloud_watch_log_group_name="arn:aws:logs:x:1:log-group:a"), "give its name, not its ARN"),
        (dict(cloud_watch_log_group_name="a b"), "cloud_watch_log_group_name: 'a b'"),
        (dict(kms_key_id="my-key"), "kms_key_id: 'my-key' is not a KMS key"),
        (dict(kms_key_id=KEY.upper()), "is not a KMS key"),
    ],
)
def test_bad_input_is_told(bad, told):
    (problem,) = problems(**bad)
    assert told in problem


def test_everything_at_once_and_nothing_when_it_is_to_go():
    bad = dict(run_as_default_user="root", idle_session_timeout=0, kms_key_id="x")
    assert len(problems(**bad)) == 3
    assert problems(**dict(bad, state="absent")) == []


def test_a_document_of_session_preferences_is_parsed():
    assert parsed(json.dumps(INITIAL), "1") == INITIAL
    assert parsed('{"sessionType": "Standard_Stream"}', "1") == {"sessionType": "Standard_Stream"}


@pytest.mark.parametrize(
    "text, told",
    [
        ("schemaVersion: '1.0'", "its content is not JSON"),
        ("[]", "its content is not a JSON object"),
        ('{"sessionType": "Port"}', "its sessionType is 'Port' instead of 'Standard_Stream'"),
        ("{}", "its sessionType is None"),
        ('{"sessionType": "Standard_Stream", "inputs": []}', "its inputs are not a JSON object"),
    ],
)
def test_other_documents_are_refused(text, told):
    with pytest.raises(UserError) as caught:
        parsed(text, "7")
    assert "version 7 of the document SSM-SessionManagerRunShell holds no session preferences" in caught.value.message
    assert told in caught.value.message
    assert "state=absent" in caught.value.message
