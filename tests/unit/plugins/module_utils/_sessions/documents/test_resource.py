"""Several documents in several places: one fails, somebody else is quicker, destinations are looked at once."""

from __future__ import annotations

import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents import info, resource
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.destinations import Look
from ansible_collections.keyless.aws.plugins.module_utils._targets import Reached

WEB, DB = "111122223333/ap-northeast-1", "444455556666/ap-northeast-1"
PORT = {
    "schemaVersion": "1.0",
    "sessionType": "Port",
    "properties": {"type": "LocalPortForwarding", "portNumber": "5432"},
}
TUNNEL = dict(name="Tunnel", session_type="port", port="5432")
SHELL = dict(name="Shell", session_type="standard_stream", inputs=dict(run_as_enabled=True, kms_key_id="alias/ssm"))


class Api:
    """One document; `rival` is what somebody else makes before ours, `refuse` an operation."""

    def __init__(self, content=None, rival=None, refuse=None, type="Session", shared=(), removed=()):
        self.texts = [] if content is None else [content if isinstance(content, str) else json.dumps(content)]
        self.rival, self.refuse, self.type, self.shared, self.removed = rival, refuse, type, shared, list(removed)
        self.now, self.done = {}, []

    def _step(self, name):
        self.done.append(name)
        if self.refuse == name:
            raise AwsError(f"{name}: access denied", "AccessDeniedException")

    def read(self):
        self._step("read")
        if not self.texts:
            return None
        return dict(DocumentVersion=str(len(self.texts)), Content=self.texts[-1], DocumentType=self.type)

    def create(self, content, tags):
        self._step("create")
        if self.rival is not None:
            self.texts.append(json.dumps(self.rival))
            return None
        self.now = dict(tags)
        self.texts.append(json.dumps(content))
        return "1"

    def update(self, content):
        self._step("update")
        self.texts.append(json.dumps(content))
        return str(len(self.texts))

    def delete(self):
        self._step("delete")
        self.texts.clear()

    def tags(self):
        self._step("tags")
        return self.now

    def tag(self, tags):
        self._step("tag")
        self.now = dict(self.now, **tags)

    def untag(self, keys):
        self._step("untag")
        self.now = {key: value for key, value in self.now.items() if key not in keys}

    def shared_with(self):
        self._step("shared_with")
        return list(self.shared)

    def versions(self):
        return [dict(DocumentVersion="1", IsDefaultVersion=True, Status="Active", CreatedDate="then")]


class Connection:
    def __init__(self, name):
        self.name = name
        self.account_id, self.region = name.split("/")

    def client(self, service):
        return self.name


class Module:
    def __init__(self, *documents, **params):
        defaults = dict(
            targets=None, purge_tags=True, check_destinations=True, wait_timeout=60, max_deletions=10, protect=[]
        )
        self.params = dict(dict(defaults, documents=documents, names=None), **params)
        self.warnings = []

    def warn(self, text):
        self.warnings.append(text)


class World:
    def __init__(self, monkeypatch):
        self.apis, self.unreachable, self.looks, self.looked = {}, {}, {}, []
        for module in (resource, info):
            monkeypatch.setattr(module, "reach", self.reach)
            monkeypatch.setattr(module, "DocumentApi", lambda client, name, *rest: self.apis[f"{client}/{name}"])
        monkeypatch.setattr(info, "own_session_documents", self.own)
        monkeypatch.setattr(resource, "DestinationsApi", self.destinations)

    def reach(self, module, targets):
        places = dict.fromkeys(name.rpartition("/")[0] for name in self.apis)
        return Reached([Connection(name) for name in places], self.unreachable)

    def own(self, client):
        names = [name.rpartition("/")[2] for name in self.apis if name.startswith(client)]
        if "Denied" in names:
            raise UserError("ListDocuments: access denied")
        return names + ["SSM-SessionManagerRunShell"]

    def destinations(self, connection):
        world = self

        class Destinations:
            def look(self, what, name, encryption):
                world.looked.append((connection.name, what, name))
                return world.looks.get(what, Look(there=True, encrypted=True))

        return Destinations()

    def run(self, module):
        documents = resource.SessionDocuments(module)
        plan = documents.plan(documents.read())
        return plan, {outcome.change.name: outcome.error for outcome in documents.apply(plan)}


