# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SSM documents: versions, the default one, and what a Session document may say."""

from __future__ import annotations

import json
import time

import pytest

NAME = "SSM-SessionManagerRunShell"
WEB = "111122223333"


def session(**inputs):
    return json.dumps(dict(schemaVersion="1.0", description="Preferences", sessionType="Standard_Stream",
                           inputs=inputs))


@pytest.fixture
def ssm(emulator):
    return emulator.client("ssm")


@pytest.fixture
def document(ssm):
    return ssm.create_document(Name=NAME, DocumentType="Session", Content=session(idleSessionTimeout="20"))


def test_absent_at_first(ssm, refused):
    refused("InvalidDocument", ssm.get_document, Name=NAME)
    refused("InvalidDocument", ssm.describe_document, Name=NAME)
    refused("InvalidDocument", ssm.update_document, Name=NAME, Content=session())
    refused("InvalidDocument", ssm.delete_document, Name=NAME)


def test_create(ssm, document, refused):
    described = document["DocumentDescription"]
    assert (described["DocumentVersion"], described["DefaultVersion"]) == ("1", "1")
    assert (described["SchemaVersion"], described["Description"]) == ("1.0", "Preferences")
    assert described["Owner"] == "123456789012"
    found = ssm.get_document(Name=NAME)
    assert json.loads(found["Content"])["inputs"] == dict(idleSessionTimeout="20")
    assert (found["DocumentVersion"], found["DocumentType"], found["Status"]) == ("1", "Session", "Active")
    refused("DocumentAlreadyExists", ssm.create_document, Name=NAME, DocumentType="Session", Content=session())
    refused("ValidationException", ssm.create_document, Name="AWS-Mine", DocumentType="Session", Content=session())


def test_active_after_a_while(emulator, ssm):
    emulator.settings(async_ms=150)
    made = ssm.create_document(Name=NAME, DocumentType="Session", Content=session())["DocumentDescription"]
    assert made["Status"] == "Creating"
    time.sleep(0.2)
    assert ssm.describe_document(Name=NAME)["Document"]["Status"] == "Active"
    new = ssm.update_document(Name=NAME, Content=session(runAsEnabled=True), DocumentVersion="$LATEST")
    assert new["DocumentDescription"]["Status"] == "Updating"
    assert ssm.describe_document(Name=NAME)["Document"]["Status"] == "Active"  # the default version is the old one


def test_a_new_version_is_not_the_default_until_promoted(ssm, document, refused):
    ssm.update_document(Name=NAME, Content=session(runAsEnabled=True), DocumentVersion="$LATEST")
    assert "runAsEnabled" not in ssm.get_document(Name=NAME)["Content"]
    assert "runAsEnabled" in ssm.get_document(Name=NAME, DocumentVersion="$LATEST")["Content"]
    described = ssm.describe_document(Name=NAME)["Document"]
    assert (described["LatestVersion"], described["DefaultVersion"]) == ("2", "1")
    promoted = ssm.update_document_default_version(Name=NAME, DocumentVersion="2")["Description"]
    assert promoted == dict(Name=NAME, DefaultVersion="2")
    assert "runAsEnabled" in ssm.get_document(Name=NAME)["Content"]
    refused("InvalidDocumentVersion", ssm.update_document_default_version, Name=NAME, DocumentVersion="3")
    refused("InvalidDocumentVersion", ssm.get_document, Name=NAME, DocumentVersion="3")


def test_the_latest_content_again_is_a_duplicate_whatever_the_default(ssm, document, refused):
    ssm.update_document(Name=NAME, Content=session(runAsEnabled=True), DocumentVersion="$LATEST")
    same = json.dumps(json.loads(session(runAsEnabled=True)), indent=2)
    refused("DuplicateDocumentContent", ssm.update_document, Name=NAME, Content=same, DocumentVersion="$LATEST")
    ssm.update_document(Name=NAME, Content=session(idleSessionTimeout="20"), DocumentVersion="$LATEST")  # as version 1


def test_too_many_versions(emulator, ssm, document, refused):
    emulator.seed(dict(settings=dict(document_versions=2)))
    ssm.update_document(Name=NAME, Content=session(idleSessionTimeout="21"), DocumentVersion="$LATEST")
    again = dict(Name=NAME, Content=session(idleSessionTimeout="22"), DocumentVersion="$LATEST")
    refused("DocumentVersionLimitExceeded", ssm.update_document, **again)
    refused("InvalidDocumentOperation", ssm.delete_document, Name=NAME, DocumentVersion="1")  # the default
    ssm.update_document_default_version(Name=NAME, DocumentVersion="2")
    ssm.delete_document(Name=NAME, DocumentVersion="1")
    made = ssm.update_document(**again)["DocumentDescription"]
    assert made["DocumentVersion"] == "3"  # numbers are not used twice


