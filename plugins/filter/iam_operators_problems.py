# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: iam_operators_problems
version_added: 0.1.0
short_description: What is wrong with the users, groups and policies of the role iam_operators
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Returns everything that is wrong with the variables of the role C(keyless.aws.iam_operators), each with its path and
    the mend. Nothing is asked of AWS.
  - The role does so before it writes anything. It is of use in tests of one's own playbooks too.
positional: _input
options:
  _input:
    description: The role's variables.
    type: dict
    required: true
    suboptions:
      users:
        description: As C(iam_operators_users).
        type: list
        elements: dict
      groups:
        description: As C(iam_operators_groups).
        type: list
        elements: dict
      policies:
        description: As C(iam_operators_policies).
        type: list
        elements: dict
      passwords:
        description: Names of the users who have a password in C(iam_operators_passwords).
        type: list
        elements: str
      protect:
        description: As C(iam_operators_protect).
        type: list
        elements: str
      accounts:
        description: In how many accounts they shall be.
        type: int
        default: 1
"""

EXAMPLES = r"""
- name: Nothing is wrong
  ansible.builtin.assert:
    that: problems == []
    fail_msg: "{{ problems | join('\n') }}"
  vars:
    problems: "{{ {'users': operators, 'groups': operator_groups} | keyless.aws.iam_operators_problems }}"
    operators: [{name: taro, run_as: taro, groups: [operators]}]
    operator_groups: [{name: operators, view: [ec2, session_manager]}]
"""

RETURN = r"""
_value:
  description: The problems; an empty list where there is none.
  type: list
  elements: str
  sample:
    - "iam_operators_users[0].groups[0]: there is no group 'operator' (did you mean 'operators'?)"
"""

from ansible_collections.keyless.aws.plugins.module_utils._sessions.operators import operator_problems


class FilterModule:
    """Filters that check the variables of a role."""

    def filters(self):
        return {"iam_operators_problems": operator_problems}
