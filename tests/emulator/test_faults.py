# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests can let go wrong."""

from __future__ import annotations

import time
import urllib.error

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config

WEB = "111122223333"
REGION = "ap-northeast-1"


@pytest.fixture
def once(emulator):
    """A client that tries once: what botocore would try again has to be seen."""

    def make(service="sso-admin"):
        config = Config(retries=dict(total_max_attempts=1))
        return boto3.client(service, region_name=REGION, endpoint_url=emulator.url, aws_access_key_id="x",
                            aws_secret_access_key="x", config=config)

    return make


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "ExpiredTokenException"])
def test_an_error_comes_as_often_as_asked_for(emulator, once, refused, code):
    emulator.faults("sso-admin:ListInstances", code, times=2)
    sso = once()
    for _attempt in range(2):
        refused(code, sso.list_instances)
    assert sso.list_instances()["Instances"]
    assert emulator.calls()["sso-admin:ListInstances"] == 3


def test_an_error_comes_before_the_operation_takes_effect_or_after_it(emulator, ic, once, refused):
    create = once().create_permission_set
    emulator.faults("sso-admin:CreatePermissionSet", "InternalServerException")
    refused("InternalServerException", create, InstanceArn=ic.arn, Name="Before")
    emulator.faults("sso-admin:CreatePermissionSet", "InternalServerException", when="after")
    refused("InternalServerException", create, InstanceArn=ic.arn, Name="After")
    (only,) = ic.sso.list_permission_sets(InstanceArn=ic.arn)["PermissionSets"]
    found = ic.sso.describe_permission_set(InstanceArn=ic.arn, PermissionSetArn=only)["PermissionSet"]
    assert found["Name"] == "After"


def test_a_dropped_connection_after_and_before(emulator, ic, once):
    create = once().create_permission_set
    emulator.faults("sso-admin:CreatePermissionSet", "drop")
    with pytest.raises((botocore.exceptions.HTTPClientError, botocore.exceptions.ResponseStreamingError,
                        botocore.exceptions.ConnectionError)):
        create(InstanceArn=ic.arn, Name="Web")
    assert len(ic.sso.list_permission_sets(InstanceArn=ic.arn)["PermissionSets"]) == 1
    emulator.faults("sso-admin:CreatePermissionSet", "drop", when="before")
    with pytest.raises((botocore.exceptions.HTTPClientError, botocore.exceptions.ConnectionClosedError,
                        botocore.exceptions.ConnectionError)):
        create(InstanceArn=ic.arn, Name="Other")
    assert len(ic.sso.list_permission_sets(InstanceArn=ic.arn)["PermissionSets"]) == 1


def test_an_answer_that_is_cut_short_of_its_length(emulator, ic, once):
    """botocore does not notice, as it does not with AWS: it parses what came, here as nothing at all."""
    emulator.faults("sso-admin:ListInstances", "cut")
    response = once().list_instances()
    assert response.get("Instances") is None
    headers = response["ResponseMetadata"]["HTTPHeaders"]
    assert int(headers["content-length"]) > 100
    emulator.faults("sso-admin:ListInstances", "cut", when="before")
    with pytest.raises(botocore.exceptions.ConnectionClosedError):
        once().list_instances()


def test_the_first_calls_can_be_let_pass(emulator, once, refused):
    emulator.faults("sso-admin:ListInstances", "AccessDeniedException", times=2, skip=2)
    sso = once()
    for works in (True, True, False, False, True):
        if works:
            assert sso.list_instances()["Instances"]
        else:
            refused("AccessDeniedException", sso.list_instances)


def test_an_error_can_tell_how_long_to_wait(emulator, ic, once, refused):
    emulator.faults("identitystore:ListUsers", "ThrottlingException", retry_after_seconds=7)
    error = refused("ThrottlingException", once("identitystore").list_users, IdentityStoreId=ic.store)
    assert error["RetryAfterSeconds"] == 7


