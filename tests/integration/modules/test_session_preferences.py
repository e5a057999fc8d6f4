"""session_preferences and session_preferences_info over HTTP, by real ansible-playbook, in several accounts."""

from __future__ import annotations

import copy
import json

import pytest

NAME = "SSM-SessionManagerRunShell"
MODULE, INFO = "session_preferences", "session_preferences_info"
WEB, DB, OWN = "111122223333", "444455556666", "123456789012"
TOKYO, OSAKA = "ap-northeast-1", "ap-northeast-3"
CONTENT = {
    "schemaVersion": "1.0",
    "description": "Ours",
    "sessionType": "Standard_Stream",
    "inputs": {"runAsEnabled": False, "idleSessionTimeout": "20", "s3KeyPrefix": "kept"},
    "parameters": {"kept": {"type": "String"}},
}
RUN_AS = dict(run_as_enabled=True, run_as_default_user="")


def role(account, **more):
    return dict(more, role_arn=f"arn:aws:iam::{account}:role/keyless")


BOTH = [role(WEB), role(DB, account_id=DB, region=OSAKA)]


def place(account=OWN, region=TOKYO):
    return f"{account}/{region}"


def with_inputs(**inputs):
    content = copy.deepcopy(CONTENT)
    content["inputs"].update(inputs)
    return content


@pytest.fixture
def ssm(emulator):
    def ssm(account=OWN, region=TOKYO):
        return emulator.client("ssm", account=account, region=region)

    return ssm


@pytest.fixture
def make(ssm):
    def make(content=None, **where):
        text = json.dumps(CONTENT if content is None else content)
        ssm(**where).create_document(Name=NAME, Content=text, DocumentType="Session")

    return make


@pytest.fixture
def add(ssm):
    """A new version that is not made the default; returns its number."""

    def add(content):
        answer = ssm().update_document(Name=NAME, Content=json.dumps(content), DocumentVersion="$LATEST")
        return answer["DocumentDescription"]["DocumentVersion"]

    return add


@pytest.fixture
def there(ssm):
    """The parsed default version and its number; None where there is none."""

    def there(account=OWN, region=TOKYO):
        client = ssm(account, region)
        try:
            answer = client.get_document(Name=NAME, DocumentVersion="$DEFAULT")
        except client.exceptions.InvalidDocument:
            return None
        return json.loads(answer["Content"]), answer["DocumentVersion"]

    return there


def asked(emulator, before):
    now = emulator.calls()
    return {name: times - before.get(name, 0) for name, times in now.items() if times != before.get(name, 0)}


def test_life_in_two_accounts(emulator, run_module, there):
    wanted = dict(RUN_AS, targets=BOTH, idle_session_timeout=30, max_session_duration=60)
    predicted = run_module(MODULE, wanted, check=True, diff=True)
    assert emulator.writes() == {}
    made = run_module(MODULE, wanted, diff=True)
    assert (made["created"], made["updated"]) == (2, 0)
    assert made["diff"] == predicted["diff"]
    assert [(change["action"], change["kind"], change["name"]) for change in made["changes"]] == [
        ("create", "session_preferences", place(WEB)),
        ("create", "session_preferences", place(DB, OSAKA)),
    ]
    for account, region in ((WEB, TOKYO), (DB, OSAKA)):
        content, version = there(account, region)
        assert version == "1"
        assert content["schemaVersion"] == "1.0"
        assert content["inputs"]["runAsEnabled"] is True
        assert content["inputs"]["idleSessionTimeout"] == "30"
        assert content["inputs"]["maxSessionDuration"] == "60"
        assert content["inputs"]["cloudWatchEncryptionEnabled"] is True
    assert there() is None
    assert there(DB, TOKYO) is None
    for entry, foretold in zip(made["session_preferences"], predicted["session_preferences"], strict=True):
        assert entry.pop("document_version") == "1"
        assert entry == foretold

    before = emulator.calls()
    again = run_module(MODULE, wanted, diff=True)
    assert not again["changed"]
    assert "diff" not in again
    assert asked(emulator, before) == {"sts:AssumeRole": 2, "ssm:GetDocument": 2}
    assert [entry["document_version"] for entry in again["session_preferences"]] == ["1", "1"]

    longer = run_module(MODULE, dict(targets=BOTH[:1], max_session_duration=0), diff=True)
    assert longer["changes"][0]["fields"] == ["max_session_duration"]
    assert longer["diff"] == {
        "before": {place(WEB): {"max_session_duration": 60}},
        "after": {place(WEB): {"max_session_duration": 0}},
    }
    assert longer["session_preferences"][0]["document_version"] == "2"
    content, version = there(WEB)
    assert (content["inputs"]["maxSessionDuration"], version) == ("", "2")

    gone = run_module(MODULE, dict(targets=BOTH, state="absent"))
    assert gone["deleted"] == 2
    assert there(WEB) is there(DB, OSAKA) is None
    assert [entry["exists"] for entry in gone["session_preferences"]] == [False, False]
    assert not run_module(MODULE, dict(targets=BOTH, state="absent"))["changed"]


