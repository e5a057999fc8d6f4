# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names for lists of commands, users, and users as whom commands are run; pure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..names import os_group_name_problem, os_user_name_problem
from .commands import Command, command_problem, digest_problem

KINDS = {"commands": "Cmnd_Alias", "users": "User_Alias", "run_as": "Runas_Alias"}
OWN = "KEYLESS_TARGETPW"  # the commands for which the target's password is asked

_NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")
# What sudoers reads as something else, here or in one of its versions.
_TAKEN = re.compile(
    r"ALL\Z|CHROOT\Z|CWD\Z|NOTAFTER\Z|NOTBEFORE\Z|ROLE\Z|TIMEOUT\Z|TYPE\Z|PRIVS\Z|LIMITPRIVS\Z|APPARMOR_PROFILE\Z|"
    r"(NO)?(PASSWD|EXEC|SETENV|LOG_INPUT|LOG_OUTPUT|MAIL|FOLLOW|INTERCEPT)\Z|KEYLESS_"
)

Note = Callable[[str, str], None]


@dataclass
class Aliases:
    commands: Dict[str, Tuple[Command, ...]] = field(default_factory=dict)
    users: Dict[str, Tuple[str, ...]] = field(default_factory=dict)
    run_as: Dict[str, Tuple[str, ...]] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        for name, members in self.users.items():
            yield f"User_Alias {name} = {_listed(members)}"
        for name, members in self.run_as.items():
            yield f"Runas_Alias {name} = {_listed(members)}"
        for name, commands in self.commands.items():
            yield f"Cmnd_Alias {name} = {_listed([command.rendered for command in commands])}"


def _listed(items: Sequence[str]) -> str:
    """One item a line where there are several, so that a diff shows the one that came or went."""
    return items[0] if len(items) == 1 else "".join(f"\\\n    {item}, " for item in items)[: -len(", ")]


def read_aliases(given: Any, path: str, note: Note) -> Aliases:
    """The aliases that are right; what is wrong is told to `note`."""
    aliases = Aliases()
    if given is None:
        return aliases
    if not isinstance(given, Mapping):
        note(path, f"{given!r} is not a mapping; give commands, users or run_as, each with names and lists")
        return aliases
    for kind, named in given.items():
        here = f"{path}.{kind}"
        if kind not in KINDS:
            note(path, f"no kind of alias '{kind}'; {nearest(str(kind), tuple(KINDS))}")
        elif named is not None and not isinstance(named, Mapping):
            note(here, f"{named!r} is not a mapping; give names, and a list for each")
        else:
            for name, items in (named or {}).items():
                _read_alias(aliases, kind, name, items, f"{here}.{name}", note)
    return aliases


def _read_alias(aliases: Aliases, kind: str, name: Any, given: Any, path: str, note: Note) -> None:
    items = as_list(given)
    if not isinstance(name, str) or not _NAME.match(name):
        note(path, f"{name!r} is not a name for an alias; give an upper-case letter, then A-Z, 0-9 and '_'")
    elif _TAKEN.match(name):
        note(path, f"'{name}' means something else in sudoers or is kept for this collection; give another name")
    elif not items:
        note(path, f"{given!r} is not a list that has something in it; give a list, or leave the alias out")
    elif kind == "commands":
        read = [read_command(item, f"{path}[{number}]", note, {}) for number, item in enumerate(items)]
        aliases.commands[name] = tuple(command for command in read if command is not None)
        for command in aliases.commands[name]:
            if command.target_password:
                note(
                    f"{command.path}.target_password", "belongs to the rule; give it there, with the name of the alias"
                )
    else:
        for number, item in enumerate(items):
            problem = member_problem(item, kind)
            if problem is not None:
                note(f"{path}[{number}]", problem)
        {"users": aliases.users, "run_as": aliases.run_as}[kind][name] = tuple(str(item) for item in items)


def member_problem(name: Any, kind: str) -> Optional[str]:
    """What is wrong with a user, or a %group, in an alias."""
    if isinstance(name, str) and name.startswith("%"):
        return os_group_name_problem(name[1:])
    if kind == "run_as":
        return None if name == "root" else os_user_name_problem(name)
    if name == "ssm-user":
        return "the rights of 'ssm-user' are given by the option ssm_user; leave it out of aliases"
    return os_user_name_problem(name)


def read_command(item: Any, path: str, note: Note, known: Mapping[str, Any]) -> Optional[Command]:
    """A command as a text or as a mapping, or one of the aliases `known`; None where something is wrong with it."""
    wrong: List[Tuple[str, str]] = []
    mapping = item if isinstance(item, Mapping) else {"command": item}
    for key in mapping:
        if key not in ("command", "digests", "target_password"):
            wrong.append((path, f"no option '{key}'; {nearest(str(key), ('command', 'digests', 'target_password'))}"))
    text = mapping.get("command")
    is_alias = isinstance(text, str) and text in known
    problem = None if is_alias else command_problem(text)
    if problem is not None and isinstance(text, str) and known and _NAME.match(text) and text != "ALL":
        problem = f"no alias '{text}' among aliases.commands; {nearest(text, tuple(known))}"
    if problem is not None:
        wrong.append((path, problem))
    digests = mapping.get("digests")
    for number, digest in enumerate(as_list(digests) or []):
        problem = digest_problem(digest)
        if problem is not None:
            wrong.append((f"{path}.digests[{number}]", problem))
    if digests is not None and as_list(digests) is None:
        wrong.append((f"{path}.digests", f"{digests!r} is not a list; give a list of digests"))
    if digests and is_alias:
        wrong.append((f"{path}.digests", f"'{text}' is an alias; give the digests with its commands"))
    target = mapping.get("target_password")
    if target is not None and not isinstance(target, bool):
        wrong.append((f"{path}.target_password", f"{target!r} is neither true nor false"))
    for where, what in wrong:
        note(where, what)
    if wrong:
        return None
    return Command(path, str(text), tuple(as_list(digests) or ()), bool(target), is_alias)


def nearest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"did you mean '{near[0]}'?" if near else "possible are " + ", ".join(known)


def as_list(value: Any) -> Optional[List[Any]]:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, (str, bytes)) else None