@pytest.fixture
def world(monkeypatch):
    return World(monkeypatch)


def versions(plan):
    return {
        f"{each['account_id']}/{each['region']}/{each['name']}": each.get("document_version")
        for each in plan.result["session_documents"]
    }


def test_each_document_in_each_place(world):
    tunnel, raw = [f"{place}/Tunnel" for place in (WEB, DB)], [f"{place}/Raw" for place in (WEB, DB)]
    world.apis = {tunnel[0]: Api(), raw[0]: Api(PORT), tunnel[1]: Api(dict(PORT, description="x")), raw[1]: Api(PORT)}
    raw_content = dict(PORT, properties={"portNumber": "22"})
    plan, outcomes = world.run(Module(dict(TUNNEL, description=""), dict(name="Raw", content=raw_content)))
    assert outcomes == dict.fromkeys([tunnel[0], raw[0], tunnel[1], raw[1]])
    assert versions(plan) == {tunnel[0]: "1", raw[0]: "2", tunnel[1]: "2", raw[1]: "2"}
    assert world.apis[tunnel[0]].now == {"keyless:managed": "true"}
    assert world.apis[tunnel[1]].done == ["read", "update"]


def test_bad_input_is_found_before_anybody_is_asked(world, monkeypatch):
    monkeypatch.setattr(resource, "reach", None)
    with pytest.raises(Problems) as caught:
        world.run(Module(dict(TUNNEL, port="0"), targets=[dict(account_id="web")], max_deletions=-1))
    assert len(caught.value.details["problems"]) == 3
    plan, outcomes = world.run(Module())
    assert (plan.result, outcomes) == ({"session_documents": []}, {})


def test_tags(world):
    name = f"{WEB}/Tunnel"
    world.apis = {name: Api(PORT)}
    world.apis[name].now = {"old": "1"}
    world.run(Module(dict(TUNNEL, tags={"new": "2"})))
    assert world.apis[name].now == {"new": "2"}
    assert world.apis[name].done == ["read", "tags", "tag", "untag"]


def test_what_fails_fails_alone(world):
    names = [f"{WEB}/{name}" for name in ("Denied1", "Denied2", "Good", "Kept")]
    world.apis = dict(
        zip(names, [Api(refuse="read"), Api(refuse="create"), Api(), Api(PORT, refuse="delete")], strict=True)
    )
    world.unreachable = {DB: "AssumeRole: access denied"}
    documents = [dict(TUNNEL, name=name.rpartition("/")[2]) for name in names[:3]]
    plan, outcomes = world.run(Module(*documents, dict(name="Kept", state="absent")))
    assert outcomes == {
        names[1]: "create: access denied",
        names[2]: None,
        names[3]: "delete: access denied",
    }
    assert {failure.change.name: failure.error for failure in plan.failures} == {
        DB: "AssumeRole: access denied",
        names[0]: "read: access denied",
    }
    assert versions(plan) == {names[2]: "1"}


@pytest.mark.parametrize("rival, done", [(PORT, []), (dict(PORT, description="theirs"), ["update"])])
def test_what_somebody_else_made_meanwhile_is_brought_in_line(world, rival, done):
    name = f"{WEB}/Tunnel"
    world.apis = {name: Api(rival=rival)}
    plan, outcomes = world.run(Module(dict(TUNNEL, description="", tags={"a": "1"})))
    assert outcomes == {name: None}
    assert world.apis[name].done == ["read", "create", "read", "tag"] + done
    assert versions(plan) == {name: "2" if done else "1"}


def test_what_somebody_else_made_of_another_type_fails(world):
    world.apis = {f"{WEB}/Tunnel": Api(rival={}, type="Command")}
    _plan, outcomes = world.run(Module(TUNNEL))
    assert "not a session document" in outcomes[f"{WEB}/Tunnel"]


def test_content_that_is_no_object_is_replaced(world):
    for text in ("not JSON", "[]"):
        world.apis = {f"{WEB}/Tunnel": Api(text)}
        world.run(Module(TUNNEL))
        assert json.loads(world.apis[f"{WEB}/Tunnel"].texts[-1]) == PORT


