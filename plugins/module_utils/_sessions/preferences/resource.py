# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session preferences for `reconcile`: all accounts and Regions of a task, a few at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Set

from ..._parallel import in_parallel
from ..._reconcile import CREATE, DELETE, Change, Outcome, Plan, Problems, UserError, unread_error
from ..._targets import Connection, reach, target_problems, targets
from . import destinations
from .api import DestinationsApi, PreferencesApi
from .plan import KIND, goal_content, place_result, plan_preferences
from .records import Current, Document, Place
from .validate import input_problems, parsed, wanted_inputs


class SessionPreferences:
    """The preferences of a task, from its parameters."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._absent: bool = module.params["state"] == "absent"
        self._timeout: int = module.params["wait_timeout"]
        self._wanted: Dict[str, Any] = {}
        self._apis: Dict[str, PreferencesApi] = {}
        self._versions: Dict[str, str] = {}

    def read(self) -> Current:
        params = self._module.params
        problems = target_problems(params["targets"]) + input_problems(params)
        if problems:
            raise Problems(problems)
        self._wanted = {} if self._absent else wanted_inputs(params)
        reached = reach(self._module, targets(params["targets"]))
        answers = in_parallel(reached.connections, self._read_place)
        unread = dict(reached.unreachable)
        places: List[Place] = []
        for connection, answer in zip(reached.connections, answers):
            if isinstance(answer, UserError):
                unread[connection.name] = answer.message
            else:
                places.append(answer)
        return Current(places, unread)

    def plan(self, current: Current) -> Plan:
        return plan_preferences(current, self._wanted, self._absent)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        failed: Set[str] = set()
        for change, answer in zip(plan.changes, in_parallel(plan.changes, self._do)):
            if isinstance(answer, UserError):
                failed.add(change.name)
            yield Outcome(change, answer.message if isinstance(answer, UserError) else None)
        for name, api in sorted(self._apis.items()):
            if api.removed:
                self._module.warn(f"{name}: deleted version {', '.join(api.removed)} of the document to make room")
        self._fill(plan.result["session_preferences"], failed)

    def _fill(self, entries: List[Dict[str, Any]], failed: Set[str]) -> None:
        """Add the versions that came to be, and take out what did not."""
        for entry in list(entries):
            name = f"{entry['account_id']}/{entry['region']}"
            if name in failed:
                entries.remove(entry)
            elif name in self._versions:
                entry["document_version"] = self._versions[name]

    def _read_place(self, connection: Connection) -> Place:
        api = self._apis[connection.name] = PreferencesApi(connection.client("ssm"), self._timeout)
        place = Place(connection.account_id, connection.region, _document(api, lenient=self._absent))
        if self._absent or not self._module.params["check_destinations"]:
            return place
        have = place.document.inputs if place.document else {}
        goal = goal_content(place.document, self._wanted)["inputs"]
        api_of_destinations = DestinationsApi(connection)
        looks = {
            what: api_of_destinations.look(what, name, destinations.encryption_wanted(what, goal))
            for what, name in destinations.to_look_at(have, goal, self._wanted).items()
        }
        return replace(
            place,
            problems=list(destinations.problems(place.name, goal, looks)),
            warnings=destinations.warnings(place.name, goal, looks),
        )

    def _do(self, change: Change) -> None:
        api = self._apis[change.name]
        if change.action == DELETE:
            api.delete()
            return
        version = api.create(change.payload) if change.action == CREATE else api.update(change.payload)
        if version is None:  # somebody else made the document meanwhile: bring theirs in line
            document = _document(api)
            goal = goal_content(document, self._wanted)
            if document is not None and document.content == goal:
                version = document.version
            else:
                version = api.update(goal)
        self._versions[change.name] = version


def read_preferences(module: Any) -> Mapping[str, Any]:
    """The answer of session_preferences_info; fails where a target cannot be read, with the answer of the others."""
    items: Optional[Sequence[Mapping[str, Any]]] = module.params["targets"]
    problems = target_problems(items)
    if problems:
        raise Problems(problems)
    reached = reach(module, targets(items))
    answers = in_parallel(reached.connections, _read_entry)
    entries = [answer for answer in answers if not isinstance(answer, UserError)]
    unread = dict(reached.unreachable)
    for connection, answer in zip(reached.connections, answers):
        if isinstance(answer, UserError):
            unread[connection.name] = answer.message
    if unread:
        raise unread_error(KIND, unread, f"of {len(unread) + len(entries)} targets", session_preferences=entries)
    return dict(session_preferences=entries)


def _read_entry(connection: Connection) -> Dict[str, Any]:
    api = PreferencesApi(connection.client("ssm"), timeout=0)
    document = _document(api)
    place = Place(connection.account_id, connection.region, document)
    if document is None:
        return place_result(place, None, None)
    return dict(place_result(place, document.content, document.version), latest_version=api.latest_version())


def _document(api: PreferencesApi, lenient: bool = False) -> Optional[Document]:
    """The default version. lenient: what holds no preferences will do too, because it is only to be deleted."""
    answer = api.read()
    if answer is None:
        return None
    version = answer["DocumentVersion"]
    try:
        return Document(version, parsed(answer["Content"], version))
    except UserError:
        if lenient:
            return Document(version, {})
        raise
