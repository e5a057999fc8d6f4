# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an instance of Identity Center holds, with the indexes that keep ten thousand assignments quick."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Optional, Tuple

Principal = Tuple[str, str]  # (USER or GROUP, id)
Assigned = Tuple[str, str, Principal]  # (permission set, account, principal)


def now() -> float:
    return round(time.time(), 3)


@dataclass
class Provisioned:
    """A permission set in an account: the role it became there, and which revision of the set that role shows."""

    role_name: str
    revision: int


@dataclass
class PermissionSet:
    arn: str
    name: str
    description: Optional[str]
    session_duration: str
    relay_state: Optional[str]
    tags: Dict[str, str]
    created: float = field(default_factory=now)
    inline_policy: Optional[str] = None
    managed_policies: Dict[str, str] = field(default_factory=dict)  # ARN -> name
    customer_managed_policies: Dict[Tuple[str, str], Dict[str, str]] = field(default_factory=dict)
    boundary: Optional[Dict[str, Any]] = None
    revision: int = 1
    provisioned: Dict[str, Provisioned] = field(default_factory=dict)  # by account

    def changed(self) -> None:
        """Note that accounts where the set is provisioned are out of date from now on."""
        self.revision += 1

    def is_latest(self, account: str) -> bool:
        return self.provisioned[account].revision == self.revision

    def policy_count(self) -> int:
        return len(self.managed_policies) + len(self.customer_managed_policies)

    def shown(self) -> Dict[str, Any]:
        answer = dict(Name=self.name, PermissionSetArn=self.arn, Description=self.description,
                      CreatedDate=self.created, SessionDuration=self.session_duration, RelayState=self.relay_state)
        return {key: value for key, value in answer.items() if value is not None}


class Ledger:
    """The account assignments: who has which permission set in which account."""

    def __init__(self) -> None:
        self._by_target: Dict[Tuple[str, str], Dict[Principal, None]] = {}
        self._by_principal: Dict[Principal, Dict[Tuple[str, str], Assigned]] = {}
        self._by_set: Dict[str, int] = {}  # how many assignments a permission set has

    def add(self, permission_set: str, account: str, principal: Principal) -> bool:
        """Note an assignment; False if it is there already."""
        if self.has(permission_set, account, principal):
            return False
        self._by_target.setdefault((permission_set, account), {})[principal] = None
        mine = self._by_principal.setdefault(principal, {})
        mine[(permission_set, account)] = (permission_set, account, principal)
        self._by_set[permission_set] = self._by_set.get(permission_set, 0) + 1
        return True

    def remove(self, permission_set: str, account: str, principal: Principal) -> None:
        if not self.has(permission_set, account, principal):
            return
        del self._by_target[(permission_set, account)][principal]
        del self._by_principal[principal][(permission_set, account)]
        self._by_set[permission_set] -= 1
        if not self._by_target[(permission_set, account)]:
            del self._by_target[(permission_set, account)]

    def has(self, permission_set: str, account: str, principal: Principal) -> bool:
        return principal in self._by_target.get((permission_set, account), {})

    def principals(self, permission_set: str, account: str) -> List[Principal]:
        return list(self._by_target.get((permission_set, account), {}))

    def of(self, principal: Principal) -> List[Assigned]:
        """Return a principal's own assignments."""
        return list(self._by_principal.get(principal, {}).values())

    def uses(self, permission_set: str) -> bool:
        return self._by_set.get(permission_set, 0) > 0


@dataclass
class Application:
    """`assignment_required`: None where the application's provider does not let that be chosen."""

    arn: str
    account: str
    name: str
    provider: str
    description: Optional[str] = None
    status: str = "ENABLED"
    visibility: str = "ENABLED"
    sign_in: Dict[str, Any] = field(default_factory=lambda: {"Origin": "IDENTITY_CENTER"})
    assignment_required: Optional[bool] = True
    tags: Dict[str, str] = field(default_factory=dict)
    assigned: Dict[Principal, None] = field(default_factory=dict)
    created: float = field(default_factory=now)


@dataclass
class Instance:
    arn: str
    store_id: str
    owner: str
    region: str
    name: Optional[str] = None
    organization: bool = True  # an organization instance, not an account instance
    tags: Dict[str, str] = field(default_factory=dict)
    created: float = field(default_factory=now)
    permission_sets: Dict[str, PermissionSet] = field(default_factory=dict)
    names: Dict[str, str] = field(default_factory=dict)  # name -> ARN
    ledger: Ledger = field(default_factory=Ledger)
    sets_by_account: Dict[str, Dict[str, None]] = field(default_factory=dict)
    permission_sets_enabled: bool = True
    attributes: Optional[List[Dict[str, Any]]] = None  # attributes for access control; None = off
    attributes_ready: float = 0.0
    applications: Dict[str, Application] = field(default_factory=dict)  # by ARN
    network: Dict[str, Any] = field(default_factory=lambda: {"VpceAccessRequired": False})
    encryption: Dict[str, Any] = field(default_factory=lambda: {"KeyType": "AWS_OWNED_KMS_KEY"})
    # Every account has one SAML provider of Identity Center, named after the instance.
    provider: str = field(default_factory=lambda: f"AWSSSO_{secrets.token_hex(8)}_DO_NOT_DELETE")

    @property
    def id(self) -> str:
        return self.arn.rpartition("/")[2]

    @property
    def store_arn(self) -> str:
        return f"arn:aws:identitystore::{self.owner}:identitystore/{self.store_id}"

    def add(self, permission_set: PermissionSet) -> None:
        self.permission_sets[permission_set.arn] = permission_set
        self.names[permission_set.name] = permission_set.arn

    def remove(self, permission_set: PermissionSet) -> None:
        del self.permission_sets[permission_set.arn]
        del self.names[permission_set.name]

    def note_provisioned(self, permission_set: PermissionSet, account: str, role_name: str) -> None:
        permission_set.provisioned[account] = Provisioned(role_name, permission_set.revision)
        self.sets_by_account.setdefault(account, {})[permission_set.arn] = None

    def note_gone(self, permission_set: PermissionSet, account: str) -> None:
        permission_set.provisioned.pop(account, None)
        self.sets_by_account.get(account, {}).pop(permission_set.arn, None)

    def provisioned_to(self, account: str) -> Iterator[PermissionSet]:
        for arn in self.sets_by_account.get(account, {}):
            yield self.permission_sets[arn]


def new_instance_arn() -> str:
    return f"arn:aws:sso:::instance/ssoins-{secrets.token_hex(8)}"


def new_permission_set_arn(instance: Instance) -> str:
    return f"arn:aws:sso:::permissionSet/{instance.id}/ps-{secrets.token_hex(8)}"


def new_application(instance: Instance, account: str, name: str, provider: str) -> Application:
    arn = f"arn:aws:sso::{account}:application/{instance.id}/apl-{secrets.token_hex(8)}"
    return Application(arn, account, name, provider)


def new_role_name(permission_set: PermissionSet) -> str:
    return f"AWSReservedSSO_{permission_set.name}_{secrets.token_hex(8)}"
