"""The whole way through `reconcile`, against an sso-admin that is a few dictionaries."""

from __future__ import annotations

import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets import resource
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.resource import (
    PermissionSets,
)
from ansible_collections.keyless.aws.plugins.module_utils._progress import Progress
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile
from assignments_cloud import Left, Module, at

AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}
LONG = {"Version": "2012-10-17", "Statement": [{"Resource": ["*"], "Effect": "Allow", "Action": ["ec2:Describe*"]}]}
BUSY, DONE = dict(Status="IN_PROGRESS"), dict(Status="SUCCEEDED")
TARO, OPS = "94482488-3041-7041-8c52-2a5f1b0c3d4e", "a4d8e4b8-1011-70d2-9a4c-0a2b3c4d5e6f"
DEFAULTS = dict(
    instance_arn=None, api_rate=1e6, progress="never", wait_timeout=600, max_deletions=10, protect=[],
    purge_policies=True, purge_tags=True, provision="changed", allow_self_lockout=False,
    preflight=False, targets=None,
)  # fmt: skip


def failed_with(reason):
    return dict(Status="FAILED", FailureReason=reason)


@pytest.fixture
def run(sso):
    """run(*items, check=…, **options) -> the result of permission_sets"""

    def run(*items, check=False, **options):
        module = Module(dict(DEFAULTS, permission_sets=list(items), **options))
        module.check_mode = check
        with at(sso), pytest.raises(Left) as left:
            reconcile(module, PermissionSets(module))
        return dict(left.value.args[0], warnings=module.warnings)

    return run


def item(name="Web", **values):
    if "inline_policy" in values:
        values["inline_policy"] = json.dumps(values["inline_policy"])
    return dict(dict(name=name), **values)


def actions(result):
    return [(change["action"], change["name"]) for change in result["changes"]]


def test_check_mode_predicts_and_the_second_run_changes_nothing(sso, run):
    web = item(description="Shells", inline_policy=POLICY, managed_policies=[AUDIT], tags={"team": "web"})
    predicted = run(web, check=True)
    assert sso.writes() == []
    made = run(web)
    (shown,) = made["permission_sets"]
    assert sso.sets[shown.pop("permission_set_arn")] is sso.named("Web")
    assert made == predicted
    assert list(made["diff"]["after"]) == ["Web"]
    assert made["created"] == 1
    assert sso.named("Web")["tags"] == {"team": "web", "keyless:managed": "true"}
    assert not run(web)["changed"]


def test_policies_that_mean_the_same_are_no_change(sso, run):
    sso.add("Web", InlinePolicy=json.dumps(LONG))
    assert not run(item(inline_policy=POLICY))["changed"]
    assert run(item(inline_policy={}))["updated"] == 1
    assert not run(item(inline_policy={}))["changed"]


def test_what_is_not_managed_is_not_even_read(sso, run):
    sso.add("Web", accounts=["111"])
    run(item(description="New"), provision="never")
    assert {name for name, parameters in sso.calls} == {
        "list_permission_sets",
        "describe_permission_set",
        "update_permission_set",
    }


def test_lost_answers_are_no_failures(sso, run):
    sso.lost = {"create_permission_set", "attach_managed_policy_to_permission_set"}
    made = run(item(managed_policies=[AUDIT], tags={"team": "web"}))
    assert (made["failed"], made["created"], sso.lost) == (False, 1, set())
    assert not run(item(managed_policies=[AUDIT], tags={"team": "web"}))["changed"]
    sso.lost = {"delete_permission_set"}
    gone = run(item(state="absent"))
    assert (gone["failed"], gone["deleted"], sso.sets) == (False, 1, {})


def test_a_changed_set_is_provisioned_once_and_waited_for(sso, run):
    sso.add("Web", accounts=["222", "111"])
    sso.endings["Web", None] = [BUSY, BUSY, DONE]
    result = run(item(description="New", managed_policies=[AUDIT]))
    assert result["changes"][-1] == dict(action="provision", kind="permission_set", name="Web", accounts=["111", "222"])
    assert sso.writes().count("provision_permission_set") == 1
    assert [request["statuses"] for request in sso.requests.values()] == [[DONE]]


