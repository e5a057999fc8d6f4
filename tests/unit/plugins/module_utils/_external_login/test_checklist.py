# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checklist for the console, and what it says of where values come from."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._external_login.checklist import (
    attribute_mappings,
    checklist,
)
from ansible_collections.keyless.aws.plugins.module_utils._external_login.logins import read_logins
from ansible_collections.keyless.aws.plugins.module_utils._external_login.sources import source_note

PREFIX = "https://aws.amazon.com/SAML/Attributes/"
PROVIDER, ROLE = "arn:aws:iam::111122223333:saml-provider/partner", "arn:aws:iam::111122223333:role/PartnerOperator"


def logins(**more):
    base = dict(name="PartnerOperator", provider="partner", account_id="111122223333")
    return [login.shown() for login in read_logins([dict(base, **more)])]


def test_attribute_mappings():
    (login,) = logins(run_as_source="${user:subject}", principal_tags=dict(Team="web"), max_session_duration=28800,
                      session_duration=7200, source_identity_source="${user:email}")  # fmt: skip
    assert attribute_mappings(login) == [
        ("Subject", "${user:subject}", "persistent"),
        (PREFIX + "Role", f"{PROVIDER},{ROLE}", "unspecified"),
        (PREFIX + "RoleSessionName", "${user:email}", "unspecified"),
        (PREFIX + "SessionDuration", "7200", "unspecified"),
        (PREFIX + "PrincipalTag:SSMSessionRunAs", "${user:subject}", "unspecified"),
        (PREFIX + "PrincipalTag:Team", "web", "unspecified"),
        (PREFIX + "SourceIdentity", "${user:email}", "unspecified"),
    ]


def test_every_value_is_filled_in():
    text = checklist(
        logins(application="Partner | operators", regions=["ap-northeast-1"], run_as_source="operator",
               relay_state="https://console.aws.amazon.com/systems-manager", session_duration=5400,
               max_session_duration=7200),
        {PROVIDER: "https://portal.sso.ap-northeast-1.amazonaws.com/saml/assertion/X"},
    )  # fmt: skip
    for expected in (
        "| Display name | `Partner \\| operators` |",
        "| Relay state | `https://console.aws.amazon.com/systems-manager` |",
        "| Session duration | not less than 1 h 30 min |",
        "| Application ACS URL | `https://signin.aws.amazon.com/saml` (or"
        " `https://ap-northeast-1.signin.aws.amazon.com/saml`) |",
        "| Application SAML audience | `urn:amazon:webservices` |",
        f"| `{PREFIX}Role` | `{PROVIDER},{ROLE}` | `unspecified` |",
        "is `https://portal.sso.ap-northeast-1.amazonaws.com/saml/assertion/X`.",
        "the same OS user for everybody",
        "2 to 64 letters, digits or any of _ + = , . @ -",
    ):
        assert expected in text
    assert "{{" not in text and "None" not in text


@pytest.mark.parametrize("partition, region, host, audience", [
    ("aws", "ap-northeast-1", "ap-northeast-1.signin.aws.amazon.com", "urn:amazon:webservices"),
    ("aws-cn", "cn-north-1", "cn-north-1.signin.amazonaws.cn", "urn:amazon:webservices:cn-north-1"),
    ("aws-us-gov", "us-gov-west-1", "us-gov-west-1.signin.amazonaws-us-gov.com", "urn:amazon:webservices:govcloud"),
])  # fmt: skip
def test_partitions_and_regions(partition, region, host, audience):
    text = checklist(logins(partition=partition, regions=[region], global_endpoint=False))
    assert f"| Application ACS URL | `https://{host}/saml` |" in text
    assert f"| Application SAML audience | `{audience}` |" in text


def test_the_same_input_gives_the_same_text():
    assert checklist(logins()) == checklist(logins())


def test_before_there_is_metadata_there_is_no_issuer_to_compare():
    assert "Compare: the `entityID`" not in checklist(logins())
    assert "metadata of the SAML provider `partner`" in checklist(logins())


def test_what_is_gone_is_to_be_deleted():
    assert "Delete the application" in checklist(logins(state="absent"))


@pytest.mark.parametrize("source, said", [
    ("${user:email}", None), ("${user:subject}", None), ("taro", None), ("${user:givenName}.${user:familyName}", None),
    ("${user:preferredUsername}", "may be the display name"), ("${user:name}", "may be the display name"),
    ("${user:nickName}", "is not in AWS's list"), ("${path:nickName}", "is not in AWS's list"),
    ("${user:email}${path:email}", "is not in AWS's list"),
])  # fmt: skip
def test_notes_on_sources(source, said):
    note = source_note(source)
    assert (note is None) if said is None else (said in note)
