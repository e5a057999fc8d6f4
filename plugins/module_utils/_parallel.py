# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that is done side by side, because most of its time is waiting for answers."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Callable, Dict, Iterator, List, Sequence, Set, Tuple, TypeVar, Union

from ._reconcile import Change, Outcome, Subject, UserError

AT_ONCE = 10

T = TypeVar("T")
R = TypeVar("R")


def in_parallel(items: Sequence[T], work: Callable[[T], R], at_once: int = AT_ONCE) -> List[Union[R, UserError]]:
    """What `work` gives for each item, in order, or the `UserError` that it raised; a few at a time."""

    def one(item: T) -> Union[R, UserError]:
        try:
            return work(item)
        except UserError as error:
            return error

    if len(items) < 2:
        return [one(item) for item in items]
    with ThreadPoolExecutor(max_workers=min(at_once, len(items))) as threads:
        return list(threads.map(one, items))


def each(
    items: Sequence[T],
    work: Callable[[T], R],
    at_once: int = AT_ONCE,
    moved: Callable[[int], None] = lambda _done: None,
) -> List[R]:
    """What `work` gives for each item, in order; the first error ends it, and what has not begun by then never does.

    moved: told how many of the first items are done.
    """
    if len(items) < 2:
        return [work(item) for item in items]
    found: List[R] = []
    with ThreadPoolExecutor(max_workers=min(at_once, len(items))) as threads:
        futures = [threads.submit(work, item) for item in items]
        try:
            for future in futures:
                found.append(future.result())
                moved(len(found))
            return found
        except BaseException:
            for future in futures:
                future.cancel()
            raise


def in_lanes(
    changes: Sequence[Change],
    do: Callable[[Change], None],
    lane: Callable[[Change], object],
    moved: Callable[[int, int], None] = lambda _done, _in_flight: None,
    at_once: int = AT_ONCE,
) -> Iterator[Outcome]:
    """Do changes side by side, and yield their outcomes in the order of the plan.

    Those of one lane are done one after the other, in order. A change also waits for earlier ones that it needs, and
    for earlier ones of its own subject; when one of these failed it is skipped, as in `in_order`. After an error that
    is `hopeless`, such as the loss of the network, nothing more is begun.
    moved: told after each change how many are done and how many are being done.
    """
    run = _Lanes(changes, lane)
    with ThreadPoolExecutor(max_workers=max(1, min(at_once, len(changes)))) as threads:
        working: Dict["Future[None]", int] = {}
        while len(run.outcomes) < len(changes):
            for index in run.ready(at_once - len(working)):
                working[threads.submit(do, changes[index])] = index
            if not working:
                continue  # the last ones were skipped
            for future in wait(working, return_when=FIRST_COMPLETED).done:
                run.ended(working.pop(future), future)
            moved(len(run.outcomes), len(working))
    return iter([run.outcomes[index] for index in range(len(changes))])


class _Lanes:
    def __init__(self, changes: Sequence[Change], lane: Callable[[Change], object]) -> None:
        self._changes = changes
        self.outcomes: Dict[int, Outcome] = {}
        self._failed: Set[Subject] = set()
        self._hopeless = ""
        self._waits: Dict[int, Set[int]] = {}  # change -> earlier ones that are not done yet
        self._waited_for: Dict[int, List[int]] = {}
        last: Dict[Tuple[str, object], int] = {}
        for index, change in enumerate(changes):
            keys = [("lane", lane(change))] + [("subject", subject) for subject in (change.subject,) + change.needs]
            before = {last[key] for key in keys if key in last}
            self._waits[index] = before
            for other in before:
                self._waited_for.setdefault(other, []).append(index)
            last[("lane", lane(change))] = last[("subject", change.subject)] = index
        self._ready = [index for index, before in self._waits.items() if not before]

    def ready(self, most: int) -> List[int]:
        """What can begin now, and never what has to be skipped."""
        chosen: List[int] = []
        while self._ready and len(chosen) < most:
            index = self._ready.pop(0)
            outcome = self._skipped(self._changes[index])
            if outcome is None:
                chosen.append(index)
            else:
                self._settle(index, outcome)
        return chosen

    def _skipped(self, change: Change) -> Union[Outcome, None]:
        if self._hopeless:
            return Outcome(change, f"not begun: {self._hopeless}", skipped=True)
        missing = [subject for subject in (change.subject,) + change.needs if subject in self._failed]
        if not missing:
            return None
        return Outcome(change, f"skipped, because {missing[0][0]} '{missing[0][1]}' failed", skipped=True)

    def ended(self, index: int, future: "Future[None]") -> None:
        change = self._changes[index]
        try:
            future.result()
        except UserError as error:
            if getattr(error, "hopeless", False):
                self._hopeless = error.message
            self._settle(index, Outcome(change, error.message))
        else:
            self._settle(index, Outcome(change))

    def _settle(self, index: int, outcome: Outcome) -> None:
        self.outcomes[index] = outcome
        if outcome.error is not None:
            self._failed.add(outcome.change.subject)
        for other in self._waited_for.get(index, []):
            self._waits[other].discard(index)
            if not self._waits[other]:
                self._ready.append(other)
