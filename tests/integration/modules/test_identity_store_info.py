"""identity_store_info over HTTP, by real ansible-playbook, and the examples of both modules."""

from __future__ import annotations

import pytest
import yaml
from ansible_runs import ROOT
from directory import TARO, TEAM, since


@pytest.fixture
def team(run_module):
    return run_module("identity_store", TEAM)


def test_info_gives_back_what_was_put_in(emulator, run_module, team):
    before = emulator.calls()
    found = run_module("identity_store_info", {})
    assert not found["changed"]
    taro = next(user for user in found["users"] if user["user_name"] == "taro@example.com")
    assert taro == dict(TARO, user_id=team["users"][0]["user_id"], user_status="ENABLED")
    assert [user["user_name"] for user in found["users"]] == ["hana@example.com", "taro@example.com"]
    assert found["groups"] == [
        dict(name="db", group_id=team["groups"][1]["group_id"], members=["hana@example.com"]),
        dict(
            name="web",
            group_id=team["groups"][0]["group_id"],
            description="Web servers",
            members=["hana@example.com", "taro@example.com"],
        ),
    ]
    assert since(emulator, before) == {
        "sso-admin:ListInstances": 1,
        "identitystore:ListUsers": 1,
        "identitystore:ListGroups": 1,
        "identitystore:ListGroupMemberships": 2,
    }


def test_info_reads_only_what_is_asked_for(emulator, run_module, team):
    before = emulator.calls()
    found = run_module("identity_store_info", dict(groups=["WEB", "none"], include=["groups"]))
    assert (found["users"], [group["name"] for group in found["groups"]]) == ([], ["web"])
    assert "members" not in found["groups"][0]
    assert found["missing_groups"] == ["none"]
    assert since(emulator, before) == {"sso-admin:ListInstances": 1, "identitystore:ListGroups": 1}
    found = run_module("identity_store_info", dict(users=["Taro@example.com", "none"], include=["users"]))
    assert [user["user_name"] for user in found["users"]] == ["taro@example.com"]
    assert "enterprise" not in found["users"][0]
    assert (found["groups"], found["missing_users"]) == ([], ["none"])


# The documentation


def test_the_examples_run(ansible):
    examples = []
    for module in ("identity_store", "identity_store_info"):
        text = (ROOT / "plugins" / "modules" / f"{module}.py").read_text()
        examples += yaml.safe_load(text.split('EXAMPLES = r"""')[1].split('"""')[0])
    results = ansible.tasks(examples)
    assert len(results) == len(examples) == 7
