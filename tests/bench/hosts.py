# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real host over ssh with pipelining: users as one task and as a loop, beside useradd itself; all roles together.

A container is made for it and removed afterwards. `module` is what the modules' processes took on the host, `Ansible`
the rest of the whole run: its start, its templates, its connections.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_runs import ROOT, Ansible
from emulator_process import REGION

HERE = pathlib.Path(__file__).parent / "on_hosts"
PODMAN = ROOT / "tests" / "hosts" / "podman.sh"
NAME = "keyless-bench"
ROW = "{:<34} {:<12} {:>9} {:>9} {:>9} {:>9}"

# Python for the host, which notes how long each process took. Ansible hands it the module by standard input.
TIMED, LOG = "/usr/local/bin/timed-python", "/run/timed-python"
INTERPRETER = f"""#!/usr/bin/python3 -IS
import os, sys, time
begun = time.monotonic()
process = os.spawnv(os.P_NOWAIT, "/usr/bin/python3", ["/usr/bin/python3", *sys.argv[1:]])
_process, status = os.waitpid(process, 0)
with open("{LOG}", "a") as log:
    print(time.monotonic() - begun, file=log)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Run:
    """Seconds: the whole of ansible-playbook, the task `Measured`, and the modules' processes on the host."""

    whole: float
    task: float
    modules: float

    @property
    def own(self) -> float:
        return self.whole - self.modules


class Host:
    def __init__(self, home: pathlib.Path) -> None:
        self.ansible = Ansible(home, "http://127.0.0.1:9", REGION)
        self.ansible.timeout = 1800

    def playbook(self, path: pathlib.Path, **extra: Any) -> str:
        done = self.ansible.run(path, "-i", str(HERE / "inventory.yml"), extra=extra)
        return str(done.stdout)

    def shell(self, script: str, text: str = "") -> str:
        command = [str(PODMAN), "exec", "--interactive", NAME, "bash", "-euc", script]
        return subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout

    def up(self) -> None:
        self.playbook(ROOT / "tests" / "hosts" / "up.yml")
        self.shell(f"cat > {TIMED}; chmod 755 {TIMED}", INTERPRETER)

    def down(self) -> None:
        self.playbook(ROOT / "tests" / "hosts" / "down.yml")

    def measured(self, name: str, changed: bool | None, **extra: Any) -> Run:
        """Run a playbook, which has to report `changed`; None where it does not matter."""
        self.shell(f": > {LOG}")
        begun = time.monotonic()
        said = json.loads(self.playbook(HERE / name, ansible_python_interpreter=TIMED, **extra))
        whole = time.monotonic() - begun
        ((_host, stats),) = said["stats"].items()
        if changed not in (None, bool(stats["changed"])):
            raise SystemExit(f"{name}: changed should be {changed}: {stats}")
        tasks = [entry["task"] for play in said["plays"] for entry in play["tasks"]]
        spent = sum(_seconds(task["duration"]) for task in tasks if task["name"] == "Measured")
        return Run(whole, spent, sum(map(float, self.shell(f"cat {LOG}").split())))


def _seconds(duration: dict[str, str]) -> float:
    start, end = (datetime.fromisoformat(duration[key].rstrip("Z")) for key in ("start", "end"))
    return (end - start).total_seconds()


def wishes(users: int, groups: int) -> dict[str, Any]:
    teams = [f"team{number:02}" for number in range(groups)]
    return dict(
        wished_groups=[dict(name=team) for team in teams],
        wished_users=[
            dict(name=f"user{number:03}", comment=f"User {number}", groups=[teams[number % groups]])
            for number in range(users)
        ],
        wished_rules=[
            dict(group=team, commands=[f"/usr/bin/systemctl restart {team}", f"/usr/bin/systemctl reload {team}"])
            for team in teams
        ],
    )


def row(size: str, run: str, measured: Run) -> None:
    spent = (measured.task or measured.whole, measured.modules, measured.own, measured.whole)
    print(ROW.format(size, run, *(f"{seconds:.2f}" for seconds in spent)), flush=True)


def measure(users: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        host = Host(pathlib.Path(home))
        host.up()
        try:
            print("\n" + ROW.format("on a host", "run", "task", "module", "Ansible", "whole"), flush=True)
            plainly(host, users)
            one_task(host, 500, 50)
            purged(host)
            compared(host, users, max(1, users // 10))
            together(host, users, max(1, users // 10))
        finally:
            host.down()


def plainly(host: Host, users: int) -> None:
    """What the tool itself takes, without anything around it."""
    each = f"for n in $(seq {users}); do %s plain$n; done"
    host.shell("groupadd plain; groupadd other")
    begun = time.monotonic()
    host.shell(each % "useradd --create-home --shell /bin/bash --groups plain,other")
    seconds = time.monotonic() - begun
    print(ROW.format(f"{users} users, useradd itself", "first", f"{seconds:.2f}", "", "", ""), flush=True)
    host.shell(each % "userdel --remove" + " 2> /dev/null; groupdel plain; groupdel other")


def one_task(host: Host, users: int, groups: int) -> None:
    label, wanted = f"{users} users, {groups} groups, os_users", wishes(users, groups)
    row(label, "first", host.measured("task.yml", changed=True, **wanted))
    row(label, "no-op", host.measured("task.yml", changed=False, **wanted))


def purged(host: Host) -> None:
    row("os_users, purge", "removed", host.measured("task.yml", changed=True, wished_users=[], wished_groups=[]))


def compared(host: Host, users: int, groups: int) -> None:
    """The same users as a task and as a loop; groups are there before, because the loop makes none."""
    wanted = wishes(users, groups)
    nobody = dict(wanted, wished_users=[])
    for run in ("first", "no-op"):
        first = run == "first"
        if first:
            empty(host, nobody)
        bulk = host.measured("task.yml", changed=first, **wanted)
        row(f"{users} users, os_users", run, bulk)
        if first:
            empty(host, nobody)
        looped = host.measured("loop.yml", changed=first, **wanted)
        row(f"{users} users, loop of builtin.user", run, looped)
        print(f"  one task is {looped.task / bulk.task:.0f} times as fast", flush=True)
        if first:
            empty(host, nobody)
            host.measured("task.yml", changed=True, **wanted)


def empty(host: Host, nobody: dict[str, Any]) -> None:
    """No user of ours or of the loop, and no home, but the groups."""
    host.measured("task.yml", changed=None, **nobody)
    host.shell("for u in $(getent passwd | cut -d: -f1 | grep ^user); do userdel $u; done; rm -rf /home/user*")


def together(host: Host, users: int, groups: int) -> None:
    """The agent from a mirror on the host itself, as in its molecule scenario."""
    scenario = ROOT / "extensions" / "molecule" / "ssm_agent"
    host.playbook(scenario / "prepare.yml")
    wanted = wishes(users, groups)
    host.measured("roles.yml", changed=True, **wanted)
    row(f"{users} users, three roles", "no-op", host.measured("roles.yml", changed=False, **wanted))
