# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access model after it was read: names are known, defaults are filled in, and every value is right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Tuple, Union

from .._identity_center.attributes.sources import source_value
from .._sessions.scope import RUN_AS_TAG, Instances

IDENTITY_CENTER, EXTERNAL = "identity_center", "external"
NONE, ALL = "none", "all"
INFO, WARNING = "info", "warning"

# Sudo rights: nothing, everything, or these commands.
Sudo = Union[str, Tuple[str, ...]]


@dataclass(frozen=True)
class Person:
    """key: the name in the model. user: as the module identity_store takes it, without `state`."""

    key: str
    os_user: str
    user: Mapping[str, Any]
    present: bool = True

    @property
    def user_name(self) -> str:
        return str(self.user["user_name"])


@dataclass(frozen=True)
class IamUser:
    """key: the name in the model. account: a name in the model. tags: without SSMSessionRunAs, which is os_user."""

    key: str
    user_name: str
    account: str
    os_user: str
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Federation:
    """Sign-in from an application of an Identity Center outside. accounts: names in the model, one as it is.

    os_users: who may arrive, which only the other side decides. metadata: option of the module saml_provider.
    application: options of the role external_login that say what the application is and sends.
    """

    name: str
    accounts: Tuple[str, ...]
    os_users: Tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    application: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Member:
    """Somebody whom a grant reaches, as a host sees it. label: what the model calls them. tags: the principal's."""

    label: str
    os_user: str
    tags: Mapping[str, Optional[str]]


@dataclass(frozen=True)
class Account:
    name: str
    id: str
    regions: Tuple[str, ...]
    run_as: bool = True
    role_arn: Optional[str] = None
    profile: Optional[str] = None


@dataclass(frozen=True)
class Grant:
    """accounts, saml: names in the model. people, iam_users: keys in the model."""

    path: str
    name: str
    groups: Tuple[str, ...]
    people: Tuple[str, ...]
    accounts: Tuple[str, ...]
    organizational_units: Tuple[str, ...]
    instances: Instances
    connect: Tuple[str, ...]
    sudo: Sudo = NONE
    os_groups: Tuple[str, ...] = ()
    session_duration: Optional[str] = None
    description: Optional[str] = None
    iam_users: Tuple[str, ...] = ()
    saml: Tuple[str, ...] = ()

    @property
    def through_identity_center(self) -> bool:
        return bool(self.groups or self.people)


@dataclass(frozen=True)
class Model:
    """sessions: options of the module session_preferences. units: ids of the accounts below each known OU."""

    region: str
    directory: str = IDENTITY_CENTER
    attributes: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    groups: Mapping[str, Tuple[str, ...]] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    grants: Tuple[Grant, ...] = ()
    sessions: Mapping[str, Any] = field(default_factory=dict)
    units: Mapping[str, Tuple[str, ...]] = field(default_factory=dict)
    iam_users: Mapping[str, IamUser] = field(default_factory=dict)
    federations: Mapping[str, Federation] = field(default_factory=dict)

    def account_by_id(self, account_id: str) -> Optional[Account]:
        return next((account for account in self.accounts.values() if account.id == account_id), None)

    def accounts_of(self, grant: Grant) -> Dict[str, Account]:
        """The model's accounts that a grant reaches, by id: the named ones, and those in OUs that are known."""
        ids = [self.accounts[name].id for name in grant.accounts]
        ids += [account_id for unit in grant.organizational_units for account_id in self.units.get(unit, ())]
        return {account.id: account for account in self.accounts.values() if account.id in ids}

    def run_as(self, grant: Grant) -> bool:
        """Whether a grant's sessions run as the person's own OS user; reading made sure that its accounts agree."""
        return all(account.run_as for account in self.accounts_of(grant).values())

    def people_of(self, grant: Grant) -> Tuple[Person, ...]:
        """Everyone whom a grant reaches, through a group or by name, in the model's order."""
        keys = set(grant.people).union(*(self.groups[name] for name in grant.groups))
        return tuple(person for key, person in self.people.items() if key in keys and person.present)

    def iam_users_of(self, grant: Grant) -> Tuple[IamUser, ...]:
        return tuple(self.iam_users[key] for key in grant.iam_users)

    def federations_of(self, grant: Grant) -> Tuple[Federation, ...]:
        return tuple(self.federations[name] for name in grant.saml)

    def members_of(self, grant: Grant, account: Account) -> Tuple[Member, ...]:
        """Everyone whom a grant leads into an account that it reaches, however they sign in."""
        found = [
            Member(person.key, person.os_user, {key: self.tag_of(person, key) for key in self.attributes})
            for person in self.people_of(grant)
        ]
        for user in self.iam_users_of(grant):
            if user.account == account.name:
                found.append(Member(f"iam_users.{user.key}", user.os_user, user.tags))
        for federation in self.federations_of(grant):
            if account.name in federation.accounts:
                names = federation.os_users if account.run_as else ("",)
                found += [Member(f"federations.{federation.name}", name, {}) for name in names]
        return tuple(found)

    @property
    def os_users(self) -> Tuple[str, ...]:
        """Every OS user that the model speaks of."""
        names = {person.os_user for person in self.people.values()}
        names.update(user.os_user for user in self.iam_users.values() if self.accounts[user.account].run_as)
        names.update(name for federation in self.federations.values() for name in federation.os_users)
        return tuple(sorted(name for name in names if name))

    def tag_of(self, person: Person, key: str) -> Optional[str]:
        """The value that Identity Center will send for a person as the attribute `key`."""
        return source_value(self.attributes[key], person.user) if key in self.attributes else None

    @property
    def uses_run_as(self) -> bool:
        return RUN_AS_TAG in self.attributes


def note(severity: str, path: str, message: str) -> Dict[str, str]:
    return {"severity": severity, "path": path, "message": message}
