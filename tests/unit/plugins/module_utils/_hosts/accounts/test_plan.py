# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
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

LIMITS = Limits(private_groups=True)


def account(name, uid, groups=(), **values):
    given = dict(
        gid=uid,
        comment="",
        home=f"/home/{name}",
        shell="/bin/bash",
        locked=True,
        expires="",
        local=True,
        group=name,
        groups=frozenset(groups),
    )
    given.update(values)
    return Account(name=name, uid=uid, **given)


def ours(name, uid, groups=(), **values):
    return account(name, uid, (MARKER,) + tuple(groups), **values)


def host(*accounts, groups=(), homes=None, limits=LIMITS, logins=(), own_groups=True):
    """A host with root, our marker group, 'web' and 'ops', the given accounts and a group for each of them."""
    found = [Group("root", 0), Group(MARKER, 990), Group("web", 2001), Group("ops", 2002)] + list(groups)
    everybody = (account("root", 0, home="/root"),) + accounts
    if own_groups:
        known = {group.name for group in found}
        found += [Group(a.name, a.gid) for a in accounts if a.local and a.group == a.name and a.name not in known]
    found = [
        replace(group, members=group.members | {a.name for a in everybody if group.name in a.groups}) for group in found
    ]
    if homes is None:
        homes = {a.name: Home(True, a.uid) for a in accounts}
    return Host(
        accounts={a.name: a for a in everybody},
        groups={group.name: group for group in found},
        uid_owners={a.uid: frozenset([a.name]) for a in everybody},
        gid_owners={group.gid: frozenset([group.name]) for group in found},
        homes=homes,
        limits=limits,
        default_shell="/bin/bash",
        logins=frozenset(logins),
    )


def wish(name, path="users[0]", **values):
    return UserWish(path=path, name=name, **values)


def users(*wishes, **more):
    return Wishes(users=[replace(w, path=f"users[{n}]") for n, w in enumerate(wishes)], **more)


def groups(*wishes, **more):
    return Wishes(groups=[replace(w, path=f"groups[{n}]") for n, w in enumerate(wishes)], **more)


def payloads(plan):
    return [change.payload for change in plan.changes]


def without_marker(found):
    return replace(found, groups={name: group for name, group in found.groups.items() if name != MARKER})


