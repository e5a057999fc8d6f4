from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.attributes.plan import plan_attributes
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.attributes.records import (
    ENABLED,
    FAILED,
    Attributes,
    Wanted,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.attributes.sources import (
    SUPPORTED_SOURCES,
    source_path,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from hypothesis import given
from hypothesis import strategies as st

NICK, TITLE, TEAM = (source_path(source) for source in ("nickName", "title", "enterprise.department"))
INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"


def there(**sources):
    return Attributes(ENABLED, sources)


def plan(current, **wanted):
    return plan_attributes(current, Wanted(**wanted), INSTANCE)


def steps(plan):
    return [(change.action, change.kind, change.name) for change in plan.changes]


def one(action, key):
    return (action, "access_control_attribute", key)


def test_where_it_is_off_it_is_turned_on_with_the_attributes():
    result = plan(None, put=dict(RunAs=NICK))
    assert steps(result) == [("create", "access_control_attributes", INSTANCE), one("create", "RunAs")]
    assert result.before == {"enabled": False, "attributes": {}}
    assert result.after == {"enabled": True, "attributes": {"RunAs": NICK}}
    assert result.result == {"attributes": {"RunAs": NICK}, "enabled": True, "status": ENABLED}


def test_it_can_be_turned_on_without_any_attribute():
    result = plan(None)
    assert steps(result) == [("create", "access_control_attributes", INSTANCE)]
    assert "attributes" not in result.after


def test_others_attributes_stay_whatever_their_source_is():
    result = plan(there(Mail="${mail}", RunAs=NICK), put=dict(Team=TEAM))
    assert steps(result) == [one("create", "Team")]
    assert result.result["attributes"] == {"Mail": "${mail}", "RunAs": NICK, "Team": TEAM}
    assert result.before == {"attributes": {}}
    assert result.after == {"attributes": {"Team": TEAM}}


def test_another_source_is_an_update_in_its_place():
    result = plan(there(RunAs=TITLE, Team=TEAM), put=dict(RunAs=NICK))
    assert steps(result) == [one("update", "RunAs")]
    assert list(result.result["attributes"].items()) == [("RunAs", NICK), ("Team", TEAM)]
    assert result.before == {"attributes": {"RunAs": TITLE}}
    assert result.changes[0].detail == {"source": NICK}


@pytest.mark.parametrize("written", [NICK, " ${path:nickName} ", "nickName"])
def test_the_same_source_is_no_change_however_it_is_written(written):
    result = plan(there(RunAs=written), put=dict(RunAs=NICK))
    assert result.changes == []
    assert result.before == result.after == {}
    assert result.result["attributes"] == {"RunAs": written}


def test_a_source_that_is_not_ours_is_replaced_where_the_task_names_its_key():
    result = plan(there(RunAs="${samaccountname}"), put=dict(RunAs=NICK))
    assert steps(result) == [one("update", "RunAs")]


def test_purge_removes_what_is_not_named():
    result = plan(there(Old=TITLE, RunAs=NICK), put=dict(RunAs=NICK, Team=TEAM), purge=True)
    assert steps(result) == [one("create", "Team"), one("delete", "Old")]
    assert result.result["attributes"] == {"RunAs": NICK, "Team": TEAM}


def test_purge_of_everything_leaves_the_feature_on():
    result = plan(there(Old=TITLE), purge=True)
    assert steps(result) == [one("delete", "Old")]
    assert result.result == {"attributes": {}, "enabled": True, "status": ENABLED}


def test_absent_removes_the_named_keys_only_and_leaves_the_feature_on():
    result = plan(there(RunAs=NICK, Team=TEAM), remove=("Team", "Never"))
    assert steps(result) == [one("delete", "Team")]
    assert result.before == {"attributes": {"Team": TEAM}}
    assert result.after == {"attributes": {}}
    assert plan(there(Team=TEAM), remove=("Team",)).result["enabled"] is True


def test_absent_does_not_turn_it_on():
    result = plan(None, remove=("Team",))
    assert result.changes == []
    assert result.result == {"attributes": {}, "enabled": False}


def test_disable_drops_everything_and_says_so():
    result = plan(there(RunAs=NICK, Team=TEAM), disable=True)
    assert steps(result) == [
        one("delete", "RunAs"),
        one("delete", "Team"),
        ("delete", "access_control_attributes", INSTANCE),
    ]
    assert result.before == {"attributes": {"RunAs": NICK, "Team": TEAM}, "enabled": True}
    assert result.after == {"attributes": {}, "enabled": False}
    assert result.result == {"attributes": {}, "enabled": False}


def test_disable_where_it_is_off_is_nothing():
    assert plan(None, disable=True).changes == []


def test_at_most_fifty_with_those_that_are_there():
    full = there(**{f"k{number}": TITLE for number in range(49)})
    assert len(plan(full, put=dict(a=NICK)).changes) == 1
    assert len(plan(full, put=dict(k1=NICK, a=NICK)).changes) == 2
    with pytest.raises(Problems, match="51 attributes, with those that are there already"):
        plan(full, put=dict(a=NICK, b=NICK))
    assert plan(full, put=dict(a=NICK, b=NICK), purge=True).result["attributes"] == {"a": NICK, "b": NICK}


def test_a_failed_start_is_told_with_awss_reason_and_can_be_cleared():
    failed = Attributes(FAILED, {}, "no identity source")
    with pytest.raises(UserError, match=r"could not be enabled: no identity source.*disable=true"):
        plan(failed, put=dict(RunAs=NICK))
    assert steps(plan(failed, disable=True)) == [("delete", "access_control_attributes", INSTANCE)]


keys = st.sampled_from(["a", "b", "c", "d"])
sources = st.dictionaries(keys, st.sampled_from([source_path(source) for source in SUPPORTED_SOURCES]))
present = st.builds(Wanted, put=sources, purge=st.booleans())
anything = present | st.builds(Wanted, remove=st.lists(keys).map(tuple)) | st.just(Wanted(disable=True))
states = st.none() | st.builds(Attributes, st.just(ENABLED), sources)


@given(states, anything)
def test_a_second_time_there_is_nothing_to_do(current, wanted):
    first = plan_attributes(current, wanted, INSTANCE)
    after = Attributes(ENABLED, first.result["attributes"]) if first.result["enabled"] else None
    second = plan_attributes(after, wanted, INSTANCE)
    assert second.changes == []
    assert second.before == second.after == {}
    assert second.result == first.result


@given(states, anything)
def test_the_changes_tell_all_that_changes_and_nothing_else(current, wanted):
    result = plan_attributes(current, wanted, INSTANCE)
    replayed = dict(current.sources) if current else {}
    for change in result.changes:
        if change.kind == "access_control_attribute":
            if change.action == "delete":
                del replayed[change.name]
            else:
                assert (change.name in replayed) == (change.action == "update")
                replayed[change.name] = change.detail["source"]
    assert replayed == result.result["attributes"]
