# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One command of a sudo rule: what is wrong with it, and how sudoers spells it; pure.

A command is what sudoers(5) calls a command: an absolute path, then arguments in which `*`, `?` and `[...]` are
wildcards and a backslash takes the next character as it is. What sudoers' own syntax would trip over is escaped here;
what cannot be escaped, or would be read in two ways, is refused.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Any, Optional, Tuple

ALL = "all"
ANYTHING = "ALL"  # as sudoers spells it

_SPECIAL = re.compile(r"([,:=#\\])")
_ESCAPE_OR_COMMA = re.compile(r"\\.|,")
_NEGATION = re.compile(r"\s*(ALL\s*,.*)?!")
_WILDCARD = re.compile(r"\\.|([*?\[])")
_DIGEST = re.compile(r"(sha224|sha256|sha384|sha512):(.*)\Z")
# of each: hexadecimal digits, and characters in base64
_LENGTHS = {"sha224": (56, 40), "sha256": (64, 44), "sha384": (96, 64), "sha512": (128, 88)}
_COMMA = (
    "{0!r} has an unescaped comma, which in sudoers begins another command; write '\\,' for a comma that belongs to "
    "the command, and give other commands as items of their own"
)


@dataclass(frozen=True)
class Command:
    """A command of a rule, or the name of an alias, or ALL; `text` is as people wrote it, `path` where it stands."""

    path: str
    text: str
    digests: Tuple[str, ...] = ()
    target_password: bool = False
    is_alias: bool = False

    @property
    def rendered(self) -> str:
        text = self.text if self.is_alias or self.text == ANYTHING else escaped(self.text)
        return ", ".join(self.digests) + " " + text if self.digests else text

    @property
    def program(self) -> str:
        """The path of what is run, without escapes."""
        return split(self.text)[0].replace("\\,", ",")

    @property
    def arguments(self) -> str:
        return split(self.text)[1]


def command_problem(command: Any) -> Optional[str]:
    """Say what is wrong with a sudo command and how to mend it; None when nothing is."""
    if not isinstance(command, str):
        return f"{command!r} is not a text; quote the command"
    if not command.isprintable():
        return f"{command!r} has a line break, tab or control character, which would end the rule; take it out"
    if _NEGATION.match(command):
        return (
            f"'{command}' takes a command away from others, which keeps nobody from it: a copy of the program under "
            "another name is still allowed, so sudoers(5) calls it unsafe; list only what is allowed"
        )
    if command in (ALL, ANYTHING):
        return f"'{command}' is not a command; to allow everything give 'commands: all' instead of a list"
    if _DIGEST.match(command):
        return f"'{command}' begins with a digest; give it as {{command: ..., digests: [...]}}"
    if not command.startswith("/"):
        return f"'{command}' does not begin with an absolute path; give the command's whole path, as in /usr/bin/id"
    path, arguments = split(command)
    return _path_problem(path) or _arguments_problem(arguments)


def digest_problem(digest: Any) -> Optional[str]:
    """The same for a digest, such as sha256:6f1e..., which the program's file must have."""
    found = _DIGEST.match(digest) if isinstance(digest, str) else None
    if found is None:
        return f"{digest!r} is no digest; give sha224, sha256, sha384 or sha512, a colon, and what sha256sum prints"
    name, value = found.groups()
    hexadecimal, base64 = _LENGTHS[name]
    if re.match(r"[0-9A-Fa-f]+\Z", value) and len(value) == hexadecimal:
        return None
    if re.match(r"[0-9A-Za-z+/]+={0,2}\Z", value) and len(value) == base64:
        return None
    return f"{digest!r} is not as long as a {name} digest; give {hexadecimal} hexadecimal digits, or it in base64"


def _path_problem(path: str) -> Optional[str]:
    if _unescaped_comma(path):
        return _COMMA.format(path)
    bare = path.replace("\\,", "")
    if "\\" in bare or '"' in bare or "'" in bare:
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
    return _COMMA.format(arguments) if _unescaped_comma(arguments) else None


def _unescaped_comma(text: str) -> bool:
    return any(found.group() == "," for found in _ESCAPE_OR_COMMA.finditer(text))


def has_wildcards(text: str) -> bool:
    return any(found.group(1) for found in _WILDCARD.finditer(text))


def split(command: str) -> Tuple[str, str]:
    """Path and arguments; sudo compares the arguments with single blanks between them."""
    words = command.split(" ")
    return words[0], " ".join(word for word in words[1:] if word)


def escaped(command: str) -> str:
    """As sudoers spells the command; a comma that people escaped themselves is not escaped twice."""
    return " ".join(_SPECIAL.sub(r"\\\1", plain_commas(part)) for part in split(command) if part)


def plain_commas(text: str) -> str:
    return _ESCAPE_OR_COMMA.sub(lambda found: "," if found.group() == "\\," else found.group(), text)
