# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From names to ids, and from rows to single assignments. Pure: no AWS, no Ansible."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Set, Tuple, TypeVar

from ..._organizations.tree import ACTIVE, Account, Organization, find_account
from ..._reconcile import Problems
from ..._shape import nearest
from .records import GROUP, USER, Assignment, Principal, Row, SetRef, Wanted
from .validate import is_arn, is_principal_id

T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """What was looked up: name -> ARN or id. A table is empty where no name had to be looked up in it.

    instance_id: the part of ARNs that names the instance, such as `ssoins-1234567890abcdef`.
    arns_too: whether permission sets that are given by ARN were looked up as well.
    """

    instance_id: str = ""
    permission_sets: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    organization: Organization = field(default_factory=Organization)
    arns_too: bool = False


@dataclass(frozen=True)
class Expected:
    """Names that an earlier task would have created, had it not been check mode too."""

    permission_sets: Sequence[str] = ()
    users: Sequence[str] = ()
    groups: Sequence[str] = ()


def resolve(rows: Sequence[Row], known: Known, expected: Optional[Expected] = None) -> Wanted:
    """What the rows ask for; `Problems` with every name that means nothing or too much, and every contradiction."""
    resolver = _Resolver(known, expected or Expected())
    present: Dict[Assignment, int] = {}
    absent: Dict[Assignment, int] = {}
    for index, row in enumerate(rows):
        for assignment in resolver.row(f"assignments[{index}]", row):
            (absent if row.absent else present).setdefault(assignment, index)
    resolver.problems.extend(_contradictions(present, absent))
    if resolver.problems:
        raise Problems(resolver.problems)
    return Wanted(list(present), list(absent), resolver.warnings)


def _contradictions(present: Mapping[Assignment, int], absent: Mapping[Assignment, int]) -> Iterator[str]:
    seen: Set[Tuple[int, int]] = set()
    for assignment, row in absent.items():
        if assignment in present and (present[assignment], row) not in seen:
            seen.add((present[assignment], row))
            yield (
                f"assignments[{row}]: takes away what assignments[{present[assignment]}] gives ({assignment.name}); "
                "use exclude_accounts there, or drop one of them"
            )


class _Resolver:
    def __init__(self, known: Known, expected: Expected) -> None:
        self.problems: List[str] = []
        self.warnings: List[str] = []
        self._known, self._expected = known, expected
        self._absent = False  # whether the row at hand takes away
        self._set_names = {arn: name for name, arn in known.permission_sets.items()}
        self._user_names = {user_id: name for name, user_id in known.users.items()}
        self._group_names = {group_id: name for name, group_id in known.groups.items()}

    def row(self, path: str, row: Row) -> Iterator[Assignment]:
        """The product of a row's lists; accounts change quickest, because AWS works on one at a time in an account."""
        self._absent = row.absent
        sets = self._each(f"{path}.permission_sets", row.permission_sets, self._set)
        groups = self._each(f"{path}.groups", row.groups, self._group)
        users = self._each(f"{path}.users", row.users, self._user)
        accounts = self._accounts(path, row)
        for permission_set in sets:
            for principal in groups + users:
                for account in accounts:
                    yield Assignment(account, permission_set, principal)

    def _each(self, path: str, values: Iterable[str], find: Callable[[str], T]) -> List[T]:
        """What the values mean. Where a row takes away, what is not there is no mistake: it may be gone for good."""
        found = []
        for index, value in enumerate(values):
            try:
                found.append(find(value))
            except LookupError as error:
                if self._absent:
                    self._warn(f"{path}[{index}]: {error}; {_nothing(path)}")
                else:
                    self.problems.append(f"{path}[{index}]: {error}")
            except ValueError as error:
                self.problems.append(f"{path}[{index}]: {error}")
        return found

    def _set(self, text: str) -> SetRef:
        if is_arn(text):
            if f"/{self._known.instance_id}/" not in text:
                raise ValueError(f"{text} belongs to another instance than {self._known.instance_id}")
            if self._known.arns_too and text not in self._set_names:
                raise LookupError(f"no permission set {text}")
            return SetRef(self._set_names.get(text), text)
        if text in self._known.permission_sets:
            return SetRef(text, self._known.permission_sets[text])
        if text in self._expected.permission_sets:
            return SetRef(text, None)
        names = [*self._known.permission_sets, *self._expected.permission_sets]
        raise LookupError(f"no permission set '{text}'{nearest(text, names)}")

    def _user(self, text: str) -> Principal:
        return self._principal(USER, text, self._known.users, self._user_names, self._expected.users)

    def _group(self, text: str) -> Principal:
        return self._principal(GROUP, text, self._known.groups, self._group_names, self._expected.groups)

    def _principal(
        self, kind: str, text: str, by_name: Mapping[str, str], by_id: Mapping[str, str], expected: Sequence[str]
    ) -> Principal:
        if is_principal_id(text):
            # assignments outlive their principals, and an id is then all that is left to name them by
            if by_id and text not in by_id and not self._absent:
                raise LookupError(f"no {kind.lower()} with the id {text}")
            return Principal(kind, by_id.get(text), text)
        if text in by_name:
            return Principal(kind, text, by_name[text])
        if text in expected:
            return Principal(kind, text, None)
        raise LookupError(f"no {kind.lower()} '{text}'{nearest(text, [*by_name, *expected])}")

    def _accounts(self, path: str, row: Row) -> List[Account]:
        """Accounts of a row: those named have to be usable; of those below a parent the others are left out."""
        organization = self._known.organization
        excluded = self._each(
            f"{path}.exclude_accounts", row.exclude_accounts, lambda text: find_account(text, organization)
        )
        left_out = {account.id for account in excluded}
        chosen: Dict[str, Account] = {}
        for account in self._each(f"{path}.accounts", row.accounts, self._account):
            chosen[account.id] = account
        for parent in self._each(f"{path}.organizational_units", row.organizational_units, self._parent):
            inside = [_below(organization, account_id) for account_id in parent[1]]
            for account in inside:
                if account.state == ACTIVE:
                    chosen.setdefault(account.id, account)
                elif account.id not in left_out:
                    self._warn(f"Account {account.shown} below {parent[0]} is skipped, because it is {account.state}.")
            if not inside:
                self._warn(f"{path}: there is no account below {parent[0]}.")
        for account in excluded if organization.accounts is None else []:
            if account.id not in chosen:  # nobody has looked whether there is such an account
                self._warn(f"{path}.exclude_accounts: {account.id} is none of the row's accounts.")
        return [account for account in chosen.values() if account.id not in left_out]

    def _account(self, text: str) -> Account:
        account = find_account(text, self._known.organization)
        if account.state != ACTIVE:
            raise LookupError(f"account {account.shown} is {account.state}, so nothing can be changed in it")
        return account

    def _parent(self, text: str) -> Tuple[str, List[str]]:
        below = self._known.organization.below.get(text)
        if below is None:
            raise LookupError(f"no organizational unit or root {text} in the organization")
        return text, below

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)


def _below(organization: Organization, account_id: str) -> Account:
    # an account that joined between two questions is not in the first answer
    return (organization.accounts or {}).get(account_id) or Account(account_id)


def _nothing(path: str) -> str:
    """Assignments outlive users and groups, but nobody knows these by name any more."""
    if path.endswith((".users", ".groups")):
        return "assignments of one that was deleted can only be taken away by its id, or with purge"
    return "there is nothing to take away"
