# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.choice import (
    Size,
    depends_on_size,
    kinds,
    reads_everything,
    sweeps,
)
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.records import Wanted


def wanted(count, **more):
    return [Wanted(f"policies[{number}]", f"P{number}", document=dict(a=1), **more) for number in range(count)]


def attached(count):
    return wanted(count, attachments=dict(users=["taro"]))


@pytest.mark.parametrize(
    "policies, size, expected",
    [
        (wanted(500), Size(600, 50, 5, 100), True),  # 6 pages or 1,000 calls
        (wanted(500, tags={}), Size(500, 50, 5, 100), True),  # 505 or 1,000
        (wanted(3), Size(600, 50, 5, 100), False),  # 6 pages or 6 calls
        (wanted(4), Size(600, 50, 5, 100), True),
        (attached(10), Size(100, 5000, 300, 1000), False),  # 51 pages or 30 calls
        (attached(20), Size(100, 5000, 300, 1000), True),  # roles and groups do not count
        (wanted(10, tags={}), Size(10, 0, 0, 0), True),
        (wanted(1, absent=True), Size(0, 0, 0, 0), True),
        (wanted(500), None, False),
    ],
)
def test_the_way_with_fewer_calls(policies, size, expected):
    assert sweeps(policies, size) is expected


def test_the_size_of_an_account_is_not_asked_for_the_sake_of_a_few():
    assert not depends_on_size(wanted(2))
    assert depends_on_size(wanted(3))
    assert depends_on_size(attached(2))


def test_an_account_that_tells_no_size_counts_as_a_large_one():
    assert not sweeps(attached(20), Size())
    assert sweeps(attached(50), Size())


def test_only_entities_that_matter_are_read():
    assert kinds(wanted(3)) == []
    assert kinds([*wanted(1), Wanted("", "x", attachments=dict(roles=[])), Wanted("", "y", absent=True)]) == ["roles"]


def test_everything_of_some_policies():
    assert reads_everything(3, Size(100, 300, 100, 300))
    assert not reads_everything(2, Size(100, 300, 100, 300))
