# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role session_manager: instance roles, their instance profiles on running instances, Default Host Management."""

from __future__ import annotations

import json

import pytest

OWN, WEB = "123456789012", "111122223333"
TOKYO, OSAKA = "ap-northeast-1", "ap-northeast-3"
ONE, TWO, THREE = "i-0aaaaaaaaaaaaaaa1", "i-0aaaaaaaaaaaaaaa2", "i-0aaaaaaaaaaaaaaa3"
ROLE = dict(role_arn=f"arn:aws:iam::{WEB}:role/keyless")
HOST_ROLE = "AWSSystemsManagerDefaultEC2InstanceManagementRole"
SETTING = "/ssm/managed-instance/default-ec2-instance-management-role"
CHAIN = dict(
    session_manager_instance_roles=[
        dict(
            name="SessionManager",
            path="/sessions/",
            targets=[dict(ROLE, account_id=WEB), dict()],
            sessions=dict(cloud_watch_log_group_name="/ssm/sessions"),
            tags=dict(Team="web"),
        )
    ],
    session_manager_attach=[
        dict(instances=dict(tags=dict(Team="web")), targets=[dict(ROLE, region=TOKYO), dict(region=OSAKA)])
    ],
    session_manager_default_host_management=[
        dict(make_role=True, targets=[dict(ROLE, region=TOKYO), dict(ROLE, region=OSAKA)])
    ],
    session_manager_preferences=[dict(idle_session_timeout=30)],
)


@pytest.fixture
def role(emulator, ansible):
    """role(*calls) -> for each of them the results of the role's tasks; all in one run of ansible-playbook."""
    web = dict(account_id=WEB, tags=dict(Team="web"))
    emulator.seed(
        dict(
            accounts=[dict(id=WEB, name="web")],
            instances=[
                dict(web, instance_id=ONE),
                dict(account_id=WEB, instance_id=TWO),
                dict(instance_id=THREE, region=OSAKA, tags=dict(Team="web")),
            ],
        )
    )

    def run(*calls, **more):
        include = {"ansible.builtin.include_role": {"name": "keyless.aws.session_manager"}}
        end = {"name": "End", "ansible.builtin.debug": {"msg": "end"}}
        tasks = [task for each in calls for task in ({"name": "Call", **include, "vars": each}, end)]
        answers = [[]]
        for result in ansible.tasks(tasks, **more):
            answers[-1].append(result)
            if result.get("msg") == "end":
                answers.append([])
        return answers

    return run


def changes(results):
    """What our own modules did."""
    rows = [row for result in results for row in result.get("results", [])]
    return [(each["action"], each["kind"], each["name"]) for row in rows for each in row.get("changes", [])]


def changed(results):
    return [result for result in results if result.get("changed")]


def profile(emulator, instance, account=None, region=TOKYO):
    found = emulator.client("ec2", account=account, region=region).describe_instances(InstanceIds=[instance])
    return found["Reservations"][0]["Instances"][0].get("IamInstanceProfile", {}).get("Arn")


def test_the_whole_chain_is_predicted_in_empty_accounts_and_then_made(emulator, role):
    before = emulator.writes()
    predicted, _rest = role(CHAIN, check=True)
    assert emulator.writes() == before
    made, again, _rest = role(CHAIN, CHAIN)
    assert changes(predicted) == changes(made) == [
        ("create", "instance_profile", f"{WEB}/{TOKYO}/{ONE}"),
        ("create", "instance_profile", f"{OWN}/{OSAKA}/{THREE}"),
        ("create", "default_host_management", f"{WEB}/{TOKYO}"),
        ("create", "default_host_management", f"{WEB}/{OSAKA}"),
        ("create", "session_preferences", f"{OWN}/{TOKYO}"),
    ]
    assert changed(made) and not changed(again)
    for account, instance, region in ((WEB, ONE, TOKYO), (None, THREE, OSAKA)):
        arn = f"arn:aws:iam::{account or OWN}:instance-profile/sessions/SessionManager"
        assert profile(emulator, instance, account, region) == arn
        iam = emulator.client("iam", account=account)
        found = iam.get_role(RoleName="SessionManager")["Role"]
        assert (found["Path"], found["Tags"]) == ("/sessions/", [dict(Key="Team", Value="web")])
        assert found["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "ec2.amazonaws.com"}
        document = iam.get_role_policy(RoleName="SessionManager", PolicyName="SessionManager")["PolicyDocument"]
        assert [each["Sid"] for each in document["Statement"]] == ["WriteLogsToLogGroup", "SeeLogGroups"]
        attached = iam.list_attached_role_policies(RoleName="SessionManager")["AttachedPolicies"]
        assert [each["PolicyName"] for each in attached] == ["AmazonSSMManagedInstanceCore"]
    assert profile(emulator, TWO, WEB) is None
    host = emulator.client("iam", account=WEB).get_role(RoleName=HOST_ROLE)["Role"]
    assert host["Path"] == "/service-role/"
    for region in (TOKYO, OSAKA):
        setting = emulator.client("ssm", account=WEB, region=region).get_service_setting(SettingId=SETTING)
        assert setting["ServiceSetting"]["SettingValue"] == f"service-role/{HOST_ROLE}"


def test_a_profile_of_the_configuration_files_and_what_sessions_no_longer_need(emulator, role, ansible):
    """The profile counts, although the environment has access keys. A policy that is not needed any more goes."""
    (ansible.home / ".aws").mkdir()
    text = f"[web]\naws_access_key_id = {WEB}\naws_secret_access_key = x\n"
    (ansible.home / ".aws" / "credentials").write_text(text)
    entry = dict(name="Minimum", instance_profile="Sessions", targets=[dict(profile="web", account_id=WEB)])
    minimum = dict(session_manager_instance_roles=[dict(entry, sessions=dict(minimum=True))])
    attach = dict(instances=dict(ids=[TWO]), targets=[dict(profile="web", region=TOKYO)])
    plain = dict(session_manager_instance_roles=[dict(entry, sessions={})], session_manager_attach=[attach])
    one, two, _rest = role(minimum, plain)
    assert changed(one)
    iam = emulator.client("iam", account=WEB)
    assert iam.list_role_policies(RoleName="Minimum")["PolicyNames"] == []
    attached = iam.list_attached_role_policies(RoleName="Minimum")["AttachedPolicies"]
    assert [each["PolicyName"] for each in attached] == ["AmazonSSMManagedInstanceCore"]
    assert changes(two) == [("create", "instance_profile", f"{WEB}/{TOKYO}/{TWO}")]
    assert profile(emulator, TWO, WEB).endswith("/Sessions")
    assert emulator.client("iam").list_roles(PathPrefix="/")["Roles"] == []


def test_what_is_wrong_stops_before_any_write(emulator, role):
    before = emulator.writes()
    sessions = dict(kms_key_arn="alias/sessions", s3_key_prefix="x")
    wrong = dict(session_manager_instance_roles=[dict(name="A"), dict(name="B", sessions=sessions)])
    told = json.dumps(role(wrong, fails=True)[-1][-1])
    assert "2 problems" in told and "instance_role.kms_key_arn: 'alias/sessions' is not the ARN" in told
    stranger = dict(session_manager_instance_roles=[dict(name="A", targets=[dict(account_id=WEB)])])
    told = role(stranger, fails=True)[-1][-1]["msg"]
    assert f"The credentials are of account {OWN}, and not of {WEB}" in told
    assert emulator.writes() == before
