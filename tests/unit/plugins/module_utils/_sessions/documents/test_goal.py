"""What comes of what is there and what is asked for."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.goal import goal_content, same
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.records import Wanted
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.records import INITIAL

PORT = {
    "schemaVersion": "1.0",
    "description": "Theirs",
    "sessionType": "Port",
    "inputs": {"kmsKeyId": "alias/ssm"},
    "parameters": {"n": {"type": "String"}},
    "properties": {"type": "LocalPortForwarding", "portNumber": "5432", "host": "db", "localUnixSocket": "/x"},
}
COMMANDS = {
    "schemaVersion": "1.0",
    "sessionType": "InteractiveCommands",
    "properties": {
        "macOS": {"commands": ["ls", "pwd"], "separateOutputStream": True},
        "windows": {"commands": "dir", "runAsElevated": True},
        "other": 1,
    },
}


def want(session_type="Port", **more):
    return Wanted("documents[0]", "Mine", session_type=session_type, **more)


def test_where_there_is_nothing():
    made = goal_content(None, want(properties={"portNumber": "22", "host": ""}, description=""))
    assert made == {
        "schemaVersion": "1.0",
        "sessionType": "Port",
        "properties": {"type": "LocalPortForwarding", "portNumber": "22"},
    }
    shell = goal_content(None, want("Standard_Stream", inputs={"runAsEnabled": True}))
    assert shell["inputs"] == dict(INITIAL["inputs"], runAsEnabled=True)
    assert "properties" not in shell


def test_what_is_not_named_stays():
    before = copy.deepcopy(PORT)
    goal = goal_content(PORT, want(properties={"portNumber": "3306"}))
    assert goal == dict(PORT, properties=dict(PORT["properties"], portNumber="3306"))
    assert before == PORT
    assert goal_content(PORT, want()) == PORT


def test_what_is_emptied_goes():
    goal = goal_content(PORT, want(description="", parameters={}, properties={"host": ""}, inputs={"kmsKeyId": ""}))
    assert "description" not in goal
    assert "parameters" not in goal
    assert "host" not in goal["properties"]
    assert goal["inputs"] == {"kmsKeyId": ""}


def test_another_type_of_session_begins_anew_but_for_description_and_inputs():
    goal = goal_content(PORT, want("InteractiveCommands", commands={"linux": {"commands": "ls"}}))
    assert goal == {
        "schemaVersion": "1.0",
        "description": "Theirs",
        "sessionType": "InteractiveCommands",
        "inputs": {"kmsKeyId": "alias/ssm"},
        "properties": {"linux": {"commands": "ls"}},
    }


def test_commands_are_exact_and_keep_what_nobody_knows():
    goal = goal_content(COMMANDS, want("InteractiveCommands", commands={"macos": {"commands": "id"}}))
    assert goal["properties"] == {"macOS": {"commands": "id", "separateOutputStream": True}, "other": 1}


@pytest.mark.parametrize(
    "commands",
    [{"commands": "ls\npwd", "runAsElevated": False}, {"commands": "ls\npwd"}],
)
def test_commands_that_mean_the_same_stay_as_they_are_written(commands):
    there = dict(COMMANDS, properties={"macOS": COMMANDS["properties"]["macOS"]})
    assert goal_content(there, want("InteractiveCommands", commands={"macos": commands})) == there


def test_a_whole_document_replaces():
    content = {"schemaVersion": "1.0", "sessionType": "Port", "properties": {"portNumber": "22"}}
    goal = goal_content(PORT, Wanted("", "Mine", content=content))
    assert goal == content
    goal["properties"]["portNumber"] = "23"
    assert content["properties"]["portNumber"] == "22"


def test_the_same():
    bare = {key: PORT[key] for key in ("schemaVersion", "sessionType", "properties")}
    assert same(bare, dict(bare, description="", parameters={}, inputs=None))
    assert not same(bare, dict(bare, properties=dict(bare["properties"], portNumber=5432)))
    assert not same({"a": True}, {"a": 1})
