# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: client_profiles
version_added: 0.1.0
short_description: Profiles of the AWS CLI that an access model gives each person
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Gives for each person of an access model the profiles with which their workstation opens sessions - one for each
    grant that reaches the person, in each account of the grant.
  - The role P(keyless.aws.session_client#role) writes them into the AWS configuration of the person.
  - Left out are grants of desktops only, which are opened in the console, IAM users and federations, who do not come
    through IAM Identity Center, and accounts of organizational units that the model itself does not name.
  - Everything that is wrong with the model is reported at once.
positional: _input, sso_session
options:
  _input:
    description: The access model, C(keyless_access).
    type: dict
    required: true
  sso_session:
    description: Name of the SSO session that the profiles sign in with.
    type: str
    default: keyless
  prefix:
    description: What the names of the profiles begin with, before account and grant.
    type: str
    default: ""
  organizational_units:
    description:
      - For each organizational unit or root that a grant names, the ids of all accounts below it, as
        M(keyless.aws.organization_info) gives them.
    type: dict
    default: {}
seealso:
  - plugin: keyless.aws.client_config
    plugin_type: filter
  - plugin: keyless.aws.access_plan
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what Taro's workstation needs
  ansible.builtin.debug:
    msg: "{{ (keyless_access | keyless.aws.client_profiles).taro.profiles }}"
  vars:
    keyless_access:
      region: ap-northeast-1
      people:
        taro: {user_name: taro@example.com, given_name: Taro, family_name: Tanaka}
      groups:
        web-operators: [taro]
      accounts:
        web-prod: {id: "111122223333", regions: [ap-northeast-1]}
      grants:
        - name: WebOperator
          to: {groups: [web-operators]}
          accounts: [web-prod]
          instances: {tags: {Team: web}}
"""

RETURN = r"""
_value:
  description: One entry for each person who is not absent, by the person's key in the model.
  type: dict
  contains:
    user_name:
      description: User name in IAM Identity Center.
      type: str
      sample: taro@example.com
    os_user:
      description: The OS user that the person's sessions run as where Run As is used.
      type: str
      sample: taro
    profiles:
      description: The profiles, as P(keyless.aws.client_config#filter) takes them, in the first Region of the account.
      type: list
      elements: dict
      sample:
        - name: web-prod-WebOperator
          sso_session: keyless
          sso_account_id: "111122223333"
          sso_role_name: WebOperator
          region: ap-northeast-1
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._access.clients import client_profiles as profiles_of
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError


def client_profiles(model, sso_session="keyless", prefix="", organizational_units=None):
    try:
        return profiles_of(model, sso_session, prefix, organizational_units)
    except UserError as error:
        raise AnsibleFilterError(f"client_profiles: {error.message}") from error


class FilterModule:
    """Filters of the access model for workstations."""

    def filters(self):
        return {"client_profiles": client_profiles}
