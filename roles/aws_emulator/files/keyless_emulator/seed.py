# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts a declared state into the emulator. The same state again changes nothing."""

from __future__ import annotations

import copy
import re
from typing import Any, Dict, Iterator, List, Mapping

from . import hosts
from .seeding import instances
from .seeding.content import PARTS, Content
from .seeding.ranges import entries
from .world import World

_TOP = {"home_region", "accounts", "organizational_units", "delegated_administrators", "instances", "identity_center",
        "settings", *PARTS}
_ACCOUNT = {"id", "name", "email", "ou", "status"}
_MOST_TOLD = 20  # problems; a wrong name in a long list is wrong many times


def plant(world: World, state: Mapping[str, Any]) -> Dict[str, Any]:
    """Apply a state; ValueError names everything that is wrong with it, and then nothing was done."""
    accounts, content = _accounts(state), Content(state)
    problems = list(_problems(world, state, accounts))
    problems = problems or list(content.problems(world, state, {account["id"] for account in accounts}))
    if problems:
        more = [f"and {len(problems) - _MOST_TOLD} more"] if len(problems) > _MOST_TOLD else []
        raise ValueError("; ".join(problems[:_MOST_TOLD] + more))
    changed = world.settings.change(**(state.get("settings") or {}))
    changed |= instances.plant(world, state)
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
    changed |= content.plant(world)
    return dict(changed=changed, organizational_units=world.organization.units(),
                identity_center=instances.shown(world), **content.ids(world))


def _accounts(state: Mapping[str, Any]) -> List[Dict[str, Any]]:
    for number, entry in enumerate(state.get("accounts") or []):
        _account(entry, number)  # for what it says of an id that is no text
    return [_account(entry, number) for number, entry in enumerate(entries(state, "accounts", _ACCOUNT, _ACCOUNT))]


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
    yield from instances.problems(state)


def _plant_delegates(world: World, accounts: List[str]) -> bool:
    changed = False
    for account in accounts:
        if not world.organization.is_administrator(account):
            backend = world.organization.ensure()
            backend.register_delegated_administrator(AccountId=account, ServicePrincipal="sso.amazonaws.com")
            changed = True
    return changed
