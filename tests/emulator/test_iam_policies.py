# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM's rules for managed policies: names, sizes, versions, tags, attachments, deletion, and pages."""

from __future__ import annotations

import json

import pytest

ACCOUNT = "123456789012"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def document(name="*", count=1):
    arns = [f"arn:aws:ec2:*:*:instance/{name}{number}" for number in range(count)]
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ssm:StartSession", "Resource": arns}]}
    )


@pytest.fixture
def iam(emulator):
    return emulator.client("iam")


@pytest.fixture
def policy(iam):
    """policy(name, **more) -> ARN"""

    def make(name="Web", **more):
        return iam.create_policy(PolicyName=name, PolicyDocument=document(), **more)["Policy"]["Arn"]

    return make


def versions(iam, arn):
    found = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    return {each["VersionId"]: each["IsDefaultVersion"] for each in found}


def test_names_are_unique_whatever_the_path_and_the_case(iam, policy, refused):
    assert policy(Path="/teams/") == f"arn:aws:iam::{ACCOUNT}:policy/teams/Web"
    for name, path in (("Web", "/"), ("Web", "/teams/"), ("WEB", "/other/")):
        refused("EntityAlreadyExists", iam.create_policy, PolicyName=name, Path=path, PolicyDocument=document())
    policy("AmazonSSMManagedInstanceCore")  # AWS's own names do not count


@pytest.mark.parametrize(
    "more",
    [dict(PolicyName="a b"), dict(Path="/a b/"), dict(Path="teams"), dict(Description="x" * 1001),
     dict(Tags=[dict(Key="Team", Value="a*b")]), dict(PolicyName="日本")],
)  # fmt: skip
def test_what_creation_refuses(iam, refused, more):
    refused("ValidationError", iam.create_policy, **dict(dict(PolicyName="Web", PolicyDocument=document()), **more))
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_policies_have_a_largest_size(iam, policy, refused):
    large = document("i-0123456789abcdef", 200)
    said = refused("LimitExceeded", iam.create_policy, PolicyName="Large", PolicyDocument=large)
    assert said["Error"]["Message"] == "Cannot exceed quota for PolicySize: 6144"
    refused("LimitExceeded", iam.create_policy_version, PolicyArn=policy(), PolicyDocument=large)


def test_five_versions_one_of_which_is_the_default(iam, policy, refused):
    arn = policy()
    for number in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(str(number)), SetAsDefault=number == 1)
    assert versions(iam, arn) == {"v1": False, "v2": False, "v3": True, "v4": False, "v5": False}
    refused("LimitExceeded", iam.create_policy_version, PolicyArn=arn, PolicyDocument=document("5"))
    refused("DeleteConflict", iam.delete_policy_version, PolicyArn=arn, VersionId="v3")
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v3")  # it is already
    assert versions(iam, arn)["v3"]
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    assert [name for name, default in versions(iam, arn).items() if default] == ["v1"]
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    added = iam.create_policy_version(PolicyArn=arn, PolicyDocument=document("6"), SetAsDefault=True)
    assert added["PolicyVersion"]["VersionId"] == "v6"


def test_tags(iam, policy, refused):
    arn = policy(Tags=[dict(Key="Team", Value="web")])
    refused("InvalidInput", iam.tag_policy, PolicyArn=arn, Tags=[dict(Key="aws:x", Value="y")])
    iam.tag_policy(PolicyArn=arn, Tags=[dict(Key=f"k{number}", Value="") for number in range(49)])
    refused("LimitExceeded", iam.tag_policy, PolicyArn=arn, Tags=[dict(Key="more", Value="")])
    iam.untag_policy(PolicyArn=arn, TagKeys=[f"k{number}" for number in range(49)])
    assert iam.get_policy(PolicyArn=arn)["Policy"]["Tags"] == [dict(Key="Team", Value="web")]


def test_attaching_is_counted_once_and_has_an_end(iam, policy, refused):
    iam.create_user(UserName="taro")
    arn = policy()
    for _time in range(2):
        iam.attach_user_policy(UserName="taro", PolicyArn=arn)
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    for number in range(9):
        iam.attach_user_policy(UserName="taro", PolicyArn=policy(f"P{number}"))
    said = refused("LimitExceeded", iam.attach_user_policy, UserName="taro", PolicyArn=policy("Last"))
    assert said["Error"]["Message"] == "Cannot exceed quota for PoliciesPerUser: 10"
    refused("NoSuchEntity", iam.attach_user_policy, UserName="hanako", PolicyArn=arn)
    refused("NoSuchEntity", iam.attach_user_policy, UserName="taro", PolicyArn=arn + "x")


