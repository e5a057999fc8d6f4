# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast requests may follow each other: just under what AWS allows, and slower where it is throttled all the same.

Identity Center allows about 20 requests a second over all of its APIs together (AWS: "IAM Identity Center quotas",
collective throttle of 20 transactions a second), of everybody in the organization. So all clients of a run share one
`Pace`, threads too. It knows neither boto3 nor Ansible, and its clock can be given to it.
"""

from __future__ import annotations

import random
import threading
import time
from typing import Any, Callable, Dict, Optional

CALLS_A_SECOND = 18.0  # two less than AWS allows, for whoever else works there

PACE_SPEC: Dict[str, Any] = dict(api_rate=dict(type="float", default=CALLS_A_SECOND))

# Requests that may go out at once after a rest. With them and the rate, a bucket of a second's worth, which is what
# AWS's limits have, is never empty.
BURST = 15.0
SLOWEST = 1.0  # requests a second, however often others cause throttling

_CUT, _CUT_EVERY = 0.7, 1.0  # the rate after throttling, and how many seconds answers count as one event
_REGAIN = 1.0  # requests a second that the rate gains back each second
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 20.0  # seconds

Clock = Callable[[], float]
Sleep = Callable[[float], None]


class Pace:
    """A token bucket (as GCRA, that is one moment instead of a count) that adapts to throttling.

    rate: requests a second at most. clock gives seconds, sleep takes them; jitter gives numbers from 0 to 1.
    """

    def __init__(
        self,
        rate: float = CALLS_A_SECOND,
        clock: Clock = time.monotonic,
        sleep: Sleep = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._most = self._rate = rate
        self._clock, self._sleep, self._jitter = clock, sleep, jitter
        self._lock = threading.Lock()
        self._next = self._seen = clock()  # when the bucket is full again; when the rate was last worked out
        self._not_before = self._cut = float("-inf")

    @property
    def rate(self) -> float:
        """Requests a second that go out at present."""
        with self._lock:
            self._regain(self._clock())
            return self._rate

    def take(self) -> None:
        """Wait for one's turn. Turns are given in the order of asking."""
        with self._lock:
            now = self._clock()
            self._regain(now)
            spare = max(min(BURST, self._rate) - 1, 0) / self._rate
            turn = max(now, self._next - spare, self._not_before)
            self._next = max(turn, self._next) + 1 / self._rate
        if turn > now:
            self._sleep(turn - now)

    def throttled(self, retry_after: Optional[float] = None) -> None:
        """AWS throttled a request: everything goes slower for a while, and stops for as long as AWS asks."""
        with self._lock:
            now = self._clock()
            self._regain(now)
            if now - self._cut >= _CUT_EVERY:
                self._cut = now
                self._rate = max(self._rate * _CUT, min(SLOWEST, self._most))
            # what was saved up is gone: whoever took it was faster
            self._next = max(self._next, now + max(min(BURST, self._rate) - 1, 0) / self._rate)
            self._not_before = max(self._not_before, now + (retry_after or 0.0))

    def back_off(self, attempt: int, retry_after: Optional[float] = None) -> float:
        """Seconds to wait before a request is tried again; attempt counts from 1."""
        pause = min(_FIRST_PAUSE * 2.0 ** (attempt - 1), _LONGEST_PAUSE)
        return max(pause * (0.5 + 0.5 * self._jitter()), retry_after or 0.0)

    def _regain(self, now: float) -> None:
        self._rate = min(self._most, self._rate + (now - self._seen) * _REGAIN)
        self._seen = now
