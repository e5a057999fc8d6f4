# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to bring permission sets about, and to find that nothing has to be done: seconds and calls.

Against the emulator, which waits before each answer as long as a near Region takes. `make bench` runs it.
"""

from __future__ import annotations

import tempfile
import time

from ansible_runs import Ansible
from emulator_process import REGION, Emulator

LATENCY_MS = 20
SIZES = (1, 10, 50, 200)
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "ec2:DescribeInstances", "Resource": "*"}],
}
ROW = "{:>6} {:<8} {:>9} {:>7} {:>7}  {}"


def main() -> None:
    print(f"permission_sets, {LATENCY_MS} ms a call")
    print(ROW.format("sets", "run", "seconds", "reads", "writes", "most frequent calls"))
    emulator = Emulator(LATENCY_MS=LATENCY_MS)
    try:
        for size in SIZES:
            emulator.reset()
            for run in ("create", "no-op"):
                print(ROW.format(size, run, *measure(emulator, size, expect_change=run == "create")))
    finally:
        emulator.stop()


def measure(emulator: Emulator, size: int, expect_change: bool) -> tuple[str, int, int, str]:
    audit = "arn:aws:iam::aws:policy/SecurityAudit"
    wanted = [
        {"name": f"Set{number:03}", "inline_policy": POLICY, "managed_policies": [audit]}
        for number in range(size)
    ]
    before, writes_before = emulator.calls(), sum(emulator.writes().values())
    with tempfile.TemporaryDirectory() as home:
        begun = time.monotonic()
        result = Ansible(home, emulator.url, REGION).module("permission_sets", {"permission_sets": wanted})
        seconds = time.monotonic() - begun
    if result["changed"] != expect_change:
        raise SystemExit(f"changed is {result['changed']} for {size} sets")
    spent = {name: times - before.get(name, 0) for name, times in emulator.calls().items() if ":" in name}
    writes = sum(emulator.writes().values()) - writes_before
    often = sorted(((times, name.split(":")[1]) for name, times in spent.items() if times), reverse=True)[:3]
    return f"{seconds:.1f}", sum(spent.values()) - writes, writes, ", ".join(f"{times} {name}" for times, name in often)


if __name__ == "__main__":
    main()
