# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: host_access
version_added: 0.1.0
short_description: What an access model asks of one host
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Says which OS users, groups and sudo rules a host shall have - those of exactly the grants of an access model whose
    accounts, Regions and instances include the host.
  - Rights that several grants give to one OS user add up, because a host cannot tell through which of them a session
    came.
  - Everything that is wrong with the model or with the host's facts is reported at once.
positional: _input, host
options:
  _input:
    description: The access model, C(keyless_access).
    type: dict
    required: true
  host:
    description: What is known about the host.
    type: dict
    required: true
    suboptions:
      instance_id:
        description: Its instance id (C(i-...)), or the id of the managed node (C(mi-...)).
        type: str
        required: true
      account_id:
        description: Id of the account that it is in.
        type: str
        required: true
      region:
        description: The Region that it is in.
        type: str
        required: true
      tags:
        description: Its tags.
        type: dict
        default: {}
  organizational_units:
    description:
      - For each organizational unit or root that a grant names, the ids of all accounts below it.
      - The module M(keyless.aws.organization_info) gives it. A unit that is missing here is a problem.
    type: dict
    default: {}
seealso:
  - plugin: keyless.aws.access_plan
    plugin_type: filter
  - module: keyless.aws.os_users
"""

EXAMPLES = r"""
- name: Work out what this host shall have
  ansible.builtin.set_fact:
    access: >-
      {{ keyless_access | keyless.aws.host_access({
           'instance_id': 'i-0123456789abcdef0', 'account_id': '111122223333', 'region': 'ap-northeast-1',
           'tags': {'Team': 'web'}}) }}
  vars:
    keyless_access:
      region: ap-northeast-1
      people:
        taro: {user_name: taro@example.com}
      groups:
        web-operators: [taro]
      accounts:
        web-prod: {id: "111122223333", regions: [ap-northeast-1]}
      grants:
        - name: WebOperator
          to: {groups: [web-operators]}
          accounts: [web-prod]
          instances: {tags: {Team: web}}

- name: Manage its OS users
  keyless.aws.os_users:
    users: "{{ access.users }}"
    groups: "{{ access.groups }}"
  become: true
"""

RETURN = r"""
_value:
  description: The desired state of the host.
  type: dict
  contains:
    managed:
      description:
        - Whether the host is in an account and Region of the model.
        - If not, there is nothing to do on it, and C(notes) says so.
      type: bool
      sample: true
    os_users:
      description:
        - Names of all OS users of the model, whether or not they reach this host; V(ssm-user) without Run As.
        - Whoever reports on the host looks for these.
      type: list
      elements: str
      sample: [hanako, taro]
    users:
      description:
        - The OS users, in the form of O(keyless.aws.os_users#module:users).
        - Empty where the account does not use Run As.
      type: list
      elements: dict
      sample: [{"name": "taro", "state": "present"}]
    groups:
      description: The OS groups that grants name in C(os_groups), in the form of O(keyless.aws.os_users#module:groups).
      type: list
      elements: dict
      sample: []
    sudo:
      description: One rule for each OS user with sudo rights, C(commands) is V(all) or a list.
      type: list
      elements: dict
      sample: [{"user": "taro", "commands": ["/usr/bin/systemctl restart nginx"]}]
    ssm_user:
      description:
        - What C(ssm-user) may do with sudo - V(none), V(all) or a list of commands.
        - V(none) wherever Run As is used. Null where the host is not managed.
      type: raw
      sample: none
    notes:
      description: What is right but worth knowing, each with C(severity), C(path) and C(message).
      type: list
      elements: dict
      sample: []
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._access.hosts import hosts
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError


def host_access(model, host, organizational_units=None):
    try:
        return hosts(model, host, organizational_units)
    except UserError as error:
        raise AnsibleFilterError(f"host_access: {error.message}") from error


class FilterModule:
    """Filters of the access model for hosts."""

    def filters(self):
        return {"host_access": host_access}
