# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trust in a SAML provider: what the policy says, and what is refused."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._saml.trust import trust_policy

ARN = "arn:aws:iam::111122223333:saml-provider/partner"
ISSUER = "https://idp.example.com/saml?tenant=1"
UUID = "SAMLSPADEXAMPLE0123456789"
GLOBAL = "https://signin.aws.amazon.com/saml"


def statement(**trust):
    """The one that lets people sign in."""
    return trust_policy(dict({"provider_arn": ARN}, **trust))["Statement"][0]


def audiences(**trust):
    found = statement(**trust)["Condition"]["StringEquals"]["SAML:aud"]
    return [found] if isinstance(found, str) else found


def test_whole_policy():
    assert trust_policy(dict(provider_arn=ARN, issuer=ISSUER)) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "SignInThroughSaml",
                "Effect": "Allow",
                "Principal": {"Federated": ARN},
                "Action": "sts:AssumeRoleWithSAML",
                "Condition": {"StringEquals": {"SAML:aud": GLOBAL, "SAML:iss": ISSUER}},
            },
            {
                "Sid": "WithSessionTags",
                "Effect": "Allow",
                "Principal": {"Federated": ARN},
                "Action": "sts:TagSession",
                "Condition": {"StringEquals": {"SAML:aud": GLOBAL}},
            },
        ],
    }


def test_actions():
    """Each in a statement of its own, with no condition on what its requests may not carry."""

    def made(**trust):
        found = trust_policy(dict({"provider_arn": ARN, "issuer": ISSUER}, **trust))["Statement"]
        return {each["Action"]: sorted(each.get("Condition", {}).get("StringEquals", {})) for each in found}

    sign_in = {"sts:AssumeRoleWithSAML": ["SAML:aud", "SAML:iss"]}
    assert made(tag_session=False) == sign_in
    assert made(source_identity=True) == dict(
        sign_in, **{"sts:TagSession": ["SAML:aud"], "sts:SetSourceIdentity": []}
    )
    assert "SAML:iss" not in statement()["Condition"]["StringEquals"]


@pytest.mark.parametrize(
    "partition, account, expected",
    [
        ("aws", "111122223333", GLOBAL),
        ("aws-cn", "111122223333", "https://signin.amazonaws.cn/saml"),
        ("aws-us-gov", "111122223333", "https://signin.amazonaws-us-gov.com/saml"),
    ],
)
def test_partitions_by_name_and_by_arn(partition, account, expected):
    made, _tags = trust_policy(dict(account_id=account, provider="partner", partition=partition))["Statement"]
    assert made["Principal"] == {"Federated": f"arn:{partition}:iam::{account}:saml-provider/partner"}
    assert made["Condition"]["StringEquals"]["SAML:aud"] == expected
    assert audiences(provider_arn=made["Principal"]["Federated"]) == [expected]


def test_regions():
    tokyo = "https://ap-northeast-1.signin.aws.amazon.com/saml"
    assert audiences(regions=["ap-northeast-1"]) == [GLOBAL, tokyo]
    assert audiences(regions=["ap-northeast-1"], global_endpoint=False) == [tokyo]
    # us-east-1 has the global page
    assert audiences(regions=["us-east-1", "ap-northeast-1"], global_endpoint=False) == [GLOBAL, tokyo]
    china = dict(provider_arn=ARN.replace("aws", "aws-cn"), regions=["cn-northwest-1"], global_endpoint=False)
    assert audiences(**china) == ["https://cn-northwest-1.signin.amazonaws.cn/saml"]
    gov = dict(provider_arn=ARN.replace("aws", "aws-us-gov"), regions=["us-gov-east-1"], global_endpoint=False)
    assert audiences(**gov) == ["https://us-gov-east-1.signin.amazonaws-us-gov.com/saml"]


def test_encrypted_assertions():
    assert audiences(provider_uuid=UUID) == [f"{GLOBAL}/acs/{UUID}"]
    assert audiences(provider_uuid=UUID, assertion_encryption_mode="required") == [f"{GLOBAL}/acs/{UUID}"]
    assert audiences(provider_uuid=UUID, assertion_encryption_mode="allowed") == [GLOBAL, f"{GLOBAL}/acs/{UUID}"]
    assert audiences(assertion_encryption_mode="allowed") == [GLOBAL]


def test_audiences_of_ones_own():
    assert audiences(audiences=["https://signin.aws.amazon.com/saml/"]) == ["https://signin.aws.amazon.com/saml/"]
    elsewhere = dict(provider_arn=ARN.replace("aws", "aws-iso"), audiences=["https://signin.example/saml"])
    assert audiences(**elsewhere) == ["https://signin.example/saml"]


