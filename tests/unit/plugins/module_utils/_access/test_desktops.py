# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._access.compile import compile_access
from ansible_collections.keyless.aws.plugins.module_utils._access.hosts import hosts
from ansible_collections.keyless.aws.plugins.module_utils._access.model import read_model
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy

DESKTOPS = {
    "name": "SsoLoginPermissionSet",
    "to": {"groups": ["dba"]},
    "accounts": ["web-prod"],
    "instances": {"tags": {"Os": "windows"}},
    "connect": ["rdp"],
}


@pytest.fixture
def windows(model):
    model["grants"].append(dict(DESKTOPS))
    return model


def problems_of(raw):
    with pytest.raises(Problems) as caught:
        read_model(raw)
    return caught.value.details["problems"]


def test_a_grant_of_desktops_is_the_least_policy_in_identity_centers_region(windows):
    compiled = compile_access(windows)
    assert compiled["cloud"]["permission_sets"][3]["inline_policy"] == session_policy(
        {
            "principal": "identity_center",
            "accounts": ["111122223333"],
            "regions": ["ap-northeast-1"],
            "instances": {"tags": {"Os": "windows"}},
            "connect": ["rdp"],
        }
    )
    told = [entry for entry in compiled["notes"] if entry["path"] == "grants[3].connect"]
    assert [entry["severity"] for entry in told] == ["warning", "info"]
    assert "local administrator, who stays on the instance" in told[0]["message"]
    assert told[1]["message"].endswith("nothing in us-east-1")


def test_a_windows_host_gets_no_os_users(windows):
    host = {"instance_id": "i-0123456789abcdef0", "account_id": "111122223333", "region": "ap-northeast-1"}
    access = hosts(windows, dict(host, tags={"Os": "windows"}))
    assert (access["users"], access["sudo"]) == ([], [])


def test_the_region_has_to_be_identity_centers(windows):
    windows["accounts"]["web-prod"]["regions"] = ["us-east-1", "us-west-2"]
    assert problems_of(windows) == [
        "grants[3].connect: rdp works in the Region of Identity Center only, ap-northeast-1, and web-prod has "
        "us-east-1, us-west-2"
    ]


@pytest.mark.parametrize(
    "user_name, told",
    [
        ("hanako.suzuki.tokyo@example.com", "has 19 characters; Windows gets at most 16"),
        ("h+anako@example.com", "may have only letters, digits, '.', '-' and '_'"),
        ("@example.com", "only letters, digits"),
        ("administrator@example.com", "Windows has the local user 'administrator' already for itself"),
    ],
)
def test_local_names(windows, user_name, told):
    windows["people"]["hanako"]["user_name"] = user_name
    (problem,) = problems_of(windows)
    assert problem.startswith(f"people.hanako.user_name: '{user_name}' with rdp: ")
    assert told in problem


def test_names_matter_only_where_desktops_are_granted(model):
    model["people"]["hanako"]["user_name"] = "hanako.suzuki.tokyo@example.com"
    assert read_model(model)


def test_two_people_must_not_become_one(windows):
    windows["people"]["ken"] = {"user_name": "Hanako@example.org"}
    windows["groups"]["dba"].append("ken")
    assert problems_of(windows) == [
        "people.ken.user_name: 'Hanako@example.org' and 'hanako@example.com' (people.hanako) become the same local "
        "user through rdp, 'Hanako'; give one of them another user name"
    ]


def test_they_may_in_different_accounts(windows):
    windows["people"]["ken"] = {"user_name": "hanako@example.org"}
    windows["groups"]["sandboxers"] = ["ken"]
    windows["grants"].append(dict(DESKTOPS, name="Other", to={"groups": ["sandboxers"]}, accounts=["sandbox"]))
    assert len(read_model(windows).grants) == 5
    windows["grants"].append(dict(DESKTOPS, name="Both", to={"people": ["ken"]}))
    assert len(problems_of(windows)) == 1


def test_without_run_as_other_ways_may_stand_beside_it(windows):
    windows["grants"][3].update(accounts=["sandbox"], connect=["rdp", "shell"])
    sids = {
        part["Sid"] for part in compile_access(windows)["cloud"]["permission_sets"][3]["inline_policy"]["Statement"]
    }
    assert {"StartSessionsOnInstances", "StartDesktopsOnInstances"} <= sids


@pytest.mark.parametrize(
    "change, told",
    [
        (
            {"connect": ["rdp", "shell"]},
            "connect: rdp knows no Run As, which web-prod has, so that shell would go round",
        ),
        ({"os_groups": ["staff"]}, "os_groups: rdp is for Windows, where everybody is an administrator"),
        ({"sudo": "all"}, "sudo: rdp is for Windows, which knows no sudo"),
    ],
)
def test_what_rdp_excludes(windows, change, told):
    windows["grants"][3].update(change)
    (problem,) = problems_of(windows)
    assert problem.startswith("grants[3]." + told)
