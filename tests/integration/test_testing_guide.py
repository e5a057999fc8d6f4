# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/testing_your_playbooks.md: the project in it, written out as it stands, works; and can fail."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "testing_your_playbooks.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([\w./-]+)`:\n\n```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE))
(COMMANDS,) = re.findall(r"^```sh\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
LONGEST = 900

pytestmark = pytest.mark.slow


class Project:
    """The project in a folder of its own, with a home of its own; only the port is another one, which is free."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        self.folder = folder / "my-access"
        for name, text in FILES.items():
            self.write(name, text)
        # What the role aws_emulator installs there by pip is here already.
        venv = folder / ".cache" / "keyless-aws-emulator" / "venv"
        venv.parent.mkdir(parents=True)
        venv.symlink_to(Path(sys.executable).parents[1])
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PIP_NO_INDEX": "1",
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections"),
            "ANSIBLE_HOME": str(folder / ".ansible"),
            "HOST_IMAGE": "localhost/keyless-bookworm",
            **{name: os.environ[name] for name in ("CONTAINERS_CONF",) if name in os.environ},
        }

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("5600", self.port), encoding="utf-8")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        run = dict(cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, text=True)
        words = [word.replace("5600", self.port) for word in command]
        pipes = dict(stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return subprocess.run(words, timeout=LONGEST, check=False, **pipes, **run)  # type: ignore[call-overload]


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path)
    yield project
    project.run("ansible-playbook", "-i", "/dev/null", "molecule/default/destroy.yml")


def test_every_file_of_the_tree_is_there():
    tree = TEXT[TEXT.index("my-access/\n") : TEXT.index("It wants molecule")]
    assert {Path(name).name for name in FILES} == set(re.findall(r"\b\w+\.yml", tree))


def test_the_half_in_aws(project):
    done = project.run("sh", "-e", "-c", COMMANDS)
    assert done.returncode == 0, done.stdout
    assert "Two, each through its group" in done.stdout


def test_a_model_that_says_something_else_fails(project):
    project.write("access.yml", FILES["access.yml"].replace("db-admins: [hanako]", "db-admins: [hanoko]"))
    done = project.run("sh", "-e", "-c", COMMANDS)
    assert done.returncode != 0
    assert "did you mean 'hanako'" in done.stdout


@pytest.mark.long
@pytest.mark.hosts
def test_the_whole_with_molecule(project):
    done = project.run("molecule", "test")
    assert done.returncode == 0, done.stdout[-20000:]
    assert re.search(r"taro@example\.com +taro +yes +yes .* yes +WebOperator via web-operators", done.stdout)
