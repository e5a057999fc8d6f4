# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins as people write them."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._external_login.logins import read_logins
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._saml.trust import trust_policy

WEB, DB = "111122223333", "444455556666"
SCOPE = dict(regions=["ap-northeast-1"], instances=dict(tags=dict(Team="web")), connect=["shell"])
PATH = "external_login_logins[0]"


def login(**more):
    return dict(dict(name="PartnerOperator", provider="partner", account_id=WEB), **more)


def one(accounts=None, **more):
    (only,) = read_logins([login(**more)], accounts)
    return only.shown()


def problems(*logins, accounts=None):
    with pytest.raises(Problems) as caught:
        read_logins(list(logins), accounts)
    return caught.value.details["problems"]


def test_the_least():
    shown = one()
    assert shown["arn"] == f"arn:aws:iam::{WEB}:role/PartnerOperator"
    assert shown["provider_arn"] == f"arn:aws:iam::{WEB}:saml-provider/partner"
    assert (shown["application"], shown["way"], shown["state"]) == ("PartnerOperator", "own", "present")
    assert (shown["max_session_duration"], shown["session_duration"]) == (3600, 3600)
    assert (shown["policy"], shown["managed_policies"], shown["tags"]) == (None, [], None)
    assert shown["trust"] == dict(
        provider_arn=shown["provider_arn"], audiences=["https://signin.aws.amazon.com/saml"], tag_session=False,
        source_identity=False,
    )  # fmt: skip
    assert trust_policy(dict(shown["trust"], issuer="https://idp.example"))


def test_accounts_by_role_by_profile_and_ones_own():
    role = "arn:aws:iam::444455556666:role/keyless"
    assert one(account_id=None, role_arn=role)["arn"] == f"arn:aws:iam::{DB}:role/PartnerOperator"
    assert one(account_id=None, role_arn=role)["way"] == role
    by_profile = one({"profile partner": DB}, account_id=None, profile="partner")
    assert (by_profile["account_id"], by_profile["way"]) == (DB, "profile partner")
    assert one({"own": WEB}, account_id=None)["account_id"] == WEB
    assert "arn" not in one(account_id=None)  # nobody has looked yet


def test_the_policy_is_for_the_account_and_for_people_from_saml():
    policy = one(scope=SCOPE, run_as_source="${user:subject}")["policy"]
    first = policy["Statement"][0]
    assert first["Resource"] == f"arn:aws:ec2:ap-northeast-1:{WEB}:instance/*"
    own = next(each for each in policy["Statement"] if each["Sid"] == "OwnSessions")
    assert own["Condition"] == {"StringLike": {"ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}"}}
    assert [each["Sid"] for each in policy["Statement"]].count("DenyTaggingWithRunAs") == 1
    elsewhere = one(scope=dict(SCOPE, accounts=[DB]), run_as_source="taro")["policy"]
    assert DB in elsewhere["Statement"][0]["Resource"]
    china = one(partition="aws-cn", regions=["cn-north-1"], run_as_source="taro", scope=dict(
        SCOPE, regions=["cn-north-1"]))  # fmt: skip
    assert china["policy"]["Statement"][0]["Resource"].startswith("arn:aws-cn:")
    assert china["audiences"] == ["https://signin.amazonaws.cn/saml", "https://cn-north-1.signin.amazonaws.cn/saml"]


def test_nobody_chooses_the_os_user_even_without_a_scope():
    (statement,) = one(run_as_source="${user:subject}")["policy"]["Statement"]
    assert (statement["Effect"], statement["Sid"]) == ("Deny", "DenyTaggingWithRunAs")
    assert one(run_as_source="${user:subject}", deny_run_as_tag=False)["policy"] is None


def test_several_scopes_make_one_policy():
    scopes = [dict(SCOPE, run_as="optional"), dict(SCOPE, regions=["ap-northeast-3"], run_as="optional")]
    assert len(one(scope=scopes)["policy"]["Statement"]) > 3