def test_versions_that_had_to_go_are_told(world):
    world.apis = {f"{WEB}/Tunnel": Api(removed=["2"])}
    module = Module(TUNNEL)
    world.run(module)
    assert module.warnings == [f"{WEB}/Tunnel: deleted version 2 of the document to make room"]


def test_sharing_is_looked_at_before_a_deletion_as_far_as_that_is_allowed(world):
    world.apis = {f"{WEB}/Aaa": Api(PORT, shared=["1"]), f"{WEB}/Bbb": Api(PORT, refuse="shared_with")}
    plan, outcomes = world.run(Module(dict(name="Aaa", state="absent"), dict(name="Bbb", state="absent")))
    assert outcomes == {f"{WEB}/Bbb": None}
    assert "is shared with 1" in plan.failures[0].error
    broken = Api(PORT)

    def shared_with():
        raise AwsError("broken", "InternalServerError")

    broken.shared_with = shared_with
    world.apis = {f"{WEB}/Aaa": broken}
    plan, _outcomes = world.run(Module(dict(name="Aaa", state="absent")))
    assert plan.failures[0].error == "broken"


def test_destinations_are_looked_at_once_for_each_place(world):
    names = [f"{place}/{name}" for place in (WEB, DB) for name in ("Shell", "Shell2")]
    world.apis = {name: Api() for name in names}
    module = Module(SHELL, dict(SHELL, name="Shell2"))
    world.looks = {"key": Look(there=False)}
    with pytest.raises(Problems) as caught:
        world.run(module)
    assert len(caught.value.details["problems"]) == 4
    assert caught.value.details["problems"][0].startswith("documents[0].inputs.kms_key_id: ")
    assert set(world.looked) == {(WEB, "key", "alias/ssm"), (DB, "key", "alias/ssm")}
    world.looked.clear()
    world.run(Module(SHELL, check_destinations=False))
    assert world.looked == []
    assert world.apis[names[0]].texts
    world.run(Module(SHELL))
    assert world.looked == []  # the document says it already


def test_info(world):
    world.apis = {f"{WEB}/Tunnel": Api(PORT, shared=["2", "1"]), f"{WEB}/Gone": Api()}
    world.apis[f"{WEB}/Tunnel"].now = {"a": "1"}
    gone, tunnel = info.read_documents(Module())["session_documents"]
    assert gone == {"account_id": "111122223333", "region": "ap-northeast-1", "name": "Gone", "exists": False}
    assert (tunnel["port"], tunnel["content"], tunnel["tags"]) == ("5432", PORT, {"a": "1"})
    assert tunnel["shared_with"] == ["1", "2"]
    assert tunnel["versions"] == [dict(version="1", is_default=True, status="Active", created_date="then")]
    assert tunnel["problems"] == []
    named = info.read_documents(Module(names=["Tunnel"]))["session_documents"]
    assert [entry["name"] for entry in named] == ["Tunnel"]


def test_info_judges(world):
    content = dict(PORT, sessionType="InteractiveCommands", properties={
        "linux": {"commands": "x {{ y }}", "runAsElevated": True}}, parameters={"y": {"type": "String"}})  # fmt: skip
    world.apis = {f"{WEB}/Run": Api(content)}
    (entry,) = info.read_documents(Module())["session_documents"]
    assert [problem.split(": ")[0] for problem in entry["problems"]] == [
        "commands.linux.run_as_elevated",
        "parameters[y]",
    ]


def test_info_fails_with_what_it_found(world):
    world.apis = {f"{WEB}/Tunnel": Api(PORT), f"{WEB}/Patch": Api("x", type="Command"), f"{DB}/Denied": Api()}
    world.unreachable = {"profile gone": "no such profile"}
    with pytest.raises(UserError, match="3 could not be read") as caught:
        info.read_documents(Module())
    assert [entry["name"] for entry in caught.value.details["session_documents"]] == ["Tunnel"]
    assert [failure["name"] for failure in caught.value.details["failures"]] == ["profile gone", DB, f"{WEB}/Patch"]
    with pytest.raises(Problems, match=r"names\[1\]: .*session_preferences"):
        info.read_documents(Module(names=["Tunnel", "SSM-SessionManagerRunShell"]))
