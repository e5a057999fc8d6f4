# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills a run of ansible-playbook with everything that it started, as a machine that loses its power does."""

from __future__ import annotations

import os
import pathlib
import signal
import time
from typing import Callable


def wait_until(reached: Callable[[], bool], process, seconds: float = 60.0) -> bool:
    """Look every few milliseconds; False if the process ended first."""
    end = time.monotonic() + seconds
    while not reached():
        if process.poll() is not None:
            return False
        if time.monotonic() > end:
            raise AssertionError("the moment to kill did not come")
        time.sleep(0.003)
    return True


def kill(process, known: frozenset[int] = frozenset()) -> int:
    """Kill the process and all its descendants; returns how many there were.

    They are stopped first, so that none starts another meanwhile: at once those that are known, because looking for
    them takes longer than a request. Ansible's workers are in sessions of their own, so that killing a process group
    would not reach them.
    """
    for pid in known:
        _signal(pid, signal.SIGSTOP)
    found: set[int] = set()
    while True:
        new = descendants(process.pid) - found
        if not new:
            break
        for pid in new:
            _signal(pid, signal.SIGSTOP)
        found |= new
    for pid in found:
        _signal(pid, signal.SIGKILL)
    process.wait()
    return len(found)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def descendants(root: int) -> set[int]:
    """The process and whatever descends from it, as far as their parents live."""
    parents: dict[int, int] = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        parents[int(path.parent.name)] = int(fields[1])
    found = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more
