# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers as a table that a person reads in ten seconds."""

from __future__ import annotations

import textwrap
from typing import Any, List, Mapping, Sequence

WIDTH = 120
_GAP = "  "
_HEADINGS = ("PERSON", "HOST", "OS USER", "THERE", "SUDO", "SESSION", "WAY IN, OR WHY NOT")
# How wide each column may get; the last has what is left.
_WIDEST = (26, 16, 16, 5, 30, 7)


def access_table(rows: Sequence[Mapping[str, Any]]) -> List[str]:
    """Aligned lines, none longer than WIDTH; long cells go on below."""
    cells = [_HEADINGS] + [_cells(row) for row in rows]
    widths = [min(max(len(line[column]) for line in cells), widest) for column, widest in enumerate(_WIDEST)]
    widths.append(WIDTH - sum(widths) - len(_GAP) * len(widths))
    lines: List[str] = []
    for number, line in enumerate(cells):
        lines += _lines(line, widths)
        if number == 0:
            lines.append(_GAP.join("-" * width for width in widths))
    return lines


def _cells(row: Mapping[str, Any]) -> Sequence[str]:
    there = {True: "yes", False: "no", None: "?"}[row["exists_on_host"]]
    reason = row["way"] if row["allowed"] else row["why_not"]
    if row["ways_round"]:
        reason = f"{reason}; round Run As: {', '.join(row['ways_round'])}"
    return (
        str(row["person"]),
        str(row["host"]),
        str(row["os_user"] or row["run_as"] or "none"),
        there if row["os_user"] else "-",
        _sudo(row["sudo"]),
        "yes" if row["allowed"] else "NO",
        str(reason),
    )


def _sudo(sudo: Any) -> str:
    if sudo is None:
        return "?"
    return sudo if isinstance(sudo, str) else ", ".join(sudo)


def _lines(cells: Sequence[str], widths: Sequence[int]) -> List[str]:
    wrapped = [textwrap.wrap(cell, width, break_on_hyphens=False) or [""] for cell, width in zip(cells, widths)]
    height = max(len(parts) for parts in wrapped)
    return [
        _GAP.join(
            (parts[line] if line < len(parts) else "").ljust(width) for parts, width in zip(wrapped, widths)
        ).rstrip()
        for line in range(height)
    ]
