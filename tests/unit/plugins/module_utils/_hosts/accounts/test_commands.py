# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import signal
import subprocess

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts import commands as under_test
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts import processes
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.commands import Tools, commands
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.records import (
    AddGroup,
    AddUser,
    DelGroup,
    DelUser,
    ModGroup,
    ModUser,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError


@pytest.mark.parametrize(
    "step, expected",
    [
        (AddGroup("web"), ["groupadd -- web"]),
        (AddGroup("web", 3000, True), ["groupadd --system --gid 3000 -- web"]),
        (ModGroup("web", 3000), ["groupmod --gid 3000 -- web"]),
        (ModGroup("web", ghosts=("a", "b")), ["gpasswd --delete a web", "gpasswd --delete b web"]),
        (DelGroup("web"), ["groupdel -- web"]),
        (
            AddUser("taro", "/home/taro", "/bin/sh", ("k", "web")),
            ["useradd --create-home --home-dir /home/taro --shell /bin/sh --user-group --groups k,web -- taro"],
        ),
        (
            AddUser("taro", "/home/taro", "/bin/sh", ("k",), 1500, "T", "web", "2030-12-31"),
            [
                "useradd --create-home --home-dir /home/taro --shell /bin/sh --uid 1500 --comment T "
                "--expiredate 2030-12-31 --gid web --groups k -- taro"
            ],
        ),
        (ModUser("taro", lock=True), ["usermod --lock -- taro"]),
        (ModUser("taro", add_groups=("a", "b")), ["usermod --append --groups a,b -- taro"]),
        (ModUser("taro", set_groups=("a",)), ["usermod --groups a -- taro"]),
        (ModUser("taro", comment="", expires=""), ["usermod --comment  --expiredate  -- taro"]),
        (
            ModUser("taro", 1500, "T", "/bin/sh", "/home/taro", "web", "2030-12-31"),
            [
                "usermod --uid 1500 --comment T --shell /bin/sh --home /home/taro --gid web "
                "--expiredate 2030-12-31 -- taro"
            ],
        ),
        (ModUser("taro", make_home=True), ["mkhomedir_helper taro 0077"]),
        (
            AddUser("taro", "/home/taro", "/bin/sh", ("k",), skeleton="/srv/skel"),
            [
                "useradd --create-home --home-dir /home/taro --shell /bin/sh --skel /srv/skel --user-group "
                "--groups k -- taro"
            ],
        ),
        (ModUser("taro", make_home=True, skeleton="/srv/skel"), ["mkhomedir_helper taro 0077 /srv/skel"]),
        (ModUser("taro", skeleton="/srv/skel"), []),
        (ModUser("taro", lock=True, make_home=True), ["usermod --lock -- taro", "mkhomedir_helper taro 0077"]),
        (DelUser("taro", 1001), ["userdel -- taro"]),
        (DelUser("taro", 1001, True, True, "taro"), ["userdel --remove -- taro", "groupdel -- taro"]),
    ],
)
def test_commands(step, expected):
    assert [" ".join(argv) for argv in commands(step, 0o077)] == expected


class Module:
    """As much of AnsibleModule as is needed: commands are noted, and answered as told."""

    def __init__(self, answer=(0, "", ""), missing=()):
        self.answer, self.missing, self.ran = answer, missing, []

    def get_bin_path(self, name):
        return None if name in self.missing else "/usr/sbin/" + name

    def execute(self, argv):
        self.ran.append(argv)
        return self.answer


def tools_of(module):
    return Tools(module, module.execute)


def test_what_a_command_says_and_that_its_dates_are_of_no_time_zone():
    said = under_test.run(["sh", "-c", "read word; echo \"$TZ$word\"; printf '\\377' >&2; exit 3"])
    assert said == (3, "UTC\n", "\N{REPLACEMENT CHARACTER}")


def test_a_step_is_run():
    module = Module()
    tools_of(module).do(ModUser("taro", lock=True), 0o022)
    assert module.ran == [["/usr/sbin/usermod", "--lock", "--", "taro"]]


def test_a_failure_tells_what_the_tool_said():
    with pytest.raises(UserError) as caught:
        tools_of(Module((10, "", "groupadd: cannot lock /etc/group;\ntry again later."))).do(AddGroup("web"), 0o022)
    assert caught.value.message == "groupadd failed: groupadd: cannot lock /etc/group; try again later."
    with pytest.raises(UserError, match="groupadd failed: exit code 3"):
        tools_of(Module((3, "", ""))).do(AddGroup("web"), 0o022)


def test_a_home_that_stays_behind_is_told(monkeypatch):
    monkeypatch.setattr(under_test, "processes_of", lambda uid: [])
    with pytest.raises(UserError, match="the account is removed, but its home /home/taro is not: busy"):
        tools_of(Module((12, "", "busy"))).do(DelUser("taro", 1001, True), 0o022)


def test_missing_commands_are_all_told_before_anything_runs():
    module = Module(missing=("useradd", "gpasswd"))
    tools = tools_of(module)
    tools.require([AddGroup("web")])
    with pytest.raises(UserError, match="gpasswd, useradd: not found on this host; install the package"):
        tools.require([AddGroup("web"), AddUser("t", "/home/t", "/bin/sh", ()), ModGroup("k", ghosts=("x",))])
    assert module.ran == []


def test_a_user_with_processes_is_not_removed_and_keeps_the_uid(monkeypatch):
    monkeypatch.setattr(under_test, "processes_of", lambda uid: [12, 13] if uid == 1001 else [])
    module = Module()
    for step in (DelUser("taro", 1001), ModUser("taro", uid=1500, former_uid=1001)):
        with pytest.raises(UserError, match=r"running processes \(pid 12, 13\).*force: true"):
            tools_of(module).do(step, 0o022)
    assert module.ran == []
    tools_of(module).do(DelUser("jiro", 1002), 0o022)
    tools_of(module).do(ModUser("taro", shell="/bin/sh"), 0o022)
    assert module.ran == [
        ["/usr/sbin/userdel", "--", "jiro"],
        ["/usr/sbin/usermod", "--shell", "/bin/sh", "--", "taro"],
    ]


def test_force_ends_the_processes_first(monkeypatch):
    ended = []
    monkeypatch.setattr(under_test, "terminate", ended.append)
    monkeypatch.setattr(under_test, "processes_of", lambda uid: [])
    module = Module()
    tools_of(module).do(DelUser("taro", 1001, force=True), 0o022)
    tools_of(module).do(ModUser("jiro", uid=1500, former_uid=1002, force=True), 0o022)
    assert ended == [1001, 1002] and len(module.ran) == 2


def write_status(proc, pid, uids, state="S (sleeping)"):
    (proc / str(pid)).mkdir()
    (proc / str(pid) / "status").write_text(f"Name:\tx\nState:\t{state}\nUid:\t{uids}\nGid:\t0\t0\t0\t0\n")


def test_processes_count_by_any_of_their_uids(tmp_path):
    write_status(tmp_path, 1, "0\t0\t0\t0")
    write_status(tmp_path, 30, "1001\t1001\t1001\t1001")
    write_status(tmp_path, 4, "1001\t0\t0\t0")
    write_status(tmp_path, 5, "0\t0\t1001\t0")
    write_status(tmp_path, 6, "1001\t1001\t1001\t1001", "Z (zombie)")
    write_status(tmp_path, 7, "10011\t10011\t10011\t10011")
    (tmp_path / "8").mkdir()
    (tmp_path / "self").mkdir()
    assert processes.processes_of(1001, str(tmp_path)) == [4, 5, 30]


@pytest.fixture
def sleeper():
    """A process that only SIGKILL ends, of whoever runs the tests."""
    script = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with subprocess.Popen(["python3", "-c", script], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process
        process.kill()


def test_what_does_not_end_when_asked_is_ended(sleeper, monkeypatch):
    def running(uid):
        assert uid == 1001
        return [sleeper.pid] if sleeper.poll() is None else []

    monkeypatch.setattr(processes, "processes_of", running)
    processes.terminate(1001, patience=0.5)
    assert sleeper.wait(5) == -signal.SIGKILL


def test_what_cannot_be_ended_is_told(monkeypatch):
    sent = []
    monkeypatch.setattr(processes, "processes_of", lambda uid: [4242])
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    with pytest.raises(UserError, match="do not end: pid 4242"):
        processes.terminate(1001, patience=0.15)
    assert sent == [(4242, signal.SIGTERM), (4242, signal.SIGKILL)]


def test_a_process_that_is_gone_already_is_fine(monkeypatch):
    def kill(pid, number):
        raise ProcessLookupError

    answers = [[4242], []]
    monkeypatch.setattr(processes, "processes_of", lambda uid: answers.pop(0))
    monkeypatch.setattr(os, "kill", kill)
    processes.terminate(1001)
