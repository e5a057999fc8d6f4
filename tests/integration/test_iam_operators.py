# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Story S3 by the README's own example, and proven: two IAM users, two instances, each user reaches only their own.

What the users may do is read back from the emulator and put before a judge that we did not write.
"""

from __future__ import annotations

import json
import pathlib
import stat

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = ROOT / "roles" / "iam_operators" / "README.md"
OWN, WEB, REGION = "123456789012", "111122223333", "ap-northeast-1"
PC = {"user01": "i-0aaaaaaaaaaaaaaa1", "user02": "i-0aaaaaaaaaaaaaaa2"}
DEPRECATED = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM"
CORE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
SHELL = f"arn:aws:ssm:{REGION}:{OWN}:document/SSM-SessionManagerRunShell"


@pytest.fixture
def example(tmp_path):
    """The first example of the README, as a playbook."""
    text = README.read_text().split("```yaml\n")[1].split("```")[0]
    path = tmp_path / "example.yml"
    path.write_text(text)
    return path


@pytest.fixture
def instances(emulator):
    """PC01 has no instance profile, PC02 one with the deprecated policy."""
    names = {"PC01": PC["user01"], "PC02": PC["user02"]}
    emulator.seed(dict(instances=[dict(instance_id=instance, name=name) for name, instance in names.items()]))
    iam, ec2 = emulator.client("iam"), emulator.client("ec2")
    statement = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_role(RoleName="Old", AssumeRolePolicyDocument=trust)
    iam.attach_role_policy(RoleName="Old", PolicyArn=DEPRECATED)
    iam.create_instance_profile(InstanceProfileName="Old")
    iam.add_role_to_instance_profile(InstanceProfileName="Old", RoleName="Old")
    ec2.associate_iam_instance_profile(InstanceId=PC["user02"], IamInstanceProfile=dict(Name="Old"))


def stats(done):
    return json.loads(done.stdout)["stats"]["localhost"]


def policies_of(iam, user):
    """The documents of all policies that a user has: attached and inline, their own and their groups'."""
    documents = []

    def add(one, name, **who):
        for policy in getattr(iam, f"list_attached_{one}_policies")(**who)["AttachedPolicies"]:
            version = iam.get_policy(PolicyArn=policy["PolicyArn"])["Policy"]["DefaultVersionId"]
            found = iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId=version)
            documents.append(found["PolicyVersion"]["Document"])
        for policy in getattr(iam, f"list_{one}_policies")(**who)["PolicyNames"]:
            documents.append(getattr(iam, f"get_{one}_policy")(PolicyName=policy, **who)["PolicyDocument"])

    add("user", user, UserName=user)
    for group in iam.list_groups_for_user(UserName=user)["Groups"]:
        add("group", group["GroupName"], GroupName=group["GroupName"])
    return documents


def questions(user):
    """(action, resource, expected, unlisted) for what a user may and may not do.

    unlisted: the judge's list of actions does not know this resource for the action.
    """
    for owner, instance in PC.items():
        arn = f"arn:aws:ec2:{REGION}:{OWN}:instance/{instance}"
        yield "ssm:StartSession", arn, owner == user, False
        session = f"arn:aws:ssm:{REGION}:{OWN}:session/{owner}-0123456789abcdef0"
        for action in ("ssm:TerminateSession", "ssm:ResumeSession"):
            yield action, session, owner == user, False
        yield "ssmmessages:OpenDataChannel", session, owner == user, True
    yield "ssm:StartSession", SHELL, True, False
    yield "ssm:StartSession", f"arn:aws:ssm:{REGION}::document/AWS-StartPortForwardingSession", False, True
    yield "ssm:SendCommand", f"arn:aws:ec2:{REGION}:{OWN}:instance/{PC[user]}", False, False
    for action in ("ec2:DescribeInstances", "ec2:DescribeTags", "ssm:DescribeSessions", "ssm:GetConnectionStatus"):
        yield action, "*", True, False
    for action in ("ec2:DescribeVolumes", "ec2:StopInstances", "iam:ListUsers"):
        yield action, "*", False, True


