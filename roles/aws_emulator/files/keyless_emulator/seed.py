# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts a declared state into the emulator. The same state again changes nothing."""

from __future__ import annotations

import copy
import re
from typing import Any, Dict, Iterator, List, Mapping, Tuple

from . import hosts
from .identity_center.records import Instance
from .world import INSTANCE_ARN, STORE_ID, World

SECOND_INSTANCE_ARN = "arn:aws:sso:::instance/ssoins-8334b2c3d4e5f6a7"
SECOND_STORE_ID = "d-95672b3c4d"
_TOP = {"home_region", "accounts", "organizational_units", "delegated_administrators", "instances", "identity_center",
        "settings"}
_ACCOUNT = {"id", "name", "email", "ou", "status"}
_CENTER = {"instances", "identity_store_id", "instance_arn"}


def plant(world: World, state: Mapping[str, Any]) -> Dict[str, Any]:
    """Apply a state; ValueError names everything that is wrong with it, and then nothing was done."""
    accounts = [_account(entry, number) for number, entry in enumerate(state.get("accounts") or [])]
    problems = list(_problems(world, state, accounts))
    if problems:
        raise ValueError("; ".join(problems))
    changed = world.settings.change(**(state.get("settings") or {}))
    changed |= _plant_center(world, state)
    for account in accounts:
        changed |= world.organization.ensure_account(account)
    if state.get("organizational_units"):
        known = set(world.organization.units())
        for path in state["organizational_units"]:
            world.organization.ensure_unit(path)
            changed |= path.strip("/") not in known
    changed |= _plant_delegates(world, state.get("delegated_administrators") or [])
    for instance in state.get("instances") or []:
        changed |= hosts.plant(world.moto, world.settings, instance)
    return dict(changed=changed, organizational_units=world.organization.units(), identity_center=_center(world))


def _account(entry: Mapping[str, Any], number: int) -> Dict[str, Any]:
    unknown = sorted(set(entry) - _ACCOUNT)
    id_, name = entry.get("id"), entry.get("name")
    if unknown or not isinstance(id_, str) or not name:
        wrong = f"has no {', '.join(unknown)}" if unknown else "needs an id (a text of 12 digits) and a name"
        raise ValueError(f"accounts[{number}] {wrong}")
    return dict(id=id_, name=name, email=entry.get("email") or f"{name}@example.com", ou=entry.get("ou") or "",
                status=entry.get("status") or "ACTIVE")


def _problems(world: World, state: Mapping[str, Any], accounts: List[Dict[str, Any]]) -> Iterator[str]:
    for key in sorted(set(state) - _TOP):
        yield f"{key} is no part of a state; its parts are {', '.join(sorted(_TOP))}"
    for account in accounts:
        if not re.fullmatch(r"\d{12}", account["id"]):
            yield f"account {account['id']!r} is not 12 digits"
        if account["status"] not in ("ACTIVE", "SUSPENDED"):
            yield f"the status of account {account['id']} must be ACTIVE or SUSPENDED, not {account['status']!r}"
    if len({account["id"] for account in accounts}) != len(accounts):
        yield "an account is listed twice"
    yield from hosts.all_problems(world.moto, world.settings, state.get("instances") or [])
    with_settings = dict(state.get("settings") or {})
    if state.get("home_region"):
        with_settings["home_region"] = state["home_region"]
    try:
        copy.copy(world.settings).change(**with_settings)
    except ValueError as error:
        yield str(error)
    center = state.get("identity_center") or {}
    for key in sorted(set(center) - _CENTER):
        yield f"identity_center has no {key}; it has {', '.join(sorted(_CENTER))}"
    if center.get("instances", 1) not in (0, 1, 2):
        yield f"identity_center.instances must be 0, 1 or 2, not {center['instances']!r}"
    if not re.fullmatch(r"arn:aws:sso:::instance/ssoins-[0-9a-zA-Z.-]{16}", center.get("instance_arn", INSTANCE_ARN)):
        yield f"identity_center.instance_arn is not the ARN of an instance: {center['instance_arn']!r}"
    if not re.fullmatch(r"d-[0-9a-f]{10}", center.get("identity_store_id", STORE_ID)):
        yield f"identity_center.identity_store_id must be d- and 10 hexadecimal digits: {center['identity_store_id']!r}"


def _plant_center(world: World, state: Mapping[str, Any]) -> bool:
    """Have exactly the wanted instances of Identity Center; what is not mentioned stays."""
    center = state.get("identity_center")
    region = state.get("home_region")
    if center is None and region is None:
        return False
    world.settings.change(home_region=region or world.settings.home_region)
    wanted = _wanted(world, center or {})
    current = {found.arn: (found.store_id, found.region) for found in world.sso_admin.instances.values()}
    if current == wanted:
        return False
    for instance in list(world.sso_admin.instances.values()):
        if wanted.get(instance.arn) != (instance.store_id, instance.region):
            world.sso_admin.remove_instance(instance)
    for arn, (store_id, home) in wanted.items():
        if arn not in world.sso_admin.instances:
            first = not world.sso_admin.instances
            world.sso_admin.add_instance(
                Instance(arn, store_id, world.settings.account, home, organization=first, permission_sets_enabled=first)
            )
    return True


def _wanted(world: World, center: Mapping[str, Any]) -> Dict[str, Tuple[str, str]]:
    home = world.settings.home_region
    first = next((found for found in world.sso_admin.instances.values() if found.organization), None)
    arn = center.get("instance_arn") or (first.arn if first else INSTANCE_ARN)
    store = center.get("identity_store_id") or (first.store_id if first else STORE_ID)
    both = [(arn, (store, home)), (SECOND_INSTANCE_ARN, (SECOND_STORE_ID, home))]
    return dict(both[: center.get("instances", 1)])


def _center(world: World) -> List[Dict[str, str]]:
    return [
        dict(instance_arn=found.arn, identity_store_id=found.store_id, region=found.region)
        for found in world.sso_admin.instances.values()
    ]


def _plant_delegates(world: World, accounts: List[str]) -> bool:
    changed = False
    for account in accounts:
        if not world.organization.is_administrator(account):
            backend = world.organization.ensure()
            backend.register_delegated_administrator(AccountId=account, ServicePrincipal="sso.amazonaws.com")
            changed = True
    return changed
