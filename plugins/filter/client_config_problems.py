# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: client_config_problems
version_added: 0.1.0
short_description: What is wrong with profiles for an AWS configuration
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Checks what P(keyless.aws.client_config#filter) renders, and lists everything that is wrong with it.
  - Takes the same input as P(keyless.aws.client_config#filter), where its parts are described.
positional: _input, sso_sessions, existing
options:
  _input:
    description: The profiles.
    type: list
    elements: dict
    required: true
  sso_sessions:
    description: The SSO sessions.
    type: list
    elements: dict
    default: []
  existing:
    description: The whole text of the configuration as it is.
    type: str
    default: ""
  prefix:
    description: What the names C(profiles) and C(sso_sessions) begin with in the answer.
    type: str
    default: ""
seealso:
  - plugin: keyless.aws.client_config
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Refuse profiles whose names are taken
  ansible.builtin.assert:
    that: "[] | keyless.aws.client_config_problems(sso_sessions, existing) == []"
    fail_msg: "{{ [] | keyless.aws.client_config_problems(sso_sessions, existing) }}"
  vars:
    existing: |
      [sso-session other]
      sso_start_url = https://d-1111111111.awsapps.com/start
      sso_region = us-east-1
    sso_sessions:
      - name: keyless
        start_url: https://d-1234567890.awsapps.com/start
        region: ap-northeast-1
"""

RETURN = r"""
_value:
  description: One text for each problem, with the path of what is wrong and how to mend it; empty when all is right.
  type: list
  elements: str
  sample:
    - "profiles[0].sso_session: no SSO session 'keyles' (did you mean 'keyless'?)"
"""

from ansible_collections.keyless.aws.plugins.module_utils._workstation.config import read_config


def client_config_problems(profiles, sso_sessions=(), existing="", prefix=""):
    return read_config(profiles, sso_sessions, existing, prefix)[1]


class FilterModule:
    """What is wrong with profiles for an AWS configuration."""

    def filters(self):
        return {"client_config_problems": client_config_problems}
