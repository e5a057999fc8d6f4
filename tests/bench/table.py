# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One table on standard output, a row at a time."""

from __future__ import annotations

from floors import Floor
from measure import Measured

ROW = "{:<22} {:<12} {:>7} {:>7} {:>9} {:>9} {:>9} {:>7}"
HEAD = ("size", "run", "calls", "needed", "seconds", "floor", "throttled", "MB")


class Table:
    def __init__(self) -> None:
        print(ROW.format(*HEAD), flush=True)

    def row(self, size: str, run: str, measured: Measured, floor: Floor) -> None:
        print(
            ROW.format(
                size, run, measured.calls, floor.calls, f"{measured.seconds:.1f}", f"{floor.seconds:.1f}",
                measured.throttled, f"{measured.megabytes:.0f}",
            ),
            flush=True,
        )  # fmt: skip
