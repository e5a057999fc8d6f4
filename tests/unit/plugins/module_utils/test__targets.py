from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils import _clients, _targets
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._targets import (
    Target,
    accounts_only,
    reach,
    target_problems,
    targets,
)

WEB, DB = "111122223333", "444455556666"
TOKYO, OSAKA = "ap-northeast-1", "ap-northeast-3"


def role(account):
    return f"arn:aws:iam::{account}:role/teams/keyless"


@pytest.mark.parametrize(
    "item",
    [
        {},
        dict(account_id=WEB),
        dict(account_id=WEB, role_arn=role(WEB), region=TOKYO),
        dict(role_arn=f"arn:aws-us-gov:iam::{WEB}:role/x", region="us-gov-west-1"),
        dict(profile="web", region="eusc-de-east-1"),
        dict(account_id="", role_arn="", profile=None, region=""),
    ],
)
def test_good_targets_have_no_problems(item):
    assert target_problems([item]) == []


@pytest.mark.parametrize(
    "item, told",
    [
        (dict(account_id="1402433619"), ".account_id: '1402433619' is not an account id of 12 digits; quote it"),
        (dict(account_id="web-prod"), ".account_id: 'web-prod' is not an account id of 12 digits; give the id"),
        (dict(account_id="1111222233334"), "12 digits"),
        (dict(role_arn="keyless"), ".role_arn: 'keyless' is not the ARN of a role"),
        (dict(role_arn=f"arn:aws:iam::{WEB}:user/x"), "is not the ARN of a role"),
        (dict(account_id=DB, role_arn=role(WEB)), f"is a role of account {WEB}, but account_id is {DB}"),
        (dict(role_arn=role(WEB), profile="web"), "role_arn and profile exclude each other"),
        (dict(region="Tokyo"), ".region: 'Tokyo' is not the name of a Region"),
        (dict(region="ap-northeast-1a"), "is not the name of a Region"),
    ],
)
def test_bad_targets_are_told_with_their_place(item, told):
    (problem,) = target_problems([dict(profile="other"), item])
    assert problem.startswith("targets[1]")
    assert told in problem


@pytest.mark.parametrize(
    "one, other",
    [
        ({}, {}),
        (dict(account_id=WEB, region=TOKYO), dict(role_arn=role(WEB), region=TOKYO)),
        (dict(account_id=WEB, profile="a"), dict(account_id=WEB, profile="b")),
        (dict(profile="a", region=OSAKA), dict(profile="a", region=OSAKA)),
    ],
)
def test_the_same_account_and_region_twice(one, other):
    (problem,) = target_problems([one, dict(profile="between"), other])
    assert problem.startswith("targets[2]: is ")
    assert "like targets[0]; list it once" in problem


def test_one_account_in_two_regions_is_fine():
    assert target_problems([dict(account_id=WEB, region=TOKYO), dict(account_id=WEB, region=OSAKA)]) == []


def test_all_problems_at_once():
    assert len(target_problems([dict(account_id="1", role_arn="x", profile="y", region="z")])) == 4


def test_left_out_is_the_callers_own_and_an_empty_list_is_none():
    assert targets(None) == [Target()]
    assert targets([]) == []
    assert targets([dict(account_id="", role_arn=role(WEB), profile=None, region=TOKYO)]) == [
        Target(None, role(WEB), None, TOKYO)
    ]
    assert target_problems(None) == target_problems([]) == []


class World:
    """Stands in for AWS's sign-in: who a profile is, and which roles may be assumed."""

    def __init__(self, monkeypatch, region=TOKYO, profiles=None, refused=()):
        self.region, self.refused = region, refused
        self.profiles = dict({None: "999999999999"}, **(profiles or {}))
        self.assumed, self.asked = [], []
        monkeypatch.setattr(_targets, "Client", self.client)
        monkeypatch.setattr(_targets, "assumed", self.assume)
        monkeypatch.setattr(_clients.ClientsOfMany, "region", property(lambda quiet: region))

    def client(self, module, service, **connection):
        return Sts(self, module, service, connection)

    def assume(self, module, role_arn, **connection):
        self.assumed.append((role_arn, connection))
        if role_arn in self.refused:
            raise UserError("AssumeRole: access denied")
        return dict(aws_access_key_id=f"key of {role_arn}")


class Sts:
    def __init__(self, world, module, service, connection):
        self.world, self.service, self.connection = world, service, connection
        self.region = connection.get("region") or world.region or "aws-global"

    def call(self, operation):
        assert (self.service, operation) == ("sts", "get_caller_identity")
        profile = self.connection.get("profile_name")
        self.world.asked.append((profile, self.connection.get("region")))
        if profile not in self.world.profiles:
            raise UserError(f"The config profile ({profile}) could not be found")
        return dict(Account=self.world.profiles[profile])


class Module:
    params = {}
    _name = "session_preferences"


def names(reached):
    return [connection.name for connection in reached.connections]


