# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances of Identity Center."""

from __future__ import annotations

import secrets
from typing import Any, Dict

from ..directory.store import Store
from ..errors import AwsError
from ..identify import Call
from ..paging import paged
from .base import Base
from .permission_sets import merged_tags
from .records import Instance, new_instance_arn


class Instances(Base):
    def add_instance(self, instance: Instance) -> None:
        self.instances[instance.arn] = instance
        self.stores.add(Store(instance.store_id, instance.owner, instance.region))

    def remove_instance(self, instance: Instance) -> None:
        for permission_set in instance.permission_sets.values():
            for account, provisioned in permission_set.provisioned.items():
                self.roles.remove(account, provisioned.role_name)
        del self.instances[instance.arn]
        self.stores.remove(instance.store_id)

    def list_instances(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        """Only the Region that the instance lives in knows it; elsewhere the list is empty, not an error."""
        everywhere = params.get("RegionScope") == "ALL_REGIONS"
        found = [
            _metadata(instance) for instance in self.instances.values()
            if self.may_use(call, instance) and (everywhere or instance.region == call.region)
        ]
        return paged("Instances", found, params, "instances", size=10)

    def describe_instance(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        instance = self._own(call, params)
        encryption = dict(instance.encryption, EncryptionStatus="ENABLED")
        return dict(
            _metadata(instance), EncryptionConfigurationDetails=encryption,
            NetworkConfigurationDetails=instance.network, PermissionSetsEnabled=instance.permission_sets_enabled,
        )

    def create_instance(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        """Make an account instance; the organization's own comes from seeding, in AWS from the console."""
        token = (call.account, params.get("ClientToken", ""))
        if token[1] and token in self.tokens:
            return dict(InstanceArn=self.tokens[token])
        if call.account == self.settings.account:
            raise AwsError("ValidationException", "An instance cannot be created in the management account.")
        if any(instance.owner == call.account for instance in self.instances.values()):
            raise AwsError("ConflictException", f"Account {call.account} has an instance already.")
        tags = merged_tags({}, params.get("Tags") or [])
        instance = Instance(
            new_instance_arn(), f"d-{secrets.token_hex(5)}", call.account, call.region, params.get("Name"),
            organization=False, tags=tags, permission_sets_enabled=False,
        )
        self.add_instance(instance)
        self.tokens[token] = instance.arn
        return dict(InstanceArn=instance.arn)

    def update_instance(self, call: Call, params: Dict[str, Any]) -> None:
        instance = self._own(call, params)
        changes = {"EncryptionConfiguration", "PermissionSetsEnabled", "NetworkConfiguration"} & set(params)
        if len(changes) > 1:
            raise AwsError("ValidationException", f"Only one of {', '.join(sorted(changes))} can be given.")
        if params.get("PermissionSetsEnabled") is False:
            raise AwsError("ValidationException", "Permission sets cannot be disabled.")
        instance.name = params.get("Name", instance.name)
        instance.encryption = dict(params.get("EncryptionConfiguration", instance.encryption))
        instance.network = dict(params.get("NetworkConfiguration", instance.network))
        instance.permission_sets_enabled |= "PermissionSetsEnabled" in params

    def delete_instance(self, call: Call, params: Dict[str, Any]) -> None:
        instance = self._own(call, params)
        if call.account != instance.owner:
            raise AwsError("AccessDeniedException", "Only the account that owns the instance can delete it.")
        self.remove_instance(instance)

    def list_regions(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return paged("Regions", [_home(self.instance(call, params))], params, "regions")

    def describe_region(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        home = _home(self.instance(call, params))
        if params["RegionName"] != home["RegionName"]:
            raise AwsError("ResourceNotFoundException", f"The instance is not in Region {params['RegionName']}.")
        return home

    def _own(self, call: Call, params: Dict[str, Any]) -> Instance:
        """These operations know no ResourceNotFoundException: an unknown instance is an AccessDeniedException."""
        try:
            return self.instance(call, params)
        except AwsError as error:
            raise AwsError("AccessDeniedException", error.message) from error


def _home(instance: Instance) -> Dict[str, Any]:
    return dict(RegionName=instance.region, Status="ACTIVE", AddedDate=instance.created, IsPrimaryRegion=True)


def _metadata(instance: Instance) -> Dict[str, Any]:
    answer = dict(
        InstanceArn=instance.arn, IdentityStoreId=instance.store_id, IdentityStoreArn=instance.store_arn,
        OwnerAccountId=instance.owner, Name=instance.name, CreatedDate=instance.created, Status="ACTIVE",
        PrimaryRegion=instance.region, Regions=[_home(instance)],
    )
    return {key: value for key, value in answer.items() if value is not None}
