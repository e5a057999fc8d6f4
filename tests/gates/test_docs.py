# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every plugin and role is documented, and the documentation is well formed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable

import pytest


@pytest.mark.slow
def test_antsibull_docs(tree: Path, run: Callable[..., str]) -> None:
    run(
        "antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", "--validate-collection-refs=all",
        tree, ANSIBLE_COLLECTIONS_PATH=tree.parents[2],
    )  # fmt: skip


def test_everything_has_documentation(tree: Path, run: Callable[..., str]) -> None:
    """ansible-doc finds each file of plugins/ that people call, with examples and return values."""
    for kind, folder in (("module", "modules"), ("filter", "filter"), ("test", "test"), ("lookup", "lookup")):
        names = sorted(path.stem for path in (tree / "plugins" / folder).glob("[a-z]*.py"))
        if names:
            check(kind, {f"keyless.aws.{name}" for name in names}, tree, run)


def check(kind: str, names: set[str], tree: Path, run: Callable[..., str]) -> None:
    said = run("ansible-doc", "-t", kind, "--json", *sorted(names), ANSIBLE_COLLECTIONS_PATH=tree.parents[2])
    documented = json.loads(said[said.index("{") :])
    # A filter's file is named after its filter.
    assert set(documented) == names
    for name, plugin in documented.items():
        assert plugin.get("examples"), f"{name} has no EXAMPLES"
        assert plugin.get("return"), f"{name} has no RETURN"