def test_by_default_the_callers_own_account_and_region(run_module, there):
    result = run_module(MODULE, RUN_AS)
    (entry,) = result["session_preferences"]
    assert (entry["account_id"], entry["region"]) == (OWN, TOKYO)
    assert there()[0]["inputs"]["runAsEnabled"] is True
    assert run_module(MODULE, dict(RUN_AS, targets=[]))["session_preferences"] == []


def test_every_option_reaches_the_document(run_module, there):
    options = dict(
        RUN_AS,
        run_as_default_user="taro",
        idle_session_timeout=1,
        max_session_duration=1440,
        s3_bucket_name="logs-of-sessions",
        s3_key_prefix="a/b",
        s3_encryption_enabled=False,
        cloud_watch_log_group_name="/ssm/sessions",
        cloud_watch_encryption_enabled=False,
        cloud_watch_streaming_enabled=False,
        kms_key_id="alias/sessions",
        shell_profile=dict(linux="exec bash -l", windows="dir"),
    )
    (entry,) = run_module(MODULE, dict(options, check_destinations=False))["session_preferences"]
    assert {key: entry[key] for key in options} == options
    assert there()[0]["inputs"] == {
        "runAsEnabled": True,
        "runAsDefaultUser": "taro",
        "idleSessionTimeout": "1",
        "maxSessionDuration": "1440",
        "s3BucketName": "logs-of-sessions",
        "s3KeyPrefix": "a/b",
        "s3EncryptionEnabled": False,
        "cloudWatchLogGroupName": "/ssm/sessions",
        "cloudWatchEncryptionEnabled": False,
        "cloudWatchStreamingEnabled": False,
        "kmsKeyId": "alias/sessions",
        "shellProfile": {"linux": "exec bash -l", "windows": "dir"},
    }


def test_inputs_that_are_not_named_stay(run_module, make, there):
    make()
    result = run_module(MODULE, dict(run_as_enabled=True, shell_profile=dict(linux="bash")))
    content, version = there()
    assert content == with_inputs(runAsEnabled=True, shellProfile={"linux": "bash"})
    assert version == result["session_preferences"][0]["document_version"] == "2"


def test_a_default_that_lags_is_promoted_without_a_new_version(run_module, make, add, there, ssm):
    make()
    assert add(with_inputs(runAsEnabled=True)) == "2"
    result = run_module(MODULE, dict(run_as_enabled=True))
    assert result["updated"] == 1
    assert there() == (with_inputs(runAsEnabled=True), "2")
    assert len(ssm().list_document_versions(Name=NAME)["DocumentVersions"]) == 2
    assert not run_module(MODULE, dict(run_as_enabled=True))["changed"]


def test_a_default_that_says_it_already_is_not_touched_whatever_the_latest_says(emulator, run_module, make, add, there):
    make(with_inputs(runAsEnabled=True))
    add(with_inputs(runAsEnabled=False))
    before = emulator.writes()
    assert not run_module(MODULE, dict(run_as_enabled=True))["changed"]
    assert emulator.writes() == before
    assert there()[1] == "1"


def test_new_versions_are_waited_for(emulator, run_module, make, there):
    make()
    emulator.settings(async_ms=800)
    before = emulator.calls()
    run_module(MODULE, dict(run_as_enabled=True))
    assert there()[1] == "2"
    assert asked(emulator, before)["ssm:DescribeDocument"] > 1
    emulator.settings(async_ms=60000)
    late = run_module(MODULE, dict(run_as_enabled=False, wait_timeout=1), fails=True)
    assert "version 3 of the document SSM-SessionManagerRunShell is still being made after 1 seconds" in late["msg"]
    assert there()[1] == "2"
    assert late["session_preferences"] == []


