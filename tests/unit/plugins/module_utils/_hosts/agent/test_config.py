# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's configuration: options merged into what is there, and everything refused that the agent would ignore."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.filter import ssm_agent_config
from ansible_collections.keyless.aws.plugins.module_utils._hosts.agent.config import OPTIONS, merged
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._shape import Reader

FILTER = ssm_agent_config.FilterModule().filters()["ssm_agent_config"]
SPECS = Path(__file__).resolve().parents[6] / "roles" / "ssm_agent" / "meta" / "argument_specs.yml"


def problems(options: Any, current: str | None = None) -> list[str]:
    with pytest.raises(Problems) as caught:
        merged(current, options, "config", "agent.json")
    return list(caught.value.details["problems"])


def test_a_new_file() -> None:
    options = {"ssm": {"health_frequency_minutes": 5}, "profile": {"share_creds": False}, "kms": None}
    assert json.loads(merged(None, options, "", "")) == {
        "Ssm": {"HealthFrequencyMinutes": 5},
        "Profile": {"ShareCreds": False},
    }


def test_what_is_not_named_stays() -> None:
    there = {"Ssm": {"Endpoint": "ssm.example.org", "HealthFrequencyMinutes": 7}, "Os": {"Lang": "ja-JP"}, "New": [1]}
    after = json.loads(merged(json.dumps(there), {"ssm": {"health_frequency_minutes": "9"}}, "", ""))
    assert after == {**there, "Ssm": {"Endpoint": "ssm.example.org", "HealthFrequencyMinutes": 9}}
    assert list(after) == list(there)


@pytest.mark.parametrize(
    "current", ['{"Ssm":\t{"HealthFrequencyMinutes": 9}}', '{"ssm": {"healthfrequencyminutes": 9}}']
)
def test_a_text_in_which_nothing_changes_comes_back_as_it_was(current: str) -> None:
    assert merged(current, {"ssm": {"health_frequency_minutes": 9}}, "", "") == current


def test_the_second_time_nothing_changes() -> None:
    options = {"mgs": {"denied_port_forwarding_remote_ips": ["10.0.0.1"]}, "identity": {"consumption_order": ["EC2"]}}
    once = merged("", options, "", "")
    assert merged(once, options, "", "") == once


def test_keys_are_found_as_the_agent_finds_them() -> None:
    after = merged('{"SSM": {"sessionlogsdestination": "none"}}', {"ssm": {"session_logs_destination": "disk"}}, "", "")
    assert json.loads(after) == {"SSM": {"sessionlogsdestination": "disk"}}


@pytest.mark.parametrize(
    ("section", "option", "low", "high"),
    [
        ("profile", "key_auto_rotate_days", 0, 365),
        ("mds", "command_retry_limit", 1, 100),
        ("mds", "stop_timeout_millis", 10000, 1000000),
        ("ssm", "health_frequency_minutes", 5, 60),
        ("ssm", "association_frequency_minutes", 5, 60),
        ("ssm", "run_command_logs_retention_duration_hours", 8, 100000),
        ("agent", "self_update_schedule_day", 1, 7),
        ("agent", "audit_expiration_day", 3, 30),
        ("agent", "long_running_worker_monitor_interval_seconds", 30, 1800),
    ],
)
def test_ranges(section: str, option: str, low: int, high: int) -> None:
    for inside in (low, high, str(low)):
        assert f": {inside}" in merged(None, {section: {option: inside}}, "", "")
    outside = [low - 1] + ([high + 1] if high < 100000 or option == "stop_timeout_millis" else [])
    for value in outside + [True, "many", 1.5]:
        (problem,) = problems({section: {option: value}})
        assert problem.startswith(f"config.{section}.{option}: ") and "whole number from" in problem


def test_everything_that_is_wrong_at_once() -> None:
    found = problems(
        {
            "ssm": {"session_logs_destination": "disc", "health_frequncy_minutes": 5, "endpoint": "http://x"},
            "mgs": {"denied_port_forwarding_remote_ips": ["169.254.169.0/24", "10.0.0.1", "10.0.0.1"]},
            "identity": {"consumption_order": ["Onprem", "EC2"]},
            "profile": {"share_creds": "perhaps"},
            "smm": {},
        },
        current="{",
    )
    assert [problem.split(": ")[0] for problem in found] == [
        "config.smm",
        "config.ssm.health_frequncy_minutes",
        "config.ssm.session_logs_destination",
        "config.ssm.endpoint",
        "config.mgs.denied_port_forwarding_remote_ips[2]",
        "config.mgs.denied_port_forwarding_remote_ips[0]",
        "config.identity.consumption_order[0]",
        "config.profile.share_creds",
        "agent.json",
    ]
    assert "did you mean 'disk'" in found[2] and "did you mean 'OnPrem'" in found[6]


def test_words_for_flags() -> None:
    options = {"agent": {"self_update": "yes", "telemetry_metrics_to_ssm": "False"}}
    assert json.loads(merged(None, options, "", ""))["Agent"] == {"SelfUpdate": True, "TelemetryMetricsToSSM": False}


@pytest.mark.parametrize(
    ("current", "told"), [("{'Ssm'", "is not JSON"), ("[]", "no JSON object"), ('{"Ssm": 1}', "'Ssm'")]
)
def test_a_file_that_the_agent_does_not_understand(current: str, told: str) -> None:
    (problem,) = problems({"ssm": {"endpoint": ""}}, current)
    assert problem.startswith("agent.json: ") and told in problem


def test_the_filter_complains_in_ansibles_way() -> None:
    assert FILTER("", {"s3": {"endpoint": ""}}) == '{\n    "S3": {\n        "Endpoint": ""\n    }\n}\n'
    with pytest.raises(AnsibleFilterError, match="ssm_agent_config: options.s3.endpoints: no such key"):
        FILTER("", {"s3": {"endpoints": ""}})
    documented = yaml.safe_load(ssm_agent_config.RETURN)["_value"]["sample"]
    assert FILTER("", {"ssm": {"session_logs_destination": "disk"}}) == documented


def test_the_roles_argument_spec_has_the_same_options() -> None:
    spec = yaml.safe_load(SPECS.read_text())["argument_specs"]["main"]["options"]["ssm_agent_config"]["options"]
    assert {name: list(section["options"]) for name, section in spec.items()} == {
        name: list(options) for name, (_section, options) in OPTIONS.items()
    }
    for name, section in spec.items():
        for option, described in section["options"].items():
            assert accepts(name, option, described["type"], described.get("choices")), f"{name}.{option}"


def accepts(section: str, option: str, kind: str, choices: list[str] | None) -> bool:
    """Whether the option takes values of the type, and all choices, that are promised."""
    values: dict[str, list[Any]] = {"bool": [True, False], "int": [30], "str": [""], "list": [["10.0.0.1"]]}
    if option in ("self_update_schedule_day",):
        values["int"] = [7]
    if option == "stop_timeout_millis":
        values["int"] = [20000]
    wanted = ([choices] if kind == "list" else choices) if choices else values[kind]
    reader = Reader()
    for value in wanted:
        OPTIONS[section][1][option].read(reader, value, option)
    return reader.problems == []
