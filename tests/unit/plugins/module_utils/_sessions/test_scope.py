# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import random

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.scope import Instances, Scope, partition_of
from ansible_collections.keyless.aws.plugins.module_utils._sessions.scope_input import read_scope
from hypothesis import given
from hypothesis import strategies as st
from session_world import random_scope

GOOD = {"principal": "identity_center", "instances": {"all": True}, "connect": ["shell"]}


@pytest.mark.parametrize(
    "region, partition",
    [("ap-northeast-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_partitions(region, partition):
    assert partition_of(region) == partition
    assert read_scope(dict(GOOD, regions=[region], partition=partition)).regions == (region,)


@pytest.mark.parametrize(
    "instances, words",
    [
        (Instances(ids=("i-1", "i-2")), "instances i-1, i-2"),
        (
            Instances(tags=(("Stage", ("prod",)), ("Team", ("api", "web")))),
            "instances with Stage=prod and Team=api or web",
        ),
        (Instances(principal_tags=("Team",)), "instances with the person's own Team"),
        (Instances(all=True), "every instance"),
    ],
)
def test_a_selection_in_words(instances, words):
    assert instances.described() == words


def test_remote_desktop_alone_is_not_direct():
    everywhere = Instances(all=True)
    assert not Scope("identity_center", everywhere, ("rdp",)).direct
    assert Scope("identity_center", everywhere, ("shell", "rdp")).direct
    assert Scope("identity_center", everywhere, (), documents=("Own",)).direct


@given(st.randoms(use_true_random=False))
def test_what_is_written_is_read_as_the_same(chance: random.Random):
    scope = read_scope(random_scope(chance))
    assert read_scope(scope.written()) == scope


def test_nothing_is_written_that_goes_without_saying():
    assert read_scope(GOOD).written() == GOOD
    desktops = dict(GOOD, connect=["rdp"], regions=["ap-northeast-1"])
    assert read_scope(desktops).written() == desktops
