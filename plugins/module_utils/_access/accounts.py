# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model's accounts and what Session Manager's preferences shall be in them."""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping, Optional, Tuple

from .._sessions.scope import ACCOUNT_ID, ACCOUNT_RULE, KMS_KEY_ARN, KMS_RULE, REGION, REGION_RULE, partition_of
from .._shape import Reader, at
from .records import Account

ORGANIZATIONAL_UNIT = re.compile(r"(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})")

_ACCOUNT_KEYS = ("id", "regions", "run_as", "role_arn", "profile")
_ROLE_ARN = re.compile(r"arn:aws(?:-cn|-us-gov)?:iam::([0-9]{12}):role/[\w+=,.@/-]{1,512}")
_ROLE_RULE = "the ARN of an IAM role, such as arn:aws:iam::111122223333:role/keyless"

# Key of `sessions` -> option of the module session_preferences.
_SESSION_OPTIONS = {
    "idle_timeout": "idle_session_timeout",
    "max_duration": "max_session_duration",
    "cloudwatch_log_group": "cloud_watch_log_group_name",
    "cloudwatch_encryption": "cloud_watch_encryption_enabled",
    "cloudwatch_streaming": "cloud_watch_streaming_enabled",
    "s3_bucket": "s3_bucket_name",
    "s3_key_prefix": "s3_key_prefix",
    "s3_encryption": "s3_encryption_enabled",
    "kms_key": "kms_key_id",
    "shell_profile": "shell_profile",
}
_FLAGS = ("cloudwatch_encryption", "cloudwatch_streaming", "s3_encryption")
_TIMES = {"idle_timeout": 60, "max_duration": 1440}
_TEXTS = {
    "cloudwatch_log_group": (re.compile(r"[.\-_/#A-Za-z0-9]{0,512}"), "a name of a log group"),
    "s3_bucket": (re.compile(r"([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?"), "a name of an S3 bucket"),
    "s3_key_prefix": (re.compile(r"[^\x00-\x1f]{0,900}"), "a key prefix"),
    "kms_key": (re.compile("(" + KMS_KEY_ARN.pattern + ")?"), KMS_RULE),
}
_LONGEST_SHELL_PROFILE = 512


def read_accounts(raw: Any, reader: Reader) -> Dict[str, Account]:
    accounts: Dict[str, Account] = {}
    ids: Dict[str, str] = {}
    for name, entry in reader.table(raw, "accounts").items():
        path = at("accounts", name)
        if ACCOUNT_ID.fullmatch(name) or ORGANIZATIONAL_UNIT.fullmatch(name):
            reader.wrong(path, "a name must not look like an id; give a name such as web-prod, and the id as its id")
        account = _read_account(name, entry, path, reader)
        if account.id and account.id in ids:
            reader.wrong(at(path, "id"), f"'{account.id}' is the id of {ids[account.id]} already")
        ids.setdefault(account.id, path)
        accounts[name] = account
    partitions = {partition_of(region) for account in accounts.values() for region in account.regions}
    if len(partitions) > 1:
        reader.wrong("accounts", f"the Regions are in several partitions ({', '.join(sorted(partitions))})")
    return accounts


def _read_account(name: str, raw: Any, path: str, reader: Reader) -> Account:
    table = reader.fields(raw, path, _ACCOUNT_KEYS)
    regions = []
    for key in ("id", "regions"):
        if isinstance(raw, Mapping) and key not in table:
            reader.wrong(at(path, key), "is missing")
    if "regions" in table:
        for index, region in reader.texts(table["regions"], at(path, "regions")).items():
            if reader.text(region, at(at(path, "regions"), index), REGION, REGION_RULE):
                regions.append(region)
    account_id = reader.text(table["id"], at(path, "id"), ACCOUNT_ID, ACCOUNT_RULE) if "id" in table else None
    role_arn = table.get("role_arn")
    if role_arn is not None:
        role_arn = reader.text(role_arn, at(path, "role_arn"), _ROLE_ARN, _ROLE_RULE)
    found = _ROLE_ARN.fullmatch(role_arn or "")
    if found and account_id and found.group(1) != account_id:
        reader.wrong(at(path, "role_arn"), f"the role is in account {found.group(1)}, not in {account_id}")
    profile = table.get("profile")
    if profile is not None:
        profile = reader.text(profile, at(path, "profile"))
        if role_arn is not None:
            reader.wrong(path, "give role_arn or profile, not both")
    run_as = reader.flag(table.get("run_as", True), at(path, "run_as"))
    return Account(name, account_id or "", tuple(regions), run_as is not False, role_arn, profile)


def read_sessions(raw: Any, reader: Reader) -> Dict[str, Any]:
    """Options of the module session_preferences; what is not given stays out, so that it is left alone."""
    options: Dict[str, Any] = {}
    for key, value in reader.fields(raw, "sessions", tuple(_SESSION_OPTIONS)).items():
        path = at("sessions", key)
        if key == "shell_profile":
            read: Any = _read_shell_profile(value, path, reader)
        elif key in _FLAGS:
            read = reader.flag(value, path)
        elif key in _TIMES:
            read = reader.number(value, path, 1, _TIMES[key])
        else:
            form, rule = _TEXTS[key]
            read = reader.text(value, path, form, rule, empty=True)
        options[_SESSION_OPTIONS[key]] = read
    return options


def _read_shell_profile(raw: Any, path: str, reader: Reader) -> Dict[str, Optional[str]]:
    return {
        system: reader.text(text, at(path, system), longest=_LONGEST_SHELL_PROFILE, empty=True)
        for system, text in reader.fields(raw, path, ("linux", "windows")).items()
    }


def read_units(raw: Any, reader: Reader) -> Dict[str, Tuple[str, ...]]:
    """What is known about organizational units from outside the model: the ids of all accounts below each."""
    units = {}
    for unit, entry in reader.table(raw, "organizational_units").items():
        path = at("organizational_units", unit)
        if not ORGANIZATIONAL_UNIT.fullmatch(unit):
            reader.wrong(path, "is not the id of an organizational unit (ou-...) or of a root (r-...)")
        ids = reader.texts(entry, path, empty=True)
        for index, account_id in ids.items():
            reader.text(account_id, at(path, index), ACCOUNT_ID, ACCOUNT_RULE)
        units[unit] = tuple(ids.values())
    return units
