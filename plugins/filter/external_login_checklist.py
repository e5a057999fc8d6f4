# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: external_login_checklist
version_added: 0.1.0
short_description: What is to do in the console of an external Identity Center, with every value
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Gives the steps in the console of an external IAM Identity Center for which AWS has no API, as Markdown with every
    value filled in. These are making the application, and mapping its attributes.
  - The same input always gives the same text.
positional: _input
options:
  _input:
    description: Logins as P(keyless.aws.external_logins#filter) gives them, each with its account.
    type: list
    elements: dict
    required: true
  issuers:
    description: The entity ID of each SAML provider by its ARN, as far as its metadata is known.
    type: dict
    default: {}
seealso:
  - plugin: keyless.aws.external_logins
    plugin_type: filter
  - name: Role keyless.aws.external_login
    description: The whole of sign-in from an Identity Center outside the organization.
    link: https://github.com/keyless-aws/keyless.aws/blob/main/roles/external_login/README.md
"""

EXAMPLES = r"""
- name: Write the checklist before there is any metadata
  ansible.builtin.copy:
    dest: /tmp/external_login.md
    mode: "0644"
    content: "{{ logins | keyless.aws.external_logins | keyless.aws.external_login_checklist }}"
  vars:
    logins:
      - name: PartnerOperator
        account_id: "111122223333"
        provider: partner
"""

RETURN = r"""
_value:
  description: The checklist.
  type: str
  sample: |
    # Sign-in from an external IAM Identity Center
    ...
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._external_login.checklist import checklist


def external_login_checklist(value, issuers=None):
    nameless = [login["name"] for login in value if "arn" not in login]
    if nameless:
        raise AnsibleFilterError(
            f"external_login_checklist: the account of {', '.join(nameless)} is not known; give account_id, or the "
            "option accounts of external_logins"
        )
    return checklist(value, issuers)


class FilterModule:
    """The checklist for an external Identity Center."""

    def filters(self):
        return {"external_login_checklist": external_login_checklist}
