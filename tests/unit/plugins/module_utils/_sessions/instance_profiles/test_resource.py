"""Several accounts and Regions at once: each profile and role is looked at once for each account."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles import resource as resources
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.rights import (
    CORE,
    DEPRECATED,
    policy_arn,
)
from ansible_collections.keyless.aws.plugins.module_utils._targets import Reached

WEB = "111122223333"
TOKYO, OSAKA, DB = f"{WEB}/ap-northeast-1", f"{WEB}/ap-northeast-3", "444455556666/ap-northeast-1"
CORE_ARN, DEPRECATED_ARN = policy_arn("aws", CORE), policy_arn("aws", DEPRECATED)


def name(number):
    return f"i-{number:017x}"


class Cloud:
    """Instances by place (number -> profile), and policies by role, which is called as its profile."""

    def __init__(self, monkeypatch):
        self.instances, self.unreachable, self.refuse, self.asked = {}, {}, {}, []
        self.policies = {"Ours": [CORE_ARN], "Old": [DEPRECATED_ARN], "Bad": []}
        monkeypatch.setattr(resources, "reach", lambda _module, _targets: self.reached())

    def reached(self):
        return Reached([Connection(self, place) for place in self.instances], self.unreachable)


class Connection:
    """Both a connection and its clients."""

    def __init__(self, cloud, name):
        self.cloud, self.name = cloud, name
        self.account_id, self.region = name.split("/")

    def client(self, _service):
        return self

    def call(self, operation, *_key, **parameters):
        self.cloud.asked.append((self.name, operation))
        if (self.name, operation) in self.cloud.refuse:
            raise self.cloud.refuse[(self.name, operation)]
        return getattr(self, operation)(**parameters)

    pages = call

    @property
    def here(self):
        return self.cloud.instances[self.name]

    def describe_instances(self, Filters):
        return [
            dict(Instances=[self.instance(number, profile)])
            for number, profile in self.here.items()
            if Filters[0]["Name"] != "instance-id" or name(number) in Filters[0]["Values"]
        ]

    def instance(self, number, profile):
        found = dict(InstanceId=name(number), State=dict(Name="running"), Tags=[dict(Key="Name", Value=f"n{number}")])
        if profile:
            found["IamInstanceProfile"] = dict(Arn=f"arn:aws:iam::1:instance-profile/{profile}")
        return found

    def describe_iam_instance_profile_associations(self, Filters):
        return [
            dict(
                InstanceId=name(number),
                AssociationId=f"a-{number}",
                IamInstanceProfile=dict(Arn=f"arn:aws:iam::1:instance-profile/{profile}"),
            )
            for number, profile in self.here.items()
            if profile
        ]

    def associate_iam_instance_profile(self, InstanceId, IamInstanceProfile):
        self.here[int(InstanceId[2:], 16)] = IamInstanceProfile["Name"]

    def replace_iam_instance_profile_association(self, AssociationId, IamInstanceProfile):
        self.here[int(AssociationId[2:])] = IamInstanceProfile["Name"]

    def disassociate_iam_instance_profile(self, AssociationId):
        self.here[int(AssociationId[2:])] = None

    def get_instance_profile(self, InstanceProfileName):
        if InstanceProfileName not in self.cloud.policies:
            raise AwsError("no", "NoSuchEntity")
        role = dict(RoleName=InstanceProfileName, Arn=f"arn:aws:iam::{self.account_id}:role/{InstanceProfileName}")
        return dict(InstanceProfile=dict(Roles=[role]))

    def list_instance_profiles(self):
        return [dict(InstanceProfileName=each) for each in self.cloud.policies]

    def list_attached_role_policies(self, RoleName):
        return [dict(PolicyArn=arn) for arn in self.cloud.policies[RoleName]]

    def list_role_policies(self, RoleName):
        return []

    def attach_role_policy(self, RoleName, PolicyArn):
        self.cloud.policies[RoleName].append(PolicyArn)

    def detach_role_policy(self, RoleName, PolicyArn):
        self.cloud.policies[RoleName].remove(PolicyArn)


class Module:
    def __init__(self, check_mode=False, **params):
        self.check_mode = check_mode
        defaults = dict(
            state="present", instance_profile="Ours", instances=dict(all=True), replace="never", targets=None,
            replace_deprecated=True, expected=None, max_deletions=10, protect=[], wait_timeout=0,
        )  # fmt: skip
        self.params, self.warnings = dict(defaults, **params), []

    def warn(self, text):
        self.warnings.append(text)


@pytest.fixture
def cloud(monkeypatch):
    return Cloud(monkeypatch)


def run(**params):
    resource = resources.InstanceProfiles(Module(**params))
    plan = resource.plan(resource.read())
    return plan, {outcome.change.name: outcome.error for outcome in resource.apply(plan)}


def test_each_profile_and_role_is_looked_at_once_for_each_account(cloud):
    cloud.instances = {TOKYO: {1: None, 2: "Old"}, OSAKA: {3: "Old", 4: "Bad"}, DB: {5: "Ours"}}
    plan, outcomes = run()
    assert outcomes == {f"{WEB}/Old": None, f"{TOKYO}/{name(1)}": None}
    assert cloud.policies["Old"] == [CORE_ARN]
    assert cloud.instances[TOKYO] == {1: "Ours", 2: "Old"}
    assert [operation for _place, operation in cloud.asked].count("get_instance_profile") == 4
    assert [each["instance_id"] for each in plan.result["without_session_manager"]] == [name(4)]
    assert run()[1] == {}


def test_replacing_and_taking_away(cloud):
    cloud.instances = {TOKYO: {1: "Bad", 2: "Ours"}}
    assert run(replace="lacking")[1] == {f"{TOKYO}/{name(1)}": None}
    assert cloud.instances[TOKYO] == {1: "Ours", 2: "Ours"}
    assert run(state="absent", instances=dict(ids=[name(2)]))[1] == {f"{TOKYO}/{name(2)}": None}
    assert cloud.instances[TOKYO] == {1: "Ours", 2: None}


def test_what_fails_fails_alone_and_is_not_in_the_result(cloud):
    cloud.instances = {TOKYO: {1: None, 2: "Old"}, OSAKA: {3: None}, DB: {5: None}}
    cloud.unreachable = {"profile gone": "no such profile"}
    cloud.refuse = {
        (TOKYO, "associate_iam_instance_profile"): AwsError("denied", "UnauthorizedOperation"),
        (OSAKA, "describe_instances"): AwsError("denied", "UnauthorizedOperation"),
        (DB, "get_instance_profile"): AwsError("no network"),
    }
    plan, outcomes = run()
    assert outcomes == {
        f"{WEB}/Old": None,
        f"{TOKYO}/{name(1)}": f"denied It also needs iam:PassRole for arn:aws:iam::{WEB}:role/Ours.",
    }
    assert {failure.change.name for failure in plan.failures} == {"profile gone", OSAKA, DB}
    assert [each["instance_id"] for each in plan.result["instances"]] == [name(2)]


def test_a_role_that_fails_takes_its_instances_out_of_the_result(cloud):
    cloud.instances = {TOKYO: {1: "Ours", 2: "Old"}}
    cloud.refuse = {(TOKYO, "attach_role_policy"): AwsError("full", "LimitExceeded")}
    plan, outcomes = run()
    assert outcomes == {f"{WEB}/Old": "full"}
    assert [each["instance_id"] for each in plan.result["instances"]] == [name(1)]
    assert cloud.policies["Old"] == [DEPRECATED_ARN]


def test_bad_input(cloud):
    cloud.instances = {TOKYO: {1: None}, DB: {2: None}}
    with pytest.raises(Problems) as caught:
        run(instances=dict(ids=["x"]), targets=[dict(account_id="web")])
    assert len(caught.value.details["problems"]) == 2
    assert cloud.asked == []
    with pytest.raises(Problems, match="its ARN is of account 111122223333, and 444455556666 is among"):
        run(instance_profile=f"arn:aws:iam::{WEB}:instance-profile/Ours")
    with pytest.raises(Problems, match=r"no instance profile 'Our' \(did you mean 'Ours'\?\)"):
        run(instance_profile="Our")
    expected = dict(instance_profile="Our", expected=dict(instance_profiles=["Our"]))
    with pytest.raises(Problems):
        run(**expected)
    assert len(run(**expected, check_mode=True)[0].changes) == 2


def test_info(cloud):
    cloud.instances = {TOKYO: {1: None, 2: "Old"}, DB: {5: "Ours"}}
    module = Module(instances=None)
    found = resources.read_profiles(module)
    assert [each["session_manager"] for each in found["instances"]] == [False, True, True]
    assert module.warnings == [f"{DEPRECATED} is deprecated and allows too much; it is attached to {WEB}/Old"]
    cloud.refuse = {(DB, "describe_instances"): AwsError("denied", "UnauthorizedOperation")}
    with pytest.raises(UserError, match="1 of 2 targets could not be read") as caught:
        resources.read_profiles(Module())
    assert len(caught.value.details["instances"]) == 2
    with pytest.raises(Problems):
        resources.read_profiles(Module(instances=dict(ids=["x"])))
