# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles on real systemd hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest


@pytest.mark.slow
@pytest.mark.hosts
def test_molecule(root: Path, run: Callable[..., str]) -> None:
    """Every scenario; only the exit code counts, because molecule's recap may be wrong."""
    run(root / "extensions" / "molecule" / "test.sh")
