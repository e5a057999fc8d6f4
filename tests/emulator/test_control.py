# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator's own paths."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

WEB = "111122223333"
REGION = "ap-northeast-1"


def ask(emulator, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{emulator.url}/_emulator{path}", data=data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_calls_are_counted_but_not_its_own(emulator):
    assert emulator.calls() == {}
    sso = emulator.client("sso-admin")
    sso.list_instances()
    sso.list_instances()
    emulator.client("sts").get_caller_identity()
    emulator.client("s3").list_buckets()
    assert emulator.calls() == {"s3:ListBuckets": 1, "sso-admin:ListInstances": 2, "sts:GetCallerIdentity": 1}


def test_refused_calls_count_too(emulator, ic, refused):
    before = emulator.calls()
    refused("ResourceNotFoundException", ic.sso.describe_permission_set, InstanceArn=ic.arn,
            PermissionSetArn=ic.arn.replace("instance", "permissionSet") + "/ps-0000000000000000")
    assert emulator.calls() == dict(before, **{"sso-admin:DescribePermissionSet": 1})


def test_operations_are_told_in_the_order_in_which_they_were_taken(emulator, organization, ic):
    web, group = ic.permission_set(), ic.group()
    assert ask(emulator, "GET", "/operations") == (200, dict(operations=[]))
    first = ic.assign(web, group, kind="GROUP")["RequestId"]
    ic.unassign(web, group, kind="GROUP")
    emulator.faults("sso-admin:CreateAccountAssignment", "failed", reason="No.")
    ic.assign(web, group, kind="GROUP")
    emulator.settings(async_ms=60000)
    last = ic.assign(web, group, kind="GROUP")["RequestId"]
    told = ask(emulator, "GET", "/operations")[1]["operations"]
    assert [(each["kind"], each["status"], each["reason"]) for each in told] == [
        ("creation", "SUCCEEDED", None), ("deletion", "SUCCEEDED", None), ("creation", "FAILED", "No."),
        ("creation", "IN_PROGRESS", None),
    ]
    assert (told[0]["request_id"], told[-1]["request_id"]) == (first, last)
    target = dict(account_id=WEB, permission_set_arn=web, principal_type="GROUP", principal_id=group)
    assert all(target.items() <= each.items() for each in told)
    assert told[0]["created"] <= told[0]["ended"] <= told[-1]["created"]
    assert told[-1]["ended"] is None
    emulator.reset()
    assert ask(emulator, "GET", "/operations") == (200, dict(operations=[]))


def test_reset_goes_back_to_the_start(emulator, organization, ic, refused):
    emulator.settings(async_ms=5)
    emulator.seed(dict(home_region="us-east-1", identity_center=dict(instance_arn="arn:aws:sso:::instance/ssoins-" +
                                                                     "0" * 16)))
    emulator.client("iam", WEB).create_user(UserName="x")
    emulator.client("ssm").create_document(Name="Mine", Content='{"schemaVersion":"2.2"}')
    emulator.faults("sso-admin:ListInstances", "AccessDeniedException")
    emulator.reset()
    assert emulator.calls() == {}
    (instance,) = emulator.client("sso-admin").list_instances()["Instances"]
    assert (instance["InstanceArn"], instance["PrimaryRegion"]) == (ic.arn, REGION)
    assert emulator.client("sso-admin").list_permission_sets(InstanceArn=ic.arn)["PermissionSets"] == []
    assert emulator.client("identitystore").list_users(IdentityStoreId=ic.store)["Users"] == []
    refused("AWSOrganizationsNotInUseException", emulator.client("organizations").list_accounts)
    refused("InvalidDocument", emulator.client("ssm").get_document, Name="Mine")
    assert emulator.client("iam", WEB).list_users()["Users"] == []
    status, answer = ask(emulator, "GET", "")
    assert (status, answer["settings"]["async_ms"]) == (200, 0)


def test_seeding_twice_changes_nothing(emulator):
    state = dict(
        home_region="eu-west-1",
        accounts=[dict(id=WEB, name="web-prod", ou="Prod/Web", email="web@example.org")],
        organizational_units=["Prod/Empty"],
        delegated_administrators=[WEB],
        identity_center=dict(instances=2, identity_store_id="d-0123456789",
                             instance_arn="arn:aws:sso:::instance/ssoins-0123456789abcdef"),
        instances=[dict(account_id=WEB, region=REGION, instance_id="i-0aaaaaaaaaaaaaaa1", tags=dict(Team="web"))],
        settings=dict(document_versions=5),
    )
    first = emulator.seed(state)
    assert first["changed"] is True
    again = emulator.seed(state)
    assert again == dict(first, changed=False)
    assert set(again["organizational_units"]) == {"", "Prod", "Prod/Web", "Prod/Empty"}
    assert again["identity_center"][0] == dict(
        instance_arn="arn:aws:sso:::instance/ssoins-0123456789abcdef", identity_store_id="d-0123456789",
        region="eu-west-1",
    )
    instances = emulator.client("sso-admin", region="eu-west-1").list_instances()["Instances"]
    assert instances[0]["IdentityStoreId"] == "d-0123456789"


def test_seeding_changes_what_differs_and_keeps_the_rest(emulator, organization, ic):
    web = ic.permission_set()
    emulator.seed(dict(accounts=[dict(id=WEB, name="web-prod", ou="Prod", status="SUSPENDED")]))
    org = emulator.client("organizations")
    assert org.describe_account(AccountId=WEB)["Account"]["Status"] == "SUSPENDED"
    assert len(org.list_accounts()["Accounts"]) == 4
    assert ic.sso.list_permission_sets(InstanceArn=ic.arn)["PermissionSets"] == [web]
    host = dict(account_id="444455556666", region=REGION, instance_id="i-0aaaaaaaaaaaaaaa1", tags=dict(Team="web"))
    emulator.seed(dict(instances=[host]))
    assert emulator.seed(dict(instances=[dict(host, tags=dict(Role="db"))]))["changed"] is True
    ec2 = emulator.client("ec2", "444455556666")
    (found,) = ec2.describe_instances()["Reservations"][0]["Instances"]
    assert found["Tags"] == [dict(Key="Role", Value="db")]


@pytest.mark.parametrize("state, said", [
    (dict(account=[]), "account is no part of a state"), (dict(accounts=[dict(name="x")]), "accounts[0] needs an id"),
    (dict(accounts=[dict(id=111122223333, name="x")]), "a text of 12 digits"),
    (dict(accounts=[dict(id="1", name="x")]), "not 12 digits"),
    (dict(accounts=[dict(id=WEB, name="x", status="CLOSED")]), "ACTIVE or SUSPENDED"),
    (dict(accounts=[dict(id=WEB, name="x")] * 2), "listed twice"),
    (dict(accounts=[dict(id=WEB, name="x", color="red")]), "has no color"),
    (dict(instances=[dict(instance_id="web")]), "instance_id must be"),
    (dict(instances=[dict(instance_id="i-0aaaaaaaaaaaaaaa1", color="red")]), "has no color"),
    (dict(instances=[dict(instance_id="i-0aaaaaaaaaaaaaaa1", private_ip="web")]), "must be an IPv4 address"),
    (dict(instances=[dict(instance_id="i-0aaaaaaaaaaaaaaa1"), dict(instance_id="i-0aaaaaaaaaaaaaaa1")]),
     "instances[1]: the instance_id i-0aaaaaaaaaaaaaaa1 is that of instances[0] too"),
    (dict(instances=[dict(instance_id="i-0aaaaaaaaaaaaaaa1", account_id=111122223333)]), "a text of 12 digits"),
    (dict(identity_center=dict(instances=3)), "must be 0, 1 or 2"), (dict(identity_center=dict(x=1)), "has no x"),
    (dict(identity_center=dict(instance_arn="x")), "not the ARN of an instance"),
    (dict(identity_center=dict(identity_store_id="x")), "identity_store_id must be"),
    (dict(home_region="Tokyo"), "home_region must be the name of a Region"),
    (dict(settings=dict(rate=-1)), "rate must be a number"), (dict(settings=dict(speed=1)), "no setting 'speed'"),
])
def test_a_wrong_state_is_refused_and_nothing_is_done(emulator, state, said):
    status, answer = ask(emulator, "POST", "/seed", dict(dict(accounts=[dict(id="999999999999", name="new")]), **state))
    assert status == 400
    assert said in answer["error"]
    sso = emulator.client("sso-admin")
    assert len(sso.list_instances()["Instances"]) == 1
    with pytest.raises(Exception, match="AWSOrganizationsNotInUse"):
        emulator.client("organizations").list_accounts()


def test_addresses_may_be_of_any_network_but_one_instance_each(emulator):
    """Real hosts of a container network stand for instances, with their own addresses."""
    first, second, third = (f"i-0aaaaaaaaaaaaaaa{number}" for number in (1, 2, 3))
    hosts = {first: "10.89.0.5", second: "10.89.0.6", third: "172.31.40.9"}
    state = dict(instances=[dict(instance_id=id_, private_ip=address) for id_, address in hosts.items()])
    assert emulator.seed(state)["changed"] is True
    assert emulator.seed(state)["changed"] is False
    reservations = emulator.client("ec2").describe_instances()["Reservations"]
    found = [instance for reservation in reservations for instance in reservation["Instances"]]
    assert {instance["InstanceId"]: instance["PrivateIpAddress"] for instance in found} == hosts
    for id_, address, said in [("i-0aaaaaaaaaaaaaaa4", "10.89.0.5", "has the private_ip 10.89.0.5 already"),
                               ("i-0aaaaaaaaaaaaaaa1", "10.89.0.7", "cannot become 10.89.0.7")]:
        status, answer = ask(emulator, "POST", "/seed", dict(instances=[dict(instance_id=id_, private_ip=address)]))
        assert status == 400
        assert said in answer["error"]


@pytest.mark.parametrize("method, path", [("GET", "/reset"), ("POST", "/calls"), ("GET", "/nothing")])
def test_unknown_paths_name_the_known_ones(emulator, method, path):
    status, answer = ask(emulator, method, path)
    assert status == 404
    assert "POST /_emulator/seed" in answer["error"]


@pytest.mark.parametrize("body", [[], "x", 7])
def test_bodies_have_to_be_objects(emulator, body):
    assert ask(emulator, "POST", "/seed", body)[0] == 400


def test_settings_can_be_changed_while_it_runs(emulator):
    assert emulator.settings(async_ms=5, rate=20)["changed"] is True
    assert emulator.settings(async_ms=5)["changed"] is False
    assert ask(emulator, "POST", "/settings", dict(async_ms="5"))[0] == 400
    assert ask(emulator, "POST", "/settings", dict(home_region="us-east-1"))[0] == 400


def test_what_is_not_emulated_says_so(emulator, refused):
    with pytest.raises(Exception, match="the emulator does not have sso-admin:ListTrustedTokenIssuers"):
        instance = emulator.client("sso-admin").list_instances()["Instances"][0]["InstanceArn"]
        emulator.client("sso-admin").list_trusted_token_issuers(InstanceArn=instance)


def test_unsigned_requests_are_refused(emulator):
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config

    sso = boto3.client("sso-admin", region_name=REGION, endpoint_url=emulator.url, config=Config(
        signature_version=UNSIGNED))
    with pytest.raises(sso.exceptions.ClientError, match="MissingAuthenticationToken"):
        sso.list_instances()
