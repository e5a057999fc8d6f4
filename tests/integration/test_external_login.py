# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Story S2: partners sign in from an Identity Center outside the organization. The role, by real ansible-playbook.

One emulator plays both sides: its Identity Center is the external one, and the member account is an account of its own.
"""

from __future__ import annotations

import json
import pathlib

import pytest
import yaml
from saml_files import metadata

ROOT = pathlib.Path(__file__).parents[2]
MEMBER, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{MEMBER}:role/PartnerOperator"
PROVIDER = f"arn:aws:iam::{MEMBER}:saml-provider/partner"
WAY = f"arn:aws:iam::{MEMBER}:role/keyless"
SCOPE = dict(regions=["ap-northeast-1"], instances=dict(tags=dict(Team="web")), connect=["shell"])


@pytest.fixture
def world(emulator, ansible):
    """Accounts, the external side with its application, and metadata beside the playbook."""
    emulator.seed(
        dict(
            accounts=[dict(id=MEMBER, name="member"), dict(id=OTHER, name="other")],
            users=[dict(user_name="taro")],
            groups=[dict(name="partner-operators", members=["taro"])],
            applications=[dict(name="Partner operators", provider="external_aws_account", status="DISABLED")],
        )
    )
    (ansible.home / "partner.xml").write_text(metadata())
    return emulator


def readme_play():
    """The example of the README."""
    text = (ROOT / "roles" / "external_login" / "README.md").read_text()
    return yaml.safe_load(text.split("```yaml\n")[1].split("```")[0])


def play(ansible, logins=None, tasks_from="main", **more):
    """Run the role; returns the finished process."""
    include = {"name": "keyless.aws.external_login", "tasks_from": tasks_from}
    task = {"name": "Login", "ansible.builtin.include_role": include, "vars": dict(external_login_logins=logins or [])}
    plays = [dict(name="Play", hosts="localhost", connection="local", gather_facts=False, tasks=[task])]
    path = ansible.home / "play.yml"
    path.write_text(json.dumps(plays))
    return ansible.run(path, **more)


def login(**more):
    provider = dict(name="partner", metadata_file="partner.xml")
    base = dict(name="PartnerOperator", role_arn=WAY, provider=provider, scope=SCOPE, run_as_source="${user:subject}")
    return dict(base, **more)


def stats(done):
    return json.loads(done.stdout)["stats"]["localhost"]


def messages(done):
    """What tasks and their items said."""
    found = []
    for each in json.loads(done.stdout)["plays"]:
        for task in each["tasks"]:
            result = task["hosts"]["localhost"]
            found += [str(item.get("msg", "")) for item in [result, *result.get("results", [])]]
    return "\n".join(found)


def test_the_example_of_the_readme_end_to_end(world, ansible):
    """Check mode on an empty account predicts and writes nothing; the first run does it; the second changes nothing."""
    path = ansible.home / "site.yml"
    path.write_text(json.dumps(readme_play()))
    before = ansible.run(path, check=True, diff=True)
    assert world.writes() == {}
    assert not (ansible.home / "external_login.md").exists()
    assert stats(before)["changed"] == 4  # provider, role, checklist, application
    assert "StartSessionsOnInstances" in messages(before)  # the policy, for which there is no role yet

    first = ansible.run(path)
    assert stats(first)["failures"] == 0
    assert f"{ROLE}: trusts https://idp.example.com/saml/metadata alone; its certificate has" in messages(first)
    iam = world.client("iam", MEMBER)
    role = iam.get_role(RoleName="PartnerOperator")["Role"]
    assert (role["MaxSessionDuration"], role["Tags"]) == (14400, [dict(Key="partner", Value="example")])
    trust = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Principal"] == {"Federated": PROVIDER}
    assert trust["Condition"]["StringEquals"]["SAML:iss"] == "https://idp.example.com/saml/metadata"
    assert iam.list_attached_role_policies(RoleName="PartnerOperator")["AttachedPolicies"] == []
    policy = iam.get_role_policy(RoleName="PartnerOperator", PolicyName="KeylessSession")["PolicyDocument"]
    assert f":{MEMBER}:instance/*" in json.dumps(policy["Statement"][0])

    checklist = (ansible.home / "external_login.md").read_text()
    assert f"| `https://aws.amazon.com/SAML/Attributes/Role` | `{PROVIDER},{ROLE}` | `unspecified` |" in checklist
    assert "| `https://aws.amazon.com/SAML/Attributes/SessionDuration` | `14400` | `unspecified` |" in checklist
    assert "PrincipalTag:SSMSessionRunAs` | `${user:subject}`" in checklist
    assert "is `https://idp.example.com/saml/metadata`." in checklist
    assert checklist.splitlines()[0] in messages(first)

    second = ansible.run(path)
    assert stats(second)["changed"] == 0
    assert (ansible.home / "external_login.md").read_text() == checklist
    assert checklist.splitlines()[0] not in messages(second)  # said again only when it changes


def test_bad_input_is_told_at_once_and_nothing_is_written(world, ansible):
    (ansible.home / "page.xml").write_text("<!DOCTYPE html><html><body>Sign in</body></html>" + " " * 1000)
    wrong = [
        login(max_session_duration=60000, session_name_source="fixed"),
        login(name="Other", provider="partner", role_arn=WAY),
    ]
    said = messages(play(ansible, wrong, fails=True))
    assert "external_login_logins[0].max_session_duration: 60000 is not a whole number from 3600 to 43200" in said
    assert "external_login_logins[0].session_name_source: 'fixed' would be the same for everybody" in said
    assert "external_login_logins[1].provider: 'partner' is that of external_login_logins[0] too" in said
    # a good one beside one whose metadata is a web page, in another account
    page = login(role_arn=f"arn:aws:iam::{OTHER}:role/keyless", provider=dict(name="page", metadata_file="page.xml"))
    said = messages(play(ansible, [login(), page], fails=True))
    assert "HTML" in said
    assert world.writes() == {}


def test_a_trust_names_no_provider_that_is_missing(world, ansible):
    """Without metadata the run fails, having written the checklist, which tells how to get it."""
    said = messages(play(ansible, [login(provider="partner")], fails=True))
    assert f"partner: there is no such SAML provider in account {MEMBER}, and no metadata to make it from" in said
    assert "Download the *IAM Identity Center SAML metadata file*" in (ansible.home / "external_login.md").read_text()
    assert world.writes() == {}


def test_an_account_that_cannot_be_entered_is_named(world, ansible):
    world.seed(dict(accounts=[dict(id="777788889999", name="old", status="SUSPENDED")]))
    done = play(ansible, [login(role_arn="arn:aws:iam::777788889999:role/keyless")], fails=True)
    assert "arn:aws:iam::777788889999:role/keyless" in messages(done)
    assert "SecretAccessKey" not in done.stdout and "secret_key" not in done.stdout


def test_adoption_drift_and_departure(world, ansible):
    """A role of PowerUserAccess is brought in line; what others change is found by the proof; then all of it goes."""
    iam = world.client("iam", MEMBER)
    anybody = dict(Version="2012-10-17", Statement=[dict(
        Effect="Allow", Principal=dict(AWS="*"), Action="sts:AssumeRole")])  # fmt: skip
    iam.create_role(RoleName="PartnerOperator", AssumeRolePolicyDocument=json.dumps(anybody))
    iam.attach_role_policy(RoleName="PartnerOperator", PolicyArn="arn:aws:iam::aws:policy/PowerUserAccess")
    done = play(ansible, [login()])
    assert stats(done)["failures"] == 0
    assert iam.list_attached_role_policies(RoleName="PartnerOperator")["AttachedPolicies"] == []

    iam.attach_role_policy(RoleName="PartnerOperator", PolicyArn="arn:aws:iam::aws:policy/PowerUserAccess")
    iam.put_role_policy(RoleName="PartnerOperator", PolicyName="more", PolicyDocument=json.dumps(dict(
        Version="2012-10-17", Statement=[dict(Effect="Allow", Action="*", Resource="*")])))  # fmt: skip
    anyone = dict(anybody, Statement=[dict(Effect="Allow", Principal=dict(Federated=PROVIDER),
                                           Action=["sts:AssumeRoleWithSAML", "sts:TagSession"])])  # fmt: skip
    iam.update_assume_role_policy(RoleName="PartnerOperator", PolicyDocument=json.dumps(anyone))
    said = messages(play(ansible, [login()], tasks_from="verify", fails=True))
    assert "trust of PartnerOperator: it allows sts:AssumeRoleWithSAML from another issuer" in said
    assert "managed policy arn:aws:iam::aws:policy/PowerUserAccess is attached, and not asked for" in said
    assert "inline policy more is none of external_login's" in said

    gone = [login(state="absent")]
    assert stats(play(ansible, gone, check=True))["failures"] == 0
    assert stats(play(ansible, gone))["failures"] == 0
    assert iam.list_saml_providers()["SAMLProviderList"] == []
    assert [each["RoleName"] for each in iam.list_roles()["Roles"] if each["RoleName"] == "PartnerOperator"] == []
    assert "Delete the application" in (ansible.home / "external_login.md").read_text()
