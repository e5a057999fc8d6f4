# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance profiles of instances for `reconcile`: all accounts and Regions of a task, a few requests at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Set, Tuple

from ..._parallel import in_lanes, in_parallel
from ..._reconcile import CREATE, DELETE, Change, Outcome, Plan, Problems, UserError, unread_error
from ..._shape import Reader
from ..._targets import Connection, reach, target_problems, targets
from .api import InstancesApi, ProfilesApi
from .plan import PROFILE, ROLE, plan_profiles, without_sessions
from .records import Account, Current, Instance, Place, Profile, Role, Selection, Wish
from .validate import profile_account, read_selection, read_wish

Key = Tuple[str, str]  # an account, and the name of a profile or role in it


class InstanceProfiles:
    """The instance profiles of a task's instances, from its parameters."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._reading = _Reading(module)
        self._wish = Wish(Selection(all=True))

    def read(self) -> Current:
        params = self._module.params
        problems = target_problems(params["targets"])
        try:
            self._wish = read_wish(params, self._module.check_mode)
        except Problems as found:
            problems += found.details["problems"]
        if problems:
            raise Problems(problems)
        current = self._reading.read(self._wish)
        account = profile_account(params["instance_profile"])
        strangers = [place.account_id for place in current.places if account and place.account_id != account]
        if strangers:
            raise Problems(
                [
                    f"instance_profile: its ARN is of account {account}, and {strangers[0]} is among the targets; give "
                    "the name, and have a profile of that name in each account"
                ]
            )
        return current

    def plan(self, current: Current) -> Plan:
        return plan_profiles(current, self._wish)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        failed: Set[str] = set()
        for outcome in in_lanes(plan.changes, self._do, lane=lambda change: change.name):
            if outcome.error is not None:
                failed.add(outcome.change.name)
            yield outcome
        entries: List[Dict[str, Any]] = plan.result["instances"]
        entries[:] = [each for each in entries if not failed.intersection(_names(each))]
        plan.result["without_session_manager"] = without_sessions(entries)

    def _do(self, change: Change) -> None:
        work = change.payload
        if change.kind == ROLE:
            iam = self._reading.by_account[work["account"]].client("iam")
            ProfilesApi(iam).swap(work["role"], work["attach"], work["detach"])
            return
        ec2 = self._reading.connections[work["place"]].client("ec2")
        api = InstancesApi(ec2, self._module.params["wait_timeout"])
        instance = work["instance"]
        if change.action == DELETE:
            api.disassociate(instance.association_id)
        elif change.action == CREATE:
            api.associate(instance.instance_id, work["after"], work["role"])
        else:
            api.replace(instance.association_id, work["after"], work["role"])


class _Reading:
    """What is read of all targets. Profiles and roles are read once for each account, whatever its Regions."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self.connections: Dict[str, Connection] = {}
        self.by_account: Dict[str, Connection] = {}

    def read(self, wish: Wish) -> Current:
        reached = reach(self._module, targets(self._module.params["targets"]))
        self.connections = {connection.name: connection for connection in reached.connections}
        unread = dict(reached.unreachable)
        places: List[Place] = []
        for connection in reached.connections:
            self.by_account.setdefault(connection.account_id, connection)
        answers = in_parallel(reached.connections, lambda connection: _place(connection, wish))
        for connection, answer in zip(reached.connections, answers):
            if isinstance(answer, UserError):
                unread[connection.name] = answer.message
            else:
                places.append(answer)
        accounts, lost = self._accounts(places, wish)
        unread.update({place.name: lost[place.account_id] for place in places if place.account_id in lost})
        return Current([place for place in places if place.account_id not in lost], accounts, unread)

    def _accounts(self, places: Sequence[Place], wish: Wish) -> Tuple[Dict[str, Account], Dict[str, str]]:
        """The accounts, and why some could not be read."""
        accounts = {place.account_id: Account() for place in places if place.instances}
        lost: Dict[str, str] = {}
        named = {(place.account_id, each.profile) for place in places for each in place.instances if each.profile}
        if wish.profile is not None:
            named |= {(account_id, wish.profile) for account_id in accounts}
        roles: Dict[Key, Role] = {}
        for (account_id, name), answer in self._each(sorted(named), lambda api, key: api.profile(key[1]), lost):
            profile, role = answer
            if name in wish.expected and role is None:
                profile = Profile(name, None)
            accounts[account_id].profiles[name] = profile
            if role is not None:
                roles[(account_id, role.name)] = role
        for (account_id, name), answer in self._each(sorted(roles), lambda api, key: api.policies(roles[key]), lost):
            accounts[account_id].roles[name] = answer
        missing = [
            (account_id, str(wish.profile))
            for account_id, account in accounts.items()
            if not wish.absent and account.profiles.get(str(wish.profile), Profile("", None)).there is False
        ]
        for (account_id, _name), answer in self._each(missing, lambda api, _key: api.names(), lost):
            accounts[account_id] = replace(accounts[account_id], others=answer)
        return accounts, lost

    def _each(self, keys: Sequence[Key], work: Any, lost: Dict[str, str]) -> Iterator[Tuple[Key, Any]]:
        """What `work` gives for each; an account of which something cannot be read is lost."""
        clients = {account_id: self.by_account[account_id].client("iam") for account_id in {key[0] for key in keys}}
        for key, answer in zip(keys, in_parallel(keys, lambda key: work(ProfilesApi(clients[key[0]]), key))):
            if isinstance(answer, UserError):
                lost[key[0]] = answer.message
            else:
                yield key, answer


def read_profiles(module: Any) -> Mapping[str, Any]:
    """The answer of instance_profiles_info; fails where a target cannot be read, with the answer of the others."""
    params, reader = module.params, Reader()
    reader.problems.extend(target_problems(params["targets"]))
    selection = read_selection(params["instances"] or dict(all=True), reader)
    reader.stop_if_wrong()
    wish = Wish(selection, replace_deprecated=False)
    current = _Reading(module).read(wish)
    plan = plan_profiles(current, wish)
    for warning in plan.warnings:
        module.warn(warning)
    if current.unread:
        total = len(current.unread) + len(current.places)
        raise unread_error(PROFILE, current.unread, f"of {total} targets", **plan.result)
    return plan.result


def _place(connection: Connection, wish: Wish) -> Place:
    api = InstancesApi(connection.client("ec2"))
    instances = api.instances(wish.selection)
    if wish.associations_matter and instances:
        known = api.associations(wish.selection.ids)
        instances = [_associated(each, known) for each in instances]
    return Place(connection.account_id, connection.region, instances)


def _associated(instance: Instance, known: Mapping[str, Tuple[str, str]]) -> Instance:
    association_id, profile = known.get(instance.instance_id, (None, None))
    return replace(instance, association_id=association_id, profile=profile)


def _names(each: Mapping[str, Any]) -> Set[str]:
    """What a failed change of this instance, or of its role, is called."""
    account_id = each["account_id"]
    return {f"{account_id}/{each['region']}/{each['instance_id']}", f"{account_id}/{each.get('role')}"}
