# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session policies of a grant: its permission set, the policies of its IAM users, the roles of its federations."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Dict, Iterable, Iterator, List, Sequence, Tuple

from .._sessions.places import MANAGED_POLICY, PERMISSION_SET, ROLE, fitted, size_problem
from .._sessions.policy import merged_policy, session_policy
from .._sessions.scope import IAM_USER, IDENTITY_CENTER, OPTIONAL, RDP, REQUIRED, SAML, Scope, partition_of
from .._sessions.together import problems_together
from .._shape import at
from .records import INFO, Account, Federation, Grant, IamUser, Model, note

LONGEST_POLICY_NAME = 128


@dataclass(frozen=True)
class UserPolicy:
    """One managed policy for the IAM users of an account who have the same grants.

    One, because all that is attached to a user counts in each of their sessions.
    """

    account: Account
    grants: Tuple[Grant, ...]
    users: Tuple[IamUser, ...]
    scopes: Tuple[Scope, ...]

    @property
    def name(self) -> str:
        return "+".join(grant.name for grant in self.grants)


@dataclass(frozen=True)
class FederatedRole:
    """The role of a grant, which people of a federation assume."""

    account: Account
    grant: Grant
    federation: Federation
    scope: Scope


def grant_policy(model: Model, grant: Grant) -> Tuple[Dict[str, Any], List[Dict[str, str]]]:
    """The document for a grant's permission set, and what is worth telling about it.

    It names the accounts. Where they are not known (OUs), or are so many that the document gets too large, it says `*`:
    a permission set's role acts in its own account only, and it is only where the assignments put it.
    UserError where the document is too large all the same.
    """
    reached = model.accounts_of(grant).values()
    if grant.organizational_units:
        # Which Regions the accounts of an OU use is unknown; only where preferences are managed does Run As hold.
        scope = replace(_scope(model, grant, IDENTITY_CENTER, model.accounts.values()), accounts=())
    else:
        scope = _scope(model, grant, IDENTITY_CENTER, reached)
    if not scope.accounts:
        return fitted(session_policy(scope), PERMISSION_SET), []
    document = session_policy(scope)
    if not size_problem(document, PERMISSION_SET):
        return document, []
    shorter = fitted(session_policy(replace(scope, accounts=())), PERMISSION_SET)
    text = f"the policy of '{grant.name}' says * for its {len(scope.accounts)} accounts, to fit into a permission set"
    return shorter, [note(INFO, grant.path + ".accounts", text)]


def user_policies(model: Model) -> List[UserPolicy]:
    """The managed policies of all IAM users, in the order of the grants."""
    grants_of: Dict[str, Tuple[Grant, ...]] = {}
    for grant in model.grants:
        for key in grant.iam_users:
            grants_of[key] = grants_of.get(key, ()) + (grant,)
    together: Dict[Tuple[str, Tuple[str, ...]], List[IamUser]] = {}
    for key, grants in grants_of.items():
        user = model.iam_users[key]
        if not user.account:
            continue  # what is wrong with it is told already
        together.setdefault((user.account, tuple(grant.path for grant in grants)), []).append(user)
    policies = []
    for (name, _paths), users in together.items():
        account, grants = model.accounts[name], grants_of[users[0].key]
        scopes = tuple(_scope(model, grant, IAM_USER, [account]) for grant in grants)
        policies.append(UserPolicy(account, grants, tuple(users), scopes))
    return policies


def user_policy_problems(model: Model) -> Iterator[str]:
    """What is wrong with grants that come together in one IAM user."""
    for policy in user_policies(model):
        who = ", ".join(user.key for user in policy.users)
        problems = problems_together(policy.scopes)
        for problem in problems:
            yield _of_grants(problem, policy.grants) + f" (IAM users: {who})"
        if len(policy.name) > LONGEST_POLICY_NAME:
            text = f"the policy of {who} would be called {policy.name}; give the grants shorter names"
            yield f"{at(policy.grants[-1].path, 'name')}: {text}"
        too_large = "" if problems else size_problem(merged_policy(policy.scopes), MANAGED_POLICY)
        if too_large:
            yield f"{at(policy.grants[-1].path, 'instances')}: {too_large} (IAM users: {who})"


def _of_grants(problem: str, grants: Sequence[Grant]) -> str:
    """A problem of scopes in the words of the model."""
    return re.sub(r"scopes\[(\d+)\]", lambda found: grants[int(found.group(1))].path, problem)


def federated_roles(model: Model, grant: Grant) -> List[FederatedRole]:
    """A role for each account where the grant and a federation meet."""
    return [
        FederatedRole(account, grant, federation, _scope(model, grant, SAML, [account]))
        for account in model.accounts_of(grant).values()
        for federation in model.federations_of(grant)
        if account.name in federation.accounts
    ]


def check_roles(model: Model, grant: Grant) -> None:
    """UserError where a role's policy is too large."""
    for role in federated_roles(model, grant):
        fitted(session_policy(role.scope), ROLE)


def _scope(model: Model, grant: Grant, principal: str, accounts: Iterable[Account]) -> Scope:
    reached = list(accounts)
    regions = _unique(region for account in reached for region in account.regions)
    desktops_only = grant.connect == (RDP,)
    return Scope(
        principal=principal,
        instances=grant.instances,
        connect=grant.connect,
        accounts=tuple(account.id for account in reached),
        regions=(model.region,) if desktops_only else regions or (model.region,),
        partition=partition_of(model.region),
        run_as=REQUIRED if model.run_as(grant) and RDP not in grant.connect else OPTIONAL,
        kms_key_arn=model.sessions.get("kms_key_id") or "",
    )


def _unique(names: Iterable[str]) -> Tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def target_of(account: Account) -> Dict[str, str]:
    """The account as an item of the option `targets`."""
    target = {"account_id": account.id}
    for key, value in (("role_arn", account.role_arn), ("profile", account.profile)):
        if value is not None:
            target[key] = value
    return target
