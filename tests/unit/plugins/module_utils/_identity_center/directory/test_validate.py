from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.records import Group, User
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.validate import desired
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems


def problems(users=None, groups=None):
    with pytest.raises(Problems) as caught:
        desired(users, groups)
    return caught.value.details["problems"]


def test_lists_become_records():
    users = [
        dict(
            user_name="taro@example.com",
            given_name="太郎",
            email="taro@example.com",
            title="",
            address=dict(locality="千代田区\u3000東京", country=None),
            enterprise=dict(department=None, manager="hanako"),
            state="present",
        ),
        dict(user_name="hanako", address=dict(locality=None), state="absent"),
    ]
    web = dict(name="Web operators", members=["taro@example.com"], state="present")
    groups = [web, dict(name="old", state="absent")]
    found = desired(users, groups)
    assert found.users == [
        User(
            "taro@example.com",
            given_name="太郎",
            email="taro@example.com",
            title="",
            address={"locality": "千代田区\u3000東京"},
            enterprise={"manager": "hanako"},
        ),
        User("hanako", address={}, absent=True),
    ]
    assert found.groups == [Group("Web operators", members={"taro@example.com": None}), Group("old", absent=True)]
    assert found.manages_enterprise()
    assert found.manages_members()


def test_nothing_is_taken_for_nothing():
    found = desired(None, None)
    assert list(found.users) == list(found.groups) == []
    assert not found.manages_enterprise()
    assert not found.manages_members()


@pytest.mark.parametrize(
    "item, told",
    [
        (dict(user_name=" "), "users[0].user_name: ' ' is empty; give a name"),
        (dict(user_name="taro tanaka"), "users[0].user_name: 'taro tanaka' has a blank, which AWS does not take here"),
        (dict(user_name="taro\u200b"), "users[0].user_name: 'taro?' has the character U+200B, which AWS"),
        (dict(user_name="x" * 129), "users[0].user_name: 129 characters are too many; give at most 128"),
        (dict(user_name="Administrator"), "users[0].user_name: 'Administrator' is reserved by AWS"),
        (dict(user_name="AWSAdministrators", state="absent"), "users[0].user_name: 'AWSAdministrators' is reserved"),
        (dict(user_name="t", title="x" * 1025), "users[0].title: 1025 characters are too many; give at most 1024"),
        (dict(user_name="t", nick_name="a\x07b"), "users[0].nick_name: 'a?b' has the character U+0007, which AWS"),
        (dict(user_name="t", given_name=""), "users[0].given_name: '' is refused: AWS takes no user without it"),
        (dict(user_name="t", family_name=""), "users[0].family_name: '' is refused"),
        (dict(user_name="t", display_name=""), "users[0].display_name: '' is refused"),
        (dict(user_name="t", email="taro"), "users[0].email: 'taro' is not an e-mail address such as taro@example.com"),
        (dict(user_name="t", email="taro@example"), "users[0].email: 'taro@example' is not an e-mail address"),
        (dict(user_name="t", email="a@b@example.com"), "users[0].email: 'a@b@example.com' is not an e-mail address"),
        (dict(user_name="t", address=dict(region="\x00")), "users[0].address.region: '?' has the character U+0000"),
        (
            dict(user_name="t", enterprise=dict(department="x" * 2000)),
            "users[0].enterprise.department: 2000 characters are too many; give at most 1024",
        ),
    ],
)
def test_users_that_aws_would_refuse(item, told):
    (problem,) = problems(users=[item])
    assert problem.startswith(told)


@pytest.mark.parametrize(
    "item, told",
    [
        (dict(name=""), "groups[0].name: '' is empty; give a name"),
        (dict(name="administrator"), "groups[0].name: 'administrator' is reserved by AWS"),
        (dict(name="g" * 1025), "groups[0].name: 1025 characters are too many"),
        (dict(name="g", description="\x01"), "groups[0].description: '?' has the character U+0001"),
        (dict(name="g", members=["a", ""]), "groups[0].members[1]: '' is empty; give a name"),
        (dict(name="g", members=["a", "b", "A"]), "groups[0].members[2]: 'A' is listed twice; list it once"),
        (dict(name="g", members=["a b"]), "groups[0].members[0]: 'a b' has a blank"),
    ],
)
def test_groups_that_aws_would_refuse(item, told):
    (problem,) = problems(groups=[item])
    assert problem.startswith(told)


def test_names_may_have_blanks_where_aws_takes_them():
    found = desired([dict(user_name="t", display_name="Taro \u00a0\u3000Tanaka")], [dict(name="Web operators")])
    assert found.users[0].display_name == "Taro \u00a0\u3000Tanaka"


def test_what_is_listed_twice_in_any_case_is_a_problem():
    users = [dict(user_name="taro"), dict(user_name="jiro"), dict(user_name="Taro", state="absent")]
    groups = [dict(name="web"), dict(name="WEB")]
    assert problems(users, groups) == [
        "users[2].user_name: 'Taro' is listed twice, first as users[0]; list it once",
        "groups[1].name: 'WEB' is listed twice, first as groups[0]; list it once",
    ]


def test_an_address_is_for_one_user_only():
    users = [
        dict(user_name="a", email="x@example.com"),
        dict(user_name="b", email="X@example.com"),
        dict(user_name="c", email="x@example.com", state="absent"),
        dict(user_name="d", email=""),
        dict(user_name="e", email=""),
    ]
    assert problems(users) == [
        "users[1].email: 'X@example.com' is also the address of users[0] ('a'); "
        "AWS takes each address for one user only"
    ]


def test_all_problems_are_told_at_once():
    users = [dict(user_name="a b", email="x", given_name=""), dict(user_name="c", title="\x02")]
    assert len(problems(users, [dict(name="g", members=[""])])) == 5


def test_what_is_to_be_deleted_needs_no_good_attributes():
    user = dict(user_name="a", email="nonsense", state="absent")
    found = desired([user], [dict(name="g", members=[""], state="absent")])
    assert found.users[0].absent and found.groups[0].absent
