# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listings of sudo and sudo-rs, sudo's files, and what comes out when they are compared with rules."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.compare import (
    compared,
    expected,
    loosened,
    people,
    told,
)
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.files import (
    Folders,
    Person,
    Tree,
    meant,
    read_tree,
)
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.listing import as_sudo_rs, rights_of_listing
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudoers import read, render
from hypothesis import given
from hypothesis import strategies as st

OWN = "/etc/sudoers.d/ssm-agent-users"
TARO = Person("taro", 1001, frozenset(["taro", "web"]), frozenset([1001, 2000]))
SHA = "sha256:" + "a" * 64

RULES: list[dict[str, Any]] = [
    {"group": "web", "commands": ["/usr/bin/id -u", r"/usr/bin/printf %s a:b\,c=d#e"], "tags": ["SETENV", "NOEXEC"]},
    {"user": "taro", "commands": ["LS", {"command": "/bin/x", "digests": [SHA]}], "run_as": ["GAMES"]},
    {"user": "taro", "commands": "all", "run_as_groups": ["admin", "devel"], "target_password": True},
    {"user": "jiro", "commands": ["/bin/not-his"]},
]
ALIASES = {"commands": {"LS": ["/bin/ls", '/bin/ps ""']}, "run_as": {"GAMES": ["games", "%play"]}}

# As sudo 1.9.16 prints it; the order of tags is its own.
LISTING = rf"""Matching Defaults entries for taro on host:
    env_reset, targetpw

User taro may run the following commands on host:
    (root) SETENV: NOEXEC: NOPASSWD: /usr/bin/id -u
    (root) SETENV: NOEXEC: NOPASSWD: /usr/bin/printf %s a\:b\,c\=d\#e
    (games, %play) NOPASSWD: /bin/ls, /bin/ps ""
    (games, %play) NOPASSWD: {SHA} /bin/x
    (%admin, %devel) ALL
"""
# As sudo-rs 0.2.5 prints it.
LISTING_RS = r"""User taro may run the following commands on host:
    (root) NOEXEC: NOPASSWD: /usr/bin/id -u
    (root) NOEXEC: NOPASSWD: /usr/bin/printf %s a:b\,c=d#e
    (GAMES) NOPASSWD: /usr/bin/ls, /usr/bin/ps
    (GAMES) NOPASSWD: /usr/bin/x
    (%admin, %devel) ALL
"""


def tree_of(files: dict[str, str]) -> Tree:
    def names(folder: str) -> list[str]:
        return [path[len(folder) + 1 :] for path in files if path.startswith(folder + "/")]

    return read_tree("/etc/sudoers", Folders(files.get, names, "host"))


def more_of(listing: str, files: dict[str, str]) -> list[dict[str, Any]]:
    wanted = expected(read("none", RULES, aliases=ALIASES), TARO)
    more: list[dict[str, Any]] = compared(wanted, rights_of_listing(listing), tree_of(files), TARO, OWN)["more"]
    return more


def test_a_listing_of_exactly_the_rules() -> None:
    wanted = expected(read("none", RULES, aliases=ALIASES), TARO)
    assert compared(wanted, rights_of_listing(LISTING), Tree(), TARO, OWN) == {"more": [], "missing": []}


def test_a_listing_of_sudo_rs() -> None:
    def real(path: str) -> str:
        return path.replace("/bin/", "/usr/bin/") if path.startswith("/bin/") else path

    wanted = [as_sudo_rs(right, real) for right in expected(read("none", RULES, aliases=ALIASES), TARO)]
    listed = [as_sudo_rs(right, real) for right in rights_of_listing(LISTING_RS, ALIASES["run_as"])]
    assert compared(wanted, listed, Tree(), TARO, OWN) == {"more": [], "missing": []}


