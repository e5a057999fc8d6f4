"""access_control_attributes and access_control_attributes_info over HTTP, by real ansible-playbook."""

from __future__ import annotations

import pytest

NICK, TITLE, TEAM = "${path:nickName}", "${path:title}", "${path:enterprise.department}"
MODULE = "access_control_attributes"


@pytest.fixture
def sso(emulator):
    return emulator.client("sso-admin")


@pytest.fixture
def instance(sso):
    return {"InstanceArn": sso.list_instances()["Instances"][0]["InstanceArn"]}


@pytest.fixture
def there(sso, instance):
    """What AWS has: key -> source; None where the feature is off."""

    def there():
        try:
            answer = sso.describe_instance_access_control_attribute_configuration(**instance)
        except sso.exceptions.ResourceNotFoundException:
            return None
        listed = answer["InstanceAccessControlAttributeConfiguration"]["AccessControlAttributes"]
        return {each["Key"]: each["Value"]["Source"][0] for each in listed}

    return there


@pytest.fixture
def configured(sso, instance):
    """The feature is on, with attributes that others made."""
    listed = [dict(Key=key, Value=dict(Source=[source])) for key, source in (("Mail", "${mail}"), ("Title", TITLE))]
    sso.create_instance_access_control_attribute_configuration(
        **instance, InstanceAccessControlAttributeConfiguration=dict(AccessControlAttributes=listed)
    )
    return {"Mail": "${mail}", "Title": TITLE}


def done(result):
    return [(change["action"], change["kind"], change["name"]) for change in result["changes"]]


def writes(emulator):
    return {name.rpartition(":")[2]: times for name, times in emulator.writes().items()}


def test_life_of_attributes(emulator, run_module, there, instance):
    wanted = dict(attributes=dict(SSMSessionRunAs="nickName", Team="${path:enterprise.department}"))
    predicted = run_module(MODULE, wanted, check=True, diff=True)
    assert emulator.writes() == {}
    assert there() is None
    made = run_module(MODULE, wanted, diff=True)
    assert there() == made["attributes"] == {"SSMSessionRunAs": NICK, "Team": TEAM}
    assert (made["enabled"], made["status"], made["created"]) == (True, "ENABLED", 3)
    assert done(made) == [
        ("create", "access_control_attributes", instance["InstanceArn"]),
        ("create", "access_control_attribute", "SSMSessionRunAs"),
        ("create", "access_control_attribute", "Team"),
    ]
    for key in ("attributes", "enabled", "status", "changes", "diff", "changed"):
        assert predicted[key] == made[key]
    assert made["diff"]["before"] == {"enabled": False, "attributes": {}}

    again = run_module(MODULE, wanted, diff=True)
    assert not again["changed"]
    assert "diff" not in again
    assert writes(emulator) == {"CreateInstanceAccessControlAttributeConfiguration": 1}

    less = run_module(MODULE, dict(state="absent", attributes=dict(Team=None, Never="")), diff=True)
    assert done(less) == [("delete", "access_control_attribute", "Team")]
    assert less["diff"] == {"before": {"attributes": {"Team": TEAM}}, "after": {"attributes": {}}}
    assert there() == {"SSMSessionRunAs": NICK}

    empty = run_module(MODULE, dict(state="absent", attributes=dict(SSMSessionRunAs="")))
    assert (empty["attributes"], empty["enabled"]) == ({}, True)
    assert there() == {}


def test_a_no_op_costs_two_reads(emulator, run_module, configured):
    before = emulator.calls()
    assert not run_module(MODULE, dict(attributes=dict(Title="title")))["changed"]
    now = emulator.calls()
    assert {name: times - before.get(name, 0) for name, times in now.items() if times != before.get(name, 0)} == {
        "sso-admin:ListInstances": 1,
        "sso-admin:DescribeInstanceAccessControlAttributeConfiguration": 1,
    }


