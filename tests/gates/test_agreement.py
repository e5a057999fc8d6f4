# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written in two places says the same in both."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
import yaml

pytestmark = pytest.mark.quick

ROOT = Path(__file__).resolve().parents[2]
ROLES = sorted(path.name for path in (ROOT / "roles").glob("*") if path.is_dir())
MODULES = sorted((ROOT / "plugins" / "modules").glob("[a-z]*.py"))
MOST_TAGS = 20
PURE = {"plan", "policy", "model", "evaluate", "validate", "records"}


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text()) if path.is_file() else None


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_action_group() -> None:
    """It holds every module that talks to AWS, which is one that gets its clients from _aws, and no other."""
    entries = load(ROOT / "meta" / "runtime.yml")["action_groups"]["aws"]
    listed = [entry for entry in entries if isinstance(entry, str)]
    cloud = [path.stem for path in MODULES if any("module_utils._aws" in used for used in imports(path))]
    assert listed == cloud
    assert {"metadata": {"extend_group": ["amazon.aws.aws"]}} in entries


def test_rooms() -> None:
    """What decides knows neither AWS nor Ansible; what calls AWS and what calls a host keep apart."""
    utils = ROOT / "plugins" / "module_utils"
    used = {path.relative_to(utils): set(imports(path)) for path in utils.rglob("*.py")}

    def knows(path: Path, *names: str) -> bool:
        return any(name in module.split(".") for module in used[path] for name in names)

    deciding = [path for path in used if path.stem in PURE or path.parts[0] in {"_access", "_evaluation"}]
    assert deciding
    assert not [path for path in deciding if knows(path, "ansible", "amazon", "boto3", "botocore", "_aws")]
    assert not [path for path in used if path.parts[0] == "_hosts" and knows(path, "boto3", "botocore", "_aws")]
    doors = {"api", "_aws", "_clients", "_retries"}
    assert not [path for path in used if path.stem not in doors and knows(path, "boto3", "botocore")]


def test_galaxy_metadata() -> None:
    galaxy = load(ROOT / "galaxy.yml")
    assert len(galaxy["tags"]) <= MOST_TAGS
    assert galaxy["dependencies"] == {"amazon.aws": ">=10.0.0"}
    assert (ROOT / "LICENSE").read_text().lstrip().startswith("GNU GENERAL PUBLIC LICENSE")


def test_changelog(run: Callable[..., str]) -> None:
    """Fragments are well formed, and the changelog has this version with all that came with it."""
    run("antsibull-changelog", "lint")
    version = load(ROOT / "galaxy.yml")["version"]
    releases = (load(ROOT / "changelogs" / "changelog.yaml") or {}).get("releases", {})
    assert version in releases and version in (ROOT / "CHANGELOG.md").read_text().replace("\\", ""), "make changelog"
    came = {path.stem for path in MODULES if f"\nversion_added: {version}\n" in path.read_text()}
    listed = {module["name"] for module in releases[version].get("modules", [])}
    assert came == listed, "make changelog"


@pytest.mark.parametrize("role", ROLES)
def test_role_defaults_and_argument_specs(role: str) -> None:
    """Each default is an option of the argument spec with that default, and the other way round."""
    folder = ROOT / "roles" / role
    assert (folder / "README.md").is_file()
    specs = load(folder / "meta" / "argument_specs.yml")["argument_specs"]
    options = {name: option for spec in specs.values() for name, option in (spec.get("options") or {}).items()}
    defaults = load(folder / "defaults" / "main.yml") or {}
    promised = {name: option["default"] for name, option in options.items() if "default" in option}
    differing = [name for name in {**defaults, **promised} if not same(name, defaults, promised, options)]
    assert not sorted(differing)


def same(name: str, defaults: dict[str, Any], promised: dict[str, Any], options: dict[str, Any]) -> bool:
    """A default that is computed cannot stand in the spec: there the option is described without one."""
    if name not in options or name not in defaults:
        return False
    if name not in promised:
        return isinstance(defaults[name], str) and "{{" in defaults[name]
    return bool(promised[name] == defaults[name])


@pytest.mark.parametrize("role", ROLES)
def test_role_readme_names_every_variable(role: str) -> None:
    folder = ROOT / "roles" / role
    specs = load(folder / "meta" / "argument_specs.yml")["argument_specs"]
    readme = (folder / "README.md").read_text()
    assert not [name for spec in specs.values() for name in spec.get("options") or {} if name not in readme]
