"""identity_store and identity_store_info over HTTP, by real ansible-playbook."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible_runs import ROOT

ENTERPRISE = "aws:identitystore:enterprise"
TARO = dict(
    user_name="taro@example.com",
    given_name="Taro",
    family_name="Tanaka",
    display_name="Taro T.",
    email="taro@example.com",
    nick_name="taro",
    title="Engineer",
    user_type="Employee",
    locale="ja-JP",
    timezone="Asia/Tokyo",
    preferred_language="ja",
    phone="+81 3 0000 0000",
    address=dict(
        street_address="1-1",
        locality="Chiyoda",
        region="Tokyo",
        postal_code="100-0001",
        country="JP",
        formatted="1-1 Chiyoda, Tokyo",
    ),
    enterprise=dict(
        employee_number="1001",
        cost_center="4711",
        organization="partner",
        division="d1",
        department="web",
        manager="hanako",
    ),
)
HANA = dict(user_name="hana@example.com", given_name="Hana", family_name="Sato")
TEAM = dict(
    users=[TARO, HANA],
    groups=[
        dict(name="web", description="Web servers", members=["taro@example.com", "hana@example.com"]),
        dict(name="db", members=["HANA@example.com"]),
    ],
)


@pytest.fixture
def directory(emulator):
    """The identity store by plain boto3, independent of what the modules make of it."""
    return Directory(emulator)


class Directory:
    def __init__(self, emulator):
        self.client = emulator.client("identitystore")
        instance = emulator.client("sso-admin").list_instances()["Instances"][0]
        self.store = {"IdentityStoreId": instance["IdentityStoreId"]}

    def users(self):
        answer = self.client.list_users(Extensions=[ENTERPRISE], **self.store)["Users"]
        return {user["UserName"]: user for user in answer}

    def groups(self):
        return {group["DisplayName"]: group for group in self.client.list_groups(**self.store)["Groups"]}

    def members(self, group):
        names = {user["UserId"]: name for name, user in self.users().items()}
        id_ = self.groups()[group]["GroupId"]
        answer = self.client.list_group_memberships(GroupId=id_, **self.store)["GroupMemberships"]
        return sorted(names[each["MemberId"]["UserId"]] for each in answer)

    def create_user(self, name, **more):
        values = dict(UserName=name, DisplayName="D", Name={"GivenName": "G", "FamilyName": "F"}, **more)
        return self.client.create_user(**self.store, **values)["UserId"]


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


def without_ids(records):
    return [{key: value for key, value in each.items() if key not in ("user_id", "group_id")} for each in records]


def since(emulator, before):
    """What the emulator received meanwhile."""
    calls = emulator.calls()
    return {name: times - before.get(name, 0) for name, times in calls.items() if times != before.get(name, 0)}


@pytest.mark.both_ends
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


@pytest.mark.both_ends
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


@pytest.mark.both_ends
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


def test_passing_trouble_is_survived(emulator, directory, run_tasks):
    directory.client.create_group(DisplayName="web", **directory.store)
    reads = ["ListUsers", "ListGroups", "ListGroupMemberships"]
    for operation in [*reads, "CreateUser", "CreateGroup", "CreateGroupMembership"]:
        for trouble in ("ThrottlingException", "http500", "drop"):
            emulator.faults(f"identitystore:{operation}", trouble, times=1)
    first, second = run_tasks(TEAM, TEAM)
    assert first["created"] == 6 and first["updated"] == 1
    assert not second["changed"]
    assert directory.members("web") == ["hana@example.com", "taro@example.com"]
    assert directory.users()["taro@example.com"]["Title"] == "Engineer"
    assert directory.groups()["web"]["Description"] == "Web servers"


def test_a_lost_answer_is_survived(emulator, run_tasks, team):
    for operation in ("UpdateUser", "DeleteUser", "DeleteGroup", "DeleteGroupMembership"):
        emulator.faults(f"identitystore:{operation}", "drop", times=1)
    arguments = dict(
        users=[dict(user_name="taro@example.com", title="x"), dict(user_name="hana@example.com", state="absent")],
        groups=[dict(name="web", members=[]), dict(name="db", state="absent")],
    )
    first, second = run_tasks(arguments, arguments)
    assert len(first["changes"]) == 4
    assert not second["changed"]


def test_one_failure_does_not_stop_the_others(emulator, directory, run_module):
    emulator.faults("identitystore:CreateUser", "ServiceQuotaExceededException", times=1)
    done = run_module("identity_store", TEAM, fails=True)
    assert [(each["kind"], each["name"]) for each in done["failures"]] == [
        ("user", "taro@example.com"),
        ("group_membership", "web/taro@example.com"),
    ]
    assert "create user 'taro@example.com': CreateUser: ServiceQuotaExceededException" in done["msg"]
    assert done["failures"][1]["error"] == "skipped, because user 'taro@example.com' failed"
    assert done["created"] == 5
    assert directory.members("web") == directory.members("db") == ["hana@example.com"]
    assert run_module("identity_store", TEAM)["created"] == 2


def test_a_directory_that_is_fed_from_outside_is_hinted_at(emulator, run_module):
    emulator.faults("identitystore:CreateUser", "AccessDeniedException", times=1)
    emulator.faults("identitystore:CreateGroup", "ValidationException", times=1)
    done = run_module("identity_store", dict(users=[HANA], groups=[dict(name="web")]), fails=True)
    user, group = done["failures"]
    assert "The caller needs identitystore:CreateUser." in user["error"]
    for failure in (user, group):
        assert "external identity provider through SCIM, or Active Directory), change them there." in failure["error"]


# Bad input: everything is told at once, and nothing is written

BAD = [
    (dict(users=[dict(HANA, user_name="hana sato")]), "users[0].user_name: 'hana sato' has a blank"),
    (dict(users=[dict(HANA, email="hana")]), "users[0].email: 'hana' is not an e-mail address"),
    (dict(users=[dict(HANA, display_name="")]), "users[0].display_name: '' is refused: AWS takes no user without it"),
    (dict(users=[dict(HANA, title="x" * 1025)]), "users[0].title: 1025 characters are too many; give at most 1024"),
    (dict(users=[dict(HANA, enterprise=dict(division="\u0007"))]), "users[0].enterprise.division: '?' has the char"),
    (dict(users=[dict(HANA, user_name="Administrator")]), "users[0].user_name: 'Administrator' is reserved by AWS"),
    (
        dict(users=[HANA, dict(user_name="HANA@example.com", state="absent")]),
        "users[1].user_name: 'HANA@example.com' is listed twice, first as users[0]; list it once",
    ),
    (
        dict(users=[dict(HANA, email="h@example.com"), dict(TARO, email="H@example.com")]),
        "users[1].email: 'H@example.com' is also the address of users[0] ('hana@example.com')",
    ),
    (
        dict(users=[dict(HANA, email="there@example.com")]),
        "users[0].email: 'there@example.com' is the address of the user 'there'; AWS takes each address for one user",
    ),
    (
        dict(users=[dict(user_name="hana", given_name="Hana")]),
        "users[0].family_name: the user 'hana' does not exist yet, and AWS creates none without it",
    ),
    (dict(groups=[dict(name="")]), "groups[0].name: '' is empty; give a name"),
    (dict(groups=[dict(name="g", members=["there", "ther"])]), "groups[0].members[1]: there is no user 'ther', and"),
    (
        dict(users=[dict(user_name="there", state="absent")], groups=[dict(name="g", members=["there"])]),
        "groups[0].members[0]: 'there' is listed in users with state: absent; take it out of one of them",
    ),
    (dict(), "one of the following is required: users, groups"),
]


def test_bad_input_is_told_and_nothing_written(emulator, directory, run_tasks):
    directory.create_user("there", Emails=[{"Value": "there@example.com", "Primary": True}])
    written = emulator.writes()
    results = run_tasks(*[arguments for arguments, _told in BAD], ignore_errors=True)
    assert len(results) == len(BAD)
    for done, (_arguments, told) in zip(results, BAD, strict=True):
        assert done["failed"]
        assert told in done["msg"]
    assert emulator.writes() == written


def test_all_problems_come_at_once_with_the_nearest_name(emulator, run_module, team):
    written = emulator.writes()
    groups = [dict(name="web", members=["taro@example.co"]), dict(name="db", members=["nobody"])]
    done = run_module("identity_store", dict(users=[dict(user_name="jiro")], groups=groups), fails=True)
    assert len(done["problems"]) == 4
    assert "'taro@example.co', and users does not list it (did you mean 'taro@example.com'?)" in done["msg"]
    assert emulator.writes() == written


def test_an_instance_that_is_not_there(emulator, run_module):
    arn = "arn:aws:sso:::instance/ssoins-0000000000000000"
    done = run_module("identity_store", dict(users=[HANA], instance_arn=arn), fails=True)
    assert f"instance_arn: no instance {arn} in Region" in done["msg"]
    emulator.seed({"identity_center": {"instances": 2}})
    assert "sees 2 Identity Center instances" in run_module("identity_store", dict(users=[HANA]), fails=True)["msg"]


# identity_store_info


def test_info_gives_back_what_was_put_in(emulator, run_module, team):
    before = emulator.calls()
    found = run_module("identity_store_info", {})
    assert not found["changed"]
    taro = next(user for user in found["users"] if user["user_name"] == "taro@example.com")
    assert taro == dict(TARO, user_id=team["users"][0]["user_id"], user_status="ENABLED")
    assert [user["user_name"] for user in found["users"]] == ["hana@example.com", "taro@example.com"]
    assert found["groups"] == [
        dict(name="db", group_id=team["groups"][1]["group_id"], members=["hana@example.com"]),
        dict(
            name="web",
            group_id=team["groups"][0]["group_id"],
            description="Web servers",
            members=["hana@example.com", "taro@example.com"],
        ),
    ]
    assert since(emulator, before) == {
        "sso-admin:ListInstances": 1,
        "identitystore:ListUsers": 1,
        "identitystore:ListGroups": 1,
        "identitystore:ListGroupMemberships": 2,
    }


def test_info_reads_only_what_is_asked_for(emulator, run_module, team):
    before = emulator.calls()
    found = run_module("identity_store_info", dict(groups=["WEB", "none"], include=["groups"]))
    assert (found["users"], [group["name"] for group in found["groups"]]) == ([], ["web"])
    assert "members" not in found["groups"][0]
    assert found["missing_groups"] == ["none"]
    assert since(emulator, before) == {"sso-admin:ListInstances": 1, "identitystore:ListGroups": 1}
    found = run_module("identity_store_info", dict(users=["Taro@example.com", "none"], include=["users"]))
    assert [user["user_name"] for user in found["users"]] == ["taro@example.com"]
    assert "enterprise" not in found["users"][0]
    assert (found["groups"], found["missing_users"]) == ([], ["none"])


# The documentation


def test_the_examples_run(ansible):
    examples = []
    for module in ("identity_store", "identity_store_info"):
        text = (ROOT / "plugins" / "modules" / f"{module}.py").read_text()
        examples += yaml.safe_load(text.split('EXAMPLES = r"""')[1].split('"""')[0])
    results = ansible.tasks(examples)
    assert len(results) == len(examples) == 7
