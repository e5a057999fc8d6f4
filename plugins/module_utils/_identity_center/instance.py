# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Identity Center instance a task works on, and the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

from .._aws import Client
from .._pace import PACE_SPEC, Pace
from .._reconcile import Problems, UserError

# Merged into the argument spec of every module that works on an instance.
INSTANCE_SPEC: Dict[str, Any] = dict(instance_arn=dict(type="str"), **PACE_SPEC)
# ... and that waits for asynchronous operations.
WAIT_SPEC: Dict[str, Any] = dict(wait_timeout=dict(type="int", default=600))

# Requests that begin an operation. There is no client token, so one whose answer was lost is looked up, never repeated.
BEGIN_OPERATIONS = ("CreateAccountAssignment", "DeleteAccountAssignment", "ProvisionPermissionSet")


@dataclass(frozen=True)
class Instance:
    """An Identity Center instance: its ARN, and the id of its identity store (`d-...`)."""

    arn: str
    identity_store_id: str


class IdentityCenter:
    """The instance that a module's task works on, and clients that keep to one pace.

    Raises a `UserError` where there is no such instance, or more than one to choose from.
    """

    def __init__(self, module: Any) -> None:
        self._module = module
        problems = _problems(module.params)
        if problems:
            raise Problems(problems)
        self._pace = Pace(module.params["api_rate"])
        self.sso = self.client("sso-admin")
        self.instance = find_instance(self.sso, module.params["instance_arn"])

    def client(self, service: str) -> Client:
        """A client of sso-admin or identitystore; AWS counts the requests of both together."""
        return Client(self._module, service, self._pace, once=BEGIN_OPERATIONS)


def _problems(params: Mapping[str, Any]) -> List[str]:
    rate, seconds = params["api_rate"], params.get("wait_timeout", 1)
    found = []
    if not 0 < rate < float("inf"):  # what is not a number is neither
        found.append(f"api_rate: {rate:g} is not a number above 0; give the most requests a second, or leave it out")
    if seconds <= 0:
        found.append(f"wait_timeout: {seconds} is not above 0; give the seconds to wait for one operation")
    return found


def find_instance(sso: Client, instance_arn: Optional[str]) -> Instance:
    """The instance that the caller means; a `UserError` where there is none, or more than one to choose from."""
    found = sso.pages("list_instances", "Instances")
    if instance_arn:
        found = [instance for instance in found if instance["InstanceArn"] == instance_arn]
    if not found:
        wanted = f"instance_arn: no instance {instance_arn}" if instance_arn else "There is no Identity Center instance"
        raise UserError(
            f"{wanted} in Region {sso.region} that this caller can see. Most often `region` is not the Region that "
            "Identity Center was set up in, or the caller is neither the management account nor a delegated "
            "administrator."
        )
    if len(found) > 1:
        arns = ", ".join(sorted(instance["InstanceArn"] for instance in found))
        raise UserError(f"instance_arn: this caller sees {len(found)} Identity Center instances; give one of {arns}.")
    return Instance(found[0]["InstanceArn"], found[0]["IdentityStoreId"])
