"""permission_sets and permission_sets_info over HTTP, by real ansible-playbook."""

from __future__ import annotations

import json

import pytest

AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
VIEW = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "Look", "Effect": "Allow", "Action": ["ec2:DescribeInstances"], "Resource": "*"}],
}
SAME_POLICY = {
    "Statement": [{"Resource": ["*"], "Action": "ec2:DescribeInstances", "Effect": "Allow", "Sid": "Look"}],
    "Version": "2012-10-17",
}
WEB = dict(
    name="WebOperator",
    description="Shell sessions on web servers",
    relay_state="https://ap-northeast-1.console.aws.amazon.com/systems-manager",
    session_duration="PT4H",
    inline_policy=POLICY,
    managed_policies=[AUDIT],
    customer_managed_policies=[dict(name="Own", path="/teams/")],
    permissions_boundary=dict(managed_policy_arn=VIEW),
    tags=dict(team="web"),
)
ACCOUNT = "111122223333"


@pytest.fixture
def sso(emulator):
    return emulator.client("sso-admin")


@pytest.fixture
def instance(sso):
    return {"InstanceArn": sso.list_instances()["Instances"][0]["InstanceArn"]}


@pytest.fixture
def assigned(emulator, sso, instance, run_module):
    """WebOperator, without customer managed policies, assigned to a group in one account; returns its ARN."""
    emulator.seed({"accounts": [{"id": ACCOUNT, "name": "web-prod"}]})
    values = dict(WEB, customer_managed_policies=[])
    arn = run_module("permission_sets", dict(permission_sets=[values]))["permission_sets"][0]["permission_set_arn"]
    store = sso.list_instances()["Instances"][0]["IdentityStoreId"]
    group = emulator.client("identitystore").create_group(IdentityStoreId=store, DisplayName="web")["GroupId"]
    sso.create_account_assignment(
        **instance,
        TargetId=ACCOUNT,
        TargetType="AWS_ACCOUNT",
        PermissionSetArn=arn,
        PrincipalType="GROUP",
        PrincipalId=group,
    )
    return arn


def sets(*items, **options):
    return dict(options, permission_sets=list(items))


def test_life_of_a_permission_set(emulator, sso, instance, run_module):
    predicted = run_module("permission_sets", sets(WEB), check=True, diff=True)
    assert emulator.writes() == {}
    made = run_module("permission_sets", sets(WEB), diff=True)
    assert made["changed"]
    assert (made["created"], made["updated"], made["deleted"]) == (1, 0, 0)
    assert made["changes"] == predicted["changes"]
    assert made["diff"] == predicted["diff"]
    (shown,) = made["permission_sets"]
    arn = shown.pop("permission_set_arn")
    assert [shown] == predicted["permission_sets"]
    assert shown["tags"] == {"team": "web", "keyless:managed": "true"}

    there = sso.describe_permission_set(**instance, PermissionSetArn=arn)["PermissionSet"]
    assert (there["Description"], there["RelayState"], there["SessionDuration"]) == (
        WEB["description"],
        WEB["relay_state"],
        "PT4H",
    )
    policy = sso.get_inline_policy_for_permission_set(**instance, PermissionSetArn=arn)["InlinePolicy"]
    assert json.loads(policy) == POLICY

    again = run_module("permission_sets", sets(dict(WEB, inline_policy=SAME_POLICY, session_duration="PT240M")))
    assert not again["changed"]
    assert again["changes"] == []

    (read,) = run_module("permission_sets_info", dict(names=["WebOperator"]))["permission_sets"]
    assert read == dict(shown, permission_set_arn=arn)

    gone = run_module("permission_sets", sets(dict(name="WebOperator", state="absent")))
    assert gone["deleted"] == 1
    assert sso.list_permission_sets(**instance)["PermissionSets"] == []
    assert not run_module("permission_sets", sets(dict(name="WebOperator", state="absent")))["changed"]


