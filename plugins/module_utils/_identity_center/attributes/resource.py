# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes for access control for `reconcile`: reads, plans, and writes all of them at once."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Tuple

from ..._aws import AwsError
from ..._reconcile import Outcome, Plan, UserError
from ..._waiting import wait_until
from ..instance import IdentityCenter, Instance
from .api import AttributesApi
from .plan import goal_sources, plan_attributes
from .records import ENABLED, FAILED, IN_PROGRESS, Attributes
from .validate import wanted_attributes

PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds before the next try, each time that somebody else was quicker


class AccessControlAttributes:
    """The attributes of a task, from its parameters."""

    def __init__(self, module: Any, sleep: Callable[[float], None] = time.sleep) -> None:
        self._module = module
        self._timeout: int = module.params["wait_timeout"]
        self._sleep = sleep

    def read(self) -> Optional[Attributes]:
        self._wanted = wanted_attributes(self._module.params)
        self._api, self._instance = _api(self._module)
        current = self._settled()
        if current is not None and current.status == IN_PROGRESS:
            raise UserError(
                f"Attributes for access control are still being enabled after {self._timeout} seconds; "
                "run again to go on, or raise wait_timeout."
            )
        return current

    def plan(self, current: Optional[Attributes]) -> Plan:
        self._current = current
        return plan_attributes(current, self._wanted, self._instance.arn)

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        """One write carries all changes, so they succeed or fail together."""
        error: Optional[str] = None
        if plan.changes:
            try:
                plan.result["attributes"] = self._write()
            except UserError as failed:
                error = failed.message
        return iter([Outcome(change, error) for change in plan.changes])

    def _write(self) -> Dict[str, str]:
        """Send the whole list; where somebody else was quicker, merge into what they left and send that."""
        current = self._current
        for pause in PAUSES:
            try:
                return self._send(current)
            except AwsError as error:
                if error.code not in ("ConflictException", "ResourceNotFoundException"):
                    raise
            self._sleep(pause)
            current = self._settled()
        return self._send(current)

    def _send(self, current: Optional[Attributes]) -> Dict[str, str]:
        """Returns what there is afterwards."""
        if self._wanted.disable:
            if current is not None:
                self._api.disable()
            return {}
        sources = goal_sources(current, self._wanted)
        if current is not None:
            self._api.replace(sources)
        else:
            self._api.enable(sources)
            after = self._settled()
            if after is None or after.status != ENABLED:
                raise UserError(_not_enabled(after, self._timeout))
        return sources

    def _settled(self) -> Optional[Attributes]:
        """What is there, as soon as AWS is not busy enabling it."""
        return wait_until(
            self._api.read,
            lambda state: state is None or state.status != IN_PROGRESS,
            self._timeout,
            sleep=self._sleep,
        )


def read_attributes(module: Any) -> Mapping[str, Any]:
    """The answer of access_control_attributes_info."""
    api, _instance = _api(module)
    current = api.read()
    if current is None:
        return dict(attributes={}, enabled=False)
    return dict(current.shown(), **(dict(status_reason=current.reason) if current.reason else {}))


def _api(module: Any) -> Tuple[AttributesApi, Instance]:
    center = IdentityCenter(module)
    return AttributesApi(center.sso, center.instance), center.instance


def _not_enabled(after: Optional[Attributes], timeout: int) -> str:
    if after is not None and after.status == FAILED:
        return f"could not be enabled: {after.reason or 'AWS gives no reason'}"
    return f"still being enabled after {timeout} seconds; run again to go on, or raise wait_timeout"
