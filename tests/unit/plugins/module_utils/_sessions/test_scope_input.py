# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.scope import Instances, Scope
from ansible_collections.keyless.aws.plugins.module_utils._sessions.scope_input import read_scope, read_scopes

GOOD = {"principal": "identity_center", "instances": {"all": True}, "connect": ["shell"]}
KEY = "arn:aws:kms:ap-northeast-1:111122223333:key/11111111-2222-3333-4444-555555555555"


def problems_of(raw):
    with pytest.raises(Problems) as caught:
        read_scope(raw)
    return caught.value.details["problems"]


def test_the_defaults():
    assert read_scope(GOOD) == Scope(
        "identity_center", Instances(all=True), ("shell",), run_as="required", console=True
    )


def test_a_scope_that_was_read_is_taken_as_it_is():
    scope = read_scope(GOOD)
    assert read_scope(scope) is scope


def test_everything_is_put_in_order():
    scope = read_scope(
        dict(
            GOOD,
            connect=["ssh", "shell"],
            instances={"tags": {"Team": ["web", "api"], "Stage": "prod"}},
            accounts=["111122223333"],
            regions="*",
            kms_key_arn=KEY,
        )
    )
    assert scope.connect == ("shell", "ssh")
    assert scope.instances.tags == (("Stage", ("prod",)), ("Team", ("api", "web")))
    assert (scope.accounts, scope.regions, scope.kms_key_arn) == (("111122223333",), (), KEY)


@pytest.mark.parametrize(
    "change, told",
    [
        ({"principal": "user"}, "scope.principal: 'user' is not one of identity_center"),
        ({"accounts": [12345670123]}, "scope.accounts[0]: 12345670123 is a number, YAML may have changed it; quote it"),
        ({"accounts": ["1111"]}, "scope.accounts[0]: '1111' is not an account id: 12 digits"),
        ({"accounts": []}, "scope.accounts: the list is empty"),
        ({"accounts": ["111122223333", "111122223333"]}, "scope.accounts[1]: '111122223333' is named twice"),
        ({"regions": ["Tokyo"]}, "scope.regions[0]: 'Tokyo' is not a Region"),
        ({"regions": ["cn-north-1"]}, "scope.regions[0]: 'cn-north-1' is not in partition aws"),
        ({"partition": "aws-mars"}, "scope.partition: 'aws-mars' is not one of aws,"),
        ({"instances": {}}, "scope.instances: give exactly one of ids"),
        ({"instances": {"all": True, "ids": ["i-0123456789abcdef0"]}}, "scope.instances: give exactly one of ids"),
        ({"instances": {"all": False}}, "scope.instances.all: False is not true"),
        ({"instances": {"id": ["x"]}}, "scope.instances.id: no such key (did you mean 'ids'?)"),
        ({"instances": {"ids": ["i-0123"]}}, "scope.instances.ids[0]: 'i-0123' is not an instance id"),
        ({"instances": {"ids": ["i-0123456789ABCDEF0"]}}, "scope.instances.ids[0]"),
        ({"instances": {"ids": ["*"]}}, "scope.instances.ids[0]: '*' is not an instance id"),
        ({"instances": {"tags": {}}}, "scope.instances.tags: no tag is named"),
        ({"instances": {"tags": {"Team": "we*"}}}, "scope.instances.tags.Team: 'we*' is not a tag value"),
        ({"instances": {"tags": {"Team": ["${x}"]}}}, "scope.instances.tags.Team[0]: '${x}' is not a tag value"),
        ({"instances": {"tags": {"Team": 5}}}, "scope.instances.tags.Team: 5 is a number"),
        ({"instances": {"tags": {"aws:x": "y"}}}, "AWS reserves keys that begin with aws:"),
        ({"instances": {"tags": {"T*": "y"}}}, "'T*' is not a tag key"),
        ({"instances": {"principal_tags": ["T*"]}}, "scope.instances.principal_tags[0]: 'T*' is not a tag key"),
        (
            {"instances": {"tags": {"Team": "web", "team": "api"}}},
            "scope.instances.tags.team: 'team' is for IAM the same key as 'Team'; give one of them",
        ),
        (
            {"instances": {"principal_tags": ["Team", "TEAM"]}},
            "scope.instances.principal_tags[1]: 'TEAM' is for IAM the same key as 'Team'",
        ),
        ({"connect": ["shel"]}, "scope.connect[0]: no way in 'shel' (did you mean 'shell'?)"),
        ({"connect": []}, "scope.connect: the list is empty; give ways in, such as [shell], or documents"),
        ({"run_as": True}, "scope.run_as: True is not one of required, optional"),
        ({"console": "yes"}, "scope.console: 'yes' is neither true nor false"),
        ({"kms_key_arn": "alias/x"}, "scope.kms_key_arn: 'alias/x' is not the ARN of a KMS key"),
        (
            {"kms_key_arn": KEY, "partition": "aws-cn"},
            "scope.kms_key_arn: the key is in partition aws, and the scope in aws-cn; set partition",
        ),
        ({"managed_nodes": "no"}, "scope.managed_nodes: 'no' is neither true nor false"),
        (
            {"managed_nodes": True, "instances": {"ids": ["i-0123456789abcdef0"]}},
            "scope.managed_nodes: instances.ids names every node; add the mi-... ids there",
        ),
        ({"documents": ["ab"]}, "scope.documents[0]: 'ab' is not the name of a document: 3 to 128 letters"),
        ({"documents": ["Own*"]}, "scope.documents[0]: 'Own*' is not the name of a document"),
        ({"documents": ["AWS-StartSSHSession"]}, "'AWS-StartSSHSession': AWS reserves names that begin with aws"),
        ({"documents": ["amazonMine"]}, "scope.documents[0]: 'amazonMine': AWS reserves names"),
        ({"documents": ["SSM-SessionManagerRunShell"]}, "is what connect: [shell] stands for"),
        ({"documents": ["Own", "Own"]}, "scope.documents[1]: 'Own' is named twice"),
        ({"require_mfa": True}, "scope.require_mfa: sessions of principal identity_center carry no sign of MFA"),
        ({"source_ip": []}, "scope.source_ip: the list is empty"),
        ({"source_ip": "192.0.2.0/24"}, "scope.source_ip: '192.0.2.0/24' is not a list"),
        ({"source_ip": ["192.0.2.1/24"]}, "scope.source_ip[0]: 192.0.2.1/24 has host bits set"),
        ({"source_ip": ["fe80::1%eth0"]}, "scope.source_ip[0]: 'fe80::1%eth0' names a zone"),
        ({"source_ip": ["office"]}, "give an address or a network, such as 192.0.2.0/24"),
        ({"valid_until": "2020-01-01T00:00:00Z"}, "scope.valid_until: 2020-01-01T00:00:00Z has passed"),
        ({"valid_until": "2099-01-01T00:00:00"}, "'2099-01-01T00:00:00' is not a moment with its time zone"),
        ({"valid_until": "2099-13-01T00:00:00Z"}, "is not a moment with its time zone"),
        ({"valid_until": "9999-12-31T23:59:59-01:00"}, "'9999-12-31T23:59:59-01:00' is not a moment"),
        ({"valid_until": "tomorrow"}, "scope.valid_until: 'tomorrow' is not a moment with its time zone"),
        ({"valid_until": 1798675200}, "scope.valid_until: '1798675200' is not a moment"),
        ({"connect": ["rdp"], "run_as": "required"}, "scope.run_as: rdp is for Windows, which knows no Run As"),
        ({"connect": ["rdp", "ssh"]}, "scope.connect: rdp is for Windows and ssh for Linux"),
        (
            {"connect": ["rdp"], "source_ip": ["192.0.2.0/24"]},
            "scope.source_ip: calls of rdp come through",
        ),
        ({"connect": ["rdp"], "principal": "saml"}, "scope.connect: rdp signs in through IAM Identity Center"),
        ({"conect": ["shell"]}, "scope.conect: no such key (did you mean 'connect'?)"),
        (
            {"connect": ["ssh"], "instances": {"ids": ["mi-0123456789abcdef0"]}},
            "scope.connect: ssh pushes a key to EC2 instances",
        ),
    ],
)
def test_bad_input_is_told_with_path_and_value(change, told):
    found = problems_of(dict(GOOD, **change))
    assert len(found) == 1
    assert told in found[0]


