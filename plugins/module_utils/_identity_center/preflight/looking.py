# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking into accounts: which of the policies that permission sets refer to are there.

The caller's own account is seen always, others through `targets`. What cannot be seen is no problem, and it is told.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from ..._aws import AwsError, Client
from ..._reconcile import Problems
from ..._targets import reach, target_problems, targets
from .api import IamApi
from .records import Demand, Seen, crowded_roles, policies_demanded

# Does work for each item, side by side, and gives the results in order.
Each = Callable[[Sequence[Any], Callable[[Any], Any]], List[Any]]

NO_WAY = "no entry in targets leads there"

# Makes a client of a service in some account. It is made late and dropped soon, because there may be many accounts.
_Way = Callable[[str], Client]


class Lookout:
    """The accounts that a task can look into. Making it costs nothing, but raises `Problems` for wrong `targets`."""

    def __init__(self, module: Any, each: Each) -> None:
        self._module, self._each = module, each
        items = module.params["targets"]
        problems = target_problems(items)
        if problems:
            raise Problems(problems)
        self._targets = targets(items or [])

    def look(self, demands: Sequence[Demand], caller: Optional[str], partition: str) -> Dict[str, Seen]:
        """By account, for those in which something is needed that may be missing; asks nothing if there is none.

        caller: the account of the module's own credentials, if known.
        """
        policies, crowded = policies_demanded(demands), crowded_roles(demands)
        accounts = list(dict.fromkeys([*policies, *sorted(crowded)]))
        if not accounts:
            return {}
        ways, closed = self._ways(accounts, caller)

        def one(account_id: str) -> Seen:
            if account_id not in ways:
                return Seen(why=closed.get(account_id, NO_WAY))
            try:
                api = IamApi(ways[account_id]("iam"), account_id, partition)
                there = api.policies(policies[account_id]) if account_id in policies else None
                return Seen(there, per_role=api.policies_per_role() if account_id in crowded else None)
            except AwsError as error:
                return Seen(why=error.message.rstrip("."))

        return dict(zip(accounts, self._each(accounts, one)))

    def _ways(self, accounts: Sequence[str], caller: Optional[str]) -> Tuple[Dict[str, _Way], Dict[str, str]]:
        """The ways into accounts, and why others cannot be entered although a target names them."""
        # a profile alone does not tell whose it is
        known = {None, *accounts}
        places = [place for place, target in enumerate(self._targets) if target.known_account in known]
        chosen = [self._targets[place] for place in places]
        reached = reach(self._module, chosen, places=places)
        ways: Dict[str, _Way] = {}
        if caller is not None:
            ways[caller] = lambda service: Client(self._module, service, patient=False)
        ways.update((connection.account_id, connection.client) for connection in reached.connections)
        reasons = [(target.known_account, reached.unreachable.get(target.name)) for target in chosen]
        return ways, {str(account_id): why.rstrip(".") for account_id, why in reasons if why is not None}
