# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._access.answers import access_answers
from ansible_collections.keyless.aws.plugins.module_utils._access.compile import compile_access
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from edits import put

ACCOUNT, REGION = "111122223333", "ap-northeast-1"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
ALLOW_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture
def facts(model):
    """What would be read back after the model was applied: Taro reaches web-1, Hanako reaches db-1."""
    model["people"] = {"taro": model["people"]["taro"], "hanako": model["people"]["hanako"]}
    model["groups"]["web-operators"] = ["taro"]
    model["grants"] = model["grants"][:2]
    cloud = compile_access(model)["cloud"]
    here = {"account_id": ACCOUNT, "region": REGION}
    return {
        "access_control_attributes": {
            key: "${path:" + source + "}" for key, source in cloud["access_control_attributes"]["attributes"].items()
        },
        "users": cloud["identity_store"]["users"],
        "groups": cloud["identity_store"]["groups"],
        "permission_sets": cloud["permission_sets"],
        "assignments": [
            {"account_id": ACCOUNT, "permission_set": set_name, "principal_type": "GROUP", "principal": group}
            for row in cloud["account_assignments"]["assignments"]
            for set_name in row["permission_sets"]
            for group in row["groups"]
        ],
        "session_preferences": [dict(here, run_as_enabled=True, run_as_default_user="")],
        "hosts": [
            dict(
                here,
                name="web-1",
                instance_id="i-0123456789abcdef0",
                tags={"Team": "web"},
                os_users={
                    "taro": {"exists": True, "uid": 1001, "gid": 1001, "home_matches": True},
                    "hana": {"exists": False},
                },
                sudo={
                    "taro": "User taro may run the following commands on web-1:\n"
                    "    (root) NOPASSWD: /usr/bin/systemctl restart nginx\n"
                },
            ),
            dict(
                here,
                name="db-1",
                instance_id="i-0123456789abcdef1",
                tags={"Team": "db"},
                os_users={"hana": {"exists": True, "uid": 1001, "gid": 1001, "home_matches": True}},
                sudo={"hana": ["User hana is not allowed to run sudo on db-1."]},
            ),
        ],
    }


def answer(facts, person="taro@example.com", host="web-1"):
    return next(row for row in access_answers(facts) if (row["person"], row["host"]) == (person, host))


def test_one_row_for_each_person_and_host(facts):
    assert [(row["person"], row["host"], row["allowed"]) for row in access_answers(facts)] == [
        ("hanako@example.com", "web-1", False),
        ("hanako@example.com", "db-1", True),
        ("taro@example.com", "web-1", True),
        ("taro@example.com", "db-1", False),
    ]


def test_a_person_who_gets_in(facts):
    facts["hosts"][0]["agent"] = {"running": False, "version": "3.3.1.0"}
    assert answer(facts) == {
        "person": "taro@example.com",
        "host": "web-1",
        "instance_id": "i-0123456789abcdef0",
        "account_id": "111122223333",
        "run_as": "taro",
        "os_user": "taro",
        "valid_os_user": True,
        "invalid_because": None,
        "exists_on_host": True,
        "sudo": ["/usr/bin/systemctl restart nginx"],
        "allowed": True,
        "way": "OwnTeam via group web-operators in 111122223333",
        "why_not": None,
        "ways_round": ["port_forward (WebOperator)"],
        "leftover": False,
        "agent_running": False,
        "agent_version": "3.3.1.0",
    }


def test_a_person_who_does_not(facts):
    row = answer(facts, host="db-1")
    assert (row["allowed"], row["way"], row["exists_on_host"], row["sudo"]) == (False, None, None, None)
    assert row["why_not"] == "OwnTeam reaches Team=web, this host has Team=db"


def test_a_host_without_a_name_is_known_by_its_id(facts):
    del facts["hosts"][0]["name"]
    assert answer(facts, host="i-0123456789abcdef0")["allowed"]


def judged(**more):
    """The facts about permission sets where the person has just one."""
    return {"permission_sets": [dict(name="WebOperator", **more)], "assignments/1/permission_set": "WebOperator"}


def policy(*more, **condition):
    statements = [dict(ALLOW_ALL["Statement"][0], **condition), *more]
    return {"Version": "2012-10-17", "Statement": statements}


