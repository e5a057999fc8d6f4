# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account assignments in AWS, and the lists that their names are looked up in: every call, and nothing else."""

from __future__ import annotations

import threading
from typing import Any, Dict, FrozenSet, Iterable, List, Mapping, Optional, Sequence, Set

from ..._aws import AwsError, Client
from ..._parallel import AT_ONCE, each
from ..._progress import Progress
from ..._reconcile import CREATE, DELETE
from ..instance import Instance
from ..pool import Busy, Halt, Lost, Throttled
from .plan import Pair, Reading
from .records import GROUP, USER, Key, PrincipalKey, Running

_PAGE = dict(MaxResults=100)

# The request may have been taken all the same: no answer came, or the server failed, or the assignment is there or
# under way already. There is no client token, so it is looked up before anything is sent again.
_UNCLEAR = {
    "",
    "ConflictException",
    "InternalFailure",
    "InternalServerException",
    "RequestTimeout",
    "ServiceUnavailable",
}
# Too many operations are outstanding, of others too; or a quota is used up, which no waiting mends.
_QUOTA, _QUOTA_ATTEMPTS = "ServiceQuotaExceededException", 6
_STATUS = {
    CREATE: (
        "list_account_assignment_creation_status",
        "AccountAssignmentsCreationStatus",
        "describe_account_assignment_creation_status",
        "AccountAssignmentCreationRequestId",
        "AccountAssignmentCreationStatus",
    ),
    DELETE: (
        "list_account_assignment_deletion_status",
        "AccountAssignmentsDeletionStatus",
        "describe_account_assignment_deletion_status",
        "AccountAssignmentDeletionRequestId",
        "AccountAssignmentDeletionStatus",
    ),
}


