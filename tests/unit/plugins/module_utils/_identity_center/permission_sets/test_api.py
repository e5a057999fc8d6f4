from __future__ import annotations

import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import Instance
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.api import PermissionSetsApi
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.records import (
    DETAILS,
    PermissionSet,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.pool import Busy
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError

AUDIT, VIEW = "arn:aws:iam::aws:policy/SecurityAudit", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
OWN, AWS_OWN = dict(name="Own", path="/teams/"), dict(Name="Own", Path="/teams/")
POLICY = {"Version": "2012-10-17", "Statement": []}
WEB = PermissionSet(
    "Web",
    description="Shells",
    relay_state="https://x",
    session_duration="PT4H",
    tags={"team": "web", "keyless:managed": "true"},
)


@pytest.fixture
def api(sso):
    return PermissionSetsApi(sso, Instance("arn:aws:sso:::instance/ssoins-1", "d-1"))


def operations(sso):
    return [name for name, parameters in sso.calls]


def test_all_sets_are_found_with_their_settings(sso, api):
    web, db = sso.add("Web", Description="Shells", RelayState="https://x"), sso.add("Db", SessionDuration="PT2H")
    assert api.find() == {
        "Web": PermissionSet("Web", web, "Shells", "https://x", "PT1H"),
        "Db": PermissionSet("Db", db, session_duration="PT2H"),
    }


def test_once_all_names_are_found_nothing_more_is_asked(sso, api):
    for number in range(30):
        sso.add(f"Set{number}")
    assert list(api.find(["Set11", "Set3"])) == ["Set3", "Set11"]
    assert operations(sso).count("describe_permission_set") == 20  # they are asked for ten at a time
    assert api.find(["Nobody"]) == {}
    sso.calls.clear()
    assert api.find([]) == {}
    assert sso.calls == []


def test_a_set_that_is_deleted_meanwhile_is_not_there(sso, api):
    sso.add("Web")
    sso.errors["describe_permission_set"] = ["ResourceNotFoundException"]
    assert api.find() == {}


def test_details_are_read_as_they_are_given(sso, api):
    full = sso.add(
        "Full",
        InlinePolicy=json.dumps(POLICY),
        managed=[AUDIT],
        customer=[AWS_OWN, dict(Name="Plain")],
        boundary=dict(ManagedPolicyArn=VIEW),
        tags={"a": "b"},
    )
    assert api.details({full: DETAILS})[full] == dict(
        inline_policy=POLICY,
        managed_policies=[AUDIT],
        customer_managed_policies=[OWN, dict(name="Plain", path="/")],
        permissions_boundary=dict(managed_policy_arn=VIEW),
        tags={"a": "b"},
    )
    other = sso.add("Other", boundary=dict(CustomerManagedPolicyReference=AWS_OWN))
    details = api.details({other: ["permissions_boundary"]})
    assert details == {other: dict(permissions_boundary=dict(customer_managed_policy=OWN))}


def test_details_of_an_empty_set_are_empty(sso, api):
    empty = sso.add("Empty")
    assert api.details({empty: DETAILS})[empty] == dict(
        inline_policy={}, managed_policies=[], customer_managed_policies=[], permissions_boundary={}, tags={}
    )


def test_only_the_details_asked_for_are_read(sso, api):
    api.details({sso.add("Web"): ["tags"]})
    assert operations(sso) == ["list_tags_for_resource"]


def test_a_boundary_that_may_not_be_read_is_not_taken_for_none(sso, api):
    sso.refused["get_permissions_boundary_for_permission_set"] = "AccessDeniedException"
    with pytest.raises(AwsError, match="AccessDenied"):
        api.details({sso.add("Web"): ["permissions_boundary"]})


def test_creation_sends_settings_and_tags_but_no_empty_text(sso, api):
    arn = api.create(WEB)
    there = sso.sets[arn]
    assert (there["Description"], there["RelayState"], there["SessionDuration"]) == ("Shells", "https://x", "PT4H")
    assert there["tags"] == WEB.tags
    api.create(PermissionSet("Plain", relay_state=""))
    assert sso.calls[-1] == (
        "create_permission_set",
        dict(InstanceArn="arn:aws:sso:::instance/ssoins-1", Name="Plain", Tags=[]),
    )


def test_every_write_does_what_it_says(sso, api):
    arn = sso.add("Web", RelayState="https://x", tags={"old": "1"})
    there = sso.sets[arn]
    api.put_settings(arn, PermissionSet("Web", description="New", relay_state="", session_duration="PT2H"))
    assert (there["Description"], there["SessionDuration"], "RelayState" in there) == ("New", "PT2H", False)
    api.put_inline_policy(arn, dict(POLICY, Id="運用"))
    assert there["InlinePolicy"] == '{"Version":"2012-10-17","Statement":[],"Id":"運用"}'
    api.add_managed_policies(arn, AUDIT)
    api.add_customer_managed_policies(arn, OWN)
    assert (there["managed"], there["customer"]) == ([AUDIT], [AWS_OWN])
    api.put_permissions_boundary(arn, dict(managed_policy_arn=VIEW))
    assert there["boundary"] == dict(ManagedPolicyArn=VIEW)
    api.put_permissions_boundary(arn, dict(customer_managed_policy=OWN))
    assert there["boundary"] == dict(CustomerManagedPolicyReference=AWS_OWN)
    api.add_tags(arn, {"new": "2"})
    api.remove_tags(arn, ["old"])
    assert there["tags"] == {"new": "2"}

    api.remove_inline_policy(arn)
    api.remove_managed_policies(arn, AUDIT)
    api.remove_customer_managed_policies(arn, OWN)
    api.remove_permissions_boundary(arn)
    assert (there["InlinePolicy"], there["managed"], there["customer"], there["boundary"]) == ("", [], [], None)
    api.delete(arn)
    assert sso.sets == {}


ATTACH = [
    ("attach_managed_policy_to_permission_set", "add_managed_policies", AUDIT, "managed", AUDIT),
    (
        "attach_customer_managed_policy_reference_to_permission_set",
        "add_customer_managed_policies",
        OWN,
        "customer",
        AWS_OWN,
    ),
]
REMOVE = [
    ("detach_managed_policy_from_permission_set", "remove_managed_policies", AUDIT),
    ("detach_customer_managed_policy_reference_from_permission_set", "remove_customer_managed_policies", OWN),
    ("delete_inline_policy_from_permission_set", "remove_inline_policy", None),
    ("delete_permissions_boundary_from_permission_set", "remove_permissions_boundary", None),
]


def test_a_lost_answer_to_a_creation_is_survived_without_another_write(sso, api):
    sso.add("Other")
    sso.lost.add("create_permission_set")
    arn = api.create(WEB)
    assert sso.sets[arn] is sso.named("Web")
    assert sso.named("Web")["tags"] == WEB.tags
    assert sso.writes() == ["create_permission_set"] * 2 + ["tag_resource"]


def test_a_set_that_somebody_else_just_made_is_brought_in_line_and_stays_theirs(sso, api):
    arn = sso.add("Web", Description="Theirs", RelayState="https://theirs", tags={"whose": "theirs"})
    assert api.create(PermissionSet("Web", description="Ours", tags={"team": "web", "keyless:managed": "true"})) == arn
    there = sso.named("Web")
    assert (there["Description"], there["RelayState"], there["SessionDuration"]) == ("Ours", "https://theirs", "PT1H")
    assert there["tags"] == {"whose": "theirs", "team": "web"}


def test_a_set_in_line_is_taken_over_without_a_write(sso, api):
    arn = sso.add("Web", Description="Shells")
    assert api.create(PermissionSet("Web", description="Shells", tags={"keyless:managed": "true"})) == arn
    assert sso.writes() == ["create_permission_set"]


def test_a_creation_that_made_nothing_is_tried_again_only_after_a_conflict(sso, api):
    sso.errors["create_permission_set"] = ["ConflictException", "AccessDeniedException"]
    with pytest.raises(Busy):
        api.create(WEB)
    with pytest.raises(AwsError, match="AccessDenied"):
        api.create(WEB)


@pytest.mark.parametrize("operation, method, policy, key, stored", ATTACH)
def test_a_lost_answer_to_an_attachment_is_survived(sso, api, operation, method, policy, key, stored):
    arn = sso.add("Web")
    sso.lost.add(operation)
    getattr(api, method)(arn, policy)
    assert sso.sets[arn][key] == [stored]
    assert sso.writes() == [operation] * 2


@pytest.mark.parametrize("operation, method, policy, key, stored", ATTACH)
def test_an_attachment_that_is_not_there_is_an_error(sso, api, operation, method, policy, key, stored):
    sso.refused[operation] = "ServiceQuotaExceededException"
    with pytest.raises(AwsError, match="ServiceQuotaExceeded"):
        getattr(api, method)(sso.add("Web"), policy)


WRITES = [
    ("update_permission_set", "put_settings", PermissionSet("Web", description="New", session_duration="PT1H")),
    ("put_inline_policy_to_permission_set", "put_inline_policy", dict(POLICY, Id="new")),
    ("put_permissions_boundary_to_permission_set", "put_permissions_boundary", dict(managed_policy_arn=AUDIT)),
    ("tag_resource", "add_tags", {"new": "1"}),
    ("untag_resource", "remove_tags", ["old"]),
    *[(operation, method, policy) for operation, method, policy, _key, _stored in ATTACH],
    *REMOVE,
]


@pytest.mark.parametrize("operation, method, value", WRITES)
def test_a_conflict_means_busy_unless_it_is_so_already(sso, api, operation, method, value):
    removes = operation.startswith(("detach", "delete"))
    full = dict(managed=[AUDIT], customer=[AWS_OWN]) if removes else {}
    boundary = dict(ManagedPolicyArn=VIEW)
    arn = sso.add("Web", InlinePolicy=json.dumps(POLICY), boundary=boundary, tags={"old": "1"}, **full)
    sso.errors[operation] = ["ConflictException", "+ConflictException"]
    with pytest.raises(Busy):
        getattr(api, method)(arn, value)
    getattr(api, method)(arn, value)
    assert sso.writes() == [operation] * 2


@pytest.mark.parametrize("operation, method, value", REMOVE)
def test_a_lost_answer_to_a_removal_is_survived(sso, api, operation, method, value):
    arn = sso.add("Web", managed=[AUDIT], customer=[AWS_OWN], InlinePolicy="{}", boundary=dict(ManagedPolicyArn=VIEW))
    before = dict(sso.sets[arn], managed=[AUDIT], customer=[AWS_OWN])
    sso.lost.add(operation)
    getattr(api, method)(arn, value)
    assert sso.writes() == [operation] * 2
    assert sum(before[key] != sso.sets[arn][key] for key in before) == 1


@pytest.mark.parametrize("operation, method, value", REMOVE)
def test_a_refused_removal_is_an_error(sso, api, operation, method, value):
    sso.refused[operation] = "AccessDeniedException"
    with pytest.raises(AwsError, match="AccessDenied"):
        getattr(api, method)(sso.add("Web"), value)


def test_a_lost_answer_to_a_deletion_is_survived(sso, api):
    arn = sso.add("Web")
    sso.lost.add("delete_permission_set")
    api.delete(arn)
    assert sso.sets == {}


def test_a_set_that_accounts_hold_is_waited_for_only_where_they_may_let_go(sso, api):
    arn = sso.add("Web", accounts=["222", "111"])
    with pytest.raises(Busy, match="it is in 111, 222"):
        api.delete(arn, idle=["111"])
    with pytest.raises(UserError, match="it is in 111, 222") as caught:
        api.delete(arn, idle=["111", "222"])
    assert not isinstance(caught.value, Busy)


def test_a_deletion_that_collides_is_busy(sso, api):
    sso.errors["delete_permission_set"] = ["ConflictException", "AccessDeniedException"]
    with pytest.raises(Busy):
        api.delete(sso.add("Web"))
    with pytest.raises(AwsError, match="AccessDenied"):
        api.delete(sso.add("Db"))
