# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles on real systemd hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest

FOLDER = Path(__file__).parents[2] / "extensions" / "molecule"
# Roles that have nothing to do with hosts, and tests of their own in tests/integration.
IN_AWS = {"identity_center", "session_manager"}
ON_HOSTS = {path.parent.name for path in FOLDER.glob("*/converge.yml")} - IN_AWS

pytestmark = [pytest.mark.slow, pytest.mark.hosts]


@pytest.mark.parametrize("scenarios", [ON_HOSTS, pytest.param(IN_AWS, marks=pytest.mark.long)], ids=["hosts", "AWS"])
def test_molecule(scenarios: set[str], run: Callable[..., str]) -> None:
    """Only the exit code counts, because molecule's recap may be wrong."""
    run(FOLDER / "test.sh", *sorted(scenarios))