def test_several_providers():
    other = ARN.replace("partner", "agency")
    policy = trust_policy([dict(provider_arn=ARN, issuer=ISSUER), dict(provider_arn=other, tag_session=False)])
    sids = [each["Sid"] for each in policy["Statement"]]
    assert sids == ["SignInThroughSaml1", "WithSessionTags1", "SignInThroughSaml2"]
    assert [each["Principal"]["Federated"] for each in policy["Statement"]] == [ARN, ARN, other]
    # the issuer of one is not good for the other
    assert "SAML:iss" not in policy["Statement"][2]["Condition"]["StringEquals"]


@pytest.mark.parametrize(
    "trust, problem",
    [
        ("partner", "'partner' is not a mapping"),
        ({}, "account_id, provider is missing; give provider_arn, or account_id and provider"),
        (dict(account_id="111122223333"), "provider is missing"),
        (dict(provider_arn=ARN, provider="x"), "provider_arn and provider exclude each other"),
        (dict(provider_arn="arn:aws:iam::111122223333:role/x"), "provider_arn: .* is not the ARN of a SAML provider"),
        (dict(provider_arn=ARN + "/*"), "provider_arn: .* is not the ARN of a SAML provider"),
        (dict(provider_arn=None), "account_id, provider is missing"),
        (dict(account_id=111122223333, provider="x"), "account_id: .* YAML may have changed it; quote it"),
        (dict(account_id="1111", provider="x"), "account_id: '1111' is not an account id"),
        (dict(account_id="111122223333", provider="a b"), "provider: 'a b' is not the name of a SAML provider"),
        (dict(account_id="111122223333", provider="x", partition="china"), "partition: 'china' is not a partition"),
        (dict(account_id="111122223333", provider="x", partition="aws-iso"), "'aws-iso' are not known; give audiences"),
        (dict(provider_arn=ARN, isuer=ISSUER), r"isuer: no such key \(did you mean 'issuer'\?\)"),
        (dict(provider_arn=ARN, issuer="https://*"), "issuer: .* is not an entity ID"),
        (dict(provider_arn=ARN, issuer="${aws:username}"), "issuer: .* is not an entity ID"),
        (dict(provider_arn=ARN, issuer=""), "issuer: the text is empty"),
        (dict(provider_arn=ARN, regions=["Tokyo"]), r"regions\[0\]: 'Tokyo' is not the name of a Region"),
        (dict(provider_arn=ARN, regions="ap-northeast-1"), "regions: .* is not a list"),
        (dict(provider_arn=ARN, regions=["cn-north-1"]), "is a Region of the partition 'aws-cn', not of 'aws'"),
        (dict(provider_arn=ARN, regions=["eusc-de-east-1"]), "is a Region of the partition 'aws-eusc'"),
        (dict(provider_arn=ARN, global_endpoint=False), "no audience is left"),
        (dict(provider_arn=ARN, global_endpoint="no"), "global_endpoint: 'no' is neither true nor false"),
        (dict(provider_arn=ARN, tag_session="yes"), "tag_session: 'yes' is neither true nor false"),
        (dict(provider_arn=ARN, source_identity=1), "source_identity: 1 is neither true nor false"),
        (dict(provider_arn=ARN, audiences=[]), "audiences: the list is empty"),
        (dict(provider_arn=ARN, audiences=["https://*.example/saml"]), r"audiences\[0\]: .* is not a sign-in URL"),
        (dict(provider_arn=ARN, audiences=["http://signin.aws.amazon.com/saml"]), "is not a sign-in URL"),
        (dict(provider_arn=ARN, audiences=[GLOBAL, GLOBAL]), r"audiences\[1\]: .* is named twice"),
        (dict(provider_arn=ARN, audiences=[GLOBAL], regions=["us-east-1"]), "audiences and regions exclude each other"),
        (dict(provider_arn=ARN, provider_uuid="abc"), "provider_uuid: 'abc' is not the unique id"),
        (dict(provider_arn=ARN, assertion_encryption_mode="Required"), "is not one of required, allowed"),
        (dict(provider_arn=ARN, assertion_encryption_mode="required"), "give provider_uuid"),
        ([], "the list is empty"),
        ([dict(provider_arn=ARN), dict(provider_arn=ARN)], r"\[1\]: .* is listed twice"),
        ([dict(provider_arn=ARN), dict(provider="x")], r"\[1\]: account_id is missing"),
    ],
)
def test_bad_input(trust, problem):
    with pytest.raises(Problems, match=problem):
        trust_policy(trust)


def test_all_problems_at_once():
    with pytest.raises(Problems) as caught:
        trust_policy(dict(provider_arn="x", issuer="a b", regions=["Tokyo"], tag_session="maybe"))
    assert len(caught.value.details["problems"]) == 4


def test_longest():
    trust = dict(provider_arn=ARN, regions=[f"xx-east-{number}" for number in range(1, 40)])
    with pytest.raises(UserError, match="characters, and IAM takes 2048; name fewer regions"):
        trust_policy(trust)
    assert len(trust_policy(trust, 8192)["Statement"][0]["Condition"]["StringEquals"]["SAML:aud"]) == 40
