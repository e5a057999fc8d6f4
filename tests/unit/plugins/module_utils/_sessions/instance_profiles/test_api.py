"""What EC2 and IAM answer, and how they refuse."""

from __future__ import annotations

from unittest import mock

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.api import (
    InstancesApi,
    ProfilesApi,
)
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.records import Role, Selection

ID = "i-0123456789abcdef0"
NEW = AwsError("Value (Ours) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
               "InvalidParameterValue")  # fmt: skip
LAG = AwsError("ResultDetail: { Code=InstanceIdentityProfileNotFound, Message=... not found ...", "IncorrectState")
STARTING = AwsError("The instance is not in the 'running' or 'stopped' states.", "IncorrectInstanceState")
THEIRS = AwsError("There is an existing association", "IncorrectState")
ROLE = Role("R", "arn:aws:iam::111122223333:role/R")


def client(**answers):
    """A client whose operations give these answers, one after the other; the last one again and again."""
    asked = mock.Mock()
    left = {name: list(given) if isinstance(given, list) else [given] for name, given in answers.items()}

    def answer(operation, *_key, **_parameters):
        given = left[operation][0] if len(left[operation]) == 1 else left[operation].pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    asked.call.side_effect = asked.pages.side_effect = answer
    return asked


def waiting(ec2, timeout=60):
    slept = []
    return InstancesApi(ec2, timeout, sleep=slept.append), slept


@pytest.mark.parametrize("error", [NEW, LAG, STARTING])
def test_what_ec2_does_not_know_yet_is_tried_again_for_a_while(error):
    api, slept = waiting(client(associate_iam_instance_profile=[error, error, {}]))
    api.associate(ID, "Ours", None)
    assert slept == [1.0, 1.5]


def test_not_for_ever():
    api, slept = waiting(client(associate_iam_instance_profile=NEW), timeout=20)
    with pytest.raises(AwsError, match="Invalid IAM Instance Profile"):
        api.associate(ID, "Ours", None)
    assert sum(slept) == 20


def test_other_errors_at_once():
    api, slept = waiting(client(replace_iam_instance_profile_association=AwsError("no", "InvalidParameterValue")))
    with pytest.raises(AwsError, match="no"):
        api.replace("a", "Ours", None)
    assert slept == []


def association(name):
    arn = f"arn:aws:iam::111122223333:instance-profile/x/{name}"
    return [[{"InstanceId": ID, "AssociationId": "a", "IamInstanceProfile": {"Arn": arn}}]]


def test_somebody_else_was_quicker():
    answers = dict(associate_iam_instance_profile=THEIRS)
    same = waiting(client(describe_iam_instance_profile_associations=association("Ours"), **answers))[0]
    same.associate(ID, "Ours", None)
    other = waiting(client(describe_iam_instance_profile_associations=association("Other"), **answers))[0]
    with pytest.raises(UserError, match="somebody else attached 'Other' meanwhile"):
        other.associate(ID, "Ours", None)


def test_a_denial_names_all_that_is_needed():
    denied = AwsError("denied. The caller needs ec2:AssociateIamInstanceProfile.", "UnauthorizedOperation")
    api, slept = waiting(client(associate_iam_instance_profile=denied))
    with pytest.raises(AwsError, match="ec2:AssociateIamInstanceProfile. It also needs iam:PassRole for arn:role"):
        api.associate(ID, "Ours", "arn:role")
    assert slept == []


def test_taking_away_what_is_gone():
    gone = AwsError("gone", "InvalidAssociationID.NotFound")
    waiting(client(disassociate_iam_instance_profile=gone))[0].disassociate("a")


def test_many_ids_are_asked_for_in_slices():
    ec2 = client(describe_instances=[[]])
    InstancesApi(ec2).instances(Selection(ids=tuple(f"i-{n:017x}" for n in range(450))))
    values = [call.kwargs["Filters"][0]["Values"] for call in ec2.pages.call_args_list]
    assert [len(each) for each in values] == [200, 200, 50]
    ec2 = client(describe_iam_instance_profile_associations=[[]])
    InstancesApi(ec2).associations([f"i-{n}" for n in range(201)])
    assert len(ec2.pages.call_args_list) == 2


def test_no_role_in_a_profile_and_no_profile():
    found = dict(get_instance_profile=dict(InstanceProfile=dict(Roles=[])))
    profile, role = ProfilesApi(client(**found)).profile("P")
    assert (profile.there, profile.role, role) == (True, None, None)
    gone = ProfilesApi(client(get_instance_profile=AwsError("no", "NoSuchEntity"))).profile("P")[0]
    assert gone.there is False
    hidden = ProfilesApi(client(get_instance_profile=AwsError("denied", "AccessDenied"))).profile("P")[0]
    assert (hidden.there, hidden.hidden) == (None, "denied")
    with pytest.raises(AwsError):
        ProfilesApi(client(get_instance_profile=AwsError("no network", ""))).profile("P")


def test_documents_are_read_only_where_names_do_not_tell_enough():
    core = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    iam = client(list_attached_role_policies=[[dict(PolicyArn=core)]])
    assert ProfilesApi(iam).policies(ROLE) == Role("R", ROLE.arn, (core,))
    own = "arn:aws:iam::111122223333:policy/Own"
    iam = client(
        list_attached_role_policies=[[dict(PolicyArn=own)]],
        list_role_policies=[["inline"]],
        get_role_policy=dict(PolicyDocument="1"),
        get_policy=dict(Policy=dict(DefaultVersionId="v2")),
        get_policy_version=dict(PolicyVersion=dict(Document="2")),
    )
    assert ProfilesApi(iam).policies(ROLE).documents == ("1", "2")
    iam = client(list_attached_role_policies=[[dict(PolicyArn=own)]], list_role_policies=AwsError("no", "AccessDenied"))
    found = ProfilesApi(iam).policies(ROLE)
    assert (found.attached, found.documents, found.hidden) == ((own,), (), "no")
    assert ProfilesApi(client(list_instance_profiles=AwsError("no", "AccessDenied"))).names() == ()


def test_attaching_comes_first_and_detaching_what_is_gone_is_done():
    iam = client(attach_role_policy={}, detach_role_policy=AwsError("gone", "NoSuchEntity"))
    ProfilesApi(iam).swap("R", ["new"], ["old"])
    assert [call.args[0] for call in iam.call.call_args_list] == ["attach_role_policy", "detach_role_policy"]
