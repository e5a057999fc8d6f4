# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The door: it hands over, and every UserError becomes Ansible's own."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.filter import session_policy_problems
from lint_examples import right

door = session_policy_problems.FilterModule().filters()["session_policy_problems"]


def test_it_hands_over():
    assert door(right()) == door(json.dumps(right()), principal="saml", managed_policies=["Own"], run_as=False) == []
    assert [one["rule"] for one in door("no policy")] == ["malformed"]
    beside = door(right(), managed_policies=["AmazonEC2RoleforSSM"], run_as=True)
    assert {one["rule"] for one in beside} == {
        "deprecated_managed_policy",
        "run_as_not_demanded",
        "run_as_way_not_denied",
    }


def test_bad_options():
    with pytest.raises(AnsibleFilterError, match="session_policy_problems: principal: 'user' is not one of"):
        door(right(), principal="user")


def test_the_sample_is_what_it_returns():
    (sample,) = yaml.safe_load(session_policy_problems.RETURN)["_value"]["sample"]
    everything = {"Effect": "Allow", "Action": ["ssm:StartSession", "ssmmessages:OpenDataChannel"], "Resource": "*"}
    assert door({"Version": "2012-10-17", "Statement": [everything]}) == [sample]
