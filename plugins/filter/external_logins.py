# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: external_logins
version_added: 0.1.0
short_description: Sign-in through an external Identity Center, checked and completed
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Reads the list C(external_login_logins) of the role P(keyless.aws.external_login#role), reports everything that is
    wrong with it at once, and gives it back complete. That is with ARNs, the input of
    P(keyless.aws.saml_trust_policy#filter) and the role's policy.
positional: _input
options:
  _input:
    description: The list, with the keys that the role P(keyless.aws.external_login#role) documents.
    type: list
    elements: dict
    required: true
  accounts:
    description:
      - The account that each way leads into, as far as it was looked up. A way is the ARN of a role, C(profile NAME),
        or C(own) for the caller's own account.
      - Without the account of a login, what contains it is left out.
    type: dict
    default: {}
seealso:
  - name: Role keyless.aws.external_login
    description: The whole of sign-in from an Identity Center outside the organization.
    link: https://github.com/keyless-aws/keyless.aws/blob/main/roles/external_login/README.md
  - plugin: keyless.aws.external_login_checklist
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what a role for a partner's people may do
  ansible.builtin.debug:
    msg: "{{ (logins | keyless.aws.external_logins)[0].policy }}"
  vars:
    logins:
      - name: PartnerOperator
        account_id: "111122223333"
        provider: {name: partner, metadata_file: partner.xml}
        run_as_source: ${user:subject}
        scope:
          regions: [ap-northeast-1]
          instances: {tags: {Team: web}}
          connect: [shell]
"""

RETURN = r"""
_value:
  description: >-
    The logins, each with C(name), C(state), C(application), C(way), C(account_id), C(arn), C(provider),
    C(provider_arn), C(trust), C(audiences), C(policy), C(policy_name), and the other options as they hold.
  type: list
  elements: dict
  sample:
    - name: PartnerOperator
      arn: arn:aws:iam::111122223333:role/PartnerOperator
      provider_arn: arn:aws:iam::111122223333:saml-provider/partner
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._external_login.logins import read_logins
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError


def external_logins(value, accounts=None):
    try:
        return [login.shown() for login in read_logins(value, accounts)]
    except UserError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    """Sign-in through an external Identity Center."""

    def filters(self):
        return {"external_logins": external_logins}
