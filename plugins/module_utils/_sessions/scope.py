# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a session policy shall reach, as a person writes it: read, checked, and put into one form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Tuple

from .._shape import NOT_YET, Reader, at, nearest

PRINCIPALS = ("identity_center", "saml", "role", "iam_user")
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
SHELL, PORT_FORWARD, REMOTE_PORT_FORWARD = "shell", "port_forward", "remote_port_forward"
SSH, COMMAND = "ssh", "command"
CONNECT = (SHELL, PORT_FORWARD, REMOTE_PORT_FORWARD, SSH, COMMAND)
CONNECT_LATER = ("rdp",)
REQUIRED, OPTIONAL = "required", "optional"
RUN_AS_TAG = "SSMSessionRunAs"

ACCOUNT_ID = re.compile(r"[0-9]{12}")
ACCOUNT_RULE = "an account id: 12 digits in quotes"
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}")
REGION_RULE = "a Region, such as ap-northeast-1"
INSTANCE_ID = re.compile(r"(i-[0-9a-f]{8}|i-[0-9a-f]{17}|mi-[0-9a-f]{17})")
INSTANCE_RULE = "an instance id: i- and 17 (or, for old ones, 8) of 0-9a-f, or mi- and 17"
# What IAM takes in tag keys and values; '*', '?' and '$' are left out on purpose: in a policy they mean something.
TAG_KEY = re.compile(r"[\w .:/=+\-@]{1,128}")
TAG_KEY_RULE = "a tag key: 1 to 128 letters, digits, spaces and _ . : / = + - @"
TAG_VALUE = re.compile(r"[\w .:/=+\-@]{1,256}")
TAG_VALUE_RULE = "a tag value: 1 to 256 letters, digits, spaces and _ . : / = + - @"
KMS_KEY_ARN = re.compile(
    r"arn:(?P<partition>aws|aws-cn|aws-us-gov):kms:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):key/[0-9a-zA-Z-]+"
)
KMS_RULE = "the ARN of a KMS key, such as arn:aws:kms:ap-northeast-1:111122223333:key/... (an alias is none)"

_KEYS = (
    "principal",
    "accounts",
    "regions",
    "partition",
    "instances",
    "connect",
    "run_as",
    "kms_key_arn",
    "console",
)
_KEYS_LATER = ("managed_nodes", "documents", "require_mfa", "source_ip", "valid_until")
SELECTORS = ("ids", "tags", "principal_tags", "all")


@dataclass(frozen=True)
class Instances:
    """Which instances: exactly one of the four is set."""

    ids: Tuple[str, ...] = ()
    tags: Tuple[Tuple[str, Tuple[str, ...]], ...] = ()
    principal_tags: Tuple[str, ...] = ()
    all: bool = False

    def described(self) -> str:
        """In words, for people."""
        if self.ids:
            return "instances " + ", ".join(self.ids)
        if self.tags:
            return "instances with " + " and ".join(f"{key}={' or '.join(values)}" for key, values in self.tags)
        if self.principal_tags:
            return "instances with the person's own " + " and ".join(self.principal_tags)
        return "every instance"


@dataclass(frozen=True)
class Scope:
    """What a session policy shall reach. Empty accounts or regions mean any."""

    principal: str
    instances: Instances
    connect: Tuple[str, ...]
    accounts: Tuple[str, ...] = ()
    regions: Tuple[str, ...] = ()
    partition: str = "aws"
    run_as: str = REQUIRED
    kms_key_arn: str = ""
    console: bool = True


