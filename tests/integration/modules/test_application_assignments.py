# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""application_assignments and application_assignments_info over HTTP, by real ansible-playbook."""

from __future__ import annotations

import pytest

MODULE, INFO = "application_assignments", "application_assignments_info"
FULL = "keyless.aws." + MODULE
STATE = dict(
    users=[dict(user_name="taro"), dict(user_name="jiro"), dict(user_name="hanako")],
    groups=[dict(name="operators"), dict(name="auditors")],
    applications=[
        dict(name="Partner", provider="external_aws_account", status="DISABLED", users=["jiro"], groups=["auditors"]),
        dict(name="VPN", assignment_required=None),
        dict(name="Twin"),
        dict(name="Twin", status="DISABLED"),
    ],
)
WANTED = dict(
    applications=[
        dict(
            name="Partner",
            status="ENABLED",
            description="Ours",
            assignment_required=True,
            sign_in_options=dict(origin="APPLICATION", application_url="https://partner.example.com/start"),
            users=["taro", "hanako"],
            groups=["operators", "auditors"],
        )
    ]
)


@pytest.fixture
def arns(emulator):
    """Names to ARNs, of what is seeded."""
    return emulator.seed(STATE)["applications"]


def task(**arguments):
    return {"name": "Applications", FULL: arguments}


def test_check_mode_predicts_what_the_first_run_does_and_the_second_does_nothing(emulator, ansible, arns):
    predicted = ansible.module(MODULE, WANTED, check=True, diff=True)
    assert emulator.writes() == {}
    done, again, found, cleared = ansible.tasks(
        [
            task(**WANTED),
            task(**WANTED),
            {"name": "Read", "keyless.aws." + INFO: dict(applications=["Partner"])},
            task(applications=[dict(application_arn=arns["Partner"][0], name="Partners", users=[])]),
        ],
        diff=True,
    )
    for key in ("applications", "changes", "diff", "created", "updated", "deleted", "changed"):
        assert predicted[key] == done[key], key
    assert [(change["action"], change["name"]) for change in done["changes"]] == [
        ("update", "Partner"),
        ("create", "Partner: group operators"),
        ("create", "Partner: user taro"),
        ("create", "Partner: user hanako"),
        ("delete", "Partner: user jiro"),
    ]
    assert (done["created"], done["updated"], done["deleted"]) == (3, 1, 1)
    assert done["diff"]["after"]["application Partner"]["status"] == "ENABLED"
    assert (again["changed"], again["changes"], "diff" in again) == (False, [], False)
    assert found["applications"] == [
        dict(
            application_arn=arns["Partner"][0],
            name="Partner",
            application_provider_arn="arn:aws:sso::aws:applicationProvider/catalog/ExternalAWSAccount",
            provider="External AWS Account",
            protocol="SAML",
            saml=True,
            account_id="123456789012",
            status="ENABLED",
            description="Ours",
            portal_options=dict(
                visibility="ENABLED", origin="APPLICATION", application_url="https://partner.example.com/start"
            ),
            assignment_required=True,
            users=["hanako", "taro"],
            groups=["auditors", "operators"],
            orphaned=[],
        )
    ]
    assert (cleared["deleted"], cleared["updated"]) == (2, 1)
    assert (cleared["applications"][0]["name"], cleared["applications"][0]["users"]) == ("Partners", [])


def test_all_problems_at_once_and_nothing_is_written(emulator, run_module, arns):
    wrong = [
        dict(name="Partner", users=["tarp"], groups=["nobody"]),
        dict(name="Partner two"),
        dict(name="Twin", status="ENABLED"),
    ]
    result = run_module(MODULE, dict(applications=wrong), fails=True)
    said = result["problems"]
    assert said[:2] == [
        "applications[0].groups[0]: no group 'nobody'",
        "applications[0].users[0]: no user 'tarp' (did you mean 'taro'?)",
    ]
    assert said[2].startswith("applications[1].name: no application 'Partner two' in ssoins-")
    assert "checklist that the role keyless.aws.external_login writes" in said[2]
    assert said[3].startswith("applications[2].name: 2 applications are called 'Twin'; give application_arn, one of ")
    assert all(arn in said[3] for arn in arns["Twin"])
    assert emulator.writes() == {}


def test_guardrails_stop_before_the_first_write(emulator, ansible, arns):
    stopped = ansible.module(MODULE, dict(WANTED, max_deletions=0), fails=True)
    assert stopped["deletions"] == ["Partner: user jiro"]
    kept = ansible.module(MODULE, dict(WANTED, protect=["JIRO"]), fails=True)
    assert "protect: this would delete 1 protected application assignments" in kept["msg"]
    assert emulator.writes() == {}


def test_one_failing_item_does_not_stop_the_others(emulator, run_module, arns):
    """An application that lets nobody choose whether assignments are required, and a write that goes wrong."""
    emulator.faults("sso-admin:CreateApplicationAssignment", "AccessDeniedException", times=1)
    items = [
        dict(name="VPN", assignment_required=True, users=["taro"]),
        dict(name="Partner", users=["jiro", "taro"]),
        dict(application_arn=arns["Twin"][1], status="ENABLED", groups=["operators"]),
    ]
    result = run_module(MODULE, dict(applications=items), fails=True)
    failures = {(each["action"], each["name"]): each["error"] for each in result["failures"]}
    assert len(failures) == 2
    assert "leave the option out, or use the console" in failures.pop(("read", "VPN"))
    ((what, name), error), = failures.items()
    assert (what, "sso:CreateApplicationAssignment" in error) == ("create", True)
    shown = {each["name"]: each for each in result["applications"]}
    failed_list = shown[name.partition(":")[0]]
    assert failed_list.get("users", []) + failed_list.get("groups", []) in (["jiro"], [])
    assert shown["Twin"]["status"] == "ENABLED"
    assert result["changed"] is True
    again = run_module(MODULE, dict(applications=items[1:]))
    assert (again["created"], again["updated"]) == (1, 0)


def test_what_users_and_groups_leave_behind(emulator, ansible, arns):
    """Assignments outlive users; they are shown by id, and go when the list is exact."""
    center = emulator.client("sso-admin").list_instances()["Instances"][0]
    jiro = emulator.seed(STATE)["users"]["jiro"]
    emulator.client("identitystore").delete_user(IdentityStoreId=center["IdentityStoreId"], UserId=jiro)
    found, added, cleaned = ansible.tasks(
        [
            {"name": "Read", "keyless.aws." + INFO: dict()},
            task(applications=[dict(name="Partner", users=["taro"], purge=False)]),
            task(applications=[dict(name="Partner", users=["taro"])]),
        ]
    )
    partner = next(each for each in found["applications"] if each["name"] == "Partner")
    assert (partner["users"], partner["orphaned"]) == ([jiro], [jiro])
    assert "assignment_required" not in next(each for each in found["applications"] if each["name"] == "VPN")
    assert sorted(added["applications"][0]["users"]) == sorted([jiro, "taro"])
    assert [change["name"] for change in cleaned["changes"]] == [f"Partner: user {jiro}"]


def test_what_is_expected_counts_in_check_mode_only(emulator, run_module, arns):
    wanted = dict(applications=[dict(name="Partner", users=["new", "jiro"])], expected=dict(users=["new"]))
    predicted = run_module(MODULE, wanted, check=True)
    assert predicted["applications"][0]["users"] == ["jiro", "new"]
    assert "no user 'new'" in run_module(MODULE, wanted, fails=True)["msg"]
    assert emulator.writes() == {}
