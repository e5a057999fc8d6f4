from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import Guard
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.validate import (
    is_principal_id,
    rows,
    selection_findings,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems

GOOD = dict(permission_sets=["Web"], groups=["ops"], accounts=["111122223333"])
ARN = "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"


def problems(*items, max_deletions=10):
    with pytest.raises(Problems) as raised:
        rows(items, Guard(max_deletions))
    return raised.value.details["problems"]


def test_rows():
    (row,) = rows([dict(GOOD, users=None, state="absent", organizational_units=["ou-ab12-abcdefgh"])], Guard())
    assert (row.permission_sets, row.groups, row.users, row.accounts) == (["Web"], ["ops"], [], ["111122223333"])
    assert (row.organizational_units, row.exclude_accounts, row.absent) == (["ou-ab12-abcdefgh"], [], True)


@pytest.mark.parametrize("name", [ARN, ARN.replace("arn:aws:", "arn:aws-cn:"), "Web", "a" * 32, "A.b_c+d=e,f@g-h"])
def test_permission_sets(name):
    assert rows([dict(GOOD, permission_sets=[name])], Guard())[0].permission_sets == [name]


@pytest.mark.parametrize("name", [ARN + "0", "arn:aws:iam::aws:policy/X", "a" * 33, "", "Web Operator"])
def test_no_permission_sets(name):
    (problem,) = problems(dict(GOOD, permission_sets=["Web", name]))
    assert problem.startswith(f"assignments[0].permission_sets[1]: '{name}' is")


@pytest.mark.parametrize(
    "values, problem",
    [
        (dict(permission_sets=[]), "assignments[0]: permission_sets names none"),
        (dict(groups=[]), "assignments[0]: neither groups nor users"),
        (dict(groups=None), "assignments[0]: neither groups nor users"),
        (dict(accounts=None), "assignments[0]: neither accounts nor organizational_units"),
        (dict(users=[""]), "assignments[0].users[0]: is empty"),
        (dict(accounts=["12345670123"]), "assignments[0].accounts[0]: 12345670123 is not an account id"),
        (dict(exclude_accounts=["12345670123"]), "assignments[0].exclude_accounts[0]: 12345670123 is not"),
        (dict(organizational_units=["web"]), "assignments[0].organizational_units[0]: 'web' is not the id"),
    ],
)
def test_each_problem_has_its_path(values, problem):
    (found,) = problems(dict(GOOD, **values))
    assert found.startswith(problem)


def test_all_problems_at_once():
    found = problems(dict(GOOD, groups=[], accounts=["1"]), GOOD, dict(GOOD, permission_sets=["?"]), max_deletions=-1)
    assert [each.split(":")[0] for each in found] == [
        "assignments[0]",
        "assignments[0].accounts[0]",
        "assignments[2].permission_sets[0]",
        "max_deletions",
    ]


@pytest.mark.parametrize(
    "text, is_id",
    [
        ("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", True),
        ("1234567890-f81d4fae-7dec-11d0-a765-00a0c91e6bf6", True),
        ("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", True),
        ("taro", False),
        ("f81d4fae-7dec-11d0-a765-00a0c91e6bf", False),
        ("x-f81d4fae-7dec-11d0-a765-00a0c91e6bf6", False),
    ],
)
def test_ids_are_told_from_names(text, is_id):
    assert is_principal_id(text) == is_id


def test_the_info_modules_filters():
    nothing = dict(accounts=None, permission_sets=None, groups=None, users=None)
    assert selection_findings(nothing) == []
    assert [each.split(":")[0] for each in selection_findings(
        dict(accounts=["web", "123"], permission_sets=["?"], groups=["ops", ""], users=["taro"])
    )] == ["accounts[1]", "permission_sets[0]", "groups[1]"]  # fmt: skip
