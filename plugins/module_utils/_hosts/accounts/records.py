# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OS users and groups as plain data: what is on a host, what is wished for, and the steps between the two.

What we create is known by its supplementary group `keyless-managed`; everything else was there before and is not ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Dict, FrozenSet, Mapping, Optional, Sequence, Tuple, Union

MARKER = "keyless-managed"
NOBODY = 65534


@dataclass(frozen=True)
class Account:
    """An OS user. What is not known (yet) is None; `expires` is '' where the account never expires."""

    name: str
    uid: Optional[int]
    gid: Optional[int]
    comment: str
    home: str
    shell: str
    locked: Optional[bool]
    expires: Optional[str]
    local: bool
    group: Optional[str]
    groups: FrozenSet[str] = frozenset()


@dataclass(frozen=True)
class Group:
    name: str
    gid: Optional[int]
    members: FrozenSet[str] = frozenset()
    local: bool = True


@dataclass(frozen=True)
class Home:
    """What lies at the path of a home."""

    is_directory: bool
    uid: int


@dataclass(frozen=True)
class Limits:
    """What /etc/login.defs says; the defaults are those of the tools themselves."""

    uid_min: int = 1000
    uid_max: int = 60000
    gid_min: int = 1000
    sys_gid_min: int = 101
    private_groups: bool = False
    home_umask: int = 0o022


@dataclass(frozen=True)
class Host:
    """What is on the host, as far as the wishes are concerned.

    accounts: all local accounts, and those known only elsewhere (LDAP, SSSD) that are asked for.
    uid_owners, gid_owners: names by id, for local ones and for ids that are asked for.
    homes: what lies at /home/<name>, for names asked for; a name is missing where nothing lies there.
    skeletons: the folders asked for that are there.
    logins: the names of the accounts as which this run came in.
    """

    accounts: Mapping[str, Account] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    uid_owners: Mapping[int, FrozenSet[str]] = field(default_factory=dict)
    gid_owners: Mapping[int, FrozenSet[str]] = field(default_factory=dict)
    homes: Mapping[str, Home] = field(default_factory=dict)
    skeletons: FrozenSet[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    default_shell: str = "/bin/sh"
    logins: FrozenSet[str] = frozenset()

    def managed(self, name: str) -> bool:
        """Whether the account is ours. Root in the marker group is still not ours."""
        account = self.accounts.get(name)
        return bool(account and account.local and MARKER in account.groups and not self.is_system(account))

    def is_system(self, account: Account) -> bool:
        return account.uid is not None and (account.uid < self.limits.uid_min or account.uid == NOBODY)


@dataclass(frozen=True)
class UserWish:
    """One item of the option `users`; `path` is where it stands."""

    path: str
    name: str
    uid: Optional[int] = None
    comment: Optional[str] = None
    shell: Optional[str] = None
    home: Optional[str] = None
    group: Optional[str] = None
    groups: Optional[Tuple[str, ...]] = None
    append: bool = True
    expires: Optional[str] = None
    present: bool = True
    remove_home: bool = False
    force: bool = False
    skeleton: Optional[str] = None


@dataclass(frozen=True)
class GroupWish:
    """One item of the option `groups`."""

    path: str
    name: str
    gid: Optional[int] = None
    system: bool = False
    present: bool = True


@dataclass(frozen=True)
class Wishes:
    """The module's options; `users_given` is false where `users` was not given at all."""

    users: Sequence[UserWish] = ()
    groups: Sequence[GroupWish] = ()
    purge: bool = False
    users_given: bool = True


@dataclass(frozen=True)
class AddGroup:
    name: str
    gid: Optional[int] = None
    system: bool = False


@dataclass(frozen=True)
class ModGroup:
    """Another gid, or names taken out that no account has any more."""

    name: str
    gid: Optional[int] = None
    ghosts: Tuple[str, ...] = ()


@dataclass(frozen=True)
class DelGroup:
    name: str


@dataclass(frozen=True)
class AddUser:
    """`group` None: a group of the user's own, of the same name."""

    name: str
    home: str
    shell: str
    groups: Tuple[str, ...]
    uid: Optional[int] = None
    comment: Optional[str] = None
    group: Optional[str] = None
    expires: Optional[str] = None
    skeleton: Optional[str] = None


@dataclass(frozen=True)
class ModUser:
    """What is None is not touched. `set_groups` are all supplementary groups, `add_groups` further ones.

    former_uid: the one that `uid` takes the place of, under which nothing may be running then; `force` ends it.
    """

    name: str
    uid: Optional[int] = None
    comment: Optional[str] = None
    shell: Optional[str] = None
    home: Optional[str] = None
    group: Optional[str] = None
    expires: Optional[str] = None
    add_groups: Tuple[str, ...] = ()
    set_groups: Optional[Tuple[str, ...]] = None
    lock: bool = False
    make_home: bool = False
    skeleton: Optional[str] = None
    former_uid: Optional[int] = None
    force: bool = False


@dataclass(frozen=True)
class DelUser:
    """`private_group`: a group of the user's own that userdel will leave behind on this distribution."""

    name: str
    uid: int
    remove_home: bool = False
    force: bool = False
    private_group: Optional[str] = None


Step = Union[AddGroup, ModGroup, DelGroup, AddUser, ModUser, DelUser]


def home_of(name: str) -> str:
    """The home that the agent assumes; it does not read the one in passwd."""
    return "/home/" + name


def changed_account(account: Account, step: ModUser, gid: Optional[int]) -> Account:
    """`account` as it will be after `step`; `gid` is that of `step.group`."""
    groups = account.groups | set(step.add_groups) if step.set_groups is None else frozenset(step.set_groups)
    new: Dict[str, object] = {"groups": frozenset(groups)}
    for name in ("uid", "comment", "shell", "home", "group", "expires"):
        if getattr(step, name) is not None:
            new[name] = getattr(step, name)
    if step.lock:
        new["locked"] = True
    if step.group is not None:
        new["gid"] = gid
    return replace(account, **new)  # type: ignore[arg-type]
