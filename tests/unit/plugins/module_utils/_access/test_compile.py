# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._access.compile import compile_access
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.conditions import context_of
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.evaluate import evaluate
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.validate import (
    permission_sets,
)
from ansible_collections.keyless.aws.plugins.module_utils._sessions.places import policy_size
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy

OU, ROOT = "ou-ab12-cdefgh34", "r-ab12"
KEYS = {
    "access_control_attributes",
    "identity_store",
    "permission_sets",
    "account_assignments",
    "session_preferences",
    "iam_users",
    "session_policies",
    "saml_providers",
    "roles",
    "instance_profiles",
}


def cloud(model, units=None):
    return compile_access(model, units)["cloud"]


def notes(model, units=None):
    return {(note["severity"], note["path"]): note["message"] for note in compile_access(model, units)["notes"]}


def test_the_keys_are_these_and_no_others(model):
    compiled = compile_access(model)
    assert set(compiled) == {"cloud", "notes"}
    assert set(compiled["cloud"]) == KEYS
    assert [compiled["cloud"][key] for key in ("session_policies", "saml_providers", "roles", "instance_profiles")] == [
        []
    ] * 4


def test_the_model_is_left_as_it_was(model):
    before = copy.deepcopy(model)
    first = compile_access(model)
    assert model == before
    assert compile_access(model) == first


def test_attributes(model):
    assert cloud(model)["access_control_attributes"] == {
        "attributes": {"SSMSessionRunAs": "nickName", "Team": "enterprise.department"}
    }
    del model["attributes"]["SSMSessionRunAs"]
    assert cloud(model)["access_control_attributes"]["attributes"]["SSMSessionRunAs"] == "nickName"


def test_people_and_groups(model):
    assert cloud(model)["identity_store"] == {
        "users": [
            {
                "user_name": "taro@example.com",
                "email": "taro@example.com",
                "given_name": "Taro",
                "family_name": "Tanaka",
                "display_name": "Taro Tanaka",
                "nick_name": "taro",
                "enterprise": {"department": "web"},
                "state": "present",
            },
            {
                "user_name": "hanako@example.com",
                "nick_name": "hana",
                "enterprise": {"department": "db"},
                "state": "present",
            },
            {
                "user_name": "jiro",
                "title": "Engineer",
                "nick_name": "jiro",
                "enterprise": {"department": "web"},
                "state": "present",
            },
            {"user_name": "gone@example.com", "state": "absent"},
        ],
        "groups": [
            {"name": "web-operators", "members": ["taro@example.com", "jiro"], "state": "present"},
            {"name": "dba", "members": ["hanako@example.com"], "state": "present"},
        ],
    }


def test_an_external_directory_is_not_managed(model):
    model["directory"] = "external"
    assert cloud(model)["identity_store"] == {"users": [], "groups": []}
    assert cloud(model)["account_assignments"]["assignments"][0]["groups"] == ["web-operators"]
    assert "make sure that the source of SSMSessionRunAs" in notes(model)[("info", "directory")]


def test_one_permission_set_for_each_grant(model):
    sets = cloud(model)["permission_sets"]
    assert [{key: value for key, value in entry.items() if key != "inline_policy"} for entry in sets] == [
        {
            "name": "WebOperator",
            "description": "Operators of the web servers",
            "session_duration": "PT4H",
            "tags": {"keyless:managed": "true"},
            "state": "present",
        },
        {"name": "OwnTeam", "tags": {"keyless:managed": "true"}, "state": "present"},
        {"name": "Sandbox", "tags": {"keyless:managed": "true"}, "state": "present"},
    ]
    assert sets[0]["inline_policy"] == session_policy(
        {
            "principal": "identity_center",
            "accounts": ["111122223333"],
            "regions": ["ap-northeast-1", "us-east-1"],
            "instances": {"tags": {"Team": "web"}},
            "connect": ["shell", "port_forward"],
            "run_as": "required",
        }
    )
    assert not [part for part in sets[2]["inline_policy"]["Statement"] if part["Effect"] == "Deny"]


def test_assignments(model):
    assert cloud(model)["account_assignments"] == {
        "assignments": [
            {"permission_sets": ["WebOperator"], "groups": ["web-operators"], "accounts": ["111122223333"]},
            {"permission_sets": ["OwnTeam"], "groups": ["web-operators", "dba"], "accounts": ["111122223333"]},
            {"permission_sets": ["Sandbox"], "groups": ["dba"], "users": ["jiro"], "accounts": ["012345670123"]},
        ]
    }


def test_preferences_are_grouped_by_run_as(model):
    shared = {
        "idle_session_timeout": 20,
        "max_session_duration": 60,
        "cloud_watch_log_group_name": "/ssm/sessions",
        "run_as_default_user": "",
    }
    role = "arn:aws:iam::111122223333:role/keyless"
    assert cloud(model)["session_preferences"] == [
        dict(
            shared,
            run_as_enabled=True,
            targets=[
                {"account_id": "111122223333", "region": "ap-northeast-1", "role_arn": role},
                {"account_id": "111122223333", "region": "us-east-1", "role_arn": role},
            ],
        ),
        dict(
            shared,
            run_as_enabled=False,
            targets=[{"account_id": "012345670123", "region": "ap-northeast-1", "profile": "sandbox"}],
        ),
    ]


