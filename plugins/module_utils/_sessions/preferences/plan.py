# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the session preferences that are there to those that shall be. Pure: no AWS, no Ansible."""

from __future__ import annotations

import copy
import json
from typing import Any, Dict, List, Mapping, Optional

from ..._reconcile import CREATE, DELETE, READ, UPDATE, Change, Outcome, Plan, Problems
from .records import INITIAL, INPUTS, MINUTES, Current, Document, Place

KIND = "session_preferences"


def plan_preferences(current: Current, wanted: Mapping[str, Any], absent: bool = False) -> Plan:
    """One change for each place where the document's default version does not say what is wanted."""
    problems = [problem for place in current.places for problem in place.problems]
    if problems:
        raise Problems(problems)
    plan = Plan(warnings=[warning for place in current.places for warning in place.warnings])
    plan.failures = [Outcome(Change(READ, KIND, name), error) for name, error in current.unread.items()]
    entries: List[Dict[str, Any]] = []
    for place in current.places:
        goal = None if absent else goal_content(place.document, wanted)
        entries.append(_plan_place(plan, place, goal))
    plan.result = dict(session_preferences=entries)
    return plan


def goal_content(document: Optional[Document], wanted: Mapping[str, Any]) -> Dict[str, Any]:
    """The document's content with the wanted inputs in it, and everything else as it is or as AWS begins with."""
    content: Dict[str, Any] = copy.deepcopy(dict(INITIAL if document is None else document.content))
    content["inputs"] = merged(content.get("inputs") or {}, wanted)
    return content


def merged(inputs: Mapping[str, Any], wanted: Mapping[str, Any]) -> Dict[str, Any]:
    """An input that is not there says the same as '' or false, which is what the agent takes it for."""
    result = dict(inputs)
    for name, value in wanted.items():
        there = inputs.get(name)
        if isinstance(value, Mapping):
            old = there if isinstance(there, Mapping) else {}
            new = merged(old, value)
            if new != old:
                result[name] = new
        elif not _same(there, value):
            result[name] = value
    return result


def shown(content: Mapping[str, Any]) -> Dict[str, Any]:
    """The inputs in snake_case, minutes as numbers; inputs that are none of ours under `other_inputs`."""
    inputs: Mapping[str, Any] = content.get("inputs") or {}
    result = {option: _shown_value(name, inputs.get(name)) for option, name in INPUTS.items()}
    others = {name: value for name, value in inputs.items() if name not in INPUTS.values()}
    if others:
        result["other_inputs"] = others
    return {option: value for option, value in result.items() if value is not None}


def place_result(place: Place, content: Optional[Mapping[str, Any]], version: Optional[str]) -> Dict[str, Any]:
    """One entry of the result; the version is left out where it is not known yet."""
    result: Dict[str, Any] = dict(account_id=place.account_id, region=place.region, exists=content is not None)
    if content is not None:
        if version is not None:
            result["document_version"] = version
        result.update(shown(content))
    return result


def _plan_place(plan: Plan, place: Place, goal: Optional[Dict[str, Any]]) -> Dict[str, Any]:
    """Add the place's change to the plan; returns the place's entry in the result."""
    have = place.document
    if goal is None:
        if have is not None:
            plan.changes.append(Change(DELETE, KIND, place.name))
            plan.note(place.name, shown(have.content) if have.content else {}, None)
        return place_result(place, None, None)
    if have is None:
        plan.changes.append(Change(CREATE, KIND, place.name, payload=goal))
        plan.note(place.name, None, shown(goal))
        return place_result(place, goal, None)
    fields = _changed(have.content, goal)
    if not fields:
        return place_result(place, have.content, have.version)
    plan.changes.append(Change(UPDATE, KIND, place.name, dict(fields=fields), payload=goal))
    before, after = shown(have.content), shown(goal)
    plan.note(
        place.name,
        {field: before[field] for field in fields if field in before},
        {field: after[field] for field in fields if field in after},
    )
    return place_result(place, goal, None)


def _changed(have: Mapping[str, Any], goal: Mapping[str, Any]) -> List[str]:
    there, wanted = have.get("inputs") or {}, goal["inputs"]
    return [option for option, name in INPUTS.items() if _written(there.get(name)) != _written(wanted.get(name))]


def _same(there: Any, wanted: Any) -> bool:
    """Strictly, because the document's types matter: 20 is not "20", and "true" is not true."""
    if there is None:
        return wanted in ("", False)
    return type(there) is type(wanted) and there == wanted


def _written(value: Any) -> str:
    """As the document has it, because for Python 1 and true are equal."""
    return json.dumps(value, sort_keys=True)


def _shown_value(name: str, value: Any) -> Any:
    """What is missing is shown as what it means; an idle time-out that is missing is Session Manager's own affair."""
    if name == "shellProfile":
        profile = value if isinstance(value, Mapping) else {}
        return {system: profile.get(system, "") for system in ("linux", "windows")}
    if name in MINUTES:
        if isinstance(value, str) and value.isdigit():
            return int(value)
        return value or (None if name == "idleSessionTimeout" else 0)
    if value is None:
        return False if name.endswith("Enabled") else ""
    return value
