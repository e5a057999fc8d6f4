# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permission sets in AWS: every call, and nothing else. What is asked for in bulk is asked side by side.

A request whose answer is lost is sent again, and then finds its own work: a ConflictException where something was
made, a ResourceNotFoundException where something was removed. What is already so counts as done. A ConflictException
where it is not so means that something else is under way there: `Busy`, to be tried again after a pause.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Callable, Collection, Dict, Iterable, List, Mapping, Optional, Sequence

from ..._aws import AwsError, Client
from ..._parallel import AT_ONCE, each
from ..._progress import Progress
from ..._reconcile import UserError
from ..._tags import MANAGED_TAG
from ..instance import Instance
from ..pool import Busy
from .records import PermissionSet

_PAGE = dict(MaxResults=100)
_CONFLICT, _GONE = "ConflictException", "ResourceNotFoundException"


class PermissionSetsApi:
    """The permission sets of one instance."""

    def __init__(self, sso: Client, instance: Instance, progress: Optional[Progress] = None) -> None:
        self._sso, self._progress = sso, progress or Progress()
        self._instance = dict(InstanceArn=instance.arn)

    def find(self, names: Optional[Iterable[str]] = None) -> Dict[str, PermissionSet]:
        """Permission sets by name: all, or those of the given names that exist.

        AWS lists ARNs only, so a name costs one DescribePermissionSet; once all names are found, nothing more is
        asked.
        """
        missing = None if names is None else set(names)
        found: Dict[str, PermissionSet] = {}
        arns: List[str] = []
        if missing is None or missing:
            arns = self._sso.pages("list_permission_sets", "PermissionSets", **_PAGE, **self._instance)
        self._progress.begin("described", len(arns))
        for begin in range(0, len(arns), AT_ONCE):
            self._progress.moved(begin)
            for record in each(arns[begin : begin + AT_ONCE], self._describe):
                if record is not None and (missing is None or record.name in missing):
                    found[record.name] = record
            if missing is not None and missing.issubset(found):
                break
        return found

    def _describe(self, arn: str) -> Optional[PermissionSet]:
        """None: somebody has deleted it since it was listed."""
        try:
            answer = self._call("describe_permission_set", arn)["PermissionSet"]
        except AwsError as error:
            if error.code == _GONE:
                return None
            raise
        return PermissionSet(
            name=answer["Name"],
            arn=arn,
            description=answer.get("Description"),
            relay_state=answer.get("RelayState"),
            session_duration=answer.get("SessionDuration"),
        )

    def details(self, wanted: Mapping[str, Sequence[str]]) -> Dict[str, Dict[str, Any]]:
        """The given fields (records.DETAILS) of permission sets, by ARN, one call each."""
        pairs = [(arn, field) for arn, fields in wanted.items() for field in fields]
        found: Dict[str, Dict[str, Any]] = {arn: {} for arn in wanted}
        self._progress.begin("details read", len(pairs))
        values = each(pairs, lambda pair: self._detail(*pair), moved=self._progress.moved)
        for (arn, field), value in zip(pairs, values):
            found[arn][field] = value
        return found

    def _detail(self, arn: str, field: str) -> Any:
        return getattr(self, f"_read_{field}")(arn)

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
            if error.code == _GONE:  # it has none
                return {}
            raise
        if "ManagedPolicyArn" in answer:
            return dict(managed_policy_arn=answer["ManagedPolicyArn"])
        return dict(customer_managed_policy=_reference(answer["CustomerManagedPolicyReference"]))

    def _read_tags(self, arn: str) -> Dict[str, str]:
        tags = self._sso.pages("list_tags_for_resource", "Tags", ResourceArn=arn, **self._instance)
        return {tag["Key"]: tag["Value"] for tag in tags}

    def create(self, wanted: PermissionSet) -> str:
        """Create a set with its settings and tags; returns its ARN."""
        values = dict(_settings(wanted), Name=wanted.name, Tags=_tags(wanted.tags or {}))
        try:
            answer = self._sso.call("create_permission_set", **values, **self._instance)
        except AwsError as error:
            if error.code != _CONFLICT:
                raise
            have = self.find([wanted.name]).get(wanted.name)
            if have is None:
                raise Busy(error.message) from error
            return self._take_over(have, wanted)
        return answer["PermissionSet"]["PermissionSetArn"]

    def _take_over(self, have: PermissionSet, wanted: PermissionSet) -> str:
        """Bring in line a set that was not there a moment ago: made by a request whose answer was lost, or by others.

        The tag that says whose it is came with our own request, so it is not added to what others made.
        """
        arn = str(have.arn)
        given: Dict[str, Any] = dict(
            description=wanted.description, relay_state=wanted.relay_state, session_duration=wanted.session_duration
        )
        goal = replace(have, **{key: value for key, value in given.items() if value is not None})
        if _settings(goal) != _settings(have):
            self.put_settings(arn, goal)
        tags = {key: value for key, value in (wanted.tags or {}).items() if key != MANAGED_TAG}
        if tags:
            self.add_tags(arn, tags)
        return arn

    def delete(self, arn: str, idle: Collection[str] = ()) -> None:
        """Delete a set. idle: accounts that hold it although nobody is assigned there, and so will not let it go.

        Accounts whose last assignment has just been deleted may take a while to do so.
        """

        def held() -> bool:
            accounts = self._pages("list_accounts_for_provisioned_permission_set", "AccountIds", arn)
            if accounts:
                raise (UserError if set(accounts).issubset(idle) else Busy)(_held(accounts))
            return True

        self._remove("delete_permission_set", arn, held)

    def put_settings(self, arn: str, wanted: PermissionSet) -> None:
        """Send every setting: what UpdatePermissionSet is not given it may clear, as it does with the relay state."""

        def otherwise() -> bool:
            have = self._describe(arn)
            return have is None or _settings(have) != _settings(wanted)

        self._write("update_permission_set", otherwise, PermissionSetArn=arn, **_settings(wanted))

    def put_inline_policy(self, arn: str, document: Mapping[str, Any]) -> None:
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
        operation = "put_inline_policy_to_permission_set"
        otherwise = self._is_not(arn, "inline_policy", document)
        self._write(operation, otherwise, PermissionSetArn=arn, InlinePolicy=text)

    def remove_inline_policy(self, arn: str, document: Any = None) -> None:
        self._remove("delete_inline_policy_from_permission_set", arn, self._is_not(arn, "inline_policy", {}))

    def add_managed_policies(self, arn: str, policy: str) -> None:
        operation, otherwise = "attach_managed_policy_to_permission_set", self._lacks(arn, "managed_policies", policy)
        self._write(operation, otherwise, PermissionSetArn=arn, ManagedPolicyArn=policy)

    def remove_managed_policies(self, arn: str, policy: str) -> None:
        operation, otherwise = "detach_managed_policy_from_permission_set", self._has(arn, "managed_policies", policy)
        self._remove(operation, arn, otherwise, ManagedPolicyArn=policy)

    def add_customer_managed_policies(self, arn: str, policy: Mapping[str, str]) -> None:
        operation, reference = "attach_customer_managed_policy_reference_to_permission_set", _aws_reference(policy)
        otherwise = self._lacks(arn, "customer_managed_policies", policy)
        self._write(operation, otherwise, PermissionSetArn=arn, CustomerManagedPolicyReference=reference)

    def remove_customer_managed_policies(self, arn: str, policy: Mapping[str, str]) -> None:
        operation = "detach_customer_managed_policy_reference_from_permission_set"
        otherwise = self._has(arn, "customer_managed_policies", policy)
        self._remove(operation, arn, otherwise, CustomerManagedPolicyReference=_aws_reference(policy))

    def put_permissions_boundary(self, arn: str, boundary: Mapping[str, Any]) -> None:
        if "managed_policy_arn" in boundary:
            wanted: Dict[str, Any] = dict(ManagedPolicyArn=boundary["managed_policy_arn"])
        else:
            wanted = dict(CustomerManagedPolicyReference=_aws_reference(boundary["customer_managed_policy"]))
        otherwise = self._is_not(arn, "permissions_boundary", boundary)
        operation = "put_permissions_boundary_to_permission_set"
        self._write(operation, otherwise, PermissionSetArn=arn, PermissionsBoundary=wanted)

    def remove_permissions_boundary(self, arn: str, boundary: Any = None) -> None:
        operation = "delete_permissions_boundary_from_permission_set"
        self._remove(operation, arn, self._is_not(arn, "permissions_boundary", {}))

    def add_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        def otherwise() -> bool:
            return not set(tags.items()).issubset(self._read_tags(arn).items())

        self._write("tag_resource", otherwise, ResourceArn=arn, Tags=_tags(tags))

    def remove_tags(self, arn: str, keys: Sequence[str]) -> None:
        def otherwise() -> bool:
            return not set(keys).isdisjoint(self._read_tags(arn))

        self._write("untag_resource", otherwise, ResourceArn=arn, TagKeys=list(keys))

    def _is_not(self, arn: str, field: str, value: Any) -> Callable[[], bool]:
        return lambda: self._detail(arn, field) != value

    def _lacks(self, arn: str, field: str, policy: Any) -> Callable[[], bool]:
        return lambda: policy not in self._detail(arn, field)

    def _has(self, arn: str, field: str, policy: Any) -> Callable[[], bool]:
        return lambda: policy in self._detail(arn, field)

    def _remove(self, operation: str, arn: str, otherwise: Callable[[], bool], **parameters: Any) -> None:
        try:
            self._write(operation, otherwise, PermissionSetArn=arn, **parameters)
        except AwsError as error:
            if error.code != _GONE:  # which means: it is gone already
                raise

    def _write(self, operation: str, otherwise: Callable[[], bool], **parameters: Any) -> None:
        """One write. otherwise: asked after a conflict whether it is otherwise than it shall be."""
        try:
            self._sso.call(operation, **parameters, **self._instance)
        except AwsError as error:
            if error.code != _CONFLICT:
                raise
            if otherwise():
                raise Busy(error.message) from error

    def _call(self, operation: str, arn: str, **parameters: Any) -> Dict[str, Any]:
        return self._sso.call(operation, PermissionSetArn=arn, **self._instance, **parameters)

    def _pages(self, operation: str, key: str, arn: str, **parameters: Any) -> List[Any]:
        return self._sso.pages(operation, key, PermissionSetArn=arn, **self._instance, **parameters)


def _held(accounts: Sequence[str]) -> str:
    some = ", ".join(sorted(accounts)[:5]) + (f" and {len(accounts) - 5} more" if len(accounts) > 5 else "")
    return (
        f"AWS does not delete it as long as it is provisioned, and it is in {some}. Where nobody is assigned it, "
        "assigning it to somebody and taking that back again removes it from the account."
    )


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
