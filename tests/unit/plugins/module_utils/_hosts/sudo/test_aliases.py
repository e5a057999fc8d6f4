# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Aliases, tags, digests, and the target's password for single commands: their text, and what is refused."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.commands import digest_problem, has_wildcards
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudoers import TAGS, problems, render
from hypothesis import given
from hypothesis import strategies as st

SHA = "sha256:" + "0a" * 32
VISUDO = shutil.which("visudo", path="/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin")


def text_of(rules: list[dict[str, Any]], aliases: Any = None) -> str:
    """What means something; sudo, where there is one, finds it right."""
    text = render("none", rules, aliases=aliases)
    if VISUDO is not None:
        checked = subprocess.run([VISUDO, "-cf", "-"], input=text.encode(), capture_output=True, check=False)
        assert checked.returncode == 0, checked.stderr.decode() + text
    return "\n".join(line for line in text.splitlines() if line and not line.startswith("#"))


def test_aliases_stand_before_the_rules_that_name_them() -> None:
    aliases = {
        "commands": {"NGINX": ["/bin/systemctl restart nginx", {"command": "/bin/x", "digests": [SHA]}]},
        "users": {"ONCALL": ["taro", "%web"]},
        "run_as": {"DB": ["postgres", "root"]},
    }
    rules = [{"user": "ONCALL", "commands": ["NGINX", "/bin/id"], "run_as": ["DB"]}]
    assert text_of(rules, aliases) == (
        "User_Alias ONCALL = \\\n    taro, \\\n    %web\n"
        "Runas_Alias DB = \\\n    postgres, \\\n    root\n"
        f"Cmnd_Alias NGINX = \\\n    /bin/systemctl restart nginx, \\\n    {SHA} /bin/x\n"
        "ONCALL ALL=(DB) NOPASSWD:NGINX\n"
        "ONCALL ALL=(DB) NOPASSWD:/bin/id"
    )


@pytest.mark.parametrize("tag", TAGS)
def test_every_tag(tag: str) -> None:
    rule = {"user": "taro", "commands": ["/bin/id"], "tags": [tag]}
    assert text_of([rule]) == f"taro ALL=(root) NOPASSWD:{tag}:/bin/id"
    assert text_of([dict(rule, nopasswd=False)]) == f"taro ALL=(root) {tag}:/bin/id"


def test_digests_are_alternatives() -> None:
    other = "sha224:" + "a" * 38 + "=="
    rule = {"user": "taro", "commands": [{"command": "/bin/id -u", "digests": [SHA, other]}]}
    assert text_of([rule]) == f"taro ALL=(root) NOPASSWD:{SHA}, {other} /bin/id -u"


def test_the_target_password_of_a_command_counts_for_it_alone() -> None:
    aliases = {"commands": {"STOP": ["/bin/halt"]}}
    commands = ["/bin/id", {"command": "/bin/su -", "target_password": True}]
    rules = [
        {"user": "taro", "commands": commands},
        {"group": "web", "commands": [{"command": "STOP", "target_password": True}], "run_as": ["jiro"]},
    ]
    assert text_of(rules, aliases) == (
        "Cmnd_Alias STOP = /bin/halt\n"
        "Cmnd_Alias KEYLESS_TARGETPW = /bin/su -, STOP\n"
        "Defaults!KEYLESS_TARGETPW targetpw\n"
        "taro ALL=(root) NOPASSWD:/bin/id\n"
        "taro ALL=(root) /bin/su -\n"
        "%web ALL=(jiro) STOP"
    )


@pytest.mark.parametrize(
    ("rule", "path", "said"),
    [
        ({"commands": ["/bin/id"], "tags": ["NOPASSWD"]}, "rules[0].tags[0]", "said by nopasswd"),
        ({"commands": ["/bin/id"], "tags": ["noexec"]}, "rules[0].tags[0]", "no tag 'noexec'"),
        ({"commands": ["/bin/id"], "tags": [["x"]]}, "rules[0].tags[0]", "no tag ['x']"),
        ({"commands": ["/bin/id"], "tags": ["NOEXEC", "EXEC"]}, "rules[0].tags[1]", "with its opposite"),
        ({"commands": ["/bin/id"], "tags": "NOEXEC"}, "rules[0].tags", "is not a list"),
        ({"commands": ["WEB"]}, "rules[0].commands[0]", "no alias 'WEB' among aliases.commands; did you mean 'WEBB'?"),
        ({"commands": [{"command": "id"}]}, "rules[0].commands[0]", "absolute path"),
        ({"commands": [{}]}, "rules[0].commands[0]", "None is not a text"),
        ({"commands": [{"command": "/bin/id", "digest": SHA}]}, "rules[0].commands[0]", "did you mean 'digests'?"),
        ({"commands": [{"command": "/bin/id", "digests": SHA}]}, "rules[0].commands[0].digests", "is not a list"),
        ({"commands": [{"command": "/bin/id", "digests": ["x"]}]}, "rules[0].commands[0].digests[0]", "no digest"),
        ({"commands": [{"command": "WEBB", "digests": [SHA]}]}, "rules[0].commands[0].digests", "is an alias"),
        (
            {"commands": [{"command": "/bin/id", "target_password": "yes"}]},
            "rules[0].commands[0].target_password",
            "neither true nor false",
        ),
        (
            {"commands": [{"command": "/bin/id", "target_password": True}], "nopasswd": True},
            "rules[0].commands[0].target_password",
            "give only one",
        ),
    ],
)
def test_what_is_refused_in_a_rule(rule: dict[str, Any], path: str, said: str) -> None:
    (problem,) = problems("none", [dict(rule, user="taro")], aliases={"commands": {"WEBB": ["/bin/a"]}})
    assert problem.startswith(f"{path}: ")
    assert said in problem


