# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of permission_sets_info."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Sequence

from ..._parallel import each
from ..._sessions.lint.problems import policy_problems
from ..assignments.api import AssignmentsApi
from ..assignments.plan import Reading
from ..instance import IdentityCenter
from .api import PermissionSetsApi
from .provisioning import ProvisioningApi
from .records import DETAILS

ACCOUNTS, IDLE, PROBLEMS = "accounts", "accounts_without_assignments", "problems"
# What a permission set's policies are judged by.
JUDGED = ("inline_policy", "managed_policies", "customer_managed_policies")


def read_permission_sets(module: Any) -> Mapping[str, Any]:
    params = module.params
    center = IdentityCenter(module)
    api = PermissionSetsApi(center.sso, center.instance)
    sets = api.find(params["names"])
    arns = [str(have.arn) for have in sets.values()]
    asked = [field for field in DETAILS if field in params["include"]]
    read = [field for field in DETAILS if field in asked or (PROBLEMS in params["include"] and field in JUDGED)]
    details = api.details(dict.fromkeys(arns, read))
    shown = {}
    for arn, have in zip(arns, sets.values()):
        shown[arn] = replace(have, **{field: details[arn][field] for field in asked}).shown()
        if PROBLEMS in params["include"]:
            shown[arn][PROBLEMS] = _problems(*(details[arn][field] for field in JUDGED))
    if ACCOUNTS in params["include"] or IDLE in params["include"]:
        provisioning = ProvisioningApi(center.sso, center.instance)
        where = dict(zip(arns, each(arns, lambda arn: provisioning.where(arn, True, ACCOUNTS in params["include"]))))
        for arn in arns if ACCOUNTS in params["include"] else []:
            shown[arn].update(accounts=sorted(where[arn].accounts), outdated_accounts=sorted(where[arn].outdated))
        if IDLE in params["include"]:
            idle = _idle(AssignmentsApi(center.sso, center.instance), {arn: where[arn].accounts for arn in arns})
            for arn in arns:
                shown[arn][IDLE] = idle[arn]
    missing: List[str] = sorted(set(params["names"] or []) - set(sets))
    return dict(permission_sets=sorted(shown.values(), key=lambda one: one["name"]), missing=missing)


def _problems(inline_policy: Any, managed: Sequence[str], own: Sequence[Mapping[str, str]]) -> List[Dict[str, str]]:
    return policy_problems(inline_policy, "identity_center", [*managed, *own])


def _idle(api: AssignmentsApi, accounts: Mapping[str, Sequence[str]]) -> Dict[str, List[str]]:
    """Accounts that hold a set although nobody is assigned it there, by ARN: a call for each set and account."""
    pairs = [(account, arn) for arn, held in accounts.items() for account in held]
    used = {key[:2] for key in api.read(Reading(pairs=pairs))}
    return {arn: sorted(account for account in held if (account, arn) not in used) for arn, held in accounts.items()}
