# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for AWS to come to a state."""

from __future__ import annotations

import time
from typing import Callable, TypeVar

T = TypeVar("T")


def wait_until(
    read: Callable[[], T],
    done: Callable[[T], bool],
    timeout: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Read until `done`, and return what was read last, also where `timeout` seconds were not enough.

    The second question comes soon, because most operations are quick, and then ever more rarely, up to 5 seconds.
    """
    deadline, pause = clock() + timeout, 0.2
    while True:
        state = read()
        if done(state) or clock() >= deadline:
            return state
        sleep(min(pause, max(0.0, deadline - clock())))
        pause = min(pause * 1.5, 5.0)
