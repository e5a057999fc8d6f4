# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the role's variables and the host's facts: what is installed from where, or everything that is wrong. Pure."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ..._shape import Reader, at
from .config import read_options
from .signature import fingerprint_problem

SIGNED_SINCE = (3, 1, 1141, 0)
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
# domains of AWS's partitions, by how their Regions begin
_DOMAINS = {
    "cn-": "amazonaws.com.cn",
    "eusc-": "amazonaws.eu",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
    "eu-isoe-": "cloud.adc-e.uk",
}
_ACTIVATION_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_FOLDERS = {"deb": "debian", "rpm": "linux"}
# distribution as Ansible names it: oldest and newest version that is known, and what installs its packages
_RED_HAT = ((8,), (10,), "dnf")
_DISTRIBUTIONS: Dict[str, Tuple[Tuple[int, ...], Tuple[int, ...], str]] = {
    "Debian": ((11,), (13,), "apt"),
    "Ubuntu": ((22, 4), (26, 4), "apt"),
    "RedHat": _RED_HAT,
    "CentOS": _RED_HAT,
    "Rocky": _RED_HAT,
    "AlmaLinux": _RED_HAT,
    "Amazon": ((2023,), (2023,), "dnf"),
    "Fedora": ((40,), (999,), "dnf"),
    "SLES": ((15,), (15,), "rpm"),
    "SLES_SAP": ((15,), (15,), "rpm"),
}
SUPPORTED = (
    "Debian 11 to 13, Ubuntu 22.04 to 26.04, RHEL, Rocky, Alma and CentOS Stream 8 to 10, Amazon Linux 2023, Fedora, "
    "SLES 15, each on amd64 and arm64"
)
_FORCE = "set ssm_agent_package_type to deb or rpm to try all the same"


@dataclass(frozen=True)
class Source:
    """Where the package comes from, and with which tool it is installed."""

    format: str
    installer: str
    machine: str
    base: Optional[str]
    package_url: Optional[str]
    version_url: Optional[str]
    key_url: Optional[str]
    with_signature: bool

    def shown(self) -> Dict[str, Any]:
        return asdict(self)


def plan(given: Mapping[str, Any], host: Mapping[str, Any], prefix: str = "ssm_agent_") -> Dict[str, Any]:
    """`problems`, and where there are none the source's fields."""
    reader = Reader()
    installer, format_ = _platform(reader, given, host, prefix)
    machine = _MACHINES.get(str(host.get("architecture")), "")
    base = _base(reader, given, prefix)
    _check_version(reader, given, prefix)
    _check_verification(reader, given, prefix)
    _check_proxy(reader, given.get("proxy"), prefix + "proxy")
    _check_registration(reader, given, prefix)
    if given.get("config") is not None:
        read_options(reader, given["config"], prefix + "config")
    if reader.problems:
        return dict(problems=reader.problems)
    version = given["version"]
    signed = bool(given.get("signing_fingerprints"))
    source = Source(
        format=format_,
        installer=installer,
        machine=machine,
        base=base,
        package_url=None
        if base is None
        else f"{base}/{version}/{_FOLDERS[format_]}_{machine}/amazon-ssm-agent.{format_}",
        version_url=f"{base}/latest/VERSION" if base is not None and version == "latest" else None,
        key_url=given.get("signing_key_url") if signed and not given.get("signing_key_file") else None,
        with_signature=signed,
    )
    return dict(source.shown(), problems=[])


def _platform(reader: Reader, given: Mapping[str, Any], host: Mapping[str, Any], prefix: str) -> Tuple[str, str]:
    system, name, version = (str(host.get(key)) for key in ("system", "distribution", "distribution_version"))
    if system != "Linux":
        brought = " Windows images bring the agent." if system in ("Win32NT", "Windows") else ""
        reader.wrong(
            "", f"this host runs {system}, and the agent is installed on Linux only.{brought} Leave the host out"
        )
        return "", ""
    if str(host.get("architecture")) not in _MACHINES:
        reader.wrong(
            "", f"there is no agent for the architecture {host.get('architecture')}; supported are {SUPPORTED}"
        )
    forced = given.get("package_type")
    if forced is not None:
        if forced not in ("deb", "rpm"):
            reader.wrong(prefix + "package_type", f"'{forced}' is neither deb nor rpm")
        return ("apt" if forced == "deb" else "rpm"), str(forced)
    known = _DISTRIBUTIONS.get(name)
    numbers = _numbers(version)
    if known is None or not known[0] <= numbers[: len(known[0])] <= known[1]:
        reader.wrong("", f"{name} {version} is not supported; supported are {SUPPORTED}. Otherwise {_FORCE}")
        return "", ""
    # dnf's bindings in Red Hat's 8 are for Python 3.6, which ansible-core no longer runs on
    installer = "rpm" if known is _RED_HAT and numbers[0] == 8 else known[2]
    return installer, "deb" if installer == "apt" else "rpm"


def _numbers(version: str) -> Tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]+", version)) or (0,)


