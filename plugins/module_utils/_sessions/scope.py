# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a session policy shall reach, after it was read: the words, the forms that names have, and the record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, Tuple

IDENTITY_CENTER, SAML, ROLE, IAM_USER = "identity_center", "saml", "role", "iam_user"
PRINCIPALS = (IDENTITY_CENTER, SAML, ROLE, IAM_USER)
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
SHELL, PORT_FORWARD, REMOTE_PORT_FORWARD = "shell", "port_forward", "remote_port_forward"
SSH, COMMAND, RDP = "ssh", "command", "rdp"
CONNECT = (SHELL, PORT_FORWARD, REMOTE_PORT_FORWARD, SSH, COMMAND, RDP)
REQUIRED, OPTIONAL = "required", "optional"
RUN_AS_TAG = "SSMSessionRunAs"
SELECTORS = ("ids", "tags", "principal_tags", "all")

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
DOCUMENT_NAME = re.compile(r"[A-Za-z0-9_.-]{3,128}")
DOCUMENT_RULE = "the name of a document: 3 to 128 letters, digits and _ . -"
# AWS keeps these for itself (CreateDocument, `Name`), so no document of one's own begins with them.
RESERVED_PREFIXES = ("aws", "amazon", "amzn")


@dataclass(frozen=True)
class Instances:
    """Which instances: exactly one of the four is set."""

    ids: Tuple[str, ...] = ()
    tags: Tuple[Tuple[str, Tuple[str, ...]], ...] = ()
    principal_tags: Tuple[str, ...] = ()
    all: bool = False

    @property
    def has_ec2_ids(self) -> bool:
        return any(entry.startswith("i-") for entry in self.ids)

    def written(self) -> Dict[str, Any]:
        """As a person writes it."""
        if self.ids:
            return {"ids": list(self.ids)}
        if self.tags:
            return {"tags": {key: values[0] if len(values) == 1 else list(values) for key, values in self.tags}}
        return {"principal_tags": list(self.principal_tags)} if self.principal_tags else {"all": True}

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
    """What a session policy shall reach. Empty accounts or regions mean any.

    documents: names of session documents of one's own. valid_until: as IAM writes it, `2026-12-31T00:00:00Z`.
    source_ip: networks in CIDR form.
    """

    principal: str
    instances: Instances
    connect: Tuple[str, ...]
    accounts: Tuple[str, ...] = ()
    regions: Tuple[str, ...] = ()
    partition: str = "aws"
    managed_nodes: bool = False
    documents: Tuple[str, ...] = ()
    run_as: str = REQUIRED
    kms_key_arn: str = ""
    console: bool = True
    require_mfa: bool = False
    source_ip: Tuple[str, ...] = ()
    valid_until: str = ""

    @property
    def direct(self) -> bool:
        """Whether sessions may be started by oneself, and not only by Fleet Manager's Remote Desktop."""
        return bool(self.documents) or any(word != RDP for word in self.connect)

    def written(self) -> Dict[str, Any]:
        """As a person writes it, without what goes without saying."""
        usual = Scope(self.principal, self.instances, self.connect)
        given = {name: value for name, value in vars(self).items() if value != getattr(usual, name)}
        if RDP in self.connect:
            given.pop("run_as", None)
        given = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
        named = {"principal": self.principal, "instances": self.instances.written(), "connect": list(self.connect)}
        return dict(named, **given)


def partition_of(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
