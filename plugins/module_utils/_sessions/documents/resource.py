# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session documents for `reconcile`: all documents of a task in all its accounts and Regions, a few at a time."""

from __future__ import annotations

import json
import threading
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from ..._aws import AwsError
from ..._guardrails import Guard
from ..._parallel import in_parallel
from ..._reconcile import CREATE, DELETE, Change, Outcome, Plan, UserError
from ..._targets import Connection, reach, target_problems, targets
from ..preferences import destinations
from ..preferences.api import DestinationsApi
from ..preferences.destinations import Look
from .api import DocumentApi
from .goal import goal_content, same
from .plan import Step, plan_documents
from .records import TYPE, Current, Document, Item, Wanted
from .validate import wanted_documents


class SessionDocuments:
    """The session documents of a task, from its parameters."""

    def __init__(self, module: Any) -> None:
        self._module = module
        params = module.params
        self._guard = Guard(params["max_deletions"], params["protect"])
        self._apis: Dict[str, DocumentApi] = {}
        self._versions: Dict[str, str] = {}
        self._looks = _Looks() if params["check_destinations"] else None

    def read(self) -> Current:
        params = self._module.params
        problems = self._guard.findings() + target_problems(params["targets"])
        wanted = wanted_documents(params["documents"], params["purge_tags"], problems)
        if not wanted:
            return Current([])
        reached = reach(self._module, targets(params["targets"]))
        pairs = [(connection, want) for connection in reached.connections for want in wanted]
        items: List[Item] = []
        for (connection, want), answer in zip(pairs, in_parallel(pairs, self._read_item)):
            if isinstance(answer, UserError):
                answer = Item(connection.account_id, connection.region, want, unread=answer.message)
            items.append(answer)
        return Current(items, reached.unreachable)

    def plan(self, current: Current) -> Plan:
        return plan_documents(current, self._guard)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        """Deletions begin when everything else is done."""
        failed: Set[str] = set()
        last = [change for change in plan.changes if change.action == DELETE]
        first = [change for change in plan.changes if change.action != DELETE]
        for changes in (first, last):
            for change, answer in zip(changes, in_parallel(changes, self._do)):
                if isinstance(answer, UserError):
                    failed.add(change.name)
                yield Outcome(change, answer.message if isinstance(answer, UserError) else None)
        for name, api in sorted(self._apis.items()):
            if api.removed:
                self._module.warn(f"{name}: deleted version {', '.join(api.removed)} of the document to make room")
        self._fill(plan.result["session_documents"], failed)

    def _fill(self, entries: List[Dict[str, Any]], failed: Set[str]) -> None:
        """Add the versions that came to be, and take out what did not."""
        for entry in list(entries):
            name = f"{entry['account_id']}/{entry['region']}/{entry['name']}"
            if name in failed:
                entries.remove(entry)
            elif name in self._versions:
                entry["document_version"] = self._versions[name]

    def _read_item(self, pair: Tuple[Connection, Wanted]) -> Item:
        connection, want = pair
        item = Item(connection.account_id, connection.region, want)
        api = DocumentApi(connection.client("ssm"), want.name, self._module.params["wait_timeout"])
        self._apis[item.name] = api
        document = read_document(api, tags=want.tags is not None, sharing=want.absent)
        found, warnings = self._look(connection, want, document)
        return Item(item.account_id, item.region, want, document, found, warnings)

    def _look(self, connection: Connection, want: Wanted, document: Optional[Document]) -> Tuple[List[str], List[str]]:
        """Problems and warnings about what the inputs would name."""
        if self._looks is None or want.inputs is None or (document and document.type != TYPE):
            return [], []
        have = (document.content.get("inputs") if document else None) or {}
        goal = goal_content(document.content if document else None, want).get("inputs") or {}
        looks = {
            what: self._looks.look(connection, what, name, destinations.encryption_wanted(what, goal))
            for what, name in destinations.to_look_at(have, goal, want.inputs).items()
        }
        problems = destinations.problems(connection.name, goal, looks)
        return (
            [f"{want.path}.inputs.{problem}" for problem in problems],
            destinations.warnings(connection.name, goal, looks),
        )

    def _do(self, change: Change) -> None:
        api, step = self._apis[change.name], change.payload
        if change.action == DELETE:
            api.delete()
            return
        version: Optional[str] = None
        if change.action == CREATE:
            version = api.create(step.content, step.add)
            if version is None:
                version = self._adopt(api, step)
        elif step.content is not None:
            version = api.update(step.content)
        if change.action != CREATE and step.add:
            api.tag(step.add)
        if step.remove:
            api.untag(step.remove)
        if version is not None:
            self._versions[change.name] = version

    def _adopt(self, api: DocumentApi, step: Step) -> str:
        """Somebody else made the document meanwhile: bring theirs in line."""
        document = read_document(api)
        if document is None or document.type != TYPE:
            raise UserError("somebody else made a document of this name meanwhile, and not a session document")
        if step.want.tags:
            api.tag(step.want.tags)
        goal = goal_content(document.content, step.want)
        return document.version if same(document.content, goal) else api.update(goal)


class _Looks:
    """What destinations look like, remembered, because documents of a place tend to name the same ones."""

    def __init__(self) -> None:
        self._seen: Dict[Tuple[str, str, str, bool], Look] = {}
        self._lock = threading.Lock()

    def look(self, connection: Connection, what: str, name: str, encryption: bool) -> Look:
        key = (connection.name, what, name, encryption)
        with self._lock:
            known = self._seen.get(key)
        if known is None:
            known = DestinationsApi(connection).look(what, name, encryption)
            with self._lock:
                self._seen[key] = known
        return known


def read_document(api: DocumentApi, tags: bool = False, sharing: bool = False) -> Optional[Document]:
    """The default version; None where there is none. Content that is no JSON object counts as empty."""
    answer = api.read()
    if answer is None:
        return None
    type_ = answer.get("DocumentType") or TYPE
    content = _parsed(answer["Content"]) if type_ == TYPE else {}
    shared: Sequence[str] = _shared_with(api) if sharing else ()
    return Document(
        answer["DocumentVersion"], content, type_, api.tags() if tags and type_ == TYPE else None, frozenset(shared)
    )


def _shared_with(api: DocumentApi) -> List[str]:
    try:
        return api.shared_with()
    except AwsError as error:
        if error.denied:
            return []  # then AWS says it at the deletion
        raise


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
