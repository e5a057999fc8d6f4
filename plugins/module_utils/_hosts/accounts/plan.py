# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from what is on a host to the wished OS users and groups; pure.

Order: groups, our marker group among them, users, and last what is removed. What has an id given comes before what
takes the next free one, so that nobody else is given that id.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, FrozenSet, Optional, Sequence, Set, Tuple

from ..._reconcile import CREATE, DELETE, UPDATE, Change, Plan, Problems, Subject
from .checks import adoptable_group, problems
from .records import (
    MARKER,
    Account,
    AddGroup,
    AddUser,
    DelGroup,
    DelUser,
    Group,
    GroupWish,
    Host,
    ModGroup,
    ModUser,
    UserWish,
    Wishes,
    changed_account,
    home_of,
)

USER, GROUP = "user", "group"


def make_plan(wishes: Wishes, host: Host) -> Plan:
    """The plan; raises Problems where the wishes cannot be."""
    found = problems(wishes, host)
    if found:
        raise Problems(found)
    return _Planner(wishes, host).run()


def account_result(account: Account, managed: bool) -> Dict[str, Any]:
    """The account as the modules return it; ids that are not known yet are left out."""
    answer = dict(
        name=account.name,
        uid=account.uid,
        gid=account.gid,
        group=account.group,
        comment=account.comment,
        home=account.home,
        shell=account.shell,
        groups=sorted(account.groups),
        locked=account.locked,
        expires=account.expires,
        managed=managed,
        local=account.local,
    )
    return {key: value for key, value in answer.items() if value is not None or key not in ("uid", "gid")}


def group_result(group: Group) -> Dict[str, Any]:
    answer: Dict[str, Any] = dict(name=group.name, members=sorted(group.members), local=group.local)
    return answer if group.gid is None else dict(answer, gid=group.gid)


def results(wishes: Wishes, host: Host) -> Dict[str, Any]:
    """The listed users and groups as they are on `host`."""
    users = [wish.name for wish in wishes.users if wish.name in host.accounts]
    groups = [wish.name for wish in wishes.groups if wish.name in host.groups]
    return dict(
        users=[account_result(host.accounts[name], host.managed(name)) for name in users],
        groups=[group_result(host.groups[name]) for name in groups],
    )


