# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's part in the progress of long runs: what a module appends to its file is printed while it runs."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from typing import Any, BinaryIO, Callable, Dict, Optional

from ansible import constants as C
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display
from ansible_collections.keyless.aws.plugins.module_utils._progress import FILE_VARIABLE

LOOK_EVERY = 0.3  # seconds

display = Display()


def on_terminal() -> bool:
    """Whether Ansible's standard output is a terminal.

    Since ansible-core 2.19 a worker has none of its own. What is left there of the real one is that Python made it
    flush each line, which it does on terminals only.
    """
    return os.isatty(1) or bool(getattr(sys.__stdout__, "line_buffering", False))


def print_at_once() -> None:
    """Let each line that Ansible prints out at once, also into a pipe or a file.

    There they stay in Python's buffer, for Ansible never flushes it, until it forks the next worker: all lines of a
    long run would come when it is over.
    """
    try:
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    except (AttributeError, OSError, ValueError):  # something that Python did not open, or that is closed
        pass


# Ansible's strategies load an action plugin before they fork workers for its task, so this is where its real standard
# output is at hand. The second would make an answer to the first wrong.
ON_TERMINAL = on_terminal()
print_at_once()


class Following:
    """Shows the lines that are appended to a private file, from its making to `end`.

    folder: the file gets a folder of its own in this one.
    show: called with each line, in a thread.
    """

    def __init__(self, folder: str, show: Callable[[str], Any]) -> None:
        self._folder = tempfile.mkdtemp(prefix="keyless-progress-", dir=folder)
        try:
            self.path = os.path.join(self._folder, "lines")
            self._lines: BinaryIO = os.fdopen(os.open(self.path, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o600), "rb")
            self._show = show
            self._ended = threading.Event()
            self._thread = threading.Thread(target=self._follow, name="keyless-progress", daemon=True)
            self._thread.start()
        except Exception:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def end(self) -> None:
        """Show what is left, and leave nothing behind."""
        self._ended.set()
        self._thread.join()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _follow(self) -> None:
        rest = b""
        with self._lines:
            while True:
                last = self._ended.wait(LOOK_EVERY)
                *lines, rest = (rest + self._lines.read()).split(b"\n")
                for line in lines:
                    try:
                        self._show(line.decode("utf-8", "replace"))
                    except Exception:  # nobody takes the lines any more: the run goes on without
                        return
                if last:
                    return


class ProgressAction(NormalAction):
    """Runs the module exactly as Ansible does without an action plugin, and shows its progress where it can."""

    _following: Optional[Following] = None

    def run(self, tmp: Any = None, task_vars: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
        if self._is_shown():
            try:
                self._following = Following(C.DEFAULT_LOCAL_TMP, display.display)
            except (OSError, RuntimeError):  # no room on the disk, or for a thread: no reason to fail
                pass
        try:
            return super().run(tmp, task_vars)
        finally:
            if self._following is not None:
                self._following.end()
                self._following = None

    def _is_shown(self) -> bool:
        wish = self._task.args.get("progress") or "auto"
        return (
            (wish == "always" or (wish == "auto" and ON_TERMINAL))
            # The file is on the controller, so the module has to be there too.
            and self._connection.transport == "local"
            # Such a task is only started here.
            and not self._task.async_val
            # Not even how many things there are is to be seen of such a task.
            and not self._task.no_log
        )

    def _compute_environment_string(self, raw_environment_out: Optional[Dict[str, Any]] = None) -> str:
        environment = super()._compute_environment_string(raw_environment_out)
        if self._following is None:
            return environment
        return " ".join([self._connection._shell.env_prefix(**{FILE_VARIABLE: self._following.path}), environment])
