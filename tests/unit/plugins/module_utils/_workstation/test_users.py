# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of a workstation: real files in a home that the test makes up."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._workstation import users
from ansible_collections.keyless.aws.plugins.module_utils._workstation.config import BEGIN, END

SESSION = {"name": "keyless", "start_url": "https://d-1234567890.awsapps.com/start", "region": "us-east-1"}
PROFILE = {"name": "web", "sso_session": "keyless", "sso_account_id": "111122223333", "sso_role_name": "Web"}
NOTHING = {"profiles": None, "sso_sessions": None, "os_user": None, "profile": None}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The home of taro, who is whoever runs the test; nobody else is there."""
    me = pwd.getpwuid(os.getuid())

    def user(name: str) -> pwd.struct_passwd:
        if name != "taro":
            raise KeyError(name)
        return pwd.struct_passwd(("taro", "x", me.pw_uid, me.pw_gid, "", str(tmp_path), "/bin/sh"))

    monkeypatch.setattr(users.pwd, "getpwnam", user)
    return tmp_path


def read(*wishes, **params):
    wanted = [dict(dict(NOTHING, name="taro"), **wish) for wish in wishes or ({},)]
    return users.read_users(dict(dict(users=wanted, profiles=[], sso_sessions=[]), **params))["users"]


def problems(*wishes, **params):
    with pytest.raises(Problems) as caught:
        read(*wishes, **params)
    return caught.value.details["problems"]


def test_a_home_without_anything(home):
    (found,) = read({"os_user": "taro", "profile": "web"}, profiles=[PROFILE], sso_sessions=[SESSION])
    assert found["aws_config"] == f"{home}/.aws/config"
    assert found["proxy_folder"] == f"{home}/.ssh/keyless-aws"
    assert found["aws_block"].startswith("[sso-session keyless]\n")
    assert (found["os_user"], found["profile"], found["holds_credentials"]) == ("taro", "web", False)
    assert list(home.iterdir()) == []


def test_own_lists_take_the_place_of_those_of_all(home):
    (found,) = read({"profiles": [], "sso_sessions": []}, profiles=[PROFILE], sso_sessions=[SESSION])
    assert found["aws_block"] == ""
    (problem,) = problems({"profiles": [dict(PROFILE, sso_session="x")]}, sso_sessions=[SESSION])
    assert problem.startswith("users[0].profiles[0].sso_session: no SSO session 'x'")
    assert problems(profiles=[PROFILE])[0].startswith("profiles[0].sso_session: ")


def test_links_lead_to_the_file_itself(home):
    (home / "dotfiles").mkdir()
    (home / "dotfiles" / "config").write_text("[profile mine]\naws_secret_access_key = x\n")
    (home / ".aws").mkdir()
    (home / ".aws" / "config").symlink_to("../dotfiles/config")
    (found,) = read({"profile": "mine"})
    assert found["aws_config"] == f"{home}/dotfiles/config"
    assert found["holds_credentials"]
    (home / "dotfiles" / "config").unlink()
    assert "is a link to" in problems()[0]


@pytest.mark.parametrize("place", [".aws", ".ssh/config"])
def test_what_is_somebody_elses_is_refused(home, monkeypatch, place):
    path = home / place
    path.parent.mkdir(exist_ok=True)
    path.mkdir() if place == ".aws" else path.touch()
    seen = os.stat

    def stat(name, **more):
        state = seen(name, **more)
        return os.stat_result((*state[:4], state.st_uid + 1, *state[5:])) if Path(name) == path else state

    monkeypatch.setattr(users.os, "stat", stat)
    assert f"~/{place} ({path}) belongs to uid {os.getuid() + 1}, not to taro" in problems()[0]


def test_a_folder_in_the_place_of_a_file(home):
    (home / ".ssh" / "config").mkdir(parents=True)
    (home / ".aws").touch()
    assert [text.split(": ")[1] for text in problems()] == [
        "~/.aws is not a folder; move it away",
        "~/.ssh/config is not a file; move it away",
    ]


@pytest.mark.parametrize("name", ["hanako", "../taro", "taro/x", "", "~"])
def test_users_who_are_not_there(home, name):
    (problem,) = problems({"name": name})
    assert problem.startswith("users[0].name: there is no user")


def test_a_user_is_named_once(home):
    assert problems({}, {}) == ["users[1].name: 'taro' is named twice"]


def test_only_root_writes_for_somebody_else(home, monkeypatch):
    monkeypatch.setattr(users.os, "geteuid", lambda: os.getuid() + 1)
    (problem,) = problems()
    assert problem.startswith("users[0].name: only root can write for 'taro'; set become")


def test_a_file_that_cannot_be_read_is_not_taken_for_an_empty_one(home, monkeypatch):
    (home / ".aws").mkdir()
    (home / ".aws" / "config").touch()

    def denied(*_names, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", denied)
    with pytest.raises(UserError, match="/.aws/config cannot be read: Permission denied"):
        read()


def test_what_is_no_file_is_not_opened(home):
    (home / ".aws").mkdir()
    os.mkfifo(home / ".aws" / "config")
    assert problems() == ["users[0].name: ~/.aws/config is not a file; move it away"]


def test_a_configuration_that_the_cli_would_not_read(home, monkeypatch):
    wanted = dict(profiles=[PROFILE], sso_sessions=[SESSION])
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / ".config" / "aws"))
    assert read() and "AWS_CONFIG_FILE leads to" in problems(**wanted)[0]
    (home / ".config").mkdir()
    (home / ".config" / "aws").touch()
    (home / ".aws").mkdir()
    (home / ".aws" / "config").symlink_to("../.config/aws")
    assert read(**wanted)


@pytest.mark.parametrize("place", [".aws/config", ".ssh/config"])
@pytest.mark.parametrize(
    "text, line",
    [
        (f"{BEGIN}\n[profile web]\n", 1),
        (f"# mine\n{END}\n", 2),
        (f"\n{BEGIN}\r\n[profile web]\r\n{END}\r\n", 2),
        (f"{BEGIN}\n{END}", 1),
        (f"{BEGIN} \n{END}\n", 1),
        (f"{END}\n{BEGIN}\n", 1),
        (f"{BEGIN}\n{BEGIN}\n{END}\n", 1),
    ],
)
def test_a_part_that_would_be_written_a_second_time(home, place, text, line):
    (home / place).parent.mkdir()
    (home / place).write_bytes(text.encode())
    (problem,) = problems()
    assert problem.startswith(f"users[0].name: ~/{place}: the lines '{BEGIN}' and '{END}' are not as they were written")
    assert f"(line {line})" in problem


def test_whether_our_part_is_there(home):
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text("[profile mine]")
    assert read()[0]["aws_block_found"] is False
    (home / ".aws" / "config").write_text(f"{BEGIN}\n{END}\n")
    assert read()[0]["aws_block_found"] is True


def test_what_ssh_would_not_understand(home):
    found = problems({"os_user": "a b"}, {"profile": "wbe", "profiles": [dict(PROFILE)]}, sso_sessions=[SESSION])
    assert found[0].startswith("users[0].os_user: 'a b' is not")
    assert found[2] == "users[1].profile: no profile 'wbe' (did you mean 'web'?)"
    (problem,) = problems({"profile": "neil 100%"})
    assert problem.startswith("users[0].profile: 'neil 100%' is not a name; give 1 to 128 of")


@pytest.mark.parametrize(
    "above, told", [("# mine\nCompression yes\n", False), ("Host web\n", True), ("  match all\n", True), ("", False)]
)
def test_the_include_has_to_stand_above_all_hosts(above, told):
    text = f"{above}{BEGIN}\nInclude keyless-aws/config\n{END}\nHost *\n"
    assert bool(users.include_problems(text)) is told
    assert users.include_problems(above) == []