class TestNewUsers:
    def test_the_marker_group_is_made_first_and_the_user_carries_it_from_the_beginning(self):
        plan = make_plan(users(wish("taro", groups=("web",))), without_marker(host()))
        assert payloads(plan) == [
            AddGroup(MARKER, system=True),
            AddUser("taro", "/home/taro", "/bin/bash", (MARKER, "web")),
        ]
        assert set(plan.changes[1].needs) >= {("group", MARKER), ("group", "web")}

    def test_everything_given(self):
        wished = wish("taro", uid=5001, comment="T", shell="/bin/sh", group="web", groups=["ops"], expires="2030-12-31")
        plan = make_plan(users(wished), host())
        assert payloads(plan) == [
            AddUser("taro", "/home/taro", "/bin/sh", (MARKER, "ops"), 5001, "T", "web", "2030-12-31")
        ]
        assert plan.result["users"] == [
            dict(
                name="taro",
                uid=5001,
                gid=2001,
                group="web",
                comment="T",
                home="/home/taro",
                shell="/bin/sh",
                groups=[MARKER, "ops"],
                locked=True,
                expires="2030-12-31",
                managed=True,
                local=True,
            )
        ]

    def test_ids_that_are_not_known_yet_are_left_out_of_the_result(self):
        found = make_plan(users(wish("taro")), host()).result["users"][0]
        assert "uid" not in found and "gid" not in found
        assert (found["group"], found["locked"], found["managed"]) == ("taro", True, True)

    def test_users_with_a_uid_come_first_so_that_nobody_else_is_given_it(self):
        plan = make_plan(users(wish("a"), wish("b", uid=1001), wish("c")), host())
        assert [change.name for change in plan.changes] == ["b", "a", "c"]
        assert [found["name"] for found in plan.result["users"]] == ["a", "b", "c"]

    def test_the_former_uid_comes_back_from_the_home_that_was_left(self):
        plan = make_plan(users(wish("b"), wish("taro")), host(homes={"taro": Home(True, 1234)}))
        assert [(step.name, step.uid) for step in payloads(plan)] == [("taro", 1234), ("b", None)]
        assert plan.warnings == []

    @pytest.mark.parametrize("owner", [0, 999, 1005, 70000, -1])
    def test_a_home_of_somebody_else_is_told_and_gives_no_uid(self, owner):
        plan = make_plan(users(wish("taro")), host(account("jiro", 1005), homes={"taro": Home(True, owner)}))
        assert payloads(plan)[0].uid is None
        assert len(plan.warnings) == 1 and "/home/taro exists and belongs to" in plan.warnings[0]

    def test_one_former_uid_is_given_once(self):
        left = {"a": Home(True, 1234), "b": Home(True, 1234), "c": Home(True, 1300)}
        plan = make_plan(users(wish("a"), wish("b"), wish("c"), wish("d", uid=1300)), host(homes=left))
        assert {step.name: step.uid for step in payloads(plan)} == {"a": 1234, "b": None, "c": None, "d": 1300}

    def test_a_group_that_is_left_over_is_the_users_own_again(self):
        plan = make_plan(users(wish("taro")), host(groups=[Group("taro", 1234, frozenset(["taro"]))]))
        assert payloads(plan)[-1].group == "taro"
        assert plan.result["users"][0]["gid"] == 1234

    def test_a_new_user_does_not_inherit_what_a_former_one_was_a_member_of(self):
        found = host(groups=[Group("docker", 995, frozenset(["taro", "jiro"])), Group("db", 2003, frozenset(["taro"]))])
        plan = make_plan(users(wish("taro", groups=("db",))), found)
        assert payloads(plan)[0] == ModGroup("docker", ghosts=("taro",))
        assert plan.before["group docker"] == {"members": ["jiro", "taro"]}
        assert plan.result["users"][0]["groups"] == ["db", MARKER]

    def test_members_of_a_new_group_are_predicted(self):
        wishes = Wishes(users=[wish("taro", groups=("db",))], groups=[GroupWish("groups[0]", "db", gid=3000)])
        plan = make_plan(wishes, host())
        assert payloads(plan)[0] == AddGroup("db", 3000)
        assert plan.result["groups"] == [dict(name="db", gid=3000, members=["taro"], local=True)]
        assert ("group", "db") in plan.changes[1].needs


class TestManagedUsers:
    def test_nothing_to_do(self):
        found = host(ours("taro", 1001, ["web"], comment="Taro", expires="2030-12-31"))
        wished = wish("taro", uid=1001, comment="Taro", shell="/bin/bash", groups=("web",), expires="2030-12-31")
        plan = make_plan(users(wished), found)
        assert plan.changes == [] and plan.before == {} and plan.warnings == []
        assert plan.result["users"][0]["uid"] == 1001

    def test_what_is_not_given_is_not_touched(self):
        found = host(ours("taro", 1001, ["web"], comment="Taro", shell="/bin/zsh", expires="2030-12-31"))
        assert make_plan(users(wish("taro")), found).changes == []

    def test_all_that_differs_is_one_step(self):
        found = host(ours("taro", 1001, ["ops"], home="/srv/taro", locked=False))
        wished = wish("taro", uid=1500, comment="T", shell="/bin/sh", group="web", groups=["ops"], expires="2031-01-01")
        plan = make_plan(users(wished), found)
        assert payloads(plan) == [
            ModUser(
                "taro", 1500, "T", "/bin/sh", "/home/taro", "web", "2031-01-01", (), None, lock=True, former_uid=1001
            )
        ]
        assert plan.changes[0].detail["fields"] == ["uid", "comment", "shell", "home", "group", "expires", "locked"]
        assert plan.before["user taro"]["uid"] == 1001 and plan.after["user taro"]["uid"] == 1500
        assert plan.result["users"][0]["gid"] == 2001

    def test_a_password_unlocked_by_hand_is_locked_again(self):
        plan = make_plan(users(wish("taro")), host(ours("taro", 1001, locked=False)))
        assert payloads(plan) == [ModUser("taro", lock=True)]
        assert plan.changes[0].shown() == dict(action="update", kind="user", name="taro", fields=["locked"])
        assert plan.before == {"user taro": {"locked": False}}

    def test_a_home_removed_by_hand_is_made_again(self):
        plan = make_plan(users(wish("taro")), host(ours("taro", 1001), homes={}))
        assert payloads(plan) == [ModUser("taro", make_home=True)]
        assert plan.after == {"user taro": {"home_exists": True}}

    def test_empty_texts_clear(self):
        found = host(ours("taro", 1001, comment="Taro", expires="2030-12-31"))
        plan = make_plan(users(wish("taro", comment="", expires="")), found)
        assert payloads(plan) == [ModUser("taro", comment="", expires="")]

    def test_groups_are_added(self):
        plan = make_plan(users(wish("taro", groups=("web",))), host(ours("taro", 1001, ["ops"])))
        assert payloads(plan) == [ModUser("taro", add_groups=("web",))]
        assert plan.result["users"][0]["groups"] == [MARKER, "ops", "web"]

    def test_groups_are_exact(self):
        plan = make_plan(users(wish("taro", groups=("web",), append=False)), host(ours("taro", 1001, ["ops"])))
        assert payloads(plan) == [ModUser("taro", set_groups=(MARKER, "web"))]

    def test_no_groups_at_all_still_keeps_our_mark(self):
        found = host(ours("taro", 1001, ["ops"]))
        assert payloads(make_plan(users(wish("taro", groups=(), append=False)), found)) == [
            ModUser("taro", set_groups=(MARKER,))
        ]
        assert make_plan(users(wish("taro", groups=())), found).changes == []

    def test_the_own_primary_group_is_no_membership_to_add(self):
        assert make_plan(users(wish("taro", groups=("taro",))), host(ours("taro", 1001))).changes == []


