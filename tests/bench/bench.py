# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make bench`: what large organizations cost, next to what they must cost. Rows appear as they are measured.

In the environment, so on make's command line: SIZES, numbers of assignments; SETS, numbers of permission sets; LARGE,
1 or 0, a run over 20,000 assignments in an organization of 5,000 users; POLICIES, numbers of managed policies; LOOP,
how many assignments are compared as one task and as a loop of tasks; SCOPES, how many generated scopes the independent
judge is asked about; ON_HOST, numbers of OS users on a real host, which tests/tools/bench.sh empties where there is
none. An empty value or 0 leaves a part out.
"""

from __future__ import annotations

import os

import account_assignments
import hosts
import judged
import loop
import permission_sets
import session_policies
from environment import shown
from measure import Bench
from table import Table


def main() -> None:
    bench = Bench()
    try:
        table = Table()
        for size in numbers("SIZES", "100 1000 10000"):
            account_assignments.measure(bench, table, size)
        if numbers("LARGE", "1"):
            account_assignments.measure_largest(bench, table)
        for size in numbers("SETS", "10 100 200"):
            permission_sets.measure(bench, table, size)
        for size in numbers("POLICIES", "500"):
            session_policies.measure(bench, table, size)
        for size in numbers("LOOP", "200"):
            loop.measure(bench, table, size)
    finally:
        bench.stop()
    for size in numbers("ON_HOST", ""):
        hosts.measure(size)
    for size in numbers("SCOPES", "10000"):
        judged.measure(size)
    print(shown())


def numbers(name: str, default: str) -> list[int]:
    return [int(text) for text in os.environ.get(name, default).split() if int(text)]


if __name__ == "__main__":
    main()
