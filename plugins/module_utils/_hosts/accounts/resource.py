# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's side of the modules `os_users` and `os_users_info`: reads, plans and applies, and decides nothing."""

from __future__ import annotations

import os
import platform
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence

from ..._reconcile import Change, Outcome, Plan, UserError, in_order
from ..names import os_user_name_problem
from .commands import Tools, busy, given_up
from .facts import Asked, HostReader, asked
from .plan import account_result, make_plan, results
from .processes import processes_of
from .records import DelUser, GroupWish, Host, UserWish, Wishes, home_of


def wishes_of(params: Mapping[str, Any]) -> Wishes:
    """The module's options as records."""
    users, groups = params["users"], params["groups"]
    return Wishes(
        users=tuple(_user(f"users[{n}]", item) for n, item in enumerate(users or ())),
        groups=tuple(_group(f"groups[{n}]", item) for n, item in enumerate(groups or ())),
        purge=params["purge"],
        users_given=users is not None,
    )


def _user(path: str, item: Mapping[str, Any]) -> UserWish:
    values = {key: value for key, value in item.items() if key not in ("state", "groups")}
    groups = None if item["groups"] is None else tuple(item["groups"])
    return UserWish(path=path, groups=groups, present=item["state"] == "present", **values)


def _group(path: str, item: Mapping[str, Any]) -> GroupWish:
    values = {key: value for key, value in item.items() if key != "state"}
    return GroupWish(path=path, present=item["state"] == "present", **values)


class Accounts:
    """OS users and groups of this host, for `reconcile`."""

    def __init__(self, module: Any, wishes: Wishes) -> None:
        self._wishes = wishes
        self._check_mode = module.check_mode
        self._tools = Tools(module)
        self._reader = HostReader()
        self._umask = 0

    def read(self) -> Host:
        require_linux()
        if os.geteuid() != 0:
            raise UserError("OS users can be managed by root only; set become: true for the task, the play or the host")
        host = self._reader.read(asked(self._wishes))
        self._umask = host.limits.home_umask
        return host

    def plan(self, current: Host) -> Plan:
        plan = make_plan(self._wishes, current)
        self._tools.require([change.payload for change in plan.changes])
        if self._check_mode:
            plan.warnings += [text for change in plan.changes for text in _refusal(change)]
        return plan

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        yield from in_order(plan.changes, lambda change: self._tools.do(change.payload, self._umask))
        if plan.changes:
            plan.result.update(results(self._wishes, self._reader.read(asked(self._wishes))))


def _refusal(change: Change) -> List[str]:
    """What the real run would refuse, as far as it can be known before."""
    step = change.payload
    uid = given_up(step)
    if uid is None or step.force:
        return []
    running = processes_of(uid)
    what = "removed" if isinstance(step, DelUser) else "changed"
    return [f"user '{step.name}' would not be {what}: {busy(running)}"] if running else []


def require_linux() -> None:
    system = platform.system()
    if system != "Linux":
        raise UserError(f"OS users are managed on Linux only, and this host runs {system}")


def read_info(names: Optional[Sequence[str]]) -> Dict[str, Any]:
    """The accounts of these names, or all that are ours, with what the agent asks before it runs a session."""
    require_linux()
    reader = HostReader()
    if names is None:
        host = reader.read(Asked())
        names = sorted(name for name in host.accounts if host.managed(name))
    host = reader.read(Asked(users=frozenset(names)))
    return dict(users=[info(name, host) for name in names])


def info(name: str, host: Host) -> Dict[str, Any]:
    """One account; pure."""
    account = host.accounts.get(name)
    problem = run_as_problem(name, host)
    facts: Dict[str, Any] = dict(name=name, exists=account is not None, run_as_ready=problem is None)
    facts["run_as_problem"] = problem
    if account is None:
        return facts
    home = host.homes.get(name)
    return dict(
        account_result(account, host.managed(name)),
        home_matches=account.home == home_of(name),
        home_exists=home is not None and home.is_directory,
        uid_zero=account.uid == 0,
        primary_gid_zero=account.gid == 0,
        **{key: value for key, value in facts.items() if key != "name"},
    )


def run_as_problem(name: str, host: Host) -> Optional[str]:
    """Why the agent would not run a session as `name`, or not in a home; None when it would. Pure."""
    account, home = host.accounts.get(name), host.homes.get(name)
    problem = os_user_name_problem(name)
    if problem is None and account is None:
        problem = f"no user '{name}' on this host; the agent creates nobody"
    if problem is not None or account is None:
        return problem
    if account.uid == 0 or account.gid == 0:
        return f"'{name}' has uid {account.uid} and primary gid {account.gid}; the agent refuses 0"
    if home is None or not home.is_directory:
        return f"the agent starts in {home_of(name)}, which is not a directory on this host"
    return None
