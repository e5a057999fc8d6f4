# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS managed policies that are known here: of each, all that matters for sessions. None: nothing does."""

from __future__ import annotations

from typing import Any, Dict

MANAGED: Dict[str, Any] = {
    "AdministratorAccess": {"Effect": "Allow", "Action": "*", "Resource": "*"},
    "PowerUserAccess": {
        "Effect": "Allow",
        "NotAction": ["iam:*", "organizations:*", "account:*"],
        "Resource": "*",
    },
    "AmazonSSMFullAccess": {"Effect": "Allow", "Action": ["ssm:*", "ssmmessages:OpenDataChannel"], "Resource": "*"},
    "AmazonSSMReadOnlyAccess": None,
    "ReadOnlyAccess": None,
    "SecurityAudit": None,
    "ViewOnlyAccess": None,
}
