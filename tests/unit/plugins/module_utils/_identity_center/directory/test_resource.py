"""The whole way through `reconcile`, against an identity store that is a few dictionaries."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.records import (
    ADDRESS_PARTS,
    REQUIRED,
    TEXTS,
)
from directory_store import Store, info, run, user
from hypothesis import given, settings
from hypothesis import strategies as st

TEAM = dict(
    users=[user("taro", email="taro@example.com"), user("hana", enterprise=dict(department="web"))],
    groups=[dict(name="web", description="Web", members=["taro", "hana"]), dict(name="db")],
)


def test_users_and_groups_come_in_one_task_and_stay():
    store = Store()
    done = run(store, **TEAM)
    assert store.writes() == ["create_user"] * 2 + ["create_group"] * 2 + ["create_group_membership"] * 2
    assert [each["user_id"] for each in done["users"]] == ["u-1", "u-2"]
    assert [each["group_id"] for each in done["groups"]] == ["g-3", "g-4"]
    assert (done["created"], done["updated"], done["deleted"]) == (6, 0, 0)
    store.calls.clear()
    again = run(store, **TEAM)
    assert not again["changed"] and "diff" not in again
    assert again["users"] == done["users"] and again["groups"] == done["groups"]
    assert store.calls == WITH_MEMBERS


WITH_MEMBERS = ["list_users", "list_groups", "list_group_memberships"]


def test_check_mode_predicts_without_ids():
    store = Store()
    done = run(store, check=True, **TEAM)
    assert store.writes() == []
    assert done["changed"] and len(done["changes"]) == 6
    assert "user_id" not in done["users"][0] and "group_id" not in done["groups"][0]
    assert done["groups"][0]["members"] == ["taro", "hana"]


@pytest.mark.parametrize(
    "params, calls",
    [
        (dict(users=[user("taro")]), ["list_users"]),
        (dict(users=[user("taro")], groups=[]), ["list_users"]),
        (dict(groups=[dict(name="web")]), ["list_groups"]),
        (dict(groups=[dict(name="none", state="absent", members=["taro"])]), ["list_groups"]),
        (dict(groups=[dict(name="web", members=["taro", "hana"])]), WITH_MEMBERS),
        (dict(users=[], groups=[]), []),
    ],
)
def test_only_what_is_needed_is_read(params, calls):
    store = Store()
    run(store, **TEAM)
    store.calls.clear()
    done = run(store, **params)
    assert not done["changed"]
    assert store.calls == calls


def test_enterprise_attributes_need_a_botocore_that_knows_them():
    store = Store()
    assert run(store, users=[user("taro"), user("gone", enterprise={}, state="absent")])["required"] == []
    ((version, reason),) = run(store, users=[user("taro", enterprise=dict(division="d"))])["required"]
    assert version == "1.42.5" and "enterprise attributes" in reason
    assert info(store, include=["users", "members"])["required"] == []
    assert info(store, include=["enterprise"])["required"]
    assert info(store, users=[])["required"] == []


def test_a_failure_stops_only_what_needs_it():
    store = Store()
    store.refused["hana"] = "ServiceQuotaExceededException"
    done = run(store, **TEAM)
    assert done["failed"]
    assert [(each["kind"], each["name"]) for each in done["failures"]] == [
        ("user", "hana"),
        ("group_membership", "web/hana"),
    ]
    assert "skipped, because user 'hana' failed" in done["failures"][1]["error"]
    assert done["created"] == 4
    del store.refused["hana"]
    assert run(store, **TEAM)["created"] == 2


def test_deletion_takes_memberships_along():
    store = Store()
    run(store, **TEAM)
    store.calls.clear()
    done = run(
        store,
        users=[dict(user_name="hana", state="absent")],
        groups=[dict(name="web", members=["taro"]), dict(name="db", state="absent")],
    )
    assert store.writes() == ["delete_group", "delete_user"]
    assert done["users"] == [] and done["groups"][0]["members"] == ["taro"]
    assert len(store.memberships) == 1


def test_problems_come_before_the_first_write():
    store = Store()
    done = run(store, users=[user("new")], groups=[dict(name="web", members=["new", "neu"])])
    assert done["failed"] and store.writes() == []
    assert done["problems"] == [
        "groups[0].members[1]: there is no user 'neu', and users does not list it (did you mean 'new'?)"
    ]


def test_info_reads_everything():
    store = Store()
    run(store, **TEAM)
    store.calls.clear()
    found = info(store)
    assert store.calls == ["list_groups", "list_users", "list_group_memberships", "list_group_memberships"]
    assert [each["user_name"] for each in found["users"]] == ["hana", "taro"]
    assert [each["enterprise"] for each in found["users"]] == [dict(department="web"), {}]
    assert found["groups"] == [
        dict(name="db", group_id="g-4", members=[]),
        dict(name="web", group_id="g-3", description="Web", members=["hana", "taro"]),
    ]
    assert found["missing_users"] == found["missing_groups"] == []


@pytest.mark.parametrize(
    "params, users, groups, calls",
    [
        (dict(include=["groups"]), [], ["db", "web"], ["list_groups"]),
        (dict(include=["users"]), ["hana", "taro"], [], ["list_users"]),
        (dict(include=[]), [], [], []),
        (dict(users=[], groups=[]), [], [], []),
        (dict(users=["TARO", "taro", "x"], groups=[]), ["taro"], [], ["list_users"]),
        (dict(users=[], groups=["Web", "y"]), [], ["web"], ["list_groups", "list_users", "list_group_memberships"]),
        (dict(users=[], groups=["y"]), [], [], ["list_groups"]),
    ],
)
def test_info_reads_what_is_asked_for(params, users, groups, calls):
    store = Store()
    run(store, **TEAM)
    store.calls.clear()
    found = info(store, **params)
    assert [each["user_name"] for each in found["users"]] == users
    assert [each["name"] for each in found["groups"]] == groups
    assert store.calls == calls
    assert found["missing_users"] == (["x"] if "x" in (params.get("users") or []) else [])
    assert found["missing_groups"] == (["y"] if "y" in (params.get("groups") or []) else [])


# Whatever is there and whatever is asked for: one run gets there, and check mode knows how it will look.

NAMES = ["taro", "hana", "jiro", "Sabu"]
some_text = st.one_of(st.none(), st.sampled_from(["", "a", "b"]))


def table(keys):
    return st.one_of(st.none(), st.dictionaries(st.sampled_from(keys), some_text, max_size=3))


@st.composite
def users(draw):
    listed = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        values = {text: draw(some_text) for text in TEXTS if text not in ("email", *REQUIRED)}
        addresses = [None, "", f"{name}@example.com", f"{name}@example.org", "x@example.com"]
        values["email"] = draw(st.sampled_from(addresses))
        values["display_name"] = draw(st.sampled_from([None, "D"]))
        values["address"] = draw(table(ADDRESS_PARTS[:3]))
        values["enterprise"] = draw(table(["department", "manager", "cost_center"]))
        name = draw(st.sampled_from([name, name.upper()]))
        listed.append(user(name, state=draw(st.sampled_from(["present", "present", "absent"])), **values))
    return listed


@st.composite
def tasks(draw):
    groups = [
        dict(
            name=draw(st.sampled_from([name, name.upper()])),
            description=draw(some_text),
            members=draw(st.one_of(st.none(), st.lists(st.sampled_from(NAMES), unique=True))),
            state=draw(st.sampled_from(["present", "present", "absent"])),
        )
        for name in draw(st.lists(st.sampled_from(["web", "db"]), unique=True))
    ]
    return dict(users=draw(users()), groups=groups, purge_members=draw(st.booleans()))


def without_ids(records):
    return [{key: value for key, value in each.items() if key not in ("user_id", "group_id")} for each in records]


def sorted_members(groups):
    return [dict(group, members=sorted(group["members"])) if "members" in group else group for group in groups]


@settings(max_examples=150, deadline=None)
@given(st.lists(tasks(), min_size=1, max_size=3))
def test_one_run_gets_there(runs):
    store = Store()
    for params in runs:
        before = copy.deepcopy(vars(store))
        predicted = run(store, check=True, **copy.deepcopy(params))
        assert store.writes() == [] and store.users == before["users"]
        done = run(store, **copy.deepcopy(params))
        assert done["failed"] == predicted["failed"]
        if done["failed"]:
            assert done["problems"] == predicted["problems"] and store.writes() == []
            store.calls.clear()
            continue
        assert done["changes"] == predicted["changes"]
        for kind in ("users", "groups"):
            assert without_ids(done[kind]) == without_ids(predicted[kind])
        assert len(store.writes()) == len(done["changes"])
        again = run(store, **copy.deepcopy(params))
        assert not again["changed"], again["changes"]
        assert again["users"] == done["users"]
        assert sorted_members(again["groups"]) == sorted_members(done["groups"])
        store.calls.clear()


def test_an_address_moves_from_one_to_the_other():
    store = Store()
    run(store, users=[user("a", email="x@example.com"), user("b")])
    result = run(store, users=[user("b", email="x@example.com"), user("a", email="y@example.com")])
    assert [change["name"] for change in result["changes"]] == ["a", "b"]
