# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What depends on the host: which sudo it has, what its rules' commands are there, and what sudo answers."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo import resource
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.resource import (
    SUDO,
    SUDO_RS,
    host_problems,
    host_warnings,
    others_write,
    read_info,
)
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudoers import read
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError

ME = pwd.getpwuid(os.getuid()).pw_name
SHA = "sha256:" + "a" * 64


def asked(sudo: Any, **given: Any) -> dict[str, Any]:
    return read_info({
        "ssm_user": "none", "rules": [], "aliases": None, "prefix": "", "users": [], "compare": True, "sudo": str(sudo),
        **given,
    })  # fmt: skip


@pytest.fixture
def sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for sudo that says what it is, and that everybody may be root; root is who asks."""
    program, sudoers = tmp_path / "sudo", tmp_path / "sudoers"
    program.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --version ]; then echo "sudo: something is wrong" >&2; echo "Sudo version 1.9.13p3"; exit; fi\n'
        'echo "User $4 may run the following commands on host:"\n'
        'echo "    (ALL : ALL) ALL"\n'
    )
    program.chmod(0o755)
    sudoers.write_text("Defaults env_reset\nALL ALL=(ALL:ALL) ALL\n@includedir none\n")
    monkeypatch.setattr(resource, "START", str(sudoers))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return program


def test_who_may_do_more_and_by_which_line(sudo: Path, tmp_path: Path) -> None:
    told = asked(sudo, users=[ME, "nobody-here"], rules=[{"group": "no-such-group", "commands": ["/bin/vi"]}])
    assert (told["implementation"], told["version"]) == (SUDO, "1.9.13p3")
    assert told["files"] == [str(tmp_path / "sudoers")]
    (user,) = told["users"]
    line = {"file": str(tmp_path / "sudoers"), "line": 2, "text": "ALL ALL=(ALL:ALL) ALL"}
    assert user == {
        "name": ME,
        "rights": ["(ALL : ALL) ALL"],
        "more": [{"right": "(ALL : ALL) ALL", "granted_by": [line], "certain": True}],
        "missing": [],
    }
    assert "is an editor" in told["warnings"][0]
    assert told["warnings"][1].startswith(f"'{ME}' may do more with sudo than the rules say: (ALL : ALL) ALL; it comes")


def test_whom_the_rules_name_is_asked_about(sudo: Path) -> None:
    group = resource.grp.getgrgid(pwd.getpwnam("daemon").pw_gid).gr_name
    rules = [{"user": "games", "commands": "all"}, {"group": group, "commands": "all"}]
    told = asked(sudo, users=None, rules=rules)
    assert {"daemon", "games"} <= {user["name"] for user in told["users"]}


def test_without_sudo_and_without_comparison_the_rules_are_still_checked(sudo: Path, tmp_path: Path) -> None:
    rules = [{"user": "taro", "commands": ["/bin/vi"]}]
    for told in (asked(tmp_path / "none", rules=rules), asked(sudo, rules=rules, compare=False)):
        assert told["users"] == [] and told["files"] == []
        assert len(told["warnings"]) == 1
    assert asked(tmp_path / "none")["implementation"] is None
    with pytest.raises(Problems, match="absolute path"):
        asked(sudo, rules=[{"user": "taro", "commands": ["vi"]}], compare=False)


def test_root_is_needed_to_ask_about_others(sudo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(UserError, match="become: true"):
        asked(sudo)


def test_another_program_of_that_name_is_refused(sudo: Path) -> None:
    sudo.write_text("#!/bin/sh\necho doas\n")
    with pytest.raises(UserError, match="neither sudo nor sudo-rs"):
        asked(sudo)


def test_sudo_rs_says_what_it_is_where_errors_go(sudo: Path) -> None:
    sudo.write_text("#!/bin/sh\necho sudo-rs 0.2.12 >&2\n")
    told = asked(sudo)
    assert (told["implementation"], told["version"]) == (SUDO_RS, "0.2.12")


RULES: list[dict[str, Any]] = [
    {"user": "taro", "commands": [{"command": "/bin/id", "digests": [SHA]}, "/usr", "/bin/ls *.txt", "/bin/ls -l *"]},
    {"user": "jiro", "commands": ["/bin/id"], "tags": ["INTERCEPT", "LOG_OUTPUT", "MAIL"]},
]


def test_a_directory_is_refused_everywhere_and_more_with_sudo_rs() -> None:
    reader = read("none", RULES)
    paths = [problem.split(":")[0] for problem in host_problems(reader, SUDO)]
    assert paths == ["rules[0].commands[1]"]
    paths = [problem.split(":")[0] for problem in host_problems(reader, SUDO_RS)]
    assert paths == ["rules[0].commands[0].digests", "rules[0].commands[1]", "rules[0].commands[2]", "rules[1].tags"]


def test_sudo_rs_ignores_some_tags() -> None:
    reader = read("none", RULES)
    assert [text for text in host_warnings(reader, SUDO) if ".tags" in text] == []
    (told,) = [text for text in host_warnings(reader, SUDO_RS) if ".tags" in text]
    assert told.startswith("rules[1].tags: ") and told.endswith("does nothing for LOG_OUTPUT, MAIL")


def test_programs_that_others_may_replace(monkeypatch: pytest.MonkeyPatch) -> None:
    places: dict[str, tuple[int, int, int]] = {}

    def stat(path: str) -> os.stat_result:
        if path not in places:
            raise FileNotFoundError(path)
        mode, uid, gid = places[path]
        return os.stat_result((mode, 0, 0, 0, uid, gid, 0, 0, 0, 0))

    def told(program: str = "/opt/bin/x", **changed: tuple[int, int, int] | None) -> str | None:
        places.clear()
        for name, what in {"opt": None, "bin": None, "x": None, **changed}.items():
            path = {"opt": "/opt", "bin": "/opt/bin", "x": "/opt/bin/x"}[name]
            places[path] = what or (0o755, 0, 0)
        return others_write(program)

    monkeypatch.setattr(resource.os, "stat", stat)
    monkeypatch.setattr(resource.os.path, "exists", lambda path: path in places)
    monkeypatch.setattr(resource.os.path, "realpath", lambda path: path.replace("/link", "/opt/bin/x"))
    assert told() is None
    assert told("/none/at/all") is None
    assert told(x=(0o755, 1000, 0)) == "/opt/bin/x belongs to uid 1000"
    assert told("/link", x=(0o755, 1000, 0)) == "/opt/bin/x belongs to uid 1000"
    assert told(x=(0o757, 0, 0)) == "everybody may write to /opt/bin/x"
    assert told(bin=(0o777, 0, 0)) == "everybody may write to /opt/bin"
    assert told(bin=(0o1777, 0, 0)) is None
    assert told(bin=(0o775, 0, 50)) == "the group with gid 50 may write to /opt/bin"
    assert told(bin=(0o775, 0, 0)) is None
    # a folder further up may be moved away, and what is missing may be put into a sticky folder by anybody
    assert told(opt=(0o755, 1000, 0)) == "/opt belongs to uid 1000"
    assert told("/opt/bin/missing", bin=(0o1777, 0, 0)) == "everybody may write to /opt/bin"
