# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's side of the module `sudo_rules`: the file with the rules, put in place and proven, or taken back.

All of it is one process that is root already. Where sudo refuses all of its files, nobody becomes root by sudo any
more, and what was there before could not be brought back by a task of its own.
"""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass
from typing import Any, Dict, Iterator, Optional

from ..._reconcile import CREATE, UPDATE, Change, Outcome, Plan, UserError
from ..sudoers import render
from .resource import ENVIRONMENT, OWN_FILE, SUDO_RS, Checked, checked, differences, rights

_MODE = 0o440


@dataclass(frozen=True)
class RulesFile:
    """What lies at the path of the file."""

    text: str
    mode: int = _MODE
    owner: int = 0
    group: int = 0

    def shown(self) -> Dict[str, Any]:
        """As the diff has it, with a line for each rule; bytes that are no text cannot be shown."""
        content = self.text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").splitlines()
        return dict(content=content, mode=f"{self.mode:04o}", owner=self.owner, group=self.group)


@dataclass(frozen=True)
class State:
    """The file, None where there is none; and what sudo says of users, where the file is as wished already."""

    file: Optional[RulesFile]
    answer: Optional[Dict[str, Any]] = None


@dataclass(frozen=True)
class Verdict:
    """What visudo says of sudo's files."""

    right: bool
    said: str
    errors: str

    @property
    def why(self) -> str:
        return f"visudo says: {(self.errors or self.said).strip()}"


class SudoRules:
    """The file of sudo rules, for `reconcile`."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._params = module.params
        self._found: Checked
        self._before: Optional[RulesFile] = None

    def read(self) -> State:
        self._found = checked(self._params)
        for text in self._found.warnings:
            self._module.warn(text)
        if os.geteuid() != 0:
            raise UserError("Sudo's files are root's; set become: true for the task, the play or the host")
        self._before = read_file(OWN_FILE)
        if not os.path.exists(self._params["visudo"]):
            self._without_sudo()
            return State(self._before)
        verdict = self._visudo("-c")
        if not verdict.right and OWN_FILE not in verdict.said + verdict.errors:
            # Where visudo names our file, it is (perhaps) what is broken, and gets its chance to be mended.
            raise UserError(
                f"Sudo's files were broken before, and not in {OWN_FILE}; nothing was changed. Mend them first. "
                + verdict.why
            )
        if self._before != self._wished():
            self._try_alone(self._wished().text)
            return State(self._before)
        if not verdict.right:
            raise UserError(
                f"{OWN_FILE} is as wished, and sudo refuses it together with its other files. {verdict.why}"
            )
        return State(self._before, self._prove(verdict, changed=False))

    def plan(self, current: State) -> Plan:
        empty: Dict[str, Any] = dict(files=[], users=[])
        return make_plan(current.file, self._wished(), dict(self._found.facts, **(current.answer or empty)))

    def apply(self, plan: Plan) -> Iterator[Outcome]:
        for change in plan.changes:
            plan.result.update(self._prove(self._place(change.payload), changed=True))
            yield Outcome(change)

    def _place(self, text: str) -> Verdict:
        """Put the file in place; unless sudo takes it together with its other files, what was there comes back."""
        # Never no file, because the agent would write one with every right.
        former = render("none", []) if self._before is None else self._before.text
        verdict = None
        put(OWN_FILE, text)
        try:
            verdict = self._visudo("-c")
        finally:
            if verdict is None or not verdict.right:
                put(OWN_FILE, former)
        if not verdict.right:
            what = "a file without rights is in place" if self._before is None else "what was there before is back"
            raise UserError(
                f"Sudo refuses its files with these rules among them, so {what}. {verdict.why}",
                changed=self._before is None,
            )
        return verdict

    def _wished(self) -> RulesFile:
        given = self._params
        return RulesFile(render(given["ssm_user"], given["rules"], given["prefix"], given["aliases"]))

    def _without_sudo(self) -> None:
        visudo = self._params["visudo"]
        if not self._module.check_mode:
            option = f"{self._params['prefix']}visudo"
            raise UserError(f"This host has no {visudo}: install the package sudo first, or give {option} where it is")
        # An earlier task would have installed it.
        self._module.warn(f"There is no {visudo} yet, so nothing is checked by it")

    def _try_alone(self, text: str) -> None:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            verdict = self._visudo("-cf", stream.name)
        if not verdict.right:
            why = verdict.why.replace(stream.name, OWN_FILE)
            raise UserError(f"Sudo would refuse these rules, and nothing was changed. {why}")

    def _prove(self, verdict: Verdict, changed: bool) -> Dict[str, Any]:
        """See that sudo reads the file, and compare what it allows with the rules."""
        # Sudo-rs does not name the files that it reads; there the comparison tells.
        if self._found.implementation != SUDO_RS and OWN_FILE not in verdict.said:
            raise UserError(
                f"{OWN_FILE} is in place, but sudo does not read it. Add the line '@includedir /etc/sudoers.d' (before "
                "sudo 1.9.1 '#includedir /etc/sudoers.d') to /etc/sudoers with visudo.",
                changed=changed,
            )
        if self._found.implementation is None:
            return {}
        answer = rights(self._found, self._params)
        for text in differences(answer):
            self._module.warn(text)
        if self._params["refuse_more"]:
            self._refuse_more(answer, changed)
        return answer

    def _refuse_more(self, answer: Dict[str, Any], changed: bool) -> None:
        more = [
            f"{user['name']}: {', '.join(item['right'] for item in user['more'])}"
            for user in answer["users"]
            if user["more"]
        ]
        if more:
            raise UserError(
                f"{OWN_FILE} is in place, but with sudo more is allowed on this host than the rules say "
                f"({self._params['prefix']}refuse_more): {'; '.join(more)}. The warnings name the lines.",
                changed=changed,
                **self._found.facts,
                **answer,
            )

    def _visudo(self, *options: str) -> Verdict:
        code, said, errors = self._module.run_command([self._params["visudo"], *options], environ_update=ENVIRONMENT)
        return Verdict(code == 0, said, errors)


def make_plan(current: Optional[RulesFile], wished: RulesFile, result: Dict[str, Any]) -> Plan:
    """The way from what is there to the wished file; pure."""
    plan = Plan(result=result)
    if current == wished:
        return plan
    before, after = None if current is None else current.shown(), wished.shown()
    if before is not None:
        fields = [name for name in after if before[name] != after[name]]
        before, after = ({name: shown[name] for name in fields} for shown in (before, after))
    detail = {} if before is None else {"fields": list(after)}
    plan.changes.append(Change(CREATE if current is None else UPDATE, "file", OWN_FILE, detail, wished.text))
    plan.note(OWN_FILE, before, after)
    return plan


def read_file(path: str) -> Optional[RulesFile]:
    try:
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode):
            raise UserError(f"{path} is not a regular file; move it away")
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as stream:
            return RulesFile(stream.read(), stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error


def put(path: str, text: str) -> None:
    """In one step, so that sudo never reads half of it. Until then its name is one that sudo passes over."""
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp("~", os.path.basename(path) + ".", os.path.dirname(path))
        with open(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            os.fchown(descriptor, 0, 0)
            os.fchmod(descriptor, _MODE)
            stream.write(text)
            stream.flush()
            os.fsync(descriptor)
        os.replace(temporary, path)
    except OSError as error:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise UserError(f"{path} cannot be written: {error.strerror}") from error
