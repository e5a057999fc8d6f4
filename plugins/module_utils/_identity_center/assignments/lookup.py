# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking up what the rows of a task name: each list is read once, and only if a name needs it."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Set

from ..._aws import AwsError, Client
from ..._organizations.api import OrganizationsApi
from ..._organizations.tree import Account, Organization, is_account_id
from ..._progress import progress_of
from ..instance import IdentityCenter
from .api import AssignmentsApi, DirectoryApi
from .records import GROUP, USER, Names, Row
from .resolve import Known
from .validate import is_arn, is_principal_id


class Lookup:
    """Permission sets, users, groups and accounts by what people call them.

    organizations: makes the API on first use, because many tasks name accounts by id and need not be allowed there.
    """

    def __init__(
        self, api: AssignmentsApi, directory: DirectoryApi, organizations: Callable[[], OrganizationsApi]
    ) -> None:
        self._api, self._directory, self._organizations = api, directory, organizations

    def sets(self, texts: Sequence[str], also_arns: bool, all_of_them: bool = False) -> Dict[str, str]:
        """Name -> ARN of the sets that are named; of those given by ARN too, at the cost of a call each, if asked."""
        names = [text for text in texts if not is_arn(text)]
        found = self._api.find_sets(None if all_of_them else names)
        if also_arns and not all_of_them:
            for arn in {text for text in texts if is_arn(text)}.difference(found.values()):
                name = self._api.set_name(arn)
                if name is not None:
                    found[name] = arn
        return found

    def principals(self, kind: str, texts: Iterable[str], also_ids: bool = False) -> Dict[str, str]:
        """Name -> id of all users or groups; of none if ids are given only, unless their names are asked for too."""
        known = [is_principal_id(text) for text in texts]
        return {} if all(known) and not (known and also_ids) else self._directory.ids(kind)

    def organization(self, accounts: Iterable[str], parents: Sequence[str] = ()) -> Organization:
        if not parents and all(is_account_id(text) for text in accounts):
            return Organization()
        return self._organizations().read(parents)

    def rows(
        self, rows: Sequence[Row], instance_id: str, deletes: bool, all_sets: bool, protects: bool = False
    ) -> Known:
        """Everything that the rows name.

        deletes: whether assignments may be deleted; then names are needed even of sets that are given by ARN.
        protects: whether some must not be; then names are needed of users and groups that are given by id, too.
        """
        named = deletes and protects
        return Known(
            instance_id=instance_id,
            permission_sets=self.sets(_all(rows, "permission_sets"), deletes, all_sets),
            users=self.principals(USER, _all(rows, "users"), named),
            groups=self.principals(GROUP, _all(rows, "groups"), named),
            arns_too=deletes,
            organization=self.organization(
                _all(rows, "accounts") + _all(rows, "exclude_accounts"), _all(rows, "organizational_units")
            ),
        )


def _all(rows: Iterable[Row], key: str) -> List[str]:
    found: Dict[str, None] = {}
    for row in rows:
        found.update(dict.fromkeys(getattr(row, key)))
    return list(found)


def listed_sets(rows: Iterable[Row], known: Known) -> Set[str]:
    """ARNs of the permission sets that the rows name."""
    texts = _all(rows, "permission_sets")
    found = {known.permission_sets.get(text, text) for text in texts}
    return {text for text in found if is_arn(text)}


class Connection:
    """The clients of a task, and the instance that it works on.

    center: where the task has made it already.
    """

    def __init__(self, module: Any, center: Optional[IdentityCenter] = None) -> None:
        self._module = module
        self.center = center = center or IdentityCenter(module)
        self.progress = progress_of(module)
        self.instance_id = center.instance.arn.rsplit("/", 1)[-1]
        self.api = AssignmentsApi(center.sso, center.instance)
        self.directory = DirectoryApi(center.client("identitystore"), center.instance)
        self.lookup = Lookup(self.api, self.directory, lambda: OrganizationsApi(Client(module, "organizations")))

    def accounts(self, organization: Organization) -> Mapping[str, Account]:
        """All accounts by id, read now if they were not; none where the caller may not read them."""
        if organization.accounts is not None:
            return organization.accounts
        try:
            return OrganizationsApi(Client(self._module, "organizations")).read([]).accounts or {}
        except AwsError as error:
            if error.hopeless:
                raise
            return {}

    def caller_arn(self) -> str:
        return Client(self._module, "sts").call("get_caller_identity")["Arn"]

    def names(self, sets: Mapping[str, str]) -> Names:
        """The given names of permission sets, by ARN, with those of users and groups as far as they were read."""
        users, groups = (self.directory.names(kind) if self.directory.listed(kind) else {} for kind in (USER, GROUP))
        return Names(sets, users, groups)
