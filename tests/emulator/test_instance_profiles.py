# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance profiles of EC2 instances: one each, refused as EC2 refuses, and shown on the instance."""

from __future__ import annotations

import pytest

ONE, TWO = "i-0aaaaaaaaaaaaaaa1", "i-0aaaaaaaaaaaaaaa2"


@pytest.fixture
def ec2(emulator):
    emulator.seed(dict(instances=[dict(instance_id=ONE), dict(instance_id=TWO)]))
    for name in ("First", "Second"):
        emulator.client("iam").create_instance_profile(InstanceProfileName=name)
    return emulator.client("ec2")


def associate(ec2, instance=ONE, **profile):
    answer = ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile=profile or dict(Name="First"))
    return answer["IamInstanceProfileAssociation"]


def shown(ec2, instance=ONE):
    (found,) = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"]
    return found.get("IamInstanceProfile")


def test_the_instance_shows_its_profile_also_when_it_is_replaced(emulator, ec2, refused):
    profiles = emulator.client("iam").list_instance_profiles()["InstanceProfiles"]
    wanted = {found["InstanceProfileName"]: dict(Arn=found["Arn"], Id=found["InstanceProfileId"]) for found in profiles}
    first = associate(ec2)
    assert first["State"] == "associating"
    assert shown(ec2) == wanted["First"]
    replace = ec2.replace_iam_instance_profile_association
    second = replace(AssociationId=first["AssociationId"], IamInstanceProfile=dict(Name="Second"))
    assert shown(ec2) == wanted["Second"]
    assert second["IamInstanceProfileAssociation"]["AssociationId"] != first["AssociationId"]
    old = dict(AssociationId=first["AssociationId"], IamInstanceProfile=dict(Name="First"))
    refused("InvalidAssociationID.NotFound", replace, **old)
    ec2.disassociate_iam_instance_profile(AssociationId=second["IamInstanceProfileAssociation"]["AssociationId"])
    assert shown(ec2) is None
    assert ec2.describe_iam_instance_profile_associations()["IamInstanceProfileAssociations"] == []


def test_what_ec2_refuses(ec2, refused):
    call = ec2.associate_iam_instance_profile
    refused("InvalidParameterValue", call, InstanceId=ONE, IamInstanceProfile=dict(Name="Third"))
    arn = "arn:aws:iam::123456789012:instance-profile/Third"
    refused("InvalidParameterValue", call, InstanceId=ONE, IamInstanceProfile=dict(Arn=arn))
    associate(ec2)
    refused("IncorrectState", call, InstanceId=ONE, IamInstanceProfile=dict(Name="Second"))
    ec2.terminate_instances(InstanceIds=[TWO])
    refused("IncorrectInstanceState", call, InstanceId=TWO, IamInstanceProfile=dict(Name="First"))


def test_more_than_a_page(emulator):
    names = [f"i-0bbbbbbbbbbbbb{number:03x}" for number in range(120)]
    emulator.seed(dict(instances=[dict(instance_id=name) for name in names]))
    emulator.client("iam").create_instance_profile(InstanceProfileName="First")
    ec2 = emulator.client("ec2")
    for name in names:
        associate(ec2, name)
    pages = list(ec2.get_paginator("describe_iam_instance_profile_associations").paginate())
    found = [each["InstanceId"] for page in pages for each in page["IamInstanceProfileAssociations"]]
    assert sorted(found) == names
    assert len(pages) > 1