def test_many_changed_sets_are_provisioned_once_each_and_told_in_the_plans_order(sso, run):
    names = [f"Set{number}" for number in range(40)]
    for number, name in enumerate(names):
        sso.add(name, accounts=["111"])
        sso.endings[name, None] = [BUSY] * (number % 4) + [DONE]
    wanted = [item(name, description="New", managed_policies=[AUDIT]) for name in names]
    predicted = run(*wanted, check=True)
    result = run(*wanted)
    assert result["changes"] == predicted["changes"]
    assert actions(result) == [("update", name) for name in names for _step in "ab"] + [("provision", n) for n in names]
    assert sso.writes().count("provision_permission_set") == 40
    assert not run(*wanted, provision="outdated")["changed"]


def test_a_set_is_provisioned_before_others_are_changed(sso, run):
    """So that a run that is cut short leaves few sets changed and not provisioned."""
    names = [f"Set{number:02}" for number in range(30)]
    for name in names:
        sso.add(name, accounts=["111"])
    run(*(item(name, description="New") for name in names))
    writes = sso.writes()
    assert writes.index("provision_permission_set") < 12
    most = max(2 * writes[:n].count("update_permission_set") - n for n in range(len(writes) + 1))
    assert most <= 12  # as many are changed and not provisioned at any moment


def test_outdated_accounts_are_healed_when_asked_for(sso, run):
    sso.add("Web", accounts=["111", "222", "333"], outdated=["222", "333"])
    assert not run(item())["changed"]
    sso.calls.clear()
    result = run(item(), provision="outdated")
    assert result["changes"] == [dict(action="provision", kind="permission_set", name="Web", accounts=["222", "333"])]
    asked = [given["TargetId"] for name, given in sso.calls if name == "provision_permission_set"]
    assert sorted(asked) == ["222", "333"]
    assert not run(item(), provision="outdated")["changed"]


def test_a_failed_provisioning_is_named_with_its_reason_and_healed_by_the_next_run(sso, run):
    for name in ("Web", "Db", "Slow"):
        sso.add(name, accounts=["111", "222"])
    sso.endings["Web", None] = [BUSY, failed_with("The role is not ours.")]
    sso.endings["Slow", None] = [BUSY]
    result = run(*(item(name, description="New") for name in ("Web", "Db", "Slow")), wait_timeout=0.05)
    assert {failure["name"]: failure["action"] for failure in result["failures"]} == dict(
        Web="provision", Slow="provision"
    )
    web, slow = [failure["error"] for failure in result["failures"]]
    assert web == "The role is not ours."
    assert slow.startswith("still in progress after 0.05 seconds (request request-")
    assert ("provision", "Db") in actions(result)
    assert result["updated"] == 3
    sso.sets = {arn: each for arn, each in sso.sets.items() if each["Name"] != "Slow"}
    predicted = run(item("Web"), item("Db"), check=True)
    assert actions(run(item("Web"), item("Db"))) == actions(predicted) == [("provision", "Web")]
    assert not run(item("Web"), item("Db"))["changed"]
    sso.refused["list_permission_set_provisioning_status"] = "AccessDeniedException"
    (warning,) = run(item("Web"))["warnings"]
    assert warning.startswith("Whether earlier provisionings failed is not known.")


def test_failures_of_several_accounts_are_all_told(sso, run):
    sso.add("Web", accounts=["111", "222", "333", "444"], outdated=["111", "222", "333"])
    for account, reason in (("111", "one"), ("333", "333 is suspended")):
        sso.endings["Web", account] = [failed_with(reason)]
    (failure,) = run(item(), provision="outdated")["failures"]
    assert failure["error"] == "111: one; 333 is suspended"


def test_a_provisioning_that_cannot_start_or_be_watched_does_not_hide_what_was_done(sso, run):
    for name in ("Web", "Db"):
        sso.add(name, accounts=["111"])
    sso.refused["provision_permission_set", "Web"] = "AccessDeniedException"
    result = run(item("Web", description="New"), item("Db", description="New"))
    assert [failure["name"] for failure in result["failures"]] == ["Web"]
    assert ("provision", "Db") in actions(result)

    sso.refused = {"describe_permission_set_provisioning_status": "AccessDeniedException"}
    result = run(item("Db", description="Newer"))
    assert actions(result) == [("update", "Db")]
    assert "AccessDenied" in result["failures"][0]["error"]


