# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same assignments as one task, and as one task in a loop, as people write it: side by side."""

from __future__ import annotations

import itertools

import floors
from large import Product
from measure import Bench
from table import Table

MODULE = "account_assignments"
GROUPS, ACCOUNTS = 5, 10


def measure(bench: Bench, table: Table, size: int) -> None:
    product = Product(max(1, size // (GROUPS * ACCOUNTS)), ACCOUNTS, GROUPS)
    (row,) = product.rows()
    items = [
        dict(zip(("permission_set", "group", "account"), each, strict=True))
        for each in itertools.product(row["permission_sets"], row["groups"], row["accounts"])
    ]
    one = dict(
        permission_sets=["{{ item.permission_set }}"], groups=["{{ item.group }}"], accounts=["{{ item.account }}"]
    )
    label = f"{product.assignments} assignments"
    for first in (True, False):
        floor, run = (floors.first, "first") if first else (floors.no_op, "no-op")
        state = product.organization() if first else product.assigned()
        bench.fresh(state)
        bulk = bench.task(MODULE, dict(assignments=[row]), changed=first)
        table.row(label + ", task", run, bulk, floor(product))
        bench.fresh(state)
        looped = bench.task(MODULE, dict(assignments=[one]), changed=first, loop=items)
        table.row(label + ", loop", run, looped, floor(product))
        print(f"  one task is {looped.seconds / bulk.seconds:.0f} times as fast", flush=True)
