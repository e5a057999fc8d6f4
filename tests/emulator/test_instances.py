# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances of Identity Center: who sees them, and where."""

from __future__ import annotations

WEB = "111122223333"


def test_the_home_region_knows_one_instance_and_the_others_none(emulator):
    (instance,) = emulator.client("sso-admin").list_instances()["Instances"]
    assert instance["OwnerAccountId"] == "123456789012"
    assert instance["Status"] == "ACTIVE"
    elsewhere = emulator.client("sso-admin", region="us-east-1")
    assert elsewhere.list_instances()["Instances"] == []
    assert elsewhere.list_instances(RegionScope="ALL_REGIONS")["Instances"] == [instance]


def test_members_do_not_see_the_organizations_instance_and_may_not_use_it(emulator, organization, ic, refused):
    member = emulator.client("sso-admin", WEB)
    assert member.list_instances()["Instances"] == []
    refused("AccessDeniedException", member.list_permission_sets, InstanceArn=ic.arn)
    refused("AccessDeniedException", member.describe_instance, InstanceArn=ic.arn)


def test_a_delegated_administrator_may_but_not_what_reaches_the_management_account(emulator, organization, ic, refused):
    emulator.seed(dict(delegated_administrators=[WEB]))
    delegate = emulator.client("sso-admin", WEB)
    assert len(delegate.list_instances()["Instances"]) == 1
    here, there = ic.permission_set("Here"), ic.permission_set("There")
    user = ic.user()
    assert ic.assign(here, user, account="123456789012")["Status"] == "SUCCEEDED"
    delegate.update_permission_set(InstanceArn=ic.arn, PermissionSetArn=there, Description="mine")
    refused("AccessDeniedException", delegate.update_permission_set, InstanceArn=ic.arn, PermissionSetArn=here)
    target = ic.target(there, user, account="123456789012")
    refused("AccessDeniedException", delegate.create_account_assignment, **target)


def test_an_unknown_instance_is_access_denied_for_describe_and_not_found_for_the_rest(ic, refused):
    other = "arn:aws:sso:::instance/ssoins-0000000000000000"
    refused("AccessDeniedException", ic.sso.describe_instance, InstanceArn=other)
    refused("ResourceNotFoundException", ic.sso.list_permission_sets, InstanceArn=other)


def test_an_instance_in_the_wrong_region_is_not_found(emulator, ic, refused):
    elsewhere = emulator.client("sso-admin", region="us-east-1")
    refused("ResourceNotFoundException", elsewhere.list_permission_sets, InstanceArn=ic.arn)


def test_two_instances_and_none_are_seeded(emulator):
    sso = emulator.client("sso-admin")
    emulator.seed(dict(identity_center=dict(instances=2)))
    assert len(sso.list_instances()["Instances"]) == 2
    emulator.seed(dict(identity_center=dict(instances=0)))
    assert sso.list_instances()["Instances"] == []


def test_a_member_makes_an_account_instance_of_its_own(emulator, organization, ic, refused):
    member = emulator.client("sso-admin", WEB)
    refused("ValidationException", ic.sso.create_instance, Name="mine")  # not in the management account
    arn = member.create_instance(Name="mine", ClientToken="once")["InstanceArn"]
    assert member.create_instance(Name="mine", ClientToken="once")["InstanceArn"] == arn
    refused("ConflictException", member.create_instance, Name="second")
    described = member.describe_instance(InstanceArn=arn)
    assert (described["Name"], described["PermissionSetsEnabled"]) == ("mine", False)
    refused("ValidationException", member.create_permission_set, InstanceArn=arn, Name="Web")
    member.update_instance(InstanceArn=arn, PermissionSetsEnabled=True)
    member.create_permission_set(InstanceArn=arn, Name="Web")
    refused("ValidationException", member.update_instance, InstanceArn=arn, PermissionSetsEnabled=False)
    # ListAccountAssignmentsForPrincipal is for the organization's instance and the management account only
    user = "00000000-0000-0000-0000-000000000000"
    refused("AccessDeniedException", member.list_account_assignments_for_principal, InstanceArn=arn,
            PrincipalId=user, PrincipalType="USER")
    member.delete_instance(InstanceArn=arn)
    refused("AccessDeniedException", member.describe_instance, InstanceArn=arn)


def test_only_one_kind_of_update_at_a_time(ic, refused):
    refused("ValidationException", ic.sso.update_instance, InstanceArn=ic.arn, PermissionSetsEnabled=True,
            EncryptionConfiguration=dict(KeyType="AWS_OWNED_KMS_KEY"))


def test_regions_of_an_instance(ic, refused):
    (region,) = ic.sso.list_regions(InstanceArn=ic.arn)["Regions"]
    assert (region["RegionName"], region["IsPrimaryRegion"]) == ("ap-northeast-1", True)
    assert ic.sso.describe_region(InstanceArn=ic.arn, RegionName="ap-northeast-1")["Status"] == "ACTIVE"
    refused("ResourceNotFoundException", ic.sso.describe_region, InstanceArn=ic.arn, RegionName="us-east-1")


def test_deleting_the_organizations_instance_takes_its_roles_along(emulator, organization, ic):
    ic.assign(ic.permission_set(), ic.user())
    iam = emulator.client("iam", WEB)
    assert iam.list_roles(PathPrefix="/aws-reserved/")["Roles"]
    ic.sso.delete_instance(InstanceArn=ic.arn)
    assert iam.list_roles(PathPrefix="/aws-reserved/")["Roles"] == []
    assert ic.sso.list_instances()["Instances"] == []
