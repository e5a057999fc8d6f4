# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, groups and memberships in AWS: every call, and nothing else."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from ..._aws import AwsError, Client
from ..instance import Instance
from .records import Group, User
from .shapes import ENTERPRISE, create_parameters, read_user, update_operations

FED_FROM_OUTSIDE = (
    "Where Identity Center takes its users and groups from elsewhere (an external identity provider through SCIM, or "
    "Active Directory), change them there."
)

# The Reason of a ConflictException that only says: again, please.
COLLISION = "CONCURRENT_MODIFICATION"


class DirectoryApi:
    """The users and groups of one identity store."""

    def __init__(self, store: Client, instance: Instance, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = store
        self._store = dict(IdentityStoreId=instance.identity_store_id)
        self._sleep = sleep

    def users(self, enterprise: bool) -> List[User]:
        """All users; enterprise attributes come only when they are asked for."""
        extensions = dict(Extensions=[ENTERPRISE]) if enterprise else {}
        answers = self._client.pages("list_users", "Users", **self._store, **extensions)
        return [read_user(answer, enterprise) for answer in answers]

    def groups(self) -> List[Group]:
        """All groups, without their members."""
        answers = self._client.pages("list_groups", "Groups", **self._store)
        return [
            Group(answer.get("DisplayName") or answer["GroupId"], answer["GroupId"], answer.get("Description"))
            for answer in answers
        ]

    def members(self, group_id: str, user_names: Mapping[str, str]) -> Dict[str, Optional[str]]:
        """A group's members by name, with the ids of their memberships; user_names: name by user id."""
        answers = self._client.pages(
            "list_group_memberships", "GroupMemberships", GroupId=group_id, **self._store
        )
        members: Dict[str, Optional[str]] = {}
        for answer in answers:
            user_id = answer["MemberId"]["UserId"]
            members[user_names.get(user_id, user_id)] = answer["MembershipId"]
        return members

    def create_user(self, user: User) -> str:
        """Create a user; returns its id.

        A user that has come into being since the users were read is brought in line instead. It may well be ours: an
        answer that gets lost makes botocore send the request again.
        """
        try:
            return self._write("create_user", **create_parameters(user))["UserId"]
        except AwsError as error:
            user_id = self._find("get_user_id", "userName", user.user_name, "UserId", error)
        self.update_user(user_id, user, user.fields())
        return user_id

    def update_user(self, user_id: str, user: User, fields: Sequence[str]) -> None:
        self._write("update_user", UserId=user_id, Operations=update_operations(user, fields))

    def delete_user(self, user_id: str) -> None:
        self._remove("delete_user", UserId=user_id)

    def create_group(self, group: Group) -> str:
        """Create a group without members; returns its id. As with users, it may have come into being meanwhile."""
        parameters = dict(DisplayName=group.name)
        if group.description:
            parameters["Description"] = group.description
        try:
            return self._write("create_group", **parameters)["GroupId"]
        except AwsError as error:
            group_id = self._find("get_group_id", "displayName", group.name, "GroupId", error)
        if group.description:
            self.put_description(group_id, group.description)
        return group_id

    def put_description(self, group_id: str, description: Optional[str]) -> None:
        """Set a group's description; None clears it."""
        operation = dict(AttributePath="description", AttributeValue=description)
        self._write("update_group", GroupId=group_id, Operations=[operation])

    def delete_group(self, group_id: str) -> None:
        self._remove("delete_group", GroupId=group_id)

    def add_member(self, group_id: str, user_id: str) -> None:
        try:
            self._write("create_group_membership", GroupId=group_id, MemberId=dict(UserId=user_id))
        except AwsError as error:
            # a conflict that is none of two writes at once means: someone else was quicker
            if error.code != "ConflictException" or _reason(error) == COLLISION:
                raise

    def remove_member(self, membership_id: str) -> None:
        self._remove("delete_group_membership", MembershipId=membership_id)

    def _find(self, operation: str, path: str, name: str, key: str, refusal: AwsError) -> str:
        """The id of what has this name, if `refusal` says that there is one already; raises it otherwise."""
        if refusal.code != "ConflictException":
            raise refusal
        identifier = dict(UniqueAttribute=dict(AttributePath=path, AttributeValue=name))
        try:
            return self._client.call(operation, AlternateIdentifier=identifier, **self._store)[key]
        except AwsError as error:
            raise refusal from error

    def _remove(self, operation: str, **parameters: Any) -> None:
        try:
            self._write(operation, **parameters)
        except AwsError as error:
            if error.code != "ResourceNotFoundException":  # which means: it is gone already
                raise

    def _write(self, operation: str, **parameters: Any) -> Dict[str, Any]:
        """One write. What collides with another write of the same moment is done again: all are safe to repeat."""
        for pause in (0.2, 0.5, 1.0, 2.0):
            try:
                return self._client.call(operation, **self._store, **parameters)
            except AwsError as error:
                if _reason(error) != COLLISION:
                    raise _with_hint(error) from error
            self._sleep(pause)
        return self._client.call(operation, **self._store, **parameters)


def _reason(error: AwsError) -> str:
    """The Reason that AWS gives with its ConflictException, '' for none."""
    return getattr(error.__cause__, "response", {}).get("Reason") or ""


def _with_hint(error: AwsError) -> AwsError:
    """The same error, with what a person can do about it."""
    if error.code in ("AccessDeniedException", "ValidationException"):
        hint = FED_FROM_OUTSIDE
    elif error.code == "ConflictException" and error.operation in ("CreateUser", "UpdateUser"):
        hint = "User names and e-mail addresses must be unique, in whatever case they are written."
    elif error.code == "ConflictException" and error.operation in ("CreateGroup", "UpdateGroup"):
        hint = "Names of groups must be unique, in whatever case they are written."
    else:
        return error
    return AwsError(f"{error.message} {hint}", error.code, error.operation)
