# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked up before a first write, whatever is going to be written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Sequence, TypeVar

from ..._aws import AwsError, Client
from ..instance import Instance
from .api import CenterApi, OrganizationApi, Unknown, caller_account
from .looking import Each, Lookout
from .records import Demand, Findings, Seen

NOTHING = Findings([], [])

T = TypeVar("T")


@dataclass(frozen=True)
class Who:
    """The caller's account and the management account, as far as they are known."""

    caller: Optional[str] = None
    management: Optional[str] = None

    @property
    def is_management(self) -> bool:
        return self.caller is not None and self.caller == self.management

    @property
    def is_delegate(self) -> bool:
        return None not in (self.caller, self.management) and self.caller != self.management


class Ahead:
    """Looks ahead for one task. Making it costs no request, but wrong `targets` raise `Problems`.

    sso: the client that keeps to the run's pace. each: does work for several items at once, and gives the results.
    """

    def __init__(self, module: Any, sso: Client, instance: Instance, each: Each) -> None:
        self._module, self.each = module, each
        self._lookout = Lookout(module, each)
        self._partition = instance.arn.split(":")[1]
        self.center = CenterApi(sso, instance)
        self.unknown: List[str] = []  # what could not be looked up

    @property
    def wanted(self) -> bool:
        return bool(self._module.params["preflight"])

    def client(self, service: str) -> Client:
        """A client of a service that is not Identity Center's, and so does not count for its pace."""
        return Client(self._module, service, patient=False)

    def organization(self) -> OrganizationApi:
        return OrganizationApi(self.client("organizations"))

    def tried(self, ask: Callable[[], T], otherwise: T) -> T:
        """What `ask` gives; if that remains unknown it is noted, and `otherwise` counts."""
        try:
            return ask()
        except Unknown as unknown:
            self.unknown.append(str(unknown))
            return otherwise

    def asked(self, what: str, ask: Callable[[], T], otherwise: T) -> T:
        """The same for Identity Center, where only a right may be missing: everything else fails the task anyway."""
        try:
            return ask()
        except AwsError as error:
            if not error.denied:
                raise
            self.unknown.append(str(Unknown(what, error)))
            return otherwise

    def who(self) -> Who:
        caller = self.tried(lambda: caller_account(self.client("sts")), None)
        return Who(caller, self.tried(self.organization().management, None))

    def look(self, demands: Sequence[Demand], who: Who) -> Dict[str, Seen]:
        return self._lookout.look(demands, who.caller, self._partition)
