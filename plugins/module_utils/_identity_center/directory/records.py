# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users and groups of an identity store are, as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Dict, FrozenSet, Generic, Iterable, Iterator, List, Mapping, Optional, Sequence, TypeVar, Union

# Attributes of a user that hold one text, in the order in which they are shown.
TEXTS = (
    "given_name",
    "family_name",
    "display_name",
    "email",
    "nick_name",
    "title",
    "user_type",
    "locale",
    "timezone",
    "preferred_language",
    "phone",
)
# Attributes that hold several texts, each with a name of its own.
ADDRESS_PARTS = ("street_address", "locality", "region", "postal_code", "country", "formatted")
ENTERPRISE_PARTS = ("employee_number", "cost_center", "organization", "division", "department", "manager")
PARTS = dict(address=ADDRESS_PARTS, enterprise=ENTERPRISE_PARTS)

# Identity Center takes no user without these, so they cannot be cleared either.
REQUIRED = ("given_name", "family_name", "display_name")


@dataclass(frozen=True)
class User:
    """A user as it is, or as it shall be.

    As it is, None and missing parts are what the user does not have; `enterprise` is None where it was not read.
    As it shall be, None and missing parts are not managed, and '' and {} clear.

    email: the primary address. phone, address: those of type `work`. A user has at most one of each in AWS.
    other: those three where AWS has one of another kind, which feeds no attribute for access control, with its text.
    """

    user_name: str
    user_id: Optional[str] = None
    given_name: Optional[str] = None
    family_name: Optional[str] = None
    display_name: Optional[str] = None
    email: Optional[str] = None
    nick_name: Optional[str] = None
    title: Optional[str] = None
    user_type: Optional[str] = None
    locale: Optional[str] = None
    timezone: Optional[str] = None
    preferred_language: Optional[str] = None
    phone: Optional[str] = None
    address: Optional[Dict[str, str]] = None
    enterprise: Optional[Dict[str, str]] = None
    user_status: Optional[str] = None
    other: Mapping[str, str] = field(default_factory=dict)
    absent: bool = False

    @property
    def name(self) -> str:
        return self.user_name

    def fields(self) -> List[str]:
        """The attributes that have a value, those with parts as `address.locality`."""
        texts = [text for text in TEXTS if getattr(self, text)]
        return texts + [f"{name}.{part}" for name, parts in PARTS.items() for part in parts if self.part(name, part)]

    def part(self, attribute: str, part: str) -> Optional[str]:
        """A part of `address` or `enterprise`."""
        return (getattr(self, attribute) or {}).get(part)

    def shown(self) -> Dict[str, Any]:
        """As a result shows it: what is known and not empty, snake_case."""
        values = asdict(self)
        del values["absent"], values["other"]
        return {key: value for key, value in values.items() if value or (key == "enterprise" and value is not None)}


@dataclass(frozen=True)
class Group:
    """A group as it is, or as it shall be. None: not managed, for `members` also not read.

    members: user names, each with the id of its membership where there is one. A member whose user is not in the
    store stands under its user id.
    """

    name: str
    group_id: Optional[str] = None
    description: Optional[str] = None
    members: Optional[Dict[str, Optional[str]]] = None
    absent: bool = False

    def shown(self) -> Dict[str, Any]:
        values: Dict[str, Any] = dict(name=self.name)
        if self.group_id:
            values["group_id"] = self.group_id
        if self.description:
            values["description"] = self.description
        if self.members is not None:
            values["members"] = list(self.members)
        return values


Named = TypeVar("Named", bound=Union[User, Group])


class ByName(Generic[Named]):
    """Users or groups by name.

    The identity store speaks SCIM, whose names are the same in upper and lower case. Where it holds two names that
    differ in case only, each is found by its exact name.
    """

    def __init__(self, records: Iterable[Named] = ()) -> None:
        self._exact: Dict[str, Named] = {}
        self._folded: Dict[str, List[Named]] = {}
        for record in records:
            self._exact[record.name] = record
            self._folded.setdefault(record.name.casefold(), []).append(record)

    def get(self, name: str) -> Optional[Named]:
        alike = self._folded.get(name.casefold(), [])
        return self._exact.get(name) or (alike[0] if len(alike) == 1 else None)

    def __iter__(self) -> Iterator[Named]:
        return iter(self._exact.values())


@dataclass(frozen=True)
class Desired:
    """What the module was given, in its order."""

    users: Sequence[User] = ()
    groups: Sequence[Group] = ()

    def manages_enterprise(self) -> bool:
        return any(user.enterprise is not None and not user.absent for user in self.users)

    def manages_members(self) -> bool:
        return any(group.members is not None and not group.absent for group in self.groups)


@dataclass(frozen=True)
class Caller:
    """A user, and the ids of the groups that it is in; of none where these could not be read."""

    user_name: str
    group_ids: FrozenSet[str] = frozenset()


@dataclass(frozen=True)
class Current:
    """What was read: all users and all groups, or none of a kind that nothing listed needs.

    caller: who runs the task, where that came in through Identity Center and something is deleted.
    """

    users: ByName[User] = field(default_factory=ByName)
    groups: ByName[Group] = field(default_factory=ByName)
    caller: Optional[Caller] = None
