# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.names import (
    os_group_name_problem,
    os_user_name_problem,
)


@pytest.mark.parametrize("name", ["taro", "_svc", "a", "web-1", "t_a-r0", "a" * 32, "ssm-user"])
def test_good_names(name):
    assert os_user_name_problem(name) is None
    assert os_group_name_problem(name) is None


@pytest.mark.parametrize(
    "name, words",
    [
        ("taro@example.com", ["e-mail address", "such as 'taro'"]),
        ("Taro@example.com", ["e-mail address", "such as 'taro'"]),
        ("1@example.com", ["e-mail address", "without the part from '@' on"]),
        ("1001", ["is a number", "numeric id"]),
        (1001, ["'1001' is a number"]),
        ("+1", ["is a number"]),
        ("-5", ["is a number"]),
        ("10.5", ["is a number"]),
        ("a" * 33, ["33 characters", "at most 32"]),
        ("Taro", ["upper-case", "give 'taro'"]),
        ("", ["is empty"]),
        (None, ["is empty"]),
        (True, ["not a text"]),
        ("taro tanaka", ["not a safe name", "lower-case letter"]),
        ("taro;reboot", ["not a safe name"]),
        ("$(id)", ["not a safe name"]),
        ("taro\n", [r"'taro\n' is not a safe name"]),
        ("-rf", ["not a safe name"]),
        ("3com", ["not a safe name"]),
        ("tarō", ["not a safe name"]),
        ("host$", ["not a safe name"]),
    ],
)
def test_bad_names_say_what_is_wrong_and_the_mend(name, words):
    for problem in (os_user_name_problem(name), os_group_name_problem(name)):
        assert problem is not None
        for word in words:
            assert word in problem


def test_root_is_no_user_but_a_group():
    assert "the agent refuses it" in os_user_name_problem("root")
    assert os_group_name_problem("root") is None


def test_an_e_mail_address_of_root_is_not_mended_to_root():
    assert "such as" not in os_user_name_problem("root@example.com")
