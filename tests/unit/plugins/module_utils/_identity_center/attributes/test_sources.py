# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.attributes.sources import (
    SUPPORTED_SOURCES,
    short_source,
    source_path,
    source_value,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError

FULL = {
    "user_name": "taro@example.com",
    "family_name": "Tanaka",
    "given_name": "Taro",
    "display_name": "Taro Tanaka",
    "nick_name": "taro",
    "email": "taro@example.com",
    "title": "Engineer",
    "user_type": "Employee",
    "locale": "ja-JP",
    "timezone": "Asia/Tokyo",
    "phone": "+81 3 0000 0000",
    "address": {
        "street_address": "1-1",
        "locality": "Chiyoda",
        "region": "Tokyo",
        "postal_code": "100-0001",
        "country": "JP",
        "formatted": "1-1 Chiyoda, Tokyo",
    },
    "enterprise": {
        "employee_number": "1001",
        "cost_center": "cc1",
        "organization": "partner",
        "division": "d1",
        "department": "web",
        "manager": "hanako",
    },
}


def test_there_are_the_23_sources_of_the_directory():
    assert len(SUPPORTED_SOURCES) == len(set(SUPPORTED_SOURCES)) == 23


@pytest.mark.parametrize("source", SUPPORTED_SOURCES)
def test_each_source_is_taken_short_and_long_and_has_a_value(source):
    assert source_path(source) == source_path("${path:" + source + "}") == "${path:" + source + "}"
    assert short_source("  ${path:" + source + "} ") == source
    assert source_value(source, FULL)


def test_each_source_reads_a_field_of_its_own():
    everything = [source_value(source, FULL) for source in SUPPORTED_SOURCES if source != "userName"]
    assert len(everything) == len(set(everything))


@pytest.mark.parametrize(
    "user",
    [{}, {"nick_name": None}, {"nick_name": ""}, {"nick_name": 5}, {"enterprise": None}, {"enterprise": "web"}],
)
def test_no_value_is_none(user):
    assert source_value("nickName", user) is None
    assert source_value("enterprise.department", user) is None


def test_a_manager_may_be_written_as_the_api_has_it():
    assert source_value("enterprise.manager.value", {"enterprise": {"manager": {"value": "boss"}}}) == "boss"


@pytest.mark.parametrize(
    "text, told",
    [
        ("nickname", "did you mean 'nickName'?"),
        ("${path:nickname}", "did you mean 'nickName'?"),
        ("department", "did you mean 'enterprise.department'?"),
        ("givenName", "did you mean 'name.givenName'?"),
        ("enterprise.deparment", "did you mean 'enterprise.department'?"),
        ("groups", "groups cannot be a source"),
        ("${path:groups[0].value}", "groups cannot be a source"),
        ("emails", "multi-valued"),
        ("emails.value", "its one single value is emails[primary eq true].value"),
        ('emails[type eq "work"].value', "multi-valued"),
        ("phoneNumbers", 'phoneNumbers[type eq "work"].value'),
        ("roles", "choose a single-valued one"),
        ("addresses", "one part of the work address"),
        ("addresses.country", "multi-valued"),
        ('addresses[type eq "work"].planet', "not a source that Identity Center supports"),
        ("${mail}", "Active Directory's syntax"),
        ("${samaccountname}", "Active Directory's syntax"),
        ("${dir:displayname}", "did you mean 'displayName'?"),
        ("wholly different", "supported are userName"),
        ("${path:nickName", "not a source"),
    ],
)
def test_what_is_not_supported_is_refused_with_the_mend(text, told):
    with pytest.raises(UserError) as caught:
        source_path(text)
    assert told in caught.value.message
    assert text in caught.value.message


@pytest.mark.parametrize("text", ["", "  ", None, 5, ["nickName"], {}])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(UserError, match="is not a source"):
        source_path(text)
