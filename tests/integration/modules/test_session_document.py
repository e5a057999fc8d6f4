"""session_document and session_document_info over HTTP, by real ansible-playbook, in several accounts."""

from __future__ import annotations

import json

import pytest

MODULE, INFO = "session_document", "session_document_info"
WEB, DB, OWN = "111122223333", "444455556666", "123456789012"
TOKYO, OSAKA = "ap-northeast-1", "ap-northeast-3"
TUNNEL = dict(
    name="DbTunnel",
    session_type="port",
    description="PostgreSQL of the shop",
    port=5432,
    host="db.internal.example.com",
    # the braces are the agent's, so Ansible must not look into them
    local_port="{% raw %}{{ localPortNumber }}{% endraw %}",
    parameters=[dict(name="localPortNumber", allowed_pattern="^[0-9]{1,5}$", default=15432)],
    tags=dict(Team="shop"),
)
TUNNEL_CONTENT = {
    "schemaVersion": "1.0",
    "description": "PostgreSQL of the shop",
    "sessionType": "Port",
    "parameters": {
        "localPortNumber": {"type": "String", "default": "15432", "allowedPattern": "^[0-9]{1,5}$"},
    },
    "properties": {
        "type": "LocalPortForwarding",
        "portNumber": "5432",
        "host": "db.internal.example.com",
        "localPortNumber": "{{ localPortNumber }}",
    },
}
FOLLOW = dict(
    name="FollowLog",
    session_type="interactive_commands",
    commands=dict(linux=dict(commands="{% raw %}tail -f /var/log/{{ logName }}{% endraw %}", run_as_elevated=True)),
    parameters=[dict(name="logName", allowed_values=["messages", "secure"])],
)
COMMAND = {"schemaVersion": "2.2", "mainSteps": [{"action": "aws:runShellScript", "name": "x", "inputs": {}}]}


def role(account, **more):
    return dict(more, role_arn=f"arn:aws:iam::{account}:role/keyless")


BOTH = [role(WEB), role(DB, account_id=DB, region=OSAKA)]


def name(document="DbTunnel", account=OWN, region=TOKYO):
    return f"{account}/{region}/{document}"


def task(module=MODULE, **arguments):
    return {"name": "Run", f"keyless.aws.{module}": arguments}


@pytest.fixture
def ssm(emulator):
    def ssm(account=OWN, region=TOKYO):
        return emulator.client("ssm", account=account, region=region)

    return ssm


@pytest.fixture
def make(ssm):
    def make(name, content, kind="Session", **where):
        ssm(**where).create_document(Name=name, Content=json.dumps(content), DocumentType=kind)

    return make


@pytest.fixture
def there(ssm):
    """The parsed default version and its number; None where there is none."""

    def there(name="DbTunnel", **where):
        client = ssm(**where)
        try:
            answer = client.get_document(Name=name, DocumentVersion="$DEFAULT")
        except client.exceptions.InvalidDocument:
            return None
        return json.loads(answer["Content"]), answer["DocumentVersion"]

    return there


