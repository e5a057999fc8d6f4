from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import Guard
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.plan import (
    Reading,
    Rules,
    cheaper_read_plan,
    plan_assignments,
    to_purge,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.records import (
    Assignment,
    Caller,
    Current,
    Key,
    Principal,
    Running,
    SetRef,
    Wanted,
)
from ansible_collections.keyless.aws.plugins.module_utils._organizations.tree import Account
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from hypothesis import given
from hypothesis import strategies as st

ACCOUNTS = ["111122223333", "222233334444", "333344445555"]
ALL = [
    Assignment(Account(account), SetRef(name, f"arn:{name}"), Principal(kind, who, f"id-{who}"))
    for name in ("Web", "Db") for kind, who in (("GROUP", "ops"), ("USER", "taro")) for account in ACCOUNTS
]  # fmt: skip
BY_KEY = {each.key: each for each in ALL}


def keys(assignments):
    return frozenset(each.key for each in assignments)


def current(present=(), absent=(), actual=(), purged=(), running=None, caller=None):
    wanted = Wanted(list(present), list(absent), ["careful"])
    return Current(wanted, keys(actual), list(purged), running or Running(), caller)


def plan(*args, rules=None, **values):
    return plan_assignments(current(*args, **values), rules or Rules(Guard(99)))


def steps(made):
    return [(change.action, change.name) for change in made.changes]


def test_what_is_missing_is_created_what_is_absent_deleted_and_nothing_else_touched():
    made = plan(ALL[:3], ALL[3:5], ALL[2:4] + ALL[7:])
    assert steps(made) == [("create", ALL[0].name), ("create", ALL[1].name), ("delete", ALL[3].name)]
    assert made.before == {"account_assignments": [ALL[3].name]}
    assert made.after == {"account_assignments": sorted([ALL[0].name, ALL[1].name])}
    assert made.result["account_assignments"] == [each.shown() for each in ALL[:3]]
    assert made.warnings == ["careful"]
    assert made.changes[0].shown() == dict(
        action="create",
        kind="account_assignment",
        name="Web: group ops in 111122223333",
        permission_set="Web",
        principal_type="GROUP",
        principal="ops",
        account_id="111122223333",
    )


def test_nothing_to_do_shows_no_difference():
    made = plan(ALL[:3], ALL[3:], ALL[:3])
    assert (made.changes, made.before, made.after) == ([], {}, {})


def test_purged_ones_go_last():
    assert steps(plan(ALL[:1], ALL[1:2], ALL[1:3], ALL[2:3])) == [
        ("create", ALL[0].name),
        ("delete", ALL[1].name),
        ("delete", ALL[2].name),
    ]


def test_what_does_not_exist_yet_is_created():
    new = Assignment(Account(ACCOUNTS[0]), SetRef("New", None), Principal("USER", "hanako", None))
    assert steps(plan([new], [], ALL)) == [("create", new.name)]
    assert steps(plan([], [new], ALL)) == []


def test_what_is_just_being_deleted_does_not_count_as_there():
    running = Running(deleting={ALL[0].key: "request"})
    assert steps(plan(ALL[:1], actual=ALL[:1], running=running)) == [("create", ALL[0].name)]
    assert steps(plan(absent=ALL[:1], actual=ALL[:1], running=running)) == [("delete", ALL[0].name)]


def test_what_is_just_being_created_counts_as_there_for_what_has_to_go():
    running = Running(creating={ALL[0].key: "request"})
    assert steps(plan(ALL[:1], running=running)) == [("create", ALL[0].name)]
    assert steps(plan(absent=ALL[:2], running=running)) == [("delete", ALL[0].name)]


@pytest.mark.parametrize("most, refused", [(2, True), (3, False)])
def test_deletions_have_a_limit(most, refused):
    values = dict(absent=ALL[:2], actual=ALL[:3], purged=ALL[2:3], rules=Rules(Guard(most)))
    if not refused:
        assert len(plan(**values).changes) == 3
        return
    with pytest.raises(UserError) as raised:
        plan(**values)
    assert raised.value.message.startswith(
        "max_deletions: this would delete 3 account assignments, and max_deletions is 2. Nothing was changed."
    )
    assert raised.value.details["deletions"] == [each.name for each in ALL[:3]]


def test_a_long_list_of_deletions_is_cut_in_the_message_only():
    with pytest.raises(UserError, match="and 7 more") as raised:
        plan(absent=ALL, actual=ALL, rules=Rules())
    assert len(raised.value.details["deletions"]) == 12


def caller(**values):
    arn = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Web_0123456789abcdef/taro"
    ours = frozenset([("USER", "id-taro")])
    return Caller(arn, ACCOUNTS[0], "Web", ours, keys([ALL[0], ALL[3]]), **values)


def test_the_callers_own_way_in_stays_unless_it_is_allowed_to_go():
    assert ALL[3].principal.name == "taro"
    with pytest.raises(UserError, match="^allow_self_lockout: "):
        plan(absent=ALL[3:4], actual=ALL, caller=caller())
    assert plan(absent=ALL[:1], actual=ALL, caller=caller()).warnings == ["careful"]
    allowed = Rules(allow_self_lockout=True)
    assert len(plan(absent=ALL[3:4], actual=ALL, caller=caller(), rules=allowed).changes) == 1


def test_a_caller_that_assumed_a_role_is_warned():
    other = Caller("arn:aws:sts::111122223333:assumed-role/ci/run")
    assert "cannot be told" in plan(absent=ALL[:1], actual=ALL, caller=other).warnings[-1]


def test_what_a_purge_takes():
    wanted = Wanted(ALL[:1], ALL[1:2], [])
    running = Running(creating={ALL[5].key: "request", ALL[8].key: "request"})
    assert to_purge(wanted, keys(ALL[:3] + ALL[6:8]), running, {"arn:Web"}) == [ALL[2].key, ALL[5].key]
    assert to_purge(wanted, keys(ALL), running, set()) == []


def product(sets, accounts, principals):
    return [
        Key(f"{account:012}", f"arn:{number}", "GROUP", f"id-{principal}")
        for number in range(sets) for account in range(accounts) for principal in range(principals)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "size, principals, pairs",
    [
        ((1, 1, 1), 0, 1),
        ((1, 2, 1), 1, 0),
        ((10, 20, 5), 5, 0),
        ((50, 40, 5), 5, 0),
        ((1, 1, 50), 0, 1),
        ((2, 2, 4), 0, 4),
        ((0, 0, 0), 0, 0),
    ],
)
def test_the_cheaper_way_to_read(size, principals, pairs):
    plan = cheaper_read_plan(product(*size))
    assert (len(plan.principals), len(plan.pairs)) == (principals, pairs)


def test_pages_count():
    """Two principals with 150 assignments each are four pages, three pairs with 100 each are three."""
    many = [Key(f"{n:012}", "arn:x", "GROUP", "a") for n in range(150)]
    assert cheaper_read_plan(many).principals == [("GROUP", "a")]
    crowd = [Key(f"{n % 3:012}", "arn:x", "GROUP", f"g{n}") for n in range(300)]
    assert len(cheaper_read_plan(crowd).pairs) == 3


def test_pairs_can_be_asked_for():
    assert cheaper_read_plan(product(1, 3, 1), pairs_only=True) == Reading(
        pairs=[(f"{n:012}", "arn:0") for n in range(3)]
    )


some = st.sets(st.sampled_from(range(len(ALL)))).map(lambda chosen: [ALL[number] for number in sorted(chosen)])


@given(present=some, absent=some, actual=some, purge=st.sampled_from([set(), {"arn:Web"}, {"arn:Web", "arn:Db"}]))
def test_done_once_there_is_nothing_left_to_do(present, absent, actual, purge):
    absent = [each for each in absent if each not in present]
    wanted = Wanted(present, absent, [])

    def planned(there):
        purged = [BY_KEY[key] for key in to_purge(wanted, there, Running(), purge)]
        return plan_assignments(Current(wanted, frozenset(there), purged, Running()), Rules(Guard(99)))

    there = set(keys(actual))
    for change in planned(there).changes:
        if change.action == "create":
            assert change.payload.key not in there
            there.add(change.payload.key)
        else:
            there.remove(change.payload.key)
    assert planned(there).changes == []
    untouched = {key for key in keys(actual) if key.permission_set_arn not in purge} - keys(absent)
    assert there == keys(present) | untouched