def _base(reader: Reader, given: Mapping[str, Any], prefix: str) -> Optional[str]:
    """Where the packages lie, without a slash at the end; None where a file is given."""
    region = given.get("region")
    if region is not None:
        reader.text(region, prefix + "region", form=_REGION, rule="a Region; give one such as eu-central-1")
    if given.get("package_file"):
        return None
    if given.get("url"):
        return _url(reader, given, prefix, "url").rstrip("/")
    if region is None:
        reader.wrong(prefix + "region", "is missing; give the Region to download from, or ssm_agent_url of a mirror")
        return None
    domain = next((_DOMAINS[start] for start in _DOMAINS if str(region).startswith(start)), "amazonaws.com")
    return f"https://s3.{region}.{domain}/amazon-ssm-{region}"


def _url(reader: Reader, given: Mapping[str, Any], prefix: str, name: str) -> str:
    url = str(given.get(name))
    path = prefix + name
    if url.startswith("http://"):
        if not given.get("sha256"):
            reader.wrong(path, f"'{url}' is plain http; give an https:// address, or pin the package by {prefix}sha256")
    elif not re.match(r"https://[^/\s]+", url):
        reader.wrong(path, f"'{url}' is not an address; give one that begins with https://")
    return url


def _check_version(reader: Reader, given: Mapping[str, Any], prefix: str) -> None:
    path, version = prefix + "version", given.get("version")
    if version == "latest":
        return
    rule = "a version; give latest, or four numbers such as 3.3.3050.0, quoted"
    if reader.text(version, path, form=_VERSION, rule=rule) is None:
        return
    if _numbers(str(version)) < SIGNED_SINCE and given.get("signing_fingerprints"):
        reader.wrong(
            path,
            f"{version} is older than 3.1.1141.0, and those packages are not signed; give a newer one, or an empty "
            f"{prefix}signing_fingerprints and {prefix}sha256",
        )


def _check_verification(reader: Reader, given: Mapping[str, Any], prefix: str) -> None:
    digest, fingerprints = given.get("sha256"), given.get("signing_fingerprints") or []
    if digest:
        reader.text(digest, prefix + "sha256", form=_SHA256, rule="a SHA-256; give 64 hexadecimal digits")
    for index, entry in enumerate(reader.rows(fingerprints, prefix + "signing_fingerprints", empty=True)):
        problem = fingerprint_problem(entry)
        if problem:
            reader.wrong(at(prefix + "signing_fingerprints", index), problem)
    if fingerprints and not given.get("signing_key_file"):
        if given.get("signing_key_url"):
            _url(reader, given, prefix, "signing_key_url")
        else:
            reader.wrong(prefix + "signing_key_url", f"is missing; give it or {prefix}signing_key_file")
    if not fingerprints and not digest and not given.get("accept_unverified"):
        reader.wrong(
            prefix + "signing_fingerprints",
            f"without fingerprints and without {prefix}sha256 nothing would be verified; give one of them",
        )


def _check_proxy(reader: Reader, proxy: Any, path: str) -> None:
    if proxy is None:
        return
    fields = reader.fields(proxy, path, ("http", "https", "no_proxy"))
    for name in ("http", "https"):
        if name not in fields:
            continue
        text = reader.text(fields[name], at(path, name))
        if text is not None and not re.match(r"http://[^\s\"\\]+\Z", text):
            # not the value itself, which may hold a password
            reader.wrong(
                at(path, name),
                "the proxy's address does not begin with http://, or has a blank, quote or backslash in it; Session "
                "Manager cannot use a proxy that is spoken to by https",
            )
    if fields and not {"http", "https"} & set(fields):
        reader.wrong(path, "names no proxy; give http, https or both, or {} for none")
    for index, text in reader.texts(fields.get("no_proxy", []), at(path, "no_proxy"), empty=True).items():
        if not re.match(r"[^\s\"\\,]+\Z", text):
            reader.wrong(at(at(path, "no_proxy"), index), f"{text!r} is not an address or a name")


def _check_registration(reader: Reader, given: Mapping[str, Any], prefix: str) -> None:
    names: List[str] = [name for name in ("activation_id", "activation_code") if given.get(name)]
    if not names:
        if given.get("register_again"):
            reader.wrong(prefix + "register_again", f"needs {prefix}activation_id and {prefix}activation_code")
        return
    if len(names) == 1:
        reader.wrong(prefix + names[0], "an activation is an id and a code; give both, or neither")
    if not given.get("region"):
        reader.wrong(prefix + "region", "is missing; give the Region of the activation")
    identifier, code = given.get("activation_id"), given.get("activation_code")
    if identifier:
        reader.text(identifier, prefix + "activation_id", form=_ACTIVATION_ID, rule="an activation's id, a UUID")
    # the code itself is never in a text
    if code and not re.match(r"[A-Za-z0-9+/=]{20,250}\Z", str(code)):
        reader.wrong(prefix + "activation_code", "is not an activation's code: 20 to 250 letters, digits, + and /")
