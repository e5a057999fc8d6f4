# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM roles that permission sets become in accounts."""

from __future__ import annotations

import json
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from . import managed_policies
from .errors import AwsError
from .identify import Call
from .identity_center.records import Instance, PermissionSet, new_role_name
from .motoparts import Moto

PREFIX = "AWSReservedSSO_"
INLINE_POLICY = "AwsSSOInlinePolicy"
# Identity Center gives its roles IAM's longest session; the permission set's duration is enforced at sign-in.
MAX_SESSION_DURATION = "43200"
_WRITES = ("Tag", "Untag", "Put", "Delete", "Attach", "Detach", "Update")


class Roles:
    def __init__(self, moto: Moto) -> None:
        self._moto = moto

    def is_managed_policy(self, arn: str) -> bool:
        return arn in managed_policies.arns()

    def apply(
        self, instance: Instance, permission_set: PermissionSet, account: str, role_name: Optional[str]
    ) -> Tuple[str, Optional[str]]:
        """Make or update the role in an account; return its name, and the reason if that cannot be done."""
        backend = self._moto.iam_backend(account)
        arns, boundary = _policies(permission_set, account)
        for arn in arns + ([boundary] if boundary else []):
            if arn not in backend.managed_policies:
                # AWS's own words, as hashicorp/terraform-provider-aws tests for them in account_assignment_test.go.
                return "", f"Received a 404 status error: Not supported policy {arn}."
        if role_name is None:
            role_name = new_role_name(permission_set)
            backend.create_role(
                role_name=role_name, assume_role_policy_document=_trust(backend, instance, account),
                path=_path(instance.region), permissions_boundary=None, description="", tags=[],
                max_session_duration=MAX_SESSION_DURATION,
            )
        role = backend.get_role(role_name)
        role.description = permission_set.description or ""
        role.permissions_boundary_arn = boundary
        role.policies.clear()
        if permission_set.inline_policy:
            role.policies[INLINE_POLICY] = permission_set.inline_policy
        for arn in set(role.managed_policies) - set(arns):
            role.managed_policies[arn].detach_from(role)
        for arn in arns:
            if arn not in role.managed_policies:
                backend.managed_policies[arn].attach_to(role)
        return role_name, None

    def remove(self, account: str, role_name: str) -> None:
        backend = self._moto.iam_backend(account)
        role = backend.get_role(role_name)
        for policy in list(role.managed_policies.values()):
            policy.detach_from(role)
        role.policies.clear()
        backend.delete_role(role_name)

    def protect(self, call: Call) -> None:
        """Refuse what changes such a role: only Identity Center may."""
        name = call.parameter("RoleName")
        if call.service == "iam" and name.startswith(PREFIX) and call.operation.startswith(_WRITES):
            raise AwsError("UnmodifiableEntity", f"Cannot perform the operation on the protected role '{name}' - this "
                           "role is only modifiable by AWS")


def missing_policies(moto: Moto, account: str, references: Sequence[Mapping[str, str]]) -> List[str]:
    """Return the ARNs of those customer managed policies that an account does not have."""
    backend = moto.iam_backend(account)
    return [_arn(account, each) for each in references if _arn(account, each) not in backend.managed_policies]


def _policies(permission_set: PermissionSet, account: str) -> Tuple[List[str], Optional[str]]:
    arns = list(permission_set.managed_policies)
    arns += [_arn(account, reference) for reference in permission_set.customer_managed_policies.values()]
    boundary = permission_set.boundary or {}
    if "CustomerManagedPolicyReference" in boundary:
        return arns, _arn(account, boundary["CustomerManagedPolicyReference"])
    return arns, boundary.get("ManagedPolicyArn")


def _arn(account: str, reference: Any) -> str:
    return f"arn:aws:iam::{account}:policy{reference['Path']}{reference['Name']}"


def _path(region: str) -> str:
    """Roles name the instance's Region, but for us-east-1."""
    part = "" if region == "us-east-1" else f"{region}/"
    return f"/aws-reserved/sso.amazonaws.com/{part}"


def _trust(backend: Any, instance: Instance, account: str) -> str:
    if instance.provider not in backend.saml_providers:
        backend.create_saml_provider(instance.provider, "<EntityDescriptor/>")
    statement = dict(
        Effect="Allow", Principal=dict(Federated=f"arn:aws:iam::{account}:saml-provider/{instance.provider}"),
        Action=["sts:AssumeRoleWithSAML", "sts:TagSession"],
        Condition=dict(StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"}),
    )
    return json.dumps(dict(Version="2012-10-17", Statement=[statement]))
