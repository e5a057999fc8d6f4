# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes for access control, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Optional, Tuple

ENABLED, IN_PROGRESS, FAILED = "ENABLED", "CREATION_IN_PROGRESS", "CREATION_FAILED"


@dataclass(frozen=True)
class Attributes:
    """What an instance has: its status, and key -> source, each source as AWS writes it (`${path:nickName}`)."""

    status: str
    sources: Dict[str, str] = field(default_factory=dict)
    reason: Optional[str] = None

    def shown(self) -> Dict[str, Any]:
        return dict(attributes=dict(self.sources), enabled=True, status=self.status)


@dataclass(frozen=True)
class Wanted:
    """What a task asks for.

    put: key -> canonical source. remove: keys. purge: whether keys that `put` does not name go.
    disable: whether the feature is turned off with everything that it has; then nothing else is asked for.
    """

    put: Dict[str, str] = field(default_factory=dict)
    remove: Tuple[str, ...] = ()
    purge: bool = False
    disable: bool = False
