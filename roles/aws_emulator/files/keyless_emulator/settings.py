# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command line decides."""

from __future__ import annotations

import re
from dataclasses import dataclass

MANAGEMENT_ACCOUNT = "123456789012"


@dataclass
class Settings:
    """latency_ms: wait before every answer. rate: calls a second over all of Identity Center, 0 = no limit.

    async_ms: how long an asynchronous operation is IN_PROGRESS.
    """

    home_region: str = "ap-northeast-1"
    account: str = MANAGEMENT_ACCOUNT
    latency_ms: float = 0
    rate: float = 0
    async_ms: float = 0
    document_versions: int = 1000  # SSM quota: versions of one document; small in tests
    permission_sets_per_account: int = 500  # Identity Center quota: provisioned ones
    policies_per_role: int = 10  # IAM quota: managed policies, AWS's and customers' together

    def change(self, **values: object) -> bool:
        """Take over new values; True if one differs. ValueError says what cannot be."""
        changed = False
        for name, value in values.items():
            if name in ("latency_ms", "rate", "async_ms"):
                if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
                    raise ValueError(f"{name} must be a number, 0 or more, not {value!r}")
            elif name in ("document_versions", "permission_sets_per_account", "policies_per_role"):
                if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                    raise ValueError(f"{name} must be a whole number, 1 or more, not {value!r}")
            elif name == "home_region":
                if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", str(value)):
                    raise ValueError(f"home_region must be the name of a Region, not {value!r}")
            else:
                raise ValueError(f"there is no setting {name!r}")
            changed = changed or getattr(self, name) != value
            setattr(self, name, value)
        return changed


DEFAULTS = Settings()
