from __future__ import annotations

import threading

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._pace import BURST, Pace
from hypothesis import given
from hypothesis import strategies as st


class Time:
    """A clock that only sleeping, or the test, moves."""

    def __init__(self):
        self.now = 1000.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds


def paced(rate=18.0, jitter=1.0):
    time = Time()
    return time, Pace(rate, time.clock, time.sleep, lambda: jitter)


def moments(time, pace, count, pause=0.0):
    sent = []
    for _each in range(count):
        pace.take()
        sent.append(time.now)
        time.now += pause
    return sent


def most_in_a_second(sent):
    return max(sum(start <= moment < start + 1.0 for moment in sent) for start in sent)


def test_a_few_go_at_once_then_the_rate_holds():
    time, pace = paced()
    sent = moments(time, pace, 200)
    assert sent[int(BURST) - 1] == 1000.0
    assert sent[int(BURST)] > 1000.0
    assert (200 - BURST) / (sent[-1] - sent[0]) == pytest.approx(18.0, rel=0.01)


def test_who_is_slower_than_the_rate_never_waits():
    time, pace = paced()
    sent = moments(time, pace, 50, pause=0.06)
    assert sent[-1] == pytest.approx(1000.0 + 49 * 0.06)


@given(st.lists(st.floats(0, 3), max_size=60), st.sampled_from([0.5, 1.0, 5.0, 18.0, 200.0]))
def test_never_more_than_the_bucket_and_the_rate(pauses, rate):
    time, pace = paced(rate)
    sent = []
    for pause in pauses:
        time.now += pause
        pace.take()
        sent.append(time.now)
    for index, start in enumerate(sent):
        for count, moment in enumerate(sent[index:], start=1):
            assert count <= max(1, min(BURST, rate)) + rate * (moment - start) + 1e-6


def test_a_bucket_of_twenty_a_second_is_never_empty():
    """AWS's own limit, as far as it is known: a second's worth, refilled all the time."""
    time, pace = paced()
    tokens, seen = 20.0, time.now
    for _each in range(500):
        pace.take()
        tokens, seen = min(20.0, tokens + (time.now - seen) * 20.0), time.now
        tokens -= 1
        assert tokens >= 0


def test_throttling_slows_everything_down_and_passes():
    time, pace = paced()
    moments(time, pace, 20)
    pace.throttled()
    assert pace.rate == pytest.approx(18.0 * 0.7)
    slow = moments(time, pace, 9)
    assert most_in_a_second(slow) <= 14
    time.now += 60
    assert pace.rate == 18.0


def test_answers_of_one_moment_count_once_and_the_rate_has_a_floor():
    time, pace = paced()
    for _each in range(10):
        pace.throttled()
    assert pace.rate == pytest.approx(18.0 * 0.7)
    for _each in range(100):
        time.now += 1.0
        pace.throttled()
    assert 1.0 <= pace.rate <= 4.0


def test_nothing_is_sent_as_long_as_aws_asks_for():
    time, pace = paced()
    pace.throttled(retry_after=7)
    pace.take()
    assert time.now >= 1007.0


def test_back_off_grows_and_honours_what_aws_asks():
    _time, pace = paced()
    assert [pace.back_off(attempt) for attempt in (1, 2, 3, 10)] == [0.5, 1.0, 2.0, 20.0]
    assert pace.back_off(1, retry_after=9) == 9
    _time, pace = paced(jitter=0.0)
    assert pace.back_off(1) == 0.25


def test_a_rate_below_one_is_kept_too():
    time, pace = paced(0.5)
    sent = moments(time, pace, 3)
    assert sent == [1000.0, 1002.0, 1004.0]
    pace.throttled()
    assert pace.rate == 0.5


def test_threads_share_it():
    lock, waited = threading.Lock(), []

    def sleep(seconds):
        with lock:
            waited.append(seconds)

    pace = Pace(10.0, lambda: 0.0, sleep)
    threads = [threading.Thread(target=lambda: [pace.take() for _each in range(25)]) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(waited) == pytest.approx((100 - min(BURST, 10)) / 10.0)
    assert len(waited) == 100 - min(BURST, 10)
