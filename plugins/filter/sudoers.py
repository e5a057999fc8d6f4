# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: sudoers
version_added: 0.1.0
short_description: Text of a sudoers file for Session Manager's users
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Gives the complete text of C(/etc/sudoers.d/ssm-agent-users), the file in which the SSM agent gives C(ssm-user)
    every right when neither the file nor that user is there.
  - The same input always gives the same text. Rules keep the order in which they are given.
  - Everything that is wrong with the input is reported at once, and nothing is rendered then.
  - The role P(keyless.aws.ssm_sudoers#role) puts the text in place safely.
positional: rules, prefix
options:
  _input:
    description:
      - The rights of C(ssm-user).
      - With V(none) it has none, and the file holds only comments unless there are O(rules).
      - With V(all) it may run everything as anybody without a password, as the SSM agent itself would have it.
      - A list is short for a mapping with C(commands) alone.
      - A mapping has the keys of O(rules) without C(user) and C(group).
    type: raw
    required: true
  rules:
    description:
      - The rights of OS users and groups.
    type: list
    elements: dict
    default: []
    suboptions:
      user:
        description:
          - The OS user that has the right. Give either this or O(rules[].group).
        type: str
      group:
        description:
          - The OS group whose members have the right, without a percent sign.
        type: str
      commands:
        description:
          - V(all), or a list of commands with absolute paths.
          - Arguments are compared as sudoers(5) says. A command without arguments may be run with any; one with
            C("") may be run only without.
          - In arguments V(*), V(?) and V([...]) are wildcards, which match blanks and slashes too; a backslash takes
            the next character as it is.
          - Commas, colons, equal signs and number signs are escaped for sudoers here; write them as they are.
          - Refused are line breaks and other control characters, quotes (sudo would look for them in the
            arguments), directories, and V(sudoedit).
          - May be left out where O(rules[].run_as_groups) is given, and is V(all) then.
        type: raw
      run_as:
        description:
          - The OS users as whom the commands may be run. V(ALL) stands for everybody.
          - By default V(root), and V(ALL) where O(rules[].commands=all). With O(rules[].run_as_groups) nobody but
            the members of those groups.
        type: list
        elements: str
      run_as_groups:
        description:
          - OS groups as whose members the commands may be run.
        type: list
        elements: str
      nopasswd:
        description:
          - Whether sudo asks for no password. OS users for Session Manager have locked passwords, so this is V(true)
            by default, and V(false) where O(rules[].target_password=true).
        type: bool
      target_password:
        description:
          - Whether sudo asks for the password of the user as whom the command is run (C(targetpw)). It counts for
            all rules of that user or group.
        type: bool
        default: false
  prefix:
    description:
      - What the names C(ssm_user) and C(rules) begin with in error messages.
    type: str
    default: ''
seealso:
  - plugin: keyless.aws.sudoers_problems
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the file that lets a group restart the web server
  ansible.builtin.debug:
    msg: "{{ 'none' | keyless.aws.sudoers(rules) }}"
  vars:
    rules:
      - group: web-operators
        commands:
          - /usr/bin/systemctl restart nginx

- name: Show the file in which ssm-user may become admins and developers who give their own password
  ansible.builtin.debug:
    msg: "{{ {'run_as_groups': ['admin', 'devel'], 'target_password': true} | keyless.aws.sudoers }}"
"""

RETURN = r"""
_value:
  description: The text of the file.
  type: str
  sample: |
    # Managed by Ansible (keyless.aws.ssm_sudoers): changes made here are lost.
    # Do not delete this file: where it and ssm-user are missing, the SSM agent gives ssm-user every right.

    # ssm-user has no sudo rights.
    %web-operators ALL=(root) NOPASSWD:/usr/bin/systemctl restart nginx
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudoers import render
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems


def sudoers(ssm_user, rules=(), prefix=""):
    try:
        return render(ssm_user, rules, prefix)
    except Problems as error:
        raise AnsibleFilterError(f"sudoers: {error.message}") from error


class FilterModule:
    """The text of sudo rules."""

    def filters(self):
        return {"sudoers": sudoers}
