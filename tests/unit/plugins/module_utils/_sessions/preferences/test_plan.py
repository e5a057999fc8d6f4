from __future__ import annotations

import copy

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.plan import (
    goal_content,
    plan_preferences,
    shown,
)
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.records import (
    INITIAL,
    Current,
    Document,
    Place,
)
from hypothesis import given
from hypothesis import strategies as st

WEB, DB = "111122223333/ap-northeast-1", "444455556666/ap-northeast-1"


def document(version="3", **inputs):
    content = copy.deepcopy(INITIAL)
    content["inputs"].update(inputs)
    return Document(version, content)


def place(document=None, account="111122223333", **more):
    return Place(account, "ap-northeast-1", document, **more)


def plan(wanted, *places, absent=False, unread=None):
    return plan_preferences(Current(list(places), unread or {}), wanted, absent)


def steps(plan):
    return [(change.action, change.name) for change in plan.changes]


def test_where_there_is_nothing_the_document_begins_as_the_console_begins_it():
    result = plan({"runAsEnabled": True}, place())
    assert steps(result) == [("create", WEB)]
    content = result.changes[0].payload
    assert content["inputs"] == dict(INITIAL["inputs"], runAsEnabled=True)
    assert {key: content[key] for key in ("schemaVersion", "sessionType")} == {
        "schemaVersion": "1.0",
        "sessionType": "Standard_Stream",
    }
    assert result.before == {WEB: None}
    (entry,) = result.result["session_preferences"]
    assert entry["exists"] is True
    assert entry["run_as_enabled"] is True
    assert entry["idle_session_timeout"] == 20
    assert entry["max_session_duration"] == 0
    assert "document_version" not in entry


def test_the_first_document_is_never_changed_by_a_plan():
    before = copy.deepcopy(INITIAL)
    goal_content(None, {"shellProfile": {"linux": "bash"}, "kmsKeyId": "x"})["inputs"]["shellProfile"]["linux"] = "?"
    assert before == INITIAL


def test_other_inputs_stay_also_those_that_nobody_knows():
    have = document(newInput={"a": 1}, s3BucketName="logs")
    have.content["parameters"] = {"x": {"type": "String"}}
    result = plan({"runAsEnabled": True, "idleSessionTimeout": "30"}, place(have))
    assert result.changes[0].payload == dict(
        have.content, inputs=dict(have.content["inputs"], runAsEnabled=True, idleSessionTimeout="30")
    )
    assert result.changes[0].detail == {"fields": ["run_as_enabled", "idle_session_timeout"]}
    assert result.before == {WEB: {"run_as_enabled": False, "idle_session_timeout": 20}}
    assert result.after == {WEB: {"run_as_enabled": True, "idle_session_timeout": 30}}
    assert result.result["session_preferences"][0]["other_inputs"] == {"newInput": {"a": 1}}


def test_what_the_default_version_says_already_is_no_change():
    result = plan({"runAsEnabled": False, "kmsKeyId": "", "idleSessionTimeout": "20"}, place(document()))
    assert result.changes == []
    assert result.before == result.after == {}
    assert result.result["session_preferences"][0]["document_version"] == "3"


def test_an_input_that_is_not_there_says_the_same_as_empty_or_false():
    bare = Document("1", {"sessionType": "Standard_Stream", "inputs": {"runAsEnabled": True}})
    same = {"runAsDefaultUser": "", "s3EncryptionEnabled": False, "maxSessionDuration": ""}
    same["shellProfile"] = {"linux": ""}
    assert plan(same, place(bare)).changes == []
    assert plan({"shellProfile": {}}, place(bare)).changes == []
    assert plan({"idleSessionTimeout": "20"}, place(bare)).changes != []
    assert plan(same, place(Document("1", {"sessionType": "Standard_Stream"}))).changes == []


@pytest.mark.parametrize(
    "there, wanted",
    [
        ({"idleSessionTimeout": 20}, {"idleSessionTimeout": "20"}),
        ({"cloudWatchStreamingEnabled": "true"}, {"cloudWatchStreamingEnabled": True}),
        ({"runAsEnabled": 1}, {"runAsEnabled": True}),
        ({"shellProfile": "bash"}, {"shellProfile": {"linux": "bash"}}),
    ],
)
def test_values_of_the_wrong_type_are_mended(there, wanted):
    result = plan(wanted, place(document(**there)))
    assert steps(result) == [("update", WEB)]
    assert all(result.changes[0].payload["inputs"][name] == value for name, value in wanted.items())


