# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules that know sudo rules."""

    DOCUMENTATION = r"""
options:
  ssm_user:
    description: The rights of C(ssm-user), as P(keyless.aws.sudoers#filter) takes them.
    type: raw
    default: none
  rules:
    description: The rights of OS users and groups, as P(keyless.aws.sudoers#filter) takes them.
    type: list
    elements: dict
    default: []
  aliases:
    description:
      - Names for lists of commands, of users, and of users as whom commands are run, as P(keyless.aws.sudoers#filter)
        takes them.
    type: dict
  prefix:
    description: What the names of options begin with in messages.
    type: str
    default: ''
  users:
    description:
      - The users to ask sudo about. Those whom the host does not know are left out.
      - By default everybody whom O(rules) name, by groups too, C(ssm-user), and the members of C(keyless-managed).
    type: list
    elements: str
"""
