#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: session_host_info
version_added: 0.1.0
short_description: Tell what a session on this host would find
description:
  - Asks the host itself, not the files that were written - for each OS user whether the SSM agent would run a session
    as that user, what C(id) says and what sudo allows; which agent is installed and whether it runs; and the state of
    C(ssm-user), as whom sessions run without Run As.
  - The roles P(keyless.aws.access_report#role) and the playbook C(keyless.aws.hosts) use it.
notes:
  - Sudo writes a line to the log for each user it is asked about.
  - Without root, sudo does not answer for others, and C(locked) and C(expires) are null.
extends_documentation_fragment:
  - keyless.aws.attributes.info
attributes:
  platform:
    description: Target OS that can be operated against.
    support: full
    platforms: linux
options:
  names:
    description: Names of OS users.
    type: list
    elements: str
    required: true
seealso:
  - module: keyless.aws.os_users_info
  - module: keyless.aws.sudo_rights_info
author:
  - keyless.aws contributors (@keyless-aws)
"""

EXAMPLES = r"""
- name: Ask about taro
  keyless.aws.session_host_info:
    names: [taro]
  become: true
  register: host

- name: Refuse a host that could not run a session as taro
  ansible.builtin.assert:
    that:
      - host.users[0].run_as_ready
      - host.agent.running
"""

RETURN = r"""
users:
  description:
    - One entry a name, in the order of O(names), with all that M(keyless.aws.os_users_info) returns, and these.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the user.
      type: str
      sample: taro
    exists:
      description: Whether there is such a user, local or not.
      type: bool
      sample: true
    run_as_ready:
      description: Whether the agent would run a session as this user, in its home.
      type: bool
      sample: true
    run_as_problem:
      description: Why not. Null when it would.
      type: str
    id:
      description: What C(id NAME) prints, which is what the agent asks. Null where there is no such user.
      type: str
      sample: uid=1001(taro) gid=1001(taro) groups=1001(taro),998(keyless-managed)
    sudo:
      description: What C(sudo -l -U NAME) prints. Null where there is no such user, or no sudo.
      type: str
      sample: User taro is not allowed to run sudo on web-1.
agent:
  description: The SSM agent.
  returned: success
  type: dict
  contains:
    version:
      description: Its version. Null where it is not installed.
      type: str
      sample: 3.3.2299.0
    unit:
      description: Its unit of systemd, of the package or of the snap. Null where there is none.
      type: str
      sample: amazon-ssm-agent.service
    running:
      description: Whether it runs. Null where systemd does not tell.
      type: bool
      sample: true
    enabled:
      description: Whether it starts with the host. Null where systemd does not tell.
      type: bool
      sample: true
ssm_user:
  description: The user C(ssm-user).
  returned: success
  type: dict
  contains:
    exists:
      description: Whether there is such a user.
      type: bool
      sample: false
    uid:
      description: The UID. Null where there is no such user.
      type: int
    gid:
      description: GID of the primary group. Null where there is no such user.
      type: int
    id:
      description: As for other users.
      type: str
    sudo:
      description: As for other users.
      type: str
    sudoers_file:
      description: Whether C(/etc/sudoers.d/ssm-agent-users) is there.
      type: bool
      sample: true
    next_session:
      description: What the agent will make when the next session without Run As starts. Null for nothing.
      type: str
      sample: the agent makes ssm-user, and leaves /etc/sudoers.d/ssm-agent-users as it is
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.keyless.aws.plugins.module_utils._hosts.proof.resource import read_host
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report


def main():
    module = AnsibleModule(
        argument_spec=dict(names=dict(type="list", elements="str", required=True)),
        supports_check_mode=True,
    )
    report(module, lambda: read_host(module.params["names"]))


if __name__ == "__main__":
    main()
