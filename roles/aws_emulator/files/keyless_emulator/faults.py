# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test wants to go wrong."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

# Operations that are IN_PROGRESS for a while, the only ones that can be stuck or fail later.
LASTING = ("sso-admin:CreateAccountAssignment", "sso-admin:DeleteAccountAssignment", "sso-admin:ProvisionPermissionSet")
_KEYS = {"operation", "error", "times", "skip", "when", "message", "reason", "retry_after_seconds"}


@dataclass
class Fault:
    """error: an AWS error code, or drop, cut, http500, stuck, failed.

    left: how often still; None = until the next reset. skip: how many calls it lets pass first.
    retry_after_seconds: what the error tells of the wait, as identitystore's ThrottlingException does.
    """

    operation: str
    error: str
    left: Optional[int]
    when: str
    message: str
    reason: str
    skip: int = 0
    retry_after_seconds: Optional[int] = None

    @property
    def lasting(self) -> bool:
        return self.error in ("stuck", "failed")

    def matches(self, key: str) -> bool:
        return self.operation == key or (self.operation.endswith(":*") and key.startswith(self.operation[:-1]))

    def shown(self) -> Dict[str, Any]:
        return dict(operation=self.operation, error=self.error, times=self.left, skip=self.skip, when=self.when,
                    message=self.message, reason=self.reason, retry_after_seconds=self.retry_after_seconds)


class Faults:
    def __init__(self) -> None:
        self._faults: List[Fault] = []
        self._lock = threading.Lock()

    def add(self, asked: Mapping[str, Any]) -> Fault:
        """Plan a fault; ValueError says what is wrong with it."""
        fault = _fault(asked)
        with self._lock:
            self._faults.append(fault)
        return fault

    def take(self, key: str) -> Optional[Fault]:
        """Return the oldest fault that is planned for this call, counted down."""
        with self._lock:
            for fault in self._faults:
                if not fault.matches(key):
                    continue
                if fault.skip:
                    fault.skip -= 1
                else:
                    if fault.left is not None:
                        fault.left -= 1
                        if fault.left == 0:
                            self._faults.remove(fault)
                    return fault
        return None

    def shown(self) -> List[Dict[str, Any]]:
        with self._lock:
            return [fault.shown() for fault in self._faults]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()


def _fault(asked: Mapping[str, Any]) -> Fault:
    unknown = sorted(set(asked) - _KEYS)
    if unknown:
        raise ValueError(f"a fault has no {', '.join(unknown)}; it has {', '.join(sorted(_KEYS))}")
    operation, error = asked.get("operation"), asked.get("error")
    if not isinstance(operation, str) or ":" not in operation:
        raise ValueError(f"operation must look like sso-admin:CreateAccountAssignment, not {operation!r}")
    if not isinstance(error, str) or not error:
        raise ValueError("error must be an AWS error code, or drop, cut, http500, stuck or failed")
    if error in ("stuck", "failed") and operation not in LASTING:
        raise ValueError(f"only {', '.join(LASTING)} can be {error}, not {operation}")
    times, skip, retry = asked.get("times", 1), asked.get("skip", 0), asked.get("retry_after_seconds")
    if times is not None and not _whole(times, 1):
        raise ValueError(f"times must be a whole number, 1 or more, or null for ever, not {times!r}")
    if not _whole(skip, 0):
        raise ValueError(f"skip must be a whole number, 0 or more, not {skip!r}")
    if retry is not None and not _whole(retry, 0):
        raise ValueError(f"retry_after_seconds must be a whole number, 0 or more, not {retry!r}")
    when = asked.get("when", "after" if error in ("drop", "cut") else "before")
    if when not in ("before", "after"):
        raise ValueError(f"when must be before or after, not {when!r}")
    message = asked.get("message") or f"{error}, as asked for by the test"
    reason = asked.get("reason") or "It failed, as asked for by the test."
    return Fault(operation, error, times, when, message, reason, skip, retry)


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
