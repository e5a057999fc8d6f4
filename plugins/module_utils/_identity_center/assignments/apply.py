# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating and deleting account assignments, and finding out what became of each.

The lists of operations tell neither reason nor target. So they are only asked which operations have ended; then the
assignments are read again, which costs a hundredth of describing each operation, and only those that are not as
they should be are described.
"""

from __future__ import annotations

from typing import Callable, Iterator, List, Optional, Sequence, Set

from ..._aws import AwsError
from ..._parallel import each
from ..._reconcile import CREATE, DELETE, Change, Outcome
from ..._waiting import wait_until
from ..pool import Busy, Finished, Moved, Pool
from .lookup import Connection
from .reading import may_be_gone, read_cheaply
from .records import Running


class Applying:
    """running: operations that were in progress when the plan was made. timeout: seconds for each operation."""

    def __init__(self, to: Connection, running: Running, timeout: float) -> None:
        self._to, self._api = to, to.api
        self._running, self._timeout = running, timeout
        self._over: Set[str] = set()  # operations that were in progress and have ended

    def run(self, action: str, changes: Sequence[Change], moved: Moved) -> Iterator[Outcome]:
        """All creations, or all deletions, and what became of each, in the order of the plan."""
        place = {id(change): index for index, change in enumerate(changes)}
        outcomes = list(self._outcomes(action, changes, moved))
        return iter(sorted(outcomes, key=lambda outcome: place[id(outcome.change)]))

    def _outcomes(self, action: str, changes: Sequence[Change], moved: Moved) -> Iterator[Outcome]:
        pool: Pool[Change] = Pool(
            self._start, lambda request_ids: self._api.ended(action, request_ids), _account, self._timeout, moved
        )
        unsure: List[Finished[Change]] = []
        for finished in pool.run(changes):
            if finished.request_id is None:
                yield Outcome(finished.item, finished.reason or None)
            else:
                unsure.append(finished)
        yield from self._found_out(action, unsure)

    def _start(self, change: Change, attempt: int) -> Optional[str]:
        """Take over what is under way already; wait for the end of what undoes the change; otherwise begin it."""
        key = change.payload.key
        same, other, opposite = self._running.creating, self._running.deleting, DELETE
        if change.action == DELETE:
            same, other, opposite = other, same, CREATE
        if key in same and not attempt:
            return same[key]
        if key in other and other[key] not in self._over:
            if not self._api.ended(opposite, [other[key]]):
                raise Busy(f"an operation to {opposite} it is still in progress (request {other[key]})")
            self._over.add(other[key])
        return self._api.start(change.action, key, attempt)

    def _found_out(self, action: str, finished: Sequence[Finished[Change]]) -> Iterator[Outcome]:
        if not finished:
            return
        assignments = [one.item.payload for one in finished]
        try:
            there = read_cheaply(self._to, [one.key for one in assignments], may_be_gone(assignments))
        except AwsError as error:
            for one in finished:
                yield Outcome(one.item, f"how it ended is not known (request {one.request_id}): {error.message}")
            return
        unlike = [one for one in finished if (one.item.payload.key in there) != (action == CREATE)]
        reasons = dict(zip((one.request_id for one in unlike), each(unlike, self._reason(action))))
        for one in finished:
            yield Outcome(one.item, reasons.get(one.request_id) or None)

    def _reason(self, action: str) -> Callable[[Finished[Change]], str]:
        """Of an operation that seems to have failed: why, or '' if the list of assignments only lags behind."""

        def reason(finished: Finished[Change]) -> str:
            request_id = str(finished.request_id)
            try:
                state = wait_until(
                    lambda: self._api.reason(action, request_id), lambda found: found is not None, self._timeout
                )
            except AwsError as error:
                return f"how it ended is not known (request {request_id}): {error.message}"
            if state is None:
                return f"still in progress after {self._timeout:g} seconds (request {request_id})"
            return state

        return reason


def _account(change: Change) -> str:
    """AWS updates one role at a time in an account."""
    return str(change.payload.account.id)
