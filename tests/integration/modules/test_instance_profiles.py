# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""instance_profiles and instance_profiles_info over HTTP, by real ansible-playbook, in several accounts."""

from __future__ import annotations

import json

import pytest

MODULE, INFO = "instance_profiles", "instance_profiles_info"
WEB, DB, OWN = "111122223333", "444455556666", "123456789012"
TOKYO, OSAKA = "ap-northeast-1", "ap-northeast-3"
CORE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
DEPRECATED = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM"
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
TARGETS = [dict(), dict(region=OSAKA), dict(role_arn=f"arn:aws:iam::{WEB}:role/keyless", account_id=WEB)]


def name(number):
    return f"i-{number:017x}"


class Cloud:
    """Ways to what is there."""

    def __init__(self, emulator):
        self.emulator = emulator

    def iam(self, account=OWN):
        return self.emulator.client("iam", account=None if account == OWN else account)

    def ec2(self, account=OWN, region=TOKYO):
        return self.emulator.client("ec2", account=None if account == OWN else account, region=region)

    def profile(self, name, *policies, account=OWN, path="/", role=True):
        iam = self.iam(account)
        iam.create_instance_profile(InstanceProfileName=name, Path=path)
        if role:
            trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
            iam.create_role(RoleName=f"{name}Role", AssumeRolePolicyDocument=trust)
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=f"{name}Role")
            for arn in policies:
                iam.attach_role_policy(RoleName=f"{name}Role", PolicyArn=arn)

    def attached(self, role, account=OWN):
        found = self.iam(account).list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        return [policy["PolicyArn"] for policy in found]

    def give(self, number, profile, **where):
        self.ec2(**where).associate_iam_instance_profile(
            InstanceId=name(number), IamInstanceProfile=dict(Name=profile)
        )

    def profiles(self, account=OWN, region=TOKYO):
        pages = self.ec2(account, region).get_paginator("describe_instances").paginate()
        found = [each for page in pages for entry in page["Reservations"] for each in entry["Instances"]]
        return {
            int(each["InstanceId"][2:], 16): each["IamInstanceProfile"]["Arn"].rpartition("/")[2]
            for each in found
            if "IamInstanceProfile" in each
        }


@pytest.fixture
def cloud(emulator):
    return Cloud(emulator)


@pytest.fixture
def mixed(emulator, cloud):
    """Instances 1 to 6 here, 7 in another Region, 8 in another account: without a profile, and with all sorts."""
    places = {7: dict(region=OSAKA), 8: dict(account_id=WEB)}
    seeds = [
        dict(instance_id=name(n), name=f"web-{n}", tags=dict(Team="web" if n % 2 else "db"), **places.get(n, {}))
        for n in range(1, 9)
    ]
    emulator.seed(dict(accounts=[dict(id=WEB, name="web")], instances=seeds))
    cloud.profile("Ours", CORE, path="/ours/")
    cloud.profile("Ours", CORE, account=WEB)
    cloud.profile("Old", DEPRECATED, "arn:aws:iam::aws:policy/SecurityAudit")
    cloud.profile("Bad")
    cloud.profile("Empty", role=False)
    for number, profile in ((2, "Old"), (3, "Bad"), (4, "Empty"), (5, "Ours")):
        cloud.give(number, profile)
    cloud.give(7, "Old", region=OSAKA)
    return cloud


def spent(emulator, before):
    now = emulator.calls()
    return {key: times - before.get(key, 0) for key, times in now.items() if times != before.get(key, 0)}


def told(result):
    """changes as (action, what): the instance's number, or the role."""
    return [
        (each["action"], int(each["name"][-17:], 16) if each["kind"] == "instance_profile" else each["name"])
        for each in result["changes"]
    ]


WANTED = dict(instance_profile="Ours", instances=dict(all=True), targets=TARGETS)


def test_life_in_two_accounts_and_regions(emulator, ansible, run_module, mixed):
    writes, calls = emulator.writes(), emulator.calls()
    predicted = run_module(MODULE, WANTED, check=True, diff=True)
    assert emulator.writes() == writes
    # each profile and role is looked at once, however many instances and Regions have it
    looked = spent(emulator, calls)
    assert (looked["iam:GetInstanceProfile"], looked["ec2:DescribeInstances"]) == (5, 3)
    assert looked["iam:ListAttachedRolePolicies"] == 4
    made, again, found = ansible.tasks(
        [
            {"name": "Attach", f"keyless.aws.{MODULE}": WANTED},
            {"name": "Again", f"keyless.aws.{MODULE}": WANTED},
            {"name": "Read", f"keyless.aws.{INFO}": dict(targets=TARGETS)},
        ],
        diff=True,
    )
    for key in ("changes", "instances", "without_session_manager", "diff", "created", "updated", "warnings"):
        assert made[key] == predicted[key], key
    assert told(made) == [("update", f"{OWN}/OldRole"), ("create", 1), ("create", 6), ("create", 8)]
    assert made["diff"]["before"][f"{OWN}/OldRole"] == [
        "arn:aws:iam::aws:policy/SecurityAudit", DEPRECATED,
    ]  # fmt: skip
    assert mixed.profiles() == {1: "Ours", 2: "Old", 3: "Bad", 4: "Empty", 5: "Ours", 6: "Ours"}
    assert (mixed.profiles(region=OSAKA), mixed.profiles(WEB)) == ({7: "Old"}, {8: "Ours"})
    assert sorted(mixed.attached("OldRole")) == [CORE, "arn:aws:iam::aws:policy/SecurityAudit"]
    assert [each["instance_id"] for each in made["without_session_manager"]] == [name(3), name(4)]
    assert made["without_session_manager"][0]["reason"].startswith("role BadRole lacks ssm:UpdateInstanceInf")
    assert not again["changed"] and "diff" not in again
    assert found["instances"] == made["instances"] == again["instances"]
    assert found["without_session_manager"] == made["without_session_manager"]


