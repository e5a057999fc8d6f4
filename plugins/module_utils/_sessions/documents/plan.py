# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the session documents that are there to those that shall be. Pure: no AWS, no Ansible."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional

from ..._guardrails import Deletion, Guard
from ..._reconcile import CREATE, DELETE, READ, UPDATE, Change, Outcome, Plan, Problems
from ..._tags import MANAGED_TAG, goal_tags, tag_steps
from ..scope import partition_of
from .goal import goal_content, same
from .records import KIND, TYPE, Current, Item, Wanted
from .rules import MISSING, RISK, WRONG, findings
from .validate import option_path, told
from .words import FIELDS, shown, summary


@dataclass(frozen=True)
class Step:
    """What `apply` does for one change. content: None where it stays. add, remove: tags."""

    want: Wanted
    content: Optional[Mapping[str, Any]] = None
    add: Mapping[str, str] = field(default_factory=dict)
    remove: List[str] = field(default_factory=list)


def plan_documents(current: Current, guard: Guard) -> Plan:
    """Makings and changes first, in the order of places and documents, deletions last."""
    plan = Plan()
    plan.failures = [Outcome(Change(READ, KIND, name), error) for name, error in current.unreachable.items()]
    problems: Dict[str, None] = {}
    entries: List[Dict[str, Any]] = []
    deletions: List[Change] = []
    for item in current.items:
        error = item.unread or _refusal(item)
        if error:
            plan.failures.append(Outcome(Change(READ, KIND, item.name), error))
        elif item.want.absent:
            entries.append(document_result(item, None))
            if item.document is not None:
                deletions.append(Change(DELETE, KIND, item.name, payload=Step(item.want)))
                plan.note(item.name, shown(item.document.content), None)
        else:
            entries.append(_plan_item(plan, item, problems))
    if problems:
        raise Problems(list(problems))
    guard.check([_deletion(change) for change in deletions], "session documents")
    plan.changes.extend(deletions)
    plan.warnings = list(dict.fromkeys(plan.warnings))
    plan.result = dict(session_documents=entries)
    return plan


def document_result(item: Item, goal: Optional[Mapping[str, Any]], version: Optional[str] = None) -> Dict[str, Any]:
    """One entry of the result; the version is left out where it is not known yet."""
    result: Dict[str, Any] = dict(
        account_id=item.account_id, region=item.region, name=item.want.name, exists=goal is not None
    )
    if goal is not None:
        arn = f"arn:{partition_of(item.region)}:ssm:{item.region}:{item.account_id}:document/{item.want.name}"
        result.update(shown(goal), arn=arn, summary=summary(goal))
        if version is not None:
            result["document_version"] = version
    return result


def _refusal(item: Item) -> str:
    """Why this document cannot be what is asked for; everything else still can."""
    document = item.document
    if document is None:
        return ""
    if document.type != TYPE:
        return (
            f"the document is there and its type is {document.type}, which cannot be changed to {TYPE}; choose another "
            "name, or delete it first"
        )
    if item.want.absent and document.shared_with:
        return (
            f"the document is shared with {', '.join(sorted(document.shared_with))}, and AWS deletes none that is; "
            "stop sharing it first, with ModifyDocumentPermission"
        )
    return ""


def _plan_item(plan: Plan, item: Item, problems: Dict[str, None]) -> Dict[str, Any]:
    """Add the item's change to the plan, or what is wrong with it to the problems; returns its entry."""
    have = item.document
    goal = goal_content(have.content if have else None, item.want)
    changes = have is None or not same(have.content, goal)
    if changes:
        _judge(plan, item, goal, problems)
    if have is None:
        tags = dict(item.want.tags or {}, **{MANAGED_TAG: "true"})
        plan.changes.append(Change(CREATE, KIND, item.name, payload=Step(item.want, goal, tags)))
        plan.note(item.name, None, dict(shown(goal), tags=tags))
        return dict(document_result(item, goal), tags=tags)
    fields = _changed(have.content, goal) if changes else []
    before, after = shown(have.content), shown(goal)
    result = document_result(item, goal, None if changes else have.version)
    step = Step(item.want, goal if changes else None)
    if item.want.tags is not None:
        tags = goal_tags(have.tags or {}, item.want.tags, item.want.purge_tags)
        result["tags"] = tags
        if tags != (have.tags or {}):
            fields.append("tags")
            before["tags"], after["tags"] = dict(have.tags or {}), tags
            add, remove = tag_steps(have.tags or {}, tags)
            step = Step(item.want, step.content, add, remove)
    if fields:
        plan.changes.append(Change(UPDATE, KIND, item.name, dict(fields=fields), payload=step))
        plan.note(item.name, _only(before, fields), _only(after, fields))
    return result


def _judge(plan: Plan, item: Item, goal: Mapping[str, Any], problems: Dict[str, None]) -> None:
    """What is wrong with a content that would be written, and what people should know of it."""
    problems.update(dict.fromkeys(item.problems))
    plan.warnings.extend(item.warnings)
    whole = item.want.content is not None
    for finding in findings(goal):
        if finding.kind == RISK:
            plan.warnings.append(f"{item.want.name}: {option_path(finding.path, whole)} {finding.text}")
        elif finding.kind == MISSING and not whole:
            problems[f"{told(item.want, finding)} ({item.place} has none)"] = None
        elif finding.kind == WRONG or finding.kind == MISSING:
            problems[told(item.want, finding)] = None


def _changed(have: Mapping[str, Any], goal: Mapping[str, Any]) -> List[str]:
    before, after = shown(have), shown(goal)
    fields = [name for name in FIELDS + ("other_content",) if _written(before.get(name)) != _written(after.get(name))]
    return fields or ["other_content"]


def _written(value: Any) -> str:
    """As the document has it, because for Python 1 and true are equal."""
    return json.dumps(value, sort_keys=True, default=str)


def _only(values: Mapping[str, Any], fields: List[str]) -> Dict[str, Any]:
    return {name: values[name] for name in fields if name in values}


def _deletion(change: Change) -> Deletion:
    return Deletion(change.name, (change.payload.want.name, change.name))
