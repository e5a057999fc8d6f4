# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be wrong with the wishes, found before anything is written; pure.

Each problem is one line: its path, what is wrong with which value, and the mend.
"""

from __future__ import annotations

import datetime
import difflib
import re
from typing import Any, Dict, Iterator, List, Optional, Sequence

from ..names import os_group_name_problem, os_user_name_problem
from .records import MARKER, NOBODY, Account, Group, GroupWish, Host, UserWish, Wishes, home_of

LARGEST_ID = 2**32 - 2
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_RESERVED = f"'{MARKER}' is kept for this module, which marks with it what it created; give another name"


def problems(wishes: Wishes, host: Host) -> List[str]:
    """All problems, in the order of the options."""
    return list(_Checks(wishes, host).run())


def adoptable_group(name: str, host: Host) -> Optional[Group]:
    """The group that was once `name`'s own and is left over: nobody else uses it, so it may be theirs again."""
    group = host.groups.get(name)
    if group is None or not group.local or group.gid is None or group.gid < host.limits.gid_min:
        return None
    if group.members - {name} or any(account.gid == group.gid for account in host.accounts.values()):
        return None
    return group


class _Checks:
    def __init__(self, wishes: Wishes, host: Host) -> None:
        self.wishes = wishes
        self.host = host
        self.users = {wish.name: wish for wish in reversed(wishes.users)}
        self.groups = {wish.name: wish for wish in reversed(wishes.groups)}

    def run(self) -> Iterator[str]:
        if self.wishes.purge and not self.wishes.users_given:
            yield "purge: true without users would remove every managed account; give users, [] for none"
        yield from _duplicates(self.wishes.groups, "gid")
        for group in self.wishes.groups:
            yield from _prefixed(group.path, self.group(group))
        yield from _duplicates(self.wishes.users, "uid")
        for user in self.wishes.users:
            yield from _prefixed(user.path, self.user(user))
        if self.wishes.purge:
            yield from self.purge()
        if self.wishes.users:
            yield from self.marker()

    def marker(self) -> Iterator[str]:
        marker = self.host.groups.get(MARKER)
        if marker is not None and not marker.local:
            yield f"users: the group '{MARKER}' exists outside the local files; it must be a group of this host alone"

    def purge(self) -> Iterator[str]:
        for name in sorted(self.host.logins):
            if name not in self.users and self.host.managed(name):
                yield f"purge: this run came in as '{name}', which it would remove; list it in users"

    # groups

    def group(self, wish: GroupWish) -> Iterator[str]:
        found = os_group_name_problem(wish.name)
        if found is None and wish.name == MARKER:
            found = _RESERVED
        if found is not None:
            yield "name: " + found
            return
        current = self.host.groups.get(wish.name)
        if not wish.present:
            yield from self.absent_group(wish, current)
            return
        owner = self.host.accounts.get(wish.name)
        if owner is not None and owner.group == wish.name and self.will_leave(wish.name):
            yield f"name: '{wish.name}' goes with the user of that name, whose own group it is; take it out of groups"
        elif current is None and owner is not None and not self.will_own(wish.name):
            mend = f", or that user group: {wish.name}" if self.host.managed(wish.name) else ""
            yield (
                f"name: '{wish.name}' is the name of a user whose primary group is '{owner.group}', so rules for the "
                f"one would be taken for rules for the other; give another name{mend}"
            )
        if wish.gid is None:
            return
        if not 0 < wish.gid <= LARGEST_ID:
            yield f"gid: {wish.gid} is not an id of an ordinary group; give 1 to {LARGEST_ID}"
            return
        others = self.host.gid_owners.get(wish.gid, frozenset()) - {wish.name}
        if others:
            yield f"gid: {wish.gid} belongs to the group '{min(others)}' already; give another, or leave it out"
        elif current is not None and current.gid != wish.gid:
            yield from self.other_gid(wish, current)

    def other_gid(self, wish: GroupWish, current: Group) -> Iterator[str]:
        mend = f"give gid: {current.gid}, or leave it out"
        if not current.local:
            yield f"gid: '{wish.name}' exists outside the local files with gid {current.gid}; {mend}"
        elif (current.gid or 0) < self.host.limits.gid_min:
            yield f"gid: '{wish.name}' is a system group with gid {current.gid}, which is never changed; {mend}"
        else:
            foreign = [a.name for a in self.primary_members(current) if not self.host.managed(a.name)]
            if foreign:
                yield (
                    f"gid: '{wish.name}' has gid {current.gid} and is the primary group of '{foreign[0]}', "
                    f"which this module did not create; {mend}"
                )

    def absent_group(self, wish: GroupWish, current: Optional[Group]) -> Iterator[str]:
        if current is None:
            return
        if not current.local:
            yield f"name: '{wish.name}' exists outside the local files; remove it where it is kept"
            return
        gid, limits = current.gid or 0, self.host.limits
        if gid < limits.sys_gid_min:
            yield f"name: '{wish.name}' (gid {gid}) belongs to the distribution and is never removed"
        elif gid < limits.gid_min and not wish.system:
            yield f"name: '{wish.name}' (gid {gid}) is a system group; give system: true as well to remove it"
        leaving = {name for name in self.host.accounts if self.will_leave(name)}
        for account in self.primary_members(current):
            if account.name not in leaving:
                yield f"name: '{wish.name}' is the primary group of '{account.name}'; remove that user first"
        for name in sorted(current.members - leaving):
            if name in self.host.accounts and not self.host.managed(name):
                yield (
                    f"name: '{wish.name}' has the member '{name}', which this module did not create; "
                    "take it out of the group first"
                )

    def primary_members(self, group: Group) -> List[Account]:
        return [account for account in self.host.accounts.values() if account.gid == group.gid]

    def will_leave(self, name: str) -> bool:
        if not self.host.managed(name):
            return False
        wish = self.users.get(name)
        return self.wishes.purge if wish is None else not wish.present

    def will_own(self, name: str) -> bool:
        """Whether the user of that name gets the group as primary group, or leaves."""
        wish = self.users.get(name)
        return self.will_leave(name) or (wish is not None and self.host.managed(name) and wish.group == name)

    # users

    def user(self, wish: UserWish) -> Iterator[str]:
        found = os_user_name_problem(wish.name)
        if found is None and wish.name == MARKER:
            found = _RESERVED
        if found is not None:
            yield "name: " + found
        current = self.host.accounts.get(wish.name) if found is None else None
        if current is not None and self.host.is_system(current):
            yield f"name: '{wish.name}' is a system account (uid {current.uid}); give an ordinary user"
            return
        if not wish.present:
            yield from self.absent_user(wish, current)
            return
        yield from _field_problems(wish)
        if wish.skeleton is not None and not wish.skeleton.startswith("/"):
            yield f"skeleton: {wish.skeleton!r} is not an absolute path; give one such as /etc/skel"
        elif wish.skeleton is not None and wish.skeleton not in self.host.skeletons:
            yield f"skeleton: '{wish.skeleton}' is not a directory on this host; create it first, or leave it out"
        yield from self.uid(wish, current)
        yield from self.named_groups(wish, current)
        yield from self.primary_group(wish)
        if current is None and found is None:
            yield from self.own_group(wish)
            home = self.host.homes.get(wish.name)
            if home is not None and not home.is_directory:
                yield f"home: {home_of(wish.name)} exists and is not a directory; move it away"

    def absent_user(self, wish: UserWish, current: Optional[Account]) -> Iterator[str]:
        if current is None:
            return
        if not current.local:
            yield f"state: '{wish.name}' exists outside the local files; remove it where it is kept"
        elif not self.host.managed(wish.name):
            yield (
                f"state: '{wish.name}' was not created by this module (it is not in the group '{MARKER}') "
                "and is not removed; take it out of the list, or remove it yourself"
            )
        elif wish.name in self.host.logins:
            yield f"state: this run came in as '{wish.name}'; remove it in a run as another user"

    def uid(self, wish: UserWish, current: Optional[Account]) -> Iterator[str]:
        if wish.uid is None:
            return
        if not self.host.limits.uid_min <= wish.uid <= LARGEST_ID or wish.uid == NOBODY:
            yield (
                f"uid: {wish.uid} is not an id of an ordinary user on this host; "
                f"give {self.host.limits.uid_min} or more, or leave it out"
            )
            return
        others = self.host.uid_owners.get(wish.uid, frozenset()) - {wish.name}
        if others:
            yield f"uid: {wish.uid} belongs to '{min(others)}' already; give another, or leave it out"
        elif current is not None and current.uid != wish.uid and not self.host.managed(wish.name):
            yield (
                f"uid: '{wish.name}' was there before with uid {current.uid}, which is not changed; "
                f"give uid: {current.uid}, or leave it out"
            )

    def named_groups(self, wish: UserWish, current: Optional[Account]) -> Iterator[str]:
        for position, name in enumerate(wish.groups or ()):
            path = f"groups[{position}]: "
            if name == MARKER:
                yield path + f"'{MARKER}' is given by this module itself; leave it out"
                continue
            found = self.missing_group(name)
            group = self.host.groups.get(name)
            if found is not None:
                yield path + found
            elif group is not None and not group.local and not _is_in(group, wish.name, current):
                yield path + f"'{name}' exists only outside the local files; add the member where it is kept"

    def primary_group(self, wish: UserWish) -> Iterator[str]:
        if wish.group is None:
            return
        found = _RESERVED if wish.group == MARKER else self.missing_group(wish.group)
        if found is not None:
            yield "group: " + found
        elif wish.group in self.host.groups and self.host.groups[wish.group].gid == 0:
            yield f"group: '{wish.group}' has gid 0, for which the agent refuses a session; give another group"

    def own_group(self, wish: UserWish) -> Iterator[str]:
        if wish.group is not None or not (wish.name in self.groups or wish.name in self.host.groups):
            return
        if wish.name not in self.groups and adoptable_group(wish.name, self.host) is not None:
            return
        yield (
            f"name: a group '{wish.name}' exists already or is listed, so the user cannot get one of that name; "
            f"give group: {wish.name} to make it the primary group, or another name"
        )

    def missing_group(self, name: str) -> Optional[str]:
        listed = self.groups.get(name)
        if listed is not None:
            return None if listed.present else f"'{name}' is listed in groups as absent; take it out of one of them"
        if name in self.host.groups:
            return None
        known = sorted(set(self.host.groups) | {wish.name for wish in self.wishes.groups if wish.present})
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        return f"no group '{name}' on this host{hint}; list it in groups to create it"


