# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doors: they hand over, and every UserError becomes Ansible's own."""

from __future__ import annotations

import json

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.filter import access_answers, access_plan, host_access, session_policy

MODEL = {
    "region": "ap-northeast-1",
    "people": {"taro": {}},
    "groups": {"web": ["taro"]},
    "accounts": {"prod": {"id": "111122223333", "regions": ["ap-northeast-1"]}},
    "grants": [{"name": "Web", "to": {"groups": ["web"]}, "accounts": ["prod"], "instances": {"all": True}}],
}
HOST = {"instance_id": "i-0123456789abcdef0", "account_id": "111122223333", "region": "ap-northeast-1"}
SCOPE = {"principal": "role", "instances": {"all": True}, "connect": ["shell"]}
MANY = dict(SCOPE, instances={"ids": [f"i-{number:017x}" for number in range(300)]})


def filters(module):
    return module.FilterModule().filters()


@pytest.mark.parametrize(
    "module, name",
    [(m, m.__name__.rsplit(".", 1)[-1]) for m in (access_answers, access_plan, host_access, session_policy)],
)
def test_each_file_has_the_filter_of_its_name(module, name):
    assert list(filters(module)) == [name]
    assert f"name: {name}\n" in module.DOCUMENTATION


def test_session_policy():
    door = filters(session_policy)["session_policy"]
    assert door(SCOPE)["Version"] == "2012-10-17"
    assert len(door(MANY, place="anywhere")["Statement"][0]["Resource"]) == 300
    with pytest.raises(AnsibleFilterError, match="characters without white space"):
        door(MANY)
    with pytest.raises(AnsibleFilterError, match="place: 'users' is not one of permission_set, managed_policy, user"):
        door(SCOPE, place="users")
    with pytest.raises(AnsibleFilterError, match="format: 'yaml' is not one of document, minified"):
        door(SCOPE, format="yaml")
    assert json.loads(door(SCOPE, format="minified")) == door(SCOPE)
    assert len(door(SCOPE, place="session")["Statement"]) < len(door(SCOPE)["Statement"])
    assert door([SCOPE, SCOPE]) == door(SCOPE)
    with pytest.raises(AnsibleFilterError, match=r"session_policy: scopes\[1\].console: 5 is neither true nor false"):
        door([SCOPE, dict(SCOPE, console=5)])
    said = r"2 problems:\n- scope.principal: is missing; give one of .*\n- scope.connect: is missing; give"
    with pytest.raises(AnsibleFilterError, match=said):
        door({"instances": {"all": True}})


def test_access_plan():
    door = filters(access_plan)["access_plan"]
    assert [entry["name"] for entry in door(MODEL)["cloud"]["permission_sets"]] == ["Web"]
    with pytest.raises(AnsibleFilterError, match="access_plan: .*region: is missing"):
        door({key: value for key, value in MODEL.items() if key != "region"})


def test_host_access():
    door = filters(host_access)["host_access"]
    assert door(MODEL, HOST)["users"] == [{"name": "taro", "state": "present"}]
    with pytest.raises(AnsibleFilterError, match="host_access: host.region: "):
        door(MODEL, dict(HOST, region="Tokyo"))


def test_access_answers():
    door = filters(access_answers)["access_answers"]
    answers = door({"users": [{"user_name": "taro"}], "hosts": [HOST]})
    assert answers["rows"][0]["why_not"] == "no assignment in account 111122223333"
    assert any("no assignment here" in line for line in answers["table"])
    with pytest.raises(AnsibleFilterError, match="access_answers: facts.hosts: "):
        door({"hosts": 5})
