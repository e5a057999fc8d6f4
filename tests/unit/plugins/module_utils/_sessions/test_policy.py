# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json
import random

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._access.conditions import context_of
from ansible_collections.keyless.aws.plugins.module_utils._access.evaluate import evaluate
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import (
    permission_set_policy,
    policy_size,
    session_policy,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from session_world import questions, random_person, random_scope

ACCOUNT, REGION = "111122223333", "ap-northeast-1"
SCOPE = {
    "principal": "identity_center",
    "accounts": [ACCOUNT],
    "regions": [REGION],
    "instances": {"tags": {"Team": "web"}},
    "connect": ["shell"],
}


def statements(scope):
    return {statement["Sid"]: statement for statement in session_policy(scope)["Statement"]}


def test_the_smallest_scope_statement_by_statement():
    assert session_policy(dict(SCOPE, run_as="optional", console=False)) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "StartSessionsOnInstances",
                "Effect": "Allow",
                "Action": "ssm:StartSession",
                "Resource": f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*",
                "Condition": {
                    "BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"},
                    "StringEquals": {"ssm:resourceTag/Team": "web"},
                },
            },
            {
                "Sid": "WithTheseSessionDocuments",
                "Effect": "Allow",
                "Action": "ssm:StartSession",
                "Resource": f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/SSM-SessionManagerRunShell",
                "Condition": {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}},
            },
            {
                "Sid": "OwnSessions",
                "Effect": "Allow",
                "Action": ["ssm:ResumeSession", "ssm:TerminateSession"],
                "Resource": f"arn:aws:ssm:{REGION}:{ACCOUNT}:session/*",
                "Condition": {"StringLike": {"ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}"}},
            },
            {
                "Sid": "OpenDataChannelOfSessions",
                "Effect": "Allow",
                "Action": "ssmmessages:OpenDataChannel",
                "Resource": f"arn:aws:ssm:{REGION}:{ACCOUNT}:session/*",
            },
        ],
    }


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_policy_allows_exactly_what_its_scope_says(chance: random.Random):
    scope = random_scope(chance)
    person = random_person(chance, scope["principal"])
    policy = session_policy(scope)
    for question in questions(scope, person):
        decision = evaluate([policy], question.action, question.resource, context_of(question.context, complete=True))
        assert decision.allowed == question.expected, (scope, person, question, decision)


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_policy_is_well_formed_and_the_same_each_time(chance: random.Random):
    scope = random_scope(chance)
    policy = session_policy(scope)
    shuffled = {key: scope[key] for key in chance.sample(list(scope), len(scope))}
    shuffled["connect"] = chance.sample(scope["connect"], len(scope["connect"]))
    assert json.dumps(session_policy(shuffled)) == json.dumps(policy)
    sids = [statement["Sid"] for statement in policy["Statement"]]
    assert len(set(sids)) == len(sids)
    assert all(sid.isalnum() for sid in sids)
    for statement in policy["Statement"]:
        assert ("Resource" in statement) != ("NotResource" in statement)
        if statement["Effect"] == "Allow" and statement["Action"] == "ssm:StartSession":
            assert statement["Condition"]["BoolIfExists"] == {"ssm:SessionDocumentAccessCheck": "true"}
        tagged = any("Tag/T" in key for keys in statement.get("Condition", {}).values() for key in keys)
        assert not (tagged and "document/" in str(statement.get("Resource")))


def test_documents_never_share_a_statement_with_a_condition_on_tags():
    found = statements(dict(SCOPE, connect=["shell", "port_forward", "remote_port_forward", "command"]))
    assert found["WithTheseSessionDocuments"]["Resource"] == [
        f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/SSM-SessionManagerRunShell",
        f"arn:aws:ssm:{REGION}::document/AWS-StartPortForwardingSession",
        f"arn:aws:ssm:{REGION}::document/AWS-StartPortForwardingSessionToRemoteHost",
        f"arn:aws:ssm:{REGION}::document/AWS-StartInteractiveCommand",
        f"arn:aws:ssm:{REGION}::document/AWS-StartNonInteractiveCommand",
    ]


@pytest.mark.parametrize("principal, name", [("iam_user", "${aws:username}-*"), ("saml", "*"), ("role", "*")])
def test_own_sessions_by_kind_of_principal(principal, name):
    found = statements(dict(SCOPE, principal=principal))
    operator = "StringLikeIfExists" if principal == "iam_user" else "StringLike"
    for sid in ("OwnSessions", "OpenDataChannelOfSessions"):
        assert found[sid]["Resource"] == f"arn:aws:ssm:{REGION}:{ACCOUNT}:session/{name}"
    assert list(found["OwnSessions"]["Condition"]) == [operator]


def test_run_as_required_denies_the_ways_round_it():
    optional, required = statements(dict(SCOPE, run_as="optional")), statements(SCOPE)
    assert not [sid for sid in optional if sid.startswith("Deny")]
    assert [sid for sid in required if sid not in optional] == [
        "DenySessionsWithoutRunAs",
        "DenyOtherSessionDocuments",
        "DenyCommandsAndDocumentWriting",
        "DenyTaggingWithRunAs",
        "DenyPushingKeys",
    ]
    assert all(required[sid]["Effect"] == "Deny" for sid in required if sid not in optional)


