# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trust is put to the proof, and so is what a role may do."""

from __future__ import annotations

import copy
import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._external_login.logins import read_logins
from ansible_collections.keyless.aws.plugins.module_utils._external_login.proof import login_problems
from ansible_collections.keyless.aws.plugins.module_utils._external_login.trusted import (
    IDENTITY,
    SIGN_IN,
    TAG,
    trust_problems,
)
from ansible_collections.keyless.aws.plugins.module_utils._saml.trust import trust_policy

ARN, OTHER = "arn:aws:iam::111122223333:saml-provider/partner", "arn:aws:iam::111122223333:saml-provider/other"
ISSUER = "https://portal.sso.ap-northeast-1.amazonaws.com/saml/assertion/X"
AUDIENCES = ["https://signin.aws.amazon.com/saml", "https://ap-northeast-1.signin.aws.amazon.com/saml"]
TRUST = trust_policy(dict(provider_arn=ARN, issuer=ISSUER, audiences=AUDIENCES, source_identity=True))
NEEDED = [SIGN_IN, TAG, IDENTITY]


def changed(**more):
    policy = copy.deepcopy(TRUST)
    policy["Statement"][0].update(more)
    return policy


def with_statement(**statement):
    policy = copy.deepcopy(TRUST)
    policy["Statement"].append(dict(Effect="Allow", Action=SIGN_IN, **statement))
    return policy


def found(policy, needed=None):
    return trust_problems(policy, ARN, ISSUER, AUDIENCES, NEEDED if needed is None else needed)


def equals(**keys):
    return {"StringEquals": {f"SAML:{key}": value for key, value in keys.items()}}


def test_our_own_trust_is_good_in_any_writing():
    assert found(TRUST) == []
    assert found(json.dumps(TRUST)) == []
    single = dict(TRUST, Statement=TRUST["Statement"][0])
    assert trust_problems(single, ARN, ISSUER, AUDIENCES) == []
    listed = changed(Principal={"Federated": [ARN]}, Action=[SIGN_IN])
    assert found(listed) == []


@pytest.mark.parametrize("policy, said", [
    (changed(Condition=equals(aud=AUDIENCES)), "it allows sts:AssumeRoleWithSAML from another issuer"),
    (changed(Condition=equals(aud=AUDIENCES)), "it allows sts:AssumeRoleWithSAML from no issuer"),
    (changed(Condition=equals(iss=ISSUER)), "it allows sts:AssumeRoleWithSAML for another audience"),
    (changed(Condition=equals(iss=ISSUER)), "it allows sts:AssumeRoleWithSAML for no audience"),
    (changed(Condition={"StringLike": {"SAML:iss": ISSUER + "*", "SAML:aud": AUDIENCES}}),
     "it allows sts:AssumeRoleWithSAML from an issuer that begins like ours"),
    (changed(Condition={"StringLike": {"SAML:aud": AUDIENCES[0] + "*", "SAML:iss": ISSUER}}),
     "it allows sts:AssumeRoleWithSAML for an audience that begins like ours"),
    (changed(Condition={"StringEqualsIfExists": {"SAML:aud": AUDIENCES, "SAML:iss": ISSUER}}),
     "it allows sts:AssumeRoleWithSAML from no issuer"),
    (changed(Condition=equals(aud=AUDIENCES[0], iss=ISSUER)),
     f"it refuses sts:AssumeRoleWithSAML from {ISSUER} at {AUDIENCES[1]}"),
    (changed(Condition=equals(aud=AUDIENCES, iss="https://old.example")),
     f"it refuses sts:AssumeRoleWithSAML from {ISSUER} at {AUDIENCES[0]}"),
    (changed(Condition=equals(aud=AUDIENCES, iss=[ISSUER, "https://evil.example"])),
     "it allows sts:AssumeRoleWithSAML from https://evil.example"),
    (changed(Condition=equals(aud=[*AUDIENCES, "https://evil.example"], iss=ISSUER)),
     "it allows sts:AssumeRoleWithSAML for https://evil.example"),
    (changed(Condition={"StringLike": {"SAML:aud": AUDIENCES, "SAML:iss": "*/X"}}),
     "it allows sts:AssumeRoleWithSAML from */X"),
    (with_statement(Principal={"Federated": ARN}, Condition=equals(aud=AUDIENCES[1])),
     "it allows sts:AssumeRoleWithSAML from another issuer"),
    (with_statement(Principal={"Federated": ARN}, Condition=equals(aud="https://evil.example", iss="https://foe")),
     "it allows sts:AssumeRoleWithSAML from https://foe for https://evil.example"),
    (changed(Effect="Deny"), f"it refuses sts:AssumeRoleWithSAML from {ISSUER} at {AUDIENCES[0]}"),
    (changed(Principal={"Federated": OTHER}), f"it trusts Federated {OTHER} too"),
    (with_statement(Principal={"AWS": "arn:aws:iam::999999999999:root"}),
     "it trusts AWS arn:aws:iam::999999999999:root too"),
    (with_statement(Principal="*"), "it trusts everybody: * too"),
    (with_statement(Principal="*"), "it allows sts:AssumeRoleWithSAML from another issuer"),
    (with_statement(NotPrincipal={"AWS": "x"}), "it trusts everybody but some (NotPrincipal)"),
    (changed(Condition={"StringWeird": {"SAML:iss": ISSUER}}), "unclear: sts:AssumeRoleWithSAML from another issuer"),
    ("no JSON", "the trust policy is no policy document"),
    ({}, "the trust policy is no policy document"),
])  # fmt: skip
def test_what_is_wrong_is_found(policy, said):
    assert said in found(policy)


