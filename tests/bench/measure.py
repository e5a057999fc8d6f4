# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one task against the emulator and measures it: calls, throttled answers, seconds, and the module's memory."""

from __future__ import annotations

import json
import pathlib
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

from ansible_runs import Ansible
from emulator_process import REGION, Emulator
from floors import ASYNC_MS, LATENCY_MS, RATE

# The interpreter that Ansible runs modules with: Python, and a line with its peak memory when it has ended. Looking at
# the process from outside now and then could miss the peak.
INTERPRETER = """#!{python} -IS
import os, sys
process = os.spawnv(os.P_NOWAIT, {python!r}, [{python!r}, *sys.argv[1:]])
_process, status, usage = os.wait4(process, 0)
with open({log!r}, "a") as log:
    print(usage.ru_maxrss, file=log)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Measured:
    """calls: those of Identity Center, or of the services asked for, throttled ones too.

    megabytes: the most that a module's process had.
    """

    calls: int
    throttled: int
    seconds: float
    megabytes: float
    operations: int  # asynchronous ones that were begun


class Bench:
    """An emulator, and ansible-playbook pointed at it."""

    def __init__(self) -> None:
        self.emulator = Emulator()
        self._home = tempfile.TemporaryDirectory()
        home = pathlib.Path(self._home.name)
        self._log, interpreter = home / "memory", home / "python"
        interpreter.write_text(INTERPRETER.format(python=sys.executable, log=str(self._log)))
        interpreter.chmod(0o755)
        self._ansible = Ansible(home, self.emulator.url, REGION)
        self._ansible.timeout = 3600
        # localhost, which no inventory names, takes it from nowhere else
        self._vars = dict(ansible_python_interpreter=str(interpreter))

    def stop(self) -> None:
        self.emulator.stop()
        self._home.cleanup()

    def fresh(self, state: dict[str, Any]) -> dict[str, Any]:
        """Begin again with a seeded state; what is asked of the emulator between the tasks is answered at once."""
        self.emulator.reset()
        return self.emulator.seed(state)

    def task(
        self,
        module: str,
        arguments: dict[str, Any],
        changed: bool,
        loop: list[Any] | None = None,
        services: tuple[str, ...] = ("sso-admin", "identitystore"),
    ) -> Measured:
        """Run one task, or one in a loop, at the pace of AWS; it has to report `changed`.

        services: whose calls count.
        """
        task = {"name": "Measured", f"keyless.aws.{module}": arguments, "vars": self._vars}
        if loop is not None:
            task["loop"] = loop
        play = dict(name="Bench", hosts="localhost", connection="local", gather_facts=False, tasks=[task])
        path = self._ansible.home / "bench.yml"
        path.write_text(json.dumps([play]))
        self._log.write_text("")
        before, operations = self.emulator.calls(), len(self.emulator.operations())
        self.emulator.settings(latency_ms=LATENCY_MS, rate=RATE, async_ms=ASYNC_MS)
        begun = time.monotonic()
        said = self._ansible.run(path, output="default").stdout  # as people run it: no result of 10,000 rows is shown
        seconds = time.monotonic() - begun
        self.emulator.settings(latency_ms=0, rate=0, async_ms=0)
        if ("changed=1" in re.findall(r"changed=\d", said)) != changed:
            raise SystemExit(f"{module}: changed should be {changed}:\n{said}")
        spent = {name: times - before.get(name, 0) for name, times in self.emulator.calls().items()}
        calls = sum(times for name, times in spent.items() if name.split(":")[0] in services)
        peak = max(int(line) for line in self._log.read_text().split()) / 1024
        begun_operations = len(self.emulator.operations()) - operations
        return Measured(calls, spent.get("THROTTLED", 0), seconds, peak, begun_operations)