def test_a_changed_set_sends_every_setting_and_touches_nothing_else(sso, instance, run_module):
    arn = run_module("permission_sets", sets(WEB))["permission_sets"][0]["permission_set_arn"]
    result = run_module("permission_sets", sets(dict(name="WebOperator", description="New")), diff=True)
    assert result["changes"] == [
        {"action": "update", "kind": "permission_set", "name": "WebOperator", "fields": ["description"]}
    ]
    assert result["diff"]["before"] == {"WebOperator": {"description": WEB["description"]}}
    there = sso.describe_permission_set(**instance, PermissionSetArn=arn)["PermissionSet"]
    assert (there["Description"], there["RelayState"], there["SessionDuration"]) == ("New", WEB["relay_state"], "PT4H")


def test_empty_clears(sso, instance, run_module):
    arn = run_module("permission_sets", sets(WEB))["permission_sets"][0]["permission_set_arn"]
    empty = dict(
        name="WebOperator",
        relay_state="",
        inline_policy={},
        managed_policies=[],
        customer_managed_policies=[],
        permissions_boundary={},
        tags={},
    )
    assert run_module("permission_sets", sets(empty))["updated"] == 1
    which = dict(instance, PermissionSetArn=arn)
    assert "RelayState" not in sso.describe_permission_set(**which)["PermissionSet"]
    assert sso.get_inline_policy_for_permission_set(**which).get("InlinePolicy", "") == ""
    assert sso.list_managed_policies_in_permission_set(**which)["AttachedManagedPolicies"] == []
    references = sso.list_customer_managed_policy_references_in_permission_set(**which)
    assert references["CustomerManagedPolicyReferences"] == []
    with pytest.raises(sso.exceptions.ResourceNotFoundException):
        sso.get_permissions_boundary_for_permission_set(**which)
    tags = sso.list_tags_for_resource(**instance, ResourceArn=arn)["Tags"]
    assert tags == [{"Key": "keyless:managed", "Value": "true"}]
    assert not run_module("permission_sets", sets(empty))["changed"]


def test_what_is_there_is_adopted(sso, instance, run_module):
    arn = sso.create_permission_set(**instance, Name="WebOperator")["PermissionSet"]["PermissionSetArn"]
    result = run_module("permission_sets", sets(WEB))
    assert (result["created"], result["updated"]) == (0, 1)
    assert result["permission_sets"][0]["permission_set_arn"] == arn


def test_a_set_without_accounts_is_not_provisioned(emulator, run_module):
    run_module("permission_sets", sets(WEB))
    run_module("permission_sets", sets(dict(WEB, description="New")))
    assert "sso-admin:ProvisionPermissionSet" not in emulator.calls()


def test_a_changed_set_is_provisioned_once(emulator, sso, instance, assigned, run_module):
    changed = dict(WEB, customer_managed_policies=[], description="New", managed_policies=[], session_duration="PT2H")
    result = run_module("permission_sets", sets(changed))
    assert result["changes"][-1] == {
        "action": "provision",
        "kind": "permission_set",
        "name": "WebOperator",
        "accounts": [ACCOUNT],
    }
    assert emulator.calls()["sso-admin:ProvisionPermissionSet"] == 1
    behind = sso.list_accounts_for_provisioned_permission_set(
        **instance, PermissionSetArn=assigned, ProvisioningStatus="LATEST_PERMISSION_SET_NOT_PROVISIONED"
    )
    assert behind["AccountIds"] == []
    (role,) = emulator.client("iam", account=ACCOUNT).list_roles(PathPrefix="/aws-reserved/")["Roles"]
    assert role["MaxSessionDuration"] == 43200 or role["MaxSessionDuration"] == 7200


def test_never_provisioning_leaves_accounts_behind_and_outdated_heals_them(emulator, run_module, assigned):
    wrong = {"Effect": "Allow", "Action": "ssm:DescribeSession", "Resource": "*"}
    new = dict(name="WebOperator", inline_policy={"Version": "2012-10-17", "Statement": [wrong]})
    run_module("permission_sets", sets(new, provision="never"))
    assert "sso-admin:ProvisionPermissionSet" not in emulator.calls()
    (read,) = run_module("permission_sets_info", dict(include=["accounts", "problems"]))["permission_sets"]
    assert read["outdated_accounts"] == [ACCOUNT]
    (problem,) = read["problems"]
    assert (problem["rule"], problem["mend"]) == ("unknown_action", "Write ssm:DescribeSessions.")
    assert "inline_policy" not in read
    assert not run_module("permission_sets", sets(dict(name="WebOperator")))["changed"]
    healed = run_module("permission_sets", sets(dict(name="WebOperator"), provision="outdated"))
    assert [change["action"] for change in healed["changes"]] == ["provision"]
    assert not run_module("permission_sets", sets(dict(name="WebOperator"), provision="outdated"))["changed"]


