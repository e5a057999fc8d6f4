# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Managed policies for sessions, as plain data: as a task wants them, and as an account has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ..scope import Scope

KIND = "session_policy"
USERS, GROUPS, ROLES = "users", "groups", "roles"
ENTITIES = (USERS, GROUPS, ROLES)
ONE = {USERS: "user", GROUPS: "group", ROLES: "role"}
MOST_VERSIONS = 5

# Roles that permission sets became: only Identity Center attaches policies to them and takes them away.
RESERVED_ROLES = "AWSReservedSSO_"

# Names by kind of entity.
Attachments = Mapping[str, List[str]]


@dataclass(frozen=True)
class Wanted:
    """A policy as the task wants it. None: not managed.

    place: where it stands in the option, such as `policies[2]`. document: {} if it shall be absent.
    attachments: the kinds that are managed, with the names that shall have it.
    partition: of the scopes.
    """

    place: str
    name: str
    path: str = "/"
    description: Optional[str] = None
    scopes: Sequence[Scope] = ()
    document: Mapping[str, Any] = field(default_factory=dict)
    attachments: Attachments = field(default_factory=dict)
    tags: Optional[Mapping[str, str]] = None
    absent: bool = False
    partition: str = "aws"

    @property
    def asks_details(self) -> bool:
        """Whether something is managed that only GetPolicy tells."""
        return not self.absent and (self.tags is not None or self.description is not None)

    @property
    def asks_attachments(self) -> bool:
        return self.absent or bool(self.attachments)


@dataclass(frozen=True)
class Version:
    """document: None if it was not read."""

    id: str
    default: bool = False
    document: Optional[Mapping[str, Any]] = None

    @property
    def number(self) -> int:
        digits = self.id[1:].split(".")[0]
        return int(digits) if digits.isdigit() else 0


@dataclass(frozen=True)
class Policy:
    """A policy as an account has it. None: not read.

    attachments: the kinds that were read. boundary_of: who has it as a permissions boundary, where that was read.
    versions: all of them, or only the default one where nothing else matters.
    """

    arn: str
    name: str
    path: str = "/"
    description: Optional[str] = None
    versions: Sequence[Version] = ()
    attachments: Attachments = field(default_factory=dict)
    boundary_of: Sequence[str] = ()
    tags: Optional[Mapping[str, str]] = None

    @property
    def default(self) -> Version:
        return next((version for version in self.versions if version.default), Version("v1", True))

    @property
    def oldest_other(self) -> Optional[Version]:
        """The oldest version that is not the default."""
        others = [version for version in self.versions if not version.default]
        return min(others, key=lambda version: version.number) if others else None


@dataclass(frozen=True)
class Account:
    """What was read of one account.

    policies: by ARN, those that the task names. namesakes: where another policy has a wanted one's name: name -> ARN.
    unknown: who shall get a policy and is not there: (kind, name) -> what was perhaps meant, as a text to add.
    """

    id: str
    partition: str = "aws"
    policies: Mapping[str, Policy] = field(default_factory=dict)
    namesakes: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[Tuple[str, str], str] = field(default_factory=dict)

    def arn(self, want: Wanted) -> str:
        return f"arn:{self.partition}:iam::{self.id}:policy{want.path}{want.name}"

    def policy(self, want: Wanted) -> Optional[Policy]:
        return self.policies.get(self.arn(want))

    def subject(self, want: Wanted) -> str:
        """What the policy is called in results: names are unique in an account only."""
        return f"{self.id}/{want.name}"


@dataclass(frozen=True)
class Current:
    """Accounts that were read, and of which nothing could be read: id -> why."""

    accounts: Sequence[Account]
    unread: Mapping[str, str] = field(default_factory=dict)


def newcomers(policies: Mapping[str, Policy], wanted: Mapping[str, Wanted]) -> Dict[str, List[str]]:
    """By kind, the names that shall get a policy and do not have it yet; both by the policies' ARNs."""
    found: Dict[str, List[str]] = {}
    for kind in ENTITIES:
        names: Dict[str, None] = {}
        for arn, want in wanted.items():
            there = policies[arn].attachments.get(kind, []) if arn in policies else []
            names.update((name, None) for name in want.attachments.get(kind, []) if name not in there)
        found[kind] = list(names)
    return found
