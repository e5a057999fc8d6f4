# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The linter: mistakes of a policy for Session Manager that is already there, each with its reason and its mend."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence

from ..._reconcile import UserError
from ..._shape import listed, nearest
from ..scope import PRINCIPALS
from . import managed, principals, resources, sessions, words
from .facts import Policy
from .run_as import open_ways
from .statements import Problem, read_document

Rule = Callable[[Policy], Iterator[Problem]]
RULES: Sequence[Rule] = (
    managed.deprecated,
    managed.beside,
    words.unknown_actions,
    words.unknown_keys,
    words.policy_variables,
    resources.arns,
    words.resources_of_others,
    words.keys_not_sent,
    principals.username,
    principals.userid_in_session,
    principals.mfa,
    principals.source_ip,
    sessions.anywhere,
    sessions.any_document,
    sessions.tags_on_documents,
    sessions.untagged_let_in,
    sessions.access_check,
    sessions.bool_check,
    sessions.no_document,
    sessions.no_data_channel,
    sessions.others_sessions,
    sessions.key_for_anybody,
    open_ways,
)


def policy_problems(
    document: Any,
    principal: Optional[str] = None,
    managed_policies: Sequence[Any] = (),
    run_as: Optional[bool] = None,
) -> List[Dict[str, str]]:
    """What is wrong with a policy, as {rule, severity, statement, path, problem, mend}, by statement.

    document: as data or as JSON text; one that cannot be read is a problem like others, and {} is no policy.
    principal: identity_center, saml, role, iam_user, or None where it is not known.
    managed_policies: ARNs or names of what is attached beside it.
    run_as: whether sessions run as the person's own OS user; where that is not known, the policy shows it.
    """
    if principal is not None and principal not in PRINCIPALS:
        raise UserError(f"principal: '{principal}' is not one of {listed(PRINCIPALS)}{nearest(principal, PRINCIPALS)}")
    if run_as not in (None, True, False):
        raise UserError(f"run_as: {run_as!r} is neither true nor false")
    if isinstance(managed_policies, str):
        managed_policies = [managed_policies]
    if not isinstance(managed_policies or (), (list, tuple)):
        raise UserError(f"managed_policies: {managed_policies!r} is not a list; give ARNs or names")
    read = read_document(document)
    policy = Policy(read, principal, tuple(_name(entry) for entry in managed_policies or ()), run_as)
    found = list(read.problems)
    for rule in RULES:
        found += rule(policy)
    # Stable: within a statement, the order of the rules stays.
    return [problem.shown() for problem in sorted(found, key=lambda problem: problem.place)]


def _name(entry: Any) -> str:
    """A managed policy as an ARN or a name, or as modules return them: what has no ARN is a customer managed one."""
    if isinstance(entry, Mapping):
        return str(entry.get("policy_arn") or entry.get("arn") or f"customer managed {entry.get('name')}")
    return str(entry)
