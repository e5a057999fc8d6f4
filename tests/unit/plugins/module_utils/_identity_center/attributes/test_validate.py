from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.attributes.records import Wanted
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.attributes.validate import wanted_attributes
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems


def wanted(attributes=None, **more):
    params = dict(dict(state="present", purge=False, disable=False), attributes=attributes, **more)
    return wanted_attributes(params)


def problems(*given, **more):
    with pytest.raises(Problems) as caught:
        wanted(*given, **more)
    return caught.value.details["problems"]


def test_sources_become_canonical():
    assert wanted({"SSMSessionRunAs": "nickName", "Team": " ${path:enterprise.department} "}) == Wanted(
        put={"SSMSessionRunAs": "${path:nickName}", "Team": "${path:enterprise.department}"}
    )


@pytest.mark.parametrize("source", [None, "", "anything", "${path:groups}"])
def test_only_the_key_counts_for_what_is_removed(source):
    assert wanted({"Team": source}, state="absent") == Wanted(remove=("Team",))


def test_purge_and_disable_are_carried():
    assert wanted({}, purge=True) == Wanted(purge=True)
    assert wanted(None, disable=True) == Wanted(disable=True)


@pytest.mark.parametrize("key", ["a", "k" * 128, "チーム 1", "a_b.c:d/e=f+g-h@i", "Ünïcode"])
def test_keys_of_any_script(key):
    assert wanted({key: "title"}).put == {key: "${path:title}"}


@pytest.mark.parametrize(
    "attributes, more, told",
    [
        ({"": "title"}, {}, "attributes.: the key has 0 characters; give 1 to 128"),
        ({"k" * 129: "title"}, {}, "the key has 129 characters"),
        ({"a*b": "title"}, {}, "attributes.a*b: the key has '*'"),
        ({"a\tb": "title"}, {}, "the key has '\\t'"),
        ({"a*b": ""}, dict(state="absent"), "the key has '*'"),
        ({"A": "nickname"}, {}, "attributes.A: 'nickname' is not a source"),
        ({"A": "groups"}, {}, "attributes.A: 'groups': groups cannot be a source"),
        ({"A": "emails"}, {}, "attributes.A: 'emails' is multi-valued"),
        ({"A": "${mail}"}, {}, "Active Directory's syntax"),
        ({"A": ["nickName"]}, {}, "is not a source; give a text"),
        ({"A": None}, {}, "is not a source; give a text"),
        (None, {}, "attributes: is missing"),
        (None, dict(state="absent"), "attributes: is missing"),
        ({"A": "title"}, dict(disable=True), "disable: true turns the feature off and drops every attribute"),
        ({}, dict(disable=True), "disable: true turns the feature off"),
        (None, dict(disable=True, purge=True), "disable: true goes with neither"),
        (None, dict(disable=True, state="absent"), "disable: true goes with neither"),
        ({"A": ""}, dict(state="absent", purge=True), "purge: true goes with state=present only"),
    ],
)
def test_bad_input_is_told(attributes, more, told):
    (problem,) = problems(attributes, **more)
    assert told in problem


def test_everything_at_once():
    assert len(problems({"a*": "groups", "b": "emails", "c" * 200: "title"})) == 4
