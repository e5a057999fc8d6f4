# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Managed policies for `reconcile`: all accounts of a task, a few at a time."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Set

from ansible_collections.amazon.aws.plugins.module_utils.policy import compare_policies

from ..._guardrails import Guard
from ..._parallel import in_lanes, in_parallel
from ..._reconcile import Change, Outcome, Plan, Problems, UserError
from ..._targets import Connection, accounts_only, reach, target_problems, targets
from ..scope import partition_of
from .api import PoliciesApi
from .plan import Rules, plan_policies
from .reader import AT_ONCE, AccountReader
from .records import Account, Current
from .validate import policies


class SessionPolicies:
    """The policies of a task, from its parameters."""

    def __init__(self, module: Any) -> None:
        self._module = module
        params = module.params
        self._rules = Rules(
            same_policy=same_policy,
            purge_attachments=params["purge_attachments"],
            purge_tags=params["purge_tags"],
            guard=Guard(params["max_deletions"], params["protect"]),
        )
        self._expected: Mapping[str, List[str]] = {}
        if module.check_mode:
            self._expected = {kind: names or [] for kind, names in (params["expected"] or {}).items()}
        self._apis: Dict[str, PoliciesApi] = {}
        self._versions: Dict[str, str] = {}

    def read(self) -> Current:
        params = self._module.params
        problems = target_problems(params["targets"])
        try:
            self._desired = policies(params["policies"], self._rules.guard)
        except Problems as found:
            problems = problems + found.details["problems"]
        if problems:
            raise Problems(problems)
        reached = reach(self._module, targets(accounts_only(params["targets"])), regional=False)
        answers = in_parallel(reached.connections, self._read_account)
        unread = dict(reached.unreachable)
        accounts: List[Account] = []
        for connection, answer in zip(reached.connections, answers):
            if isinstance(answer, UserError):
                unread[connection.name] = answer.message
            else:
                accounts.append(answer)
        return Current(accounts, unread)

    def _read_account(self, connection: Connection) -> Account:
        api = self._apis[connection.account_id] = PoliciesApi(connection.client("iam"))
        partition = partition_of(connection.region)
        reader = AccountReader(api, connection.account_id, partition, same_policy, self._expected)
        return reader.read(self._desired)

    def plan(self, current: Current) -> Plan:
        return plan_policies(current, self._desired, self._rules)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        """Accounts side by side, in each of them a few policies; what failed is not in the result."""
        by_account: Dict[str, List[Change]] = {}
        for change in plan.changes:
            by_account.setdefault(_account(change.name), []).append(change)
        failed: Set[str] = set()
        for outcomes in in_parallel(list(by_account.values()), self._apply_account):
            if isinstance(outcomes, UserError):
                raise outcomes
            for outcome in outcomes:
                if outcome.error is not None:
                    failed.add(outcome.change.name)
                yield outcome
        self._fill(plan.result, failed)

    def _apply_account(self, changes: List[Change]) -> List[Outcome]:
        return list(in_lanes(changes, self._do, lane=lambda change: change.subject, at_once=AT_ONCE))

    def _do(self, change: Change) -> None:
        api = self._apis[_account(change.name)]
        step, *arguments = change.payload
        if step == "create":
            want, tags = arguments
            self._versions[change.name] = api.create(want.name, want.path, want.document, want.description, tags)
        elif step in ("new_version", "make_default"):
            self._versions[change.name] = getattr(api, step)(*arguments)
        else:
            getattr(api, step)(*arguments)

    def _fill(self, result: Dict[str, Any], failed: Set[str]) -> None:
        """Add the versions that came to be, and take out policies that did not."""
        entries = result["session_policies"]
        result["session_policies"] = [entry for entry in entries if _name(entry) not in failed]
        for entry in result["session_policies"]:
            if _name(entry) in self._versions:
                entry["default_version_id"] = self._versions[_name(entry)]


def same_policy(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents mean the same; nothing is the same as no document."""
    if not one or not other:
        return False
    return one == other or not compare_policies(dict(one), dict(other))


def _account(name: str) -> str:
    return name.partition("/")[0]


def _name(entry: Mapping[str, Any]) -> str:
    return f"{entry['account_id']}/{entry['name']}"