def test_only_what_nobody_has_and_has_one_version_is_deleted(iam, policy, refused):
    arn = policy()
    iam.create_role(RoleName="App", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="App", PolicyArn=arn)
    refused("DeleteConflict", iam.delete_policy, PolicyArn=arn)
    iam.detach_role_policy(RoleName="App", PolicyArn=arn)
    iam.put_role_permissions_boundary(RoleName="App", PermissionsBoundary=arn)
    refused("DeleteConflict", iam.delete_policy, PolicyArn=arn)
    iam.delete_role_permissions_boundary(RoleName="App")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document("2"))
    said = refused("DeleteConflict", iam.delete_policy, PolicyArn=arn)
    assert said["Error"]["Message"].startswith("This policy has more than one version.")
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    iam.delete_policy(PolicyArn=arn)
    refused("NoSuchEntity", iam.get_policy, PolicyArn=arn)


def test_who_uses_a_policy_and_how(iam, policy, refused):
    arn = policy()
    iam.create_user(UserName="taro", Path="/web/")
    iam.create_group(GroupName="ops")
    for name in ("App", "Bound"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    iam.attach_user_policy(UserName="taro", PolicyArn=arn)
    iam.attach_group_policy(GroupName="ops", PolicyArn=arn)
    iam.attach_role_policy(RoleName="App", PolicyArn=arn)
    iam.put_role_permissions_boundary(RoleName="Bound", PermissionsBoundary=arn)

    def entities(**more):
        answer = iam.list_entities_for_policy(PolicyArn=arn, **more)
        found = [("PolicyUsers", "UserName"), ("PolicyGroups", "GroupName"), ("PolicyRoles", "RoleName")]
        return [each[name] for key, name in found for each in answer[key]]

    assert entities() == ["taro", "ops", "App", "Bound"]
    assert entities(PolicyUsageFilter="PermissionsPolicy") == ["taro", "ops", "App"]
    assert entities(PolicyUsageFilter="PermissionsBoundary") == ["Bound"]
    assert entities(EntityFilter="Group") == ["ops"]
    assert entities(PathPrefix="/web/") == ["taro"]
    there = iam.get_policy(PolicyArn=arn)["Policy"]
    assert (there["AttachmentCount"], there["PermissionsBoundaryUsageCount"]) == (3, 1)
    refused("NoSuchEntity", iam.list_entities_for_policy, PolicyArn=arn + "x")


def test_authorization_details_by_filter_and_in_pages(iam, policy):
    arns = [policy(f"P{number}", Path="/teams/", Description="Ours") for number in range(3)]
    iam.create_policy_version(PolicyArn=arns[0], PolicyDocument=document("2"), SetAsDefault=True)
    iam.create_user(UserName="taro")
    iam.attach_user_policy(UserName="taro", PolicyArn=arns[0])
    iam.create_role(RoleName="App", AssumeRolePolicyDocument=TRUST)

    only = iam.get_account_authorization_details(Filter=["LocalManagedPolicy"])
    assert [each["Arn"] for each in only["Policies"]] == arns
    assert only["UserDetailList"] == only["RoleDetailList"] == []
    first = only["Policies"][0]
    assert (first["PolicyName"], first["DefaultVersionId"], first["AttachmentCount"], first["Path"]) == (
        "P0", "v2", 1, "/teams/",
    )  # fmt: skip
    assert first["PolicyId"]
    assert {each["VersionId"]: each["Document"] for each in first["PolicyVersionList"]} == {
        "v1": json.loads(document()),
        "v2": json.loads(document("2")),
    }

    pages = list(
        iam.get_paginator("get_account_authorization_details").paginate(
            Filter=["User", "Role", "LocalManagedPolicy"], PaginationConfig=dict(PageSize=2)
        )
    )
    assert len(pages) == 3
    (user,) = [each for page in pages for each in page["UserDetailList"]]
    assert user["UserName"] == "taro"
    assert user["AttachedManagedPolicies"] == [dict(PolicyName="P0", PolicyArn=arns[0])]
    assert [each["RoleName"] for page in pages for each in page["RoleDetailList"]] == ["App"]
    assert [each["Arn"] for page in pages for each in page["Policies"]] == arns
    everything = iam.get_account_authorization_details(Filter=["AWSManagedPolicy"], MaxItems=1000)
    assert everything["IsTruncated"] and len(everything["Policies"]) == 1000


def test_the_policy_of_a_session_is_judged_too(emulator, refused):
    sts, role = emulator.client("sts"), dict(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/Any", RoleSessionName="taro")
    assert sts.assume_role(**role, Policy=document(), DurationSeconds=3600)["Credentials"]["SessionToken"]
    refused("MalformedPolicyDocument", sts.assume_role, **role, Policy="{'Version': '2012-10-17'}")
    refused("ValidationError", sts.assume_role, **role, Policy=document() + " " * 2000)
