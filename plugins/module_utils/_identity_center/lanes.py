# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits for its turn, in lanes of which each gives one thing at a time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Callable, Deque, Dict, Generic, Hashable, Iterator, Optional, Set, TypeVar

T = TypeVar("T")


@dataclass(eq=False)
class Waiting(Generic[T]):
    """attempt: how often it was tried. ready: not before. deadline: set when it was first tried. Seconds of a clock."""

    item: T
    attempt: int = 0
    ready: float = 0.0
    deadline: Optional[float] = None


class Lanes(Generic[T]):
    """Takes from the longest lane first, so that no lane is left over for the end, where it would be done alone."""

    def __init__(self, lane: Callable[[T], Hashable]) -> None:
        self._lane = lane
        self._lanes: Dict[Hashable, Deque[Waiting[T]]] = {}
        self._taken: Set[Hashable] = set()

    def __bool__(self) -> bool:
        return bool(self._lanes)

    def add(self, waiting: Waiting[T]) -> None:
        self._lanes.setdefault(self._lane(waiting.item), deque()).append(waiting)

    def take(self, now: float) -> Optional[Waiting[T]]:
        """What is next; its lane is taken until `release`. None: nothing may be tried at present."""
        free = [(len(waiting), lane) for lane, waiting in self._lanes.items() if lane not in self._taken]
        for _size, lane in sorted(free, key=lambda entry: -entry[0]):
            for waiting in self._lanes[lane]:
                if waiting.ready <= now:
                    self._remove(lane, waiting)
                    self._taken.add(lane)
                    return waiting
        return None

    def _remove(self, lane: Hashable, waiting: Waiting[T]) -> None:
        self._lanes[lane].remove(waiting)
        if not self._lanes[lane]:
            del self._lanes[lane]

    def release(self, item: T) -> None:
        self._taken.discard(self._lane(item))

    def ready(self) -> Optional[float]:
        """The first moment at which something in a free lane may be tried; None if there is nothing."""
        moments = []
        for lane, queue in self._lanes.items():
            if lane not in self._taken:
                if not queue[0].ready:  # what was put back stands behind what was never tried
                    return queue[0].ready
                moments.append(min(waiting.ready for waiting in queue))
        return min(moments) if moments else None

    def drain(self) -> Iterator[T]:
        """Everything that waits, without leaving anything."""
        lanes, self._lanes = self._lanes, {}
        for queue in lanes.values():
            for waiting in queue:
                yield waiting.item
