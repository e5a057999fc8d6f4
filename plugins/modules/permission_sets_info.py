#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: permission_sets_info
version_added: 0.1.0
short_description: Read permission sets of IAM Identity Center
description:
  - Returns permission sets with their policies, permissions boundary and tags, and the accounts that hold them.
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
  names:
    description: Names of the permission sets to return; all of them when left out.
    type: list
    elements: str
  include:
    description:
      - What to read besides name, description, relay state and session duration. Each costs one request for each
        permission set, V(accounts) two.
      - V(accounts_without_assignments) costs one request for each permission set and account that holds it, which may
        be many.
    type: list
    elements: str
    choices: [inline_policy, managed_policies, customer_managed_policies, permissions_boundary, tags, accounts,
      accounts_without_assignments, problems]
    default: [inline_policy, managed_policies, customer_managed_policies, permissions_boundary, tags]
seealso:
  - module: keyless.aws.permission_sets
  - plugin: keyless.aws.session_policy_problems
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read all permission sets
  keyless.aws.permission_sets_info:
    region: ap-northeast-1
  register: found

- name: Find the accounts in which a permission set is not up to date, or held without need
  keyless.aws.permission_sets_info:
    names: [WebOperator]
    include: [accounts, accounts_without_assignments]
  register: found

- name: Find mistakes in the Session Manager policies of all permission sets
  keyless.aws.permission_sets_info:
    include: [problems]
  register: found
"""

RETURN = r"""
permission_sets:
  description: The permission sets, sorted by name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the permission set.
      type: str
      returned: always
      sample: WebOperator
    permission_set_arn:
      description: ARN of the permission set.
      type: str
      returned: always
      sample: arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef
    description:
      description: The description.
      type: str
      returned: when there is one
      sample: Shell sessions on web servers
    relay_state:
      description: The console page to open after sign-in.
      type: str
      returned: when there is one
      sample: https://ap-northeast-1.console.aws.amazon.com/systems-manager/fleet-manager
    session_duration:
      description: How long a session may last.
      type: str
      returned: always
      sample: PT4H
    inline_policy:
      description: The inline policy, V({}) for none.
      type: dict
      returned: when O(include) asks for it
      sample: {"Version": "2012-10-17", "Statement": []}
    managed_policies:
      description: ARNs of AWS managed policies.
      type: list
      elements: str
      returned: when O(include) asks for it
      sample: ["arn:aws:iam::aws:policy/SecurityAudit"]
    customer_managed_policies:
      description: Customer managed policies.
      type: list
      elements: dict
      returned: when O(include) asks for it
      sample: [{"name": "DeveloperAccess", "path": "/teams/"}]
    permissions_boundary:
      description: The permissions boundary, V({}) for none.
      type: dict
      returned: when O(include) asks for it
      sample: {}
    tags:
      description: Tags of the permission set.
      type: dict
      returned: when O(include) asks for it
      sample: {"keyless:managed": "true"}
    accounts:
      description: The accounts in which the permission set is provisioned.
      type: list
      elements: str
      returned: when O(include) asks for it
      sample: ["111122223333"]
    outdated_accounts:
      description: Those of them whose role is not up to date.
      type: list
      elements: str
      returned: when O(include) asks for V(accounts)
      sample: []
    accounts_without_assignments:
      description:
        - The accounts that hold the permission set although nobody is assigned it there. AWS may refuse to delete it.
        - Assigning it to somebody there and taking that back again removes it from the account.
      type: list
      elements: str
      returned: when O(include) asks for it
      sample: []
    problems:
      description:
        - Mistakes of the inline policy, and of what is attached beside it, in Session Manager's matters, each with
          C(rule), C(severity) (V(error) or V(warning)), C(statement), C(path), C(problem) and C(mend).
      type: list
      elements: dict
      returned: when O(include) asks for it
      sample:
        - rule: username_of_role
          severity: error
          statement: OwnSessions
          path: Statement[2].Resource
          problem: >-
            It is for a permission set of IAM Identity Center, and ${aws:username} has no value for a role's session, so
            arn:aws:ssm:*:*:session/${aws:username}-* matches nothing and the statement allows nothing.
          mend: >-
            Write session/* and the condition
            "StringLike": {"ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}"}.
missing:
  description: The given O(names) that do not exist.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import INSTANCE_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.info import (
    ACCOUNTS,
    IDLE,
    PROBLEMS,
    read_permission_sets,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.records import DETAILS
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report


def main():
    module = aws_module(
        dict(
            names=dict(type="list", elements="str"),
            include=dict(
                type="list", elements="str", choices=[*DETAILS, ACCOUNTS, IDLE, PROBLEMS], default=list(DETAILS)
            ),
            **INSTANCE_SPEC,
        )
    )
    report(module, lambda: read_permission_sets(module))


if __name__ == "__main__":
    main()
