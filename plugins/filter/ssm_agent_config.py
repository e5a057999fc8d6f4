# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssm_agent_config
version_added: 0.1.0
short_description: The SSM agent's configuration file with options of the role ssm_agent in it
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Merges typed options into the text of C(amazon-ssm-agent.json). What they do not name stays as it is, and a text in
    which nothing changes comes back as it was.
  - Everything that the agent would silently ignore is an error - a number out of its range, an unknown word, a misspelt
    option, a text that is not JSON.
positional: options, prefix
options:
  _input:
    description:
      - The text of the file; empty where there is none.
    type: str
    required: true
  options:
    description:
      - The options, by section, as the variable C(ssm_agent_config) of the role has them.
    type: dict
    required: true
  prefix:
    description:
      - What the options are called in errors.
    type: str
    default: options
"""

EXAMPLES = r"""
- name: See what the file would be
  ansible.builtin.debug:
    msg: "{{ '' | keyless.aws.ssm_agent_config({'ssm': {'session_logs_destination': 'disk'}}) }}"
"""

RETURN = r"""
_value:
  description: The text of the file.
  type: str
  sample: |
    {
        "Ssm": {
            "SessionLogsDestination": "disk"
        }
    }
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._hosts.agent.config import merged
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError

FILE = "/etc/amazon/ssm/amazon-ssm-agent.json"


def ssm_agent_config(current, options, prefix="options"):
    try:
        return merged(current or None, options, prefix, FILE)
    except UserError as error:
        raise AnsibleFilterError(f"ssm_agent_config: {error.message}") from error


class FilterModule:
    """The SSM agent's configuration file."""

    def filters(self):
        return {"ssm_agent_config": ssm_agent_config}
