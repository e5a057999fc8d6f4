"""What is asked before assignments are created, and what comes of it."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.records import (
    Assignment,
    Key,
    Principal,
    SetRef,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.preflight.assignments import (
    AssignmentsPreflight,
)
from ansible_collections.keyless.aws.plugins.module_utils._organizations.tree import Account
from ansible_collections.keyless.aws.plugins.module_utils._parallel import each
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from preflight_cloud import DB, DELEGATE, INSTANCE, MANAGEMENT, OLD, WEB, Cloud, Module, arn, at, role

DETAILS = sorted([
    "get_permissions_boundary_for_permission_set",
    "list_customer_managed_policy_references_in_permission_set",
    "list_managed_policies_in_permission_set",
])  # fmt: skip
OPS = Principal("GROUP", "ops", "f81d4fae-7dec-11d0-a765-00a0c91e6b00")


@pytest.fixture
def cloud():
    made = Cloud()
    made.set("Web")
    return made


def assignment(account=WEB, name="Web", principal=OPS, account_name="named", known=True):
    return Assignment(Account(account, account_name), SetRef(name, arn(name) if known else None), principal)


def key(account=WEB, name="Web"):
    return Key(account, arn(name), "USER", "somebody")


def check(cloud, *creations, there=(), targets=None, preflight=True):
    with at(cloud):
        looking = AssignmentsPreflight(Module(targets, preflight), cloud.client("sso-admin"), INSTANCE, each)
        return looking.check(creations, there)


def test_without_creations_nothing_is_asked(cloud):
    assert check(cloud, targets=[role(WEB)]) == ([], [])
    assert cloud.spent() == []


def test_switched_off_nothing_is_asked(cloud):
    assert check(cloud, assignment("9" * 12, account_name=None), preflight=False) == ([], [])
    assert cloud.spent() == []


def test_but_wrong_targets_are_always_told(cloud):
    with pytest.raises(Problems, match=r"targets\[0\]"):
        check(cloud, targets=[dict(account_id="1")])


def test_calls_are_a_few_for_each_set_and_none_for_each_assignment(cloud):
    people = [Principal("USER", f"user{number}", str(number)) for number in range(50)]
    many = [assignment(account, principal=person) for account in (WEB, DB) for person in people]
    assert check(cloud, *many) == ([], [])
    assert sorted(cloud.spent()) == sorted(
        ["get_caller_identity", "describe_organization", "list_permission_sets", *DETAILS]
    )


def test_accounts_given_by_id_are_looked_up_and_others_are_not(cloud):
    creations = [assignment(each, account_name=None) for each in (WEB, OLD, "9" * 12)] + [assignment(DB)]
    problems, warnings = check(cloud, *creations)
    assert [problem.split(",")[0] for problem in problems] == [
        "account 999999999999 is not in the organization; mend the id",
        "account 444455556666 (old) is SUSPENDED",
    ]
    assert not warnings
    assert cloud.spent().count("list_accounts") == 1


def test_a_missing_policy_is_found_where_the_caller_sees_it(cloud):
    cloud.set("Web", "web", ("/teams/", "net"), boundary="edge")
    cloud.policies = {WEB: ["/web", "/teams/net"], DB: ["/web", "/teams/net", "/edge"]}
    problems, warnings = check(cloud, assignment(WEB), assignment(DB), targets=[role(WEB), role(DB)])
    (problem,) = problems
    assert "the permissions boundary 'edge' with path '/' in account 111122223333 (named), where" in problem
    assert not warnings


def test_an_account_that_already_has_the_set_is_not_looked_into(cloud):
    """Its policies are there: IAM deletes none that is attached."""
    cloud.set("Web", "web")
    assert check(cloud, assignment(), there=[key()], targets=[role(WEB)]) == ([], [])
    assert cloud.spent() == ["get_caller_identity", "describe_organization"]
    problems, _warnings = check(cloud, assignment(), assignment(DB), there=[key()], targets=[role(WEB), role(DB)])
    assert ["222233334444" in problem and "111122223333" not in problem for problem in problems] == [True]


def test_nobody_looks_into_accounts_that_are_of_no_use_anyway(cloud):
    cloud.set("Web", "web")
    problems, warnings = check(cloud, assignment(OLD, account_name=None), targets=[role(OLD)])
    assert len(problems) == 1
    assert not warnings
    assert f"assume_role_for_{OLD}" not in cloud.spent()
    problems, warnings = check(cloud, assignment("9" * 12, account_name=None))
    assert len(problems) == 1
    assert not warnings


def test_a_set_given_by_an_arn_of_nothing_is_a_problem(cloud):
    gone = Assignment(Account(WEB, "web"), SetRef(None, arn("gone")), OPS)
    problems, _warnings = check(cloud, assignment(), gone)
    assert problems == [f"permission set '{arn('gone')}' is not there; create what is missing first, or drop it"]
    problems, _warnings = check(cloud, gone)
    assert len(problems) == 1


def test_a_set_that_is_yet_to_be_created_is_not_asked_about(cloud):
    assert check(cloud, assignment(name="New", known=False)) == ([], [])
    assert not set(DETAILS) & set(cloud.spent())
    (problem,), _warnings = check(cloud, assignment(OLD, "New", account_name=None, known=False))
    assert "SUSPENDED" in problem


def test_with_few_permission_sets_no_quota_is_asked_for(cloud):
    cloud.more_sets = 49
    check(cloud, assignment())
    assert "get_service_quota" not in cloud.spent()


def test_with_fewer_sets_than_the_quota_no_account_is_counted(cloud):
    cloud.more_sets, cloud.quota = 99, 100
    assert check(cloud, assignment()) == ([], [])
    calls = cloud.spent()
    assert "get_service_quota" in calls
    assert "list_permission_sets_provisioned_to_account" not in calls


@pytest.mark.parametrize("quota, certain", [(60, True), (None, False)])
def test_a_full_account(cloud, quota, certain):
    """What AWS says holds is certain; its default may have been raised."""
    limit = quota or 500
    cloud.more_sets, cloud.quota = limit + 1, quota
    cloud.provisioned = {WEB: [arn(f"more-{number}") for number in range(limit)], DB: [arn("more-1")]}
    problems, warnings = check(cloud, assignment(WEB), assignment(DB))
    (text,) = problems or warnings
    assert bool(problems) == certain
    assert f"{limit} permission sets" in text
    assert f"111122223333 (named) {limit + 1};" in text
    assert DB not in text


def test_what_is_provisioned_in_a_full_account_already_takes_no_more_room(cloud):
    cloud.more_sets, cloud.quota = 60, 60
    cloud.provisioned = {WEB: [arn("Web"), *(arn(f"more-{number}") for number in range(60))]}
    assert check(cloud, assignment()) == ([], [])


def test_a_set_that_is_yet_to_be_created_takes_room_too(cloud):
    cloud.more_sets, cloud.quota = 59, 60
    cloud.provisioned = {WEB: [arn(f"more-{number}") for number in range(59)]}
    assert check(cloud, assignment()) == ([], [])
    (problem,), _warnings = check(cloud, assignment(), assignment(name="New", known=False))
    assert "111122223333 (named) 61;" in problem


def test_a_quota_that_may_not_be_seen(cloud):
    cloud.more_sets, cloud.errors = 99, dict(get_service_quota="AccessDeniedException")
    problems, (warning,) = check(cloud, assignment())
    assert not problems
    assert "how many permission sets an account may have" in warning


def test_too_many_policies_for_a_role(cloud):
    cloud.set("Web", "web", managed=10)
    cloud.policies[WEB] = ["/web"]
    (problem,), warnings = check(cloud, assignment(), targets=[role(WEB)])
    assert "attaches 11 policies to its role, and a role may have 10 in account 111122223333" in problem
    assert not warnings
    cloud.per_role = 20
    assert check(cloud, assignment(), targets=[role(WEB)]) == ([], [])


class TestDelegatedAdministrator:
    @pytest.fixture
    def cloud(self):
        made = Cloud(caller=DELEGATE)
        made.set("Web", accounts=[MANAGEMENT])
        made.set("Db")
        return made

    def test_may_not_assign_in_the_management_account(self, cloud):
        cloud.set("Db", "db")
        (problem,), warnings = check(cloud, assignment(MANAGEMENT, "Db"))
        assert "account 123456789012 is the management account" in problem
        assert not warnings

    def test_may_not_assign_what_is_provisioned_there(self, cloud):
        (problem,), warnings = check(cloud, assignment(WEB, "Web"), assignment(WEB, "Db"))
        assert problem.startswith("permission set 'Web' is provisioned in the management account 123456789012")
        assert not warnings
        assert cloud.spent().count("list_permission_sets_provisioned_to_account") == 1

    def test_sees_its_own_account(self, cloud):
        cloud.set("Db", "db")
        (problem,), warnings = check(cloud, assignment(DELEGATE, "Db"))
        assert f"the customer managed policy 'db' with path '/' in account {DELEGATE}" in problem
        assert not warnings

    def test_is_not_told_for_certain_what_was_granted_to_the_management_account(self, cloud):
        cloud.more_sets, cloud.quota = 60, 60
        cloud.provisioned[WEB] = [arn(f"more-{number}") for number in range(60)]
        problems, warnings = check(cloud, assignment(WEB, "Db"))
        assert not problems
        assert len(warnings) == 1

    def test_may_go_on_where_it_is_not_known_which_account_is_the_management_account(self, cloud):
        cloud.errors["describe_organization"] = "AccessDeniedException"
        problems, (warning,) = check(cloud, assignment(MANAGEMENT, "Web"))
        assert not problems
        assert "which account is the management account" in warning


def test_the_management_account_may_do_all_of_that(cloud):
    cloud.set("Web", accounts=[MANAGEMENT])
    assert check(cloud, assignment(MANAGEMENT), assignment(WEB)) == ([], [])


def test_without_any_of_the_rights_there_is_one_warning_and_no_problem(cloud):
    cloud.errors = dict.fromkeys(
        [*DETAILS, "get_caller_identity", "describe_organization", "list_accounts", "describe_account",
         "list_permission_sets"], "AccessDeniedException"
    )  # fmt: skip
    problems, warnings = check(cloud, assignment(WEB, account_name=None), targets=[role(WEB)])
    assert not problems
    (warning,) = warnings
    assert warning.count("AccessDeniedException") == 5


def test_other_errors_of_identity_center_are_not_swallowed(cloud):
    cloud.errors["list_permission_sets"] = "InternalServerException"
    with pytest.raises(AwsError):
        check(cloud, assignment())
