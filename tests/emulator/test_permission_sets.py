# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permission sets and their tags."""

from __future__ import annotations

import re

import pytest


def test_arns_and_defaults_are_as_aws_makes_them(ic):
    created = ic.sso.create_permission_set(InstanceArn=ic.arn, Name="Web")["PermissionSet"]
    instance = ic.arn.rpartition("/")[2]
    assert re.fullmatch(rf"arn:aws:sso:::permissionSet/{instance}/ps-[0-9a-f]{{16}}", created["PermissionSetArn"])
    assert created["SessionDuration"] == "PT1H"
    assert "Description" not in created
    assert "RelayState" not in created
    described = ic.sso.describe_permission_set(InstanceArn=ic.arn, PermissionSetArn=created["PermissionSetArn"])
    assert described["PermissionSet"] == created


def test_names_are_unique(ic, refused):
    ic.permission_set("Web")
    error = refused("ConflictException", ic.sso.create_permission_set, InstanceArn=ic.arn, Name="Web")
    assert error["Error"]["Message"] == "PermissionSet with name Web already exists."


@pytest.mark.parametrize("bad", [
    dict(Name="a" * 33), dict(Name="has space"), dict(Description=""), dict(Description="説明"), dict(RelayState=""),
    dict(Description="a" * 701), dict(RelayState="a" * 241), dict(SessionDuration="PT13H"),
    dict(SessionDuration="PT59M"), dict(SessionDuration="1h"), dict(SessionDuration="PT12H1S"),
])
def test_what_aws_refuses(emulator, ic, bad):
    client = emulator.client("sso-admin", checked=False)
    with pytest.raises(client.exceptions.ValidationException) as caught:
        client.create_permission_set(InstanceArn=ic.arn, **dict(dict(Name="Web"), **bad))
    assert next(iter(bad)).lower() in str(caught.value).lower()


@pytest.mark.parametrize("good", ["PT1H", "PT60M", "PT12H", "PT3600S", "PT1H30M"])
def test_durations_from_one_to_twelve_hours(ic, good):
    ic.permission_set("Web", SessionDuration=good)


def test_latin_1_descriptions_are_taken(ic):
    arn = ic.permission_set("Web", Description="Zugriff für Büro")
    described = ic.sso.describe_permission_set(InstanceArn=ic.arn, PermissionSetArn=arn)["PermissionSet"]
    assert described["Description"] == "Zugriff für Büro"


def test_an_update_without_relay_state_clears_it_and_leaves_the_rest(ic):
    arn = ic.permission_set("Web", Description="old", SessionDuration="PT2H", RelayState="https://console")
    ic.sso.update_permission_set(InstanceArn=ic.arn, PermissionSetArn=arn)
    found = ic.sso.describe_permission_set(InstanceArn=ic.arn, PermissionSetArn=arn)["PermissionSet"]
    assert "RelayState" not in found
    assert (found["Description"], found["SessionDuration"]) == ("old", "PT2H")


def test_an_update_changes_what_is_given(ic, refused):
    arn = ic.permission_set("Web")
    ic.sso.update_permission_set(
        InstanceArn=ic.arn, PermissionSetArn=arn, Description="new", SessionDuration="PT4H", RelayState="/home"
    )
    found = ic.sso.describe_permission_set(InstanceArn=ic.arn, PermissionSetArn=arn)["PermissionSet"]
    assert (found["Description"], found["SessionDuration"], found["RelayState"]) == ("new", "PT4H", "/home")
    refused("ValidationException", ic.sso.update_permission_set, InstanceArn=ic.arn, PermissionSetArn=arn,
            SessionDuration="PT13H")


def test_list_has_only_arns_in_pages(ic):
    arns = [ic.permission_set(f"Set{number}") for number in range(7)]
    first = ic.sso.list_permission_sets(InstanceArn=ic.arn, MaxResults=3)
    assert len(first["PermissionSets"]) == 3
    pages = ic.sso.get_paginator("list_permission_sets").paginate(
        InstanceArn=ic.arn, PaginationConfig=dict(PageSize=3)
    )
    assert [arn for page in pages for arn in page["PermissionSets"]] == arns


def test_a_token_of_another_list_is_refused(ic, refused):
    for number in range(2):
        ic.permission_set(f"Set{number}")
    token = ic.sso.list_permission_sets(InstanceArn=ic.arn, MaxResults=1)["NextToken"]
    refused("ValidationException", ic.sso.list_instances, NextToken=token)
    refused("ValidationException", ic.sso.list_permission_sets, InstanceArn=ic.arn, NextToken="nonsense")


def test_deleted_is_gone(ic, refused):
    arn = ic.permission_set()
    ic.sso.delete_permission_set(InstanceArn=ic.arn, PermissionSetArn=arn)
    refused("ResourceNotFoundException", ic.sso.describe_permission_set, InstanceArn=ic.arn, PermissionSetArn=arn)
    ic.permission_set()  # the name is free again


def test_a_set_in_use_cannot_be_deleted(organization, ic, refused):
    arn, user = ic.permission_set(), ic.user()
    ic.assign(arn, user)
    error = refused("ConflictException", ic.sso.delete_permission_set, InstanceArn=ic.arn, PermissionSetArn=arn)
    assert "ApplicationProfile" in error["Error"]["Message"]
    ic.unassign(arn, user)
    ic.sso.delete_permission_set(InstanceArn=ic.arn, PermissionSetArn=arn)


def test_tags(ic, refused):
    arn = ic.permission_set("Web", Tags=[dict(Key="a", Value="1")])
    ic.sso.tag_resource(ResourceArn=arn, Tags=[dict(Key="a", Value="2"), dict(Key="チーム", Value="")])
    tags = ic.sso.list_tags_for_resource(InstanceArn=ic.arn, ResourceArn=arn)["Tags"]
    assert tags == [dict(Key="a", Value="2"), dict(Key="チーム", Value="")]
    ic.sso.untag_resource(InstanceArn=ic.arn, ResourceArn=arn, TagKeys=["a", "not there"])
    assert ic.sso.list_tags_for_resource(ResourceArn=arn)["Tags"] == [dict(Key="チーム", Value="")]
    refused("ValidationException", ic.sso.tag_resource, ResourceArn=arn, Tags=[dict(Key="aws:x", Value="")])
    many = [dict(Key=str(number), Value="") for number in range(50)]
    refused("ServiceQuotaExceededException", ic.sso.tag_resource, ResourceArn=arn, Tags=many)
    refused("ResourceNotFoundException", ic.sso.list_tags_for_resource, ResourceArn=arn[:-16] + "0" * 16)


def test_tags_of_an_instance(ic):
    ic.sso.tag_resource(ResourceArn=ic.arn, Tags=[dict(Key="a", Value="1")])
    assert ic.sso.list_tags_for_resource(ResourceArn=ic.arn)["Tags"] == [dict(Key="a", Value="1")]
