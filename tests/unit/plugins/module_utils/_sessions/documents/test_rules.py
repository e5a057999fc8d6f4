"""What is wrong with a content, and what is risky."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.rules import (
    MISSING,
    RISK,
    WRONG,
    findings,
    references,
)

SHELL = {"schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": {"runAsEnabled": True}}
PORT = {
    "schemaVersion": "1.0",
    "sessionType": "Port",
    "parameters": {"portNumber": {"type": "String", "allowedValues": ["80", "443"], "default": "80"}},
    "properties": {"type": "LocalPortForwarding", "portNumber": "{{ portNumber }}", "host": "db.internal"},
}
COMMAND = {
    "schemaVersion": "1.0",
    "sessionType": "InteractiveCommands",
    "parameters": {"log": {"type": "String", "allowedPattern": "^[a-z]+$", "default": "messages"}},
    "properties": {"linux": {"commands": "tail -f /var/log/{{ log }}", "runAsElevated": False}},
}


def changed(content, *path, value=None):
    """A copy with another value at a path; None removes."""
    copied = copy.deepcopy(content)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return copied


def told(content):
    return [(".".join(each.path), each.kind) for each in findings(content)]


@pytest.mark.parametrize(
    "content", [SHELL, PORT, COMMAND, changed(COMMAND, "sessionType", value="NonInteractiveCommands")]
)
def test_sound(content):
    assert findings(content) == []


@pytest.mark.parametrize(
    "content, where",
    [
        (changed(PORT, "extra", value=1), "extra"),
        (changed(PORT, "schemaVersion", value="2.2"), "schemaVersion"),
        (changed(PORT, "schemaVersion"), "schemaVersion"),
        (changed(PORT, "sessionType", value="port"), "sessionType"),
        (changed(PORT, "description", value=5), "description"),
        (changed(PORT, "parameters", value=["a"]), "parameters"),
        (changed(PORT, "description", value="x" * 65536), ""),
        (changed(PORT, "properties", "portNumber", value=80), "properties.portNumber"),
        (changed(PORT, "properties", "portNumber", value="0"), "properties.portNumber"),
        (changed(PORT, "properties", "portNumber", value="65536"), "properties.portNumber"),
        (changed(PORT, "properties", "portNumber", value="8{{ portNumber }}"), "properties.portNumber"),
        (changed(PORT, "properties", "localPortNumber", value="99999"), "properties.localPortNumber"),
        (changed(changed(PORT, "properties", "host"), "properties", "type", value="Local"), "properties.type"),
        (changed(PORT, "properties", "host", value="db internal"), "properties.host"),
        (changed(PORT, "properties", "host", value=1), "properties.host"),
        (changed(PORT, "properties", "type"), "properties.host"),
        (changed(PORT, "parameters", "portNumber", "allowedValues", value=["80", "70000"]), "parameters.portNumber"),
        (changed(COMMAND, "properties", "solaris", value={"commands": "x"}), "properties.solaris"),
        (changed(COMMAND, "properties", "linux", value="x"), "properties.linux"),
        (changed(COMMAND, "properties", "linux", "commands", value=" "), "properties.linux.commands"),
        (changed(COMMAND, "properties", "linux", "commands", value=["x", 1]), "properties.linux.commands"),
        (changed(COMMAND, "properties", "linux", "runAsElevated", value="yes"), "properties.linux.runAsElevated"),
        (changed(COMMAND, "parameters", "log", value={"type": "String"}), "parameters.log"),
        (changed(COMMAND, "parameters", "log", "allowedPattern", value="[a-z]+"), "parameters.log.allowedPattern"),
    ],
)
def test_wrong(content, where):
    assert told(content) == [(where, WRONG)]


@pytest.mark.parametrize(
    "content, where",
    [
        (changed(PORT, "properties", "portNumber"), "properties.portNumber"),
        (changed(PORT, "properties", "portNumber", value="{{ portNumbr }}"), "properties.portNumber"),
        (changed(COMMAND, "properties"), "properties"),
        (changed(COMMAND, "properties", "linux", "commands", value=["x {{ lo }}"]), "properties.linux.commands"),
        (changed(SHELL, "inputs"), "inputs"),
    ],
)
def test_missing(content, where):
    assert told(content) == [(where, MISSING)]


@pytest.mark.parametrize(
    "content, where, text",
    [
        (changed(SHELL, "inputs", "runAsEnabled", value=False), "inputs.runAsEnabled", "as ssm-user"),
        (changed(PORT, "parameters", "portNumber", value={"type": "String"}), "properties.portNumber", "any port"),
        (
            changed(COMMAND, "properties", "linux", "runAsElevated", value=True),
            "properties.linux.runAsElevated",
            "as root",
        ),
        (
            changed(COMMAND, "parameters", "log", "allowedPattern", value="^.*$"),
            "parameters.log.allowedPattern",
            "; & |",
        ),
    ],
)
def test_risky(content, where, text):
    assert told(content) == [(where, RISK)]
    assert text in findings(content)[0].text


def test_a_host_that_nothing_limits():
    content = changed(PORT, "properties", "host", value="db-{{ n }}.internal")
    content["parameters"]["n"] = {"type": "String"}
    assert told(content) == [("properties.host", RISK)]
    content["parameters"]["n"] = {"type": "String", "allowedPattern": "^[0-9]$"}
    assert findings(content) == []


def test_a_parameter_that_only_the_environment_carries_needs_no_limit():
    content = changed(COMMAND, "properties", "linux", "commands", value='tail -f "$SSM_log"')
    content["parameters"]["log"] = {"type": "String", "interpolationType": "ENV_VAR"}
    assert findings(content) == []
    # older agents, and newer ones too, replace what stands in braces before a shell reads it
    content["properties"]["linux"]["commands"] = "tail -f {{ log }}"
    assert told(content) == [("parameters.log", WRONG)]


def test_commands_of_windows_run_as_system():
    content = changed(COMMAND, "properties", value={"windows": {"commands": "dir", "runAsElevated": True}})
    assert "as SYSTEM" in findings(content)[0].text


def test_a_shell_with_commands_is_judged_like_commands():
    content = changed(SHELL, "properties", value={"linux": {"commands": "x {{ y }}"}})
    assert told(content) == [("properties.linux.commands", MISSING)]


def test_references():
    assert references("{{a}} {{ b }} {{ssm:c}} {{ ssm:d }} {e}") == ["a", "b"]


@pytest.mark.parametrize(
    "fields, where",
    [
        ("String", ""),
        ({}, ".type"),
        ({"type": "Text"}, ".type"),
        ({"type": "String", "alowedValues": ["a"]}, ".alowedValues"),
        ({"type": "String", "allowedValues": []}, ".allowedValues"),
        ({"type": "String", "allowedValues": [1]}, ".allowedValues"),
        ({"type": "String", "allowedPattern": 5}, ".allowedPattern"),
        ({"type": "String", "interpolationType": "ENV"}, ".interpolationType"),
        ({"type": "StringList", "interpolationType": "ENV_VAR"}, ".interpolationType"),
        ({"type": "String", "minChars": -1}, ".minChars"),
        ({"type": "String", "maxChars": True}, ".maxChars"),
        ({"type": "String", "minItems": 3, "maxItems": 2}, ".minItems"),
        ({"type": "String", "allowedValues": ["a"], "default": "b"}, ".default"),
        ({"type": "String", "allowedPattern": "^a$", "default": "b"}, ".default"),
        ({"type": "StringList", "allowedPattern": "^a$", "default": ["a", "b"]}, ".default"),
        ({"type": "String", "maxChars": 1, "default": "ab"}, ".default"),
        ({"type": "String", "minChars": 3, "default": "ab"}, ".default"),
    ],
)
def test_parameters_that_are_wrong(fields, where):
    content = changed(SHELL, "parameters", value={"x": fields})
    assert told(content) == [("parameters.x" + where, WRONG)]


def test_names_of_parameters():
    content = changed(SHELL, "parameters", value={"log_name": {"type": "string", "default": "{{ssm:log}}"}})
    (finding,) = findings(content)
    assert "letters and digits only" in finding.text
