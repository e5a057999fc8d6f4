# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Default Host Management of accounts and Regions, as plain data.

AWS keeps it as a service setting that holds the name of a role, with its path and without the first slash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Optional, Tuple

SETTING = "/ssm/managed-instance/default-ec2-instance-management-role"
OFF = "$None"  # the setting's value where no role is named
DEFAULT_ROLE = "service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole"  # the console's
SERVICE = "ssm.amazonaws.com"
POLICY = "AmazonSSMManagedEC2InstanceDefaultPolicy"


@dataclass(frozen=True)
class Look:
    """What was seen of the role in an account. there: None where the caller may not look, and `hidden` says why.

    path: '/' or such as '/service-role/'. trusted: whether Systems Manager may assume it.
    policies: names of the managed policies attached to it, None where they were not to be seen.
    """

    there: Optional[bool]
    path: str = "/"
    trusted: bool = True
    policies: Optional[Tuple[str, ...]] = None
    hidden: str = ""


@dataclass(frozen=True)
class Place:
    """An account and a Region, and the role that instances get there; None: Default Host Management is off."""

    account_id: str
    region: str
    role: Optional[str] = None

    @property
    def name(self) -> str:
        return f"{self.account_id}/{self.region}"


@dataclass(frozen=True)
class Current:
    """What was read. looks: by account, of those where the role would be new. unread: name -> why."""

    places: List[Place]
    looks: Mapping[str, Look] = field(default_factory=dict)
    unread: Dict[str, str] = field(default_factory=dict)
