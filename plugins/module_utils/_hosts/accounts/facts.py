# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is on the host: local files read once, the name services asked only for what the files do not hold.

No process is started, so that a run that changes nothing costs next to nothing however many users there are.
"""

from __future__ import annotations

import datetime
import glob
import os
import stat
from dataclasses import dataclass, field, replace
from typing import Any, Dict, FrozenSet, Iterable, List, Mapping, Optional, Set, Tuple

from ..._reconcile import UserError
from ..names import os_group_name_problem
from .records import MARKER, Account, Group, Home, Host, Limits, Wishes, home_of

try:
    import grp
    import pwd
except ImportError:  # pragma: no cover - the modules refuse such a platform
    pass

_EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True)
class Files:
    """The texts of the local files; `shadow` is None where it may not be read."""

    passwd: str
    group: str
    shadow: Optional[str] = None
    login_defs: str = ""


@dataclass(frozen=True)
class Asked:
    """What a run asks about, beside what the local files hold.

    members_of: groups whose members are asked for. namesakes: names of groups that a user might have.
    """

    users: FrozenSet[str] = frozenset()
    groups: FrozenSet[str] = frozenset()
    uids: FrozenSet[int] = frozenset()
    gids: FrozenSet[int] = frozenset()
    members_of: FrozenSet[str] = frozenset([MARKER])
    namesakes: FrozenSet[str] = frozenset()
    skeletons: FrozenSet[str] = frozenset()


class NameService:
    """The host's name services (files, LDAP, SSSD, systemd) as the C library sees them."""

    def user(self, name: str) -> Optional[Tuple[Any, ...]]:
        return _found(pwd.getpwnam, name)

    def uid(self, uid: int) -> Optional[Tuple[Any, ...]]:
        return _found(pwd.getpwuid, uid)

    def group(self, name: str) -> Optional[Tuple[Any, ...]]:
        return _found(grp.getgrnam, name)

    def gid(self, gid: int) -> Optional[Tuple[Any, ...]]:
        return _found(grp.getgrgid, gid)

    def gids_of(self, name: str, gid: int) -> List[int]:
        return os.getgrouplist(name, gid)


def asked(wishes: Wishes) -> Asked:
    """What the name services have to be asked for these wishes."""
    users = {wish.name for wish in wishes.users}
    groups = {wish.name for wish in wishes.groups} | users | {MARKER}
    for wish in wishes.users:
        groups |= set(wish.groups or ()) | ({wish.group} if wish.group else set())
    return Asked(
        users=frozenset(users),
        groups=frozenset(groups),
        uids=frozenset(wish.uid for wish in wishes.users if wish.uid is not None),
        gids=frozenset(wish.gid for wish in wishes.groups if wish.gid is not None),
        members_of=frozenset([MARKER] + [wish.name for wish in wishes.groups if not wish.present]),
        namesakes=frozenset(wish.name for wish in wishes.groups if wish.present),
        skeletons=frozenset(wish.skeleton for wish in wishes.users if wish.skeleton),
    )


# pure: texts in, records out


def parse(files: Files) -> Host:
    """The local accounts and groups, and the rules of the host."""
    groups = parse_groups(files.group)
    memberships: Dict[str, Set[str]] = {}
    for group in groups.values():
        for member in group.members:
            memberships.setdefault(member, set()).add(group.name)
    names = {group.gid: group.name for group in reversed(list(groups.values()))}
    shadow = None if files.shadow is None else {fields[0]: fields for fields in _rows(files.shadow, 8)}
    accounts: Dict[str, Account] = {}
    uid_owners: Dict[int, Set[str]] = {}
    for fields in _rows(files.passwd, 7):
        account = _account(fields, shadow, names, memberships)
        if account is None:
            continue
        accounts.setdefault(account.name, account)
        uid_owners.setdefault(account.uid or 0, set()).add(account.name)
    gid_owners: Dict[int, Set[str]] = {}
    for group in groups.values():
        gid_owners.setdefault(group.gid or 0, set()).add(group.name)
    return Host(
        accounts=accounts,
        groups=groups,
        uid_owners={uid: frozenset(owners) for uid, owners in uid_owners.items()},
        gid_owners={gid: frozenset(owners) for gid, owners in gid_owners.items()},
        limits=parse_limits(files.login_defs),
    )


