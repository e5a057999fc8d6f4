from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import Deletion, Guard
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError

GONE = [Deletion(f"Web: group g{number}", ("Web", f"g{number}", None)) for number in range(7)]


def refusal(guard, deletions=GONE):
    with pytest.raises(UserError) as raised:
        guard.check(deletions, "account assignments")
    return raised.value


def test_within_the_bounds_nothing_is_said():
    Guard(7, ["Db", "g8"]).check(GONE, "account assignments")
    Guard(0).check([], "account assignments")


def test_too_many():
    error = refusal(Guard(6))
    assert error.message.splitlines() == [
        "max_deletions: this would delete 7 account assignments, and max_deletions is 6. Nothing was changed. "
        "Raise it if they shall go:",
        *[f"- Web: group g{number}" for number in range(5)],
        "- and 2 more",
    ]
    assert error.details["deletions"] == [deletion.name for deletion in GONE]


@pytest.mark.parametrize(
    "names, lines", [(["G3"], ["- Web: group g3"]), (["g1", "g5"], [f"- Web: group g{n}" for n in (1, 5)])]
)
def test_protected_whatever_the_case(names, lines):
    message = refusal(Guard(99, names)).message
    assert message.startswith(f"protect: this would delete {len(lines)} protected account assignments. Nothing was ")
    assert message.splitlines()[1:] == lines


def test_what_is_protected_is_said_first():
    assert refusal(Guard(0, ["web"])).message.startswith("protect: this would delete 7")


def test_names_of_nothing_protect_nothing():
    guard = Guard(9, ["Admins", "wbe", "x"])
    assert guard.unknown(["admins", "web"]) == [
        "protect[1]: nothing is called 'wbe' (did you mean 'web'?), so it protects nothing",
        "protect[2]: nothing is called 'x', so it protects nothing",
    ]


def test_options_that_cannot_be_meant():
    assert Guard(-1, ["a", " "]).findings() == [
        "protect[1]: is empty; give a name, an id or an ARN",
        "max_deletions: -1 is less than 0; give the most that may be deleted",
    ]
