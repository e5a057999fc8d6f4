"""identity_store over HTTP, by real ansible-playbook: what it does when all goes well."""

from __future__ import annotations

import json

import pytest
from directory import ENTERPRISE, HANA, TEAM, Directory, since, without_ids


@pytest.fixture
def directory(emulator):
    return Directory(emulator)


@pytest.fixture
def run_tasks(ansible):
    """run_tasks(arguments, ..., ignore_errors=...) -> the results of identity_store, all in one playbook"""

    def run(*several, **keywords):
        tasks = [{"name": "Run it", "keyless.aws.identity_store": arguments, **keywords} for arguments in several]
        return ansible.tasks(tasks)

    return run


@pytest.fixture
def team(run_module):
    return run_module("identity_store", TEAM)


def test_users_and_groups_that_refer_to_each_other_come_in_one_task(emulator, directory, run_module):
    predicted = run_module("identity_store", TEAM, check=True, diff=True)
    assert emulator.writes() == {}
    assert predicted["changed"]
    assert "user_id" not in json.dumps(predicted["users"]) and "group_id" not in json.dumps(predicted["groups"])

    made = run_module("identity_store", TEAM, diff=True)
    assert emulator.writes() == {
        "identitystore:CreateUser": 2,
        "identitystore:CreateGroup": 2,
        "identitystore:CreateGroupMembership": 3,
    }
    assert made["changes"] == predicted["changes"]
    assert made["diff"] == predicted["diff"]
    assert (made["created"], made["updated"], made["deleted"]) == (7, 0, 0)
    for kind in ("users", "groups"):
        assert without_ids(made[kind]) == without_ids(predicted[kind])

    there = directory.users()
    assert there["taro@example.com"]["UserId"] == made["users"][0]["user_id"]
    assert there["hana@example.com"]["DisplayName"] == "Hana Sato"
    taro = there["taro@example.com"]
    assert taro["Name"] == {"GivenName": "Taro", "FamilyName": "Tanaka"}
    assert taro["NickName"] == "taro"
    assert taro["PreferredLanguage"] == "ja"
    assert taro["Emails"] == [{"Value": "taro@example.com", "Type": "work", "Primary": True}]
    assert taro["PhoneNumbers"] == [{"Value": "+81 3 0000 0000", "Type": "work", "Primary": True}]
    assert taro["Addresses"][0]["PostalCode"] == "100-0001"
    assert taro["Extensions"][ENTERPRISE]["manager"] == {"value": "hanako"}
    assert taro["Extensions"][ENTERPRISE]["costCenter"] == "4711"
    assert directory.groups()["web"]["GroupId"] == made["groups"][0]["group_id"]
    assert directory.groups()["web"]["Description"] == "Web servers"
    assert directory.members("web") == ["hana@example.com", "taro@example.com"]
    assert directory.members("db") == ["hana@example.com"]


def test_a_second_run_changes_nothing_and_reads_once(emulator, run_module, team):
    before = emulator.calls()
    again = run_module("identity_store", TEAM, diff=True)
    assert not again["changed"]
    assert again["changes"] == [] and "diff" not in again
    assert [each["user_id"] for each in again["users"]] == [each["user_id"] for each in team["users"]]
    assert since(emulator, before) == {
        "sso-admin:ListInstances": 1,
        "identitystore:ListUsers": 1,
        "identitystore:ListGroups": 1,
        "identitystore:ListGroupMemberships": 2,
    }


def test_what_nobody_manages_is_not_read(emulator, run_tasks, team):
    before = emulator.calls()
    only_users = [dict(users=[HANA]), dict(users=[HANA], groups=[])]
    only_groups = [
        dict(users=[], groups=[dict(name="web"), dict(name="db")]),
        dict(groups=[dict(name="none", state="absent", members=["nobody"])]),
    ]
    for done in run_tasks(*only_users, *only_groups):
        assert not done["changed"]
    assert since(emulator, before) == {
        "sso-admin:ListInstances": 4,
        "identitystore:ListUsers": 2,
        "identitystore:ListGroups": 2,
    }


# Updates