def parse_groups(text: str) -> Dict[str, Group]:
    groups: Dict[str, Group] = {}
    for fields in _rows(text, 4):
        gid = _id(fields[2])
        if gid is not None:
            members = frozenset(name for name in fields[3].split(",") if name)
            groups.setdefault(fields[0], Group(fields[0], gid, members))
    return groups


def parse_limits(text: str) -> Limits:
    """What login.defs says; of a key that is set twice, the last one."""
    values: Dict[str, str] = {}
    for line in text.split("\n"):
        words = line.split()
        if len(words) >= 2 and not words[0].startswith("#"):
            values[words[0]] = words[1]
    default = Limits()
    umask = _octal(values.get("UMASK"), default.home_umask)
    if "HOME_MODE" in values:
        umask = 0o777 & ~_octal(values["HOME_MODE"], 0o777 & ~umask)
    return Limits(
        uid_min=_number(values.get("UID_MIN"), default.uid_min),
        uid_max=_number(values.get("UID_MAX"), default.uid_max),
        gid_min=_number(values.get("GID_MIN"), default.gid_min),
        sys_gid_min=_number(values.get("SYS_GID_MIN"), default.sys_gid_min),
        private_groups=values.get("USERGROUPS_ENAB", "").lower() == "yes",
        home_umask=umask,
    )


def _account(
    fields: List[str],
    shadow: Optional[Mapping[str, List[str]]],
    group_names: Mapping[Optional[int], str],
    memberships: Mapping[str, Set[str]],
) -> Optional[Account]:
    name, password, uid, gid = fields[0], fields[1], _id(fields[2]), _id(fields[3])
    if uid is None or gid is None:
        return None
    row = None if shadow is None else shadow.get(name)
    # where there is no line in shadow, the password is the one in passwd and nothing expires
    hidden = shadow is None and password == "x"
    return Account(
        name=name,
        uid=uid,
        gid=gid,
        comment=fields[4],
        home=fields[5],
        shell=fields[6],
        locked=None if hidden else (password if row is None else row[1]).startswith(("!", "*")),
        expires=None if shadow is None else _date("" if row is None else row[7]),
        local=True,
        group=group_names.get(gid),
        groups=frozenset(memberships.get(name, ())),
    )


def _rows(text: str, columns: int) -> Iterable[List[str]]:
    # not splitlines(), which would also end a line at what may stand in a comment, such as U+2028
    for line in text.split("\n"):
        fields = line.split(":")
        # lines with + or - belong to NIS and name no local account
        if len(fields) >= columns and fields[0] and fields[0][0] not in "+-#":
            yield fields


def _date(days: str) -> str:
    try:
        return (_EPOCH + datetime.timedelta(days=int(days))).isoformat() if int(days) >= 0 else ""
    except (ValueError, OverflowError):
        return ""


def _id(text: str) -> Optional[int]:
    return int(text) if text.isdigit() else None


def _number(text: Optional[str], default: int) -> int:
    try:
        return default if text is None else int(text, 0)
    except ValueError:
        return default


def _octal(text: Optional[str], default: int) -> int:
    try:
        return default if text is None else int(text, 8)
    except ValueError:
        return default


# reading