def test_others_are_replaced_only_when_told_and_ours_taken_away(emulator, ansible, mixed):
    lacking = dict(WANTED, targets=None, replace="lacking", replace_deprecated=False)
    absent = dict(instance_profile="Ours", instances=dict(tags=dict(Team="web")), state="absent")
    one, two, three, four = ansible.tasks(
        [
            {"name": "Lacking", f"keyless.aws.{MODULE}": lacking},
            {"name": "Always", f"keyless.aws.{MODULE}": dict(lacking, replace="always")},
            {"name": "Absent", f"keyless.aws.{MODULE}": absent},
            {"name": "Absent again", f"keyless.aws.{MODULE}": absent},
        ]
    )
    assert told(one) == [("create", 1), ("update", 3), ("update", 4), ("create", 6)]
    assert one["changes"][1]["replaced"] == "Bad"
    assert one["without_session_manager"] == []
    assert told(two) == [("update", 2)]
    assert told(three) == [("delete", 1), ("delete", 3), ("delete", 5)]
    assert (three["deleted"], four["changed"]) == (3, False)
    assert mixed.profiles() == {2: "Ours", 4: "Ours", 6: "Ours"}
    assert mixed.attached("OldRole") == [DEPRECATED, "arn:aws:iam::aws:policy/SecurityAudit"]


def test_a_profile_that_ec2_does_not_know_yet(emulator, run_module, mixed):
    """Right after it is made, EC2 refuses it for some seconds."""
    message = "Value (Ours) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
    emulator.faults("ec2:AssociateIamInstanceProfile", "InvalidParameterValue", times=2, message=message)
    assert run_module(MODULE, dict(WANTED, targets=None))["created"] == 2
    emulator.faults("ec2:AssociateIamInstanceProfile", "InvalidParameterValue", times=None, message=message)
    late = run_module(MODULE, dict(WANTED, targets=[TARGETS[2]], wait_timeout=1), fails=True)
    assert late["failures"][0]["name"] == f"{WEB}/{TOKYO}/{name(8)}"
    assert late["instances"] == []


def test_one_that_fails_fails_alone(emulator, run_module, mixed):
    emulator.faults("ec2:AssociateIamInstanceProfile", "UnauthorizedOperation")
    targets = [*TARGETS, dict(profile="gone", region=OSAKA)]
    result = run_module(MODULE, dict(WANTED, targets=targets), fails=True)
    failed = {(each["action"], each["name"]) for each in result["failures"]}
    assert ("read", f"profile gone/{OSAKA}") in failed and len(failed) == 2
    assert "ec2:AssociateIamInstanceProfile. It also needs iam:PassRole for arn:aws:iam::" in result["msg"]
    assert len(result["instances"]) == 7
    assert run_module(MODULE, WANTED)["created"] == 1


def test_bad_input_writes_nothing(emulator, ansible, mixed):
    mixed.ec2().terminate_instances(InstanceIds=[name(1)])
    writes = emulator.writes()
    arn = f"arn:aws:iam::{OWN}:instance-profile/ours/Ours"
    wrong = [
        dict(WANTED, instances=dict(ids=[name(1), name(99), name(5)])),
        dict(WANTED, instance_profile="Our"),
        dict(WANTED, instance_profile="Empty", targets=None),
        dict(WANTED, instance_profile=arn),
        dict(instances=dict(ids=["web-1"]), replace="always", targets=[dict(region="x")]),
        dict(WANTED, replace="always", max_deletions=2),
    ]
    tasks = [{"name": "Wrong", f"keyless.aws.{MODULE}": each, "ignore_errors": True} for each in wrong]
    ids, unknown, empty, other, three, guarded = (result["msg"] for result in ansible.tasks(tasks))
    assert ids.startswith("2 problems")
    assert f"instances.ids[0]: '{name(1)}' is terminated" in ids
    assert f"instances.ids[1]: there is no instance '{name(99)}' in" in ids
    assert unknown.startswith("2 problems")
    assert f"{OWN} has no instance profile 'Our' (did you mean 'Ours'?)" in unknown
    assert empty == f"instance_profile: 'Empty' of {OWN} has no role in it; put one into it"
    assert f"its ARN is of account {OWN}, and {WEB} is among the targets" in other
    assert three.startswith("3 problems")
    assert "max_deletions: this would delete 4 profiles and policies of instances" in guarded
    assert emulator.writes() == writes


def test_what_an_earlier_task_would_make(run_module, mixed):
    expected = dict(WANTED, instance_profile="Soon", targets=None, expected=dict(instance_profiles=["Soon"]))
    predicted = run_module(MODULE, expected, check=True)
    assert told(predicted) == [("update", f"{OWN}/OldRole"), ("create", 1), ("create", 6)]


def test_hundreds_of_instances_cost_pages(emulator, ansible, cloud):
    emulator.seed(dict(instances=[dict(instance_id=name(n)) for n in range(120)]))
    cloud.profile("Ours", CORE)
    calls = emulator.calls()
    wanted = dict(instance_profile="Ours", instances=dict(all=True))
    made, again = ansible.tasks([{"name": "Run", f"keyless.aws.{MODULE}": wanted}] * 2)
    assert (made["created"], again["changed"]) == (120, False)
    assert len(cloud.profiles()) == 120
    both = spent(emulator, calls)
    assert both["ec2:AssociateIamInstanceProfile"] == 120
    assert (both["iam:GetInstanceProfile"], both["iam:ListAttachedRolePolicies"]) == (2, 2)
    assert "ec2:DescribeIamInstanceProfileAssociations" not in both
