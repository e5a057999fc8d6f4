from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.records import (
    Principal,
    Row,
    SetRef,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.resolve import (
    Expected,
    Known,
    resolve,
)
from ansible_collections.keyless.aws.plugins.module_utils._organizations.tree import Account, Organization
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems

A, B, C, OLD = "111122223333", "222233334444", "333344445555", "444455556666"
WEB, DB = (f"arn:aws:sso:::permissionSet/ssoins-1/ps-{number}" for number in (1, 2))
OPS, TARO = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf7"
GONE = "f81d4fae-7dec-11d0-a765-00a0c91e6bf8"
ORGANIZATION = Organization(
    {A: Account(A, "a"), B: Account(B, "b"), C: Account(C, "c"), OLD: Account(OLD, "old", "SUSPENDED")},
    {"r-1": [A, B, C, OLD], "ou-1": [B, C, OLD], "ou-2": [], "ou-9": None},
)
KNOWN = Known("ssoins-1", {"Web": WEB, "Db": DB}, {"taro": TARO}, {"ops": OPS}, ORGANIZATION)


def row(sets=("Web",), groups=("ops",), users=(), accounts=(), units=(), exclude=(), absent=False):
    return Row(list(sets), list(groups), list(users), list(accounts), list(units), list(exclude), absent)


def names(assignments):
    return [each.name for each in assignments]


def problems(*rows, known=KNOWN, expected=None):
    with pytest.raises(Problems) as raised:
        resolve(rows, known, expected)
    return raised.value.details["problems"]


def test_a_row_is_the_product_of_its_lists():
    wanted = resolve([row(["Web", "Db"], ["ops"], ["taro"], [A, "b"])], KNOWN)
    assert names(wanted.present) == [
        f"{permission_set}: {principal} in {account}"
        for permission_set in ("Web", "Db") for principal in ("group ops", "user taro") for account in (A, B)
    ]  # fmt: skip
    first = wanted.present[0]
    assert first.permission_set == SetRef("Web", WEB)
    assert first.principal == Principal("GROUP", "ops", OPS)
    assert (wanted.absent, wanted.warnings) == ([], [])


def test_names_and_ids_mean_the_same_and_nothing_comes_twice():
    wanted = resolve([row(accounts=["a", A]), row([WEB, "Web"], [OPS], accounts=[A]), row(accounts=["a"])], KNOWN)
    assert names(wanted.present) == [f"Web: group ops in {A}"]


def test_ids_alone_need_no_lists():
    wanted = resolve([row([WEB], [OPS], [TARO], [A])], Known("ssoins-1"))
    assert names(wanted.present) == [f"{WEB}: group {OPS} in {A}", f"{WEB}: user {TARO} in {A}"]
    assert wanted.present[0].key == (A, WEB, "GROUP", OPS)


def test_units_are_expanded_and_accounts_left_out():
    wanted = resolve([row(units=["r-1"], exclude=["b", "old"])], KNOWN)
    assert [each.account.id for each in wanted.present] == [A, C]
    assert wanted.warnings == []


def test_accounts_that_cannot_be_worked_with_are_skipped_in_units():
    wanted = resolve([row(units=["ou-1", "r-1", "ou-2"])], KNOWN)
    assert [each.account.id for each in wanted.present] == [B, C, A]
    assert wanted.warnings == [
        f"Account {OLD} (old) below ou-1 is skipped, because it is SUSPENDED.",
        f"Account {OLD} (old) below r-1 is skipped, because it is SUSPENDED.",
        "assignments[0]: there is no account below ou-2.",
    ]


def test_an_account_that_joined_meanwhile_counts():
    organization = Organization({}, {"ou-1": [A]})
    (only,) = resolve([row([WEB], [OPS], units=["ou-1"])], Known("ssoins-1", organization=organization)).present
    assert only.account == Account(A)


def test_unknown_names_are_named_with_path_and_nearest():
    assert problems(row(["Wep"], ["opps"], ["tarou"], ["x"], exclude=["aa"]), row(units=["ou-9"])) == [
        "assignments[0].permission_sets[0]: no permission set 'Wep' (did you mean 'Web'?)",
        "assignments[0].groups[0]: no group 'opps' (did you mean 'ops'?)",
        "assignments[0].users[0]: no user 'tarou' (did you mean 'taro'?)",
        "assignments[0].exclude_accounts[0]: no account 'aa' (did you mean 'a'?)",
        "assignments[0].accounts[0]: no account 'x'",
        "assignments[1].organizational_units[0]: no organizational unit or root ou-9 in the organization",
    ]


@pytest.mark.parametrize(
    "values, text",
    [
        (dict(sets=[WEB.replace("ssoins-1", "ssoins-2")]), "belongs to another instance than ssoins-1"),
        (dict(groups=[GONE]), f"no group with the id {GONE}"),
        (dict(accounts=["old"]), f"account {OLD} (old) is SUSPENDED, so nothing can be changed in it"),
    ],
)
def test_other_problems(values, text):
    (problem,) = problems(row(**dict(dict(accounts=[A]), **values)))
    assert text in problem


def test_an_arn_that_was_looked_up_and_not_found():
    ghost = WEB.replace("ps-1", "ps-9")
    known = Known("ssoins-1", {"Web": WEB}, groups={"ops": OPS}, arns_too=True)
    assert problems(row([ghost], accounts=[A]), known=known) == [
        f"assignments[0].permission_sets[0]: no permission set {ghost}"
    ]


def test_what_is_expected_counts_and_has_no_id():
    expected = Expected(("New",), ("hanako",), ("newcomers",))
    wanted = resolve([row(["New", "Web"], ["newcomers"], ["hanako"], [A])], KNOWN, expected)
    assert names(wanted.present) == [
        f"New: group newcomers in {A}",
        f"New: user hanako in {A}",
        f"Web: group newcomers in {A}",
        f"Web: user hanako in {A}",
    ]
    assert {each.key for each in wanted.present} == {None}
    assert wanted.present[0].shown() == dict(
        account_id=A, account_name="a", permission_set="New", principal_type="GROUP", principal="newcomers"
    )
    assert problems(row(["Neu"], accounts=[A]), expected=expected) == [
        "assignments[0].permission_sets[0]: no permission set 'Neu' (did you mean 'New'?)"
    ]


def test_taking_away_needs_nothing_to_be_there():
    wanted = resolve([row(["Wep", "Web"], ["opps", GONE], ["taro"], ["x", "a", "old"], absent=True)], KNOWN)
    assert names(wanted.absent) == [f"Web: group {GONE} in {A}", f"Web: user taro in {A}"]
    assert wanted.warnings == [
        "assignments[0].permission_sets[0]: no permission set 'Wep' (did you mean 'Web'?); "
        "there is nothing to take away",
        "assignments[0].groups[0]: no group 'opps' (did you mean 'ops'?); assignments of one that was deleted can "
        "only be taken away by its id, or with purge",
        "assignments[0].accounts[0]: no account 'x'; there is nothing to take away",
        f"assignments[0].accounts[2]: account {OLD} (old) is SUSPENDED, so nothing can be changed in it; "
        "there is nothing to take away",
    ]


def test_rows_that_contradict_each_other_are_named_once():
    assert problems(row(accounts=["a", "b"]), row(accounts=["c"], absent=True), row(units=["r-1"], absent=True)) == [
        "assignments[2]: takes away what assignments[0] gives "
        f"(Web: group ops in {A}); use exclude_accounts there, or drop one of them"
    ]
