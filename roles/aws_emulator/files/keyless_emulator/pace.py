# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls counted, and calls slowed down."""

from __future__ import annotations

import threading
import time
from typing import Dict

# One limit over all of Identity Center's APIs (IAM Identity Center quotas: a collective 20 transactions a second).
LIMITED = ("sso-admin", "identitystore")


class Counts:
    def __init__(self) -> None:
        self._counts: Dict[str, int] = {}
        self._lock = threading.Lock()

    def add(self, key: str) -> None:
        with self._lock:
            self._counts[key] = self._counts.get(key, 0) + 1

    def shown(self) -> Dict[str, int]:
        with self._lock:
            return dict(sorted(self._counts.items()))

    def clear(self) -> None:
        with self._lock:
            self._counts.clear()


class Bucket:
    """A token bucket that holds one second's worth of calls."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self._tokens = float("inf")
        self._filled = time.monotonic()

    def wait(self, rate: float) -> float:
        """Take a token: 0 if there was one, otherwise the seconds until the next one."""
        if not rate:
            return 0.0
        most = max(rate, 1.0)
        with self._lock:
            now = time.monotonic()
            self._tokens = min(most, self._tokens + (now - self._filled) * rate)
            self._filled = now
            if self._tokens >= 1:
                self._tokens -= 1
                return 0.0
            return (1 - self._tokens) / rate
