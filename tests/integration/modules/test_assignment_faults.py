# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""account_assignments while every kind of call goes wrong: all is brought about, and nothing is submitted twice."""

from __future__ import annotations

import time

import pytest
from large import Product, names
from operations import Assigned, of_rows, submitted_twice

LISTS = (
    "sso-admin:ListInstances",
    "sso-admin:ListPermissionSets",
    "sso-admin:DescribePermissionSet",
    "sso-admin:ListAccountsForProvisionedPermissionSet",
    "sso-admin:ListAccountAssignments",
    "sso-admin:ListAccountAssignmentsForPrincipal",
    "sso-admin:ListAccountAssignmentCreationStatus",
    "sso-admin:ListAccountAssignmentDeletionStatus",
    "identitystore:ListGroups",
    "identitystore:ListUsers",
    "organizations:ListAccounts",
)
WRITES = ("sso-admin:CreateAccountAssignment", "sso-admin:DeleteAccountAssignment")
WANTED = [
    dict(
        permission_sets=["Set001"],
        groups=["group001"],
        users=["taro"],
        accounts=["account-001", *names("100000000", 6)[1:]],
    ),
    dict(permission_sets=["Set002"], groups=["group001"], accounts=["100000000001"]),
]


def seed(emulator):
    """Some of what is wanted, and some more that a purge takes away."""
    state = Product(2, 8, 1).organization()
    state["users"] = [dict(user_name="taro")]
    row = dict(permission_sets=["Set[001:002]"], groups=["group001"], accounts=["100000000001", "100000000008"])
    return emulator.seed(dict(state, account_assignments=[row]))


def brought_about(emulator, seeded, result):
    emulator.settings(async_ms=0)
    plain = dict(WANTED[0], accounts=names("100000000", 6))
    assert Assigned(emulator, seeded).there() == of_rows([plain, WANTED[1]])
    assert (result["created"], result["deleted"]) == (11, 2)
    operations = emulator.operations()
    assert submitted_twice(operations) == []
    assert sorted(each["kind"] for each in operations) == ["creation"] * 11 + ["deletion"] * 2


def assigned(run_module, **more):
    return run_module("account_assignments", dict(assignments=WANTED, purge="listed", api_rate=1000, **more))


LONG = pytest.mark.long


@pytest.mark.parametrize("error, when, async_ms", [
    ("drop", "after", 120), ("ThrottlingException", "before", 120),
    *(pytest.param(*each, marks=LONG) for each in (
        ("drop", "after", 0), ("drop", "before", 120), ("cut", "after", 0), ("cut", "after", 120),
        ("http500", "before", 0), ("http500", "after", 0), ("http500", "after", 120),
        ("ThrottlingException", "before", 0),
    )),
])  # fmt: skip
def test_one_of_each_kind_of_call_goes_wrong(emulator, run_module, error, when, async_ms):
    """The first of each kind of reading, and later ones of each kind of writing, whose operation then runs or ended."""
    seeded = seed(emulator)
    emulator.settings(async_ms=async_ms)
    for operation in LISTS:
        emulator.faults(operation, error, when=when)
    for operation in WRITES:
        emulator.faults(operation, error, times=2, when=when, skip=1)
    brought_about(emulator, seeded, assigned(run_module))
    called = emulator.calls()
    assert set(called) >= {*LISTS[:3], *LISTS[6:9], *WRITES}
    assert all(called[name] >= 2 for name in LISTS if name in called)


@pytest.mark.parametrize("error", ["cut", pytest.param("drop", marks=LONG), pytest.param("http500", marks=LONG)])
def test_a_page_that_is_cut_short_is_not_the_last_one(emulator, run_module, error):
    """Otherwise all that follows would count as missing, and a purge would find nothing."""
    product = Product(8, 30, 1)
    emulator.seed(product.assigned())
    for operation in LISTS:
        emulator.faults(operation, error, when="after", skip=1)
    result = run_module("account_assignments", dict(assignments=product.rows(), api_rate=1000))
    assert not result["changed"]
    assert emulator.calls()["sso-admin:ListAccountAssignmentsForPrincipal"] == 4


def test_the_directory_says_how_long_to_wait(emulator, run_module):
    product = Product(1, 1, 1)
    emulator.seed(product.assigned())
    emulator.faults("identitystore:ListGroups", "ThrottlingException", retry_after_seconds=3)
    start = time.monotonic()
    assert not run_module("account_assignments", dict(assignments=product.rows()))["changed"]
    assert time.monotonic() - start > 3
    assert emulator.calls()["identitystore:ListGroups"] == 2


def test_answers_to_many_creations_are_lost(emulator, run_module):
    """More of them than may be outstanding, some while the operations run, some thrown away before they began."""
    product = Product(4, 12, 1)
    seeded = emulator.seed(product.organization())
    emulator.settings(async_ms=100)
    for error, when in (("drop", "after"), ("http500", "after"), ("drop", "before"), ("cut", "after")):
        emulator.faults("sso-admin:CreateAccountAssignment", error, when=when, times=3)
    result = run_module("account_assignments", dict(assignments=product.rows(), api_rate=1000))
    assert result["created"] == product.assignments
    emulator.settings(async_ms=0)
    assert Assigned(emulator, seeded).there() == of_rows(product.rows())
    operations = emulator.operations()
    assert submitted_twice(operations) == []
    assert len(operations) == product.assignments


@pytest.mark.parametrize("runs", [1, pytest.param(2, marks=LONG)])
def test_when_nothing_ends_all_are_named_and_none_is_submitted_again(emulator, run_module, runs):
    """Ten are stuck, so AWS takes no more: those are named, too."""
    product = Product(1, 14, 1)
    emulator.seed(product.organization())
    emulator.faults("sso-admin:CreateAccountAssignment", "stuck", times=None)
    arguments = dict(assignments=product.rows(), api_rate=1000, wait_timeout=1)
    for _run in range(runs):
        failed = run_module("account_assignments", arguments, fails=True)
        assert {each["account_id"] for each in failed["failures"]} == set(product.rows()[0]["accounts"])
        texts = [each["error"] for each in failed["failures"]]
        assert sum("still in progress after 1 seconds (request " in text for text in texts) == 10
        assert sum("did not take it within 1 seconds" in text for text in texts) == 4
        requests = {each["request_id"] for each in emulator.operations()}
        assert len(requests) == 10
        assert all(any(request in text for text in texts) for request in requests)
        assert failed["account_assignments"] == []


def test_reasons_of_failure_are_each_assignment_s_own(emulator, run_module):
    product = Product(1, 6, 1)
    seeded = emulator.seed(product.organization())
    for number in range(3):
        emulator.faults("sso-admin:CreateAccountAssignment", "failed", reason=f"Reason {number}.", skip=1 + number)
    failed = run_module("account_assignments", dict(assignments=product.rows(), api_rate=1000), fails=True)
    refused = {each["account_id"]: each["reason"] for each in emulator.operations() if each["status"] == "FAILED"}
    assert sorted(refused.values()) == ["Reason 0.", "Reason 1.", "Reason 2."]
    assert {each["account_id"]: each["error"] for each in failed["failures"]} == refused
    assert failed["created"] == len(Assigned(emulator, seeded).there()) == 3
    assert run_module("account_assignments", dict(assignments=product.rows(), api_rate=1000))["created"] == 3
    assert Assigned(emulator, seeded).there() == of_rows(product.rows())
