"""Several places at once: one fails, somebody else is quicker, versions make room."""

from __future__ import annotations

import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences import resource as resources
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.destinations import Look
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.records import INITIAL, INPUTS
from ansible_collections.keyless.aws.plugins.module_utils._targets import Reached

WEB, DB, LAB = (f"{account}/ap-northeast-1" for account in ("111122223333", "444455556666", "777788889999"))


class Api:
    """The document of one place; `rival` is what somebody else makes before ours."""

    def __init__(self, content=None, rival=None, refuse=None, removed=()):
        self.texts = [] if content is None else [content if isinstance(content, str) else json.dumps(content)]
        self.rival, self.refuse, self.will_remove, self.removed, self.writes = rival, refuse, list(removed), [], []

    def read(self, version="$DEFAULT"):
        if self.refuse == "read":
            raise UserError("GetDocument: access denied")
        return dict(DocumentVersion=str(len(self.texts)), Content=self.texts[-1]) if self.texts else None

    def create(self, content):
        if self.rival is not None:
            self.texts.append(json.dumps(self.rival))
            return None
        return self.update(content)

    def update(self, content):
        if self.refuse == "write":
            raise UserError("UpdateDocument: access denied")
        self.removed = self.will_remove
        self.writes.append(content)
        self.texts.append(json.dumps(content))
        return str(len(self.texts))

    def delete(self):
        self.texts.clear()

    def latest_version(self):
        return str(len(self.texts) + 1)


class Connection:
    def __init__(self, name):
        self.name = name
        self.account_id, self.region = name.split("/")

    def client(self, service):
        return self.name


class Module:
    def __init__(self, **params):
        defaults = dict(dict.fromkeys(INPUTS), state="present", targets=None, check_destinations=True, wait_timeout=60)
        self.params, self.warnings = dict(defaults, **params), []

    def warn(self, text):
        self.warnings.append(text)


class World:
    def __init__(self, monkeypatch):
        self.apis, self.unreachable, self.looks, self.looked = {}, {}, {}, []
        monkeypatch.setattr(resources, "reach", self.reach)
        monkeypatch.setattr(resources, "PreferencesApi", lambda client, timeout: self.apis[client])
        monkeypatch.setattr(resources, "DestinationsApi", self.destinations)

    def reach(self, module, targets):
        return Reached([Connection(name) for name in self.apis], self.unreachable)

    def destinations(self, connection):
        world = self

        class Destinations:
            def look(self, what, name, encryption):
                world.looked.append((connection.name, what, name, encryption))
                return world.looks.get(what, Look(there=True, encrypted=True))

        return Destinations()

    def run(self, module):
        resource = resources.SessionPreferences(module)
        plan = resource.plan(resource.read())
        return plan, {outcome.change.name: outcome.error for outcome in resource.apply(plan)}


@pytest.fixture
def world(monkeypatch):
    return World(monkeypatch)


def entries(plan):
    return {f"{each['account_id']}/{each['region']}": each for each in plan.result["session_preferences"]}


def test_each_place_is_brought_in_line_and_tells_its_version(world):
    on = json.loads(json.dumps(INITIAL))
    on["inputs"]["runAsEnabled"] = True
    world.apis = {WEB: Api(), DB: Api(INITIAL), LAB: Api(on)}
    plan, outcomes = world.run(Module(run_as_enabled=True))
    assert outcomes == {WEB: None, DB: None}
    assert {name: entry["document_version"] for name, entry in entries(plan).items()} == {WEB: "1", DB: "2", LAB: "1"}
    assert world.apis[LAB].writes == []
    assert world.looked == []


def test_what_fails_fails_alone_and_is_not_in_the_result(world):
    world.apis = {WEB: Api(INITIAL, refuse="write"), DB: Api(INITIAL), LAB: Api(INITIAL, refuse="read")}
    world.unreachable = {"profile gone": "no such profile"}
    plan, outcomes = world.run(Module(run_as_enabled=True))
    assert outcomes == {WEB: "UpdateDocument: access denied", DB: None}
    assert list(entries(plan)) == [DB]
    assert {failure.change.name: failure.error for failure in plan.failures} == {
        "profile gone": "no such profile",
        LAB: "GetDocument: access denied",
    }


