# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeding what is in Identity Center, in bulk: the same as AWS's own calls would have made, in seconds."""

from __future__ import annotations

import json
import os
import pathlib
import time
import urllib.error

import pytest
from keyless_emulator.seeding.ranges import in_step, spread

AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
VIEW = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
POLICY = dict(Version="2012-10-17", Statement=[dict(Effect="Allow", Action="ec2:DescribeInstances", Resource="*")])
ACCOUNT = "100000000001"
STATE = dict(
    accounts=[dict(id="10000000000[1:3]", name="account-[1:3]", ou="Prod")],
    users=[dict(user_name="user[01:12]", email="user[01:12]@example.com", nick_name="u[01:12]")],
    groups=[dict(name="group[1:2]", description="Nice", members=["user[01:05]"])],
    permission_sets=[
        dict(name="Set[1:4]", session_duration="PT4H", relay_state="https://example.com", description="Four",
             tags=dict(team="web"), inline_policy=POLICY, managed_policies=[AUDIT, VIEW],
             permissions_boundary=dict(managed_policy_arn=VIEW)),
        dict(name="Plain"),
    ],
    account_assignments=[
        dict(permission_sets=["Set[1:4]"], groups=["group[1:2]"], users=["user12"], accounts=["10000000000[1:3]"])
    ],
)  # fmt: skip


@pytest.mark.parametrize("text, found", [
    ("one", ["one"]), ("g[8:10]x", ["g8x", "g9x", "g10x"]), ("[08:10]", ["08", "09", "10"]), ("a[5:5]", ["a5"]),
    ("[a:b]", ["[a:b]"]),
])
def test_ranges(text, found):
    assert spread(text) == found


@pytest.mark.parametrize("text", ["a[2:1]", "a[08:100]", "a[1:2][1:2]", "a[0:9999999]", 5])
def test_wrong_ranges(text):
    with pytest.raises(ValueError):
        spread(text)


def test_ranges_of_an_entry_go_in_step():
    entry = dict(id="[1:2]", name="n[3:4]", ou="Prod", tags=["[1:9]"])
    assert in_step(entry, ["id", "name", "ou"]) == [
        dict(entry, id="1", name="n3"), dict(entry, id="2", name="n4"),
    ]
    with pytest.raises(ValueError, match="not equally long"):
        in_step(dict(id="[1:2]", name="[1:3]"), ["id", "name"])


def test_what_is_planted_is_there_as_if_it_had_been_made_by_calls(emulator, ic):
    answer = emulator.seed(STATE)
    assert answer["changed"] is True
    arns, ids = answer["permission_sets"], answer
    assert sorted(arns) == ["Plain", "Set1", "Set2", "Set3", "Set4"]
    which = dict(InstanceArn=ic.arn, PermissionSetArn=arns["Set3"])
    shown = ic.sso.describe_permission_set(**which)["PermissionSet"]
    assert (shown["Name"], shown["Description"], shown["SessionDuration"], shown["RelayState"]) == (
        "Set3", "Four", "PT4H", "https://example.com")
    assert json.loads(ic.sso.get_inline_policy_for_permission_set(**which)["InlinePolicy"]) == POLICY
    attached = ic.sso.list_managed_policies_in_permission_set(**which)["AttachedManagedPolicies"]
    assert [each["Arn"] for each in attached] == [AUDIT, VIEW]
    boundary = ic.sso.get_permissions_boundary_for_permission_set(**which)["PermissionsBoundary"]
    assert boundary == dict(ManagedPolicyArn=VIEW)
    tags = ic.sso.list_tags_for_resource(InstanceArn=ic.arn, ResourceArn=arns["Set3"])["Tags"]
    assert tags == [dict(Key="team", Value="web")]

    user = ic.directory.describe_user(IdentityStoreId=ic.store, UserId=ids["users"]["user07"])
    assert (user["UserName"], user["DisplayName"], user["NickName"]) == ("user07", "user07", "u07")
    assert user["Emails"] == [dict(Value="user07@example.com", Type="work", Primary=True)]
    group = ids["groups"]["group2"]
    members = ic.directory.list_group_memberships(IdentityStoreId=ic.store, GroupId=group)["GroupMemberships"]
    assert len(members) == 5

    assert ic.accounts(arns["Set1"]) == [f"10000000000{number}" for number in (1, 2, 3)]
    assert ic.outdated(arns["Set1"]) == ic.accounts(arns["Plain"]) == []
    found = ic.sso.list_account_assignments(**which, AccountId=ACCOUNT)["AccountAssignments"]
    assert {(each["PrincipalType"], each["PrincipalId"]) for each in found} == {
        ("GROUP", ids["groups"]["group1"]), ("GROUP", group), ("USER", ids["users"]["user12"])}
    roles = emulator.client("iam", ACCOUNT).list_roles(PathPrefix="/aws-reserved/")["Roles"]
    assert len(roles) == 4
    policies = emulator.client("iam", ACCOUNT).list_attached_role_policies(RoleName=roles[0]["RoleName"])
    assert {each["PolicyArn"] for each in policies["AttachedPolicies"]} == {AUDIT, VIEW}


