# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sudo rules: the text they become, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.commands import command_problem
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudoers import HEADER, problems, render
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems

NGINX = "/usr/bin/systemctl restart nginx"


def rules_of(ssm_user: Any, *rules: dict[str, Any]) -> list[str]:
    """The lines that mean something."""
    return [line for line in render(ssm_user, list(rules)).splitlines() if line and not line.startswith("#")]


# What is rendered


def test_none_is_a_file_of_comments() -> None:
    text = render("none", [])
    assert text.startswith(HEADER)
    assert text.endswith("# ssm-user has no sudo rights.\n")
    assert rules_of("none") == []


def test_no_comment_can_be_taken_for_an_include() -> None:
    assert all(line.startswith("# ") for line in render("none", []).splitlines() if line)


@pytest.mark.parametrize(
    ("ssm_user", "lines"),
    [
        ("all", ["ssm-user ALL=(ALL) NOPASSWD:ALL"]),
        ({"commands": "all"}, ["ssm-user ALL=(ALL) NOPASSWD:ALL"]),
        ([NGINX], [f"ssm-user ALL=(root) NOPASSWD:{NGINX}"]),
        ({"commands": [NGINX]}, [f"ssm-user ALL=(root) NOPASSWD:{NGINX}"]),
        (
            {"commands": ["/usr/bin/id", "/usr/bin/psql *"], "run_as": ["postgres", "root"], "nopasswd": True},
            [
                "ssm-user ALL=(postgres,root) NOPASSWD:/usr/bin/id",
                "ssm-user ALL=(postgres,root) NOPASSWD:/usr/bin/psql *",
            ],
        ),
        (
            {"run_as_groups": ["admin", "devel"], "target_password": True},
            ["Defaults:ssm-user targetpw", "ssm-user ALL=(%admin,%devel) ALL"],
        ),
        ({"run_as_groups": ["admin"]}, ["ssm-user ALL=(%admin) NOPASSWD:ALL"]),
        ({"commands": "all", "run_as": ["root"], "run_as_groups": ["ops"]}, ["ssm-user ALL=(root,%ops) NOPASSWD:ALL"]),
        ({"commands": "all", "nopasswd": False}, ["ssm-user ALL=(ALL) ALL"]),
        ({"commands": ["/bin/id"], "run_as": ["ALL"]}, ["ssm-user ALL=(ALL) NOPASSWD:/bin/id"]),
    ],
)
def test_every_form_of_ssm_user(ssm_user: Any, lines: list[str]) -> None:
    assert rules_of(ssm_user) == lines


def test_ssm_user_with_rights_is_not_said_to_have_none() -> None:
    assert "no sudo rights" not in render("all", [])


def test_rules_for_users_and_groups_keep_their_order() -> None:
    assert rules_of(
        "none",
        {"group": "web-operators", "commands": [NGINX]},
        {"user": "taro", "commands": "all"},
        {"user": "hana", "commands": ["/usr/bin/journalctl"], "run_as": ["www-data"], "nopasswd": False},
    ) == [
        f"%web-operators ALL=(root) NOPASSWD:{NGINX}",
        "taro ALL=(ALL) NOPASSWD:ALL",
        "hana ALL=(www-data) /usr/bin/journalctl",
    ]


def test_targetpw_is_said_once_for_each_user() -> None:
    first = {"user": "taro", "commands": ["/bin/id"], "target_password": True}
    second = {"user": "taro", "commands": ["/bin/ls"], "target_password": True}
    assert rules_of("none", first, second) == [
        "Defaults:taro targetpw",
        "taro ALL=(root) /bin/id",
        "taro ALL=(root) /bin/ls",
    ]


def test_options_that_are_null_have_their_defaults() -> None:
    rule = {"user": "taro", "group": None, "commands": ["/bin/id"], "run_as": None, "run_as_groups": None}
    assert rules_of("none", dict(rule, nopasswd=None, target_password=None)) == ["taro ALL=(root) NOPASSWD:/bin/id"]


