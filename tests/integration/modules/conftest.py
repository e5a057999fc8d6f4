"""What the tests of account_assignments share: an organization, and the modules as functions."""

from __future__ import annotations

import pytest
from organization import Organization


@pytest.fixture
def organization(emulator):
    made = Organization(emulator)
    yield made
    made.settings(async_ms=0, latency_ms=0, rate=0)


@pytest.fixture
def spent(emulator):
    """spent(): the calls since the last time it was asked."""
    known = {}

    def ask():
        now = emulator.calls()
        new = {name: times - known.get(name, 0) for name, times in now.items() if times > known.get(name, 0)}
        known.update(now)
        return new

    return ask


@pytest.fixture
def assign(run_module):
    """assign(*rows, check=…, diff=…, fails=…, env=…, **options) -> the module's result"""

    def run(*rows, check=False, diff=False, fails=False, env=None, **options):
        arguments = dict(options, assignments=list(rows))
        return run_module("account_assignments", arguments, check=check, diff=diff, fails=fails, env=env)

    return run


@pytest.fixture
def play(ansible):
    """play(*arguments, module=…) -> the results of one task for each; `check_mode` in the arguments is the task's."""

    def run(*arguments, module="account_assignments"):
        tasks = []
        for number, each in enumerate(arguments):
            given = dict(each)
            task = dict(name=f"Task {number}", check_mode=given.pop("check_mode", False))
            tasks.append({**task, f"keyless.aws.{module}": given})
        return ansible.tasks(tasks)

    return run
