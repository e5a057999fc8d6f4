# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a host gets its agent from, and what is wrong with the role's variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.keyless.aws.plugins.filter import ssm_agent_plan

PLAN = ssm_agent_plan.FilterModule().filters()["ssm_agent_plan"]
DEFAULTS = yaml.safe_load(
    (Path(__file__).resolve().parents[6] / "roles" / "ssm_agent" / "defaults" / "main.yml").read_text()
)
CODE = "Pq3xW7nT0bYs5LkD2vRf"
IDENTIFIER = "01234567-89ab-cdef-0123-456789abcdef"


def plan(distribution: str = "Debian", release: str = "12.7", machine: str = "x86_64", **given: Any) -> dict[str, Any]:
    host = dict(system="Linux", distribution=distribution, distribution_version=release, architecture=machine)
    defaults = {name[len("ssm_agent_") :]: value for name, value in DEFAULTS.items()}
    return PLAN({**defaults, "region": "eu-central-1", **given}, host)


def problems(**given: Any) -> list[str]:
    return list(plan(**given)["problems"])


AMD, ARM = "x86_64", "aarch64"


@pytest.mark.parametrize(
    ("distribution", "version", "installer", "folder"),
    [
        ("Debian", "11.9", "apt", "debian"),
        ("Debian", "13", "apt", "debian"),
        ("Ubuntu", "22.04", "apt", "debian"),
        ("Ubuntu", "24.10", "apt", "debian"),
        ("Ubuntu", "26.04", "apt", "debian"),
        ("RedHat", "8.10", "rpm", "linux"),
        ("Rocky", "8.9", "rpm", "linux"),
        ("RedHat", "9.4", "dnf", "linux"),
        ("AlmaLinux", "10.0", "dnf", "linux"),
        ("CentOS", "9", "dnf", "linux"),
        ("Amazon", "2023", "dnf", "linux"),
        ("Fedora", "44", "dnf", "linux"),
        ("SLES", "15.6", "rpm", "linux"),
        ("SLES_SAP", "15.5", "rpm", "linux"),
    ],
)
@pytest.mark.parametrize(("machine", "ours"), [(AMD, "amd64"), (ARM, "arm64")])
def test_supported(distribution: str, version: str, installer: str, folder: str, machine: str, ours: str) -> None:
    found = plan(distribution, version, machine)
    bucket = "https://s3.eu-central-1.amazonaws.com/amazon-ssm-eu-central-1"
    suffix = "deb" if installer == "apt" else "rpm"
    assert found["problems"] == []
    assert found["installer"] == installer
    assert found["format"] == suffix
    assert found["package_url"] == f"{bucket}/latest/{folder}_{ours}/amazon-ssm-agent.{suffix}"
    assert found["version_url"] == f"{bucket}/latest/VERSION"


@pytest.mark.parametrize(
    ("distribution", "version"),
    [
        ("Debian", "10.13"),
        ("Debian", "14"),
        ("Debian", "trixie/sid"),
        ("Ubuntu", "20.04"),
        ("Ubuntu", "26.10"),
        ("RedHat", "7.9"),
        ("RedHat", "11.0"),
        ("Amazon", "2"),
        ("SLES", "12.5"),
        ("Archlinux", "rolling"),
    ],
)
def test_not_supported(distribution: str, version: str) -> None:
    (problem,) = plan(distribution, version)["problems"]
    assert f"{distribution} {version} is not supported" in problem
    assert "Debian 11 to 13" in problem and "set ssm_agent_package_type" in problem


@pytest.mark.parametrize(("kind", "installer"), [("deb", "apt"), ("rpm", "rpm")])
def test_a_distribution_can_be_forced(kind: str, installer: str) -> None:
    found = plan("Devuan", "5", package_type=kind)
    assert (found["problems"], found["installer"], found["format"]) == ([], installer, kind)
    assert problems(package_type="snap") == ["ssm_agent_package_type: 'snap' is neither deb nor rpm"]


def test_other_machines_and_systems() -> None:
    assert "no agent for the architecture armv7l" in plan("Debian", "12", "armv7l")["problems"][0]
    assert "no agent for the architecture ppc64le" in plan("Devuan", "5", "ppc64le", package_type="deb")["problems"][0]
    given = {"version": "latest", "region": "eu-central-1", "sha256": "0" * 64}
    for system, told in (("Win32NT", "Windows images bring the agent"), ("Darwin", "runs Darwin")):
        (problem,) = PLAN(given, dict(system=system, architecture="64-bit"))["problems"]
        assert told in problem and "Linux only" in problem


@pytest.mark.parametrize(
    ("region", "domain"),
    [
        ("cn-north-1", "amazonaws.com.cn"),
        ("us-gov-west-1", "amazonaws.com"),
        ("ap-southeast-7", "amazonaws.com"),
        ("eusc-de-east-1", "amazonaws.eu"),
        ("us-iso-east-1", "c2s.ic.gov"),
        ("us-isob-east-1", "sc2s.sgov.gov"),
    ],
)
def test_the_regions_of_every_partition(region: str, domain: str) -> None:
    assert plan(region=region)["base"] == f"https://s3.{region}.{domain}/amazon-ssm-{region}"


