# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a permission set becomes in accounts, and when accounts are out of date."""

from __future__ import annotations

import json
import re
import time

import pytest

WEB, DATA, OLD = "111122223333", "444455556666", "777788889999"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
POLICY = json.dumps(dict(Version="2012-10-17", Statement=[dict(Effect="Allow", Action="s3:*", Resource="*")]))

pytestmark = pytest.mark.usefixtures("organization")


@pytest.fixture
def web(ic):
    return ic.permission_set("Web", Description="Web people", SessionDuration="PT4H")


def role(emulator, account=WEB):
    (found,) = emulator.client("iam", account).list_roles(PathPrefix="/aws-reserved/")["Roles"]
    return found


def test_a_role_appears_in_the_account(emulator, ic, web):
    iam = emulator.client("iam", WEB)
    own = iam.create_policy(PolicyName="Own", Path="/team/", PolicyDocument=POLICY)["Policy"]["Arn"]
    edge = iam.create_policy(PolicyName="Edge", PolicyDocument=POLICY)["Policy"]["Arn"]
    ids = dict(InstanceArn=ic.arn, PermissionSetArn=web)
    ic.sso.put_inline_policy_to_permission_set(InlinePolicy=POLICY, **ids)
    ic.sso.attach_managed_policy_to_permission_set(ManagedPolicyArn=READ_ONLY, **ids)
    ic.sso.attach_customer_managed_policy_reference_to_permission_set(
        CustomerManagedPolicyReference=dict(Name="Own", Path="/team/"), **ids
    )
    ic.sso.put_permissions_boundary_to_permission_set(
        PermissionsBoundary=dict(CustomerManagedPolicyReference=dict(Name="Edge")), **ids
    )
    assert ic.assign(web, ic.user())["Status"] == "SUCCEEDED"

    name = role(emulator)["RoleName"]
    assert re.fullmatch(r"AWSReservedSSO_Web_[0-9a-f]{16}", name)
    found = iam.get_role(RoleName=name)["Role"]
    assert found["Path"] == "/aws-reserved/sso.amazonaws.com/ap-northeast-1/"
    assert found["PermissionsBoundary"]["PermissionsBoundaryArn"] == edge
    assert found["Description"] == "Web people"
    assert found["MaxSessionDuration"] == 43200
    (statement,) = found["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == ["sts:AssumeRoleWithSAML", "sts:TagSession"]
    provider = statement["Principal"]["Federated"]
    assert provider in [entry["Arn"] for entry in iam.list_saml_providers()["SAMLProviderList"]]
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["AwsSSOInlinePolicy"]
    document = iam.get_role_policy(RoleName=name, PolicyName="AwsSSOInlinePolicy")["PolicyDocument"]
    assert document == json.loads(POLICY)
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert {entry["PolicyArn"] for entry in attached} == {READ_ONLY, own}
    assert iam.get_policy(PolicyArn=own)["Policy"]["AttachmentCount"] == 1


def test_the_role_goes_with_the_last_assignment(emulator, ic, web):
    one, two = ic.user("one"), ic.user("two")
    ic.sso.attach_managed_policy_to_permission_set(
        InstanceArn=ic.arn, PermissionSetArn=web, ManagedPolicyArn=READ_ONLY
    )
    ic.assign(web, one)
    ic.assign(web, two)
    name = role(emulator)["RoleName"]
    ic.unassign(web, one)
    assert role(emulator)["RoleName"] == name
    ic.unassign(web, two)
    iam = emulator.client("iam", WEB)
    assert iam.list_roles(PathPrefix="/aws-reserved/")["Roles"] == []
    assert iam.get_policy(PolicyArn=READ_ONLY)["Policy"]["AttachmentCount"] == 0
    assert ic.accounts(web) == []


def test_in_us_east_1_the_path_names_no_region(emulator):
    emulator.seed(dict(home_region="us-east-1"))
    sso = emulator.client("sso-admin", region="us-east-1")
    directory = emulator.client("identitystore", region="us-east-1")
    instance = sso.list_instances()["Instances"][0]
    arn = instance["InstanceArn"]
    web = sso.create_permission_set(InstanceArn=arn, Name="Web")["PermissionSet"]["PermissionSetArn"]
    group = directory.create_group(IdentityStoreId=instance["IdentityStoreId"], DisplayName="all")["GroupId"]
    sso.create_account_assignment(InstanceArn=arn, PermissionSetArn=web, TargetId=WEB, TargetType="AWS_ACCOUNT",
                                  PrincipalType="GROUP", PrincipalId=group)
    assert role(emulator)["Path"] == "/aws-reserved/sso.amazonaws.com/"


@pytest.mark.parametrize("call, arguments", [
    ("tag_role", dict(Tags=[dict(Key="SSMSessionRunAs", Value="taro")])), ("untag_role", dict(TagKeys=["a"])),
    ("put_role_policy", dict(PolicyName="x", PolicyDocument=POLICY)), ("delete_role", {}),
    ("delete_role_policy", dict(PolicyName="AwsSSOInlinePolicy")), ("update_role", dict(MaxSessionDuration=3600)),
    ("attach_role_policy", dict(PolicyArn=READ_ONLY)), ("detach_role_policy", dict(PolicyArn=READ_ONLY)),
    ("update_assume_role_policy", dict(PolicyDocument=POLICY)), ("update_role_description", dict(Description="x")),
    ("put_role_permissions_boundary", dict(PermissionsBoundary=READ_ONLY)),
    ("delete_role_permissions_boundary", {}),
])
def test_the_role_cannot_be_changed_by_anyone_else(emulator, ic, web, refused, call, arguments):
    ic.assign(web, ic.user())
    name = role(emulator)["RoleName"]
    refused("UnmodifiableEntity", getattr(emulator.client("iam", WEB), call), RoleName=name, **arguments)


def test_a_customer_managed_policy_that_the_account_lacks_fails(emulator, ic, web):
    ic.sso.attach_customer_managed_policy_reference_to_permission_set(
        InstanceArn=ic.arn, PermissionSetArn=web, CustomerManagedPolicyReference=dict(Name="Own")
    )
    user = ic.user()
    failed = ic.assign(web, user)
    assert failed["Status"] == "FAILED"
    missing = f"arn:aws:iam::{WEB}:policy/Own"
    assert failed["FailureReason"] == f"Received a 404 status error: Not supported policy {missing}."
    assert ic.accounts(web) == []
    emulator.client("iam", WEB).create_policy(PolicyName="Own", PolicyDocument=POLICY)
    assert ic.assign(web, user)["Status"] == "SUCCEEDED"


def changes(ic, web):
    ids = dict(InstanceArn=ic.arn, PermissionSetArn=web)
    yield "inline", lambda: ic.sso.put_inline_policy_to_permission_set(InlinePolicy=POLICY, **ids)
    yield "no inline", lambda: ic.sso.delete_inline_policy_from_permission_set(**ids)
    yield "managed", lambda: ic.sso.attach_managed_policy_to_permission_set(ManagedPolicyArn=READ_ONLY, **ids)
    yield "no managed", lambda: ic.sso.detach_managed_policy_from_permission_set(ManagedPolicyArn=READ_ONLY, **ids)
    boundary = dict(ManagedPolicyArn=READ_ONLY)
    yield "boundary", lambda: ic.sso.put_permissions_boundary_to_permission_set(PermissionsBoundary=boundary, **ids)
    yield "no boundary", lambda: ic.sso.delete_permissions_boundary_from_permission_set(**ids)
    yield "duration", lambda: ic.sso.update_permission_set(SessionDuration="PT2H", **ids)
    yield "relay state", lambda: ic.sso.update_permission_set(RelayState="/x", **ids)
    yield "no relay state", lambda: ic.sso.update_permission_set(**ids)
    yield "description", lambda: ic.sso.update_permission_set(Description="new", **ids)


def test_every_change_makes_accounts_out_of_date_until_provisioned(ic, web):
    ic.assign(web, ic.user())
    for name, change in changes(ic, web):
        assert ic.outdated(web) == [], name
        change()
        assert ic.outdated(web) == [WEB], name
        assert ic.accounts(web, "LATEST_PERMISSION_SET_PROVISIONED") == [], name
        assert ic.provision(web)["Status"] == "SUCCEEDED", name


def test_tags_and_writes_that_change_nothing_do_not(ic, web):
    ids = dict(InstanceArn=ic.arn, PermissionSetArn=web)
    ic.sso.put_inline_policy_to_permission_set(InlinePolicy=POLICY, **ids)
    ic.assign(web, ic.user())
    ic.sso.tag_resource(ResourceArn=web, Tags=[dict(Key="a", Value="b")])
    ic.sso.put_inline_policy_to_permission_set(InlinePolicy=POLICY, **ids)
    ic.sso.update_permission_set(Description="Web people", SessionDuration="PT4H", **ids)
    assert ic.outdated(web) == []


def test_provisioning_brings_the_role_up_to_date(emulator, ic, web):
    ic.assign(web, ic.user())
    iam, name = emulator.client("iam", WEB), role(emulator)["RoleName"]
    ic.sso.put_inline_policy_to_permission_set(InstanceArn=ic.arn, PermissionSetArn=web, InlinePolicy=POLICY)
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == []
    ic.provision(web)
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == ["AwsSSOInlinePolicy"]
    assert role(emulator)["RoleName"] == name
    ic.sso.delete_inline_policy_from_permission_set(InstanceArn=ic.arn, PermissionSetArn=web)
    ic.provision(web, TargetType="AWS_ACCOUNT", TargetId=WEB)
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == []


def test_one_account_or_all(ic, web, refused):
    user = ic.user()
    ic.assign(web, user)
    ic.assign(web, user, account=DATA)
    ic.sso.update_permission_set(InstanceArn=ic.arn, PermissionSetArn=web, Description="new")
    done = ic.provision(web, TargetType="AWS_ACCOUNT", TargetId=WEB)
    assert (done["Status"], done["AccountId"]) == ("SUCCEEDED", WEB)
    assert ic.outdated(web) == [DATA]
    assert ic.provision(web)["Status"] == "SUCCEEDED"
    assert ic.outdated(web) == []
    provision = ic.sso.provision_permission_set
    ids = dict(InstanceArn=ic.arn, PermissionSetArn=web)
    refused("ValidationException", provision, TargetType="AWS_ACCOUNT", **ids)
    refused("ValidationException", provision, TargetType="ALL_PROVISIONED_ACCOUNTS", TargetId=WEB, **ids)
    refused("ResourceNotFoundException", provision, TargetType="AWS_ACCOUNT", TargetId=OLD, **ids)


def test_provisioning_without_any_account_succeeds(ic, web):
    assert ic.provision(web)["Status"] == "SUCCEEDED"


def test_a_failed_provisioning_leaves_the_account_out_of_date(emulator, ic, web):
    user = ic.user()
    ic.assign(web, user)
    ic.assign(web, user, account=DATA)
    emulator.client("iam", WEB).create_policy(PolicyName="Own", PolicyDocument=POLICY)
    ic.sso.attach_customer_managed_policy_reference_to_permission_set(
        InstanceArn=ic.arn, PermissionSetArn=web, CustomerManagedPolicyReference=dict(Name="Own")
    )
    failed = ic.provision(web)
    assert failed["Status"] == "FAILED"
    assert DATA in failed["FailureReason"]
    assert WEB not in failed["FailureReason"]
    assert ic.outdated(web) == [DATA]


def test_provisioning_takes_its_time_and_blocks_changes_of_the_set(emulator, ic, web, refused):
    ic.assign(web, ic.user())
    emulator.settings(async_ms=200)
    ids = dict(InstanceArn=ic.arn, PermissionSetArn=web)
    started = ic.sso.provision_permission_set(TargetType="ALL_PROVISIONED_ACCOUNTS", **ids)
    request = started["PermissionSetProvisioningStatus"]["RequestId"]
    assert started["PermissionSetProvisioningStatus"]["Status"] == "IN_PROGRESS"
    refused("ConflictException", ic.sso.provision_permission_set, TargetType="ALL_PROVISIONED_ACCOUNTS", **ids)
    refused("ConflictException", ic.sso.update_permission_set, **ids)
    listed = ic.sso.list_permission_set_provisioning_status(InstanceArn=ic.arn, Filter=dict(Status="IN_PROGRESS"))
    assert [entry["RequestId"] for entry in listed["PermissionSetsProvisioningStatus"]] == [request]
    time.sleep(0.25)
    assert ic.provisioning(request)["Status"] == "SUCCEEDED"
    ic.sso.update_permission_set(**ids)


def test_a_set_is_provisioned_to_two_accounts_side_by_side_but_not_twice_to_one(emulator, ic, web, refused):
    user = ic.user()
    ic.assign(web, user)
    ic.assign(web, user, DATA)
    emulator.settings(async_ms=60000)
    ids = dict(InstanceArn=ic.arn, PermissionSetArn=web, TargetType="AWS_ACCOUNT")
    ic.sso.provision_permission_set(TargetId=WEB, **ids)
    ic.sso.provision_permission_set(TargetId=DATA, **ids)
    refused("ConflictException", ic.sso.provision_permission_set, TargetId=WEB, **ids)
    everywhere = dict(ids, TargetType="ALL_PROVISIONED_ACCOUNTS")
    refused("ConflictException", ic.sso.provision_permission_set, **everywhere)


def test_sets_by_account(ic, web):
    other, user = ic.permission_set("Other"), ic.user()
    ic.assign(web, user)
    ic.assign(other, user)
    ic.sso.update_permission_set(InstanceArn=ic.arn, PermissionSetArn=other, Description="new")

    def find(**more):
        return ic.sso.list_permission_sets_provisioned_to_account(InstanceArn=ic.arn, AccountId=WEB, **more).get(
            "PermissionSets")

    assert find() == [web, other]
    assert find(ProvisioningStatus="LATEST_PERMISSION_SET_NOT_PROVISIONED") == [other]
    assert find(ProvisioningStatus="LATEST_PERMISSION_SET_PROVISIONED") == [web]