class _Planner:
    """Walks through the wishes and keeps in `accounts` and `groups` what will be there after each step."""

    def __init__(self, wishes: Wishes, host: Host) -> None:
        self.wishes = wishes
        self.host = host
        self.accounts = dict(host.accounts)
        self.groups = dict(host.groups)
        self.out = Plan()
        self.claimed: Set[int] = {wish.uid for wish in wishes.users if wish.uid is not None}

    def run(self) -> Plan:
        present = [wish for wish in self.wishes.users if wish.present]
        new = [self.new_user(wish) for wish in present if wish.name not in self.accounts]
        groups = [wish for wish in self.wishes.groups if wish.present]
        for group in [wish for wish in groups if wish.gid is not None]:
            self.group(group)
        self.marker(new)
        self.ghosts(new)
        for group in [wish for wish in groups if wish.gid is None]:
            self.group(group)
        for wish in present:
            if wish.name in self.accounts:
                self.user(wish, self.accounts[wish.name])
        for step in sorted(new, key=lambda step: step.uid is None):
            self.add_user(step)
        self.remove_users()
        for group in self.wishes.groups:
            if not group.present and group.name in self.groups:
                self.remove_group(group.name)
        after = replace(self.host, accounts=self.accounts, groups=self.groups)
        self.out.result = results(self.wishes, after)
        return self.out

    def step(
        self,
        action: str,
        subject: Subject,
        payload: Any,
        before: Any,
        after: Any,
        needs: Sequence[Subject] = (),
        fields: Sequence[str] = (),
    ) -> None:
        detail = {"fields": list(fields)} if fields else {}
        self.out.changes.append(Change(action, subject[0], subject[1], detail, payload, tuple(needs)))
        self.out.note(f"{subject[0]} {subject[1]}", before, after)

    # groups

    def marker(self, new: Sequence[AddUser]) -> None:
        """Our group is there before the first user that carries it."""
        if new and MARKER not in self.groups:
            self.groups[MARKER] = Group(MARKER, None)
            self.step(CREATE, (GROUP, MARKER), AddGroup(MARKER, system=True), None, {"system": True})

    def ghosts(self, new: Sequence[AddUser]) -> None:
        """Names in groups that no account has any more are taken out where they would come back to life.

        A new user must not inherit what a former one of that name was a member of, and an account that is made later
        by hand must not look like ours.
        """
        wished = {step.name: set(step.groups) for step in new}
        for group in list(self.groups.values()):
            if not group.local:
                continue
            gone = {name for name in group.members if name in wished and group.name not in wished[name]}
            if group.name == MARKER:
                gone |= group.members - set(self.accounts) - set(wished)
            if gone:
                after = replace(group, members=group.members - gone)
                self.mod_group(group, after, ModGroup(group.name, ghosts=tuple(sorted(gone))), "members")

    def group(self, wish: GroupWish) -> None:
        current = self.groups.get(wish.name)
        if current is None:
            self.groups[wish.name] = Group(wish.name, wish.gid)
            shown = {"gid": wish.gid, "system": wish.system}
            shown = {key: value for key, value in shown.items() if value is not None}
            self.step(CREATE, (GROUP, wish.name), AddGroup(wish.name, wish.gid, wish.system), None, shown)
        elif wish.gid is not None and wish.gid != current.gid:
            self.mod_group(current, replace(current, gid=wish.gid), ModGroup(wish.name, gid=wish.gid), "gid")
            for account in list(self.accounts.values()):
                if account.gid == current.gid:
                    self.accounts[account.name] = replace(account, gid=wish.gid)

    def mod_group(self, before: Group, after: Group, payload: ModGroup, field: str) -> None:
        self.groups[after.name] = after
        shown = [{field: group_result(group)[field]} for group in (before, after)]
        self.step(UPDATE, (GROUP, after.name), payload, shown[0], shown[1], fields=[field])

    def remove_group(self, name: str) -> None:
        group = self.groups.pop(name)
        leaving = [a.name for a in self.host.accounts.values() if a.gid == group.gid and a.name not in self.accounts]
        for account in [a for a in self.accounts.values() if name in a.groups]:
            self.accounts[account.name] = replace(account, groups=account.groups - {name})
        needs = [(USER, user) for user in leaving]
        self.step(DELETE, (GROUP, name), DelGroup(name), group_result(group), None, needs)

    def change_members(self, name: str, before: FrozenSet[str], after: FrozenSet[str]) -> None:
        for group in before - after:
            if group in self.groups:
                self.groups[group] = replace(self.groups[group], members=self.groups[group].members - {name})
        for group in after - before:
            if group in self.groups:
                self.groups[group] = replace(self.groups[group], members=self.groups[group].members | {name})

    def gid_of(self, group: Optional[str]) -> Optional[int]:
        return self.groups[group].gid if group in self.groups else None

    # users

    def new_user(self, wish: UserWish) -> AddUser:
        primary = wish.group
        if primary is None and adoptable_group(wish.name, self.host) is not None:
            primary = wish.name
        groups = (set(wish.groups or ()) | {MARKER}) - {primary}
        return AddUser(
            name=wish.name,
            home=home_of(wish.name),
            shell=wish.shell or self.host.default_shell,
            groups=tuple(sorted(groups)),
            uid=wish.uid if wish.uid is not None else self.former_uid(wish.name),
            comment=wish.comment or None,
            group=primary,
            expires=wish.expires or None,
            skeleton=wish.skeleton,
        )

    def former_uid(self, name: str) -> Optional[int]:
        """The uid that owns the home a former account of that name has left, so that its files are its own again."""
        home = self.host.homes.get(name)
        limits = self.host.limits
        if home is None or not limits.uid_min <= home.uid <= limits.uid_max:
            return None
        if home.uid in self.claimed or self.host.uid_owners.get(home.uid):
            return None
        self.claimed.add(home.uid)
        return home.uid

    def add_user(self, step: AddUser) -> None:
        home = self.host.homes.get(step.name)
        if home is not None and home.uid != step.uid:
            self.warn(
                f"{step.home} exists and belongs to {self.owner(home.uid)}; nothing in it is changed, "
                f"hand it to '{step.name}' with chown when that is right"
            )
        if step.group is None:
            self.groups[step.name] = Group(step.name, None)
        account = Account(
            name=step.name,
            uid=step.uid,
            gid=self.gid_of(step.group),
            comment=step.comment or "",
            home=step.home,
            shell=step.shell,
            locked=True,
            expires=step.expires or "",
            local=True,
            group=step.group or step.name,
            groups=frozenset(step.groups),
        )
        self.accounts[step.name] = account
        self.change_members(step.name, frozenset(), account.groups)
        shown = account_result(account, True)
        needs = [(GROUP, name) for name in account.groups | {account.group or step.name}]
        self.step(CREATE, (USER, step.name), step, None, shown, sorted(needs))

    def owner(self, uid: int) -> str:
        names = self.host.uid_owners.get(uid)
        return f"'{min(names)}'" if names else f"uid {uid}"

    def user(self, wish: UserWish, account: Account) -> None:
        if self.host.managed(wish.name):
            step = self.managed_step(wish, account)
        else:
            step = self.foreign_step(wish, account)
        after = changed_account(account, step, self.gid_of(step.group))
        fields = [name for name in _SHOWN if getattr(after, name) != getattr(account, name)]
        if not fields and not step.make_home:
            return
        self.accounts[wish.name] = after
        self.change_members(wish.name, account.groups, after.groups)
        before, then = _shown(account, fields), _shown(after, fields)
        if step.make_home:
            fields.append("home_exists")
            before["home_exists"], then["home_exists"] = False, True
        needs = [(GROUP, name) for name in sorted(after.groups - account.groups) + [step.group] if name]
        self.step(UPDATE, (USER, wish.name), step, before, then, needs, fields)

    def managed_step(self, wish: UserWish, account: Account) -> ModUser:
        wished = self.wished_groups(wish, account)
        exact = wished is not None and not wish.append
        uid = _other(wish.uid, account.uid)
        return ModUser(
            name=wish.name,
            uid=uid,
            comment=_other(wish.comment, account.comment),
            shell=_other(wish.shell, account.shell),
            home=_other(home_of(wish.name), account.home),
            group=_other(wish.group, account.group),
            expires=_other(wish.expires, account.expires),
            add_groups=() if exact or wished is None else tuple(sorted(wished - account.groups)),
            set_groups=_exact(wished, account) if exact and wished is not None else None,
            lock=not account.locked,
            make_home=wish.name not in self.host.homes,
            skeleton=wish.skeleton,
            former_uid=None if uid is None else account.uid,
            force=wish.force,
        )

    def wished_groups(self, wish: UserWish, account: Account) -> Optional[FrozenSet[str]]:
        if wish.groups is None:
            return None
        here = {name for name in wish.groups if self.groups[name].local}
        return frozenset(here - {wish.group or account.group})

    def foreign_step(self, wish: UserWish, account: Account) -> ModUser:
        """Of an account that was there before, only memberships grow; what else differs is told."""
        for name in ("comment", "shell", "expires", "group"):
            value = getattr(wish, name)
            if value is not None and value != getattr(account, name):
                self.foreign_warning(wish, f"its {name} stays '{getattr(account, name)}'")
        if account.home != home_of(wish.name):
            self.foreign_warning(wish, f"its home stays {account.home}, but the agent starts in {home_of(wish.name)}")
        if account.gid == 0:
            self.foreign_warning(wish, "its primary group has gid 0, for which the agent refuses a session")
        wished = self.wished_groups(wish, account) or frozenset()
        further = account.groups - wished
        if wish.groups is not None and not wish.append and further:
            self.foreign_warning(wish, f"it also keeps the groups {', '.join(sorted(further))}")
        return ModUser(name=wish.name, add_groups=tuple(sorted(wished - account.groups - {account.group or ""})))

    def foreign_warning(self, wish: UserWish, text: str) -> None:
        self.warn(f"{wish.path}: '{wish.name}' was not created by this module, so {text}")

    def warn(self, text: str) -> None:
        self.out.warnings.append(text)

    def remove_users(self) -> None:
        listed = {wish.name for wish in self.wishes.users}
        for wish in self.wishes.users:
            if not wish.present and wish.name in self.accounts:
                self.remove_user(self.accounts[wish.name], wish.remove_home, wish.force)
        if not self.wishes.purge:
            return
        for name in sorted(set(self.accounts) - listed):
            account = self.accounts[name]
            if self.host.managed(name):
                self.remove_user(account, False, False)
            elif MARKER in account.groups:
                self.warn(f"purge: '{name}' is in {MARKER} but is no ordinary local user; it is left alone")

    def remove_user(self, account: Account, remove_home: bool, force: bool) -> None:
        del self.accounts[account.name]
        self.change_members(account.name, account.groups, frozenset())
        goes = self.private_group_goes(account)
        left = account.name if goes and not self.host.limits.private_groups else None
        if goes:
            del self.groups[account.name]
        payload = DelUser(account.name, account.uid or 0, remove_home, force, left)
        before = account_result(account, True)
        self.step(DELETE, (USER, account.name), payload, before, None)

    def private_group_goes(self, account: Account) -> bool:
        """Whether the user's own group is removed with it: by userdel, or by us where userdel does not do that."""
        group = self.groups.get(account.name)
        if group is None or not group.local or account.group != account.name or group.members:
            return False
        return all(other.gid != group.gid for other in self.accounts.values())


_SHOWN = ("uid", "comment", "shell", "home", "group", "groups", "expires", "locked")


def _shown(account: Account, fields: Sequence[str]) -> Dict[str, Any]:
    return {name: sorted(account.groups) if name == "groups" else getattr(account, name) for name in fields}


def _other(wished: Any, current: Any) -> Any:
    """`wished` where it is given and something else than what is there; None where nothing is to be done."""
    return None if wished is None or wished == current else wished


def _exact(wished: FrozenSet[str], account: Account) -> Optional[Tuple[str, ...]]:
    groups = wished | {MARKER}
    return None if groups == account.groups else tuple(sorted(groups))
