"""No module and no playbook sends a single write request in check mode, judged by what the emulator received."""

from __future__ import annotations

import pathlib

import pytest
import yaml
from saml_files import metadata

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/keyless"
ORGANIZATION = {
    "accounts": [{"id": ACCOUNT, "name": "web-prod"}, {"id": "444455556666", "name": "data-prod"}],
    "applications": [{"name": "Partner", "status": "DISABLED"}],
    "instances": [{"account_id": ACCOUNT, "instance_id": "i-0aaaaaaaaaaaaaaa1"}],
}
TARGETS = [dict(account_id=ACCOUNT, role_arn=ROLE, region="ap-northeast-1")]
ACCOUNTS = [dict(account_id=ACCOUNT, role_arn=ROLE)]
SCOPE = dict(principal="role", instances=dict(tags=dict(Team="web")), connect=["shell"])

# For each cloud module two sets of arguments: something new, and something else once that is there.
ARGUMENTS = {
    "identity_store": [
        dict(
            users=[dict(user_name="taro", given_name="Taro", family_name="Tanaka", nick_name="taro")],
            groups=[dict(name="web", members=["taro"])],
        ),
        dict(
            users=[dict(user_name="taro", nick_name="taro2"), dict(user_name="ken", state="absent")],
            groups=[dict(name="web", description="x", members=[])],
        ),
    ],
    "access_control_attributes": [
        dict(attributes=dict(SSMSessionRunAs="nickName")),
        dict(attributes=dict(Team="enterprise.department"), purge=True),
    ],
    "permission_sets": [
        dict(permission_sets=[dict(name="Web", managed_policies=["arn:aws:iam::aws:policy/SecurityAudit"])]),
        dict(permission_sets=[dict(name="Web", description="x", managed_policies=[]), dict(name="Db")]),
    ],
    "account_assignments": [
        dict(assignments=[dict(permission_sets=["Web"], groups=["web"], accounts=[ACCOUNT])]),
        dict(assignments=[dict(permission_sets=["Web"], users=["taro"], accounts=["web-prod"])], purge="listed"),
    ],
    "application_assignments": [
        dict(applications=[dict(name="Partner", status="ENABLED", groups=["web"])], expected=dict(groups=["web"])),
        dict(applications=[dict(name="Partner", description="x", users=["taro"], groups=[])]),
    ],
    "default_host_management": [
        dict(targets=TARGETS, role="First", check_role=False),
        dict(targets=TARGETS, role="Second", check_role=False),
    ],
    "instance_profiles": [
        dict(targets=TARGETS, instances=dict(all=True), instance_profile="First"),
        dict(targets=TARGETS, instances=dict(all=True), instance_profile="Second", replace="always"),
    ],
    "saml_provider": [
        dict(targets=ACCOUNTS, providers=[dict(name="partner", metadata=metadata(), tags=dict(a="b"))]),
        dict(targets=ACCOUNTS, providers=[dict(name="partner", metadata=metadata(), tags={})]),
    ],
    "session_document": [
        dict(targets=TARGETS, documents=[dict(name="Tunnel", session_type="port", port=5432, tags=dict(a="b"))]),
        dict(targets=TARGETS, documents=[dict(name="Tunnel", session_type="port", host="db.internal", tags={})]),
    ],
    "session_policy": [
        dict(targets=ACCOUNTS, policies=[dict(name="Web", scope=SCOPE, tags=dict(a="b"))]),
        dict(targets=ACCOUNTS, policies=[dict(name="Web", scope=dict(SCOPE, connect=["port_forward"]), tags={})]),
    ],
    "session_preferences": [
        dict(targets=TARGETS, run_as_enabled=True, run_as_default_user=""),
        dict(targets=TARGETS, idle_session_timeout=30),
    ],
}


def cloud_modules():
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    names = [entry for entry in runtime["action_groups"]["aws"] if isinstance(entry, str)]
    return sorted(name for name in names if not name.endswith("_info"))


def make_instance_profiles(emulator):
    """What no module of ours makes."""
    iam = emulator.client("iam", account=ACCOUNT)
    for name in ("First", "Second"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)


def test_every_cloud_module_is_judged_here():
    assert cloud_modules() == sorted(ARGUMENTS)


def tasks_of(turn):
    return [{"name": name, f"keyless.aws.{name}": ARGUMENTS[name][turn]} for name in ARGUMENTS]


@pytest.mark.both_ends
def test_every_module_makes_something(emulator, ansible):
    emulator.seed(ORGANIZATION)
    make_instance_profiles(emulator)
    assert all(result["changed"] for result in ansible.tasks(tasks_of(0)))


def test_no_module_writes_in_check_mode(emulator, ansible):
    """Each module is asked in check mode, then for real, one after the other, so that there is something to change."""
    emulator.seed(ORGANIZATION)
    make_instance_profiles(emulator)

    for turn in (0, 1):
        # in the first turn assignments need what the others would create
        checked = [task for task in tasks_of(turn) if turn or "keyless.aws.account_assignments" not in task]
        before = emulator.writes()
        predicted = ansible.tasks(checked, check=True, diff=True)
        assert emulator.writes() == before, "a module wrote in check mode"
        assert all(result["changed"] for result in predicted)
        assert all(result["diff"]["after"] != result["diff"]["before"] for result in predicted)
        done = ansible.tasks(tasks_of(turn))
        assert all(result["changed"] for result in done)
        changes = {task["name"]: result["changes"] for task, result in zip(tasks_of(turn), done, strict=True)}
        for task, result in zip(checked, predicted, strict=True):
            assert result["changes"] == changes[task["name"]]
    assert not any(result["changed"] for result in ansible.tasks(tasks_of(1)))


def test_no_playbook_writes_in_check_mode(emulator, run_playbook, tmp_path):
    organization = yaml.safe_load((ROOT / "playbooks" / "demo_files" / "organization.yml").read_text())
    emulator.seed(organization)
    model = yaml.safe_load((ROOT / "playbooks" / "demo_files" / "access.yml").read_text())
    run_playbook("keyless.aws.site", "-i", "localhost,", extra=model, check=True, diff=True)
    assert emulator.writes() == {}
