# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS is going to refuse, in lines for people. Pure: no AWS, no Ansible.

One line for one cause, however many accounts it hits. What is certain is a problem; what may well work, such as going
beyond a default that can be raised, is a warning.

AWS itself says these things late, one account at a time, and not always understandably. A missing policy:
"Received a 404 status error: Not supported policy ..." (hashicorp/terraform-provider-aws,
internal/service/ssoadmin/account_assignment_test.go). A suspended account: "AWS SSO is unable to complete your request
at this time. Obtaining permissions to manage your AWS account '...' is taking longer than usual."
(aws-samples/aws-identitycenter-codepipeline-auto-assignment issue 31). The management account, to a delegated
administrator: "... is not authorized to perform: sso:CreateAccountAssignment"
(awslabs/landing-zone-accelerator-on-aws issue 215).
"""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

from ..._organizations.tree import ACTIVE
from .records import (
    POLICIES_PER_ROLE,
    ROLE_QUOTA,
    SETS_QUOTA,
    Facts,
    Findings,
    Reference,
    policies_demanded,
)

MOST_SHOWN = 10  # accounts in one line


def findings(facts: Facts) -> Findings:
    """Everything that the facts tell, what concerns whole accounts first."""
    problems = [
        *_absent_sets(facts),
        *_unusable_accounts(facts),
        *_management_account(facts),
        *_missing_policies(facts),
    ]
    warnings: List[str] = []
    for certain, text in [*_crowded_accounts(facts), *_crowded_roles(facts)]:
        (problems if certain else warnings).append(text)
    unknown = [*_blind(facts), *facts.unknown]
    if unknown:
        warnings.append("preflight: it could not be looked up " + "; nor ".join(unknown) + ".")
    return Findings(problems, warnings)


def _absent_sets(facts: Facts) -> Iterator[str]:
    if facts.absent:
        yield f"{_sets(facts.absent)} {_be(facts.absent)} not there; create what is missing first, or drop it"


def _unusable_accounts(facts: Facts) -> Iterator[str]:
    if facts.strangers:
        where = _accounts(facts, facts.strangers)
        yield f"{where} {_be(facts.strangers)} not in the organization; mend the id, or leave it out"
    by_state: Dict[str, List[str]] = {}
    for account in facts.accounts.values():
        if account.state != ACTIVE:
            by_state.setdefault(account.state, []).append(account.id)
    for state, ids in by_state.items():
        yield f"{_accounts(facts, ids)} {_be(ids)} {state}, so nothing can be provisioned there; leave it out"


def _management_account(facts: Facts) -> Iterator[str]:
    mend = "run this as the management account"
    if facts.in_management:
        yield (
            f"account {facts.management} is the management account, in which a delegated administrator may not assign "
            f"or provision anything; leave it out, or {mend}"
        )
    if facts.only_by_management:
        yield (
            f"{_sets(facts.only_by_management)} {_be(facts.only_by_management)} provisioned in the management account "
            f"{facts.management}, so a delegated administrator may neither assign nor change it; {mend}, or use a "
            "permission set of its own there"
        )


def _missing_policies(facts: Facts) -> Iterator[str]:
    """One line for a policy that is missing in the same accounts, whichever sets need it."""
    grouped: Dict[Tuple[Reference, Tuple[str, ...]], List[str]] = {}
    for demand in facts.demands:
        for reference in demand.references:
            lacking = tuple(sorted(each for each in demand.accounts if _lacks(facts, each, reference)))
            if lacking:
                grouped.setdefault((reference, lacking), []).append(demand.permission_set)
    for (reference, lacking), names in grouped.items():
        kind = "permissions boundary" if reference.boundary else "customer managed policy"
        need = "needs" if len(names) == 1 else "need"
        yield (
            f"{_sets(names)} {need} the {kind} '{reference.name}' with path '{reference.path}' in "
            f"{_accounts(facts, lacking)}, where it does not exist; create it there first"
        )


def _lacks(facts: Facts, account_id: str, reference: Reference) -> bool:
    seen = facts.seen.get(account_id)
    return seen is not None and seen.policies is not None and reference.policy not in seen.policies


def _crowded_accounts(facts: Facts) -> Iterator[Tuple[bool, str]]:
    """Accounts that would have too many permission sets."""
    quota = facts.sets_quota
    crowded = [account_id for account_id, count in facts.sets_after.items() if count > quota.value]
    if not crowded:
        return
    counts = _listed(f"{_account(facts, each)} {facts.sets_after[each]}" for each in crowded)
    mend = f"ask for more in Service Quotas ({' '.join(SETS_QUOTA)}), or assign fewer"
    if quota.applied:
        yield True, f"an account may have {quota.value} permission sets, and these would have more: {counts}; {mend}"
    else:
        yield False, (
            f"preflight: an account may have {quota.value} permission sets unless AWS has raised that, and these would "
            f"have more: {counts}; {mend}."
        )


def _crowded_roles(facts: Facts) -> Iterator[Tuple[bool, str]]:
    """Permission sets with more policies than a role may have."""
    mend = f"ask for more in Service Quotas ({' '.join(ROLE_QUOTA)}, us-east-1) of each, or join policies"
    for demand in facts.demands:
        if demand.policies <= POLICIES_PER_ROLE:
            continue
        attaches = f"{_sets([demand.permission_set])} attaches {demand.policies} policies to its role, and"
        by_limit: Dict[int, List[str]] = {}
        unclear = []
        for account_id in demand.accounts:
            limit = _limit(facts, account_id)
            if limit is None:
                unclear.append(account_id)
            elif limit < demand.policies:
                by_limit.setdefault(limit, []).append(account_id)
        for limit, ids in sorted(by_limit.items()):
            yield True, f"{attaches} a role may have {limit} in {_accounts(facts, ids)}; {mend}"
        if unclear:
            yield False, (
                f"preflight: {attaches} a role may have {POLICIES_PER_ROLE} unless AWS has raised that; it could not "
                f"be looked up in {_accounts(facts, unclear)}; {mend}."
            )


def _limit(facts: Facts, account_id: str) -> Optional[int]:
    seen = facts.seen.get(account_id)
    return None if seen is None else seen.per_role


def _blind(facts: Facts) -> Iterator[str]:
    """In how many accounts nobody could look for policies, and why."""
    needing = policies_demanded(facts.demands)
    by_reason: Dict[str, List[str]] = {}
    for account_id in needing:
        seen = facts.seen.get(account_id)
        if seen is not None and seen.policies is None:
            by_reason.setdefault(seen.why, []).append(account_id)
    if by_reason:
        count = sum(map(len, by_reason.values()))
        reasons = [f"{_listed(_account(facts, each) for each in ids)}: {why}" for why, ids in by_reason.items()]
        have = "account has" if count == 1 else "accounts have"
        yield f"whether {count} {have} the policies needed ({'; '.join(reasons)})"


def _sets(names: Sequence[str]) -> str:
    return f"permission set{'' if len(names) == 1 else 's'} {_listed(repr(name) for name in names)}"


def _accounts(facts: Facts, ids: Sequence[str]) -> str:
    many = f"{len(ids)} accounts, " if len(ids) > MOST_SHOWN else "accounts " if len(ids) > 1 else "account "
    return many + _listed(_account(facts, each) for each in ids)


def _account(facts: Facts, account_id: str) -> str:
    account = facts.accounts.get(account_id)
    return account.shown if account else account_id


def _listed(texts: Iterable[str]) -> str:
    """As many as a person reads."""
    every = list(texts)
    if len(every) > MOST_SHOWN:
        return f"{', '.join(every[:MOST_SHOWN])} and {len(every) - MOST_SHOWN} more"
    return " and ".join(filter(None, [", ".join(every[:-1]), every[-1]]))


def _be(things: Sequence[str]) -> str:
    return "is" if len(things) == 1 else "are"
