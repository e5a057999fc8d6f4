"""The plan: what is made, changed and deleted, in which words, and what stops it."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import Guard
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.plan import plan_documents
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.records import (
    Current,
    Document,
    Item,
    Wanted,
)

WEB, DB = "111122223333", "444455556666"
PORT = {
    "schemaVersion": "1.0",
    "sessionType": "Port",
    "properties": {"type": "LocalPortForwarding", "portNumber": "5432", "host": "db"},
}
TUNNEL = f"{WEB}/ap-northeast-1/Tunnel"


def want(name="Tunnel", session_type="Port", **more):
    return Wanted("documents[0]", name, session_type=session_type, **more)


def item(want, document=None, account=WEB, region="ap-northeast-1", **more):
    return Item(account, region, want, document, **more)


def plan(*items, guard=None, **unreachable):
    return plan_documents(Current(list(items), unreachable), guard or Guard())


def steps(plan):
    return [(change.action, change.name) for change in plan.changes]


def test_a_new_document():
    result = plan(item(want(properties={"portNumber": "5432"}, tags={"Team": "web"})))
    assert steps(result) == [("create", TUNNEL)]
    assert result.changes[0].payload.content["properties"] == {"type": "LocalPortForwarding", "portNumber": "5432"}
    tags = {"Team": "web", "keyless:managed": "true"}
    assert result.changes[0].payload.add == tags
    (entry,) = result.result["session_documents"]
    assert entry == {
        "account_id": WEB,
        "region": "ap-northeast-1",
        "name": "Tunnel",
        "exists": True,
        "arn": f"arn:aws:ssm:ap-northeast-1:{WEB}:document/Tunnel",
        "session_type": "port",
        "description": "",
        "parameters": [],
        "port": "5432",
        "summary": ["forwards to port 5432 of the instance"],
        "tags": tags,
    }
    assert result.before == {TUNNEL: None}
    assert result.after[TUNNEL]["port"] == "5432"


def test_partitions():
    (entry,) = plan(item(want(), Document("1", PORT), region="cn-north-1")).result["session_documents"]
    assert entry["arn"].startswith("arn:aws-cn:ssm:cn-north-1:")


def test_what_is_so_already():
    result = plan(item(want(properties={"portNumber": "5432"}), Document("3", PORT)))
    assert steps(result) == []
    assert result.before == {}
    (entry,) = result.result["session_documents"]
    assert entry["document_version"] == "3"
    assert "tags" not in entry


def test_a_change_shows_what_changes_and_nothing_else():
    asked = want(properties={"host": "db2"}, description="x", tags={"a": "1"})
    result = plan(item(asked, Document("3", PORT, tags={"a": "0", "b": "2", "keyless:managed": "true"})))
    assert steps(result) == [("update", TUNNEL)]
    assert result.changes[0].detail == {"fields": ["description", "host", "tags"]}
    tags = {"a": "1", "keyless:managed": "true"}
    assert result.before == {
        TUNNEL: {"description": "", "host": "db", "tags": {"a": "0", "b": "2", "keyless:managed": "true"}}
    }
    assert result.after == {TUNNEL: {"description": "x", "host": "db2", "tags": tags}}
    step = result.changes[0].payload
    assert (step.add, step.remove) == ({"a": "1"}, ["b"])
    assert "document_version" not in result.result["session_documents"][0]


def test_tags_alone_make_no_version():
    result = plan(item(want(tags={"a": "1"}, purge_tags=False), Document("3", PORT, tags={"b": "2"})))
    step = result.changes[0].payload
    assert (step.content, step.add, step.remove) == (None, {"a": "1"}, [])
    assert result.changes[0].detail == {"fields": ["tags"]}
    assert result.result["session_documents"][0]["document_version"] == "3"
    assert steps(plan(item(want(tags={"b": "2"}), Document("3", PORT, tags={"b": "2"})))) == []


def test_what_the_options_do_not_cover():
    content = {"schemaVersion": "1.0", "sessionType": "Port", "properties": {"portNumber": "22"}}
    result = plan(item(Wanted("documents[0]", "Tunnel", content=content), Document("1", dict(content, properties={
        "portNumber": "22", "localUnixSocket": "/x"}))))  # fmt: skip
    assert result.changes[0].detail == {"fields": ["other_content"]}
    assert result.changes[0].payload.content == content


def test_deletions_come_last_and_only_of_what_is_there():
    gone, made = Wanted("documents[0]", "Old", absent=True), want(properties={"portNumber": "22"})
    result = plan(item(gone, Document("1", PORT)), item(gone, account=DB), item(made))
    assert steps(result) == [("create", TUNNEL), ("delete", f"{WEB}/ap-northeast-1/Old")]
    assert [entry["exists"] for entry in result.result["session_documents"]] == [False, False, True]
    assert result.after[f"{WEB}/ap-northeast-1/Old"] is None


@pytest.mark.parametrize(
    "guard", [Guard(max_deletions=1), Guard(protect=["tunnel"]), Guard(protect=[f"{DB}/ap-northeast-1/Tunnel"])]
)
def test_guardrails(guard):
    gone = Wanted("documents[0]", "Tunnel", absent=True)
    with pytest.raises(UserError):
        plan(*(item(gone, Document("1", PORT), account) for account in (WEB, DB)), guard=guard)
    assert steps(plan(item(gone, Document("1", PORT)), guard=Guard(protect=["Other"]))) == [("delete", TUNNEL)]


def test_what_cannot_be_fails_alone():
    gone = Wanted("documents[0]", "Old", absent=True)
    result = plan(
        item(want(), Document("1", {}, type="Command")),
        item(gone, Document("1", {}, type="Command")),
        item(gone, Document("1", PORT, shared_with=frozenset([DB, "all"])), account=DB),
        item(want("Unread"), unread="GetDocument: access denied"),
        item(want("Good", properties={"portNumber": "22"})),
        far="AssumeRole: access denied",
    )
    assert [change.name for change in result.changes] == [f"{WEB}/ap-northeast-1/Good"]
    errors = {outcome.change.name: outcome.error for outcome in result.failures}
    assert list(errors) == [
        "far",
        TUNNEL,
        f"{WEB}/ap-northeast-1/Old",
        f"{DB}/ap-northeast-1/Old",
        f"{WEB}/ap-northeast-1/Unread",
    ]
    assert "its type is Command, which cannot be changed to Session" in errors[TUNNEL]
    assert f"is shared with {DB}, all" in errors[f"{DB}/ap-northeast-1/Old"]
    assert [entry["name"] for entry in result.result["session_documents"]] == ["Good"]


def test_what_is_missing_where_a_document_is_made_is_told_with_the_place():
    with pytest.raises(Problems) as caught:
        plan(
            item(want(properties={"host": "db"})),
            item(want(properties={"host": "db"}), Document("1", PORT), account=DB),
            item(want(session_type="InteractiveCommands"), Document("1", PORT), account=DB),
            item(want("Other", properties={"portNumber": "22"}), problems=["documents[0].inputs.kms_key_id: missing"]),
        )
    assert caught.value.details["problems"] == [
        f"documents[0].port: is missing; give the port to forward to ({WEB}/ap-northeast-1 has none)",
        f"documents[0].commands: is missing; give commands for linux, macos, windows ({DB}/ap-northeast-1 has none)",
        "documents[0].inputs.kms_key_id: missing",
    ]


def test_what_is_wrong_together_with_what_is_there():
    theirs = dict(PORT, parameters={"host": {"type": "String", "allowedPattern": "db"}})
    with pytest.raises(Problems, match=r"documents\[0\].parameters\[host\].allowed_pattern: 'db' is not anchored"):
        plan(item(want(properties={"portNumber": "22"}), Document("1", theirs)))
    # as long as nothing is written, nothing is judged
    assert steps(plan(item(want(), Document("1", theirs)))) == []


def test_risks_are_told_once_where_something_is_written():
    asked = want(session_type="Standard_Stream", inputs={"idleSessionTimeout": "5"})
    result = plan(item(asked), item(asked, account=DB, warnings=["not checked"]))
    assert len(result.warnings) == 2
    assert result.warnings[0].startswith("Tunnel: inputs.run_as_enabled is off")
    there = result.changes[0].payload.content
    assert plan(item(asked, Document("1", there))).warnings == []
