# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._access.answers import access_answers
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy

ACCOUNT, REGION = "111122223333", "ap-northeast-1"
SCOPE = {
    "principal": "identity_center",
    "accounts": [ACCOUNT],
    "regions": [REGION],
    "instances": {"tags": {"Os": "windows"}},
    "connect": ["rdp"],
}


@pytest.fixture
def facts():
    """Taro may open desktops, Ken could once, Yuki never did."""
    host = {
        "name": "win-1",
        "platform": "windows",
        "instance_id": "i-0123456789abcdef0",
        "account_id": ACCOUNT,
        "region": REGION,
        "tags": {"Os": "windows"},
        "local_administrators": ["WIN-1\\Administrator", "WIN-1\\taro", "WIN-1\\Ken"],
    }
    return {
        "region": REGION,
        "users": [{"user_name": f"{name}@example.com"} for name in ("taro", "ken", "yuki")],
        "groups": [{"name": "desktops", "members": ["taro@example.com"]}],
        "permission_sets": [{"name": "SsoLoginPermissionSet", "inline_policy": session_policy(SCOPE)}],
        "assignments": [
            {
                "account_id": ACCOUNT,
                "permission_set": "SsoLoginPermissionSet",
                "principal_type": "GROUP",
                "principal": "desktops",
            }
        ],
        "session_preferences": [{"account_id": ACCOUNT, "region": REGION, "run_as_enabled": True}],
        "hosts": [host],
    }


def answer(facts, name="taro"):
    return next(row for row in access_answers(facts) if row["person"] == f"{name}@example.com")


def test_a_person_with_a_desktop(facts):
    assert answer(facts) == {
        "person": "taro@example.com",
        "host": "win-1",
        "instance_id": "i-0123456789abcdef0",
        "account_id": ACCOUNT,
        "run_as": None,
        "os_user": "taro",
        "valid_os_user": True,
        "invalid_because": None,
        "exists_on_host": True,
        "sudo": "all",
        "allowed": True,
        "way": "SsoLoginPermissionSet via group desktops in 111122223333",
        "why_not": None,
        "ways_round": [],
        "leftover": False,
        "agent_running": None,
        "agent_version": None,
    }


def test_who_lost_the_grant_is_still_an_administrator(facts):
    row = answer(facts, "ken")
    assert (row["allowed"], row["why_not"]) == (False, f"no assignment in account {ACCOUNT}")
    assert (row["exists_on_host"], row["sudo"], row["leftover"]) == (True, "all", True)


def test_who_was_never_there_is_not(facts):
    row = answer(facts, "yuki")
    assert (row["allowed"], row["exists_on_host"], row["sudo"], row["leftover"]) == (False, False, "none", False)


def test_where_nobody_looked_nothing_is_said_of_it(facts):
    del facts["hosts"][0]["local_administrators"]
    assert (answer(facts)["exists_on_host"], answer(facts, "ken")["leftover"]) == (None, False)


def test_in_other_regions_there_are_no_desktops(facts):
    facts["region"] = "us-east-1"
    assert answer(facts)["why_not"] == "desktops open in Identity Center's Region only, which is us-east-1"


def test_a_name_that_windows_does_not_take(facts):
    facts["users"][0]["user_name"] = facts["groups"][0]["members"][0] = "taro.tanaka.tokyo@example.com"
    row = answer(facts, "taro.tanaka.tokyo")
    assert not row["valid_os_user"]
    assert row["why_not"] == row["invalid_because"]
    assert "at most 16" in row["why_not"]


@pytest.mark.parametrize("missing", ["StartDesktopsOnInstances", "MakeLocalUserOnInstances", "ConnectDesktops"])
def test_every_part_of_the_policy_is_needed(facts, missing):
    policy = facts["permission_sets"][0]["inline_policy"]
    policy["Statement"] = [part for part in policy["Statement"] if part["Sid"] != missing]
    assert not answer(facts)["allowed"]


def test_other_instances_are_not_reached(facts):
    facts["hosts"][0]["tags"] = {"Os": "linux"}
    assert answer(facts)["why_not"] == "SsoLoginPermissionSet reaches Os=windows, this host has Os=linux"


def test_on_linux_a_desktop_is_no_way_in(facts):
    del facts["hosts"][0]["platform"]
    assert not answer(facts)["allowed"]
