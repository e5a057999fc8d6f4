"""Whether a role lets Session Manager in, by what its policies say."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.records import Role
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.rights import (
    CHANNELS,
    CORE,
    DEPRECATED,
    REGISTER,
    has_deprecated,
    policy_arn,
    rights_of,
)

HERE = "arn:aws:ec2:ap-northeast-1:111122223333:instance/i-0123456789abcdef0"
ARN = "arn:aws:iam::111122223333:role/R"
OWN = "arn:aws:iam::111122223333:policy/" + CORE


def allow(*actions, resource="*", effect="Allow", **more):
    return {"Statement": [{"Effect": effect, "Action": list(actions), "Resource": resource, **more}]}


def role(*documents, attached=(), **more):
    return Role("R", ARN, tuple(attached), tuple(documents), **more)


@pytest.mark.parametrize("name", [CORE, DEPRECATED, "AmazonSSMManagedEC2InstanceDefaultPolicy"])
@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_policies_of_aws_that_are_enough(name, partition):
    found = role(attached=[policy_arn(partition, name)])
    assert rights_of(found, HERE).sessions is True
    assert has_deprecated(found) == (name == DEPRECATED)


def test_a_policy_of_that_name_of_ones_own_is_not_aws_policy():
    assert rights_of(role(attached=[OWN]), HERE).sessions is False
    assert not has_deprecated(role(attached=["arn:aws:iam::111122223333:policy/" + DEPRECATED]))


def test_no_role():
    assert rights_of(None, HERE).missing == (REGISTER,) + CHANNELS
    assert not has_deprecated(None)


@pytest.mark.parametrize(
    "documents, sessions, missing",
    [
        ([allow("ssm:*", "ssmmessages:*")], True, ()),
        ([allow(REGISTER), allow(*CHANNELS)], True, ()),
        ([allow(REGISTER, *CHANNELS[1:])], False, CHANNELS[:1]),
        ([allow("ssm:*")], False, CHANNELS),
        ([allow("*", resource=HERE)], False, CHANNELS),
        ([allow(*CHANNELS), allow(REGISTER, resource=HERE)], True, ()),
        ([allow(*CHANNELS), allow(REGISTER, resource=HERE + "9")], False, (REGISTER,)),
        ([allow("*"), allow("ssmmessages:Open*", effect="Deny")], False, CHANNELS[2:]),
        ([allow("*", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})], None, ()),
        ([], False, (REGISTER,) + CHANNELS),
    ],
)
def test_documents(documents, sessions, missing):
    found = rights_of(role(*documents), HERE)
    assert (found.sessions, found.missing) == (sessions, missing)


def test_what_may_not_be_read_is_not_known():
    assert rights_of(role(hidden="ListRolePolicies: denied"), HERE).sessions is None