def test_lists(ssm, document):
    ssm.update_document(Name=NAME, Content=session(runAsEnabled=True), DocumentVersion="$LATEST", VersionName="two")
    versions = ssm.list_document_versions(Name=NAME)["DocumentVersions"]
    assert [(entry["DocumentVersion"], entry["IsDefaultVersion"]) for entry in versions] == [("2", False), ("1", True)]
    first = ssm.list_document_versions(Name=NAME, MaxResults=1)
    rest = ssm.list_document_versions(Name=NAME, MaxResults=1, NextToken=first["NextToken"])
    assert rest["DocumentVersions"][0]["DocumentVersion"] == "1"
    assert ssm.get_document(Name=NAME, VersionName="two")["DocumentVersion"] == "2"
    ssm.create_document(Name="Other", DocumentType="Session", Content=session())
    for filters, names in [
        ([], [NAME, "Other"]), ([dict(Key="Name", Values=["SSM-"])], [NAME]),
        ([dict(Key="DocumentType", Values=["Command"])], []), ([dict(Key="Owner", Values=["Self"])], [NAME, "Other"]),
    ]:
        found = ssm.list_documents(Filters=filters)["DocumentIdentifiers"]
        assert [entry["Name"] for entry in found] == names


def test_wrong_tokens_filters_and_names(ssm, document, refused):
    refused("InvalidNextToken", ssm.list_documents, NextToken="nonsense")
    refused("InvalidFilterKey", ssm.list_documents, Filters=[dict(Key="Colour", Values=["red"])])
    ssm.update_document(Name=NAME, Content=session(), DocumentVersion="$LATEST", VersionName="two")
    refused("DuplicateDocumentVersionName", ssm.update_document, Name=NAME, Content=session(runAsEnabled=True),
            DocumentVersion="$LATEST", VersionName="two")


@pytest.mark.parametrize("good", [
    {}, dict(s3BucketName="", s3KeyPrefix="", s3EncryptionEnabled=True, cloudWatchStreamingEnabled=False),
    dict(idleSessionTimeout="60", maxSessionDuration="1440"), dict(maxSessionDuration=""), dict(kmsKeyId=""),
    dict(runAsEnabled=True, runAsDefaultUser=""), dict(shellProfile=dict(linux="exec bash", windows="")),
])
def test_inputs_that_are_taken(ssm, good):
    ssm.create_document(Name=NAME, DocumentType="Session", Content=session(**good))


@pytest.mark.parametrize("bad", [
    dict(idleSessionTimeout=20), dict(idleSessionTimeout="61"), dict(idleSessionTimeout="0"),
    dict(idleSessionTimeout=""), dict(maxSessionDuration="1441"), dict(cloudWatchStreamingEnabled="true"),
    dict(s3BucketName=None), dict(noSuchInput=""), dict(shellProfile=dict(macos="")),
    dict(shellProfile=dict(linux="x" * 513)), dict(runAsEnabled="yes"),
])
def test_inputs_that_are_refused(ssm, refused, bad):
    refused("InvalidDocumentContent", ssm.create_document, Name=NAME, DocumentType="Session", Content=session(**bad))


@pytest.mark.parametrize("text", [
    "not json", "[]", '{"schemaVersion":"2.2","sessionType":"Standard_Stream"}', '{"schemaVersion":"1.0"}',
    '{"schemaVersion":"1.0","sessionType":"Other"}', '{"schemaVersion":"1.0","sessionType":"Port","extra":1}',
    '{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":[]}',
])
def test_content_that_is_refused(ssm, refused, text):
    refused("InvalidDocumentContent", ssm.create_document, Name=NAME, DocumentType="Session", Content=text)


def test_the_size_is_limited(ssm, refused):
    refused("MaxDocumentSizeExceeded", ssm.create_document, Name=NAME, DocumentType="Session",
            Content=session(s3KeyPrefix="x" * 65536))


def test_yaml_and_other_types(ssm):
    text = "schemaVersion: '2.2'\ndescription: d\nmainSteps: []\n"
    ssm.create_document(Name="Mine", DocumentFormat="YAML", Content=text)
    found = ssm.get_document(Name="Mine")
    assert (found["Content"], found["DocumentType"], found["DocumentFormat"]) == (text, "Command", "YAML")


def test_each_account_and_region_has_its_own(emulator, organization, document, refused):
    for client in (emulator.client("ssm", region="us-east-1"), emulator.client("ssm", WEB)):
        refused("InvalidDocument", client.get_document, Name=NAME)
    emulator.client("ssm", WEB).create_document(Name=NAME, DocumentType="Session", Content=session())


def test_tags(ssm, refused):
    ssm.create_document(Name=NAME, DocumentType="Session", Content=session(), Tags=[dict(Key="a", Value="1")])
    ids = dict(ResourceType="Document", ResourceId=NAME)
    ssm.add_tags_to_resource(Tags=[dict(Key="b", Value="2")], **ids)
    ssm.remove_tags_from_resource(TagKeys=["a"], **ids)
    assert ssm.list_tags_for_resource(**ids)["TagList"] == [dict(Key="b", Value="2")]
    refused("InvalidResourceId", ssm.list_tags_for_resource, ResourceType="Document", ResourceId="NoSuch")


