# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking into accounts: which of the policies that permission sets refer to are there.

The caller's own account is seen always, others through `targets`. What cannot be seen is no problem, and it is told.
"""

from __future__ import annotations

from typing import Any, Callable, Collection, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..._aws import AwsError, Client
from ..._reconcile import Problems
from ..._targets import Connection, Target, reach, target_problems, targets
from .api import IamApi
from .records import Demand, Seen, crowded_roles, policies_demanded

# Does work for each item, side by side, and gives the results in order.
Each = Callable[[Sequence[Any], Callable[[Any], Any]], List[Any]]

NO_WAY = "no entry in targets leads there"


class Lookout:
    """The accounts that a task can look into. Making it costs nothing, but raises `Problems` for wrong `targets`."""

    def __init__(self, module: Any, each: Each) -> None:
        self._module, self._each = module, each
        items = module.params["targets"]
        problems = target_problems(items)
        if problems:
            raise Problems(problems)
        self._targets = list(enumerate(targets(items or [])))

    def look(self, demands: Sequence[Demand], caller: Optional[str], partition: str) -> Dict[str, Seen]:
        """By account, for those in which something is needed that may be missing; asks nothing if there is none.

        caller: the account of the module's own credentials, if known.
        """
        policies, crowded = policies_demanded(demands), crowded_roles(demands)
        accounts = list(dict.fromkeys([*policies, *sorted(crowded)]))
        clients, closed = self._ways(accounts, caller)

        def one(account_id: str) -> Tuple[str, Seen]:
            client = clients.get(account_id)
            if client is None:
                return account_id, Seen(why=closed.get(account_id, NO_WAY))
            api = IamApi(client, account_id, partition)
            try:
                there = api.policies(policies[account_id]) if account_id in policies else None
                return account_id, Seen(there, "", api.policies_per_role() if account_id in crowded else None)
            except AwsError as error:
                return account_id, Seen(why=error.message.rstrip("."))

        return dict(self._each(accounts, one))

    def _ways(self, accounts: Collection[str], caller: Optional[str]) -> Tuple[Dict[str, Client], Mapping[str, str]]:
        """A client for each account that can be entered, and why others cannot, where a target names them."""
        # a profile alone does not tell whose it is
        chosen = [each for each in self._targets if each[1].known_account is None or each[1].known_account in accounts]
        if not accounts:
            return {}, {}
        clients: Dict[str, Client] = {}
        closed: Dict[str, str] = {}
        problems: List[str] = []
        if caller in accounts:
            clients[str(caller)] = Client(self._module, "iam")
        for connections, unreachable, wrong in self._each(chosen, self._enter):
            clients.update((connection.account_id, connection.client("iam")) for connection in connections)
            closed.update(unreachable)
            problems.extend(wrong)
        if problems:
            raise Problems(problems)
        return clients, closed

    def _enter(self, numbered: Tuple[int, Target]) -> Tuple[List[Connection], Dict[str, str], List[str]]:
        """Sign in to one target: the way in, or why there is none, by account, or what is wrong with the target."""
        index, target = numbered
        try:
            reached = reach(self._module, [target])
        except Problems as error:
            # it was told of one target only, which therefore was the first
            texts: Iterator[str] = iter(error.details["problems"])
            return [], {}, [text.replace("targets[0]", f"targets[{index}]", 1) for text in texts]
        reasons = [message.rstrip(".") for message in reached.unreachable.values()]
        account_id = target.known_account
        return reached.connections, {account_id: reasons[0]} if account_id and reasons else {}, []
