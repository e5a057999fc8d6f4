#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: os_users_info
version_added: 0.1.0
short_description: Tell which OS users a host has and whether the agent would run a session as them
description:
  - Returns the OS users of a Linux host that M(keyless.aws.os_users) created, or those that are named.
  - For each it is told whether the SSM agent's conditions for Run As hold - the user exists, neither its UID nor its
    primary GID is 0, and its home is at C(/home/<name>).
notes:
  - Expiry and lock say nothing about access through Session Manager, because the agent switches users without PAM.
  - Without root, C(locked) and C(expires) are null.
extends_documentation_fragment:
  - keyless.aws.attributes.info
attributes:
  platform:
    description: Target OS that can be operated against.
    support: full
    platforms: linux
options:
  names:
    description:
      - Names of OS users.
      - All users that M(keyless.aws.os_users) created when it is not given.
    type: list
    elements: str
seealso:
  - module: keyless.aws.os_users
author:
  - keyless.aws contributors (@keyless-aws)
"""

EXAMPLES = r"""
- name: Read all users that os_users created
  keyless.aws.os_users_info:
  become: true
  register: ours

- name: Prove that Run As works for taro
  keyless.aws.os_users_info:
    names: [taro]
  register: found
  failed_when: not found.users[0].run_as_ready
"""

RETURN = r"""
users:
  description:
    - One entry a name, in the order of O(names), or by name.
    - An entry of a user that does not exist has only C(name), C(exists), C(run_as_ready) and C(run_as_problem).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the user.
      type: str
    exists:
      description: Whether there is such a user, local or not.
      type: bool
    uid:
      description: The UID.
      type: int
    gid:
      description: GID of the primary group.
      type: int
    group:
      description: Name of the primary group.
      type: str
    comment:
      description: The comment field.
      type: str
    home:
      description: The home in C(/etc/passwd).
      type: str
    shell:
      description: The login shell in C(/etc/passwd).
      type: str
    groups:
      description: Names of the supplementary groups.
      type: list
      elements: str
    locked:
      description: Whether no password can match. Null where it is not known.
      type: bool
    expires:
      description: Day of expiry, or the empty string. Null where it is not known.
      type: str
    managed:
      description: Whether M(keyless.aws.os_users) created the user.
      type: bool
    local:
      description: Whether the user stands in C(/etc/passwd).
      type: bool
    home_matches:
      description: Whether the home in C(/etc/passwd) is C(/home/<name>), which the agent assumes.
      type: bool
    home_exists:
      description: Whether C(/home/<name>) is a directory.
      type: bool
    uid_zero:
      description: Whether the UID is 0, for which the agent refuses a session.
      type: bool
    primary_gid_zero:
      description: Whether the primary GID is 0, for which the agent refuses a session.
      type: bool
    run_as_ready:
      description: Whether the agent would run a session as this user, in its home.
      type: bool
    run_as_problem:
      description: Why not. Null when it would.
      type: str
  sample:
    - name: taro
      exists: true
      uid: 1001
      gid: 1001
      group: taro
      comment: Taro Tanaka
      home: /home/taro
      shell: /bin/bash
      groups: [keyless-managed, web]
      locked: true
      expires: ""
      managed: true
      local: true
      home_matches: true
      home_exists: true
      uid_zero: false
      primary_gid_zero: false
      run_as_ready: true
      run_as_problem:
    - name: jiro
      exists: false
      run_as_ready: false
      run_as_problem: no user 'jiro' on this host; the agent creates nobody
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.resource import read_info
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report


def main():
    module = AnsibleModule(
        argument_spec=dict(names=dict(type="list", elements="str")),
        supports_check_mode=True,
    )
    report(module, lambda: read_info(module.params["names"]))


if __name__ == "__main__":
    main()
