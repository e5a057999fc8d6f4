# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provisioning: permission sets become IAM roles in accounts."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ..errors import AwsError
from ..identify import Call
from ..paging import paged
from .base import Base
from .operations import PROVISIONING, Operation
from .records import Instance, PermissionSet

LATEST = "LATEST_PERMISSION_SET_PROVISIONED"


class Provisioning(Base):
    def provision_permission_set(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        instance, found = self.permission_set(call, params)
        account = params.get("TargetId")
        accounts = self._targets(found, params["TargetType"], account)
        self.refuse_delegate(call, found)
        # No source says whether one set is provisioned to two accounts at a time; roles of accounts are independent.
        if self.operations.provisioning(found.arn, account):
            raise AwsError("ConflictException", "There is a conflicting operation in process.")

        def work() -> Optional[str]:
            failed = [(target, self.provision(instance, found, target)) for target in accounts]
            return "; ".join(f"{target}: {reason}" for target, reason in failed if reason) or None

        operation = Operation(PROVISIONING, instance.arn, found.arn, account)
        self.operations.submit(operation, accounts, self.seconds(), work, call.fault)
        return dict(PermissionSetProvisioningStatus=_shown(operation))

    def _targets(self, permission_set: PermissionSet, kind: str, account: Optional[str]) -> List[str]:
        if kind == "ALL_PROVISIONED_ACCOUNTS":
            if account:
                raise AwsError("ValidationException", "TargetId goes with the TargetType AWS_ACCOUNT only.")
            return list(permission_set.provisioned)
        if not account:
            raise AwsError("ValidationException", "The TargetType AWS_ACCOUNT needs a TargetId.")
        if account not in permission_set.provisioned:
            raise AwsError("ResourceNotFoundException", f"The permission set is not provisioned to account {account}.")
        return [account]

    def describe_permission_set_provisioning_status(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        instance = self.permission_sets_of(call, params)
        id_ = params["ProvisionPermissionSetRequestId"]
        operation = self.operations.find(PROVISIONING, instance.arn, id_)
        if operation is None:
            raise AwsError("ResourceNotFoundException", f"Request {id_} not found.")
        return dict(PermissionSetProvisioningStatus=_shown(operation))

    def list_permission_set_provisioning_status(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        instance = self.permission_sets_of(call, params)
        found = self.operations.found(PROVISIONING, instance.arn, (params.get("Filter") or {}).get("Status"))
        answer = paged("PermissionSetsProvisioningStatus", found, params, "provisioning-status")
        key = "PermissionSetsProvisioningStatus"
        return dict(answer, **{key: [operation.summary() for operation in answer[key]]})

    def list_accounts_for_provisioned_permission_set(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        _instance, found = self.permission_set(call, params)
        accounts = [account for account in found.provisioned if _wanted(found, account, params)]
        return paged("AccountIds", accounts, params, f"accounts-{found.arn}")

    def list_permission_sets_provisioned_to_account(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        instance = self.permission_sets_of(call, params)
        account = params["AccountId"]
        arns = [found.arn for found in instance.provisioned_to(account) if _wanted(found, account, params)]
        return paged("PermissionSets", arns, params, f"provisioned-{account}")

    # The work of this and of assignments

    def provision(self, instance: Instance, permission_set: PermissionSet, account: str) -> Optional[str]:
        """Bring the role of the permission set in an account up to date; return the reason if that fails."""
        reason = self.unusable(account)
        if reason:
            return reason
        if permission_set.arn not in instance.permission_sets:
            return f"PermissionSet {permission_set.arn} not found."
        known = permission_set.provisioned.get(account)
        reason = self._beyond_quotas(instance, permission_set, account)
        if reason:
            return reason
        role_name, reason = self.roles.apply(instance, permission_set, account, known.role_name if known else None)
        if reason is None:
            instance.note_provisioned(permission_set, account, role_name)
        return None if reason is None else str(reason)

    def withdraw(self, instance: Instance, permission_set: PermissionSet, account: str) -> None:
        known = permission_set.provisioned.get(account)
        if known is not None:
            self.roles.remove(account, known.role_name)
            instance.note_gone(permission_set, account)

    def unusable(self, account: str) -> Optional[str]:
        """Return why nothing can be provisioned to an account, None if it can."""
        status = self.organization.status(account)
        if status is None:
            return f"AWS account {account} was not found in the organization."
        # AWS's own words, seen in aws-samples/aws-identitycenter-codepipeline-auto-assignment issue 31.
        return None if status == "ACTIVE" else (
            "AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account "
            f"'{account}' takes longer than usual. Please try again in a few minutes. If this problem continues, "
            "contact AWS Support."
        )

    def _beyond_quotas(self, instance: Instance, permission_set: PermissionSet, account: str) -> Optional[str]:
        """Return why an account cannot take a permission set, None if it can.

        That it comes as the reason of a failed operation: hashicorp/terraform-provider-aws issue 22952. Its words are
        not known; these are the words of other quotas of Identity Center, and of IAM's.
        """
        most, there = self.settings.permission_sets_per_account, instance.sets_by_account.get(account, {})
        if permission_set.arn not in there and len(there) >= most:
            return (
                f"You have exceeded AWS SSO limits. Cannot create PermissionSet more than {most} for id {account}. "
                "Please refer to https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html"
            )
        if permission_set.policy_count() > self.settings.policies_per_role:
            most = self.settings.policies_per_role
            return f"Received a 409 status error: Cannot exceed quota for PoliciesPerRole: {most}"
        return None


def _wanted(permission_set: PermissionSet, account: str, params: Dict[str, Any]) -> bool:
    status = params.get("ProvisioningStatus")
    return status is None or permission_set.is_latest(account) == (status == LATEST)


def _shown(operation: Operation) -> Dict[str, Any]:
    answer = dict(operation.summary(), PermissionSetArn=operation.permission_set, AccountId=operation.account,
                  FailureReason=operation.reason)
    return {key: value for key, value in answer.items() if value is not None}