def test_others_attributes_stay_and_purge_removes_them(emulator, run_module, there, configured):
    merged = run_module(MODULE, dict(attributes=dict(SSMSessionRunAs="nickName", Title="userType")))
    assert there() == merged["attributes"] == {"Mail": "${mail}", "Title": "${path:userType}", "SSMSessionRunAs": NICK}
    assert (merged["created"], merged["updated"], merged["deleted"]) == (1, 1, 0)
    exact = dict(attributes=dict(SSMSessionRunAs="nickName"), purge=True)
    assert run_module(MODULE, exact, check=True)["deleted"] == 2
    assert len(there()) == 3
    purged = run_module(MODULE, exact)
    assert there() == purged["attributes"] == {"SSMSessionRunAs": NICK}
    assert purged["deleted"] == 2
    assert run_module(MODULE, exact)["changed"] is False


def test_disable_needs_its_own_option_and_drops_everything(run_module, there, configured):
    off = dict(disable=True)
    predicted = run_module(MODULE, off, check=True, diff=True)
    assert there() == configured
    result = run_module(MODULE, off, diff=True)
    assert there() is None
    assert result["diff"] == predicted["diff"]
    assert result["diff"]["before"] == {"enabled": True, "attributes": configured}
    assert (result["attributes"], result["enabled"], result["deleted"]) == ({}, False, 3)
    assert "status" not in result
    assert not run_module(MODULE, off)["changed"]


def test_absent_does_not_turn_the_feature_on(emulator, run_module, there):
    result = run_module(MODULE, dict(state="absent", attributes=dict(Team="")))
    assert (result["changed"], result["enabled"]) == (False, False)
    assert there() is None


def test_turning_on_is_waited_for(emulator, run_module, there):
    emulator.settings(async_ms=700)
    result = run_module(MODULE, dict(attributes=dict(SSMSessionRunAs="nickName")))
    assert result["status"] == "ENABLED"
    info = run_module("access_control_attributes_info", {})
    assert (info["status"], info["attributes"]) == ("ENABLED", {"SSMSessionRunAs": NICK})


def test_turning_on_that_takes_too_long_is_told(emulator, run_module):
    emulator.settings(async_ms=60000)
    result = run_module(MODULE, dict(attributes=dict(A="nickName"), wait_timeout=1), fails=True)
    assert "still being enabled after 1 seconds" in result["msg"]
    assert len(result["failures"]) == 2


def test_everything_wrong_is_told_at_once_and_nothing_is_written(emulator, run_module, configured):
    before = emulator.calls()
    attributes = {"a*b": "nickName", "G": "groups", "M": "emails", "N": "nickname", "k" * 129: "title", "E": "${mail}"}
    result = run_module(MODULE, dict(attributes=attributes), fails=True)
    assert len(result["problems"]) == 6
    for told in ("groups': groups cannot be a source", "'emails' is multi-valued", "did you mean 'nickName'?"):
        assert told in result["msg"]
    assert emulator.calls() == before


@pytest.mark.parametrize(
    "arguments, told",
    [
        (dict(attributes={"A": "title"}, disable=True), "drops every attribute"),
        (dict(attributes={f"k{number}": "title" for number in range(49)}), "51 attributes"),
    ],
)
def test_bad_options_are_told(emulator, run_module, there, configured, arguments, told):
    assert told in run_module(MODULE, arguments, fails=True)["msg"]
    assert there() == configured


def test_a_conflict_is_tried_again_and_another_error_is_not(emulator, run_module, there, configured):
    operation = "sso-admin:UpdateInstanceAccessControlAttributeConfiguration"
    emulator.faults(operation, "ConflictException", times=2)
    assert run_module(MODULE, dict(attributes=dict(Team="enterprise.department")))["created"] == 1
    assert there() == dict(configured, Team=TEAM)
    emulator.faults(operation, "AccessDeniedException")
    result = run_module(MODULE, dict(attributes=dict(Title="userType")), fails=True)
    assert "sso:UpdateInstanceAccessControlAttributeConfiguration" in result["msg"]
    assert there()["Title"] == TITLE


def test_info(run_module, emulator, configured):
    assert run_module("access_control_attributes_info", {}, check=True)["attributes"] == configured
    run_module(MODULE, dict(disable=True))
    info = run_module("access_control_attributes_info", {})
    assert (info["attributes"], info["enabled"], info["changed"]) == ({}, False, False)
