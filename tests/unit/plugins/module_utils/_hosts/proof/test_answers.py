# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host says of its agent and of ssm-user."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.proof.answers import (
    Agent,
    agent_of,
    id_problem,
    next_session,
)

PACKAGE, SNAP = "amazon-ssm-agent.service", "snap.amazon-ssm-agent.amazon-ssm-agent.service"
SAYS = "SSM Agent version: 3.3.2299.0"


def unit(name, load="loaded", active="active", enabled="enabled"):
    return f"Id={name}\nLoadState={load}\nActiveState={active}\nUnitFileState={enabled}"


def none(name):
    return unit(name, "not-found", "inactive", "")


@pytest.mark.parametrize(
    "units, agent",
    [
        ([unit(PACKAGE), none(SNAP)], Agent("3.3.2299.0", PACKAGE, True, True)),
        ([none(PACKAGE), unit(SNAP)], Agent("3.3.2299.0", SNAP, True, True)),
        ([unit(PACKAGE, active="inactive", enabled="disabled"), unit(SNAP)], Agent("3.3.2299.0", SNAP, True, True)),
        ([unit(PACKAGE, active="failed"), none(SNAP)], Agent("3.3.2299.0", PACKAGE, False, True)),
        ([unit(PACKAGE, "masked", "inactive", "masked"), none(SNAP)], Agent("3.3.2299.0", None, False, False)),
    ],
)
def test_the_agent(units, agent):
    assert agent_of(SAYS, "\n\n".join(units)) == agent


def test_no_agent_and_no_systemd():
    assert agent_of(None, f"{none(PACKAGE)}\n\n{none(SNAP)}") == Agent(None, None, False, False)
    assert agent_of(None, None) == Agent()
    assert agent_of(SAYS, "System has not been booted with systemd") == Agent("3.3.2299.0")
    assert agent_of("no idea", None).version is None


@pytest.mark.parametrize(
    "user, file, says",
    [(True, False, None), (True, True, None), (False, True, "as it is"), (False, False, "every right")],
)
def test_ssm_user(user, file, says):
    told = next_session(user, file)
    assert told is None if says is None else told.endswith(says) or says in told


def test_the_agent_stumbles_over_a_group_without_a_name():
    assert id_problem(None) is None
    assert id_problem("uid=1001(taro) gid=1001(taro) groups=1001(taro),998(domain users)") is None
    for said, gids in [("gid=1001 groups=1001", "1001"), ("gid=9(x) groups=9(x),4711,8(y),4712", "4711, 4712")]:
        assert id_problem("uid=1001(taro) " + said).startswith(f"'id' tells no name for the gid {gids}, over which")
