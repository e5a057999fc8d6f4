# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sudo's files, read far enough to say which line gives a right; pure, but for the two functions that it is given.

It judges nobody's rights; sudo does that. Hosts in a rule are not looked at, nor are netgroups and the plugins of
sudo, and what sudo would refuse is passed over.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Callable, Dict, FrozenSet, Iterator, List, Optional, Sequence, Tuple

from .listing import Right, rights_of_entry

_DEEPEST = 128  # of aliases in aliases
_INCLUDE = re.compile(r"[@#](include|includedir)\s+(?P<path>\"[^\"]*\"|(?:\\.|\S)+)")
_COMMENT = re.compile(r"(?<!\\)#(?![0-9]).*")
_ALIAS = re.compile(r"(User|Runas|Cmnd|Host)_Alias\s+(?P<rest>.*)")
_DEFINITION = re.compile(r"(?:\A|(?<!\\):)\s*(?P<name>[A-Z][A-Z0-9_]*)\s*=")
_WORD = re.compile(r"(?:\"[^\"]*\"|\\.|[^\s\"\\])+")
_NEXT_HOSTS = re.compile(r"\s+:\s*[^\s=:(/]+(?:\s*,\s*[^\s=:(/]+)*\s*=\s*")
_RUN_AS = re.compile(r"(?<!\\),\s*(?=\()")


@dataclass(frozen=True)
class Spec:
    """A line that gives rights, or settings: where it stands, to whom, and what follows the hosts or the word."""

    file: str
    line: int
    text: str
    users: Tuple[str, ...]
    given: str

    def shown(self) -> Dict[str, object]:
        return dict(file=self.file, line=self.line, text=self.text)


@dataclass
class Tree:
    """All files in the order in which sudo reads them."""

    files: List[str] = field(default_factory=list)
    specs: List[Spec] = field(default_factory=list)
    defaults: List[Spec] = field(default_factory=list)
    users: Dict[str, Tuple[str, ...]] = field(default_factory=dict)
    run_as: Dict[str, Tuple[str, ...]] = field(default_factory=dict)
    commands: Dict[str, Tuple[str, ...]] = field(default_factory=dict)

    def rights(self, spec: Spec) -> Iterator[Right]:
        run_as = "(root)"
        for hosts in _NEXT_HOSTS.split(spec.given):
            for part in _RUN_AS.split(hosts.strip()):
                if part.startswith("("):
                    run_as, _end, part = part.partition(")")
                    run_as += ")"
                yield from rights_of_entry(f" {run_as} {part}", self.run_as, self.commands)


@dataclass(frozen=True)
class Person:
    name: str
    uid: int
    groups: FrozenSet[str] = frozenset()
    gids: FrozenSet[int] = frozenset()


@dataclass(frozen=True)
class Folders:
    """`text` of a file, None where there is none; `names` of the files in a folder."""

    text: Callable[[str], Optional[str]]
    names: Callable[[str], Sequence[str]]
    hostname: str = ""


def read_tree(start: str, folders: Folders) -> Tree:
    tree = Tree()
    _read(tree, start, folders, ())
    return tree


def meant(tree: Tree, users: Sequence[str], person: Person, depth: int = 0) -> Optional[bool]:
    """Whether a list of users names the person: the last word counts. None where it says nothing of it."""
    answer: Optional[bool] = None
    for item in users:
        yes = len(item) - len(item.lstrip("!"))
        name = item.lstrip("!").strip()
        if name in tree.users and depth < _DEEPEST:
            found = meant(tree, tree.users[name], person, depth + 1)
        else:
            found = True if _names(name, person) else None
        if found is not None:
            answer = found if yes % 2 == 0 else not found
    return answer


def _names(item: str, person: Person) -> bool:
    item = re.sub(r"\\(.)", r"\1", item.strip('"'))
    if item == "ALL":
        return True
    if item.startswith(("%#", "#")):
        number = item.lstrip("%#")
        ids = person.gids if item.startswith("%") else frozenset([person.uid])
        return number.isdigit() and int(number) in ids
    if item.startswith("%"):
        return item[1:].lstrip(":") in person.groups
    return item == person.name


def _read(tree: Tree, path: str, folders: Folders, within: Tuple[str, ...]) -> None:
    """`within` are the files that include this one; sudo refuses one that includes itself."""
    text = None if path in within else folders.text(path)
    if text is None:
        return
    tree.files.append(path)
    for number, line in _logical_lines(text):
        include = _INCLUDE.match(line)
        if include is None:
            _read_line(tree, path, number, _COMMENT.sub("", line).strip())
            continue
        other = re.sub(r"\\(.)", r"\1", include.group("path").strip('"')).replace("%h", folders.hostname)
        other = posixpath.join(posixpath.dirname(path), other)
        if include.group(1) == "include":
            _read(tree, other, folders, (*within, path))
        else:
            for name in sorted(folders.names(other)):
                if not name.endswith("~") and "." not in name:
                    _read(tree, posixpath.join(other, name), folders, (*within, path))


def _logical_lines(text: str) -> Iterator[Tuple[int, str]]:
    """Lines with those that go on joined, and the number of the first."""
    begun, whole = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        begun = begun or number
        if (len(line) - len(line.rstrip("\\"))) % 2:  # an escaped backslash joins nothing
            whole += line[:-1].rstrip() + " "
            continue
        yield begun, (whole + line.strip() if whole else line).strip()
        begun, whole = 0, ""
    if whole:
        yield begun, whole.strip()


def _read_line(tree: Tree, file: str, number: int, line: str) -> None:
    alias = _ALIAS.match(line)
    if alias is not None:
        _read_aliases(tree, alias.group(1), alias.group("rest"))
    elif line.startswith("Defaults"):
        tree.defaults.append(Spec(file, number, line, (), line[len("Defaults") :]))
    elif line:
        before, equals, given = line.partition("=")
        users = _WORD.match(re.sub(r"\s*,\s*", ",", re.sub(r"!\s+", "!", before)))
        if equals and users is not None:
            names = tuple(re.split(r"(?<!\\),", users.group()))
            tree.specs.append(Spec(file, number, line, names, given))


def _read_aliases(tree: Tree, kind: str, rest: str) -> None:
    kept = {"User": tree.users, "Runas": tree.run_as, "Cmnd": tree.commands}.get(kind)
    if kept is None:
        return
    found = list(_DEFINITION.finditer(rest))
    for definition, following in zip(found, [*found[1:], None]):
        items = rest[definition.end() : following.start() if following else None]
        kept[definition.group("name")] = tuple(item.strip() for item in re.split(r"(?<!\\),", items) if item.strip())