def test_tags_of_anything_else_are_motos(ssm):
    ssm.put_parameter(Name="/p", Value="v", Type="String")
    ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId="/p", Tags=[dict(Key="a", Value="1")])
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/p")["TagList"]
    assert tags == [dict(Key="a", Value="1")]


def test_delete(ssm, document, refused):
    ssm.delete_document(Name=NAME)
    refused("InvalidDocument", ssm.get_document, Name=NAME)


PORT = dict(schemaVersion="1.0", sessionType="Port", properties=dict(portNumber="5432", type="LocalPortForwarding"))
COMMAND = dict(schemaVersion="1.0", sessionType="InteractiveCommands",
               parameters=dict(name=dict(type="String", allowedPattern="^[a-z]+$", default="messages")),
               properties=dict(linux=dict(commands="tail -f {{ name }}", runAsElevated=False)))


def test_ports_and_commands(ssm):
    for name, content in (("Tunnel", PORT), ("Follow", COMMAND)):
        ssm.create_document(Name=name, DocumentType="Session", Content=json.dumps(content))
        assert json.loads(ssm.get_document(Name=name)["Content"]) == content


@pytest.mark.parametrize("bad", [
    dict(PORT, properties=dict(portNumber=5432)), dict(PORT, properties={}), dict(PORT, properties=[]),
    dict(PORT, properties=dict(PORT["properties"], host=1)), dict(PORT, parameters=dict(a=dict(type="Text"))),
    dict(PORT, parameters=dict(a="String")), dict(PORT, parameters=dict(a=dict(type="String", alowedValues=["x"]))),
    dict(PORT, parameters=dict(a=dict(type="String", allowedPattern="("))),
    dict(PORT, parameters=dict(a=dict(type="String", allowedPattern="^a$", default="b"))),
    dict(PORT, parameters=dict(a=dict(type="String", allowedValues=["a"], default="b"))),
    dict(PORT, parameters=dict(a=dict(type="String", allowedValues="a"))),
    dict(PORT, parameters=dict(a=dict(type="String", minChars="1"))),
    dict(COMMAND, properties=dict(solaris=dict(commands="x"))), dict(COMMAND, properties=dict(linux="x")),
    dict(COMMAND, properties=dict(linux=dict(runAsElevated=True))),
    dict(COMMAND, properties=dict(linux=dict(commands="x", runAsElevated="yes"))),
])
def test_ports_and_commands_that_are_refused(ssm, refused, bad):
    refused("InvalidDocumentContent", ssm.create_document, Name="Mine", DocumentType="Session", Content=json.dumps(bad))


def test_formats_are_converted_where_they_are_asked_for(ssm):
    text = "schemaVersion: '1.0'\nsessionType: Port\nproperties:\n  portNumber: '22'\n"
    ssm.create_document(Name="Mine", DocumentType="Session", DocumentFormat="YAML", Content=text)
    found = ssm.get_document(Name="Mine", DocumentFormat="JSON")
    assert json.loads(found["Content"])["properties"] == dict(portNumber="22")
    assert found["DocumentFormat"] == "JSON"
    assert ssm.get_document(Name="Mine", DocumentFormat="YAML")["Content"] == text
    ssm.create_document(Name="Other", DocumentType="Session", Content=json.dumps(PORT))
    assert "portNumber: '5432'" in ssm.get_document(Name="Other", DocumentFormat="YAML")["Content"]


def test_sharing(emulator, organization, ssm, document, refused):
    other = emulator.client("ssm", WEB)
    arn = f"arn:aws:ssm:{ssm.meta.region_name}:123456789012:document/{NAME}"
    refused("InvalidDocument", other.get_document, Name=arn)
    share = dict(Name=NAME, PermissionType="Share")
    ssm.modify_document_permission(AccountIdsToAdd=[WEB, "444455556666"], AccountIdsToRemove=["444455556666"], **share)
    described = ssm.describe_document_permission(**share)
    assert described["AccountIds"] == [WEB]
    assert described["AccountSharingInfoList"] == [dict(AccountId=WEB, SharedDocumentVersion="$DEFAULT")]
    assert other.get_document(Name=arn)["DocumentType"] == "Session"
    owners = {
        owner: [found["Name"] for found in other.list_documents(Filters=[dict(Key="Owner", Values=[owner])])
                ["DocumentIdentifiers"]]
        for owner in ("Self", "Private", "Public", "All")
    }
    assert owners == dict(Self=[], Private=[arn], Public=[], All=[arn])
    refused("InvalidDocumentOperation", ssm.delete_document, Name=NAME)
    ssm.modify_document_permission(AccountIdsToAdd=["All"], AccountIdsToRemove=[WEB], **share)
    assert ssm.describe_document_permission(**share)["AccountIds"] == ["all"]
    ssm.modify_document_permission(AccountIdsToRemove=["all"], **share)
    refused("ValidationException", ssm.modify_document_permission, AccountIdsToAdd=["nobody"], **share)
    refused("ValidationException", ssm.modify_document_permission, **share)
    ssm.delete_document(Name=NAME)
    refused("InvalidDocument", other.get_document, Name=arn)