def _is_in(group: Group, name: str, account: Optional[Account]) -> bool:
    return name in group.members or (account is not None and group.name in account.groups | {account.group})


def _field_problems(wish: UserWish) -> Iterator[str]:
    """What is wrong with single values, whatever is on the host."""
    if wish.home is not None and wish.home != home_of(wish.name):
        yield f"home: '{wish.home}' is not where the agent starts a session; give {home_of(wish.name)} or leave it out"
    if wish.comment is not None and (":" in wish.comment or _CONTROL.search(wish.comment)):
        yield f"comment: {wish.comment!r} holds a colon or a control character; leave those out"
    if wish.shell is not None and (not wish.shell.startswith("/") or re.search(r"[:\s]", wish.shell)):
        yield f"shell: {wish.shell!r} is not an absolute path; give one such as /bin/bash"
    if wish.expires and _date(wish.expires) is None:
        yield f"expires: '{wish.expires}' is not a date; give YYYY-MM-DD from 1970-01-02 on, or '' for never"


def _date(text: str) -> Optional[datetime.date]:
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", text):
        return None
    try:
        date = datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None
    # day 0 means "never" to some programs and "always" to others
    return date if date > datetime.date(1970, 1, 1) else None


def _prefixed(path: str, found: Iterator[str]) -> Iterator[str]:
    for text in found:
        yield f"{path}.{text}"


def _duplicates(wishes: Sequence[Any], id_name: str) -> Iterator[str]:
    names: Dict[str, str] = {}
    ids: Dict[int, str] = {}
    for wish in wishes:
        if wish.name in names:
            yield f"{wish.path}.name: '{wish.name}' is listed already at {names[wish.name]}; keep one of them"
        names.setdefault(wish.name, wish.path)
        number = getattr(wish, id_name)
        if number is None or not wish.present:
            continue
        if number in ids:
            yield f"{wish.path}.{id_name}: {number} is given already at {ids[number]}; give another"
        ids.setdefault(number, wish.path)