def test_tags_that_are_sent():
    shown = one(run_as_source="${user:subject}", principal_tags=dict(Team="web", Cost="${user:email}"),
                source_identity_source="${user:email}")  # fmt: skip
    assert shown["principal_tags"] == dict(Team="web", Cost="${user:email}", SSMSessionRunAs="${user:subject}")
    assert (shown["trust"]["tag_session"], shown["trust"]["source_identity"]) == (True, True)


def test_what_is_to_go_needs_no_scope():
    assert one(state="absent", scope=dict(nonsense=1))["policy"] is None


@pytest.mark.parametrize("more, said", [
    (dict(name=None), f"{PATH}.name: is missing"),
    (dict(name="a b"), f"{PATH}.name: 'a b' is not the name of a role: 1 to 64 letters, digits or any of "
     "+ = , . @ _ -"),
    (dict(name="AWSReservedSSO_x"), f"{PATH}.name: 'AWSReservedSSO_x' is a role of Identity Center's own; give another "
     "name"),
    (dict(provider=None), f"{PATH}.provider: is missing"),
    (dict(provider={"metadata_file": "x"}), f"{PATH}.provider.name: is missing"),
    (dict(provider=dict(name="p", metadata="x", metadata_file="y")),
     f"{PATH}.provider: metadata and metadata_file exclude each other; give one of them"),
    (dict(provider="a b"), f"{PATH}.provider.name: 'a b' is not the name of a SAML provider: 1 to 128 letters, digits "
     "or any of _ . -"),
    (dict(account_id="1234"), f"{PATH}.account_id: '1234' is not an account id: 12 digits in quotes"),
    (dict(role_arn=f"arn:aws:iam::{DB}:role/x"), f"{PATH}.account_id: {WEB} is not the account of "
     f"arn:aws:iam::{DB}:role/x, which is {DB}; mend one of them"),
    (dict(role_arn="x"), f"{PATH}.role_arn: 'x' is not the ARN of a role, such as "
     "arn:aws:iam::111122223333:role/keyless"),
    (dict(role_arn=f"arn:aws:iam::{WEB}:role/x", profile="y"), f"{PATH}: role_arn and profile exclude each other; give "
     "one of them"),
    (dict(max_session_duration=3599), f"{PATH}.max_session_duration: 3599 is not a whole number from 3600 to 43200"),
    (dict(max_session_duration=43201), f"{PATH}.max_session_duration: 43201 is not a whole number from 3600 to 43200"),
    (dict(session_duration=7200), f"{PATH}.session_duration: 7200 seconds are longer than max_session_duration, which "
     "is 3600"),
    (dict(session_duration=899), f"{PATH}.session_duration: 899 is not a whole number from 900 to 43200"),
    (dict(session_name_source="partner"), f"{PATH}.session_name_source: 'partner' would be the same for everybody; "
     "give an attribute, such as ${user:email} or ${user:subject}"),
    (dict(run_as_source="${user:email}"), f"{PATH}.run_as_source: ${{user:email}} sends an e-mail address, and no OS "
     "user has such a name; give another attribute"),
    (dict(run_as_source="root"), f"{PATH}.run_as_source: 'root' is never a Run As user, the agent refuses it; give the "
     "name of an ordinary user"),
    (dict(run_as_source="taro", principal_tags=dict(SSMSessionRunAs="jiro")),
     f"{PATH}.run_as_source: principal_tags has SSMSessionRunAs too; give one of them"),
    (dict(run_as_source="taro", principal_tags=dict(ssmsessionrunas="jiro")),
     f"{PATH}.run_as_source: principal_tags has ssmsessionrunas too, which for IAM is the same key; give one of them"),
    (dict(principal_tags=dict(Team="web", TEAM="db")),
     f"{PATH}.principal_tags.TEAM: 'TEAM' is for IAM the same key as 'Team'; give one of them"),
    (dict(principal_tags=dict(ssmSessionRunAs="jiro")), f"{PATH}.principal_tags.ssmSessionRunAs: 'ssmSessionRunAs' is "
     "for IAM the same key as SSMSessionRunAs, and may not be for Session Manager; write it so, or give run_as_source"),
    (dict(scope={**SCOPE, "run_as": "optional", 1: 2}), f"{PATH}.scope: the key 1 is not a text; quote it"),
    (dict(principal_tags={"aws:x": "y"}), f"{PATH}.principal_tags.aws:x: 'aws:x' is not a tag key: 1 to 128 letters, "
     "digits, spaces and _ . : / = + - @, and not of AWS's own (aws:)"),
    (dict(scope=dict(SCOPE, principal="role"), run_as_source="taro"), f"{PATH}.scope.principal: is always saml here; "
     "leave it out"),
    (dict(scope=SCOPE), f"{PATH}.scope.run_as: is required, and nothing sends SSMSessionRunAs, so that every session "
     "would be denied; give run_as_source, or run_as: optional"),
    (dict(scope=[dict(SCOPE, run_as="optional", instances=dict(principal_tags=["Team"]))]),
     f"{PATH}.scope[0].instances.principal_tags: nothing sends the session tag Team; name it in principal_tags"),
    (dict(scope=dict(SCOPE, connect=["shel"]), run_as_source="taro"), f"{PATH}.scope.connect[0]: no way in 'shel' (did "
     "you mean 'shell'?)"),
    (dict(regions=["cn-north-1"]), f"{PATH}.regions[0]: 'cn-north-1' is not in the partition aws; set partition to "
     "where it is"),
    (dict(global_endpoint=False), f"{PATH}.global_endpoint: no sign-in page is left; name regions, or let it be true"),
    (dict(managed_policies=["PowerUserAccess"]), f"{PATH}.managed_policies[0]: 'PowerUserAccess' is not the ARN of a "
     "managed policy, such as arn:aws:iam::aws:policy/ReadOnlyAccess"),
    (dict(relay_state="http://x"), f"{PATH}.relay_state: 'http://x' is not an https URL of at most 500 characters"),
    (dict(path="x"), f"{PATH}.path: 'x' is not a path of IAM, which begins and ends with /"),
    (dict(state="gone"), f"{PATH}.state: 'gone' is not one of present, absent"),
])  # fmt: skip
def test_bad_input(more, said):
    given = {key: value for key, value in login(**more).items() if value is not None}
    assert problems(given) == [said]


