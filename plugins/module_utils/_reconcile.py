# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way a resource is brought to its desired state: read, plan, apply, exit.

Everything that modules have in common stands here and nowhere else: check mode, the diff, the list of changes and
its sums, failures of single items, and the exit. It knows neither boto3 nor the operating system, so that modules
for AWS and modules for hosts share it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, NoReturn, Optional, Sequence, Set, Tuple

try:  # Protocol came with Python 3.8; the try keeps older interpreters' import tests quiet
    from typing import Protocol
except ImportError:  # pragma: no cover
    Protocol = object  # type: ignore[assignment]

CREATE, UPDATE, DELETE, PROVISION = "create", "update", "delete", "provision"
READ = "read"  # only of failures: what could not even be read

# What a change is about: its kind and its name, such as ("permission_set", "WebOperator").
Subject = Tuple[str, str]


class UserError(Exception):
    """What a person can mend: the message names option, value and mend. `details` go into the task's result."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Problems(UserError):
    """Everything that is wrong with the input, at once.

    `problems` is a list of texts, each `path: what is wrong, and the mend`.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        listed = list(problems)
        heading = "" if len(listed) == 1 else f"{len(listed)} problems:\n- "
        super().__init__(heading + "\n- ".join(listed), problems=listed)


@dataclass(frozen=True)
class Change:
    """One step of a plan, as a person reads it, with what its execution needs.

    action: CREATE, UPDATE, DELETE or PROVISION.
    kind, name: what it is about, in the words of the result.
    detail: further keys of the result's entry, such as the permission set that a policy is attached to.
    payload: what `apply` needs and nobody has to see; it never reaches the result.
    needs: subjects without which this step cannot be done; it is skipped when one of them failed.
    """

    action: str
    kind: str
    name: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    payload: Any = None
    needs: Tuple[Subject, ...] = ()

    @property
    def subject(self) -> Subject:
        return (self.kind, self.name)

    def shown(self) -> Dict[str, Any]:
        return dict(action=self.action, kind=self.kind, name=self.name, **self.detail)


@dataclass
class Plan:
    """What has to be done, in order, and what will be there afterwards.

    before, after: what changes and nothing else, for the diff.
    result: the module's return values as they will be when all changes are done, snake_case; ids that do not exist
    yet are left out of it, and `apply` adds them.
    failures: what could not be planned, such as an account that nobody could look into. Everything else is still
    done, in check mode too, and then the task fails and names it.
    """

    changes: List[Change] = field(default_factory=list)
    before: Dict[str, Any] = field(default_factory=dict)
    after: Dict[str, Any] = field(default_factory=dict)
    result: Dict[str, Any] = field(default_factory=dict)
    warnings: List[str] = field(default_factory=list)
    failures: List[Outcome] = field(default_factory=list)

    def note(self, key: str, before: Any, after: Any) -> None:
        """Record one line of the diff."""
        self.before[key] = before
        self.after[key] = after


@dataclass(frozen=True)
class Outcome:
    """What became of one change; `error` is a text for people, None when it was done.

    skipped: it was not even tried, because an earlier one failed. The message only counts these.
    """

    change: Change
    error: Optional[str] = None
    skipped: bool = False


class Resource(Protocol):
    """What a module hands to `reconcile`. `read` may call out, `plan` never does, `apply` never decides."""

    def read(self) -> Any:
        """Return what is there now, only as far as it is managed."""

    def plan(self, current: Any) -> Plan:
        """Return the way from `current` to the desired state."""

    def apply(self, plan: Plan) -> Iterable[Outcome]:
        """Do the plan's changes in order, fill new ids into `plan.result`, and yield an outcome for each."""


def in_order(changes: Sequence[Change], do: Callable[[Change], None]) -> Iterator[Outcome]:
    """Do one change after the other; what needs a failed one is skipped, everything else is still done.

    A change needs what it names in `needs`, and earlier changes of its own subject.
    """
    failed: Set[Subject] = set()
    for change in changes:
        missing = [subject for subject in (change.subject,) + change.needs if subject in failed]
        if missing:
            failed.add(change.subject)
            yield Outcome(change, f"skipped, because {missing[0][0]} '{missing[0][1]}' failed", skipped=True)
            continue
        try:
            do(change)
        except UserError as error:
            failed.add(change.subject)
            yield Outcome(change, error.message)
        else:
            yield Outcome(change)


