# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups for `reconcile`: reads what is managed, plans, applies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..._aws import Client
from ..._guardrails import Guard
from ..._parallel import each, in_lanes
from ..._progress import progress_of
from ..._reconcile import CREATE, DELETE, UPDATE, Change, Outcome, Plan, Problems
from ..assignments.api import DirectoryApi as Lookup
from ..assignments.lockout import signed_in
from ..instance import IdentityCenter
from .api import DirectoryApi
from .plan import GROUP, MEMBERSHIP, USER, plan_directory
from .records import ByName, Caller, Current, Group, Named, User
from .validate import desired

# The first botocore whose ListUsers, CreateUser and UpdateUser know extensions.
BOTOCORE_WITH_EXTENSIONS = "1.42.5"


class Directory:
    """The users and groups of a task, from its parameters."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._purge_members: bool = module.params["purge_members"]
        self._guard = Guard(module.params["max_deletions"], module.params["protect"])
        self._user_ids: Dict[str, str] = {}
        self._group_ids: Dict[str, str] = {}

    def read(self) -> Current:
        problems = self._guard.findings()
        if problems:
            raise Problems(problems)
        self._desired = desired(self._module.params["users"], self._module.params["groups"])
        enterprise = self._desired.manages_enterprise()
        self._center = _center(self._module, enterprise)
        self._api = _api(self._center)
        users = self._read_users(enterprise)
        groups = self._read_groups(users)
        self._user_ids = {user.user_name: str(user.user_id) for user in users}
        self._group_ids = {group.name: str(group.group_id) for group in groups}
        current = Current(ByName(users), groups)
        if self._module.params["allow_self_lockout"] or not self._deletes(current):
            return current
        came_in = signed_in(Client(self._module, "sts").call("get_caller_identity")["Arn"])
        return replace(current, caller=self._caller(came_in[2])) if came_in else current

    def _caller(self, user_name: str) -> Caller:
        center = self._center
        found = Lookup(center.client("identitystore"), center.instance).principals(user_name) or ()
        return Caller(user_name, frozenset(principal_id for kind, principal_id in found if kind == "GROUP"))

    def _deletes(self, current: Current) -> bool:
        return any(change.action == DELETE for change in self.plan(current).changes)

    def _read_users(self, enterprise: bool) -> List[User]:
        if not self._desired.users and not self._desired.manages_members():
            return []
        return self._api.users(enterprise)

    def _read_groups(self, users: Sequence[User]) -> ByName[Group]:
        """All groups, with their members where these are managed: that is one more call a group."""
        if not self._desired.groups:
            return ByName()
        groups = ByName(self._api.groups())
        read = {group.name: group for group in groups}
        names = {str(user.user_id): user.user_name for user in users}
        managed = [want.name for want in self._desired.groups if want.members is not None and not want.absent]
        found = [group for group in map(groups.get, managed) if group is not None]
        for group in _with_members(self._api, found, names):
            read[group.name] = group
        return ByName(read.values())

    def plan(self, current: Current) -> Plan:
        return plan_directory(current, self._desired, self._purge_members, self._guard)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        """Side by side, but deletions when everything else is done."""
        progress = progress_of(self._module)
        gone = [change for change in plan.changes if change.action == DELETE]
        rest = [change for change in plan.changes if change.action != DELETE]
        for verb, changes in (("changed", rest), ("deleted", gone)):
            progress.begin(verb, len(changes))
            yield from in_lanes(changes, self._do, _lane, progress.moved)
        for shown in plan.result["users"]:
            if shown["user_name"] in self._user_ids:
                shown["user_id"] = self._user_ids[shown["user_name"]]
        for shown in plan.result["groups"]:
            if shown["name"] in self._group_ids:
                shown["group_id"] = self._group_ids[shown["name"]]

    def _do(self, change: Change) -> None:
        doers: Dict[Tuple[str, str], Callable[[Change], None]] = {
            (CREATE, USER): self._create_user,
            (UPDATE, USER): self._update_user,
            (DELETE, USER): lambda it: self._api.delete_user(it.payload),
            (CREATE, GROUP): self._create_group,
            (UPDATE, GROUP): lambda it: self._api.put_description(self._group_ids[it.name], it.payload.description),
            (DELETE, GROUP): lambda it: self._api.delete_group(it.payload),
            (CREATE, MEMBERSHIP): self._add_member,
            (DELETE, MEMBERSHIP): lambda it: self._api.remove_member(it.payload),
        }
        doers[change.action, change.kind](change)

    def _create_user(self, change: Change) -> None:
        self._user_ids[change.name] = self._api.create_user(change.payload)

    def _update_user(self, change: Change) -> None:
        goal, fields = change.payload
        self._api.update_user(self._user_ids[change.name], goal, fields)

    def _create_group(self, change: Change) -> None:
        self._group_ids[change.name] = self._api.create_group(change.payload)

    def _add_member(self, change: Change) -> None:
        group, user = change.payload
        self._api.add_member(self._group_ids[group], self._user_ids[user])


def read_directory(module: Any) -> Mapping[str, Any]:
    """The answer of identity_store_info."""
    params = module.params
    include = set(params["include"])
    wants_users = bool(include & {"users", "enterprise"}) and params["users"] != []
    wants_groups = bool(include & {"groups", "members"}) and params["groups"] != []
    enterprise = wants_users and "enterprise" in include
    api = _api(_center(module, enterprise))
    groups, missing_groups = _chosen(api.groups() if wants_groups else [], params["groups"] if wants_groups else None)
    members = "members" in include and bool(groups)
    everybody = api.users(enterprise) if wants_users or members else []
    users, missing_users = _chosen(everybody if wants_users else [], params["users"] if wants_users else None)
    if members:
        names = {str(user.user_id): user.user_name for user in everybody}
        groups = _with_members(api, groups, names)
    return dict(
        users=[user.shown() for user in users],
        groups=[dict(group.shown(), **_sorted_members(group)) for group in groups],
        missing_users=missing_users,
        missing_groups=missing_groups,
    )


def _with_members(api: DirectoryApi, groups: Sequence[Group], names: Mapping[str, str]) -> List[Group]:
    """The groups with their members: one call each. names: of users, by id."""
    return each(groups, lambda group: replace(group, members=api.members(str(group.group_id), names)))


def _lane(change: Change) -> Tuple[str, str]:
    """Changes of one user, and of one group and its members, are done one after the other, lest they collide."""
    return (USER, change.name) if change.kind == USER else (GROUP, str(change.detail.get("group", change.name)))


def _chosen(found: Sequence[Named], names: Optional[Sequence[str]]) -> Tuple[List[Named], List[str]]:
    """Those with the given names, or all, sorted by name; and the names that do not exist."""
    known = ByName(found)
    if names is None:
        chosen, missing = list(found), []
    else:
        picked = {name: known.get(name) for name in names}
        chosen = list({record.name: record for record in picked.values() if record is not None}.values())
        missing = sorted(name for name, record in picked.items() if record is None)
    return sorted(chosen, key=lambda record: record.name), missing


def _sorted_members(group: Group) -> Dict[str, List[str]]:
    return {} if group.members is None else dict(members=sorted(group.members))


def _center(module: Any, enterprise: bool) -> IdentityCenter:
    if enterprise:
        module.require_botocore_at_least(
            BOTOCORE_WITH_EXTENSIONS, reason="to read and write enterprise attributes of users"
        )
    return IdentityCenter(module)


def _api(center: IdentityCenter) -> DirectoryApi:
    return DirectoryApi(center.client("identitystore"), center.instance)