@pytest.mark.parametrize("code", ["", "500", "InternalServerException"])
@pytest.mark.parametrize("statuses", [[BUSY, BUSY, DONE], [DONE]])
def test_a_provisioning_whose_answer_is_lost_is_not_asked_for_again(sso, run, code, statuses):
    sso.add("Web", accounts=["111"])
    sso.endings["Web", None] = statuses
    sso.errors["provision_permission_set"] = ["+" + code]
    result = run(item(description="New"))
    assert (result["failed"], actions(result)) == (False, [("update", "Web"), ("provision", "Web")])
    assert len(sso.requests) == 1


def test_a_provisioning_that_was_not_taken_is_asked_for_again(sso, run):
    sso.add("Web", accounts=["111"])
    sso.errors["provision_permission_set"] = ["500", "ThrottlingException", "ConflictException"]
    assert not run(item(description="New"))["failed"]
    assert len(sso.requests) == 1


def test_what_another_run_left_in_progress_is_waited_for(sso, run):
    arn = sso.add("Web", accounts=["111", "222", "333"], outdated=["111"])
    sso.begin(sso.sets[arn], None, [BUSY] * 5 + [failed_with("?")])  # it brings 111 up to date all the same
    sso.sets[arn]["outdated"] = ["111", "222"]
    statuses = next(iter(sso.requests.values()))["statuses"]

    def provision(there, **given):
        assert not any(status == BUSY for status in statuses)
        return type(sso).provision_permission_set(sso, there, **given)

    sso.provision_permission_set = provision
    result = run(item(), provision="outdated")
    assert not result["failed"]
    assert result["changes"][-1]["accounts"] == ["111", "222"]

    there = sso.sets[sso.add("Db", accounts=["111", "222"])]
    sso.begin(there, "111", [BUSY] * 9 + [DONE])
    there["outdated"] = ["111"]
    sso.list_accounts_for_provisioned_permission_set = lambda there, **given: dict(
        AccountIds=list(there["accounts"] if not given else there["outdated"])
    )
    before = len(sso.requests)

    def describe(**given):
        answer = type(sso).describe_permission_set_provisioning_status(sso, **given)
        if answer["PermissionSetProvisioningStatus"]["Status"] == "SUCCEEDED":
            there["outdated"] = []
        return answer

    sso.describe_permission_set_provisioning_status = describe
    assert actions(run(item("Db"), provision="outdated")) == [("provision", "Db")]
    assert len(sso.requests) == before  # the other run's did it


def test_a_change_waits_for_what_is_in_progress_there(sso, run):
    arn = sso.add("Web", accounts=["111"])
    sso.begin(sso.sets[arn], None, [BUSY] * 4 + [DONE])
    assert not run(item(description="New"))["failed"]
    sso.begin(sso.sets[arn], None, [BUSY])
    result = run(item(description="Newer"), wait_timeout=0.05)
    assert "AWS did not take it within 0.05 seconds: update_permission_set: Conflict" in result["failures"][0]["error"]
    assert result["failures"][1]["error"] == "skipped, because permission_set 'Web' failed"


def test_a_set_that_failed_is_not_provisioned_but_the_others_are(sso, run):
    for name in ("Web", "Db"):
        sso.add(name, accounts=["111"])
    sso.refused["put_inline_policy_to_permission_set", "Web"] = "AccessDeniedException"
    both = [item(name, description="New", inline_policy=POLICY, tags={"a": "b"}) for name in ("Web", "Db")]
    result = run(*both)
    assert [parameters["PermissionSetArn"] for name, parameters in sso.calls if name == "provision_permission_set"] == [
        arn for arn, there in sso.sets.items() if there["Name"] == "Db"
    ]
    assert [(failure["action"], failure["name"]) for failure in result["failures"]] == [
        ("update", "Web"),
        ("update", "Web"),
        ("provision", "Web"),
    ]
    assert result["msg"].splitlines() == [
        "3 of 8 changes failed, the others were done:",
        "- update permission_set 'Web': put_inline_policy_to_permission_set: AccessDeniedException.",
        "- and 2 more were skipped because of these",
    ]
    del sso.refused["put_inline_policy_to_permission_set", "Web"]
    healed = run(*both)
    assert actions(healed) == [("update", "Web"), ("update", "Web"), ("provision", "Web")]