def test_every_option_of_the_preferences(model):
    key = "arn:aws:kms:ap-northeast-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    model["sessions"] = {
        "idle_timeout": "5",
        "max_duration": 10,
        "cloudwatch_log_group": "",
        "cloudwatch_encryption": True,
        "cloudwatch_streaming": False,
        "s3_bucket": "logs",
        "s3_key_prefix": "ssm/",
        "s3_encryption": True,
        "kms_key": key,
        "shell_profile": {"linux": "exec bash", "windows": ""},
    }
    entry = cloud(model)["session_preferences"][0]
    del entry["targets"]
    assert entry == {
        "run_as_enabled": True,
        "run_as_default_user": "",
        "idle_session_timeout": 5,
        "max_session_duration": 10,
        "cloud_watch_log_group_name": "",
        "cloud_watch_encryption_enabled": True,
        "cloud_watch_streaming_enabled": False,
        "s3_bucket_name": "logs",
        "s3_key_prefix": "ssm/",
        "s3_encryption_enabled": True,
        "kms_key_id": key,
        "shell_profile": {"linux": "exec bash", "windows": ""},
    }
    sids = [part["Sid"] for part in cloud(model)["permission_sets"][0]["inline_policy"]["Statement"]]
    assert "EncryptSessions" in sids
    assert "sessions in ap-northeast-1, us-east-1 cannot use it" in notes(model)[("warning", "sessions.kms_key")]


def test_organizational_units(model):
    model["grants"][0]["accounts"] = [OU, "web-prod", ROOT]
    row = cloud(model)["account_assignments"]["assignments"][0]
    assert (row["accounts"], row["organizational_units"]) == (["111122223333"], [OU, ROOT])
    document = cloud(model)["permission_sets"][0]["inline_policy"]
    assert document["Statement"][0]["Resource"] == [
        "arn:aws:ec2:ap-northeast-1:*:instance/*",
        "arn:aws:ec2:us-east-1:*:instance/*",
    ]
    assert "DenySharedSessionDocuments" in [part["Sid"] for part in document["Statement"]]
    assert "were not looked up" in notes(model)[("warning", "grants[0].accounts")]


@pytest.mark.parametrize(
    "ids, told",
    [(["111122223333"], None), (["111122223333", "999999999999"], f"{OU} holds 999999999999, not in accounts")],
)
def test_units_that_are_known(model, ids, told):
    model["grants"][0]["accounts"] = [OU]
    found = notes(model, {OU: ids}).get(("warning", "grants[0].accounts"))
    assert (found is None) if told is None else (told in found)


def test_many_accounts_make_a_policy_that_still_fits(model):
    for number in range(60):
        model["accounts"][f"more-{number}"] = {"id": f"{number:012d}", "regions": ["ap-northeast-1"], "profile": "p"}
    model["grants"][0]["accounts"] = ["web-prod"] + [f"more-{number}" for number in range(60)]
    entry = cloud(model)["permission_sets"][0]
    assert policy_size(entry["inline_policy"]) <= 10240
    assert "says * for its 61 accounts" in notes(model)[("info", "grants[0].accounts")]
    context = context_of(
        {"aws:PrincipalTag/SSMSessionRunAs": "taro", "aws:ResourceAccount": "999999999999", "aws:PrincipalAccount": "1"}
    )
    shared = "arn:aws:ssm:ap-northeast-1:999999999999:document/SSM-SessionManagerRunShell"
    assert evaluate([entry["inline_policy"]], "ssm:StartSession", shared, context).effect == "denied"


def test_what_is_worth_knowing(model):
    model["people"]["jiro"]["os_user"] = "taro"
    model["grants"][0].update(connect=["shell", "ssh", "command"], sudo="all")
    model["groups"]["idle"] = ["taro"]
    model["groups"]["nobody"] = []
    model["grants"][2]["to"] = {"groups": ["nobody"]}
    for account in model["accounts"].values():
        account.pop("role_arn", None)
        account.pop("profile", None)
    found = notes(model)
    assert "taro, jiro share the OS user 'taro'" in found[("warning", "people")]
    assert found[("info", "groups.idle")] == "no grant names this group"
    assert "web-prod, sandbox have neither role_arn nor profile" in found[("warning", "accounts")]
    assert "logs nothing of what goes through ssh" in found[("info", "grants[0].connect")]
    assert "command counts as root" in found[("warning", "grants[0].connect")]
    assert found[("info", "grants[2].to")] == "nobody of the model is reached"


def test_the_permission_sets_module_takes_what_comes_out(model):
    import json

    items = [dict(entry, inline_policy=json.dumps(entry["inline_policy"])) for entry in cloud(model)["permission_sets"]]
    assert [record.name for record in permission_sets(items)] == ["WebOperator", "OwnTeam", "Sandbox"]
