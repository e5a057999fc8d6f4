# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many calls large organizations cost. Seconds are for `make bench`; calls are the same on every machine."""

from __future__ import annotations

from collections import Counter

import pytest
from large import GROUPS_OF_POLICIES, Product, permission_sets, seeded_sets, session_policies

FAST = dict(api_rate=1000)  # where the emulator does not throttle, nothing has to be waited for


def spent(calls):
    return sum(times for name, times in calls.items() if ":" in name)


@pytest.mark.parametrize("product, most", [(Product(10, 20, 5), 25), (Product(50, 40, 5), 160)], ids=["1000", "10000"])
def test_nothing_to_do_among_many_assignments(emulator, run_module, product, most):
    emulator.seed(product.assigned())
    assert not run_module("account_assignments", dict(FAST, assignments=product.rows()))["changed"]
    calls = emulator.calls()
    assert spent(calls) <= most, calls
    assert emulator.operations() == []


def test_nothing_to_do_is_never_throttled(emulator, run_module):
    """At AWS's own rate, and with more calls than a second's worth."""
    product = Product(30, 20, 4)
    emulator.seed(product.assigned())
    emulator.settings(rate=20)
    assert not run_module("account_assignments", dict(assignments=product.rows()))["changed"]
    calls = emulator.calls()
    assert spent(calls) > 50
    assert "THROTTLED" not in calls


def test_a_hundred_permission_sets(emulator, run_module):
    emulator.seed(seeded_sets(100, accounts=3))
    wanted = dict(FAST, permission_sets=permission_sets(100))
    assert not run_module("permission_sets", wanted)["changed"]
    calls = emulator.calls()
    assert spent(calls) <= 305, calls


def test_each_changed_set_is_provisioned_once(emulator, run_module):
    arns = emulator.seed(seeded_sets(100, accounts=3))["permission_sets"]
    wanted = dict(FAST, permission_sets=permission_sets(100, changed=100))
    assert run_module("permission_sets", wanted)["updated"] == 100
    assert emulator.calls()["sso-admin:ProvisionPermissionSet"] == 100
    operations = emulator.operations()
    assert Counter(each["permission_set_arn"] for each in operations) == dict.fromkeys(arns.values(), 1)
    assert {(each["kind"], each["status"]) for each in operations} == {("provisioning", "SUCCEEDED")}
    before = spent(emulator.calls())
    assert not run_module("permission_sets", dict(wanted, provision="outdated"))["changed"]
    assert spent(emulator.calls()) - before <= 405  # where it is out of date is one more list of each


def test_policies_cost_a_sweep_and_at_most_one_call_each(emulator, ansible):
    iam = emulator.client("iam")
    for number in range(GROUPS_OF_POLICIES):
        iam.create_group(GroupName=f"group{number:03}")
    tagged = dict(policies=session_policies(60, tags=dict(team="web")))
    made, again = ansible.tasks([{"name": "Run", "keyless.aws.session_policy": tagged}] * 2)
    assert made["created"] == 60 and not again["changed"]
    calls = emulator.calls()
    assert calls["iam:CreatePolicy"] == calls["iam:AttachGroupPolicy"] == calls["iam:GetPolicy"] == 60
    assert calls["iam:GetAccountAuthorizationDetails"] == calls["iam:GetAccountSummary"] == 2
    before = spent(calls)
    (plain,) = ansible.tasks([{"name": "Run", "keyless.aws.session_policy": dict(policies=session_policies(60))}])
    assert not plain["changed"]
    assert spent(emulator.calls()) - before <= 3, emulator.calls()
