# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the tests share two processors, and what is said about what could not be tested here."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

# How hard property tests look: `make test-long` takes the second.
settings.register_profile("quick", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: at the end no process shall wait for another one's minutes."""
    items.sort(key=turn)
    for item in items:
        # Many examples of one property go the same ways again and again, and counting makes each twice as slow.
        if hasattr(getattr(item, "obj", None), "hypothesis"):
            item.add_marker(pytest.mark.no_cover)


def turn(item: pytest.Item) -> int:
    """First what needs hosts, then gates and what else is slow, then what runs ansible-playbook, and last the rest."""
    if item.get_closest_marker("hosts"):
        return 0
    if item.get_closest_marker("slow") or "gates" in item.path.parts:
        return 1
    return 2 if "integration" in item.path.parts else 3


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("hosts") and os.environ.get("KEYLESS_HOSTS") != "yes":
        pytest.skip(os.environ.get("KEYLESS_HOSTS_WHY") or "no test hosts: `make test` sets them up")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last and loudly what was left out."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.section("NOT TESTED HERE", sep="!", red=True, bold=True)
        for reason, count in reasons.items():
            terminalreporter.line(f"{count} test{'s' * (count > 1)} left out: {reason}", yellow=True)
