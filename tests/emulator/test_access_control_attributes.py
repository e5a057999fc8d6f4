# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes for access control."""

from __future__ import annotations

import time


def attributes(**sources):
    return dict(InstanceAccessControlAttributeConfiguration=dict(AccessControlAttributes=[
        dict(Key=key, Value=dict(Source=[source])) for key, source in sources.items()
    ]))


def test_off_at_first(ic, refused):
    for call in (ic.sso.describe_instance_access_control_attribute_configuration,
                 ic.sso.delete_instance_access_control_attribute_configuration):
        refused("ResourceNotFoundException", call, InstanceArn=ic.arn)
    refused("ResourceNotFoundException", ic.sso.update_instance_access_control_attribute_configuration,
            InstanceArn=ic.arn, **attributes())


def test_create_enables_after_a_while(emulator, ic, refused):
    emulator.settings(async_ms=150)
    create = ic.sso.create_instance_access_control_attribute_configuration
    create(InstanceArn=ic.arn, **attributes(SSMSessionRunAs="${path:nickName}"))
    describe = ic.sso.describe_instance_access_control_attribute_configuration
    assert describe(InstanceArn=ic.arn)["Status"] == "CREATION_IN_PROGRESS"
    refused("ConflictException", create, InstanceArn=ic.arn, **attributes())
    time.sleep(0.2)
    found = describe(InstanceArn=ic.arn)
    assert found["Status"] == "ENABLED"
    assert found["InstanceAccessControlAttributeConfiguration"]["AccessControlAttributes"] == [
        dict(Key="SSMSessionRunAs", Value=dict(Source=["${path:nickName}"]))
    ]


def test_update_replaces_the_whole_list_and_delete_drops_it(ic, refused):
    ic.sso.create_instance_access_control_attribute_configuration(
        InstanceArn=ic.arn, **attributes(Team="${path:enterprise.department}")
    )
    ic.sso.update_instance_access_control_attribute_configuration(
        InstanceArn=ic.arn, **attributes(SSMSessionRunAs="${path:nickName}")
    )
    found = ic.sso.describe_instance_access_control_attribute_configuration(InstanceArn=ic.arn)
    keys = [entry["Key"] for entry in
            found["InstanceAccessControlAttributeConfiguration"]["AccessControlAttributes"]]
    assert keys == ["SSMSessionRunAs"]
    ic.sso.delete_instance_access_control_attribute_configuration(InstanceArn=ic.arn)
    refused("ResourceNotFoundException", ic.sso.describe_instance_access_control_attribute_configuration,
            InstanceArn=ic.arn)


def test_limits(emulator, ic, refused):
    create = emulator.client("sso-admin", checked=False).create_instance_access_control_attribute_configuration
    many = attributes(**{f"Key{number}": "${path:nickName}" for number in range(51)})
    refused("ValidationException", create, InstanceArn=ic.arn, **many)
    two = attributes(Team="x")
    two["InstanceAccessControlAttributeConfiguration"]["AccessControlAttributes"][0]["Value"]["Source"] = ["x", "y"]
    refused("ValidationException", create, InstanceArn=ic.arn, **two)
    refused("ValidationException", create, InstanceArn=ic.arn, **attributes(**{"bad|key": "x"}))
    twice = attributes(Team="x")
    twice["InstanceAccessControlAttributeConfiguration"]["AccessControlAttributes"] *= 2
    refused("ValidationException", create, InstanceArn=ic.arn, **twice)
    create(InstanceArn=ic.arn, **attributes())  # no attribute at all is fine
