# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the attributes for access control that are there to those that shall be. Pure: no AWS, no Ansible."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Iterator, Mapping, Optional

from ..._reconcile import CREATE, DELETE, UPDATE, Change, Plan, Problems, UserError
from .records import ENABLED, FAILED, Attributes, Wanted
from .sources import source_path
from .validate import count_problem

FEATURE, KIND = "access_control_attributes", "access_control_attribute"


def plan_attributes(current: Optional[Attributes], wanted: Wanted, instance: str) -> Plan:
    """What changes, key by key, although AWS takes one list at once. `current` is None where the feature is off.

    instance: what the feature is called in the changes.
    """
    if wanted.disable:
        return _plan_off(current, instance)
    if current is not None and current.status == FAILED:
        raise UserError(
            f"Attributes for access control could not be enabled: {current.reason or 'AWS gives no reason'}. "
            "Turn them off with disable=true, which drops every attribute, and run this task again."
        )
    if current is None and wanted.remove:
        return Plan(result=_off())  # what is off has no keys to remove, and is not turned on for it
    goal = replace(current or Attributes(ENABLED), sources=goal_sources(current, wanted))
    problems = count_problem(goal.sources)
    if problems:
        raise Problems(problems)
    plan = Plan(result=goal.shown())
    if current is None:
        plan.changes.append(Change(CREATE, FEATURE, instance))
        plan.note("enabled", False, True)
    _plan_keys(plan, current.sources if current else {}, goal.sources)
    return plan


def goal_sources(current: Optional[Attributes], wanted: Wanted) -> Dict[str, str]:
    """All keys that will be there, in the order that AWS has them in, with the new ones at the end."""
    there = current.sources if current else {}
    kept = {
        key: wanted.put[key] if key in wanted.put and not same_source(source, wanted.put[key]) else source
        for key, source in there.items()
        if key not in wanted.remove and (key in wanted.put or not wanted.purge)
    }
    return dict(kept, **{key: source for key, source in wanted.put.items() if key not in there})


def same_source(there: str, canonical: str) -> bool:
    """Whether what AWS has means the same. It may be anything, because the console and others write it too."""
    try:
        return source_path(there) == canonical
    except UserError:
        return False


def _plan_keys(plan: Plan, there: Mapping[str, str], goal: Mapping[str, str]) -> None:
    changes = list(_key_changes(there, goal))
    plan.changes.extend(changes)
    if changes:
        names = [change.name for change in changes]
        before = {name: there[name] for name in names if name in there}
        plan.note("attributes", before, {name: goal[name] for name in names if name in goal})


def _key_changes(there: Mapping[str, str], goal: Mapping[str, str]) -> Iterator[Change]:
    for key, source in goal.items():
        if key not in there:
            yield Change(CREATE, KIND, key, dict(source=source))
        elif there[key] != source:
            yield Change(UPDATE, KIND, key, dict(source=source))
    for key in there:
        if key not in goal:
            yield Change(DELETE, KIND, key)


def _plan_off(current: Optional[Attributes], instance: str) -> Plan:
    plan = Plan(result=_off())
    if current is not None:
        _plan_keys(plan, current.sources, {})
        plan.changes.append(Change(DELETE, FEATURE, instance))
        plan.note("enabled", True, False)
    return plan


def _off() -> Dict[str, object]:
    return dict(attributes={}, enabled=False)
