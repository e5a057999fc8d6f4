# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking ahead before account assignments are created."""

from __future__ import annotations

from typing import Any, Collection, Dict, FrozenSet, List, Mapping, Optional, Sequence, Set, Tuple

from ..._aws import AwsError, Client
from ..._organizations.tree import ACTIVE, Account
from ..assignments.records import Assignment, Key, SetRef
from ..instance import Instance
from ..permission_sets.api import PermissionSetsApi
from .ahead import NOTHING, Ahead, Who
from .api import sets_quota
from .findings import findings
from .looking import Each
from .records import NEVER_FEWER_SETS, SETS_PER_ACCOUNT, Demand, Facts, Findings, Quota, references

_DETAILS = ("customer_managed_policies", "permissions_boundary", "managed_policies")


class AssignmentsPreflight:
    """Made for every task, because it tells wrong `targets`; without anything to create it asks nothing."""

    def __init__(self, module: Any, sso: Client, instance: Instance, each: Each) -> None:
        self._to = Ahead(module, sso, instance, each)
        self._sets = PermissionSetsApi(sso, instance)

    def check(self, creations: Sequence[Assignment], there: Collection[Key] = ()) -> Findings:
        """What AWS is going to refuse of the creations.

        there: assignments that are known to be there. With them goes that a permission set is provisioned in their
        account, so that its policies exist there and it counts already.
        """
        if not creations or not self._to.wanted:
            return NOTHING
        accounts, strangers = self._accounts(creations)
        who = self._to.who()
        closed = {account.id for account in accounts.values() if account.state != ACTIVE}.union(strangers)
        if who.is_delegate:
            closed.add(str(who.management))
        new = _new(creations, there, closed)
        demands, absent = self._demands(new)
        sets_after, quota = self._crowd(new, who)
        return findings(
            Facts(
                demands=demands,
                accounts=accounts,
                strangers=strangers,
                seen=self._to.look(demands, who),
                sets_after=sets_after,
                sets_quota=quota,
                management=who.management if who.is_delegate else None,
                in_management=who.is_delegate and any(each.account.id == who.management for each in creations),
                only_by_management=self._taken(creations, who),
                absent=absent,
                unknown=self._to.unknown,
            )
        )

    def _accounts(self, creations: Sequence[Assignment]) -> Tuple[Dict[str, Account], List[str]]:
        """The accounts by id, and ids of none. Those that have a name were looked up, and are active."""
        known = {each.account.id: each.account for each in creations if each.account.name is not None}
        ids = [each.account.id for each in creations if each.account.id not in known]
        if not ids:
            return known, []
        nothing: Tuple[Dict[str, Account], List[str]] = ({}, [])
        found, strangers = self._to.tried(lambda: self._to.organization().accounts(ids), nothing)
        return dict(known, **found), strangers

    def _taken(self, creations: Sequence[Assignment], who: Who) -> List[str]:
        """Names of the permission sets that only the management account may assign."""
        if not who.is_delegate:
            return []
        management = str(who.management)
        what = "which permission sets are provisioned in the management account"
        nothing: FrozenSet[str] = frozenset()
        there = self._to.asked(what, lambda: self._to.center.sets_of_account(management), nothing)
        sets = dict.fromkeys(each.permission_set for each in creations)
        return [each.shown for each in sets if each.arn in there]

    def _demands(self, new: Dict[SetRef, List[str]]) -> Tuple[List[Demand], List[str]]:
        """What the permission sets need where they are new, and names of those that do not exist."""
        refs = [ref for ref in new if ref.arn is not None]
        nothing: Dict[str, Optional[Mapping[str, Any]]] = {}
        what = "which policies the permission sets have"
        found = self._to.asked(what, lambda: self._details([str(ref.arn) for ref in refs]), nothing)
        demands, absent = [], []
        for ref in refs if found else ():
            details = found[str(ref.arn)]
            if details is None:
                absent.append(ref.shown)
                continue
            own = details["customer_managed_policies"]
            needed = tuple(references(own, details["permissions_boundary"]))
            demands.append(Demand(ref.shown, tuple(new[ref]), needed, len(own) + len(details["managed_policies"])))
        return demands, absent

    def _details(self, arns: Sequence[str]) -> Dict[str, Optional[Mapping[str, Any]]]:
        """Of each permission set; None for one that does not exist, as may be where people give ARNs."""
        try:
            return dict(self._sets.details(dict.fromkeys(arns, _DETAILS)))
        except AwsError as error:
            if error.code != "ResourceNotFoundException":
                raise
        if len(arns) == 1:
            return {arns[0]: None}
        singly = self._to.each(arns, lambda arn: self._details([arn]))
        return {arn: found[arn] for arn, found in zip(arns, singly)}

    def _crowd(self, new: Dict[SetRef, List[str]], who: Who) -> Tuple[Dict[str, int], Quota]:
        """How many permission sets accounts will have, counted only if there are more sets than one may have."""
        unlimited = Quota(SETS_PER_ACCOUNT)
        if not new:
            return {}, unlimited
        sets = self._to.asked("how many permission sets there are", self._to.center.count_sets, 0)
        sets += sum(ref.arn is None for ref in new)  # yet to be created
        if sets <= NEVER_FEWER_SETS:
            return {}, unlimited
        quota = self._to.tried(lambda: sets_quota(self._to.client("service-quotas")), unlimited)
        if sets <= quota.value:
            return {}, quota
        coming: Dict[str, Set[str]] = {}
        for ref, ids in new.items():
            for account_id in ids:
                coming.setdefault(account_id, set()).add(ref.arn or ref.shown)
        ids = list(coming)
        nothing: List[FrozenSet[str]] = []
        what = "how many permission sets the accounts have"
        there = self._to.asked(what, lambda: self._to.each(ids, self._to.center.sets_of_account), nothing)
        after = {each: len(sets | coming[each]) for each, sets in zip(ids, there) if coming[each] - sets}
        # what a delegated administrator is told may be less than what was granted to the management account
        return after, Quota(quota.value, quota.applied and who.is_management)


def _new(creations: Sequence[Assignment], there: Collection[Key], closed: Collection[str]) -> Dict[SetRef, List[str]]:
    """Permission set -> the usable accounts in which it is not known to be provisioned."""
    held = {(key.permission_set_arn, key.account_id) for key in there}
    new: Dict[SetRef, Dict[str, None]] = {}
    for each in creations:
        ref, account_id = each.permission_set, each.account.id
        if account_id not in closed and (ref.arn, account_id) not in held:
            new.setdefault(ref, {})[account_id] = None
    return {ref: list(ids) for ref, ids in new.items()}
