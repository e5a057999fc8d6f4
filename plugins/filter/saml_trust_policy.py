# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: saml_trust_policy
version_added: 0.1.0
short_description: The trust policy of a role that people reach through a SAML provider
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Gives the trust policy (C(assume_role_policy_document)) of an IAM role that trusts a SAML provider, for people who
    sign in through AWS's sign-in page.
  - The role trusts the named provider alone, only for assertions that are meant for AWS's sign-in (C(SAML:aud)), and
    only from the named issuer (C(SAML:iss)).
  - Session tags and the source identity are allowed in statements of their own. AWS lists C(SAML:iss) for the sign-in
    alone, and a condition on a key that a request does not carry would refuse the sign-in with tags.
  - Everything that is wrong with the input is reported at once.
positional: _input
options:
  _input:
    description:
      - The provider, and how it is trusted. A list of such mappings gives a policy with statements for each.
    type: raw
    required: true
    suboptions:
      provider_arn:
        description: ARN of the SAML provider. It excludes O(_input.account_id) and O(_input.provider).
        type: str
      account_id:
        description: The provider's account, 12 digits in quotes.
        type: str
      provider:
        description: The provider's name.
        type: str
      partition:
        description: The provider's partition.
        type: str
        default: aws
      issuer:
        description:
          - Entity ID of the identity provider, which M(keyless.aws.saml_provider) returns as C(entity_id).
          - Recommended. Left out, the policy does not ask for the issuer.
        type: str
      regions:
        description:
          - Regions whose own sign-in pages may be used, beside the global one. AWS recommends several, because the
            global page is in one Region alone.
        type: list
        elements: str
        default: []
      global_endpoint:
        description: Whether the partition's global sign-in page may be used.
        type: bool
        default: true
      provider_uuid:
        description:
          - The unique id that AWS gave the provider, which M(keyless.aws.saml_provider) returns as C(uuid).
          - Needed where assertions are encrypted, because it is a part of the sign-in URL then
            (C(https://signin.aws.amazon.com/saml/acs/ID)).
        type: str
      assertion_encryption_mode:
        description:
          - Whether assertions have to be encrypted. With V(allowed) the URL without O(_input.provider_uuid) is good
            too.
          - V(required) where O(_input.provider_uuid) is given and this is not.
        type: str
        choices: [required, allowed]
      audiences:
        description:
          - The values of C(SAML:aud) themselves, which are the URLs to which the identity provider sends people. They
            replace what O(_input.regions) and the like would give.
        type: list
        elements: str
      tag_session:
        description:
          - Whether the identity provider may send session tags, such as C(SSMSessionRunAs). A sign-in with tags fails
            where it may not.
        type: bool
        default: true
      source_identity:
        description: Whether the identity provider may set the source identity of sessions.
        type: bool
        default: false
  max_length:
    description:
      - The longest policy that is given, in characters without white space. IAM's quota is V(2048) until it is raised.
    type: int
    default: 2048
seealso:
  - module: keyless.aws.saml_provider
  - module: amazon.aws.iam_role
"""

EXAMPLES = r"""
- name: A role for people who sign in through a partner's Identity Center
  amazon.aws.iam_role:
    name: PartnerOperator
    assume_role_policy_document: "{{ trust | keyless.aws.saml_trust_policy | to_json }}"
  vars:
    trust:
      account_id: "111122223333"
      provider: partner
      issuer: https://portal.sso.us-east-1.amazonaws.com/saml/assertion/MTExMTIyMjIzMzMz

- name: Show the policy with the sign-in pages of two Regions in place of the global one
  ansible.builtin.debug:
    msg: "{{ trust | keyless.aws.saml_trust_policy }}"
  vars:
    trust:
      provider_arn: arn:aws:iam::111122223333:saml-provider/partner
      regions: [ap-northeast-1, ap-northeast-3]
      global_endpoint: false
      source_identity: true
"""

RETURN = r"""
_value:
  description: The policy document.
  type: dict
  sample:
    Version: "2012-10-17"
    Statement:
      - Sid: SignInThroughSaml
        Effect: Allow
        Principal:
          Federated: arn:aws:iam::111122223333:saml-provider/partner
        Action: sts:AssumeRoleWithSAML
        Condition:
          StringEquals:
            SAML:aud: https://signin.aws.amazon.com/saml
            SAML:iss: https://portal.sso.us-east-1.amazonaws.com/saml/assertion/MTExMTIyMjIzMzMz
      - Sid: WithSessionTags
        Effect: Allow
        Principal:
          Federated: arn:aws:iam::111122223333:saml-provider/partner
        Action: sts:TagSession
        Condition:
          StringEquals:
            SAML:aud: https://signin.aws.amazon.com/saml
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._saml.trust import MAX_LENGTH, trust_policy


def saml_trust_policy(value, max_length=MAX_LENGTH):
    if isinstance(max_length, bool) or not isinstance(max_length, int) or max_length < 1:
        raise AnsibleFilterError(f"saml_trust_policy: max_length: {max_length!r} is not a positive whole number")
    try:
        return trust_policy(value, max_length)
    except UserError as error:
        raise AnsibleFilterError(f"saml_trust_policy: {error.message}") from error


class FilterModule:
    """Trust in SAML providers."""

    def filters(self):
        return {"saml_trust_policy": saml_trust_policy}
