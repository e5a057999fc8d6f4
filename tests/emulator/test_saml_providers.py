# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM's SAML providers: what they keep, and what is refused."""

from __future__ import annotations

import datetime

import pytest
import saml_files as files
from ansible_collections.keyless.aws.plugins.module_utils._saml.metadata import read_metadata

WEB = "111122223333"
ARN = f"arn:aws:iam::{WEB}:saml-provider/partner"


@pytest.fixture
def iam(emulator, organization):
    return emulator.client("iam", WEB)


@pytest.fixture
def unchecked(emulator, organization):
    """A client that leaves the checking of parameters to the emulator."""
    return emulator.client("iam", WEB, checked=False)


@pytest.fixture
def make(iam):
    def make(name="partner", document=None, **more):
        return iam.create_saml_provider(Name=name, SAMLMetadataDocument=document or files.metadata(), **more)

    return make


def key_ids(iam):
    return [key["KeyId"] for key in iam.get_saml_provider(SAMLProviderArn=ARN).get("PrivateKeyList", [])]


def test_what_a_provider_keeps(iam, make, emulator):
    made = make(Tags=[dict(Key="b", Value="2"), dict(Key="a", Value="1")])
    assert made["SAMLProviderArn"] == ARN
    assert made["Tags"] == [dict(Key="a", Value="1"), dict(Key="b", Value="2")]
    found = iam.get_saml_provider(SAMLProviderArn=ARN)
    assert found["SAMLMetadataDocument"] == files.metadata()
    assert found["Tags"] == made["Tags"]
    assert found["ValidUntil"] - found["CreateDate"] == datetime.timedelta(days=36500)
    assert found["SAMLProviderUUID"].startswith("SAMLSP")
    assert "AssertionEncryptionMode" not in found
    (entry,) = iam.list_saml_providers()["SAMLProviderList"]
    assert entry == {key: found[key] for key in ("CreateDate", "ValidUntil")} | dict(Arn=ARN)
    assert emulator.client("iam").list_saml_providers()["SAMLProviderList"] == []


def test_updates_change_only_what_they_name(iam, make):
    make()
    iam.update_saml_provider(SAMLProviderArn=ARN, AssertionEncryptionMode="Allowed")
    iam.update_saml_provider(SAMLProviderArn=ARN, SAMLMetadataDocument=files.metadata(entity="https://other"))
    found = iam.get_saml_provider(SAMLProviderArn=ARN)
    assert found["AssertionEncryptionMode"] == "Allowed"
    assert "https://other" in found["SAMLMetadataDocument"]
    iam.delete_saml_provider(SAMLProviderArn=ARN)
    assert iam.list_saml_providers()["SAMLProviderList"] == []


def test_tags(iam, make, refused):
    make()
    iam.tag_saml_provider(SAMLProviderArn=ARN, Tags=[dict(Key="a", Value="1"), dict(Key="b", Value="2")])
    iam.tag_saml_provider(SAMLProviderArn=ARN, Tags=[dict(Key="a", Value="3")])
    iam.untag_saml_provider(SAMLProviderArn=ARN, TagKeys=["b", "c"])
    assert iam.list_saml_provider_tags(SAMLProviderArn=ARN)["Tags"] == [dict(Key="a", Value="3")]
    refused("InvalidInput", iam.tag_saml_provider, SAMLProviderArn=ARN, Tags=[dict(Key="aws:a", Value="1")])
    many = [dict(Key=f"k{number}", Value="") for number in range(50)]
    refused("LimitExceeded", iam.tag_saml_provider, SAMLProviderArn=ARN, Tags=many)


def test_private_keys_are_never_shown(iam, make, refused):
    make(AddPrivateKey=files.pem(), AssertionEncryptionMode="Required")
    (first,) = key_ids(iam)
    iam.update_saml_provider(SAMLProviderArn=ARN, AddPrivateKey=files.pem(number=1))
    assert len(key_ids(iam)) == 2
    assert "PRIVATE" not in str(iam.get_saml_provider(SAMLProviderArn=ARN))
    refused("LimitExceeded", iam.update_saml_provider, SAMLProviderArn=ARN, AddPrivateKey=files.pem(number=2))
    iam.update_saml_provider(SAMLProviderArn=ARN, RemovePrivateKey=first)
    (second,) = key_ids(iam)
    assert second != first
    refused("NoSuchEntity", iam.update_saml_provider, SAMLProviderArn=ARN, RemovePrivateKey=first)
    # where encryption is required, one has to stay
    refused("InvalidInput", iam.update_saml_provider, SAMLProviderArn=ARN, RemovePrivateKey=second)
    iam.update_saml_provider(SAMLProviderArn=ARN, RemovePrivateKey=second, AssertionEncryptionMode="Allowed")
    assert key_ids(iam) == []


def test_what_is_refused(iam, make, refused):
    refused("InvalidInput", make, document="<a/>" + files.FILLED)
    refused("InvalidInput", make, document="no XML" * 300)
    refused("InvalidInput", make, document=files.metadata(files.FILLED))
    refused("InvalidInput", make, document=files.with_doctype("[<!ENTITY a 'b'>]"))
    refused("InvalidInput", make, AddPrivateKey="x")
    refused("InvalidInput", make, AssertionEncryptionMode="Required")
    for operation in (iam.get_saml_provider, iam.delete_saml_provider, iam.update_saml_provider):
        refused("NoSuchEntity", operation, SAMLProviderArn=ARN)
    make()
    refused("EntityAlreadyExists", make)


def test_parameters_are_checked(unchecked, refused):
    create = unchecked.create_saml_provider
    refused("ValidationError", create, Name="partner", SAMLMetadataDocument="short")
    refused("ValidationError", create, Name="a b", SAMLMetadataDocument=files.metadata())
    refused("ValidationError", create, SAMLMetadataDocument=files.metadata())
    document = files.metadata()
    refused("ValidationError", create, Name="partner", SAMLMetadataDocument=document, AssertionEncryptionMode="No")


def test_a_hundred_providers_are_the_most(make, refused):
    for number in range(100):
        make(f"partner-{number}")
    refused("LimitExceeded", make, name="one-more")


def test_identity_centers_own_provider_stays(iam, emulator, organization, ic):
    ic.assign(ic.permission_set(), ic.user())
    (entry,) = iam.list_saml_providers()["SAMLProviderList"]
    assert ":saml-provider/AWSSSO_" in entry["Arn"]
    found = iam.get_saml_provider(SAMLProviderArn=entry["Arn"])
    assert found["SAMLMetadataDocument"] == iam.get_saml_provider(SAMLProviderArn=entry["Arn"])["SAMLMetadataDocument"]
    metadata = read_metadata(found["SAMLMetadataDocument"], datetime.datetime.now(datetime.timezone.utc))
    assert (metadata.problems, metadata.warnings) == ([], [])