def test_one_refused_set_does_not_stop_the_others(emulator, run_module):
    emulator.faults("sso-admin:PutInlinePolicyToPermissionSet", "AccessDeniedException")
    db = dict(name="DbOperator", description="Databases")
    failed = run_module("permission_sets", sets(WEB, db), fails=True)
    assert failed["created"] == 2
    assert "sso:PutInlinePolicyToPermissionSet" in failed["msg"]
    assert {failure["name"] for failure in failed["failures"]} == {"WebOperator"}
    assert not run_module("permission_sets", sets(db))["changed"]
    assert run_module("permission_sets", sets(WEB))["updated"] == 1


def test_no_op_of_fifty_sets_costs_what_it_must(emulator, run_module):
    many = [dict(name=f"Set{n:02}", inline_policy=POLICY, managed_policies=[AUDIT]) for n in range(50)]
    run_module("permission_sets", sets(*many, api_rate=1000))
    before = emulator.calls()
    assert not run_module("permission_sets", sets(*many, api_rate=1000))["changed"]
    spent = {name: times - before.get(name, 0) for name, times in emulator.calls().items()}
    assert {name: times for name, times in spent.items() if times} == {
        "sso-admin:ListInstances": 1,
        "sso-admin:ListPermissionSets": 1,
        "sso-admin:ListPermissionSetProvisioningStatus": 1,
        "sso-admin:DescribePermissionSet": 50,
        "sso-admin:GetInlinePolicyForPermissionSet": 50,
        "sso-admin:ListManagedPoliciesInPermissionSet": 50,
    }


@pytest.mark.parametrize(
    "values, texts",
    [
        (dict(session_duration="PT13H"), ["permission_sets[0].session_duration", "PT13H", "PT12H"]),
        (dict(description="運用担当"), ["permission_sets[0].description", "運", "Latin-1"]),
        (dict(inline_policy="{not json"), ["permission_sets[0].inline_policy", "JSON"]),
        (dict(inline_policy=dict(POLICY, Id="x" * 10240)), ["permission_sets[0].inline_policy", "10240"]),
    ],
)
def test_bad_input_is_named_and_nothing_is_asked(emulator, run_module, values, texts):
    failed = run_module("permission_sets", sets(dict(dict(name="Web"), **values)), fails=True)
    for text in texts:
        assert text in failed["msg"]
    assert emulator.calls() == {}


def test_no_instance_is_explained(emulator, run_module):
    failed = run_module("permission_sets", sets(dict(name="Web")), env={"AWS_REGION": "eu-west-1"}, fails=True)
    assert "no Identity Center instance in Region eu-west-1" in failed["msg"]
    assert emulator.writes() == {}


def test_two_instances_need_an_arn(emulator, sso, run_module):
    emulator.seed({"identity_center": {"instances": 2}})
    failed = run_module("permission_sets", sets(WEB), fails=True)
    assert failed["msg"].startswith("instance_arn: this caller sees 2")
    for instance in sso.list_instances()["Instances"]:
        assert instance["InstanceArn"] in failed["msg"]
    arn = sso.list_instances()["Instances"][0]["InstanceArn"]
    assert run_module("permission_sets", sets(WEB, instance_arn=arn))["created"] == 1


def test_missing_and_expired_credentials_are_explained(emulator, run_module):
    nobody = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
    assert "no AWS credentials" in run_module("permission_sets", sets(WEB), env=nobody, fails=True)["msg"]
    emulator.faults("sso-admin:ListInstances", "ExpiredTokenException")
    assert "have expired" in run_module("permission_sets", sets(WEB), fails=True)["msg"]


def test_an_endpoint_that_does_not_answer_is_named(run_module):
    nowhere = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    failed = run_module("permission_sets", sets(WEB), env=nowhere, fails=True)
    assert "http://127.0.0.1:9 did not answer" in failed["msg"]
    assert "AWS_ENDPOINT_URL" in failed["msg"]
