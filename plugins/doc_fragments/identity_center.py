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
  api_rate:
    description:
      - How many requests a second the task sends to Identity Center at most, over all of its APIs.
      - AWS allows about 20 for the whole organization. Where AWS throttles requests all the same, because of others,
        the task goes slower for a while.
    type: float
    default: 18.0
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

    # shows how far it is
    PROGRESS = r"""
options:
  progress:
    description:
      - >-
        Whether a long run shows every few seconds how far it is, such as
        C(account_assignments: 412 of 1000 created, 10 in flight, about 48 s left).
      - V(auto) shows it where Ansible's own standard output is a terminal, V(always) also where it is a file or a
        pipe, such as the log of a CI job.
      - It is shown only where the task runs on the control node with the connection C(local), and neither with
        C(async) nor with C(no_log).
    type: str
    choices: [auto, always, never]
    default: auto
"""

    # deletes in bulk
    GUARD = r"""
options:
  max_deletions:
    description:
      - How many things the task may delete. A task that would delete more fails before it changes anything.
    type: int
    default: 10
  protect:
    description:
      - Names, ids or ARNs of permission sets, groups and users. What is named, and the assignments and memberships of
        what is named, must not be deleted.
      - A task that would delete something of it fails before it changes anything.
      - Names are compared without regard to upper and lower case. A module ignores names of what it does not manage,
        so one list can serve all modules. M(keyless.aws.account_assignments), which knows all three kinds, deletes
        nothing while a name in the list is the name of nothing, because it may be misspelt.
    type: list
    elements: str
    default: []
"""

    # looks ahead, into accounts too; each module documents its own option `preflight`, because defaults differ
    PREFLIGHT = r"""
options:
  targets:
    description:
      - Ways into accounts, for O(preflight) to see which customer managed policies they have. Nothing is changed there.
      - The caller's own account needs none. Only those that are in question are entered, up to ten at the same time.
      - An account that no way leads into, or that cannot be entered, is no error. A warning tells in how many accounts
        policies could not be looked up.
      - Needs the right C(iam:GetPolicy) or C(iam:ListPolicies) there, and C(iam:GetAccountSummary) for permission sets
        with more than ten policies.
    type: list
    elements: dict
    suboptions:
      account_id:
        description:
          - The account, 12 digits in quotes. Without quotes YAML reads some account ids as other numbers.
          - Where it is left out, it is taken from O(targets[].role_arn), or asked for with O(targets[].profile).
        type: str
      role_arn:
        description: ARN of a role in the account, which the caller may assume. It excludes O(targets[].profile).
        type: str
      profile:
        description:
          - A profile of the AWS configuration files, which is used instead of the task's credentials.
        type: str
      region:
        description: A Region, needed only where the task has none. IAM is the same in all of them.
        type: str
"""
