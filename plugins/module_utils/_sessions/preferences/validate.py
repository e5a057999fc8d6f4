# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session preferences as people write them, and documents as AWS holds them. Pure: no AWS, no Ansible.

Limits from https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html, and those of
CloudWatch Logs, S3 and KMS for what the preferences name.
"""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterator, List, Mapping, Optional

from ..._hosts.names import os_user_name_problem
from ..._reconcile import UserError
from .records import DOCUMENT, INPUTS, MINUTES, SESSION_TYPE

MAX_IDLE, MAX_DURATION, MAX_KEY_PREFIX = 60, 1440, 1024

_LOG_GROUP = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_KEY_NAME = r"(key/)?(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})|alias/[a-zA-Z0-9/_-]{1,250}"
_KEY = re.compile(rf"(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{{12}}:)?({_KEY_NAME})")


def input_problems(params: Mapping[str, Any]) -> List[str]:
    """Everything that is wrong with the options that become inputs of the document."""
    return [] if params["state"] == "absent" else list(input_findings(params))


def wanted_inputs(params: Mapping[str, Any]) -> Dict[str, Any]:
    """The given options as the document's inputs; what is left out is not in it."""
    wanted: Dict[str, Any] = {}
    for option, name in INPUTS.items():
        value = params.get(option)
        if value is None:
            continue
        if name in MINUTES:
            value = str(value) if value else ""
        elif name == "shellProfile":
            value = {system: text for system, text in value.items() if text is not None}
        wanted[name] = value
    return wanted


def parsed(text: str, version: str) -> Dict[str, Any]:
    """The content of a document; a `UserError` where it holds no session preferences."""
    wrong: Optional[str] = None
    try:
        content = json.loads(text)
    except ValueError as error:
        wrong = f"its content is not JSON ({error})"
    else:
        if not isinstance(content, dict):
            wrong = "its content is not a JSON object"
        elif content.get("sessionType") != SESSION_TYPE:
            wrong = f"its sessionType is {content.get('sessionType')!r} instead of '{SESSION_TYPE}'"
        elif not isinstance(content.get("inputs", {}), dict):
            wrong = "its inputs are not a JSON object"
    if wrong:
        raise UserError(
            f"version {version} of the document {DOCUMENT} holds no session preferences: {wrong}. Make another version "
            "its default, or delete it with state=absent, and run again."
        )
    return dict(content)


def input_findings(params: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with given inputs, each text beginning with the option; None is left out."""
    user, prefix = params.get("run_as_default_user"), params.get("s3_key_prefix")
    if user and os_user_name_problem(user):
        yield f"run_as_default_user: {os_user_name_problem(user)}; or '' to let nobody in without SSMSessionRunAs"
    yield from _minute_findings(params)
    bucket, log_group, key = (params.get(key) for key in ("s3_bucket_name", "cloud_watch_log_group_name", "kms_key_id"))
    if bucket and not _BUCKET.fullmatch(bucket):
        yield f"s3_bucket_name: '{bucket}' is not the name of a bucket; give its name, without s3:// and not its ARN"
    if prefix and len(prefix.encode("utf-8")) > MAX_KEY_PREFIX:
        yield f"s3_key_prefix: {len(prefix.encode('utf-8'))} bytes are too many; S3 takes {MAX_KEY_PREFIX}"
    if log_group and not _LOG_GROUP.fullmatch(log_group):
        yield (
            f"cloud_watch_log_group_name: '{log_group}' is not the name of a log group, 1 to 512 letters, digits or "
            "any of . - _ / #; give its name, not its ARN"
        )
    if key and not _KEY.fullmatch(key):
        yield f"kms_key_id: '{key}' is not a KMS key; give a key's id or ARN, or an alias such as alias/sessions"


def _minute_findings(params: Mapping[str, Any]) -> Iterator[str]:
    idle, duration = params.get("idle_session_timeout"), params.get("max_session_duration")
    if idle is not None and not 1 <= idle <= MAX_IDLE:
        yield f"idle_session_timeout: {idle} minutes are out of range; give 1 to {MAX_IDLE}"
    if duration is not None and not 0 <= duration <= MAX_DURATION:
        yield f"max_session_duration: {duration} minutes are out of range; give 1 to {MAX_DURATION}, or 0 for no limit"
