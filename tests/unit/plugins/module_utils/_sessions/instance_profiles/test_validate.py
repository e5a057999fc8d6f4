"""Instances and instance profiles as people name them."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.records import Selection
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.validate import (
    profile_account,
    profile_name,
    read_wish,
)

ID, ARN = "i-0123456789abcdef0", "arn:aws:iam::111122223333:instance-profile/a/b/Ours"
PARAMS = dict(
    state="present", instance_profile="Ours", instances=dict(all=True), replace="never", replace_deprecated=True,
    expected=None, max_deletions=10, protect=[],
)  # fmt: skip


def wish(**more):
    return read_wish(dict(PARAMS, **more))


def problems(**more):
    with pytest.raises(Problems) as caught:
        wish(**more)
    return caught.value.details["problems"]


def test_names_and_arns():
    assert (profile_name("Ours"), profile_account("Ours")) == ("Ours", None)
    assert (profile_name(ARN), profile_account(ARN)) == ("Ours", "111122223333")
    assert profile_name("arn:aws-cn:iam::111122223333:instance-profile/Ours") == "Ours"
    for text in ("", "a/b", "a b", "arn:aws:iam::111122223333:role/Ours", "x" * 129):
        assert profile_name(text) is None


@pytest.mark.parametrize(
    "instances, selection",
    [
        (dict(ids=[ID, "i-01234567"], tags=None, all=None), Selection(ids=(ID, "i-01234567"))),
        (dict(tags=dict(Team=["web", "api"], A="x")), Selection(tags=(("A", ("x",)), ("Team", ("web", "api"))))),
        (dict(all=True), Selection(all=True)),
    ],
)
def test_selections(instances, selection):
    assert wish(instances=instances).selection == selection


@pytest.mark.parametrize(
    "instances, text",
    [
        (dict(), "instances: give exactly one of ids, tags, all"),
        (dict(all=True, ids=[ID]), "instances: give exactly one of"),
        (dict(all=False), "instances.all: False is not true"),
        (dict(ids=[]), "instances.ids: the list is empty"),
        (dict(ids=["web-1"]), "instances.ids[0]: 'web-1' is not an instance id"),
        (dict(ids=["mi-0123456789abcdef0"]), "is not an instance id"),
        (dict(ids=[ID, ID]), f"instances.ids[1]: '{ID}' is named twice"),
        (dict(tags={}), "instances.tags: no tag is named"),
        (dict(tags=dict(Team=[])), "instances.tags.Team: the list is empty"),
        (dict(tags=dict(Team="web*")), "instances.tags.Team: 'web*': EC2 takes * and ?"),
        (dict(tags=dict(Team=5)), "instances.tags.Team: 5 is a number"),
        (dict(tags=dict(Team=["web", True])), "instances.tags.Team[1]: True is not a text"),
        ("all", "instances: 'all' is not a mapping"),
    ],
)
def test_bad_selections(instances, text):
    (problem,) = problems(instances=instances)
    assert problem.startswith(text) or text in problem


def test_all_problems_at_once():
    found = problems(instance_profile="a b", instances=dict(ids=["x"]), max_deletions=-1, protect=[" "])
    assert [text.partition(":")[0] for text in found] == [
        "instance_profile", "protect[0]", "max_deletions", "instances.ids[0]",
    ]  # fmt: skip


def test_replacing_needs_what_to_replace_by():
    assert problems(instance_profile=None, replace="lacking") == [
        "replace: lacking needs an instance profile to attach; give instance_profile"
    ]
    assert wish(instance_profile=None).profile is None


def test_associations_are_read_only_where_their_ids_are_needed():
    assert not wish().associations_matter
    assert wish(replace="lacking").associations_matter
    assert wish(state="absent").associations_matter


def test_only_check_mode_expects_anything():
    params = dict(PARAMS, expected=dict(instance_profiles=["Ours"]))
    assert (read_wish(params).expected, read_wish(params, check_mode=True).expected) == ((), ("Ours",))