def test_tags_that_would_be_refused():
    """AWS lists SAML:iss for the sign-in alone: with it in the statement of tags, a sign-in with tags may fail."""
    together = dict(TRUST, Statement=[dict(TRUST["Statement"][0], Action=[SIGN_IN, TAG])])
    assert found(together, [SIGN_IN, TAG]) == [
        f"it refuses sts:TagSession from {ISSUER} at {audience}" for audience in AUDIENCES
    ]
    assert found(together, [SIGN_IN]) == []


def world(**more):
    given = dict(name="PartnerOperator", provider="partner", account_id="111122223333", run_as_source="${user:subject}",
                 scope=dict(instances=dict(all=True), connect=["shell"]), **more)  # fmt: skip
    (login,) = (each.shown() for each in read_logins([given]))
    provider = dict(entity_id=ISSUER, signing_certificates=[dict(days_left=-3), dict(days_left=100)])
    role = dict(
        assume_role_policy_document=trust_policy(dict(login["trust"], issuer=ISSUER)),
        max_session_duration=login["max_session_duration"],
        managed_policies=[dict(policy_arn=arn) for arn in login["managed_policies"]],
        permissions_boundary=dict(permissions_boundary_arn=login["permissions_boundary"]),
    )
    policies = [dict(policy_name=login["policy_name"], policy_document=login["policy"])]
    return login, provider, role, policies


def test_a_login_as_it_shall_be():
    boundary = "arn:aws:iam::111122223333:policy/Boundary"
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    login, provider, role, policies = world(managed_policies=[arn], permissions_boundary=boundary)
    assert login_problems(login, provider, role, policies, 100) == []


def test_what_a_login_lacks():
    login, provider, role, policies = world()
    assert login_problems(login, None, None, []) == [
        "there is no SAML provider partner in account 111122223333; give its metadata",
        "there is no role PartnerOperator in account 111122223333; run external_login",
    ]
    assert login_problems(login, dict(provider, entity_id=None), role, policies) == [
        "SAML provider partner: its metadata cannot be used; download it again and give it as metadata_file"
    ]
    assert login_problems(login, provider, role, policies, 101) == [
        "SAML provider partner: its signing certificate has 100 days left; download the metadata again"
    ]


def test_what_a_role_has_besides():
    login, provider, role, policies = world(permissions_boundary="arn:aws:iam::111122223333:policy/Boundary")
    power = "arn:aws:iam::aws:policy/PowerUserAccess"
    role = dict(role, max_session_duration=43200, managed_policies=[dict(policy_arn=power)], permissions_boundary={})
    policies = [dict(policy_name="KeylessSession", policy_document="{"), dict(policy_name="old", policy_document={})]
    assert login_problems(login, provider, role, policies) == [
        "PartnerOperator: sessions last up to 43200 s, not 3600 s",
        f"PartnerOperator: managed policy {power} is attached, and not asked for",
        "PartnerOperator: its permissions boundary is None, not arn:aws:iam::111122223333:policy/Boundary",
        "PartnerOperator: its policy KeylessSession is not the one that its scope makes; run external_login again",
        "PartnerOperator: inline policy old is none of external_login's; delete it, or find out who put it there",
    ]


def test_what_shall_be_gone():
    login, provider, role, policies = world(state="absent")
    assert login_problems(login, None, None, []) == []
    assert len(login_problems(login, provider, role, policies)) == 2
