# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known before the first write about what is going to be provisioned, as plain data.

Sources: "Quotas and limits in IAM Identity Center" (AWS, singlesignon/latest/userguide/limits.html), "Use IAM policies
in permission sets" (howtocmp.html), "Delegated administration" (delegated-admin.html).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..._organizations.tree import Account

# Permission sets that may be provisioned in one account. AWS's default was 20 (2018), 50 (2019), 250, and is 500; it
# can be raised. Since the API exists it was never below 50, so whoever has no more sets cannot meet it.
SETS_PER_ACCOUNT, NEVER_FEWER_SETS = 500, 50
SETS_QUOTA = ("sso", "L-89954265")

# Policies that may be attached to one role: IAM's default, which can be raised in each account.
POLICIES_PER_ROLE = 10
ROLE_QUOTA = ("iam", "L-0DA4ABF3")


class Reference(NamedTuple):
    """A customer managed policy that an account has to have. boundary: it is a permissions boundary."""

    name: str
    path: str = "/"
    boundary: bool = False

    @property
    def policy(self) -> str:
        """What an account calls it: the end of its ARN there."""
        return self.path + self.name


@dataclass(frozen=True)
class Demand:
    """What a permission set needs in the accounts that it is going to be provisioned in.

    permission_set: its name, or its ARN where that is all that is known. accounts: ids.
    policies: how many policies its role gets, as far as known.
    """

    permission_set: str
    accounts: Tuple[str, ...]
    references: Tuple[Reference, ...] = ()
    policies: int = 0


@dataclass(frozen=True)
class Quota:
    """applied: AWS said that this is what holds; otherwise it is a default, which may have been raised."""

    value: int
    applied: bool = False


@dataclass(frozen=True)
class Seen:
    """What was found in an account. policies: which of the demanded policies it has; None if nobody could look.

    why: why nobody could. per_role: how many policies a role there may have; None if not asked, or not answered.
    """

    policies: Optional[FrozenSet[str]] = None
    why: str = ""
    per_role: Optional[int] = None


@dataclass(frozen=True)
class Facts:
    """What was found out; everything may be missing.

    accounts: by id, of those that were looked up. strangers: ids that are not in the organization.
    seen: by account id.
    sets_after: account id -> how many permission sets it will have, where that had to be counted.
    management: the management account, where the caller is of another one.
    only_by_management: names of sets that are provisioned there, so that only the management account may use them.
    absent: permission sets that do not exist.
    unknown: what could not be looked up at all, with the reason.
    """

    demands: Sequence[Demand] = ()
    accounts: Mapping[str, Account] = field(default_factory=dict)
    strangers: Sequence[str] = ()
    seen: Mapping[str, Seen] = field(default_factory=dict)
    sets_after: Mapping[str, int] = field(default_factory=dict)
    sets_quota: Quota = Quota(SETS_PER_ACCOUNT)
    management: Optional[str] = None
    in_management: bool = False
    only_by_management: Sequence[str] = ()
    absent: Sequence[str] = ()
    unknown: Sequence[str] = ()


class Findings(NamedTuple):
    """Problems are certain, and stop the task. Warnings are not."""

    problems: List[str]
    warnings: List[str]


def references(customer_managed_policies: Sequence[Mapping[str, str]], boundary: Mapping[str, Any]) -> List[Reference]:
    """The references of a permission set, from its details as `permission_sets` has them."""
    found = [Reference(each["name"], each["path"]) for each in customer_managed_policies]
    of_boundary: Optional[Dict[str, str]] = boundary.get("customer_managed_policy")
    if of_boundary:
        found.append(Reference(of_boundary["name"], of_boundary["path"], boundary=True))
    return found


def policies_demanded(demands: Sequence[Demand]) -> Dict[str, FrozenSet[str]]:
    """Account id -> the policies that it has to have; accounts that need none are not in it."""
    found: Dict[str, FrozenSet[str]] = {}
    for demand in demands:
        policies = frozenset(reference.policy for reference in demand.references)
        for account_id in demand.accounts if policies else ():
            found[account_id] = found.get(account_id, frozenset()) | policies
    return found


def crowded_roles(demands: Sequence[Demand]) -> FrozenSet[str]:
    """Ids of accounts in which a role would get more policies than IAM allows by default."""
    return frozenset(
        account_id for demand in demands if demand.policies > POLICIES_PER_ROLE for account_id in demand.accounts
    )
