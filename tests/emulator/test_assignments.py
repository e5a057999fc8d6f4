# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account assignments and their asynchronous operations."""

from __future__ import annotations

import time

import pytest

WEB, DATA, OLD = "111122223333", "444455556666", "777788889999"
MANAGEMENT = "123456789012"

pytestmark = pytest.mark.usefixtures("organization")


def listed(ic, permission_set, account=WEB):
    return ic.sso.list_account_assignments(
        InstanceArn=ic.arn, AccountId=account, PermissionSetArn=permission_set
    )["AccountAssignments"]


def test_an_assignment_is_in_progress_and_then_there(emulator, ic):
    emulator.settings(async_ms=150)
    web, user = ic.permission_set(), ic.user()
    started = ic.sso.create_account_assignment(**ic.target(web, user))["AccountAssignmentCreationStatus"]
    assert started["Status"] == "IN_PROGRESS"
    assert ic.creation(started["RequestId"])["Status"] == "IN_PROGRESS"
    assert listed(ic, web) == []
    time.sleep(0.2)
    done = ic.creation(started["RequestId"])
    assert (done["Status"], done["TargetId"], done["PrincipalId"]) == ("SUCCEEDED", WEB, user)
    assert listed(ic, web) == [
        dict(AccountId=WEB, PermissionSetArn=web, PrincipalType="USER", PrincipalId=user)
    ]


def test_the_lists_of_statuses_tell_neither_reason_nor_target(emulator, ic):
    web, user = ic.permission_set(), ic.user()
    ic.assign(web, user)
    ic.assign(web, user, account=OLD)
    every = ic.sso.list_account_assignment_creation_status(InstanceArn=ic.arn)["AccountAssignmentsCreationStatus"]
    assert [sorted(entry) for entry in every] == [["CreatedDate", "RequestId", "Status"]] * 2
    failed = ic.sso.list_account_assignment_creation_status(InstanceArn=ic.arn, Filter=dict(Status="FAILED"))
    assert len(failed["AccountAssignmentsCreationStatus"]) == 1
    ic.unassign(web, user)
    deletions = ic.sso.list_account_assignment_deletion_status(InstanceArn=ic.arn)
    assert [entry["Status"] for entry in deletions["AccountAssignmentsDeletionStatus"]] == ["SUCCEEDED"]
    emulator.settings(async_ms=60000)
    ic.sso.create_account_assignment(**ic.target(web, user))
    busy = ic.sso.list_account_assignment_creation_status(InstanceArn=ic.arn, Filter=dict(Status="IN_PROGRESS"))
    assert len(busy["AccountAssignmentsCreationStatus"]) == 1


def test_an_assignment_that_exists_succeeds_again(ic):
    web, user = ic.permission_set(), ic.user()
    assert ic.assign(web, user)["Status"] == "SUCCEEDED"
    assert ic.assign(web, user)["Status"] == "SUCCEEDED"
    assert len(listed(ic, web)) == 1


def test_the_same_assignment_twice_at_once_is_a_conflict(emulator, ic, refused):
    emulator.settings(async_ms=60000)
    web, user = ic.permission_set(), ic.user()
    ic.sso.create_account_assignment(**ic.target(web, user))
    refused("ConflictException", ic.sso.create_account_assignment, **ic.target(web, user))
    ic.sso.create_account_assignment(**ic.target(web, user, account=DATA))


def test_ten_outstanding_operations_and_no_more(emulator, ic, refused):
    emulator.settings(async_ms=60000)
    web = ic.permission_set()
    users = [ic.user(f"user{number}") for number in range(11)]
    for user in users[:10]:
        ic.sso.create_account_assignment(**ic.target(web, user))
    error = refused("ThrottlingException", ic.sso.create_account_assignment, **ic.target(web, users[10]))
    assert "too many requests" in error["Error"]["Message"]


def test_operations_of_one_account_queue_up_and_of_two_run_side_by_side(emulator, ic):
    emulator.settings(async_ms=300)
    web, one, two = ic.permission_set(), ic.user("one"), ic.user("two")
    requests = [
        ic.sso.create_account_assignment(**target)["AccountAssignmentCreationStatus"]["RequestId"]
        for target in (ic.target(web, one), ic.target(web, two), ic.target(web, one, account=DATA))
    ]
    time.sleep(0.4)
    assert [ic.creation(request)["Status"] for request in requests] == ["SUCCEEDED", "IN_PROGRESS", "SUCCEEDED"]
    time.sleep(0.3)
    assert ic.creation(requests[1])["Status"] == "SUCCEEDED"


def test_a_suspended_account_fails_with_a_reason(ic):
    failed = ic.assign(ic.permission_set(), ic.user(), account=OLD)
    assert failed["Status"] == "FAILED"
    assert f"Obtaining permissions to manage your AWS account '{OLD}'" in failed["FailureReason"]


def test_an_unknown_account_is_not_found(ic, refused):
    target = ic.target(ic.permission_set(), ic.user(), account="999999999999")
    refused("ResourceNotFoundException", ic.sso.create_account_assignment, **target)


def test_a_principal_that_is_not_there_fails_with_a_reason(ic):
    failed = ic.assign(ic.permission_set(), "00000000-0000-0000-0000-000000000000", kind="GROUP")
    assert failed["Status"] == "FAILED"
    assert f"was not found in directory {ic.store}" in failed["FailureReason"]
    user = ic.user()
    assert ic.assign(ic.permission_set("Other"), user, kind="GROUP")["Status"] == "FAILED"  # it is a user


