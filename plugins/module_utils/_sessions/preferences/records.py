# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session Manager's preferences, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional

DOCUMENT = "SSM-SessionManagerRunShell"
SESSION_TYPE = "Standard_Stream"

# Option -> input of the document, in the order in which they are shown.
INPUTS: Dict[str, str] = {
    "run_as_enabled": "runAsEnabled",
    "run_as_default_user": "runAsDefaultUser",
    "idle_session_timeout": "idleSessionTimeout",
    "max_session_duration": "maxSessionDuration",
    "s3_bucket_name": "s3BucketName",
    "s3_key_prefix": "s3KeyPrefix",
    "s3_encryption_enabled": "s3EncryptionEnabled",
    "cloud_watch_log_group_name": "cloudWatchLogGroupName",
    "cloud_watch_encryption_enabled": "cloudWatchEncryptionEnabled",
    "cloud_watch_streaming_enabled": "cloudWatchStreamingEnabled",
    "kms_key_id": "kmsKeyId",
    "shell_profile": "shellProfile",
}
# Merged into the argument spec of every module that takes them.
INPUTS_SPEC: Dict[str, Any] = dict(
    run_as_enabled=dict(type="bool"),
    run_as_default_user=dict(type="str"),
    idle_session_timeout=dict(type="int"),
    max_session_duration=dict(type="int"),
    s3_bucket_name=dict(type="str"),
    s3_key_prefix=dict(type="str", no_log=False),
    s3_encryption_enabled=dict(type="bool"),
    cloud_watch_log_group_name=dict(type="str"),
    cloud_watch_encryption_enabled=dict(type="bool"),
    cloud_watch_streaming_enabled=dict(type="bool"),
    kms_key_id=dict(type="str", no_log=False),
    shell_profile=dict(type="dict", options=dict(linux=dict(type="str"), windows=dict(type="str"))),
)
# Minutes, which the document holds as texts; '' is none.
MINUTES = ("idleSessionTimeout", "maxSessionDuration")

# What the console writes when preferences are saved for the first time without a change.
INITIAL: Dict[str, Any] = {
    "schemaVersion": "1.0",
    "description": "Document to hold regional settings for Session Manager",
    "sessionType": SESSION_TYPE,
    "inputs": {
        "s3BucketName": "",
        "s3KeyPrefix": "",
        "s3EncryptionEnabled": True,
        "cloudWatchLogGroupName": "",
        "cloudWatchEncryptionEnabled": True,
        "cloudWatchStreamingEnabled": True,
        "idleSessionTimeout": "20",
        "maxSessionDuration": "",
        "kmsKeyId": "",
        "runAsEnabled": False,
        "runAsDefaultUser": "",
        "shellProfile": {"windows": "", "linux": ""},
    },
}


@dataclass(frozen=True)
class Document:
    """The default version of the document: its number, and its content parsed."""

    version: str
    content: Mapping[str, Any]

    @property
    def inputs(self) -> Mapping[str, Any]:
        inputs: Mapping[str, Any] = self.content.get("inputs") or {}
        return inputs


@dataclass(frozen=True)
class Place:
    """An account and a Region, and what is there. None: no preferences were ever saved.

    problems, warnings: what was found about the destinations that the preferences would name.
    """

    account_id: str
    region: str
    document: Optional[Document] = None
    problems: List[str] = field(default_factory=list)
    warnings: List[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.account_id}/{self.region}"


@dataclass(frozen=True)
class Current:
    """What was read, and of which places nothing could be read: name -> why."""

    places: List[Place]
    unread: Mapping[str, str] = field(default_factory=dict)