def test_bad_input_is_found_before_anybody_is_asked(world, monkeypatch):
    monkeypatch.setattr(resources, "reach", None)
    with pytest.raises(Problems) as caught:
        world.run(Module(idle_session_timeout=99, run_as_default_user="root", targets=[dict(account_id="web")]))
    assert len(caught.value.details["problems"]) == 3


def test_what_somebody_else_made_meanwhile_is_brought_in_line(world):
    rival = dict(INITIAL, inputs={"kmsKeyId": "theirs"})
    world.apis = {WEB: Api(rival=rival)}
    plan, outcomes = world.run(Module(run_as_enabled=True))
    assert outcomes == {WEB: None}
    assert world.apis[WEB].writes == [dict(INITIAL, inputs={"kmsKeyId": "theirs", "runAsEnabled": True})]
    assert entries(plan)[WEB]["document_version"] == "2"


def test_what_somebody_else_made_just_so_stays(world):
    world.apis = {WEB: Api(rival=dict(INITIAL, inputs={"runAsEnabled": True}))}
    plan, outcomes = world.run(Module(run_as_enabled=True))
    assert outcomes == {WEB: None}
    assert world.apis[WEB].writes == []
    assert entries(plan)[WEB]["document_version"] == "1"


def test_versions_that_had_to_go_are_told(world):
    world.apis = {WEB: Api(INITIAL, removed=["2", "3"])}
    module = Module(run_as_enabled=True)
    world.run(module)
    assert module.warnings == [f"{WEB}: deleted version 2, 3 of the document to make room"]


def test_destinations_are_looked_at_where_the_preferences_would_change(world):
    world.apis = {WEB: Api(INITIAL), DB: Api(dict(INITIAL, inputs={"cloudWatchLogGroupName": "/ssm"}))}
    world.run(Module(cloud_watch_log_group_name="/ssm"))
    assert world.looked == [(WEB, "log_group", "/ssm", True)]


def test_a_missing_destination_stops_every_place(world):
    world.apis = {WEB: Api(INITIAL), DB: Api(INITIAL)}
    world.looks = {"key": Look(there=False)}
    with pytest.raises(Problems):
        world.run(Module(kms_key_id="alias/ssm", run_as_enabled=True))
    assert not world.apis[WEB].writes
    world.run(Module(kms_key_id="alias/ssm", check_destinations=False))
    assert world.apis[WEB].writes
    assert world.apis[DB].writes


def test_a_destination_that_is_hidden_is_a_warning(world):
    world.apis = {WEB: Api(INITIAL)}
    world.looks = {"bucket": Look(there=None, hidden="HeadBucket: access denied.")}
    plan, outcomes = world.run(Module(s3_bucket_name="logs"))
    assert outcomes == {WEB: None}
    assert plan.warnings == [f"{WEB}: S3 bucket 'logs' was not checked. HeadBucket: access denied."]


def test_a_foreign_document_fails_its_place_alone_but_can_be_deleted(world):
    world.apis = {WEB: Api('{"sessionType": "Port"}'), DB: Api(INITIAL)}
    plan, outcomes = world.run(Module(run_as_enabled=True))
    assert outcomes == {DB: None}
    assert "holds no session preferences" in plan.failures[0].error
    plan, outcomes = world.run(Module(state="absent", idle_session_timeout=999))
    assert outcomes == {WEB: None, DB: None}
    assert world.apis[WEB].texts == world.apis[DB].texts == []
    assert [entry["exists"] for entry in entries(plan).values()] == [False, False]


def test_info_tells_default_and_latest(world):
    world.apis = {WEB: Api(INITIAL), DB: Api()}
    found = resources.read_preferences(Module())["session_preferences"]
    assert (found[0]["document_version"], found[0]["latest_version"], found[0]["exists"]) == ("1", "2", True)
    assert found[1] == {"account_id": "444455556666", "region": "ap-northeast-1", "exists": False}


def test_info_fails_with_what_it_found(world):
    world.apis = {WEB: Api(INITIAL), DB: Api(refuse="read")}
    world.unreachable = {LAB: "AssumeRole: access denied"}
    with pytest.raises(UserError, match="2 of 3 targets could not be read") as caught:
        resources.read_preferences(Module())
    assert [entry["account_id"] for entry in caught.value.details["session_preferences"]] == ["111122223333"]
    assert [failure["name"] for failure in caught.value.details["failures"]] == [LAB, DB]
    with pytest.raises(Problems):
        resources.read_preferences(Module(targets=[dict(region="Tokyo")]))