def put(iam, user, question):
    action, resource, _expected, unlisted = question
    found = iam.get_user(UserName=user)["User"]
    context = {
        "aws:username": user,
        "aws:userid": found["UserId"],
        "aws:PrincipalAccount": OWN,
        **{f"aws:PrincipalTag/{tag['Key']}": tag["Value"] for tag in found["Tags"]},
    }
    if action == "ssm:StartSession":
        context["ssm:SessionDocumentAccessCheck"] = "true"
    return dict(
        policies=policies_of(iam, user), principal=found["Arn"], account=OWN, action=action, resource=resource,
        context=context, unchecked=unlisted,
    )  # fmt: skip


@pytest.mark.both_ends
@pytest.mark.usefixtures("instances")
def test_the_example_works_once_and_has_nothing_to_do_then(example, run_playbook):
    assert stats(run_playbook(example))["changed"] > 5
    again = stats(run_playbook(example))
    assert (again["changed"], again["failures"]) == (0, 0)


@pytest.mark.usefixtures("instances")
def test_each_user_reaches_their_own_instance_and_sees_both(emulator, example, run_playbook, run_module, ask):
    before = emulator.writes()
    assert stats(run_playbook(example, check=True, diff=True))["changed"] > 5
    assert emulator.writes() == before
    assert stats(run_playbook(example))["changed"] > 5

    iam = emulator.client("iam")
    asked = [(user, question) for user in PC for question in questions(user)]
    answers = ask([put(iam, user, question) for user, question in asked])
    for (user, question), answer in zip(asked, answers, strict=True):
        assert (answer["result"] == "Allowed") == question[2], (user, question, answer)
        assert answer["ignored"] == [], (user, question, answer)
    starts = [question for _user, question in asked if question[0] == "ssm:StartSession" and "/i-" in question[1]]
    assert [question[2] for question in starts] == [True, False, False, True]  # two users, two instances
    assert [iam.list_access_keys(UserName=user)["AccessKeyMetadata"] for user in PC] == [[], []]

    found = run_module("instance_profiles_info", {})
    assert found["without_session_manager"] == []
    assert [each["deprecated_policy"] for each in found["instances"]] == [False, False]
    attached = iam.list_attached_role_policies(RoleName="Old")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [CORE]


@pytest.fixture
def operators(ansible):
    """operators(*calls) -> for each of them the results of the role's tasks; all in one run of ansible-playbook."""

    def run(*calls, fails=False, **more):
        role = {"ansible.builtin.include_role": {"name": "keyless.aws.iam_operators"}}
        end = {"name": "End", "ansible.builtin.debug": {"msg": "end"}}
        tasks = [task for each in calls for task in ({"name": "Call", **role, "vars": each}, end)]
        answers = [[]]
        for result in ansible.tasks(tasks, fails=fails, **more):
            answers[-1].append(result)
            if result.get("msg") == "end":
                answers.append([])
        return answers if fails else answers[:-1]

    return run


def changed(results):
    return [result for result in results if result.get("changed")]


SCOPE = dict(principal="iam_user", accounts=[WEB], instances=dict(tags=dict(Team="web")), connect=["shell"])
TARGET = dict(role_arn=f"arn:aws:iam::{WEB}:role/keyless", account_id=WEB)


def members(iam, group):
    return sorted(user["UserName"] for user in iam.get_group(GroupName=group)["Users"])


