from __future__ import annotations

from ansible_collections.keyless.aws.plugins.module_utils._identity_center.operations import settle


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 0.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        assert seconds >= 0
        self.now += seconds


def run(statuses, timeout=60.0):
    """statuses: request id -> list of answers, the last one repeated."""
    time, asked = Time(), []

    def describe(request_id):
        asked.append(request_id)
        answers = statuses[request_id]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    ended = dict(settle({name: f"what {name} is" for name in statuses}, describe, timeout, time.clock, time.sleep))
    return ended, asked, time.now


BUSY, DONE = {"Status": "IN_PROGRESS"}, {"Status": "SUCCEEDED"}


def test_each_is_told_as_it_ends_and_not_asked_for_again():
    ended, asked, _now = run({"a": [DONE], "b": [BUSY, BUSY, DONE]})
    assert ended == {"what a is": "", "what b is": ""}
    assert asked.count("a") == 1
    assert asked.count("b") == 3


def test_a_failure_has_awss_reason():
    ended, _asked, _now = run({"a": [{"Status": "FAILED", "FailureReason": "suspended"}], "b": [{"Status": "FAILED"}]})
    assert ended == {"what a is": "suspended", "what b is": "AWS gives no reason"}


def test_what_does_not_end_is_named_with_its_request_after_the_time_given():
    ended, _asked, now = run({"a": [BUSY], "b": [DONE]}, timeout=30)
    assert "still in progress after 30 seconds (request a)" in ended["what a is"]
    assert ended["what b is"] == ""
    assert 30 <= now < 31


def test_questions_become_rare():
    _ended, asked, _now = run({"a": [BUSY]}, timeout=600)
    assert len(asked) < 140


def test_nothing_pending_asks_nothing():
    assert run({}) == ({}, [], 0.0)
