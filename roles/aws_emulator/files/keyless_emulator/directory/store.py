# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One identity store: users, groups and memberships with the indexes that keep thousands of them quick."""

from __future__ import annotations

import time
import uuid
from typing import Any, Dict, Iterator, List, Optional

from ..errors import AwsError


class Record:
    """A user or a group: its attributes, and what the store notes about it."""

    def __init__(self, id_: str, attributes: Dict[str, Any], author: str) -> None:
        self.id = id_
        self.attributes = attributes
        self.revision = 1
        self.created = self.updated = round(time.time(), 3)
        self.created_by = self.updated_by = author

    def change(self, attributes: Dict[str, Any], author: str) -> None:
        self.attributes = attributes
        self.revision += 1
        self.updated = round(time.time(), 3)
        self.updated_by = author

    def dates(self) -> Dict[str, Any]:
        return dict(CreatedAt=self.created, UpdatedAt=self.updated, CreatedBy=self.created_by,
                    UpdatedBy=self.updated_by)


class Membership:
    def __init__(self, id_: str, group: str, user: str, author: str) -> None:
        self.id, self.group, self.user, self.author = id_, group, user, author
        self.created = round(time.time(), 3)


class Unique:
    """An index of values that only one record may have.

    Case does not tell two of them apart: SCIM, which the store speaks, calls userName and the others caseExact: false
    (RFC 7643, section 4.1.1 and 4.2).
    """

    def __init__(self, label: str) -> None:
        self.label = label
        self._owners: Dict[str, str] = {}

    def find(self, value: Optional[str]) -> Optional[str]:
        return self._owners.get(value.casefold()) if value else None

    def check(self, value: Optional[str], owner: str) -> None:
        if self.find(value) not in (None, owner):
            raise AwsError(
                "ConflictException", f"Duplicate {self.label}", Reason="UNIQUENESS_CONSTRAINT_VIOLATION"
            )

    def move(self, old: Optional[str], new: Optional[str], owner: str) -> None:
        if old:
            self._owners.pop(old.casefold(), None)
        if new:
            self._owners[new.casefold()] = owner


class Store:
    def __init__(self, id_: str, owner: str, region: str) -> None:
        self.id, self.owner, self.region = id_, owner, region
        self.users: Dict[str, Record] = {}
        self.groups: Dict[str, Record] = {}
        self.memberships: Dict[str, Membership] = {}
        self.user_names = Unique("UserName")
        self.emails = Unique("Emails")
        self.group_names = Unique("DisplayName")
        self.by_group: Dict[str, Dict[str, str]] = {}  # group -> user -> membership
        self.by_user: Dict[str, Dict[str, str]] = {}
        self.network: Dict[str, Any] = {"VpceAccessRequired": False}

    @property
    def arn(self) -> str:
        return f"arn:aws:identitystore::{self.owner}:identitystore/{self.id}"

    def new_id(self) -> str:
        """Ids of users and groups start with the store's own, as in directories that are older than 2022."""
        return f"{self.id[2:]}-{uuid.uuid4()}" if self.id.startswith("d-") else str(uuid.uuid4())

    # Users

    def add_user(self, attributes: Dict[str, Any], author: str) -> Record:
        user = Record(self.new_id(), attributes, author)
        self._check_user(attributes, user.id)
        self.users[user.id] = user
        self._index_user({}, attributes, user.id)
        return user

    def change_user(self, user: Record, attributes: Dict[str, Any], author: str) -> None:
        self._check_user(attributes, user.id)
        self._index_user(user.attributes, attributes, user.id)
        user.change(attributes, author)

    def delete_user(self, user: Record) -> None:
        for membership in list(self.by_user.get(user.id, {}).values()):
            self.delete_membership(self.memberships[membership])
        self._index_user(user.attributes, {}, user.id)
        del self.users[user.id]

    def _check_user(self, attributes: Dict[str, Any], id_: str) -> None:
        self.user_names.check(attributes.get("UserName"), id_)
        self.emails.check(_email(attributes), id_)

    def _index_user(self, old: Dict[str, Any], new: Dict[str, Any], id_: str) -> None:
        self.user_names.move(old.get("UserName"), new.get("UserName"), id_)
        self.emails.move(_email(old), _email(new), id_)

    # Groups

    def add_group(self, attributes: Dict[str, Any], author: str) -> Record:
        group = Record(self.new_id(), attributes, author)
        self.group_names.check(attributes.get("DisplayName"), group.id)
        self.groups[group.id] = group
        self.group_names.move(None, attributes.get("DisplayName"), group.id)
        return group

    def change_group(self, group: Record, attributes: Dict[str, Any], author: str) -> None:
        self.group_names.check(attributes.get("DisplayName"), group.id)
        self.group_names.move(group.attributes.get("DisplayName"), attributes.get("DisplayName"), group.id)
        group.change(attributes, author)

    def delete_group(self, group: Record) -> None:
        for membership in list(self.by_group.get(group.id, {}).values()):
            self.delete_membership(self.memberships[membership])
        self.group_names.move(group.attributes.get("DisplayName"), None, group.id)
        del self.groups[group.id]

    # Memberships

    def add_membership(self, group: str, user: str, author: str) -> Membership:
        if user in self.by_group.get(group, {}):
            raise AwsError(
                "ConflictException", "Member and Group relationship already exists.",
                Reason="UNIQUENESS_CONSTRAINT_VIOLATION",
            )
        membership = Membership(self.new_id(), group, user, author)
        self.memberships[membership.id] = membership
        self.by_group.setdefault(group, {})[user] = membership.id
        self.by_user.setdefault(user, {})[group] = membership.id
        return membership

    def delete_membership(self, membership: Membership) -> None:
        del self.memberships[membership.id]
        del self.by_group[membership.group][membership.user]
        del self.by_user[membership.user][membership.group]

    def groups_of(self, user: str) -> List[str]:
        return list(self.by_user.get(user, {}))


class Stores:
    """All identity stores of the organization, one for each instance of Identity Center."""

    def __init__(self) -> None:
        self._stores: Dict[str, Store] = {}

    def add(self, store: Store) -> None:
        self._stores[store.id] = store

    def remove(self, id_: str) -> None:
        self._stores.pop(id_, None)

    def find(self, id_: str) -> Optional[Store]:
        return self._stores.get(id_.rpartition("/")[2])

    def __iter__(self) -> Iterator[Store]:
        return iter(list(self._stores.values()))

    def has(self, id_: str, kind: str, principal: str) -> bool:
        """Return whether a USER or GROUP exists."""
        store = self.find(id_)
        return store is not None and principal in (store.users if kind == "USER" else store.groups)


def _email(attributes: Dict[str, Any]) -> Optional[str]:
    emails = attributes.get("Emails") or []
    return emails[0].get("Value") if emails else None


def plain(id_or_arn: str) -> str:
    """Return the id in an id or ARN."""
    return id_or_arn.rpartition("/")[2]
