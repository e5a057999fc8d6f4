# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a session on this host would find: asks the agent, systemd, `id` and sudo, and changes nothing."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, Optional, Sequence

from ..accounts.resource import read_info
from .answers import SUDOERS, Agent, agent_of, id_problem, next_session

SSM_USER = "ssm-user"
# Where packages and the snap put the agent's program.
PROGRAMS = ("/usr/bin/amazon-ssm-agent", "/snap/amazon-ssm-agent/current/amazon-ssm-agent")
UNITS = ("amazon-ssm-agent.service", "snap.amazon-ssm-agent.amazon-ssm-agent.service")
_AT_ONCE = 4
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin", "LC_ALL": "C"}


def read_host(names: Sequence[str]) -> Dict[str, Any]:
    """The answer of the module session_host_info for these OS users."""
    wanted = list(dict.fromkeys(list(names) + [SSM_USER]))
    users = {user["name"]: user for user in read_info(wanted)["users"]}
    there = [name for name, user in users.items() if user["exists"]]
    asked = _each(["id"], there), _each(["sudo", "-n", "-l", "-U"], there)
    for name, user in users.items():
        user["id"], user["sudo"] = (answers.get(name) for answers in asked)
        problem = user["run_as_problem"] or id_problem(user["id"])
        user.update(run_as_ready=problem is None, run_as_problem=problem)
    ssm_user = {key: users[SSM_USER].get(key) for key in ("exists", "uid", "gid", "id", "sudo")}
    ssm_user["sudoers_file"] = os.path.exists(SUDOERS)
    ssm_user["next_session"] = next_session(ssm_user["exists"], ssm_user["sudoers_file"])
    return dict(users=[users[name] for name in names], agent=_agent().shown(), ssm_user=ssm_user)


def _agent() -> Agent:
    program = next((path for path in PROGRAMS if os.access(path, os.X_OK)), None)
    version = _run([program, "-version"]) if program else None
    keys = "--property=Id,LoadState,ActiveState,UnitFileState"
    return agent_of(version, _run(["systemctl", "show", keys, *UNITS]))


def _each(command: List[str], names: Sequence[str]) -> Dict[str, Optional[str]]:
    """The command for each name, several at once; starting a process is what takes the time."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(names, pool.map(lambda name: _run([*command, name]), names)))


def _run(argv: List[str]) -> Optional[str]:
    """What a command prints; None where there is no such command."""
    try:
        nowhere = subprocess.DEVNULL
        done = subprocess.run(
            argv, stdin=nowhere, stdout=subprocess.PIPE, stderr=nowhere, env=_ENVIRONMENT, check=False
        )
    except OSError:
        return None
    return done.stdout.decode("utf-8", "replace").strip()
