# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""account_assignments: a first run, one that finds nothing to do, and one where 1% is missing."""

from __future__ import annotations

import itertools

import floors
from large import Product
from large import names as listed
from measure import Bench
from table import Table

PRODUCTS = {100: Product(5, 4, 5), 1000: Product(10, 20, 5), 10000: Product(50, 40, 5)}
MODULE = "account_assignments"


def measure(bench: Bench, table: Table, size: int) -> None:
    product = PRODUCTS[size]
    seeded = bench.fresh(product.organization())
    label = f"{size} assignments"
    arguments = dict(assignments=product.rows())
    table.row(label, "first", bench.task(MODULE, arguments, changed=True), floors.first(product))
    table.row(label, "no-op", bench.task(MODULE, arguments, changed=False), floors.no_op(product))
    missing = size // 100
    take_away(bench, seeded, product, missing)
    measured = bench.task(MODULE, arguments, changed=True)
    if measured.operations != missing:
        raise SystemExit(f"{measured.operations} created, where {missing} were missing")
    table.row(label, "1% changed", measured, floors.changed(product, missing))


def take_away(bench: Bench, seeded: dict[str, dict[str, str]], product: Product, count: int) -> None:
    """Delete so many assignments behind Ansible's back, each time in another account."""
    sso = bench.emulator.client("sso-admin")
    which = itertools.product(seeded["permission_sets"].values(), seeded["groups"].values())
    pairs = itertools.islice(which, count)
    accounts = itertools.cycle(listed("100000000", product.accounts))
    for (permission_set, group), account in zip(pairs, accounts, strict=False):
        sso.delete_account_assignment(
            InstanceArn=seeded["identity_center"][0]["instance_arn"],
            PermissionSetArn=permission_set,
            TargetId=account,
            TargetType="AWS_ACCOUNT",
            PrincipalType="GROUP",
            PrincipalId=group,
        )


# An organization of the largest size: 25 teams, each with 8 permission sets of its own in 20 accounts of its own, for
# four groups that all teams share and one user.
TEAMS, SETS, ACCOUNTS, GROUPS, USERS = 25, 200, 500, 20, 5000
SHARED = 4


def measure_largest(bench: Bench, table: Table) -> None:
    seeded_rows, rows = [], []
    for team in range(TEAMS):
        sets, accounts = SETS // TEAMS, ACCOUNTS // TEAMS
        first_set, first_account = team * sets, team * accounts
        rows.append(
            dict(
                permission_sets=listed("Set", SETS)[first_set : first_set + sets],
                groups=listed("group", SHARED),
                users=[f"user{team + 1:04}"],
                accounts=listed("100000000", ACCOUNTS)[first_account : first_account + accounts],
            )
        )
        seeded_rows.append(rows[-1])
    state = Product(SETS, ACCOUNTS, GROUPS).organization()
    bench.fresh(dict(state, users=[dict(user_name=f"user[0001:{USERS}]")], account_assignments=seeded_rows))
    measured = bench.task(MODULE, dict(assignments=rows), changed=False)
    each = (SETS // TEAMS) * (ACCOUNTS // TEAMS)  # targets of a team
    calls = floors.names(SETS, GROUPS, USERS) + SHARED * floors.pages(TEAMS * each) + TEAMS * floors.pages(each)
    total = TEAMS * each * (SHARED + 1)
    table.row(f"{total} assignments", "no-op", measured, floors.Floor(calls))
