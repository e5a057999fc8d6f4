# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's configuration file, amazon-ssm-agent.json: typed options, merged into what is there. Pure.

The agent says nothing when a number is out of range or a word is unknown, and takes its default; when the file is not
JSON it takes the defaults for everything. So all of that is found here, before the file is written.
"""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ..._shape import Reader, at

UNLIMITED = 2**31 - 1


@dataclass(frozen=True)
class Option:
    """One option: its key in the file, and how its value is read; the reader gets reader, value and path."""

    key: str
    read: Callable[[Reader, Any, str], Any]


def _flag(key: str) -> Option:
    def read(reader: Reader, value: Any, path: str) -> Any:
        words = {"yes": True, "true": True, "no": False, "false": False}
        return reader.flag(words.get(value.lower(), value) if isinstance(value, str) else value, path)

    return Option(key, read)


def _number(key: str, low: int, high: int = UNLIMITED) -> Option:
    return Option(key, lambda reader, value, path: reader.number(value, path, low, high))


def _choice(key: str, *choices: str) -> Option:
    return Option(key, lambda reader, value, path: reader.choice(value, path, choices))


def _text(key: str) -> Option:
    return Option(key, lambda reader, value, path: reader.text(value, path, empty=True))


def _endpoint(key: str) -> Option:
    def read(reader: Reader, value: Any, path: str) -> Any:
        text = reader.text(value, path, empty=True)
        if text and (text != text.strip() or any(blank in text for blank in " \t\n") or text.startswith("http://")):
            reader.wrong(path, f"{text!r} is not an endpoint; give a host name, or an https:// address")
        return text

    return Option(key, read)


def _addresses(key: str) -> Option:
    def read(reader: Reader, value: Any, path: str) -> Any:
        found = reader.texts(value, path, empty=True)
        for index, text in found.items():
            if not _is_address(text):
                reader.wrong(at(path, index), f"'{text}' is not an IP address; give one without a network mask")
        return list(found.values())

    return Option(key, read)


def _identities(key: str) -> Option:
    known = ("OnPrem", "ECS", "EC2", "CustomIdentity")

    def read(reader: Reader, value: Any, path: str) -> Any:
        found = reader.texts(value, path)
        return [reader.choice(text, at(path, index), known) for index, text in found.items()]

    return Option(key, read)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


# Ranges as the agent's own parser has them (agent/appconfig). Where it has none, these are the ones of the option's
# siblings, or what makes sense at all.
OPTIONS: Dict[str, Tuple[str, Dict[str, Option]]] = {
    "profile": (
        "Profile",
        {
            "share_creds": _flag("ShareCreds"),
            "share_profile": _text("ShareProfile"),
            "force_update_creds": _flag("ForceUpdateCreds"),
            "key_auto_rotate_days": _number("KeyAutoRotateDays", 0, 365),
        },
    ),
    "mds": (
        "Mds",
        {
            "endpoint": _endpoint("Endpoint"),
            "command_workers_limit": _number("CommandWorkersLimit", 1),
            "command_worker_buffer_limit": _number("CommandWorkerBufferLimit", 1),
            "command_retry_limit": _number("CommandRetryLimit", 1, 100),
            "stop_timeout_millis": _number("StopTimeoutMillis", 10000, 1000000),
        },
    ),
    "ssm": (
        "Ssm",
        {
            "endpoint": _endpoint("Endpoint"),
            "health_frequency_minutes": _number("HealthFrequencyMinutes", 5, 60),
            "association_frequency_minutes": _number("AssociationFrequencyMinutes", 5, 60),
            "custom_inventory_default_location": _text("CustomInventoryDefaultLocation"),
            "association_logs_retention_duration_hours": _number("AssociationLogsRetentionDurationHours", 8),
            "run_command_logs_retention_duration_hours": _number("RunCommandLogsRetentionDurationHours", 8),
            "session_logs_retention_duration_hours": _number("SessionLogsRetentionDurationHours", 8),
            "session_logs_destination": _choice("SessionLogsDestination", "none", "disk"),
            "plugin_local_output_cleanup": _choice(
                "PluginLocalOutputCleanup", "default", "after-execution", "after-upload"
            ),
            "orchestration_directory_cleanup": _choice(
                "OrchestrationDirectoryCleanup", "default", "clean-success", "clean-success-failed"
            ),
        },
    ),
    "mgs": (
        "Mgs",
        {
            "region": _text("Region"),
            "endpoint": _endpoint("Endpoint"),
            "stop_timeout_millis": _number("StopTimeoutMillis", 10000, 1000000),
            "session_workers_limit": _number("SessionWorkersLimit", 1),
            "session_worker_buffer_limit": _number("SessionWorkerBufferLimit", 1),
            "denied_port_forwarding_remote_ips": _addresses("DeniedPortForwardingRemoteIPs"),
        },
    ),
    "agent": (
        "Agent",
        {
            "region": _text("Region"),
            "service_domain": _text("ServiceDomain"),
            "orchestration_root_dir": _text("OrchestrationRootDir"),
            "self_update": _flag("SelfUpdate"),
            "self_update_schedule_day": _number("SelfUpdateScheduleDay", 1, 7),
            "telemetry_metrics_to_cloudwatch": _flag("TelemetryMetricsToCloudWatch"),
            "telemetry_metrics_to_ssm": _flag("TelemetryMetricsToSSM"),
            "telemetry_metrics_namespace": _text("TelemetryMetricsNamespace"),
            "audit_expiration_day": _number("AuditExpirationDay", 3, 30),
            "long_running_worker_monitor_interval_seconds": _number(
                "LongRunningWorkerMonitorIntervalSeconds", 30, 1800
            ),
            "go_max_proc_for_agent_worker": _number("GoMaxProcForAgentWorker", 1),
        },
    ),
    "s3": ("S3", {"endpoint": _endpoint("Endpoint")}),
    "kms": (
        "Kms",
        {
            "endpoint": _endpoint("Endpoint"),
            "require_kms_challenge_response": _flag("RequireKMSChallengeResponse"),
        },
    ),
    "identity": ("Identity", {"consumption_order": _identities("ConsumptionOrder")}),
}


def read_options(reader: Reader, given: Any, path: str) -> Dict[str, Dict[str, Any]]:
    """The options as the file has them, by section; what is wrong with them goes to the reader."""
    found: Dict[str, Dict[str, Any]] = {}
    for section, entries in reader.fields(given, path, list(OPTIONS)).items():
        name, options = OPTIONS[section]
        values = reader.fields(entries, at(path, section), list(options))
        read = {
            options[option].key: options[option].read(reader, value, at(at(path, section), option))
            for option, value in values.items()
        }
        if read:
            found[name] = read
    return found


def merged(current: Optional[str], given: Any, path: str, file: str) -> str:
    """The file's new text: what is there, with these options. The text as it is where nothing changes.

    Raises Problems with everything that is wrong.
    """
    reader = Reader()
    wishes = read_options(reader, given, path)
    before = _parsed(reader, current, file)
    reader.stop_if_wrong()
    after = json.loads(json.dumps(before))
    for section, values in wishes.items():
        table = after.setdefault(_as_there(after, section), {})
        if not isinstance(table, dict):
            reader.wrong(file, f"'{section}' in it is not an object; mend it by hand, or remove the file")
            continue
        for key, value in values.items():
            table[_as_there(table, key)] = value
    reader.stop_if_wrong()
    if current is not None and after == before:
        return current
    return json.dumps(after, indent=4, ensure_ascii=False) + "\n"


def _parsed(reader: Reader, current: Optional[str], file: str) -> Dict[str, Any]:
    mend = "mend it by hand, or remove it; the agent runs with its defaults for everything until then"
    if current is None or not current.strip():
        return {}
    try:
        found = json.loads(current)
    except ValueError as error:
        reader.wrong(file, f"is not JSON ({error}); {mend}")
        return {}
    if not isinstance(found, dict):
        reader.wrong(file, f"holds no JSON object; {mend}")
        return {}
    return found


def _as_there(table: Mapping[str, Any], key: str) -> str:
    """The key as it is written there, because the agent does not mind upper and lower case."""
    same: List[str] = [there for there in table if there.lower() == key.lower()]
    return same[-1] if same else key
