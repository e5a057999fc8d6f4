#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: account_assignments_info
version_added: 0.1.0
short_description: Read account assignments of IAM Identity Center
description:
  - Returns who is assigned to which accounts with which permission sets, with names, and shows assignments of users
    and groups that no longer exist.
  - The options narrow the answer down, all of them together. Each that is left out stands for everything.
  - Reading everything costs a request for each permission set, and one for each account that holds it. With O(groups)
    or O(users) alone it is about one request for each of them, where the caller is the management account.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes.info
  - keyless.aws.attributes.action_group
  - keyless.aws.identity_center
options:
  accounts:
    description: Account ids of 12 digits, quoted, or account names.
    type: list
    elements: str
  permission_sets:
    description: Names or ARNs of permission sets.
    type: list
    elements: str
  groups:
    description: Names or ids of groups. Where it is given without O(users), assignments of users are left out.
    type: list
    elements: str
  users:
    description:
      - User names or ids of users, with the assignments of their own, without those of the groups that they are in.
      - Where it is given without O(groups), assignments of groups are left out.
    type: list
    elements: str
seealso:
  - module: keyless.aws.account_assignments
"""

EXAMPLES = r"""
- name: Read all assignments
  keyless.aws.account_assignments_info:
    region: ap-northeast-1
  register: found

- name: Say whose assignments outlived them
  ansible.builtin.debug:
    msg: "{{ found.account_assignments | selectattr('orphaned') }}"

- name: Read what a group may do, and where
  keyless.aws.account_assignments_info:
    groups: [web-operators]
"""

RETURN = r"""
account_assignments:
  description: The assignments, sorted by account, permission set and principal.
  returned: success
  type: list
  elements: dict
  contains:
    account_id:
      description: The account.
      type: str
      returned: always
      sample: "111122223333"
    account_name:
      description: Name of the account.
      type: str
      returned: when O(accounts) names an account
      sample: web-prod
    permission_set:
      description: Name of the permission set.
      type: str
      returned: always
      sample: WebOperator
    permission_set_arn:
      description: ARN of the permission set.
      type: str
      returned: always
      sample: arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef
    principal_type:
      description: V(USER) or V(GROUP).
      type: str
      returned: always
      sample: GROUP
    principal:
      description: Name of the user or group, V(null) if it no longer exists.
      type: str
      returned: always
      sample: web-operators
    principal_id:
      description: Id of the user or group.
      type: str
      returned: always
      sample: a4d8e4b8-1011-70d2-9a4c-0a2b3c4d5e6f
    orphaned:
      description: Whether the user or group no longer exists.
      type: bool
      returned: always
      sample: false
missing:
  description: What the options name and does not exist, by option.
  returned: success
  type: dict
  sample: {"groups": ["web-operatrs"]}
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.info import (
    read_account_assignments,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import INSTANCE_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report

NAMES = dict(type="list", elements="str")


def main():
    module = aws_module(
        dict(accounts=NAMES, permission_sets=NAMES, groups=NAMES, users=NAMES, **INSTANCE_SPEC),
    )
    report(module, lambda: read_account_assignments(module))


if __name__ == "__main__":
    main()
