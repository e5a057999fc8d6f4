from __future__ import annotations

from ansible_collections.keyless.aws.plugins.module_utils._identity_center.lanes import Lanes, Waiting


def lanes(*items):
    made = Lanes(lambda item: item[0])
    for item in items:
        made.add(Waiting(item))
    return made


def test_the_longest_lane_goes_first_and_is_taken_until_released():
    queue = lanes("a1", "b1", "b2")
    assert queue.take(0.0).item == "b1"
    assert queue.take(0.0).item == "a1"
    assert queue.take(0.0) is None
    queue.release("b1")
    assert queue.take(0.0).item == "b2"
    assert not queue


def test_what_may_not_be_tried_yet_is_passed_over():
    queue = Lanes(lambda item: item[0])
    queue.add(Waiting("a1", ready=5.0))
    queue.add(Waiting("a2", ready=3.0))
    assert queue.take(1.0) is None
    assert queue.ready() == 3.0
    assert queue.take(4.0).item == "a2"
    assert queue.ready() is None  # its lane is taken


def test_what_was_never_tried_is_ready_at_once():
    queue = lanes("a1")
    queue.add(Waiting("b1", ready=7.0))
    assert queue.ready() == 0.0


def test_nothing_is_left_when_it_is_drained():
    queue = lanes("a1", "b1", "a2")
    assert sorted(queue.drain()) == ["a1", "a2", "b1"]
    assert not queue