OFF = "Run As is off in the preferences of 111122223333, ap-northeast-1: it would be ssm-user"
STOP = {"Sid": "Stop", "Effect": "Deny", "Action": "ssm:*", "Resource": "*"}
FROM = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
STAGE = {"StringEquals": {"aws:PrincipalTag/Stage": "prod"}}
TARO = "hosts/0/os_users/taro"


@pytest.mark.parametrize(
    "edits, why",
    [
        ({"assignments": []}, "no assignment in account 111122223333"),
        ({"groups/0/members": []}, "no assignment in account 111122223333"),
        ({"hosts/0/account_id": "999999999999"}, "no assignment in account 999999999999"),
        ({"hosts/0/tags": {"Team": "api"}}, "OwnTeam reaches Team=web, this host has Team=api"),
        ({"hosts/0/tags": {}}, "OwnTeam reaches Team=web, this host has no tag Team"),
        ({"hosts/0/region": "eu-west-1"}, "OwnTeam denies it (DenyOtherSessionDocuments)"),
        ({"permission_sets": []}, "OwnTeam was not read, so that it cannot be judged"),
        (judged(inline_policy={}), "WebOperator does not name this instance or the shell"),
        (judged(outdated_accounts=[ACCOUNT]), "WebOperator has changed since it was provisioned: provision it"),
        (
            judged(inline_policy=ALLOW_ALL, permissions_boundary={"managed_policy_arn": ADMIN}),
            "WebOperator cannot be judged: its permissions boundary was not read",
        ),
        (
            judged(inline_policy=ALLOW_ALL, customer_managed_policies=[{"name": "Mine", "path": "/"}]),
            "WebOperator cannot be judged: Mine was not read",
        ),
        (judged(managed_policies=["arn:aws:iam::aws:policy/X"]), "WebOperator cannot be judged: X was not read"),
        (judged(inline_policy=policy(STOP)), "WebOperator denies it (Stop)"),
        (judged(inline_policy=policy(Condition=FROM)), "WebOperator cannot be judged from here (statement 1)"),
        (judged(inline_policy=policy(Condition=STAGE)), "WebOperator does not allow it here (aws:PrincipalTag/Stage)"),
        ({"session_preferences/0/run_as_enabled": False}, OFF),
        ({"session_preferences": []}, OFF),
        ({"users/0/nick_name": None}, "no value: nickName is empty in the directory"),
        (
            {"access_control_attributes": {"Team": "${path:enterprise.department}"}},
            "no value: attributes for access control have no SSMSessionRunAs",
        ),
        (
            {"access_control_attributes/SSMSessionRunAs": "${mail}"},
            "no value: '${mail}' is Active Directory's syntax",
        ),
        ({"users/0/nick_name": "taro@example.com"}, "'taro@example.com' is an e-mail address, not an OS user name"),
        ({"users/0/nick_name": "1001"}, "'1001' is a number, which would be taken for a numeric id"),
        ({TARO: {"exists": False}}, "no OS user taro on this host"),
        ({"hosts/0/os_users": None}, "whether taro exists on this host was not read"),
        ({TARO + "/uid": 0}, "taro has uid 0 on this host, which the agent refuses"),
        ({TARO + "/gid": "0"}, "taro has primary gid 0 on this host, which the agent refuses"),
        ({TARO + "/home_matches": False}, "the home of taro is not /home/taro, where the agent starts a session"),
    ],
)
def test_the_first_thing_that_fails_is_the_reason(facts, edits, why):
    for path, value in edits.items():
        put(facts, path, value)
    row = answer(facts)
    assert row["allowed"] is False
    assert why in row["why_not"]


def test_a_valueless_person_is_still_told_what_the_policy_does_not_reach(facts):
    facts["users"][0]["nick_name"] = None
    row = answer(facts, host="db-1")
    assert row["why_not"] == "OwnTeam reaches Team=web, this host has Team=db"
    assert (row["run_as"], row["os_user"], row["valid_os_user"], row["sudo"]) == (None, None, False, "none")


def test_a_person_without_the_tag_that_counts(facts):
    facts["users"][0]["enterprise"] = None
    facts["assignments"] = [row for row in facts["assignments"] if row["permission_set"] == "OwnTeam"]
    assert answer(facts)["why_not"] == "OwnTeam reaches Team=the person's Team, who has none, this host has Team=web"


