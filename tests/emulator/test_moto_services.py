# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What moto answers, in the account that the request belongs to."""

from __future__ import annotations

import boto3
import pytest

MANAGEMENT, WEB, DATA, OLD = "123456789012", "111122223333", "444455556666", "777788889999"
REGION = "ap-northeast-1"
INSTANCES = [
    dict(account_id=WEB, region=REGION, instance_id="i-0aaaaaaaaaaaaaaa1", name="web-1", tags=dict(Team="web"),
         private_ip="172.31.0.10"),
    dict(account_id=WEB, region=REGION, instance_id="i-0aaaaaaaaaaaaaaa2", tags=dict(Team="db")),
    dict(account_id=DATA, region="us-east-1", instance_id="i-0bbbbbbbbbbbbbbb1", tags=dict(Team="web")),
]


def instances(client, **more):
    return [found for entry in client.describe_instances(**more)["Reservations"] for found in entry["Instances"]]


def test_instances_are_found_in_their_account_and_region_by_tags(emulator, organization):
    emulator.seed(dict(instances=INSTANCES))
    web = emulator.client("ec2", WEB)
    (found,) = instances(web, Filters=[dict(Name="tag:Team", Values=["web"])])
    assert (found["InstanceId"], found["PrivateIpAddress"]) == ("i-0aaaaaaaaaaaaaaa1", "172.31.0.10")
    assert {tag["Key"]: tag["Value"] for tag in found["Tags"]} == dict(Team="web", Name="web-1")
    assert found["State"]["Name"] == "running"
    assert len(instances(web, InstanceIds=["i-0aaaaaaaaaaaaaaa2"])) == 1
    assert instances(emulator.client("ec2", DATA)) == []
    assert len(instances(emulator.client("ec2", DATA, region="us-east-1"))) == 1
    assert instances(emulator.client("ec2")) == []


def test_the_account_of_an_assumed_role(emulator, organization):
    identity = emulator.client("sts", WEB).get_caller_identity()
    assert identity["Account"] == WEB
    assert identity["Arn"] == f"arn:aws:sts::{WEB}:assumed-role/OrganizationAccountAccessRole/tests"
    assert emulator.client("sts").get_caller_identity()["Account"] == MANAGEMENT


def test_a_key_of_twelve_digits_is_that_account(emulator):
    sts = boto3.client("sts", region_name=REGION, endpoint_url=emulator.url, aws_access_key_id=DATA,
                       aws_secret_access_key="x")
    assert sts.get_caller_identity()["Account"] == DATA


@pytest.mark.parametrize("account", [OLD, "999999999999"])
def test_roles_of_accounts_that_are_not_active_cannot_be_assumed(emulator, organization, refused, account):
    refused("AccessDenied", emulator.client, service="iam", account=account)


def test_the_roles_of_identity_center_can_be_assumed_and_name_the_user(emulator, organization, ic):
    ic.assign(ic.permission_set(), ic.user())
    (role,) = emulator.client("iam", WEB).list_roles(PathPrefix="/aws-reserved/")["Roles"]
    answer = emulator.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="taro")
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{WEB}:assumed-role/{role['RoleName']}/taro"


def test_iam_is_each_accounts_own(emulator, organization):
    emulator.client("iam", WEB).create_user(UserName="user01", Tags=[dict(Key="SSMSessionRunAs", Value="user01")])
    assert [user["UserName"] for user in emulator.client("iam", WEB).list_users()["Users"]] == ["user01"]
    assert emulator.client("iam").list_users()["Users"] == []


def test_every_account_has_awss_managed_policies(emulator, organization):
    arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    for account in (WEB, DATA):
        iam = emulator.client("iam", account)
        iam.create_role(RoleName="Instance", AssumeRolePolicyDocument="{}")
        iam.attach_role_policy(RoleName="Instance", PolicyArn=arn)
        assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    policies = [entry for page in emulator.client("iam", WEB).get_paginator("list_policies").paginate(Scope="AWS")
                for entry in page["Policies"]]
    assert len(policies) > 1000
    assert emulator.client("iam", WEB).list_policies(Scope="Local")["Policies"] == []


def test_ordinary_roles_can_be_tagged(emulator):
    iam = emulator.client("iam")
    iam.create_role(RoleName="Mine", AssumeRolePolicyDocument="{}")
    iam.tag_role(RoleName="Mine", Tags=[dict(Key="SSMSessionRunAs", Value="taro")])


def test_buckets_log_groups_and_keys(emulator, refused):
    s3, logs, kms = (emulator.client(service) for service in ("s3", "logs", "kms"))
    s3.create_bucket(Bucket="sessions", CreateBucketConfiguration=dict(LocationConstraint=REGION))
    s3.put_object(Bucket="sessions", Key="a", Body=b"text")
    assert s3.get_object(Bucket="sessions", Key="a")["Body"].read() == b"text"
    s3.head_bucket(Bucket="sessions")
    refused("404", s3.head_bucket, Bucket="other")
    logs.create_log_group(logGroupName="/ssm/sessions")
    assert len(logs.describe_log_groups(logGroupNamePrefix="/ssm/")["logGroups"]) == 1
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"]
