from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.plan import (
    Rules,
    plan_permission_sets,
    to_look_up,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.records import (
    Current,
    PermissionSet,
    Provisioned,
)
from hypothesis import given
from hypothesis import strategies as st

ONE, TWO, THREE = (f"arn:aws:iam::aws:policy/{name}" for name in ("One", "Two", "Three"))
OWN = dict(name="Own", path="/")
POLICY = {"Version": "2012-10-17", "Statement": []}
ARN = "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"


def rules(**more):
    return Rules(**dict(dict(same_policy=lambda one, other: one == other), **more))


def plan(have, want, provisioned=None, **more):
    sets = {each.name: each for each in have}
    return plan_permission_sets(Current(sets, provisioned or {}), want, rules(**more))


def steps(plan):
    return [(each.action, each.name, each.payload[0] if each.action == "update" else None) for each in plan.changes]


def there(**values):
    return PermissionSet(**dict(dict(name="Web", arn=ARN, session_duration="PT1H"), **values))


def test_a_new_set_is_created_then_filled_and_tagged_as_ours():
    result = plan([], [PermissionSet("Web", inline_policy=POLICY, managed_policies=[ONE], tags={"a": "b"})])
    assert steps(result) == [
        ("create", "Web", None),
        ("update", "Web", "add_managed_policies"),
        ("update", "Web", "put_inline_policy"),
    ]
    assert result.changes[0].payload.tags == {"a": "b", "keyless:managed": "true"}
    assert result.before == {"Web": None}
    (shown,) = result.result["permission_sets"]
    assert "permission_set_arn" not in shown
    assert shown["managed_policies"] == [ONE]


def test_what_is_unset_is_untouched():
    have = there(description="old", relay_state="https://x", managed_policies=None)
    result = plan([have], [PermissionSet("Web")])
    assert result.changes == []
    assert result.before == result.after == {}
    assert result.result["permission_sets"][0]["description"] == "old"


def test_every_setting_goes_with_an_update():
    have = there(description="old", relay_state="https://x")
    result = plan([have], [PermissionSet("Web", description="new")])
    (change,) = result.changes
    step, goal = change.payload
    assert step == "put_settings"
    assert (goal.description, goal.relay_state, goal.session_duration) == ("new", "https://x", "PT1H")
    assert change.detail == {"fields": ["description"]}
    assert result.before == {"Web": {"description": "old"}}
    assert result.after == {"Web": {"description": "new"}}


def test_an_empty_relay_state_clears_it_once():
    result = plan([there(relay_state="https://x")], [PermissionSet("Web", relay_state="")])
    assert [change.detail["fields"] for change in result.changes] == [["relay_state"]]
    assert plan([there()], [PermissionSet("Web", relay_state="")]).changes == []


def test_durations_of_the_same_length_are_no_change():
    assert plan([there(session_duration="PT60M")], [PermissionSet("Web", session_duration="PT1H")]).changes == []


def test_policies_of_the_same_meaning_are_no_change():
    want = [PermissionSet("Web", inline_policy={"other": 1})]
    assert plan([there(inline_policy=POLICY)], want, same_policy=lambda one, other: True).changes == []


def test_lists_are_exact_and_removals_come_before_additions():
    have = there(managed_policies=[ONE, TWO], customer_managed_policies=[OWN])
    result = plan([have], [PermissionSet("Web", managed_policies=[TWO, THREE], customer_managed_policies=[])])
    assert [change.payload for change in result.changes] == [
        ("remove_managed_policies", ONE),
        ("remove_customer_managed_policies", OWN),
        ("add_managed_policies", THREE),
    ]
    assert result.result["permission_sets"][0]["managed_policies"] == [TWO, THREE]


def test_the_limit_on_both_lists_together_is_never_exceeded_on_the_way():
    other = dict(name="Other", path="/")
    have = there(managed_policies=[ONE], customer_managed_policies=[OWN])
    result = plan([have], [PermissionSet("Web", managed_policies=[TWO], customer_managed_policies=[other])])
    assert [change.payload for change in result.changes] == [
        ("remove_managed_policies", ONE),
        ("remove_customer_managed_policies", OWN),
        ("add_managed_policies", TWO),
        ("add_customer_managed_policies", other),
    ]


def test_without_purging_policies_stay():
    have = there(managed_policies=[ONE])
    result = plan([have], [PermissionSet("Web", managed_policies=[TWO])], purge_policies=False)
    assert [change.payload for change in result.changes] == [("add_managed_policies", TWO)]
    assert result.result["permission_sets"][0]["managed_policies"] == [ONE, TWO]


@pytest.mark.parametrize(
    "have, want, payload",
    [
        ({}, dict(managed_policy_arn=ONE), ("put_permissions_boundary", dict(managed_policy_arn=ONE))),
        (dict(managed_policy_arn=ONE), {}, ("remove_permissions_boundary", {})),
        (
            dict(managed_policy_arn=ONE),
            dict(customer_managed_policy=OWN),
            ("put_permissions_boundary", dict(customer_managed_policy=OWN)),
        ),
    ],
)
def test_boundary(have, want, payload):
    result = plan([there(permissions_boundary=have)], [PermissionSet("Web", permissions_boundary=want)])
    assert [change.payload for change in result.changes] == [payload]


def test_tags_are_purged_but_never_ours_nor_awss():
    have = there(tags={"keyless:managed": "true", "aws:x": "y", "old": "1", "same": "1"})
    result = plan([have], [PermissionSet("Web", tags={"same": "2"})])
    assert [change.payload for change in result.changes] == [("add_tags", {"same": "2"}), ("remove_tags", ["old"])]
    assert result.result["permission_sets"][0]["tags"] == {"keyless:managed": "true", "aws:x": "y", "same": "2"}
    kept = plan([have], [PermissionSet("Web", tags={"same": "2"})], purge_tags=False)
    assert [change.payload for change in kept.changes] == [("add_tags", {"same": "2"})]


def test_a_changed_set_is_provisioned_once_after_everything_and_before_deletions():
    have = there(managed_policies=[ONE], inline_policy={})
    gone = there(name="Old")
    want = [PermissionSet("Old", absent=True), PermissionSet("Web", managed_policies=[TWO], inline_policy=POLICY)]
    where = {"Web": Provisioned(["222", "111"], [])}
    result = plan([have, gone], want, where)
    assert [(change.action, change.name) for change in result.changes] == [
        ("update", "Web"),
        ("update", "Web"),
        ("update", "Web"),
        ("provision", "Web"),
        ("delete", "Old"),
    ]
    assert result.changes[3].detail == {"accounts": ["111", "222"]}
    assert result.changes[3].payload is None


def test_nothing_is_provisioned_where_nothing_holds_the_set_or_only_tags_change():
    changed = [PermissionSet("Web", description="new")]
    assert [c.action for c in plan([there()], changed, {"Web": Provisioned([], [])}).changes] == ["update"]
    tags = [PermissionSet("Web", tags={"a": "b"})]
    where = {"Web": Provisioned(["111"], [])}
    assert [c.action for c in plan([there(tags={})], tags, where).changes] == ["update"]


@pytest.mark.parametrize("outdated, at_once", [(1, False), (3, False), (4, False), (5, False), (6, True), (10, True)])
def test_most_accounts_are_provisioned_at_once(outdated, at_once):
    accounts = [f"{number:012}" for number in range(10)]
    where = {"Web": Provisioned(accounts, accounts[:outdated])}
    (change,) = plan([there()], [there()], where, provision="outdated").changes
    assert change.payload == (None if at_once else accounts[:outdated])
    assert change.detail["accounts"] == (accounts if at_once else accounts[:outdated])


def test_outdated_accounts_alone_are_provisioned_and_all_at_once_where_they_are_all():
    where = {"Web": Provisioned(["111", "222"], ["222"])}
    result = plan([there()], [PermissionSet("Web")], where)
    assert [(change.action, change.payload) for change in result.changes] == [("provision", ["222"])]
    (change,) = plan([there()], [PermissionSet("Web")], {"Web": Provisioned(["111", "222"], ["222", "111"])}).changes
    assert (change.payload, change.detail) == (None, {"accounts": ["111", "222"]})
    assert plan([there()], [PermissionSet("Web")]).changes == []


def test_where_a_set_is_provisioned_is_asked_only_when_it_matters():
    have = {"Web": there(tags={}), "Db": there(name="Db", arn="db")}
    same, changed = PermissionSet("Web"), PermissionSet("Db", description="new")
    tagged, new = PermissionSet("Web", tags={"a": "b"}), PermissionSet("New", description="x")
    gone = PermissionSet("Web", absent=True)
    assert to_look_up(have, [same, changed, new], rules()) == {"Db": (True, False)}
    assert to_look_up(have, [same, changed, new], rules(), failed={ARN, "db"}) == {
        "Web": (False, True),
        "Db": (True, True),
    }
    assert to_look_up(have, [tagged, gone], rules()) == {}
    outdated = to_look_up(have, [same, changed, new], rules(provision="outdated"))
    assert outdated == {"Web": (False, True), "Db": (True, True)}
    assert to_look_up(have, [changed], rules(provision="never"), failed={"db"}) == {}


def test_deleting_what_is_not_there_is_no_change():
    assert plan([], [PermissionSet("Old", absent=True)]).changes == []


POLICY_LISTS = st.none() | st.lists(st.sampled_from([ONE, TWO, THREE]), unique=True)
BOUNDARIES = st.none() | st.sampled_from([{}, dict(managed_policy_arn=ONE), dict(customer_managed_policy=OWN)])
TAGS = st.none() | st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy"))
SETS = st.builds(
    PermissionSet,
    name=st.just("Web"),
    description=st.none() | st.sampled_from(["one", "two"]),
    relay_state=st.none() | st.sampled_from(["", "https://x"]),
    session_duration=st.none() | st.sampled_from(["PT1H", "PT60M", "PT2H"]),
    inline_policy=st.none() | st.sampled_from([{}, POLICY]),
    managed_policies=POLICY_LISTS,
    customer_managed_policies=st.none() | st.sampled_from([[], [OWN]]),
    permissions_boundary=BOUNDARIES,
    tags=TAGS,
)


def applied(have, result):
    """What AWS would hold after the plan: its steps done one by one on a plain record."""
    for change in result.changes:
        if change.action == "create":
            have = replace(change.payload, arn=ARN, inline_policy={}, managed_policies=[], customer_managed_policies=[])
            have = replace(have, permissions_boundary={}, session_duration=have.session_duration or "PT1H")
            have = replace(have, relay_state=have.relay_state or None)
            continue
        step, value = change.payload
        verb, _underscore, field = step.partition("_")
        if step == "put_settings":
            have = replace(have, description=value.description, session_duration=value.session_duration)
            have = replace(have, relay_state=value.relay_state or None)
        elif field == "tags":
            tags = dict(have.tags, **value) if verb == "add" else {k: v for k, v in have.tags.items() if k not in value}
            have = replace(have, tags=tags)
        elif verb == "add":
            have = replace(have, **{field: getattr(have, field) + [value]})
        elif verb == "remove" and isinstance(getattr(have, field), list):
            have = replace(have, **{field: [each for each in getattr(have, field) if each != value]})
        else:
            have = replace(have, **{field: value if verb == "put" else {}})
    return have


@given(SETS, SETS, st.booleans(), st.booleans())
def test_a_second_run_finds_nothing_to_do(first, second, purge_policies, purge_tags):
    options = dict(purge_policies=purge_policies, purge_tags=purge_tags)
    have = applied(None, plan([], [first], **options))
    have = applied(have, plan([have], [second], **options))
    assert plan([have], [second], **options).changes == []
