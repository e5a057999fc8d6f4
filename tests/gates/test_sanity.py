# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-test sanity, without any ignore entry."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable

import pytest

# ansible-test installs pip into its environments with a script that it fetches from a server of its own. Where only
# PyPI can be reached that fails; a script under that name in its cache keeps it from asking. One for each version
# that the ansible-core versions of requirements/ ask for.
GET_PIP = ("get_pip_24_0.py", "get_pip_24_2.py", "get_pip_25_2.py")
# The oldest that hosts may have.
OLDEST = "3.8"

Sanity = Callable[..., str]
pytestmark = pytest.mark.slow


@pytest.fixture
def sanity(tree: Path, home: Path, root: Path, run: Callable[..., str]) -> Sanity:
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for name in GET_PIP:
        shutil.copy2(root / "tests" / "gates" / "get_pip.py", cache / name)
    (cache / "get_pip.python").write_text(sys.executable)
    # Version managers' shims exist for versions that they then refuse to run.
    folders = [folder for folder in os.environ["PATH"].split(":") if Path(folder).name != "shims"]

    def call(*options: str, also: list[Path] = ()) -> str:
        path = ":".join([*map(str, also), *folders])
        return run("ansible-test", "sanity", "--local", "--color", "no", *options, cwd=tree, HOME=home, PATH=path)

    return call


def test_sanity(sanity: Sanity, tree: Path) -> None:
    """Everything, but for what pylint says of the tests; ruff says most of it in less than a second."""
    assert not list((tree / "tests" / "sanity").glob("ignore*"))
    sanity("--skip-test", "pylint")
    sanity("--test", "pylint", "--exclude", "tests/")


@pytest.mark.long
def test_pylint_of_the_tests(sanity: Sanity) -> None:
    sanity("--test", "pylint", "tests/")


def test_sanity_of_the_oldest_python(sanity: Sanity, root: Path) -> None:
    """Modules and what they import, compiled and imported as a host with the oldest Python would."""
    finder = root / "tests" / "tools" / "python.sh"
    asked = subprocess.run([finder, OLDEST, OLDEST], capture_output=True, text=True, check=False)
    if asked.returncode:
        pytest.skip(f"ansible-test's compile and import on Python {OLDEST}, because there is none on this machine")
    said = sanity("--test", "compile", "--test", "import", "--python", OLDEST, also=[Path(asked.stdout).parent])
    assert f'"import" on Python {OLDEST}' in said
