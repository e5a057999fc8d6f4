# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our part of ~/.aws/config: as botocore reads it, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._workstation.config import (
    BEGIN,
    END,
    read_config,
    sections_outside,
)
from botocore.configloader import load_config

SESSIONS = [{"name": "keyless", "start_url": "https://d-1234567890.awsapps.com/start", "region": "ap-northeast-1"}]
PROFILE = {
    "name": "web-prod-WebOperator",
    "sso_session": "keyless",
    "sso_account_id": "111122223333",
    "sso_role_name": "WebOperator",
    "region": "ap-northeast-1",
}
OWN = """\
# mine
[default]
region = us-east-1
  [profile indented]
[profile "with blank"]
s3 =
    max_concurrent_requests = 20
[sso-session other]
sso_region = us-east-1
[services local]
"""


def problems(profiles: Any = (), sessions: Any = (), existing: str = "", prefix: str = "") -> list[str]:
    config, found = read_config(list(profiles), list(sessions), existing, prefix)
    assert (config is None) is bool(found)
    return found


def test_botocore_reads_what_was_asked_for(tmp_path):
    default = dict(PROFILE, name="default", output="yaml")
    config, _none = read_config([PROFILE, default], SESSIONS)
    path = tmp_path / "config"
    path.write_text(f"{BEGIN}\n{config.text()}{END}\n")
    read = load_config(str(path))
    wanted = {key: value for key, value in PROFILE.items() if key != "name"}
    assert read["profiles"] == {PROFILE["name"]: wanted, "default": dict(wanted, output="yaml")}
    assert read["sso_sessions"] == {
        "keyless": {
            "sso_start_url": "https://d-1234567890.awsapps.com/start",
            "sso_region": "ap-northeast-1",
            "sso_registration_scopes": "sso:account:access",
        }
    }


def test_nothing_is_an_empty_text():
    config, found = read_config([], [])
    assert (config.text(), found) == ("", [])


def test_what_the_owner_has_is_found_as_botocore_finds_it(tmp_path):
    path = tmp_path / "config"
    path.write_text(OWN)
    read = load_config(str(path))
    names = {("profile", name) for name in read["profiles"]} | {("sso-session", name) for name in read["sso_sessions"]}
    assert set(sections_outside(OWN)) == names
    assert sections_outside(OWN)["profile", "with blank"] == 5
    assert sections_outside('[profile "open]\n[profile]\n[]\n') == {}


def test_our_own_part_is_not_the_owners():
    ours = f"{OWN}{BEGIN}\n[profile {PROFILE['name']}]\n{END}\n[profile after]\n"
    assert ("profile", "after") in sections_outside(ours)
    assert problems([PROFILE], SESSIONS, existing=ours) == []


@pytest.mark.parametrize("header", [f"[profile {PROFILE['name']}]", f"[profile '{PROFILE['name']}'] # mine"])
def test_a_name_that_the_owner_has_is_refused(header):
    (problem,) = problems([PROFILE], SESSIONS, existing=f"[default]\n{header}\n", prefix="session_client_")
    assert problem.startswith("session_client_profiles[0].name: the AWS configuration has a profile")
    assert "line 2" in problem and "give another name" in problem
    (problem,) = problems([], SESSIONS, existing="[sso-session keyless]\n")
    assert problem.startswith("sso_sessions[0].name: the AWS configuration has an sso-session 'keyless'")
    assert problems([dict(PROFILE, name="default")], SESSIONS, existing="[default]\n")


def test_a_session_may_be_the_owners():
    assert problems([dict(PROFILE, sso_session="other")], existing=OWN) == []
    (problem,) = problems([dict(PROFILE, sso_session="keyles")], SESSIONS)
    assert problem == "profiles[0].sso_session: no SSO session 'keyles' (did you mean 'keyless'?)"
    assert "add it to sso_sessions" in problems([PROFILE])[0]


@pytest.mark.parametrize(
    "change, path, said",
    [
        (dict(name="a]\n[default"), "name", "is not a name"),
        (dict(name="two words"), "name", "is not a name"),
        (dict(sso_account_id=111122223333), "sso_account_id", "quote it"),
        (dict(sso_account_id="1111"), "sso_account_id", "is not"),
        (dict(sso_role_name="Web\nOperator"), "sso_role_name", "is not the name of a permission set"),
        (dict(region="tokyo"), "region", "is not"),
        (dict(output="jsn"), "output", "did you mean 'json'"),
        (dict(rgion="us-east-1"), "rgion", "no such key (did you mean 'region'?)"),
    ],
)
def test_bad_profiles(change, path, said):
    (problem,) = problems([dict(PROFILE, **change)], SESSIONS)
    assert problem.startswith(f"profiles[0].{path}: ") and said in problem


def test_everything_is_said_at_once():
    sessions = [dict(SESSIONS[0], start_url="http://x", registration_scopes=["sso account"]), SESSIONS[0]]
    found = problems([PROFILE, PROFILE, {"name": "x"}, "y"], sessions)
    assert [problem.split(": ")[0] for problem in found] == [
        "sso_sessions[0].registration_scopes[0]",
        "sso_sessions[0].start_url",
        "sso_sessions[1].name",
        "profiles[1].name",
        "profiles[2].sso_session",
        "profiles[2].sso_account_id",
        "profiles[2].sso_role_name",
        "profiles[3]",
    ]
