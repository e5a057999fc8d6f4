# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies of a permission set: inline, AWS managed, customer managed, and the permissions boundary."""

from __future__ import annotations

import json
import re
from typing import Any, Dict

from ..errors import AwsError
from ..identify import Call
from ..paging import paged
from .base import Base
from .records import PermissionSet

MOST_POLICIES = 20  # AWS managed and customer managed together (Identity Center quotas)
MOST_CHARACTERS = 10240  # of an inline policy, without white space (Identity Center quotas)


class Policies(Base):
    # Inline policy

    def put_inline_policy_to_permission_set(self, call: Call, params: Dict[str, Any]) -> None:
        _instance, found = self.changeable(call, params)
        text = params["InlinePolicy"]
        check_policy(text)
        if characters(text) > MOST_CHARACTERS:
            raise AwsError("ServiceQuotaExceededException",
                           f"The inline policy has more than {MOST_CHARACTERS} characters that are not white space.")
        if found.inline_policy != text:
            found.inline_policy = text
            found.changed()

    def get_inline_policy_for_permission_set(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        _instance, found = self.permission_set(call, params)
        return dict(InlinePolicy=found.inline_policy or "")  # without one, AWS answers an empty text

    def delete_inline_policy_from_permission_set(self, call: Call, params: Dict[str, Any]) -> None:
        _instance, found = self.changeable(call, params)
        if found.inline_policy is None:
            raise AwsError("ResourceNotFoundException", "The permission set has no inline policy.")
        found.inline_policy = None
        found.changed()

    # AWS managed policies

    def attach_managed_policy_to_permission_set(self, call: Call, params: Dict[str, Any]) -> None:
        _instance, found = self.changeable(call, params)
        arn = params["ManagedPolicyArn"]
        self._check_managed(arn)
        if arn in found.managed_policies:
            raise AwsError("ConflictException", f"Policy {arn} is already attached to the permission set.")
        _check_room(found)
        found.managed_policies[arn] = arn.rpartition("/")[2]
        found.changed()

    def detach_managed_policy_from_permission_set(self, call: Call, params: Dict[str, Any]) -> None:
        _instance, found = self.changeable(call, params)
        if found.managed_policies.pop(params["ManagedPolicyArn"], None) is None:
            raise AwsError("ResourceNotFoundException",
                           f"Policy {params['ManagedPolicyArn']} is not attached to the permission set.")
        found.changed()

    def list_managed_policies_in_permission_set(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        _instance, found = self.permission_set(call, params)
        policies = [dict(Name=name, Arn=arn) for arn, name in found.managed_policies.items()]
        return paged("AttachedManagedPolicies", policies, params, f"managed-{found.arn}")

    def _check_managed(self, arn: str) -> None:
        if not self.roles.is_managed_policy(arn):
            raise AwsError("ResourceNotFoundException", f"Policy {arn} does not exist or is not attachable.")

    # Customer managed policies; whether an account has them shows only when the set is provisioned there

    def attach_customer_managed_policy_reference_to_permission_set(self, call: Call, params: Dict[str, Any]) -> None:
        _instance, found = self.changeable(call, params)
        reference = _reference(params["CustomerManagedPolicyReference"])
        key = (reference["Path"], reference["Name"])
        if key in found.customer_managed_policies:
            raise AwsError("ConflictException", f"Policy {''.join(key)} is already attached to the permission set.")
        _check_room(found)
        found.customer_managed_policies[key] = reference
        found.changed()

    def detach_customer_managed_policy_reference_from_permission_set(self, call: Call, params: Dict[str, Any]) -> None:
        _instance, found = self.changeable(call, params)
        reference = _reference(params["CustomerManagedPolicyReference"])
        key = (reference["Path"], reference["Name"])
        if found.customer_managed_policies.pop(key, None) is None:
            raise AwsError("ResourceNotFoundException", f"Policy {''.join(key)} is not attached to the permission set.")
        found.changed()

    def list_customer_managed_policy_references_in_permission_set(
        self, call: Call, params: Dict[str, Any]
    ) -> Dict[str, Any]:
        _instance, found = self.permission_set(call, params)
        references = list(found.customer_managed_policies.values())
        return paged("CustomerManagedPolicyReferences", references, params, f"customer-{found.arn}")

    # Permissions boundary

    def put_permissions_boundary_to_permission_set(self, call: Call, params: Dict[str, Any]) -> None:
        _instance, found = self.changeable(call, params)
        given = params["PermissionsBoundary"]
        if len(given) != 1:
            raise AwsError("ValidationException",
                           "A permissions boundary is either a CustomerManagedPolicyReference or a ManagedPolicyArn.")
        if "ManagedPolicyArn" in given:
            self._check_managed(given["ManagedPolicyArn"])
            boundary: Dict[str, Any] = dict(given)
        else:
            boundary = dict(CustomerManagedPolicyReference=_reference(given["CustomerManagedPolicyReference"]))
        if found.boundary != boundary:
            found.boundary = boundary
            found.changed()

    def get_permissions_boundary_for_permission_set(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        _instance, found = self.permission_set(call, params)
        if found.boundary is None:
            raise AwsError("ResourceNotFoundException", "The permission set has no permissions boundary.")
        return dict(PermissionsBoundary=found.boundary)

    def delete_permissions_boundary_from_permission_set(self, call: Call, params: Dict[str, Any]) -> None:
        _instance, found = self.changeable(call, params)
        if found.boundary is None:
            raise AwsError("ResourceNotFoundException", "The permission set has no permissions boundary.")
        found.boundary = None
        found.changed()


def _reference(given: Dict[str, Any]) -> Dict[str, str]:
    return dict(Name=given["Name"], Path=given.get("Path") or "/")


def _check_room(permission_set: PermissionSet) -> None:
    if permission_set.policy_count() >= MOST_POLICIES:
        raise AwsError("ServiceQuotaExceededException", f"A permission set has at most {MOST_POLICIES} policies.")


def characters(text: str) -> int:
    """Return how long a policy is for the quota, which does not count white space."""
    return len(re.sub(r"\s", "", text))


def check_policy(text: str) -> None:
    """Refuse what IAM would not take as a role's inline policy."""
    try:
        policy = json.loads(text)
    except ValueError as error:
        raise AwsError("ValidationException", f"The inline policy is not valid JSON: {error}") from error
    if not isinstance(policy, dict) or set(policy) - {"Version", "Id", "Statement"}:
        raise AwsError("ValidationException", "The inline policy is not a policy document.")
    if policy.get("Version", "2012-10-17") not in ("2012-10-17", "2008-10-17"):
        raise AwsError("ValidationException", "The policy's Version is neither 2012-10-17 nor 2008-10-17.")
    statements = policy.get("Statement")
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not statements:
        raise AwsError("ValidationException", "The inline policy has no Statement.")
    for number, statement in enumerate(statements, 1):
        problem = _statement_problem(statement)
        if problem:
            raise AwsError("ValidationException", f"Statement {number} of the inline policy {problem}.")


def _statement_problem(statement: Any) -> str:
    if not isinstance(statement, dict):
        return "is not an object"
    unknown = set(statement) - {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
    if unknown:
        return f"has {', '.join(sorted(unknown))}, which an identity policy cannot have"
    if statement.get("Effect") not in ("Allow", "Deny"):
        return "has no Effect of Allow or Deny"
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource")):
        if (one in statement) == (other in statement):
            return f"needs either {one} or {other}"
        value = statement.get(one, statement.get(other))
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
            return f"has an empty {one if one in statement else other}"
    return "" if isinstance(statement.get("Condition", {}), dict) else "has a Condition that is not an object"
