# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers as a table that a person reads in ten seconds."""

from __future__ import annotations

import textwrap
from typing import Any, Dict, List, Mapping, Sequence

WIDTH = 120
_GAP = "  "
_INDENT = "  "
_HEADINGS = ("PERSON", "RUN AS", "VALID", "ON HOST", "SUDO", "SESSION", "WAY IN, OR WHY NOT")
# How wide each column may get; the last has what is left.
_WIDEST = (26, 16, 5, 7, 34, 7)
_YES_NO = {True: "yes", False: "NO", None: "?"}


def access_table(rows: Sequence[Mapping[str, Any]]) -> List[str]:
    """Host by host, a line for each person, none longer than WIDTH; long cells go on below."""
    cells = {id(row): _cells(row) for row in rows}
    lines = [_HEADINGS] + list(cells.values())
    widths = [min(max(len(line[column]) for line in lines), widest) for column, widest in enumerate(_WIDEST)]
    widths.append(WIDTH - len(_INDENT) - sum(widths) - len(_GAP) * len(widths))
    table = _lines(_HEADINGS, widths)
    for host, of_host in _by_host(rows).items():
        table += ["", host]
        for row in of_host:
            table += _lines(cells[id(row)], widths)
        table += _warnings(of_host)
    return table


def _by_host(rows: Sequence[Mapping[str, Any]]) -> Dict[str, List[Mapping[str, Any]]]:
    hosts: Dict[str, List[Mapping[str, Any]]] = {}
    for row in rows:
        hosts.setdefault(f"{row['host']} ({row['instance_id']} in {row['account_id']})", []).append(row)
    return hosts


def _cells(row: Mapping[str, Any]) -> Sequence[str]:
    reason = str(row["way"] if row["allowed"] else row["why_not"])
    # the account stands above all lines of the host
    for long, short in ((f" in {row['account_id']}", ""), (f" in account {row['account_id']}", " here")):
        reason = reason.replace(long, short)
    reason = reason.replace(" via group ", " via ")
    other = row["os_user"] if row["os_user"] != row["run_as"] else None
    valid = "-" if row["run_as"] is None else _YES_NO[row["valid_os_user"]]
    return (
        str(row["person"]),
        str(row["run_as"] or "-"),
        valid,
        _YES_NO[row["exists_on_host"]] if row["os_user"] else "-",
        _sudo(row) if row["os_user"] else "-",
        _YES_NO[row["allowed"]],
        f"{reason}, as {other}" if other and row["allowed"] else reason,
    )


def _sudo(row: Mapping[str, Any]) -> str:
    if row["sudo"] is None:
        return "-" if row["exists_on_host"] is False else "?"
    return row["sudo"] if isinstance(row["sudo"], str) else ", ".join(row["sudo"])


def _warnings(rows: Sequence[Mapping[str, Any]]) -> List[str]:
    """What Run As does not cover, who was left behind, and a missing agent: once a host and not once a person."""
    ways = list(dict.fromkeys(way for row in rows for way in row["ways_round"]))
    left = [f"{row['os_user']} ({row['person']})" for row in rows if row["leftover"]]
    texts = [f"! not bound by Run As: {', '.join(ways)}"] if ways else []
    texts += [f"! still a local administrator, without a grant: {', '.join(left)}"] if left else []
    if rows[0]["agent_running"] is False:
        version = rows[0]["agent_version"]
        texts.append("! no SSM agent is running" + (f" (version {version} is installed)" if version else ""))
    return [_INDENT + line for text in texts for line in textwrap.wrap(text, WIDTH - len(_INDENT))]


def _lines(cells: Sequence[str], widths: Sequence[int]) -> List[str]:
    wrapped = [textwrap.wrap(cell, width, break_on_hyphens=False) or [""] for cell, width in zip(cells, widths)]
    height = max(len(parts) for parts in wrapped)
    return [
        _INDENT
        + _GAP.join(
            (parts[line] if line < len(parts) else "").ljust(width) for parts, width in zip(wrapped, widths)
        ).rstrip()
        for line in range(height)
    ]