class AssignmentsApi:
    """The account assignments of one instance. What is asked for in bulk is asked side by side."""

    def __init__(self, sso: Client, instance: Instance) -> None:
        self._sso = sso
        self._instance = dict(InstanceArn=instance.arn)
        self._targets: Dict[str, Key] = {}  # request id -> what it creates or deletes
        self._quotas: Dict[Key, int] = {}  # how often a quota was said to be used up
        self._lock = threading.Lock()

    def set_arns(self) -> List[str]:
        return self._pages("list_permission_sets", "PermissionSets")

    def set_name(self, arn: str) -> Optional[str]:
        """The name of a permission set; None if there is no such set."""
        try:
            answer = self._sso.call("describe_permission_set", PermissionSetArn=arn, **self._instance)
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        return answer["PermissionSet"]["Name"]

    def find_sets(self, names: Optional[Iterable[str]] = None) -> Dict[str, str]:
        """Name -> ARN of all permission sets, or of as many as it took to find the given names.

        AWS lists ARNs only, and each name costs a call.
        """
        missing = None if names is None else set(names)
        found: Dict[str, str] = {}
        arns = self.set_arns() if missing is None or missing else []
        for begin in range(0, len(arns), AT_ONCE):
            some = arns[begin : begin + AT_ONCE]
            found.update({name: arn for arn, name in zip(some, each(some, self.set_name)) if name is not None})
            if missing is not None and missing.issubset(found):
                break
        return found

    def tagged(self, arns: Sequence[str], key: str) -> Set[str]:
        """Those of the permission sets that carry a tag, one call each."""

        def has(arn: str) -> bool:
            tags = self._sso.pages("list_tags_for_resource", "Tags", ResourceArn=arn, **self._instance)
            return any(tag["Key"] == key for tag in tags)

        return {arn for arn, found in zip(arns, each(arns, has)) if found}

    def places(self, arns: Sequence[str]) -> List[Pair]:
        """The accounts in which the permission sets are assigned, one call a set."""
        found = zip(arns, each(arns, self.accounts_of_set))
        return [(account_id, arn) for arn, accounts in found for account_id in accounts]

    def accounts_of_set(self, arn: str) -> List[str]:
        """Every account in which the set is assigned; AWS provisions it there with the first assignment."""
        return self._pages("list_accounts_for_provisioned_permission_set", "AccountIds", PermissionSetArn=arn)

    def sets_of_account(self, account_id: str) -> List[str]:
        return self._pages("list_permission_sets_provisioned_to_account", "PermissionSets", AccountId=account_id)

    def read(self, reading: Reading, progress: Optional[Progress] = None) -> Set[Key]:
        """The assignments that are there, as far as `reading` asks."""
        telling = progress or Progress()
        telling.begin("lists read", len(reading.principals) + len(reading.pairs))
        found: Set[Key] = set()
        found.update(*each(reading.principals, self._of_principal, moved=telling.moved))
        found.update(*each(reading.pairs, lambda pair: self._of_pair(*pair), moved=telling.moved))
        return found

    def _of_pair(self, account_id: str, arn: str) -> Set[Key]:
        answers = self._pages(
            "list_account_assignments", "AccountAssignments", AccountId=account_id, PermissionSetArn=arn
        )
        return {Key(account_id, arn, each["PrincipalType"], each["PrincipalId"]) for each in answers}

    def _of_principal(self, principal: PrincipalKey) -> Set[Key]:
        kind, principal_id = principal
        answers = self._pages(
            "list_account_assignments_for_principal",
            "AccountAssignments",
            PrincipalType=kind,
            PrincipalId=principal_id,
        )
        found = {
            Key(each["AccountId"], each["PermissionSetArn"], each["PrincipalType"], each["PrincipalId"])
            for each in answers
        }
        # of a user, AWS also lists what it has through its groups
        return {key for key in found if key.principal == principal}

    def running(self) -> Running:
        """Operations in progress, whoever started them: another run, or a killed one."""
        return Running(*each((CREATE, DELETE), self._running))

    def _running(self, action: str) -> Dict[Key, str]:
        request_ids = self._in_progress(action)
        return dict(zip(each(request_ids, lambda request_id: self._target(action, request_id)), request_ids))

    def _in_progress(self, action: str) -> List[str]:
        operation, key = _STATUS[action][:2]
        return [each["RequestId"] for each in self._pages(operation, key, Filter=dict(Status="IN_PROGRESS"))]

    def _target(self, action: str, request_id: str) -> Key:
        if request_id not in self._targets:
            status = self._describe(action, request_id)
            key = Key(status["TargetId"], status["PermissionSetArn"], status["PrincipalType"], status["PrincipalId"])
            with self._lock:
                self._targets[request_id] = key
        return self._targets[request_id]

    def _describe(self, action: str, request_id: str) -> Mapping[str, Any]:
        operation, parameter, key = _STATUS[action][2:]
        return self._sso.call(operation, **{parameter: request_id}, **self._instance)[key]

    def ended(self, action: str, request_ids: Sequence[str]) -> Dict[str, str]:
        """Those of the operations that have ended. The list does not tell how: see `reason`."""
        try:
            still = set(self._in_progress(action))
        except AwsError as error:
            raise Halt(error.message) from error
        return {request_id: "" for request_id in request_ids if request_id not in still}

    def reason(self, action: str, request_id: str) -> Optional[str]:
        """Why an operation failed, '' for success; None: it is still in progress."""
        status = self._describe(action, request_id)
        if status["Status"] == "IN_PROGRESS":
            return None
        return "" if status["Status"] == "SUCCEEDED" else status.get("FailureReason") or "AWS gives no reason"

    def start(self, action: str, key: Key, attempt: int) -> Optional[str]:
        """Start to create or delete an assignment for the n-th time; None if it is so already."""
        try:
            return self._submit(action, key)
        except AwsError as error:
            if error.throttled or (error.code == _QUOTA and self._quota_again(key)):
                raise Throttled(error.message) from error
            if error.hopeless and error.code not in _UNCLEAR:
                raise Halt(error.message) from error
            gone = action == DELETE and error.code == "ResourceNotFoundException"
            if not gone and error.code not in _UNCLEAR and not error.code.startswith("5"):
                raise
            return self._found_out(action, key, error)

    def _quota_again(self, key: Key) -> bool:
        with self._lock:
            self._quotas[key] = self._quotas.get(key, 0) + 1
            return self._quotas[key] < _QUOTA_ATTEMPTS

    def _submit(self, action: str, key: Key) -> str:
        operation = "create_account_assignment" if action == CREATE else "delete_account_assignment"
        status = self._sso.call(
            operation,
            TargetType="AWS_ACCOUNT",
            TargetId=key.account_id,
            PermissionSetArn=key.permission_set_arn,
            PrincipalType=key.principal_type,
            PrincipalId=key.principal_id,
            **self._instance,
        )[_STATUS[action][4]]
        with self._lock:
            self._targets[status["RequestId"]] = key
        return status["RequestId"]

    def _found_out(self, action: str, key: Key, error: AwsError) -> Optional[str]:
        """What became of a request, or why it was not taken: under way (its request id), done (None), or try again."""
        try:
            running = self.running()
            same, other = running.creating, running.deleting
            if action == DELETE:
                same, other = other, same
            if key in same:
                return same[key]
            there = key in self._of_pair(key.account_id, key.permission_set_arn)
            if key not in other and there == (action == CREATE):
                return None
        except AwsError as reading:
            if action == DELETE and reading.code == "ResourceNotFoundException":  # even the permission set is gone
                return None
            if reading.hopeless:
                raise Lost(reading.message) from reading
            raise
        raise Busy(error.message) from error

    def _pages(self, operation: str, key: str, **parameters: Any) -> List[Any]:
        return self._sso.pages(operation, key, **parameters, **_PAGE, **self._instance)


