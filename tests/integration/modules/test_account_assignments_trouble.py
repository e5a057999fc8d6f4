"""account_assignments over HTTP: operations that fail, hang, get lost, or are under way already."""

from __future__ import annotations

import pytest
from organization import DATA, PROD, STAGING, row, writes


def test_a_failed_assignment_is_named_with_its_reason_and_the_others_are_done(emulator, organization, assign):
    reason = "The IAM role could not be created."
    emulator.faults("sso-admin:CreateAccountAssignment", "failed", reason=reason)
    organization.assign("Auditor", "auditors", PROD)
    emulator.faults("sso-admin:CreateAccountAssignment", "failed", reason=reason)
    product = row(accounts=[PROD, STAGING, DATA])
    failed = assign(product, fails=True)
    assert "1 of 3 changes failed, the others were done" in failed["msg"]
    there = {each["account_id"] for each in failed["account_assignments"]}
    (account,) = {PROD, STAGING, DATA} - there  # whichever of the three was asked for first
    assert failed["failures"] == [
        {
            "action": "create",
            "kind": "account_assignment",
            "name": f"WebOperator: group web-operators in {account}",
            "permission_set": "WebOperator",
            "principal_type": "GROUP",
            "principal": "web-operators",
            "account_id": account,
            "error": reason,
        }
    ]
    assert assign(product)["created"] == 1


def test_operations_that_take_their_time(emulator, organization, assign, spent):
    """More of them than may be outstanding; AWS works on one at a time in an account."""
    organization.settings(async_ms=150)
    groups = [f"group-{number}" for number in range(6)]
    for name in groups:
        organization.ids[name] = organization.store.create_group(**organization.store_id, DisplayName=name)["GroupId"]
    product = row(["WebOperator", "Auditor"], groups, [PROD, STAGING])
    spent()
    assert assign(product)["created"] == 24
    calls = spent()
    assert calls["sso-admin:CreateAccountAssignment"] == 24
    assert "sso-admin:DescribeAccountAssignmentCreationStatus" not in calls  # only what failed is described
    assert len(organization.there()) == 24
    assert not assign(product)["changed"]
    spent()
    assert assign(dict(product, state="absent"), max_deletions=24)["deleted"] == 24
    assert spent()["sso-admin:DeleteAccountAssignment"] == 24
    assert organization.there() == set()


def test_throttling_is_survived(emulator, organization, assign):
    for operation in ("CreateAccountAssignment", "DescribeAccountAssignmentCreationStatus", "ListPermissionSets"):
        emulator.faults(f"sso-admin:{operation}", "ThrottlingException", times=3)
    assert assign(row(accounts=[PROD, STAGING]))["created"] == 2
    assert len(organization.there()) == 2


@pytest.mark.parametrize("error, async_ms", [("drop", 0), ("drop", 1500), ("http500", 0)])
def test_what_was_taken_is_not_sent_again(emulator, organization, assign, spent, error, async_ms):
    """The answer is lost, and the operation runs, or has already ended."""
    organization.settings(async_ms=async_ms)
    emulator.faults("sso-admin:CreateAccountAssignment", error, when="after")
    spent()
    assert assign(row())["created"] == 1
    assert writes(spent()) == {"CreateAccountAssignment": 1}
    assert organization.there() == {("WebOperator", "web-operators", PROD)}
    emulator.faults("sso-admin:DeleteAccountAssignment", error, when="after")
    assert assign(row(state="absent"))["deleted"] == 1
    assert writes(spent()) == {"DeleteAccountAssignment": 1}
    assert organization.there() == set()


def test_what_was_not_taken_is_sent_again(emulator, organization, assign, spent):
    for error in ("drop", "http500"):
        emulator.faults("sso-admin:CreateAccountAssignment", error, when="before")
    spent()
    assert assign(row())["created"] == 1
    assert writes(spent()) == {"CreateAccountAssignment": 3}
    assert organization.there() == {("WebOperator", "web-operators", PROD)}


HOUR = 3600 * 1000


def test_what_an_earlier_run_left_under_way_is_taken_over(emulator, organization, assign, spent):
    organization.settings(async_ms=HOUR)
    request = organization.assign("WebOperator", "web-operators", PROD)
    spent()
    failed = assign(row(), wait_timeout=1, fails=True)
    assert f"still in progress after 1 seconds (request {request})" in failed["msg"]
    assert writes(spent()) == {}


def test_the_opposite_under_way_is_waited_for(emulator, organization, assign, spent):
    organization.assign("WebOperator", "web-operators", PROD)
    organization.there()
    organization.settings(async_ms=HOUR)
    organization.unassign("WebOperator", "web-operators", PROD)
    spent()
    failed = assign(row(), wait_timeout=1, fails=True)
    assert failed["failures"][0]["action"] == "create"
    assert "an operation to delete it is still in progress" in failed["msg"]
    assert writes(spent()) == {}


def test_an_operation_that_does_not_end_is_named(emulator, organization, assign):
    emulator.faults("sso-admin:CreateAccountAssignment", "stuck")
    failed = assign(row(accounts=[PROD, STAGING]), wait_timeout=1, fails=True)
    assert failed["created"] == 1
    (failure,) = failed["failures"]
    assert failure["account_id"] in (PROD, STAGING)  # whichever of the two was asked for first
    assert failure["name"] == f"WebOperator: group web-operators in {failure['account_id']}"
    assert "still in progress after 1 seconds" in failure["error"]
    assert "wait_timeout" in failure["error"]


def test_a_refusal_does_not_stop_the_others(emulator, organization, assign):
    emulator.faults("sso-admin:CreateAccountAssignment", "AccessDeniedException")
    failed = assign(row(accounts=[PROD, STAGING]), fails=True)
    assert failed["created"] == 1
    assert "The caller needs sso:CreateAccountAssignment." in failed["msg"]
