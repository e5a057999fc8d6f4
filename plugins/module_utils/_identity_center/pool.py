# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many asynchronous operations of Identity Center, as many of them outstanding as AWS takes, and no more.

Knows neither AWS nor what the operations do: it is told how to begin one and how to ask which have ended. Requests
to begin are sent side by side; which have ended is asked for all of them at once, when the oldest can be expected to.
"""

from __future__ import annotations

import random
import time
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Callable, Dict, Generic, Hashable, Iterable, Iterator, List, Mapping, Optional, Sequence, TypeVar

from .._reconcile import UserError
from .expectation import Expectation
from .lanes import Lanes, Waiting

OUTSTANDING = 10  # AWS takes no more assignment creations at a time

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0  # seconds until what was not taken is tried again
_GROWTH = 0.5  # places that are regained with each operation that ended well, after AWS took no more

T = TypeVar("T")

# Begins an item's operation for the n-th time (from 0): returns its request id, or None where nothing is left to do.
Start = Callable[[T, int], Optional[str]]

# Asked with request ids, gives those that have ended, each with why it failed, '' for success (or as far as known).
Ended = Callable[[Sequence[str]], Mapping[str, str]]

# Told how many items are finished, and how many operations are outstanding.
Moved = Callable[[int, int], None]


class Busy(UserError):
    """Not now, and nothing was begun: something else is under way there."""


class Throttled(Busy):
    """Not now, and nothing was begun: AWS takes no more at present, because of others too."""


class Halt(UserError):
    """Nothing more can be done in this run, for example because the network or the sign-in is gone."""


class Lost(Halt):
    """As `Halt`, and it is not known whether AWS has taken the request to begin."""


@dataclass(frozen=True)
class Finished(Generic[T]):
    """What became of an item. reason: why it failed, '' for success. request_id: None if nothing was outstanding."""

    item: T
    reason: str
    request_id: Optional[str] = None


@dataclass
class _Running(Generic[T]):
    item: T
    since: float
    deadline: float


class Pool(Generic[T]):
    """Keeps up to `size` operations outstanding and gives each `timeout` seconds to end.

    lane: of a lane, such as an account, only one operation is outstanding at a time.
    threads: makes what begins operations side by side; a test gives one that works at once.
    """

    def __init__(
        self,
        start: Start[T],
        ended: Ended,
        lane: Callable[[T], Hashable],
        timeout: float,
        moved: Moved = lambda _done, _in_flight: None,
        size: int = OUTSTANDING,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        threads: Callable[[int], Executor] = ThreadPoolExecutor,
    ) -> None:
        self._start, self._ended, self._timeout, self._size = start, ended, timeout, size
        self._moved, self._threads = moved, threads
        self._clock, self._sleep, self._jitter = clock, sleep, jitter
        self._queue: Lanes[T] = Lanes(lane)
        self._starting: Dict["Future[Optional[str]]", Waiting[T]] = {}
        self._running: Dict[str, _Running[T]] = {}
        self._expect = Expectation()
        self._places = float(size)
        self._asked = float("-inf")  # when it was last asked which have ended
        self._finished = 0

    def run(self, items: Iterable[T]) -> Iterator[Finished[T]]:
        """Yield each item with what became of it, as the operations end."""
        for item in items:
            self._queue.add(Waiting(item))
        with self._threads(self._size) as threads:
            try:
                while self._queue or self._starting or self._running:
                    for finished in self._step(threads):
                        self._finished += 1
                        yield finished
                    self._moved(self._finished, len(self._running) + len(self._starting))
                    self._rest()
            except Halt as halt:
                yield from self._given_up(halt.message)

    def _step(self, threads: Executor) -> Iterator[Finished[T]]:
        """Fill free places, see what has begun, ask what has ended when it is time."""
        now = self._clock()
        while len(self._starting) + len(self._running) < int(self._places):
            waiting = self._queue.take(now)
            if waiting is None:
                break
            if waiting.deadline is None:
                waiting.deadline = now + self._timeout
            self._starting[threads.submit(self._start, waiting.item, waiting.attempt)] = waiting
        for future in [future for future in self._starting if future.done()]:
            yield from self._begun(self._starting.pop(future), future)
        if self._running and self._clock() >= self._next_question():
            yield from self._collect()

    def _begun(self, waiting: Waiting[T], future: "Future[Optional[str]]") -> Iterator[Finished[T]]:
        """What came of a request to begin."""
        item, now = waiting.item, self._clock()
        try:
            request_id = future.result()
        except Busy as busy:
            self._queue.release(item)
            if isinstance(busy, Throttled):
                taken = len(self._running) + len(self._starting)
                self._places = max(1.0, min(self._places, float(taken)))
            if waiting.deadline is not None and now >= waiting.deadline:
                yield Finished(item, f"AWS did not take it within {self._timeout:g} seconds: {busy.message}")
                return
            pause = min(_FIRST_PAUSE * 2**waiting.attempt, _LONGEST_PAUSE)
            waiting.ready = now + pause * (0.5 + 0.5 * self._jitter())
            waiting.attempt += 1
            self._queue.add(waiting)
        except Lost as lost:
            self._queue.release(item)
            yield Finished(item, _unknown(lost))
            raise
        except Halt:
            self._queue.release(item)
            self._queue.add(waiting)
            raise
        except UserError as error:
            self._queue.release(item)
            yield Finished(item, error.message)
        else:
            if request_id is None:
                self._queue.release(item)
                yield Finished(item, "")
            else:
                self._running[request_id] = _Running(item, now, now + self._timeout)

    def _collect(self) -> Iterator[Finished[T]]:
        ended = self._ended(list(self._running))
        before, now = self._asked, self._clock()
        self._asked = now
        for request_id, reason in ended.items():
            running = self._running.pop(request_id)
            self._expect.ended(now - running.since, before - running.since)
            self._places = min(float(self._size), self._places + _GROWTH)
            self._queue.release(running.item)
            yield Finished(running.item, reason, request_id)
        for request_id in [key for key, running in self._running.items() if now >= running.deadline]:
            running = self._running.pop(request_id)
            self._queue.release(running.item)
            text = f"still in progress after {self._timeout:g} seconds (request {request_id}); "
            yield Finished(running.item, text + "run again to go on, or raise wait_timeout")

    def _next_question(self) -> float:
        """When the oldest can be expected to have ended, and not soon after the last question."""
        oldest = min(running.since for running in self._running.values())
        return self._expect.next_question(oldest, self._asked, len(self._running) / self._size)

    def _rest(self) -> None:
        """Until something can be done: an answer has come, a question is due, or something that waits may be tried."""
        now = self._clock()
        moments: List[float] = []
        if self._running:
            moments.append(self._next_question())
        if len(self._starting) + len(self._running) < int(self._places):
            ready = self._queue.ready()
            moments += [] if ready is None else [ready]
        pause = max(0.0, min(moments) - now) if moments else None
        if self._starting:
            wait(self._starting, timeout=pause, return_when=FIRST_COMPLETED)
        elif pause:
            self._sleep(pause)

    def _given_up(self, why: str) -> Iterator[Finished[T]]:
        """What is not known and what was not done, when nothing more can be."""
        wait(self._starting)
        for future, waiting in self._starting.items():
            error = future.exception()
            if isinstance(error, Lost):
                yield Finished(waiting.item, _unknown(error))
            elif isinstance(error, (Busy, Halt)):
                self._queue.add(waiting)
            elif isinstance(error, UserError):
                yield Finished(waiting.item, error.message)
            else:
                request_id = future.result()
                if request_id is None:
                    yield Finished(waiting.item, "")
                else:
                    self._running[request_id] = _Running(waiting.item, 0.0, 0.0)
        for request_id, running in self._running.items():
            text = f"how it ended is not known (request {request_id}); run again to find out. {why}"
            yield Finished(running.item, text)
        for item in self._queue.drain():
            yield Finished(item, f"not started: {why}")
        self._running, self._starting = {}, {}


def _unknown(lost: Lost) -> str:
    return f"whether it was begun is not known; run again to find out. {lost.message}"
