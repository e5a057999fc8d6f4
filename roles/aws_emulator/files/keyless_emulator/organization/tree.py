# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts and organizational units that moto holds, as the other services need them."""

from __future__ import annotations

import contextlib
from typing import Any, Dict, Iterator, List, Optional

from ..motoparts import Moto
from ..settings import Settings

SERVICE = "sso.amazonaws.com"


class Organization:
    def __init__(self, settings: Settings, moto: Moto) -> None:
        self._settings = settings
        self._moto = moto

    @property
    def backend(self) -> Optional[Any]:
        """Return moto's state of the organization, None as long as there is no organization."""
        backend = self._moto.organizations_backend(self._settings.account)
        return backend if backend is not None and backend.org is not None else None

    def status(self, account: str) -> Optional[str]:
        """Return an account's status, None if it is not in the organization."""
        backend = self.backend
        if backend is None:
            return "ACTIVE" if account == self._settings.account else None
        return next((str(found.status) for found in backend.accounts if found.id == account), None)

    def is_management(self, account: str) -> bool:
        return account == self._settings.account

    def is_administrator(self, account: str) -> bool:
        """Return whether an account may administer Identity Center: the management account or its delegate."""
        if self.is_management(account):
            return True
        backend = self.backend
        return backend is not None and any(
            admin.account.id == account and SERVICE in admin.services for admin in backend.admins
        )

    def is_delegate(self, account: str) -> bool:
        backend = self.backend
        return backend is not None and any(admin.account.id == account for admin in backend.admins)

    # For seeding

    def ensure(self) -> Any:
        """Return the organization's state, making the organization if there is none."""
        if self.backend is None:
            account = self._settings.account
            backend = self._moto.organizations.organizations_backends[account]["aws"]
            with self._fixed_account(account):
                backend.create_organization(region="us-east-1", FeatureSet="ALL")
            role = "OrganizationAccountAccessRole"  # members have it, the management account does not
            self._moto.iam_backend(account).delete_role(role)
        return self.backend

    def ensure_account(self, wanted: Dict[str, Any]) -> bool:
        """Make or change an account as seeding wants it; True if something had to be done."""
        backend = self.ensure()
        account = next((found for found in backend.accounts if found.id == wanted["id"]), None)
        changed = account is None
        if account is None:
            with self._fixed_account(wanted["id"]):
                backend.create_account(AccountName=wanted["name"], Email=wanted["email"])
            account = backend.get_account_by_id(wanted["id"])
        parent = self.ensure_unit(wanted["ou"])
        values = dict(name=wanted["name"], email=wanted["email"], status=wanted["status"], state=wanted["status"],
                      parent_id=parent)
        for key, value in values.items():
            changed = changed or getattr(account, key) != value
            setattr(account, key, value)
        return changed

    def ensure_unit(self, path: str) -> str:
        """Return the id of the unit at a path such as Prod/Web, making what is missing; '' is the root."""
        backend = self.ensure()
        parent: str = backend.org.root_id
        for name in [part for part in path.split("/") if part]:
            unit = next((unit for unit in backend.ou if unit.parent_id == parent and unit.name == name), None)
            parent = unit.id if unit else backend.create_organizational_unit(ParentId=parent, Name=name)[
                "OrganizationalUnit"]["Id"]
        return parent

    def units(self) -> Dict[str, str]:
        """Return path -> id of all units, the root as ''."""
        backend = self.backend
        if backend is None:
            return {}
        by_id = {unit.id: unit for unit in backend.ou}
        return {_path(by_id, unit): unit.id for unit in backend.ou}

    @contextlib.contextmanager
    def _fixed_account(self, account: str) -> Iterator[None]:
        """Let moto give this id to the next account that it makes up."""
        utils = self._moto.organizations.utils
        original = utils.make_random_account_id
        utils.make_random_account_id = lambda: account
        try:
            yield
        finally:
            utils.make_random_account_id = original


def _path(by_id: Dict[str, Any], unit: Any) -> str:
    names: List[str] = []
    while unit.parent_id in by_id:
        names.insert(0, unit.name)
        unit = by_id[unit.parent_id]
    return "/".join(names)
