# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Default Host Management for `reconcile`: all accounts and Regions of a task, a few at a time."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Optional, Set, Tuple

from ..._parallel import in_parallel
from ..._reconcile import DELETE, Change, Outcome, Plan, Problems, UserError, unread_error
from ..._targets import Connection, reach, target_problems, targets
from .api import HostManagementApi, look_at_role
from .plan import KIND, changing, entry, plan_host_management, without
from .records import Current, Look, Place
from .validate import role_problems, split


class HostManagement:
    """Default Host Management of a task, from its parameters."""

    def __init__(self, module: Any) -> None:
        self._module = module
        params = module.params
        self._role: Optional[str] = None if params["state"] == "absent" else params["role"]
        expected = (params["expected"] or {}).get("roles") or [] if module.check_mode else []
        self._expected = {split(name)[1] for name in expected}
        self._connections: Dict[str, Connection] = {}

    def read(self) -> Current:
        params = self._module.params
        problems = target_problems(params["targets"])
        if self._role is not None:
            problems += list(role_problems(self._role))
        if problems:
            raise Problems(problems)
        self._connections, places, unread = _read(self._module)
        looks: Dict[str, Look] = {}
        if self._role is not None and params["check_role"]:
            looks = self._look(changing(places, self._role), unread)
        return Current([place for place in places if place.name not in unread], looks, unread)

    def plan(self, current: Current) -> Plan:
        return plan_host_management(current, self._role)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        failed: Set[str] = set()
        for change, answer in zip(plan.changes, in_parallel(plan.changes, self._do)):
            error = answer.message if isinstance(answer, UserError) else None
            if error is not None:
                failed.add(change.name)
            yield Outcome(change, error)
        without(plan.result["default_host_management"], failed)

    def _look(self, places: List[Place], unread: Dict[str, str]) -> Dict[str, Look]:
        """Each account is looked at once, where its role is not yet to be made."""
        role = str(self._role)
        if split(role)[1] in self._expected:
            return {}
        first = {place.account_id: self._connections[place.name] for place in reversed(places)}
        accounts = sorted(first)
        answers = in_parallel(accounts, lambda account: look_at_role(first[account].client("iam"), role))
        looks: Dict[str, Look] = {}
        for account, answer in zip(accounts, answers):
            if isinstance(answer, UserError):
                unread.update({place.name: answer.message for place in places if place.account_id == account})
            else:
                looks[account] = answer
        return looks

    def _do(self, change: Change) -> None:
        api = HostManagementApi(self._connections[change.name].client("ssm"))
        if change.action == DELETE:
            api.reset()
        else:
            api.write(str(change.detail["role"]))


def read_host_management(module: Any) -> Mapping[str, Any]:
    """The answer of default_host_management_info; fails where a target cannot be read, with those of the others."""
    problems = target_problems(module.params["targets"])
    if problems:
        raise Problems(problems)
    _connections, places, unread = _read(module)
    entries = [entry(place, place.role) for place in places]
    if unread:
        raise unread_error(
            KIND, unread, f"of {len(unread) + len(entries)} targets", default_host_management=entries
        )
    return dict(default_host_management=entries)


def _read(module: Any) -> Tuple[Dict[str, Connection], List[Place], Dict[str, str]]:
    reached = reach(module, targets(module.params["targets"]))
    unread = dict(reached.unreachable)
    places: List[Place] = []
    for connection, answer in zip(reached.connections, in_parallel(reached.connections, _read_place)):
        if isinstance(answer, UserError):
            unread[connection.name] = answer.message
        else:
            places.append(answer)
    return {connection.name: connection for connection in reached.connections}, places, unread


def _read_place(connection: Connection) -> Place:
    return Place(connection.account_id, connection.region, HostManagementApi(connection.client("ssm")).read())
