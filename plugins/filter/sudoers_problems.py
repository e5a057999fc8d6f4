# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: sudoers_problems
version_added: 0.1.0
short_description: What is wrong with sudo rules
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Checks what P(keyless.aws.sudoers#filter) renders, and lists everything that is wrong with it.
  - Takes the same input as P(keyless.aws.sudoers#filter), where its parts are described.
positional: rules, prefix, aliases
options:
  _input:
    description:
      - The rights of C(ssm-user).
    type: raw
    required: true
  rules:
    description:
      - The rights of OS users and groups.
    type: list
    elements: dict
    default: []
  prefix:
    description:
      - What the names C(ssm_user), C(rules) and C(aliases) begin with in the answer.
    type: str
    default: ''
  aliases:
    description:
      - Names for lists of commands, users, and users as whom commands are run.
    type: dict
seealso:
  - plugin: keyless.aws.sudoers
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Refuse rules that sudo would not understand
  ansible.builtin.assert:
    that: "'none' | keyless.aws.sudoers_problems(rules) == []"
    fail_msg: "{{ 'none' | keyless.aws.sudoers_problems(rules) }}"
  vars:
    rules:
      - group: web-operators
        commands:
          - /usr/bin/systemctl restart nginx
"""

RETURN = r"""
_value:
  description: One text for each problem, with the path of what is wrong and how to mend it; empty when all is right.
  type: list
  elements: str
  sample:
    - "rules[0].commands: is missing; give a list of commands, or 'all'"
"""

from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudoers import problems


def sudoers_problems(ssm_user, rules=(), prefix="", aliases=None):
    return problems(ssm_user, rules, prefix, aliases)


class FilterModule:
    """What is wrong with sudo rules."""

    def filters(self):
        return {"sudoers_problems": sudoers_problems}
