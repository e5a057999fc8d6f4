# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session policies before a judge that we did not write: npm's @cloud-copilot/iam-simulate, run as a process.

It has to give the expected answer to every question of a small world, for hundreds of scopes, and our own evaluator
has to agree with it word for word.
"""

from __future__ import annotations

import dataclasses
import os
import random

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judged_scopes import asked_of, judge, put
from session_world import ACCOUNTS, REGIONS, WEB, Person, random_person, random_scope

SCOPES = int(os.environ.get("KEYLESS_JUDGED_SCOPES", "150"))


@settings(max_examples=SCOPES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_scopes_allow_what_they_say_and_nothing_else(ask, chance: random.Random):
    scope = random_scope(chance)
    person = random_person(chance, scope["principal"])
    assert judge(ask, session_policy(scope), scope, person, asked_of(scope, person)) > 100


@pytest.mark.parametrize("principal", ["identity_center", "saml", "role", "iam_user"])
def test_own_sessions_of_each_kind_of_principal(ask, principal):
    scope = {"principal": principal, "accounts": list(ACCOUNTS), "instances": {"all": True}, "connect": ["shell"]}
    person = Person(principal, tags={"SSMSessionRunAs": "taro"})
    assert judge(ask, session_policy(scope), scope, person, asked_of(scope, person)) > 100


def test_desktops_are_reached_through_fleet_manager_and_not_without_it(ask):
    """Story S0: StartSession only when called through ssm-guiconnect, and nothing else."""
    scope = {"principal": "identity_center", "instances": {"all": True}, "connect": ["rdp"]}
    person = Person("identity_center")
    asked = asked_of(scope, person)
    judge(ask, session_policy(scope), scope, person, asked)
    started = [one for one in asked if one.action == "ssm:StartSession" and one.expected]
    assert started
    assert all("aws:CalledVia" in one.context for one in started)
    granted = {one.action for one in asked if one.expected}
    assert "ssm:ResumeSession" not in granted


def test_the_judge_can_say_no(ask):
    """Guards the tests above: a policy that grants everything fails them, and so does one that lacks a denial."""
    scope = {"principal": "role", "instances": {"ids": ["i-0123456789abcdef0"]}, "connect": ["shell"]}
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    person = Person("role", tags={"SSMSessionRunAs": "taro"})
    with pytest.raises(AssertionError):
        judge(ask, everything, scope, person, asked_of(scope, person))
    nobody = dataclasses.replace(person, tags={})
    lenient = session_policy(dict(scope, run_as="optional"))
    with pytest.raises(AssertionError):
        judge(ask, lenient, scope, nobody, asked_of(scope, nobody))
    assert {answer["result"] for answer in ask([put(everything, person, one) for one in asked_of(scope, person)])} == {
        "Allowed"
    }


@pytest.mark.parametrize("chosen", [{"ids": [WEB]}, {"tags": {"Team": "web"}}], ids=["by id", "by tag"])
@pytest.mark.parametrize("way, document", [("shell", None), ("port_forward", "AWS-StartPortForwardingSession")])
def test_ways_in_are_rights_of_their_own_on_chosen_instances(ask, chosen, way, document):
    """Story S4: 2 x 2 and more: shell or forwarding, the instance that is named or another one."""
    scope = {
        "principal": "identity_center",
        "accounts": [ACCOUNTS[0]],
        "regions": [REGIONS[0]],
        "instances": chosen,
        "connect": [way],
    }
    person = Person("identity_center", tags={"SSMSessionRunAs": "taro"})
    asked = asked_of(scope, person)
    judge(ask, session_policy(scope), scope, person, asked)
    started = {one.resource for one in asked if one.action == "ssm:StartSession" and one.expected}
    place = f"{REGIONS[0]}:{ACCOUNTS[0]}"
    own = f"arn:aws:ssm:{place}:document/SSM-SessionManagerRunShell"
    assert started == {
        f"arn:aws:ec2:{place}:instance/{WEB}",
        f"arn:aws:ssm:{REGIONS[0]}::document/{document}" if document else own,
    }
