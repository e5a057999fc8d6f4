#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: os_users
version_added: 0.1.0
short_description: Manage the OS users and groups that Session Manager sessions run as
description:
  - Brings all OS users and groups of a Linux host into their state in one run, with the distribution's own tools
    (C(useradd), C(usermod), C(userdel), C(groupadd), C(groupmod), C(groupdel), C(gpasswd)).
  - Users are made the way Run As needs them - with a name that the agent takes, a locked password, and a home at
    C(/home/<name>).
  - What this module creates carries the supplementary group C(keyless-managed), which it also creates. Only such an
    account is ever changed, locked, expired or removed. An account that was there before only gains memberships;
    what else differs is told as a warning.
  - Everything that is wrong with the options, or that cannot be on this host, is reported at once and before anything
    is written.
  - An account that was removed by hand is created again, under the UID that owns the home it left, and a home that was
    removed by hand is made again. A password that was set or unlocked by hand is locked again.
notes:
  - B(Expiry and lock are not revocation.) The SSM agent switches to the OS user without PAM, so it looks at neither.
    Only IAM, and removing the user, end the access through Session Manager.
  - The agent also ignores the shell and the home in C(/etc/passwd). It starts C(sh), or what the session preferences'
    shell profile says, in C(/home/<name>).
  - Needs root, in check mode too. Set C(become=true) where you connect as another user.
  - A user known only to LDAP, SSSD and the like is recognised, never created a second time, and only gains memberships
    in local groups.
extends_documentation_fragment:
  - keyless.aws.attributes
attributes:
  platform:
    description: Target OS that can be operated against.
    support: full
    platforms: linux
options:
  users:
    description:
      - The OS users.
      - A list that is not given is not touched; users of the host that are not listed are not touched, see O(purge).
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the user, a lower-case letter or C(_) first, then up to 31 of C(a-z), C(0-9), C(_) and C(-).
          - C(root), numbers, e-mail addresses and the system accounts of the host are refused.
        type: str
        required: true
      uid:
        description:
          - The UID, not below C(UID_MIN) of C(/etc/login.defs).
          - The next free one when it is not given.
          - Another one than the user has is refused, for this user alone, while the user has running processes.
        type: int
      comment:
        description: The comment (GECOS) field, such as the person's name. V('') clears it.
        type: str
      shell:
        description:
          - Absolute path of the login shell.
          - A new user gets C(/bin/bash) when it is not given, or C(/bin/sh) where there is no bash.
        type: str
      home:
        description: Always C(/home/<name>), because the agent assumes it. Another value is refused.
        type: str
      skeleton:
        description:
          - Absolute path of the directory whose files a new home begins with.
          - C(/etc/skel), or what the distribution has instead, when it is not given. A home that is there is left
            alone, its SSH keys too.
        type: path
      group:
        description:
          - Name of the primary group.
          - A new user gets a group of its own, of the same name, when this is not given.
        type: str
      groups:
        description:
          - Names of supplementary groups, which exist or are listed in O(groups).
          - C(keyless-managed) need not and must not be named.
        type: list
        elements: str
      append:
        description:
          - Whether the user keeps the supplementary groups that are not listed.
          - With V(false) the list is exact. An account that was there before keeps its groups all the same.
        type: bool
        default: true
      expires:
        description:
          - The day from which the account has expired, as C(YYYY-MM-DD). V('') clears it.
          - This keeps nobody out of Session Manager, see the notes.
        type: str
      state:
        description:
          - V(present) creates the user where there is none, and brings it in line.
          - V(absent) removes the user, which must have been created by this module. It is refused, for this user
            alone, while the user has running processes.
        type: str
        choices: [present, absent]
        default: present
      remove_home:
        description: Whether V(absent) removes the home and the mail of the user as well.
        type: bool
        default: false
      force:
        description:
          - Whether V(absent) and another O(users[].uid) end the running processes of the user first.
          - Otherwise they are refused while there are any, because these would go on under a UID that is somebody
            else's later.
        type: bool
        default: false
  groups:
    description:
      - Groups to create before, or to remove after the users.
      - Members are given with the users.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the group, of the same form as that of a user.
        type: str
        required: true
      gid:
        description: The GID. The next free one when it is not given.
        type: int
      system:
        description:
          - Whether a new group gets a GID of the system's range.
          - V(absent) removes a group of that range only when this is true.
        type: bool
        default: false
      state:
        description:
          - V(absent) removes the group. It is refused while it is the primary group of a user who stays, or has members
            that this module did not create.
        type: str
        choices: [present, absent]
        default: present
  purge:
    description:
      - Whether to remove the users that this module created and that O(users) does not list. O(users) must be given
        then.
      - Their homes are kept. One with running processes is not removed, and the task fails.
      - Accounts that this module did not create are never removed, nor are groups.
    type: bool
    default: false
