# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps become commands of the distribution's own tools; passwd and its kin are never edited."""

from __future__ import annotations

import os
import subprocess
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from ..._reconcile import UserError
from .processes import processes_of, terminate
from .records import AddGroup, AddUser, DelUser, ModGroup, ModUser, Step, home_of

# userdel's own number for: the account is gone, its home or its mail is not
HOME_NOT_REMOVED = 12
_PACKAGES = (
    "passwd on Debian and Ubuntu, shadow-utils on Red Hat's family, shadow on SUSE; mkhomedir_helper comes with PAM"
)
# The tools read a date in the local time zone; west and east of all others it would be the day before or after.
_ENVIRONMENT = {"TZ": "UTC", "LC_ALL": "C"}


def commands(step: Step, umask: int = 0o022) -> List[List[str]]:
    """The commands for one step, in order; pure. `umask` is for a home that is made anew."""
    if isinstance(step, AddUser):
        return [_add_user(step)]
    if isinstance(step, ModUser):
        return _mod_user(step, umask)
    if isinstance(step, DelUser):
        found = [["userdel"] + (["--remove"] if step.remove_home else []) + ["--", step.name]]
        return found if step.private_group is None else found + [["groupdel", "--", step.private_group]]
    if isinstance(step, AddGroup):
        options = ["--system"] if step.system else []
        return [["groupadd"] + options + _option("--gid", step.gid) + ["--", step.name]]
    if isinstance(step, ModGroup):
        found = [["gpasswd", "--delete", ghost, step.name] for ghost in step.ghosts]
        return found if step.gid is None else found + [["groupmod", "--gid", str(step.gid), "--", step.name]]
    return [["groupdel", "--", step.name]]


def _add_user(step: AddUser) -> List[str]:
    # without a password option useradd writes '!', which no password matches
    argv = ["useradd", "--create-home", "--home-dir", step.home, "--shell", step.shell]
    argv += _option("--uid", step.uid) + _option("--comment", step.comment) + _option("--expiredate", step.expires)
    argv += _option("--skel", step.skeleton)
    argv += ["--user-group"] if step.group is None else ["--gid", step.group]
    return argv + ["--groups", ",".join(step.groups), "--", step.name]


def _mod_user(step: ModUser, umask: int) -> List[List[str]]:
    argv = ["usermod"]
    argv += _option("--uid", step.uid) + _option("--comment", step.comment) + _option("--shell", step.shell)
    argv += _option("--home", step.home) + _option("--gid", step.group) + _option("--expiredate", step.expires)
    if step.set_groups is not None:
        argv += ["--groups", ",".join(step.set_groups)]
    elif step.add_groups:
        argv += ["--append", "--groups", ",".join(step.add_groups)]
    if step.lock:
        argv.append("--lock")
    found = [argv + ["--", step.name]] if len(argv) > 1 else []
    if not step.make_home:
        return found
    skeleton = [] if step.skeleton is None else [step.skeleton]
    return found + [["mkhomedir_helper", step.name, f"{umask:04o}"] + skeleton]


def _option(name: str, value: Any) -> List[str]:
    return [] if value is None else [name, str(value)]


def run(argv: List[str]) -> Tuple[int, str, str]:
    """The exit code, and what was said, by standard output and standard error.

    Not AnsibleModule's run_command, which copies the process for each command: 4 ms more where useradd takes 12.
    """
    pipes = dict(stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    done = subprocess.run(argv, env=dict(os.environ, **_ENVIRONMENT), check=False, **pipes)  # type: ignore[call-overload]
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


class Tools:
    """Finds commands by AnsibleModule and runs them."""

    def __init__(self, module: Any, execute: Optional[Callable[[List[str]], Tuple[int, str, str]]] = None) -> None:
        self._module = module
        self._execute = execute or run
        self._paths: Dict[str, str] = {}

    def require(self, steps: Iterable[Step]) -> None:
        """See that every command is there before the first of them runs."""
        missing = sorted({argv[0] for step in steps for argv in commands(step) if self._path(argv[0]) is None})
        if missing:
            raise UserError(
                f"{', '.join(missing)}: not found on this host; install the package that holds it ({_PACKAGES})"
            )

    def do(self, step: Step, umask: int) -> None:
        uid = given_up(step)
        if uid is not None:
            _free(uid, step.force)  # type: ignore[union-attr]
        for argv in commands(step, umask):
            self._run(argv)

    def _run(self, argv: List[str]) -> None:
        code, out, err = self._execute([self._path(argv[0]) or argv[0]] + argv[1:])
        if not code:
            return
        text = " ".join((err or out).split()) or f"exit code {code}"
        if argv[0] == "userdel" and code == HOME_NOT_REMOVED:
            text = f"the account is removed, but its home {home_of(argv[-1])} is not: {text}"
        raise UserError(f"{argv[0]} failed: {text}")

    def _path(self, name: str) -> Optional[str]:
        if name not in self._paths:
            self._paths[name] = self._module.get_bin_path(name) or ""
        return self._paths[name] or None


def _free(uid: int, force: bool) -> None:
    """Nothing runs under the uid afterwards."""
    if force:
        terminate(uid)
        return
    running = processes_of(uid)
    if running:
        raise UserError(busy(running))


def given_up(step: Step) -> Optional[int]:
    """The uid that nobody has after the step. What still runs under it would belong to whoever gets it next."""
    if isinstance(step, DelUser):
        return step.uid
    return step.former_uid if isinstance(step, ModUser) else None


def busy(pids: List[int]) -> str:
    return (
        f"it has running processes (pid {', '.join(map(str, pids))}); end them, "
        "or give force: true for this user, which ends them first"
    )
