"""What any session document can have besides its versions, which the preferences' tests are about."""

from __future__ import annotations

import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.api import (
    DocumentApi,
    own_session_documents,
)


class Ssm:
    """Answers in turn, and remembers what it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def call(self, operation, **parameters):
        self.asked.append((operation, parameters))
        return self.answers.pop(0)

    def pages(self, operation, key, **parameters):
        return self.call(operation, **parameters)


NAMED = dict(ResourceType="Document", ResourceId="Tunnel")


def test_tags():
    ssm = Ssm(dict(TagList=[dict(Key="a", Value="1")]), {}, {})
    api = DocumentApi(ssm, "Tunnel")
    assert api.tags() == {"a": "1"}
    api.tag({"b": "2"})
    api.untag(["a"])
    assert ssm.asked == [
        ("list_tags_for_resource", NAMED),
        ("add_tags_to_resource", dict(NAMED, Tags=[dict(Key="b", Value="2")])),
        ("remove_tags_from_resource", dict(NAMED, TagKeys=["a"])),
    ]


def test_sharing_has_pages():
    ssm = Ssm(dict(AccountIds=["1"], NextToken="more"), dict(AccountIds=["2"]))
    assert DocumentApi(ssm, "Tunnel").shared_with() == ["1", "2"]
    share = dict(Name="Tunnel", PermissionType="Share")
    assert [parameters for _operation, parameters in ssm.asked] == [share, dict(share, NextToken="more")]


@pytest.mark.parametrize("tags, sent", [({"a": "1"}, [dict(Key="a", Value="1")]), ({}, None), (None, None)])
def test_a_new_document_begins_with_its_tags(tags, sent):
    ssm = Ssm(dict(DocumentDescription=dict(DocumentVersion="1")), dict(Document=dict(Status="Active")))
    assert DocumentApi(ssm, "Tunnel").create({"x": 1}, tags) == "1"
    operation, parameters = ssm.asked[0]
    assert (operation, parameters.get("Tags")) == ("create_document", sent)
    assert json.loads(parameters["Content"]) == {"x": 1}


def test_own_documents():
    ssm = Ssm([dict(Name="A"), dict(Name="B")])
    assert own_session_documents(ssm) == ["A", "B"]
    (asked,) = ssm.asked
    filters = {each["Key"]: each["Values"] for each in asked[1]["Filters"]}
    assert filters == {"Owner": ["Self"], "DocumentType": ["Session"]}
