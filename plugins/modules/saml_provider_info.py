#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: saml_provider_info
version_added: 0.1.0
short_description: Read SAML providers in IAM
description:
  - Returns IAM's SAML providers in any number of accounts, with the days that their signing certificates have left,
    and what is wrong with them.
  - Where an account cannot be read the task fails and names it; its result has those of the others.
author:
  - keyless.aws contributors (@keyless-aws)
requirements:
  - cryptography
  - defusedxml
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes.info
  - keyless.aws.attributes.action_group
  - keyless.aws.accounts
options:
  names:
    description:
      - Names of the providers to return; all when left out. One that an account does not have is left out.
    type: list
    elements: str
  include:
    description:
      - What else to return. V(metadata) is the metadata document itself, V(roles) are the roles that trust each
        provider, for which all roles of the account are listed.
    type: list
    elements: str
    choices: [metadata, roles]
    default: []
  warn_days:
    description:
      - A certificate, or metadata, that is valid for fewer days than this is one of the RV(saml_providers[].problems).
    type: int
    default: 30
seealso:
  - module: keyless.aws.saml_provider
"""

EXAMPLES = r"""
- name: Read all SAML providers of two accounts, and who trusts them
  keyless.aws.saml_provider_info:
    targets:
      - role_arn: arn:aws:iam::111122223333:role/keyless
      - role_arn: arn:aws:iam::444455556666:role/keyless
    include: [roles]
  register: found

- name: Each has a certificate that lasts another month
  ansible.builtin.assert:
    that: item.signing_certificates | default([]) | map(attribute='days_left') | max | default(0, true) > 30
  loop: "{{ found.saml_providers }}"
  loop_control:
    label: "{{ item.arn }}"

- name: Read the metadata of one
  keyless.aws.saml_provider_info:
    names: [partner]
    include: [metadata]
  register: partner

- name: Keep it in a file
  ansible.builtin.copy:
    content: "{{ partner.saml_providers[0].metadata }}"
    dest: partner.xml
    mode: "0644"
"""

RETURN = r"""
saml_providers:
  description: The providers by account and name.
  returned: always
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
      description: The ARN.
      type: str
      returned: always
      sample: arn:aws:iam::111122223333:saml-provider/partner
    uuid:
      description: The unique id that AWS gave the provider.
      type: str
      returned: where AWS gives one
      sample: SAMLSPADEXAMPLE0123456789
    create_date:
      description: When the provider was created.
      type: str
      returned: always
      sample: "2026-11-27T05:47:22Z"
    valid_until:
      description: Until when AWS keeps the provider valid, usually a hundred years.
      type: str
      returned: where AWS gives one
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
          returned: always
          sample: SAMLPKEXAMPLE0123456789012
        timestamp:
          description: When the key was added.
          type: str
          returned: always
          sample: "2026-11-27T05:47:22Z"
        public_key_sha256:
          description: The fingerprint of the public key that belongs to it.
          type: str
          returned: when M(keyless.aws.saml_provider) added the key
          sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    tags:
      description: The tags, without those that remember private keys.
      type: dict
      returned: always
      sample: {"team": "web"}
    problems:
      description: What is wrong with the provider, each with what to do. Empty where nothing is.
      type: list
      elements: str
      returned: always
      sample: ["IDPSSODescriptor/KeyDescriptor/X509Certificate: expired on 2026-11-01; fetch the metadata again"]
    metadata:
      description: The metadata document.
      type: str
      returned: with O(include) V(metadata)
      sample: "<EntityDescriptor ...>"
    trusted_by:
      description: The names of the roles that trust the provider.
      type: list
      elements: str
      returned: with O(include) V(roles)
      sample: [PartnerOperator]
failures:
  description: Accounts that could not be read, each with its RV(ignore:error).
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
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report
from ansible_collections.keyless.aws.plugins.module_utils._saml.provider.info import read_providers
from ansible_collections.keyless.aws.plugins.module_utils._targets import ACCOUNTS_SPEC


def main():
    module = aws_module(
        dict(
            names=dict(type="list", elements="str"),
            include=dict(type="list", elements="str", choices=["metadata", "roles"], default=[]),
            warn_days=dict(type="int", default=30),
            **ACCOUNTS_SPEC,
        )
    )
    report(module, lambda: read_providers(module))


if __name__ == "__main__":
    main()
