from __future__ import annotations

from ansible_collections.keyless.aws.plugins.module_utils._waiting import wait_until


class Time:
    def __init__(self):
        self.now, self.pauses = 0.0, []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        self.pauses.append(seconds)


def wait(states, timeout, time):
    states = list(states)
    return wait_until(lambda: states.pop(0), lambda state: state == "done", timeout, time.clock, time.sleep)


def test_what_is_done_is_not_waited_for():
    time = Time()
    assert wait(["done"], 0, time) == "done"
    assert time.pauses == []


def test_questions_become_rarer_up_to_five_seconds():
    time = Time()
    assert wait(["busy"] * 12 + ["done"], 600, time) == "done"
    assert time.pauses[0] < 0.5
    assert time.pauses == sorted(time.pauses)
    assert time.pauses[-1] == 5.0


def test_after_the_time_the_last_state_comes_back():
    time = Time()
    assert wait(["busy"] * 100, 3, time) == "busy"
    assert time.now == 3
