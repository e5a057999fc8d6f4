# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies of a permission set."""

from __future__ import annotations

import json

import pytest

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def policy(**statement):
    return json.dumps(dict(Version="2012-10-17", Statement=[dict(dict(
        Effect="Allow", Action="ssm:StartSession", Resource="*"), **statement)]))


@pytest.fixture
def web(ic):
    return dict(InstanceArn=ic.arn, PermissionSetArn=ic.permission_set())


def test_inline_policy(ic, web, refused):
    assert ic.sso.get_inline_policy_for_permission_set(**web)["InlinePolicy"] == ""
    refused("ResourceNotFoundException", ic.sso.delete_inline_policy_from_permission_set, **web)
    ic.sso.put_inline_policy_to_permission_set(InlinePolicy=policy(), **web)
    assert ic.sso.get_inline_policy_for_permission_set(**web)["InlinePolicy"] == policy()
    ic.sso.delete_inline_policy_from_permission_set(**web)
    assert ic.sso.get_inline_policy_for_permission_set(**web)["InlinePolicy"] == ""


@pytest.mark.parametrize("text", [
    "not json", "[]", "{}", '{"Version":"2012-10-17","Statement":[]}', '{"Version":"2020-01-01","Statement":[{}]}',
    '{"Statement":[{"Effect":"Permit","Action":"*","Resource":"*"}]}', '{"Statement":[{"Effect":"Allow"}]}',
    '{"Statement":[{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}]}',
    '{"Statement":[{"Effect":"Allow","Action":[],"Resource":"*"}]}',
    '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
    '{"Statement":["x"]}', '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":"x"}]}',
    '{"Statement":[{"Effect":"Allow","Action":"日本","Resource":"*"}]}',
])
def test_what_is_no_policy_is_refused(ic, web, refused, text):
    refused("ValidationException", ic.sso.put_inline_policy_to_permission_set, InlinePolicy=text, **web)


def test_the_size_counts_without_white_space(ic, web, refused):
    room = 10240 - len(policy(Action="").replace(" ", ""))
    fits = json.dumps(json.loads(policy(Action="a" * room)), indent=8)
    ic.sso.put_inline_policy_to_permission_set(InlinePolicy=fits, **web)
    refused("ServiceQuotaExceededException", ic.sso.put_inline_policy_to_permission_set,
            InlinePolicy=policy(Action="a" * (room + 1)), **web)
    refused("ValidationException", ic.sso.put_inline_policy_to_permission_set,
            InlinePolicy=policy() + " " * 32768, **web)


def test_managed_policies(ic, web, refused):
    attach = ic.sso.attach_managed_policy_to_permission_set
    attach(ManagedPolicyArn=READ_ONLY, **web)
    refused("ConflictException", attach, ManagedPolicyArn=READ_ONLY, **web)
    refused("ResourceNotFoundException", attach, ManagedPolicyArn="arn:aws:iam::aws:policy/NoSuchPolicy", **web)
    attach(ManagedPolicyArn="arn:aws:iam::aws:policy/job-function/ViewOnlyAccess", **web)
    listed = ic.sso.list_managed_policies_in_permission_set(**web)["AttachedManagedPolicies"]
    assert listed == [
        dict(Name="ReadOnlyAccess", Arn=READ_ONLY),
        dict(Name="ViewOnlyAccess", Arn="arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"),
    ]
    ic.sso.detach_managed_policy_from_permission_set(ManagedPolicyArn=READ_ONLY, **web)
    refused("ResourceNotFoundException", ic.sso.detach_managed_policy_from_permission_set,
            ManagedPolicyArn=READ_ONLY, **web)


def test_customer_managed_policies(ic, web, refused):
    attach = ic.sso.attach_customer_managed_policy_reference_to_permission_set
    attach(CustomerManagedPolicyReference=dict(Name="Own"), **web)
    refused("ConflictException", attach, CustomerManagedPolicyReference=dict(Name="Own", Path="/"), **web)
    attach(CustomerManagedPolicyReference=dict(Name="Own", Path="/team/"), **web)
    listed = ic.sso.list_customer_managed_policy_references_in_permission_set(**web)
    assert listed["CustomerManagedPolicyReferences"] == [dict(Name="Own", Path="/"), dict(Name="Own", Path="/team/")]
    detach = ic.sso.detach_customer_managed_policy_reference_from_permission_set
    detach(CustomerManagedPolicyReference=dict(Name="Own"), **web)
    refused("ResourceNotFoundException", detach, CustomerManagedPolicyReference=dict(Name="Own"), **web)


def test_twenty_policies_of_both_kinds_together(ic, web, refused):
    attach = ic.sso.attach_customer_managed_policy_reference_to_permission_set
    for number in range(19):
        attach(CustomerManagedPolicyReference=dict(Name=f"Own{number}"), **web)
    ic.sso.attach_managed_policy_to_permission_set(ManagedPolicyArn=READ_ONLY, **web)
    refused("ServiceQuotaExceededException", attach, CustomerManagedPolicyReference=dict(Name="One"), **web)
    page = ic.sso.list_customer_managed_policy_references_in_permission_set(MaxResults=10, **web)
    assert len(page["CustomerManagedPolicyReferences"]) == 10
    assert page["NextToken"]


def test_permissions_boundary(ic, web, refused):
    put, get = ic.sso.put_permissions_boundary_to_permission_set, ic.sso.get_permissions_boundary_for_permission_set
    refused("ResourceNotFoundException", get, **web)
    refused("ResourceNotFoundException", ic.sso.delete_permissions_boundary_from_permission_set, **web)
    put(PermissionsBoundary=dict(ManagedPolicyArn=READ_ONLY), **web)
    assert get(**web)["PermissionsBoundary"] == dict(ManagedPolicyArn=READ_ONLY)
    put(PermissionsBoundary=dict(CustomerManagedPolicyReference=dict(Name="Edge")), **web)
    assert get(**web)["PermissionsBoundary"] == dict(CustomerManagedPolicyReference=dict(Name="Edge", Path="/"))
    both = dict(ManagedPolicyArn=READ_ONLY, CustomerManagedPolicyReference=dict(Name="Edge"))
    refused("ValidationException", put, PermissionsBoundary=both, **web)
    refused("ValidationException", put, PermissionsBoundary={}, **web)
    ic.sso.delete_permissions_boundary_from_permission_set(**web)
    refused("ResourceNotFoundException", get, **web)
