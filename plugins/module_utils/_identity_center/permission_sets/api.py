# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permission sets in AWS: every call, and nothing else.

A request whose answer is lost is sent again, and then finds its own work: a ConflictException where something was
made, a ResourceNotFoundException where something was removed. What is already so counts as done.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence

from ..._aws import AwsError, Client
from ..instance import Instance
from .records import (
    MANAGED_TAG,
    PermissionSet,
    Provisioned,
)


class PermissionSetsApi:
    """The permission sets of one instance."""

    def __init__(self, sso: Client, instance: Instance) -> None:
        self._sso = sso
        self._instance = dict(InstanceArn=instance.arn)

    def find(self, names: Optional[Iterable[str]] = None) -> Dict[str, PermissionSet]:
        """Permission sets by name: all, or those of the given names that exist.

        AWS lists ARNs only, so a name costs one DescribePermissionSet; once all names are found, nothing more is
        asked.
        """
        missing = None if names is None else set(names)
        found: Dict[str, PermissionSet] = {}
        for arn in self._sso.pages("list_permission_sets", "PermissionSets", **self._instance):
            if missing is not None and not missing:
                break
            record = self._describe(arn)
            if missing is None or record.name in missing:
                found[record.name] = record
            if missing is not None:
                missing.discard(record.name)
        return found

    def _describe(self, arn: str) -> PermissionSet:
        answer = self._call("describe_permission_set", arn)["PermissionSet"]
        return PermissionSet(
            name=answer["Name"],
            arn=arn,
            description=answer.get("Description"),
            relay_state=answer.get("RelayState"),
            session_duration=answer.get("SessionDuration"),
        )

    def details(self, arn: str, fields: Sequence[str]) -> Dict[str, Any]:
        """The given fields (records.DETAILS) of a permission set, one call each."""
        return {field: getattr(self, f"_read_{field}")(arn) for field in fields}

    def _read_inline_policy(self, arn: str) -> Dict[str, Any]:
        return json.loads(self._call("get_inline_policy_for_permission_set", arn).get("InlinePolicy") or "{}")

    def _read_managed_policies(self, arn: str) -> List[str]:
        operation, key = "list_managed_policies_in_permission_set", "AttachedManagedPolicies"
        return [policy["Arn"] for policy in self._pages(operation, key, arn)]

    def _read_customer_managed_policies(self, arn: str) -> List[Dict[str, str]]:
        operation, key = "list_customer_managed_policy_references_in_permission_set", "CustomerManagedPolicyReferences"
        return [_reference(answer) for answer in self._pages(operation, key, arn)]

    def _read_permissions_boundary(self, arn: str) -> Dict[str, Any]:
        try:
            answer = self._call("get_permissions_boundary_for_permission_set", arn)["PermissionsBoundary"]
        except AwsError as error:
            if error.code == "ResourceNotFoundException":  # it has none
                return {}
            raise
        if "ManagedPolicyArn" in answer:
            return dict(managed_policy_arn=answer["ManagedPolicyArn"])
        return dict(customer_managed_policy=_reference(answer["CustomerManagedPolicyReference"]))

    def _read_tags(self, arn: str) -> Dict[str, str]:
        tags = self._sso.pages("list_tags_for_resource", "Tags", ResourceArn=arn, **self._instance)
        return {tag["Key"]: tag["Value"] for tag in tags}

    def provisioned(self, arn: str, outdated: bool) -> Provisioned:
        """Where a set is provisioned, and, if asked for, which of those accounts are not up to date."""
        operation, key = "list_accounts_for_provisioned_permission_set", "AccountIds"
        accounts = self._pages(operation, key, arn)
        if not accounts or not outdated:
            return Provisioned(accounts, [])
        behind = self._pages(operation, key, arn, ProvisioningStatus="LATEST_PERMISSION_SET_NOT_PROVISIONED")
        return Provisioned(accounts, behind)

    def create(self, wanted: PermissionSet) -> str:
        """Create a set with its settings and tags; returns its ARN."""
        values = dict(_settings(wanted), Name=wanted.name, Tags=_tags(wanted.tags or {}))
        try:
            answer = self._sso.call("create_permission_set", **values, **self._instance)
        except AwsError as error:
            have = self.find([wanted.name]).get(wanted.name) if error.code == "ConflictException" else None
            if have is None:
                raise
            return self._take_over(have, wanted)
        return answer["PermissionSet"]["PermissionSetArn"]

    def _take_over(self, have: PermissionSet, wanted: PermissionSet) -> str:
        """Bring in line a set that was not there a moment ago: made by a request whose answer was lost, or by others.

        The tag that says whose it is came with our own request, so it is not added to what others made.
        """
        arn = str(have.arn)
        given = dict(
            description=wanted.description, relay_state=wanted.relay_state, session_duration=wanted.session_duration
        )
        goal = replace(have, **{key: value for key, value in given.items() if value is not None})
        if _settings(goal) != _settings(have):
            self.put_settings(arn, goal)
        tags = {key: value for key, value in (wanted.tags or {}).items() if key != MANAGED_TAG}
        if tags:
            self.add_tags(arn, tags)
        return arn

    def delete(self, arn: str) -> None:
        try:
            self._remove("delete_permission_set", arn)
        except AwsError as error:
            if error.code == "ConflictException":
                where = self.provisioned(arn, outdated=False).accounts
                raise AwsError(
                    f"{error.message.rstrip('.')}. It is provisioned in {', '.join(sorted(where)) or 'no account'}; "
                    "remove its account assignments first.",
                    error.code,
                    error.operation,
                ) from error
            raise

    def put_settings(self, arn: str, wanted: PermissionSet) -> None:
        """Send every setting: what UpdatePermissionSet is not given it may clear, as it does with the relay state."""
        self._call("update_permission_set", arn, **_settings(wanted))

    def put_inline_policy(self, arn: str, document: Mapping[str, Any]) -> None:
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
        self._call("put_inline_policy_to_permission_set", arn, InlinePolicy=text)

    def remove_inline_policy(self, arn: str, document: Any = None) -> None:
        self._remove("delete_inline_policy_from_permission_set", arn)

    def add_managed_policies(self, arn: str, policy: str) -> None:
        operation = "attach_managed_policy_to_permission_set"
        self._attach(operation, arn, "managed_policies", policy, ManagedPolicyArn=policy)

    def remove_managed_policies(self, arn: str, policy: str) -> None:
        self._remove("detach_managed_policy_from_permission_set", arn, ManagedPolicyArn=policy)

    def add_customer_managed_policies(self, arn: str, policy: Mapping[str, str]) -> None:
        operation, reference = "attach_customer_managed_policy_reference_to_permission_set", _aws_reference(policy)
        self._attach(operation, arn, "customer_managed_policies", policy, CustomerManagedPolicyReference=reference)

    def remove_customer_managed_policies(self, arn: str, policy: Mapping[str, str]) -> None:
        operation = "detach_customer_managed_policy_reference_from_permission_set"
        self._remove(operation, arn, CustomerManagedPolicyReference=_aws_reference(policy))

    def put_permissions_boundary(self, arn: str, boundary: Mapping[str, Any]) -> None:
        if "managed_policy_arn" in boundary:
            wanted: Dict[str, Any] = dict(ManagedPolicyArn=boundary["managed_policy_arn"])
        else:
            wanted = dict(CustomerManagedPolicyReference=_aws_reference(boundary["customer_managed_policy"]))
        self._call("put_permissions_boundary_to_permission_set", arn, PermissionsBoundary=wanted)

    def remove_permissions_boundary(self, arn: str, boundary: Any = None) -> None:
        self._remove("delete_permissions_boundary_from_permission_set", arn)

    def add_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        self._sso.call("tag_resource", ResourceArn=arn, Tags=_tags(tags), **self._instance)

    def remove_tags(self, arn: str, keys: Sequence[str]) -> None:
        self._sso.call("untag_resource", ResourceArn=arn, TagKeys=list(keys), **self._instance)

    def provision(self, arn: str, accounts: Optional[Sequence[str]]) -> Iterator[str]:
        """Start provisioning, everywhere (None) or in the given accounts; yields the request ids as they come."""
        targets: List[Dict[str, str]] = [dict(TargetType="ALL_PROVISIONED_ACCOUNTS")]
        if accounts is not None:
            targets = [dict(TargetType="AWS_ACCOUNT", TargetId=account) for account in accounts]
        for target in targets:
            answer = self._call("provision_permission_set", arn, **target)
            yield answer["PermissionSetProvisioningStatus"]["RequestId"]

    def provisioning_status(self, request_id: str) -> Dict[str, Any]:
        answer = self._sso.call(
            "describe_permission_set_provisioning_status", ProvisionPermissionSetRequestId=request_id, **self._instance
        )
        return answer["PermissionSetProvisioningStatus"]

    def _attach(self, operation: str, arn: str, field: str, policy: Any, **parameters: Any) -> None:
        try:
            self._call(operation, arn, **parameters)
        except AwsError as error:
            if error.code != "ConflictException" or policy not in self.details(arn, [field])[field]:
                raise

    def _remove(self, operation: str, arn: str, **parameters: Any) -> None:
        try:
            self._call(operation, arn, **parameters)
        except AwsError as error:
            if error.code != "ResourceNotFoundException":  # which means: it is gone already
                raise

    def _call(self, operation: str, arn: str, **parameters: Any) -> Dict[str, Any]:
        return self._sso.call(operation, PermissionSetArn=arn, **self._instance, **parameters)

    def _pages(self, operation: str, key: str, arn: str, **parameters: Any) -> List[Any]:
        return self._sso.pages(operation, key, PermissionSetArn=arn, **self._instance, **parameters)


def _settings(wanted: PermissionSet) -> Dict[str, str]:
    """Settings in AWS's form; an empty one is left out, because AWS takes no empty text."""
    settings = dict(
        Description=wanted.description, RelayState=wanted.relay_state, SessionDuration=wanted.session_duration
    )
    return {key: value for key, value in settings.items() if value}


def _tags(tags: Mapping[str, str]) -> List[Dict[str, str]]:
    return [dict(Key=key, Value=value) for key, value in sorted(tags.items())]


def _reference(answer: Mapping[str, str]) -> Dict[str, str]:
    return dict(name=answer["Name"], path=answer.get("Path", "/"))


def _aws_reference(reference: Mapping[str, str]) -> Dict[str, str]:
    return dict(Name=reference["name"], Path=reference["path"])
