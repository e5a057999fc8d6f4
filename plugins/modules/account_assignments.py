#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: account_assignments
version_added: 0.1.0
short_description: Assign users and groups to accounts with permission sets
description:
  - Creates and deletes account assignments of IAM Identity Center, waits until AWS has carried them out, and reports
    AWS's reason for each that failed.
  - Takes the whole list at once. Each row means every combination of its permission sets, its groups and users, and
    its accounts.
  - Assignments that the list does not name are left alone, unless O(purge) says otherwise.
  - Creations come first, deletions last. Operations that another run has left in progress are waited for, not
    submitted again.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes
  - keyless.aws.attributes.action
  - keyless.aws.attributes.action_group
  - keyless.aws.identity_center
  - keyless.aws.identity_center.progress
  - keyless.aws.identity_center.guard
  - keyless.aws.identity_center.preflight
  - keyless.aws.identity_center.wait
options:
  assignments:
    description:
      - The assignments, in rows.
      - Names and ids may be mixed everywhere. Names are looked up, and an unknown one is an error before anything is
        changed. Ids are taken as they are, which saves requests.
    type: list
    elements: dict
    required: true
    suboptions:
      permission_sets:
        description: Names or ARNs of permission sets.
        type: list
        elements: str
        required: true
      groups:
        description: Names or ids of groups.
        type: list
        elements: str
      users:
        description: User names or ids of users.
        type: list
        elements: str
      accounts:
        description:
          - Account ids of 12 digits, or account names. Quote ids, because YAML takes an id without quotes for a number
            and drops leading zeros.
          - Names, and O(assignments[].organizational_units), need the right to list the accounts of the organization.
        type: list
        elements: str
      organizational_units:
        description:
          - Ids of organizational units (V(ou-...)) or of the root (V(r-...)), which stand for all accounts below them,
            however deep.
          - Accounts that are not active are skipped with a warning. Naming one in O(assignments[].accounts) is an
            error.
        type: list
        elements: str
      exclude_accounts:
        description: Account ids or names that the row leaves out.
        type: list
        elements: str
      state:
        description:
          - Whether the assignments are to exist.
          - With V(absent), names that do not exist are no error but a warning. Assignments outlive users and groups,
            but can then only be named by id, or found by O(purge).
        type: str
        choices: [present, absent]
        default: present
  purge:
    description:
      - Which assignments that O(assignments) does not name are deleted.
      - V(none) deletes none.
      - V(listed) deletes the other assignments of the permission sets that are named in the rows, whatever
        O(assignments[].state) these have, in all accounts.
      - V(all) deletes all other assignments of the instance, but only of permission sets that carry the tag
        C(keyless:managed), unless O(purge_unmanaged=true).
      - V(listed) costs a request for each account and permission set that it has to look at, and V(all) two more for
        each permission set.
    type: str
    choices: [none, listed, all]
    default: none
  purge_unmanaged:
    description: Whether O(purge=all) also purges permission sets that other tools or people created.
    type: bool
    default: false
  preflight:
    description:
      - Whether to find out, before the first write, what AWS would refuse of the assignments that are to be created.
        That is customer managed policies or permissions boundaries that are missing in an account, quotas, accounts
        that are not active or not in the organization, and what only the management account may do. All of it is told
        at once.
      - Costs nothing where nothing is created; otherwise about four requests, three for each permission set that is
        new in an account, and one or two for each account that is looked into.
      - Also asks STS and Organizations, and IAM and Service Quotas where needed; a missing right there is a warning.
    type: bool
    default: true
  allow_self_lockout:
    description:
      - Whether the task may delete the last assignment through which its own caller signed in.
      - Otherwise that is an error before anything is changed. Where the caller assumed a role of another kind, it
        cannot be told, and a warning says so.
    type: bool
    default: false
  expected:
    description:
      - Names that earlier tasks would have created if they were not run in check mode, so that a chain of tasks can be
        tried on an empty organization. They count as known in check mode, and are ignored otherwise.
    type: dict
    suboptions:
      permission_sets:
        description: Names of permission sets.
        type: list
        elements: str
      groups:
        description: Names of groups.
        type: list
        elements: str
      users:
        description: User names.
        type: list
        elements: str
seealso:
  - module: keyless.aws.account_assignments_info
  - module: keyless.aws.permission_sets
  - module: keyless.aws.identity_store
"""

EXAMPLES = r"""
# Permission sets, users and groups, accounts and the root have to be there.
- name: Operators in two accounts, auditors everywhere but in one
  keyless.aws.account_assignments:
    region: ap-northeast-1
    assignments:
      - permission_sets: [WebOperator]
        groups: [web-operators]
        accounts: ["111122223333", web-staging]
      - permission_sets: [Auditor]
        groups: [auditors]
        users: [taro@example.com]
        organizational_units: [r-ab12]
        exclude_accounts: [sandbox]

