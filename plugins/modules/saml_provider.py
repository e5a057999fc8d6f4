#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: saml_provider
version_added: 0.1.0
short_description: Manage SAML providers in IAM
description:
  - Creates, updates and deletes IAM's SAML providers, which let people sign in from an identity provider (IdP) outside
    the account, in any number of accounts.
  - Metadata is looked at before anything is written. What is not one identity provider's usable SAML 2.0 metadata is
    refused, with what is wrong and what to do. No external entity is ever loaded, and nothing is expanded.
  - Metadata is compared by what it says. White space, comments, the order of attributes and the prefixes of namespaces
    make no difference. Everything else does, also a signature or an C(ID) that is new in each download.
  - What exists under a name is taken over. What a provider does not name stays as it is.
  - Created providers get the tag C(keyless:managed), which no list of tags removes.
author:
  - keyless.aws contributors (@keyless-aws)
requirements:
  - cryptography
  - defusedxml
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes
  - keyless.aws.attributes.action_group
  - keyless.aws.accounts
options:
  providers:
    description: The SAML providers. They are the same in each of O(targets).
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name, 1 to 128 letters, digits or any of C(_), C(.) and C(-). A provider cannot be renamed.
          - The names C(AWSSSO_..._DO_NOT_DELETE) are Identity Center's own and are refused.
        type: str
        required: true
      state:
        description: Whether the provider shall be there.
        type: str
        choices: [present, absent]
        default: present
      metadata:
        description:
          - The metadata document of the identity provider, as text. Needed for a new provider, unless
            O(providers[].metadata_file) is given.
          - It has 1,000 to 10,000,000 characters, is UTF-8 without byte order mark, and describes one identity provider
            with a signing certificate that is valid today.
        type: str
      metadata_file:
        description: Path of a file with the metadata, on the host where the module runs.
        type: path
      assertion_encryption_mode:
        description:
          - V(required) refuses assertions that are not encrypted, V(allowed) takes both.
          - AWS needs a private key for V(required). The sign-in URL contains the provider's unique id (RV(ignore:uuid))
            then, and so does the audience in trust policies, see P(keyless.aws.saml_trust_policy#filter).
        type: str
        choices: [required, allowed]
      private_keys:
        description:
          - The private keys that decrypt assertions, at most two. V([]) removes them.
          - AWS never shows a key again. So the module notes in a tag of the provider, C(keyless:private-key/KEY_ID),
            the fingerprint of the public key that belongs to it, and compares that.
          - A key without this tag, such as one that was added in the console, counts as another key than those that
            are given.
          - New keys are added before old ones are removed, unless there are two already.
        type: list
        elements: dict
        suboptions:
          pem:
            description:
              - The key in PEM format, RSA and not encrypted. It is never shown.
            type: str
          pem_file:
            description: Path of a file with the key, on the host where the module runs.
            type: path
      purge_private_keys:
        description: Whether keys that are not in O(providers[].private_keys) are removed.
        type: bool
        default: true
      tags:
        description: Tags of the provider, at most 47. V({}) removes all but those that begin with C(keyless:).
        type: dict
      purge_tags:
        description: Whether tags that are not in O(providers[].tags) are removed.
        type: bool
        default: true
      warn_days:
        description:
          - A warning is given where a signing certificate, or the metadata itself, is valid for fewer days than this.
        type: int
        default: 30
      force:
        description:
          - Whether the provider is deleted although roles trust it. Nobody can assume them through it any more.
        type: bool
        default: false
  max_deletions:
    description: How many providers the task may delete. A task that would delete more fails before it changes anything.
    type: int
    default: 10
  protect:
    description:
      - Names or ARNs of providers that must not be deleted.
      - A task that would delete one fails before it changes anything.
    type: list
    elements: str
    default: []
notes:
  - The caller needs C(iam:ListSAMLProviders), C(iam:GetSAMLProvider), C(iam:CreateSAMLProvider),
    C(iam:UpdateSAMLProvider), C(iam:DeleteSAMLProvider), C(iam:TagSAMLProvider) and C(iam:UntagSAMLProvider), and
    C(iam:ListRoles) to delete without O(providers[].force=true).
  - IAM itself ignores the dates of certificates in metadata. Most identity providers stop signing with an expired one,
    so the warning is the time to fetch their metadata again.
seealso:
  - module: keyless.aws.saml_provider_info
  - plugin: keyless.aws.saml_trust_policy
    plugin_type: filter
  - module: amazon.aws.iam_role
"""

EXAMPLES = r"""
- name: People sign in from a partner's Identity Center
  keyless.aws.saml_provider:
    providers:
      - name: partner
        metadata_file: files/partner.xml
        tags:
          team: web
  register: made

- name: A role for them
  amazon.aws.iam_role:
    name: PartnerOperator
    assume_role_policy_document: "{{ trust | keyless.aws.saml_trust_policy | to_json }}"
  vars:
    provider: "{{ made.saml_providers[0] }}"
    trust:
      provider_arn: "{{ provider.arn }}"
      issuer: "{{ provider.entity_id }}"

- name: Two providers in two accounts, with a warning two months ahead
  keyless.aws.saml_provider:
    targets:
      - role_arn: arn:aws:iam::111122223333:role/keyless
      - role_arn: arn:aws:iam::444455556666:role/keyless
    providers:
      - name: partner
        metadata: "{{ lookup('ansible.builtin.file', 'files/partner.xml') }}"
        warn_days: 60
      - name: agency
        metadata_file: files/agency.xml
        warn_days: 60

- name: Begin to rotate the private key, the old one stays until the identity provider uses the new one
  keyless.aws.saml_provider:
    providers:
      - name: partner
        assertion_encryption_mode: required
        private_keys:
          - pem_file: keys/2026.pem
          - pem_file: keys/2027.pem

- name: Delete a provider that no role trusts any more
  keyless.aws.saml_provider:
    providers:
      - name: agency
        state: absent
"""

RETURN = r"""
saml_providers:
  description:
    - The providers after the task, in each account; in check mode as they would be. Deleted ones are not among them.
  returned: success
  type: list
  elements: dict
  contains:
    account_id:
      description: The account.
      type: str
      returned: always
      sample: "111122223333"
    name:
      description: The name.
      type: str
      returned: always
      sample: partner
    arn:
      description: The ARN. It has the same form for every provider, so check mode returns it too.
      type: str
      returned: always
      sample: arn:aws:iam::111122223333:saml-provider/partner
    uuid:
      description: The unique id that AWS gave the provider.
      type: str
      returned: when it exists, and where AWS gives one
      sample: SAMLSPADEXAMPLE0123456789
    create_date:
      description: When the provider was created.
      type: str
      returned: when it exists
      sample: "2026-11-27T05:47:22Z"
    valid_until:
      description: Until when AWS keeps the provider valid, usually a hundred years.
      type: str
      returned: when it exists, and where AWS gives one
      sample: "2126-11-27T05:47:22Z"
    entity_id:
      description: The identity provider's entity ID, which is C(SAML:iss) in trust policies.
      type: str
      returned: when its metadata can be read
      sample: https://portal.sso.us-east-1.amazonaws.com/saml/assertion/MTExMTIyMjIzMzMz
    sso_services:
      description: Where people sign in, by binding.
      type: list
      elements: dict
      returned: when its metadata can be read
      sample:
        - binding: urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST
          location: https://portal.sso.us-east-1.amazonaws.com/saml/assertion/MTExMTIyMjIzMzMz
    signing_certificates:
      description: The certificates with which assertions may be signed.
      type: list
      elements: dict
      returned: when its metadata can be read
      contains:
        subject:
          description: The subject.
          type: str
          returned: always
          sample: CN=ap-northeast-1.signin.aws.amazon.com
        issuer:
          description: The issuer.
          type: str
          returned: always
          sample: CN=ap-northeast-1.signin.aws.amazon.com
        serial_number:
          description: The serial number, in hexadecimal.
          type: str
          returned: always
          sample: 5f3c
        sha256_fingerprint:
          description: The fingerprint, in hexadecimal.
          type: str
          returned: always
          sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
        not_before:
          description: From when it is valid.
          type: str
          returned: always
          sample: "2026-01-01T00:00:00Z"
        not_after:
          description: Until when it is valid.
          type: str
          returned: always
          sample: "2031-01-01T00:00:00Z"
        days_left:
          description: Whole days until then, negative where it has expired.
          type: int
          returned: always
          sample: 1495
        key_type:
          description: The kind of its key.
          type: str
          returned: always
          sample: RSA
        key_bits:
          description: The size of its key.
          type: int
          returned: always
          sample: 2048
        signature_algorithm:
          description: How the certificate itself is signed.
          type: str
          returned: always
          sample: sha256WithRSAEncryption
    name_id_formats:
      description: The forms of NameID that the identity provider can send.
      type: list
      elements: str
      returned: when its metadata can be read
      sample: [urn:oasis:names:tc:SAML:2.0:nameid-format:transient]
    want_authn_requests_signed:
      description: Whether the identity provider asks for signed requests.
      type: bool
      returned: when its metadata can be read
      sample: false
    metadata_valid_until:
      description: Until when the metadata says that it is valid.
      type: str
      returned: when it says so
      sample: "2027-01-01T00:00:00Z"
    metadata_digest:
      description: SHA-256 of what the metadata says, the same for every way to write it.
      type: str
      returned: when its metadata can be read
      sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    assertion_encryption_mode:
      description: V(required) or V(allowed).
      type: str
      returned: when AWS has one
      sample: required
    private_keys:
      description: The private keys, of which AWS tells no more than this.
      type: list
      elements: dict
      returned: always
      contains:
        key_id:
          description: The id that AWS gave the key.
          type: str
          returned: when it exists
          sample: SAMLPKEXAMPLE0123456789012
        timestamp:
          description: When the key was added.
          type: str
          returned: when it exists
          sample: "2026-11-27T05:47:22Z"
        public_key_sha256:
          description: The fingerprint of the public key that belongs to it.
          type: str
          returned: when this module added the key
          sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    tags:
      description: The tags, without those that remember private keys.
      type: dict
      returned: always
      sample: {"team": "web"}
changes:
  description: What was done, or would be done in check mode.
  returned: always
  type: list
  elements: dict
  contains:
    action:
      description: V(create), V(update) or V(delete).
      type: str
      returned: always
      sample: update
    kind:
      description: What it was done to.
      type: str
      returned: always
      sample: saml_provider
    name:
      description: Account and name.
      type: str
      returned: always
      sample: 111122223333/partner
    fields:
      description: The options that an update changes.
      type: list
      elements: str
      returned: for updates
      sample: [metadata]
created:
  description: How many providers were created.
  returned: always
  type: int
  sample: 1
updated:
  description: How many providers were changed.
  returned: always
  type: int
  sample: 0
deleted:
  description: How many providers were deleted.
  returned: always
  type: int
  sample: 0
trusted_by:
  description: The roles that trust providers that were to be deleted, by account and provider.
  returned: when that stopped the task
  type: dict
  sample: {"111122223333/agency": ["AgencyOperator"]}
deletions:
  description: What the task would have deleted.
  returned: when O(max_deletions) or O(protect) stopped it
  type: list
  elements: str
  sample: [111122223333/agency]
failures:
  description:
    - Accounts that could not be read (V(read)), and providers that could not be changed, each with its
      RV(ignore:error). Everything else was done.
  returned: when something failed
  type: list
  elements: dict
  sample:
    - action: read
      kind: saml_provider
      name: "111122223333"
      error: "AssumeRole: access denied"
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import GUARD_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile
from ansible_collections.keyless.aws.plugins.module_utils._saml.provider.resource import SamlProviders
from ansible_collections.keyless.aws.plugins.module_utils._targets import ACCOUNTS_SPEC


def main():
    provider = dict(
        name=dict(type="str", required=True),
        state=dict(type="str", choices=["present", "absent"], default="present"),
        metadata=dict(type="str"),
        metadata_file=dict(type="path"),
        assertion_encryption_mode=dict(type="str", choices=["required", "allowed"]),
        private_keys=dict(
            type="list",
            elements="dict",
            no_log=False,
            options=dict(pem=dict(type="str", no_log=True), pem_file=dict(type="path")),
        ),
        purge_private_keys=dict(type="bool", default=True),
        tags=dict(type="dict"),
        purge_tags=dict(type="bool", default=True),
        warn_days=dict(type="int", default=30),
        force=dict(type="bool", default=False),
    )
    module = aws_module(
        dict(
            providers=dict(type="list", elements="dict", required=True, options=provider),
            **GUARD_SPEC,
            **ACCOUNTS_SPEC,
        )
    )
    reconcile(module, SamlProviders(module))


if __name__ == "__main__":
    main()
