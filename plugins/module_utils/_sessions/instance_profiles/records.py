# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances, their instance profiles and the roles in them, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ..._guardrails import Guard

NEVER, LACKING, ALWAYS = "never", "lacking", "always"
REPLACE = (NEVER, LACKING, ALWAYS)
# States in which an instance has a profile, or will be able to have one.
LIVE = ("pending", "running", "stopping", "stopped")


@dataclass(frozen=True)
class Selection:
    """Which instances: exactly one of the three is set."""

    ids: Tuple[str, ...] = ()
    tags: Tuple[Tuple[str, Tuple[str, ...]], ...] = ()
    all: bool = False


@dataclass(frozen=True)
class Wish:
    """What a task asks for. profile: a name; None: none is attached. expected: profiles that an earlier task makes."""

    selection: Selection
    profile: Optional[str] = None
    absent: bool = False
    replace: str = NEVER
    replace_deprecated: bool = True
    expected: Tuple[str, ...] = ()
    guard: Guard = field(default_factory=Guard)

    @property
    def associations_matter(self) -> bool:
        """Whether ids of associations are needed, because some may be replaced or taken away."""
        return self.absent or self.replace != NEVER


@dataclass(frozen=True)
class Instance:
    """profile: the name of its instance profile."""

    instance_id: str
    state: str
    name: str = ""
    profile: Optional[str] = None
    association_id: Optional[str] = None


@dataclass(frozen=True)
class Profile:
    """there: None where the caller may not look, and `hidden` says why. role: the name of the role in it."""

    name: str
    there: Optional[bool]
    role: Optional[str] = None
    hidden: str = ""


@dataclass(frozen=True)
class Role:
    """attached: ARNs of the managed policies. documents: all policies of a role that has none of the well-known ones.

    hidden: why the policies could not be read.
    """

    name: str
    arn: str
    attached: Tuple[str, ...] = ()
    documents: Tuple[Any, ...] = ()
    hidden: str = ""

    @property
    def partition(self) -> str:
        return self.arn.split(":")[1]


@dataclass(frozen=True)
class Place:
    """An account and a Region, and the selected instances there."""

    account_id: str
    region: str
    instances: List[Instance] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.account_id}/{self.region}"


@dataclass(frozen=True)
class Account:
    """The instance profiles of the selected instances and the one that is asked for, and their roles; all by name.

    others: names of further profiles, where the one that is asked for is not there.
    """

    profiles: Dict[str, Profile] = field(default_factory=dict)
    roles: Dict[str, Role] = field(default_factory=dict)
    others: Tuple[str, ...] = ()

    def role_of(self, profile: Optional[str]) -> Optional[Role]:
        found = self.profiles.get(profile or "")
        return self.roles.get(found.role or "") if found else None


@dataclass(frozen=True)
class Current:
    """What was read; unread: name of an account and Region -> why."""

    places: List[Place]
    accounts: Mapping[str, Account] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
