# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's side of the module `sudo_rights_info`: asks sudo and reads its files, and decides little."""

from __future__ import annotations

import os
import re
import socket
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from ..._reconcile import Problems, UserError
from ..sudoers import SSM_USER, Reader, read
from .commands import Command, has_wildcards
from .compare import compared, expected, loosened, people, told
from .escapes import warnings
from .files import Folders, Person, Tree, read_tree
from .listing import as_sudo_rs, rights_of_listing

try:
    import grp
    import pwd
except ImportError:  # pragma: no cover - there is no sudo on such a platform
    pass

START, OWN_FILE = "/etc/sudoers", "/etc/sudoers.d/ssm-agent-users"
MARKER = "keyless-managed"
# The options of the doc fragment `sudo`.
RULES_SPEC: Dict[str, Any] = dict(
    ssm_user=dict(type="raw", default="none"),
    rules=dict(type="list", elements="dict", default=[]),
    aliases=dict(type="dict"),
    prefix=dict(type="str", default=""),
    users=dict(type="list", elements="str"),
)
SUDO, SUDO_RS = "sudo", "sudo-rs"
_AT_ONCE = 4
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True)
class Checked:
    """Rules that this host's sudo can follow, what to be warned of in them, and which sudo it is."""

    reader: Reader
    warnings: List[str]
    implementation: Optional[str]
    version: Optional[str]

    @property
    def facts(self) -> Dict[str, Any]:
        return dict(implementation=self.implementation, version=self.version)


def read_info(params: Mapping[str, Any]) -> Dict[str, Any]:
    """What is wrong with the rules on this host, what to be warned of, and who may do what."""
    found = checked(params)
    if not params["compare"] or found.implementation is None:
        return dict(found.facts, files=[], users=[], warnings=found.warnings)
    if os.geteuid() != 0:
        raise UserError("Only root may ask sudo about others; set become: true for the task, the play or the host")
    answer = rights(found, params)
    return dict(found.facts, **answer, warnings=found.warnings + differences(answer))


def checked(params: Mapping[str, Any]) -> Checked:
    """The rules; raises Problems where they cannot be on this host."""
    reader = read(params["ssm_user"], params["rules"], params["prefix"], params["aliases"])
    implementation, version = _implementation(params["sudo"])
    found = list(host_problems(reader, implementation))
    if found:
        raise Problems(found)
    return Checked(reader, warnings(reader) + list(host_warnings(reader, implementation)), implementation, version)


def rights(found: Checked, params: Mapping[str, Any]) -> Dict[str, Any]:
    """What sudo lets each user do, compared with the rules; sudo answers root only."""
    tree = read_tree(START, Folders(_text, _folder, socket.gethostname().split(".")[0]))
    known = [_person(name) for name in _people(found.reader, params["users"])]
    users = [person for person in known if person is not None]
    answers = _ask(params["sudo"], users)
    compared_users = [_compare(found, tree, person, answers[person.name]) for person in users]
    return dict(files=tree.files, users=compared_users)


def differences(answer: Mapping[str, Any]) -> List[str]:
    """In sentences, where what sudo lets a user do is not what the rules say."""
    return [text for user in answer["users"] for text in told(user["name"], user)]


def host_problems(reader: Reader, implementation: Optional[str]) -> Iterator[str]:
    """What cannot be on this host: directories, and what sudo-rs does not know."""
    for command in _commands(reader):
        program = command.program
        if program.startswith("/") and not has_wildcards(program) and os.path.isdir(program):
            yield f"{command.path}: '{program}' is a directory on this host, not a program; name the program in it"
        if implementation != SUDO_RS:
            continue
        if command.digests:
            yield f"{command.path}.digests: sudo-rs, which this host has, knows no digests; leave them out"
        words = command.arguments.split(" ")
        if has_wildcards(" ".join(words[:-1] if words[-1] == "*" else words)):
            yield (
                f"{command.path}: sudo-rs, which this host has, knows no wildcards in arguments but a last word '*' "
                f"for any further ones; write '{command.text}' that way"
            )
    for rule in reader.rules:
        if implementation == SUDO_RS and "INTERCEPT" in rule.tags:
            yield f"{rule.path}.tags: sudo-rs, which this host has, does not know INTERCEPT; leave it out"


