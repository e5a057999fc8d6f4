# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications of Identity Center and who is assigned to them, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Tuple

from ..assignments.records import GROUP, USER, Names, Principal, PrincipalKey

ENABLED, DISABLED = "ENABLED", "DISABLED"
IDENTITY_CENTER, APPLICATION = "IDENTITY_CENTER", "APPLICATION"  # where a sign-in from the portal leads to

# What UpdateApplication can change; the portal's visibility can only be read.
FIELDS = ("name", "description", "status", "sign_in_options")


@dataclass(frozen=True)
class Application:
    """What there is. `sign_in_options` and `visibility` are what AWS calls portal options."""

    arn: str
    name: str
    provider_arn: str = ""
    account_id: str = ""
    status: str = ENABLED
    description: Optional[str] = None
    sign_in_options: Mapping[str, str] = field(default_factory=dict)
    visibility: Optional[str] = None

    def shown(self) -> Dict[str, Any]:
        values: Dict[str, Any] = dict(
            application_arn=self.arn,
            name=self.name,
            application_provider_arn=self.provider_arn,
            account_id=self.account_id,
            status=self.status,
            description=self.description,
        )
        portal: Dict[str, Any] = dict(self.sign_in_options, visibility=self.visibility)
        values["portal_options"] = {key: value for key, value in portal.items() if value is not None}
        return {key: value for key, value in values.items() if value is not None}


@dataclass(frozen=True)
class Item:
    """One entry of the list `applications`, as far as it is given: None leaves alone.

    fields: name, description, status and sign_in_options that the application is to have.
    """

    path: str
    name: Optional[str]
    arn: Optional[str]
    fields: Mapping[str, Any] = field(default_factory=dict)
    assignment_required: Optional[bool] = None
    users: Optional[Tuple[str, ...]] = None
    groups: Optional[Tuple[str, ...]] = None
    purge: bool = True

    def given(self, kind: str) -> Optional[Tuple[str, ...]]:
        """The users or groups that are to be assigned."""
        return self.users if kind == USER else self.groups

    @property
    def kinds(self) -> List[str]:
        """Of which principals the assignments are managed."""
        return [kind for kind in (GROUP, USER) if self.given(kind) is not None]


@dataclass(frozen=True)
class Wanted:
    """An entry, the application that it means, and the users and groups that it names, each once."""

    item: Item
    application: Application
    principals: Tuple[Principal, ...] = ()


@dataclass(frozen=True)
class Found:
    """What was read of one application, as far as its entry asks for it."""

    wanted: Wanted
    assigned: FrozenSet[PrincipalKey] = frozenset()
    assignment_required: Optional[bool] = None


@dataclass(frozen=True)
class Current:
    """What was read of all, names by id, and the applications that could not be read, with the reason."""

    found: List[Found]
    names: Names = field(default_factory=Names)
    unread: List[Tuple[Application, str]] = field(default_factory=list)
