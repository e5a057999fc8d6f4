# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: access_answers
version_added: 0.1.0
short_description: Who can reach which host, as which OS user, and if not, why
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Judges actual state that was read back, not a model. For each person and host it tells the OS user that a session
    would get, whether that user is there, what it may do with sudo, through which assignment the session is allowed,
    and the ways round Run As that are open. Where a session is not possible it tells the first reason.
  - Policies are judged by an evaluator of this collection. What it cannot judge (policies that were not read,
    permissions boundaries, condition keys that only the service knows) is called so and never counts as allowed.
    Service control policies are not looked at.
positional: _input
options:
  _input:
    description: What was read back.
    type: dict
    required: true
    suboptions:
      access_control_attributes:
        description: Key and source of each attribute, as M(keyless.aws.access_control_attributes_info) returns them.
        type: dict
      users:
        description: The people, as M(keyless.aws.identity_store_info) returns them.
        type: list
        elements: dict
      groups:
        description: Groups with C(name) and C(members), user names, as M(keyless.aws.identity_store_info) returns them.
        type: list
        elements: dict
      permission_sets:
        description: Permission sets, as M(keyless.aws.permission_sets_info) returns them.
        type: list
        elements: dict
      assignments:
        description:
          - Assignments with C(account_id), C(permission_set), C(principal_type) (C(USER) or C(GROUP)) and C(principal)
            (user name or name of the group).
        type: list
        elements: dict
      session_preferences:
        description:
          - Preferences with C(account_id), C(region), C(run_as_enabled) and C(run_as_default_user).
          - An account and Region that is not listed has Run As off, as AWS has it.
        type: list
        elements: dict
      hosts:
        description:
          - Hosts with C(name), C(instance_id), C(account_id), C(region) and C(tags).
          - C(os_users) is a dictionary of OS user names, each with C(exists), C(uid), C(gid) and C(home_matches), as
            M(keyless.aws.os_users_info) returns them.
          - C(sudo) is a dictionary of OS user names, each with the output of C(sudo -l -U NAME), as text or lines.
          - C(agent) has C(running) and C(version), as M(keyless.aws.session_host_info) returns them.
        type: list
        elements: dict
seealso:
  - plugin: keyless.aws.access_plan
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show who reaches what
  ansible.builtin.debug:
    msg: "{{ (facts_read_back | keyless.aws.access_answers).table }}"
  vars:
    facts_read_back:
      access_control_attributes: {SSMSessionRunAs: "${path:nickName}"}
      users: [{user_name: taro@example.com, nick_name: taro}]
      groups: [{name: web-operators, members: [taro@example.com]}]
      permission_sets:
        - name: WebOperator
          inline_policy: "{{ scope | keyless.aws.session_policy }}"
      assignments:
        - account_id: "111122223333"
          permission_set: WebOperator
          principal_type: GROUP
          principal: web-operators
      session_preferences: [{account_id: "111122223333", region: ap-northeast-1, run_as_enabled: true}]
      hosts:
        - name: web-1
          instance_id: i-0123456789abcdef0
          account_id: "111122223333"
          region: ap-northeast-1
          tags: {Team: web}
          os_users: {taro: {exists: true, uid: 1001, gid: 1001, home_matches: true}}
          sudo: {taro: "User taro is not allowed to run sudo on web-1."}
    scope:
      principal: identity_center
      instances: {tags: {Team: web}}
      connect: [shell]
"""

RETURN = r"""
_value:
  description: The answers.
  type: dict
  contains:
    rows:
      description: One entry for each person and host, by user name.
      type: list
      elements: dict
      contains:
        person:
          description: The user name.
          type: str
          sample: taro@example.com
        host:
          description: Name of the host, else its instance id.
          type: str
          sample: web-1
        instance_id:
          description: Instance id of the host.
          type: str
          sample: i-0123456789abcdef0
        account_id:
          description: Id of the account that the host is in.
          type: str
          sample: "111122223333"
        run_as:
          description: The value of C(SSMSessionRunAs) that Identity Center will send. Null for none.
          type: str
          sample: taro
        os_user:
          description: The OS user that a session would run as. Null where it would fail for want of one.
          type: str
          sample: taro
        valid_os_user:
          description: Whether RV(_value.rows[].run_as) is a safe OS user name.
          type: bool
          sample: true
        invalid_because:
          description: Why it is not. Null if it is, or if there is no value.
          type: str
        exists_on_host:
          description: Whether RV(_value.rows[].os_user) exists on the host. Null where that was not read.
          type: bool
          sample: true
        sudo:
          description:
            - What RV(_value.rows[].os_user) may do with sudo - V(none), V(all) or a list of commands.
            - Null where that was not read.
          type: raw
          sample: ["/usr/bin/systemctl restart nginx"]
        allowed:
          description: Whether a shell session on the host is allowed and will work as that OS user.
          type: bool
          sample: true
        way:
          description: The assignment through which the session is allowed. Null where none does.
          type: str
          sample: WebOperator via group web-operators in 111122223333
        why_not:
          description: The first reason for which the session is not possible. Null where it is.
          type: str
        ways_round:
          description:
            - The open ways round Run As, each with the permission set that opens it, a question mark where it cannot be
              judged.
            - Those of O(keyless.aws.session_policy#filter:_input.connect) stand here by the same words.
          type: list
          elements: str
          sample: ["port_forward (WebOperator)"]
        agent_running:
          description:
            - Whether the SSM agent runs on the host. Null where that was not read.
            - RV(_value.rows[].allowed) does not ask for it.
          type: bool
          sample: true
        agent_version:
          description: The version of the SSM agent. Null where there is none, or where that was not read.
          type: str
          sample: 3.3.2299.0
    table:
      description: The same for people, host by host, lines of at most 120 characters.
      type: list
      elements: str
      sample:
        - "  PERSON            RUN AS  VALID  ON HOST  SUDO  SESSION  WAY IN, OR WHY NOT"
        - ""
        - web-1 (i-0123456789abcdef0 in 111122223333)
        - "  taro@example.com  taro    yes    yes      none  yes      WebOperator via web-operators"
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._access.answers import access_answers as answers_of
from ansible_collections.keyless.aws.plugins.module_utils._access.table import access_table
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError


def access_answers(facts):
    try:
        rows = answers_of(facts)
    except UserError as error:
        raise AnsibleFilterError(f"access_answers: {error.message}") from error
    return {"rows": rows, "table": access_table(rows)}


class FilterModule:
    """Filters that answer questions about access."""

    def filters(self):
        return {"access_answers": access_answers}
