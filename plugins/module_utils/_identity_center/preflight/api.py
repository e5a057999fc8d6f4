# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked before the first write: every call, and nothing else.

Nothing here is needed for the work itself, so what AWS does not tell raises `Unknown`, which says what remains
unknown and why, and nobody fails for it.
"""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Iterable, List, Optional, Tuple

from ..._aws import AwsError, Client
from ..._organizations.api import account_record
from ..._organizations.tree import Account
from ..instance import Instance
from .records import SETS_PER_ACCOUNT, SETS_QUOTA, Quota

_PAGE = 100
_ORGANIZATIONS_PAGE = 20  # Organizations gives no more at a time


class Unknown(Exception):
    """What could not be found out, to follow "it could not be looked up", and why."""

    def __init__(self, what: str, error: AwsError) -> None:
        super().__init__(f"{what} ({error.message.rstrip('.')})")


class CenterApi:
    """Permission sets and where they are provisioned."""

    def __init__(self, sso: Client, instance: Instance) -> None:
        self._sso = sso
        self._instance = dict(InstanceArn=instance.arn)

    def count_sets(self) -> int:
        return len(self._sso.pages("list_permission_sets", "PermissionSets", **self._instance, MaxResults=_PAGE))

    def sets_of_account(self, account_id: str) -> FrozenSet[str]:
        """ARNs of the permission sets that are provisioned in an account."""
        operation, key = "list_permission_sets_provisioned_to_account", "PermissionSets"
        return frozenset(
            self._sso.pages(operation, key, AccountId=account_id, **self._instance, MaxResults=_PAGE)
        )


class IamApi:
    """One account's policies."""

    def __init__(self, iam: Client, account_id: str, partition: str) -> None:
        self._iam = iam
        self._arn = f"arn:{partition}:iam::{account_id}:policy"

    def policies(self, wanted: FrozenSet[str]) -> FrozenSet[str]:
        """Those of the wanted policies (path and name) that the account has."""
        if len(wanted) == 1:
            return frozenset(policy for policy in wanted if self._has(policy))
        # the account's own only; attached or not; 1,000 is IAM's largest page
        answers = self._iam.pages("list_policies", "Policies", Scope="Local", PaginationConfig=dict(PageSize=1000))
        return wanted.intersection(each["Path"] + each["PolicyName"] for each in answers)

    def _has(self, policy: str) -> bool:
        try:
            self._iam.call("get_policy", PolicyArn=self._arn + policy)
        except AwsError as error:
            if error.code in ("NoSuchEntity", "NoSuchEntityException"):
                return False
            raise
        return True

    def policies_per_role(self) -> Optional[int]:
        """How many policies a role may have; None if AWS does not say so."""
        return self._iam.call("get_account_summary")["SummaryMap"].get("AttachedPoliciesPerRoleQuota")


class OrganizationApi:
    """The organization of the caller, as far as the caller may look into it.

    DescribeOrganization works in every account; the others in the management account, and for delegated administrators.
    """

    def __init__(self, organizations: Client) -> None:
        self._organizations = organizations

    def management(self) -> Optional[str]:
        """Id of the management account; None if there is no organization."""
        try:
            return self._organizations.call("describe_organization")["Organization"]["MasterAccountId"]
        except AwsError as error:
            if error.code == "AWSOrganizationsNotInUseException":
                return None
            raise Unknown("which account is the management account", error) from error

    def accounts(self, ids: Iterable[str]) -> Tuple[Dict[str, Account], List[str]]:
        """The accounts by id, and those of the ids that are not in the organization.

        One is described; of several, the list of all accounts is read as long as that is not the longer way.
        """
        missing = list(dict.fromkeys(ids))
        found: Dict[str, Account] = {}
        try:
            more: Dict[str, Any] = {}
            for _page in range(len(missing) if len(missing) > 1 else 0):
                answer = self._organizations.call("list_accounts", MaxResults=_ORGANIZATIONS_PAGE, **more)
                accounts = [account_record(each) for each in answer["Accounts"]]
                found.update((account.id, account) for account in accounts if account.id in missing)
                if not answer.get("NextToken"):
                    return found, [each for each in missing if each not in found]
                if len(found) == len(missing):
                    return found, []
                more = dict(NextToken=answer["NextToken"])
            for account_id in [each for each in missing if each not in found]:
                account = self._describe(account_id)
                if account is not None:
                    found[account_id] = account
        except AwsError as error:
            raise Unknown("whether the accounts are active", error) from error
        return found, [each for each in missing if each not in found]

    def _describe(self, account_id: str) -> Optional[Account]:
        try:
            return account_record(self._organizations.call("describe_account", AccountId=account_id)["Account"])
        except AwsError as error:
            if error.code == "AccountNotFoundException":
                return None
            raise


def caller_account(sts: Client) -> str:
    try:
        return sts.call("get_caller_identity")["Account"]
    except AwsError as error:
        raise Unknown("whose account the caller is of", error) from error


def sets_quota(service_quotas: Client) -> Quota:
    """How many permission sets an account may have, as told in the Region of Identity Center.

    GetServiceQuota answers what holds; where it has nothing, as for some quotas that were never raised, AWS's default
    does. An increase is asked for as the management account or a delegated administrator, and whether the other one
    sees it then, nobody says.
    """
    service, quota = SETS_QUOTA
    try:
        answer = service_quotas.call("get_service_quota", ServiceCode=service, QuotaCode=quota)
    except AwsError as error:
        if error.code == "NoSuchResourceException":
            return Quota(SETS_PER_ACCOUNT)
        raise Unknown("how many permission sets an account may have", error) from error
    return Quota(int(answer["Quota"]["Value"]), applied=True)
