"""Permission sets that shall go while somebody uses them."""

from __future__ import annotations

import time

import pytest
from organization import DATA, PROD, STAGING

GONE = dict(name="WebOperator", state="absent")
UNASSIGNED = dict(GONE, unassign=True)


def sets(*items, **options):
    return dict(options, permission_sets=list(items))


@pytest.fixture
def used(organization):
    """WebOperator is assigned to a group in three accounts, and to a user in one of them."""
    for account in (PROD, STAGING, DATA):
        organization.assign("WebOperator", "web-operators", account)
    organization.assign("WebOperator", "taro", PROD, kind="USER")
    organization.assign("Auditor", "auditors", PROD)
    organization.there()
    return organization


def test_a_set_in_use_is_refused_before_the_first_write(emulator, used, run_module):
    before = emulator.writes()
    for check in (True, False):
        failed = run_module("permission_sets", sets(dict(name="New"), GONE), check=check, fails=True)
        assert failed["msg"].splitlines() == [
            "permission_sets: WebOperator is in use, and so not deleted. Nothing was changed. Take its assignments "
            "away first, or set unassign to true for it:",
            f"- WebOperator in {PROD}: group web-operators, user taro",
            f"- WebOperator in {STAGING}: group web-operators",
            f"- WebOperator in {DATA}: group web-operators",
        ]
    assert len(failed["in_use"]) == 4
    assert emulator.writes() == before


def test_life_and_end_of_a_set_in_use(emulator, used, run_module):
    emulator.settings(async_ms=200)
    before = emulator.writes()
    predicted = run_module("permission_sets", sets(UNASSIGNED), check=True, diff=True)
    assert emulator.writes() == before
    result = run_module("permission_sets", sets(UNASSIGNED), diff=True)
    assert (result["deleted"], result["changes"], result["diff"]) == (5, predicted["changes"], predicted["diff"])
    assert [change["kind"] for change in result["changes"]] == ["account_assignment"] * 4 + ["permission_set"]
    del used.sets["WebOperator"]
    assert used.there() == {("Auditor", "auditors", PROD)}
    assert emulator.calls()["sso-admin:DeletePermissionSet"] == 1
    assert [each["name"] for each in run_module("permission_sets_info", {})["permission_sets"]] == ["Auditor"]
    assert not run_module("permission_sets", sets(UNASSIGNED))["changed"]


@pytest.mark.parametrize(
    "options, text",
    [
        (dict(max_deletions=4), "max_deletions: this would delete 5 permission sets and account assignments"),
        (dict(protect=["weboperator"]), "protect: this would delete 5 protected"),
        (dict(protect=["taro"]), "protect: this would delete 1 protected"),
    ],
)
def test_guardrails(emulator, used, run_module, options, text):
    before = emulator.writes()
    failed = run_module("permission_sets", sets(UNASSIGNED, **options), fails=True)
    assert failed["msg"].startswith(text)
    assert emulator.writes() == before


def test_what_is_protected_may_be_changed(used, run_module):
    changed = run_module("permission_sets", sets(dict(name="WebOperator", description="x"), protect=["WebOperator"]))
    assert changed["updated"] == 1


def test_a_set_that_stays_assigned_is_not_deleted(emulator, used, run_module):
    emulator.faults("sso-admin:DeleteAccountAssignment", "failed", reason="Account is closed")
    failed = run_module("permission_sets", sets(UNASSIGNED), fails=True)
    assert failed["deleted"] == 3
    assert "Account is closed" in failed["msg"]
    assert failed["failures"][-1]["error"].startswith("skipped, because it is still assigned (WebOperator: ")
    assert run_module("permission_sets", sets(UNASSIGNED))["deleted"] == 2


def test_accounts_that_hold_a_set_in_vain_are_found_and_named(emulator, organization, run_module):
    organization.assign("WebOperator", "web-operators", PROD)
    organization.assign("WebOperator", "web-operators", STAGING)
    organization.there()
    organization.settings(async_ms=300)
    organization.unassign("WebOperator", "web-operators", PROD)
    which = dict(organization.instance, PermissionSetArn=organization.sets["WebOperator"])
    organization.sso.provision_permission_set(**which, TargetType="AWS_ACCOUNT", TargetId=PROD)
    time.sleep(1)
    include = dict(names=["WebOperator"], include=["accounts_without_assignments"])
    (read,) = run_module("permission_sets_info", include)["permission_sets"]
    assert read["accounts_without_assignments"] == [PROD]
    failed = run_module("permission_sets", sets(UNASSIGNED), fails=True)
    assert failed["deleted"] == 1
    assert f"AWS does not delete it as long as it is provisioned, and it is in {PROD}." in failed["msg"]