@pytest.mark.parametrize(
    ("command", "written"),
    [
        (r"/bin/tar -C /srv x:y\,z=#1", r"/bin/tar -C /srv x\:y\,z\=\#1"),
        (r"/bin/grep \* file", r"/bin/grep \\* file"),
        (r"/bin/grep a\:b", r"/bin/grep a\\\:b"),
        (r"/opt/a\,b:c=d#e/run", r"/opt/a\,b\:c\=d\#e/run"),
        ("/bin/id   -u  taro ", "/bin/id -u taro"),
        ('/bin/id ""', '/bin/id ""'),
        ("/bin/ls /home/*/[a-z]?", "/bin/ls /home/*/[a-z]?"),
        ("/bin/cat /srv/日本", "/bin/cat /srv/日本"),
    ],
)
def test_what_sudoers_would_trip_over_is_escaped(command: str, written: str) -> None:
    assert command_problem(command) is None
    assert rules_of("none", {"user": "taro", "commands": [command]}) == [f"taro ALL=(root) NOPASSWD:{written}"]


# What is refused


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("systemctl restart nginx", "does not begin with an absolute path"),
        ("", "does not begin with an absolute path"),
        (" /bin/id", "does not begin with an absolute path"),
        ("!/bin/su", "unsafe"),
        ("!ALL", "unsafe"),
        (" !/bin/su", "unsafe"),
        ("ALL, !/bin/su", "unsafe"),
        ("/bin/a, /bin/b", "unescaped comma"),
        ("/bin/id a,b", "unescaped comma"),
        (r"/bin/id a\\,b", "unescaped comma"),
        ("/o,p/q", "unescaped comma"),
        ("sudoedit /etc/hosts", "does not begin with an absolute path"),
        ("^/bin/(id|ls)$", "does not begin with an absolute path"),
        ("sha256:abcd /bin/id", "begins with a digest"),
        ("/bin/id\nALL ALL=(ALL) NOPASSWD:ALL", "line break"),
        ("/bin/id\r", "line break"),
        ("/bin/id\0", "control character"),
        ("/bin/id\t-u", "tab"),
        ("/bin/id \u2028", "line break"),
        ("/bin/id \udcff", "control character"),
        ("ALL", "commands: all"),
        ("all", "commands: all"),
        ("/usr/bin/", "is a directory"),
        ("/usr/bin/ id", "is a directory"),
        ("/", "is a directory"),
        ("/usr/bin/sudoedit /etc/hosts", "sudoedit"),
        (r"/opt/my\ tools/run", "backslash"),
        ('/opt/"x"/run', "quote"),
        ("/bin/sh -c 'id -u'", "quotes"),
        ('/bin/sh -c "id"', "quotes"),
        ('/bin/id "" x', "quotes"),
        ("/bin/id ^-u$", "regular expression"),
        ("/bin/id -u\\", "ends with a backslash"),
        ("/bin/id a\\\\\\", "ends with a backslash"),
        (["/bin/id"], "is not a text"),
        (7, "is not a text"),
        (None, "is not a text"),
    ],
)
def test_commands_that_are_refused(command: Any, said: str) -> None:
    problem = command_problem(command)
    assert problem is not None
    assert said in problem
    found = problems("none", [{"user": "taro", "commands": [command]}])
    assert found == [f"rules[0].commands[0]: {problem}"]


def test_a_command_may_end_with_an_escaped_backslash() -> None:
    assert command_problem("/bin/id a\\\\") is None