@pytest.mark.parametrize(
    ("aliases", "path", "said"),
    [
        ([], "aliases", "is not a mapping"),
        ({"command": {}}, "aliases", "did you mean 'commands'?"),
        ({"commands": ["/bin/id"]}, "aliases.commands", "is not a mapping"),
        ({"commands": {"web": ["/bin/id"]}}, "aliases.commands.web", "not a name for an alias"),
        ({"commands": {"WEB\n": ["/bin/id"]}}, "aliases.commands.WEB\n", "not a name for an alias"),
        ({"commands": {1: ["/bin/id"]}}, "aliases.commands.1", "not a name for an alias"),
        ({"commands": {"ALL": ["/bin/id"]}}, "aliases.commands.ALL", "means something else"),
        ({"commands": {"NOEXEC": ["/bin/id"]}}, "aliases.commands.NOEXEC", "means something else"),
        ({"commands": {"KEYLESS_TARGETPW": ["/bin/id"]}}, "aliases.commands.KEYLESS_TARGETPW", "kept"),
        ({"commands": {"WEB": []}}, "aliases.commands.WEB", "not a list that has something"),
        ({"commands": {"WEB": "/bin/id"}}, "aliases.commands.WEB", "not a list that has something"),
        ({"commands": {"WEB": ["OTHER"]}}, "aliases.commands.WEB[0]", "absolute path"),
        (
            {"commands": {"WEB": [{"command": "/bin/id", "target_password": True}]}},
            "aliases.commands.WEB[0].target_password",
            "belongs to the rule",
        ),
        ({"users": {"WEB": ["ssm-user"]}}, "aliases.users.WEB[0]", "by the option ssm_user"),
        ({"users": {"WEB": ["root"]}}, "aliases.users.WEB[0]", "'root'"),
        ({"users": {"WEB": ["%a b"]}}, "aliases.users.WEB[0]", "not a safe name"),
        ({"run_as": {"DB": ["a,b"]}}, "aliases.run_as.DB[0]", "not a safe name"),
    ],
)
def test_what_is_refused_in_aliases(aliases: Any, path: str, said: str) -> None:
    (problem,) = problems("none", [], aliases=aliases)
    assert problem.startswith(f"{path}: ")
    assert said in problem


def test_an_alias_is_known_only_where_its_kind_is_wanted() -> None:
    aliases = {"users": {"WEB": ["taro"]}}
    rules = [{"user": "taro", "commands": ["WEB"], "run_as": ["WEB"]}]
    assert [problem.split(":")[0] for problem in problems("none", rules, aliases=aliases)] == [
        "rules[0].commands[0]",
        "rules[0].run_as[0]",
    ]


def test_who_asks_for_a_password_of_their_own_is_told_of_the_target_of_another_rule() -> None:
    rules = [
        {"user": "taro", "commands": [{"command": "/bin/id", "target_password": True}]},
        {"user": "jiro", "commands": ["/bin/id"], "nopasswd": False},
    ]
    (problem,) = problems("none", rules)
    assert problem.startswith("rules[1].commands[0]: rules[0].commands[0] makes sudo ask everybody")
    assert problems("none", [rules[0], {"user": "jiro", "commands": ["/bin/id"]}]) == []


@pytest.mark.parametrize(
    ("digest", "right"),
    [
        (SHA, True),
        (SHA.upper().replace("SHA", "sha"), True),
        ("sha512:" + "A" * 86 + "==", True),
        ("sha256:abcd", False),
        ("md5:" + "a" * 32, False),
        (SHA + " /bin/sh", False),
        (SHA + "\n", False),
        (5, False),
    ],
)
def test_digests(digest: Any, right: bool) -> None:
    assert (digest_problem(digest) is None) == right


def test_an_escaped_wildcard_is_none() -> None:
    assert not has_wildcards(r"a\*b\?\[")
    assert has_wildcards(r"a\\*")


NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{0,10}", fullmatch=True)


@given(st.dictionaries(NAMES | st.text(), st.lists(st.text() | st.just("/bin/id"), max_size=2)))
def test_aliases_are_refused_or_stay_on_their_lines(commands: dict[str, list[str]]) -> None:
    aliases = {"commands": commands}
    if problems("none", [], aliases=aliases) == []:
        text = render("none", [], aliases=aliases)
        begun = [line for line in text.split("\n") if line.startswith("Cmnd_Alias ")]
        assert len(begun) == len(commands)
        assert all(line.startswith(("Cmnd_Alias ", "    /", "#")) for line in text.split("\n") if line)
