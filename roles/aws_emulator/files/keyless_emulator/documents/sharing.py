# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""With whom an SSM document is shared."""

from __future__ import annotations

import re
from typing import Any, Dict

from ..errors import AwsError
from ..paging import page

SIZE = 200
_ACCOUNT = re.compile(r"[0-9]{12}|all", re.IGNORECASE)


def modify(shared: Dict[str, str], params: Dict[str, Any]) -> None:
    """Change `shared` (account -> version) as ModifyDocumentPermission does; to remove counts for more than to add."""
    add, remove = params.get("AccountIdsToAdd") or [], params.get("AccountIdsToRemove") or []
    wrong = [account for account in add + remove if not _ACCOUNT.fullmatch(account)]
    if wrong:
        raise AwsError("ValidationException", f"{wrong[0]} is not an account.")
    if not add and not remove:
        raise AwsError("ValidationException", "Specify AccountIdsToAdd or AccountIdsToRemove.")
    shared.update({_called(account): params.get("SharedDocumentVersion", "$DEFAULT") for account in add})
    for account in remove:
        shared.pop(_called(account), None)


def described(shared: Dict[str, str], params: Dict[str, Any], name: str) -> Dict[str, Any]:
    accounts, token = page(sorted(shared), params, f"permissions-{name}", SIZE, "InvalidNextToken")
    answer: Dict[str, Any] = dict(
        AccountIds=accounts,
        AccountSharingInfoList=[
            dict(AccountId=account, SharedDocumentVersion=shared[account]) for account in accounts
        ],
    )
    return dict(answer, NextToken=token) if token else answer


def may_use(shared: Dict[str, str], account: str) -> bool:
    return account in shared or "all" in shared


def _called(account: str) -> str:
    return account.lower()
