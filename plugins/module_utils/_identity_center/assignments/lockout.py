# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a plan takes away the caller's own way in. Pure: no AWS, no Ansible."""

from __future__ import annotations

import re
from typing import Collection, Optional, Tuple

from .records import Caller, Key

# Roles of permission sets are named AWSReservedSSO_<permission set>_<16 hexadecimal digits>; the session's name is the
# user's name.
_SIGNED_IN = re.compile(
    r"arn:[^:]+:sts::(?P<account>\d{12}):assumed-role/AWSReservedSSO_(?P<set>.+)_[0-9a-f]{16}/(?P<user>.+)"
)
_ASSUMED = re.compile(r"arn:[^:]+:sts::\d{12}:assumed-role/.+")


def signed_in(caller_arn: str) -> Optional[Tuple[str, str, str]]:
    """Account, permission set and user name of a caller that signed in through Identity Center, None for others."""
    match = _SIGNED_IN.fullmatch(caller_arn)
    return (match.group("account"), match.group("set"), match.group("user")) if match else None


def undecidable(caller_arn: str) -> bool:
    """Whether the caller assumed another role, so that it cannot be seen how it came in. IAM users come in alone."""
    return signed_in(caller_arn) is None and bool(_ASSUMED.fullmatch(caller_arn))


def lockout_problem(caller: Caller, deletions: Collection[Key]) -> Optional[str]:
    """What is wrong if no assignment would be left through which the caller came in, None if nothing is.

    Where it is not known who the caller is, the loss of any assignment of its permission set in its account counts.
    Assignments that the same plan creates do not count: they may fail.
    """
    mine = {key for key in caller.assignments if caller.principals is None or key.principal in caller.principals}
    left = mine.difference(deletions)
    if left == mine or (left and caller.principals is not None):
        return None
    return (
        f"allow_self_lockout: this would take {caller.permission_set} in {caller.account_id} away from its own caller "
        f"({caller.arn}). Run it as someone else, keep that assignment, or set allow_self_lockout to true"
    )
