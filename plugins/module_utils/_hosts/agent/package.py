# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a package says of itself, and whether that is what was asked for. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Dict, List, Mapping, Optional

_MAGIC = {b"!<arch>\n": "deb", b"\xed\xab\xee\xdb": "rpm"}
# one machine, two names
_SAME = {"amd64": "x86_64", "arm64": "aarch64"}
_EVERY = ("all", "noarch")


@dataclass(frozen=True)
class Package:
    """Name, version without the distribution's revision, and architecture, as the package's own tool reads them."""

    format: str
    name: str
    version: str
    architecture: str

    def shown(self) -> Dict[str, str]:
        return asdict(self)


def kind_of(start: bytes) -> Optional[str]:
    """deb or rpm by the file's first bytes."""
    return next((kind for magic, kind in _MAGIC.items() if start.startswith(magic)), None)


def read_query(kind: str, out: str) -> Optional[Package]:
    """The answer of dpkg-deb or rpm: name, version and architecture, a line each."""
    lines = [line.strip() for line in out.splitlines()]
    if len(lines) != 3 or not all(lines):
        return None
    name, version, architecture = lines
    return Package(format=kind, name=name, version=upstream(version), architecture=architecture)


def upstream(version: str) -> str:
    """3.3.1.0 of 3.3.1.0-1 and of 3.3.1.0-1.amzn2023."""
    return version.split("-", 1)[0]


def expectation_problems(package: Package, expected: Mapping[str, Optional[str]]) -> List[str]:
    """Where the package is another one than was asked for; a good signature alone could be that of an older one."""
    found: List[str] = []
    if expected.get("name") and expected["name"] != package.name:
        found.append(f"it is the package '{package.name}', and not '{expected['name']}'")
    wanted = expected.get("version")
    if wanted and upstream(wanted) != package.version:
        found.append(f"it is version {package.version}, and not {upstream(wanted)}")
    machine = expected.get("architecture")
    if machine and package.architecture not in _EVERY and _machine(machine) != _machine(package.architecture):
        found.append(f"it is for {package.architecture}, and this host is {machine}")
    return found


def _machine(name: str) -> str:
    return _SAME.get(name, name)
