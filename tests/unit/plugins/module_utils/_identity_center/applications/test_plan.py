# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what applications are like to what they shall be like."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import Guard
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.applications.plan import (
    plan_applications,
    undo,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.applications.records import (
    Application,
    Current,
    Found,
    Item,
    Wanted,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.records import Names, Principal
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError

ARN = "arn:aws:sso::111122223333:application/ssoins-1234567890abcdef/apl-1234567890abcdef"
THERE = Application(
    ARN, "Partner", status="DISABLED", sign_in_options=dict(origin="IDENTITY_CENTER"), visibility="ENABLED"
)
TARO, JIRO, GROUP = Principal("USER", "taro", "u1"), Principal("USER", "jiro", "u2"), Principal("GROUP", "ops", "g1")
NAMES = Names(users=dict(u1="taro", u2="jiro"), groups=dict(g1="ops"))


def found(principals=(), assigned=(), required=None, application=THERE, **item):
    lists = dict(users=tuple(each.name for each in principals if each.type == "USER"),
                 groups=tuple(each.name for each in principals if each.type == "GROUP"))  # fmt: skip
    keys = {"users": "USER", "groups": "GROUP"}
    managed = item.pop("managed", ("users", "groups"))
    item.update({key: lists[key] for key in keys if key in managed})
    want = Wanted(Item("applications[0]", application.name, None, **item), application, tuple(principals))
    return Found(want, frozenset((each.type, each.id) for each in assigned), required)


def plan(*all_found, guard=None, unread=()):
    return plan_applications(Current(list(all_found), NAMES, list(unread)), guard or Guard())


def shown(plan):
    return [(change.action, change.kind, change.name) for change in plan.changes]


def test_nothing_to_do():
    made = plan(found([TARO], [TARO], True, fields=dict(status="DISABLED"), assignment_required=True))
    assert (made.changes, made.before, made.after) == ([], {}, {})
    assert made.result["applications"] == [
        dict(application_arn=ARN, name="Partner", application_provider_arn="", account_id="", status="DISABLED",
             portal_options=dict(origin="IDENTITY_CENTER", visibility="ENABLED"), assignment_required=True,
             users=["taro"], groups=[])
    ]  # fmt: skip


def test_settings_first_then_new_assignments_deletions_last():
    made = plan(
        found([GROUP, TARO], [JIRO], False, fields=dict(status="ENABLED", description="Ours"), assignment_required=True)
    )
    assert shown(made) == [
        ("update", "application", "Partner"),
        ("update", "application_assignment_configuration", "Partner"),
        ("create", "application_assignment", "Partner: group ops"),
        ("create", "application_assignment", "Partner: user taro"),
        ("delete", "application_assignment", "Partner: user jiro"),
    ]
    assert made.before == {
        "application Partner": dict(status="DISABLED", description=None, assignment_required=False),
        "application_assignments": ["Partner: user jiro"],
    }
    assert made.after == {
        "application Partner": dict(status="ENABLED", description="Ours", assignment_required=True),
        "application_assignments": ["Partner: group ops", "Partner: user taro"],
    }
    assert made.changes[0].payload.after == dict(status="ENABLED", description="Ours")
    (goal,) = made.result["applications"]
    assert (goal["status"], goal["users"], goal["groups"]) == ("ENABLED", ["taro"], ["ops"])


def test_what_is_not_given_stays():
    made = plan(found([TARO], [GROUP], managed=("users",)))
    assert shown(made) == [("create", "application_assignment", "Partner: user taro")]
    assert "groups" not in made.result["applications"][0]


def test_without_purge_assignments_are_only_added():
    made = plan(found([TARO], [JIRO], purge=False))
    assert shown(made) == [("create", "application_assignment", "Partner: user taro")]
    assert made.result["applications"][0]["users"] == ["jiro", "taro"]


def test_sign_in_options_are_merged():
    there = Application(ARN, "Partner", sign_in_options=dict(origin="APPLICATION", application_url="https://a.example"))
    made = plan(found(application=there, fields=dict(sign_in_options=dict(origin="IDENTITY_CENTER"))))
    assert made.changes[0].payload.after == dict(
        sign_in_options=dict(origin="IDENTITY_CENTER", application_url="https://a.example")
    )
    same = plan(found(application=there, fields=dict(sign_in_options=dict(origin="APPLICATION"))))
    assert same.changes == []


def test_who_no_longer_exists_is_called_by_id_and_goes():
    made = plan(found([], [Principal("USER", None, "u9")]))
    assert shown(made) == [("delete", "application_assignment", "Partner: user u9")]


def test_guardrails():
    with pytest.raises(UserError, match="max_deletions: this would delete 2 application assignments"):
        plan(found([], [TARO, JIRO]), guard=Guard(max_deletions=1))
    for name in ("jiro", "u2", "partner", ARN):
        with pytest.raises(UserError, match="protect: this would delete"):
            plan(found([TARO], [TARO, JIRO]), guard=Guard(protect=[name]))


def test_applications_of_one_name_are_told_apart():
    other = Application(ARN[:-1] + "0", "Partner")
    made = plan(found([TARO]), found([TARO], application=other))
    assert [change.name for change in made.changes] == [f"{ARN}: user taro", f"{other.arn}: user taro"]


def test_what_could_not_be_read_fails_alone():
    made = plan(found([TARO]), unread=[(Application(ARN, "VPN"), "no")])
    assert [(each.change.action, each.change.name, each.error) for each in made.failures] == [("read", "VPN", "no")]
    assert len(made.changes) == 1


def test_undo_leaves_what_was_there():
    made = plan(
        found([TARO], [JIRO], False, fields=dict(status="ENABLED", description="x",
              sign_in_options=dict(origin="APPLICATION", application_url="https://a.example")),
              assignment_required=True)
    )  # fmt: skip
    (goal,) = made.result["applications"]
    for change in made.changes:
        undo(goal, change)
    there = THERE.shown()
    assert goal == dict(there, assignment_required=False, users=["jiro"], groups=[])