def test_where_packages_lie() -> None:
    exact = plan(version="3.3.3050.0", url="https://mirror.example.org/ssm/")
    assert exact["package_url"] == "https://mirror.example.org/ssm/3.3.3050.0/debian_amd64/amazon-ssm-agent.deb"
    assert exact["version_url"] is None
    file = plan(package_file="agent.deb", region=None)
    assert (file["problems"], file["base"], file["package_url"], file["version_url"]) == ([], None, None, None)


def test_where_the_key_comes_from() -> None:
    assert plan()["key_url"] == DEFAULTS["ssm_agent_signing_key_url"]
    assert plan(signing_key_file="key.gpg")["key_url"] is None
    unsigned = plan(signing_fingerprints=[], sha256="0" * 64)
    assert (unsigned["problems"], unsigned["key_url"], unsigned["with_signature"]) == ([], None, False)
    assert "signing_key_url: is missing" in problems(signing_key_url="")[0]


def test_nothing_is_installed_that_nothing_vouches_for() -> None:
    (problem,) = problems(signing_fingerprints=[])
    assert problem.startswith("ssm_agent_signing_fingerprints: ") and "ssm_agent_sha256" in problem
    assert problems(signing_fingerprints=[], accept_unverified=True) == []


@pytest.mark.parametrize("name", ["url", "signing_key_url"])
def test_addresses(name: str) -> None:
    (problem,) = problems(**{name: "http://mirror.example.org/x"})
    assert problem.startswith(f"ssm_agent_{name}: ") and "plain http" in problem and "ssm_agent_sha256" in problem
    assert problems(**{name: "http://mirror.example.org/x"}, sha256="0" * 64) == []
    for wrong in ("mirror.example.org", "ftp://mirror", "https://", "file:///root"):
        assert "begins with https://" in problems(**{name: wrong})[0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"region": None}, "ssm_agent_region: is missing"),
        ({"region": "frankfurt"}, "ssm_agent_region: 'frankfurt' is not a Region"),
        ({"version": "3.3"}, "ssm_agent_version: '3.3' is not a version"),
        ({"version": 3.3}, "ssm_agent_version: 3.3 is a number"),
        ({"version": "3.1.1140.9"}, "ssm_agent_version: 3.1.1140.9 is older than 3.1.1141.0"),
        ({"sha256": "abc"}, "ssm_agent_sha256: 'abc' is not a SHA-256"),
        (
            {"signing_fingerprints": ["C4EA20A4F5ECCF36"]},
            "ssm_agent_signing_fingerprints[0]: 'C4EA20A4F5ECCF36' is a key",
        ),
        ({"proxy": {"htp": "http://p"}}, "ssm_agent_proxy.htp: no such key (did you mean 'http'?)"),
        ({"proxy": {"http": "https://u:secret@p"}}, "ssm_agent_proxy.http: the proxy's address"),
        ({"proxy": {"no_proxy": ["x"]}}, "ssm_agent_proxy: names no proxy"),
        ({"proxy": {"http": "http://p", "no_proxy": ['a"b']}}, "ssm_agent_proxy.no_proxy[0]: "),
        ({"config": {"ssm": {"health_frequency_minutes": 1}}}, "ssm_agent_config.ssm.health_frequency_minutes: 1 is"),
        ({"activation_id": IDENTIFIER}, "ssm_agent_activation_id: an activation is an id and a code"),
        ({"activation_code": CODE}, "ssm_agent_activation_code: an activation is an id and a code"),
        (
            {"activation_id": "mi-0", "activation_code": CODE},
            "ssm_agent_activation_id: 'mi-0' is not an activation's id",
        ),
        ({"activation_id": IDENTIFIER, "activation_code": "my secret"}, "ssm_agent_activation_code: is not an activ"),
        ({"register_again": True}, "ssm_agent_register_again: needs ssm_agent_activation_id"),
        (
            {"activation_id": IDENTIFIER, "activation_code": CODE, "region": None, "url": "https://mirror"},
            "ssm_agent_region: is missing; give the Region of the activation",
        ),
    ],
)
def test_what_is_wrong(given: dict[str, Any], told: str) -> None:
    found = problems(**given)
    assert len(found) == 1 and found[0].startswith(told)
    assert "secret" not in found[0]


@pytest.mark.parametrize(
    "given",
    [
        {"proxy": {}},
        {"proxy": {"https": "http://u:p%40@proxy:3128", "no_proxy": ["localhost", ".example.org"]}},
        {"activation_id": IDENTIFIER, "activation_code": CODE, "register_again": True},
        {"version": "3.1.1140.9", "signing_fingerprints": [], "sha256": "0" * 64},
        {"version": "3.1.1141.0"},
        {"config": {}},
    ],
)
def test_what_is_right(given: dict[str, Any]) -> None:
    assert problems(**given) == []


def test_everything_at_once() -> None:
    found = problems(region="x", version="new", sha256="abc", proxy={"http": "p"}, activation_code=CODE, config=[])
    assert len(found) == 6


def test_the_documented_sample_is_what_comes_out() -> None:
    example = yaml.safe_load(ssm_agent_plan.EXAMPLES)[0]["vars"]["variables"]
    host = dict(system="Linux", distribution="Debian", distribution_version="12", architecture="x86_64")
    assert PLAN(example, host) == yaml.safe_load(ssm_agent_plan.RETURN)["_value"]["sample"]
