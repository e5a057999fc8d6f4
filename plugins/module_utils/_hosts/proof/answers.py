# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host's own words mean for a session. Pure."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Dict, List, Optional

SUDOERS = "/etc/sudoers.d/ssm-agent-users"
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+){3}")


@dataclass(frozen=True)
class Agent:
    """The SSM agent of a host; `running` and `enabled` are None where systemd does not tell."""

    version: Optional[str] = None
    unit: Optional[str] = None
    running: Optional[bool] = None
    enabled: Optional[bool] = None

    def shown(self) -> Dict[str, Any]:
        return asdict(self)


def agent_of(version: Optional[str], units: Optional[str]) -> Agent:
    """The agent, of what it says of its version, and of what `systemctl show` says of the units it may have."""
    found = _VERSION.search(version or "")
    number = found.group() if found else None
    states = _states(units or "")
    if not states:
        return Agent(version=number)
    loaded = [state for state in states if state.get("LoadState") == "loaded"]
    if not loaded:
        return Agent(version=number, running=False, enabled=False)
    # Where both were installed, one of them runs.
    loaded.sort(key=lambda state: state.get("ActiveState") != "active")
    state = loaded[0]
    return Agent(
        version=number,
        unit=state.get("Id"),
        running=state.get("ActiveState") == "active",
        enabled=state.get("UnitFileState", "").startswith("enabled"),
    )


def _states(shown: str) -> List[Dict[str, str]]:
    """The paragraphs of `systemctl show`, one a unit, as mappings."""
    found = []
    for paragraph in shown.split("\n\n"):
        state = dict(line.split("=", 1) for line in paragraph.splitlines() if "=" in line)
        if "LoadState" in state:
            found.append(state)
    return found


def id_problem(said: Optional[str]) -> Optional[str]:
    """Why the agent cannot run a session by what `id NAME` prints: it takes each group up to the parenthesis."""
    groups = (said or "").partition("groups=")[2]
    nameless = [part for part in groups.split(",") if "(" not in part] if groups else []
    if not nameless:
        return None
    return (
        f"'id' tells no name for the gid {', '.join(nameless)}, over which the agent stumbles; "
        "create a group of that gid, or take the user out of it"
    )


def next_session(user: bool, sudoers_file: bool) -> Optional[str]:
    """What the agent will do when the next session without Run As starts; None for nothing."""
    if user:
        return None
    if sudoers_file:
        return f"the agent makes ssm-user, and leaves {SUDOERS} as it is"
    return f"the agent makes ssm-user, and {SUDOERS} with every right for it"
