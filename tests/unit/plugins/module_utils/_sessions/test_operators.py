"""What the role iam_operators refuses before it writes anything."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.keyless.aws.plugins.filter.iam_operators_problems import FilterModule
from ansible_collections.keyless.aws.plugins.module_utils._sessions.operators import operator_problems

ARN = "arn:aws:iam::aws:policy/ReadOnlyAccess"
SCOPE = dict(
    principal="iam_user", accounts=["111122223333"], instances=dict(ids=["i-0123456789abcdef0"]), connect=["shell"]
)
GOOD = dict(
    users=[
        dict(name="user01", groups=["operators"], run_as="user01", tags=dict(Team="web"), permissions_boundary=ARN),
        dict(name="user02", groups=[], access_key=True, access_key_file="/keys/user02"),
        dict(name="old", state="absent"),
    ],
    groups=[
        dict(name="operators", view=["ec2", "session_manager"], managed_policies=[ARN]),
        dict(name="older", state="absent"),
    ],
    policies=[
        dict(name="PC01", users=["user01", "somebody"], groups=["operators"], scope=SCOPE),
        dict(name="X", state="absent"),
    ],
    passwords=["user01"],
    protect=["user01"],
    accounts=1,
)


def problems(**more):
    return operator_problems(dict(copy.deepcopy(GOOD), **more))


def test_nothing_is_wrong():
    assert problems() == []
    assert operator_problems({}) == []
    assert FilterModule().filters()["iam_operators_problems"](GOOD) == []


USERS = "iam_operators_users"


@pytest.mark.parametrize(
    "user, text",
    [
        (dict(name="user01", groups=["operator"]), f"{USERS}[0].groups[0]: there is no group 'operator' (did you mean"),
        (dict(name="user01", groups=["web"]), "there is no group 'web'; list it in iam_operators_groups"),
        (dict(name="user01", groups=["older"]), "there is no group 'older'"),
        (dict(name="user01", run_as="user@example.com"), f"{USERS}[0].run_as: 'user@example.com' is an e-mail address"),
        (dict(name="user01", run_as="root"), f"{USERS}[0].run_as: 'root' is never a Run As user"),
        (dict(name="user01", run_as=1001), f"{USERS}[0].run_as: '1001' is a number"),
        (dict(name="user01", tags=dict(SSMSessionRunAs="Admin")), f"{USERS}[0].tags.SSMSessionRunAs: 'Admin' has"),
        (dict(name="user01", run_as="a", tags=dict(SSMSessionRunAs="b")), "'a' is not what tags.SSMSessionRunAs says"),
        (dict(name="user01", tags=dict(ssmsessionrunas="root")), "tags.ssmsessionrunas: Session Manager knows only"),
        (dict(name="user01", tags={"aws:x": "y"}), f"{USERS}[0].tags: 'aws:x' is no tag key"),
        (dict(name="user 01"), f"{USERS}[0].name: 'user 01' is not a name for IAM"),
        (dict(name="user01", permissions_boundary="ReadOnlyAccess"), "_boundary: 'ReadOnlyAccess' is not the ARN"),
        (dict(name="user01", access_key=True), f"{USERS}[0].access_key_file: is missing"),
        (dict(name="user01", access_key="yes"), f"{USERS}[0].access_key: 'yes' is neither true nor false"),
        (dict(name="user01", state="gone"), f"{USERS}[0].state: 'gone' is not one of present, absent"),
        (dict(name="user01", grups=["operators"]), f"{USERS}[0].grups: no such key (did you mean 'groups'?)"),
    ],
)  # fmt: skip
def test_a_user(user, text):
    (problem,) = problems(users=[user], policies=[], passwords=[])
    assert text in problem


@pytest.mark.parametrize(
    "group, text",
    [
        (dict(name="g", view=["ec3"]), "iam_operators_groups[0].view[0]: 'ec3' is not one of ec2, session_manager"),
        (dict(name="g", managed_policies=["X"]), "managed_policies[0]: 'X' is not the ARN of a managed policy"),
        (dict(), "iam_operators_groups[0].name: nothing is given"),
    ],
)  # fmt: skip
def test_a_group(group, text):
    (problem,) = problems(groups=[group], users=[dict(name="user01")], policies=[])
    assert text in problem


def test_names_are_known_once_whatever_their_case():
    (problem,) = problems(users=[dict(name="user01"), dict(name="User01")], policies=[])
    assert problem.startswith(f"{USERS}[1].name: 'User01' is the name of {USERS}[0] too")


def test_a_key_file_for_several_accounts():
    (problem,) = problems(accounts=2)
    assert problem.startswith(f"{USERS}[1].access_key_file: would be written for each of 2 accounts")


def test_passwords_are_of_users_who_are_listed():
    assert problems(passwords=["user1", "old"]) == [
        f"iam_operators_passwords.user1: {USERS} has no such user (did you mean 'user01'?)",
        f"iam_operators_passwords.old: {USERS} has no such user",
    ]


def test_who_is_protected_stays():
    found = problems(protect=["OLD", "older"])
    assert [text.partition(":")[0] for text in found] == [f"{USERS}[2]", "iam_operators_groups[1]"]


def test_policies_as_session_policy_would_refuse_them_and_for_those_who_go():
    policies = [
        dict(name="A", users=["old"], groups=["older"], scope=SCOPE),
        dict(name="a", scope=dict(SCOPE, principal="role"), users=["user01"]),
        dict(name="B", scope=dict(SCOPE, connect=["shel"])),
    ]
    found = problems(policies=policies)
    option = "iam_operators_policies"
    for text in (
        f"{option}[1].name: 'a' is the name of {option}[0] too",
        f"{option}[1].users: the scope's principal is role",
        f"{option}[2].scope.connect[0]: no way in 'shel'",
        f"{option}[0].users[0]: 'old' is absent in {USERS}; leave it out",
        f"{option}[0].groups[0]: 'older' is absent in iam_operators_groups",
    ):
        assert any(problem.startswith(text) for problem in found), (text, found)
    assert len(found) == 5
    for wrong in ("PC01", [dict(scope=SCOPE)], ["PC01"]):
        (problem,) = problems(policies=wrong)
        assert problem.startswith(f"{option}: is not a list of policies that have names")


def test_all_problems_at_once():
    users = [dict(name="a b", run_as="root", groups=["x"])]
    assert len(problems(users=users, groups="g", policies=[], passwords=[])) == 4
