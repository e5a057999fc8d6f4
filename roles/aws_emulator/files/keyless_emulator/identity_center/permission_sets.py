# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permission sets and their tags."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ..errors import AwsError
from ..identify import Call
from ..paging import paged
from .base import Base, duration_seconds
from .records import PermissionSet, new_permission_set_arn

MOST_TAGS = 50


class PermissionSets(Base):
    def create_permission_set(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        instance = self.permission_sets_of(call, params)
        name, duration = params["Name"], params.get("SessionDuration", "PT1H")
        _check_duration(duration)
        tags = merged_tags({}, params.get("Tags") or [])
        if name in instance.names:
            raise AwsError("ConflictException", f"PermissionSet with name {name} already exists.")
        created = PermissionSet(
            new_permission_set_arn(instance), name, params.get("Description"), duration, params.get("RelayState"), tags
        )
        instance.add(created)
        return dict(PermissionSet=created.shown())

    def describe_permission_set(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        _instance, found = self.permission_set(call, params)
        return dict(PermissionSet=found.shown())

    def update_permission_set(self, call: Call, params: Dict[str, Any]) -> None:
        """A RelayState that is left out is cleared; Description and SessionDuration stay as they are.

        Source: hashicorp/terraform-provider-aws issue 17411, which saw only RelayState disappear.
        """
        _instance, found = self.changeable(call, params)
        duration = params.get("SessionDuration", found.session_duration)
        _check_duration(duration)
        new = (params.get("Description", found.description), duration, params.get("RelayState"))
        if new != (found.description, found.session_duration, found.relay_state):
            found.description, found.session_duration, found.relay_state = new
            # Terraform's provider reprovisions after any change of these three, description included.
            found.changed()

    def delete_permission_set(self, call: Call, params: Dict[str, Any]) -> None:
        instance, found = self.changeable(call, params)
        if found.provisioned or instance.ledger.uses(found.arn):
            raise AwsError(
                "ConflictException", "Could not delete because PermissionSet has ApplicationProfile associated with it"
            )
        instance.remove(found)

    def list_permission_sets(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        instance = self.permission_sets_of(call, params)
        return paged("PermissionSets", list(instance.permission_sets), params, "permission-sets")

    # Tags of instances, permission sets and applications

    def tag_resource(self, call: Call, params: Dict[str, Any]) -> None:
        tags = self._tags(call, params)
        merged = merged_tags(tags, params["Tags"])
        tags.clear()
        tags.update(merged)

    def untag_resource(self, call: Call, params: Dict[str, Any]) -> None:
        tags = self._tags(call, params)
        for key in params["TagKeys"]:
            tags.pop(key, None)

    def list_tags_for_resource(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        tags = [dict(Key=key, Value=value) for key, value in self._tags(call, params).items()]
        return paged("Tags", tags, params, f"tags-{params['ResourceArn']}")

    def _tags(self, call: Call, params: Dict[str, Any]) -> Dict[str, str]:
        resource = params["ResourceArn"]
        owner: Optional[str] = resource
        if ":permissionSet/" in resource or ":application/" in resource:
            owner = "arn:aws:sso:::instance/" + resource.split("/")[1]
        if params.get("InstanceArn") not in (None, owner):
            raise AwsError("ValidationException", "The ResourceArn does not belong to the InstanceArn.")
        if owner == resource:
            return self.instance(call, dict(InstanceArn=owner)).tags
        if ":application/" in resource:
            return self.application(call, dict(ApplicationArn=resource))[1].tags
        _instance, found = self.permission_set(call, dict(InstanceArn=owner, PermissionSetArn=resource))
        return found.tags


def merged_tags(tags: Dict[str, str], given: Any) -> Dict[str, str]:
    new = {tag["Key"]: tag["Value"] for tag in given}
    if len(new) != len(given):
        raise AwsError("ValidationException", "A tag key is given twice.")
    if any(key.lower().startswith("aws:") for key in new):
        raise AwsError("ValidationException", "Tag keys that start with aws: are reserved.")
    merged = dict(tags, **new)
    if len(merged) > MOST_TAGS:
        raise AwsError("ServiceQuotaExceededException", f"A resource has at most {MOST_TAGS} tags.")
    return merged


def _check_duration(text: str) -> None:
    seconds = duration_seconds(text)
    if seconds is None or not 3600 <= seconds <= 43200:
        raise AwsError("ValidationException", f"SessionDuration {text} is not between PT1H and PT12H.")
