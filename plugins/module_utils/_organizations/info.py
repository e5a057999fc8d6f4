# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of organization_info."""

from __future__ import annotations

from typing import Any, Dict, List

from .._aws import Client
from .._reconcile import Problems
from .api import OrganizationsApi
from .tree import Organization, parent_finding


def read_organization(module: Any) -> Dict[str, Any]:
    """Accounts of the organization, and of each given root or organizational unit."""
    parents: List[str] = module.params["organizational_units"]
    findings = [(index, parent_finding(parent)) for index, parent in enumerate(parents)]
    wrong = [f"organizational_units[{index}]: {finding}" for index, finding in findings if finding]
    if wrong:
        raise Problems(wrong)
    return shown(parents, OrganizationsApi(Client(module, "organizations")).read(parents))


def shown(parents: List[str], organization: Organization) -> Dict[str, Any]:
    """As a result shows it; `Problems` for a parent that does not exist."""
    below: Dict[str, List[str]] = {}
    missing = []
    for index, parent in enumerate(parents):
        accounts = organization.below[parent]
        if accounts is None:
            missing.append(f"organizational_units[{index}]: there is no {parent} in this organization")
        else:
            below[parent] = sorted(accounts)
    if missing:
        raise Problems(missing)
    accounts = sorted((organization.accounts or {}).values(), key=lambda account: account.id)
    return dict(
        accounts=[dict(account_id=account.id, account_name=account.name, state=account.state) for account in accounts],
        organizational_units=below,
    )
