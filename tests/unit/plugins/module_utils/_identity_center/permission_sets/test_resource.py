"""The whole way through `reconcile`, against an sso-admin that is a few dictionaries."""

from __future__ import annotations

import functools
import itertools
import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets import resource
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile

AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}
LONG = {"Version": "2012-10-17", "Statement": [{"Resource": ["*"], "Effect": "Allow", "Action": ["ec2:Describe*"]}]}
BUSY = dict(Status="IN_PROGRESS")


class Module:
    """What is used of an AnsibleAWSModule; leaves by exception, as the real one does."""

    _diff = False

    def __init__(self, params, check_mode=False):
        self.params, self.check_mode = dict(dict(instance_arn=None), **params), check_mode

    def exit_json(self, **result):
        raise SystemExit(dict(result, failed=False))

    def fail_json(self, **result):
        raise SystemExit(dict(result, failed=True))


@pytest.fixture
def run(sso, monkeypatch):
    """run(*items, check=…, **options) -> the result of permission_sets"""
    monkeypatch.setattr(resource, "Client", lambda module, service: sso)
    quickly = functools.partial(resource.settle, clock=itertools.count().__next__, sleep=lambda seconds: None)
    monkeypatch.setattr(resource, "settle", quickly)

    def run(*items, check=False, **options):
        defaults = dict(purge_policies=True, purge_tags=True, provision="changed", wait_timeout=600)
        module = Module(dict(defaults, permission_sets=list(items), **options), check)
        with pytest.raises(SystemExit) as end:
            reconcile(module, resource.PermissionSets(module))
        return end.value.code

    return run


@pytest.fixture
def info(sso, run):
    """info(names=…, include=…) -> the answer of permission_sets_info"""

    def info(names=None, include=()):
        return resource.read_permission_sets(Module(dict(names=names, include=list(include))))

    return info


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
    sso.endings["Web", None] = [BUSY, BUSY, dict(Status="SUCCEEDED")]
    result = run(item(description="New", managed_policies=[AUDIT]))
    assert result["changes"][-1] == dict(action="provision", kind="permission_set", name="Web", accounts=["111", "222"])
    assert sso.writes().count("provision_permission_set") == 1
    assert [len(statuses) for statuses in sso.requests.values()] == [1]


def test_outdated_accounts_are_healed_when_asked_for(sso, run):
    sso.add("Web", accounts=["111", "222"], outdated=["222"])
    assert not run(item())["changed"]
    result = run(item(), provision="outdated")
    assert result["changes"] == [dict(action="provision", kind="permission_set", name="Web", accounts=["222"])]
    assert not run(item(), provision="outdated")["changed"]


def test_a_failed_provisioning_is_named_with_its_reason_and_the_others_are_done(sso, run):
    for name in ("Web", "Db", "Slow"):
        sso.add(name, accounts=["111"])
    sso.endings["Web", None] = [BUSY, dict(Status="FAILED", FailureReason="The role is not ours.")]
    sso.endings["Slow", None] = [BUSY]
    result = run(*(item(name, description="New") for name in ("Web", "Db", "Slow")), wait_timeout=30)
    assert {failure["name"]: failure["action"] for failure in result["failures"]} == dict(
        Web="provision", Slow="provision"
    )
    web, slow = [failure["error"] for failure in result["failures"]]
    assert web == "The role is not ours."
    assert slow.startswith("still in progress after 30 seconds (request request-")
    assert ("provision", "Db") in actions(result)
    assert result["updated"] == 3


def test_failures_of_several_accounts_are_all_told(sso, run):
    sso.add("Web", accounts=["111", "222", "333"], outdated=["111", "222", "333"])
    for account, reason in (("111", "one"), ("333", "three")):
        sso.endings["Web", account] = [dict(Status="FAILED", FailureReason=reason)]
    (failure,) = run(item(), provision="outdated")["failures"]
    assert failure["error"] == "one; three"


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
    sso.refused.clear()
    healed = run(*both)
    assert actions(healed) == [("update", "Web"), ("update", "Web"), ("provision", "Web")]


def test_deletions_come_last_and_do_not_depend_on_others(sso, run):
    sso.add("Used", accounts=["111"])
    sso.add("Old")
    sso.add("Web", accounts=["111"])
    result = run(item("Used", state="absent"), item("Old", state="absent"), item("Web", description="New"))
    assert actions(result) == [("update", "Web"), ("provision", "Web"), ("delete", "Old")]
    (failure,) = result["failures"]
    assert (failure["action"], failure["name"]) == ("delete", "Used")
    assert {there["Name"] for there in sso.sets.values()} == {"Used", "Web"}


def test_info_shows_what_is_asked_for_sorted_and_names_what_is_missing(sso, info):
    web = sso.add("Web", accounts=["222", "111"], outdated=["222"], tags={"a": "b"})
    sso.add("Db", managed=[AUDIT])
    assert [each["name"] for each in info()["permission_sets"]] == ["Db", "Web"]
    answer = info(names=["Web", "Nobody"], include=["tags", "accounts"])
    assert answer["missing"] == ["Nobody"]
    assert answer["permission_sets"] == [
        dict(
            name="Web",
            permission_set_arn=web,
            session_duration="PT1H",
            tags={"a": "b"},
            accounts=["111", "222"],
            outdated_accounts=["222"],
        )
    ]
    assert sso.writes() == []