def test_planting_twice_changes_nothing_and_what_is_not_named_stays(emulator, ic):
    first = emulator.seed(STATE)
    assert emulator.seed(STATE) == dict(first, changed=False)
    which = dict(InstanceArn=ic.arn, PermissionSetArn=first["permission_sets"]["Set1"])
    assert emulator.seed(dict(permission_sets=[dict(name="Set1", description="New")]))["changed"] is True
    shown = ic.sso.describe_permission_set(**which)["PermissionSet"]
    assert (shown["Description"], shown["SessionDuration"]) == ("New", "PT4H")
    assert ic.outdated(which["PermissionSetArn"]) == ic.accounts(which["PermissionSetArn"])
    emulator.seed(dict(permission_sets=[dict(name="Set2", tags=dict(team="db"))]))
    assert ic.outdated(first["permission_sets"]["Set2"]) == []
    assert emulator.seed(dict(permission_sets=[dict(name="Set1", inline_policy={}, managed_policies=[AUDIT])]))
    assert ic.sso.get_inline_policy_for_permission_set(**which).get("InlinePolicy", "") == ""
    assert len(ic.sso.list_managed_policies_in_permission_set(**which)["AttachedManagedPolicies"]) == 1
    changed = emulator.seed(dict(users=[dict(user_name="user01", attributes=dict(Title="Chief"))]))
    assert (changed["changed"], changed["users"]) == (True, dict(user01=first["users"]["user01"]))
    user = ic.directory.describe_user(IdentityStoreId=ic.store, UserId=changed["users"]["user01"])
    assert (user["Title"], user["NickName"]) == ("Chief", "u01")


def test_customer_managed_policies_have_to_be_in_the_accounts(emulator):
    own = dict(name="Own", customer_managed_policies=[dict(name="Mine", path="/team/")])
    state = dict(accounts=STATE["accounts"], permission_sets=[own], groups=[dict(name="g")],
                 account_assignments=[dict(permission_sets=["Own"], groups=["g"], accounts=[ACCOUNT])])
    said = refused(emulator, state)
    assert f"there is no policy arn:aws:iam::{ACCOUNT}:policy/team/Mine" in said
    emulator.client("iam", ACCOUNT).create_policy(PolicyName="Mine", Path="/team/", PolicyDocument=json.dumps(POLICY))
    assert emulator.seed(state)["changed"] is True


def test_a_new_instance_with_all_that_is_in_it_in_one_state(emulator):
    state = dict(STATE, home_region="eu-west-1", identity_center=dict(identity_store_id="d-0123456789"))
    answer = emulator.seed(state)
    assert answer["identity_center"][0]["identity_store_id"] == "d-0123456789"
    sso = emulator.client("sso-admin", region="eu-west-1")
    arn = answer["identity_center"][0]["instance_arn"]
    assert len(sso.list_permission_sets(InstanceArn=arn)["PermissionSets"]) == 5
    assert emulator.seed(state)["changed"] is False


def with_(**parts):
    return dict(STATE, **{key: STATE.get(key, []) + [value] for key, value in parts.items()})