class TestForeignUsers:
    def test_memberships_grow_and_nothing_else(self):
        found = host(account("taro", 1001, ["ops"], shell="/bin/zsh", locked=False, comment="Old"))
        values = dict(uid=1001, shell="/bin/sh", comment="New", expires="2030-12-31")
        wished = wish("taro", groups=("web",), append=False, **values)
        plan = make_plan(users(wished), found)
        assert payloads(plan) == [ModUser("taro", add_groups=("web",))]
        assert plan.result["users"][0]["managed"] is False
        told = "\n".join(plan.warnings)
        for word in ("shell stays '/bin/zsh'", "comment stays 'Old'", "expires stays ''", "keeps the groups ops"):
            assert word in told

    def test_one_in_line_is_silent(self):
        plan = make_plan(users(wish("taro", groups=("web",), append=False)), host(account("taro", 1001, ["web"])))
        assert plan.changes == [] and plan.warnings == []

    def test_what_run_as_will_meet_is_told(self):
        plan = make_plan(users(wish("taro")), host(account("taro", 1001, home="/srv/taro", gid=0, group="root")))
        assert plan.changes == []
        assert any("home stays /srv/taro" in text for text in plan.warnings)
        assert any("gid 0" in text for text in plan.warnings)

    def test_another_uid_is_a_problem(self):
        with pytest.raises(Problems) as caught:
            make_plan(users(wish("taro", uid=1500)), host(account("taro", 1001)))
        assert "users[0].uid: 'taro' was there before with uid 1001" in caught.value.message

    def test_one_of_the_directory_is_not_made_again(self):
        found = host(account("taro", 5001, ["ldap-web"], local=False, locked=None, expires=None), own_groups=False)
        plan = make_plan(users(wish("taro", groups=("web", "ops"))), found)
        assert payloads(plan) == [ModUser("taro", add_groups=("ops", "web"))]
        assert plan.result["users"][0]["local"] is False

    def test_one_of_the_directory_is_never_ours_even_when_marked(self):
        found = host(ours("taro", 5001, local=False))
        with pytest.raises(Problems, match="exists outside the local files"):
            make_plan(users(wish("taro", present=False)), found)
        assert make_plan(users(purge=True), found).changes == []