class Module(Protocol):
    """What is used here of an AnsibleModule or AnsibleAWSModule."""

    check_mode: bool
    _diff: bool

    def warn(self, warning: str) -> None:
        """Tell the user without failing."""

    def exit_json(self, **result: Any) -> NoReturn:
        """Leave with a result."""
        raise SystemExit

    def fail_json(self, **result: Any) -> NoReturn:
        """Leave with a failure."""
        raise SystemExit


def reconcile(module: Module, resource: Resource) -> NoReturn:
    """Bring `resource` to its desired state and leave the module: the only caller of exit_json and fail_json."""
    try:
        plan = resource.plan(resource.read())
        for warning in plan.warnings:
            module.warn(warning)
        outcomes = [Outcome(change) for change in plan.changes] if module.check_mode else list(resource.apply(plan))
        outcomes = plan.failures + outcomes
    except UserError as error:
        module.fail_json(msg=error.message, **error.details)
    done = [outcome.change for outcome in outcomes if outcome.error is None]
    answer = dict(plan.result, **summary(done))
    if module._diff and plan.changes:
        answer["diff"] = dict(before=plan.before, after=plan.after)
    failed = [outcome for outcome in outcomes if outcome.error is not None]
    if failed:
        failures = [dict(outcome.change.shown(), error=outcome.error) for outcome in failed]
        module.fail_json(msg=_failed(failed, len(done)), failures=failures, **answer)
    module.exit_json(**answer)


def report(module: Module, read: Callable[[], Mapping[str, Any]]) -> NoReturn:
    """Leave an `_info` module with what `read` returns; nothing is ever changed. Its `warnings` are told as such."""
    try:
        answer = dict(read())
    except UserError as error:
        module.fail_json(msg=error.message, **error.details)
    for warning in answer.pop("warnings", ()):
        module.warn(warning)
    module.exit_json(changed=False, **answer)


def unread_error(kind: str, unread: Mapping[str, str], what: str, **result: Any) -> UserError:
    """What an `_info` module fails with where it could not read everything; `result` has what it could read.

    unread: name -> why. what: of how many of what, such as `of 3 accounts`; '' where nobody counts.
    """
    failures = [dict(action=READ, kind=kind, name=name, error=error) for name, error in unread.items()]
    lines = "\n- ".join(f"{name}: {error}" for name, error in unread.items())
    counted = f"{len(unread)} {what}" if what else str(len(unread))
    return UserError(f"{counted} could not be read:\n- {lines}", failures=failures, **result)


def summary(done: Sequence[Change]) -> Dict[str, Any]:
    """The part of every result that tells what was done: `changed`, `changes` and the sums.

    The sums count things, not steps: a permission set that was created in five steps is one created.
    """
    created = {change.subject for change in done if change.action == CREATE}
    deleted = {change.subject for change in done if change.action == DELETE}
    updated = {change.subject for change in done if change.action == UPDATE} - created - deleted
    return dict(
        changed=bool(done),
        changes=[change.shown() for change in done],
        created=len(created),
        updated=len(updated),
        deleted=len(deleted),
    )


def _failed(failed: Sequence[Outcome], done: int) -> str:
    tried = [outcome for outcome in failed if not outcome.skipped]
    lines = [f"{o.change.action} {o.change.kind} '{o.change.name}': {o.error}" for o in tried]
    if len(failed) == len(lines) == 1 and not done:
        return lines[0]
    skipped = len(failed) - len(tried)
    if skipped:
        lines.append(f"and {skipped} more {'was' if skipped == 1 else 'were'} skipped because of these")
    heading = f"{len(failed)} of {len(failed) + done} changes failed" + (", the others were done" if done else "")
    return heading + ":\n- " + "\n- ".join(lines)