@pytest.mark.parametrize("operation", ["update_permission_set", "provision_permission_set"])
def test_nothing_more_is_begun_once_nobody_is_signed_in(sso, run, operation):
    names = [f"Set{number}" for number in range(30)]
    for name in (*names, "Old"):
        sso.add(name, accounts=[] if name == "Old" else ["111"])
    sso.refused[operation] = "ExpiredTokenException"
    result = run(*(item(name, description="New") for name in names), item("Old", state="absent"))
    assert sso.writes().count(operation) <= 10
    assert len(result["failures"]) + len(result["changes"]) == 61
    assert "ExpiredToken" in result["msg"]
    assert "more were skipped" in result["msg"]
    assert sso.named("Old")


def test_the_loss_of_the_network_while_waiting_is_told(sso, run):
    for name in ("Web", "Db"):
        sso.add(name, accounts=["111"])
    sso.endings["Web", None] = [BUSY]
    sso.errors["list_permission_set_provisioning_status"] = [None, ""]
    (failure,) = run(item(description="New"), item("Old", state="absent"))["failures"]
    assert "how it ended is not known (request request-" in failure["error"]


def test_what_cannot_be_listed_is_described(sso, run):
    sso.add("Web", accounts=["111"])
    sso.endings["Web", None] = [BUSY, BUSY, DONE]
    sso.refused["list_permission_set_provisioning_status"] = "AccessDeniedException"
    assert not run(item(description="New"))["failed"]
    assert [request["statuses"] for request in sso.requests.values()] == [[DONE]]


def test_a_network_that_goes_with_an_answer_ends_the_run(sso, run):
    sso.add("Web", accounts=["111"])
    sso.add("Old")
    sso.errors["provision_permission_set"] = ["+"]
    sso.errors["list_permission_set_provisioning_status"] = [None, ""]
    result = run(item(description="New"), item("Old", state="absent"))
    assert [failure["error"].split(":")[0] for failure in result["failures"]] == [
        "whether it was begun is not known",
        "not begun",
    ]


def test_nothing_more_is_deleted_once_nobody_is_signed_in(sso, run):
    names = [f"Old{number}" for number in range(30)]
    for name in names:
        sso.add(name)
    sso.refused["delete_permission_set"] = "ExpiredTokenException"
    assert len(run(*(item(name, state="absent") for name in names), max_deletions=30)["failures"]) == 30
    assert len(sso.writes()) <= 10


def test_progress_is_told_phase_by_phase(sso, run, monkeypatch):
    told = []

    class Telling(Progress):
        def begin(self, verb, total):
            told.append((verb, total))

    monkeypatch.setattr(resource, "progress_of", lambda _module: Telling())
    sso.add("Web", accounts=["111"])
    sso.add("Used", accounts=["111"], assigned=[("111", "GROUP", OPS)])
    run(item(description="New", tags={}), item("Used", state="absent", unassign=True))
    assert told == [
        ("described", 2),
        ("details read", 1),
        ("looked up in accounts", 1),
        ("changed", 1),
        ("unassigned", 1),
        ("deleted", 1),
    ]


def test_deletions_come_last_and_do_not_depend_on_others(sso, run):
    for name in ("Held", "Old"):
        sso.add(name, accounts=["111"] if name == "Held" else [])
    sso.add("Web", accounts=["111"])
    sso.refused["update_permission_set"] = "AccessDeniedException"
    result = run(item("Held", state="absent"), item("Old", state="absent"), item("Web", description="New"))
    assert actions(result) == [("delete", "Old")]
    assert [failure["name"] for failure in result["failures"]] == ["Web", "Web", "Held"]
    assert {there["Name"] for there in sso.sets.values()} == {"Held", "Web"}
    (warning,) = result["warnings"]
    assert warning.startswith("Held is provisioned in 111, where nobody is assigned it.")
    assert "AWS does not delete it as long as it is provisioned, and it is in 111." in result["failures"][2]["error"]