def test_http500(emulator, once):
    emulator.faults("sso-admin:ListInstances", "http500")
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        once().list_instances()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


@pytest.mark.parametrize("service, operation, call", [
    ("iam", "ListUsers", "list_users"), ("ec2", "DescribeInstances", "describe_instances"),
    ("s3", "ListBuckets", "list_buckets"), ("organizations", "ListAccounts", "list_accounts"),
    ("ssm", "ListDocuments", "list_documents"), ("sts", "GetCallerIdentity", "get_caller_identity"),
])
def test_every_protocol_says_it_in_its_own_words(emulator, once, refused, service, operation, call):
    emulator.faults(f"{service}:{operation}", "AccessDenied", message="No, as asked for")
    error = refused("AccessDenied", getattr(once(service), call))
    assert error["Error"]["Message"] == "No, as asked for"


def test_a_whole_service(emulator, once, refused):
    emulator.faults("identitystore:*", "AccessDeniedException", times=None)
    directory = once("identitystore")
    for _attempt in range(3):
        refused("AccessDeniedException", directory.list_identity_stores)
    once().list_instances()


def test_faults_are_taken_in_the_order_they_were_asked_for(emulator, once, refused):
    emulator.faults("sso-admin:ListInstances", "AccessDeniedException")
    emulator.faults("sso-admin:ListInstances", "ValidationException")
    refused("AccessDeniedException", once().list_instances)
    refused("ValidationException", once().list_instances)


def test_stuck_operations_never_end(emulator, organization, ic):
    emulator.faults("sso-admin:CreateAccountAssignment", "stuck")
    web, one, two = ic.permission_set(), ic.user("one"), ic.user("two")
    assert ic.assign(web, one)["Status"] == "IN_PROGRESS"
    time.sleep(0.05)
    busy = ic.sso.list_account_assignment_creation_status(InstanceArn=ic.arn, Filter=dict(Status="IN_PROGRESS"))
    assert len(busy["AccountAssignmentsCreationStatus"]) == 1
    assert ic.assign(web, two)["Status"] == "SUCCEEDED"  # nobody else is held up


def test_failed_operations_fail_with_the_reason(emulator, organization, ic):
    web, user = ic.permission_set(), ic.user()
    emulator.faults("sso-admin:CreateAccountAssignment", "failed", reason="No room for roles")
    failed = ic.assign(web, user)
    assert (failed["Status"], failed["FailureReason"]) == ("FAILED", "No room for roles")
    assert ic.accounts(web) == []
    ic.assign(web, user)
    ic.sso.update_permission_set(InstanceArn=ic.arn, PermissionSetArn=web, Description="new")
    emulator.faults("sso-admin:ProvisionPermissionSet", "failed")
    assert ic.provision(web)["Status"] == "FAILED"
    assert ic.outdated(web) == [WEB]
    emulator.faults("sso-admin:DeleteAccountAssignment", "failed")
    assert ic.unassign(web, user)["Status"] == "FAILED"
    assert ic.accounts(web) == [WEB]


@pytest.mark.parametrize("bad", [
    dict(operation="ListInstances", error="drop"), dict(operation="sso-admin:ListInstances", error=""),
    dict(operation="sso-admin:ListInstances", error="stuck"), dict(operation="iam:GetRole", error="failed"),
    dict(operation="sso-admin:ListInstances", error="drop", times=0),
    dict(operation="sso-admin:ListInstances", error="drop", when="later"),
    dict(operation="sso-admin:ListInstances", error="drop", often=2),
    dict(operation="sso-admin:ListInstances", error="drop", skip=-1),
    dict(operation="identitystore:ListUsers", error="ThrottlingException", retry_after_seconds="1"),
])
def test_faults_that_cannot_be(emulator, bad):
    with pytest.raises(urllib.error.HTTPError, match="400"):
        emulator._post("faults", bad)
