# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person and one host with a shell: may a session be opened, as whom, and if not, why."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple

from .._evaluation.evaluate import DENIED, Decision
from .._hosts.names import os_user_name_problem
from .._identity_center.attributes.sources import short_source
from .._reconcile import UserError
from .._sessions.scope import RUN_AS_TAG
from .._sessions.statements import SHELL_DOCUMENT
from .facts import Facts
from .reach import (
    BOUNDARY,
    SOMEBODY,
    Policies,
    Request,
    demands_run_as,
    may_start,
    open_ways,
    policies_of,
    why_refused,
    with_run_as,
)
from .sudo_listing import NONE, sudo_rights

SSM_USER = "ssm-user"

Row = Dict[str, Any]


class Question:
    """One person and one host: the first thing that fails is the reason, the other columns are filled in too."""

    def __init__(self, facts: Facts, user: Mapping[str, Any], host: Mapping[str, Any]) -> None:
        self.facts, self.user, self.host = facts, user, host
        self.account_id, self.region = str(host["account_id"]), str(host["region"])
        self.tags = facts.tags(user)
        self.value = self.tags.get(RUN_AS_TAG)
        self.request = Request(
            user_name=str(user["user_name"]),
            tags=self.tags,
            account_id=self.account_id,
            region=self.region,
            instance_id=str(host["instance_id"]),
            instance_tags={str(key): str(value) for key, value in (host.get("tags") or {}).items()},
        )
        preferences = facts.preferences.get((self.account_id, self.region)) or {}
        self.run_as_on = bool(preferences.get("run_as_enabled"))
        self.default_user = preferences.get("run_as_default_user") or None
        self.ways_round: List[str] = []

    def row(self) -> Row:
        way, refused = self._way_in()
        os_user, broken = self._os_user(way)
        why_not = refused or broken
        problem = os_user_name_problem(self.value) if self.value is not None else None
        there = self._on_host(os_user)
        return {
            "person": self.request.user_name,
            "host": str(self.host.get("name") or self.request.instance_id),
            "instance_id": self.request.instance_id,
            "account_id": self.account_id,
            "run_as": self.value,
            "os_user": os_user,
            "valid_os_user": self.value is not None and problem is None,
            "invalid_because": problem,
            "exists_on_host": None if there is None else bool(there.get("exists")),
            "sudo": sudo_rights((self.host.get("sudo") or {}).get(os_user)) if os_user else NONE,
            "allowed": why_not is None,
            "way": self._way_in_words(way),
            "why_not": why_not,
            "ways_round": list(dict.fromkeys(self.ways_round)),
            "leftover": False,
            "agent_running": self._agent().get("running"),
            "agent_version": self._agent().get("version"),
        }

    def _agent(self) -> Mapping[str, Any]:
        return self.host.get("agent") or {}

    def _way_in(self) -> Tuple[Optional[Tuple[str, Optional[str]]], Optional[str]]:
        """The permission set that lets the person in, or why none does. Collects the ways round Run As on the way."""
        refusals: List[Tuple[int, str]] = []
        way = None
        for name, group in self.facts.assigned(self.request.user_name, self.account_id):
            permission_set = self.facts.permission_sets.get(name)
            if permission_set is None:
                refusals.append((1, f"{name} was not read, so that it cannot be judged"))
                continue
            policies = policies_of(permission_set)
            if self.run_as_on:
                self._note_ways(name, policies)
            if self.account_id in (permission_set.get("outdated_accounts") or ()):
                refusal: Optional[Tuple[int, str]] = (2, f"{name} has changed since it was provisioned: provision it")
            else:
                refusal = self._refusal(name, policies)
            if refusal is not None:
                refusals.append(refusal)
            elif way is None or (self._demands(name) and not self._demands(way[0])):
                way = (name, group)
        if way is not None:
            return way, None
        if not refusals:
            return None, f"no assignment in account {self.account_id}"
        return None, max(refusals, key=lambda found: found[0])[1]

    def _refusal(self, name: str, policies: Policies) -> Optional[Tuple[int, str]]:
        """Why a permission set does not let the person in, and how much that tells; None where it does."""
        decision = self._decide(policies)
        if decision.allowed and not policies.may_take:
            return None
        if decision.effect != DENIED and (policies.may_take or policies.may_give):
            unread = ", ".join(policies.may_take + policies.may_give)
            return 1, f"{name} cannot be judged: {unread} was not read"
        if decision.effect == DENIED and self.value is None:
            with_value = may_start(policies.documents, with_run_as(self.request, SOMEBODY), SHELL_DOCUMENT)
            if with_value.allowed:
                return 3, self._no_value()
            decision = with_value
        # What a policy says about this very host tells more than that another does not speak of it.
        rank = 2 if decision.misses or decision.effect == DENIED else 0
        return rank, why_refused(decision, name, self.request)

    def _decide(self, policies: Policies) -> Decision:
        return may_start(policies.documents, self.request, SHELL_DOCUMENT)

    def _no_value(self) -> str:
        if RUN_AS_TAG not in self.facts.attributes:
            return f"no value: attributes for access control have no {RUN_AS_TAG}"
        source = self.facts.attributes[RUN_AS_TAG]
        try:
            return f"no value: {short_source(source)} is empty in the directory"
        except UserError as error:
            return f"no value: {error.message}"

    def _note_ways(self, name: str, policies: Policies) -> None:
        ways = open_ways(policies.documents, self.request)
        ways += [policy + "?" for policy in policies.may_give + policies.may_take if policy != BOUNDARY]
        self.ways_round += [f"{way} ({name})" for way in ways]

    def _os_user(self, way: Optional[Tuple[str, Optional[str]]]) -> Tuple[Optional[str], Optional[str]]:
        """Whom a session would run as, and what is wrong with that."""
        if not self.run_as_on:
            place = f"{self.account_id}, {self.region}"
            if way is not None and self._demands(way[0]):
                return SSM_USER, f"Run As is off in the preferences of {place}: it would be {SSM_USER}"
            return SSM_USER, None
        name = self.value if self.value is not None else self.default_user
        if name is None:
            return None, self._no_value()
        problem = os_user_name_problem(name)
        if problem is not None:
            return name, problem
        there = self._on_host(name)
        if there is None:
            return name, f"whether {name} exists on this host was not read"
        if not there.get("exists"):
            return name, f"no OS user {name} on this host"
        for key, number in (("uid", there.get("uid")), ("primary gid", there.get("gid"))):
            if number is not None and int(number) == 0:
                return name, f"{name} has {key} 0 on this host, which the agent refuses"
        if there.get("home_matches") is False:
            return name, f"the home of {name} is not /home/{name}, where the agent starts a session"
        return name, None

    def _demands(self, name: str) -> bool:
        return demands_run_as(policies_of(self.facts.permission_sets[name]).documents, self.request)

    def _on_host(self, os_user: Optional[str]) -> Optional[Mapping[str, Any]]:
        return (self.host.get("os_users") or {}).get(os_user) if os_user else None

    def _way_in_words(self, way: Optional[Tuple[str, Optional[str]]]) -> Optional[str]:
        if way is None:
            return None
        through = f" via group {way[1]}" if way[1] else ""
        return f"{way[0]}{through} in {self.account_id}"