def host_warnings(reader: Reader, implementation: Optional[str]) -> Iterator[str]:
    for command in _commands(reader):
        who = others_write(command.program) if command.program.startswith("/") else None
        if who is not None:
            yield f"{command.path}: {who}, so it runs what they put there; hand it to root, or take the command out"
    for rule in reader.rules:
        ignored = [tag for tag in rule.tags if tag.split("_")[0] in ("LOG", "MAIL")]
        if implementation == SUDO_RS and ignored:
            yield f"{rule.path}.tags: sudo-rs, which this host has, does nothing for {', '.join(ignored)}"


def others_write(path: str) -> Optional[str]:
    """Who beside root may change the program at `path`, or put another in its place; None where nobody may.

    Whoever may write to any folder on the way may put another one there. In a sticky folder only what is missing may
    be put there by others.
    """
    there = os.path.exists(path)
    for place in [*_way(path), *_way(os.path.realpath(path))]:
        try:
            found = os.stat(place)
        except OSError:
            continue
        sticky = found.st_mode & stat.S_ISVTX and there
        if found.st_uid != 0:
            return f"{place} belongs to uid {found.st_uid}"
        if found.st_mode & stat.S_IWOTH and not sticky:
            return f"everybody may write to {place}"
        if found.st_mode & stat.S_IWGRP and found.st_gid != 0 and not sticky:
            return f"the group with gid {found.st_gid} may write to {place}"
    return None


def _way(path: str) -> Iterator[str]:
    """The path and all folders above it."""
    while path != os.path.dirname(path):
        yield path
        path = os.path.dirname(path)


def _commands(reader: Reader) -> List[Command]:
    found = [part for rule in reader.rules for command in rule.commands for part in reader.parts(command)]
    return list({part.path: part for part in found}.values())


def _implementation(sudo: str) -> Tuple[Optional[str], Optional[str]]:
    """Which sudo this is, and its version; None where there is none."""
    try:
        said = _run([sudo, "--version"], errors=subprocess.STDOUT)  # sudo-rs says it there
    except OSError:
        return None, None
    found = re.search(r"^(sudo-rs|Sudo version)\s+(\S+)", said, re.MULTILINE)
    if found is None:
        raise UserError(f"{sudo} --version says {said[:80]!r}, which is neither sudo nor sudo-rs; give another sudo")
    return (SUDO_RS if found.group(1) == "sudo-rs" else SUDO), found.group(2)


def _compare(found: Checked, tree: Tree, person: Person, listing: str) -> Dict[str, Any]:
    wanted, listed = expected(found.reader, person), rights_of_listing(listing, tree.run_as)
    if found.implementation == SUDO_RS:
        wanted = [as_sudo_rs(right, os.path.realpath) for right in wanted]
        listed = [as_sudo_rs(right, os.path.realpath) for right in listed]
    difference = compared(wanted, listed, tree, person, OWN_FILE)
    if found.implementation != SUDO_RS:  # which does not list its settings
        difference["more"] += loosened(found.reader, person, listing, tree, OWN_FILE)
    return dict(name=person.name, rights=[right.shown for right in listed], **difference)


def _people(reader: Reader, users: Optional[Sequence[str]]) -> List[str]:
    """Those given; else everybody whom the rules name, ssm-user, and whom os_users manages."""
    if users is not None:
        return sorted(set(users))
    names = set(people(reader)) | {SSM_USER, "%" + MARKER}
    gids: Set[int] = set()
    found = {name for name in names if not name.startswith("%")}
    for name in names - found:
        try:
            group = grp.getgrnam(name[1:])
        except KeyError:
            continue
        found |= set(group.gr_mem)
        gids.add(group.gr_gid)
    return sorted(found | {entry.pw_name for entry in pwd.getpwall() if entry.pw_gid in gids})


def _person(name: str) -> Optional[Person]:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    gids = frozenset(os.getgrouplist(name, entry.pw_gid))
    return Person(name, entry.pw_uid, frozenset(filter(None, map(_group_name, gids))), gids)


def _group_name(gid: int) -> Optional[str]:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return None


def _ask(sudo: str, users: Sequence[Person]) -> Dict[str, str]:
    names = [person.name for person in users]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(names, pool.map(lambda name: _run([sudo, "-n", "-l", "-U", name]), names)))


def _run(argv: List[str], errors: int = subprocess.DEVNULL) -> str:
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=errors, env=ENVIRONMENT, check=False)
    return done.stdout.decode("utf-8", "surrogateescape")


def _text(path: str) -> Optional[str]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return stream.read()
    except OSError:
        return None


def _folder(path: str) -> Sequence[str]:
    try:
        return [entry.name for entry in os.scandir(path) if not entry.is_dir()]
    except OSError:
        return []