def test_what_is_there_is_taken_over_and_what_goes_goes_last(emulator, operators, tmp_path):
    emulator.seed(dict(accounts=[dict(id=WEB, name="web")]))
    iam = emulator.client("iam", account=WEB)
    for name in ("user01", "user02", "other"):
        iam.create_user(UserName=name, Tags=[dict(Key="Team", Value="web")])
    for name in ("operators", "others"):
        iam.create_group(GroupName=name)
        for user in ("user01", "user02", "other"):
            iam.add_user_to_group(GroupName=name, UserName=user)
    file = tmp_path / "user03"
    listed = [dict(name="operators", view=["ec2"]), dict(name="others")]
    first = dict(
        iam_operators_targets=[TARGET],
        iam_operators_groups=listed,
        iam_operators_users=[
            dict(name="user01", groups=["operators"], run_as="user01"),
            dict(name="user02"),
            dict(name="user03", groups=["others"], tags=dict(A="b"), access_key=True, access_key_file=str(file)),
        ],
        iam_operators_passwords=dict(user01="never-used-1", user03="Very-Secret-2"),
        iam_operators_policies=[dict(name="Web", users=["user01"], groups=["operators"], scope=SCOPE)],
    )
    done, again = operators(first, first)
    assert (members(iam, "operators"), members(iam, "others")) == (
        ["other", "user01", "user02"],
        ["other", "user02", "user03"],
    )
    tags = {user: iam.list_user_tags(UserName=user)["Tags"] for user in ("user01", "user03")}
    assert tags["user01"] == [dict(Key="Team", Value="web"), dict(Key="SSMSessionRunAs", Value="user01")]
    assert tags["user03"] == [dict(Key="A", Value="b")]
    assert iam.list_group_policies(GroupName="operators")["PolicyNames"] == ["ViewInstances"]
    assert iam.get_login_profile(UserName="user03")["LoginProfile"]["UserName"] == "user03"
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_login_profile(UserName="user01")  # who was there keeps what they had
    (key,) = iam.list_access_keys(UserName="user03")["AccessKeyMetadata"]
    written = file.read_text().splitlines()
    assert written[:2] == ["[user03]", f"aws_access_key_id = {key['AccessKeyId']}"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secret = written[2].partition(" = ")[2]
    assert len(secret) == 40
    told = json.dumps([done, again])
    assert secret not in told and "Very-Secret-2" not in told and "never-used-1" not in told
    assert changed(done) and not changed(again)

    gone = dict(
        iam_operators_targets=[TARGET],
        iam_operators_groups=[*(dict(name=name, state="absent") for name in ("operators", "x")), dict(name="others")],
        iam_operators_users=[dict(name="user01", state="absent"), dict(name="user03", groups=[])],
        iam_operators_policies=[dict(name="Web", state="absent")],
    )
    before = emulator.writes()
    operators(gone, check=True)
    assert emulator.writes() == before
    done, again = operators(gone, gone)
    assert changed(done) and not changed(again)
    assert {user["UserName"] for user in iam.list_users()["Users"]} == {"user02", "user03", "other"}
    assert [group["GroupName"] for group in iam.list_groups()["Groups"]] == ["others"]
    assert members(iam, "others") == ["other", "user02"]
    assert iam.list_policies(Scope="Local")["Policies"] == []
    assert emulator.client("iam").list_users()["Users"] == []


def test_what_is_wrong_is_told_before_anything_is_asked(emulator, operators):
    wrong = dict(
        iam_operators_groups=[dict(name="operators")],
        iam_operators_users=[dict(name="u", groups=["operator"], run_as="u@example.com"), dict(name="U")],
        iam_operators_policies=[dict(name="P", users=["u"], scope=dict(SCOPE, principal="role"))],
    )
    text = operators(wrong, fails=True)[-1][-1]["msg"]
    assert text.splitlines()[0].startswith("iam_operators_users[1].name: 'U' is the name of iam_operators_users[0] too")
    assert len(text.splitlines()) == 4
    assert emulator.calls() == {}


def test_credentials_of_another_account_stop_before_any_write(emulator, operators):
    users = dict(iam_operators_users=[dict(name="u")], iam_operators_targets=[dict(account_id=WEB)])
    assert f"The credentials are of account {OWN}, and not of {WEB}" in operators(users, fails=True)[-1][-1]["msg"]
    assert emulator.writes() == {}


def test_a_file_with_something_in_it_is_not_overwritten(emulator, operators, tmp_path):
    file = tmp_path / "credentials"
    file.write_text("[mine]")
    users = dict(iam_operators_users=[dict(name="u", access_key=True, access_key_file=str(file))])
    assert f"{file} has something in it" in operators(users, fails=True)[-1][-1]["msg"]
    assert file.read_text() == "[mine]"
    assert emulator.client("iam").list_access_keys(UserName="u")["AccessKeyMetadata"] == []
