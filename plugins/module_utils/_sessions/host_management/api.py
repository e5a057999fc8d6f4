# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service setting of one account and Region, and the role that it names: every call, nothing else."""

from __future__ import annotations

from typing import Optional

from ..._aws import AwsError, Client
from .records import OFF, SETTING, Look
from .validate import split, trusts


class HostManagementApi:
    def __init__(self, ssm: Client) -> None:
        self._ssm = ssm

    def read(self) -> Optional[str]:
        """The role; None where there is none."""
        value = self._ssm.call("get_service_setting", SettingId=SETTING)["ServiceSetting"].get("SettingValue")
        return None if value in (None, "", OFF) else str(value)

    def write(self, role: str) -> None:
        try:
            self._ssm.call("update_service_setting", SettingId=SETTING, SettingValue=role)
        except AwsError as error:
            if not error.denied:
                raise
            also = f"{error.message} It also needs iam:GetRole and iam:PassRole for the role '{role}'."
            raise AwsError(also, error.code, error.operation) from error

    def reset(self) -> None:
        self._ssm.call("reset_service_setting", SettingId=SETTING)


def look_at_role(iam: Client, role: str) -> Look:
    """What there is of the role, as far as the caller may look."""
    name = split(role)[1]
    try:
        found = iam.call("get_role", RoleName=name)["Role"]
        attached = iam.pages("list_attached_role_policies", "AttachedPolicies", RoleName=name)
    except AwsError as error:
        if error.code == "NoSuchEntity":
            return Look(there=False)
        if error.denied:
            return Look(there=None, hidden=error.message)
        raise
    names = tuple(str(policy["PolicyName"]) for policy in attached)
    return Look(True, found["Path"], trusts(found["AssumeRolePolicyDocument"]), names)