def test_our_own_file_reads_as_the_rules() -> None:
    tree = tree_of({"/etc/sudoers": f"@include {OWN}\n", OWN: render("none", RULES, aliases=ALIASES)})
    given = [right for spec in tree.specs if meant(tree, spec.users, TARO) for right in tree.rights(spec)]
    assert given == expected(read("none", RULES, aliases=ALIASES), TARO)


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("(ALL : ALL) ALL", "%web ALL=(ALL:ALL) ALL"),
        ("(ALL) NOPASSWD: ALL", "ALL ALL = (ALL) NOPASSWD: ALL"),
        ("(root) /bin/vi", "taro ALL = /bin/vi"),
        ("(root) /bin/vi", "#1001 ALL=/bin/vi # by hand"),
        ("(root) /bin/vi", "%#2000 host = /bin/vi"),
        ("(root) /bin/vi", "jiro , taro ALL=/bin/vi"),
        ("(root) /bin/vi", '"taro" ALL=/usr/bin/id, /bin/vi'),
        ("(root) /bin/vi", "PEOPLE ALL=EDIT"),
        ("(root) /bin/vi", "ALL, !jiro ALL=/bin/vi"),
        ("(games) /bin/vi", "taro ALL=(root) /usr/bin/id, (games) /bin/vi"),
        ("(root) /bin/vi", "taro a, b = (games) NOPASSWD: /bin/x : c = (root) /bin/vi"),
        (r"(root) NOPASSWD: /bin/x a\,b\=c", r"taro ALL=(root) NOPASSWD:/bin/x a\,b\=c"),
        ("(root) NOPASSWD: /bin/y", "taro ALL=(root) NOPASSWD:/bin/x, /bin/y"),
        ("(root) /bin/y", "taro ALL=(root) NOPASSWD:/bin/x, PASSWD: /bin/y"),
    ],
)
def test_the_line_that_gives_more_is_found(entry: str, line: str) -> None:
    text = "# a comment\nUser_Alias PEOPLE = jiro, %web : OTHERS = saburo\nCmnd_Alias EDIT = /bin/id, \\\n  /bin/vi\n\n"
    files = {"/etc/sudoers": "Defaults env_reset\n#includedir /etc/sudoers.d\n", OWN: "taro ALL=(x) /bin/ours\n"}
    files["/etc/sudoers.d/aa"] = f"{text}jiro ALL=(ALL:ALL) ALL\n{line}\n"
    (more,) = more_of(LISTING + f"    {entry}\n", files)
    assert more["certain"]
    assert [(spec["file"], spec["line"]) for spec in more["granted_by"]] == [("/etc/sudoers.d/aa", 7)]
    (sentence,) = told("taro", {"more": [more], "missing": []})
    assert "it comes from /etc/sudoers.d/aa:7 (" in sentence


def test_a_line_that_goes_on_has_the_number_of_its_first() -> None:
    tree = tree_of({"/etc/sudoers": "\n\ntaro ALL = \\\n /bin/a, \\\n /bin/b\njiro ALL=ALL\n"})
    assert [(spec.line, spec.users) for spec in tree.specs] == [(3, ("taro",)), (6, ("jiro",))]
    assert [right.command for right in tree.rights(tree.specs[0])] == ["/bin/a", "/bin/b"]


def test_an_escaped_backslash_joins_no_lines() -> None:
    tree = tree_of({"/etc/sudoers": "taro ALL = /bin/a \\\\\njiro ALL=ALL\n"})
    assert [(spec.line, spec.users) for spec in tree.specs] == [(1, ("taro",)), (2, ("jiro",))]


def test_which_files_are_read_and_in_which_order() -> None:
    files = {
        "/etc/sudoers": '@include "sudoers.%h"\n@includedir /etc/sudoers.d\n#include /etc/sudoers.local\n# include x\n',
        "/etc/sudoers.host": "@include /etc/sudoers\n",
        "/etc/sudoers.d/b": "",
        "/etc/sudoers.d/a": "",
        "/etc/sudoers.d/c~": "",
        "/etc/sudoers.d/d.rpmsave": "",
        "/etc/sudoers.local": "",
    }
    files["/etc/sudoers.host"] = ""
    assert tree_of(files).files == [
        "/etc/sudoers", "/etc/sudoers.host", "/etc/sudoers.d/a", "/etc/sudoers.d/b", "/etc/sudoers.local",
    ]  # fmt: skip


def test_a_file_that_includes_itself_ends() -> None:
    again = "@include /etc/sudoers\n@include /etc/sudoers.other\n"
    assert tree_of({"/etc/sudoers": again, "/etc/sudoers.other": again}).files == ["/etc/sudoers", "/etc/sudoers.other"]


