# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import platform
import time
from dataclasses import replace

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts import commands, resource
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.facts import Asked, HostReader
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.records import (
    MARKER,
    Account,
    Group,
    GroupWish,
    Home,
    Host,
    UserWish,
    Wishes,
)
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.resource import (
    Accounts,
    info,
    read_info,
    wishes_of,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError, reconcile


def account(name, uid, *groups, **values):
    known = Account(name, uid, uid, "", f"/home/{name}", "/bin/sh", True, "", True, name, frozenset(groups))
    return replace(known, **values)


def host(*accounts, homes=None):
    members = frozenset(a.name for a in accounts if MARKER in a.groups)
    return Host(
        accounts={a.name: a for a in accounts},
        groups={MARKER: Group(MARKER, 990, members)},
        homes={a.name: Home(True, a.uid) for a in accounts} if homes is None else homes,
    )


class Left(Exception):
    pass


class Module:
    """Notes commands and how the module was left; fails the commands that it is told to fail."""

    def __init__(self, check_mode=False, failing=()):
        self.check_mode, self._diff, self.failing = check_mode, True, failing
        self.ran, self.warnings, self.left = [], [], None

    def get_bin_path(self, name):
        return name

    def execute(self, argv):
        self.ran.append(argv)
        return (1, "", "it does not work") if argv[-1] in self.failing else (0, "", "")

    def warn(self, text):
        self.warnings.append(text)

    def exit_json(self, **answer):
        self.left = answer
        raise Left

    def fail_json(self, **answer):
        self.left = dict(answer, failed=True)
        raise Left


@pytest.fixture
def on(monkeypatch):
    """Run the wishes on a host that looks like the first, and after the run like the second."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(platform, "system", lambda: "Linux")

    def run(wishes, *hosts, **options):
        states = list(hosts)
        monkeypatch.setattr(HostReader, "read", lambda self, wanted: states.pop(0) if len(states) > 1 else states[0])
        module = Module(**options)
        monkeypatch.setattr(commands, "run", module.execute)
        with pytest.raises(Left):
            reconcile(module, Accounts(module, wishes))
        return module

    return run


def test_options_become_wishes():
    user = dict(
        name="taro",
        uid=1,
        comment="c",
        shell="/s",
        home="/h",
        group="g",
        groups=["a"],
        append=False,
        expires="",
        state="absent",
        remove_home=True,
        force=True,
        skeleton="/k",
    )
    group = dict(name="web", gid=5, system=True, state="present")
    assert wishes_of(dict(users=[user], groups=[group], purge=True)) == Wishes(
        users=(UserWish("users[0]", "taro", 1, "c", "/s", "/h", "g", ("a",), False, "", False, True, True, "/k"),),
        groups=(GroupWish("groups[0]", "web", 5, True, True),),
        purge=True,
        users_given=True,
    )
    assert wishes_of(dict(users=None, groups=None, purge=False)) == Wishes((), (), False, users_given=False)


def test_what_is_done_is_read_again(on):
    module = on(Wishes([UserWish("users[0]", "taro")]), host(), host(account("taro", 1234, MARKER)))
    assert [argv[0] for argv in module.ran] == ["useradd"]
    assert module.left["changes"] == [dict(action="create", kind="user", name="taro")]
    assert module.left["users"][0]["uid"] == 1234
    assert module.left["created"] == 1 and module.left["changed"]


def test_check_mode_runs_no_command(on):
    module = on(Wishes([UserWish("users[0]", "taro")]), host(), check_mode=True)
    assert module.ran == []
    assert module.left["changed"] and "uid" not in module.left["users"][0]
    assert module.left["diff"]["after"]["user taro"]["home"] == "/home/taro"


def test_nothing_to_do(on):
    module = on(Wishes([UserWish("users[0]", "taro")]), host(account("taro", 1234, MARKER)))
    assert module.ran == [] and not module.left["changed"] and "diff" not in module.left


def test_one_that_fails_does_not_stop_the_others(on):
    wishes = Wishes([UserWish("users[0]", "taro"), UserWish("users[1]", "jiro")])
    module = on(wishes, host(), host(account("jiro", 1001, MARKER)), failing=["taro"])
    assert module.left["failed"]
    assert module.left["msg"].splitlines()[1] == "- create user 'taro': useradd failed: it does not work"
    assert [change["name"] for change in module.left["changes"]] == ["jiro"]
    assert [user["name"] for user in module.left["users"]] == ["jiro"]


def test_problems_leave_before_anything_runs(on):
    module = on(Wishes([UserWish("users[0]", "1001"), UserWish("users[1]", "taro")]), host())
    assert module.left["failed"] and module.ran == []
    assert module.left["msg"].startswith("users[0].name: '1001' is a number")


def test_check_mode_tells_what_would_be_refused(on, monkeypatch):
    for where in (resource, commands):
        monkeypatch.setattr(where, "processes_of", lambda uid: [12])
    current = host(account("taro", 1001, MARKER), account("jiro", 1002, MARKER))
    wishes = Wishes([UserWish("", "taro", present=False), UserWish("", "jiro", present=False, force=True)])
    module = on(wishes, current, check_mode=True)
    assert len(module.warnings) == 1 and "user 'taro' would not be removed" in module.warnings[0]
    assert "pid 12" in module.warnings[0]
    module = on(Wishes([UserWish("", "taro", uid=1500)]), current, check_mode=True)
    assert any("user 'taro' would not be changed" in text for text in module.warnings)
    real = on(Wishes([UserWish("", "taro", present=False)]), current)
    assert real.warnings == [] and "pid 12" in real.left["msg"]


def test_root_is_needed(on, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "become: true" in on(Wishes(), host()).left["msg"]


def test_other_systems_are_refused(on, monkeypatch):
    monkeypatch.setattr(platform, "system", lambda: "FreeBSD")
    assert on(Wishes(), host()).left["msg"] == "OS users are managed on Linux only, and this host runs FreeBSD"
    with pytest.raises(UserError, match="Linux only"):
        read_info(None)


def test_info_of_ours(monkeypatch):
    current = host(account("taro", 1001, MARKER), account("admin", 1002))
    wanted = []
    monkeypatch.setattr(HostReader, "read", lambda self, asked: wanted.append(asked) or current)
    assert [user["name"] for user in read_info(None)["users"]] == ["taro"]
    assert wanted == [Asked(), Asked(users=frozenset(["taro"]))]
    assert [user["name"] for user in read_info(["nobody-here", "admin"])["users"]] == ["nobody-here", "admin"]


def test_info_of_one_that_is_ready():
    found = info("taro", host(account("taro", 1001, MARKER)))
    assert found["exists"] and found["run_as_ready"] and found["run_as_problem"] is None
    assert found["home_matches"] and found["home_exists"] and found["managed"]
    assert (found["uid"], found["uid_zero"], found["primary_gid_zero"]) == (1001, False, False)


def test_info_of_one_that_does_not_exist():
    assert info("taro", host()) == dict(
        name="taro",
        exists=False,
        run_as_ready=False,
        run_as_problem="no user 'taro' on this host; the agent creates nobody",
    )
    assert "is a number" in info("1001", host())["run_as_problem"]


@pytest.mark.parametrize(
    "values, homes, facts, words",
    [
        (dict(gid=0, group="root"), None, dict(primary_gid_zero=True), "primary gid 0"),
        (dict(uid=0), None, dict(uid_zero=True), "uid 0"),
        (dict(), {}, dict(home_exists=False), "/home/taro, which is not a directory"),
        (dict(), {"taro": Home(False, 0)}, dict(home_exists=False), "/home/taro, which is not a directory"),
    ],
)
def test_info_of_one_that_is_not_ready(values, homes, facts, words):
    found = info("taro", host(replace(account("taro", 1001), **values), homes=homes))
    assert not found["run_as_ready"] and words in found["run_as_problem"]
    for key, value in facts.items():
        assert found[key] is value


def test_a_home_elsewhere_is_a_fact_and_no_obstacle():
    found = info("taro", host(account("taro", 1001, home="/srv/taro")))
    assert found["home_matches"] is False and found["run_as_ready"]


def test_500_users_and_50_groups_that_are_as_wished_cost_no_process_and_no_second(tmp_path, monkeypatch):
    names = [f"user{number:03}" for number in range(500)]
    groups = [f"team{number:02}" for number in range(50)]
    passwd = ["root:x:0:0:root:/root:/bin/sh"] + [
        f"{name}:x:{2000 + n}:{2000 + n}::/home/{name}:/bin/sh" for n, name in enumerate(names)
    ]
    group = [f"{MARKER}:x:990:" + ",".join(names)] + [f"{name}:x:{2000 + n}:" for n, name in enumerate(names)]
    group += [f"{name}:x:{4000 + n}:" + ",".join(names[n::50]) for n, name in enumerate(groups)]
    shadow = [f"{name}:!:20000:0:99999:7:::" for name in names]
    (tmp_path / "etc").mkdir()
    for file, lines in {"passwd": passwd, "group": group, "shadow": shadow}.items():
        (tmp_path / "etc" / file).write_text("\n".join(lines) + "\n")
    for name in names:
        (tmp_path / "home" / name).mkdir(parents=True)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    wishes = Wishes(
        [UserWish(f"users[{n}]", name, groups=(groups[n % 50],)) for n, name in enumerate(names)],
        [GroupWish(f"groups[{n}]", name) for n, name in enumerate(groups)],
        purge=True,
    )
    module = Module()
    accounts = Accounts(module, wishes)
    accounts._reader = HostReader(str(tmp_path))
    begun = time.process_time()
    with pytest.raises(Left):
        reconcile(module, accounts)
    assert time.process_time() - begun < 1
    assert not module.left["changed"] and len(module.left["users"]) == 500 and module.ran == []
