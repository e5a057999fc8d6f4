# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssm_agent_plan
version_added: 0.1.0
short_description: Where a host gets its SSM agent from, or everything that is wrong with the role's variables
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Decides for the role P(keyless.aws.ssm_agent#role) which package a host gets, from where, and what installs it.
  - Lists everything that is wrong with the variables, and hosts that have no agent, in C(problems).
positional: host
options:
  _input:
    description:
      - The variables of the role, without C(ssm_agent_) before their names. What is not given is null.
    type: dict
    required: true
  host:
    description:
      - The host's facts C(system), C(distribution), C(distribution_version) and C(architecture).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: See where the agent would come from
  ansible.builtin.debug:
    msg: "{{ variables | keyless.aws.ssm_agent_plan(ansible_facts) }}"
  vars:
    variables:
      version: latest
      region: eu-central-1
      signing_fingerprints: [1C5B395CBE5E74E2F1CA21592784DBF388D19D46]
      signing_key_file: files/amazon-ssm-agent.gpg
"""

RETURN = r"""
_value:
  description: What is wrong, C(problems); where it is empty, also what is installed, from where and with what.
  type: dict
  sample:
    problems: []
    format: deb
    installer: apt
    machine: amd64
    base: https://s3.eu-central-1.amazonaws.com/amazon-ssm-eu-central-1
    package_url: https://s3.eu-central-1.amazonaws.com/amazon-ssm-eu-central-1/latest/debian_amd64/amazon-ssm-agent.deb
    version_url: https://s3.eu-central-1.amazonaws.com/amazon-ssm-eu-central-1/latest/VERSION
    key_url:
    with_signature: true
"""

from ansible_collections.keyless.aws.plugins.module_utils._hosts.agent.plan import plan


def ssm_agent_plan(variables, host):
    return plan(variables, host)


class FilterModule:
    """Where a host gets its SSM agent from."""

    def filters(self):
        return {"ssm_agent_plan": ssm_agent_plan}
