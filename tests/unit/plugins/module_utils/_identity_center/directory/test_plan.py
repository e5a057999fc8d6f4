from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.plan import plan_directory
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.records import (
    ByName,
    Current,
    Desired,
    Group,
    User,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, summary

TARO = User("taro", "u-taro", given_name="Taro", family_name="Tanaka", display_name="Taro Tanaka",
            email="taro@example.com", title="Engineer")  # fmt: skip
HANA = User("hana", "u-hana", given_name="Hana", family_name="Sato", display_name="Hana Sato", email="hana@example.com")
NEW = User("jiro", given_name="Jiro", family_name="Ito")


def plan(have=(), want=(), groups=(), want_groups=(), purge=True):
    return plan_directory(Current(ByName(have), ByName(groups)), Desired(want, want_groups), purge)


def steps(plan):
    return [(change.action, change.kind, change.name) for change in plan.changes]


def problems(*args, **kwargs):
    with pytest.raises(Problems) as caught:
        plan(*args, **kwargs)
    return caught.value.details["problems"]


# Users


def test_a_new_user_gets_a_display_name():
    result = plan(want=[NEW])
    assert steps(result) == [("create", "user", "jiro")]
    assert result.changes[0].payload.display_name == "Jiro Ito"
    assert result.result["users"] == [
        dict(user_name="jiro", given_name="Jiro", family_name="Ito", display_name="Jiro Ito")
    ]
    assert result.before == {"users": {"jiro": None}}
    assert result.after == {"users": {"jiro": result.result["users"][0]}}


def test_empty_texts_of_a_new_user_are_left_out():
    result = plan(want=[User("j", given_name="J", family_name="I", title="", address={"region": ""}, enterprise={})])
    goal = result.changes[0].payload
    assert (goal.title, goal.address, goal.enterprise) == (None, {}, {})
    assert result.result["users"][0]["enterprise"] == {}
    assert "address" not in result.result["users"][0]


def test_a_long_display_name_is_cut_to_what_aws_takes():
    result = plan(want=[User("j", given_name="J" * 1000, family_name="I" * 1000)])
    assert len(result.changes[0].payload.display_name) == 1024


def test_what_is_unset_is_untouched():
    result = plan([TARO], [User("taro")])
    assert result.changes == []
    assert result.before == result.after == {}
    assert result.result == dict(users=[TARO.shown()], groups=[])


def test_an_existing_user_needs_no_names():
    result = plan([TARO], [User("taro", nick_name="t")])
    assert steps(result) == [("update", "user", "taro")]
    goal, fields = result.changes[0].payload
    assert fields == ["nick_name"]
    assert goal.given_name == "Taro"
    assert result.before == {"users": {"taro": {"nick_name": None}}}
    assert result.after == {"users": {"taro": {"nick_name": "t"}}}


def test_an_empty_text_clears():
    result = plan([TARO], [User("taro", title="", email="", nick_name="")])
    assert result.changes[0].detail == dict(fields=["email", "title"])
    assert result.after == {"users": {"taro": {"email": None, "title": None}}}
    assert "title" not in result.result["users"][0]


def test_parts_are_managed_one_by_one():
    address = dict(locality="Chiyoda", country="JP")
    have = User("taro", "u", address=address, enterprise=dict(department="web", division="d"))
    want = User("taro", address=dict(locality="Minato", country="JP"), enterprise=dict(department="db", division=""))
    result = plan([have], [want])
    goal, fields = result.changes[0].payload
    assert fields == ["address.locality", "enterprise.division", "enterprise.department"]
    assert goal.address == dict(locality="Minato", country="JP")
    assert goal.enterprise == dict(department="db")
    assert result.before["users"]["taro"] == {
        "address.locality": "Chiyoda",
        "enterprise.division": "d",
        "enterprise.department": "web",
    }


def test_a_part_that_is_left_out_stays():
    have = User("taro", "u", address=dict(locality="Chiyoda", country="JP"), enterprise=dict(department="web"))
    result = plan([have], [User("taro", address=dict(region="Tokyo"), enterprise=dict(manager="boss"))])
    goal, fields = result.changes[0].payload
    assert fields == ["address.region", "enterprise.manager"]
    assert goal.address == dict(locality="Chiyoda", region="Tokyo", country="JP")
    assert goal.enterprise == dict(department="web", manager="boss")


def test_an_empty_table_clears_all_parts():
    have = User("taro", "u", address=dict(locality="Chiyoda", country="JP"), enterprise=dict(department="web"))
    result = plan([have], [User("taro", address={}, enterprise={})])
    assert result.changes[0].detail["fields"] == ["address.locality", "address.country", "enterprise.department"]
    assert result.changes[0].payload[0].enterprise == {}
    assert plan([User("taro", "u", enterprise={})], [User("taro", address={}, enterprise={})]).changes == []


@pytest.mark.parametrize("want", [dict(email="a@example.com"), dict(email="")])
def test_an_address_of_another_kind_makes_room(want):
    have = User("taro", "u", other=dict(email="a@example.com", phone="1"))
    result = plan([have], [User("taro", **want)])
    goal, fields = result.changes[0].payload
    assert fields == ["email"]
    assert goal.other == dict(phone="1")
    assert result.before["users"]["taro"] == {"email": "a@example.com (of another type)"}


def test_a_private_postal_address_makes_room():
    have = User("taro", "u", other=dict(address=""))
    assert plan([have], [User("taro", address={})]).changes[0].detail["fields"] == ["address"]
    assert plan([have], [User("taro", address=dict(region="x"))]).changes[0].detail["fields"] == ["address.region"]
    assert plan([have], [User("taro", title="")]).changes == []


def test_names_are_the_same_in_any_case_and_keep_their_spelling():
    result = plan([User("Taro@Example.com", "u")], [User("taro@example.com", title="x")])
    assert steps(result) == [("update", "user", "Taro@Example.com")]


def test_names_that_differ_in_case_only_are_found_exactly():
    have = [User("taro", "u-1"), User("Taro", "u-2")]
    assert plan(have, [User("Taro", absent=True)]).changes[0].payload == "u-2"
    assert ByName(have).get("TARO") is None


def test_only_absent_users_are_deleted():
    result = plan([TARO, HANA], [User("TARO", absent=True), User("nobody", absent=True)])
    assert steps(result) == [("delete", "user", "taro")]
    assert result.changes[0].payload == "u-taro"
    assert result.result["users"] == []
    assert result.before["users"]["taro"]["email"] == "taro@example.com"
    assert result.after == {"users": {"taro": None}}


def test_what_a_new_user_lacks_is_a_problem():
    assert problems([TARO], [User("tarou"), User("jiro", given_name="Jiro")]) == [
        "users[0].given_name: the user 'tarou' does not exist yet, and AWS creates none without it; "
        "give given_name, or correct the user name (did you mean 'taro'?)",
        "users[0].family_name: the user 'tarou' does not exist yet, and AWS creates none without it; "
        "give family_name, or correct the user name (did you mean 'taro'?)",
        "users[1].family_name: the user 'jiro' does not exist yet, and AWS creates none without it; "
        "give family_name, or correct the user name",
    ]


# E-mail addresses, of which AWS takes each once


def test_an_address_that_someone_else_has_is_a_problem():
    taken = "users[0].email: 'TARO@example.com' is the address of the user 'taro'"
    want = User("hana", email="TARO@example.com")
    assert problems([TARO, HANA], [want]) == [taken + "; AWS takes each address for one user only"]
    assert problems([TARO, HANA], [want, User("taro", title="x")])[0].startswith(taken + "; AWS takes")
    later = [taken + " until this task has changed that; free it in a task before this one"]
    assert problems([TARO, HANA], [want, User("taro", absent=True)]) == later
    both = problems([TARO, HANA], [want, User("taro", email="hana@example.com")])
    assert len(both) == 2 and both[0] == later[0]


@pytest.mark.parametrize("address", ["", "other@example.com"])
def test_an_address_that_its_owner_gives_up_is_freed_first(address):
    want = [User("jiro", given_name="J", family_name="I", email="taro@example.com"), User("hana", title="x")]
    result = plan([TARO, HANA], [*want, User("taro", email=address)])
    assert steps(result) == [("update", "user", "taro"), ("create", "user", "jiro"), ("update", "user", "hana")]


def test_an_address_of_another_kind_counts_too():
    have = [User("taro", "u-1", other=dict(email="a@example.com")), HANA]
    assert len(problems(have, [User("hana", email="a@example.com")])) == 1


def test_ones_own_address_in_another_case_is_no_problem():
    assert steps(plan([TARO], [User("taro", email="Taro@example.com")])) == [("update", "user", "taro")]


# Groups and members

WEB = Group("web", "g-web", "Old", members={"taro": "m-taro", "hana": "m-hana"})


def test_a_new_group_with_a_new_member_in_one_task():
    result = plan(want=[NEW], want_groups=[Group("web", description="", members={"JIRO": None})])
    assert steps(result) == [
        ("create", "user", "jiro"),
        ("create", "group", "web"),
        ("create", "group_membership", "web/jiro"),
    ]
    assert result.changes[2].needs == (("group", "web"), ("user", "jiro"))
    assert result.changes[2].shown()["group"] == "web"
    assert result.result["groups"] == [dict(name="web", members=["jiro"])]
    assert summary(result.changes)["created"] == 3


def test_given_members_are_exact():
    result = plan([TARO, HANA], [], [WEB], [Group("web", members={"Taro": None})])
    assert steps(result) == [("delete", "group_membership", "web/hana")]
    assert result.changes[0].payload == "m-hana"
    assert result.result["groups"] == [dict(name="web", group_id="g-web", description="Old", members=["taro"])]
    assert result.before == {"groups": {"web": {"members": ["hana", "taro"]}}}
    assert result.after == {"groups": {"web": {"members": ["taro"]}}}


def test_without_purge_others_stay():
    only_hana = Group("web", "g-web", members={"hana": "m-hana"})
    result = plan([TARO, HANA], [], [only_hana], [Group("web", members={"taro": None})], purge=False)
    assert steps(result) == [("create", "group_membership", "web/taro")]
    assert result.changes[0].needs == ()
    assert sorted(result.result["groups"][0]["members"]) == ["hana", "taro"]


def test_no_members_removes_all_and_no_list_none():
    assert len(plan([TARO, HANA], [], [WEB], [Group("web", members={})]).changes) == 2
    unread = Group("web", "g-web", "Old")
    result = plan([], [], [unread], [Group("web")])
    assert result.changes == []
    assert "members" not in result.result["groups"][0]


def test_a_member_whose_user_is_unknown_is_removed_by_id():
    odd = Group("web", "g-web", members={"taro": "m-taro", "u-gone": "m-gone"})
    result = plan([TARO], [], [odd], [Group("web", members={"taro": None})])
    assert steps(result) == [("delete", "group_membership", "web/u-gone")]


def test_a_membership_ends_with_its_user_and_costs_no_call():
    result = plan([TARO, HANA], [User("hana", absent=True)], [WEB], [Group("web", members={"taro": None})], purge=False)
    assert steps(result) == [("delete", "user", "hana")]
    assert result.result["groups"][0]["members"] == ["taro"]
    assert result.after["groups"] == {"web": {"members": ["taro"]}}


def test_descriptions_change_and_clear():
    result = plan([], [], [Group("web", "g", "Old")], [Group("WEB", description="New")])
    assert steps(result) == [("update", "group", "web")]
    assert result.changes[0].payload.description == "New"
    assert result.before == {"groups": {"web": {"description": "Old"}}}
    result = plan([], [], [Group("web", "g", "Old")], [Group("web", description="")])
    assert result.changes[0].payload.description is None
    assert plan([], [], [Group("web", "g")], [Group("web", description="")]).changes == []


def test_only_absent_groups_are_deleted():
    result = plan([], [], [WEB, Group("db", "g-db")], [Group("web", absent=True), Group("none", absent=True)])
    assert steps(result) == [("delete", "group", "web")]
    assert result.changes[0].payload == "g-web"
    assert result.after == {"groups": {"web": None}}


def test_unknown_members_are_problems():
    groups = [
        Group("web", members={"taro": None, "hanna": None}),
        Group("db", members={"jirou": None, "old": None}),
        Group("gone", members={"nobody": None}, absent=True),
    ]
    assert problems([TARO, HANA, User("old", "u")], [NEW, User("OLD", absent=True)], [], groups) == [
        "groups[0].members[1]: there is no user 'hanna', and users does not list it (did you mean 'hana'?)",
        "groups[1].members[0]: there is no user 'jirou', and users does not list it (did you mean 'jiro'?)",
        "groups[1].members[1]: 'old' is listed in users with state: absent; take it out of one of them",
    ]


def test_everything_is_done_in_a_safe_order():
    have = [TARO, HANA, User("old", "u-old")]
    groups = [WEB, Group("gone", "g-gone")]
    want = [User("old", absent=True), User("taro", title="x"), NEW]
    want_groups = [
        Group("gone", absent=True),
        Group("web", description="New", members={"jiro": None, "hana": None}),
        Group("db", members={"taro": None}),
    ]
    assert steps(plan(have, want, groups, want_groups)) == [
        ("create", "user", "jiro"),
        ("update", "user", "taro"),
        ("update", "group", "web"),
        ("create", "group", "db"),
        ("create", "group_membership", "web/jiro"),
        ("create", "group_membership", "db/taro"),
        ("delete", "group_membership", "web/taro"),
        ("delete", "group", "gone"),
        ("delete", "user", "old"),
    ]
