# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that take a while: IN_PROGRESS, then SUCCEEDED or FAILED.

There is no thread that finishes them: whoever asks next settles what is due, in the order in which it became due.
"""

from __future__ import annotations

import bisect
import functools
import heapq
import itertools
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple, Union, overload

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
    ended: Optional[float] = None
    number: int = 0  # the place in the order in which operations were taken

    @property
    def assignment(self) -> Tuple[str, Optional[str], Optional[Principal]]:
        return (self.permission_set, self.account, self.principal)

    def summary(self) -> Dict[str, Any]:
        """Return what the List...Status operations tell: neither reason nor target."""
        return dict(Status=self.status, RequestId=self.id, CreatedDate=self.created)

    def told(self) -> Dict[str, Any]:
        """Return everything, for tests."""
        kind, id_ = self.principal or (None, None)
        return dict(
            kind=self.kind, status=self.status, account_id=self.account, permission_set_arn=self.permission_set,
            principal_type=kind, principal_id=id_, request_id=self.id, created=self.created, reason=self.reason,
            ended=None if self.status == "IN_PROGRESS" else self.ended,
        )


class Newest(Sequence[Operation]):
    """Operations by ascending numbers, shown newest first, looked up only as far as somebody looks."""

    def __init__(self, operations: List[Operation], numbers: List[int]) -> None:
        self._operations, self._numbers = operations, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Operation: ...

    @overload
    def __getitem__(self, index: slice) -> List[Operation]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[Operation, List[Operation]]:
        if isinstance(index, slice):
            last = len(self._numbers) - 1
            return [self._operations[self._numbers[last - place]] for place in range(*index.indices(len(self)))]
        return self._operations[self._numbers[-1 - index]]


class Operations:
    """Indexed by status, because a long run asks for those in progress, or failed, among ten thousands."""

    def __init__(self) -> None:
        self._all: List[Operation] = []
        self._by_id: Dict[str, Operation] = {}
        self._by_status: Dict[Tuple[str, str, Optional[str]], List[int]] = {}  # (kind, instance, status or None)
        self._in_progress: Dict[str, Operation] = {}
        self._due: List[Tuple[float, int, Operation, Work]] = []
        self._busy: Dict[str, float] = {}  # account -> when its last operation will be done
        self._order = itertools.count()

    def __iter__(self) -> Iterator[Operation]:
        """All that were taken since the start, oldest first."""
        return iter(self._all)

    def submit(
        self, operation: Operation, accounts: Sequence[str], seconds: float, work: Work, fault: Any = None
    ) -> Operation:
        """Begin an operation. An account's role is updated by one operation at a time (Identity Center quotas:
        1 IAM role in an account can be updated at a time), so operations of one account queue up.

        A stuck operation stays IN_PROGRESS until the next reset, and holds nobody else up.
        """
        self._take(operation)
        if fault is not None and fault.error == "stuck":
            return operation
        if fault is not None and fault.error == "failed":
            work = functools.partial(str, fault.reason)  # fails without having done anything
        start = time.monotonic()
        due = max([max(start, self._busy.get(account, 0.0)) + seconds for account in accounts] or [start + seconds])
        for account in accounts:
            self._busy[account] = due
        operation.ended = round(operation.created + due - start, 3)
        heapq.heappush(self._due, (due, next(self._order), operation, work))
        return operation

    def _take(self, operation: Operation) -> None:
        operation.number = len(self._all)
        self._all.append(operation)
        self._by_id[operation.id] = operation
        self._in_progress[operation.id] = operation
        for status in (None, operation.status):
            self._index(operation, status).append(operation.number)

    def _index(self, operation: Operation, status: Optional[str]) -> List[int]:
        return self._by_status.setdefault((operation.kind, operation.instance, status), [])

    def settle(self) -> None:
        """Finish what is due by now."""
        while self._due and self._due[0][0] <= time.monotonic():
            _due, _order, operation, work = heapq.heappop(self._due)
            operation.reason = work()
            in_progress = self._index(operation, operation.status)
            del in_progress[bisect.bisect_left(in_progress, operation.number)]
            operation.status = "FAILED" if operation.reason else "SUCCEEDED"
            bisect.insort(self._index(operation, operation.status), operation.number)
            del self._in_progress[operation.id]

    def find(self, kind: str, instance: str, id_: str) -> Optional[Operation]:
        operation = self._by_id.get(id_)
        if operation is None or operation.kind != kind or operation.instance != instance:
            return None
        return operation

    def found(self, kind: str, instance: str, status: Optional[str]) -> Newest:
        """Return the operations of one kind, newest first; all of them, or those of one status."""
        return Newest(self._all, self._by_status.get((kind, instance, status), []))

    def outstanding(self) -> int:
        """Return how many assignment creations and deletions are not done."""
        return sum(operation.kind != PROVISIONING for operation in self._in_progress.values())

    def on_set(self, permission_set: str) -> bool:
        return any(operation.permission_set == permission_set for operation in self._in_progress.values())

    def provisioning(self, permission_set: str, account: Optional[str]) -> bool:
        """Return whether a permission set is being provisioned to an account (None: to all) or everywhere."""
        return any(
            operation.permission_set == permission_set and operation.kind == PROVISIONING
            and (account is None or operation.account in (None, account))
            for operation in self._in_progress.values()
        )

    def on_assignment(self, assignment: Tuple[str, Optional[str], Optional[Principal]]) -> bool:
        return any(operation.assignment == assignment for operation in self._in_progress.values())
