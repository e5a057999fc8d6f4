# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run cannot do without: the fewest calls by which AWS's API allows it, and the fewest seconds.

The calls are counted for the cheapest plan that there is, whichever way a module goes about it. Seconds are the most of

- calls / rate, since all calls of Identity Center share one rate; IAM tells none, so there it is what five requests at
  a time come to;
- creations x (asynchronous time + latency) / 10, since ten of them may be outstanding;
- the operations of the busiest account x asynchronous time, since an account's roles change one at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from large import Product

LATENCY_MS, RATE, ASYNC_MS = 50, 20, 500
OUTSTANDING = 10
IAM_RATE = 5 / (LATENCY_MS / 1000)
PAGE, IAM_PAGE = 100, 1000
# One list of the operations in progress tells that none is left, one of those that failed tells that none did.
ENDED = 2


@dataclass(frozen=True)
class Floor:
    calls: int
    creations: int = 0
    in_one_account: int = 0
    rate: float = RATE

    @property
    def seconds(self) -> float:
        each = (ASYNC_MS + LATENCY_MS) / 1000
        return max(self.calls / self.rate, self.creations * each / OUTSTANDING, self.in_one_account * ASYNC_MS / 1000)


def pages(items: int) -> int:
    """An empty list is a page, too."""
    return max(1, math.ceil(items / PAGE))


def names(sets: int, groups: int, users: int = 0) -> int:
    """ListInstances; ListPermissionSets, which gives ARNs, so each name a DescribePermissionSet; ListGroups, ListUsers.

    `groups` and `users` are all that the directory has; 0 if none of them is named.
    """
    return 1 + pages(sets) + sets + (pages(groups) if groups else 0) + (pages(users) if users else 0)


def reads(product: Product, there: bool) -> int:
    """The assignments of a product, all there or none: per principal, or per account and permission set.

    Where there is nothing, a list per permission set of the accounts that it is provisioned to says so, too.
    """
    targets = product.sets * product.accounts
    if not there:
        return min(product.groups, product.sets, targets)
    return min(product.groups * pages(targets), targets * pages(product.groups))


def first(product: Product) -> Floor:
    """Look, create each, see that they have ended."""
    calls = names(product.sets, product.groups) + reads(product, there=False) + product.assignments + ENDED
    return Floor(calls, product.assignments, product.assignments // product.accounts)


def no_op(product: Product) -> Floor:
    return Floor(names(product.sets, product.groups) + reads(product, there=True))


def changed(product: Product, missing: int) -> Floor:
    """The same where some are missing; the pages of the others are as many, or one less."""
    calls = names(product.sets, product.groups) + reads(product, there=True) + missing + ENDED
    return Floor(calls, missing, math.ceil(missing / product.accounts))


def first_sets(count: int) -> Floor:
    """Look that there are none; create each, put its inline policy, attach two managed policies."""
    return Floor(1 + 1 + 4 * count)


def no_op_sets(count: int) -> Floor:
    """Describe each for its name, get its inline policy, list its managed policies."""
    return Floor(1 + pages(count) + 3 * count)


def changed_sets(count: int, changes: int, in_one_account: int) -> Floor:
    """Beside reading: put each changed policy, provision each changed set once, see that all of that has ended."""
    return Floor(no_op_sets(count).calls + 2 * changes + ENDED, in_one_account=in_one_account)


def first_policies(count: int, groups: int) -> Floor:
    """See that there are none, and who there is; create each with its tags, attach it to a group."""
    return Floor(math.ceil(max(1, groups) / IAM_PAGE) + 2 * count, rate=IAM_RATE)


def no_op_policies(count: int, groups: int, tags: bool, changes: int = 0) -> Floor:
    """All documents and all groups in pages; tags are told by GetPolicy only; a change is one new version."""
    return Floor(math.ceil((count + groups) / IAM_PAGE) + count * tags + changes, rate=IAM_RATE)
