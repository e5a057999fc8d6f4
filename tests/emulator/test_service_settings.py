# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service settings of Systems Manager, which each account has in each Region."""

from __future__ import annotations

import pytest
from emulator_process import REGION

SETTING = "/ssm/managed-instance/default-ec2-instance-management-role"
ARN = f"arn:aws:ssm:{REGION}:123456789012:servicesetting{SETTING}"

pytestmark = pytest.mark.usefixtures("organization")


def value(client, setting=SETTING):
    found = client.get_service_setting(SettingId=setting)["ServiceSetting"]
    return found["SettingValue"], found["Status"]


def test_a_setting_is_changed_in_one_account_and_region_and_goes_back(emulator):
    own, web = emulator.client("ssm"), emulator.client("ssm", "111122223333")
    osaka = emulator.client("ssm", region="ap-northeast-3")
    assert value(own) == ("$None", "Default")
    own.update_service_setting(SettingId=SETTING, SettingValue="service-role/Ours")
    assert value(own) == value(own, ARN) == ("service-role/Ours", "Customized")
    assert own.get_service_setting(SettingId=SETTING)["ServiceSetting"]["ARN"] == ARN
    assert value(web) == value(osaka) == ("$None", "Default")
    assert own.reset_service_setting(SettingId=SETTING)["ServiceSetting"]["SettingValue"] == "$None"
    assert value(own) == ("$None", "Default")


def test_a_setting_that_there_is_not(emulator, refused):
    refused("ServiceSettingNotFound", emulator.client("ssm").get_service_setting, SettingId="/ssm/nothing")
