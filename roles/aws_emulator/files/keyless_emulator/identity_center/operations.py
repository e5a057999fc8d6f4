# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that take a while: IN_PROGRESS, then SUCCEEDED or FAILED.

There is no thread that finishes them: whoever asks next settles what is due, in the order in which it became due.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from .records import Principal, now

CREATION, DELETION, PROVISIONING = "creation", "deletion", "provisioning"
Work = Callable[[], Optional[str]]  # does it, and returns the reason if it failed


@dataclass
class Operation:
    kind: str
    instance: str
    permission_set: str
    account: Optional[str] = None
    principal: Optional[Principal] = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: float = field(default_factory=now)
    status: str = "IN_PROGRESS"
    reason: Optional[str] = None

    @property
    def assignment(self) -> Tuple[str, Optional[str], Optional[Principal]]:
        return (self.permission_set, self.account, self.principal)

    def summary(self) -> Dict[str, Any]:
        """Return what the List...Status operations tell: neither reason nor target."""
        return dict(Status=self.status, RequestId=self.id, CreatedDate=self.created)


class Operations:
    def __init__(self) -> None:
        self._all: Dict[str, Operation] = {}
        self._in_progress: Dict[str, Operation] = {}
        self._due: List[Tuple[float, int, Operation, Work]] = []
        self._busy: Dict[str, float] = {}  # account -> when its last operation will be done
        self._order = itertools.count()

    def submit(
        self, operation: Operation, accounts: Sequence[str], seconds: float, work: Work, fault: Any = None
    ) -> Operation:
        """Begin an operation. An account's role is updated by one operation at a time (Identity Center quotas:
        1 IAM role in an account can be updated at a time), so operations of one account queue up.

        A stuck operation stays IN_PROGRESS until the next reset, and holds nobody else up.
        """
        self._all[operation.id] = operation
        self._in_progress[operation.id] = operation
        if fault is not None and fault.error == "stuck":
            return operation
        if fault is not None and fault.error == "failed":
            work = functools.partial(str, fault.reason)  # fails without having done anything
        start = time.monotonic()
        due = max([max(start, self._busy.get(account, 0.0)) + seconds for account in accounts] or [start + seconds])
        for account in accounts:
            self._busy[account] = due
        heapq.heappush(self._due, (due, next(self._order), operation, work))
        return operation

    def settle(self) -> None:
        """Finish what is due by now."""
        while self._due and self._due[0][0] <= time.monotonic():
            _due, _order, operation, work = heapq.heappop(self._due)
            operation.reason = work()
            operation.status = "FAILED" if operation.reason else "SUCCEEDED"
            del self._in_progress[operation.id]

    def find(self, kind: str, instance: str, id_: str) -> Optional[Operation]:
        operation = self._all.get(id_)
        if operation is None or operation.kind != kind or operation.instance != instance:
            return None
        return operation

    def found(self, kind: str, instance: str, status: Optional[str]) -> List[Operation]:
        """Return the operations of one kind, newest first."""
        pool = self._in_progress if status == "IN_PROGRESS" else self._all
        return [
            operation for operation in reversed(list(pool.values()))
            if operation.kind == kind and operation.instance == instance and status in (None, operation.status)
        ]

    def outstanding(self) -> int:
        """Return how many assignment creations and deletions are not done."""
        return sum(operation.kind != PROVISIONING for operation in self._in_progress.values())

    def on_set(self, permission_set: str) -> bool:
        return any(operation.permission_set == permission_set for operation in self._in_progress.values())

    def provisioning(self, permission_set: str) -> bool:
        return any(
            operation.permission_set == permission_set and operation.kind == PROVISIONING
            for operation in self._in_progress.values()
        )

    def on_assignment(self, assignment: Tuple[str, Optional[str], Optional[Principal]]) -> bool:
        return any(operation.assignment == assignment for operation in self._in_progress.values())