def test_all_problems_come_at_once():
    found = problems_of({"instances": {"ids": ["x"]}, "regions": ["nowhere"]})
    assert [problem.split(":")[0] for problem in found] == [
        "scope.principal",
        "scope.connect",
        "scope.instances.ids[0]",
        "scope.regions[0]",
    ]


@pytest.mark.parametrize("raw", [None, "x", [], 5])
def test_what_is_no_scope_at_all(raw):
    assert problems_of(raw)[0].startswith("scope: ")


def test_remote_desktop_knows_no_run_as():
    assert read_scope(dict(GOOD, connect=["rdp"])).run_as == "optional"
    assert read_scope(dict(GOOD, connect=["rdp", "shell"], run_as="optional")).connect == ("shell", "rdp")


def test_documents_alone_need_no_way_in():
    scope = read_scope(dict(GOOD, connect=[], documents=["DbTunnel", "Another"]))
    assert (scope.connect, scope.documents) == ((), ("Another", "DbTunnel"))


@pytest.mark.parametrize(
    "written, read",
    [
        ("2099-12-31T00:00:00Z", "2099-12-31T00:00:00Z"),
        ("2099-12-31 00:00:00.5Z", "2099-12-31T00:00:00Z"),
        ("2099-12-31T09:00:00+09:00", "2099-12-31T00:00:00Z"),
        ("2099-12-30T19:00:00-0500", "2099-12-31T00:00:00Z"),
        # as YAML reads it without quotes
        (datetime(2099, 12, 31), "2099-12-31T00:00:00Z"),
        (datetime(2099, 12, 31, 9, tzinfo=timezone(timedelta(hours=9))), "2099-12-31T00:00:00Z"),
    ],
)
def test_moments_are_written_in_utc(written, read):
    assert read_scope(dict(GOOD, valid_until=written)).valid_until == read


def test_a_moment_is_past_from_its_second_on():
    scope = dict(GOOD, valid_until="2030-01-01T00:00:00Z")
    assert read_scope(scope, now=datetime(2029, 12, 31, 23, 59, 59, tzinfo=timezone.utc))
    with pytest.raises(Problems):
        read_scope(scope, now=datetime(2030, 1, 1, tzinfo=timezone.utc))


def test_networks_are_written_as_networks():
    scope = read_scope(dict(GOOD, source_ip=["192.0.2.7", "198.51.100.0/24", "2001:db8::/32"]))
    assert scope.source_ip == ("192.0.2.7/32", "198.51.100.0/24", "2001:db8::/32")


def test_several_scopes_tell_all_their_problems():
    with pytest.raises(Problems) as caught:
        read_scopes([GOOD, dict(GOOD, console=5), "x"])
    assert [problem.split(":")[0] for problem in caught.value.details["problems"]] == ["scopes[1].console", "scopes[2]"]