@pytest.mark.parametrize(
    ("rule", "path", "said"),
    [
        ({"commands": "all"}, "rules[0]", "exactly one of user and group"),
        ({"user": "a", "group": "b", "commands": "all"}, "rules[0]", "exactly one of user and group"),
        ({"user": "taro@example.com", "commands": "all"}, "rules[0].user", "e-mail address"),
        ({"user": 1001, "commands": "all"}, "rules[0].user", "is a number"),
        ({"user": "root", "commands": "all"}, "rules[0].user", "'root'"),
        ({"user": "ALL", "commands": "all"}, "rules[0].user", "upper-case"),
        ({"user": "a\nb", "commands": "all"}, "rules[0].user", "not a safe name"),
        ({"user": "a b", "commands": "all"}, "rules[0].user", "not a safe name"),
        ({"user": "ssm-user", "commands": "all"}, "rules[0].user", "by the option ssm_user"),
        ({"group": "%ops", "commands": "all"}, "rules[0].group", "give 'ops'"),
        ({"group": "o,p", "commands": "all"}, "rules[0].group", "not a safe name"),
        ({"user": "taro"}, "rules[0].commands", "is missing"),
        ({"user": "taro", "commands": []}, "rules[0].commands", "the list is empty"),
        ({"user": "taro", "commands": "/bin/id"}, "rules[0].commands", "is not a list"),
        ({"user": "taro", "commands": {"a": 1}}, "rules[0].commands", "is not a list"),
        ({"user": "taro", "commands": "all", "run_as": "root"}, "rules[0].run_as", "is not a list"),
        ({"user": "taro", "commands": "all", "run_as": []}, "rules[0].run_as", "the list is empty"),
        ({"user": "taro", "commands": "all", "run_as": ["a,b"]}, "rules[0].run_as[0]", "not a safe name"),
        ({"user": "taro", "commands": "all", "run_as": ["#0"]}, "rules[0].run_as[0]", "not a safe name"),
        ({"user": "taro", "commands": "all", "run_as_groups": ["ALL"]}, "rules[0].run_as_groups[0]", "upper-case"),
        ({"user": "taro", "commands": "all", "nopasswd": "yes"}, "rules[0].nopasswd", "neither true nor false"),
        ({"user": "taro", "commands": "all", "command": "/bin/id"}, "rules[0]", "did you mean 'commands'?"),
        ({"user": "taro", "commands": "all", "zzz": 1}, "rules[0]", "possible are user, group, commands"),
        (
            {"user": "taro", "commands": "all", "nopasswd": True, "target_password": True},
            "rules[0].nopasswd",
            "give only one",
        ),
        ("taro", "rules[0]", "is not a mapping"),
    ],
)
def test_rules_that_are_refused(rule: Any, path: str, said: str) -> None:
    (problem,) = problems("none", [rule])
    assert problem.startswith(f"{path}: ")
    assert said in problem


@pytest.mark.parametrize("given", [None, "", "None", "ALL", "full", True, 0])
def test_ssm_user_is_none_all_or_a_mapping(given: Any) -> None:
    (problem,) = problems(given, [])
    assert problem.startswith(f"ssm_user: {given!r} is neither 'none' nor 'all'; give one of them")


def test_ssm_user_is_checked_like_a_rule() -> None:
    assert [problem.split(":")[0] for problem in problems({"user": "taro", "commands": ["id"]}, [])] == [
        "ssm_user",
        "ssm_user.commands[0]",
    ]


def test_a_list_for_ssm_user_is_checked() -> None:
    (problem,) = problems(["/bin/id", "ls"], [])
    assert problem.startswith("ssm_user.commands[1]: 'ls' ")
    assert problems([], [])[0].startswith("ssm_user.commands: the list is empty")


@pytest.mark.parametrize("given", [None, "all", {"user": "taro"}, 3])
def test_rules_are_a_list(given: Any) -> None:
    (problem,) = problems("none", given)
    assert problem.startswith(f"rules: {given!r} is not a list")


def test_one_users_rules_agree_about_the_password() -> None:
    asks = {"user": "taro", "commands": ["/bin/id"], "target_password": True}
    (problem,) = problems("none", [asks, {"user": "taro", "commands": ["/bin/ls"], "nopasswd": False}])
    assert problem.startswith("rules[1].target_password: rules[0] makes sudo ask 'taro'")
    assert problems("none", [asks, {"user": "taro", "commands": ["/bin/ls"]}]) == []
    assert problems("none", [asks, {"user": "hana", "commands": ["/bin/ls"], "nopasswd": False}]) == []


def test_everything_is_said_at_once_and_nothing_rendered() -> None:
    rules = [{"user": "Taro", "commands": ["id", "/bin/ls", "ls"]}, {"group": "%x", "commands": "all"}]
    with pytest.raises(Problems) as caught:
        render("some", rules, prefix="ssm_sudoers_")
    assert [problem.split(":")[0] for problem in caught.value.details["problems"]] == [
        "ssm_sudoers_ssm_user",
        "ssm_sudoers_rules[0].user",
        "ssm_sudoers_rules[0].commands[0]",
        "ssm_sudoers_rules[0].commands[2]",
        "ssm_sudoers_rules[1].group",
    ]