def test_life_in_two_accounts(emulator, ansible, there):
    wanted = dict(documents=[TUNNEL, FOLLOW], targets=BOTH)
    predicted = ansible.module(MODULE, wanted, check=True, diff=True)
    assert emulator.writes() == {}
    other_host = dict(name="DbTunnel", session_type="port", host="db2.internal.example.com", tags={})
    made, again, changed, found = ansible.tasks(
        [
            task(**wanted),
            task(**wanted),
            task(documents=[other_host], targets=BOTH[:1]),
            task(INFO, targets=BOTH[:1]),
        ],
        diff=True,
    )
    names = [name(document, *place) for place in ((WEB, TOKYO), (DB, OSAKA)) for document in ("DbTunnel", "FollowLog")]
    assert [(change["action"], change["name"]) for change in made["changes"]] == [("create", each) for each in names]
    assert (made["created"], made["diff"], made["changes"]) == (4, predicted["diff"], predicted["changes"])
    assert predicted["warnings"] == made["warnings"]
    assert "FollowLog: commands.linux.run_as_elevated runs the command as root" in made["warnings"][0]
    for entry, foretold in zip(made["session_documents"], predicted["session_documents"], strict=True):
        assert entry.pop("document_version") == "1"
        assert entry == foretold
    assert there(account=DB, region=OSAKA) == (TUNNEL_CONTENT, "1")
    assert there() is None

    assert not again["changed"]
    assert "diff" not in again
    assert "warnings" not in again

    assert changed["changes"] == [
        dict(action="update", kind="session_document", name=names[0], fields=["host", "tags"]),
    ]
    tags = {"keyless:managed": "true"}
    assert changed["diff"] == {
        "before": {names[0]: {"host": "db.internal.example.com", "tags": dict(tags, Team="shop")}},
        "after": {names[0]: {"host": "db2.internal.example.com", "tags": tags}},
    }
    properties = dict(TUNNEL_CONTENT["properties"], host="db2.internal.example.com")
    assert there(account=WEB) == (dict(TUNNEL_CONTENT, properties=properties), "2")

    tunnel, follow = found["session_documents"]
    assert (tunnel["document_version"], [each["version"] for each in tunnel["versions"]]) == ("2", ["2", "1"])
    assert (tunnel["tags"], tunnel["shared_with"], tunnel["problems"]) == (tags, [], [])
    assert tunnel["arn"] == f"arn:aws:ssm:{TOKYO}:{WEB}:document/DbTunnel"
    assert tunnel["summary"] == [
        "forwards to port 5432 of db2.internal.example.com, through the instance",
        "listens on the port that localPortNumber names of the person's own machine",
        "takes localPortNumber, which matches ^[0-9]{1,5}$",
    ]
    assert follow["summary"] == [
        "runs 'tail -f /var/log/{{ logName }}' on linux as root",
        "takes logName, one of messages, secure",
    ]
    assert [problem.split(": ")[0] for problem in follow["problems"]] == ["commands.linux.run_as_elevated"]


def test_what_a_second_run_costs(emulator, ansible, make):
    make("DbTunnel", TUNNEL_CONTENT)
    make("SSM-SessionManagerRunShell", dict(TUNNEL_CONTENT, sessionType="Standard_Stream", properties={}))
    make("RunMe", COMMAND, kind="Command")
    before = emulator.calls()
    bare = {key: value for key, value in TUNNEL.items() if key != "tags"}
    result, found = ansible.tasks([task(documents=[bare]), task(INFO)])
    assert not result["changed"]
    assert [entry["name"] for entry in found["session_documents"]] == ["DbTunnel"]
    asked = {key: times - before.get(key, 0) for key, times in emulator.calls().items() if key.startswith("ssm:")}
    assert {key: times for key, times in asked.items() if times} == {
        "ssm:GetDocument": 2,
        "ssm:ListDocuments": 1,
        "ssm:ListTagsForResource": 1,
        "ssm:DescribeDocumentPermission": 1,
        "ssm:ListDocumentVersions": 1,
    }


