"""What people write of session documents."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.validate import (
    option_path,
    wanted_documents,
)

TUNNEL = dict(name="DbTunnel", session_type="port", port="5432", host="db.internal")
FOLLOW = dict(
    name="Follow",
    session_type="interactive_commands",
    commands=dict(linux=dict(commands="tail -f {{ log }}", run_as_elevated=False), windows=None),
    parameters=[dict(name="log", type="String", allowed_pattern="^[a-z]+$")],
)
RAW = {"schemaVersion": "1.0", "sessionType": "Port", "properties": {"portNumber": "22"}}


def read(*items, purge=True):
    return wanted_documents(items, purge)


def problems(*items):
    with pytest.raises(Problems) as caught:
        read(*items)
    return caught.value.details["problems"]


def test_a_port():
    (want,) = read(dict(TUNNEL, local_port=" 15432 ", description="x", tags=dict(Team=5), inputs=dict(kms_key_id="")))
    assert (want.session_type, want.description, want.tags) == ("Port", "x", {"Team": "5"})
    assert want.properties == {"portNumber": "5432", "host": "db.internal", "localPortNumber": "15432"}
    assert want.inputs == {"kmsKeyId": ""}
    assert want.parameters is want.commands is None


def test_commands_and_parameters():
    parameters = [dict(name="log", type="StringList", allowed_values=["a", "5"], default=["a", 5], min_items=1)]
    (want,) = read(dict(FOLLOW, parameters=parameters), purge=False)
    assert want.commands == {"linux": {"commands": "tail -f {{ log }}", "runAsElevated": False}}
    assert want.parameters == {
        "log": {"type": "StringList", "allowedValues": ["a", "5"], "default": ["a", "5"], "minItems": 1}
    }
    assert want.purge_tags is False
    (want,) = read(dict(TUNNEL, parameters=[dict(name="p", type="String", default=80)]))
    assert want.parameters["p"]["default"] == "80"


def test_absent_needs_nothing_else():
    (want,) = read(dict(name="Old", state="absent", port="99999", content={}))
    assert want.absent


@pytest.mark.parametrize(
    "name, text",
    [
        ("SSM-SessionManagerRunShell", "keyless.aws.session_preferences"),
        ("AWS-Mine", "AWS keeps for itself"),
        ("awsupport", "AWS keeps for itself"),
        ("Amazon1", "AWS keeps for itself"),
        ("amznDoc", "AWS keeps for itself"),
        ("ab", "3 to 128"),
        ("a b c", "3 to 128"),
        ("x" * 129, "3 to 128"),
    ],
)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_names(name, text, state):
    (problem,) = problems(dict(TUNNEL, name=name, state=state))
    assert problem.startswith("documents[0].name: ")
    assert text in problem


def test_everything_wrong_is_told_at_once():
    found = problems(
        dict(TUNNEL, port="70000", host="a b"),
        dict(FOLLOW, parameters=[dict(name="log", type="String", allowed_pattern="[a-z]+")]),
        dict(FOLLOW, name="Port", port="80", commands={}),
        dict(name="Follow", session_type="standard_stream", commands=FOLLOW["commands"]),
        dict(name="Nothing"),
        dict(name="Both", content=RAW, description="x", port="80"),
        dict(name="Shell", session_type="standard_stream", inputs=dict(idle_session_timeout=61), tags={"aws:a": "b"}),
        dict(FOLLOW, name="Twice", parameters=FOLLOW["parameters"] * 2),
    )
    assert [text.split(": ")[0] for text in found] == [
        "documents[0].port",
        "documents[0].host",
        "documents[1].parameters[log].allowed_pattern",
        "documents[2].port",
        "documents[2].commands",
        "documents[3].name",
        "documents[3].commands",
        "documents[4].session_type",
        "documents[5].content",
        "documents[6].tags",
        "documents[6].inputs.idle_session_timeout",
        "documents[7].parameters[1].name",
    ]
    assert "'; rm -rf /'" in found[2]
    assert "excludes description, port" in found[8]


def test_other_problems_come_first():
    with pytest.raises(Problems) as caught:
        wanted_documents([dict(TUNNEL, port="0")], True, ["targets[0]: wrong"])
    assert [text.split(": ")[0] for text in caught.value.details["problems"]] == ["targets[0]", "documents[0].port"]


def test_what_may_be_there_already_is_not_missed_yet():
    read(dict(name="DbTunnel", session_type="port", host="db"))
    read(dict(name="Follow", session_type="interactive_commands", description="x"))
    read(dict(TUNNEL, port="{{ portNumber }}"))


def test_a_whole_document():
    (want,) = read(dict(name="Raw", content=RAW))
    assert (want.content, want.session_type) == (RAW, None)
    shell = dict(
        schemaVersion="1.0",
        sessionType="Standard_Stream",
        inputs=dict(
            runAsEnabled=True,
            idleSessionTimeout="5",
            maxSessionDuration="",
            s3BucketName="",
            kmsKeyId="{{ssm:key}}",
            shellProfile=dict(linux="bash"),
        ),
    )
    read(dict(name="Raw", content=shell))


@pytest.mark.parametrize(
    "content, where",
    [
        (dict(RAW, properties={}), "content.properties.portNumber"),
        (dict(RAW, properties={"portNumber": "{{ x }}"}), "content.properties.portNumber"),
        (dict(RAW, properties={"portNumber": 22}), "content.properties.portNumber"),
        (dict(RAW, schemaVersion=1.0), "content.schemaVersion"),
        (dict(RAW, parameters={"a": {"type": "String", "allowedPattern": "a"}}), "content.parameters.a.allowedPattern"),
        (dict(RAW, inputs={"idleSessionTimeout": 5}), "content.inputs.idleSessionTimeout"),
        (dict(RAW, inputs={"idleSessionTimeout": "61"}), "content.inputs.idleSessionTimeout"),
        (dict(RAW, inputs={"maxSessionDuration": "x"}), "content.inputs.maxSessionDuration"),
        (dict(RAW, inputs={"runAsEnabled": "true"}), "content.inputs.runAsEnabled"),
        (dict(RAW, inputs={"runAsDefaultUser": "root"}), "content.inputs.runAsDefaultUser"),
        (dict(RAW, inputs={"shellProfile": "bash"}), "content.inputs.shellProfile"),
        (dict(RAW, inputs={"kmsKey": ""}), "content.inputs.kmsKey"),
    ],
)
def test_a_whole_document_that_is_wrong(content, where):
    (problem,) = problems(dict(name="Raw", content=content))
    assert problem.startswith(f"documents[0].{where}: ")


@pytest.mark.parametrize(
    "path, option",
    [
        ((), "parameters"),
        (("sessionType",), "session_type"),
        (("parameters",), "parameters"),
        (("parameters", "a", "minChars"), "parameters[a].min_chars"),
        (("inputs", "runAsEnabled"), "inputs.run_as_enabled"),
        (("properties",), "commands"),
        (("properties", "localPortNumber"), "local_port"),
        (("properties", "linux", "runAsElevated"), "commands.linux.run_as_elevated"),
    ],
)
def test_places_by_option(path, option):
    assert option_path(path) == option
    assert option_path(path, whole=True) == ".".join(("content",) + path)
