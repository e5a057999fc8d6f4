# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make demo` without hosts; with them it is tests/integration/test_site_on_hosts.py, which looks more closely."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest


@pytest.mark.slow
def test_demo_without_hosts(root: Path, run: Callable[..., str]) -> None:
    said = run(root / "tests" / "tools" / "demo.sh", HOSTS="no", KEYLESS_DEMO_PORT=5611)
    first, second = (line for line in said.splitlines() if line.startswith("localhost  "))
    assert "changed=5" in first
    assert "changed=0" in second
    assert "HOSTS LEFT OUT" in said
