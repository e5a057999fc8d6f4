# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unit tests alone reach nearly all of module_utils."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

LEAST = 90


def test_unit_coverage(root: Path, tmp_path: Path, run: Callable[..., str]) -> None:
    data = {"COVERAGE_FILE": tmp_path / "coverage"}
    run("coverage", "run", "--rcfile", root / "pyproject.toml", "-m", "pytest", "-q", "tests/unit", **data)
    print(run("coverage", "report", "--rcfile", root / "pyproject.toml", "--fail-under", LEAST, **data))