seealso:
  - module: keyless.aws.os_users_info
author:
  - keyless.aws contributors (@keyless-aws)
"""

EXAMPLES = r"""
- name: Create the users whom Run As names on this host
  keyless.aws.os_users:
    groups:
      - name: web
    users:
      - name: taro
        comment: Taro Tanaka
        groups: [web]
      - name: hanako
        groups: [web]
        expires: "2030-12-31"
  become: true

- name: Exactly these users, and no other of ours
  keyless.aws.os_users:
    users:
      - name: taro
        uid: 5001
        groups: [web]
        append: false
    purge: true
  become: true

- name: Remove a user with everything
  keyless.aws.os_users:
    users:
      - name: hanako
        state: absent
        remove_home: true
        force: true
  become: true
"""

RETURN = r"""
changes:
  description:
    - What was done, in this order. In check mode, what would be done.
    - C(fields) names what an update changes.
  returned: always
  type: list
  elements: dict
  sample:
    - {action: create, kind: group, name: keyless-managed}
    - {action: create, kind: user, name: taro}
    - {action: update, kind: user, name: hanako, fields: [groups, locked]}
created:
  description: How many users and groups were created.
  returned: always
  type: int
  sample: 2
updated:
  description: How many updates there were.
  returned: always
  type: int
  sample: 1
deleted:
  description: How many users and groups were removed.
  returned: always
  type: int
  sample: 0
failures:
  description: What could not be done, with the reason. Everything else was done.
  returned: when something failed
  type: list
  elements: dict
  sample:
    - action: delete
      kind: user
      name: taro
      error: it has running processes (pid 4711); end them, or give force true for this user, which ends them first
users:
  description:
    - The listed users that are there afterwards, in the order of the option.
    - In check mode as predicted, without C(uid) and C(gid) where they are not known yet.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the user.
      type: str
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
      description: Whether no password can match. Not known (null) for users that are not local.
      type: bool
    expires:
      description: Day of expiry, or the empty string. Not known (null) for users that are not local.
      type: str
    managed:
      description: Whether this module created the user.
      type: bool
    local:
      description: Whether the user stands in C(/etc/passwd).
      type: bool
  sample:
    - name: taro
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
groups:
  description: The listed groups that are there afterwards, in the order of the option.
  returned: always
  type: list
  elements: dict
  sample:
    - {name: web, gid: 1002, members: [taro], local: true}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.resource import Accounts, wishes_of
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile

USER = dict(
    name=dict(type="str", required=True),
    uid=dict(type="int"),
    comment=dict(type="str"),
    shell=dict(type="str"),
    home=dict(type="str"),
    skeleton=dict(type="path"),
    group=dict(type="str"),
    groups=dict(type="list", elements="str"),
    append=dict(type="bool", default=True),
    expires=dict(type="str"),
    state=dict(type="str", choices=["present", "absent"], default="present"),
    remove_home=dict(type="bool", default=False),
    force=dict(type="bool", default=False),
)

GROUP = dict(
    name=dict(type="str", required=True),
    gid=dict(type="int"),
    system=dict(type="bool", default=False),
    state=dict(type="str", choices=["present", "absent"], default="present"),
)


def main():
    module = AnsibleModule(
        argument_spec=dict(
            users=dict(type="list", elements="dict", options=USER),
            groups=dict(type="list", elements="dict", options=GROUP),
            purge=dict(type="bool", default=False),
        ),
        supports_check_mode=True,
    )
    reconcile(module, Accounts(module, wishes_of(module.params)))


if __name__ == "__main__":
    main()
