# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.checks import problems
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.plan import make_plan
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.records import (
    MARKER,
    Account,
    Group,
    GroupWish,
    Home,
    Host,
    Limits,
    UserWish,
    Wishes,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems


def account(name, uid, *groups, local=True, gid=None, group=None):
    gid = uid if gid is None else gid
    return Account(name, uid, gid, "", f"/home/{name}", "/bin/sh", True, "", local, group or name, frozenset(groups))


ACCOUNTS = [
    account("root", 0),
    account("www-data", 33),
    account("nobody", 65534),
    account("ours", 1001, MARKER, "web"),
    account("admin", 1002, "ops"),
    account("remote", 5001, local=False),
    account("member", 1003, MARKER, gid=2003, group="shared"),
]
GROUPS = [
    Group("root", 0),
    Group("sudo", 27),
    Group("docker", 995),
    Group(MARKER, 990, frozenset(["ours", "member"])),
    Group("web", 2001, frozenset(["ours"])),
    Group("ops", 2002, frozenset(["admin"])),
    Group("shared", 2003),
    Group("ours", 1001),
    Group("admin", 1002),
    Group("left", 1099),
    Group("staff", 9000, frozenset(["admin"]), local=False),
]
HOST = Host(
    accounts={a.name: a for a in ACCOUNTS},
    groups={g.name: g for g in GROUPS},
    uid_owners={a.uid: frozenset([a.name]) for a in ACCOUNTS},
    gid_owners={g.gid: frozenset([g.name]) for g in GROUPS},
    homes={"file": Home(False, 0)},
    limits=Limits(private_groups=True),
    logins=frozenset(["ours"]),
)


def found(*items, purge=False, users_given=True, host=HOST):
    users = [item for item in items if isinstance(item, UserWish)]
    groups = [item for item in items if isinstance(item, GroupWish)]
    return problems(Wishes(users, groups, purge, users_given), host)


def user(name, path="users[0]", **values):
    return UserWish(path, name, **values)


def group(name, path="groups[0]", **values):
    return GroupWish(path, name, **values)


@pytest.mark.parametrize(
    "wish, path, words",
    [
        (user("taro@example.com"), "users[0].name", "e-mail address"),
        (user("1001"), "users[0].name", "is a number"),
        (user("root"), "users[0].name", "the agent refuses it"),
        (user("Taro"), "users[0].name", "upper-case"),
        (user(""), "users[0].name", "is empty"),
        (user(MARKER), "users[0].name", "kept for this module"),
        (user("www-data"), "users[0].name", "system account (uid 33)"),
        (user("www-data", present=False), "users[0].name", "system account (uid 33)"),
        (user("nobody"), "users[0].name", "system account (uid 65534)"),
        (user("taro", home="/srv/taro"), "users[0].home", "give /home/taro"),
        (user("taro", comment="a:b"), "users[0].comment", "colon or a control character"),
        (user("taro", comment="a\nb"), "users[0].comment", "colon or a control character"),
        (user("taro", shell="bash"), "users[0].shell", "not an absolute path"),
        (user("taro", shell=""), "users[0].shell", "not an absolute path"),
        (user("taro", shell="/bin/sh\nx"), "users[0].shell", "not an absolute path"),
        (user("taro", expires="31.12.2030"), "users[0].expires", "give YYYY-MM-DD"),
        (user("taro", expires="2030-02-30"), "users[0].expires", "give YYYY-MM-DD"),
        (user("taro", expires="1970-01-01"), "users[0].expires", "give YYYY-MM-DD"),
        (user("taro", expires="2030-12-31\n"), "users[0].expires", "give YYYY-MM-DD"),
        (user("taro", uid=0), "users[0].uid", "not an id of an ordinary user"),
        (user("taro", uid=999), "users[0].uid", "give 1000 or more"),
        (user("taro", uid=65534), "users[0].uid", "not an id of an ordinary user"),
        (user("taro", uid=2**32 - 1), "users[0].uid", "not an id of an ordinary user"),
        (user("taro", uid=1002), "users[0].uid", "1002 belongs to 'admin' already"),
        (user("taro", uid=5001), "users[0].uid", "5001 belongs to 'remote' already"),
        (user("ours", uid=1002), "users[0].uid", "1002 belongs to 'admin' already"),
        (user("admin", uid=1500), "users[0].uid", "was there before with uid 1002"),
        (user("remote", uid=1500), "users[0].uid", "was there before with uid 5001"),
        (user("taro", groups=("web", "wbe")), "users[0].groups[1]", "no group 'wbe' on this host (did you mean 'web'"),
        (user("taro", groups=("a,b",)), "users[0].groups[0]", "no group 'a,b'"),
        (user("taro", groups=(MARKER,)), "users[0].groups[0]", "given by this module itself"),
        (user("taro", groups=("staff",)), "users[0].groups[0]", "exists only outside the local files"),
        (user("taro", group="nowhere"), "users[0].group", "no group 'nowhere'"),
        (user("taro", group="root"), "users[0].group", "gid 0, for which the agent refuses"),
        (user("taro", group=MARKER), "users[0].group", "kept for this module"),
        (user("web"), "users[0].name", "give group: web"),
        (user("staff"), "users[0].name", "give group: staff"),
        (user("file"), "users[0].home", "not a directory"),
        (user("taro", skeleton="skel"), "users[0].skeleton", "not an absolute path"),
        (user("taro", skeleton="/srv/none"), "users[0].skeleton", "not a directory on this host"),
        (group("member"), "groups[0].name", "the name of a user whose primary group is 'shared'"),
        (user("admin", present=False), "users[0].state", "'admin' was not created by this module"),
        (user("remote", present=False), "users[0].state", "exists outside the local files"),
        (user("ours", present=False), "users[0].state", "this run came in as 'ours'"),
        (group("Web"), "groups[0].name", "upper-case"),
        (group(MARKER), "groups[0].name", "kept for this module"),
        (group(MARKER, present=False), "groups[0].name", "kept for this module"),
        (group("new", gid=0), "groups[0].gid", "not an id of an ordinary group"),
        (group("new", gid=2001), "groups[0].gid", "2001 belongs to the group 'web' already"),
        (group("docker", gid=3000), "groups[0].gid", "a system group with gid 995"),
        (group("staff", gid=3000), "groups[0].gid", "outside the local files with gid 9000"),
        (group("admin", gid=3000), "groups[0].gid", "the primary group of 'admin'"),
        (group("staff", present=False), "groups[0].name", "exists outside the local files"),
        (group("sudo", present=False, system=True), "groups[0].name", "belongs to the distribution"),
        (group("docker", present=False), "groups[0].name", "give system: true"),
        (group("shared", present=False), "groups[0].name", "the primary group of 'member'"),
        (group("ops", present=False), "groups[0].name", "has the member 'admin'"),
    ],
)
def test_one_problem_with_its_path_and_its_mend(wish, path, words):
    told = found(wish)
    assert len(told) == 1, told
    assert told[0].startswith(path + ": ") and words in told[0]


@pytest.mark.parametrize(
    "wish",
    [
        user("taro", groups=("web", "sudo"), home="/home/taro", expires="", comment="Tarō, 太郎"),
        user("taro", uid=1000, group="web", shell="/bin/sh", expires="1970-01-02"),
        user("web", group="web"),
        user("left"),
        user("ours", uid=1600),
        user("admin", uid=1002, groups=("staff",)),
        user("member", present=False),
        user("nowhere", present=False, groups=("nowhere",), uid=3),
        group("new", gid=3000),
        group("web", gid=3000),
        group("docker", present=False, system=True),
        group("web", present=False),
        group("nowhere", present=False),
        group("sudo"),
    ],
)
def test_good_wishes(wish):
    assert found(wish) == []


def test_all_problems_come_at_once_and_nothing_is_planned():
    wishes = Wishes(
        users=[user("Taro"), user("root", "users[1]", uid=5), user("x", "users[2]", groups=("no", "never"))],
        groups=[group("9")],
    )
    with pytest.raises(Problems) as caught:
        make_plan(wishes, HOST)
    paths = [text.split(": ")[0] for text in caught.value.details["problems"]]
    assert paths == [
        "groups[0].name",
        "users[0].name",
        "users[1].name",
        "users[1].uid",
        "users[2].groups[0]",
        "users[2].groups[1]",
    ]


def test_duplicates():
    told = found(
        user("a", uid=1500),
        user("b", "users[1]", uid=1500),
        user("a", "users[2]"),
        group("g", gid=3000),
        group("h", "groups[1]", gid=3000),
        group("g", "groups[2]"),
    )
    assert told == [
        "groups[1].gid: 3000 is given already at groups[0]; give another",
        "groups[2].name: 'g' is listed already at groups[0]; keep one of them",
        "users[1].uid: 1500 is given already at users[0]; give another",
        "users[2].name: 'a' is listed already at users[0]; keep one of them",
    ]


def test_a_group_may_be_listed_instead_of_existing():
    assert found(user("taro", groups=("new",), group="fresh"), group("new"), group("fresh", "groups[1]")) == []


def test_a_group_that_is_listed_as_absent_has_no_members():
    told = found(user("taro", groups=("web",)), group("web", present=False))
    assert told == ["users[0].groups[0]: 'web' is listed in groups as absent; take it out of one of them"]


def test_a_listed_group_of_the_users_own_name():
    assert "give group: taro" in found(user("taro"), group("taro"))[0]
    assert found(user("taro", group="taro"), group("taro")) == []


def test_an_own_group_cannot_stay_when_its_user_goes():
    host = Host(
        accounts={"taro": account("taro", 1001, MARKER)},
        groups={"taro": Group("taro", 1001), MARKER: Group(MARKER, 990, frozenset(["taro"]))},
    )
    assert "goes with the user" in found(user("taro", present=False), group("taro"), host=host)[0]
    assert found(user("taro"), group("taro"), host=host) == []


def test_purge_needs_a_list_of_users():
    assert found(purge=True, users_given=False)[0].startswith("purge: true without users")
    assert found(purge=True, host=Host()) == []


def test_purge_never_takes_the_account_that_this_run_came_in_as():
    assert found(purge=True) == ["purge: this run came in as 'ours', which it would remove; list it in users"]
    assert found(user("ours"), purge=True) == []


def test_our_group_must_be_of_this_host():
    host = Host(groups={MARKER: Group(MARKER, 9001, local=False)})
    assert "exists outside the local files" in found(user("taro"), host=host)[0]
    assert found(group("web"), host=host) == []


def test_a_group_may_become_the_primary_group_of_the_user_of_its_name():
    assert found(group("member"), user("member", group="member")) == []
    assert len(found(group("member"), user("member"))) == 1


def test_a_home_begins_with_a_folder_that_is_there():
    host = replace(HOST, skeletons=frozenset(["/srv/skel"]))
    plan = make_plan(Wishes([user("taro", skeleton="/srv/skel"), user("ours", skeleton="/srv/skel")]), host)
    assert [change.payload.skeleton for change in plan.changes] == ["/srv/skel", "/srv/skel"]
    assert not make_plan(
        Wishes([user("ours", skeleton="/srv/skel")]), replace(host, homes={"ours": Home(True, 1001)})
    ).changes
