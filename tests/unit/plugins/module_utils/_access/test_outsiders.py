# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._access.compile import compile_access
from ansible_collections.keyless.aws.plugins.module_utils._access.hosts import hosts
from ansible_collections.keyless.aws.plugins.module_utils._access.model import read_model
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.validate import policies

HOST = {"instance_id": "i-0123456789abcdef0", "account_id": "111122223333", "region": "ap-northeast-1", "tags": {}}
WEB_PROD = {"account_id": "111122223333", "role_arn": "arn:aws:iam::111122223333:role/keyless"}


def grant(name, to, **more):
    base = {"name": name, "to": to, "accounts": ["web-prod"], "instances": {"tags": {"Name": name}}}
    return dict(base, **more)


@pytest.fixture
def outside(model):
    """Story S3's users with an instance each, one with a second grant, and story S2's partner."""
    model["iam_users"] = {
        "user01": {"account": "web-prod", "tags": {"Team": "web"}},
        "user02": {"account": "web-prod", "user_name": "User.Two", "os_user": "two"},
        "user03": {"account": "sandbox"},
    }
    model["federations"] = {
        "partner": {"accounts": ["web-prod"], "metadata_file": "partner.xml", "os_users": ["p-ken", "p-yuki"]}
    }
    model["grants"] += [
        grant("PC01", {"iam_users": ["user01"]}),
        grant("PC02", {"iam_users": ["user02"], "saml": ["partner"]}, sudo="all"),
        grant("Both", {"iam_users": ["user01", "user02"]}),
        grant("Lab", {"iam_users": ["user03"]}, accounts=["sandbox"], sudo=["/usr/bin/id"]),
    ]
    return model


def problems_of(raw):
    with pytest.raises(Problems) as caught:
        read_model(raw)
    return caught.value.details["problems"]


@pytest.mark.parametrize(
    "user, told",
    [
        (None, "iam_users.user03.account: is missing"),
        ({"account": "sandbx"}, "iam_users.user03.account: no account 'sandbx' (did you mean 'sandbox'?)"),
        ({"account": ["sandbox"]}, "iam_users.user03.account: ['sandbox'] is not a text"),
    ],
)
def test_a_user_of_a_grant_in_no_account_is_told(outside, user, told):
    outside["iam_users"]["user03"] = user
    assert problems_of(outside) == [told]


def test_nothing_of_theirs_goes_through_identity_center(outside):
    cloud = compile_access(outside)["cloud"]
    assert [entry["name"] for entry in cloud["permission_sets"]] == ["WebOperator", "OwnTeam", "Sandbox"]
    assert len(cloud["account_assignments"]["assignments"]) == 3
    assert "user01" not in str(cloud["identity_store"])


def test_all_grants_of_an_iam_user_are_one_policy(outside):
    entries = compile_access(outside)["cloud"]["session_policies"]
    assert [(entry["targets"], [policy["name"] for policy in entry["policies"]]) for entry in entries] == [
        ([WEB_PROD], ["PC01+Both", "PC02+Both"]),
        ([{"account_id": "012345670123", "profile": "sandbox"}], ["Lab"]),
    ]
    first, second = entries[0]["policies"]
    assert (first["users"], second["users"]) == (["user01"], ["User.Two"])
    assert first["scopes"] == [
        {
            "principal": "iam_user",
            "accounts": ["111122223333"],
            "regions": ["ap-northeast-1", "us-east-1"],
            "instances": {"tags": {"Name": name}},
            "connect": ["shell"],
        }
        for name in ("PC01", "Both")
    ]
    assert entries[1]["policies"][0]["scopes"][0]["run_as"] == "optional"


def test_iam_users_and_what_they_run_as(outside):
    assert compile_access(outside)["cloud"]["iam_users"] == [
        {
            "targets": [WEB_PROD],
            "users": [
                {"name": "user01", "state": "present", "run_as": "user01", "tags": {"Team": "web"}},
                {"name": "User.Two", "state": "present", "run_as": "two"},
            ],
        },
        {
            "targets": [{"account_id": "012345670123", "profile": "sandbox"}],
            "users": [{"name": "user03", "state": "present"}],
        },
    ]


def test_the_module_takes_the_policies(outside):
    for entry in compile_access(outside)["cloud"]["session_policies"]:
        assert policies(entry["policies"])


def test_users_with_the_same_grants_share_a_policy(outside):
    outside["grants"][3]["to"]["iam_users"] = ["user01", "user02"]
    outside["grants"][4]["to"].pop("iam_users")
    (policy,) = compile_access(outside)["cloud"]["session_policies"][0]["policies"]
    assert (policy["name"], policy["users"]) == ("PC01+Both", ["user01", "User.Two"])


def test_saml_providers(outside):
    assert compile_access(outside)["cloud"]["saml_providers"] == [
        {
            "targets": [WEB_PROD],
            "providers": [{"name": "partner", "metadata_file": "partner.xml", "state": "present"}],
        }
    ]


@pytest.mark.parametrize(
    "path, read", [("a/p.xml", "/here/a/p.xml"), ("/there/p.xml", "/there/p.xml"), ("~/p.xml", "~/p.xml")]
)
def test_where_relative_paths_begin(outside, path, read):
    outside["federations"]["partner"]["metadata_file"] = path
    cloud = compile_access(outside, directory="/here")["cloud"]
    assert cloud["saml_providers"][0]["providers"][0]["metadata_file"] == read
    assert cloud["roles"][0]["provider"]["metadata_file"] == read