def test_a_set_in_use_is_refused_before_the_first_write_with_who_uses_it(sso, run):
    there = [("111", "GROUP", OPS), ("111", "USER", TARO), ("222", "USER", "x")]
    sso.add("Used", accounts=["111", "222"], assigned=there)
    sso.add("Web")
    result = run(item("Used", state="absent"), item("Web", description="New"))
    assert sso.writes() == []
    assert result["msg"].splitlines() == [
        "permission_sets: Used is in use, and so not deleted. Nothing was changed. Take its assignments away first, or "
        "set unassign to true for it:",
        "- Used in 111: group ops, user taro",
        "- Used in 222: user x",
    ]
    assert [each["account_id"] for each in result["in_use"]] == ["111", "111", "222"]


def test_not_every_account_is_asked_to_refuse_a_set_in_use(sso, run):
    accounts = [f"{number:012}" for number in range(95)]
    sso.add("Used", accounts=accounts, assigned=[(account, "GROUP", OPS) for account in accounts])
    result = run(item("Used", state="absent", unassign=False))
    assert len(result["msg"].splitlines()) == 12
    assert result["msg"].splitlines()[-1] == "- and 85 more accounts"
    assert len([name for name, _given in sso.calls if name == "list_account_assignments"]) <= 20


def test_a_set_is_unassigned_and_then_deleted(sso, run):
    there = [("111", "GROUP", OPS), ("111", "USER", TARO), ("222", "GROUP", OPS)]
    arn = sso.add("Used", accounts=["111", "222"], assigned=there)
    gone = item("Used", state="absent", unassign=True)
    for options, text in (
        (dict(max_deletions=3), "max_deletions: this would delete 4 permission sets and account assignments"),
        (dict(protect=["ops"]), "protect: this would delete 2 protected"),
        (dict(protect=[arn]), "protect: this would delete 4 protected"),
    ):
        assert run(gone, **options)["msg"].startswith(text)
    predicted = run(gone, check=True)
    assert sso.writes() == []
    result = run(gone)
    assert (result["failed"], result["deleted"], sso.sets) == (False, 4, {})
    assert result["changes"] == predicted["changes"]
    assert [change["kind"] for change in result["changes"]] == ["account_assignment"] * 3 + ["permission_set"]
    assert result["diff"]["before"]["Used"]["account_assignments"] == [
        "Used: group ops in 111",
        "Used: group ops in 222",
        "Used: user taro in 111",
    ]
    assert not run(gone)["changed"]


def test_accounts_that_let_go_slowly_are_waited_for(sso, run):
    sso.add("Used", accounts=["111"], assigned=[("111", "GROUP", OPS)], lets_go=True)
    assert not run(item("Used", state="absent", unassign=True))["failed"]
    assert sso.writes().count("delete_permission_set") == 2


def test_a_set_that_could_not_be_unassigned_is_not_deleted(sso, run):
    sso.add("Used", accounts=["111"], assigned=[("111", "GROUP", OPS)])
    sso.add("Old")
    sso.refused["delete_account_assignment"] = "AccessDeniedException"
    result = run(item("Used", state="absent", unassign=True), item("Old", state="absent"))
    assert actions(result) == [("delete", "Old")]
    assert result["failures"][1]["error"] == "skipped, because it is still assigned (Used: group ops in 111)"


def test_the_callers_own_way_in_stays(sso, run):
    sso.arn = "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Used_0123456789abcdef/taro"
    sso.add("Used", accounts=["111111111111"], assigned=[("111111111111", "USER", TARO)])
    gone = item("Used", state="absent", unassign=True)
    assert run(gone)["msg"].startswith("allow_self_lockout: this would take Used in 111111111111 away")
    assert sso.writes() == []
    assert run(gone, allow_self_lockout=True)["deleted"] == 2
