# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import resource
import signal
import threading
from types import SimpleNamespace

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._progress import FILE_VARIABLE, Progress, progress_of


class Run:
    """A run with a clock of its own; `lines` is what was told, with the second in which it was."""

    def __init__(self):
        self.now = 100.0
        self.lines = []
        self.progress = Progress("account_assignments", self._tell, clock=lambda: self.now)

    def _tell(self, line):
        self.lines.append((self.now - 100, line.removeprefix("account_assignments: ")))

    def steady(self, total, each, in_flight=0):
        """One thing is done every `each` seconds."""
        for done in range(1, total + 1):
            self.now += each
            self.progress.moved(done, in_flight)


@pytest.fixture
def run():
    return Run()


@pytest.fixture
def followed(tmp_path, monkeypatch):
    """A file as the action plugin makes it."""
    path = tmp_path / "lines"
    path.touch(mode=0o600)
    monkeypatch.setenv(FILE_VARIABLE, str(path))
    return path


def module(wish="auto", name="keyless.aws.account_assignments"):
    return SimpleNamespace(params=dict(progress=wish), _name=name)


def late(progress):
    """Make it as if a line were due."""
    progress._said -= 10
    return progress


def test_a_line(run):
    run.progress.begin("created", 1000)
    run.now += 34
    run.progress.moved(412, 10)
    assert run.lines == [(34, "412 of 1000 created, 10 in flight, about 49 s left")]


def test_short_runs_say_nothing(run):
    run.progress.begin("created", 100)
    run.steady(100, 0.0199)
    assert not run.lines


def test_a_line_every_two_seconds(run):
    run.progress.begin("created", 100)
    run.steady(100, 0.125)
    assert [seconds for seconds, line in run.lines] == [2, 4, 6, 8, 10, 12]
    assert run.lines[0][1] == "16 of 100 created, about 10 s left"


def test_phases_share_the_time_between_lines_and_have_a_pace_each(run):
    run.progress.begin("created", 12)
    run.steady(12, 0.125)
    run.progress.begin("deleted", 4)
    run.steady(4, 1)
    assert run.lines == [(2.5, "1 of 4 deleted, about 3 s left"), (4.5, "3 of 4 deleted, about 1 s left")]


@pytest.mark.parametrize(
    "done, seconds, left",
    [
        (1, 10, "about 90 s left"),
        (1, 13, "about 117 s left"),
        (1, 13.25, "about 119 s left"),
        (1, 13.3, "about 2 min left"),
        (1, 40, "about 6 min left"),
        (1, 3600, "about 540 min left"),
        (9, 3, "about 1 s left"),
    ],
)
def test_remaining_time(run, done, seconds, left):
    run.progress.begin("read", 10)
    run.now += seconds
    run.progress.moved(done)
    assert run.lines[0][1] == f"{done} of 10 read, {left}"


def test_no_remaining_time_where_it_cannot_be_told(run):
    run.progress.begin("created", 10)
    run.now += 3
    run.progress.moved(0, 10)
    run.now += 3
    run.progress.moved(10)
    run.now += 3
    run.progress.moved(12)
    assert [line for seconds, line in run.lines] == [
        "0 of 10 created, 10 in flight",
        "10 of 10 created",
        "12 of 12 created",
    ]


def test_threads_that_come_late_turn_nothing_back(run):
    run.progress.begin("created", 10)
    run.progress.moved(8)
    run.now += 4
    run.progress.moved(7, 2)
    assert run.lines == [(4, "8 of 10 created, 2 in flight, about 1 s left")]


def test_many_threads_make_one_line(run):
    run.progress.begin("created", 8000)
    run.now += 5
    ready = threading.Barrier(8)

    def work(number):
        ready.wait()
        for done in range(1000):
            run.progress.moved(number * 1000 + done)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(run.lines) == 1


def test_a_module_appends_to_its_file(followed):
    progress = progress_of(module())
    progress.begin("created", 10)
    late(progress).moved(0, 3)
    late(progress).moved(10)
    lines = followed.read_text().splitlines()
    assert lines == ["account_assignments: 0 of 10 created, 3 in flight", "account_assignments: 10 of 10 created"]


def test_a_module_that_is_named_in_short(followed):
    progress = progress_of(module(name="permission_sets"))
    progress.begin("read", 10)
    late(progress).moved(0)
    assert followed.read_text() == "permission_sets: 0 of 10 read\n"


def test_never(followed):
    progress = progress_of(module("never"))
    progress.begin("created", 10)
    late(progress).moved(1)
    assert followed.read_text() == ""


def test_nobody_follows(tmp_path, monkeypatch):
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    progress = progress_of(module("always"))
    progress.begin("created", 10)
    late(progress).moved(1)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["gone", "folder", "link", "missing_folder"])
def test_a_file_that_is_not_what_it_should_be(followed, kind, monkeypatch):
    other = followed.with_name("other")
    followed.unlink()
    if kind == "folder":
        followed.mkdir()
    elif kind == "link":
        other.touch()
        followed.symlink_to(other)
    elif kind == "missing_folder":
        monkeypatch.setenv(FILE_VARIABLE, str(other / "lines"))
    progress = progress_of(module())
    progress.begin("created", 10)
    late(progress).moved(1)
    assert not other.exists() or other.read_text() == ""
    assert kind != "gone" or not followed.exists()


def test_a_file_that_goes_away_meanwhile(followed):
    progress = progress_of(module())
    progress.begin("created", 10)
    followed.unlink()
    late(progress).moved(1)
    assert not followed.exists()


@pytest.fixture
def room(monkeypatch):
    """room(bytes): files can grow to so much and no further, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("size", [0, 20])
def test_no_room_on_the_disk(followed, room, size):
    progress = progress_of(module())
    progress.begin("created", 10)
    room(size)
    late(progress).moved(1)
    room(resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    late(progress).moved(2)
    # No second line behind the half of the first.
    assert os.path.getsize(followed) == size
