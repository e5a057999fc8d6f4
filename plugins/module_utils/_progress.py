# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a long run has come, for the person who waits for it.

A module cannot print while it runs. It appends a line every few seconds to a private file, which the action plugin of
its name follows on the controller and prints. A line tells the module, what it does and how many, and nothing else.
"""

from __future__ import annotations

import os
import time
from threading import Lock
from typing import Any, Callable, Dict, Optional

# Merged into the argument spec of every module that tells its progress.
PROGRESS_SPEC: Dict[str, Any] = dict(progress=dict(type="str", choices=["auto", "always", "never"], default="auto"))

# The environment variable by which the action plugin tells the module where its file is.
FILE_VARIABLE = "KEYLESS_AWS_PROGRESS_FILE"

BETWEEN = 2.0  # seconds from one line to the next, and before the first: short runs say nothing
IN_MINUTES_FROM = 120  # seconds from which the remaining time is told in minutes


class Progress:
    """Tells how far a run is, phase by phase. May be called from several threads, and as often as they like.

    write: gets each line. None where nobody follows: then nothing is computed either.
    """

    def __init__(
        self,
        name: str = "",
        write: Optional[Callable[[str], None]] = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._write = write
        self._clock = clock
        self._lock = Lock()
        self._said = self._began = clock()
        self._verb = ""
        self._total = self._done = 0

    def begin(self, verb: str, total: int) -> None:
        """A phase begins, such as `created`, in which `total` things are to be done."""
        with self._lock:
            self._verb, self._total, self._done = verb, total, 0
            self._began = self._clock()

    def moved(self, done: int, in_flight: int = 0) -> None:
        """So many of the phase are done, and so many more have been asked for and not been answered yet."""
        if self._write is None:
            return
        with self._lock:
            # Threads may come in another order than they counted.
            self._done = max(self._done, done)
            now = self._clock()
            if now - self._said < BETWEEN:
                return
            self._said = now
            line = self._line(in_flight, now - self._began)
        self._write(line)

    def _line(self, in_flight: int, seconds: float) -> str:
        parts = [f"{self._done} of {max(self._total, self._done)} {self._verb}"]
        if in_flight:
            parts.append(f"{in_flight} in flight")
        left = self._total - self._done
        if self._done and seconds > 0 and left > 0:
            parts.append(f"about {_duration(left * seconds / self._done)} left")
        return f"{self._name}: {', '.join(parts)}"


def progress_of(module: Any) -> Progress:
    """The progress of a module's run; it does nothing where nobody follows."""
    path = os.environ.get(FILE_VARIABLE)
    if not path or module.params.get("progress") == "never":
        return Progress()
    # The task may name the module in full or in short.
    return Progress(module._name.rpartition(".")[2], _Lines(path).append)


def _duration(seconds: float) -> str:
    rounded = max(1, round(seconds))
    return f"{rounded} s" if rounded < IN_MINUTES_FROM else f"{round(seconds / 60)} min"


class _Lines:
    """Appends to a file that is there already. Whatever goes wrong ends the telling, never the run."""

    def __init__(self, path: str) -> None:
        try:
            # Neither made nor followed: it is the one that the action plugin has made, or none.
            self._file: Optional[int] = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            self._file = None

    def append(self, line: str) -> None:
        if self._file is None:
            return
        whole = (line + "\n").encode("utf-8", "replace")
        try:
            written = os.write(self._file, whole)
        except OSError:
            written = 0
        if written < len(whole):  # the disk is full: what follows would be read as the rest of this line
            self._file = None