def test_run_as_off_is_fine_where_the_policy_does_not_ask_for_it(facts):
    facts["permission_sets"] = [{"name": "WebOperator", "inline_policy": ALLOW_ALL}]
    facts["session_preferences"] = []
    facts["hosts"][0]["sudo"] = {"ssm-user": "User ssm-user is not allowed to run sudo on web-1."}
    row = answer(facts)
    assert (row["allowed"], row["os_user"], row["sudo"], row["ways_round"]) == (True, "ssm-user", "none", [])


def test_a_default_user_takes_whoever_has_no_value(facts):
    facts["permission_sets"] = [{"name": "WebOperator", "inline_policy": ALLOW_ALL}]
    facts["session_preferences"][0]["run_as_default_user"] = "taro"
    facts["users"][0]["nick_name"] = None
    row = answer(facts)
    assert (row["allowed"], row["run_as"], row["os_user"]) == (True, None, "taro")
    facts["session_preferences"][0]["run_as_default_user"] = None
    assert answer(facts)["why_not"] == "no value: nickName is empty in the directory"


def test_an_assignment_of_ones_own_and_other_permission_sets_of_the_same_person(facts):
    facts["permission_sets"] += [
        {"name": "Admin", "managed_policies": [ADMIN]},
        {"name": "Power", "managed_policies": ["arn:aws:iam::aws:policy/PowerUserAccess"]},
        {"name": "Reader", "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]},
        {"name": "Mixed", "managed_policies": ["arn:aws:iam::aws:policy/X"], "customer_managed_policies": ["Mine"]},
    ]
    facts["assignments"] += [
        {"account_id": ACCOUNT, "permission_set": name, "principal_type": "USER", "principal": "taro@example.com"}
        for name in ("Admin", "Power", "Reader", "Mixed")
    ]
    row = answer(facts)
    assert row["way"] == "OwnTeam via group web-operators in 111122223333"
    assert row["ways_round"][0] == "everything (Admin)"
    assert {"X? (Mixed)", "Mine? (Mixed)", "everything (Power)", "port_forward (WebOperator)"} <= set(row["ways_round"])
    assert not [way for way in row["ways_round"] if "Reader" in way]
    assert answer(facts, host="db-1")["way"] == "Admin in 111122223333"
    assert answer(facts, "hanako@example.com", "db-1")["ways_round"] == []


def test_a_way_that_cannot_be_judged_counts_with_a_question_mark(facts):
    statement = {"Effect": "Allow", "Action": "ssm:SendCommand", "Resource": "*"}
    statement["Condition"] = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    facts["permission_sets"].append({"name": "Runner", "inline_policy": dict(ALLOW_ALL, Statement=[statement])})
    facts["assignments"].append(
        {"account_id": ACCOUNT, "permission_set": "Runner", "principal_type": "USER", "principal": "taro@example.com"}
    )
    assert "run_commands? (Runner)" in answer(facts)["ways_round"]


def test_managed_nodes_and_ready_sudo_lists(facts):
    facts["permission_sets"] = [{"name": "WebOperator", "inline_policy": ALLOW_ALL}]
    facts["hosts"][0].update(instance_id="mi-0123456789abcdef0", sudo={"taro": ["/bin/true"]})
    row = answer(facts)
    assert (row["allowed"], row["sudo"]) == (True, ["/bin/true"])


def test_left_over_assignments_do_no_harm(facts):
    facts["assignments"].append({"account_id": ACCOUNT, "principal_type": "USER", "principal": None})
    assert answer(facts)["allowed"]


@pytest.mark.parametrize(
    "facts, told",
    [
        (None, "facts: nothing is not a mapping"),
        ({"hosts": [{"instance_id": "i-1", "region": "x"}]}, "facts.hosts[0].account_id: is missing"),
        ({"users": {}}, "facts.users: {} is not a list"),
        ({"userz": []}, "facts.userz: no such key (did you mean 'users'?)"),
        ({"users": ["x"]}, "facts.users[0]: 'x' is not a mapping"),
    ],
)
def test_misshapen_facts_are_told(facts, told):
    with pytest.raises(Problems) as caught:
        access_answers(facts)
    assert told in caught.value.message


def test_no_facts_no_rows():
    assert access_answers({}) == []
