# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""default_host_management and default_host_management_info over HTTP, by real ansible-playbook, in several accounts."""

from __future__ import annotations

import json

import pytest

MODULE, INFO = "default_host_management", "default_host_management_info"
SETTING = "/ssm/managed-instance/default-ec2-instance-management-role"
WEB, DB, OWN = "111122223333", "444455556666", "123456789012"
TOKYO, OSAKA = "ap-northeast-1", "ap-northeast-3"
ROLE = "service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole"
POLICY = "arn:aws:iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy"


def role(account, **more):
    return dict(more, role_arn=f"arn:aws:iam::{account}:role/keyless")


BOTH = [role(WEB), role(WEB, region=OSAKA), role(DB, account_id=DB, region=OSAKA)]


@pytest.fixture
def make(emulator):
    def make(account=OWN, name=ROLE, service="ssm.amazonaws.com", policies=(POLICY,)):
        iam = emulator.client("iam", account=None if account == OWN else account)
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        path, _slash, short = f"/{name}".rpartition("/")
        iam.create_role(RoleName=short, Path=f"{path}/", AssumeRolePolicyDocument=trust)
        for arn in policies:
            iam.attach_role_policy(RoleName=short, PolicyArn=arn)

    return make


@pytest.fixture
def setting(emulator):
    def setting(account=OWN, region=TOKYO):
        ssm = emulator.client("ssm", account=None if account == OWN else account, region=region)
        return ssm.get_service_setting(SettingId=SETTING)["ServiceSetting"]["SettingValue"]

    return setting


def spent(emulator, before):
    now = emulator.calls()
    return {name: times - before.get(name, 0) for name, times in now.items() if times != before.get(name, 0)}


def test_life_in_two_accounts(emulator, ansible, run_module, make, setting):
    for account in (WEB, DB):
        make(account)
    before = emulator.writes()
    predicted = run_module(MODULE, dict(targets=BOTH), check=True, diff=True)
    assert emulator.writes() == before
    calls = emulator.calls()
    tasks = [{"name": "Run", f"keyless.aws.{MODULE}": dict(targets=BOTH)}] * 2
    made, again = ansible.tasks(tasks, diff=True)
    assert {key: made[key] for key in predicted if key != "invocation"} == {
        key: predicted[key] for key in predicted if key != "invocation"
    }
    assert made["created"] == 3
    assert [(change["name"], change["role"]) for change in made["changes"]] == [
        (f"{WEB}/{TOKYO}", ROLE),
        (f"{WEB}/{OSAKA}", ROLE),
        (f"{DB}/{OSAKA}", ROLE),
    ]
    assert made["diff"]["before"] == dict.fromkeys(made["diff"]["after"])
    assert "warnings" not in made
    assert (setting(WEB), setting(WEB, OSAKA), setting(DB, OSAKA), setting(DB)) == (ROLE, ROLE, ROLE, "$None")
    assert not again["changed"] and "diff" not in again
    both_runs = spent(emulator, calls)
    # the role of an account is looked at once, and not at all where nothing changes
    assert (both_runs["iam:GetRole"], both_runs["iam:ListAttachedRolePolicies"]) == (2, 2)

    found, gone, still = ansible.tasks(
        [
            {"name": "Read", f"keyless.aws.{INFO}": dict(targets=BOTH[:2])},
            {"name": "Off", f"keyless.aws.{MODULE}": dict(targets=BOTH[:1], state="absent")},
            {"name": "Off again", f"keyless.aws.{MODULE}": dict(targets=BOTH[:1], state="absent")},
        ]
    )
    assert found["default_host_management"] == made["default_host_management"][:2]
    assert (gone["deleted"], still["changed"]) == (1, False)
    assert (setting(WEB), setting(WEB, OSAKA)) == ("$None", ROLE)


def test_another_role_that_is_there_is_taken_over(emulator, run_module, make, setting):
    make(name="Ours")
    emulator.client("ssm").update_service_setting(SettingId=SETTING, SettingValue="Theirs")
    result = run_module(MODULE, dict(role="Ours"), diff=True)
    assert (result["updated"], setting()) == (1, "Ours")
    assert result["diff"] == {"before": {f"{OWN}/{TOKYO}": "Theirs"}, "after": {f"{OWN}/{TOKYO}": "Ours"}}


def test_a_role_that_will_not_do_stops_before_any_write(emulator, run_module, make, setting):
    make(WEB, service="ec2.amazonaws.com")
    before = emulator.writes()
    result = run_module(MODULE, dict(targets=BOTH), fails=True)
    assert len(result["problems"]) == 2
    assert f"ssm.amazonaws.com may not assume 'AWSSystemsManagerDefaultEC2InstanceManagementRole' of {WEB}" in (
        result["msg"]
    )
    assert f"{DB} has no role" in result["msg"]
    bad = dict(targets=[dict(region="tokyo"), *BOTH], role="/service-role/X")
    result = run_module(MODULE, bad, fails=True)
    assert len(result["problems"]) == 2 and "give 'service-role/X'" in result["msg"]
    assert emulator.writes() == before
    # what an earlier task would have made
    expected = dict(roles=[ROLE])
    assert run_module(MODULE, dict(targets=BOTH[2:], expected=expected), check=True)["created"] == 1


def test_what_the_caller_may_not_do(emulator, run_module, make, setting):
    """Not look at the role: a warning. Not write: said with all that it needs; the others are done."""
    make(policies=())
    assert "is not attached to role" in run_module(MODULE, {}, check=True)["warnings"][0]
    emulator.faults("iam:GetRole", "AccessDenied", times=None)
    emulator.faults("ssm:UpdateServiceSetting", "AccessDeniedException")
    result = run_module(MODULE, dict(targets=[role(WEB), role(DB)]), fails=True)
    assert len(result["failures"]) == 1
    assert "iam:PassRole for the role" in result["msg"]
    assert len(result["default_host_management"]) == result["created"] == 1
    assert [text for text in result["warnings"] if "was not checked" in text and "iam:GetRole" in text]
    assert sorted([setting(WEB), setting(DB)]) == ["$None", ROLE]


def test_one_target_that_cannot_be_read_fails_alone(emulator, run_module, make, setting):
    make()
    targets = [dict(), dict(profile="gone", region=OSAKA)]
    result = run_module(MODULE, dict(targets=targets), fails=True)
    assert [(each["action"], each["name"]) for each in result["failures"]] == [("read", f"profile gone/{OSAKA}")]
    assert setting() == ROLE
    found = run_module(INFO, dict(targets=targets), fails=True)
    assert "1 of 2 targets could not be read" in found["msg"]
    assert found["default_host_management"][0]["role"] == ROLE
