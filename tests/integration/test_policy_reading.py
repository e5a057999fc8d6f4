# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both ways of reading an account's policies, over HTTP: they see the same, and cost what they promise."""

from __future__ import annotations

import json

import boto3
import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError, Client
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies import choice
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.api import PoliciesApi
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.reader import AccountReader
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.records import Wanted
from emulator_process import REGION

ACCOUNT = "123456789012"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


class Module:
    """What `Client` uses of a module."""

    def __init__(self, url):
        keys = dict(aws_access_key_id="testing", aws_secret_access_key="testing")
        self._connection = dict(keys, endpoint_url=url, region_name=REGION)

    def client(self, service, config):
        return boto3.client(service, config=config, **self._connection)


def document(number):
    statement = {"Effect": "Allow", "Action": "ssm:StartSession", "Resource": f"arn:aws:ec2:*:*:instance/{number}"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def arn(name, path="/"):
    return f"arn:aws:iam::{ACCOUNT}:policy{path}{name}"


@pytest.fixture
def iam(emulator):
    """Three policies with versions, tags and users; and who may get them."""
    iam = emulator.client("iam")
    for name in ("taro", "hanako"):
        iam.create_user(UserName=name)
    iam.create_group(GroupName="ops")
    iam.create_role(RoleName="Bound", AssumeRolePolicyDocument=TRUST)
    for number in range(3):
        made = iam.create_policy(
            PolicyName=f"P{number}", PolicyDocument=json.dumps(document(number)), Description=f"No. {number}",
            Tags=[dict(Key="n", Value=str(number))],
        )  # fmt: skip
        iam.attach_user_policy(UserName="taro", PolicyArn=made["Policy"]["Arn"])
    iam.create_policy_version(PolicyArn=arn("P1"), PolicyDocument=json.dumps(document(9)), SetAsDefault=True)
    iam.attach_group_policy(GroupName="ops", PolicyArn=arn("P2"))
    iam.put_role_permissions_boundary(RoleName="Bound", PermissionsBoundary=arn("P2"))
    iam.create_policy(PolicyName="Elsewhere", Path="/teams/", PolicyDocument=json.dumps(document(0)))
    return iam


@pytest.fixture
def read(emulator, iam, spent):
    """read(*wanted, expected=…) -> the account, and the calls that it cost"""

    def read(*wanted, expected=None):
        spent()
        api = PoliciesApi(Client(Module(emulator.url), "iam"), sleep=lambda _seconds: None)
        reader = AccountReader(api, ACCOUNT, "aws", lambda one, other: one == other, expected or {})
        found = reader.read(wanted)
        return found, {name.split(":")[1]: times for name, times in spent().items()}

    return read


@pytest.fixture
def spent(emulator):
    known = {}

    def spent():
        now = emulator.calls()
        new = {name: times - known.get(name, 0) for name, times in now.items() if times != known.get(name, 0)}
        known.update(now)
        return new

    return spent


def want(number, **more):
    return Wanted("policies[0]", f"P{number}", document=document(number), **more)


WISHES = (
    want(0, attachments=dict(users=["taro", "hanako"])),
    want(1, tags={}),
    want(2, absent=True),
    want(3),
    Wanted("policies[4]", "ELSEWHERE", document=document(0)),
)


def test_both_ways_see_the_same(read, monkeypatch):
    swept, calls = read(*WISHES)
    assert calls == dict(
        GetAccountSummary=1, GetAccountAuthorizationDetails=1, GetPolicy=1, ListEntitiesForPolicy=2
    )
    monkeypatch.setattr(choice, "FEW", 100)
    single, calls = read(*WISHES)
    assert calls == dict(
        GetPolicy=5, GetPolicyVersion=4, ListPolicyVersions=2, ListEntitiesForPolicy=3, ListPolicies=1, GetUser=1
    )
    assert swept.namesakes == single.namesakes == {"ELSEWHERE": arn("Elsewhere", "/teams/")}
    assert swept.unknown == single.unknown == {}
    assert set(swept.policies) == set(single.policies) == {arn(f"P{number}") for number in range(3)}
    for of in swept.policies:
        one, other = swept.policies[of], single.policies[of]
        assert (one.name, one.path, one.default) == (other.name, other.path, other.default)
        assert (one.attachments, one.boundary_of) == (other.attachments, other.boundary_of) or of == arn("P1")
    first, second, third = (single.policies[arn(f"P{number}")] for number in range(3))
    assert first.attachments == dict(users=["taro"]) and first.description == "No. 0"
    assert second.default.id == "v2" and [version.document for version in second.versions] == [document(9), document(1)]
    assert second.tags == swept.policies[arn("P1")].tags == {"n": "1"}
    assert third.attachments == dict(users=["taro"], groups=["ops"], roles=[])
    assert third.boundary_of == ["Bound"]


def test_one_by_one_where_the_account_may_not_be_read_as_a_whole(emulator, read):
    for operation in ("GetAccountSummary", "GetAccountAuthorizationDetails"):
        emulator.faults(f"iam:{operation}", "AccessDenied", times=None)
    many = [want(number) for number in range(20)]
    account, calls = read(*many)
    assert set(account.policies) == {arn(f"P{number}") for number in range(3)}
    assert calls["GetAccountSummary"] == 1 and calls["GetPolicy"] == 20
    emulator.faults("iam:ListPolicies", "AccessDenied", times=None)
    assert read(WISHES[4])[0].namesakes == {}
    emulator.faults("iam:GetPolicy", "AccessDenied")
    with pytest.raises(AwsError, match=r"GetPolicy: access denied .* needs iam:GetPolicy"):
        read(want(0))


def test_who_is_not_there_is_found_out_and_who_is_meant(emulator, iam, read):
    account, calls = read(want(0, attachments=dict(users=["tarro", "hanako"], groups=["x"])))
    assert account.unknown == {("users", "tarro"): " (did you mean 'taro'?)", ("groups", "x"): ""}
    assert (calls["GetUser"], calls["ListUsers"], calls["GetGroup"], calls["ListGroups"]) == (2, 1, 1, 1)
    names = [f"u{number}" for number in range(4)]
    account, calls = read(want(0, attachments=dict(users=names)), expected=dict(users=names[1:]))
    assert list(account.unknown) == [("users", "u0")]
    account, calls = read(want(0, attachments=dict(users=names)))
    assert calls["ListUsers"] == 1 and "GetUser" not in calls
    assert len(account.unknown) == 4
    emulator.faults("iam:ListUsers", "AccessDenied")
    account, _calls = read(want(0, attachments=dict(users=["tarro"])))
    assert account.unknown == {("users", "tarro"): ""}


def test_nothing_is_read_for_nothing(read):
    assert read()[1] == {}
    _account, calls = read(want(0), want(1))
    assert "GetAccountSummary" not in calls
