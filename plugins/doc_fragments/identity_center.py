# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that works on an IAM Identity Center instance."""

    DOCUMENTATION = r"""
options:
  instance_arn:
    description:
      - ARN of the IAM Identity Center instance.
      - Needed only where the caller sees more than one instance in the Region.
    type: str
notes:
  - Runs on the control node, against the Region of the Identity Center instance, as the management account or as
    a delegated administrator of Identity Center.
"""

    # waits for asynchronous operations
    WAIT = r"""
options:
  wait_timeout:
    description:
      - How many seconds to wait for one asynchronous operation of Identity Center before the task fails and names it.
    type: int
    default: 600
"""
