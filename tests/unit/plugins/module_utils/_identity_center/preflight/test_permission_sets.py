"""What is asked before permission sets are provisioned, of real plans."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.plan import (
    Rules,
    plan_permission_sets,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.records import (
    Current,
    PermissionSet,
    Provisioned,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.preflight.permission_sets import (
    PermissionSetsPreflight,
)
from ansible_collections.keyless.aws.plugins.module_utils._parallel import each
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from preflight_cloud import DB, DELEGATE, INSTANCE, MANAGEMENT, WEB, Cloud, Module, arn, at, role

OLD_POLICY, NEW_POLICY = dict(name="old", path="/"), dict(name="new", path="/teams/")
EVERYWHERE = (role(WEB), role(DB))


@pytest.fixture
def cloud():
    return Cloud()


def check(cloud, have, want, accounts=(WEB, DB), outdated=(), provision="changed", targets=EVERYWHERE, preflight=True):
    """have, want: what is given of the permission set Web."""
    web = PermissionSet("Web", arn("Web"), "x", session_duration="PT1H", **have)
    current = Current({"Web": web}, {"Web": Provisioned(list(accounts), list(outdated))})
    rules = Rules(same_policy=lambda one, other: one == other, provision=provision)
    plan = plan_permission_sets(current, [PermissionSet("Web", **want)], rules)
    with at(cloud):
        looking = PermissionSetsPreflight(Module(targets, preflight), cloud.client("sso-admin"), INSTANCE, each)
        return looking.check(plan, current)


def own(*policies):
    return dict(customer_managed_policies=list(policies))


def test_without_changes_nothing_is_asked(cloud):
    assert check(cloud, own(OLD_POLICY), own(OLD_POLICY)) == ([], [])
    assert check(cloud, {}, dict(description="new"), accounts=()) == ([], [])
    assert check(cloud, own(), own(NEW_POLICY), preflight=False) == ([], [])
    assert cloud.spent() == []


def test_but_wrong_targets_are_always_told(cloud):
    with pytest.raises(Problems, match=r"targets\[0\]"):
        check(cloud, {}, {}, targets=[dict(account_id="1")])


def test_changes_without_new_policies_look_into_no_account(cloud):
    assert check(cloud, own(OLD_POLICY), dict(own(OLD_POLICY), description="new")) == ([], [])
    assert check(cloud, own(OLD_POLICY, NEW_POLICY), own(NEW_POLICY)) == ([], [])
    assert set(cloud.spent()) == {"get_caller_identity", "describe_organization"}


def test_a_new_policy_has_to_be_in_every_account_and_an_old_one_is_there(cloud):
    cloud.policies = {WEB: ["/teams/new"]}
    (problem,), warnings = check(cloud, own(OLD_POLICY), own(OLD_POLICY, NEW_POLICY))
    assert problem.startswith("permission set 'Web' needs the customer managed policy 'new' with path '/teams/' in ")
    assert DB in problem
    assert WEB not in problem
    assert not warnings


def test_a_new_boundary_has_to_be_there_too(cloud):
    boundary = dict(permissions_boundary=dict(customer_managed_policy=NEW_POLICY))
    (problem,), _warnings = check(cloud, dict(permissions_boundary={}), boundary)
    assert "needs the permissions boundary 'new' with path '/teams/' in accounts" in problem
    managed = dict(permissions_boundary=dict(managed_policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess"))
    assert check(cloud, dict(permissions_boundary={}), managed) == ([], [])


def test_where_a_role_is_out_of_date_a_policy_that_was_always_referred_to_may_be_missing(cloud):
    cloud.policies = {WEB: ["/old"]}
    (problem,), _warnings = check(cloud, own(OLD_POLICY), own(OLD_POLICY), outdated=(DB,), provision="outdated")
    assert "the customer managed policy 'old' with path '/' in account 222233334444," in problem


def test_too_many_policies_for_a_role(cloud):
    ten = [f"arn:aws:iam::aws:policy/P{number}" for number in range(10)]
    problems, _warnings = check(cloud, dict(managed_policies=ten), dict(managed_policies=[*ten, ten[0] + "x"]))
    assert ["attaches 11 policies to its role, and a role may have 10 in" in problem for problem in problems] == [True]
    eleven = [*ten, ten[0] + "x"]
    assert check(cloud, dict(managed_policies=eleven), dict(managed_policies=eleven, description="new")) == ([], [])


def test_what_cannot_be_seen_is_one_warning(cloud):
    problems, (warning,) = check(cloud, own(), own(NEW_POLICY), targets=None)
    assert not problems
    assert "whether 2 accounts have the policies needed" in warning


def test_a_delegated_administrator_may_not_change_what_is_in_the_management_account():
    (problem,), _warnings = check(Cloud(DELEGATE), {}, dict(description="new"), accounts=(WEB, MANAGEMENT))
    assert problem.startswith("permission set 'Web' is provisioned in the management account 123456789012")
    assert check(Cloud(DELEGATE), {}, dict(description="new"), accounts=(WEB,)) == ([], [])
    assert check(Cloud(MANAGEMENT), {}, dict(description="new"), accounts=(WEB, MANAGEMENT)) == ([], [])
