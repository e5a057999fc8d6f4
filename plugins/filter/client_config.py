# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: client_config
version_added: 0.1.0
short_description: Text for the AWS configuration of a workstation
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Gives the SSO sessions and profiles of C(~/.aws/config) through which a person signs in with IAM Identity Center.
  - Everything that is wrong with the input is reported at once, and nothing is rendered then.
  - The role P(keyless.aws.session_client#role) puts the text in place, as a block of its own.
positional: _input, sso_sessions, existing
options:
  _input:
    description: The profiles.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the profile. V(default) is the one that is used where none is named.
        type: str
        required: true
      sso_session:
        description: Name of the SSO session, one of O(sso_sessions) or one that O(existing) has.
        type: str
        required: true
      sso_account_id:
        description: Id of the account.
        type: str
        required: true
      sso_role_name:
        description: Name of the permission set.
        type: str
        required: true
      region:
        description: The Region that the profile works in.
        type: str
      output:
        description: The form of the CLI's answers.
        type: str
        choices: [json, text, table, yaml, yaml-stream, "off"]
  sso_sessions:
    description: The SSO sessions.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the session.
        type: str
        required: true
      start_url:
        description: URL of the access portal, or the issuer URL of the instance.
        type: str
        required: true
      region:
        description: The Region of IAM Identity Center.
        type: str
        required: true
      registration_scopes:
        description: The scopes that the CLI asks for.
        type: list
        elements: str
        default: ["sso:account:access"]
  existing:
    description:
      - The whole text of the configuration as it is.
      - A name that is taken in it is refused, unless it stands in the block that the role wrote.
    type: str
    default: ""
  prefix:
    description: What the names C(profiles) and C(sso_sessions) begin with in error messages.
    type: str
    default: ""
seealso:
  - plugin: keyless.aws.client_config_problems
    plugin_type: filter
  - plugin: keyless.aws.client_profiles
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the configuration for one profile
  ansible.builtin.debug:
    msg: "{{ profiles | keyless.aws.client_config(sso_sessions) }}"
  vars:
    sso_sessions:
      - name: keyless
        start_url: https://d-1234567890.awsapps.com/start
        region: ap-northeast-1
    profiles:
      - name: web-prod-WebOperator
        sso_session: keyless
        sso_account_id: "111122223333"
        sso_role_name: WebOperator
        region: ap-northeast-1
"""

RETURN = r"""
_value:
  description: The text. Empty where there are neither profiles nor sessions.
  type: str
  sample: |
    [sso-session keyless]
    sso_start_url = https://d-1234567890.awsapps.com/start
    sso_region = ap-northeast-1
    sso_registration_scopes = sso:account:access

    [profile web-prod-WebOperator]
    sso_session = keyless
    sso_account_id = 111122223333
    sso_role_name = WebOperator
    region = ap-northeast-1
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._workstation.config import read_config


def client_config(profiles, sso_sessions=(), existing="", prefix=""):
    config, problems = read_config(profiles, sso_sessions, existing, prefix)
    if config is None:
        raise AnsibleFilterError(f"client_config: {Problems(problems).message}")
    return config.text()


class FilterModule:
    """The text of an AWS configuration."""

    def filters(self):
        return {"client_config": client_config}
