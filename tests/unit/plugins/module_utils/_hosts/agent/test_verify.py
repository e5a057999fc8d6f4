# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages verified by a real GnuPG, in a throwaway home, with keys made for the test."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.agent import verify
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError

TOOLS = ("gpg", "gpgv", "gpgconf", "dpkg-deb")
pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in TOOLS), reason=f"needs {', '.join(TOOLS)} on this machine"
)


class Host:
    """What is used of an AnsibleModule, with the tools it may find."""

    def __init__(self, *without: str) -> None:
        self._without = without

    def get_bin_path(self, name: str) -> Any:
        return None if name in self._without else shutil.which(name)

    def run_command(self, argv: list[str], environ_update: dict[str, str], errors: str) -> tuple[int, str, str]:
        done = subprocess.run(
            argv, env={**os.environ, **environ_update}, capture_output=True, text=True, errors=errors, check=False
        )
        return done.returncode, done.stdout, done.stderr


class Keys:
    """Three keys, one of them expired and one revoked, and the package of a format that they have signed."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.kind = kind
        self._home = folder / "gnupg"
        self._home.mkdir(mode=0o700)
        self._folder = folder
        self.fingerprints = {
            "current": self._make("current", "never"),
            "expired": self._make("expired", "1d", "--faked-system-time=20260101T000000"),
            "revoked": self._make("revoked", "never"),
        }
        self.package = folder / f"agent.{kind}"
        {"deb": self._build_deb, "rpm": self._build_rpm}[kind]()
        self.signatures = {name: self._sign(name) for name in self.fingerprints}
        certificate = self._home / "openpgp-revocs.d" / f"{self.fingerprints['revoked']}.rev"
        certificate.write_text(certificate.read_text().replace("\n:-----", "\n-----"))
        self._gpg("--import", str(certificate))
        self.key = folder / "keys.asc"
        self.key.write_bytes(self._gpg("--armor", "--export"))

    def _gpg(self, *arguments: str) -> bytes:
        argv = ["gpg", "--homedir", str(self._home), "--batch", "--quiet", "--yes", *arguments]
        return subprocess.run(argv, check=True, capture_output=True).stdout

    def _make(self, name: str, lifetime: str, *options: str) -> str:
        self._gpg(*options, "--passphrase", "", "--quick-gen-key", f"{name}@example.org", "ed25519", "sign", lifetime)
        lines = self._gpg("--with-colons", "--list-keys", f"{name}@example.org").decode().splitlines()
        return next(line.split(":")[9] for line in lines if line.startswith("fpr:"))

    def _sign(self, name: str) -> Path:
        signature = self._folder / f"{name}.sig"
        then = ["--faked-system-time=20260101T010000"] if name == "expired" else []
        self._gpg(*then, "-u", f"{name}@example.org", "--output", str(signature), "--detach-sign", str(self.package))
        return signature

    def _build_deb(self) -> None:
        root = self._folder / "root"
        (root / "DEBIAN").mkdir(parents=True)
        (root / "DEBIAN" / "control").write_text(
            "Package: agent\nVersion: 3.3.2.0-1\nArchitecture: amd64\nMaintainer: T <t@example.org>\nDescription: x\n"
        )
        subprocess.run(["dpkg-deb", "--build", root, self.package], check=True, capture_output=True)

    def _build_rpm(self) -> None:
        spec = self._folder / "agent.spec"
        spec.write_text("Name: agent\nVersion: 3.3.2.0\nRelease: 1\nSummary: x\nLicense: x\n%description\n%files\n")
        argv = ["rpmbuild", "-bb", "--target", "x86_64", "--define", f"_topdir {self._folder}", str(spec)]
        subprocess.run(argv, check=True, capture_output=True)
        (built,) = self._folder.glob("RPMS/x86_64/*.rpm")
        built.rename(self.package)

    def close(self) -> None:
        subprocess.run(["gpgconf", "--homedir", str(self._home), "--kill", "all"], check=False)


@pytest.fixture(scope="module", params=["deb", "rpm"])
def keys(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keys]:
    if request.param == "rpm" and shutil.which("rpmbuild") is None:
        pytest.skip("needs rpmbuild on this machine")
    made = Keys(tmp_path_factory.mktemp("keys"), request.param)
    yield made
    made.close()


@pytest.fixture(params=["gpgv", "gpg"])
def check(request: pytest.FixtureRequest, keys: Keys) -> Callable[..., dict[str, Any]]:
    """Verifies with the one tool and with the other."""
    host = Host("gpgv") if request.param == "gpg" else Host("gpg")
    return lambda **given: run(host, keys, **given)


def run(host: Host, keys: Keys, **given: Any) -> dict[str, Any]:
    asked: dict[str, Any] = dict(
        path=str(keys.package),
        signature=None,
        key=str(keys.key),
        fingerprints=list(keys.fingerprints.values()),
        sha256=None,
        accept_unverified=False,
        expected=None,
    )
    return verify.verified(host, verify.checks_of({**asked, **given}))


def test_good(check: Callable[..., dict[str, Any]], keys: Keys) -> None:
    expected = {"name": "agent", "version": "3.3.2.0", "architecture": "x86_64"}
    machine = {"deb": "amd64", "rpm": "x86_64"}[keys.kind]
    result = check(signature=str(keys.signatures["current"]), expected=expected)
    assert result["fingerprint"] == result["signing_key"] == keys.fingerprints["current"]
    assert result["verified_by"] == ["signature"]
    assert result["package"] == dict(format=keys.kind, name="agent", version="3.3.2.0", architecture=machine)
    assert result["sha256"] == hashlib.sha256(keys.package.read_bytes()).hexdigest()


@pytest.mark.parametrize(("name", "told"), [("expired", "expired on 2026-01-02"), ("revoked", "was revoked")])
def test_keys_that_are_no_longer_good(check: Callable[..., dict[str, Any]], keys: Keys, name: str, told: str) -> None:
    with pytest.raises(UserError, match=f"the key {keys.fingerprints[name]}.* {told}"):
        check(signature=str(keys.signatures[name]))


def test_another_key(check: Callable[..., dict[str, Any]], keys: Keys) -> None:
    with pytest.raises(UserError, match="which is not one of the fingerprints that are trusted"):
        check(signature=str(keys.signatures["current"]), fingerprints=["1" * 40])


def test_a_key_that_is_not_there(check: Callable[..., dict[str, Any]], keys: Keys, tmp_path: Path) -> None:
    only = tmp_path / "only.gpg"
    only.write_bytes(keys._gpg("--export", keys.fingerprints["expired"]))
    with pytest.raises(UserError, match=f"by the key {keys.fingerprints['current']}, which is not in the key file"):
        check(signature=str(keys.signatures["current"]), key=str(only))


@pytest.mark.parametrize("fault", ["one byte", "truncated", "more"])
def test_altered(check: Callable[..., dict[str, Any]], keys: Keys, tmp_path: Path, fault: str) -> None:
    content = bytearray(keys.package.read_bytes())
    if fault == "one byte":
        content[-3] ^= 1
    altered = tmp_path / "altered"
    altered.write_bytes(content[:-9] if fault == "truncated" else content + b"x" * (fault == "more"))
    with pytest.raises(UserError, match="does not fit the file.*BADSIG.*nothing was installed"):
        check(path=str(altered), signature=str(keys.signatures["current"]))


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>"])
def test_what_is_no_signature(check: Callable[..., dict[str, Any]], tmp_path: Path, content: bytes) -> None:
    wrong = tmp_path / "wrong.sig"
    wrong.write_bytes(content)
    with pytest.raises(UserError, match="holds no signature"):
        check(signature=str(wrong))


def test_what_is_no_key(check: Callable[..., dict[str, Any]], keys: Keys, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.gpg"
    wrong.write_bytes(b"<html>not found</html>")
    with pytest.raises(UserError, match="holds no OpenPGP key"):
        check(signature=str(keys.signatures["current"]), key=str(wrong))


def test_the_digest(keys: Keys, tmp_path: Path) -> None:
    digest = hashlib.sha256(keys.package.read_bytes()).hexdigest()
    assert run(Host(), keys, sha256=digest.upper())["verified_by"] == ["sha256"]
    both = run(Host(), keys, sha256=digest, signature=str(keys.signatures["current"]))
    assert both["verified_by"] == ["sha256", "signature"]
    with pytest.raises(UserError, match=f"its SHA-256 is {digest}, and not 0000"):
        run(Host(), keys, sha256="0" * 64, signature=str(keys.signatures["current"]))
    with pytest.raises(UserError, match="expired"):
        run(Host(), keys, sha256=digest, signature=str(keys.signatures["expired"]))


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"name": "amazon-ssm-agent"}, "it is the package 'agent', and not 'amazon-ssm-agent'"),
        ({"version": "3.3.3.0"}, "it is version 3.3.2.0, and not 3.3.3.0"),
        ({"architecture": "aarch64"}, "it is for (amd64|x86_64), and this host is aarch64"),
    ],
)
def test_another_package_that_is_well_signed(keys: Keys, expected: dict[str, str], told: str) -> None:
    with pytest.raises(UserError, match=told):
        run(Host(), keys, signature=str(keys.signatures["current"]), expected=expected)


def test_questions_that_cannot_be_answered(keys: Keys, tmp_path: Path) -> None:
    signature = str(keys.signatures["current"])
    with pytest.raises(UserError, match="nothing to verify it by"):
        run(Host(), keys)
    with pytest.raises(UserError, match="judged only with 'key'"):
        run(Host(), keys, signature=signature, fingerprints=[])
    with pytest.raises(UserError, match="fingerprints: .*is a key id"):
        run(Host(), keys, signature=signature, fingerprints=["C4EA20A4F5ECCF36"])
    with pytest.raises(UserError, match="sha256: .* 64 hexadecimal digits"):
        run(Host(), keys, sha256="md5")
    with pytest.raises(UserError, match="no such file"):
        run(Host(), keys, signature=str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match="neither gpgv nor gpg"):
        run(Host("gpg", "gpgv"), keys, signature=signature)
    assert run(Host(), keys, accept_unverified=True)["verified_by"] == []


def test_what_is_no_package(keys: Keys, tmp_path: Path) -> None:
    wrong = tmp_path / "page.deb"
    wrong.write_text("<html>not found</html>")
    with pytest.raises(UserError, match="neither a .deb nor an .rpm"):
        run(Host(), keys, path=str(wrong), accept_unverified=True)
    wrong.write_bytes(keys.package.read_bytes()[:40])
    with pytest.raises(UserError, match="(dpkg-deb|rpm) cannot read it"):
        run(Host(), keys, path=str(wrong), accept_unverified=True)
    wrong.write_bytes(b"\xed\xab\xee\xdb")
    with pytest.raises(UserError, match="this host has no rpm"):
        run(Host("rpm"), keys, path=str(wrong), accept_unverified=True)


def test_nothing_is_left_behind(keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify.tempfile, "tempdir", str(tmp_path))
    run(Host("gpgv"), keys, signature=str(keys.signatures["current"]))
    assert list(tmp_path.iterdir()) == []
    answer = subprocess.run(["pgrep", "-fa", f"gpg-agent.*{tmp_path}"], capture_output=True, text=True, check=False)
    assert answer.stdout == ""
