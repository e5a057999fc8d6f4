# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The marked integration tests, with the oldest and with the newest ansible-core and amazon.aws."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest

# The version of ansible-core: the folder in .cache with the collections that go with it.
# tests/tools/ends.sh makes both.
ENDS = {"2.17": "collections", "2.21": "collections-newest"}


@pytest.mark.slow
@pytest.mark.parametrize("version", ENDS)
def test_end(version: str, root: Path, run: Callable[..., str]) -> None:
    commands = root / f".venv-core{version}" / "bin"
    if not (commands / "ansible-playbook").exists():
        pytest.skip(f"the integration tests with ansible-core {version}: no Python for it; see tests/tools/ends.sh")
    assert f"core {version}." in run(commands / "ansible-playbook", "--version")
    run(
        "pytest", "-q", "-m", "both_ends", "tests/integration",
        KEYLESS_ANSIBLE_BIN=commands, KEYLESS_COLLECTIONS=root / ".cache" / ENDS[version],
    )  # fmt: skip
