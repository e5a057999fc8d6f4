from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.lockout import (
    lockout_problem,
    signed_in,
    undecidable,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.records import Caller, Key

ACCOUNT, ARN = "111122223333", "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"
ME = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/taro@example.com"
DIRECT = Key(ACCOUNT, ARN, "USER", "taro")
TEAM, GUILD = Key(ACCOUNT, ARN, "GROUP", "team"), Key(ACCOUNT, ARN, "GROUP", "guild")
OTHERS = Key(ACCOUNT, ARN, "GROUP", "others")
PRINCIPALS = frozenset({("USER", "taro"), ("GROUP", "team"), ("GROUP", "guild")})


def caller(*assignments, principals=PRINCIPALS):
    return Caller(ME, ACCOUNT, "Admin", principals, frozenset(assignments))


@pytest.mark.parametrize(
    "arn, parts, unclear",
    [
        (ME, (ACCOUNT, "Admin", "taro@example.com"), False),
        (
            f"arn:aws-cn:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Web_Operator_0123456789abcdef/taro",
            (ACCOUNT, "Web_Operator", "taro"),
            False,
        ),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/run", None, True),
        (f"arn:aws:iam::{ACCOUNT}:user/taro", None, False),
        (f"arn:aws:iam::{ACCOUNT}:root", None, False),
    ],
)
def test_how_the_caller_came_in(arn, parts, unclear):
    assert (signed_in(arn), undecidable(arn)) == (parts, unclear)


@pytest.mark.parametrize(
    "there, deletions, locked_out",
    [
        ([DIRECT], [DIRECT], True),
        ([TEAM], [TEAM], True),
        ([TEAM, DIRECT], [TEAM], False),
        ([TEAM, GUILD], [TEAM, GUILD], True),
        ([TEAM, OTHERS], [TEAM], True),
        ([TEAM, OTHERS], [OTHERS], False),
        ([TEAM], [], False),
        ([OTHERS], [OTHERS], False),
        ([], [], False),
    ],
)
def test_the_last_way_in_stays(there, deletions, locked_out):
    problem = lockout_problem(caller(*there), deletions)
    assert bool(problem) == locked_out
    if locked_out:
        assert problem.startswith("allow_self_lockout: this would take Admin in 111122223333 away")
        assert ME in problem


def test_where_the_caller_is_unknown_any_loss_counts():
    assert lockout_problem(caller(TEAM, OTHERS, principals=None), [OTHERS])
    assert not lockout_problem(caller(TEAM, OTHERS, principals=None), [])
