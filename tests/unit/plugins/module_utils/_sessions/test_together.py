# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import random

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.conditions import context_of
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.evaluate import evaluate
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import merged_policy, session_policy
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from session_questions import questions
from session_world import ACCOUNTS, random_instances, random_person, random_scope

WEB = {
    "principal": "iam_user",
    "accounts": ["111122223333"],
    "regions": ["ap-northeast-1"],
    "instances": {"tags": {"Team": "web"}},
    "connect": ["shell"],
}
DB = dict(WEB, instances={"tags": {"Team": "db"}})


def problems_of(*scopes):
    with pytest.raises(Problems) as caught:
        merged_policy(scopes)
    return caught.value.details["problems"]


def test_one_scope_is_no_other_document():
    assert merged_policy([WEB]) == session_policy(WEB)
    assert merged_policy([WEB, WEB]) == session_policy(WEB)


def test_what_both_say_is_said_once():
    sids = [statement["Sid"] for statement in merged_policy([WEB, DB])["Statement"]]
    assert sids[:3] == ["StartSessionsOnInstances", "WithTheseSessionDocuments", "OwnSessions"]
    assert "StartSessionsOnInstances2" in sids
    assert len([sid for sid in sids if sid.startswith("DenyOtherSessionDocuments")]) == 1
    assert len(sids) == len(session_policy(WEB)["Statement"]) + 1


@pytest.mark.parametrize(
    "other, told",
    [
        (
            dict(DB, connect=["port_forward"]),
            "scopes[1]: AWS judges instance and document apart, so shell of",
        ),
        (dict(DB, connect=["shell", "ssh"]), "so ssh of scopes[1] would reach instances with Team=web too"),
        (dict(DB, documents=["DbTunnel"]), "so DbTunnel of scopes[1] would reach instances with Team=web too"),
        (dict(DB, run_as="optional"), "scopes[1].run_as: 'optional' here and 'required' in scopes[0]"),
        (dict(DB, principal="role"), "scopes[1].principal: 'role' here and 'iam_user' in scopes[0]"),
        (dict(DB, source_ip=["192.0.2.0/24"]), "scopes[1].source_ip: '192.0.2.0/24' here and none in scopes[0]"),
        ({key: DB[key] for key in DB if key != "accounts"}, "scopes[1].accounts: names none, so means any"),
        # documents of one's own may be shared with the other account, and named by ARN
        (dict(DB, accounts=["444455556666"], documents=["DbTunnel"]), "so DbTunnel of scopes[1] would reach"),
        # AWS's own documents are the same in every account
        (dict(DB, accounts=["444455556666"], connect=["shell", "ssh"]), "so ssh of scopes[1] would reach"),
        (dict(DB, console="x"), "scopes[1].console: 'x' is neither true nor false"),
    ],
)
def test_what_would_reach_more_together_is_refused(other, told):
    assert any(told in problem for problem in problems_of(WEB, other))


def test_desktops_lead_to_no_other_instances():
    desktops = dict(WEB, principal="identity_center", run_as="optional", connect=["shell", "rdp"])
    told = problems_of(desktops, dict(DB, principal="identity_center", run_as="optional"))
    assert told == [
        "scopes[1]: AWS judges instance and document apart, so rdp of scopes[0] would reach instances with Team=db "
        "too; give both the same ways in, or different Regions, or use a permission set or role for each"
    ]


@pytest.mark.parametrize(
    "other",
    [
        dict(DB, regions=["us-east-1"], connect=["port_forward"]),
        dict(WEB, connect=["port_forward"]),
        dict(DB, accounts=["444455556666"]),
    ],
)
def test_what_keeps_apart_is_taken(other):
    assert merged_policy([WEB, other])


def test_no_scope_at_all():
    assert problems_of() == ["scopes: the list is empty; name at least one"]


def another(chance: random.Random, scope):
    """A scope that may well go together with another one."""
    other = dict(scope, instances=random_instances(chance))
    for key, value in random_scope(chance).items():
        if key not in ("principal", "run_as", "require_mfa", "source_ip", "valid_until") and chance.random() < 0.25:
            other[key] = value
    return other


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_together_they_allow_what_one_of_them_says_and_nothing_else(chance: random.Random):
    scope = random_scope(chance)
    scopes = [scope, another(chance, scope)]
    try:
        policy = merged_policy(scopes)
    except Problems:
        event("refused")
        assume(False)
    person = random_person(chance, scope["principal"])
    together = accounts_of(scopes)
    for first, second in zip(*(questions(one, person, together) for one in scopes), strict=True):
        decision = evaluate([policy], first.action, first.resource, context_of(first.context, complete=True))
        assert decision.allowed == (first.expected or second.expected), (scopes, person, first, decision)


def accounts_of(scopes):
    return {account for scope in scopes for account in scope.get("accounts", ACCOUNTS)}


def reached(scope, person, accounts):
    """Pairs of an instance and a document of the same Region that a scope gives together."""
    given = [one for one in questions(scope, person, accounts) if one.action == "ssm:StartSession" and one.expected]
    instances = {one.resource for one in given if at_home(one.resource)}
    documents = {one.resource for one in given if "document/" in one.resource}
    return {(first, second) for first in instances for second in documents if region(first) == region(second)}


def at_home(arn):
    """Whether it is an instance of the person's own account: sessions are opened nowhere else."""
    return "document/" not in arn and arn.split(":")[4] == ACCOUNTS[0]


def region(arn):
    return arn.split(":")[3]


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_document_leads_to_instances_of_another_scope(chance: random.Random):
    """Judged in pairs, as a session needs both. Through Fleet Manager's desktops a pair counts as what it is alone."""
    scope = random_scope(chance)
    scopes = [scope, another(chance, scope)]
    try:
        policy = merged_policy(scopes)
    except Problems:
        assume(False)
    person = random_person(chance, scope["principal"])
    asked = [one for one in questions(scope, person) if one.action == "ssm:StartSession"]
    allowed = [
        one.resource
        for one in asked
        if evaluate([policy], one.action, one.resource, context_of(one.context, complete=True)).allowed
    ]
    pairs = {
        (first, second)
        for first in allowed
        for second in allowed
        if at_home(first) and "document/" in second and region(first) == region(second)
    }
    assert pairs == set().union(*(reached(one, person, accounts_of(scopes)) for one in scopes))
