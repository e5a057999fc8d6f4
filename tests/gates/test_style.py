# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick gates: style, types and traces of the workshop."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Callable

import pytest

pytestmark = pytest.mark.quick

MOST_LINES = 450
# Modules of plain data in, plain data out; they are typed without exception.
PURE = [
    "plugins/module_utils/_reconcile.py",
    "plugins/module_utils/_access/**/*.py",
    "plugins/module_utils/_hosts/accounts.py",
    "plugins/module_utils/_hosts/names.py",
    "plugins/module_utils/_hosts/sudoers.py",
    "plugins/module_utils/**/plan.py",
    "plugins/module_utils/**/policy.py",
]
LEFT_OPEN = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
# Folders that every machine has; a checkout in one of them tells nothing.
COMMON = {"/", "/tmp", "/home", "/root", "/usr/src", "/var/tmp", "/mnt", "/opt", "/srv"}


def test_ruff(run: Callable[..., str]) -> None:
    run("ruff", "check", "--no-cache", ".")


def test_python_38(run: Callable[..., str]) -> None:
    """Hosts may have no newer Python, so neither syntax nor library of a newer one is used in plugins."""
    run("vermin", "--target=3.8-", "--no-tips", "--violations", "--no-parse-comments", "--backport", "dataclasses",
        "--eval-annotations", "plugins")  # fmt: skip


def test_mypy(run: Callable[..., str], root: Path) -> None:
    """Checked under their full names, because that is how they import each other."""
    collections = root / ".cache" / "collections"
    found = sorted({path for pattern in PURE for path in root.glob(pattern)})
    assert found
    run(
        "mypy", "--config-file", root / "pyproject.toml", "--cache-dir", root / ".cache" / "mypy",
        *(collections / "ansible_collections" / "keyless" / "aws" / path.relative_to(root) for path in found),
        MYPYPATH=collections,
    )  # fmt: skip


def test_yamllint(run: Callable[..., str]) -> None:
    run("yamllint", "--strict", ".")


def test_shellcheck(run: Callable[..., str], files: list[Path], root: Path) -> None:
    shells = (b"#!/bin/sh\n", b"#!/usr/bin/env bash\n")
    scripts = [file for file in files if (root / file).read_bytes().startswith(shells)]
    assert Path(".ci/run") in scripts
    run("shellcheck", *scripts)


def test_ansible_lint(run: Callable[..., str], home: Path) -> None:
    """The profile `production` and everything else is set in .ansible-lint."""
    run("ansible-lint", "--nocolor", "-q", HOME=home)


def test_no_long_file(files: list[Path], root: Path) -> None:
    sizes = {file: len((root / file).read_text().splitlines()) for file in files if file.suffix in {".py", ".sh"}}
    long = {str(file): lines for file, lines in sizes.items() if lines > MOST_LINES}
    assert not long, f"above {MOST_LINES} lines: {long}"


def test_nothing_left_open(files: list[Path], root: Path) -> None:
    """What ships is finished."""
    shipped = [file for file in files if file.parts[0] in {"plugins", "roles", "playbooks", "meta"}]
    assert not list(found(LEFT_OPEN, shipped, root))


def test_no_path_of_this_machine(files: list[Path], root: Path) -> None:
    """No file names the place where it was written."""
    places = {str(root)} | {str(parent) for parent in root.parents if str(parent) not in COMMON}
    here = re.compile("|".join(re.escape(place) + r"(?![\w-])" for place in places))
    assert not list(found(here, files, root))


def found(pattern: re.Pattern[str], files: list[Path], root: Path):
    for file in files:
        for number, line in enumerate((root / file).read_text(errors="replace").splitlines(), 1):
            if pattern.search(line):
                yield f"{file}:{number}: {line.strip()}"