class TestRemoval:
    def test_ours_is_removed_with_its_group(self):
        plan = make_plan(users(wish("taro", present=False, remove_home=True, force=True)), host(ours("taro", 1001)))
        assert payloads(plan) == [DelUser("taro", 1001, remove_home=True, force=True)]
        assert plan.result["users"] == []
        assert plan.before["user taro"]["uid"] == 1001 and plan.after["user taro"] is None

    def test_where_userdel_leaves_the_own_group_it_is_removed_too(self):
        found = host(ours("taro", 1001), limits=Limits(private_groups=False))
        assert payloads(make_plan(users(wish("taro", present=False)), found))[0].private_group == "taro"

    def test_an_own_group_with_others_in_it_stays(self):
        found = host(ours("taro", 1001), account("jiro", 1002, ["taro"]), limits=Limits(private_groups=False))
        assert payloads(make_plan(users(wish("taro", present=False)), found))[0].private_group is None

    def test_one_that_is_not_there(self):
        assert make_plan(users(wish("taro", present=False)), host()).changes == []

    def test_purge_takes_only_ours_that_are_not_listed(self):
        found = host(ours("taro", 1001), ours("hanako", 1002), account("jiro", 1003), ours("svc", 500))
        plan = make_plan(users(wish("taro"), purge=True), found)
        assert payloads(plan) == [DelUser("hanako", 1002)]
        assert plan.warnings == [f"purge: 'svc' is in {MARKER} but is no ordinary local user; it is left alone"]

    def test_root_in_our_group_is_not_ours(self):
        found = host()
        marked = replace(found.accounts["root"], groups=frozenset([MARKER]))
        found = replace(found, accounts=dict(found.accounts, root=marked))
        assert make_plan(users(purge=True), found).changes == []

    def test_purge_of_nobody_left_is_everybody_of_ours(self):
        found = host(ours("taro", 1001), ours("hanako", 1002))
        assert [change.name for change in make_plan(users(purge=True), found).changes] == ["hanako", "taro"]

    def test_names_of_people_who_are_gone_leave_our_group(self):
        found = host(groups=[])
        ghosts = replace(found.groups[MARKER], members=frozenset(["gone", "back"]))
        found = replace(found, groups=dict(found.groups, **{MARKER: ghosts}))
        plan = make_plan(users(wish("back")), found)
        assert payloads(plan)[0] == ModGroup(MARKER, ghosts=("gone",))


class TestGroups:
    def test_create_with_an_id_first(self):
        plan = make_plan(groups(GroupWish("", "a"), GroupWish("", "b", gid=3000, system=True)), host())
        assert payloads(plan) == [AddGroup("b", 3000, True), AddGroup("a")]

    def test_an_existing_one_is_taken(self):
        plan = make_plan(groups(GroupWish("", "web", system=True)), host(account("jiro", 1003, ["web"])))
        assert plan.changes == []
        assert plan.result["groups"] == [dict(name="web", gid=2001, members=["jiro"], local=True)]

    def test_another_id(self):
        found = host(ours("taro", 1001, gid=2001, group="web"))
        wishes = replace(groups(GroupWish("", "web", gid=3000)), users=[wish("taro")])
        plan = make_plan(wishes, found)
        assert payloads(plan) == [ModGroup("web", gid=3000)]
        assert plan.result["users"][0]["gid"] == 3000

    def test_removal_takes_the_memberships_of_ours_along(self):
        found = host(ours("taro", 1001, ["web"]))
        plan = make_plan(replace(groups(GroupWish("", "web", present=False)), users=[wish("taro")]), found)
        assert payloads(plan) == [DelGroup("web")]
        assert plan.result["users"][0]["groups"] == [MARKER]

    def test_removal_waits_for_the_user_whose_primary_group_it_is(self):
        found = host(ours("taro", 1001, gid=2001, group="web"))
        wishes = replace(groups(GroupWish("", "web", present=False)), users=[wish("taro", present=False)])
        plan = make_plan(wishes, found)
        assert [type(step) for step in payloads(plan)] == [DelUser, DelGroup]
        assert plan.changes[1].needs == (("user", "taro"),)

    def test_an_own_group_that_goes_with_its_user_is_not_removed_twice(self):
        wishes = replace(groups(GroupWish("", "taro", present=False)), users=[wish("taro", present=False)])
        assert [type(step) for step in payloads(make_plan(wishes, host(ours("taro", 1001))))] == [DelUser]

    def test_a_group_of_the_directory_that_already_holds_the_user_is_fine(self):
        outside = Group("staff", 9000, frozenset(["taro"]), local=False)
        found = host(ours("taro", 1001), groups=[outside])
        assert make_plan(users(wish("taro", groups=("staff",))), found).changes == []
        exact = make_plan(users(wish("taro", groups=("staff", "web"), append=False)), found)
        assert payloads(exact) == [ModUser("taro", set_groups=(MARKER, "web"))]
