# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sudo rules: what is wrong with them, and the text of the file that gives them; pure.

The file is /etc/sudoers.d/ssm-agent-users. The SSM agent writes it itself, with every right for ssm-user, when
neither the file nor that user is there; so "no rights" is a file of comments and never a missing file.

A command is what sudoers(5) calls a command: an absolute path, then arguments in which `*`, `?` and `[...]` are
wildcards and a backslash takes the next character as it is. What sudoers' own syntax would trip over is escaped here;
what cannot be escaped is refused.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from .._reconcile import Problems
from .names import os_group_name_problem, os_user_name_problem

SSM_USER = "ssm-user"
NONE, ALL = "none", "all"

HEADER = """\
# Managed by Ansible (keyless.aws.ssm_sudoers): changes made here are lost.
# Do not delete this file: where it and ssm-user are missing, the SSM agent gives ssm-user every right.
"""

_SETTINGS = ("commands", "run_as", "run_as_groups", "nopasswd", "target_password")
_ANYTHING = "ALL"
_SPECIAL = re.compile(r"([,:=#\\])")


@dataclass(frozen=True)
class _Rule:
    """One rule as sudoers has it: `who` and `run_as` with % for groups, commands already escaped."""

    path: str
    who: str
    run_as: Tuple[str, ...]
    commands: Tuple[str, ...]
    nopasswd: bool
    target_password: bool

    def lines(self) -> List[str]:
        """One line for each command, so that a diff shows the command that came or went."""
        tag = "NOPASSWD:" if self.nopasswd else ""
        return [f"{self.who} ALL=({','.join(self.run_as)}) {tag}{command}" for command in self.commands]


def problems(ssm_user: Any, rules: Any, prefix: str = "") -> List[str]:
    """Everything that is wrong, each as `path: what, and the mend`; `prefix` begins the paths."""
    return _Reader(ssm_user, rules, prefix).problems


def render(ssm_user: Any, rules: Any, prefix: str = "") -> str:
    """The whole text of the file, rules in the order given; raises Problems where there is anything wrong."""
    reader = _Reader(ssm_user, rules, prefix)
    if reader.problems:
        raise Problems(reader.problems)
    lines = [] if any(rule.who == SSM_USER for rule in reader.rules) else [f"# {SSM_USER} has no sudo rights."]
    seen = set()
    for rule in reader.rules:
        if rule.target_password and rule.who not in seen:
            seen.add(rule.who)
            lines.append(f"Defaults:{rule.who} targetpw")
        lines.extend(rule.lines())
    return HEADER + "\n" + "\n".join(lines) + "\n"


def command_problem(command: Any) -> Optional[str]:
    """Say what is wrong with a sudo command and how to mend it; None when nothing is."""
    if not isinstance(command, str):
        return f"{command!r} is not a text; quote the command"
    if not command.isprintable():
        return f"{command!r} has a line break, tab or control character, which would end the rule; take it out"
    if command in (ALL, _ANYTHING):
        return f"'{command}' is not a command; to allow everything give 'commands: all' instead of a list"
    if not command.startswith("/"):
        return f"'{command}' does not begin with an absolute path; give the command's whole path, as in /usr/bin/id"
    path, arguments = _split(command)
    return _path_problem(path) or _arguments_problem(arguments)


def _path_problem(path: str) -> Optional[str]:
    if "\\" in path or '"' in path or "'" in path:
        return f"{path!r} has a backslash or a quote, which sudo cannot have in a command's path; give another path"
    if path.endswith("/"):
        return f"'{path}' is a directory, which would allow every command in it; name the commands"
    if posixpath.basename(path) == "sudoedit":
        return f"'{path}' is refused by sudo, which knows sudoedit only without a path; name another command"
    return None


def _arguments_problem(arguments: str) -> Optional[str]:
    if arguments == '""':  # sudo's own way to say: no arguments
        return None
    if '"' in arguments or "'" in arguments:
        return (
            f"{arguments!r} has quotes, which sudo would look for in the arguments themselves; write the arguments "
            'without them, or only "" for no arguments'
        )
    if arguments.startswith("^"):
        return f"{arguments!r} begins with '^', which newer sudo takes for a regular expression; write '\\^'"
    if (len(arguments) - len(arguments.rstrip("\\"))) % 2:
        return f"{arguments!r} ends with a backslash, which takes the next character as it is; there is none, remove it"
    return None


def _split(command: str) -> Tuple[str, str]:
    """Path and arguments; sudo compares the arguments with single blanks between them."""
    words = command.split(" ")
    return words[0], " ".join(word for word in words[1:] if word)


def _escaped(command: str) -> str:
    path, arguments = _split(command)
    words = [_SPECIAL.sub(r"\\\1", path)]
    if arguments:
        words.append(_SPECIAL.sub(r"\\\1", arguments))
    return " ".join(words)


