# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from what applications are like to what they shall be like. Pure: no AWS, no Ansible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ..._guardrails import Deletion, Guard
from ..._reconcile import CREATE, DELETE, READ, UPDATE, Change, Outcome, Plan
from ..assignments.records import GROUP, USER, Names, Principal
from .records import Application, Current, Found

KIND, CONFIGURATION, ASSIGNMENT = "application", "application_assignment_configuration", "application_assignment"

_LISTS = {USER: "users", GROUP: "groups"}


@dataclass(frozen=True)
class Settings:
    """What an update of an application sets, and what there was before."""

    after: Mapping[str, Any]
    before: Mapping[str, Any]


def plan_applications(current: Current, guard: Guard) -> Plan:
    """What applications are like first, then new assignments, deletions last."""
    plan = Plan(result=dict(applications=[]))
    plan.failures = [Outcome(Change(READ, KIND, each.name), reason) for each, reason in current.unread]
    missing: List[Change] = []
    gone: List[Change] = []
    labels = _labels([found.wanted.application for found in current.found])
    for found in current.found:
        label = labels[found.wanted.application.arn]
        _plan_settings(plan, found, label)
        new, leaving = _differences(found, current.names)
        missing += [_assignment(CREATE, found.wanted.application, label, principal) for principal in new]
        gone += [_assignment(DELETE, found.wanted.application, label, principal) for principal in leaving]
        plan.result["applications"].append(_goal(found, current.names))
    guard.check([_deletion(change) for change in gone], "application assignments")
    plan.changes += missing + gone
    if missing or gone:
        plan.note("application_assignments", sorted(each.name for each in gone), sorted(each.name for each in missing))
    return plan


def _labels(applications: Sequence[Application]) -> Dict[str, str]:
    """What applications are called in changes: by name, or by ARN where several have one name."""
    names = [application.name for application in applications]
    return {each.arn: each.name if names.count(each.name) == 1 else each.arn for each in applications}


def _plan_settings(plan: Plan, found: Found, label: str) -> None:
    application, item = found.wanted.application, found.wanted.item
    before: Dict[str, Any] = {}
    after: Dict[str, Any] = {}
    for key, value in item.fields.items():
        there = getattr(application, key)
        if key == "sign_in_options":  # what is not given of them stays
            value = dict(there, **value)
        if value != there:
            before[key], after[key] = there, value
    if after:
        detail: Dict[str, Any] = dict(application_arn=application.arn, changed=sorted(after))
        payload = Settings(dict(after), dict(before))
        plan.changes.append(Change(UPDATE, KIND, label, detail, payload=payload))
    required = item.assignment_required
    if required not in (None, found.assignment_required):
        before["assignment_required"], after["assignment_required"] = found.assignment_required, required
        detail = dict(application_arn=application.arn, assignment_required=required)
        plan.changes.append(Change(UPDATE, CONFIGURATION, label, detail, payload=required))
    if after:
        plan.note(f"application {label}", before, after)


def _differences(found: Found, names: Names) -> Tuple[List[Principal], List[Principal]]:
    """Who is to be assigned, and who not any longer."""
    item, principals = found.wanted.item, found.wanted.principals
    new = [each for each in principals if each.id is None or (each.type, each.id) not in found.assigned]
    if not item.purge:
        return new, []
    kept = {(each.type, each.id) for each in principals}
    leaving = [key for key in sorted(found.assigned) if key[0] in item.kinds and key not in kept]
    return new, [names.principal(key) for key in leaving]


def _assignment(action: str, application: Application, label: str, principal: Principal) -> Change:
    detail = dict(
        application=label,
        application_arn=application.arn,
        principal_type=principal.type,
        principal=str(principal.name or principal.id),
    )
    return Change(action, ASSIGNMENT, f"{label}: {principal.shown}", detail, payload=principal)


def _deletion(change: Change) -> Deletion:
    """As the guard knows it: by its application and by whom it is for."""
    principal, detail = change.payload, change.detail
    called = (detail["application"], detail["application_arn"], principal.name, principal.id)
    return Deletion(change.name, called)


def _goal(found: Found, names: Names) -> Dict[str, Any]:
    """The application as it will be, as far as the entry manages it."""
    application, item = found.wanted.application, found.wanted.item
    fields = dict(item.fields)
    if "sign_in_options" in fields:
        fields["sign_in_options"] = dict(application.sign_in_options, **fields["sign_in_options"])
    shown = replace(application, **fields).shown()
    if item.assignment_required is not None:
        shown["assignment_required"] = item.assignment_required
    for kind, key in _LISTS.items():
        if kind in item.kinds:
            there = {} if item.purge else {each[1]: names.principal(each) for each in found.assigned if each[0] == kind}
            there.update({str(each.id or each.name): each for each in found.wanted.principals if each.type == kind})
            shown[key] = sorted(str(each.name or each.id) for each in there.values())
    return shown


def undo(shown: Dict[str, Any], change: Change) -> None:
    """Take a change that failed out of the application as it would have been."""
    if change.kind == ASSIGNMENT:
        key, name = _LISTS[change.payload.type], change.detail["principal"]
        others = [each for each in shown[key] if each != name]
        shown[key] = sorted(others + ([name] if change.action == DELETE else []))
    elif change.kind == CONFIGURATION:
        shown["assignment_required"] = not change.payload
    else:
        for key, value in change.payload.before.items():
            if key == "sign_in_options":
                kept = {name: text for name, text in shown["portal_options"].items() if name == "visibility"}
                shown["portal_options"] = dict(value, **kept)
            elif value is None:
                shown.pop(key)
            else:
                shown[key] = value
