# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the role that instances get by default to the one that they shall get. Pure: no AWS, no Ansible."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Set

from ..._reconcile import CREATE, DELETE, READ, UPDATE, Change, Outcome, Plan, Problems
from .records import Current, Place
from .validate import look_problems, look_warnings

KIND = "default_host_management"


def changing(places: List[Place], role: Optional[str]) -> List[Place]:
    """Those where another role is named, or none; role None: where one is named."""
    return [place for place in places if place.role != role]


def plan_host_management(current: Current, role: Optional[str]) -> Plan:
    """One change for each place where the setting does not say `role`; None is off."""
    problems: List[str] = []
    plan = Plan()
    for account in sorted(current.looks) if role else []:
        problems += look_problems(account, str(role), current.looks[account])
        plan.warnings += look_warnings(account, str(role), current.looks[account])
    if problems:
        raise Problems(problems)
    plan.failures = [Outcome(Change(READ, KIND, name), error) for name, error in current.unread.items()]
    for place in changing(current.places, role):
        action = DELETE if role is None else CREATE if place.role is None else UPDATE
        plan.changes.append(Change(action, KIND, place.name, {} if role is None else dict(role=role)))
        plan.note(place.name, place.role, role)
    plan.result = dict(default_host_management=[entry(place, role) for place in current.places])
    return plan


def entry(place: Place, role: Optional[str]) -> Dict[str, Any]:
    """One entry of the result."""
    found: Dict[str, Any] = dict(account_id=place.account_id, region=place.region, enabled=role is not None)
    return dict(found, role=role) if role is not None else found


def without(entries: List[Dict[str, Any]], failed: Set[str]) -> None:
    """Take out what was not done, so that the result has no promises in it."""
    entries[:] = [each for each in entries if f"{each['account_id']}/{each['region']}" not in failed]
