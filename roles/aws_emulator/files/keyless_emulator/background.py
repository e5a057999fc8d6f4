# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the emulator in the background, and stops it; only with what Python itself brings."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.request
from typing import Any, Dict, List, Optional

SECONDS = 30  # to start or to stop


def start(arguments: List[str], pid_file: str, log_file: str) -> int:
    """Start the emulator in a session of its own and return when it serves; its output goes to the log file."""
    log, pid = pathlib.Path(log_file), pathlib.Path(pid_file)
    for path in (log, pid):
        path.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "keyless_emulator", *arguments], stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, start_new_session=True,
        )
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        text = log.read_text(encoding="utf-8")
        line = next((line for line in text.splitlines() if line.startswith("ready ")), None)
        if line is not None and text.endswith("\n"):
            pid.write_text(json.dumps(dict(pid=process.pid, url=line.split()[1])) + "\n", encoding="utf-8")
            print(line)
            return 0
        if process.poll() is not None:
            break
        time.sleep(0.05)
    if process.poll() is None:
        process.kill()
    print(f"the emulator did not start; {log} says:\n{log.read_text(encoding='utf-8')}", file=sys.stderr)
    return 1


def stop(pid_file: str) -> int:
    """Stop the emulator that the file tells of, if it is still that one which runs there."""
    path = pathlib.Path(pid_file)
    known = _known(path)
    running = known is not None and (_asked(known["url"]) or {}).get("pid") == known["pid"]
    if known is None or not running:
        path.unlink(missing_ok=True)
        print("not running")
        return 0
    os.kill(known["pid"], signal.SIGTERM)
    end = time.monotonic() + SECONDS
    while _asked(known["url"]) is not None:
        if time.monotonic() > end:
            print(f"the emulator (process {known['pid']}) does not stop", file=sys.stderr)
            return 1
        time.sleep(0.05)
    path.unlink(missing_ok=True)
    print("stopped")
    return 0


def _known(path: pathlib.Path) -> Optional[Dict[str, Any]]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return dict(pid=int(known["pid"]), url=str(known["url"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _asked(url: str) -> Optional[Dict[str, Any]]:
    """Return what an emulator says of itself, None if there is none."""
    try:
        with urllib.request.urlopen(f"{url}/_emulator", timeout=5) as answer:
            said = json.load(answer)
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None
