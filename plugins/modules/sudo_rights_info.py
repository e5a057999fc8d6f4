#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sudo_rights_info
version_added: 0.1.0
short_description: Compare what sudo allows on a host with what the rules say
description:
  - Asks sudo itself (C(sudo -l -U)) what each user may do, and compares it with the rules of
    P(keyless.aws.ssm_sudoers#role).
  - What a user may do beyond the rules is told together with the line of sudo's files that gives it, in whichever
    file and by whichever way - the user's name, a group, an alias, or C(ALL). A setting that takes away the password
    which a rule wants, such as C(!authenticate), is told too, but not with sudo-rs, which lists no settings.
  - Refuses what this host's sudo cannot do - digests, wildcards in arguments, and C(INTERCEPT) with sudo-rs, which
    Ubuntu 26.04 has - and commands that are directories here.
  - Warns of commands that give more than they seem to - wildcards; editors, pagers, interpreters and other programs
    from which one comes to a shell; programs that somebody else than root may replace.
notes:
  - Sudo writes a line to the log for each user it is asked about.
  - Hosts in sudo's rules and netgroups are not looked at when the line is searched for; sudo itself does look at them.
  - Listings of sudo-rs do not tell C(SETENV) and, in some versions, C("") for no arguments. These are not compared
    there.
  - Needs root, unless O(compare=false).
extends_documentation_fragment:
  - keyless.aws.attributes.info
  - keyless.aws.sudo
attributes:
  platform:
    description: Target OS that can be operated against.
    support: full
    platforms: linux
options:
  compare:
    description: Whether to ask sudo about users. V(false) only checks the rules.
    type: bool
    default: true
  sudo:
    description: Where C(sudo) is. Where there is none, only the rules are checked.
    type: path
    default: /usr/bin/sudo
seealso:
  - plugin: keyless.aws.sudoers
    plugin_type: filter
author:
  - keyless.aws contributors (@keyless-aws)
"""

EXAMPLES = r"""
- name: Ask whether anybody may do more than this
  keyless.aws.sudo_rights_info:
    rules:
      - group: web-operators
        commands: [/usr/bin/systemctl restart nginx]
  become: true
  register: sudo

- name: Refuse a host where somebody may
  ansible.builtin.assert:
    that: sudo.users | selectattr('more') | length == 0
"""

RETURN = r"""
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
  description: Sudo's files, in the order in which it reads them. Empty with O(compare=false).
  returned: success
  type: list
  elements: str
  sample: [/etc/sudoers, /etc/sudoers.d/ssm-agent-users]
users:
  description: The users, in the order of their names. Empty with O(compare=false).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the user.
      type: str
    rights:
      description: All that sudo lets the user do.
      type: list
      elements: str
    more:
      description: What of it the rules do not say.
      type: list
      elements: dict
      contains:
        right:
          description: What, in sudo's words.
          type: str
        granted_by:
          description: The lines that give it. Empty where it comes from LDAP or SSSD.
          type: list
          elements: dict
        certain:
          description: Whether these lines give exactly this, or are only all that give the user anything.
          type: bool
    missing:
      description: What the rules say and sudo does not let the user do.
      type: list
      elements: str
  sample:
    - name: taro
      rights: ["(root) NOPASSWD: /usr/bin/systemctl restart nginx", "(ALL) ALL"]
      more:
        - right: (ALL) ALL
          granted_by:
            - {file: /etc/sudoers, line: 44, text: "%sudo ALL=(ALL:ALL) ALL"}
          certain: true
      missing: []
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.resource import RULES_SPEC, read_info
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report


def main():
    module = AnsibleModule(
        argument_spec=dict(
            compare=dict(type="bool", default=True),
            sudo=dict(type="path", default="/usr/bin/sudo"),
            **RULES_SPEC,
        ),
        supports_check_mode=True,
    )
    report(module, lambda: read_info(module.params))


if __name__ == "__main__":
    main()
