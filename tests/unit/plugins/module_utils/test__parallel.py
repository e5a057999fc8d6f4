from __future__ import annotations

import threading

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._parallel import each, in_lanes, in_parallel
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import CREATE, UPDATE, Change, UserError
from hypothesis import given
from hypothesis import strategies as st


def test_in_parallel_keeps_order_and_errors_and_works_at_the_same_time():
    together = threading.Barrier(3, timeout=10)

    def work(number):
        together.wait()
        if number == 1:
            raise UserError("one is refused")
        return number * 10

    zero, one, two = in_parallel([0, 1, 2], work)
    assert (zero, two) == (0, 20)
    assert isinstance(one, UserError)
    assert in_parallel([], work) == []


def test_in_parallel_lets_bugs_through():
    with pytest.raises(ZeroDivisionError):
        in_parallel([0, 1], lambda number: 1 / number)


def test_each_keeps_order_and_ends_with_the_first_error():
    assert each([3, 1, 2], lambda number: number * 2) == [6, 2, 4]
    assert each([], lambda number: number) == []
    begun = []

    def work(number):
        begun.append(number)
        if number == 0:
            raise UserError("zero")
        return number

    with pytest.raises(UserError, match="zero"):
        each(list(range(200)), work, at_once=2)
    assert len(begun) < 200


def change(subject, action=UPDATE, needs=(), lane=None):
    return Change(action, "thing", subject, payload=lane or subject, needs=tuple(("thing", name) for name in needs))


def lane(change):
    return change.payload


def outcomes(changes, do, **more):
    return [(outcome.change.name, outcome.error) for outcome in in_lanes(changes, do, lane, **more)]


def test_lanes_go_side_by_side_and_outcomes_keep_the_order_of_the_plan():
    together = threading.Barrier(3, timeout=10)
    assert outcomes([change("a"), change("b"), change("c")], lambda _change: together.wait()) == [
        ("a", None), ("b", None), ("c", None),
    ]  # fmt: skip


def test_a_lane_is_done_in_order_and_what_is_needed_comes_first():
    done, lock = [], threading.Lock()

    def do(change):
        with lock:
            done.append(change.name)

    changes = [change("user", CREATE), change("group", CREATE), change("member", needs=["user", "group"], lane="group")]
    outcomes(changes, do)
    assert done.index("member") == 2


def test_what_needs_a_failed_one_is_skipped_and_the_rest_is_done():
    def do(change):
        if change.name == "a":
            raise UserError("refused")

    changes = [change("a", CREATE), change("b"), change("c", needs=["a"]), change("d", needs=["c"]), change("a")]
    assert outcomes(changes, do) == [
        ("a", "refused"),
        ("b", None),
        ("c", "skipped, because thing 'a' failed"),
        ("d", "skipped, because thing 'c' failed"),
        ("a", "skipped, because thing 'a' failed"),
    ]


class Gone(UserError):
    hopeless = True


def test_nothing_more_is_begun_when_everything_would_fail():
    begun = []

    def do(change):
        begun.append(change.name)
        raise Gone("the network is gone")

    found = outcomes([change(f"n{number}") for number in range(50)], do, at_once=2)
    assert len(begun) <= 4
    assert found[-1] == ("n49", "not begun: the network is gone")


def test_bugs_come_through():
    with pytest.raises(ZeroDivisionError):
        outcomes([change("a"), change("b")], lambda _change: 1 / 0)


def test_it_is_told_how_far_it_is():
    told = []
    outcomes([change(f"n{number}") for number in range(5)], lambda _change: None, moved=lambda *at: told.append(at))
    assert told[-1] == (5, 0)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.sets(st.integers(0, 4), max_size=2), st.integers(0, 2)), max_size=20),
    st.sets(st.integers(0, 19)),
)
def test_any_plan_ends_each_change_once_after_all_it_waits_for(shape, failing):
    changes = [
        change(f"s{subject}", needs=[f"s{need}" for need in sorted(needs)], lane=f"l{number}")
        for subject, needs, number in shape
    ]
    at = {id(one): index for index, one in enumerate(changes)}
    ended, lock = [], threading.Lock()

    def do(one):
        with lock:
            ended.append(at[id(one)])
        if at[id(one)] in failing:
            raise UserError("refused")

    found = list(in_lanes(changes, do, lane, at_once=3))
    assert [outcome.change for outcome in found] == changes
    assert len(set(ended)) == len(ended)
    for place, index in enumerate(ended):
        for earlier in range(index):
            if changes[earlier].payload == changes[index].payload and earlier in ended:
                assert earlier in ended[:place]