def test_what_no_file_gives_comes_from_elsewhere() -> None:
    (more,) = more_of(LISTING + "    (root) /bin/ldap\n", {"/etc/sudoers": "jiro ALL=ALL\n"})
    assert more["granted_by"] == []
    (sentence,) = told("taro", {"more": [more], "missing": []})
    assert "nsswitch.conf" in sentence


def test_lines_that_may_be_it_are_named_as_such() -> None:
    (more,) = more_of(LISTING + "    (root) /bin/odd\n", {"/etc/sudoers": "%web ALL=(root) +strange\n"})
    assert not more["certain"]
    (sentence,) = told("taro", {"more": [more], "missing": []})
    assert "it may come from /etc/sudoers:1 (%web ALL=(root) +strange)" in sentence


def test_what_is_missing_is_told() -> None:
    wanted = expected(read("none", RULES, aliases=ALIASES), TARO)
    found = compared(wanted, rights_of_listing(LISTING.replace("NOEXEC: ", "")), Tree(), TARO, OWN)
    assert [item["right"] for item in found["more"]] == [
        "(root) SETENV: NOPASSWD: /usr/bin/id -u",
        r"(root) SETENV: NOPASSWD: /usr/bin/printf %s a\:b\,c\=d\#e",
    ]
    assert len(found["missing"]) == 2
    assert len(list(told("taro", found))) == 4


def test_nobody_is_expected_to_have_what_others_have() -> None:
    reader = read("none", RULES, aliases=ALIASES)
    assert expected(reader, Person("saburo", 1003)) == []
    assert [right.command for right in expected(reader, Person("jiro", 1002))] == ["/bin/not-his"]
    assert list(people(reader)) == ["%web", "taro", "taro", "jiro"]


def test_an_alias_of_users_is_everybody_in_it() -> None:
    reader = read("none", [{"user": "TEAM", "commands": ["/bin/id"]}], aliases={"users": {"TEAM": ["jiro", "%web"]}})
    assert list(people(reader)) == ["jiro", "%web"]
    assert len(expected(reader, TARO)) == 1
    assert expected(reader, Person("saburo", 1003)) == []


def test_a_wildcard_is_not_its_escaped_self() -> None:
    (one,) = rights_of_listing("User a may run the following commands on b:\n    (root) /bin/ls *\n")
    (other,) = rights_of_listing("User a may run the following commands on b:\n    (root) /bin/ls \\*\n")
    assert one != other


@given(st.text(), st.text())
def test_nothing_that_stands_in_files_is_too_much(first: str, second: str) -> None:
    tree = tree_of({"/etc/sudoers": first + "\n@includedir /d\n", "/d/x": f"taro ALL=({second}) {first}"})
    for spec in tree.specs:
        meant(tree, spec.users, TARO)
        list(tree.rights(spec))
    rights_of_listing("User a may run the following commands on b:\n" + first)


@pytest.mark.parametrize(
    ("settings", "how", "line", "certain"),
    [
        ("targetpw", None, "", True),
        ("targetpw, !authenticate, authenticate", None, "", True),
        ("targetpw, exempt_group=adm", None, "", True),
        ("targetpw,\n    !authenticate", "without a password", "Defaults !authenticate", True),
        ("exempt_group=web, targetpw", "without a password", "Defaults:taro exempt_group=web", True),
        ("targetpw, !targetpw", "with a password other than the target's", "Defaults:taro env_reset, !targetpw", True),
        ("env_reset", "with a password other than the target's", "", False),
        ("!authenticate", "without a password", "Defaults!/bin/x !authenticate", False),
    ],
)
def test_settings_that_let_people_in_without_the_password(settings: str, how: str, line: str, certain: bool) -> None:
    listing = LISTING.replace("env_reset, targetpw", settings)
    tree = tree_of({OWN: "Defaults:taro !authenticate\n", "/etc/sudoers": f"@includedir sudoers.d\n{line}\n"})
    found = list(loosened(read("none", RULES, aliases=ALIASES), TARO, listing, tree, OWN))
    lines = [{"file": "/etc/sudoers", "line": 2, "text": line}] if line else []
    more = {"right": f"{how}: (%admin, %devel) ALL", "granted_by": lines, "certain": certain}
    assert found == ([more] if how else [])