class DirectoryApi:
    """Users and groups of the identity store, as far as assignments need them. Each list is read at most once."""

    def __init__(self, identitystore: Client, instance: Instance) -> None:
        self._identitystore = identitystore
        self._store = dict(IdentityStoreId=instance.identity_store_id)
        self._lists: Dict[str, Dict[str, str]] = {}

    def ids(self, kind: str) -> Dict[str, str]:
        """Name -> id of all users or groups."""
        if kind not in self._lists:
            if kind == USER:
                answers, name = self._pages("list_users", "Users"), "UserName"
            else:
                answers, name = self._pages("list_groups", "Groups"), "DisplayName"
            # a user or group that has no name can only be named by its id
            self._lists[kind] = {each[name]: each[f"{kind.capitalize()}Id"] for each in answers if each.get(name)}
        return self._lists[kind]

    def names(self, kind: str) -> Dict[str, str]:
        """Id -> name of all users or groups."""
        return {principal_id: name for name, principal_id in self.ids(kind).items()}

    def listed(self, kind: str) -> bool:
        return kind in self._lists

    def principals(self, user_name: str) -> Optional[FrozenSet[PrincipalKey]]:
        """A user and the groups that it is in; None if there is no such user, or the caller may not ask."""
        unique = dict(UniqueAttribute=dict(AttributePath="userName", AttributeValue=user_name))
        try:
            answer = self._identitystore.call("get_user_id", AlternateIdentifier=unique, **self._store)
            user_id = answer["UserId"]
            memberships = self._pages(
                "list_group_memberships_for_member", "GroupMemberships", MemberId=dict(UserId=user_id)
            )
        except AwsError as error:
            if error.denied or error.code == "ResourceNotFoundException":
                return None
            raise
        groups: Iterable[PrincipalKey] = ((GROUP, each["GroupId"]) for each in memberships)
        return frozenset([(USER, user_id), *groups])

    def _pages(self, operation: str, key: str, **parameters: Any) -> List[Any]:
        return self._identitystore.pages(operation, key, **parameters, **_PAGE, **self._store)