def partition_of(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def read_scope(raw: Any) -> Scope:
    """Check what a person wrote; everything that is wrong is raised at once."""
    if isinstance(raw, Scope):
        return raw
    reader = Reader()
    scope = _read(raw, reader)
    reader.stop_if_wrong()
    return scope


def _read(raw: Any, reader: Reader) -> Scope:
    table = reader.fields(raw, "scope", _KEYS + _KEYS_LATER)
    for key in _KEYS_LATER:
        if table.get(key):
            reader.wrong(at("scope", key), NOT_YET)
    for key in ("principal", "instances", "connect") if isinstance(raw, Mapping) else ():
        if key not in table:
            reader.wrong(at("scope", key), "is missing")
    regions = _texts(reader, table, "regions", REGION, REGION_RULE)
    partition = table.get("partition", "aws")
    partition = reader.choice(partition, "scope.partition", PARTITIONS) or "aws"
    for index, region in regions.items():
        if partition_of(region) != partition:
            reader.wrong(f"scope.regions[{index}]", f"'{region}' is not in partition {partition}")
    scope = Scope(
        principal=_choice(reader, table, "principal", PRINCIPALS, ""),
        instances=read_instances(table.get("instances", {"all": True}), "scope.instances", reader),
        connect=read_connect(table.get("connect", [SHELL]), "scope.connect", reader),
        accounts=tuple(_texts(reader, table, "accounts", ACCOUNT_ID, ACCOUNT_RULE).values()),
        regions=tuple(regions.values()),
        partition=partition,
        run_as=_choice(reader, table, "run_as", (REQUIRED, OPTIONAL), REQUIRED),
        kms_key_arn=read_kms_key(table.get("kms_key_arn"), "scope.kms_key_arn", reader),
        console=bool(reader.flag(table.get("console", True), "scope.console")),
    )
    if SSH in scope.connect and scope.instances.ids and not _ec2_ids(scope.instances):
        reader.wrong("scope.connect", "ssh pushes a key to EC2 instances, and instances.ids names managed nodes only")
    return scope


def _ec2_ids(instances: Instances) -> List[str]:
    return [entry for entry in instances.ids if entry.startswith("i-")]


def _choice(reader: Reader, table: Mapping[str, Any], key: str, choices: Tuple[str, ...], default: str) -> str:
    return (reader.choice(table[key], at("scope", key), choices) or default) if key in table else default


def _texts(reader: Reader, table: Mapping[str, Any], key: str, form: Any, rule: str) -> Dict[int, str]:
    """A list in which each text has a form; `*` alone means any."""
    value = table.get(key, "*")
    if value in ("*", ["*"]):
        return {}
    path = at("scope", key)
    return {
        index: text
        for index, text in reader.texts(value, path).items()
        if reader.text(text, at(path, index), form, rule) is not None
    }


def read_connect(raw: Any, path: str, reader: Reader) -> Tuple[str, ...]:
    """The ways in, in our order, whatever the order they were written in."""
    named = []
    for index, word in reader.texts(raw, path).items():
        if word in CONNECT_LATER:
            reader.wrong(at(path, index), f"'{word}' {NOT_YET}")
        elif word not in CONNECT:
            meant = nearest(word, CONNECT) or "; known are " + ", ".join(CONNECT)
            reader.wrong(at(path, index), f"no way in '{word}'{meant}")
        else:
            named.append(word)
    return tuple(word for word in CONNECT if word in named)


def read_kms_key(raw: Any, path: str, reader: Reader) -> str:
    if raw is None or raw == "":
        return ""
    return reader.text(raw, path, KMS_KEY_ARN, KMS_RULE) or ""


def read_instances(raw: Any, path: str, reader: Reader) -> Instances:
    table = reader.table(raw, path, SELECTORS)
    if isinstance(raw, Mapping) and len(raw) != 1:
        reader.wrong(path, "give exactly one of " + ", ".join(SELECTORS))
    if "ids" in table:
        return Instances(ids=_ids(table["ids"], at(path, "ids"), reader))
    if "tags" in table:
        return Instances(tags=_tags(table["tags"], at(path, "tags"), reader))
    if "principal_tags" in table:
        keys = reader.texts(table["principal_tags"], at(path, "principal_tags"))
        for index, key in keys.items():
            _tag_key(key, at(at(path, "principal_tags"), index), reader)
        return Instances(principal_tags=tuple(sorted(keys.values())))
    if "all" in table and table["all"] is not True:
        reader.wrong(at(path, "all"), f"{table['all']!r} is not true; give 'all: true', or name ids or tags")
    return Instances(all=True)


def _ids(raw: Any, path: str, reader: Reader) -> Tuple[str, ...]:
    ids = reader.texts(raw, path)
    for index, entry in ids.items():
        reader.text(entry, at(path, index), INSTANCE_ID, INSTANCE_RULE)
    return tuple(sorted(ids.values()))


def _tags(raw: Any, path: str, reader: Reader) -> Tuple[Tuple[str, Tuple[str, ...]], ...]:
    table = reader.table(raw, path)
    if isinstance(raw, Mapping) and not raw:
        reader.wrong(path, "no tag is named; give at least one, or 'all: true' for every instance")
    tags = []
    for key, value in table.items():
        _tag_key(key, at(path, key), reader)
        if isinstance(value, (list, tuple)):
            values = reader.texts(value, at(path, key))
            for index, entry in values.items():
                reader.text(entry, at(at(path, key), index), TAG_VALUE, TAG_VALUE_RULE)
            tags.append((key, tuple(sorted(values.values()))))
        else:
            text = reader.text(value, at(path, key), TAG_VALUE, TAG_VALUE_RULE)
            tags.append((key, (text or "",)))
    return tuple(sorted(tags))


def _tag_key(key: str, path: str, reader: Reader) -> None:
    if reader.text(key, path, TAG_KEY, TAG_KEY_RULE) and key.lower().startswith("aws:"):
        reader.wrong(path, f"'{key}': AWS reserves keys that begin with aws:")
