# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of session_policy_info: policies, and what they allow in the words of scopes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ..._parallel import each, in_parallel
from ..._reconcile import Problems, UserError, unread_error
from ..._tags import MANAGED_TAG
from ..._targets import Connection, accounts_only, reach, target_problems, targets
from ..lint.problems import policy_problems
from ..reading import Reading, read_policy
from ..scope import IAM_USER, IDENTITY_CENTER, ROLE, partition_of
from ..wording import summary, written
from . import choice
from .api import PoliciesApi
from .plan import policy_shown
from .reader import AT_ONCE, with_details
from .records import ENTITIES, KIND, RESERVED_ROLES, ROLES, Account, Policy


@dataclass(frozen=True)
class Asked:
    """Which policies: by name, by the beginning of their path, or all that carry our tag."""

    names: Optional[Sequence[str]] = None
    path_prefix: Optional[str] = None

    @property
    def by_tag(self) -> bool:
        return self.names is None and self.path_prefix is None

    def chooses(self, answer: Mapping[str, Any]) -> bool:
        """As far as a policy's name and path tell."""
        named = self.names is None or answer["PolicyName"] in self.names
        return named and answer["Path"].startswith(self.path_prefix or "/")


def read_session_policies(module: Any) -> Mapping[str, Any]:
    """Fails where an account cannot be read, with the answer of the others."""
    params = module.params
    problems = target_problems(params["targets"]) + _problems(params["path_prefix"])
    if problems:
        raise Problems(problems)
    asked = Asked(params["names"], params["path_prefix"])
    reached = reach(module, targets(accounts_only(params["targets"])), regional=False)
    answers = in_parallel(reached.connections, lambda connection: _read_account(connection, asked))
    unread = dict(reached.unreachable)
    read: Dict[str, List[Dict[str, Any]]] = {}
    for connection, answer in zip(reached.connections, answers):
        if isinstance(answer, UserError):
            unread[connection.account_id] = answer.message
        else:
            read[connection.account_id] = answer
    result = dict(
        session_policies=[entry for entries in read.values() for entry in entries],
        missing=[name for account, entries in read.items() for name in _missing(account, entries, asked)],
    )
    if unread:
        raise unread_error(KIND, unread, f"of {len(unread) + len(read)} accounts", **result)
    return result


def _missing(account_id: str, entries: Sequence[Mapping[str, Any]], asked: Asked) -> List[str]:
    there = {entry["name"] for entry in entries}
    return [f"{account_id}/{name}" for name in asked.names or () if name not in there]


def _problems(path_prefix: Optional[str]) -> List[str]:
    if path_prefix is None or (path_prefix.startswith("/") and path_prefix.endswith("/")):
        return []
    return [f"path_prefix: '{path_prefix}' does not begin and end with /, as /teams/ does"]


def _read_account(connection: Connection, asked: Asked) -> List[Dict[str, Any]]:
    account = Account(connection.account_id, partition_of(connection.region))
    api = PoliciesApi(connection.client("iam"))
    policies = _policies(api, asked)
    return [_entry(account, policy) for policy in sorted(policies, key=lambda policy: policy.name)]


def _policies(api: PoliciesApi, asked: Asked) -> List[Policy]:
    """By names and paths first, because these are cheap; then with tags, which only GetPolicy tells."""
    answers = [answer for answer in api.local_policies(asked.path_prefix or "/") if asked.chooses(answer)]

    def known(answer: Mapping[str, Any]) -> Optional[Policy]:
        whole = api.policy(answer["Arn"])
        if whole is None:  # deleted since
            return None
        policy = with_details(Policy(whole["Arn"], whole["PolicyName"], whole["Path"]), whole)
        return policy if not asked.by_tag or MANAGED_TAG in (policy.tags or {}) else None

    found = each(answers, known, at_once=AT_ONCE)
    return _whole(api, [policy for policy in found if policy is not None])


def _whole(api: PoliciesApi, policies: Sequence[Policy]) -> List[Policy]:
    """With versions and documents, and who has them."""
    everything = None
    if len(policies) > choice.FEW and choice.reads_everything(len(policies), api.size() or choice.Size()):
        everything = api.everything(ENTITIES)
    if everything is None:
        return each(policies, lambda policy: _one(api, policy), at_once=AT_ONCE)
    answers = {answer["Arn"]: everything.policy(answer) for answer in everything.policies}
    return [
        replace(policy, versions=answers[policy.arn].versions, attachments=answers[policy.arn].attachments)
        for policy in policies
        if policy.arn in answers
    ]


def _one(api: PoliciesApi, policy: Policy) -> Policy:
    versions = api.versions(policy.arn)
    read = [api.version(policy.arn, version.id) if version.default else version for version in versions]
    return replace(policy, versions=read, attachments=api.attachments(policy.arn))


def _entry(account: Account, policy: Policy) -> Dict[str, Any]:
    document = policy.default.document or {}
    reading = read_policy(document)
    versions = sorted(policy.versions, key=lambda version: version.number)
    return dict(
        policy_shown(account, policy, document, policy.default.id),
        versions=[dict(version_id=version.id, is_default=version.default) for version in versions],
        exact=reading.exact,
        summary=summary(reading),
        problems=policy_problems(document, _principal(policy, reading)),
        **_scopes(reading),
    )


def _scopes(reading: Reading) -> Dict[str, Any]:
    """The scopes, under the option that takes them."""
    if not reading.exact:
        return {}
    scopes = [written(scope) for scope in reading.scopes]
    return dict(scope=scopes[0]) if len(scopes) == 1 else dict(scopes=scopes)


def _principal(policy: Policy, reading: Reading) -> Optional[str]:
    """Who has the policy, as far as that is of one kind; else who it was made for."""
    roles = policy.attachments.get(ROLES, [])
    users = any(names for kind, names in policy.attachments.items() if kind != ROLES)
    if roles and users:
        return None
    if users:
        return IAM_USER
    if roles:
        return IDENTITY_CENTER if all(name.startswith(RESERVED_ROLES) for name in roles) else ROLE
    return reading.scopes[0].principal if reading.exact else None
