# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sudo rules: what is wrong with them, and the text of the file that gives them; pure.

The file is /etc/sudoers.d/ssm-agent-users. The SSM agent writes it itself, with every right for ssm-user, when
neither the file nor that user is there; so "no rights" is a file of comments and never a missing file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Tuple

from .._reconcile import Problems
from .names import os_group_name_problem, os_user_name_problem
from .sudo.aliases import OWN, Aliases, as_list, nearest, read_aliases, read_command
from .sudo.commands import ALL, ANYTHING, Command

SSM_USER = "ssm-user"
NONE = "none"

HEADER = """\
# Managed by Ansible (keyless.aws.ssm_sudoers): changes made here are lost.
# Do not delete this file: where it and ssm-user are missing, the SSM agent gives ssm-user every right.
"""

# In sudoers' own words, but for what nopasswd says already.
TAGS = (
    "NOEXEC", "EXEC", "SETENV", "NOSETENV", "LOG_INPUT", "NOLOG_INPUT", "LOG_OUTPUT", "NOLOG_OUTPUT", "MAIL", "NOMAIL",
    "INTERCEPT", "NOINTERCEPT",
)  # fmt: skip
_SETTINGS = ("commands", "run_as", "run_as_groups", "tags", "nopasswd", "target_password")


@dataclass(frozen=True)
class Rule:
    """One rule as sudoers has it: `who` and `run_as` with % for groups, or the names of aliases."""

    path: str
    who: str
    run_as: Tuple[str, ...]
    commands: Tuple[Command, ...]
    nopasswd: bool
    target_password: bool
    tags: Tuple[str, ...] = ()

    def tags_of(self, command: Command) -> Tuple[str, ...]:
        return (("NOPASSWD",) if self.nopasswd and not command.target_password else ()) + self.tags

    def lines(self) -> List[str]:
        """One line for each command, so that a diff shows the command that came or went."""
        return [
            f"{self.who} ALL=({','.join(self.run_as)}) "
            + "".join(f"{tag}:" for tag in self.tags_of(command))
            + command.rendered
            for command in self.commands
        ]


def problems(ssm_user: Any, rules: Any, prefix: str = "", aliases: Any = None) -> List[str]:
    """Everything that is wrong, each as `path: what, and the mend`; `prefix` begins the paths."""
    return Reader(ssm_user, rules, prefix, aliases).problems


def render(ssm_user: Any, rules: Any, prefix: str = "", aliases: Any = None) -> str:
    """The whole text of the file, rules in the order given; raises Problems where there is anything wrong."""
    reader = read(ssm_user, rules, prefix, aliases)
    return HEADER + "\n" + "\n".join(_lines(reader)) + "\n"


def read(ssm_user: Any, rules: Any, prefix: str = "", aliases: Any = None) -> Reader:
    """The rules and aliases; raises Problems where there is anything wrong."""
    reader = Reader(ssm_user, rules, prefix, aliases)
    if reader.problems:
        raise Problems(reader.problems)
    return reader


def _lines(reader: Reader) -> Iterator[str]:
    yield from reader.aliases.lines()
    targets = list(dict.fromkeys(c.rendered for rule in reader.rules for c in rule.commands if c.target_password))
    if targets:
        # Defaults of a command with arguments want an alias.
        yield f"Cmnd_Alias {OWN} = {', '.join(targets)}"
        yield f"Defaults!{OWN} targetpw"
    if not any(rule.who == SSM_USER for rule in reader.rules):
        yield f"# {SSM_USER} has no sudo rights."
    seen = set()
    for rule in reader.rules:
        if rule.target_password and rule.who not in seen:
            seen.add(rule.who)
            yield f"Defaults:{rule.who} targetpw"
        yield from rule.lines()


