# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is accepted, sudo's own programs read as exactly the rights that were asked for, and no more."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.commands import command_problem, plain_commas
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.compare import expected
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.files import Folders, Person, meant, read_tree
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudoers import problems, read, render
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st


def program(name: str) -> str | None:
    return shutil.which(name, path="/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin")


VISUDO, CVTSUDOERS = program("visudo"), program("cvtsudoers")

needs_sudo = pytest.mark.skipif(
    VISUDO is None or CVTSUDOERS is None, reason="sudo rules are not shown to sudo itself: the package sudo is missing"
)

NAMES = st.from_regex(r"[a-z_][a-z0-9_-]{0,31}", fullmatch=True).filter(lambda name: name not in ("root", "ssm-user"))
# Mostly what may be trouble in sudoers, and is accepted all the same.
PIECES = st.sampled_from(
    ["\\,", *"ab ,:=#!*?[]^$()%@+~-.{}<>|&;é", "\\\\", "\\*", "\\ ", "\\#", " #", "a^b", "#include /x", " ALL"]
)
WORDS = st.lists(PIECES, max_size=6).map("".join)
PATHS = st.sampled_from(["/bin/a", "/usr/bin/x-y", r"/o\,p/q=r:s#t", "/bin/[ab]?*", "/é(!)%@"])
COMMANDS = st.builds("{} {}".format, PATHS, WORDS | st.just('""'))
ACCEPTED = COMMANDS.filter(lambda text: command_problem(text) is None)
ANYTHING = st.text() | st.builds("/bin/a {}{}".format, WORDS, st.text(st.sampled_from("\\\n\r\t\0\"' ^$"), max_size=3))
LISTS = st.lists(NAMES, min_size=1, max_size=3)
RIGHTS = {
    "commands": st.just("all") | st.lists(ACCEPTED, min_size=1, max_size=3),
    "run_as": st.none() | LISTS | st.just(["ALL"]),
    "run_as_groups": st.none() | LISTS,
    "nopasswd": st.none() | st.booleans(),
    "target_password": st.none() | st.booleans(),
}
SSM_USERS = st.sampled_from(["none", "all"]) | st.fixed_dictionaries(RIGHTS)
RULES = st.lists(
    st.fixed_dictionaries({"user": NAMES, **RIGHTS}) | st.fixed_dictionaries({"group": NAMES, **RIGHTS}), max_size=3
)


def sudo_reads(text: str) -> list[dict[str, Any]]:
    """The rights that sudo finds in `text`, one for each command."""
    checked = subprocess.run([str(VISUDO), "-cf", "-"], input=text.encode(), capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr.decode(errors="replace") + text
    converted = subprocess.run(
        [str(CVTSUDOERS), "-f", "json", "-"], input=text.encode(), capture_output=True, check=False
    )
    assert converted.returncode == 0, converted.stderr.decode(errors="replace") + text
    read = json.loads(converted.stdout or "{}")  # it says nothing about a file of comments
    target_password = [who for default in read.get("Defaults", []) for who in default["Binding"]]
    for default in read.get("Defaults", []):
        assert default["Options"] == [{"targetpw": True}]
    found = []
    for spec in read.get("User_Specs", []):
        (who,) = spec["User_List"]
        assert spec["Host_List"] == [{"hostname": "ALL"}]
        for rights in spec["Cmnd_Specs"]:
            options = {name: value for option in rights.get("Options", []) for name, value in option.items()}
            for command in rights["Commands"]:
                found.append(
                    {
                        "who": who,
                        "run_as": rights["runasusers"],
                        "command": command["command"],
                        "asks": options.get("authenticate", True),
                        "target": who in target_password,
                    }
                )
    return found


def asked_for(who: dict[str, str], rights: dict[str, Any], target: bool) -> list[dict[str, Any]]:
    commands = ["ALL"] if rights["commands"] == "all" else [single_blanks(text) for text in rights["commands"]]
    run_as = [{"username": name} for name in rights["run_as"] or []]
    run_as += [{"usergroup": name} for name in rights["run_as_groups"] or []]
    if not run_as:
        run_as = [{"username": "ALL" if rights["commands"] == "all" else "root"}]
    asks = bool(rights["target_password"]) if rights["nopasswd"] is None else not rights["nopasswd"]
    return [{"who": who, "run_as": run_as, "command": text, "asks": asks, "target": target} for text in commands]


def single_blanks(command: str) -> str:
    return plain_commas(" ".join(word for word in command.split(" ") if word))


@needs_sudo
@settings(max_examples=150, deadline=None)
@given(ssm_user=SSM_USERS, rules=RULES)
def test_sudo_reads_what_was_asked_for(ssm_user: Any, rules: list[dict[str, Any]]) -> None:
    assume(problems(ssm_user, rules) == [])
    everything = [] if ssm_user == "none" else [("username", "ssm-user", ssm_user)]
    if ssm_user == "all":
        nothing_said = dict.fromkeys(("run_as", "run_as_groups", "nopasswd", "target_password"))
        everything = [("username", "ssm-user", {"commands": "all", **nothing_said})]
    for rule in rules:
        kind = "username" if "user" in rule else "usergroup"
        everything.append((kind, rule.get("user") or rule["group"], rule))
    target = {(kind, name) for kind, name, rights in everything if rights["target_password"]}
    wanted = []
    for kind, name, rights in everything:
        wanted += asked_for({kind: name}, rights, (kind, name) in target)
    assert sudo_reads(render(ssm_user, rules)) == wanted


@example(ssm_user="none", rules=[{"user": "taro", "commands": ["/bin/a \\,("]}])
@given(ssm_user=SSM_USERS, rules=RULES)
def test_the_file_read_back_gives_everybody_what_is_expected(ssm_user: Any, rules: list[dict[str, Any]]) -> None:
    assume(problems(ssm_user, rules) == [])
    tree = read_tree("/f", Folders({"/f": render(ssm_user, rules)}.get, lambda _folder: []))
    people = [Person("ssm-user", 1)]
    people += [
        Person(rule["user"], 2) if "user" in rule else Person("-", 3, frozenset([rule["group"]])) for rule in rules
    ]
    for person in people:
        given_to = [right for spec in tree.specs if meant(tree, spec.users, person) for right in tree.rights(spec)]
        assert list(dict.fromkeys(given_to)) == expected(read(ssm_user, rules), person)


@given(command=COMMANDS | ANYTHING)
def test_a_command_is_refused_or_stays_on_its_line(command: str) -> None:
    rules = [{"user": "taro", "commands": [command]}]
    problem = command_problem(command)
    assert problems("none", rules) == ([] if problem is None else [f"rules[0].commands[0]: {problem}"])
    if problem is None:
        *before, rule, end = render("none", rules).split("\n")
        assert "\n".join([*before, end]) == render("none", [])
        assert rule.isprintable()
        assert rule.startswith("taro ALL=(root) NOPASSWD:/")
        assert (len(rule) - len(rule.rstrip("\\"))) % 2 == 0


@given(
    given_user=st.none() | st.text() | st.dictionaries(st.text(), st.text()), rules=st.lists(st.text() | st.integers())
)
def test_rubbish_is_never_rendered(given_user: Any, rules: list[Any]) -> None:
    assume(given_user not in ("none", "all") or rules)
    assert problems(given_user, rules) != []
