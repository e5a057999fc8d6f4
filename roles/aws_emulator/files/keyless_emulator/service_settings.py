# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of ssm on service settings, such as the role of Default Host Management, which moto lacks."""

from __future__ import annotations

import time
from typing import Any, Dict, Tuple

from .errors import AwsError
from .identify import Call

DEFAULT_HOST_MANAGEMENT = "/ssm/managed-instance/default-ec2-instance-management-role"
# Setting -> what it is until it is changed, in each account and Region.
DEFAULTS = {
    DEFAULT_HOST_MANAGEMENT: "$None",
    "/ssm/documents/console/public-sharing-permission": "Enable",
    "/ssm/managed-instance/activation-tier": "standard",
    "/ssm/parameter-store/default-parameter-tier": "Standard",
    "/ssm/parameter-store/high-throughput-enabled": "false",
}


class ServiceSettings:
    """Mixed into the service ssm."""

    def __init__(self) -> None:
        self._changed: Dict[Tuple[str, str, str], Dict[str, Any]] = {}  # (account, Region, setting) -> what is shown

    def get_service_setting(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return dict(ServiceSetting=self._setting(call, _known(params["SettingId"])))

    def update_service_setting(self, call: Call, params: Dict[str, Any]) -> None:
        setting = _known(params["SettingId"])
        self._changed[(call.account, call.region, setting)] = dict(
            SettingValue=params["SettingValue"], Status="Customized", LastModifiedDate=round(time.time(), 3),
            LastModifiedUser=f"arn:aws:iam::{call.account}:root",
        )

    def reset_service_setting(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        setting = _known(params["SettingId"])
        self._changed.pop((call.account, call.region, setting), None)
        return dict(ServiceSetting=self._setting(call, setting))

    def _setting(self, call: Call, setting: str) -> Dict[str, Any]:
        initial = dict(SettingValue=DEFAULTS[setting], Status="Default")
        return dict(
            self._changed.get((call.account, call.region, setting))
            or dict(initial, LastModifiedDate=0.0, LastModifiedUser="System"),
            SettingId=setting, ARN=f"arn:aws:ssm:{call.region}:{call.account}:servicesetting{setting}",
        )


def _known(setting: str) -> str:
    """The setting's id, which may be given as an ARN too."""
    found = "/" + setting.partition("servicesetting/")[2] if setting.startswith("arn:") else setting
    if found not in DEFAULTS:
        raise AwsError("ServiceSettingNotFound", f"Setting with Id {setting} does not exist.")
    return found
