# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Story S0: Windows desktops through Fleet Manager, from one model to the answers, and who was left behind."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible_runs import COLLECTIONS
from judged_scopes import asked_of, judge
from session_world import Person

WINDOWS = "i-0cccccccccccccccc"
MODEL = {
    "region": "ap-northeast-1",
    "people": {
        name: {
            "user_name": f"{name}@example.com",
            "email": f"{name}@example.com",
            "given_name": name,
            "family_name": "X",
        }
        for name in ("taro", "ken")
    },
    "groups": {"desktops": ["taro", "ken"]},
    "accounts": {
        "web-prod": {
            "id": "111122223333",
            "regions": ["ap-northeast-1"],
            "role_arn": "arn:aws:iam::111122223333:role/keyless",
        }
    },
    "grants": [
        {
            "name": "SsoLoginPermissionSet",
            "to": {"groups": ["desktops"]},
            "accounts": ["web-prod"],
            "instances": {"tags": {"Os": "windows"}},
            "connect": ["rdp"],
        }
    ],
}
INVENTORY = {
    "all": {
        "hosts": {
            "win-1": {
                "ansible_connection": "local",
                "platform": "windows",
                "instance_id": WINDOWS,
                "owner_id": "111122223333",
                "placement": {"region": "ap-northeast-1"},
                "tags": {"Os": "windows"},
            }
        }
    }
}
# Nothing runs Windows here. What stands in for ansible.windows.win_powershell takes the options of the real module's
# documentation, and answers what a host would where Ken and Taro have opened a desktop.
STAND_IN = """#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule({spec!r}, supports_check_mode=True)
if "S-1-5-32-544" not in module.params["script"]:
    module.fail_json(msg="this is not the group of administrators")
module.exit_json(changed=True, output=["WIN-1\\\\Administrator", "WIN-1\\\\taro", "WIN-1\\\\ken"])
"""


@pytest.fixture
def site(emulator, ansible):
    emulator.seed({"accounts": [{"id": "111122223333", "name": "web-prod"}]})
    inventory = ansible.home / "windows.yml"
    inventory.write_text(yaml.safe_dump(INVENTORY))

    def run(model=None, playbook="keyless.aws.site", **more):
        done = ansible.run(playbook, "-i", str(inventory), extra=dict(keyless_access=model or MODEL, **more))
        answer = json.loads(done.stdout)
        rows = [
            task["hosts"]["localhost"]["ansible_facts"]["access_report_rows"]
            for play in answer["plays"]
            for task in play["tasks"]
            if task["task"]["name"].endswith("Put it together")
        ]
        return answer["stats"], {row["person"].split("@")[0]: row for found in rows for row in found}

    return run


@pytest.fixture
def windows(ansible):
    """The collection ansible.windows, of which only the stand-in works."""
    documented = json.loads(ansible.command("ansible-doc", "-j", "-t", "module", "ansible.windows.win_powershell"))
    options = documented["ansible.windows.win_powershell"]["doc"]["options"]
    spec = {name: {"type": _type(option), "default": option.get("default")} for name, option in options.items()}
    modules = ansible.home / "collections" / "ansible_collections" / "ansible" / "windows" / "plugins" / "modules"
    modules.mkdir(parents=True)
    (modules / "win_powershell.py").write_text(STAND_IN.format(spec=spec))
    (modules.parents[1] / "MANIFEST.json").write_text(
        json.dumps({"collection_info": {"namespace": "ansible", "name": "windows", "version": "3.0.0"}, "format": 1})
    )
    ansible.environment["ANSIBLE_COLLECTIONS_PATH"] = f"{ansible.home / 'collections'}:{COLLECTIONS}"


def _type(option):
    return "str" if option["type"] == "path" else option["type"]


def test_desktops_from_one_model(emulator, site, ask, windows):
    first, rows = site()
    assert first["localhost"]["changed"] == 5  # people and groups, attributes, permission set, assignment, preferences
    assert {name: (row["allowed"], row["os_user"], row["exists_on_host"]) for name, row in rows.items()} == {
        "taro": (True, "taro", None),
        "ken": (True, "ken", None),
    }
    again, _rows = site()
    assert {host: (stats["changed"], stats["failures"]) for host, stats in again.items()} == {
        "localhost": (0, 0),
        "win-1": (0, 0),
    }
    roles = emulator.client("iam", account="111122223333").list_roles(PathPrefix="/aws-reserved/")["Roles"]
    assert [role["RoleName"].split("_")[1] for role in roles] == ["SsoLoginPermissionSet"]
    inline = emulator.client("iam", account="111122223333").get_role_policy(
        RoleName=roles[0]["RoleName"], PolicyName="AwsSSOInlinePolicy"
    )
    scope = {
        "principal": "identity_center",
        "accounts": ["111122223333"],
        "regions": ["ap-northeast-1"],
        "instances": {"tags": {"Os": "windows"}},
        "connect": ["rdp"],
    }
    person = Person("identity_center")
    assert judge(ask, inline["PolicyDocument"], scope, person, asked_of(scope, person)) > 100

    # who is out of the group has no right any more, and is an administrator there still
    less = dict(MODEL, groups={"desktops": ["taro"], "others": ["ken"]})
    _stats, rows = site(less, keyless_read_administrators=True)
    assert {name: (row["allowed"], row["leftover"]) for name, row in rows.items()} == {
        "taro": (True, False),
        "ken": (False, True),
    }


@pytest.mark.parametrize(
    "change, told",
    [
        ({"people": {"taro": {"user_name": "taro.tanaka.tokyo@example.com"}}}, "has 17 characters"),
        ({"region": "us-east-1"}, "rdp works in the Region of Identity Center only, us-east-1"),
        (
            {"people": {"taro": {"user_name": "t@example.com"}, "ken": {"user_name": "T@example.org"}}},
            "become the same local user",
        ),
    ],
)
def test_what_would_go_wrong_is_said_before_anything_is_written(emulator, ansible, change, told):
    model = dict(MODEL, **change)
    model["groups"] = {"desktops": list(model["people"])}
    done = ansible.run("keyless.aws.cloud", "-i", "localhost,", extra={"keyless_access": model}, fails=True)
    assert told in done.stdout
    assert emulator.writes() == {}
