from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.api import DirectoryApi
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.records import Group, User
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import Instance

TARO = User("taro", given_name="T", family_name="T", display_name="T")


class Answer(Exception):
    """What botocore raises, as far as it is looked at."""

    def __init__(self, reason):
        super().__init__()
        self.response = dict(Reason=reason)


class Client:
    """Answers each call with the next of its answers; an error is (code, reason)."""

    def __init__(self, *answers):
        self.answers, self.calls, self.slept = list(answers), [], []

    def call(self, operation, **parameters):
        self.calls.append((operation, parameters))
        answer = self.answers.pop(0)
        if isinstance(answer, dict):
            return answer
        code, reason = answer
        name = "".join(word.capitalize() for word in operation.split("_"))
        raise AwsError(f"{name}: {code}: no.", code, name) from Answer(reason)

    def api(self):
        return DirectoryApi(self, Instance("arn", "d-1234567890"), self.slept.append)


COLLISION = ("ConflictException", "CONCURRENT_MODIFICATION")
TAKEN = ("ConflictException", "UNIQUENESS_CONSTRAINT_VIOLATION")


def refusal(*answers, do):
    client = Client(*answers)
    with pytest.raises(AwsError) as caught:
        do(client.api())
    return caught.value


@pytest.mark.parametrize(
    "do, code, hint",
    [
        (lambda api: api.create_user(TARO), "ConflictException", "User names and e-mail addresses must be unique"),
        (lambda api: api.update_user("u", TARO, ["title"]), "ConflictException", "e-mail addresses must be unique"),
        (lambda api: api.create_group(Group("web")), "ConflictException", "Names of groups must be unique"),
        (lambda api: api.create_user(TARO), "AccessDeniedException", "Active Directory), change them there"),
        (lambda api: api.put_description("g", None), "ValidationException", "through SCIM, or Active Directory)"),
        (lambda api: api.add_member("g", "u"), "AccessDeniedException", "through SCIM, or Active Directory)"),
    ],
)
def test_a_refusal_says_what_to_do(do, code, hint):
    error = refusal((code, "UNIQUENESS_CONSTRAINT_VIOLATION"), ("ResourceNotFoundException", ""), do=do)
    assert f"{code}: no. " in error.message
    assert hint in error.message
    assert error.code == code


def test_a_user_that_came_into_being_meanwhile_is_brought_in_line():
    client = Client(TAKEN, dict(UserId="u-1"), {})
    user = User("taro", given_name="T", title="x", address=dict(region="r"), enterprise=dict(department="web"))
    assert client.api().create_user(user) == "u-1"
    (_create, (operation, asked), (update, sent)) = client.calls
    assert (operation, update) == ("get_user_id", "update_user")
    assert asked["AlternateIdentifier"] == dict(UniqueAttribute=dict(AttributePath="userName", AttributeValue="taro"))
    assert sent["UserId"] == "u-1"
    assert [each["AttributePath"] for each in sent["Operations"]] == [
        "name.givenName",
        "title",
        "addresses",
        "aws:identitystore:enterprise.department",
    ]


def test_a_group_that_came_into_being_meanwhile_is_brought_in_line():
    client = Client(TAKEN, dict(GroupId="g-1"), {}, TAKEN, dict(GroupId="g-2"))
    api = client.api()
    assert api.create_group(Group("web", description="Web")) == "g-1"
    assert api.create_group(Group("db")) == "g-2"
    assert [operation for operation, _parameters in client.calls] == [
        "create_group",
        "get_group_id",
        "update_group",
        "create_group",
        "get_group_id",
    ]


def test_other_errors_stay_as_they_are():
    error = refusal(("ThrottlingException", ""), do=lambda api: api.create_user(TARO))
    assert error.message == "CreateUser: ThrottlingException: no."


def test_writes_that_collide_are_done_again():
    client = Client(COLLISION, COLLISION, dict(UserId="u-1"))
    assert client.api().create_user(TARO) == "u-1"
    assert len(client.calls) == 3
    assert client.slept == [0.2, 0.5]


def test_but_not_for_ever():
    client = Client(*[COLLISION] * 5)
    with pytest.raises(AwsError):
        client.api().add_member("g", "u")
    assert len(client.calls) == 5


def test_a_member_that_is_one_already_is_fine():
    client = Client(TAKEN)
    client.api().add_member("g", "u")
    assert client.slept == []


@pytest.mark.parametrize("do", ["delete_user", "delete_group", "remove_member"])
def test_what_is_gone_already_is_fine(do):
    getattr(Client(("ResourceNotFoundException", "")).api(), do)("id")
    with pytest.raises(AwsError):
        getattr(Client(("AccessDeniedException", "")).api(), do)("id")


def test_a_description_is_sent_only_if_there_is_one():
    client = Client(dict(GroupId="g-1"), dict(GroupId="g-2"), {})
    api = client.api()
    assert api.create_group(Group("web")) == "g-1"
    assert api.create_group(Group("db", description="DB")) == "g-2"
    api.put_description("g-2", None)
    assert [parameters for _operation, parameters in client.calls] == [
        dict(IdentityStoreId="d-1234567890", DisplayName="web"),
        dict(IdentityStoreId="d-1234567890", DisplayName="db", Description="DB"),
        dict(
            IdentityStoreId="d-1234567890",
            GroupId="g-2",
            Operations=[dict(AttributePath="description", AttributeValue=None)],
        ),
    ]
