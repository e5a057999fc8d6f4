"""Which places change, and what the looks at the role say before anything does."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.host_management.plan import plan_host_management
from ansible_collections.keyless.aws.plugins.module_utils._sessions.host_management.records import (
    DEFAULT_ROLE,
    POLICY,
    Current,
    Look,
    Place,
)

WEB, DB = "111122223333", "444455556666"
OFF, ON = Place(WEB, "ap-northeast-1"), Place(WEB, "us-east-1", DEFAULT_ROLE)
OTHER = Place(DB, "ap-northeast-1", "Other")
GOOD = Look(True, "/service-role/", True, (POLICY,))


def plan(role=DEFAULT_ROLE, places=(OFF, ON, OTHER), **more):
    return plan_host_management(Current(list(places), **more), role)


def test_what_says_it_already_stays():
    made = plan(looks={WEB: GOOD, DB: GOOD})
    assert [(change.action, change.name) for change in made.changes] == [("create", OFF.name), ("update", OTHER.name)]
    assert made.before == {OFF.name: None, OTHER.name: "Other"}
    assert made.after == {OFF.name: DEFAULT_ROLE, OTHER.name: DEFAULT_ROLE}
    assert [entry["role"] for entry in made.result["default_host_management"]] == [DEFAULT_ROLE] * 3
    assert made.warnings == []


def test_off():
    made = plan(None)
    assert [(change.action, change.name) for change in made.changes] == [("delete", ON.name), ("delete", OTHER.name)]
    assert {"account_id": DB, "region": "ap-northeast-1", "enabled": False} in made.result["default_host_management"]


@pytest.mark.parametrize(
    "look, text",
    [
        (Look(False), f"role: {WEB} has no role 'AWSSystemsManagerDefaultEC2InstanceManagementRole'; make it first"),
        (Look(True, "/"), "has the path /; give 'AWSSystemsManagerDefaultEC2InstanceManagementRole'"),
        (Look(True, "/a/b/"), "give 'a/b/AWSSystemsManagerDefaultEC2InstanceManagementRole'"),
        (Look(True, "/service-role/", False), "ssm.amazonaws.com may not assume"),
    ],
)
def test_a_role_that_would_give_instances_nothing(look, text):
    with pytest.raises(Problems) as caught:
        plan(looks={WEB: look, DB: Look(False)})
    assert text in caught.value.message
    assert len(caught.value.details["problems"]) == 2


def test_what_may_be_meant_so_is_a_warning():
    made = plan(looks={WEB: Look(True, "/service-role/", True, ("Own",)), DB: Look(None, hidden="GetRole: denied")})
    assert made.warnings[0].startswith(f"{WEB}: {POLICY} is not attached to role")
    assert made.warnings[1].endswith("was not checked. GetRole: denied")
    assert len(made.changes) == 2


def test_what_could_not_be_read_fails_alone():
    made = plan(places=[OFF], unread={OTHER.name: "denied"})
    assert [(outcome.change.action, outcome.change.name) for outcome in made.failures] == [("read", OTHER.name)]
    assert [change.name for change in made.changes] == [OFF.name]