@pytest.mark.parametrize(
    "action, resource, context",
    [
        ("ssm:StartSession", "arn:aws:ssm:ap-northeast-1::document/AWS-StartInteractiveCommand", {}),
        ("ssm:StartSession", "arn:aws:ssm:ap-northeast-1:111122223333:document/RunAsElevated", {}),
        ("ssm:SendCommand", "arn:aws:ec2:ap-northeast-1:111122223333:instance/i-1", {}),
        ("ssm:CreateAssociation", "arn:aws:ec2:ap-northeast-1:111122223333:instance/i-1", {}),
        ("ssm:UpdateDocument", "arn:aws:ssm:ap-northeast-1:111122223333:document/SSM-SessionManagerRunShell", {}),
        ("iam:TagRole", "arn:aws:iam::111122223333:role/x", {"aws:RequestTag/SSMSessionRunAs": "root"}),
        ("sts:TagSession", "arn:aws:iam::111122223333:role/x", {"aws:RequestTag/SSMSessionRunAs": "root"}),
        ("ec2-instance-connect:SendSSHPublicKey", "arn:aws:ec2:ap-northeast-1:111122223333:instance/i-1", {}),
    ],
)
def test_the_denials_hold_beside_a_policy_that_grants_everything(action, resource, context):
    everything = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    whole = context_of(dict(context, **{"aws:PrincipalTag/SSMSessionRunAs": "taro"}), complete=True)
    assert evaluate([everything], action, resource, whole).allowed
    assert evaluate([everything, session_policy(SCOPE)], action, resource, whole).effect == "denied"
    assert evaluate([everything, session_policy(SCOPE)], "ec2:RunInstances", "*", whole).allowed


def test_ssh_pushes_keys_for_the_own_os_user_only():
    found = statements(dict(SCOPE, connect=["ssh"], instances={"ids": ["i-0123456789abcdef0", "mi-0123456789abcdef0"]}))
    assert found["PushKeyForOwnOsUser"]["Resource"] == f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-0123456789abcdef0"
    assert found["PushKeyForOwnOsUser"]["Condition"] == {
        "StringEquals": {"ec2:osuser": "${aws:PrincipalTag/SSMSessionRunAs}"}
    }
    assert found["StartSessionsOnInstances"]["Resource"][1].endswith(":managed-instance/mi-0123456789abcdef0")
    assert {"DenyKeysForOtherOsUsers", "DenySerialConsoleKeys"} <= set(found)


def test_any_account_still_means_its_own_shell_document():
    scope = {key: value for key, value in SCOPE.items() if key != "accounts"}
    assert "DenySharedShellDocuments" in statements(scope)
    assert "DenySharedShellDocuments" not in statements(dict(scope, connect=["port_forward"]))
    assert "DenySharedShellDocuments" not in statements(SCOPE)


def test_one_arn_for_each_account_and_region_of_its_partition():
    scope = dict(SCOPE, accounts=["111122223333", "444455556666"], regions=["cn-north-1"], partition="aws-cn")
    assert statements(scope)["StartSessionsOnInstances"]["Resource"] == [
        "arn:aws-cn:ec2:cn-north-1:111122223333:instance/*",
        "arn:aws-cn:ec2:cn-north-1:444455556666:instance/*",
    ]


def test_kms_and_console():
    key = "arn:aws:kms:ap-northeast-1:111122223333:key/1"
    found = statements(dict(SCOPE, kms_key_arn=key))
    assert (found["EncryptSessions"]["Action"], found["EncryptSessions"]["Resource"]) == ("kms:GenerateDataKey", key)
    assert found["SeeInstances"]["Resource"] == "*"
    assert not {"EncryptSessions", "SeeInstances"} & set(statements(dict(SCOPE, console=False)))


def test_documents_do_not_share_their_parts():
    first = session_policy(SCOPE)
    untouched = copy.deepcopy(first)
    second = session_policy(SCOPE)
    for statement in second["Statement"]:
        for keys in statement.get("Condition", {}).values():
            keys.clear()
    assert first == untouched == session_policy(SCOPE)


@pytest.mark.parametrize("document, size", [({"a": "b c"}, 10), ('{"a": [1,\n 2]}', 11), ({}, 2)])
def test_white_space_does_not_count(document, size):
    assert policy_size(document) == size


def test_too_many_ids_are_refused_with_size_and_advice():
    ids = [f"i-{number:017x}" for number in range(200)]
    with pytest.raises(UserError) as caught:
        permission_set_policy(dict(SCOPE, instances={"ids": ids}))
    size = policy_size(session_policy(dict(SCOPE, instances={"ids": ids})))
    assert size > 10240
    assert f"{size} characters" in caught.value.message
    assert "by tags or principal_tags instead of ids" in caught.value.message
    assert permission_set_policy(dict(SCOPE, instances={"ids": ids[:50]}))


def test_a_bad_scope_gives_no_policy():
    with pytest.raises(Problems):
        session_policy({"principal": "identity_center"})
