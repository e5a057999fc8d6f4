# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of organizations that moto lacks or answers wrongly; everything else stays moto's.

Wrong in moto: pages of ListAccounts are cut by time stamps that several accounts share, ListChildren and ListParents
have no pages or kinds, units may have the same name or be deleted with accounts in them, and members may look.
"""

from __future__ import annotations

from typing import Any, Dict, List

from ..errors import AwsError
from ..identify import Call
from ..paging import paged
from ..service import Service
from .tree import Organization

SIZE = 20  # the default and the most of every List operation here


class Organizations(Service):
    name = "organizations"

    def __init__(self, organization: Organization) -> None:
        self._organization = organization

    def check(self, call: Call) -> None:
        """Only the management account may, and its delegates may look; everyone may DescribeOrganization."""
        organization = self._organization
        if organization.backend is None or organization.is_management(call.account):
            return
        if call.operation == "DescribeOrganization":
            return
        if organization.is_delegate(call.account) and call.operation.startswith(("Describe", "List")):
            return
        raise AwsError("AccessDeniedException", "You don't have permissions to access this resource.")

    def list_accounts(self, _call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return _accounts(self._backend().accounts, params, "accounts")

    def list_accounts_for_parent(self, _call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        parent = self._parent(params["ParentId"])
        accounts = [account for account in self._backend().accounts if account.parent_id == parent]
        return _accounts(accounts, params, f"accounts-{parent}")

    def list_organizational_units_for_parent(self, _call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        parent = self._parent(params["ParentId"])
        units = [unit.describe()["OrganizationalUnit"] for unit in self._children(parent)]
        return paged("OrganizationalUnits", units, params, f"units-{parent}", SIZE, "InvalidInputException")

    def list_children(self, _call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        parent, kind = self._parent(params["ParentId"]), params["ChildType"]
        pool = self._backend().accounts if kind == "ACCOUNT" else self._children(parent)
        children = [dict(Id=child.id, Type=kind) for child in pool if child.parent_id == parent]
        return paged("Children", children, params, f"children-{kind}-{parent}", SIZE, "InvalidInputException")

    def list_parents(self, _call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        backend, child = self._backend(), params["ChildId"]
        pool = backend.accounts if child.isdigit() else [unit for unit in backend.ou if unit.type != "ROOT"]
        found = next((item for item in pool if item.id == child), None)
        if found is None:
            raise AwsError("ChildNotFoundException", "You specified a child that doesn't exist.")
        parent = next(unit for unit in backend.ou if unit.id == found.parent_id)
        return dict(Parents=[dict(Id=parent.id, Type=parent.type)])

    def list_roots(self, _call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        roots = [unit.describe() for unit in self._backend().ou if unit.type == "ROOT"]
        return paged("Roots", roots, params, "roots", SIZE, "InvalidInputException")

    def create_organizational_unit(self, _call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        parent = self._parent(params["ParentId"])
        self._check_name(parent, params["Name"])
        return dict(self._backend().create_organizational_unit(**params))

    def update_organizational_unit(self, _call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        unit = self._unit(params["OrganizationalUnitId"])
        if params.get("Name") not in (None, unit.name):
            self._check_name(unit.parent_id, params["Name"])
            unit.name = params["Name"]
        return dict(unit.describe())

    def delete_organizational_unit(self, _call: Call, params: Dict[str, Any]) -> None:
        backend, unit = self._backend(), self._unit(params["OrganizationalUnitId"])
        if self._children(unit.id) or any(account.parent_id == unit.id for account in backend.accounts):
            raise AwsError("OrganizationalUnitNotEmptyException", "The organizational unit is not empty.")
        backend.ou.remove(unit)

    def move_account(self, _call: Call, params: Dict[str, Any]) -> None:
        backend = self._backend()
        account = next((found for found in backend.accounts if found.id == params["AccountId"]), None)
        if account is None:
            raise AwsError("AccountNotFoundException", "You specified an account that doesn't exist.")
        known = {unit.id for unit in backend.ou}
        if params["SourceParentId"] not in known or account.parent_id != params["SourceParentId"]:
            raise AwsError("SourceParentNotFoundException", "The account is not in the source that you specified.")
        if params["DestinationParentId"] not in known:
            raise AwsError("DestinationParentNotFoundException", "You specified a destination that doesn't exist.")
        if params["DestinationParentId"] == params["SourceParentId"]:
            raise AwsError("DuplicateAccountException", "The account is in the destination already.")
        account.parent_id = params["DestinationParentId"]

    def _backend(self) -> Any:
        backend = self._organization.backend
        if backend is None:
            raise AwsError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
        return backend

    def _parent(self, id_: str) -> str:
        if id_ not in {unit.id for unit in self._backend().ou}:
            raise AwsError("ParentNotFoundException", "You specified parent that doesn't exist.")
        return id_

    def _unit(self, id_: str) -> Any:
        unit = next((unit for unit in self._backend().ou if unit.id == id_ and unit.type != "ROOT"), None)
        if unit is None:
            raise AwsError("OrganizationalUnitNotFoundException",
                           "You specified an organizational unit that doesn't exist.")
        return unit

    def _children(self, parent: str) -> List[Any]:
        return [unit for unit in self._backend().ou if unit.parent_id == parent and unit.type != "ROOT"]

    def _check_name(self, parent: str, name: str) -> None:
        if any(unit.name == name for unit in self._children(parent)):
            raise AwsError("DuplicateOrganizationalUnitException", "An OU with the same name already exists.")


def _accounts(accounts: List[Any], params: Dict[str, Any], scope: str) -> Dict[str, Any]:
    answer = paged("Accounts", accounts, params, scope, SIZE, "InvalidInputException")
    return dict(answer, Accounts=[account.describe() for account in answer["Accounts"]])