CHANGES = {
    "given_name": "Ichiro",
    "family_name": "Suzuki",
    "display_name": "Ichiro Suzuki",
    "email": "ichiro@example.com",
    "nick_name": "ichiro",
    "title": "Manager",
    "user_type": "Contractor",
    "locale": "en-US",
    "timezone": "UTC",
    "preferred_language": "en",
    "phone": "+1 555 0100",
    "address": dict(
        street_address="2-2",
        locality="Naka",
        region="Aichi",
        postal_code="460-0001",
        country="Japan",
        formatted="2-2 Naka",
    ),
    "enterprise": dict(
        employee_number="2002",
        cost_center="4712",
        organization="own",
        division="d2",
        department="db",
        manager="jiro",
    ),
}
REQUIRED = ("given_name", "family_name", "display_name")


def read_taro(run_module):
    (user,) = run_module("identity_store_info", dict(users=["taro@example.com"], groups=[]))["users"]
    return user


def test_every_attribute_changes_then_clears(emulator, run_module, team):
    before = emulator.calls()
    wanted = dict(CHANGES, user_name="taro@example.com")
    predicted = run_module("identity_store", dict(users=[wanted]), check=True, diff=True)
    done = run_module("identity_store", dict(users=[wanted]), diff=True)
    assert done["diff"] == predicted["diff"]
    assert (done["created"], done["updated"], done["deleted"]) == (0, 1, 0)
    assert since(emulator, before)["identitystore:UpdateUser"] == 1  # all attributes in one call
    there = read_taro(run_module)
    assert {key: there[key] for key in CHANGES} == CHANGES
    (change,) = done["changes"]
    assert change["fields"][:3] == ["given_name", "family_name", "display_name"]
    assert len(change["fields"]) == 11 + 6 + 6
    assert done["diff"]["before"]["users"]["taro@example.com"]["enterprise.manager"] == "hanako"
    assert done["diff"]["after"]["users"]["taro@example.com"]["address.locality"] == "Naka"

    empty = {key: ({} if isinstance(value, dict) else "") for key, value in CHANGES.items() if key not in REQUIRED}
    empty["user_name"] = "taro@example.com"
    run_module("identity_store", dict(users=[empty]))
    there = read_taro(run_module)
    assert there.pop("user_id") == done["users"][0]["user_id"]
    assert there.pop("user_status") == "ENABLED"
    kept = {key: CHANGES[key] for key in REQUIRED}
    assert there == dict(kept, user_name="taro@example.com", enterprise={})
    assert not run_module("identity_store", dict(users=[empty]))["changed"]


def test_parts_change_alone_and_what_is_unset_stays(directory, run_module, team):
    user = dict(
        user_name="taro@example.com",
        title="",
        address=dict(locality="Minato", formatted=""),
        enterprise=dict(department="db", manager=""),
    )
    done = run_module("identity_store", dict(users=[user]), diff=True)
    fields = ["title", "address.locality", "address.formatted", "enterprise.department", "enterprise.manager"]
    assert done["changes"][0]["fields"] == fields
    assert set(done["diff"]["after"]["users"]["taro@example.com"]) == set(fields)
    there = directory.users()["taro@example.com"]
    assert "Title" not in there
    address = there["Addresses"][0]
    assert (address["Locality"], address["Country"], "Formatted" in address) == ("Minato", "JP", False)
    assert there["Extensions"][ENTERPRISE] == {
        "employeeNumber": "1001",
        "costCenter": "4711",
        "organization": "partner",
        "division": "d1",
        "department": "db",
    }


def test_entries_of_another_type_are_replaced(directory, run_module):
    directory.create_user(
        "old",
        Emails=[{"Value": "old@example.com"}],
        PhoneNumbers=[{"Value": "1", "Type": "home"}],
        Addresses=[{"Locality": "Kyoto", "Type": "home"}],
    )
    (seen,) = run_module("identity_store_info", dict(groups=[]))["users"]
    assert not {"email", "phone", "address"} & set(seen)
    user = dict(user_name="old", email="old@example.com", phone="", address=dict(region="Kyoto"))
    done = run_module("identity_store", dict(users=[user]))
    assert done["changes"][0]["fields"] == ["email", "phone", "address.region"]
    there = directory.users()["old"]
    assert there["Emails"] == [{"Value": "old@example.com", "Type": "work", "Primary": True}]
    assert "PhoneNumbers" not in there
    assert there["Addresses"] == [{"Region": "Kyoto", "Type": "work", "Primary": True}]
    assert not run_module("identity_store", dict(users=[user]))["changed"]


