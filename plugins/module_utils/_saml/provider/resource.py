# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SAML providers for `reconcile`: all accounts of a task, a few at a time."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Set

from ..._guardrails import Guard
from ..._parallel import in_parallel
from ..._reconcile import CREATE, DELETE, Change, Outcome, Plan, Problems, UserError
from ..._targets import Connection, accounts_only, reach, target_problems, targets
from ..trust import partition_of_region
from .api import ProvidersApi
from .files import read_file, require_libraries
from .plan import Steps, plan_providers, provider_entry
from .records import Account, Current, Wanted
from .validate import wanted_providers

AT_ONCE = 4  # requests of one account, for which IAM has one small budget


class SamlProviders:
    """The providers of a task, from its parameters."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._guard = Guard(module.params["max_deletions"], module.params["protect"])
        self._now = datetime.now(timezone.utc)
        self._wanted: List[Wanted] = []
        self._apis: Dict[str, ProvidersApi] = {}
        self._made: Dict[str, Dict[str, Any]] = {}

    def read(self) -> Current:
        require_libraries()
        params = self._module.params
        self._hide_keys(params["providers"])
        problems = target_problems(params["targets"]) + self._guard.findings()
        try:
            self._wanted = wanted_providers(params["providers"], self._now, self._read_file)
        except Problems as found:
            problems = problems + found.details["problems"]
        if problems:
            raise Problems(problems)
        reached = reach(self._module, targets(accounts_only(params["targets"])), regional=False)
        unread = dict(reached.unreachable)
        accounts: List[Account] = []
        for connection, answer in zip(reached.connections, in_parallel(reached.connections, self._read_account)):
            if isinstance(answer, UserError):
                unread[connection.name] = answer.message
            else:
                accounts.append(answer)
        return Current(accounts, unread)

    def plan(self, current: Current) -> Plan:
        return plan_providers(current, self._wanted, self._guard, self._now)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        failed: Set[str] = set()
        for change, answer in zip(plan.changes, in_parallel(plan.changes, self._do, AT_ONCE)):
            if isinstance(answer, UserError):
                failed.add(change.name)
            yield Outcome(change, answer.message if isinstance(answer, UserError) else None)
        entries = plan.result["saml_providers"]
        plan.result["saml_providers"] = [
            self._made.get(_name(entry), entry) for entry in entries if _name(entry) not in failed
        ]

    def _hide_keys(self, items: Sequence[Mapping[str, Any]]) -> None:
        """A key that somebody took for metadata or for a path stays out of all output too."""
        for item in items:
            given = [item.get("metadata"), item.get("metadata_file")]
            given += [key.get("pem_file") for key in item.get("private_keys") or []]
            self._module.no_log_values.update(text for text in given if text and "PRIVATE KEY" in text)

    def _read_file(self, path: str) -> bytes:
        """Whatever a file holds is kept out of all output, should it ever get near it."""
        content = read_file(path)
        if b"PRIVATE KEY" in content:
            self._module.no_log_values.add(content.decode("utf-8", "replace"))
        return content

    def _read_account(self, connection: Connection) -> Account:
        api = self._apis[connection.account_id] = ProvidersApi(connection.client("iam"), self._now)
        arns = api.arns()
        names = [want.name for want in self._wanted if not want.absent and want.name in arns]
        providers = {}
        for name, answer in zip(names, in_parallel(names, lambda name: api.read(name, arns[name]), AT_ONCE)):
            if isinstance(answer, UserError):
                raise answer
            if answer is not None:
                providers[name] = answer
        going = {want.name: arns[want.name] for want in self._wanted if want.absent and want.name in arns}
        asked = any(want.name in going and not want.force for want in self._wanted)
        roles = api.roles_by_provider() if asked else {}
        trusted = {name: roles[arn] for name, arn in going.items() if arn in roles}
        partition = partition_of_region(connection.region)
        return Account(connection.account_id, partition, arns, providers, trusted)

    def _do(self, change: Change) -> None:
        steps: Steps = change.payload
        api = self._apis[steps.account_id]
        if change.action == DELETE:
            api.delete(steps.arn)
            return
        arn = _create(api, steps) if change.action == CREATE else _update(api, steps)
        provider = api.settled(steps.name, arn)
        if provider is not None:
            self._made[change.name] = provider_entry(steps.account_id, provider)


def _create(api: ProvidersApi, steps: Steps) -> str:
    first: Optional[Any] = steps.add_keys[0] if steps.add_keys else None
    arn = api.create(steps.name, steps.document or "", steps.tags, steps.mode, first)
    known: List[str] = []
    for key in steps.add_keys:
        if key is not first:
            api.update(arn, None, None, key)
        known.append(api.remember_key(steps.name, arn, known, key))
    return arn


def _update(api: ProvidersApi, steps: Steps) -> str:
    """The new before the old: until another key is there the old one stays, unless there is no room."""
    known, old = list(steps.known_keys), list(steps.remove_keys)
    document, mode = steps.document, steps.mode
    for key in steps.add_keys:
        while old and len(known) > 1:
            known.remove(old[0])
            api.remove_key(steps.arn, old.pop(0))
        api.update(steps.arn, document, mode, key)
        document = mode = None
        known.append(api.remember_key(steps.name, steps.arn, known, key))
    if document is not None or mode is not None:
        api.update(steps.arn, document, mode, None)
    for key_id in old:
        api.remove_key(steps.arn, key_id)
    if steps.tags:
        api.tag(steps.arn, steps.tags)
    if steps.untag:
        api.untag(steps.arn, steps.untag)
    return steps.arn


def _name(entry: Mapping[str, Any]) -> str:
    return f"{entry['account_id']}/{entry['name']}"
