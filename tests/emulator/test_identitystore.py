# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, groups and memberships."""

from __future__ import annotations

import re

import pytest

ENTERPRISE = "aws:identitystore:enterprise"
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def store(ic):
    return dict(IdentityStoreId=ic.store)


def make(ic, name="taro", **more):
    values = dict(dict(UserName=name, DisplayName=name, Name=dict(GivenName="Taro", FamilyName="Tanaka")), **more)
    values = {key: value for key, value in values.items() if value is not None}
    return ic.directory.create_user(IdentityStoreId=ic.store, **values)


def change(ic, user, **paths):
    operations = [dict(AttributePath=path, AttributeValue=value) for path, value in paths.items()]
    return ic.directory.update_user(IdentityStoreId=ic.store, UserId=user, Operations=operations)


def describe(ic, user, extensions=False):
    more = dict(Extensions=[ENTERPRISE]) if extensions else {}
    return ic.directory.describe_user(IdentityStoreId=ic.store, UserId=user, **more)


def test_a_user_has_an_id_an_arn_and_a_revision(ic, store):
    made = make(ic)
    assert re.fullmatch(r"[0-9a-f]{10}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["UserId"])
    assert made["UserArn"] == f"arn:aws:identitystore:::user/{made['UserId']}"
    found = describe(ic, made["UserArn"])
    assert (found["UserName"], found["UserStatus"], found["Revision"]) == ("taro", "ENABLED", made["Revision"])
    assert "Extensions" not in found


@pytest.mark.parametrize("missing", ["UserName", "DisplayName", "Name"])
def test_what_identity_center_requires(ic, refused, missing):
    refused("ValidationException", make, ic=ic, **{missing: None})


@pytest.mark.parametrize("name", [dict(GivenName="Taro"), dict(FamilyName="Tanaka"), {}])
def test_given_and_family_name_are_required(ic, refused, name):
    refused("ValidationException", make, ic=ic, Name=name)


@pytest.mark.parametrize("bad", [
    dict(UserName="Administrator"), dict(UserName="AWSAdministrators"), dict(UserName="has space"),
    dict(UserName="a" * 129), dict(Emails=[dict(Value="a@x"), dict(Value="b@x")]), dict(NickName=""),
    dict(PhoneNumbers=[dict(Value="1"), dict(Value="2")]), dict(Addresses=[{}, {}]), dict(Emails=[]),
    dict(Extensions={"aws:identitystore:other": dict(a="b")}), dict(Extensions={ENTERPRISE: dict(team="x")}),
    dict(Extensions={ENTERPRISE: dict(department=7)}), dict(Extensions={ENTERPRISE: dict(manager="boss")}),
])
def test_what_is_refused(emulator, ic, refused, bad):
    ic.directory = emulator.client("identitystore", checked=False)
    refused("ValidationException", make, ic=ic, **bad)


def test_sensitive_values_are_not_repeated_in_errors(emulator, ic, refused):
    ic.directory = emulator.client("identitystore", checked=False)
    error = refused("ValidationException", make, ic=ic, UserName="se cret")
    assert "se cret" not in str(error)
    assert "userName" in error["Error"]["Message"]


@pytest.mark.parametrize("second", [
    dict(name="TARO"), dict(name="other", Emails=[dict(Value="Taro@Example.com")]),
])
def test_user_names_and_emails_are_unique(ic, refused, second):
    make(ic, Emails=[dict(Value="taro@example.com", Primary=True)])
    error = refused("ConflictException", make, ic=ic, **second)
    assert error["Reason"] == "UNIQUENESS_CONSTRAINT_VIOLATION"


def test_a_name_is_free_again_after_deletion_and_after_renaming(ic, store):
    user = make(ic, Emails=[dict(Value="taro@x")])["UserId"]
    change(ic, user, userName="jiro", emails=None)
    other = make(ic, Emails=[dict(Value="taro@x")])["UserId"]
    ic.directory.delete_user(UserId=other, **store)
    assert make(ic, Emails=[dict(Value="taro@x")])["UserId"] != other


def test_extensions_come_only_when_asked_for(ic, store):
    make(ic, "plain")
    user = make(ic, Extensions={ENTERPRISE: dict(department="web", manager=dict(value="x"))})["UserId"]
    assert "Extensions" not in describe(ic, user)
    assert describe(ic, user, extensions=True)["Extensions"] == {
        ENTERPRISE: dict(department="web", manager=dict(value="x"))
    }
    plain, taro = ic.directory.list_users(Extensions=[ENTERPRISE], **store)["Users"]
    assert "Extensions" not in plain
    assert taro["Extensions"][ENTERPRISE]["department"] == "web"
    assert all("Extensions" not in user for user in ic.directory.list_users(**store)["Users"])


def test_unknown_extensions_are_refused(ic, store, refused):
    refused("ValidationException", ic.directory.list_users, Extensions=["aws:identitystore:other"], **store)


def test_update_by_path(ic):
    user = make(ic, NickName="t", Title="Engineer")["UserId"]
    revision = describe(ic, user)["Revision"]
    change(ic, user, **{
        "nickName": "taro", "title": None, "name.givenName": "Tarō", "name.honorificPrefix": "Dr.",
        "emails": [dict(value="t@x", type="work", primary=True)], "displayName": "T",
        "addresses": [dict(streetAddress="1-2-3", locality="東京", type="work")], "timezone": "Asia/Tokyo",
        f"{ENTERPRISE}.department": "web", f"{ENTERPRISE}.manager.value": "boss",
    })
    found = describe(ic, user, extensions=True)
    assert (found["NickName"], found["DisplayName"], found["Timezone"]) == ("taro", "T", "Asia/Tokyo")
    assert "Title" not in found
    assert found["Name"] == dict(GivenName="Tarō", FamilyName="Tanaka", HonorificPrefix="Dr.")
    assert found["Emails"] == [dict(Value="t@x", Type="work", Primary=True)]
    assert found["Addresses"] == [dict(StreetAddress="1-2-3", Locality="東京", Type="work")]
    assert found["Extensions"][ENTERPRISE] == dict(department="web", manager=dict(value="boss"))
    assert found["Revision"] != revision


def test_null_removes(ic):
    user = make(ic, Emails=[dict(Value="t@x")], Extensions={ENTERPRISE: dict(department="web", division="x")})["UserId"]
    change(ic, user, **{"emails": None, f"{ENTERPRISE}.division": None})
    found = describe(ic, user, extensions=True)
    assert "Emails" not in found
    assert found["Extensions"] == {ENTERPRISE: dict(department="web")}
    change(ic, user, **{f"{ENTERPRISE}.department": None})
    assert "Extensions" not in describe(ic, user, extensions=True)
    change(ic, user, **{ENTERPRISE: dict(organization="db")})
    assert describe(ic, user, extensions=True)["Extensions"] == {ENTERPRISE: dict(organization="db")}


@pytest.mark.parametrize("path, value", [
    ("userName", None), ("name.familyName", None), ("displayName", None), ("UserName", "x"), ("emails.value", "a@x"),
    ("emails", "a@x"), ("emails", [dict(Value="a@x")]), ("emails", []), ("emails", [dict(value="a"), dict(value="b")]),
    ("nickName", 7), ("nickName", ""), ("noSuchThing", "x"), (f"{ENTERPRISE}.team", "x"), ("name", None),
    ("name.noSuchThing", "x"), (f"{ENTERPRISE}.manager.age", "x"), ("userId", "x"), ("userName", "administrator"),
])
def test_updates_that_are_refused_change_nothing(ic, refused, path, value):
    user = make(ic)["UserId"]
    before = describe(ic, user, extensions=True)
    refused("ValidationException", change, ic=ic, user=user, **{"title": "Engineer", path: value})
    after = describe(ic, user, extensions=True)
    assert {**before, "ResponseMetadata": 0} == {**after, "ResponseMetadata": 0}


def test_updates_keep_names_unique(ic, refused):
    make(ic, "jiro", Emails=[dict(Value="jiro@x")])
    user = make(ic)["UserId"]
    refused("ConflictException", change, ic=ic, user=user, userName="JIRO")
    refused("ConflictException", change, ic=ic, user=user, emails=[dict(value="JIRO@x")])
    change(ic, user, userName="TARO")  # its own name in other letters


def test_a_hundred_operations_a_call(emulator, ic, store, refused):
    user = make(ic)["UserId"]
    directory = emulator.client("identitystore", checked=False)
    operations = [dict(AttributePath="nickName", AttributeValue="t")] * 101
    refused("ValidationException", directory.update_user, UserId=user, Operations=operations, **store)
    refused("ValidationException", directory.update_user, UserId=user, Operations=[], **store)


def test_an_old_revision_is_a_conflict(ic, store, refused):
    made = make(ic)
    change(ic, made["UserId"], nickName="t")
    ids = dict(UserId=made["UserId"], Revision=made["Revision"], **store)
    error = refused("ConflictException", ic.directory.delete_user, **ids)
    assert error["Reason"] == "CONCURRENT_MODIFICATION"
    ic.directory.delete_user(**dict(ids, Revision=describe(ic, made["UserId"])["Revision"]))


@pytest.mark.parametrize("path, value", [
    ("userName", "taro"), ("UserName", "TARO"), ("emails.value", "taro@example.com"),
])
def test_find_a_user(ic, store, path, value):
    user = make(ic, Emails=[dict(Value="taro@example.com")])["UserId"]
    unique = dict(UniqueAttribute=dict(AttributePath=path, AttributeValue=value))
    assert ic.directory.get_user_id(AlternateIdentifier=unique, **store)["UserId"] == user


def test_what_cannot_be_found(ic, store, refused):
    def find(path, value):
        unique = dict(UniqueAttribute=dict(AttributePath=path, AttributeValue=value))
        return ic.directory.get_user_id(AlternateIdentifier=unique, **store)

    error = refused("ResourceNotFoundException", find, path="userName", value="nobody")
    assert error["ResourceType"] == "USER"
    refused("ValidationException", find, path="nickName", value="taro")
    external = dict(ExternalId=dict(Issuer="https://idp", Id="x"))
    refused("ResourceNotFoundException", ic.directory.get_user_id, AlternateIdentifier=external, **store)


def test_users_have_pages_and_a_filter(ic, store):
    names = [f"user{number}" for number in range(5)]
    for name in names:
        make(ic, name)
    pages = list(ic.directory.get_paginator("list_users").paginate(PaginationConfig=dict(PageSize=2), **store))
    assert [len(page["Users"]) for page in pages] == [2, 2, 1]
    assert [user["UserName"] for page in pages for user in page["Users"]] == names
    (found,) = ic.directory.list_users(
        Filters=[dict(AttributePath="UserName", AttributeValue="user3")], **store
    )["Users"]
    assert found["UserName"] == "user3"


def test_a_filter_by_anything_else_is_refused(ic, store, refused):
    filters = [dict(AttributePath="NickName", AttributeValue="t")]
    refused("ValidationException", ic.directory.list_users, Filters=filters, **store)


# Groups


def test_groups(ic, store, refused):
    made = ic.directory.create_group(DisplayName="operators", Description="They operate", **store)
    refused("ConflictException", ic.directory.create_group, DisplayName="Operators", **store)
    refused("ValidationException", ic.directory.create_group, Description="nameless", **store)
    operations = [dict(AttributePath="displayName", AttributeValue="admins"), dict(AttributePath="description")]
    ic.directory.update_group(GroupId=made["GroupId"], Operations=operations, **store)
    found = ic.directory.describe_group(GroupId=made["GroupId"], **store)
    assert found["DisplayName"] == "admins"
    assert "Description" not in found
    unique = dict(UniqueAttribute=dict(AttributePath="displayName", AttributeValue="Admins"))
    assert ic.directory.get_group_id(AlternateIdentifier=unique, **store)["GroupId"] == made["GroupId"]
    (listed,) = ic.directory.list_groups(
        Filters=[dict(AttributePath="DisplayName", AttributeValue="admins")], **store
    )["Groups"]
    assert listed["GroupId"] == made["GroupId"]
    ic.directory.delete_group(GroupId=made["GroupId"], **store)
    refused("ResourceNotFoundException", ic.directory.describe_group, GroupId=made["GroupId"], **store)
    assert ic.directory.list_groups(**store)["Groups"] == []


@pytest.mark.parametrize("path, value", [("displayName", None), ("members", []), ("displayName", "")])
def test_group_updates_that_are_refused(ic, store, refused, path, value):
    group = ic.group()
    refused("ValidationException", ic.directory.update_group, GroupId=group,
            Operations=[dict(AttributePath=path, AttributeValue=value)], **store)


# Memberships


def test_memberships(ic, store, refused):
    taro, jiro = ic.user("taro"), ic.user("jiro")
    group = ic.group(members=[taro, jiro])
    member = dict(GroupId=group, MemberId=dict(UserId=taro), **store)
    refused("ConflictException", ic.directory.create_group_membership, **member)
    id_ = ic.directory.get_group_membership_id(**member)["MembershipId"]
    found = ic.directory.describe_group_membership(MembershipId=id_, **store)
    assert (found["GroupId"], found["MemberId"]) == (group, dict(UserId=taro))
    page = ic.directory.list_group_memberships(GroupId=group, MaxResults=1, **store)
    assert len(page["GroupMemberships"]) == 1
    rest = ic.directory.list_group_memberships(GroupId=group, NextToken=page["NextToken"], **store)
    assert [entry["MemberId"]["UserId"] for entry in rest["GroupMemberships"]] == [jiro]
    mine = ic.directory.list_group_memberships_for_member(MemberId=dict(UserId=taro), **store)["GroupMemberships"]
    assert [entry["GroupId"] for entry in mine] == [group]
    ic.directory.delete_group_membership(MembershipId=id_, **store)
    refused("ResourceNotFoundException", ic.directory.get_group_membership_id, **member)


def test_is_member_in_groups(ic, store):
    taro = ic.user()
    inside, outside = ic.group("inside", [taro]), ic.group("outside")
    results = ic.directory.is_member_in_groups(
        MemberId=dict(UserId=taro), GroupIds=[outside, inside], **store
    )["Results"]
    assert [(entry["GroupId"], entry["MembershipExists"]) for entry in results] == [(outside, False), (inside, True)]


def test_members_and_groups_that_go_take_their_memberships_along(ic, store):
    taro, jiro = ic.user("taro"), ic.user("jiro")
    one, two = ic.group("one", [taro, jiro]), ic.group("two", [taro])
    ic.directory.delete_user(UserId=taro, **store)
    assert len(ic.directory.list_group_memberships(GroupId=one, **store)["GroupMemberships"]) == 1
    assert ic.directory.list_group_memberships(GroupId=two, **store)["GroupMemberships"] == []
    ic.directory.delete_group(GroupId=one, **store)
    mine = ic.directory.list_group_memberships_for_member(MemberId=dict(UserId=jiro), **store)
    assert mine["GroupMemberships"] == []


def test_memberships_need_both_sides(ic, store, refused):
    group, user = ic.group(), ic.user()
    create = ic.directory.create_group_membership
    error = refused("ResourceNotFoundException", create, GroupId=group, MemberId=dict(UserId=NOBODY), **store)
    assert (error["ResourceType"], error["ResourceId"]) == ("USER", NOBODY)
    refused("ResourceNotFoundException", create, GroupId=NOBODY, MemberId=dict(UserId=user), **store)


# Stores


def test_identity_stores(emulator, ic, store):
    (found,) = ic.directory.list_identity_stores()["IdentityStores"]
    assert found["IdentityStoreId"] == ic.store
    assert ic.directory.describe_identity_store(**store)["IdentityStoreArn"] == found["IdentityStoreArn"]
    ic.directory.update_identity_store(NetworkConfiguration=dict(VpceAccessRequired=True), **store)
    found = ic.directory.describe_identity_store(IdentityStoreId=found["IdentityStoreArn"])
    assert found["NetworkConfiguration"] == dict(VpceAccessRequired=True)


def test_unknown_stores_and_stores_of_other_regions_are_not_found(emulator, store, refused):
    directory = emulator.client("identitystore")
    error = refused("ResourceNotFoundException", directory.list_users, IdentityStoreId="d-0000000000")
    assert error["ResourceType"] == "IDENTITY_STORE"
    elsewhere = emulator.client("identitystore", region="us-east-1")
    refused("ResourceNotFoundException", elsewhere.list_users, **store)


def test_members_of_the_organization_may_look_only(emulator, organization, store, refused):
    member = emulator.client("identitystore", "111122223333")
    assert member.list_users(**store)["Users"] == []
    refused("AccessDeniedException", member.create_group, DisplayName="x", **store)
