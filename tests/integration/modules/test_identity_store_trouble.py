"""identity_store over HTTP, by real ansible-playbook: trouble on the way, refusals, and bad input."""

from __future__ import annotations

import pytest
from directory import HANA, TARO, TEAM, Directory


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
