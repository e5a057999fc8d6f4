# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of saml_provider_info: SAML providers read back, and what is wrong with them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, Optional

from ..._parallel import in_parallel
from ..._reconcile import Problems, UserError, unread_error
from ..._targets import Connection, accounts_only, reach, target_problems, targets
from ..metadata import expiry_warnings
from .api import ProvidersApi
from .files import require_libraries
from .plan import provider_entry
from .records import KIND, Provider
from .resource import AT_ONCE
from .validate import MAX_WARN_DAYS


def read_providers(module: Any) -> Mapping[str, Any]:
    """Fails where an account cannot be read, with the answer of the others."""
    require_libraries()
    params = module.params
    problems = target_problems(params["targets"])
    if not 0 <= params["warn_days"] <= MAX_WARN_DAYS:
        problems.append(f"warn_days: {params['warn_days']} is out of range; give 0 to {MAX_WARN_DAYS}")
    if problems:
        raise Problems(problems)
    reached = reach(module, targets(accounts_only(params["targets"])), regional=False)
    reading = _Reading(params["names"], params["include"], params["warn_days"])
    unread = dict(reached.unreachable)
    entries: List[Dict[str, Any]] = []
    for connection, answer in zip(reached.connections, in_parallel(reached.connections, reading.account)):
        if isinstance(answer, UserError):
            unread[connection.name] = answer.message
        else:
            entries.extend(answer)
    if unread:
        count = len(reached.unreachable) + len(reached.connections)
        raise unread_error(KIND, unread, f"of {count} accounts", saml_providers=entries)
    return dict(saml_providers=entries)


class _Reading:
    def __init__(self, names: Optional[List[str]], include: List[str], warn_days: int) -> None:
        self._names = names
        self._include = include
        self._warn_days = warn_days
        self._now = datetime.now(timezone.utc)

    def account(self, connection: Connection) -> List[Dict[str, Any]]:
        api = ProvidersApi(connection.client("iam"), self._now)
        arns = api.arns()
        names = [name for name in sorted(arns) if self._names is None or name in self._names]
        roles = api.roles_by_provider() if names and "roles" in self._include else {}
        entries = []
        for answer in in_parallel(names, lambda name: api.read(name, arns[name]), AT_ONCE):
            if isinstance(answer, UserError):
                raise answer
            if answer is not None:
                entries.append(self._entry(connection.account_id, answer, roles))
        return entries

    def _entry(self, account_id: str, provider: Provider, roles: Mapping[str, List[str]]) -> Dict[str, Any]:
        entry = provider_entry(account_id, provider)
        metadata = provider.metadata
        entry["problems"] = (
            metadata.problems + metadata.warnings + expiry_warnings(metadata, self._now, self._warn_days)
        )
        if provider.mode == "required" and not provider.private_keys:
            entry["problems"].append("assertions have to be encrypted, and there is no private key; add one")
        if "metadata" in self._include:
            entry["metadata"] = provider.document
        if "roles" in self._include:
            entry["trusted_by"] = roles.get(provider.arn, [])
        return entry
