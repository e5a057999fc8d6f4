# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role of an instance needs for sessions beyond AmazonSSMManagedInstanceCore, or instead of it. Pure.

AWS's own example is in
https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
Here each statement names the one bucket, log group or key, where the action knows resources.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .._shape import Reader, at

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[^*?$\\]{1,1024}")
_LOG_GROUP = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}")
_KEY = re.compile(r"arn:(aws|aws-cn|aws-us-gov):kms:[a-z0-9-]+:[0-9]{12}:key/[0-9a-zA-Z-]+")
_KEY_RULE = "the ARN of a KMS key, such as arn:aws:kms:ap-northeast-1:111122223333:key/... (an alias is none)"
_KEYS = (
    "minimum",
    "kms_key_arn",
    "s3_bucket_name",
    "s3_key_prefix",
    "s3_kms_key_arn",
    "cloud_watch_log_group_name",
    "partition",
)

Statement = Dict[str, Any]


def instance_role_policy(wanted: Any) -> Optional[Dict[str, Any]]:
    """The policy document; None where AmazonSSMManagedInstanceCore is all that is needed."""
    reader = Reader()
    table = reader.fields(wanted, "instance_role", _KEYS)
    minimum = bool(reader.flag(table.get("minimum", False), at("instance_role", "minimum")))
    partition = reader.choice(table.get("partition", "aws"), at("instance_role", "partition"), PARTITIONS) or "aws"
    statements = _sessions() if minimum else []
    statements += _key(_text(reader, table, "kms_key_arn", _KEY, _KEY_RULE))
    statements += _bucket(reader, table, partition)
    group = _text(reader, table, "cloud_watch_log_group_name", _LOG_GROUP, "the name of a log group")
    if group:
        statements += _log_group(f"arn:{partition}:logs:*:*:log-group:{group}")
    for option in ("kms_key_arn", "s3_kms_key_arn"):
        if _KEY.fullmatch(str(table.get(option))) and str(table[option]).split(":")[1] != partition:
            reader.wrong(at("instance_role", option), f"'{table[option]}' is not in partition {partition}")
    reader.stop_if_wrong()
    return {"Version": "2012-10-17", "Statement": statements} if statements else None


def _text(reader: Reader, table: Mapping[str, Any], option: str, form: Any, rule: str) -> str:
    """An option that may be left out or empty."""
    value = table.get(option)
    return "" if value in (None, "") else reader.text(value, at("instance_role", option), form, rule) or ""


def _sessions() -> List[Statement]:
    """The least that lets the agent register, and sessions reach it."""
    channels = ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")
    actions = ["ssm:UpdateInstanceInformation"] + ["ssmmessages:" + word for word in channels]
    return [_allow("RegisterAndOpenChannels", actions, "*")]


def _key(arn: str) -> List[Statement]:
    return [_allow("DecryptSessions", ["kms:Decrypt"], arn)] if arn else []


def _bucket(reader: Reader, table: Mapping[str, Any], partition: str) -> List[Statement]:
    bucket = _text(reader, table, "s3_bucket_name", _BUCKET, "the name of a bucket, which is no ARN")
    rule = "a prefix of keys in a policy: up to 1024 characters without * ? $ and \\"
    prefix = _text(reader, table, "s3_key_prefix", _PREFIX, rule).strip("/")
    key = _text(reader, table, "s3_kms_key_arn", _KEY, _KEY_RULE)
    if not table.get("s3_bucket_name"):
        for option in ("s3_key_prefix", "s3_kms_key_arn"):
            if table.get(option):
                reader.wrong(at("instance_role", option), "is of no use without s3_bucket_name; give the bucket too")
        return []
    arn = f"arn:{partition}:s3:::{bucket}"
    statements = [
        _allow("WriteLogsToBucket", ["s3:PutObject"], f"{arn}/{prefix}/*" if prefix else f"{arn}/*"),
        _allow("SeeEncryptionOfBucket", ["s3:GetEncryptionConfiguration"], arn),
    ]
    return statements + ([_allow("EncryptLogsInBucket", ["kms:GenerateDataKey"], key)] if key else [])


def _log_group(arn: str) -> List[Statement]:
    """A log group's ARN has two forms; the one with the asterisk stands for its streams too."""
    write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    return [
        _allow("WriteLogsToLogGroup", write, [arn, f"{arn}:*"]),
        _allow("SeeLogGroups", ["logs:DescribeLogGroups"], "*"),
    ]


def _allow(sid: str, actions: Sequence[str], resource: Any) -> Statement:
    action = actions[0] if len(actions) == 1 else list(actions)
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource}
