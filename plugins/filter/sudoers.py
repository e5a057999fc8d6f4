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
positional: rules, prefix, aliases
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
          - The OS user that has the right, or the name of one of O(aliases.users). Give either this or
            O(rules[].group).
        type: str
      group:
        description:
          - The OS group whose members have the right, without a percent sign.
        type: str
      commands:
        description:
          - V(all), or a list of commands with absolute paths, and of names of O(aliases.commands).
          - A command is a text, or a mapping with C(command), C(digests) and C(target_password).
          - C(digests) is a list of texts such as C(sha256:) and what C(sha256sum) prints. Sudo runs the program only
            while its file has one of them. Sudo-rs, which Ubuntu 26.04 has, knows none, so the role refuses them there.
          - C(target_password) lets sudo ask for the password of the user as whom this command is run, whoever runs it
            (C(Defaults!command targetpw)).
          - Arguments are compared as sudoers(5) says. A command without arguments may be run with any; one with
            C("") may be run only without.
          - In arguments V(*), V(?) and V([...]) are wildcards, which match blanks and slashes too; a backslash takes
            the next character as it is.
          - Colons, equal signs and number signs are escaped for sudoers here; write them as they are.
          - Refused are line breaks and other control characters, quotes (sudo would look for them in the
            arguments), directories, V(sudoedit), and commas, which part commands in sudoers, unless they are
            written C(\,).
          - Refused is also C(!), which takes a command away. It keeps nobody from a copy of the program.
          - May be left out where O(rules[].run_as_groups) is given, and is V(all) then.
        type: raw
      run_as:
        description:
          - The OS users as whom the commands may be run, or names of O(aliases.run_as). V(ALL) stands for everybody.
          - By default V(root), and V(ALL) where O(rules[].commands=all). With O(rules[].run_as_groups) nobody but
            the members of those groups.
        type: list
        elements: str
      run_as_groups:
        description:
          - OS groups as whose members the commands may be run.
        type: list
        elements: str
      tags:
        description:
          - Further tags of sudoers(5), in its own words.
          - C(NOEXEC) keeps a program from starting others, such as a shell out of a pager. It works for programs that
            are linked dynamically.
        type: list
        elements: str
        choices: [NOEXEC, EXEC, SETENV, NOSETENV, LOG_INPUT, NOLOG_INPUT, LOG_OUTPUT, NOLOG_OUTPUT, MAIL, NOMAIL,
                  INTERCEPT, NOINTERCEPT]
      nopasswd:
        description:
          - Whether sudo asks for no password. OS users for Session Manager have locked passwords, so this is V(true)
            by default, and V(false) where O(rules[].target_password=true).
        type: bool
      target_password:
        description:
          - Whether sudo asks for the password of the user as whom the command is run (C(targetpw)). It counts for
            all rules of that user or group. For single commands there is C(target_password) in O(rules[].commands).
        type: bool
        default: false
  prefix:
    description:
      - What the names C(ssm_user), C(rules) and C(aliases) begin with in error messages.
    type: str
    default: ''
  aliases:
    description:
      - Names for lists, each an upper-case letter, then C(A-Z), C(0-9) and C(_). An alias of one kind is known only
        where its kind is wanted.
      - Sudo knows each name once, so a name that another of its files uses as well is refused by C(visudo).
    type: dict
    suboptions:
      commands:
        description:
          - A mapping of names to lists of commands, as O(rules[].commands) has them. The names may be given there.
        type: dict
      users:
        description:
          - A mapping of names to lists of users, and of groups with a percent sign. The names may be given as
            O(rules[].user).
        type: dict
      run_as:
        description:
          - The same for users as whom commands are run. The names may be given in O(rules[].run_as).
        type: dict
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

- name: Show the file with a digest, a pager that starts nothing, and an alias
  ansible.builtin.debug:
    msg: "{{ 'none' | keyless.aws.sudoers(rules, aliases=aliases) }}"
  vars:
    aliases:
      commands:
        NGINX: [/usr/bin/systemctl restart nginx, /usr/bin/systemctl reload nginx]
    rules:
      - group: web-operators
        commands: [NGINX]
      - group: web-operators
        commands: [/usr/bin/less /var/log/nginx/error.log]
        tags: [NOEXEC]
      - user: taro
        commands:
          - command: /opt/deploy/bin/deploy
            digests: ["sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]

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


def sudoers(ssm_user, rules=(), prefix="", aliases=None):
    try:
        return render(ssm_user, rules, prefix, aliases)
    except Problems as error:
        raise AnsibleFilterError(f"sudoers: {error.message}") from error


class FilterModule:
    """The text of sudo rules."""

    def filters(self):
        return {"sudoers": sudoers}
