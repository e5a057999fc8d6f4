"""An Identity Center that is a few sets and dictionaries, and the way through `reconcile` against it."""

from __future__ import annotations

import contextlib
import itertools
from unittest import mock

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center import expectation, instance, pool
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments import lookup
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.info import (
    read_account_assignments,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.resource import (
    AccountAssignments,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile, report

A, B, C, OLD = "111122223333", "222233334444", "333344445555", "444455556666"
SETS = {name: f"arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-123456789012345{number}"
        for number, name in enumerate(("Web", "Db", "Foreign"))}  # fmt: skip
OPS, DBA, TARO, GHOST = (f"f81d4fae-7dec-11d0-a765-00a0c91e6b0{number}" for number in range(4))


class Cloud:
    """The operations that are used, as AWS does them; it also is the client of each service.

    An operation is in progress until it was asked about, or listed, `slow` times. errors: operation -> codes of the
    next answers; a code that begins with + is given after the request was carried out.
    """

    region = "ap-northeast-1"

    def __init__(self, assigned=(), slow=0):
        self.assigned, self.slow = set(assigned), slow
        self.operations, self.calls, self.errors, self.failing = {}, [], {}, {}
        self.most, self._numbers = 0, itertools.count(1)
        self.arn = f"arn:aws:iam::{A}:user/admin"
        self.accounts = {A: "a", B: "b", C: "c", OLD: "old"}

    def pages(self, operation, key, **parameters):
        return self._answer(operation, parameters)

    def call(self, operation, **parameters):
        return self._answer(operation, parameters)

    def _answer(self, operation, parameters):
        self.calls.append(operation)
        code = self.errors[operation].pop(0) if self.errors.get(operation) else None
        if code is not None and not code.startswith("+"):
            raise AwsError(f"{operation}: {code}", code, operation)
        answer = getattr(self, operation)(**parameters)
        if code is not None:
            raise AwsError(f"{operation}: lost", code[1:], operation)
        return answer

    def list_instances(self):
        return [dict(InstanceArn="arn:aws:sso:::instance/ssoins-1234567890abcdef", IdentityStoreId="d-1234567890")]

    def list_permission_sets(self, **_parameters):
        return list(SETS.values())

    def describe_permission_set(self, PermissionSetArn, **_parameters):  # noqa: N803
        for name, arn in SETS.items():
            if arn == PermissionSetArn:
                return dict(PermissionSet=dict(Name=name))
        raise AwsError("no such set", "ResourceNotFoundException")

    def list_tags_for_resource(self, ResourceArn, **_parameters):  # noqa: N803
        return [] if ResourceArn == SETS["Foreign"] else [dict(Key="keyless:managed", Value="true")]

    def list_users(self, **_parameters):
        return [dict(UserName="taro", UserId=TARO), dict(UserId="nameless")]

    def list_groups(self, **_parameters):
        return [dict(DisplayName="ops", GroupId=OPS), dict(DisplayName="dba", GroupId=DBA)]

    def get_user_id(self, AlternateIdentifier, **_parameters):  # noqa: N803
        assert AlternateIdentifier["UniqueAttribute"]["AttributePath"] == "userName"
        return dict(UserId={"taro": TARO}[AlternateIdentifier["UniqueAttribute"]["AttributeValue"]])

    def list_group_memberships_for_member(self, MemberId, **_parameters):  # noqa: N803
        return [dict(GroupId=OPS)] if MemberId == dict(UserId=TARO) else []

    def get_caller_identity(self):
        return dict(Arn=self.arn)

    def list_accounts(self, **_parameters):
        states = {OLD: "SUSPENDED"}
        return [dict(Id=key, Name=name, State=states.get(key, "ACTIVE")) for key, name in self.accounts.items()]

    def list_accounts_for_parent(self, **_parameters):
        return [dict(Id=account) for account in self.accounts]

    def list_organizational_units_for_parent(self, **_parameters):
        return []

    def list_accounts_for_provisioned_permission_set(self, PermissionSetArn, **_parameters):  # noqa: N803
        return sorted({key[0] for key in self.assigned if key[1] == PermissionSetArn})

    def list_permission_sets_provisioned_to_account(self, AccountId, **_parameters):  # noqa: N803
        return sorted({key[1] for key in self.assigned if key[0] == AccountId})

    def list_account_assignments(self, AccountId, PermissionSetArn, **_parameters):  # noqa: N803
        return [_shown(key) for key in self.assigned if key[:2] == (AccountId, PermissionSetArn)]

    def list_account_assignments_for_principal(self, PrincipalType, PrincipalId, **_parameters):  # noqa: N803
        asked = {(PrincipalType, PrincipalId)} | ({("GROUP", OPS)} if PrincipalId == TARO else set())
        return [_shown(key) for key in self.assigned if key[2:] in asked]

    def create_account_assignment(self, **parameters):
        return dict(AccountAssignmentCreationStatus=self._begin("create", parameters))

    def delete_account_assignment(self, **parameters):
        return dict(AccountAssignmentDeletionStatus=self._begin("delete", parameters))

    def _begin(self, action, parameters):
        key = (parameters["TargetId"], parameters["PermissionSetArn"], parameters["PrincipalType"])
        return dict(RequestId=self.begin(action, (*key, parameters["PrincipalId"])))

    def begin(self, action, key):
        busy = [each for each in self.operations.values() if each["left"]]
        if any(each["key"] == key for each in busy):
            raise AwsError("in progress", "ConflictException")
        if len(busy) >= 10:
            raise AwsError("too many", "ServiceQuotaExceededException")
        if action == "delete" and key not in self.assigned:
            raise AwsError("no such assignment", "ResourceNotFoundException")
        name = f"request {next(self._numbers)}"
        self.operations[name] = dict(action=action, key=key, left=self.slow + 1)
        self.most = max(self.most, len(busy) + 1)
        self._tick(name)
        return name

    def _tick(self, request_id):
        operation = self.operations[request_id]
        if operation["left"]:
            operation["left"] -= 1
            if not operation["left"] and operation["key"] not in self.failing:
                (self.assigned.add if operation["action"] == "create" else self.assigned.discard)(operation["key"])

    def _status(self, request_id):
        self._tick(request_id)
        operation = self.operations[request_id]
        account, arn, kind, principal = operation["key"]
        shown = dict(TargetId=account, PermissionSetArn=arn, PrincipalType=kind, PrincipalId=principal)
        if operation["left"]:
            return dict(shown, Status="IN_PROGRESS", RequestId=request_id)
        if operation["key"] in self.failing:
            return dict(shown, Status="FAILED", FailureReason=self.failing[operation["key"]], RequestId=request_id)
        return dict(shown, Status="SUCCEEDED", RequestId=request_id)

    def describe_account_assignment_creation_status(self, AccountAssignmentCreationRequestId, **_rest):  # noqa: N803
        return dict(AccountAssignmentCreationStatus=self._status(AccountAssignmentCreationRequestId))

    def describe_account_assignment_deletion_status(self, AccountAssignmentDeletionRequestId, **_rest):  # noqa: N803
        return dict(AccountAssignmentDeletionStatus=self._status(AccountAssignmentDeletionRequestId))

    def list_account_assignment_creation_status(self, **_parameters):
        return self._in_progress("create")

    def list_account_assignment_deletion_status(self, **_parameters):
        return self._in_progress("delete")

    def _in_progress(self, action):
        mine = [name for name, each in self.operations.items() if each["action"] == action]
        for name in mine:
            self._tick(name)
        return [dict(RequestId=name) for name in mine if self.operations[name]["left"]]

    def spent(self):
        """The writes since it was last asked."""
        writes = [each for each in self.calls if each.split("_")[0] in ("create", "delete")]
        self.calls.clear()
        return writes


def _shown(key):
    return dict(zip(("AccountId", "PermissionSetArn", "PrincipalType", "PrincipalId"), key, strict=True))


class Left(Exception):
    pass


class Module:
    check_mode = False
    _diff = True

    def __init__(self, params):
        self.params, self.warnings = params, []

    def warn(self, text):
        self.warnings.append(text)

    def exit_json(self, **answer):
        raise Left(dict(answer, failed=False))

    def fail_json(self, **answer):
        raise Left(dict(answer, failed=True))


DEFAULTS = dict(
    instance_arn=None, purge="none", purge_unmanaged=False, max_deletions=99, protect=[],
    allow_self_lockout=False, expected=None,
    wait_timeout=600, api_rate=1e6, progress="never", preflight=False,
    targets=None,
)  # fmt: skip


@contextlib.contextmanager
def at(cloud):
    """Whatever is made inside talks to this cloud, and hardly waits."""
    with contextlib.ExitStack() as stack:
        for place in (instance, lookup):
            stack.enter_context(mock.patch.object(place, "Client", lambda *_arguments, **_more: cloud))
        for pause in ("_FIRST_GUESS", "_SHORTEST", "_BETWEEN"):
            stack.enter_context(mock.patch.object(expectation, pause, 0.001))
        stack.enter_context(mock.patch.object(pool, "_FIRST_PAUSE", 0.001))
        yield


def leave(cloud, action, module):
    with at(cloud), pytest.raises(Left) as left:
        action(module)
    return dict(left.value.args[0], warnings=module.warnings)


def run(cloud, *rows, check=False, **options):
    module = Module(dict(DEFAULTS, **options, assignments=list(rows)))
    module.check_mode = check
    return leave(cloud, lambda it: reconcile(it, AccountAssignments(it)), module)


def info(cloud, **options):
    filters = dict.fromkeys(("accounts", "permission_sets", "groups", "users"))
    module = Module(dict(filters, instance_arn=None, api_rate=1e6, **options))
    return leave(cloud, lambda it: report(it, lambda: read_account_assignments(it)), module)


def row(sets=("Web",), groups=("ops",), accounts=(A,), **more):
    return dict(permission_sets=list(sets), groups=list(groups), accounts=list(accounts), **more)


def key(account=A, name="Web", kind="GROUP", principal=OPS):
    return (account, SETS[name], kind, principal)
