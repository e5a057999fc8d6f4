# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and answers against botocore's models."""

from __future__ import annotations

import pytest
from keyless_emulator import shapes


def model(operation, service="sso-admin"):
    return shapes.operation_model(service, operation)


def problem(operation, service="sso-admin", **params):
    return shapes.input_problem(model(operation, service).input_shape, params)


ARN = "arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6"


def test_sound_input_has_no_problem():
    assert problem("ListPermissionSets", InstanceArn=ARN, MaxResults=100, NextToken="abc=") is None


@pytest.mark.parametrize("params, said", [
    (dict(), "Value null at 'instanceArn' failed to satisfy constraint: Member must not be null"),
    (dict(InstanceArn=None), "Member must not be null"),
    (dict(InstanceArn=7), "Member must be of type string"),
    (dict(InstanceArn="arn:aws:sso:::instance/x"), "Member must satisfy regular expression pattern"),
    (dict(InstanceArn=ARN, MaxResults=0), "Member must have value greater than or equal to 1"),
    (dict(InstanceArn=ARN, MaxResults=101), "Member must have value less than or equal to 100"),
    (dict(InstanceArn=ARN, MaxResults=True), "Member must be of type integer"),
    (dict(InstanceArn=ARN, NextToken="a" * 2049), "Member must have length less than or equal to 2048"),
])
def test_what_aws_says(params, said):
    assert said in problem("ListPermissionSets", **params)


def test_several_problems_are_counted():
    assert problem("CreatePermissionSet", Name="a b").startswith("2 validation errors detected: ")


def test_enums_lists_and_structures():
    base = dict(InstanceArn=ARN, PermissionSetArn=ARN.replace("instance", "permissionSet") + "/ps-0123456789abcdef")
    assert "enum value set: [AWS_ACCOUNT, ALL_PROVISIONED_ACCOUNTS]" in problem(
        "ProvisionPermissionSet", TargetType="OU", **base)
    tags = [dict(Key="a", Value="b"), dict(Key="", Value="b")]
    assert "'tags.2.member.key'" in problem("CreatePermissionSet", InstanceArn=ARN, Name="a", Tags=tags)


def test_unions_take_one_member():
    base = dict(IdentityStoreId="d-0123456789")
    assert "exactly one" in problem("GetUserId", "identitystore", AlternateIdentifier={}, **base)


def test_documents_may_be_anything():
    operations = [dict(AttributePath="emails", AttributeValue=[dict(value="a")])]
    assert problem("UpdateUser", "identitystore", IdentityStoreId="d-0123456789",
                   UserId="00000000-0000-0000-0000-000000000000", Operations=operations) is None


@pytest.mark.parametrize("answer, said", [
    (dict(UserId="x"), "answer.IdentityStoreId is missing"),
    (dict(IdentityStoreId="d", UserId="x", UserArn="a", Revision="1", Extra=1), "answer.Extra is not in the model"),
    (dict(IdentityStoreId="d", UserId="x", UserArn="a", Revision=1), "answer.Revision is not a string: 1"),
])
def test_wrong_answers_are_found(answer, said):
    assert said in shapes.output_problems(model("CreateUser", "identitystore").output_shape, answer)


def test_wrong_answers_deep_inside_are_found():
    shape = model("ListInstances").output_shape
    assert shapes.output_problems(shape, dict(Instances=[dict(CreatedDate="now")])) == [
        "answer.Instances[0].CreatedDate is not a timestamp: 'now'"]
    assert "none of" in shapes.output_problems(shape, dict(Instances=[dict(Status="FINE")]))[0]
    assert shapes.output_problems(None, dict(a=1)) == ["the operation has no answer"]
