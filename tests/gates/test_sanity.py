# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-test sanity, without any ignore entry."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Callable

import pytest

# ansible-test installs pip into its environments with a script that it fetches from a server of its own. Where only
# PyPI can be reached that fails; a script under that name in its cache keeps it from asking. One for each version
# that the ansible-core versions of requirements/ ask for.
GET_PIP = ("get_pip_24_2.py", "get_pip_25_2.py")


# The oldest that hosts may have. ansible-test says itself what it skips for want of an interpreter.
OLDEST = "3.8"


@pytest.mark.slow
def test_sanity(tree: Path, home: Path, root: Path, run: Callable[..., str]) -> None:
    assert not list((tree / "tests" / "sanity").glob("ignore*"))
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for name in GET_PIP:
        shutil.copy2(root / "tests" / "gates" / "get_pip.py", cache / name)
    path = ":".join([*folders(root), os.environ["PATH"]])
    run("ansible-test", "sanity", "--local", "--color", "no", "--truncate", "0", cwd=tree, HOME=home, PATH=path)


def folders(root: Path) -> list[str]:
    """Where the oldest Python is, if it is here at all: ansible-test looks along PATH only."""
    asked = subprocess.run([root / "tools" / "python.sh", OLDEST, OLDEST], capture_output=True, text=True, check=False)
    return [str(Path(asked.stdout).parent)] if asked.returncode == 0 else []