def test_the_oldest_version_makes_room(emulator, run_module, make, add, ssm, there):
    emulator.settings(document_versions=3)
    make()
    add(with_inputs(idleSessionTimeout="21"))
    add(with_inputs(idleSessionTimeout="22"))
    result = run_module(MODULE, dict(run_as_enabled=True))
    versions = [each["DocumentVersion"] for each in ssm().list_document_versions(Name=NAME)["DocumentVersions"]]
    assert sorted(versions) == ["1", "3", "4"]
    assert there()[1] == "4"
    assert any("deleted version 2 of the document" in text for text in result["warnings"])


def test_somebody_else_creates_it_meanwhile(emulator, run_module, make, there):
    """Our read finds nothing, then CreateDocument finds theirs."""
    make()
    emulator.faults("ssm:GetDocument", "InvalidDocument")
    result = run_module(MODULE, dict(run_as_enabled=True))
    assert result["changed"]
    assert there() == (with_inputs(runAsEnabled=True), "2")
    assert result["session_preferences"][0]["document_version"] == "2"


def test_one_target_that_cannot_be_reached_fails_alone(emulator, run_module, there):
    targets = [role(WEB), dict(profile="gone", region=OSAKA), dict()]
    for check in (True, False):
        result = run_module(MODULE, dict(RUN_AS, targets=targets), check=check, fails=True)
        assert [(each["action"], each["name"]) for each in result["failures"]] == [("read", f"profile gone/{OSAKA}")]
        assert "gone" in result["msg"]
        assert result["created"] == 2
        assert (there(WEB) is None) == check
    assert there()[0]["inputs"]["runAsEnabled"] is True


def test_one_target_that_cannot_be_read_or_written_fails_alone(emulator, run_module, make, there):
    make({"schemaVersion": "1.0", "sessionType": "Port", "properties": {"portNumber": "22"}}, account=WEB)
    result = run_module(MODULE, dict(RUN_AS, targets=BOTH), fails=True)
    assert [(each["action"], each["name"]) for each in result["failures"]] == [("read", place(WEB))]
    assert "its sessionType is 'Port' instead of 'Standard_Stream'" in result["msg"]
    assert there(DB, OSAKA) is not None

    emulator.faults("ssm:CreateDocument", "AccessDeniedException")
    result = run_module(MODULE, dict(RUN_AS, targets=[role(DB), dict()]), fails=True)
    assert [each["action"] for each in result["failures"]] == ["create"]
    assert "ssm:CreateDocument" in result["msg"]
    assert len([where for where in (DB, OWN) if there(where)]) == 1
    assert len(result["session_preferences"]) == 1


def test_credentials_of_another_account_stop_before_any_write(emulator, run_module):
    result = run_module(MODULE, dict(RUN_AS, targets=[dict(account_id=WEB), role(DB)]), fails=True)
    assert f"targets[0].account_id: {WEB} is not the account of the caller, which is {OWN}" in result["msg"]
    assert emulator.writes() == {}


def test_one_sign_in_for_all_regions_of_a_role(emulator, run_module):
    targets = [role(WEB, region=region) for region in (TOKYO, OSAKA, "us-east-1")]
    found = run_module(INFO, dict(targets=targets))["session_preferences"]
    assert [entry["region"] for entry in found] == [TOKYO, OSAKA, "us-east-1"]
    assert emulator.calls() == {"sts:AssumeRole": 1, "ssm:GetDocument": 3}


def test_what_the_preferences_name_has_to_be_there(emulator, run_module):
    named = dict(cloud_watch_log_group_name="/ssm", s3_bucket_name="logs-of-web", kms_key_id="alias/ssm")
    result = run_module(MODULE, dict(named, targets=BOTH), fails=True)
    assert len(result["problems"]) == 6
    assert f"cloud_watch_log_group_name: {place(WEB)} has no log group '/ssm'" in result["msg"]
    assert f"s3_bucket_name: {place(DB, OSAKA)} has no S3 bucket 'logs-of-web'" in result["msg"]
    assert "has no KMS key 'alias/ssm'" in result["msg"]
    assert emulator.writes() == {}
    emulator.client("logs").create_log_group(logGroupName="/ssm-other")
    assert "no log group '/ssm'" in run_module(MODULE, dict(cloud_watch_log_group_name="/ssm"), fails=True)["msg"]


