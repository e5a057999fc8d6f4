"""Which calls are made, and what is made of their answers."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.preflight.api import (
    CenterApi,
    IamApi,
    OrganizationApi,
    Unknown,
    caller_account,
    sets_quota,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.preflight.records import Quota
from preflight_cloud import DB, INSTANCE, MANAGEMENT, OLD, WEB, Cloud, arn


@pytest.fixture
def cloud():
    return Cloud()


@pytest.fixture
def organization(cloud):
    return OrganizationApi(cloud.client("organizations"))


def test_one_policy_is_asked_for_and_several_are_listed(cloud):
    cloud.policies[WEB] = ["/web", "/teams/web", "/other"]
    api = IamApi(cloud.client("iam", WEB), WEB, "aws")
    assert api.policies(frozenset(["/teams/web"])) == {"/teams/web"}
    assert api.policies(frozenset(["/teams/other"])) == frozenset()
    assert cloud.spent() == ["get_policy", "get_policy"]
    assert api.policies(frozenset(["/web", "/teams/web", "/teams/other"])) == {"/web", "/teams/web"}
    assert cloud.spent() == ["list_policies"]


def test_what_goes_wrong_is_not_taken_for_a_missing_policy(cloud):
    cloud.errors["get_policy"] = "AccessDenied"
    with pytest.raises(AwsError):
        IamApi(cloud.client("iam", WEB), WEB, "aws").policies(frozenset(["/web"]))


def test_policies_per_role(cloud):
    api = IamApi(cloud.client("iam", WEB), WEB, "aws")
    assert api.policies_per_role() == 10
    cloud.per_role = None
    assert api.policies_per_role() is None


def test_permission_sets_here_and_in_an_account(cloud):
    cloud.set("Web", accounts=[WEB])
    cloud.set("Db")
    center = CenterApi(cloud.client("sso-admin"), INSTANCE)
    assert center.count_sets() == 2
    assert center.sets_of_account(WEB) == {arn("Web")}
    assert center.sets_of_account(DB) == frozenset()


def test_the_management_account(cloud, organization):
    assert organization.management() == MANAGEMENT
    cloud.management = None
    assert organization.management() is None
    cloud.errors["describe_organization"] = "AccessDeniedException"
    with pytest.raises(Unknown, match=r"which account is the management account \(describe_organization: Access"):
        organization.management()


def test_one_account_is_described(cloud, organization):
    found, strangers = organization.accounts([OLD])
    assert (found[OLD].name, found[OLD].state, strangers) == ("old", "SUSPENDED", [])
    assert organization.accounts(["9" * 12]) == ({}, ["9" * 12])
    assert cloud.spent() == ["describe_account", "describe_account"]


def test_several_accounts_are_listed_once_each_however_often_they_are_named(cloud, organization):
    found, strangers = organization.accounts([WEB, OLD, WEB, "9" * 12])
    assert ({each: account.name for each, account in found.items()}, strangers) == (
        {WEB: "web-prod", OLD: "old"},
        ["9" * 12],
    )
    assert cloud.spent() == ["list_accounts"]


def test_in_a_large_organization_no_more_pages_are_read_than_there_are_accounts_to_ask_for(cloud, organization):
    cloud.accounts = {f"{number:012}": f"account {number}" for number in range(1000)}
    last = [f"{number:012}" for number in (997, 998, 999)]
    found, strangers = organization.accounts(last)
    assert (sorted(found), strangers) == (last, [])
    assert cloud.spent() == ["list_accounts"] * 3 + ["describe_account"] * 3
    found, _strangers = organization.accounts([f"{number:012}" for number in range(15)])
    assert len(found) == 15
    assert cloud.spent() == ["list_accounts"]


@pytest.mark.parametrize("operation, ids", [("list_accounts", [WEB, DB]), ("describe_account", [WEB])])
def test_whoever_may_not_see_accounts_learns_nothing_and_does_not_fail(cloud, organization, operation, ids):
    cloud.errors[operation] = "AccessDeniedException"
    with pytest.raises(Unknown, match="whether the accounts are active"):
        organization.accounts(ids)


def test_whose_account_the_caller_is_of(cloud):
    assert caller_account(cloud.client("sts")) == MANAGEMENT
    cloud.errors["get_caller_identity"] = ""
    with pytest.raises(Unknown, match="whose account the caller is of"):
        caller_account(cloud.client("sts"))


def test_the_quota_of_permission_sets(cloud):
    quotas = cloud.client("service-quotas")
    cloud.quota = 50
    assert sets_quota(quotas) == Quota(50, applied=True)
    cloud.quota = None
    assert sets_quota(quotas) == Quota(500, applied=False)
    cloud.errors["get_service_quota"] = "AccessDeniedException"
    with pytest.raises(Unknown, match="how many permission sets an account may have"):
        sets_quota(quotas)
