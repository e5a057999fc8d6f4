# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding out what holds on to permission sets that shall go."""

from __future__ import annotations

from typing import Dict, Mapping, Sequence, Set, Tuple

from ..._organizations.tree import Account
from ..._parallel import AT_ONCE, each
from ..assignments.lookup import Connection
from ..assignments.plan import Pair, Reading, to_purge
from ..assignments.records import Assignment, Key, Running, Wanted
from .records import PermissionSet, Usage

# Once it is known of so many accounts that a set is in use there, it is refused, and nothing more is asked.
_ENOUGH = 10


class UsageReader:
    """Costs a call for each set, and for each account that holds it."""

    def __init__(self, to: Connection) -> None:
        self._to = to

    def read(self, gone: Mapping[str, PermissionSet], names: Mapping[str, str]) -> Tuple[Dict[str, Usage], Running]:
        """What holds on to the sets, by name, and the operations that are in progress where assignments shall go.

        gone: the sets that shall go, by ARN. names: of all sets that are known, by ARN.
        """
        pairs = dict(zip(gone, each(list(gone), self._to.api.accounts_of_set)))
        kept = [(account, arn) for arn, want in gone.items() if not want.unassign for account in pairs[arn]]
        found: Set[Key] = set()
        unread = list(kept)
        while unread and len({key[:2] for key in found}) < _ENOUGH:
            found |= self._to.api.read(Reading(pairs=unread[:AT_ONCE]))
            unread = unread[AT_ONCE:]
        running = Running()
        freed = {arn: pairs[arn] for arn, want in gone.items() if want.unassign}
        if freed and not found:  # otherwise the task is refused anyway
            running = self._to.api.running()
            found = self._to.api.read(Reading(pairs=[(account, arn) for arn in freed for account in freed[arn]]))
            found = set(to_purge(Wanted([], [], []), found, running, freed))
        return self._usages(gone, pairs, found, unread, names), running

    def _usages(
        self,
        gone: Mapping[str, PermissionSet],
        pairs: Mapping[str, Sequence[str]],
        found: Set[Key],
        unread: Sequence[Pair],
        names: Mapping[str, str],
    ) -> Dict[str, Usage]:
        for kind in sorted({key.principal_type for key in found}):
            self._to.directory.ids(kind)
        named = self._to.names(names)
        usages = {}
        for arn, want in gone.items():
            mine = sorted(key for key in found if key.permission_set_arn == arn)
            left = [account for account, other in unread if other == arn]
            busy = {key.account_id for key in mine}.union(left)
            permission_set = named.set_ref(arn)
            usages[want.name] = Usage(
                [Assignment(Account(key.account_id), permission_set, named.principal(key.principal)) for key in mine],
                [account for account in pairs[arn] if account not in busy],
                left,
            )
        return usages