def test_unknown_sources_name_the_known():
    (said,) = problems(login(session_name_source="${email}"))
    assert said.startswith(f"{PATH}.session_name_source: '${{email}}' is not an attribute of Identity Center; give one")
    assert "${user:subject}" in said


def test_too_long_a_policy_is_refused_with_its_size():
    ids = [f"i-{number:017x}" for number in range(300)]
    (said,) = problems(login(scope=dict(SCOPE, instances=dict(ids=ids)), run_as_source="taro"))
    assert said.startswith(f"{PATH}.scope: ") and "may have 10240;" in said


def test_one_application_maps_one_role():
    again, same, other = problems(login(), login(), login(name="Other"))
    path = "external_login_logins"
    assert again == f"{path}[1]: is the role 'PartnerOperator', like {path}[0]; list it once"
    assert same.startswith(f"{path}[1].provider: 'partner' is that of {path}[0] too; an application maps one role")
    assert other.startswith(f"{path}[2].provider: ")
    read_logins([login(), login(account_id=DB)])  # the same names in another account are fine


def test_everything_that_is_wrong_comes_at_once():
    said = problems(login(max_session_duration=1, nme="x"), 3, accounts={"own": DB})
    assert len(said) == 4
    assert "no such key" in said[0] and f"is not the account of the caller, which is {DB}" in said[1]


def test_no_login_is_fine_and_no_list_is_not():
    assert read_logins([]) == []
    assert "is not a list" in problems_of("x")


def problems_of(raw):
    with pytest.raises(Problems) as caught:
        read_logins(raw)
    return caught.value.message
