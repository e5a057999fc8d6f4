# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all operations of sso-admin need: the instance and the permission set of a request, and who may use them."""

from __future__ import annotations

import re
import time
from typing import Any, Dict, Optional, Tuple

from ..directory.store import Stores
from ..errors import AwsError
from ..identify import Call
from ..service import Service
from ..settings import Settings
from .operations import Operations
from .records import Application, Instance, PermissionSet


class Base(Service):
    name = "sso-admin"

    def __init__(self, settings: Settings, organization: Any, roles: Any, stores: Stores) -> None:
        """`organization` knows accounts and administrators, `roles` provisions IAM roles."""
        self.settings = settings
        self.organization = organization
        self.roles = roles
        self.stores = stores
        self.instances: Dict[str, Instance] = {}
        self.tokens: Dict[Tuple[str, str], str] = {}  # (account, client token) -> instance
        self.operations = Operations()

    def instance(self, call: Call, params: Dict[str, Any]) -> Instance:
        found = self.instances.get(params["InstanceArn"])
        if found is None or found.region != call.region:
            raise AwsError("ResourceNotFoundException", f"Instance {params['InstanceArn']} not found in {call.region}.")
        if not self.may_use(call, found):
            raise AwsError("AccessDeniedException", f"User: arn:aws:iam::{call.account}:root is not authorized to "
                           f"perform: sso:{call.operation} on resource: {found.arn}")
        return found

    def may_use(self, call: Call, instance: Instance) -> bool:
        return call.account == instance.owner or self.organization.is_administrator(call.account)

    def permission_sets_of(self, call: Call, params: Dict[str, Any]) -> Instance:
        """Return the instance if it can hold permission sets, which account instances cannot unless enabled."""
        instance = self.instance(call, params)
        if not instance.permission_sets_enabled:
            raise AwsError("ValidationException", "Permission sets are not enabled for this account instance.")
        return instance

    def permission_set(self, call: Call, params: Dict[str, Any]) -> Tuple[Instance, PermissionSet]:
        instance = self.permission_sets_of(call, params)
        found = instance.permission_sets.get(params["PermissionSetArn"])
        if found is None:
            raise AwsError("ResourceNotFoundException", f"PermissionSet {params['PermissionSetArn']} not found.")
        return instance, found

    def application(self, call: Call, params: Dict[str, Any]) -> Tuple[Instance, Application]:
        arn = params["ApplicationArn"]
        instance = self.instance(call, dict(InstanceArn="arn:aws:sso:::instance/" + arn.split("/")[1]))
        found = instance.applications.get(arn)
        if found is None:
            raise AwsError("ResourceNotFoundException", f"Application {arn} not found.")
        return instance, found

    def changeable(self, call: Call, params: Dict[str, Any]) -> Tuple[Instance, PermissionSet]:
        """Return the permission set if it may be changed now."""
        instance, found = self.permission_set(call, params)
        self.refuse_delegate(call, found)
        if self.operations.on_set(found.arn):
            # Seen while a set is being provisioned: aws-samples/aws-iam-identity-center-extensions issue 111.
            raise AwsError("ConflictException", "There is a conflicting operation in process.")
        return instance, found

    def refuse_delegate(self, call: Call, permission_set: PermissionSet, account: Optional[str] = None) -> None:
        """A delegated administrator cannot touch what is provisioned to the management account."""
        management = self.settings.account
        if call.account != management and (account == management or management in permission_set.provisioned):
            # AWS's own words, seen in awslabs/landing-zone-accelerator-on-aws issue 215.
            raise AwsError("AccessDeniedException", f"User: arn:aws:iam::{call.account}:root is not authorized to "
                           f"perform: sso:{call.operation} on resource: {permission_set.arn}")

    def seconds(self) -> float:
        return self.settings.async_ms / 1000

    def later(self) -> float:
        return time.monotonic() + self.seconds()


_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def duration_seconds(text: str) -> Optional[float]:
    """Return the seconds of an ISO 8601 duration, None if it has none that are certain."""
    match = _DURATION.fullmatch(text)
    if not match or match.group(1) or match.group(2):
        return None
    days, hours, minutes, seconds = (float(match.group(number) or 0) for number in (3, 5, 6, 7))
    return ((days * (7 if match.group(4) == "W" else 1) * 24 + hours) * 60 + minutes) * 60 + seconds