def test_encryption_that_is_asked_for_has_to_be_there(emulator, run_module, there):
    kms = emulator.client("kms")
    key = kms.create_key()["KeyMetadata"]
    logs = emulator.client("logs")
    logs.create_log_group(logGroupName="/plain")
    logs.create_log_group(logGroupName="/secret", kmsKeyId=key["Arn"])
    # a new document asks for encryption, as the console's does
    result = run_module(MODULE, dict(cloud_watch_log_group_name="/plain"), fails=True)
    assert "is not encrypted, so that every session would fail" in result["msg"]
    assert there() is None
    run_module(MODULE, dict(cloud_watch_log_group_name="/plain", cloud_watch_encryption_enabled=False))
    assert "not encrypted" in run_module(MODULE, dict(cloud_watch_encryption_enabled=True), fails=True)["msg"]
    good = dict(cloud_watch_log_group_name="/secret", cloud_watch_encryption_enabled=True, kms_key_id=key["KeyId"])
    assert run_module(MODULE, good)["updated"] == 1
    before = emulator.calls()
    assert not run_module(MODULE, good)["changed"]
    assert asked(emulator, before) == {"sts:GetCallerIdentity": 1, "ssm:GetDocument": 1}
    kms.disable_key(KeyId=key["KeyId"])
    assert "its state is Disabled" in run_module(MODULE, dict(kms_key_id=key["Arn"]), fails=True)["msg"]


def test_a_bucket_that_is_there(emulator, run_module, there):
    emulator.client("s3").create_bucket(
        Bucket="logs-of-web", CreateBucketConfiguration={"LocationConstraint": TOKYO}
    )
    result = run_module(MODULE, dict(s3_bucket_name="logs-of-web", s3_encryption_enabled=False))
    assert result["created"] == 1
    assert there()[0]["inputs"]["s3BucketName"] == "logs-of-web"


def test_where_the_caller_may_not_look_there_is_a_warning(emulator, run_module, there):
    emulator.faults("logs:DescribeLogGroups", "AccessDeniedException", times=None)
    emulator.faults("kms:DescribeKey", "AccessDeniedException", times=None)
    result = run_module(MODULE, dict(cloud_watch_log_group_name="/ssm", kms_key_id="alias/ssm"))
    assert there()[0]["inputs"]["cloudWatchLogGroupName"] == "/ssm"
    texts = " ".join(result["warnings"])
    assert f"{place()}: log group '/ssm' was not checked" in texts
    assert "kms:DescribeKey" in texts


def test_everything_wrong_is_told_at_once_and_nobody_is_asked(emulator, run_module):
    wrong = dict(
        run_as_default_user="taro@example.com",
        idle_session_timeout=61,
        max_session_duration=1441,
        s3_bucket_name="arn:aws:s3:::logs",
        cloud_watch_log_group_name="a b",
        kms_key_id="my key",
        targets=[
            dict(account_id=1402433619),
            dict(account_id=WEB, role_arn=f"arn:aws:iam::{DB}:role/x"),
            dict(role_arn="x", profile="y", region="Tokyo"),
            role(OWN),
            role(OWN),
        ],
    )
    result = run_module(MODULE, wrong, fails=True)
    assert len(result["problems"]) == 12
    assert "targets[0].account_id: '1402433619' is not an account id of 12 digits; quote it" in result["msg"]
    assert f"targets[4]: is {OWN}, like targets[3]; list it once" in result["msg"]
    assert "run_as_default_user: 'taro@example.com' is an e-mail address" in result["msg"]
    assert emulator.calls() == {}


def test_info(emulator, run_module, make, add):
    make(account=OWN)
    add(with_inputs(runAsEnabled=True))
    result = run_module(INFO, dict(targets=[dict(), role(WEB)]), check=True)
    own, web = result["session_preferences"]
    assert web == {"account_id": WEB, "region": TOKYO, "exists": False}
    assert (own["run_as_enabled"], own["document_version"], own["latest_version"]) == (False, "1", "2")
    assert own["s3_key_prefix"] == "kept"
    result = run_module(INFO, dict(targets=[dict(), dict(profile="gone")]), fails=True)
    assert [entry["account_id"] for entry in result["session_preferences"]] == [OWN]
    assert [each["name"] for each in result["failures"]] == ["profile gone"]