class _Reader:
    """Takes what people wrote, collects every problem, and keeps the rules that are right."""

    def __init__(self, ssm_user: Any, rules: Any, prefix: str) -> None:
        self.problems: List[str] = []
        self.rules: List[_Rule] = []
        self._read_ssm_user(ssm_user, prefix + "ssm_user")
        self._read_rules(rules, prefix + "rules")
        self._check_passwords()

    def _note(self, path: str, problem: str) -> None:
        self.problems.append(f"{path}: {problem}")

    def _read_ssm_user(self, given: Any, path: str) -> None:
        if given == ALL or _list(given) is not None:
            self._add(path, SSM_USER, {"commands": given})
        elif isinstance(given, Mapping):
            self._check_keys(path, given, _SETTINGS)
            self._add(path, SSM_USER, given)
        elif given != NONE:
            self._note(
                path, f"{given!r} is neither 'none' nor 'all'; give one of them, a list of commands, or a mapping"
            )

    def _read_rules(self, given: Any, path: str) -> None:
        rules = _list(given)
        if rules is None:
            self._note(path, f"{given!r} is not a list; give a list of rules, [] for none")
            return
        for number, rule in enumerate(rules):
            here = f"{path}[{number}]"
            if not isinstance(rule, Mapping):
                self._note(here, f"{rule!r} is not a mapping; give user or group, and commands")
                continue
            self._check_keys(here, rule, ("user", "group") + _SETTINGS)
            who = self._who(here, rule)
            self._add(here, who, rule)

    def _check_keys(self, path: str, given: Mapping[Any, Any], known: Sequence[str]) -> None:
        for key in given:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, 1)
                hint = f"did you mean '{near[0]}'?" if near else "possible are " + ", ".join(known)
                self._note(path, f"no option '{key}'; {hint}")

    def _add(self, path: str, who: str, given: Mapping[Any, Any]) -> None:
        before = len(self.problems)
        target_password = self._flag(path, given, "target_password", False)
        nopasswd = self._flag(path, given, "nopasswd", not target_password)
        if nopasswd and target_password:
            self._note(f"{path}.nopasswd", "true asks for no password at all, target_password for one; give only one")
        commands = self._commands(path, given)
        run_as = self._run_as(path, given, commands)
        if who and len(self.problems) == before:
            self.rules.append(_Rule(path, who, tuple(run_as), tuple(commands), nopasswd, target_password))

    def _who(self, path: str, rule: Mapping[Any, Any]) -> str:
        user, group = rule.get("user"), rule.get("group")
        if (user is None) == (group is None):
            self._note(path, "a rule is for one user or one group; give exactly one of user and group")
            return ""
        if user is None:
            problem = _group_problem(group)
            if problem is not None:
                self._note(f"{path}.group", problem)
            return f"%{group}"
        problem = os_user_name_problem(user)
        if problem is None and user == SSM_USER:
            problem = f"the rights of '{SSM_USER}' are given by the option ssm_user; move the rule there"
        if problem is not None:
            self._note(f"{path}.user", problem)
        return str(user)

    def _commands(self, path: str, given: Mapping[Any, Any]) -> List[str]:
        wanted, here = given.get("commands"), f"{path}.commands"
        if wanted is None and given.get("run_as_groups"):
            wanted = ALL
        if wanted == ALL:
            return [_ANYTHING]
        commands = _list(wanted)
        if commands is None:
            what = "is missing" if wanted is None else f"{wanted!r} is not a list"
            self._note(here, f"{what}; give a list of commands, or 'all'")
            return []
        if not commands:
            self._note(here, "the list is empty; name commands, or leave the rule out")
        for number, command in enumerate(commands):
            problem = command_problem(command)
            if problem is not None:
                self._note(f"{here}[{number}]", problem)
        return [_escaped(str(command)) for command in commands]

    def _run_as(self, path: str, given: Mapping[Any, Any], commands: Sequence[str]) -> List[str]:
        """Whom the commands may be run as; by default root, or anybody where everything is allowed anyway."""
        users = self._names(path, given, "run_as")
        groups = self._names(path, given, "run_as_groups")
        if users is None and groups is None:
            return [_ANYTHING if list(commands) == [_ANYTHING] else "root"]
        if not users and not groups:
            self._note(f"{path}.run_as", "the list is empty, so nothing could be run; name a user, such as root")
        for number, user in enumerate(users or []):
            problem = None if user == _ANYTHING else os_group_name_problem(user)
            if problem is not None:
                self._note(f"{path}.run_as[{number}]", problem)
        for number, group in enumerate(groups or []):
            problem = _group_problem(group)
            if problem is not None:
                self._note(f"{path}.run_as_groups[{number}]", problem)
        return [str(user) for user in users or []] + [f"%{group}" for group in groups or []]

    def _names(self, path: str, given: Mapping[Any, Any], key: str) -> Optional[List[Any]]:
        wanted = given.get(key)
        names = _list(wanted)
        if wanted is not None and names is None:
            self._note(f"{path}.{key}", f"{wanted!r} is not a list; give a list of names")
        return names

    def _flag(self, path: str, given: Mapping[Any, Any], key: str, default: bool) -> bool:
        value = given.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._note(f"{path}.{key}", f"{value!r} is neither true nor false")
        return bool(value)

    def _check_passwords(self) -> None:
        """Sudo's targetpw counts for a user or group as a whole, not for one rule."""
        target = {rule.who: rule.path for rule in self.rules if rule.target_password}
        for rule in self.rules:
            if rule.who in target and not rule.target_password and not rule.nopasswd:
                self._note(
                    f"{rule.path}.target_password",
                    f"{target[rule.who]} makes sudo ask '{rule.who}' for the target's password in every rule; "
                    "give target_password: true here too, or nopasswd: true",
                )


def _group_problem(name: Any) -> Optional[str]:
    if isinstance(name, str) and name.startswith("%"):
        return f"'{name}' has sudo's sign for groups in it; give '{name[1:]}'"
    return os_group_name_problem(name)


def _list(value: Any) -> Optional[List[Any]]:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, (str, bytes)) else None