class Reader:
    """Takes what people wrote, collects every problem, and keeps the rules that are right."""

    def __init__(self, ssm_user: Any, rules: Any, prefix: str, aliases: Any = None) -> None:
        self.problems: List[str] = []
        self.rules: List[Rule] = []
        self.aliases: Aliases = read_aliases(aliases, prefix + "aliases", self._note)
        self._read_ssm_user(ssm_user, prefix + "ssm_user")
        self._read_rules(rules, prefix + "rules")
        self._check_passwords()
        self._check_targets()

    def _note(self, path: str, problem: str) -> None:
        self.problems.append(f"{path}: {problem}")

    def _read_ssm_user(self, given: Any, path: str) -> None:
        if given == ALL or as_list(given) is not None:
            self._add(path, SSM_USER, {"commands": given})
        elif isinstance(given, Mapping):
            self._check_keys(path, given, _SETTINGS)
            self._add(path, SSM_USER, given)
        elif given != NONE:
            self._note(
                path, f"{given!r} is neither 'none' nor 'all'; give one of them, a list of commands, or a mapping"
            )

    def _read_rules(self, given: Any, path: str) -> None:
        rules = as_list(given)
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
                self._note(path, f"no option '{key}'; {nearest(str(key), known)}")

    def _add(self, path: str, who: str, given: Mapping[Any, Any]) -> None:
        before = len(self.problems)
        target_password = self._flag(path, given, "target_password", False)
        nopasswd = self._flag(path, given, "nopasswd", not target_password)
        if nopasswd and target_password:
            self._note(f"{path}.nopasswd", "true asks for no password at all, target_password for one; give only one")
        commands = self._commands(path, given)
        if given.get("nopasswd"):
            for command in commands:
                if command.target_password:
                    self._note(f"{command.path}.target_password", f"{path}.nopasswd asks for none; give only one")
        run_as = self._run_as(path, given, commands)
        tags = self._tags(path, given)
        if who and len(self.problems) == before:
            self.rules.append(Rule(path, who, tuple(run_as), tuple(commands), nopasswd, target_password, tuple(tags)))

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
        if isinstance(user, str) and user in self.aliases.users:
            return user
        problem = os_user_name_problem(user)
        if problem is None and user == SSM_USER:
            problem = f"the rights of '{SSM_USER}' are given by the option ssm_user; move the rule there"
        if problem is not None:
            self._note(f"{path}.user", problem)
        return str(user)

    def _commands(self, path: str, given: Mapping[Any, Any]) -> List[Command]:
        wanted, here = given.get("commands"), f"{path}.commands"
        if wanted is None and given.get("run_as_groups"):
            wanted = ALL
        if wanted == ALL:
            return [Command(here, ANYTHING)]
        commands = as_list(wanted)
        if commands is None:
            what = "is missing" if wanted is None else f"{wanted!r} is not a list"
            self._note(here, f"{what}; give a list of commands, or 'all'")
            return []
        if not commands:
            self._note(here, "the list is empty; name commands, or leave the rule out")
        known = self.aliases.commands
        found = [read_command(item, f"{here}[{n}]", self._note, known) for n, item in enumerate(commands)]
        return [command for command in found if command is not None]

    def _tags(self, path: str, given: Mapping[Any, Any]) -> List[str]:
        wanted = self._names(path, given, "tags") or []
        for number, tag in enumerate(wanted):
            here = f"{path}.tags[{number}]"
            if tag in ("NOPASSWD", "PASSWD"):
                self._note(here, f"'{tag}' is said by nopasswd; give that instead")
            elif tag not in TAGS:
                self._note(here, f"no tag {tag!r}; {nearest(str(tag), TAGS)}")
            elif tag in wanted[:number] or (tag[2:] if tag.startswith("NO") else "NO" + tag) in wanted[:number]:
                self._note(here, f"'{tag}' is given twice, or with its opposite; keep one of them")
        return [str(tag) for tag in wanted]

    def _run_as(self, path: str, given: Mapping[Any, Any], commands: Sequence[Command]) -> List[str]:
        """Whom the commands may be run as; by default root, or anybody where everything is allowed anyway."""
        users = self._names(path, given, "run_as")
        groups = self._names(path, given, "run_as_groups")
        if users is None and groups is None:
            return [ANYTHING if [command.text for command in commands] == [ANYTHING] else "root"]
        if not users and not groups:
            self._note(f"{path}.run_as", "the list is empty, so nothing could be run; name a user, such as root")
        for number, user in enumerate(users or []):
            known = user == ANYTHING or (isinstance(user, str) and user in self.aliases.run_as)
            problem = None if known else os_group_name_problem(user)
            if problem is not None:
                self._note(f"{path}.run_as[{number}]", problem)
        for number, group in enumerate(groups or []):
            problem = _group_problem(group)
            if problem is not None:
                self._note(f"{path}.run_as_groups[{number}]", problem)
        return [str(user) for user in users or []] + [f"%{group}" for group in groups or []]

    def _names(self, path: str, given: Mapping[Any, Any], key: str) -> Optional[List[Any]]:
        wanted = given.get(key)
        names = as_list(wanted)
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

    def _check_targets(self) -> None:
        """And that of a command counts for the command, whoever runs it."""
        commands = [(rule, command) for rule in self.rules for command in rule.commands]
        target = {part.text: command.path for _rule, command in commands if command.target_password
                  for part in self.parts(command)}  # fmt: skip
        for rule, command in commands:
            own = command.target_password or rule.target_password or rule.nopasswd
            for part in () if own else self.parts(command):
                if part.text in target:
                    self._note(
                        f"{command.path}",
                        f"{target[part.text]} makes sudo ask everybody for the target's password before "
                        f"'{part.text}'; give target_password: true here too, or nopasswd: true",
                    )

    def parts(self, command: Command) -> Sequence[Command]:
        """The command itself, or those of the alias that it names."""
        return self.aliases.commands[command.text] if command.is_alias else (command,)


def _group_problem(name: Any) -> Optional[str]:
    if isinstance(name, str) and name.startswith("%"):
        return f"'{name}' has sudo's sign for groups in it; give '{name[1:]}'"
    return os_group_name_problem(name)
