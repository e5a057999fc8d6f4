# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json
import random

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.conditions import context_of
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.evaluate import evaluate
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy
from hypothesis import given, settings
from hypothesis import strategies as st
from session_questions import questions
from session_world import random_person, random_scope

ACCOUNT, REGION = "111122223333", "ap-northeast-1"
CHANCE = st.randoms(use_true_random=False)
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


@settings(deadline=None)
@given(CHANCE)
def test_a_policy_allows_exactly_what_its_scope_says(chance: random.Random):
    scope = random_scope(chance)
    person = random_person(chance, scope["principal"])
    policy = session_policy(scope)
    for question in questions(scope, person):
        decision = evaluate([policy], question.action, question.resource, context_of(question.context, complete=True))
        assert decision.allowed == question.expected, (scope, person, question, decision)


@settings(deadline=None)
@given(CHANCE)
def test_as_the_only_policy_it_allows_the_same_with_fewer_denials(chance: random.Random):
    scope = random_scope(chance)
    person = random_person(chance, scope["principal"])
    policy = session_policy(scope, ceiling=True)
    assert len(json.dumps(policy)) <= len(json.dumps(session_policy(scope)))
    for question in questions(scope, person):
        decision = evaluate([policy], question.action, question.resource, context_of(question.context, complete=True))
        assert decision.allowed == question.expected, (scope, person, question, decision)


@settings(max_examples=50, deadline=None)
@given(CHANCE)
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


def test_desktops_start_through_fleet_manager_only():
    found = statements(dict(SCOPE, connect=["rdp"]))
    assert list(found) == [
        "StartDesktopsOnInstances",
        "WithTheDesktopDocument",
        "MakeLocalUserOnInstances",
        "WithTheLocalUserDocument",
        "ConnectDesktops",
        "SeeDesktops",
        "OwnSessions",
    ]
    through = {"aws:CalledVia": "ssm-guiconnect.amazonaws.com"}
    starting = [part for part in found.values() if part["Action"] == "ssm:StartSession"]
    assert len(starting) == 2
    assert all(part["Condition"]["ForAnyValue:StringEquals"] == through for part in starting)
    assert found["MakeLocalUserOnInstances"]["Condition"] == {"StringEquals": {"ssm:resourceTag/Team": "web"}}
    assert found["OwnSessions"]["Action"] == "ssm:TerminateSession"


def test_what_has_to_hold_holds_for_everything_but_the_data_channel():
    scope = dict(
        SCOPE,
        principal="iam_user",
        connect=["shell", "ssh"],
        require_mfa=True,
        source_ip=["192.0.2.0/24", "198.51.100.7"],
        valid_until="2099-12-31T00:00:00Z",
        kms_key_arn="arn:aws:kms:ap-northeast-1:111122223333:key/1",
    )
    for sid, statement in statements(scope).items():
        condition = statement.get("Condition", {})
        if sid == "OpenDataChannelOfSessions" or statement["Effect"] == "Deny":
            assert not {"Bool", "IpAddress", "DateLessThan"} & set(condition)
        else:
            assert condition["Bool"] == {"aws:MultiFactorAuthPresent": "true"}
            assert condition["IpAddress"] == {"aws:SourceIp": ["192.0.2.0/24", "198.51.100.7/32"]}
            assert condition["DateLessThan"] == {"aws:CurrentTime": "2099-12-31T00:00:00Z"}


def test_hybrid_nodes_are_selected_by_tag_when_asked_for():
    resource = statements(dict(SCOPE, managed_nodes=True))["StartSessionsOnInstances"]["Resource"]
    assert resource == [
        f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*",
        f"arn:aws:ssm:{REGION}:{ACCOUNT}:managed-instance/*",
    ]


def test_documents_of_ones_own_are_those_of_the_accounts():
    found = statements(dict(SCOPE, connect=[], documents=["DbTunnel"]))
    assert found["WithTheseSessionDocuments"]["Resource"] == f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/DbTunnel"
    assert f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/DbTunnel" in found["DenyOtherSessionDocuments"]["NotResource"]


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
    assert "DenySharedSessionDocuments" in statements(scope)
    assert "DenySharedSessionDocuments" not in statements(dict(scope, connect=["port_forward"]))
    assert "DenySharedSessionDocuments" not in statements(SCOPE)


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


def test_a_bad_scope_gives_no_policy():
    with pytest.raises(Problems):
        session_policy({"principal": "identity_center"})
