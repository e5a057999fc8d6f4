# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many asynchronous operations of Identity Center, a few of them outstanding at a time.

Knows neither AWS nor what the operations do: it is told how to start one and how to ask which have ended.
"""

from __future__ import annotations

import random
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Callable, Deque, Dict, Generic, Iterable, Iterator, Mapping, Optional, Sequence, Tuple, TypeVar

from .._reconcile import UserError

OUTSTANDING = 10  # AWS takes no more assignment creations at a time

_SOON, _SELDOM = 0.2, 5.0  # seconds between two questions, when something has just happened and after a long time

T = TypeVar("T")

# Starts an item's operation for the n-th time (from 0): returns its request id, or None where nothing is left to do.
Start = Callable[[T, int], Optional[str]]

# Asked with request ids, gives the statuses of those that have ended: `{Status: FAILED | SUCCEEDED, FailureReason}`.
Ended = Callable[[Sequence[str]], Mapping[str, Mapping[str, Any]]]


class Busy(UserError):
    """Not now, and nothing was started: AWS wants a pause, or something else is under way there."""


class Halt(UserError):
    """Nothing more can be done in this run, for example because the network or the sign-in is gone."""


@dataclass
class _Waiting(Generic[T]):
    item: T
    attempt: int = 0
    ready: float = 0.0  # not before
    deadline: Optional[float] = None  # set when it was first tried


class Pool(Generic[T]):
    """Keeps up to `size` operations outstanding and gives each `timeout` seconds to end."""

    def __init__(
        self,
        start: Start[T],
        ended: Ended,
        timeout: float,
        size: int = OUTSTANDING,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._start, self._ended, self._timeout, self._size = start, ended, timeout, size
        self._clock, self._sleep, self._jitter = clock, sleep, jitter
        self._queue: Deque[_Waiting[T]] = deque()
        self._running: Dict[str, Tuple[T, float]] = {}

    def run(self, items: Iterable[T]) -> Iterator[Tuple[T, str]]:
        """Yield each item with why it failed, '' for success, as the operations end."""
        self._queue = deque(_Waiting(item) for item in items)
        pause = _SOON
        try:
            while self._queue or self._running:
                happened = False
                for outcome in self._step():
                    happened = True
                    yield outcome
                pause = _SOON if happened else min(pause * 1.5, _SELDOM)
                self._rest(pause)
        except Halt as halt:
            yield from self._given_up(halt.message)

    def _step(self) -> Iterator[Tuple[T, str]]:
        """Fill free places, then collect what has ended."""
        for _turn in range(len(self._queue)):
            if len(self._running) >= self._size:
                break
            waiting = self._queue.popleft()
            if waiting.ready > self._clock():
                self._queue.append(waiting)
            else:
                yield from self._begin(waiting)
        if self._running:
            yield from self._collect()

    def _begin(self, waiting: _Waiting[T]) -> Iterator[Tuple[T, str]]:
        now = self._clock()
        if waiting.deadline is None:
            waiting.deadline = now + self._timeout
        try:
            request_id = self._start(waiting.item, waiting.attempt)
        except Busy as busy:
            if now >= waiting.deadline:
                yield waiting.item, f"AWS did not take it within {self._timeout:g} seconds: {busy.message}"
                return
            waiting.ready = now + min(0.5 * 2**waiting.attempt, 10.0) * (0.5 + 0.5 * self._jitter())
            waiting.attempt += 1
            self._queue.append(waiting)
        except Halt:
            self._queue.appendleft(waiting)
            raise
        except UserError as error:
            yield waiting.item, error.message
        else:
            if request_id is None:
                yield waiting.item, ""
            else:
                self._running[request_id] = (waiting.item, self._clock() + self._timeout)

    def _collect(self) -> Iterator[Tuple[T, str]]:
        for request_id, status in self._ended(list(self._running)).items():
            item, _deadline = self._running.pop(request_id)
            reason = status.get("FailureReason") or "AWS gives no reason"
            yield item, "" if status["Status"] == "SUCCEEDED" else reason
        now = self._clock()
        for request_id in [key for key, (_item, deadline) in self._running.items() if now >= deadline]:
            item, _deadline = self._running.pop(request_id)
            text = f"still in progress after {self._timeout:g} seconds (request {request_id}); "
            yield item, text + "run again to go on, or raise wait_timeout"

    def _rest(self, pause: float) -> None:
        """Until the next question is due, or the first that waits may be tried and finds a place."""
        now = self._clock()
        moments = [waiting.ready for waiting in self._queue] if len(self._running) < self._size else []
        if self._running:
            moments.append(now + pause)
        if moments and min(moments) > now:
            self._sleep(min(moments) - now)

    def _given_up(self, why: str) -> Iterator[Tuple[T, str]]:
        for request_id, (item, _deadline) in self._running.items():
            yield item, f"how it ended is not known (request {request_id}); run again to find out. {why}"
        for waiting in self._queue:
            yield waiting.item, f"not started: {why}"
        self._running, self._queue = {}, deque()
