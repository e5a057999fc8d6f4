# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What gates share: the real tool is run, and what it prints is the message of the failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable

import pytest

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
# A gate that takes longer hangs.
LONGEST = 1200

Run = Callable[..., str]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def run() -> Run:
    """Return a function that runs a command, fails the test if the command fails, and returns what it printed."""

    def call(*command: object, cwd: Path = ROOT, **variables: object) -> str:
        defaults = {"ANSIBLE_COLLECTIONS_PATH": str(CACHE / "collections"), "ANSIBLE_HOME": str(CACHE / "ansible")}
        environment = {**defaults, **os.environ, "NO_COLOR": "1"}
        # Tests inside tests are not workers of ours.
        for name in [name for name in environment if name.startswith("PYTEST_")]:
            del environment[name]
        environment.update({name: str(value) for name, value in variables.items()})
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        words = [str(word) for word in command]
        done = subprocess.run(
            words, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False, timeout=LONGEST,
        )  # fmt: skip
        if done.returncode:
            pytest.fail(f"{' '.join(words)[:300]} ended with {done.returncode}:\n{done.stdout[-20000:]}", pytrace=False)
        return done.stdout

    return call


@pytest.fixture(scope="session")
def files(run: Run) -> list[Path]:
    """Every file that is in git or would be added to it, relative to the root."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    return sorted(Path(name) for name in listed if name and (ROOT / name).is_file())


@pytest.fixture(scope="session")
def tree(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the collection in a collection tree of its own, beside those that it depends on."""
    collections = tmp_path_factory.mktemp("tree") / "ansible_collections"
    collection = collections / "keyless" / "aws"
    for file in files:
        (collection / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / file, collection / file)
    for namespace in (CACHE / "collections" / "ansible_collections").iterdir():
        if namespace.name != "keyless":
            (collections / namespace.name).symlink_to(namespace)
    return collection


@pytest.fixture(scope="session")
def artefact(tree: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tarball as it would be published."""
    output = tmp_path_factory.mktemp("artefact")
    run("ansible-galaxy", "collection", "build", "--output-path", output, cwd=tree)
    (tarball,) = output.glob("keyless-aws-*.tar.gz")
    return tarball


@pytest.fixture(scope="session")
def home() -> Path:
    """A home of the project's own, for tools that insist on keeping something in the home folder."""
    home = CACHE / "home"
    home.mkdir(parents=True, exist_ok=True)
    return home
