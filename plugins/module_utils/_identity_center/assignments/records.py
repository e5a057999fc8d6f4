# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account assignment is, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Tuple

from ..._organizations.tree import Account

USER, GROUP = "USER", "GROUP"

# A principal as AWS knows it: type and id.
PrincipalKey = Tuple[str, str]


class Key(NamedTuple):
    """An assignment as AWS knows it."""

    account_id: str
    permission_set_arn: str
    principal_type: str
    principal_id: str

    @property
    def principal(self) -> PrincipalKey:
        return (self.principal_type, self.principal_id)


@dataclass(frozen=True)
class SetRef:
    """A permission set. name: None if only its ARN is known. arn: None if it is yet to be created."""

    name: Optional[str]
    arn: Optional[str]

    @property
    def shown(self) -> str:
        return self.name or str(self.arn)


@dataclass(frozen=True)
class Principal:
    """A user or group. name: None if only its id is known. id: None if it is yet to be created."""

    type: str
    name: Optional[str]
    id: Optional[str]

    @property
    def shown(self) -> str:
        return f"{self.type.lower()} {self.name or self.id}"


@dataclass(frozen=True)
class Assignment:
    """A user or group that has, or shall have, a permission set in an account."""

    account: Account
    permission_set: SetRef
    principal: Principal

    @property
    def key(self) -> Optional[Key]:
        """None where the permission set or the principal is yet to be created."""
        arn, principal_id = self.permission_set.arn, self.principal.id
        if arn is None or principal_id is None:
            return None
        return Key(self.account.id, arn, self.principal.type, principal_id)

    @property
    def name(self) -> str:
        return f"{self.permission_set.shown}: {self.principal.shown} in {self.account.id}"

    def detail(self) -> Dict[str, str]:
        """What a change says beside its name."""
        return dict(
            permission_set=self.permission_set.shown,
            principal_type=self.principal.type,
            principal=str(self.principal.name or self.principal.id),
            account_id=self.account.id,
        )

    def shown(self) -> Dict[str, Any]:
        """As a result shows it: what is known."""
        values = dict(
            account_id=self.account.id,
            account_name=self.account.name,
            permission_set=self.permission_set.name,
            permission_set_arn=self.permission_set.arn,
            principal_type=self.principal.type,
            principal=self.principal.name,
            principal_id=self.principal.id,
        )
        return {key: value for key, value in values.items() if value is not None}


@dataclass(frozen=True)
class Row:
    """One row of the list `assignments`: everything in it is combined with everything. Names and ids as given."""

    permission_sets: List[str]
    groups: List[str]
    users: List[str]
    accounts: List[str]
    organizational_units: List[str]
    exclude_accounts: List[str]
    absent: bool


@dataclass(frozen=True)
class Names:
    """Names that were looked up: permission sets' by ARN, users' and groups' by id."""

    permission_sets: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    def set_ref(self, arn: str) -> SetRef:
        return SetRef(self.permission_sets.get(arn), arn)

    def principal(self, key: PrincipalKey) -> Principal:
        kind, principal_id = key
        return Principal(kind, (self.users if kind == USER else self.groups).get(principal_id), principal_id)


@dataclass(frozen=True)
class Wanted:
    """What the rows ask for, without repetitions: assignments that shall be there, and that shall not."""

    present: List[Assignment]
    absent: List[Assignment]
    warnings: List[str]


@dataclass(frozen=True)
class Running:
    """Operations that are in progress: what they create or delete -> request id."""

    creating: Mapping[Key, str] = field(default_factory=dict)
    deleting: Mapping[Key, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Caller:
    """Who runs the task, as far as it came in through Identity Center.

    principals: the caller as a user, and the groups it is in; None if they could not be found out.
    assignments: everything that gives the caller's permission set in the account that it works in.
    """

    arn: str
    account_id: str = ""
    permission_set: str = ""
    principals: Optional[FrozenSet[PrincipalKey]] = None
    assignments: FrozenSet[Key] = frozenset()


@dataclass(frozen=True)
class Current:
    """What was read.

    actual: the assignments that are there, at least all that the task may have to touch.
    purged: those of them that a purge takes away; with names as far as there are any.
    caller: None if nothing is deleted.
    problems: why the plan must not be carried out.
    """

    wanted: Wanted
    actual: FrozenSet[Key]
    purged: List[Assignment]
    running: Running
    caller: Optional[Caller] = None
    warnings: List[str] = field(default_factory=list)
    problems: List[str] = field(default_factory=list)
