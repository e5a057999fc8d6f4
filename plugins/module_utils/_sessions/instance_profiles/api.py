# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances of one account and Region, and the instance profiles and roles of one account: every call, nothing else."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..._aws import AwsError, Client
from ..._reconcile import UserError
from .records import LIVE, Instance, Profile, Role, Selection
from .rights import is_sufficient

_MOST_VALUES = 200  # of one filter

# EC2 learns of a new profile, and of a new instance, some seconds after IAM has it or the instance is there.
_NOT_YET = (
    ("InvalidParameterValue", "instance profile"),
    ("IncorrectState", "not found"),
    ("IncorrectInstanceState", ""),
)

Filters = List[Dict[str, Any]]


class InstancesApi:
    """timeout: how long in seconds EC2 may need to learn of a profile, or an instance to start."""

    def __init__(self, ec2: Client, timeout: float = 0, sleep: Callable[[float], None] = time.sleep) -> None:
        self._ec2 = ec2
        self._timeout = timeout
        self._sleep = sleep

    def instances(self, selection: Selection) -> List[Instance]:
        found: List[Instance] = []
        for filters in _filters(selection):
            for reservation in self._ec2.pages("describe_instances", "Reservations", Filters=filters):
                found += [_instance(each) for each in reservation["Instances"]]
        return sorted(found, key=lambda instance: instance.instance_id)

    def associations(self, ids: Sequence[str] = ()) -> Dict[str, Tuple[str, str]]:
        """Instance -> the association's id and the profile's name; of all instances where no ids are given."""
        found: Dict[str, Tuple[str, str]] = {}
        states = dict(Name="state", Values=["associating", "associated"])
        for some in _slices(ids) if ids else [()]:
            filters = [states] + ([dict(Name="instance-id", Values=list(some))] if some else [])
            key = "IamInstanceProfileAssociations"
            for each in self._ec2.pages("describe_iam_instance_profile_associations", key, Filters=filters):
                name = _own_name(each["IamInstanceProfile"]["Arn"])
                found[each["InstanceId"]] = (each["AssociationId"], name)
        return found

    def associate(self, instance_id: str, profile: str, role: Optional[str]) -> None:
        try:
            self._write(
                "associate_iam_instance_profile", role, InstanceId=instance_id, IamInstanceProfile=dict(Name=profile)
            )
        except AwsError as error:
            if error.code != "IncorrectState":
                raise
            theirs = self.associations([instance_id]).get(instance_id, ("", ""))[1]
            if theirs != profile:
                raise UserError(f"somebody else attached '{theirs}' meanwhile ({error.message}); run again") from error

    def replace(self, association_id: str, profile: str, role: Optional[str]) -> None:
        self._write(
            "replace_iam_instance_profile_association",
            role,
            AssociationId=association_id,
            IamInstanceProfile=dict(Name=profile),
        )

    def disassociate(self, association_id: str) -> None:
        try:
            self._ec2.call("disassociate_iam_instance_profile", AssociationId=association_id)
        except AwsError as error:
            if error.code != "InvalidAssociationID.NotFound":  # else it is gone already
                raise

    def _write(self, operation: str, role: Optional[str], **parameters: Any) -> None:
        """Again and again while EC2 does not know yet what is there."""
        left, pause = self._timeout, 1.0
        while True:
            try:
                self._ec2.call(operation, **parameters)
                return
            except AwsError as error:
                if error.denied:
                    also = f"{error.message} It also needs iam:PassRole for {role or 'the role in the profile'}."
                    raise AwsError(also, error.code, error.operation) from error
                if left <= 0 or not _not_yet(error):
                    raise
            pause = min(pause, left)
            self._sleep(pause)
            left, pause = left - pause, min(pause * 1.5, 10.0)


class ProfilesApi:
    """What there is of an instance profile and its role, as far as the caller may look."""

    def __init__(self, iam: Client) -> None:
        self._iam = iam

    def profile(self, name: str) -> Tuple[Profile, Optional[Role]]:
        try:
            found = self._iam.call("get_instance_profile", InstanceProfileName=name)["InstanceProfile"]
        except AwsError as error:
            if error.code == "NoSuchEntity":
                return Profile(name, False), None
            if error.denied:
                return Profile(name, None, hidden=error.message), None
            raise
        roles = found["Roles"]  # there is one at most
        if not roles:
            return Profile(name, True), None
        return Profile(name, True, roles[0]["RoleName"]), Role(roles[0]["RoleName"], roles[0]["Arn"])

    def names(self) -> Tuple[str, ...]:
        """The account's instance profiles; none where the caller may not list them."""
        try:
            found = self._iam.pages("list_instance_profiles", "InstanceProfiles")
        except AwsError as error:
            if error.denied:
                return ()
            raise
        return tuple(each["InstanceProfileName"] for each in found)

    def policies(self, role: Role) -> Role:
        """The role with its policies; their documents only where their names do not tell enough."""
        try:
            listed = self._iam.pages("list_attached_role_policies", "AttachedPolicies", RoleName=role.name)
            attached = tuple(str(policy["PolicyArn"]) for policy in listed)
            role = Role(role.name, role.arn, attached)
            if is_sufficient(attached):
                return role
            return Role(role.name, role.arn, attached, tuple(self._documents(role)))
        except AwsError as error:
            if error.code == "NoSuchEntity":
                return role
            if error.denied:
                return Role(role.name, role.arn, role.attached, hidden=error.message)
            raise

    def swap(self, role: str, attach: Sequence[str], detach: Sequence[str]) -> None:
        """Attach first, so that the instances are never without."""
        for arn in attach:
            self._iam.call("attach_role_policy", RoleName=role, PolicyArn=arn)
        for arn in detach:
            try:
                self._iam.call("detach_role_policy", RoleName=role, PolicyArn=arn)
            except AwsError as error:
                if error.code != "NoSuchEntity":  # else it is gone already
                    raise

    def _documents(self, role: Role) -> Iterator[Mapping[str, Any]]:
        for name in self._iam.pages("list_role_policies", "PolicyNames", RoleName=role.name):
            yield self._iam.call("get_role_policy", RoleName=role.name, PolicyName=name)["PolicyDocument"]
        for arn in role.attached:
            version = self._iam.call("get_policy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
            found = self._iam.call("get_policy_version", PolicyArn=arn, VersionId=version)["PolicyVersion"]
            yield found["Document"]


def _filters(selection: Selection) -> Iterator[Filters]:
    """The filters of each request that is needed. Of named instances those that are terminated are wanted too."""
    if selection.ids:
        for some in _slices(selection.ids):
            yield [dict(Name="instance-id", Values=list(some))]
        return
    live = dict(Name="instance-state-name", Values=list(LIVE))
    yield [live] + [dict(Name=f"tag:{key}", Values=list(values)) for key, values in selection.tags]


def _slices(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _MOST_VALUES):
        yield ids[start : start + _MOST_VALUES]


def _instance(each: Mapping[str, Any]) -> Instance:
    tags = {tag["Key"]: tag["Value"] for tag in each.get("Tags") or []}
    profile = each.get("IamInstanceProfile")
    name = _own_name(profile["Arn"]) if profile else None
    return Instance(each["InstanceId"], each["State"]["Name"], tags.get("Name", ""), name)


def _own_name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _not_yet(error: AwsError) -> bool:
    text = error.message.lower()
    return any(error.code == code and words in text for code, words in _NOT_YET)
