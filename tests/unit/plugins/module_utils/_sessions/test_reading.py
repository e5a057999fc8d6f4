# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json
import random

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.meaning import atoms, atoms_of, same_meaning
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import merged_policy, session_policy
from ansible_collections.keyless.aws.plugins.module_utils._sessions.reading import read_policy
from ansible_collections.keyless.aws.plugins.module_utils._sessions.scope_input import read_scope
from ansible_collections.keyless.aws.plugins.module_utils._sessions.wording import summary, written
from hypothesis import given, settings
from hypothesis import strategies as st
from session_world import CONNECT, random_scope

CHANCE = st.randoms(use_true_random=False)
SCOPE = {
    "principal": "iam_user",
    "accounts": ["111122223333"],
    "regions": ["ap-northeast-1"],
    "instances": {"tags": {"Team": "web"}},
    "connect": ["shell"],
    "run_as": "required",
}
IN_COMMON = ("principal", "partition", "run_as", "require_mfa", "source_ip", "valid_until")
BY_AWS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["ssm:StartSession"],
            "Resource": [
                "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0",
                "arn:aws:ssm:us-east-1:111122223333:document/SSM-SessionManagerRunShell",
            ],
            "Condition": {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": True}},
        },
        {
            "Effect": "Allow",
            "Action": ["ssm:TerminateSession", "ssm:ResumeSession"],
            "Resource": ["arn:aws:ssm:*:*:session/${aws:userid}-*"],
        },
    ],
}


@settings(deadline=None, max_examples=300)
@given(CHANCE)
def test_every_scope_is_read_back_from_its_document(chance):
    scope = random_scope(chance)
    document = session_policy(scope)
    reading = read_policy(document)
    assert reading.exact
    (found,) = reading.scopes
    wanted = read_scope(scope)
    assert same_meaning(session_policy(written(found)), document)  # what is shown can be written
    assert (found.connect, found.documents) == (wanted.connect, wanted.documents)
    assert found.instances == wanted.instances
    assert (set(found.accounts), set(found.regions)) == (set(wanted.accounts), set(wanted.regions))
    for key in ("run_as", "kms_key_arn", "require_mfa", "source_ip", "valid_until"):
        assert getattr(found, key) == getattr(wanted, key)
    assert (found.principal == "iam_user") == (wanted.principal == "iam_user")


@settings(deadline=None, max_examples=150)
@given(CHANCE)
def test_what_several_scopes_gave_is_read_as_scopes_that_give_the_same(chance):
    first = random_scope(chance)
    scopes = [first]
    for _number in range(chance.randint(1, 3)):
        other = {key: value for key, value in random_scope(chance).items() if key not in IN_COMMON}
        other.update({key: first[key] for key in IN_COMMON if key in first})
        for key in ("connect", "documents"):
            if chance.random() < 0.7:
                other.pop(key, None)
                other.update({key: first[key]} if key in first else {})
        scopes.append(other)
    try:
        document = merged_policy(scopes)
    except UserError:
        return  # these cannot be together
    reading = read_policy(document)
    assert reading.exact
    assert same_meaning(merged_policy([written(scope) for scope in reading.scopes]), document)


def test_desktops_and_another_way_in_elsewhere_are_one_principals():
    desktops = dict(SCOPE, principal="identity_center", connect=["rdp"], run_as="optional")
    elsewhere = dict(desktops, regions=["us-east-1"], connect=["ssh"])
    reading = read_policy(merged_policy([desktops, elsewhere]))
    assert reading.exact
    assert {scope.principal for scope in reading.scopes} == {"identity_center"}


@settings(deadline=None, max_examples=100)
@given(CHANCE)
def test_order_sids_and_grouping_do_not_matter(chance):
    document = session_policy(random_scope(chance))
    shuffled = copy.deepcopy(document)
    chance.shuffle(shuffled["Statement"])
    for number, statement in enumerate(shuffled["Statement"]):
        statement.pop("Sid")
        for key in ("Action", "Resource"):
            value = statement.get(key)
            if isinstance(value, list):
                chance.shuffle(value)
            elif value is not None and number % 2:
                statement[key] = [value]
    assert read_policy(shuffled).exact


@settings(deadline=None, max_examples=100)
@given(CHANCE)
def test_a_document_that_says_anything_else_is_not_exact(chance):
    document = session_policy(random_scope(chance))
    chosen = chance.choice(document["Statement"])
    what = chance.choice(["add", "remove", "condition", "version"])
    if what == "add":
        document["Statement"].append({"Effect": "Allow", "Action": "ssm:SendCommand", "Resource": "*"})
    elif what == "remove":
        document["Statement"].remove(chosen)
        before = read_policy(document)
        assert not before.exact or same_meaning(merged_policy(before.scopes), document)
        return
    elif what == "condition":
        chosen.setdefault("Condition", {})["StringEquals"] = {"aws:RequestedRegion": "us-east-1"}
    else:
        document["Version"] = "2008-10-17"
    reading = read_policy(document)
    assert not reading.exact
    told = {atom for part in reading.rest for atom in atoms_of(part)}
    told |= atoms(merged_policy(reading.scopes)) if reading.scopes else set()
    assert told == atoms(document)  # nothing is left out, and nothing is made up


