# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session policy of a grant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Iterable, List, Tuple

from .._sessions.places import PERMISSION_SET, fitted, size_problem
from .._sessions.policy import session_policy
from .._sessions.scope import OPTIONAL, RDP, REQUIRED, Scope, partition_of
from .records import INFO, Grant, Model, note


def grant_policy(model: Model, grant: Grant) -> Tuple[Dict[str, Any], List[Dict[str, str]]]:
    """The document for a grant's permission set, and what is worth telling about it.

    It names the accounts. Where they are not known (OUs), or are so many that the document gets too large, it says `*`:
    a permission set's role acts in its own account only, and it is only where the assignments put it.
    UserError where the document is too large all the same.
    """
    reached = model.accounts_of(grant).values()
    regions = _unique(region for account in reached for region in account.regions)
    if grant.organizational_units:
        # Which Regions the accounts of an OU use is unknown; only where preferences are managed does Run As hold.
        regions = _unique(region for account in model.accounts.values() for region in account.regions)
    desktops = RDP in grant.connect
    scope = Scope(
        principal="identity_center",
        instances=grant.instances,
        connect=grant.connect,
        accounts=() if grant.organizational_units else tuple(account.id for account in reached),
        regions=(model.region,) if grant.connect == (RDP,) else regions or (model.region,),
        partition=partition_of(model.region),
        run_as=REQUIRED if model.run_as(grant) and not desktops else OPTIONAL,
        kms_key_arn=model.sessions.get("kms_key_id") or "",
    )
    if not scope.accounts:
        return fitted(session_policy(scope), PERMISSION_SET), []
    document = session_policy(scope)
    if not size_problem(document, PERMISSION_SET):
        return document, []
    shorter = fitted(session_policy(replace(scope, accounts=())), PERMISSION_SET)
    text = f"the policy of '{grant.name}' says * for its {len(scope.accounts)} accounts, to fit into a permission set"
    return shorter, [note(INFO, grant.path + ".accounts", text)]


def _unique(names: Iterable[str]) -> Tuple[str, ...]:
    return tuple(dict.fromkeys(names))
