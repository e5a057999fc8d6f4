# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes for access control (ABAC)."""

from __future__ import annotations

import time
from typing import Any, Dict, List

from ..errors import AwsError
from ..identify import Call
from .base import Base


class Attributes(Base):
    def create_instance_access_control_attribute_configuration(self, call: Call, params: Dict[str, Any]) -> None:
        instance = self.instance(call, params)
        if instance.attributes is not None:
            raise AwsError("ConflictException", "Attributes for access control are already enabled for this instance.")
        instance.attributes = _attributes(params)
        instance.attributes_ready = self.later()

    def describe_instance_access_control_attribute_configuration(
        self, call: Call, params: Dict[str, Any]
    ) -> Dict[str, Any]:
        instance = self.instance(call, params)
        if instance.attributes is None:
            raise _off()
        status = "ENABLED" if time.monotonic() >= instance.attributes_ready else "CREATION_IN_PROGRESS"
        configuration = dict(AccessControlAttributes=instance.attributes)
        return dict(Status=status, InstanceAccessControlAttributeConfiguration=configuration)

    def update_instance_access_control_attribute_configuration(self, call: Call, params: Dict[str, Any]) -> None:
        """Replaces the whole list."""
        instance = self.instance(call, params)
        if instance.attributes is None:
            raise _off()
        instance.attributes = _attributes(params)

    def delete_instance_access_control_attribute_configuration(self, call: Call, params: Dict[str, Any]) -> None:
        """Disables the feature and drops every mapping."""
        instance = self.instance(call, params)
        if instance.attributes is None:
            raise _off()
        instance.attributes = None


def _off() -> AwsError:
    return AwsError("ResourceNotFoundException", "Attributes for access control are not enabled for this instance.")


def _attributes(params: Dict[str, Any]) -> List[Dict[str, Any]]:
    given = params["InstanceAccessControlAttributeConfiguration"]["AccessControlAttributes"]
    keys = [attribute["Key"] for attribute in given]
    if len(set(keys)) != len(keys):
        raise AwsError("ValidationException", "An attribute's key is given twice.")
    return [dict(Key=attribute["Key"], Value=dict(Source=list(attribute["Value"]["Source"]))) for attribute in given]
