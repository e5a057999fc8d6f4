# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account assignments as people write them: what can be told to be wrong without asking AWS.

Forms of ids from CreateAccountAssignment in the IAM Identity Center API reference.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..._guardrails import Guard
from ..._organizations.tree import account_finding, parent_finding
from ..._reconcile import Problems
from .records import Row

_ARN = re.compile(r"arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9.-]{16}/ps-[a-zA-Z0-9./-]{16}")
_NAME = re.compile(r"[\w+=,.@-]{1,32}", re.ASCII)
_PRINCIPAL_ID = re.compile(r"([0-9a-f]{10}-|)[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}")

Finding = Tuple[str, str]


def is_arn(text: str) -> bool:
    """Whether it is the ARN of a permission set, and not a name."""
    return text.startswith("arn:")


def is_principal_id(text: str) -> bool:
    """Whether it is the id of a user or group, and not a name."""
    return bool(_PRINCIPAL_ID.fullmatch(text))


def rows(items: Sequence[Mapping[str, Any]], guard: Guard, option: str = "assignments") -> List[Row]:
    """The module's list as records; `Problems` with every finding where there is any."""
    problems: List[str] = []
    records = []
    for index, item in enumerate(items):
        row = _row(item)
        problems.extend(f"{option}[{index}]{path}: {text}" for path, text in _findings(row))
        records.append(row)
    problems.extend(guard.findings())
    if problems:
        raise Problems(problems)
    return records


def selection_findings(params: Mapping[str, Optional[Sequence[str]]]) -> List[str]:
    """What is wrong with the filters of the `_info` module."""
    forms = dict(accounts=account_finding, permission_sets=_set_finding, groups=_principal_finding)
    forms["users"] = _principal_finding
    return [
        f"{key}{path}: {text}" for key, form in forms.items() for path, text in _item_findings(params[key] or [], form)
    ]


def _row(item: Mapping[str, Any]) -> Row:
    keys = ("permission_sets", "groups", "users", "accounts", "organizational_units", "exclude_accounts")
    return Row(absent=item.get("state") == "absent", **{key: list(item.get(key) or []) for key in keys})


def _findings(row: Row) -> Iterator[Finding]:
    if not row.permission_sets:
        yield "", "permission_sets names none; give names or ARNs of permission sets"
    if not row.groups and not row.users:
        yield "", "neither groups nor users names any; give those whom the row is about"
    if not row.accounts and not row.organizational_units:
        yield "", "neither accounts nor organizational_units names any; give where the row applies"
    forms: List[Tuple[str, Callable[[str], Optional[str]]]] = [
        ("permission_sets", _set_finding),
        ("groups", _principal_finding),
        ("users", _principal_finding),
        ("accounts", account_finding),
        ("organizational_units", parent_finding),
        ("exclude_accounts", account_finding),
    ]
    for key, form in forms:
        for path, text in _item_findings(getattr(row, key), form):
            yield f".{key}{path}", text


def _item_findings(values: Sequence[str], form: Callable[[str], Optional[str]]) -> Iterator[Finding]:
    for index, value in enumerate(values):
        finding = form(value)
        if finding:
            yield f"[{index}]", finding


def _set_finding(text: str) -> Optional[str]:
    if is_arn(text):
        if _ARN.fullmatch(text):
            return None
        return f"'{text}' is not the ARN of a permission set (arn:aws:sso:::permissionSet/ssoins-.../ps-...)"
    if _NAME.fullmatch(text):
        return None
    return f"'{text}' is no name of a permission set (1 to 32 letters, digits or any of + = , . @ _ -) and no ARN"


def _principal_finding(text: str) -> Optional[str]:
    return None if text.strip() else "is empty; give a name or an id"
