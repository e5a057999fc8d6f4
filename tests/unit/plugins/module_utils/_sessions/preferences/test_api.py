"""The document's versions, and the destinations, as AWS gives them and as it refuses."""

from __future__ import annotations

import json
from unittest import mock

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.api import MOST_REMOVED
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.api import (
    DestinationsApi,
    PreferencesApi,
)
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.destinations import Look

ONE, TWO, THREE = {"inputs": {"a": 1}}, {"inputs": {"a": 2}}, {"inputs": {"a": 3}}


class Ssm:
    """One document: number -> content; `limit` versions at most; new ones are busy for a few looks."""

    def __init__(self, *contents, default=1, limit=1000, busy=0, end="Active"):
        self.versions = {number: json.dumps(content) for number, content in enumerate(contents, 1)}
        self.default, self.limit, self.busy, self.end = default, limit, busy, end
        self.calls = []

    def call(self, operation, Name, **parameters):
        assert Name == "SSM-SessionManagerRunShell"
        self.calls.append(operation)
        return getattr(self, operation)(**parameters)

    def pages(self, operation, key, Name):
        assert (operation, key) == ("list_document_versions", "DocumentVersions")
        return [dict(DocumentVersion=str(number), IsDefaultVersion=number == self.default) for number in self.versions]

    def get_document(self, DocumentVersion, DocumentFormat):
        number = self.default if DocumentVersion == "$DEFAULT" else int(DocumentVersion)
        if not self.versions:
            raise AwsError("no document", "InvalidDocument")
        return dict(DocumentVersion=str(number), Content=self.versions[number])

    def create_document(self, Content, DocumentType, DocumentFormat):
        if self.versions:
            raise AwsError("exists", "DocumentAlreadyExists")
        self.versions[1] = Content
        return dict(DocumentDescription=dict(DocumentVersion="1"))

    def update_document(self, Content, DocumentVersion, DocumentFormat):
        if json.loads(self.versions[max(self.versions)]) == json.loads(Content):
            raise AwsError("the same", "DuplicateDocumentContent")
        if len(self.versions) >= self.limit:
            raise AwsError("too many", "DocumentVersionLimitExceeded")
        number = max(self.versions) + 1
        self.versions[number] = Content
        return dict(DocumentDescription=dict(DocumentVersion=str(number)))

    def describe_document(self, DocumentVersion="$DEFAULT"):
        status = "Updating" if self.busy else self.end
        self.busy = max(0, self.busy - 1)
        info = {} if status != "Failed" else {"StatusInformation": "internal failure"}
        return dict(Document=dict(info, Status=status, LatestVersion=str(max(self.versions))))

    def update_document_default_version(self, DocumentVersion):
        self.default = int(DocumentVersion)
        return {}

    def delete_document(self, DocumentVersion=None):
        if not self.versions:
            raise AwsError("no document", "InvalidDocument")
        if DocumentVersion is None:
            self.versions.clear()
        else:
            assert int(DocumentVersion) != self.default
            del self.versions[int(DocumentVersion)]
        return {}


def api(ssm, timeout=60):
    return PreferencesApi(ssm, timeout, sleep=lambda seconds: None)


def test_no_document_is_none():
    assert api(Ssm()).read() is None


def test_other_errors_of_reading_are_errors():
    ssm = Ssm()
    ssm.get_document = mock.Mock(side_effect=AwsError("denied", "AccessDeniedException"))
    with pytest.raises(AwsError, match="denied"):
        api(ssm).read()


def test_a_new_document_is_waited_for():
    ssm = Ssm(busy=2)
    assert api(ssm).create(ONE) == "1"
    assert ssm.busy == 0
    assert json.loads(ssm.versions[1]) == ONE


def test_somebody_else_made_it_first():
    assert api(Ssm(ONE)).create(TWO) is None


def test_a_new_version_is_waited_for_and_then_made_the_default():
    ssm = Ssm(ONE, busy=2)
    assert api(ssm).update(TWO) == "2"
    assert ssm.default == 2
    assert ssm.calls.index("update_document_default_version") > ssm.calls.index("describe_document")


def test_a_default_that_lags_is_promoted_without_a_new_version():
    ssm = Ssm(ONE, TWO, default=1)
    assert api(ssm).update(TWO) == "2"
    assert (ssm.default, len(ssm.versions)) == (2, 2)


def test_a_duplicate_of_an_older_version_is_found():
    ssm = Ssm(ONE, TWO, THREE, default=1)
    ssm.versions[3] = "not JSON: a"
    ssm.update_document = mock.Mock(side_effect=AwsError("the same", "DuplicateDocumentContent"))
    assert api(ssm).update(TWO) == "2"
    assert ssm.default == 2


def test_a_duplicate_that_is_nowhere_stays_an_error():
    ssm = Ssm(ONE)
    ssm.update_document = mock.Mock(side_effect=AwsError("the same", "DuplicateDocumentContent"))
    with pytest.raises(AwsError, match="the same"):
        api(ssm).update(TWO)
    assert ssm.default == 1


