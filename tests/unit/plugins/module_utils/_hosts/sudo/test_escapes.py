# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that give more than they seem to."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.escapes import warnings
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudoers import read


def warned(command: Any, **rule: Any) -> list[str]:
    return warnings(read("none", [dict(rule, user="taro", commands=[command])]))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/usr/bin/vi", "is an editor"),
        ("/usr/bin/vim.basic /etc/motd", "is an editor"),
        ("/usr/bin/nano /etc/motd", "is an editor"),
        ("/usr/bin/less /var/log/syslog", "pager"),
        ("/usr/bin/more", "pager"),
        ("/usr/bin/man ls", "pager"),
        ("/usr/bin/find", "other commands"),
        ("/usr/bin/find /srv *", "other commands"),
        ("/usr/bin/awk", "interpreter"),
        ("/usr/bin/python3.11", "interpreter"),
        ("/usr/bin/python3 /opt/x.py *", "interpreter"),
        ('/usr/bin/python3 ""', "interpreter"),
        ("/usr/bin/perl", "interpreter"),
        ("/bin/tar -cf /srv/a.tar *", "other commands"),
        ("/usr/bin/systemctl", "pager"),
        ("/usr/bin/systemctl status", "pager"),
        ("/usr/bin/systemctl status nginx", "pager"),
        ("/usr/bin/systemctl --user status nginx", "pager"),
        ("/usr/bin/systemctl *", "pager"),
        ("/usr/bin/journalctl -u nginx", "pager"),
        ("/usr/bin/git log", "pager"),
        ("/usr/bin/git", "pager"),
        ("/usr/bin/git pull *", "other commands"),
        ("/usr/bin/env", "other commands"),
        ("/bin/bash", "is a shell"),
        ('/bin/bash ""', "is a shell"),
        ("/bin/su - postgres", "gives a shell"),
        ("/usr/bin/mysql app", "gives a shell"),
        ("/usr/bin/tee", "changes any file"),
        ("/usr/bin/cp * /srv", "changes any file"),
    ],
)
def test_programs_that_give_a_shell_or_any_file(command: str, said: str) -> None:
    found = [text for text in warned(command) if "wildcards in the" not in text]
    assert len(found) == 1
    assert found[0].startswith(f"rules[0].commands[0]: '{command}' ")
    assert said in found[0]


@pytest.mark.parametrize(
    "command",
    [
        "/usr/bin/id",
        "/usr/bin/systemctl restart nginx",
        "/usr/bin/systemctl --no-pager status nginx",
        "/usr/bin/journalctl --no-pager -u nginx",
        "/usr/bin/git pull",
        "/usr/bin/find /srv -name x",
        "/bin/tar -cf /srv/a.tar /srv/a",
        "/usr/bin/python3 /opt/x.py",
        "/bin/bash /opt/x.sh",
        "/usr/bin/tee /srv/x",
        r"/usr/bin/find /srv -name \*",
        "/opt/viewer",
    ],
)
def test_what_is_as_narrow_as_it_seems(command: str) -> None:
    assert warned(command) == []


def test_everything_is_meant() -> None:
    assert warnings(read("all", [{"user": "taro", "commands": "all"}])) == []


def test_noexec_stops_pagers_and_runners_but_not_editors_and_interpreters() -> None:
    for command in ("/usr/bin/less /x", "/usr/bin/journalctl", "/usr/bin/systemctl status", "/usr/bin/find"):
        assert warned(command)
        assert warned(command, tags=["NOEXEC"]) == []
    for command in ("/usr/bin/vi", "/usr/bin/python3"):
        assert warned(command, tags=["NOEXEC"])


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/usr/local/bin/*", "wildcards in the path"),
        ("/usr/bin/id[a]", "wildcards in the path"),
        ("/usr/bin/cat /var/log/*", "wildcards in the arguments"),
        ("/usr/bin/cat a?", "wildcards in the arguments"),
    ],
)
def test_wildcards(command: str, said: str) -> None:
    (found,) = warned(command)
    assert said in found


def test_any_arguments_are_what_a_command_without_arguments_has_anyway() -> None:
    assert warned("/usr/bin/id *") == []


def test_an_alias_is_told_once_and_where_it_stands() -> None:
    rules = [{"user": name, "commands": ["WEB"]} for name in ("taro", "jiro")]
    (found,) = warnings(read("none", rules, "my_", {"commands": {"WEB": ["/bin/vi", "/bin/id"]}}))
    assert found.startswith("my_aliases.commands.WEB[0]: '/bin/vi' is an editor")
