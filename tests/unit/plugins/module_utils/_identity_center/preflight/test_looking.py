"""Into which accounts one looks, and what is said where one cannot."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.preflight.looking import NO_WAY, Lookout
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.preflight.records import (
    Demand,
    Reference,
    Seen,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from preflight_cloud import DB, MANAGEMENT, WEB, Cloud, Module, at, one_by_one, role

NEED = (Reference("web"),)


@pytest.fixture
def cloud():
    made = Cloud()
    made.policies = {MANAGEMENT: ["/web"], WEB: ["/web"]}
    return made


def look(cloud, *demands, targets=None, caller=MANAGEMENT):
    with at(cloud):
        return Lookout(Module(targets), one_by_one).look(demands, caller, "aws")


def test_where_nothing_is_needed_nobody_looks(cloud):
    assert look(cloud, Demand("Web", (WEB, DB), (), 10), targets=[role(WEB), role(DB)]) == {}
    assert look(cloud, targets=[role(WEB), dict(profile="some")]) == {}
    assert cloud.spent() == []


def test_the_own_account_is_always_seen_and_others_by_their_targets_only(cloud):
    seen = look(cloud, Demand("Web", (MANAGEMENT, WEB, DB), NEED), targets=[role(WEB)])
    assert seen == {
        MANAGEMENT: Seen(frozenset(["/web"])),
        WEB: Seen(frozenset(["/web"])),
        DB: Seen(why=NO_WAY),
    }
    assert cloud.spent() == [f"assume_role_for_{WEB}", "get_policy", "get_policy"]


def test_targets_of_accounts_that_are_not_in_question_are_not_entered(cloud):
    look(cloud, Demand("Web", (WEB,), NEED), targets=[role(DB), role(WEB)])
    assert cloud.spent() == [f"assume_role_for_{WEB}", "get_policy"]


def test_a_profile_is_entered_to_learn_whose_it_is(cloud):
    targets = [dict(profile="some")]
    assert look(cloud, Demand("Web", (MANAGEMENT,), NEED), targets=targets, caller=None) == {
        MANAGEMENT: Seen(frozenset(["/web"]))
    }
    assert cloud.spent() == ["get_caller_identity", "get_policy"]


def test_an_account_that_cannot_be_entered_or_asked_says_why(cloud):
    cloud.errors = {f"assume_role_for_{WEB}": "AccessDenied", ("get_policy", DB): "AccessDenied"}
    seen = look(cloud, Demand("Web", (WEB, DB), NEED), targets=[role(WEB), role(DB)])
    assert seen == {
        WEB: Seen(why=f"assume_role_for_{WEB}: AccessDenied"),
        DB: Seen(why="get_policy: AccessDenied"),
    }


def test_roles_with_many_policies_are_asked_for_their_limit(cloud):
    cloud.per_role = 15
    seen = look(cloud, Demand("Web", (WEB,), (), 11), Demand("Db", (DB,), NEED, 10), targets=[role(WEB), role(DB)])
    assert seen == {WEB: Seen(per_role=15), DB: Seen(frozenset())}
    assert sorted(cloud.spent()[2:]) == ["get_account_summary", "get_policy"]


def test_wrong_targets_are_told_before_anything_is_asked(cloud):
    with pytest.raises(Problems, match=r"targets\[1\]\.account_id: '1' is not an account id"):
        Lookout(Module([role(WEB), dict(account_id="1")]), one_by_one)


def test_a_target_of_another_account_is_told_with_its_place(cloud):
    targets = [role(DB), dict(account_id=WEB, profile="some")]
    with pytest.raises(Problems, match=r"targets\[1\]\.account_id: 111122223333 is not the account of profile 'some'"):
        look(cloud, Demand("Web", (WEB,), NEED), targets=targets)
