# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changing, provisioning and deleting permission sets, many at a time.

Each set is provisioned as soon as its own changes are done, so that a run that is cut short leaves few behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Collection, Dict, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from ..._aws import AwsError
from ..._progress import Progress
from ..._reconcile import CREATE, DELETE, PROVISION, Change, Outcome, UserError
from ..assignments.apply import Applying as ApplyingAssignments
from ..assignments.plan import KIND as ASSIGNMENT
from ..pool import Busy, Halt, Pool
from .api import PermissionSetsApi
from .provisioning import ProvisioningApi, Target


@dataclass(frozen=True, eq=False)
class _Job:
    """What is done to one permission set in one go: changes, then one provisioning, in one account or (None) in all."""

    name: str
    edits: Sequence[Change] = ()
    provision: Optional[Change] = None
    account: Optional[str] = None

    @property
    def steps(self) -> List[Change]:
        return [*self.edits, *([self.provision] if self.provision else [])]


class Applying:
    """arns: of the sets that are there, by name; new ones are added. timeout: seconds for each operation.

    assignments: what deletes account assignments, where the plan has some. idle: by name of sets that are to be
    deleted, the accounts that hold them although nobody is assigned there.
    """

    def __init__(
        self,
        api: PermissionSetsApi,
        provisioning: ProvisioningApi,
        arns: Dict[str, str],
        timeout: float,
        progress: Progress,
        assignments: Optional[ApplyingAssignments] = None,
        idle: Optional[Mapping[str, Collection[str]]] = None,
    ) -> None:
        self._api, self._provisioning = api, provisioning
        self._arns, self._timeout, self._progress = arns, timeout, progress
        self._assignments, self._idle = assignments, idle or {}
        self._done: Dict[int, Outcome] = {}  # by id() of the change
        self._reasons: Dict[int, List[str]] = {}  # by id() of the provisioning, why it failed somewhere
        self._tried: Set[int] = set()  # id() of the jobs and provisionings that were begun
        self._settled: Set[int] = set()  # id() of the jobs of which is known what became of them, before the pool tells
        self._running: Mapping[Target, str] = {}
        self._outdated: Dict[str, Set[str]] = {}  # by ARN, asked for after what was in progress there has ended
        self._halted = ""

    def run(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """Do everything, and yield the outcomes in the order of the plan."""
        jobs = list(_jobs([change for change in changes if change.action != DELETE]))
        if jobs:
            self._change(jobs)
        gone = [change for change in changes if change.action == DELETE]
        if self._halted:
            for change in gone:
                self._note(change, f"not begun: {self._halted}", skipped=True)
        elif gone:
            self._delete(gone)
        return iter([self._done[id(change)] for change in changes])

    # Changes and provisionings

    def _change(self, jobs: Sequence[_Job]) -> None:
        edited = sum(bool(job.edits) for job in jobs)
        if edited < len(jobs):
            self._running = self._provisioning.running()
        self._progress.begin("changed" if edited else "provisioned", len(jobs))
        pool: Pool[_Job] = Pool(self._start, self._ended, _lane, self._timeout, self._progress.moved)
        for finished in pool.run(jobs):
            if id(finished.item) not in self._settled:
                self._settle(finished.item, finished.reason)
        for job in jobs:
            if job.provision and id(job.provision) not in self._done:
                reasons = self._reasons.get(id(job.provision))
                skipped = id(job.provision) not in self._tried
                self._note(job.provision, "; ".join(dict.fromkeys(reasons)) if reasons else None, skipped)

    def _ended(self, request_ids: Sequence[str]) -> Mapping[str, str]:
        try:
            return self._provisioning.ended(request_ids)
        except Halt as halt:
            self._halted = halt.message
            raise

    def _start(self, job: _Job, attempt: int) -> Optional[str]:
        """Do what is left of the changes, then begin to provision."""
        self._tried.update((id(job), id(job.provision)))
        try:
            if not self._edited(job) or job.provision is None:
                return None
            target = (self._arns[job.name], job.account)
            if not job.edits and self._provisioned_meanwhile(target):
                return None
            return self._provisioning.start(target)
        except Halt as halt:
            self._halted = halt.message
            self._settle(job, f"whether it was begun is not known: {halt.message}")
            self._settled.add(id(job))
            raise
        except AwsError as error:
            if error.hopeless:
                self._halted = error.message
                raise Halt(error.message) from error
            raise

    def _edited(self, job: _Job) -> bool:
        for change in job.edits:
            done = self._done.get(id(change))
            if done is not None and done.error is not None:  # another account's turn has failed in this already
                return False
            if done is not None:
                continue
            try:
                self._edit(change)
            except Busy:
                raise
            except UserError as error:
                self._settle(job, error.message)
                if getattr(error, "hopeless", False):
                    raise
                return False
            self._note(change, None)
        return True

    def _edit(self, change: Change) -> None:
        if change.action == CREATE:
            self._arns[change.name] = self._api.create(change.payload)
        else:
            step, value = change.payload
            getattr(self._api, step)(self._arns[change.name], value)

    def _provisioned_meanwhile(self, target: Target) -> bool:
        """Whether what an earlier run left in progress has brought a role up to date. It is waited for."""
        arn, account_id = target
        for there in (target, (arn, None)):
            request_id = self._running.get(there)
            if request_id is None:
                continue
            if arn not in self._outdated:
                if not self._provisioning.has_ended(request_id):
                    raise Busy(f"an earlier provisioning is still in progress (request {request_id})")
                self._outdated[arn] = set(self._provisioning.outdated(arn))
            behind = self._outdated[arn]
            return not behind if account_id is None else account_id not in behind
        return False

    def _settle(self, job: _Job, reason: str) -> None:
        """What became of a job; its first step that is not done is the one that failed."""
        left = [change for change in job.steps if id(change) not in self._done]
        if not reason or not left:
            return
        if left[0] is job.provision:
            where = f"{job.account}: " if job.account and job.account not in reason else ""
            self._reasons.setdefault(id(left[0]), []).append(where + reason)
            return
        self._note(left[0], reason, skipped=id(job) not in self._tried)
        for change in left[1:]:
            self._note(change, f"skipped, because {change.kind} '{job.name}' failed", skipped=True)

    def _note(self, change: Change, error: Optional[str], skipped: bool = False) -> None:
        self._done[id(change)] = Outcome(change, error, skipped)

    # Deletions

    def _delete(self, changes: Sequence[Change]) -> None:
        """Assignments, and when all of these have ended the sets."""
        unassigned = [change for change in changes if change.kind == ASSIGNMENT]
        if unassigned and self._assignments is not None:
            self._progress.begin("unassigned", len(unassigned))
            for outcome in self._assignments.run(DELETE, unassigned, self._progress.moved):
                self._done[id(outcome.change)] = outcome
        failed = {outcome.change.subject for outcome in self._done.values() if outcome.error is not None}
        sets = []
        for change in changes:
            missing = [name for kind, name in change.needs if (kind, name) in failed]
            if missing:
                text = f"skipped, because it is still assigned ({missing[0]})"
                self._note(change, text, skipped=True)
            elif change.kind != ASSIGNMENT:
                sets.append(change)
        self._progress.begin("deleted", len(sets))
        pool: Pool[Change] = Pool(
            self._start_deletion, lambda _ids: {}, lambda change: change.name, self._timeout, self._progress.moved
        )
        for finished in pool.run(sets):
            self._note(finished.item, finished.reason or None)

    def _start_deletion(self, change: Change, attempt: int) -> None:
        """Deletions of sets are done at once; a pool does them for the sake of those that have to be tried again."""
        try:
            self._api.delete(self._arns[change.name], self._idle.get(change.name, ()))
        except AwsError as error:
            if error.hopeless:
                raise Halt(error.message) from error
            raise


def _lane(job: _Job) -> Tuple[str, str]:
    """AWS updates one role at a time in an account, and changes no set that is being provisioned everywhere."""
    if job.account is None or job.edits:
        return ("permission_set", job.name)
    return ("account", job.account)


def _jobs(changes: Sequence[Change]) -> Iterator[_Job]:
    """One for each set, or for each account where a set is provisioned in some accounts only."""
    edits: Dict[str, List[Change]] = {}
    provisions: Dict[str, Change] = {}
    for change in changes:
        edits.setdefault(change.name, [])
        if change.action == PROVISION:
            provisions[change.name] = change
        else:
            edits[change.name].append(change)
    for name, steps in edits.items():
        provision = provisions.get(name)
        accounts = None if provision is None else provision.payload
        for account in [None] if accounts is None else accounts:
            yield _Job(name, steps, provision, account)