def test_a_role_is_assumed_once_for_all_its_regions_and_not_asked_who_it_is(monkeypatch):
    world = World(monkeypatch)
    reached = reach(Module(), [Target(role_arn=role(WEB)), Target(WEB, role(WEB), region=OSAKA)])
    assert names(reached) == [f"{WEB}/{TOKYO}", f"{WEB}/{OSAKA}"]
    assert world.assumed == [(role(WEB), {})]
    assert world.asked == []
    client = reached.connections[1].client("ssm")
    assert client.connection == dict(aws_access_key_id=f"key of {role(WEB)}", region=OSAKA)


def test_profiles_and_the_caller_are_asked_once_each(monkeypatch):
    world = World(monkeypatch, profiles=dict(db=DB))
    wanted = [Target(), Target(profile="db"), Target(DB, profile="db", region=OSAKA)]
    assert names(reach(Module(), wanted)) == [f"999999999999/{TOKYO}", f"{DB}/{TOKYO}", f"{DB}/{OSAKA}"]
    assert sorted(world.asked, key=str) == [("db", None), (None, None)]


def test_credentials_of_another_account_stop_everything(monkeypatch):
    World(monkeypatch, profiles=dict(db=DB))
    with pytest.raises(Problems) as caught:
        reach(Module(), [Target(DB, profile="db"), Target(WEB, profile="db", region=OSAKA), Target(WEB)])
    assert caught.value.details["problems"] == [
        f"targets[1].account_id: {WEB} is not the account of profile 'db', which is {DB}; "
        f"give role_arn or profile for {WEB}",
        f"targets[2].account_id: {WEB} is not the account of the caller, which is 999999999999; "
        f"give role_arn or profile for {WEB}",
    ]


def test_two_ways_to_the_same_place_stop_everything(monkeypatch):
    World(monkeypatch, profiles=dict(db=DB))
    with pytest.raises(Problems, match=rf"targets\[1\]: is {DB}/{TOKYO}, like targets\[0\]"):
        reach(Module(), [Target(role_arn=role(DB), region=TOKYO), Target(profile="db")])


def test_what_cannot_be_reached_fails_alone(monkeypatch):
    World(monkeypatch, refused=[role(WEB)])
    reached = reach(
        Module(),
        [Target(role_arn=role(WEB), region=OSAKA), Target(role_arn=role(DB)), Target(profile="gone", region=TOKYO)],
    )
    assert names(reached) == [f"{DB}/{TOKYO}"]
    assert reached.unreachable == {
        f"{WEB}/{OSAKA}": "AssumeRole: access denied",
        f"profile gone/{TOKYO}": "The config profile (gone) could not be found",
    }


def test_without_a_region_of_its_own_the_targets_region_is_asked_in(monkeypatch):
    world = World(monkeypatch, region=None)
    reached = reach(Module(), [Target(region=OSAKA), Target(role_arn=role(DB), region=OSAKA)])
    assert names(reached) == [f"999999999999/{OSAKA}", f"{DB}/{OSAKA}"]
    assert world.asked == [(None, OSAKA)]
    assert world.assumed == [(role(DB), dict(region=OSAKA))]


def test_no_region_at_all_is_a_problem_of_each_target(monkeypatch):
    World(monkeypatch, region=None)
    with pytest.raises(Problems) as caught:
        reach(Module(), [Target(), Target(role_arn=role(DB), region=OSAKA), Target(role_arn=role(WEB))])
    told = [text.split(":")[0] for text in caught.value.details["problems"]]
    assert told == ["targets[0].region", "targets[2].region"]


def test_a_profile_that_is_nowhere_is_an_error_of_its_own_with_real_boto3(monkeypatch, tmp_path):
    for name in ("AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_REGION", TOKYO)
    assert "gone" in reach(Module(), [Target(profile="gone")]).unreachable["profile gone"]


def test_problems_name_the_place_in_the_option_where_only_some_of_it_is_reached(monkeypatch):
    World(monkeypatch, profiles=dict(db=DB))
    with pytest.raises(Problems) as caught:
        reach(Module(), [Target(account_id=WEB, profile="db"), Target(profile="db")], places=[3, 7])
    (problem,) = caught.value.details["problems"]
    assert problem.startswith("targets[3].account_id: ")


def test_what_has_no_regions_needs_none(monkeypatch):
    World(monkeypatch, region=None, profiles={"db": DB})
    reached = reach(Module(), [Target(role_arn=role(WEB)), Target(profile="db")], regional=False)
    assert names(reached) == [WEB, DB]
    assert {connection.region for connection in reached.connections} == {"aws-global"}


def test_regions_are_left_aside_where_an_account_has_something_once():
    items = [dict(role_arn=role(WEB), region=TOKYO), dict(role_arn=role(WEB), region=OSAKA), dict(account_id=DB)]
    assert targets(accounts_only(items)) == [Target(role_arn=role(WEB)), Target(account_id=DB)]
    assert targets(accounts_only(None)) == [Target()]
    assert targets(accounts_only([])) == []
