# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that works on what an account has once, such as IAM's resources."""

    DOCUMENTATION = r"""
options:
  targets:
    description:
      - The accounts to work on; the caller's own account when left out. With V([]) nothing is done.
      - Up to eight are worked on at the same time. One that cannot be reached fails alone; the others are done, and
        the task then fails and names it.
    type: list
    elements: dict
    suboptions:
      account_id:
        description:
          - The account, 12 digits in quotes. Without quotes YAML reads some account ids as other numbers.
          - Needed only as a safeguard. The task stops before its first write where the credentials are of another
            account.
        type: str
      role_arn:
        description: ARN of a role in the account, which the caller may assume. It excludes O(targets[].profile).
        type: str
      profile:
        description:
          - A profile of the AWS configuration files, which is used instead of the task's credentials.
        type: str
      region:
        description:
          - Left aside, because an account has this once and not in each Region. So the same list serves modules that
            work in Regions, and an account may stand in it once for each of its Regions.
        type: str
"""
