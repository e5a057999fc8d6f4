# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `sudo -l -U USER` prints, in few words: none, all, or the commands."""

from __future__ import annotations

import re
from typing import Any, List, Optional, Union

NONE, ALL = "none", "all"

_ENTRY = re.compile(r"\s+\((?P<as_user>[^)]*)\)\s*(?P<rest>.*)")
_TAG = re.compile(r"(NOPASSWD|PASSWD|NOEXEC|EXEC|SETENV|NOSETENV|LOG_INPUT|NOLOG_INPUT|LOG_OUTPUT|NOLOG_OUTPUT):\s*")
_COMMA = re.compile(r"(?<!\\),\s*")
_ROOT = ("root", "ALL")
# An OS user of ours has no password, so that a rule that asks for one gives nothing.
ASKS = " (asks for a password)"


def sudo_rights(listing: Any) -> Optional[Union[str, List[str]]]:
    """`none`, `all` or a list of commands; None where nothing was read. Takes text, lines, or ready commands."""
    if listing is None:
        return None
    if listing in (NONE, ALL):
        return str(listing)
    if isinstance(listing, (list, tuple)):
        if listing and all(isinstance(entry, str) and entry.startswith("/") for entry in listing):
            return list(listing)
        listing = "\n".join(str(line) for line in listing)
    commands = _commands(str(listing))
    return ALL if ALL in commands else commands or NONE


def _commands(text: str) -> List[str]:
    """The entries below `may run the following commands`; a long one goes on in lines that are indented further."""
    entries: List[str] = []
    listing = False
    for line in text.splitlines():
        if "may run the following commands" in line:
            listing = True
        elif listing and _ENTRY.match(line):
            entries.append(line)
        elif listing and line.strip() and line[0].isspace() and entries:
            entries[-1] += " " + line.strip()
    return [command for entry in entries for command in _of_entry(entry)]


def _of_entry(entry: str) -> List[str]:
    found = _ENTRY.match(entry)
    if found is None:
        return []
    as_user = found.group("as_user").split(":")[0].strip()
    users = [name.strip() for name in as_user.split(",")]
    prefix = "" if any(name in _ROOT for name in users) else f"as {as_user}: "
    commands, asks = [], True
    for part in _COMMA.split(found.group("rest")):
        tags = _TAG.match(part)
        while tags:
            if tags.group(1) in ("NOPASSWD", "PASSWD"):
                asks = tags.group(1) == "PASSWD"
            part = part[tags.end() :]
            tags = _TAG.match(part)
        command = ALL if part == "ALL" else part.replace("\\,", ",").replace("\\:", ":").replace("\\=", "=")
        if command:
            commands.append(prefix + command + (ASKS if asks else ""))
    return commands
