# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for Identity Center's asynchronous operations."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, Iterator, Mapping, Tuple, TypeVar

WAIT_SPEC: Dict[str, Any] = dict(wait_timeout=dict(type="int", default=600))

T = TypeVar("T")

# Returns an operation's status as AWS gives it: `{Status: IN_PROGRESS | FAILED | SUCCEEDED, FailureReason, ...}`.
Describe = Callable[[str], Mapping[str, Any]]


def settle(
    pending: Mapping[str, T],
    describe: Describe,
    timeout: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Tuple[T, str]]:
    """Yield what each request id stands for with its failure reason ('' for success), as the operations end.

    pending: request id -> what it stands for. timeout: seconds for all of them together.
    The first question comes soon, because most operations are quick, and then ever more rarely, up to 5 seconds.
    """
    waiting = dict(pending)
    deadline, pause = clock() + timeout, 0.2
    while waiting:
        for request_id in list(waiting):
            status = describe(request_id)
            if status["Status"] == "IN_PROGRESS":
                continue
            reason = status.get("FailureReason") or "AWS gives no reason"
            yield waiting.pop(request_id), "" if status["Status"] == "SUCCEEDED" else reason
        if not waiting:
            return
        if clock() >= deadline:
            break
        sleep(min(pause, max(0.0, deadline - clock())))
        pause = min(pause * 1.5, 5.0)
    for request_id, what in waiting.items():
        yield what, (
            f"still in progress after {timeout:g} seconds (request {request_id}); "
            "run again to go on, or raise wait_timeout"
        )