def test_what_is_beside_a_scope_is_told_with_it():
    document = session_policy(SCOPE)
    document["Statement"].append({"Effect": "Allow", "Action": ["s3:Get*", "ssm:SendCommand"], "Resource": "*"})
    tests = {"Null": {"aws:x": True}, "IpAddress": {"aws:SourceIp": "192.0.2.1"}}
    deny = {"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["arn:aws:s3:::x"], "Condition": tests}
    document["Statement"].append(deny)
    reading = read_policy(document)
    assert not reading.exact
    assert written(reading.scopes[0]) == SCOPE
    assert summary(reading) == [
        "shell to instances with Team=web in 111122223333, ap-northeast-1; own sessions only; Run As required; may "
        "list instances and sessions; for IAM users",
        "allows s3:Get*, ssm:SendCommand on everything",
        "denies everything but iam:* on everything but arn:aws:s3:::x, where aws:x is missing and aws:SourceIp "
        "IpAddress 192.0.2.1",
    ]


def test_run_as_that_is_denied_in_part_only_is_not_called_required():
    document = session_policy(SCOPE)
    document["Statement"] = [row for row in document["Statement"] if row["Sid"] != "DenyPushingKeys"]
    reading = read_policy(document)
    assert not reading.exact
    assert reading.scopes[0].run_as == "optional"
    lines = summary(reading)
    assert "Run As optional" in lines[0]
    assert "denies iam:CreateRole, iam:CreateUser, iam:TagRole, iam:TagUser, sts:TagSession on everything, where " \
           "aws:RequestTag/SSMSessionRunAs is there" in lines  # fmt: skip


def test_a_policy_that_no_scope_explains_is_told_statement_by_statement():
    reading = read_policy(BY_AWS)
    assert reading.scopes == ()
    assert summary(reading) == [
        "allows ssm:StartSession on instances i-0123456789abcdef0 in 111122223333, us-east-1 and documents "
        "SSM-SessionManagerRunShell in 111122223333, us-east-1, where ssm:SessionDocumentAccessCheck BoolIfExists true",
        "allows ssm:TerminateSession, ssm:ResumeSession on sessions ${aws:userid}-* in any account, any Region",
    ]


@pytest.mark.parametrize(
    "document",
    [None, {}, [], "text", {"Statement": None}, {"Statement": ["x"]}, {"Statement": True},
     {"Version": "2012-10-17", "Statement": {}},
     {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ssm:StartSession", "Condition": ["x"]}}],
)  # fmt: skip
def test_what_is_hardly_a_policy_is_read_too(document):
    reading = read_policy(document)
    assert not reading.exact
    assert all(isinstance(line, str) for line in summary(reading))


@pytest.mark.parametrize(
    "change, old, new",
    [
        ({}, '"web"', '"${aws:username}"'),
        ({}, '"web"', '"we*"'),
        ({}, '"web"', '""'),
        ({}, '"web"', "[]"),
        ({"documents": ["DbTunnel"]}, "DbTunnel", "${aws:username}"),
        ({"source_ip": ["192.0.2.0/24"]}, "192.0.2.0/24", "office"),
        ({"valid_until": "2098-01-01T00:00:00Z"}, "2098-01-01T00:00:00Z", "2098-01-01"),
        ({"principal": "role", "source_ip": ["192.0.2.0/24"]}, '"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}',
         '"Bool": {"aws:MultiFactorAuthPresent": "true"}'),
    ],
)  # fmt: skip
def test_what_no_scope_may_say_is_no_scope(change, old, new):
    """Exact is what the option takes again."""
    text = json.dumps(session_policy(dict(SCOPE, **change)))
    assert old in text
    reading = read_policy(json.loads(text.replace(old, new)))
    assert not reading.exact
    assert all(scope_takes(scope) for scope in reading.scopes)


def scope_takes(scope):
    return read_scope(written(scope)).connect == scope.connect


def test_what_has_passed_is_read_too():
    document = session_policy(dict(SCOPE, valid_until="2098-01-01T00:00:00Z"))
    reading = read_policy(json.loads(json.dumps(document).replace("2098", "2020")))
    assert reading.exact
    assert reading.scopes[0].valid_until == "2020-01-01T00:00:00Z"


def test_words_of_a_scope():
    scope = dict(
        principal="identity_center", instances=dict(principal_tags=["Team"]), connect=["port_forward", "rdp"],
        managed_nodes=True, documents=["DbTunnel"], console=False, valid_until="2098-01-01T00:00:00Z",
        partition="aws-cn", run_as="optional",
    )  # fmt: skip
    reading = read_policy(session_policy(scope))
    assert written(reading.scopes[0]) == scope
    assert summary(reading) == [
        "port_forward, rdp, document DbTunnel to instances and managed nodes with the person's own Team in any "
        "account, any Region; own sessions only; Run As optional; until 2098-01-01T00:00:00Z"
    ]
    everywhere = dict(principal="iam_user", instances=dict(all=True), connect=["shell"], managed_nodes=True,
                      require_mfa=True, source_ip=["192.0.2.0/24"], run_as="required")  # fmt: skip
    (line,) = summary(read_policy(session_policy(everywhere)))
    assert line.startswith("shell to every instance and managed node in any account, any Region; ")
    assert line.endswith("; with MFA; from 192.0.2.0/24; for IAM users")


def test_many_scopes_are_read_in_time():
    """Each of its own way in, in a Region of its own."""
    regions = [f"us-east-{number}" for number in range(1, 6)]
    scopes = [dict(SCOPE, regions=[region], connect=[word]) for region, word in zip(regions, CONNECT, strict=True)]
    reading = read_policy(merged_policy(scopes))
    assert reading.exact
    assert [scope.connect for scope in reading.scopes] == [(word,) for word in CONNECT]
    random.Random(1).shuffle(scopes)
    assert read_policy(merged_policy(scopes)).exact
