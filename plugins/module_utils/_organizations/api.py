# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Organizations: every call, and nothing else."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional

from .._aws import AwsError, Client
from .tree import Account, Organization

_PAGE = dict(MaxResults=20)  # Organizations gives no more at a time


class OrganizationsApi:
    """The organization of the caller; asked only when a method is called."""

    def __init__(self, organizations: Client) -> None:
        self._organizations = organizations

    def read(self, parents: Iterable[str]) -> Organization:
        """All accounts, and which of them are below the given roots and organizational units."""
        answers = self._organizations.pages("list_accounts", "Accounts", **_PAGE)
        accounts = {account.id: account for account in map(account_record, answers)}
        known: Dict[str, List[str]] = {}
        return Organization(accounts, {parent: self._below(parent, known) for parent in dict.fromkeys(parents)})

    def _below(self, parent: str, known: Dict[str, List[str]]) -> Optional[List[str]]:
        """Account ids below a parent, depth first; None if there is no such parent. Nothing is asked twice."""
        if parent in known:
            return known[parent]
        try:
            found = [answer["Id"] for answer in self._children("list_accounts_for_parent", "Accounts", parent)]
        except AwsError as error:
            if error.code == "ParentNotFoundException":
                return None
            raise
        for unit in self._children("list_organizational_units_for_parent", "OrganizationalUnits", parent):
            found.extend(self._below(unit["Id"], known) or [])
        known[parent] = found
        return found

    def _children(self, operation: str, key: str, parent: str) -> List[Any]:
        return self._organizations.pages(operation, key, ParentId=parent, **_PAGE)


def account_record(answer: Mapping[str, Any]) -> Account:
    """An account from what AWS answers."""
    # State is newer than Status, which AWS retires
    return Account(answer["Id"], answer.get("Name"), answer.get("State") or answer.get("Status") or "ACTIVE")