def test_a_principal_that_goes_before_the_operation_is_done_fails(emulator, ic):
    emulator.settings(async_ms=100)
    web, user = ic.permission_set(), ic.user()
    request = ic.sso.create_account_assignment(**ic.target(web, user))["AccountAssignmentCreationStatus"]["RequestId"]
    ic.directory.delete_user(IdentityStoreId=ic.store, UserId=user)
    time.sleep(0.15)
    assert ic.creation(request)["Status"] == "FAILED"


def test_a_deletion_takes_the_assignment_away(emulator, ic, refused):
    web, user = ic.permission_set(), ic.user()
    refused("ResourceNotFoundException", ic.sso.delete_account_assignment, **ic.target(web, user))
    ic.assign(web, user)
    emulator.settings(async_ms=60000)
    request = ic.sso.delete_account_assignment(**ic.target(web, user))["AccountAssignmentDeletionStatus"]
    assert request["Status"] == "IN_PROGRESS"
    refused("ConflictException", ic.sso.create_account_assignment, **ic.target(web, user))
    assert len(listed(ic, web)) == 1


def test_assignments_of_deleted_principals_stay_until_they_are_deleted(ic):
    web, user, other = ic.permission_set(), ic.user(), ic.user("hanako")
    group = ic.group(members=[other])
    ic.assign(web, user)
    ic.assign(web, group, kind="GROUP")
    ic.directory.delete_user(IdentityStoreId=ic.store, UserId=user)
    ic.directory.delete_group(IdentityStoreId=ic.store, GroupId=group)
    assert {entry["PrincipalId"] for entry in listed(ic, web)} == {user, group}
    again = ic.user()
    assert again != user
    assert ic.unassign(web, user)["Status"] == "SUCCEEDED"
    assert ic.unassign(web, group, kind="GROUP")["Status"] == "SUCCEEDED"
    assert listed(ic, web) == []


def test_lists_by_principal_reach_through_groups(ic):
    web, data, user = ic.permission_set("Web"), ic.permission_set("Data"), ic.user()
    group = ic.group(members=[user])
    ic.assign(web, user)
    ic.assign(data, group, account=DATA, kind="GROUP")

    def find(principal, kind, **more):
        found = ic.sso.list_account_assignments_for_principal(
            InstanceArn=ic.arn, PrincipalId=principal, PrincipalType=kind, **more
        )["AccountAssignments"]
        return [(entry["AccountId"], entry["PermissionSetArn"], entry["PrincipalType"]) for entry in found]

    assert find(user, "USER") == [(WEB, web, "USER"), (DATA, data, "GROUP")]
    assert find(group, "GROUP") == [(DATA, data, "GROUP")]
    assert find(user, "USER", Filter=dict(AccountId=DATA)) == [(DATA, data, "GROUP")]


def test_lists_by_principal_have_pages(ic):
    user = ic.user()
    sets = [ic.permission_set(f"Set{number}") for number in range(5)]
    for arn in sets:
        ic.assign(arn, user)
    pages = list(ic.sso.get_paginator("list_account_assignments_for_principal").paginate(
        InstanceArn=ic.arn, PrincipalId=user, PrincipalType="USER", PaginationConfig=dict(PageSize=2)
    ))
    assert [len(page["AccountAssignments"]) for page in pages] == [2, 2, 1]
    assert [entry["PermissionSetArn"] for page in pages for entry in page["AccountAssignments"]] == sets


def test_a_set_cannot_be_changed_while_it_is_being_assigned(emulator, ic, refused):
    emulator.settings(async_ms=60000)
    web = ic.permission_set()
    ic.sso.create_account_assignment(**ic.target(web, ic.user()))
    for call in (ic.sso.update_permission_set, ic.sso.delete_permission_set):
        refused("ConflictException", call, InstanceArn=ic.arn, PermissionSetArn=web)


def test_unknown_requests_are_not_found(ic, refused):
    id_ = "00000000-0000-0000-0000-000000000000"
    refused("ResourceNotFoundException", ic.creation, request=id_)
    refused("ResourceNotFoundException", ic.deletion, request=id_)
    done = ic.assign(ic.permission_set(), ic.user())
    refused("ResourceNotFoundException", ic.deletion, request=done["RequestId"])  # it was a creation


def test_without_an_organization_there_is_the_management_account(emulator):
    emulator.reset()
    from botocore.exceptions import ClientError

    sso, directory = emulator.client("sso-admin"), emulator.client("identitystore")
    instance = sso.list_instances()["Instances"][0]
    arn = sso.create_permission_set(InstanceArn=instance["InstanceArn"], Name="Web")["PermissionSet"]
    user = directory.create_user(
        IdentityStoreId=instance["IdentityStoreId"], UserName="t", DisplayName="t",
        Name=dict(GivenName="t", FamilyName="t"),
    )["UserId"]
    target = dict(InstanceArn=instance["InstanceArn"], PermissionSetArn=arn["PermissionSetArn"],
                  TargetType="AWS_ACCOUNT", PrincipalId=user, PrincipalType="USER")
    sso.create_account_assignment(TargetId=MANAGEMENT, **target)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        sso.create_account_assignment(TargetId=WEB, **target)
