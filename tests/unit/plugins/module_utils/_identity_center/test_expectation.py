from __future__ import annotations

import random

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.expectation import Expectation


def learned(seconds, times=60, seed=1):
    """What is expected after operations of this length, each asked for as the expectation says."""
    expect, chance = Expectation(), random.Random(seed)
    for _each in range(times):
        length = seconds * chance.uniform(0.9, 1.1)
        asked, before = expect.next_question(0.0, float("-inf")), float("-inf")
        while asked < length:
            before, asked = asked, expect.next_question(0.0, asked)
        expect.ended(asked, before)
    return expect.typical


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.0, 3.0, 10.0])
def test_it_learns_how_long_operations_take(seconds):
    assert seconds * 0.4 <= learned(seconds) <= seconds * 1.6 + 0.25


def test_it_asks_when_the_oldest_is_due_and_never_in_quick_succession():
    expect = Expectation()
    assert expect.next_question(100.0, float("-inf")) == 100.0 + expect.typical
    assert expect.next_question(100.0, 100.9) >= 101.1


def test_what_is_long_overdue_is_asked_for_rarely():
    expect = Expectation()
    assert expect.next_question(0.0, 300.0) == 305.0
