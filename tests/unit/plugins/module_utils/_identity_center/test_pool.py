from __future__ import annotations

import threading
from concurrent.futures import Future
from unittest import mock

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.pool import Busy, Halt, Lost, Pool, Throttled
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from hypothesis import given
from hypothesis import strategies as st


class AtOnce:
    """Threads that have done their work before one looks."""

    def __init__(self, _size):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def submit(self, work, *arguments):
        future = Future()
        try:
            future.set_result(work(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


class Service:
    """Operations that take `seconds` on a clock that only sleeping moves. Counts what it is asked."""

    def __init__(self, seconds=1.0, most=10, refusals=(), failing=(), stuck=(), done=()):
        self.now, self.seconds, self.most = 0.0, seconds, most
        self.refusals = {item: list(errors) for item, errors in dict(refusals).items()}
        self.failing, self.stuck, self.done = failing, stuck, done
        self.busy = lambda: Busy("too many")
        self.ends, self.started, self.attempts, self.peak, self.asked = {}, [], [], 0, 0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds

    def outstanding(self):
        return sum(end > self.now for end in self.ends.values())

    def start(self, item, attempt):
        self.attempts.append((item, attempt))
        if self.refusals.get(item):
            raise self.refusals[item].pop(0)
        if item in self.done:
            return None
        if self.outstanding() >= self.most:
            raise self.busy()
        self.started.append(item)
        self.ends[f"request {item}"] = float("inf") if item in self.stuck else self.now + self.seconds
        self.peak = max(self.peak, self.outstanding())
        return f"request {item}"

    def ended(self, request_ids):
        self.asked += 1
        over = [each for each in request_ids if self.ends[each] <= self.now]
        return {each: "because" if each[8:] in self.failing else "" for each in over}

    def pool(self, timeout=60.0, size=10, lane=lambda item: item, **more):
        return Pool(
            self.start, self.ended, lane, timeout, size=size, clock=self.clock, sleep=self.sleep,
            jitter=lambda: 1.0, threads=AtOnce, **more,
        )  # fmt: skip

    def run(self, items, **settings):
        return {finished.item: finished.reason for finished in self.pool(**settings).run(items)}


def names(count):
    return [f"n{number}" for number in range(count)]


def test_everything_is_done_and_never_more_than_ten_at_a_time():
    service = Service()
    assert service.run(names(35)) == dict.fromkeys(names(35), "")
    assert service.started == names(35)
    assert service.peak == 10


def test_places_are_filled_again_at_once():
    service = Service(seconds=1.0)
    service.run(names(50))
    assert service.now <= 5 * 1.0 * 1.5


def test_of_a_lane_only_one_is_outstanding_and_the_longest_goes_first():
    service = Service()
    items = ["a1", "b1", "b2", "b3"]
    assert service.run(items, lane=lambda item: item[0]) == dict.fromkeys(items, "")
    assert service.peak == 2
    assert service.started[:2] == ["b1", "a1"]


@pytest.mark.parametrize("seconds", [0.1, 0.5, 2.0, 8.0])
def test_few_questions_are_asked_whatever_operations_take(seconds):
    service = Service(seconds=seconds)
    service.run(names(200))
    assert service.now <= 20 * seconds * 1.5 + 6
    assert service.asked <= 20 * max(4, 4 * seconds)


def test_when_others_take_the_places_fewer_are_tried():
    service = Service(seconds=1.0, most=3)
    service.busy = lambda: Throttled("too many")
    assert service.run(names(30)) == dict.fromkeys(names(30), "")
    assert len(service.attempts) <= 30 * 1.5
    assert service.now <= 30 / 3 * 1.8


def test_it_is_told_how_far_it_is():
    told = []
    Service().run(names(12), moved=lambda done, in_flight: told.append((done, in_flight)))
    assert told[0] == (0, 10)
    assert told[-1] == (12, 0)
    assert all(one[0] <= other[0] for one, other in zip(told, told[1:], strict=False))


def test_requests_to_begin_are_sent_side_by_side():
    together = threading.Barrier(4, timeout=10)

    def start(item, _attempt):
        together.wait()
        return f"request {item}"

    pool = Pool(start, lambda request_ids: dict.fromkeys(request_ids, ""), lambda item: item, 60.0, size=4)
    assert {finished.item for finished in pool.run(names(4))} == set(names(4))


def test_nothing_to_do_asks_nothing():
    service = Service()
    assert service.run([]) == {}
    assert (service.now, service.asked) == (0.0, 0)


def test_what_is_so_already_takes_no_place_and_no_time():
    service = Service(done=names(20))
    assert service.run(names(20)) == dict.fromkeys(names(20), "")
    assert (service.now, service.asked) == (0.0, 0)


def test_failures_are_told_with_their_reason_and_the_others_go_on():
    service = Service(failing=["n1"], refusals={"n2": [UserError("refused")]})
    assert service.run(names(4)) == {"n0": "", "n1": "because", "n2": "refused", "n3": ""}


def test_what_aws_does_not_take_yet_is_tried_again_ever_more_rarely():
    service = Service(refusals={"n0": [Busy("slow down")] * 4})
    assert service.run(["n0"]) == {"n0": ""}
    assert [attempt for _item, attempt in service.attempts] == [0, 1, 2, 3, 4]
    assert service.now >= 0.5 + 1 + 2 + 4


def test_others_are_served_while_one_has_to_wait():
    service = Service(refusals={"n0": [Busy("slow down")]})
    service.run(names(3))
    assert service.started == ["n1", "n2", "n0"]


def test_what_aws_never_takes_is_given_up_and_named():
    service = Service(refusals={"n0": [Busy("slow down")] * 99})
    ended = service.run(names(2), timeout=30)
    assert ended == {"n0": "AWS did not take it within 30 seconds: slow down", "n1": ""}
    assert 30 <= service.now <= 45


def test_what_does_not_end_is_named_and_its_place_given_to_others():
    service = Service(stuck=["n0"], most=99)
    ended = service.run(names(3), timeout=5, size=1)
    assert ended["n0"] == (
        "still in progress after 5 seconds (request request n0); run again to go on, or raise wait_timeout"
    )
    assert (ended["n1"], ended["n2"]) == ("", "")


@pytest.mark.parametrize("where", ["start", "ended"])
def test_when_nothing_more_can_be_done_every_item_is_accounted_for(where):
    service = Service()
    if where == "start":
        service.refusals = {"n2": [Halt("the network is gone")]}
    else:
        service.ended = mock.Mock(side_effect=Halt("the network is gone"))
    ended = service.run(names(4), size=3)
    assert set(ended) == set(names(4))
    assert ended["n0"].startswith("how it ended is not known (request request n0); run again to find out.")
    assert ended["n3"] == "not started: the network is gone"
    assert all("the network is gone" in reason for reason in ended.values())


@given(
    count=st.integers(0, 40),
    seconds=st.floats(0, 20),
    most=st.integers(1, 12),
    failing=st.sets(st.integers(0, 40)),
    busy=st.dictionaries(st.integers(0, 40), st.integers(0, 3)),
)
def test_each_item_ends_once_and_starts_once(count, seconds, most, failing, busy):
    service = Service(
        seconds, most, {f"n{number}": [Busy("later")] * times for number, times in busy.items()},
        failing={f"n{number}" for number in failing},
    )  # fmt: skip
    ended = service.run(names(count), timeout=1e6)
    assert ended == {name: "because" if name in service.failing else "" for name in names(count)}
    assert sorted(service.started) == sorted(names(count))
    assert service.peak <= min(10, most)


def test_what_aws_may_have_taken_is_never_called_not_started():
    service = Service()
    service.refusals = {"n0": [Lost("the network is gone")], "n1": [Halt("the sign-in is gone")]}
    ended = service.run(names(4), size=2)
    assert ended["n0"] == "whether it was begun is not known; run again to find out. the network is gone"
    assert ended["n1"].startswith("not started: ")
    assert service.started == []
