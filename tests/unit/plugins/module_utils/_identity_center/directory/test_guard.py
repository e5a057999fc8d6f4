"""What keeps identity_store from deleting more than was meant."""

from __future__ import annotations

import copy

import pytest
from directory_store import Store, run, user


def test_more_deletions_than_allowed_stop_the_task_before_it_writes():
    store = Store()
    people = [user(f"u{number}") for number in range(12)]
    run(store, users=people)
    before = copy.deepcopy(store.users)
    gone = [dict(each, state="absent") for each in people]
    result = run(store, users=gone)
    assert result["msg"].startswith("max_deletions: this would delete 12 users, groups and memberships, and max_dele")
    assert result["deletions"][0] == "user u0"
    assert store.users == before
    assert run(store, users=gone, max_deletions=12)["deleted"] == 12


def ops(*members):
    return dict(name="ops", state="present", description=None, members=list(members))


@pytest.mark.parametrize("name", ["taro", "TARO", "ops"])
def test_what_is_protected_loses_nothing(name):
    store = Store()
    run(store, users=[user("taro")], groups=[ops("taro")])
    result = run(store, groups=[ops()], protect=[name, "SomePermissionSet"])
    assert result["msg"].startswith("protect: this would delete 1 protected users, groups and memberships.")
    assert result["deletions"] == ["group membership ops/taro"]
    assert run(store, groups=[ops()], protect=["hanako"])["deleted"] == 1


def test_a_group_that_goes_with_its_members_is_protected_through_them():
    store = Store()
    run(store, users=[user("taro")], groups=[ops("taro")])
    gone = dict(users=[user("taro", state="absent")], groups=[dict(ops(), members=[])])
    assert run(store, **gone, protect=["ops"])["msg"].startswith("protect: this would delete 1 protected")


@pytest.mark.parametrize(
    "change",
    [
        dict(users=[user("taro", state="absent")]),
        dict(groups=[dict(ops(), state="absent")]),
        dict(groups=[ops()]),
    ],
)
def test_nobody_takes_the_own_way_in_away_unasked(change):
    store = Store()
    run(store, users=[user("taro"), user("hanako")], groups=[ops("taro")])
    before = copy.deepcopy((store.users, store.groups, store.memberships))
    refused = run(store, caller="Taro", **change)
    assert refused["msg"].startswith("allow_self_lockout: this would delete ")
    assert (store.users, store.groups, store.memberships) == before
    assert run(store, caller="Taro", allow_self_lockout=True, **change)["deleted"] == 1


def test_what_others_lose_is_not_the_callers():
    store = Store()
    run(store, users=[user("taro"), user("hanako")], groups=[ops("taro", "hanako")])
    assert run(store, caller="taro", groups=[ops("taro")])["deleted"] == 1
