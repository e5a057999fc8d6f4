# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.scope import (
    Instances,
    Scope,
    partition_of,
    read_scope,
)

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
        ({"connect": ["shel"]}, "scope.connect[0]: no way in 'shel' (did you mean 'shell'?)"),
        ({"connect": ["rdp"]}, "scope.connect[0]: 'rdp' is not supported yet by this version"),
        ({"connect": []}, "scope.connect: the list is empty"),
        ({"run_as": True}, "scope.run_as: True is not one of required, optional"),
        ({"console": "yes"}, "scope.console: 'yes' is neither true nor false"),
        ({"kms_key_arn": "alias/x"}, "scope.kms_key_arn: 'alias/x' is not the ARN of a KMS key"),
        ({"managed_nodes": True}, "scope.managed_nodes: is not supported yet by this version"),
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
        "scope.regions[0]",
        "scope.instances.ids[0]",
    ]


@pytest.mark.parametrize("raw", [None, "x", [], 5])
def test_what_is_no_scope_at_all(raw):
    assert problems_of(raw)[0].startswith("scope: ")


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
