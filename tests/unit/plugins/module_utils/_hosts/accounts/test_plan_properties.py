# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is on the host and whatever is wished: once the plan is done, there is nothing left to do.

`simulate` does on plain data what the distribution's tools do to the files, from the steps alone.
"""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.plan import make_plan
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.records import (
    MARKER,
    Account,
    AddGroup,
    AddUser,
    DelGroup,
    DelUser,
    Group,
    GroupWish,
    Home,
    Host,
    Limits,
    ModGroup,
    ModUser,
    UserWish,
    Wishes,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

NAMES = ["taro", "hanako", "jiro", "saburo"]
GROUPS = ["web", "ops", "db"]
DATES = ["", "2030-12-31", "2031-01-01"]
SHELLS = ["/bin/bash", "/bin/sh"]


# what the tools do


class State:
    """The files, as the tools change them."""

    def __init__(self, host):
        self.accounts = dict(host.accounts)
        self.groups = dict(host.groups)
        self.homes = dict(host.homes)
        self.host = host

    def free(self, taken, wanted):
        if wanted is not None:
            assert wanted not in taken, f"id {wanted} is taken"
            return wanted
        return max([number for number in taken if number < 60000] + [999]) + 1

    def as_host(self):
        memberships = {name: {g.name for g in self.groups.values() if name in g.members} for name in self.accounts}
        accounts = {}
        names = {group.gid: group.name for group in self.groups.values()}
        for name, account in self.accounts.items():
            accounts[name] = replace(account, groups=frozenset(memberships[name]), group=names.get(account.gid))
        return replace(
            self.host,
            accounts=accounts,
            groups=dict(self.groups),
            homes=dict(self.homes),
            uid_owners={a.uid: frozenset([a.name]) for a in accounts.values()},
            gid_owners={g.gid: frozenset([g.name]) for g in self.groups.values()},
        )

    def member(self, user, groups, exact=False):
        for group in groups:
            assert group in self.groups, f"usermod: group '{group}' does not exist"
        for group in self.groups.values():
            members = group.members | {user} if group.name in groups else group.members
            members = members - {user} if exact and group.name not in groups else members
            self.groups[group.name] = replace(group, members=members)

    def do(self, step):
        getattr(self, type(step).__name__)(step)

    def AddGroup(self, step):
        assert step.name not in self.groups
        gid = self.free({g.gid for g in self.groups.values()}, step.gid)
        self.groups[step.name] = Group(step.name, gid)

    def ModGroup(self, step):
        group = self.groups[step.name]
        assert set(step.ghosts) <= group.members
        gid = group.gid if step.gid is None else self.free({g.gid for g in self.groups.values()}, step.gid)
        self.groups[step.name] = replace(group, gid=gid, members=group.members - set(step.ghosts))
        for account in list(self.accounts.values()):
            if account.gid == group.gid:
                self.accounts[account.name] = replace(account, gid=gid)

    def DelGroup(self, step):
        group = self.groups.pop(step.name)
        assert all(account.gid != group.gid for account in self.accounts.values()), "primary group of a user"

    def AddUser(self, step):
        assert step.name not in self.accounts
        uid = self.free({a.uid for a in self.accounts.values()}, step.uid)
        if step.group is None:
            assert step.name not in self.groups
            taken = {g.gid for g in self.groups.values()}
            self.groups[step.name] = Group(step.name, self.free(taken, None if uid in taken else uid))
        gid = self.groups[step.group or step.name].gid
        self.accounts[step.name] = Account(
            step.name, uid, gid, step.comment or "", step.home, step.shell, True, step.expires or "", True, None
        )
        self.homes.setdefault(step.name, Home(True, uid))
        self.member(step.name, step.groups)

    def ModUser(self, step):
        account = self.accounts[step.name]
        given = {key: getattr(step, key) for key in ("comment", "shell", "home", "expires")}
        account = replace(account, **{key: value for key, value in given.items() if value is not None})
        if step.uid is not None:
            account = replace(account, uid=self.free({a.uid for a in self.accounts.values()}, step.uid))
        if step.group is not None:
            account = replace(account, gid=self.groups[step.group].gid)
        if step.lock:
            account = replace(account, locked=True)
        self.accounts[step.name] = account
        if step.set_groups is not None:
            self.member(step.name, step.set_groups, exact=True)
        self.member(step.name, step.add_groups)
        if step.make_home:
            self.homes[step.name] = Home(True, account.uid)

    def DelUser(self, step):
        account = self.accounts.pop(step.name)
        for group in list(self.groups.values()):
            self.groups[group.name] = replace(group, members=group.members - {step.name})
        own = self.groups.get(step.name)
        alone = own is not None and not own.members and all(a.gid != own.gid for a in self.accounts.values())
        if alone and own.gid == account.gid and (self.host.limits.private_groups or step.private_group):
            del self.groups[step.name]
        if step.remove_home:
            self.homes.pop(step.name, None)


def simulate(host, plan):
    state = State(host)
    for change in plan.changes:
        state.do(change.payload)
    return state.as_host()


# what may be there, and what may be wished


@st.composite
def hosts(draw):
    """Some of the people are there, ours or not, with this and that wrong, and some are names in our group only."""
    groups = {"root": Group("root", 0)}
    if draw(st.booleans()):
        groups[MARKER] = Group(MARKER, 990)
    for number, name in enumerate(draw(st.sets(st.sampled_from(GROUPS)))):
        groups[name] = Group(name, 2000 + number)
    accounts = {}
    homes = {}
    for number, name in enumerate(sorted(draw(st.sets(st.sampled_from(NAMES))))):
        uid = 1000 + number
        gid = draw(st.sampled_from([uid] + [g.gid for g in groups.values() if g.gid >= 2000]))
        if gid == uid:
            groups[name] = Group(name, uid)
        accounts[name] = Account(
            name,
            uid,
            gid,
            draw(st.sampled_from(["", "A B"])),
            draw(st.sampled_from(["/home/" + name, "/srv/" + name])),
            draw(st.sampled_from(SHELLS)),
            draw(st.booleans()),
            draw(st.sampled_from(DATES)),
            True,
            None,
        )
    for name in NAMES:
        if draw(st.booleans()):
            owner = accounts[name].uid if name in accounts else draw(st.sampled_from([0, 1000, 1001, 1700, 1800]))
            homes[name] = Home(True, owner)
        for group in draw(st.sets(st.sampled_from(sorted(groups)))):
            # a name may stand in a group though there is no such account, as after an edit by hand
            groups[group] = replace(groups[group], members=groups[group].members | {name})
    limits = Limits(private_groups=draw(st.booleans()))
    return State(Host(accounts=accounts, groups=groups, homes=homes, limits=limits)).as_host()


def maybe(strategy):
    return st.none() | strategy


user_wishes = st.builds(
    UserWish,
    path=st.just("users"),
    name=st.sampled_from(NAMES),
    uid=maybe(st.sampled_from([1000, 1001, 1002, 1700, 1900])),
    comment=maybe(st.sampled_from(["", "A B", "C"])),
    shell=maybe(st.sampled_from(SHELLS)),
    group=maybe(st.sampled_from(GROUPS)),
    groups=maybe(st.sets(st.sampled_from(GROUPS)).map(sorted).map(tuple)),
    append=st.booleans(),
    expires=maybe(st.sampled_from(DATES)),
    present=st.booleans(),
    remove_home=st.booleans(),
)
group_wishes = st.builds(
    GroupWish,
    path=st.just("groups"),
    name=st.sampled_from(GROUPS),
    gid=maybe(st.sampled_from([2000, 2001, 3000, 3001])),
    present=st.booleans(),
)
all_wishes = st.builds(
    Wishes,
    users=st.lists(user_wishes, max_size=4, unique_by=lambda wish: wish.name),
    groups=st.lists(group_wishes, max_size=3, unique_by=lambda wish: wish.name),
    purge=st.booleans(),
)

many = settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def planned(wishes, host):
    try:
        return make_plan(wishes, host)
    except Problems:
        assume(False)


@many
@given(hosts(), all_wishes)
def test_a_second_run_has_nothing_to_do(host, wishes):
    plan = planned(wishes, host)
    after = simulate(host, plan)
    assert make_plan(wishes, after).changes == []


@many
@given(hosts(), all_wishes)
def test_the_result_is_what_will_be_there(host, wishes):
    plan = planned(wishes, host)
    actual = make_plan(wishes, simulate(host, plan)).result
    for kind in ("users", "groups"):
        predicted = plan.result[kind]
        # ids that cannot be known before are left out of the prediction; what it does say comes true
        assert [dict(entry, **guess) for entry, guess in zip(actual[kind], predicted, strict=True)] == actual[kind]


@many
@given(hosts(), all_wishes)
def test_an_account_that_is_not_ours_only_gains_memberships(host, wishes):
    after = simulate(host, planned(wishes, host))
    gids = {group.name: group.gid for group in after.groups.values()}
    for account in host.accounts.values():
        if not host.managed(account.name):
            then = after.accounts[account.name]
            assert replace(then, groups=frozenset()) == replace(account, groups=frozenset())
            assert account.groups - {MARKER} <= then.groups | {account.group}, gids
            assert MARKER not in then.groups - account.groups


@many
@given(hosts(), all_wishes)
def test_ours_are_locked_marked_and_where_the_agent_looks(host, wishes):
    after = simulate(host, planned(wishes, host))
    for wish in wishes.users:
        if wish.present and after.managed(wish.name):
            account = after.accounts[wish.name]
            assert account.locked and account.home == "/home/" + wish.name and wish.name in after.homes
            assert set(wish.groups or ()) <= account.groups | {account.group}
        if wish.present and wish.name not in host.accounts:
            assert after.managed(wish.name)


@many
@given(hosts(), all_wishes)
def test_only_ours_are_removed_and_only_when_asked(host, wishes):
    after = simulate(host, planned(wishes, host))
    listed = {wish.name: wish for wish in wishes.users}
    for name in set(host.accounts) - set(after.accounts):
        assert host.managed(name)
        assert not listed[name].present if name in listed else wishes.purge


def test_the_simulation_knows_the_steps():
    """A step that the simulation lacks would make the properties above hold for nothing."""
    for kind in (AddGroup, ModGroup, DelGroup, AddUser, ModUser, DelUser):
        assert hasattr(State, kind.__name__)
