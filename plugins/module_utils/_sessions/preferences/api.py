# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session preferences, and the destinations that they name, in one account and Region: every call, nothing else."""

from __future__ import annotations

import time
from typing import Callable

from ..._aws import AwsError, Client
from ..._targets import Connection
from ..documents.api import DocumentApi
from .destinations import Look
from .records import DOCUMENT


class PreferencesApi(DocumentApi):
    """The preferences' document of one account and Region."""

    def __init__(self, ssm: Client, timeout: float, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__(ssm, DOCUMENT, timeout, sleep)


class DestinationsApi:
    """What preferences may name, as far as the caller may look."""

    def __init__(self, connection: Connection) -> None:
        self._client = connection.client

    def look(self, what: str, name: str, encryption: bool) -> Look:
        """what: a key of destinations.CONCERNS. encryption: whether to ask for it where that costs a call."""
        try:
            if what == "bucket":
                return self._bucket(name, encryption)
            return self._log_group(name) if what == "log_group" else self._key(name)
        except AwsError as error:
            if error.denied:
                return Look(there=None, hidden=error.message)
            raise

    def _log_group(self, name: str) -> Look:
        groups = self._client("logs").pages("describe_log_groups", "logGroups", logGroupNamePrefix=name)
        found = [group for group in groups if group["logGroupName"] == name]
        return Look(there=bool(found), encrypted=bool(found and found[0].get("kmsKeyId")))

    def _bucket(self, name: str, encryption: bool) -> Look:
        s3 = self._client("s3")
        try:
            s3.call("head_bucket", Bucket=name)
        except AwsError as error:
            if error.code in ("404", "NoSuchBucket"):
                return Look(there=False)
            raise
        if not encryption:
            return Look(there=True)
        try:
            s3.call("get_bucket_encryption", Bucket=name)
        except AwsError as error:
            if error.code == "ServerSideEncryptionConfigurationNotFoundError":
                return Look(there=True, encrypted=False)
            raise
        return Look(there=True, encrypted=True)

    def _key(self, name: str) -> Look:
        try:
            key = self._client("kms").call("describe_key", KeyId=name)["KeyMetadata"]
        except AwsError as error:
            if error.code in ("NotFoundException", "InvalidArnException"):
                return Look(there=False)
            raise
        unusable = ""
        if key.get("KeyState", "Enabled") != "Enabled":
            unusable = f"its state is {key['KeyState']}"
        elif key.get("KeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
            unusable = f"it is of type {key['KeySpec']}; sessions need a symmetric key for encryption"
        return Look(there=True, unusable=unusable)
