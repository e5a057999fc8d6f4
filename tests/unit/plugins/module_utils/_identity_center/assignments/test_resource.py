"""The whole way through `reconcile`, against an Identity Center that is a few sets and dictionaries."""

from __future__ import annotations

import pytest
from assignments_cloud import DBA, GHOST, OLD, OPS, SETS, TARO, A, B, C, Cloud, key, row, run
from hypothesis import given, settings
from hypothesis import strategies as st

ME = f"arn:aws:sts::{A}:assumed-role/AWSReservedSSO_Web_0123456789abcdef/taro"


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


def test_a_set_that_is_given_by_arn_has_to_exist_where_something_may_be_deleted():
    ghost = SETS["Web"][:-1] + "9"
    assert run(Cloud(), row([ghost], state="absent"))["warnings"] == [
        f"assignments[0].permission_sets[0]: no permission set {ghost}; there is nothing to take away"
    ]
    assert run(Cloud(), row([ghost]), purge="listed")["msg"].endswith(f"no permission set {ghost}")


def test_purge():
    there = [key(), key(B), key(B, "Db"), key(C, "Foreign"), key(A, "Web", "USER", GHOST), key(OLD)]
    cloud = Cloud(there)
    assert run(cloud, row())["deleted"] == 0
    listed = run(cloud, row(), purge="listed", check=True)
    assert [change["name"] for change in listed["changes"]] == [
        f"Web: group ops in {B}",
        f"Web: user {GHOST} in {A}",
    ]
    with_names = run(cloud, row(accounts=["a"]), purge="listed")
    assert with_names["deleted"] == 2
    assert with_names["warnings"] == [f"Web: group ops in {OLD} is not purged, because the account is SUSPENDED."]
    assert run(cloud, row(), purge="all")["deleted"] == 1
    assert cloud.assigned == {key(), key(OLD), key(C, "Foreign")}
    assert run(cloud, row([SETS["Web"]]), purge="all", purge_unmanaged=True)["deleted"] == 1
    assert cloud.assigned == {key(), key(OLD)}


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


@pytest.mark.parametrize("name", ["ops", "OPS", OPS, "Web", SETS["Web"]])
def test_what_is_protected_is_not_deleted(name):
    cloud = Cloud([key(), key(B)])
    result = run(cloud, row(state="absent"), protect=[name])
    assert result["msg"].startswith("protect: this would delete 1 protected account assignments.")
    assert result["deletions"] == [f"Web: group ops in {A}"]
    assert cloud.spent() == []


def test_a_misspelt_protection_stops_deletions_only():
    cloud = Cloud([key()])
    assert run(cloud, row(["Db"]), protect=["opps"])["created"] == 1
    assert run(cloud, row(state="absent"), protect=["opps"])["msg"] == (
        "protect[0]: nothing is called 'opps' (did you mean 'ops'?), so it protects nothing"
    )
    assert key() in cloud.assigned


def test_protecting_a_set_that_the_task_does_not_name_is_no_mistake():
    assert run(Cloud([key()]), row(state="absent"), protect=["Foreign", "dba", TARO])["deleted"] == 1


def test_what_is_protected_by_name_is_not_deleted_by_id():
    cloud = Cloud([key()])
    result = run(cloud, row(groups=[OPS], state="absent"), protect=["ops"])
    assert result["msg"].startswith("protect: this would delete 1 protected account assignments.")
    assert run(cloud, row(groups=[OPS], state="absent"), protect=["dba"])["deleted"] == 1


def test_a_purge_leaves_accounts_alone_that_are_suspended_though_ids_are_all_that_is_given():
    cloud = Cloud([key(), key(OLD), key(C)])
    result = run(cloud, row(), purge="listed")
    assert result["deleted"] == 1
    assert any(OLD in warning and "SUSPENDED" in warning for warning in result["warnings"])


def test_an_excluded_account_that_is_none_of_the_rows_is_told():
    result = run(Cloud(), row(accounts=[A, B], exclude_accounts=["111122223334"]), check=True)
    assert result["created"] == 2
    assert result["warnings"] == ["assignments[0].exclude_accounts: 111122223334 is none of the row's accounts."]


def test_a_sign_in_that_is_gone_ends_the_run():
    cloud = Cloud()
    cloud.errors["create_account_assignment"] = ["ExpiredTokenException"] * 99
    accounts = [f"{number:012}" for number in range(100, 160)]
    result = run(cloud, row(accounts=accounts))
    assert len(result["failures"]) == 60
    assert len([call for call in cloud.calls if call == "create_account_assignment"]) <= 20
