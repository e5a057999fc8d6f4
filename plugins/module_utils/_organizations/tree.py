# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of an organization as plain data, and which of them people mean. Pure: no AWS, no Ansible."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import List, Mapping, Optional

from .._shape import nearest

ACTIVE = "ACTIVE"

_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_PARENT_ID = re.compile(r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}")


@dataclass(frozen=True)
class Account:
    """An account; state: ACTIVE, or why it cannot be worked with, such as SUSPENDED. name: None if not read."""

    id: str
    name: Optional[str] = None
    state: str = ACTIVE

    @property
    def shown(self) -> str:
        return f"{self.id} ({self.name})" if self.name else self.id


@dataclass(frozen=True)
class Organization:
    """What was read of an organization.

    accounts: by id; None if nothing had to be read, and then any id is taken as it is.
    below: the ids of the accounts below a root or organizational unit, however deep; None for one that does not exist.
    """

    accounts: Optional[Mapping[str, Account]] = None
    below: Mapping[str, Optional[List[str]]] = field(default_factory=dict)


def is_account_id(text: str) -> bool:
    return bool(_ACCOUNT_ID.fullmatch(text))


def is_parent_id(text: str) -> bool:
    """Whether it has the form of a root's or organizational unit's id."""
    return bool(_PARENT_ID.fullmatch(text))


def account_finding(text: str) -> Optional[str]:
    """What is wrong with the form of an account's id or name, None if nothing is."""
    if is_account_id(text):
        return None
    if re.fullmatch(r"[0-9_]+", text):
        return (
            f"{text} is not an account id, which has 12 digits; quote it, because YAML takes an id that is not quoted "
            "for a number and may change it"
        )
    if is_parent_id(text):
        return f"'{text}' is not an account; it goes into organizational_units"
    return None if text.strip() else "is empty; give a 12-digit account id or an account name"


def parent_finding(text: str) -> Optional[str]:
    """What is wrong with the id of a root or organizational unit, None if nothing is."""
    if is_parent_id(text):
        return None
    if is_account_id(text):
        return f"{text} is an account; it goes into accounts"
    return f"'{text}' is not the id of an organizational unit (ou-...) or root (r-...)"


def find_account(text: str, organization: Organization) -> Account:
    """The account meant. A `LookupError` says that there is none, a `ValueError` that it is unclear."""
    accounts = organization.accounts
    if is_account_id(text):
        if accounts is None:
            return Account(text)
        if text not in accounts:
            raise LookupError(f"no account {text} in the organization{nearest(text, accounts)}")
        return accounts[text]
    named = [account for account in (accounts or {}).values() if account.name == text]
    if len(named) == 1:
        return named[0]
    if named:
        ids = ", ".join(sorted(account.id for account in named))
        raise ValueError(f"'{text}' is the name of {len(named)} accounts ({ids}); give the id")
    names = [account.name for account in (accounts or {}).values() if account.name]
    raise LookupError(f"no account '{text}'{nearest(text, names)}")