def test_adoption_types_and_partial_failure(emulator, ansible, make, there, ssm):
    make("DbTunnel", {"schemaVersion": "1.0", "description": "Old", "sessionType": "InteractiveCommands",
                      "properties": {"linux": {"commands": "bash", "runAsElevated": True}}})  # fmt: skip
    make("RunMe", COMMAND, kind="Command")
    lagging = dict(TUNNEL_CONTENT, description="Lagging")
    make("Lagging", lagging)
    newer = dict(lagging, description="Newer")
    ssm().update_document(Name="Lagging", Content=json.dumps(newer), DocumentVersion="$LATEST")
    emulator.faults("ssm:CreateDocument", "AccessDeniedException")
    plain = {key: value for key, value in TUNNEL.items() if key not in ("description", "tags")}
    documents = [
        plain,
        dict(TUNNEL, name="RunMe"),
        dict(TUNNEL, name="Denied"),
        dict(name="Lagging", content=dict(newer, properties=dict(TUNNEL_CONTENT["properties"], localPortNumber="0"))),
    ]
    documents[3]["content"].pop("parameters")
    result = ansible.module(MODULE, dict(documents=documents), fails=True)
    assert [(each["action"], each["name"]) for each in result["failures"]] == [
        ("read", name("RunMe")),
        ("create", name("Denied")),
    ]
    assert "its type is Command, which cannot be changed to Session" in result["msg"]
    assert result["updated"] == 2
    assert [entry["name"] for entry in result["session_documents"]] == ["DbTunnel", "Lagging"]
    assert there() == (dict(TUNNEL_CONTENT, description="Old"), "2")
    assert there("Lagging")[1] == "3"
    # the version that is the latest already is only made the default
    make("Promoted", lagging)
    ssm().update_document(Name="Promoted", Content=json.dumps(newer), DocumentVersion="$LATEST")
    ansible.module(MODULE, dict(documents=[dict(name="Promoted", session_type="port", description="Newer")]))
    assert there("Promoted") == (newer, "2")


def test_deletion(emulator, ansible, make, there, ssm):
    for document in ("One", "Two", "Shared"):
        make(document + "Doc", TUNNEL_CONTENT)
    ssm().modify_document_permission(Name="SharedDoc", PermissionType="Share", AccountIdsToAdd=[DB])
    gone = [dict(name=each + "Doc", state="absent") for each in ("One", "Two", "Shared", "Never")]
    before = emulator.writes()
    for guard, text in (
        (dict(max_deletions=1), "max_deletions: this would delete 2"),
        (dict(protect=["TwoDoc"]), "protect"),
    ):
        assert text in ansible.module(MODULE, dict(guard, documents=gone), fails=True)["msg"]
    assert emulator.writes() == before
    result = ansible.module(MODULE, dict(documents=gone), fails=True)
    assert result["deleted"] == 2
    assert f"is shared with {DB}, and AWS deletes none that is" in result["msg"]
    assert there("OneDoc") is there("TwoDoc") is None
    assert there("SharedDoc") is not None


def test_everything_wrong_is_told_at_once_and_nobody_is_asked(emulator, ansible):
    wrong = [
        dict(TUNNEL, port=70000, name="AWS-Mine"),
        dict(TUNNEL, parameters=[dict(name="localPortNumber", allowed_pattern="[0-9]+")]),
        dict(FOLLOW, parameters=[dict(name="logName")]),
        dict(FOLLOW, parameters=[]),
        dict(name="Bare", session_type="standard_stream", inputs=dict(idle_session_timeout=0), host="x"),
        dict(name="SSM-SessionManagerRunShell", state="absent"),
    ]
    result = ansible.module(MODULE, dict(documents=wrong, targets=[dict(account_id="web")]), fails=True)
    assert len(result["problems"]) == 8
    assert "documents[1].parameters[localPortNumber].allowed_pattern: '[0-9]+' is not anchored" in result["msg"]
    assert "documents[2].parameters[logName]: becomes part of a command, and nothing limits it" in result["msg"]
    assert "keyless.aws.session_preferences" in result["msg"]
    assert emulator.calls() == {}


def test_where_inputs_send_logs_has_to_be_there_and_ports_have_to_be_given(emulator, ansible):
    documents = [
        dict(name="Shell", session_type="standard_stream", inputs=dict(kms_key_id="alias/none")),
        dict(name="Tunnel", session_type="port", host="db"),
        dict(FOLLOW, parameters=[]),
    ]
    result = ansible.module(MODULE, dict(documents=documents), fails=True)
    assert [text.split(": ")[0] for text in result["problems"]] == [
        "documents[0].inputs.kms_key_id",
        "documents[1].port",
        "documents[2].commands.linux.commands",
    ]
    assert emulator.writes() == {}
