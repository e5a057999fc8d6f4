# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick gates: style, types and traces of the workshop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

import pytest

pytestmark = pytest.mark.quick

MOST_LINES = 450
# What is not plain data in, plain data out, and so is not checked for types without exception.
OUTSIDE = re.compile(r"^\s*(?:from|import) +(?:ansible\.|ansible_collections\.amazon|boto|[\w.]*_aws\b)", re.M)
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
    """Strictly, for everything in module_utils that knows neither Ansible nor boto3.

    Checked under their full names, because that is how the files import each other.
    """
    collections = root / ".cache" / "collections"
    utils = collections / "ansible_collections" / "keyless" / "aws" / "plugins" / "module_utils"
    pure = sorted(path for path in utils.rglob("*.py") if not OUTSIDE.search(path.read_text()))
    assert pure
    cache = root / ".cache" / "mypy"
    run("mypy", "--config-file", root / "pyproject.toml", "--cache-dir", cache, *pure, MYPYPATH=collections)


def test_yamllint(run: Callable[..., str]) -> None:
    run("yamllint", "--strict", ".")


def test_shellcheck(run: Callable[..., str], files: list[Path], root: Path) -> None:
    shells = (b"#!/bin/sh\n", b"#!/usr/bin/env bash\n")
    scripts = [file for file in files if (root / file).read_bytes().startswith(shells)]
    assert Path(".ci/run") in scripts
    run("shellcheck", "--exclude=SC1091", *scripts)


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


def found(pattern: re.Pattern[str], files: list[Path], root: Path) -> Iterator[str]:
    for file in files:
        for number, line in enumerate((root / file).read_text(errors="replace").splitlines(), 1):
            if pattern.search(line):
                yield f"{file}:{number}: {line.strip()}"
