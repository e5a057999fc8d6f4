# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is published: it is importable by Galaxy, and works with nothing but the four folders that matter."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path
from typing import Callable

import pytest

WORKING_PARTS = ("meta", "plugins", "roles", "playbooks")
IMPORTER_SETTINGS = """[galaxy-importer]
CHECK_CHANGELOG=True
CHECK_REQUIRED_TAGS=True
REQUIRE_V1_OR_GREATER=False
RUN_ANSIBLE_DOC=True
RUN_ANSIBLE_LINT=False
RUN_ANSIBLE_TEST=False
RUN_FLAKE8=False
OFFLINE_ANSIBLE_LINT=True
"""


@pytest.mark.slow
def test_galaxy_importer(artefact: Path, tree: Path, home: Path, tmp_path: Path, run: Callable[..., str]) -> None:
    """Lint and sanity have their own gates; here counts what Galaxy itself asks of metadata, roles and documents."""
    settings = tmp_path / "importer.cfg"
    settings.write_text(IMPORTER_SETTINGS)
    # The importer looks for collections in a folder of its own, and so finds those that ours needs by sys.path only.
    depended_on = tmp_path / "ansible_collections"
    depended_on.mkdir()
    (depended_on / "amazon").symlink_to(tree.parents[1] / "amazon")
    said = run(
        "python", "-m", "galaxy_importer.main", artefact,
        cwd=tmp_path, HOME=home, GALAXY_IMPORTER_CONFIG=settings, PYTHONPATH=tmp_path,
    )  # fmt: skip
    complaints = [line for line in said.splitlines() if line.startswith(("ERROR", "WARNING"))]
    assert "Importer processing completed successfully" in said and not complaints, said


def test_nothing_of_the_workshop_ships(artefact: Path) -> None:
    with tarfile.open(artefact) as tarball:
        top = {name.split("/")[0] for name in tarball.getnames()}
    documents = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "changelogs", "docs"}
    generated = {"MANIFEST.json", "FILES.json"}
    shipped = {*WORKING_PARTS, *documents, *generated, "extensions", "tests"}
    assert top <= shipped, f"galaxy.yml's build_ignore lacks {sorted(top - shipped)}"
    assert {"meta", "plugins", "roles", "LICENSE", "README.md"} <= top


@pytest.fixture(scope="module")
def bare(artefact: Path, tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collections path of a collection with everything but its working parts deleted."""
    collections = tmp_path_factory.mktemp("bare")
    collection = collections / "ansible_collections" / "keyless" / "aws"
    collection.mkdir(parents=True)
    with tarfile.open(artefact) as tarball:
        # Debian 12's Python knows no filters yet; the tarball is our own
        tarball.extractall(collection, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    for entry in list(collection.iterdir()):
        if entry.name not in WORKING_PARTS:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (collections / "ansible_collections" / "amazon").symlink_to(tree.parents[1] / "amazon")
    return collections


def test_bare_plugins(bare: Path, run: Callable[..., str]) -> None:
    collection = bare / "ansible_collections" / "keyless" / "aws"
    for kind, folder in (("module", "modules"), ("filter", "filter")):
        names = [f"keyless.aws.{path.stem}" for path in (collection / "plugins" / folder).glob("[a-z]*.py")]
        if names:
            run("ansible-doc", "-t", kind, *names, ANSIBLE_COLLECTIONS_PATH=bare)


def test_bare_roles(bare: Path, run: Callable[..., str]) -> None:
    collection = bare / "ansible_collections" / "keyless" / "aws"
    names = [f"keyless.aws.{path.name}" for path in (collection / "roles").iterdir()]
    said = run("ansible-doc", "-t", "role", *names, ANSIBLE_COLLECTIONS_PATH=bare)
    assert all(name in said for name in names)


def test_bare_playbooks(bare: Path, run: Callable[..., str]) -> None:
    collection = bare / "ansible_collections" / "keyless" / "aws"
    names = [f"keyless.aws.{path.stem}" for path in (collection / "playbooks").glob("*.yml")]
    assert names
    for name in names:
        run("ansible-playbook", "--syntax-check", "-i", "localhost,", name, ANSIBLE_COLLECTIONS_PATH=bare)
