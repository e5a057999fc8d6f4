# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change one place in nested data, named by its path."""

from __future__ import annotations

from typing import Any


def put(data: Any, path: str, value: Any = ...) -> None:
    """put(model, "grants/0/name", "X") sets it; without a value the key is removed."""
    *outer, last = path.split("/")
    for part in outer:
        data = data[int(part) if isinstance(data, list) else part]
    key = int(last) if isinstance(data, list) else last
    if value is ...:
        del data[key]
    else:
        data[key] = value