@dataclass
class HostReader:
    """Reads the host; `root` and `names` are others in tests only."""

    root: str = "/"
    names: NameService = field(default_factory=NameService)

    def read(self, wanted: Asked) -> Host:
        """The host as far as `wanted`; without the right to read shadow, `locked` and `expires` stay unknown."""
        host = self.with_others(parse(self.files()), wanted)
        homes = {name: home for name, home in ((n, self.home(n)) for n in _safe(wanted.users)) if home is not None}
        strangers = {home.uid for home in homes.values()} - set(host.uid_owners)
        owners = dict(host.uid_owners)
        for uid in strangers:
            found = self.names.uid(uid) if uid >= 0 else None
            if found is not None:
                owners[uid] = frozenset([found[0]])
        shell = "/bin/bash" if os.access(self.path("/bin/bash"), os.X_OK) else "/bin/sh"
        skeletons = frozenset(path for path in wanted.skeletons if os.path.isdir(self.path(path)))
        host = replace(host, homes=homes, skeletons=skeletons, uid_owners=owners)
        return replace(host, default_shell=shell, logins=self.logins(host))

    def with_others(self, host: Host, wanted: Asked) -> Host:
        """`host` with what only the name services know."""
        accounts, groups = dict(host.accounts), dict(host.groups)
        uid_owners, gid_owners = dict(host.uid_owners), dict(host.gid_owners)
        for name in sorted(wanted.groups - set(groups)):
            found = self.names.group(name)
            if found is not None:
                groups[name] = Group(name, found[2], frozenset(found[3]), local=False)
        members = {name for group in wanted.members_of if group in groups for name in groups[group].members}
        for name in _safe((wanted.users | members | (wanted.namesakes - set(host.groups))) - set(accounts)):
            found = self.names.user(name)
            if found is not None:
                accounts[name] = self.other_account(found, groups)
        for uid in wanted.uids - set(uid_owners):
            found = self.names.uid(uid)
            if found is not None:
                uid_owners[uid] = frozenset([found[0]])
        for gid in wanted.gids - set(gid_owners):
            found = self.names.gid(gid)
            if found is not None:
                gid_owners[gid] = frozenset([found[0]])
        return replace(host, accounts=accounts, groups=groups, uid_owners=uid_owners, gid_owners=gid_owners)

    def other_account(self, entry: Tuple[Any, ...], groups: Mapping[str, Group]) -> Account:
        name, gid = entry[0], entry[3]
        known = {group.gid: group.name for group in groups.values()}
        names = {number: known.get(number) or self.group_name(number) for number in self.names.gids_of(name, gid)}
        return Account(
            name=name,
            uid=entry[2],
            gid=gid,
            comment=entry[4],
            home=entry[5],
            shell=entry[6],
            locked=None,
            expires=None,
            local=False,
            group=names.get(gid),
            groups=frozenset(group for number, group in names.items() if group and number != gid),
        )

    def group_name(self, gid: int) -> Optional[str]:
        found = self.names.gid(gid)
        return None if found is None else found[0]

    def files(self) -> Files:
        definitions = [self.path("/usr/etc/login.defs"), self.path("/etc/login.defs")]
        definitions += sorted(glob.glob(self.path("/etc/login.defs.d/*.defs")))
        return Files(
            passwd=_text(self.path("/etc/passwd")),
            group=_text(self.path("/etc/group")),
            shadow=_text(self.path("/etc/shadow"), needed=False),
            login_defs="\n".join(_text(path, needed=False) or "" for path in definitions),
        )

    def home(self, name: str) -> Optional[Home]:
        path = self.path(home_of(name))
        try:
            found = os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            # a link that leads nowhere is in the way of useradd
            return Home(is_directory=False, uid=os.lstat(path).st_uid) if os.path.islink(path) else None
        except OSError:
            # something lies there that even we may not look into, such as a home on another server
            return Home(is_directory=True, uid=-1)
        return Home(stat.S_ISDIR(found.st_mode), found.st_uid)

    def logins(self, host: Host) -> FrozenSet[str]:
        """As whom this run came in, before it became root."""
        text = _text(self.path("/proc/self/loginuid"), needed=False) or ""
        names = set(host.uid_owners.get(_number(text.strip() or None, -1), frozenset()))
        if os.environ.get("SUDO_USER"):
            names.add(os.environ["SUDO_USER"])
        return frozenset(names - {"root"})

    def path(self, path: str) -> str:
        return os.path.join(self.root, path.lstrip("/"))


def _safe(names: Iterable[str]) -> List[str]:
    """Names that may be asked for; bad ones are told as problems and never leave this program."""
    return sorted(name for name in names if os_group_name_problem(name) is None)


def _text(path: str, needed: bool = True) -> Any:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError as error:
        if needed:
            raise UserError(f"{path} cannot be read: {error.strerror}") from error
        return None


def _found(ask: Any, key: Any) -> Optional[Tuple[Any, ...]]:
    try:
        entry: Tuple[Any, ...] = ask(key)
    except (KeyError, OverflowError, ValueError):
        return None
    return entry
