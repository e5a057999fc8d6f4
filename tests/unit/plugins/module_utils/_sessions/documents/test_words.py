"""Documents by the module's options, and in sentences."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.words import shown, summary


def document(session_type, properties=None, **more):
    return dict(more, schemaVersion="1.0", sessionType=session_type, properties=properties or {})


def port(**properties):
    return document("Port", dict(type="LocalPortForwarding", **properties))


def test_a_port_by_options():
    assert shown(port(portNumber="5432", host="db")) == {
        "session_type": "port",
        "description": "",
        "parameters": [],
        "port": "5432",
        "host": "db",
    }


def test_nothing_gets_lost():
    odd = document("Port", {"portNumber": "22", "localUnixSocket": "/x"}, more=1)
    assert shown(odd)["other_content"] == {"more": 1, "properties": {"localUnixSocket": "/x", "type": None}}
    commands = document("InteractiveCommands", {"linux": {"commands": "ls", "separateOutputStream": True}, "x": 1})
    assert shown(commands)["other_content"] == {"properties": {"linux": {"separateOutputStream": True}, "x": 1}}
    assert shown({"sessionType": "New"})["session_type"] == "New"
    assert shown({})["session_type"] is None


def test_commands_parameters_and_inputs_by_options():
    content = document(
        "InteractiveCommands",
        {"macOS": {"commands": ["ls", "pwd"], "runAsElevated": True}},
        parameters={"b": {"type": "String", "minChars": 1, "displayType": "x"}, "a": {"type": "StringList"}},
        inputs={"runAsEnabled": True, "newInput": 1},
    )
    found = shown(content)
    assert found["commands"] == {"macos": {"commands": "ls\npwd", "run_as_elevated": True}}
    assert found["parameters"] == [
        {"name": "a", "type": "StringList"},
        {"name": "b", "type": "String", "min_chars": 1, "displayType": "x"},
    ]
    assert found["inputs"] == {"run_as_enabled": True, "other_inputs": {"newInput": 1}}


def test_a_shell_uses_missing_inputs_as_what_they_mean():
    found = shown(document("Standard_Stream", inputs={"idleSessionTimeout": "5"}))
    assert (found["inputs"]["idle_session_timeout"], found["inputs"]["run_as_enabled"]) == (5, False)
    assert "commands" not in found


@pytest.mark.parametrize(
    "content, sentences",
    [
        (port(portNumber="22"), ["forwards to port 22 of the instance"]),
        (
            port(portNumber="5432", host="db.internal", localPortNumber="15432"),
            [
                "forwards to port 5432 of db.internal, through the instance",
                "listens on port 15432 of the person's own machine",
            ],
        ),
        (
            dict(port(portNumber="{{ p }}", host="{{ h }}"), parameters={
                "p": {"allowedValues": ["80", "443"]}, "h": {"type": "String"}, "unused": {"type": "String"}}),
            [
                "forwards to the port that p names of the host that h names, through the instance",
                "takes h, which may be anything",
                "takes p, one of 80, 443",
            ],
        ),
        (
            document("Port", {"portNumber": "22"}),
            ["forwards to port 22 of the instance, on standard input and output, as for SSH"],
        ),
        (
            document("InteractiveCommands", {"linux": {"commands": "tail {{ l }}"}, "windows": {"commands": "dir"}},
                     parameters={"l": {"allowedPattern": "^a$"}}),
            [
                "runs 'tail {{ l }}' on linux as ssm-user, unless Run As of the preferences reaches it",
                "runs 'dir' on windows as ssm-user",
                "takes l, which matches ^a$",
            ],
        ),
        (
            document("NonInteractiveCommands", {"linux": {"commands": "id", "runAsElevated": True},
                                                "windows": {"commands": "dir", "runAsElevated": True}}),
            ["runs 'id' on linux as root", "runs 'dir' on windows as SYSTEM"],
        ),
        (
            document("Standard_Stream", inputs={"runAsEnabled": True}),
            ["opens a shell as the person's own OS user (Run As)"],
        ),
        (
            document("Standard_Stream", inputs={}),
            ["opens a shell as ssm-user, because Run As is off in this document"],
        ),
    ],
)  # fmt: skip
def test_in_sentences(content, sentences):
    assert summary(content) == sentences
