# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verifying a package on the host: runs GnuPG and the package tools, and decides nothing that could be decided pure."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ..._reconcile import UserError
from .package import Package, expectation_problems, kind_of, read_query
from .signature import Signature, binary_keys, fingerprint_problem, judge

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC"}
_QUERIES = {
    "deb": ["dpkg-deb", "--show", "--showformat=${Package}\\n${Version}\\n${Architecture}\\n"],
    "rpm": ["rpm", "--query", "--nosignature", "--queryformat", "%{NAME}\\n%{VERSION}-%{RELEASE}\\n%{ARCH}\\n"],
}


@dataclass(frozen=True)
class Checks:
    """What the module was asked to look at."""

    path: str
    signature: Optional[str]
    key: Optional[str]
    fingerprints: Tuple[str, ...]
    sha256: Optional[str]
    accept_unverified: bool
    expected: Mapping[str, Optional[str]]


def checks_of(params: Mapping[str, Any]) -> Checks:
    return Checks(
        path=params["path"],
        signature=params["signature"],
        key=params["key"],
        fingerprints=tuple(params["fingerprints"] or ()),
        sha256=params["sha256"],
        accept_unverified=params["accept_unverified"],
        expected=params["expected"] or {},
    )


def verified(module: Any, checks: Checks) -> Dict[str, Any]:
    """What is known of the package when everything that was asked holds; UserError when anything does not."""
    _stop_if_unasked(checks)
    found: List[str] = []
    result: Dict[str, Any] = dict(sha256=_digest(checks.path))
    if checks.sha256:
        if result["sha256"] != checks.sha256.strip().lower():
            raise UserError(
                f"{checks.path}: its SHA-256 is {result['sha256']}, and not {checks.sha256.strip().lower()} as pinned; "
                "the file is altered, incomplete or of another version"
            )
        found.append("sha256")
    if checks.signature:
        signature = _trusted(module, checks)
        found.append("signature")
        result.update(fingerprint=signature.primary, signing_key=signature.fingerprint, signed=signature.signed)
    package = read_package(module, checks.path)
    problems = expectation_problems(package, checks.expected)
    if problems:
        raise UserError(f"{checks.path}: {'; '.join(problems)}")
    return dict(result, verified_by=found, package=package.shown())


def _stop_if_unasked(checks: Checks) -> None:
    wrong = [problem for entry in checks.fingerprints for problem in [fingerprint_problem(entry)] if problem]
    if wrong:
        raise UserError("fingerprints: " + "; ".join(wrong))
    if checks.sha256 and not _SHA256.match(checks.sha256.strip().lower()):
        raise UserError(f"sha256: '{checks.sha256}' is not a SHA-256; give 64 hexadecimal digits")
    if checks.signature and not (checks.key and checks.fingerprints):
        raise UserError("signature: it can be judged only with 'key' and at least one of 'fingerprints'")
    if not checks.signature and not checks.sha256 and not checks.accept_unverified:
        raise UserError("nothing to verify it by; give 'signature' with 'key' and 'fingerprints', or 'sha256', or both")
    for path in (checks.path, checks.signature, checks.key):
        if path and not os.path.isfile(path):
            raise UserError(f"{path}: there is no such file on this host")


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _trusted(module: Any, checks: Checks) -> Signature:
    home = tempfile.mkdtemp(prefix="keyless-gnupg-")
    try:
        status = _status(module, checks, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    verdict = judge(status, checks.fingerprints)
    if verdict.signature is None:
        raise UserError(f"{checks.path}: {verdict.problem}; nothing was installed")
    return verdict.signature


def _status(module: Any, checks: Checks, home: str) -> str:
    """GnuPG's status lines, from a home of its own with nothing but this key in it."""
    with open(str(checks.key), "rb") as stream:
        keys, problem = binary_keys(stream.read())
    if keys is None:
        raise UserError(f"{checks.key}: {problem}")
    ring = os.path.join(home, "keys.gpg")
    with open(ring, "wb") as stream:
        stream.write(keys)
    gpgv, gpg = module.get_bin_path("gpgv"), module.get_bin_path("gpg")
    common = ["--homedir", home, "--status-fd", "1"]
    files = ["--", str(checks.signature), checks.path]
    if gpgv:
        return _run(module, [gpgv] + common + ["--keyring", ring] + files)[1]
    if not gpg:
        raise UserError("neither gpgv nor gpg is on this host; install the package gpgv (Debian), gnupg2 or gpg2")
    gpg_common = [gpg, "--batch", "--no-tty", "--no-autostart", "--trust-model", "always", *common]
    _run(module, [*gpg_common, "--import", ring])
    return _run(module, [*gpg_common, "--verify", *files])[1]


def read_package(module: Any, path: str) -> Package:
    """Name, version and architecture out of the package itself."""
    with open(path, "rb") as stream:
        kind = kind_of(stream.read(16))
    if kind is None:
        raise UserError(f"{path}: it is neither a .deb nor an .rpm package")
    query = list(_QUERIES[kind])
    tool = module.get_bin_path(query[0])
    if tool is None:
        raise UserError(f"{path}: it is a .{kind} package, and this host has no {query[0]}")
    code, out, err = _run(module, [tool, *query[1:], path] if kind == "deb" else [tool, *query[1:], "--package", path])
    package = read_query(kind, out) if code == 0 else None
    if package is None:
        raise UserError(f"{path}: {query[0]} cannot read it: {err.strip() or out.strip()}")
    return package


def _run(module: Any, argv: List[str]) -> Tuple[int, str, str]:
    code, out, err = module.run_command(argv, environ_update=_ENVIRONMENT, errors="replace")
    return code, out, err
