"""Fixtures: an emulator for the session, clean for each test, and real ansible-playbook pointed at it."""

from __future__ import annotations

import pytest
from ansible_runs import Ansible
from emulator_process import REGION, Emulator
from judge import Judge, NoJudge


@pytest.fixture(scope="session")
def emulator_process():
    process = Emulator()
    yield process
    process.stop()


@pytest.fixture
def emulator(emulator_process):
    emulator_process.reset()
    return emulator_process


@pytest.fixture
def ansible(emulator, tmp_path):
    return Ansible(tmp_path, emulator.url, REGION)


@pytest.fixture
def run_module(ansible):
    """run_module(name, arguments, check=False, diff=False, env=None, fails=False) -> the module's result"""
    return ansible.module


@pytest.fixture
def run_playbook(ansible):
    """run_playbook(path_or_fqcn, *arguments, check=…, extra=…, fails=…) -> the finished process"""
    return ansible.run


@pytest.fixture(scope="session")
def ask():
    """ask(questions) -> answers of a judge of policies that we did not write; see tests/support/judge.py."""
    try:
        judge = Judge()
    except NoJudge as reason:
        pytest.skip(str(reason))
    yield judge.ask
    judge.end()
