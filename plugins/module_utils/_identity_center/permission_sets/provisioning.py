# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provisioning of permission sets in AWS: every call, and nothing else.

The lists of operations tell neither reason nor target, so an operation that has ended is described, one call each.
"""

from __future__ import annotations

import threading
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence, Set, Tuple

from ..._aws import AwsError, Client
from ..._parallel import each
from ..instance import Instance
from ..pool import Busy, Halt, Throttled
from .records import Provisioned

# What is provisioned where: a set's ARN, and an account or None for all that hold the set.
Target = Tuple[str, Optional[str]]

_PAGE = dict(MaxResults=100)
_LIST, _LISTED = "list_permission_set_provisioning_status", "PermissionSetsProvisioningStatus"
_DESCRIBED = "PermissionSetProvisioningStatus"
_ACCOUNTS = "list_accounts_for_provisioned_permission_set"

# How many of the newest failed operations are looked at; each costs a call in every run for as long as AWS lists it.
MOST_FAILED = 30

# The request may have been taken all the same, because its answer is missing. There is no client token, so it is
# looked up before anything is sent again.
_UNCLEAR = {"", "InternalFailure", "InternalServerException", "RequestTimeout", "ServiceUnavailable"}


class ProvisioningApi:
    """Where the permission sets of one instance are provisioned, and the operations that bring them there."""

    def __init__(self, sso: Client, instance: Instance) -> None:
        self._sso = sso
        self._instance = dict(InstanceArn=instance.arn)
        self._lost: Set[Target] = set()  # what was asked for by a request whose answer was lost
        self._lock = threading.Lock()

    def where(self, arn: str, changes: bool, outdated: bool) -> Provisioned:
        """Where a set is provisioned, as far as it matters.

        changes: the set is going to be changed, so every account does. outdated: roles that are not up to date do.
        """
        behind = self.outdated(arn) if outdated else []
        return Provisioned(self._accounts(arn) if changes or behind else [], behind)

    def _accounts(self, arn: str, **parameters: Any) -> List[str]:
        given = dict(parameters, PermissionSetArn=arn, **self._instance)
        return self._sso.pages(_ACCOUNTS, "AccountIds", **_PAGE, **given)

    def outdated(self, arn: str) -> List[str]:
        """The accounts in which the role of a set is not up to date."""
        return self._accounts(arn, ProvisioningStatus="LATEST_PERMISSION_SET_NOT_PROVISIONED")

    def failed(self) -> FrozenSet[str]:
        """ARNs of the permission sets of which a provisioning has failed, as far as the newest operations tell."""
        given: Dict[str, Any] = dict(Filter=dict(Status="FAILED"), **_PAGE, **self._instance)
        found = self._sso.call(_LIST, **given)[_LISTED]  # one page: what is older is bound to be on the others
        newest = sorted(found, key=lambda status: str(status.get("CreatedDate", "")), reverse=True)[:MOST_FAILED]
        return frozenset(status["PermissionSetArn"] for status in each(_ids(newest), self._describe))

    def running(self) -> Dict[Target, str]:
        """Operations in progress, whoever started them, with their request ids."""
        request_ids = self._in_progress()
        return {_target(status): key for key, status in zip(request_ids, each(request_ids, self._describe))}

    def _in_progress(self) -> List[str]:
        given: Dict[str, Any] = dict(Filter=dict(Status="IN_PROGRESS"), **_PAGE, **self._instance)
        return _ids(self._sso.pages(_LIST, _LISTED, **given))

    def _describe(self, request_id: str) -> Mapping[str, Any]:
        operation = "describe_permission_set_provisioning_status"
        return self._sso.call(operation, ProvisionPermissionSetRequestId=request_id, **self._instance)[_DESCRIBED]

    def has_ended(self, request_id: str) -> bool:
        return self._describe(request_id)["Status"] != "IN_PROGRESS"

    def ended(self, request_ids: Sequence[str]) -> Dict[str, str]:
        """Those of the operations that have ended, each with the reason if it failed, '' for success."""
        try:
            still = set(self._in_progress())
        except AwsError as error:
            if error.hopeless:
                raise Halt(error.message) from error
            still = set()  # then each is asked
        gone = [request_id for request_id in request_ids if request_id not in still]
        reasons = zip(gone, each(gone, self._reason))
        return {request_id: reason for request_id, reason in reasons if reason is not None}

    def _reason(self, request_id: str) -> Optional[str]:
        """None: it is still in progress."""
        try:
            status = self._describe(request_id)
        except AwsError as error:
            if error.hopeless:
                raise Halt(error.message) from error
            return f"how it ended is not known (request {request_id}): {error.message}"
        if status["Status"] == "IN_PROGRESS":
            return None
        return "" if status["Status"] == "SUCCEEDED" else status.get("FailureReason") or "AWS gives no reason"

    def start(self, target: Target) -> Optional[str]:
        """Start to provision; returns the request id, or None if a request whose answer was lost has done it."""
        try:
            return self._submit(target)
        except AwsError as error:
            if error.throttled:
                raise Throttled(error.message) from error
            conflict = error.code == "ConflictException"
            if error.code in _UNCLEAR or error.code.startswith("5"):
                with self._lock:
                    self._lost.add(target)
            elif not conflict:
                raise
            if target not in self._lost:  # somebody else's is in progress, and may have begun before the last change
                raise Busy(error.message) from error
            return self._found_out(target, error)

    def _submit(self, target: Target) -> str:
        arn, account_id = target
        where = dict(TargetType="ALL_PROVISIONED_ACCOUNTS")
        if account_id is not None:
            where = dict(TargetType="AWS_ACCOUNT", TargetId=account_id)
        answer = self._sso.call("provision_permission_set", PermissionSetArn=arn, **where, **self._instance)
        return answer[_DESCRIBED]["RequestId"]

    def _found_out(self, target: Target, error: AwsError) -> Optional[str]:
        """What became of a request: under way (its request id), done (None), or it was not taken or failed: again."""
        try:
            running = self.running()
            if target in running:
                return running[target]
            arn, account_id = target
            behind = self.outdated(arn)
        except AwsError as reading:
            if reading.hopeless:
                raise Halt(reading.message) from reading
            raise
        if behind if account_id is None else account_id in behind:
            raise Busy(error.message) from error
        return None


def _ids(statuses: Sequence[Mapping[str, Any]]) -> List[str]:
    return [status["RequestId"] for status in statuses]


def _target(status: Mapping[str, Any]) -> Target:
    return status["PermissionSetArn"], status.get("AccountId")
