# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Throttling, latency, and that the emulator itself is not what makes others slow."""

from __future__ import annotations

import concurrent.futures
import time

import boto3
import pytest
from botocore.config import Config

REGION = "ap-northeast-1"
ONCE = dict(region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x",
            config=Config(retries=dict(total_max_attempts=1), max_pool_connections=20))


def client(emulator, service="sso-admin"):
    return boto3.client(service, endpoint_url=emulator.url, **ONCE)


def burst(call, times, **arguments):
    """Call so often at once; return the errors."""
    errors = []
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        for future in [pool.submit(call, **arguments) for _attempt in range(times)]:
            if future.exception() is not None:
                errors.append(future.exception().response)
    return errors


def test_the_rate_counts_over_both_services_together(emulator):
    sso, directory = client(emulator), client(emulator, "identitystore")
    emulator.settings(rate=20)
    assert burst(sso.list_instances, 10) == []
    errors = burst(directory.list_identity_stores, 30)
    assert len(errors) >= 10
    assert {error["Error"]["Code"] for error in errors} == {"ThrottlingException"}
    assert {error["ResponseMetadata"]["HTTPStatusCode"] for error in errors} == {400}
    assert all(error["RetryAfterSeconds"] >= 1 for error in errors)
    calls = emulator.calls()
    assert calls["THROTTLED"] == len(errors)
    assert calls["identitystore:ListIdentityStores"] == 30


def test_the_bucket_holds_the_calls_of_one_second(monkeypatch):
    from keyless_emulator import pace

    now = [128.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    bucket = pace.Bucket()
    assert [bucket.wait(16) for _call in range(20)] == [0.0] * 16 + [1 / 16] * 4  # a refused call takes nothing
    now[0] += 2 / 16
    assert [bucket.wait(16) for _call in range(3)] == [0.0, 0.0, 1 / 16]
    for _call in range(200):  # just at the rate
        now[0] += 1 / 16
        assert bucket.wait(16) == 0.0
    now[0] += 3600
    assert sum(bucket.wait(16) == 0.0 for _call in range(100)) == 16
    assert bucket.wait(0) == 0.0


def test_throttled_calls_do_nothing_and_name_no_wait_in_sso_admin(emulator):
    sso = client(emulator)
    emulator.settings(rate=1)
    sso.list_instances()
    (error,) = burst(sso.list_instances, 1)
    assert "RetryAfterSeconds" not in error
    time.sleep(1.1)
    assert burst(sso.list_instances, 1) == []


def test_other_services_are_not_throttled(emulator):
    emulator.settings(rate=1)
    assert burst(client(emulator, "sts").get_caller_identity, 5) == []


def test_latency(emulator):
    emulator.settings(latency_ms=100)
    sso = client(emulator)
    start = time.monotonic()
    assert burst(sso.list_instances, 10) == []
    assert 0.1 <= time.monotonic() - start < 0.9  # side by side, not one after the other


@pytest.mark.slow
def test_well_above_a_hundred_calls_a_second(emulator):
    """Measured in processor time of the client and in wall time; a busy machine may be slow, so the best of three."""
    sso = client(emulator)
    sso.list_instances()
    best = 0.0
    for _attempt in range(3):
        start = time.monotonic()
        assert burst(sso.list_instances, 200) == []
        best = max(best, 200 / (time.monotonic() - start))
    print(f"{best:.0f} ListInstances a second")
    assert best > 100


@pytest.mark.slow
def test_thousands_of_users_and_assignments_stay_quick(emulator):
    """Seconds for one look-up in a large organization are about those in an empty one."""
    from keyless_emulator.directory.store import Store
    from keyless_emulator.identity_center.operations import CREATION, Operation, Operations
    from keyless_emulator.identity_center.records import Ledger

    store, ledger, operations = Store("d-0123456789", "123456789012", REGION), Ledger(), Operations()
    for number in range(5000):
        attributes = dict(UserName=f"user{number}", Emails=[dict(Value=f"user{number}@example.com")])
        user = store.add_user(attributes, "me").id
        for account in range(2):
            ledger.add(f"set{number % 50}", f"{account:012d}", ("USER", user))
            operations.submit(Operation(CREATION, "i", "set", str(account), ("USER", user)), [], 0, lambda: None)
    operations.settle()
    start = time.process_time()
    for number in range(1000):
        assert store.user_names.find(f"USER{number}") is not None
        assert len(ledger.of(("USER", store.user_names.find(f"user{number}")))) == 2
        assert ledger.principals(f"set{number % 50}", "000000000000")
        assert operations.outstanding() == 0
    assert time.process_time() - start < 0.5