@pytest.mark.parametrize("state, said", [
    (with_(users=dict(email="x")), "users[1] needs a user_name"),
    (with_(users=dict(user_name="x", color="red")), "users[1] has no color"),
    (with_(users=dict(user_name="user01")), "user user01 is listed twice"),
    (with_(users=dict(user_name="x", email="user01@example.com")), "another user has the email"),
    (with_(users=dict(user_name="Administrator")), "reserved"),
    (with_(users=dict(user_name="x[1:3]", email="x[1:2]@example.com")), "not equally long"),
    (with_(users=dict(user_name="x", attributes=dict(Locale=5))), "must be of type string"),
    (with_(users=dict(user_name="x", attributes=["y"])), "attributes must be an object"),
    (with_(groups=dict(name="g", members=["nobody"])), "group g: there is no user nobody"),
    (with_(groups=dict(name="g", members="user01")), "must be a list"),
    (with_(groups=dict(name="group1")), "group group1 is listed twice"),
    (with_(permission_sets=dict(name="Plain")), "permission set Plain is listed twice"),
    (with_(permission_sets=dict(name="a b")), "permission set a b"),
    (with_(permission_sets=dict(name="x", session_duration="PT13H")), "not between PT1H and PT12H"),
    (with_(permission_sets=dict(name="x", inline_policy=dict(Statement=[]))), "has no Statement"),
    (with_(permission_sets=dict(name="x", managed_policies=[AUDIT + "x"])), "there is no managed policy"),
    (with_(permission_sets=dict(name="x", managed_policies=5)), "permission set x: TypeError"),
    (with_(permission_sets=dict(name="x", tags={"aws:x": "y"})), "reserved"),
    (with_(account_assignments=dict(permission_sets=["Plain"])), "needs permission_sets, accounts"),
    (with_(account_assignments=dict(permission_sets=["Nix"], groups=["g"], accounts=["1"], users=["x"])),
     "there is no permission set Nix; account_assignments[1]: there is no group g; "
     "account_assignments[1]: there is no user x; account_assignments[1]: there is no account 1"),
    (with_(account_assignments=dict(permission_sets=["N[01:99]"], groups=["group1"], accounts=[ACCOUNT])),
     "and 79 more"),
    (with_(account_assignments=[]), "account_assignments[1] must be an object"),
    (dict(STATE, groups={}, users="x"), "users must be a list"),
    (dict(STATE, identity_center=dict(instances=0)), "there is no instance of Identity Center"),
])
def test_a_wrong_state_is_refused_and_nothing_is_done(emulator, ic, state, said):
    assert said in refused(emulator, state)
    assert ic.sso.list_permission_sets(InstanceArn=ic.arn)["PermissionSets"] == []
    assert ic.directory.list_users(IdentityStoreId=ic.store)["Users"] == []
    with pytest.raises(Exception, match="AWSOrganizationsNotInUse"):
        emulator.client("organizations").list_accounts()


def refused(emulator, state):
    with pytest.raises(urllib.error.HTTPError) as caught:
        emulator.seed(state)
    assert caught.value.code == 400
    return json.load(caught.value)["error"]


LARGE = dict(
    accounts=[dict(id="100000000[001:500]", name="account-[001:500]")],
    users=[dict(user_name="user[0001:5000]", email="user[0001:5000]@example.com")],
    groups=[dict(name="group[01:20]")],
    permission_sets=[dict(name="Set[001:200]", inline_policy=POLICY, managed_policies=[AUDIT, VIEW])],
    account_assignments=[
        dict(permission_sets=["Set[001:100]"], groups=["group[01:05]"], accounts=["100000000[001:040]"])
    ],
)  # fmt: skip


@pytest.mark.slow
def test_an_organization_of_the_largest_size(emulator, ic):
    """Seconds, not minutes; and a call costs the processor about what it costs in an empty organization."""
    begun = time.monotonic()
    answer = emulator.seed(LARGE)
    assert time.monotonic() - begun < 20
    group = dict(InstanceArn=ic.arn, PrincipalType="GROUP", PrincipalId=answer["groups"]["group05"])
    pages = ic.sso.get_paginator("list_account_assignments_for_principal").paginate(**group)
    assert [len(page["AccountAssignments"]) for page in pages] == [100] * 40
    users = ic.directory.get_paginator("list_users").paginate(IdentityStoreId=ic.store).build_full_result()["Users"]
    assert len(users) == 5000
    target = dict(ic.target(answer["permission_sets"]["Set200"], answer["groups"]["group20"], "100000000500", "GROUP"))
    calls = [
        lambda: ic.sso.list_account_assignments_for_principal(**group),
        lambda: ic.sso.describe_permission_set(InstanceArn=ic.arn, PermissionSetArn=target["PermissionSetArn"]),
        lambda: ic.sso.create_account_assignment(**target),
        lambda: ic.sso.list_account_assignment_creation_status(InstanceArn=ic.arn, MaxResults=100),
    ]
    before = processor_seconds(emulator)
    for _attempt in range(50):
        for call in calls:
            call()
    spent = processor_seconds(emulator) - before
    print(f"{spent / 200 * 1000:.1f} ms of processor time a call")
    assert spent < 2.0, "above 10 ms of processor time a call"


def processor_seconds(emulator):
    fields = pathlib.Path(f"/proc/{emulator._process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
