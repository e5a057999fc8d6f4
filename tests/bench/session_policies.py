# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""session_policy: policies that are made and attached to groups, unchanged with and without tags, and 1% changed."""

from __future__ import annotations

import math

import floors
from large import GROUPS_OF_POLICIES as GROUPS
from large import session_policies as wanted
from measure import Bench, Measured
from table import Table

MODULE = "session_policy"
TAGS = dict(team="web")


def measure(bench: Bench, table: Table, size: int) -> None:
    label = f"{size} policies"
    bench.fresh(dict(accounts=[]))
    iam = bench.emulator.client("iam")
    for number in range(GROUPS):
        iam.create_group(GroupName=f"group{number:03}")
    tagged = wanted(size, tags=TAGS)
    table.row(label, "first", run(bench, tagged, changed=True), floors.first_policies(size, GROUPS))
    plain = run(bench, wanted(size), changed=False)
    table.row(label, "no-op", plain, floors.no_op_policies(size, GROUPS, tags=False))
    table.row(label + ", tags", "no-op", run(bench, tagged, False), floors.no_op_policies(size, GROUPS, tags=True))
    few = math.ceil(size / 100)
    measured = run(bench, wanted(size, few), changed=True)
    table.row(label, "1% changed", measured, floors.no_op_policies(size, GROUPS, tags=False, changes=few))


def run(bench: Bench, policies: list[dict[str, object]], changed: bool) -> Measured:
    return bench.task(MODULE, dict(policies=policies), changed=changed, services=("iam",))
