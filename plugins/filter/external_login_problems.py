# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: external_login_problems
version_added: 0.1.0
short_description: Whether a role lets in exactly the people of one external Identity Center
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Puts what is in the account to the proof. The role's trust policy has to let in the given SAML provider's issuer for
    each audience, and no other issuer, audience, provider or principal. The provider's metadata has to be usable and
    its certificate valid. The role has the policies that it shall have, and no others.
  - The trust policy is evaluated, not compared, so another way to write the same is fine.
positional: _input, provider, role, policies, least_days
options:
  _input:
    description: A login as P(keyless.aws.external_logins#filter) gives it.
    type: dict
    required: true
  provider:
    description: The SAML provider as M(keyless.aws.saml_provider_info) returns it; none where there is none.
    type: dict
  role:
    description: The role as M(amazon.aws.iam_role_info) returns it; none where there is none.
    type: dict
  policies:
    description: The role's inline policies as M(amazon.aws.iam_policy_info) returns them.
    type: list
    elements: dict
    default: []
  least_days:
    description: How many days a signing certificate of the provider has to be valid, at least.
    type: int
    default: 0
seealso:
  - plugin: keyless.aws.external_logins
    plugin_type: filter
  - module: keyless.aws.saml_provider_info
"""

EXAMPLES = r"""
- name: Read the provider
  keyless.aws.saml_provider_info:
    names: [partner]
  register: providers

- name: Read the role
  amazon.aws.iam_role_info:
    name: PartnerOperator
  register: partner_roles

- name: Read the policies of the role
  amazon.aws.iam_policy_info:
    iam_type: role
    iam_name: PartnerOperator
  register: inline

- name: It lets in the partner's people and nobody else
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems }}"
  vars:
    logins:
      - {name: PartnerOperator, account_id: "111122223333", provider: partner}
    login: "{{ (logins | keyless.aws.external_logins)[0] }}"
    problems: "{{ login | keyless.aws.external_login_problems(providers.saml_providers[0],
                  partner_roles.iam_roles[0], inline.policies) }}"
"""

RETURN = r"""
_value:
  description: What is wrong, each with what to do; empty where all of it is proven.
  type: list
  elements: str
  sample:
    - "trust of PartnerOperator: it allows sts:AssumeRoleWithSAML from another issuer"
"""

from ansible_collections.keyless.aws.plugins.module_utils._external_login.proof import login_problems


def external_login_problems(value, provider=None, role=None, policies=None, least_days=0):
    return login_problems(value, provider or None, role or None, policies or [], least_days)


class FilterModule:
    """What is wrong with sign-in through an external Identity Center."""

    def filters(self):
        return {"external_login_problems": external_login_problems}
