# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""permission_sets, with an inline and two managed policies each: made, unchanged, with a policy changed in 1% and all.

After the first run they are provisioned: a tenth of them each to three accounts of its own.
"""

from __future__ import annotations

import math

import floors
from large import Product
from large import permission_sets as wanted
from measure import Bench
from table import Table

MODULE = "permission_sets"
BLOCKS, ACCOUNTS_EACH = 10, 3


def measure(bench: Bench, table: Table, size: int) -> None:
    label = f"{size} permission sets"
    organization = Product(size, BLOCKS * ACCOUNTS_EACH, 1).organization()
    bench.fresh(dict(organization, permission_sets=[]))
    table.row(label, "first", bench.task(MODULE, sets(size), changed=True), floors.first_sets(size))
    bench.emulator.seed(dict(account_assignments=rows(size)))
    table.row(label, "no-op", bench.task(MODULE, sets(size), changed=False), floors.no_op_sets(size))
    few = math.ceil(size / 100)
    changes(bench, table, label, size, few, 0)
    changes(bench, table, label, size, size, few)


def sets(size: int, changed: int = 0) -> dict[str, object]:
    return dict(permission_sets=wanted(size, changed))


def rows(size: int) -> list[dict[str, list[str]]]:
    found, each = [], math.ceil(size / BLOCKS)
    for block in range(math.ceil(size / each)):
        first, account = block * each + 1, block * ACCOUNTS_EACH + 1
        found.append(
            dict(
                permission_sets=[f"Set[{first:03}:{min(first + each - 1, size):03}]"],
                groups=["group001"],
                accounts=[f"100000000[{account:03}:{account + ACCOUNTS_EACH - 1:03}]"],
            )
        )
    return found


def changes(bench: Bench, table: Table, label: str, size: int, now: int, before: int) -> None:
    """Let `now` of the sets have the new policy, `before` of which have it already."""
    measured = bench.task(MODULE, sets(size, now), changed=True)
    if measured.operations != now - before:
        print(f"  {measured.operations} provisionings for {now - before} changed permission sets")
    in_one_account = min(now - before, math.ceil(size / BLOCKS))
    floor = floors.changed_sets(size, now - before, in_one_account)
    table.row(label, "1% changed" if now < size else "all changed", measured, floor)