def test_a_group_changes_its_description(directory, run_module, team):
    new = dict(groups=[dict(name="WEB", description="New")])
    done = run_module("identity_store", new, diff=True)
    assert done["diff"] == dict(
        before={"groups": {"web": {"description": "Web servers"}}}, after={"groups": {"web": {"description": "New"}}}
    )
    assert directory.groups()["web"]["Description"] == "New"
    done = run_module("identity_store", dict(groups=[dict(name="web", description="")]))
    assert "Description" not in directory.groups()["web"]
    assert done["groups"] == [dict(name="web", group_id=team["groups"][0]["group_id"])]


# Members


def test_given_members_are_exact_unless_told_otherwise(emulator, directory, run_module, team):
    jiro = dict(user_name="jiro", given_name="Jiro", family_name="Ito")
    arguments = dict(users=[jiro], groups=[dict(name="db", members=["jiro"])])
    done = run_module("identity_store", dict(arguments, purge_members=False))
    assert [(change["action"], change["name"]) for change in done["changes"]] == [
        ("create", "jiro"),
        ("create", "db/jiro"),
    ]
    assert sorted(done["groups"][0]["members"]) == directory.members("db") == ["hana@example.com", "jiro"]

    done = run_module("identity_store", arguments, diff=True)
    (change,) = done["changes"]
    assert change == dict(
        action="delete", kind="group_membership", name="db/hana@example.com", group="db", user="hana@example.com"
    )
    assert done["diff"]["before"] == {"groups": {"db": {"members": ["hana@example.com", "jiro"]}}}
    assert directory.members("db") == ["jiro"]
    assert directory.members("web") == ["hana@example.com", "taro@example.com"]  # not listed, so not touched

    assert run_module("identity_store", dict(groups=[dict(name="db", members=[])]))["deleted"] == 1
    assert directory.members("db") == []


def test_a_hundred_and_more_are_read_page_by_page(directory, run_tasks):
    names = [f"user{number:03}" for number in range(130)]
    for name in names:
        directory.create_user(name)
    users = [dict(user_name=names[-1].upper(), title="last")]
    everybody = dict(name="all", members=names)
    done, again = run_tasks(dict(users=users, groups=[everybody]), dict(groups=[everybody]))
    assert done["created"] == 131 and done["updated"] == 1
    assert not again["changed"]
    assert len(again["groups"][0]["members"]) == 130


# Deletion


def test_deletion_takes_memberships_along(emulator, directory, run_module, team):
    before = emulator.calls()
    arguments = dict(
        users=[dict(user_name="hana@example.com", state="absent"), dict(user_name="nobody", state="absent")],
        groups=[dict(name="web", members=["taro@example.com"]), dict(name="db", state="absent")],
    )
    predicted = run_module("identity_store", arguments, check=True)
    assert "hana@example.com" in directory.users()
    done = run_module("identity_store", arguments, diff=True)
    assert done["changes"] == predicted["changes"]
    assert [(change["action"], change["kind"]) for change in done["changes"]] == [
        ("delete", "group"),
        ("delete", "user"),
    ]
    calls = since(emulator, before)
    assert "identitystore:DeleteGroupMembership" not in calls
    assert done["users"] == [] and done["groups"][0]["members"] == ["taro@example.com"]
    assert done["diff"]["after"]["users"] == {"hana@example.com": None}
    assert set(directory.users()) == {"taro@example.com"} and set(directory.groups()) == {"web"}
    assert directory.members("web") == ["taro@example.com"]
    assert not run_module("identity_store", arguments)["changed"]


def test_who_is_created_again_is_someone_new(run_tasks):
    absent = dict(users=[dict(user_name="hana@example.com", state="absent")])
    first, _gone, second = run_tasks(dict(users=[HANA]), absent, dict(users=[HANA]))
    assert first["users"][0]["user_id"] != second["users"][0]["user_id"]


# What is there already, and what others do meanwhile


def test_what_is_there_is_taken_over(directory, run_module):
    user_id = directory.create_user("Taro@Example.com", Title="Old")
    group_id = directory.client.create_group(DisplayName="Web", **directory.store)["GroupId"]
    done = run_module("identity_store", TEAM)
    assert done["users"][0]["user_id"] == user_id
    assert done["users"][0]["user_name"] == "Taro@Example.com"
    assert done["groups"][0]["group_id"] == group_id
    assert done["groups"][0]["name"] == "Web"
    assert directory.users()["Taro@Example.com"]["Title"] == "Engineer"
    assert directory.members("Web") == ["Taro@Example.com", "hana@example.com"]
    assert not run_module("identity_store", TEAM)["changed"]
