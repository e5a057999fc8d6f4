# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run is killed at any moment; the next one brings everything about, and nothing was done twice."""

from __future__ import annotations

import json
import random
import time

import pytest
from killing import descendants, kill, wait_until
from large import Product, permission_sets, seeded_sets
from operations import Assigned, of_rows, submitted_twice

SMALL, LARGE = Product(2, 12, 2), Product(5, 12, 5)  # an account takes one operation at a time
ASYNC_MS, SLOW_MS = 30, 2500
SLOW_SETS_MS = 250  # they share three accounts, each of which takes one after the other
LATENCY_MS = 40  # so that some requests are on their way when the run is killed, and are taken all the same
WRITES = ("Create", "Delete", "Put", "Provision")


def written(emulator):
    return sum(times for name, times in emulator.writes().items() if name.split(":")[1].startswith(WRITES))


def killed_at(emulator, ansible, module, arguments, moment, slow_ms):
    """Kill a run after so many writes. With `slow_ms`, the last of them are still under way when the next run looks."""
    before = written(emulator)
    process, known = ansible.begin(module, arguments), frozenset()
    try:
        if moment:
            wait_until(lambda: written(emulator) > before, process)
            known = frozenset(descendants(process.pid))
        if slow_ms:
            wait_until(lambda: written(emulator) - before >= max(moment - 9, 1), process)
            emulator.settings(async_ms=slow_ms)
            end = time.monotonic() + 0.5  # by then as many are outstanding as can be
            wait_until(lambda: time.monotonic() > end, process)
        else:
            wait_until(lambda: written(emulator) - before >= moment, process)
    finally:
        kill(process, known)
    time.sleep(3 * LATENCY_MS / 1000)
    emulator.settings(async_ms=ASYNC_MS)
    return written(emulator) - before


def kill_while_assigning(emulator, ansible, run_module, rng, product, absent=False):
    emulator.reset()
    seeded = emulator.seed(product.assigned() if absent else product.organization())
    emulator.settings(async_ms=ASYNC_MS, latency_ms=LATENCY_MS)
    rows = [dict(row, state="absent" if absent else "present") for row in product.rows()]
    arguments = dict(assignments=rows, api_rate=1000, max_deletions=product.assignments)
    moment, slow = rng.randrange(product.assignments), rng.random() < 0.4
    reached = killed_at(emulator, ansible, "account_assignments", arguments, moment, slow and SLOW_MS)
    taken = len(emulator.operations())
    result = run_module("account_assignments", arguments)
    done = result["deleted" if absent else "created"]
    print(f"killed after {reached} writes, {taken} taken{', slow' if slow else ''}; the next run did {done}")
    assert Assigned(emulator, seeded).there() == (set() if absent else of_rows(product.rows()))
    operations = emulator.operations()
    assert submitted_twice(operations) == []
    assert len(operations) == product.assignments
    assert {each["status"] for each in operations} == {"SUCCEEDED"}
    if slow:  # what was under way counts as changed again, because it was not there yet
        assert done <= product.assignments - taken + 10
    else:
        assert done <= product.assignments - max(taken - 10, 0)


@pytest.mark.parametrize("seed", [1, 3, 5])
def test_killed_while_assigning(emulator, ansible, run_module, seed):
    print(f"seed {seed}")
    kill_while_assigning(emulator, ansible, run_module, random.Random(seed), SMALL)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 120))
def test_killed_while_assigning_at_twenty_moments(emulator, ansible, run_module, seed):
    print(f"seed {seed}")
    kill_while_assigning(emulator, ansible, run_module, random.Random(seed), LARGE)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(200, 206))
def test_killed_while_taking_away(emulator, ansible, run_module, seed):
    print(f"seed {seed}")
    kill_while_assigning(emulator, ansible, run_module, random.Random(seed), LARGE, absent=True)


def kill_while_changing_sets(emulator, ansible, run_module, rng):
    emulator.reset()
    count = 30
    arns = emulator.seed(seeded_sets(count, accounts=3))["permission_sets"]
    emulator.settings(async_ms=ASYNC_MS, latency_ms=LATENCY_MS)
    wanted = dict(permission_sets=permission_sets(count, changed=count), provision="outdated", api_rate=1000)
    moment, slow = rng.randrange(2 * count), rng.random() < 0.5
    reached = killed_at(emulator, ansible, "permission_sets", wanted, moment, slow and SLOW_SETS_MS)
    print(f"killed after {reached} writes{', slow' if slow else ''}")
    healed = run_module("permission_sets", wanted)
    print(f"the next run made {len(healed['changes'])} changes")
    sso = emulator.client("sso-admin")
    instance = dict(InstanceArn=sso.list_instances()["Instances"][0]["InstanceArn"])
    for number, arn in enumerate(arns.values()):
        text = sso.get_inline_policy_for_permission_set(**instance, PermissionSetArn=arn)["InlinePolicy"]
        assert json.loads(text) == wanted["permission_sets"][number]["inline_policy"]
        behind = dict(ProvisioningStatus="LATEST_PERMISSION_SET_NOT_PROVISIONED")
        found = sso.list_accounts_for_provisioned_permission_set(**instance, PermissionSetArn=arn, **behind)
        assert found["AccountIds"] == []
    assert emulator.calls()["sso-admin:PutInlinePolicyToPermissionSet"] <= count + 10
    assert not run_module("permission_sets", wanted)["changed"]


@pytest.mark.parametrize("seed", [12])
def test_killed_while_changing_permission_sets(emulator, ansible, run_module, seed):
    print(f"seed {seed}")
    kill_while_changing_sets(emulator, ansible, run_module, random.Random(seed))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(300, 310))
def test_killed_while_changing_permission_sets_at_ten_moments(emulator, ansible, run_module, seed):
    print(f"seed {seed}")
    kill_while_changing_sets(emulator, ansible, run_module, random.Random(seed))
