# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account assignments."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ..errors import AwsError
from ..identify import Call
from ..paging import paged
from .operations import CREATION, DELETION, Operation
from .provisioning import Provisioning
from .records import Instance, PermissionSet, Principal

# Identity Center quotas: "CreateAccountAssignment has a maximum rate of 10 outstanding async calls".
MOST_OUTSTANDING = 10


class Assignments(Provisioning):
    def create_account_assignment(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        """An assignment that exists is not refused: the operation succeeds and changes nothing.

        Source: hashicorp/terraform-provider-aws internal/service/ssoadmin/account_assignment.go, which looks first
        "since the AWS SSO API doesn't prevent us from creating duplicates".
        """
        instance, found = self.permission_set(call, params)
        operation = self._operation(call, params, CREATION, instance, found)
        account, principal = params["TargetId"], _principal(params)

        def work() -> Optional[str]:
            reason = self.unusable(account) or self._missing(instance, principal)
            reason = reason or self.provision(instance, found, account)
            if reason is None:
                instance.ledger.add(found.arn, account, principal)
            return reason

        self.operations.submit(operation, [account], self.seconds(), work, call.fault)
        return dict(AccountAssignmentCreationStatus=_shown(operation))

    def delete_account_assignment(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        """The assignment of a user or group that is gone can be deleted like any other."""
        instance, found = self.permission_set(call, params)
        account, principal = params["TargetId"], _principal(params)
        operation = self._operation(call, params, DELETION, instance, found)
        if not instance.ledger.has(found.arn, account, principal):
            # No source says how AWS answers; the provider of Terraform takes ResourceNotFoundException for "gone".
            raise AwsError("ResourceNotFoundException", "The account assignment does not exist.")

        def work() -> Optional[str]:
            reason = self.unusable(account)
            if reason is None:
                instance.ledger.remove(found.arn, account, principal)
                if not instance.ledger.principals(found.arn, account):
                    self.withdraw(instance, found, account)
            return reason

        self.operations.submit(operation, [account], self.seconds(), work, call.fault)
        return dict(AccountAssignmentDeletionStatus=_shown(operation))

    def _operation(
        self, call: Call, params: Dict[str, Any], kind: str, instance: Instance, permission_set: PermissionSet
    ) -> Operation:
        account = params["TargetId"]
        self.refuse_delegate(call, permission_set, account)
        if self.organization.status(account) is None:
            raise AwsError("ResourceNotFoundException", f"AWS account {account} was not found in the organization.")
        operation = Operation(kind, instance.arn, permission_set.arn, account, _principal(params))
        if self.operations.on_assignment(operation.assignment):
            raise AwsError("ConflictException", "There is a conflicting operation in process.")
        if self.operations.outstanding() >= MOST_OUTSTANDING:
            # The error seen under load: aws-samples/aws-iam-identity-center-extensions issues 87 and 111.
            raise AwsError("ThrottlingException", "There are too many requests processing. Please try again later.")
        return operation

    def _missing(self, instance: Instance, principal: Principal) -> Optional[str]:
        kind, id_ = principal
        if self.stores.has(instance.store_id, kind, id_):
            return None
        # AWS's own words, seen in hashicorp/terraform-provider-aws issue 19341.
        return f"Received a 404 status error: the {kind} assignee {id_} was not found in directory {instance.store_id}"

    # Statuses

    def describe_account_assignment_creation_status(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        operation = self._find(call, params, CREATION, params["AccountAssignmentCreationRequestId"])
        return dict(AccountAssignmentCreationStatus=_shown(operation))

    def describe_account_assignment_deletion_status(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        operation = self._find(call, params, DELETION, params["AccountAssignmentDeletionRequestId"])
        return dict(AccountAssignmentDeletionStatus=_shown(operation))

    def list_account_assignment_creation_status(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return self._statuses(call, params, CREATION, "AccountAssignmentsCreationStatus")

    def list_account_assignment_deletion_status(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return self._statuses(call, params, DELETION, "AccountAssignmentsDeletionStatus")

    def _find(self, call: Call, params: Dict[str, Any], kind: str, id_: str) -> Operation:
        operation = self.operations.find(kind, self.permission_sets_of(call, params).arn, id_)
        if operation is None:
            raise AwsError("ResourceNotFoundException", f"Request {id_} not found.")
        return operation

    def _statuses(self, call: Call, params: Dict[str, Any], kind: str, key: str) -> Dict[str, Any]:
        instance = self.permission_sets_of(call, params)
        found = self.operations.found(kind, instance.arn, (params.get("Filter") or {}).get("Status"))
        answer = paged(key, found, params, f"{kind}-status")
        return dict(answer, **{key: [operation.summary() for operation in answer[key]]})

    # Lists

    def list_account_assignments(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        instance, found = self.permission_set(call, params)
        account = params["AccountId"]
        principals = instance.ledger.principals(found.arn, account)
        answer = paged("AccountAssignments", principals, params, f"assignments-{account}-{found.arn}")
        shown = [_assignment(account, found.arn, principal) for principal in answer["AccountAssignments"]]
        return dict(answer, AccountAssignments=shown)

    def list_account_assignments_for_principal(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        """For a user, the assignments of the user's groups are listed too, with the group as their principal.

        "accounts that the principal has access to" (botocore's model), and each entry names its own principal; AWS
        customers' audit scripts tell the "effecting" principal from the one asked for.
        """
        instance = self.permission_sets_of(call, params)
        if call.account != self.settings.account or not instance.organization:
            raise AwsError("AccessDeniedException", "ListAccountAssignmentsForPrincipal must be called from the "
                           "management account, for its organization instance.")
        asked = (params["PrincipalType"], params["PrincipalId"])
        principals: List[Principal] = [asked]
        store = self.stores.find(instance.store_id)
        if asked[0] == "USER" and store is not None:
            principals += [("GROUP", group) for group in store.groups_of(asked[1])]
        found = [assigned for principal in principals for assigned in instance.ledger.of(principal)]
        only = (params.get("Filter") or {}).get("AccountId")
        if only is not None:
            found = [assigned for assigned in found if assigned[1] == only]
        answer = paged("AccountAssignments", found, params, f"principal-{asked[1]}")
        shown = [_assignment(account, arn, principal) for arn, account, principal in answer["AccountAssignments"]]
        return dict(answer, AccountAssignments=shown)


def _principal(params: Dict[str, Any]) -> Principal:
    return (params["PrincipalType"], params["PrincipalId"])


def _assignment(account: str, arn: str, principal: Principal) -> Dict[str, Any]:
    return dict(AccountId=account, PermissionSetArn=arn, PrincipalType=principal[0], PrincipalId=principal[1])


def _shown(operation: Operation) -> Dict[str, Any]:
    kind, id_ = operation.principal or ("", "")
    answer = dict(
        operation.summary(), FailureReason=operation.reason, TargetId=operation.account, TargetType="AWS_ACCOUNT",
        PermissionSetArn=operation.permission_set, PrincipalType=kind, PrincipalId=id_,
    )
    return {key: value for key, value in answer.items() if value is not None}
