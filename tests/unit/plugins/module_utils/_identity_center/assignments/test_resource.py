"""The whole way through `reconcile`, against an Identity Center that is a few sets and dictionaries."""

from __future__ import annotations

import itertools
from unittest import mock

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center import pool
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments import lookup
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.info import (
    read_account_assignments,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.resource import (
    AccountAssignments,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile, report
from hypothesis import given, settings
from hypothesis import strategies as st

A, B, C, OLD = "111122223333", "222233334444", "333344445555", "444455556666"
SETS = {name: f"arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-123456789012345{number}"
        for number, name in enumerate(("Web", "Db", "Foreign"))}  # fmt: skip
OPS, DBA, TARO, GHOST = (f"f81d4fae-7dec-11d0-a765-00a0c91e6b0{number}" for number in range(4))
ME = f"arn:aws:sts::{A}:assumed-role/AWSReservedSSO_Web_0123456789abcdef/taro"


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
    instance_arn=None, purge="none", purge_unmanaged=False, max_deletions=99, allow_self_lockout=False, expected=None,
    wait_timeout=600,
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_waiting():
    now = itertools.count()
    quick = (pool.OUTSTANDING, lambda: next(now) / 100, lambda _seconds: None, lambda: 1)
    with mock.patch.object(pool.Pool.__init__, "__defaults__", quick):
        yield


def leave(cloud, action, module):
    with mock.patch.object(lookup, "Client", lambda _module, _service, retries=6: cloud), pytest.raises(Left) as left:
        action(module)
    return dict(left.value.args[0], warnings=module.warnings)


def run(cloud, *rows, check=False, **options):
    module = Module(dict(DEFAULTS, **options, assignments=list(rows)))
    module.check_mode = check
    return leave(cloud, lambda it: reconcile(it, AccountAssignments(it)), module)


def info(cloud, **options):
    filters = dict.fromkeys(("accounts", "permission_sets", "groups", "users"))
    module = Module(dict(filters, instance_arn=None, **options))
    return leave(cloud, lambda it: report(it, lambda: read_account_assignments(it)), module)


def row(sets=("Web",), groups=("ops",), accounts=(A,), **more):
    return dict(permission_sets=list(sets), groups=list(groups), accounts=list(accounts), **more)


def key(account=A, name="Web", kind="GROUP", principal=OPS):
    return (account, SETS[name], kind, principal)


def test_create_no_op_delete():
    cloud = Cloud()
    both = row(["Web", "Db"], ["ops"], ["a", B], users=["taro"])
    predicted = run(cloud, both, check=True)
    assert cloud.spent() == []
    made = run(cloud, both)
    assert (made["created"], made["failed"]) == (8, False)
    assert made["account_assignments"] == predicted["account_assignments"]
    assert len(cloud.assigned) == 8
    cloud.spent()
    assert not run(cloud, both)["changed"]
    assert run(cloud, dict(both, state="absent"))["deleted"] == 8
    assert cloud.assigned == set()


def test_writing_client_does_not_repeat_requests():
    made = []
    with mock.patch.object(lookup, "Client", lambda _m, service, retries=6: made.append((service, retries)) or Cloud()):
        lookup.Connection(Module(dict(instance_arn=None)))
    assert made == [("sso-admin", 6), ("sso-admin", 0), ("identitystore", 6)]


def test_many_slow_operations_stay_within_ten():
    cloud = Cloud(slow=3)
    result = run(cloud, row(["Web", "Db"], ["ops", "dba"], [A, B, C], users=["taro"]))
    assert result["created"] == 18
    assert cloud.most == 10
    assert len(cloud.spent()) == 18


def test_failures_have_their_reason_and_leave_the_result():
    cloud = Cloud()
    cloud.failing[key(B)] = "Account is closed"
    result = run(cloud, row(accounts=[A, B]))
    assert [failure["error"] for failure in result["failures"]] == ["Account is closed"]
    assert [each["account_id"] for each in result["account_assignments"]] == [A]


@pytest.mark.parametrize("slow", [0, 2])
@pytest.mark.parametrize("code", ["+", "+ConflictException", "+InternalServerException", "+503"])
def test_a_lost_answer_is_looked_up(code, slow):
    cloud = Cloud(slow=slow)
    cloud.errors["create_account_assignment"] = [code]
    assert run(cloud, row())["created"] == 1
    assert cloud.spent() == ["create_account_assignment"]


AGAIN = ["", "ThrottlingException", "ConflictException", "ServiceQuotaExceededException", "500"]


@pytest.mark.parametrize("code", AGAIN)
def test_what_was_not_taken_is_sent_again(code):
    cloud = Cloud()
    cloud.errors["create_account_assignment"] = [code, code]
    assert run(cloud, row())["created"] == 1
    assert len(cloud.spent()) == 3


def test_a_quota_that_is_used_up_is_told_in_the_end():
    cloud = Cloud()
    cloud.errors["create_account_assignment"] = ["ServiceQuotaExceededException"] * 99
    assert "ServiceQuotaExceededException" in run(cloud, row())["msg"]
    assert len(cloud.spent()) == 6


def test_a_refusal_is_told_at_once():
    cloud = Cloud()
    cloud.errors["create_account_assignment"] = ["AccessDeniedException"]
    assert run(cloud, row())["msg"].endswith("create_account_assignment: AccessDeniedException")
    assert len(cloud.spent()) == 1


def test_what_someone_else_deleted_meanwhile_is_deleted():
    cloud = Cloud([key()])
    cloud.errors["delete_account_assignment"] = ["+ResourceNotFoundException"]
    cloud.begin = lambda action, what: cloud.assigned.discard(what)
    assert run(cloud, row(state="absent"))["deleted"] == 1


def test_a_deleted_permission_set_has_no_assignment_left():
    cloud = Cloud([key()])
    cloud.errors["delete_account_assignment"] = ["ResourceNotFoundException"]
    original = cloud.list_account_assignments
    answers = iter([original])

    def gone(**parameters):
        for answer in answers:
            return answer(**parameters)
        raise AwsError("no such set", "ResourceNotFoundException")

    cloud.list_account_assignments = gone
    assert run(cloud, row(state="absent"))["deleted"] == 1


@pytest.mark.parametrize("code", ["", "ExpiredTokenException"])
def test_without_a_network_the_run_ends_and_tells_of_each(code):
    cloud = Cloud(slow=1)
    cloud.errors["create_account_assignment"] = [None, "", ""]
    cloud.errors["list_account_assignment_creation_status"] = [None, code]
    result = run(cloud, row(accounts=[A, B, C]))
    assert [failure["error"].split(":")[0].split(" (")[0] for failure in result["failures"]] == [
        "how it ended is not known",
        "not started",
        "not started",
    ]


def test_a_status_that_cannot_be_asked_for_ends_the_run():
    cloud = Cloud(slow=1)
    cloud.errors["describe_account_assignment_creation_status"] = ["ExpiredTokenException"]
    (failure,) = run(cloud, row())["failures"]
    assert failure["error"].startswith("how it ended is not known (request request 1)")


def test_a_status_that_lags_behind_the_list_is_asked_for_again():
    cloud = Cloud(slow=4)
    cloud.list_account_assignment_creation_status = lambda **_parameters: []
    assert run(cloud, row(accounts=[A, B]))["created"] == 2


def test_a_set_that_is_given_by_arn_has_to_exist_where_something_may_be_deleted():
    ghost = SETS["Web"][:-1] + "9"
    assert run(Cloud(), row([ghost], state="absent"))["warnings"] == [
        f"assignments[0].permission_sets[0]: no permission set {ghost}; there is nothing to take away"
    ]
    assert run(Cloud(), row([ghost]), purge="listed")["msg"].endswith(f"no permission set {ghost}")


def test_reading_that_is_refused_after_a_lost_answer_is_told():
    cloud = Cloud()
    cloud.errors["create_account_assignment"] = [""]
    cloud.errors["list_account_assignment_creation_status"] = [None, "AccessDeniedException"]
    (failure,) = run(cloud, row())["failures"]
    assert failure["error"].endswith("AccessDeniedException")


def test_operations_under_way_are_taken_over_or_waited_for():
    cloud = Cloud([key(B), key(C)], slow=4)
    cloud.begin("create", key(A))
    cloud.begin("delete", key(B))
    cloud.begin("delete", key(C))
    cloud.begin("create", key(A, "Db"))
    result = run(cloud, row(accounts=[A, B]), row(accounts=[C], state="absent"), row(["Db"], state="absent"))
    assert (result["created"], result["deleted"], result["failed"]) == (2, 2, False)
    assert cloud.spent() == ["create_account_assignment", "delete_account_assignment"]
    assert cloud.assigned == {key(A), key(B)}


def test_purge():
    there = [key(), key(B), key(B, "Db"), key(C, "Foreign"), key(A, "Web", "USER", GHOST), key(OLD)]
    cloud = Cloud(there)
    assert run(cloud, row())["deleted"] == 0
    listed = run(cloud, row(), purge="listed", check=True)
    assert [change["name"] for change in listed["changes"]] == [
        f"Web: group ops in {B}",
        f"Web: group ops in {OLD}",
        f"Web: user {GHOST} in {A}",
    ]
    with_names = run(cloud, row(accounts=["a"]), purge="listed")
    assert with_names["deleted"] == 2
    assert with_names["warnings"] == [f"Web: group ops in {OLD} is not purged, because the account is SUSPENDED."]
    assert run(cloud, row(), purge="all")["deleted"] == 2
    assert cloud.assigned == {key(), key(C, "Foreign")}
    assert run(cloud, row([SETS["Web"]]), purge="all", purge_unmanaged=True)["deleted"] == 1
    assert cloud.assigned == {key()}


def test_purge_listed_means_sets_given_by_arn_and_empty_rows_too():
    cloud = Cloud([key(), key(B, "Db")])
    nowhere = row([SETS["Web"]], accounts=[], organizational_units=["r-ab12"], exclude_accounts=[A, B, C, OLD])
    result = run(cloud, nowhere, purge="listed")
    assert [change["permission_set"] for change in result["changes"]] == ["Web"]
    assert cloud.assigned == {key(B, "Db")}


def test_too_many_deletions():
    cloud = Cloud([key(), key(B)])
    result = run(cloud, row(accounts=[C]), purge="listed", max_deletions=1)
    assert result["msg"].startswith("max_deletions: this would delete 2")
    assert cloud.spent() == []


def test_reading_per_principal_falls_back_where_it_is_refused():
    cloud = Cloud([key(), key(B)])
    assert not run(cloud, row(accounts=[A, B]))["changed"]
    assert "list_account_assignments" not in cloud.calls
    for code in ("AccessDeniedException", "ResourceNotFoundException"):
        cloud.errors["list_account_assignments_for_principal"] = [code]
        assert not run(cloud, row(accounts=[A, B]))["changed"]
    cloud.errors["list_account_assignments_for_principal"] = ["ExpiredTokenException"]
    assert run(cloud, row(accounts=[A, B]))["failed"]
    cloud.errors["list_account_assignments"] = ["AccessDeniedException"]
    assert run(cloud, row())["failed"]


def test_what_a_user_has_through_a_group_is_not_the_users_own():
    cloud = Cloud([key(), key(B)])
    result = run(cloud, row(groups=[], users=["taro"], accounts=[A, B]))
    assert "list_account_assignments_for_principal" in cloud.calls
    assert result["created"] == 2


def test_assignments_of_the_dead_are_found_by_id():
    cloud = Cloud([key(principal=GHOST), key(B, principal=GHOST)])
    assert run(cloud, row(groups=[GHOST], accounts=[A, B], state="absent"))["deleted"] == 2
    assert "list_account_assignments_for_principal" not in cloud.calls


def test_the_caller_is_asked_for_only_if_something_is_deleted():
    cloud = Cloud([key(), key(B)])
    cloud.arn = ME
    run(cloud, row())
    run(cloud, row(["Db"], state="absent"))
    assert "get_caller_identity" not in cloud.calls
    assert run(cloud, row(accounts=[B], state="absent"))["deleted"] == 1
    assert "get_user_id" not in cloud.calls
    assert "allow_self_lockout" in run(cloud, row(state="absent"))["msg"]
    cloud.assigned.add(key(kind="USER", principal=TARO))
    assert run(cloud, row(state="absent"))["deleted"] == 1
    cloud.errors["get_user_id"] = ["AccessDeniedException"]
    mine = row(groups=[], users=["taro"], state="absent")
    assert "allow_self_lockout" in run(cloud, mine)["msg"]
    cloud.errors["get_user_id"] = ["ThrottlingException"]
    assert "ThrottlingException" in run(cloud, mine)["msg"]
    assert run(cloud, mine, allow_self_lockout=True)["deleted"] == 1


def test_expected_names_count_in_check_mode():
    new = row(["New"], ["new"], users=["newer"])
    expected = dict(permission_sets=["New"], groups=["new"], users=["newer"])
    assert run(Cloud(), new, expected=expected, check=True)["created"] == 2
    assert len(run(Cloud(), new, expected=expected)["problems"]) == 3
    assert run(Cloud(), new, expected=dict(expected, groups=None), check=True)["problems"] == [
        "assignments[0].groups[0]: no group 'new'"
    ]


def test_info_reads_what_is_asked_for():
    dba, ghost, taro = key(B, "Db", principal=DBA), key(B, "Db", "USER", GHOST), key(C, kind="USER", principal=TARO)
    cloud = Cloud([key(), dba, ghost, taro])

    def found(**options):
        return [
            (each["account_id"], each["permission_set"], each["principal_type"], each["principal"], each["orphaned"])
            for each in info(cloud, **options)["account_assignments"]
        ]

    everything = [
        (A, "Web", "GROUP", "ops", False),
        (B, "Db", "GROUP", "dba", False),
        (B, "Db", "USER", None, True),
        (C, "Web", "USER", "taro", False),
    ]
    assert found() == everything
    assert found(accounts=["b"]) == everything[1:3]
    assert found(accounts=[A, B, C, OLD], permission_sets=["Web"]) == [everything[0], everything[3]]
    assert found(users=["taro"]) == everything[3:]
    assert found(groups=["ops"], users=[GHOST]) == [everything[0], everything[2]]
    cloud.errors["list_account_assignments_for_principal"] = ["AccessDeniedException"]
    assert found(groups=["ops", "dba"]) == everything[:2]
    cloud.errors["list_account_assignments_for_principal"] = ["ExpiredTokenException"]
    assert info(cloud, groups=["ops"])["failed"]
    cloud.calls.clear()
    assert found(accounts=[A]) == everything[:1]
    assert cloud.calls.count("list_account_assignments") == 1
    assert "list_accounts" not in cloud.calls


def test_info_names_what_is_missing_and_what_is_wrong():
    cloud = Cloud([key()])
    answer = info(cloud, accounts=["nowhere", A], permission_sets=["Gone", SETS["Web"]], groups=["gone", "ops"])
    assert answer["missing"] == dict(accounts=["nowhere"], permission_sets=["Gone"], groups=["gone"])
    (only,) = answer["account_assignments"]
    assert only == dict(
        account_id=A, account_name="a", permission_set="Web", permission_set_arn=SETS["Web"], principal_type="GROUP",
        principal="ops", principal_id=OPS, orphaned=False,
    )  # fmt: skip
    assert "quote it" in info(cloud, accounts=["123"])["msg"]
    cloud.accounts[C] = "a"
    assert "is the name of 2 accounts" in info(cloud, accounts=["a"])["msg"]


ROWS = st.lists(
    st.builds(
        row,
        st.sets(st.sampled_from(["Web", "Db", SETS["Web"]]), min_size=1),
        st.sets(st.sampled_from(["ops", "dba", OPS]), min_size=1),
        st.sets(st.sampled_from([A, "b", B, "c"]), min_size=1),
        users=st.lists(st.just("taro"), max_size=1),
    ),
    max_size=3,
)
KEYS = st.builds(
    key, st.sampled_from([A, B, C]), st.sampled_from(list(SETS)), principal=st.sampled_from([OPS, DBA, GHOST])
)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, there=st.sets(KEYS), purge=st.sampled_from(["none", "listed", "all"]), slow=st.integers(0, 2))
def test_a_second_run_changes_nothing(rows, there, purge, slow):
    cloud = Cloud(there, slow)
    predicted = run(cloud, *rows, purge=purge, check=True)
    assert cloud.spent() == []
    result = run(cloud, *rows, purge=purge)
    assert not result["failed"]
    assert sorted(result["changes"], key=str) == sorted(predicted["changes"], key=str)
    assert result["account_assignments"] == predicted["account_assignments"]
    writes = cloud.spent()
    assert len(writes) == len(result["changes"])
    assert writes == sorted(writes)  # creations before deletions
    again = run(cloud, *rows, purge=purge)
    assert not again["changed"]
    assert cloud.spent() == []
