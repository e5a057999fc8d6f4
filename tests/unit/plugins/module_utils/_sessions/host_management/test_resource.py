"""Several places at once: the role of an account is looked at once, what fails fails alone."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.host_management import resource as resources
from ansible_collections.keyless.aws.plugins.module_utils._sessions.host_management.records import DEFAULT_ROLE, POLICY
from ansible_collections.keyless.aws.plugins.module_utils._targets import Reached

TOKYO, OSAKA, DB = "111122223333/ap-northeast-1", "111122223333/ap-northeast-3", "444455556666/ap-northeast-1"
DENIED = AwsError("UpdateServiceSetting: access denied.", "AccessDeniedException")
TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ssm.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
GOOD = dict(Role=dict(Path="/service-role/", AssumeRolePolicyDocument=TRUST))


class Cloud:
    """Settings by place, and roles by account; `refuse` is what an operation raises in a place."""

    def __init__(self, monkeypatch):
        self.settings, self.roles, self.refuse, self.unreachable, self.asked = {}, {}, {}, {}, []
        monkeypatch.setattr(resources, "reach", lambda _module, _targets: self.reached())

    def reached(self):
        return Reached([Connection(self, name) for name in self.settings], self.unreachable)

    def call(self, place, operation, **parameters):
        self.asked.append((place, operation))
        if (place, operation) in self.refuse:
            raise self.refuse[(place, operation)]
        if operation == "get_service_setting":
            return dict(ServiceSetting=dict(SettingValue=self.settings[place]))
        if operation == "update_service_setting":
            self.settings[place] = parameters["SettingValue"]
        if operation == "reset_service_setting":
            self.settings[place] = "$None"
        if operation == "get_role":
            return self.roles[place.partition("/")[0]]
        return {}


class Connection:
    def __init__(self, cloud, name):
        self.cloud, self.name = cloud, name
        self.account_id, self.region = name.split("/")

    def client(self, _service):
        return self

    def call(self, operation, **parameters):
        return self.cloud.call(self.name, operation, **parameters)

    def pages(self, operation, _key, **_parameters):
        self.call(operation)
        return [dict(PolicyName=POLICY)]


class Module:
    def __init__(self, check_mode=False, **params):
        self.check_mode = check_mode
        defaults = dict(state="present", role=DEFAULT_ROLE, check_role=True, expected=None, targets=None)
        self.params = dict(defaults, **params)


@pytest.fixture
def cloud(monkeypatch):
    return Cloud(monkeypatch)


def run(**params):
    resource = resources.HostManagement(Module(**params))
    plan = resource.plan(resource.read())
    return plan, {outcome.change.name: outcome.error for outcome in resource.apply(plan)}


def test_places_are_brought_in_line_and_the_role_is_looked_at_once(cloud):
    cloud.settings = {TOKYO: "$None", OSAKA: "Other", DB: DEFAULT_ROLE}
    cloud.roles = {"111122223333": GOOD}
    plan, outcomes = run()
    assert outcomes == {TOKYO: None, OSAKA: None}
    assert set(cloud.settings.values()) == {DEFAULT_ROLE}
    assert [operation for _place, operation in cloud.asked].count("get_role") == 1
    assert len(plan.result["default_host_management"]) == 3
    assert run(state="absent", role="/wrong")[1] == {TOKYO: None, OSAKA: None, DB: None}
    assert set(cloud.settings.values()) == {"$None"}


def test_what_fails_fails_alone_and_is_not_in_the_result(cloud):
    cloud.settings = {TOKYO: "$None", OSAKA: "$None", DB: "$None"}
    cloud.roles = {"111122223333": GOOD}
    cloud.unreachable = {"profile gone": "no such profile"}
    cloud.refuse = {(OSAKA, "update_service_setting"): DENIED, (DB, "get_role"): AwsError("GetRole: no network")}
    plan, outcomes = run()
    assert outcomes[TOKYO] is None
    assert outcomes[OSAKA].endswith(f"It also needs iam:GetRole and iam:PassRole for the role '{DEFAULT_ROLE}'.")
    assert {failure.change.name: failure.error for failure in plan.failures} == {
        "profile gone": "no such profile",
        DB: "GetRole: no network",
    }
    assert [entry["region"] for entry in plan.result["default_host_management"]] == ["ap-northeast-1"]


def test_other_refusals_stay_as_they_are(cloud):
    cloud.settings = {TOKYO: "$None"}
    cloud.refuse = {(TOKYO, "update_service_setting"): AwsError("TooManyUpdates", "TooManyUpdates")}
    assert run(check_role=False)[1] == {TOKYO: "TooManyUpdates"}


@pytest.mark.parametrize(
    "error, there", [(AwsError("no", "NoSuchEntity"), False), (AwsError("denied", "AccessDenied"), None)]
)
def test_a_role_that_is_not_there_or_not_to_be_seen(cloud, error, there):
    cloud.settings, cloud.refuse = {TOKYO: "$None"}, {(TOKYO, "get_role"): error}
    if there is None:
        assert "was not checked. denied" in run()[0].warnings[0]
        return
    with pytest.raises(Problems, match="has no role"):
        run()
    assert cloud.settings == {TOKYO: "$None"}
    with pytest.raises(Problems):
        run(expected=dict(roles=[DEFAULT_ROLE]))
    assert run(expected=dict(roles=[DEFAULT_ROLE]), check_mode=True)[0].changes


def test_bad_input_is_found_before_anybody_is_asked(cloud):
    with pytest.raises(Problems) as caught:
        run(role="/x", targets=[dict(account_id="web")])
    assert len(caught.value.details["problems"]) == 2
    assert cloud.asked == []


def test_info(cloud):
    cloud.settings = {TOKYO: "$None", DB: "Other"}
    found = resources.read_host_management(Module())["default_host_management"]
    assert [(entry["enabled"], entry.get("role")) for entry in found] == [(False, None), (True, "Other")]
    cloud.refuse = {(DB, "get_service_setting"): AwsError("denied", "AccessDeniedException")}
    with pytest.raises(UserError, match="1 of 2 targets could not be read") as caught:
        resources.read_host_management(Module())
    assert len(caught.value.details["default_host_management"]) == 1
    with pytest.raises(Problems):
        resources.read_host_management(Module(targets=[dict(region="Tokyo")]))