def test_roles_of_federations(outside):
    outside["grants"][4].update(session_duration="PT4H", description="Partners")
    assert compile_access(outside)["cloud"]["roles"] == [
        dict(
            WEB_PROD,
            name="PC02",
            description="Partners",
            partition="aws",
            provider={"name": "partner", "metadata_file": "partner.xml"},
            scope={
                "accounts": ["111122223333"],
                "regions": ["ap-northeast-1", "us-east-1"],
                "instances": {"tags": {"Name": "PC02"}},
                "connect": ["shell"],
            },
            run_as_source="${user:subject}",
            max_session_duration=14400,
            state="present",
        )
    ]


def test_what_an_application_is_and_sends(outside):
    more = {"application": "Partners", "run_as_source": "${user:email}", "session_name_source": "${user:name}"}
    outside["federations"]["partner"].update(more)
    (role,) = compile_access(outside)["cloud"]["roles"]
    assert {key: role[key] for key in more} == more


def test_an_application_leads_to_one_role(outside):
    outside["grants"][5]["to"]["saml"] = ["partner"]
    assert problems_of(outside) == [
        "federations.partner: is in several grants, and its application leads to one role only; make a federation for "
        "each grant"
    ]
    outside["federations"]["other"] = dict(outside["federations"]["partner"])
    outside["grants"][5]["to"]["saml"] = ["other"]
    assert len(compile_access(outside)["cloud"]["roles"]) == 2
    outside["grants"][5]["to"].pop("saml")
    outside["grants"][4]["to"]["saml"] = ["partner", "other"]
    assert problems_of(outside) == [
        "grants[4].to.saml: each federation has a role of its own, and the grant's name is the role's; make a grant "
        "for each"
    ]


@pytest.mark.parametrize(
    "name, users, sudo",
    [
        ("PC01", ["user01"], []),
        ("PC02", ["p-ken", "p-yuki", "two"], ["p-ken", "p-yuki", "two"]),
        ("Both", ["two", "user01"], []),
        ("other", [], []),
    ],
)
def test_hosts_get_their_os_users(outside, name, users, sudo):
    access = hosts(outside, dict(HOST, tags={"Name": name}))
    assert [user["name"] for user in access["users"]] == users
    assert [rule["user"] for rule in access["sudo"]] == sudo
    assert {"user01", "two", "p-ken", "taro"} <= set(access["os_users"])
    assert "user03" not in access["os_users"]


def test_without_run_as_they_share_ssm_user(outside):
    outside["grants"] = [entry for entry in outside["grants"] if entry["name"] != "Sandbox"]
    host = dict(HOST, account_id="012345670123", tags={"Name": "Lab"})
    assert hosts(outside, host)["ssm_user"] == ["/usr/bin/id"]


def test_tags_of_an_iam_user_select_instances(outside):
    outside["grants"].append(grant("Own", {"iam_users": ["user01"]}, instances={"principal_tags": ["Team"]}))
    assert "user01" in [user["name"] for user in hosts(outside, dict(HOST, tags={"Team": "web"}))["users"]]
    assert "user01" not in [user["name"] for user in hosts(outside, dict(HOST, tags={"Team": "db"}))["users"]]
    outside["grants"][-1]["to"]["iam_users"] = ["user02"]
    assert problems_of(outside) == ["iam_users.user02.tags: there is no 'Team', which the grant Own compares"]


def test_only_iam_users_need_no_people_and_no_attributes(outside):
    for key in ("people", "groups", "attributes", "federations"):
        del outside[key]
    outside["grants"] = [outside["grants"][3], outside["grants"][5], outside["grants"][6]]
    cloud = compile_access(outside)["cloud"]
    assert cloud["access_control_attributes"] == {"attributes": {}}
    assert cloud["identity_store"] == {"users": [], "groups": []}
    assert len(cloud["session_policies"]) == 2


@pytest.mark.parametrize(
    "index, change, told",
    [
        (3, {"accounts": ["sandbox"]}, "grants[3].to.iam_users[0]: the IAM user 'user01' is in web-prod, which this"),
        (3, {"connect": ["rdp"]}, "grants[3].connect: rdp signs in through IAM Identity Center"),
        (3, {"connect": ["shell", "ssh"]}, "so ssh of grants[3] would reach instances with Name=Both"),
        (4, {"instances": {"principal_tags": ["Team"]}}, "only the federation knows the values that it sends"),
    ],
)
def test_what_cannot_be_given(outside, index, change, told):
    outside["grants"][index].update(change)
    assert [problem for problem in problems_of(outside) if told in problem]


def test_a_federation_has_to_say_who_may_arrive(outside):
    del outside["federations"]["partner"]["os_users"]
    assert problems_of(outside) == [
        "federations.partner: names no os_users, and sessions run as them; name those who may arrive"
    ]


def test_a_federation_has_to_be_where_the_grant_is(outside):
    outside["federations"]["partner"]["accounts"] = ["sandbox"]
    assert problems_of(outside) == [
        "grants[4].to.saml[0]: 'partner' signs in to sandbox, which this grant does not reach"
    ]


def test_names_that_would_get_too_long(outside):
    for number in range(4):
        outside["grants"].append(grant("G" * 31 + str(number), {"iam_users": ["user03"]}, accounts=["sandbox"]))
    (problem,) = problems_of(outside)
    assert problem.startswith("grants[10].name: the policy of user03 would be called Lab+GGG")
    assert problem.endswith("give the grants shorter names")


def test_who_shares_an_os_user_is_told(outside):
    outside["iam_users"]["user02"]["os_user"] = "taro"
    told = [entry["message"] for entry in compile_access(outside)["notes"] if entry["path"] == "people"]
    assert told == ["taro, iam_users.user02 share the OS user 'taro': what it does on a host cannot be told apart"]
