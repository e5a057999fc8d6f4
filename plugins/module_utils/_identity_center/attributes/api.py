# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes for access control in AWS: every call, and nothing else."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from ..._aws import AwsError, Client
from ..instance import Instance
from .records import Attributes


class AttributesApi:
    """The attributes for access control of one instance."""

    def __init__(self, sso: Client, instance: Instance) -> None:
        self._sso = sso
        self._instance = instance.arn

    def read(self) -> Optional[Attributes]:
        """What is there; None where the feature is off."""
        try:
            answer = self._call("describe")
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        listed = answer.get("InstanceAccessControlAttributeConfiguration", {}).get("AccessControlAttributes", [])
        sources = {each["Key"]: each["Value"]["Source"][0] for each in listed}
        return Attributes(answer["Status"], sources, answer.get("StatusReason"))

    def enable(self, sources: Mapping[str, str]) -> None:
        self._call("create", **_configuration(sources))

    def replace(self, sources: Mapping[str, str]) -> None:
        """Send all attributes: what is left out is removed."""
        self._call("update", **_configuration(sources))

    def disable(self) -> None:
        """Turn the feature off, which drops every attribute."""
        self._call("delete")

    def _call(self, verb: str, **parameters: Any) -> Dict[str, Any]:
        operation = f"{verb}_instance_access_control_attribute_configuration"
        return self._sso.call(operation, InstanceArn=self._instance, **parameters)


def _configuration(sources: Mapping[str, str]) -> Dict[str, Any]:
    listed = [dict(Key=key, Value=dict(Source=[source])) for key, source in sources.items()]
    return dict(InstanceAccessControlAttributeConfiguration=dict(AccessControlAttributes=listed))
