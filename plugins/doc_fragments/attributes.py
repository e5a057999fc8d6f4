# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """How a module behaves, declared once; each fragment is used on its own."""

    # a module that changes things in AWS
    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the predicted result without sending a single write request.
    support: full
  diff_mode:
    description: Returns what changes, and nothing else, in diff mode.
    support: full
  idempotent:
    description: A second run with the same options changes nothing, unless someone else changed something meanwhile.
    support: full
"""

    # a module that only reads
    INFO = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode).
    support: full
    details: This module never changes anything.
  diff_mode:
    description: Returns what changes in diff mode.
    support: N/A
    details: This module never changes anything.
  idempotent:
    description: A second run changes nothing.
    support: full
    details: This module never changes anything.
"""

    # a module of the action group
    ACTION_GROUP = r"""
attributes:
  action_group:
    description: >-
      Use C(group/keyless.aws.aws) in C(module_defaults) to set defaults for this module and for those of amazon.aws.
    support: full
    membership:
      - keyless.aws.aws
"""

    # a module with an action plugin that shows its progress
    ACTION = r"""
attributes:
  action:
    description: An action plugin of the same name does some of the work on the control node.
    support: full
    details: It shows how far the module is, see O(progress), and does nothing else.
  async:
    description: Can be used with C(async).
    support: full
    details: No progress is shown then.
"""
