# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rights in sudoers' own words, as `sudo -l -U USER` prints them and as rules have them, made comparable; pure.

Versions of sudo differ in where they put backslashes and in how they order tags, so neither counts here. Sudo-rs hides
SETENV and, in some versions, "" for "no arguments", and names the programs that symbolic links lead to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Callable, Dict, FrozenSet, Iterator, List, Mapping, Optional, Sequence, Tuple

Aliases = Mapping[str, Sequence[str]]

_ENTRY = re.compile(r"\s+\((?P<run_as>[^)]*)\)\s*(?P<rest>.*)\Z")
_TAG = re.compile(r"(?P<tag>[A-Z_]+):\s*|(?P<option>[A-Z_]+=(?:\"[^\"]*\"|\S+))\s+")
_DIGESTS = re.compile(r"(?:sha(?:224|256|384|512):[0-9A-Za-z+/=]+,?\s+)+")
# A comma within arguments is escaped, or what follows it is no command.
_BETWEEN = re.compile(
    r"(?<!\\),\s*(?=!*\s*(?:[A-Z_]+[:=]|/|ALL\b|[A-Z][A-Z0-9_]*\s*(?:,|\Z)|sha\d+:|sudoedit\b|list\b|\^|$))"
)
_BACKSLASHES = re.compile(r"\\+(?P<wild>[*?\[\]])?")
_OPPOSITE = re.compile(r"NO(?=EXEC|SETENV|PASSWD|LOG_INPUT|LOG_OUTPUT|MAIL|FOLLOW|INTERCEPT)")
_PASSWORD = re.compile(r"(?<![^\s,])(!?)(authenticate|targetpw)(?![^\s,])")
_EXEMPT = re.compile(r"(?<![^\s,])exempt_group=([^\s,]+)")
# What holds where nothing is said.
_DEFAULTS = frozenset(
    ["PASSWD", "EXEC", "NOSETENV", "NOLOG_INPUT", "NOLOG_OUTPUT", "NOMAIL", "NOFOLLOW", "NOINTERCEPT"]
)


@dataclass(frozen=True)
class Right:
    """As whom (groups after `:`), how, and what; `shown` is how it was written."""

    users: FrozenSet[str]
    groups: FrozenSet[str]
    tags: FrozenSet[str]
    digests: FrozenSet[str]
    command: str
    shown: str = field(default="", compare=False)


def password_of_listing(text: str, groups: FrozenSet[str]) -> Dict[str, bool]:
    """Whether sudo asks the user for a password at all, and for the target's, by what stands above the rights.

    The last setting counts. groups: those of the user, because one group may be exempt.
    """
    above = text.partition("may run the following commands")[0]
    found = {name: sign != "!" for sign, name in _PASSWORD.findall(above)}
    exempt = _EXEMPT.findall(above)
    asks = found.get("authenticate", True) and not (exempt and exempt[-1] in groups)
    return dict(asked=asks, target=found.get("targetpw", False))


def rights_of_listing(text: str, aliases: Optional[Aliases] = None) -> List[Right]:
    """What stands below `may run the following commands`; a long entry goes on in lines indented further."""
    entries: List[str] = []
    listing = False
    for line in text.splitlines():
        if "may run the following commands" in line:
            listing = True
        elif listing and _ENTRY.match(line):
            entries.append(line)
        elif listing and line.strip() and line[0].isspace() and entries:
            entries[-1] += " " + line.strip()
    return [right for entry in entries for right in rights_of_entry(entry, aliases or {})]


def rights_of_entry(entry: str, aliases: Aliases, commands: Optional[Aliases] = None) -> Iterator[Right]:
    """The rights of one entry such as `(root) NOPASSWD: /usr/bin/id, /usr/bin/ls`, indented.

    aliases, commands: names for users as whom commands are run, and for commands.
    """
    found = _ENTRY.match(entry)
    if found is None:
        return
    users, _colon, groups = found.group("run_as").partition(":")
    run_as = frozenset(_expanded(_names(users), aliases)), frozenset(_expanded(_names(groups), aliases))
    tags: Tuple[str, ...] = ()
    for part in _parts(found.group("rest")):
        tags, digests, text = _taken_apart(part, tags)
        for command in _expanded([text], commands or {}) if text else ():
            shown = f"({found.group('run_as').strip()}) " + "".join(f"{tag}: " for tag in tags) + command
            yield right(run_as, tags, digests, command, shown)


def right(
    run_as: Tuple[FrozenSet[str], FrozenSet[str]], tags: Sequence[str], digests: Sequence[str], command: str, shown: str
) -> Right:
    command = " ".join(_BACKSLASHES.sub(lambda found: f"\\{found['wild']}" if found["wild"] else "", command).split())
    held = frozenset(tags) - _DEFAULTS
    # Whoever may run everything may set variables for it, too.
    held -= {"SETENV"} if command == "ALL" else frozenset()
    return Right(run_as[0], run_as[1], held, frozenset(digests), command, shown)


def as_sudo_rs(given: Right, real_path: Callable[[str], str]) -> Right:
    """`given` without what a listing of sudo-rs does not tell."""
    sign = given.command[: len(given.command) - len(given.command.lstrip("!"))]
    path, _blank, arguments = given.command[len(sign) :].partition(" ")
    command = sign + (real_path(path) if path.startswith("/") else path)
    command += " " + arguments if arguments not in ("", '""') else ""
    tags = given.tags - {"SETENV", "LOG_INPUT", "LOG_OUTPUT", "MAIL", "FOLLOW"}
    return replace(given, command=command, tags=tags, digests=frozenset())


def _names(text: str) -> List[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _expanded(names: Sequence[str], aliases: Aliases, depth: int = 0) -> List[str]:
    found: List[str] = []
    for name in names:
        inner = aliases.get(name)
        found += [name] if inner is None or depth > 20 else _expanded(inner, aliases, depth + 1)
    return found


def _parts(rest: str) -> List[str]:
    """The commands of an entry; the commas between digests do not part commands."""
    parts: List[str] = []
    for part in _BETWEEN.split(rest):
        if parts and re.search(r"sha(224|256|384|512):[0-9A-Za-z+/=]+\Z", parts[-1]):
            parts[-1] += ", " + part
        else:
            parts.append(part)
    return parts


def _taken_apart(part: str, before: Tuple[str, ...]) -> Tuple[Tuple[str, ...], Tuple[str, ...], str]:
    """Tags, digests and command; tags hold on for the commands after, until their opposite comes."""
    tags: Dict[str, str] = {_OPPOSITE.sub("", tag): tag for tag in before}
    part = part.strip()
    found = _TAG.match(part)
    while found:
        tag = found.group("tag") or found.group("option")
        tags[_OPPOSITE.sub("", tag)] = tag
        part = part[found.end() :]
        found = _TAG.match(part)
    digests = _DIGESTS.match(part)
    if digests:
        part = part[digests.end() :]
    return tuple(tags.values()), tuple(_names(digests.group())) if digests else (), part.strip()