- name: Take back a single one
  keyless.aws.account_assignments:
    assignments:
      - permission_sets: [WebOperator]
        users: [taro@example.com]
        accounts: ["111122223333"]
        state: absent

- name: These and no others, for the permission set WebOperator
  keyless.aws.account_assignments:
    purge: listed
    max_deletions: 50
    assignments:
      - permission_sets: [WebOperator]
        groups: [web-operators]
        accounts: ["111122223333"]
"""

RETURN = r"""
account_assignments:
  description:
    - The assignments that the rows with O(assignments[].state=present) name, as they are after the task.
    - In check mode as they would be, without ids and ARNs that do not exist yet.
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
      returned: when accounts had to be looked up
      sample: web-prod
    permission_set:
      description: Name of the permission set.
      type: str
      returned: when known; not where its ARN was given and nothing is deleted
      sample: WebOperator
    permission_set_arn:
      description: ARN of the permission set.
      type: str
      returned: when the permission set exists
      sample: arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef
    principal_type:
      description: V(USER) or V(GROUP).
      type: str
      returned: always
      sample: GROUP
    principal:
      description: Name of the user or group.
      type: str
      returned: when known; not where ids were given only
      sample: web-operators
    principal_id:
      description: Id of the user or group.
      type: str
      returned: when the user or group exists
      sample: a4d8e4b8-1011-70d2-9a4c-0a2b3c4d5e6f
changes:
  description: What was done, or would be done in check mode, in this order.
  returned: always
  type: list
  elements: dict
  contains:
    action:
      description: V(create) or V(delete).
      type: str
      returned: always
      sample: create
    kind:
      description: What it was done to.
      type: str
      returned: always
      sample: account_assignment
    name:
      description: The assignment in a form for people.
      type: str
      returned: always
      sample: "WebOperator: group web-operators in 111122223333"
    permission_set:
      description: Name of the permission set, or its ARN where the name is not known.
      type: str
      returned: always
      sample: WebOperator
    principal_type:
      description: V(USER) or V(GROUP).
      type: str
      returned: always
      sample: GROUP
    principal:
      description: Name of the user or group, or its id where the name is not known or it no longer exists.
      type: str
      returned: always
      sample: web-operators
    account_id:
      description: The account.
      type: str
      returned: always
      sample: "111122223333"
created:
  description: How many assignments were created.
  returned: always
  type: int
  sample: 1
updated:
  description: Always 0, because an assignment has nothing to change.
  returned: always
  type: int
  sample: 0
deleted:
  description: How many assignments were deleted.
  returned: always
  type: int
  sample: 0
failures:
  description: The changes that failed, each with its RV(ignore:error). Everything else was done.
  returned: when a change failed
  type: list
  elements: dict
  sample:
    - action: create
      kind: account_assignment
      name: "WebOperator: group web-operators in 111122223333"
      permission_set: WebOperator
      principal_type: GROUP
      principal: web-operators
      account_id: "111122223333"
      error: Account is suspended
deletions:
  description: What the task would have deleted, as far as that stopped it.
  returned: when O(max_deletions) or O(protect) stopped it
  type: list
  elements: str
  sample: ["WebOperator: group web-operators in 111122223333"]
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import GUARD_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.resource import (
    AccountAssignments,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import INSTANCE_SPEC, WAIT_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._progress import PROGRESS_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile
from ansible_collections.keyless.aws.plugins.module_utils._targets import TARGETS_SPEC

NAMES = dict(type="list", elements="str")

ASSIGNMENT = dict(
    permission_sets=dict(type="list", elements="str", required=True),
    groups=NAMES,
    users=NAMES,
    accounts=NAMES,
    organizational_units=NAMES,
    exclude_accounts=NAMES,
    state=dict(type="str", choices=["present", "absent"], default="present"),
)


def main():
    module = aws_module(
        dict(
            assignments=dict(type="list", elements="dict", required=True, options=ASSIGNMENT),
            purge=dict(type="str", choices=["none", "listed", "all"], default="none"),
            purge_unmanaged=dict(type="bool", default=False),
            allow_self_lockout=dict(type="bool", default=False),
            expected=dict(type="dict", options=dict(permission_sets=NAMES, groups=NAMES, users=NAMES)),
            preflight=dict(type="bool", default=True),
            **GUARD_SPEC,
            **INSTANCE_SPEC,
            **TARGETS_SPEC,
            **PROGRESS_SPEC,
            **WAIT_SPEC,
        )
    )
    reconcile(module, AccountAssignments(module))


if __name__ == "__main__":
    main()