def test_the_oldest_version_that_is_not_the_default_makes_room():
    ssm = Ssm(ONE, TWO, THREE, default=1, limit=3)
    preferences = api(ssm)
    assert preferences.update(TWO) == "4"
    assert preferences.removed == ["2"]
    assert sorted(ssm.versions) == [1, 3, 4]


def test_no_room_can_be_made_where_only_default_and_latest_are_left():
    with pytest.raises(AwsError, match="too many"):
        api(Ssm(ONE, TWO, default=1, limit=2)).update(THREE)


def test_it_does_not_delete_without_end():
    ssm = Ssm(*({"inputs": {"a": number}} for number in range(20)), default=1, limit=0)
    with pytest.raises(AwsError, match="too many"):
        api(ssm).update(ONE)
    assert len(ssm.versions) == 20 - MOST_REMOVED


def test_a_version_that_fails_is_told_and_not_made_the_default():
    ssm = Ssm(ONE, end="Failed")
    with pytest.raises(UserError, match="version 2 of the document .* is Failed: internal failure"):
        api(ssm).update(TWO)
    assert ssm.default == 1


def test_a_version_that_takes_too_long_is_told():
    with pytest.raises(UserError, match="still being made after 0 seconds"):
        api(Ssm(ONE, busy=1000), timeout=0).update(TWO)


def test_deleting_what_is_gone_is_done():
    ssm = Ssm(ONE, TWO)
    api(ssm).delete()
    api(ssm).delete()
    assert ssm.versions == {}
    assert api(Ssm(ONE, TWO)).latest_version() == "2"


class Destination:
    """Stands in for a connection: what each operation answers."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def client(self, service):
        self.service = service
        return self

    def call(self, operation, **parameters):
        self.asked.append((self.service, operation, parameters))
        answer = self.answers[operation]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def pages(self, operation, key, **parameters):
        return self.call(operation, **parameters)


def look(what, name, encryption=True, **answers):
    return DestinationsApi(Destination(**answers)).look(what, name, encryption)


def test_a_log_group_is_found_by_its_exact_name():
    groups = [dict(logGroupName="/ssm/sessions", kmsKeyId="k"), dict(logGroupName="/ssm")]
    assert look("log_group", "/ssm", describe_log_groups=groups) == Look(there=True, encrypted=False)
    assert look("log_group", "/ssm/sessions", describe_log_groups=groups) == Look(there=True, encrypted=True)
    assert look("log_group", "/ss", describe_log_groups=groups).there is False


@pytest.mark.parametrize("code", ["404", "NoSuchBucket"])
def test_a_bucket_that_is_missing(code):
    assert look("bucket", "logs", head_bucket=AwsError("", code)) == Look(there=False)


def test_a_buckets_encryption_is_asked_for_only_where_it_matters():
    assert look("bucket", "logs", encryption=False, head_bucket={}) == Look(there=True)
    assert look("bucket", "logs", head_bucket={}, get_bucket_encryption={}) == Look(there=True, encrypted=True)
    none = AwsError("", "ServerSideEncryptionConfigurationNotFoundError")
    assert look("bucket", "logs", head_bucket={}, get_bucket_encryption=none) == Look(there=True, encrypted=False)


@pytest.mark.parametrize(
    "what, answers",
    [
        ("bucket", dict(head_bucket=AwsError("denied", "403"))),
        ("bucket", dict(head_bucket={}, get_bucket_encryption=AwsError("denied", "AccessDenied"))),
        ("log_group", dict(describe_log_groups=AwsError("denied", "AccessDeniedException"))),
        ("key", dict(describe_key=AwsError("denied", "AccessDeniedException"))),
    ],
)
def test_where_the_caller_may_not_look_it_is_hidden(what, answers):
    assert look(what, "x", **answers) == Look(there=None, hidden="denied")


@pytest.mark.parametrize(
    "what, operation", [("bucket", "head_bucket"), ("log_group", "describe_log_groups"), ("key", "describe_key")]
)
def test_other_errors_are_errors(what, operation):
    with pytest.raises(AwsError, match="broken"):
        look(what, "x", **{operation: AwsError("broken", "InternalError")})
    with pytest.raises(AwsError, match="broken"):
        look("bucket", "x", head_bucket={}, get_bucket_encryption=AwsError("broken", "InternalError"))


@pytest.mark.parametrize(
    "answer, seen",
    [
        (dict(KeyMetadata=dict(KeyState="Enabled", KeySpec="SYMMETRIC_DEFAULT")), Look(there=True)),
        (dict(KeyMetadata={}), Look(there=True)),
        (dict(KeyMetadata=dict(KeyState="PendingDeletion")), Look(there=True, unusable="its state is PendingDeletion")),
        (AwsError("", "NotFoundException"), Look(there=False)),
    ],
)
def test_a_key_has_to_be_enabled(answer, seen):
    assert look("key", "alias/ssm", describe_key=answer) == seen


def test_a_key_has_to_be_symmetric():
    assert "RSA_2048" in look("key", "k", describe_key=dict(KeyMetadata=dict(KeySpec="RSA_2048"))).unusable
