# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way to read an account's policies costs fewer calls. Pure: no AWS, no Ansible.

Either GetAccountAuthorizationDetails gives everything in pages, documents and attachments of the whole account, or
each policy is asked for by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Mapping, Optional, Sequence

from .records import ENTITIES, Wanted

# So many calls are made without asking first how large the account is, which is a call too.
FEW = 4
# IAM promises no size of a page; a hundred is its default, and it may give less than it is asked for.
PAGE = 100
# To know everything of a policy: GetPolicyVersion, ListPolicyVersions and ListEntitiesForPolicy.
_WHOLE = 3


@dataclass(frozen=True)
class Size:
    """How many of each an account has; by default IAM's own limits, where it does not tell."""

    policies: int = 1500
    users: int = 5000
    groups: int = 300
    roles: int = 1000


def kinds(wanted: Sequence[Wanted]) -> Sequence[str]:
    """The kinds of entities whose attachments are managed."""
    return [kind for kind in ENTITIES if any(kind in want.attachments for want in wanted)]


def one_by_one(wanted: Sequence[Wanted]) -> int:
    """GetPolicy and GetPolicyVersion each, ListEntitiesForPolicy where it matters who has it."""
    return sum(2 + want.asks_attachments for want in wanted)


def swept(wanted: Sequence[Wanted], size: Size) -> int:
    """Pages of policies and of the entities that matter, and GetPolicy for tags and descriptions."""
    return _pages(kinds(wanted), size) + sum(want.asks_details for want in wanted)


def depends_on_size(wanted: Sequence[Wanted]) -> bool:
    """Whether it is worth a call to ask for the account's size."""
    return one_by_one(wanted) > FEW


def sweeps(wanted: Sequence[Wanted], size: Optional[Size]) -> bool:
    """Whether to read everything in pages. size: None where it was not asked for."""
    return size is not None and swept(wanted, size) < one_by_one(wanted)


def reads_everything(policies: int, size: Size) -> bool:
    """The same for so many policies of which everything is to be known."""
    return _pages(ENTITIES, size) < policies * _WHOLE


def _pages(entities: Sequence[str], size: Size) -> int:
    numbers: Mapping[str, int] = dict(users=size.users, groups=size.groups, roles=size.roles)
    return max(1, math.ceil((size.policies + sum(numbers[kind] for kind in entities)) / PAGE))