def test_one_shell_profile_leaves_the_other_alone():
    have = document(shellProfile={"linux": "old", "windows": "dir"})
    result = plan({"shellProfile": {"linux": "new"}}, place(have))
    assert result.changes[0].payload["inputs"]["shellProfile"] == {"linux": "new", "windows": "dir"}
    assert result.before[WEB] == {"shell_profile": {"linux": "old", "windows": "dir"}}


def test_each_place_is_planned_for_itself():
    result = plan(
        {"runAsEnabled": True},
        place(document(runAsEnabled=True)),
        place(None, "444455556666"),
        place(document(), "777788889999"),
    )
    assert steps(result) == [("create", DB), ("update", "777788889999/ap-northeast-1")]
    assert [entry["account_id"] for entry in result.result["session_preferences"]] == [
        "111122223333",
        "444455556666",
        "777788889999",
    ]


def test_absent_deletes_what_is_there():
    result = plan({}, place(document()), place(None, "444455556666"), absent=True)
    assert steps(result) == [("delete", WEB)]
    assert result.after == {WEB: None}
    assert result.before[WEB]["idle_session_timeout"] == 20
    assert result.result["session_preferences"] == [
        {"account_id": account, "region": "ap-northeast-1", "exists": False}
        for account in ("111122223333", "444455556666")
    ]


def test_a_document_without_preferences_can_be_deleted_too():
    result = plan({}, place(Document("4", {})), absent=True)
    assert steps(result) == [("delete", WEB)]
    assert result.before == {WEB: {}}


def test_problems_of_any_place_stop_all_of_them():
    with pytest.raises(Problems) as caught:
        plan({"kmsKeyId": "a"}, place(problems=["one"]), place(None, "444455556666", problems=["two"]))
    assert caught.value.details == {"problems": ["one", "two"]}


def test_warnings_and_what_could_not_be_read_are_carried():
    result = plan({}, place(document(), warnings=["not looked"]), unread={DB: "access denied"})
    assert result.warnings == ["not looked"]
    (failure,) = result.failures
    assert failure.change.shown() == {"action": "read", "kind": "session_preferences", "name": DB}
    assert failure.error == "access denied"


@pytest.mark.parametrize(
    "value, seen", [("20", 20), ("", None), (None, None), (20, 20), ("{{ minutes }}", "{{ minutes }}")]
)
def test_minutes_are_numbers_where_they_can_be(value, seen):
    assert shown({"inputs": {"idleSessionTimeout": value}}).get("idle_session_timeout") == seen


def test_what_is_missing_is_shown_as_what_it_means():
    entry = shown({})
    assert "idle_session_timeout" not in entry
    assert entry["max_session_duration"] == 0
    assert entry["run_as_enabled"] is False
    assert entry["run_as_default_user"] == ""
    assert entry["shell_profile"] == {"linux": "", "windows": ""}
    assert "other_inputs" not in entry


texts = st.sampled_from(["", "a", "b"])
values = {
    "runAsEnabled": st.booleans(),
    "runAsDefaultUser": texts,
    "idleSessionTimeout": st.integers(1, 60).map(str),
    "maxSessionDuration": st.sampled_from(["", "1", "1440"]),
    "cloudWatchStreamingEnabled": st.booleans(),
    "shellProfile": st.fixed_dictionaries({}, optional={"linux": texts, "windows": texts}),
}
wanteds = st.fixed_dictionaries({}, optional=values)
odd = st.one_of(st.none(), st.booleans(), st.integers(), texts, st.dictionaries(texts, texts))
inputs = st.dictionaries(st.sampled_from([*values, "unknown"]), odd)
documents = st.none() | st.builds(
    lambda inputs: Document("1", {"sessionType": "Standard_Stream", "inputs": inputs}), inputs
)


@given(documents, wanteds)
def test_a_second_time_there_is_nothing_to_do(have, wanted):
    first = plan(wanted, place(have))
    goal = first.changes[0].payload if first.changes else have.content
    second = plan(wanted, place(Document("2", goal)))
    assert second.changes == []
    assert second.before == second.after == {}
    (before,), (after,) = (each.result["session_preferences"] for each in (first, second))
    before.pop("document_version", None)
    after.pop("document_version")
    assert before == after


@given(documents.filter(bool), wanteds)
def test_only_the_wanted_inputs_change(have, wanted):
    result = plan(wanted, place(have))
    goal = result.changes[0].payload["inputs"] if result.changes else have.inputs
    assert {name for name in {*goal, *have.inputs} if goal.get(name) != have.inputs.get(name)} <= set(wanted)
    for name, value in wanted.items():
        if name != "shellProfile":
            assert goal.get(name) == value or (goal.get(name) is None and value in ("", False))
