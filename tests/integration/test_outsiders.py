# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One model with those who do not come through Identity Center: IAM users (story S3) and a federation (story S2)."""

from __future__ import annotations

import json

import pytest
from judged_scopes import put
from saml_files import metadata
from session_questions import Question
from session_world import Person

ACCOUNT, REGION = "111122223333", "ap-northeast-1"
PC01, PC02 = "i-0123456789abcdef1", "i-0123456789abcdef2"
MODEL = {
    "region": REGION,
    "accounts": {
        "web-prod": {"id": ACCOUNT, "regions": [REGION], "role_arn": f"arn:aws:iam::{ACCOUNT}:role/keyless"},
    },
    "iam_users": {"user01": {"account": "web-prod"}, "user02": {"account": "web-prod", "os_user": "two"}},
    "federations": {
        "partner": {"accounts": ["web-prod"], "metadata_file": "partner.xml", "os_users": ["p-ken"]},
    },
    "grants": [
        {
            "name": name,
            "to": {"iam_users": [user]},
            "accounts": ["web-prod"],
            "instances": {"ids": [instance]},
            "connect": ["shell", "port_forward"],
        }
        for name, user, instance in (("PC01", "user01", PC01), ("PC02", "user02", PC02))
    ]
    + [
        {
            "name": "PartnerOperator",
            "to": {"saml": ["partner"]},
            "accounts": ["web-prod"],
            "instances": {"tags": {"Team": "web"}},
        }
    ],
}


@pytest.fixture
def cloud(emulator, ansible):
    # nobody comes through Identity Center, so that there need not be one
    emulator.seed({"identity_center": {"instances": 0}, "accounts": [{"id": ACCOUNT, "name": "web-prod"}]})
    (ansible.home / "partner.xml").write_text(metadata())

    def run(**more):
        extra = {"keyless_access": MODEL, "keyless_checklist_file": str(ansible.home / "checklist.md")}
        here = {"PWD": str(ansible.home)}
        done = ansible.run("keyless.aws.cloud", "-i", "localhost,", extra=extra, env=here, **more)
        return json.loads(done.stdout)["stats"]["localhost"]

    return run


def starts(policies, name, instance):
    """Whether an IAM user may open a shell on an instance, as questions to the judge: instance, then document."""
    person = Person("iam_user", name, tags={"SSMSessionRunAs": name})
    context = dict(person.context, **{"ssm:SessionDocumentAccessCheck": "true"})
    arns = (
        f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{instance}",
        f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/SSM-SessionManagerRunShell",
    )
    questions = [Question("ssm:StartSession", arn, context, True) for arn in arns]
    return [dict(put(None, person, question), policies=policies) for question in questions]


def test_iam_users_and_partners_from_one_model(emulator, ansible, cloud, ask):
    predicted = cloud(check=True)
    assert emulator.writes() == {}
    assert (predicted["changed"] > 0, predicted["failures"]) == (True, 0)
    assert cloud()["changed"] > 0
    assert (cloud()["changed"], "PartnerOperator" in (ansible.home / "checklist.md").read_text()) == (0, True)

    iam = emulator.client("iam", account=ACCOUNT)
    tags = {name: iam.list_user_tags(UserName=name)["Tags"] for name in ("user01", "user02")}
    assert {
        name: [tag["Value"] for tag in found if tag["Key"] == "SSMSessionRunAs"] for name, found in tags.items()
    } == {
        "user01": ["user01"],
        "user02": ["two"],
    }
    assert iam.list_access_keys(UserName="user01")["AccessKeyMetadata"] == []
    reached = {}
    for name in ("user01", "user02"):
        attached = iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]
        documents = [
            iam.get_policy_version(
                PolicyArn=each["PolicyArn"],
                VersionId=iam.get_policy(PolicyArn=each["PolicyArn"])["Policy"]["DefaultVersionId"],
            )["PolicyVersion"]["Document"]
            for each in attached
        ]
        for instance in (PC01, PC02):
            answers = {answer["result"] for answer in ask(starts(documents, name, instance))}
            reached[name, instance] = answers == {"Allowed"}
    assert reached == {
        ("user01", PC01): True,
        ("user01", PC02): False,
        ("user02", PC01): False,
        ("user02", PC02): True,
    }
    trust = iam.get_role(RoleName="PartnerOperator")["Role"]["AssumeRolePolicyDocument"]
    assert f"arn:aws:iam::{ACCOUNT}:saml-provider/partner" in json.dumps(trust)


def test_ways_in_that_would_open_each_other_are_told(emulator, ansible):
    grants = [
        dict(MODEL["grants"][0]),
        dict(MODEL["grants"][1], to={"iam_users": ["user01", "user02"]}, connect=["ssh"]),
    ]
    model = {key: value for key, value in MODEL.items() if key != "federations"}
    extra = {"keyless_access": dict(model, grants=grants)}
    done = ansible.run("keyless.aws.cloud", "-i", "localhost,", extra=extra, fails=True)
    assert "AWS judges instance and document apart" in done.stdout
    assert "(IAM users: user01)" in done.stdout
    assert emulator.writes() == {}
