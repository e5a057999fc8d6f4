# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import pty
import stat
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.plugins.shell.sh import ShellModule
from ansible_collections.keyless.aws.plugins.module_utils._progress import FILE_VARIABLE
from ansible_collections.keyless.aws.plugins.plugin_utils import _progress
from ansible_collections.keyless.aws.plugins.plugin_utils._progress import Following, ProgressAction


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(_progress, "LOOK_EVERY", 0.01)


def wait_for(condition):
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def append(path, text):
    with open(path, "ab") as file:
        file.write(text)


def test_lines_are_shown_when_they_are_whole(tmp_path, quick):
    shown = []
    following = Following(str(tmp_path), shown.append)
    append(following.path, b"one\ntw")
    wait_for(lambda: shown)
    time.sleep(0.05)
    assert shown == ["one"]
    append(following.path, b"o\n")
    wait_for(lambda: len(shown) == 2)
    append(following.path, b"three\nfo")
    following.end()
    assert shown == ["one", "two", "three"]


def test_the_file_is_private_and_goes(tmp_path, quick):
    following = Following(str(tmp_path), print)
    paths = following.path, os.path.dirname(following.path)
    assert [stat.S_IMODE(os.stat(path).st_mode) for path in paths] == [0o600, 0o700]
    following.end()
    assert not list(tmp_path.iterdir())


def test_a_file_that_was_taken_away(tmp_path, quick):
    following = Following(str(tmp_path), print)
    os.unlink(following.path)
    os.rmdir(os.path.dirname(following.path))
    following.end()


def test_nobody_takes_the_lines(tmp_path, quick):
    def broken(line):
        raise BrokenPipeError

    following = Following(str(tmp_path), broken)
    append(following.path, b"one\ntwo\n")
    following.end()
    assert not list(tmp_path.iterdir())


def test_no_thread_can_be_had(tmp_path, monkeypatch):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(RuntimeError):
        Following(str(tmp_path), print)
    assert not list(tmp_path.iterdir())


class Action(ProgressAction):
    """The action of one task; `seen` is what its module would have found in the environment."""

    def __init__(self, transport="local", wish="auto", async_val=0, no_log=False):
        args = dict(progress=wish) if wish else {}
        self._task = SimpleNamespace(args=args, async_val=async_val, no_log=no_log, environment=[dict(A="b c")])
        self._connection = SimpleNamespace(transport=transport, _shell=ShellModule())
        self._templar = SimpleNamespace(template=lambda value: value)


@pytest.fixture
def shown(monkeypatch, tmp_path, quick):
    """Runs an action whose module tells one line, and returns what was printed."""
    lines = []
    monkeypatch.setattr(_progress.display, "display", lines.append)
    monkeypatch.setattr(_progress.C, "DEFAULT_LOCAL_TMP", str(tmp_path))

    def execute(self, tmp=None, task_vars=None):
        self.seen = self._compute_environment_string()
        if self._following is not None:
            append(self._following.path, b"a line\n")
        if task_vars is not None:
            raise task_vars["trouble"]
        return dict(changed=True)

    monkeypatch.setattr(NormalAction, "run", execute)

    def run(action):
        assert action.run(None, None) == dict(changed=True)
        assert not list(tmp_path.iterdir())
        return lines

    return run


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("wish", ["auto", "always", "never", None, "loud"])
def test_what_is_wished(monkeypatch, shown, terminal, wish):
    monkeypatch.setattr(_progress, "ON_TERMINAL", terminal)
    is_shown = wish == "always" or (wish in ("auto", None) and terminal)
    assert shown(Action(wish=wish)) == (["a line"] if is_shown else [])


@pytest.mark.parametrize("different", [dict(transport="ssh"), dict(async_val=30), dict(no_log=True)])
def test_where_nothing_is_shown(shown, different):
    action = Action(wish="always", **different)
    assert shown(action) == []
    assert action.seen == "A='b c'"


def test_the_module_learns_where_the_file_is_and_keeps_its_environment(shown, tmp_path):
    action = Action(wish="always")
    shown(action)
    variable, own = action.seen.split(" ", 1)
    assert variable.startswith(f"{FILE_VARIABLE}={tmp_path}/keyless-progress-") and own == "A='b c'"


def test_nothing_stays_of_a_task_that_fails(shown, tmp_path):
    for trouble in (ValueError(), KeyboardInterrupt()):
        with pytest.raises(type(trouble)):
            Action(wish="always").run(None, dict(trouble=trouble))
        assert not list(tmp_path.iterdir())
    assert "keyless-progress" not in [thread.name for thread in threading.enumerate()]


def test_no_room_for_the_file(monkeypatch, shown, tmp_path):
    monkeypatch.setattr(_progress.C, "DEFAULT_LOCAL_TMP", str(tmp_path / "none"))
    action = Action(wish="always")
    assert shown(action) == []
    assert action.seen == "A='b c'"


ASK = """
import os, sys
from ansible_collections.keyless.aws.plugins.plugin_utils import _progress
print(_progress.ON_TERMINAL, file=sys.stderr)
os.write(1, b"1\\n")
print(2)
os.write(1, b"3\\n")
"""
# What becomes of a worker's standard output, before it loads the plugin.
LOST = "import os; os.dup2(os.open(os.devnull, os.O_WRONLY), 1)"


def ask(program, **output):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=True, timeout=60, **output)


@pytest.mark.parametrize("before", ["", LOST], ids=["controller", "worker"])
def test_whether_the_output_is_a_terminal(before):
    ours, terminal = pty.openpty()
    for output, expected in ((terminal, "True"), (subprocess.DEVNULL, "False"), (subprocess.PIPE, "False")):
        assert ask(before + ASK, stdout=output).stderr.splitlines()[-1] == expected
    os.close(terminal)
    os.close(ours)


def test_lines_come_at_once_out_of_a_pipe():
    assert ask(ASK, stdout=subprocess.PIPE).stdout.split() == ["1", "2", "3"]


@pytest.mark.parametrize("output", ["None", "io.StringIO()"])
def test_an_output_of_another_kind(output):
    ask(f"import io, sys\nsys.stdout = {output}\n{ASK.partition('print(')[0]}", stdout=subprocess.PIPE)
