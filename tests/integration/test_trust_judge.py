# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The trust of story S2 before a judge that we did not write: that issuer and audience, and no other.

The judge evaluates a role's trust as the policy of a resource, and knows which condition keys AWS lists for an action.
Our own proof of a trust (`_external_login/trusted.py`) has to agree with it.
"""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._external_login.trusted import trust_problems
from ansible_collections.keyless.aws.plugins.module_utils._saml.trust import trust_policy

ACCOUNT = "111122223333"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:saml-provider/partner"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/PartnerOperator"
ISSUER = "https://portal.sso.ap-northeast-1.amazonaws.com/saml/assertion/MTExMTIyMjIzMzMz"
GLOBAL, TOKYO = "https://signin.aws.amazon.com/saml", "https://ap-northeast-1.signin.aws.amazon.com/saml"
SIGN_IN, TAG = "sts:AssumeRoleWithSAML", "sts:TagSession"
GOOD = trust_policy(dict(provider_arn=PROVIDER, issuer=ISSUER, regions=["ap-northeast-1"], source_identity=True))


def question(trust, action=SIGN_IN, principal=PROVIDER, **context):
    keys = {f"SAML:{key}": value for key, value in context.items()}
    return dict(policies=[], trust=trust, principal=principal, account=ACCOUNT, action=action, resource=ROLE,
                context=keys, unchecked=False)  # fmt: skip


def allowed(ask, questions):
    answers = ask(questions)
    assert {answer["result"] for answer in answers} <= {"Allowed", "ImplicitlyDenied"}, answers
    return [answer["result"] == "Allowed" for answer in answers], answers


def test_that_issuer_and_audience_get_in_with_tags_and_source_identity(ask):
    asked = [question(GOOD, aud=audience, iss=ISSUER) for audience in (GLOBAL, TOKYO)]
    asked += [question(GOOD, TAG, aud=audience) for audience in (GLOBAL, TOKYO)]
    asked.append(question(GOOD, "sts:SetSourceIdentity"))
    answers, raw = allowed(ask, asked)
    assert answers == [True] * 5
    assert [answer["ignored"] for answer in raw] == [[]] * 5


def test_no_other_gets_in(ask):
    other = PROVIDER.replace("partner", "other")
    asked = [
        question(GOOD, aud=GLOBAL, iss="https://portal.sso.ap-northeast-1.amazonaws.com/saml/assertion/OTHER"),
        question(GOOD, aud=GLOBAL, iss=ISSUER + "x"),
        question(GOOD, aud=GLOBAL, iss=ISSUER.lower()),
        question(GOOD, aud=GLOBAL),
        question(GOOD, aud="https://us-west-2.signin.aws.amazon.com/saml", iss=ISSUER),
        question(GOOD, aud=GLOBAL + "/acs/OTHER", iss=ISSUER),
        question(GOOD, iss=ISSUER),
        question(GOOD, principal=other, aud=GLOBAL, iss=ISSUER),
        question(GOOD, "sts:AssumeRole", principal=f"arn:aws:iam::{ACCOUNT}:role/admin"),
        question(GOOD, "sts:AssumeRole", principal=f"arn:aws:iam::{ACCOUNT}:user/taro"),
        question(GOOD, TAG, principal=other, aud=GLOBAL),
        question(GOOD, TAG, aud="https://us-west-2.signin.aws.amazon.com/saml"),
    ]
    assert allowed(ask, asked)[0] == [False] * len(asked)


@pytest.mark.parametrize("trust", [
    dict(provider_arn=PROVIDER), dict(provider_arn=PROVIDER, issuer="https://other.example"),
    dict(provider_arn=PROVIDER, issuer=ISSUER, regions=["us-west-2"], global_endpoint=False),
    dict(provider_arn=PROVIDER.replace("partner", "other"), issuer=ISSUER),
    dict(provider_arn=PROVIDER, issuer=ISSUER, tag_session=False),
    dict(provider_arn=PROVIDER, issuer=ISSUER, regions=["ap-northeast-1"]),
], ids=["no issuer", "other issuer", "other audience", "other provider", "no tags", "good"])  # fmt: skip
def test_our_proof_agrees_with_the_judge(ask, trust):
    policy = trust_policy(trust)
    should = [question(policy, action, **{key: value for key, value in (("aud", audience), ("iss", ISSUER))
                                          if key == "aud" or action == SIGN_IN})
              for audience in (GLOBAL, TOKYO) for action in (SIGN_IN, TAG)]  # fmt: skip
    should_not = [question(policy, aud=GLOBAL, iss="https://other.example/x"), question(policy, aud=GLOBAL),
                  question(policy, iss=ISSUER)]  # fmt: skip
    good = all(allowed(ask, should)[0]) and not any(allowed(ask, should_not)[0])
    ours = trust_problems(policy, PROVIDER, ISSUER, [GLOBAL, TOKYO], [SIGN_IN, TAG])
    assert (ours == []) == good
    assert good == (trust == dict(provider_arn=PROVIDER, issuer=ISSUER, regions=["ap-northeast-1"]))


def test_the_judge_sees_what_the_issuer_does_to_session_tags(ask):
    """Why tags have a statement of their own: AWS lists SAML:iss for the sign-in alone."""
    together = dict(GOOD, Statement=[dict(GOOD["Statement"][0], Action=[SIGN_IN, TAG])])
    answers, raw = allowed(ask, [question(together, action, aud=GLOBAL, iss=ISSUER) for action in (SIGN_IN, TAG)])
    assert answers == [True, False]
    assert raw[1]["ignored"] == ["SAML:iss"]
