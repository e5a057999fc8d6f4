# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service Quotas, and what happens when a quota is used up."""

from __future__ import annotations

import urllib.error

import pytest

WEB, DATA = "111122223333", "444455556666"
SETS, POLICIES = dict(ServiceCode="sso", QuotaCode="L-89954265"), dict(ServiceCode="iam", QuotaCode="L-0DA4ABF3")

pytestmark = pytest.mark.usefixtures("organization")


def value(client, quota, call="get_service_quota"):
    found = getattr(client, call)(**quota)["Quota"]
    assert {key: found[key] for key in quota} == quota
    return found["Value"]


def test_the_quota_of_permission_sets_is_told(emulator):
    quotas = emulator.client("service-quotas")
    assert value(quotas, SETS) == 500
    emulator.settings(permission_sets_per_account=3)
    assert value(quotas, SETS) == 3
    assert value(quotas, SETS, "get_aws_default_service_quota") == 500
    assert value(emulator.client("service-quotas", WEB), SETS) == 3
    assert [each["QuotaCode"] for each in quotas.list_service_quotas(ServiceCode="sso")["Quotas"]] == ["L-89954265"]
    (default,) = quotas.list_aws_default_service_quotas(ServiceCode="sso")["Quotas"]
    assert default["Value"] == 500


def test_iam_tells_its_quota_in_one_region_and_in_its_summary(emulator, refused):
    emulator.settings(policies_per_role=12)
    assert value(emulator.client("service-quotas", region="us-east-1"), POLICIES) == 12
    refused("NoSuchResourceException", emulator.client("service-quotas").get_service_quota, **POLICIES)
    summary = emulator.client("iam", WEB).get_account_summary()["SummaryMap"]
    assert summary["AttachedPoliciesPerRoleQuota"] == 12
    emulator.reset()
    summary = emulator.client("iam").get_account_summary()["SummaryMap"]
    assert summary["AttachedPoliciesPerRoleQuota"] == 10


def test_other_quotas_are_unknown(emulator, refused):
    get = emulator.client("service-quotas").get_service_quota
    refused("NoSuchResourceException", get, ServiceCode="sso", QuotaCode="L-00000000")
    refused("NoSuchResourceException", get, ServiceCode="nothing", QuotaCode="L-00000000")


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, "3"])
def test_a_quota_is_a_whole_number(emulator, wrong):
    with pytest.raises(urllib.error.HTTPError):
        emulator.settings(permission_sets_per_account=wrong)


def test_an_account_takes_no_more_permission_sets_than_its_quota(emulator, ic):
    emulator.settings(permission_sets_per_account=1)
    one, two, user, other = ic.permission_set("One"), ic.permission_set("Two"), ic.user(), ic.user("other")
    assert ic.assign(one, user)["Status"] == "SUCCEEDED"
    failed = ic.assign(two, user)
    assert failed["Status"] == "FAILED"
    assert "You have exceeded AWS SSO limits" in failed["FailureReason"]
    assert ic.accounts(two) == []
    assert ic.assign(one, other)["Status"] == "SUCCEEDED"  # it is there already
    assert ic.assign(two, user, account=DATA)["Status"] == "SUCCEEDED"
    ic.unassign(one, user)
    ic.unassign(one, other)
    assert ic.assign(two, user)["Status"] == "SUCCEEDED"


def test_a_role_takes_no_more_policies_than_its_quota(emulator, ic):
    web, user = ic.permission_set("Web"), ic.user()
    for name in ("ReadOnlyAccess", "SecurityAudit"):
        ic.sso.attach_managed_policy_to_permission_set(
            InstanceArn=ic.arn, PermissionSetArn=web, ManagedPolicyArn=f"arn:aws:iam::aws:policy/{name}"
        )
    emulator.settings(policies_per_role=1)
    failed = ic.assign(web, user)
    assert failed["Status"] == "FAILED"
    assert failed["FailureReason"].endswith("Cannot exceed quota for PoliciesPerRole: 1")
    emulator.settings(policies_per_role=2)
    assert ic.assign(web, user)["Status"] == "SUCCEEDED"


def test_a_delegated_administrator_is_refused_in_the_words_of_iam(emulator, ic, refused):
    emulator.seed(dict(delegated_administrators=[DATA]))
    web, user = ic.permission_set("Web"), ic.user()
    delegate = emulator.client("sso-admin", DATA)
    target = ic.target(web, user, account="123456789012")
    error = refused("AccessDeniedException", delegate.create_account_assignment, **target)
    assert f"is not authorized to perform: sso:CreateAccountAssignment on resource: {web}" in error["Error"]["Message"]
    assert emulator.client("organizations", DATA).describe_organization()["Organization"]["MasterAccountId"] == \
        "123456789012"
