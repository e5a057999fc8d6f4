# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a user, and their end; from /proc, because nothing else is on every host."""

from __future__ import annotations

import os
import signal
import time
from typing import List, Set

from ..._reconcile import UserError

PATIENCE = 5.0
_PAUSE = 0.1


def processes_of(uid: int, proc: str = "/proc") -> List[int]:
    """Pids whose real, effective, saved or file system uid is `uid`; those that have ended already do not count."""
    pids = (int(name) for name in os.listdir(proc) if name.isdigit())
    return sorted(pid for pid in pids if uid in _uids(os.path.join(proc, str(pid), "status")))


def terminate(uid: int, patience: float = PATIENCE) -> None:
    """Ask all processes of `uid` to end, then end them; new ones that appear meanwhile included."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + patience
        asked: Set[int] = set()
        while time.monotonic() < deadline:
            running = processes_of(uid)
            if not running:
                return
            for pid in running:
                if pid not in asked:
                    _send(pid, number)
                    asked.add(pid)
            time.sleep(_PAUSE)
    running = processes_of(uid)
    if running:
        raise UserError(f"its processes do not end: pid {', '.join(map(str, running))}")


def _uids(path: str) -> List[int]:
    try:
        with open(path, encoding="ascii", errors="replace") as stream:
            lines = dict(line.split(":", 1) for line in stream if ":" in line)
    except OSError:
        return []
    if lines.get("State", "").strip()[:1] in ("Z", "X"):
        return []
    return [int(text) for text in lines.get("Uid", "").split()]


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
