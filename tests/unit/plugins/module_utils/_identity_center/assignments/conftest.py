"""Operations take their time in numbers only."""

from __future__ import annotations

import itertools
from unittest import mock

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center import pool


@pytest.fixture(autouse=True)
def no_waiting():
    now = itertools.count()
    quick = (pool.OUTSTANDING, lambda: next(now) / 100, lambda _seconds: None, lambda: 1)
    with mock.patch.object(pool.Pool.__init__, "__defaults__", quick):
        yield
