#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sudo_rules
version_added: 0.1.0
short_description: Manage the sudo rules of Session Manager's users
description:
  - Brings C(/etc/sudoers.d/ssm-agent-users) into its state, which holds the rights of C(ssm-user) and those of OS users
    and groups. The role P(keyless.aws.ssm_sudoers#role) is this module with variables.
  - The file is checked by C(visudo) before it is in place, and all of sudo's files together after. When that second
    check fails, what was there before comes back at once, in the same process, because nobody could become root by
    sudo to do it later. Where there was no file, one without rights comes.
  - Afterwards sudo itself is asked what each user may do. What is more than the rules say is a warning that names the
    file and the line, and so is what is less.
  - The file is never deleted, because the SSM agent would write one that gives C(ssm-user) every right.
  - Everything that is wrong with the options is reported at once and before anything is written.
notes:
  - Needs root, in check mode too. Set C(become=true) where you connect as another user.
  - Needs the package sudo. In check mode it may be missing, because an earlier task would have installed it.
  - Sudo writes a line to the log for each user it is asked about.
extends_documentation_fragment:
  - keyless.aws.attributes
  - keyless.aws.sudo
attributes:
  platform:
    description: Target OS that can be operated against.
    support: full
    platforms: linux
options:
  refuse_more:
    description: Whether to fail where a user may do more than the rules say. The file stays in place.
    type: bool
    default: false
  sudo:
    description: Where C(sudo) is.
    type: path
    default: /usr/bin/sudo
  visudo:
    description: Where C(visudo) is.
    type: path
    default: /usr/sbin/visudo
seealso:
  - plugin: keyless.aws.sudoers
    plugin_type: filter
  - module: keyless.aws.sudo_rights_info
author:
  - keyless.aws contributors (@keyless-aws)
"""

EXAMPLES = r"""
- name: Let a group restart the web server, and ssm-user nothing
  keyless.aws.sudo_rules:
    rules:
      - group: web-operators
        commands: [/usr/bin/systemctl restart nginx]
  become: true

- name: Refuse a host where somebody may do more than this
  keyless.aws.sudo_rules:
    rules:
      - user: taro
        commands: [/usr/bin/id]
    refuse_more: true
  become: true
"""

RETURN = r"""
changes:
  description:
    - What was done. In check mode, what would be done.
    - C(fields) names what an update changes - C(content), C(mode), C(owner), C(group).
  returned: always
  type: list
  elements: dict
  sample:
    - {action: update, kind: file, name: /etc/sudoers.d/ssm-agent-users, fields: [content]}
created:
  description: 1 when there was no file, else 0.
  returned: always
  type: int
  sample: 0
updated:
  description: 1 when the file was another, else 0.
  returned: always
  type: int
  sample: 1
deleted:
  description: Always 0.
  returned: always
  type: int
  sample: 0
implementation:
  description: V(sudo), V(sudo-rs), or null where there is neither.
  returned: success
  type: str
  sample: sudo
version:
  description: The version that it tells.
  returned: success
  type: str
  sample: 1.9.16p2
files:
  description: Sudo's files, in the order in which it reads them. Empty in check mode where the file would change.
  returned: success
  type: list
  elements: str
  sample: [/etc/sudoers, /etc/sudoers.d/ssm-agent-users]
users:
  description:
    - The users, in the order of their names, as M(keyless.aws.sudo_rights_info) returns them.
    - Empty in check mode where the file would change.
  returned: success
  type: list
  elements: dict
  sample:
    - name: taro
      rights: ["(root) NOPASSWD: /usr/bin/id"]
      more: []
      missing: []
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.resource import RULES_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.rules_file import SudoRules
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile


def main():
    module = AnsibleModule(
        argument_spec=dict(
            refuse_more=dict(type="bool", default=False),
            sudo=dict(type="path", default="/usr/bin/sudo"),
            visudo=dict(type="path", default="/usr/sbin/visudo"),
            **RULES_SPEC,
        ),
        supports_check_mode=True,
    )
    reconcile(module, SudoRules(module))


if __name__ == "__main__":
    main()
