# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of account_assignments_info."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from ..._aws import AwsError
from ..._organizations.tree import Account, Organization, find_account
from ..._parallel import each
from ..._reconcile import Problems
from .lookup import Connection
from .plan import Reading
from .reading import ask_otherwise
from .records import GROUP, USER, Assignment, Key, PrincipalKey
from .validate import is_principal_id, selection_findings


class Selection:
    """Which assignments are asked for. None stands for all; what is named and not there stands in `missing`."""

    def __init__(self, to: Connection, params: Mapping[str, Optional[List[str]]]) -> None:
        self.missing: Dict[str, List[str]] = {}
        self.set_names: Dict[str, str] = {}  # by ARN
        self._to, self._params = to, params
        self.arns = self._arns()
        self.organization = to.lookup.organization(params["accounts"] or [])
        self.accounts = self._chosen("accounts", _account_id(self.organization))
        self.principals = self._principals()

    def _arns(self) -> Optional[List[str]]:
        given = self._params["permission_sets"]
        found = {} if given is None else self._to.lookup.sets(given, also_arns=True)
        self.set_names = {arn: name for name, arn in found.items()}
        return self._chosen("permission_sets", lambda text: text if text in self.set_names else found.get(text))

    def _principals(self) -> Optional[List[PrincipalKey]]:
        options = {USER: "users", GROUP: "groups"}
        if all(self._params[option] is None for option in options.values()):
            return None
        principals: List[PrincipalKey] = []
        for kind, option in options.items():
            ids = self._to.lookup.principals(kind, self._params[option] or [])
            principals.extend((kind, each) for each in self._chosen(option, _principal_id(ids)) or [])
        return principals

    def _chosen(self, option: str, find: Callable[[str], Optional[str]]) -> Optional[List[str]]:
        given = self._params[option]
        if given is None:
            return None
        found = {text: find(text) for text in given}
        self.missing[option] = [text for text, value in found.items() if value is None]
        return list(dict.fromkeys(value for value in found.values() if value is not None))

    def has(self, key: Key) -> bool:
        return (
            (self.accounts is None or key.account_id in self.accounts)
            and (self.arns is None or key.permission_set_arn in self.arns)
            and (self.principals is None or key.principal in self.principals)
        )


def _account_id(organization: Organization) -> Callable[[str], Optional[str]]:
    def find(text: str) -> Optional[str]:
        try:
            return find_account(text, organization).id
        except LookupError:
            return None
        except ValueError as error:
            raise Problems([f"accounts: {error}"]) from error

    return find


def _principal_id(ids: Mapping[str, str]) -> Callable[[str], Optional[str]]:
    # an id is taken as it is: what it named may be gone and still be assigned
    return lambda text: text if is_principal_id(text) else ids.get(text)


def read_account_assignments(module: Any) -> Mapping[str, Any]:
    params = module.params
    problems = selection_findings(params)
    if problems:
        raise Problems(problems)
    to = Connection(module)
    selection = Selection(to, params)
    keys = sorted(key for key in _read(to, selection) if selection.has(key))
    return dict(account_assignments=_shown(to, keys, selection), missing=selection.missing)


def _read(to: Connection, selection: Selection) -> Set[Key]:
    """Per principal where some are asked for and the caller may, else per account and permission set."""
    if selection.principals is not None:
        try:
            return to.api.read(Reading(principals=selection.principals))
        except AwsError as error:
            if not ask_otherwise(error):
                raise
    return to.api.read(Reading(pairs=_pairs(to, selection.accounts, selection.arns)))


def _pairs(to: Connection, accounts: Optional[Sequence[str]], arns: Optional[Sequence[str]]) -> List[Tuple[str, str]]:
    """Accounts and permission sets that are provisioned there, from whichever side needs fewer calls."""
    if arns is None:
        arns = to.api.set_arns()
    if accounts is not None and len(accounts) < len(arns):
        found = zip(accounts, each(accounts, to.api.sets_of_account))
        return [(account_id, arn) for account_id, there in found for arn in there if arn in arns]
    return [place for place in to.api.places(arns) if accounts is None or place[0] in accounts]


def _shown(to: Connection, keys: Sequence[Key], selection: Selection) -> List[Dict[str, Any]]:
    for kind in sorted({key.principal_type for key in keys}):
        to.directory.ids(kind)
    set_names = dict(selection.set_names)
    nameless = sorted({key.permission_set_arn for key in keys}.difference(set_names))
    for arn, name in zip(nameless, each(nameless, to.api.set_name)):
        if name is not None:
            set_names[arn] = name
    names = to.names(set_names)
    accounts = selection.organization.accounts or {}
    answer = []
    for key in keys:
        account = accounts.get(key.account_id) or Account(key.account_id)
        principal = names.principal(key.principal)
        shown = Assignment(account, names.set_ref(key.permission_set_arn), principal).shown()
        answer.append(dict(shown, principal=principal.name, orphaned=principal.name is None))
    return sorted(answer, key=_place)


def _place(shown: Mapping[str, Any]) -> Tuple[str, str, str, str]:
    who = shown["principal"] or shown["principal_id"]
    return (shown["account_id"], shown.get("permission_set", ""), shown["principal_type"], who)
