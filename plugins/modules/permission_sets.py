#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: permission_sets
version_added: 0.1.0
short_description: Manage permission sets of IAM Identity Center
description:
  - Creates, updates and deletes permission sets with their policies, permissions boundary and tags, and provisions
    what changed to the accounts that use it.
  - Takes the whole list at once and reads the instance once for it. What the list does not name is left alone.
  - A permission set that exists under a given name is taken over and brought in line.
  - Each permission set is provisioned as soon as its own changes are done. Provisionings that another run has left in
    progress are waited for, not submitted again.
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
  - keyless.aws.identity_center.guard
  - keyless.aws.identity_center.preflight
  - keyless.aws.identity_center.progress
  - keyless.aws.identity_center.wait
options:
  permission_sets:
    description:
      - The permission sets.
      - An option that is left out is left alone and not even read. V([]), V({}) and V('') clear, except where AWS
        cannot clear (O(permission_sets[].description), O(permission_sets[].session_duration)).
      - Created permission sets get the tag C(keyless:managed), which no list of tags removes.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name, 1 to 32 letters, digits or any of C(+=,.@_-).
          - AWS cannot rename a permission set.
        type: str
        required: true
      description:
        description: A text of at most 700 characters of Latin-1, the only characters that AWS takes here.
        type: str
      relay_state:
        description: The console page to open after sign-in, a URL. V('') clears.
        type: str
      session_duration:
        description: How long a session may last, in ISO 8601 form, V(PT1H) to V(PT12H). AWS's default is one hour.
        type: str
      inline_policy:
        description:
          - The inline policy, as a dictionary or as JSON text. V({}) clears.
          - At most 10,240 characters without white space.
          - Policies are compared by their meaning.
        type: json
      managed_policies:
        description:
          - ARNs of AWS managed policies.
          - At most 20 together with O(permission_sets[].customer_managed_policies).
        type: list
        elements: str
      customer_managed_policies:
        description: Customer managed policies, which have to exist in every account that the set is assigned in.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the policy.
            type: str
            required: true
          path:
            description: Path of the policy.
            type: str
            default: /
      permissions_boundary:
        description: The permissions boundary, one of the two forms. V({}) clears.
        type: dict
        suboptions:
          managed_policy_arn:
            description: ARN of an AWS managed policy.
            type: str
          customer_managed_policy:
            description: A customer managed policy, which has to exist in every account that the set is assigned in.
            type: dict
            suboptions:
              name:
                description: Name of the policy.
                type: str
                required: true
              path:
                description: Path of the policy.
                type: str
                default: /
      tags:
        description: Tags of the permission set. V({}) removes all but C(keyless:managed).
        type: dict
      state:
        description:
          - Whether the permission set is to exist.
          - With V(absent), a permission set that is assigned to anybody is an error before anything is changed, unless
            O(permission_sets[].unassign=true). The error says where it is assigned, and to whom.
        type: str
        choices: [present, absent]
        default: present
      unassign:
        description:
          - Whether all account assignments of the permission set are deleted first. Goes with
            O(permission_sets[].state=absent).
          - They count for O(max_deletions), O(protect) and O(allow_self_lockout), as does the permission set itself.
        type: bool
        default: false
  preflight:
    description:
      - Whether to find out, before the first write, what AWS would refuse of the provisionings. That is customer
        managed policies or permissions boundaries that are missing in an account, the quota of policies of a role, and
        what only the management account may do. All of it is told at once.
      - Costs nothing where no set that is provisioned changes; otherwise two requests, and one or two for each account
        that is looked into.
    type: bool
    default: false
  allow_self_lockout:
    description:
      - Whether O(permission_sets[].unassign) may delete the last assignment through which the task's caller signed in.
      - Otherwise that is an error before anything is changed. Where the caller assumed a role of another kind, it
        cannot be told, and a warning says so.
    type: bool
    default: false
  purge_policies:
    description: Whether policies that are attached but not listed are detached. Lists that are left out stay.
    type: bool
    default: true
  purge_tags:
    description: Whether tags that are not listed are removed, if O(permission_sets[].tags) is given.
    type: bool
    default: true
  provision:
    description:
      - What to provision after the changes. A permission set is provisioned once, and only where it is in use.
      - V(changed) provisions the permission sets that this task changed, in all accounts that use them. It also
        provisions listed ones again of which an earlier provisioning has failed, in those accounts where the role is
        still not up to date. To find these costs one request for the whole task, and one for each of the newest 30
        failed provisionings that AWS still remembers. It does not find what was changed by hand, nor a permission set
        of which a run was killed between its changes and its provisioning.
      - V(outdated) provisions all that, and listed ones whose roles are not up to date in some accounts for any other
        reason, in those accounts. It finds everything, and costs one more request for each permission set.
      - V(never) leaves accounts with the roles that they have.
      - A change of tags alone does not touch accounts.
    type: str
    choices: [changed, outdated, never]
    default: changed
notes:
  - O(protect) keeps permission sets from being deleted and their assignments, and those of users and groups, from
    being deleted with O(permission_sets[].unassign). It does not keep permission sets from being changed.
seealso:
  - module: keyless.aws.permission_sets_info
  - module: keyless.aws.account_assignments
  - plugin: keyless.aws.session_policy
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Operators may open sessions on web servers
  keyless.aws.permission_sets:
    region: ap-northeast-1
    permission_sets:
      - name: WebOperator
        description: Shell sessions on web servers
        session_duration: PT4H
        inline_policy: "{{ scope | keyless.aws.session_policy }}"
        tags:
          team: web
  vars:
    scope:
      principal: identity_center
      instances:
        tags:
          Team: web
      connect: [shell]
      run_as: required

- name: Two sets with managed policies, one retired
  keyless.aws.permission_sets:
    permission_sets:
      - name: Auditor
        managed_policies:
          - arn:aws:iam::aws:policy/SecurityAudit
          - arn:aws:iam::aws:policy/job-function/ViewOnlyAccess
        permissions_boundary:
          customer_managed_policy:
            name: Boundary
      - name: Developer
        customer_managed_policies:
          - name: DeveloperAccess
            path: /teams/
      - name: LegacyAdmin
        state: absent

- name: Retire a permission set that is still assigned
  keyless.aws.permission_sets:
    max_deletions: 20
    protect: [Auditor]
    permission_sets:
      - name: LegacyAdmin
        state: absent
        unassign: true

- name: Provision whatever is not up to date
  keyless.aws.permission_sets:
    provision: outdated
    permission_sets:
      - name: WebOperator
      - name: Auditor
"""

RETURN = r"""
permission_sets:
  description:
    - The listed permission sets that exist after the task, with what was read or set.
    - In check mode as they would be, without the ARN of those that do not exist yet.
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
      returned: when the permission set exists
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
      returned: when it exists, or was given
      sample: PT4H
    inline_policy:
      description: The inline policy.
      type: dict
      returned: when managed
      sample: {"Version": "2012-10-17", "Statement": []}
    managed_policies:
      description: ARNs of AWS managed policies.
      type: list
      elements: str
      returned: when managed
      sample: ["arn:aws:iam::aws:policy/SecurityAudit"]
    customer_managed_policies:
      description: Customer managed policies.
      type: list
      elements: dict
      returned: when managed
      sample: [{"name": "DeveloperAccess", "path": "/teams/"}]
    permissions_boundary:
      description: The permissions boundary, V({}) for none.
      type: dict
      returned: when managed
      sample: {"customer_managed_policy": {"name": "Boundary", "path": "/"}}
    tags:
      description: Tags of the permission set.
      type: dict
      returned: when managed, or created
      sample: {"keyless:managed": "true", "team": "web"}
changes:
  description: What was done, or would be done in check mode, in this order.
  returned: always
  type: list
  elements: dict
  contains:
    action:
      description: V(create), V(update), V(provision) or V(delete).
      type: str
      returned: always
      sample: update
    kind:
      description: What it was done to, V(permission_set) or V(account_assignment).
      type: str
      returned: always
      sample: permission_set
    name:
      description: Name of the permission set, or the account assignment in a form for people.
      type: str
      returned: always
      sample: WebOperator
    fields:
      description: The fields that an update changes.
      type: list
      elements: str
      returned: for updates
      sample: [inline_policy]
    accounts:
      description: The accounts in which the permission set is provisioned.
      type: list
      elements: str
      returned: for provisioning
      sample: ["111122223333"]
    permission_set:
      description: Name of the permission set.
      type: str
      returned: for account assignments
      sample: LegacyAdmin
    principal_type:
      description: V(USER) or V(GROUP).
      type: str
      returned: for account assignments
      sample: GROUP
    principal:
      description: Name of the user or group, or its id where it no longer exists.
      type: str
      returned: for account assignments
      sample: web-operators
    account_id:
      description: The account.
      type: str
      returned: for account assignments
      sample: "111122223333"
created:
  description: How many permission sets were created.
  returned: always
  type: int
  sample: 1
updated:
  description: How many permission sets were changed.
  returned: always
  type: int
  sample: 0
deleted:
  description: How many permission sets and account assignments were deleted.
  returned: always
  type: int
  sample: 0
failures:
  description: The changes that failed, each with its RV(ignore:error). Everything else was done.
  returned: when a change failed
  type: list
  elements: dict
  sample: [{"action": "provision", "kind": "permission_set", "name": "WebOperator", "error": "Account is suspended"}]
deletions:
  description: What the task would have deleted, as far as that stopped it.
  returned: when O(max_deletions) or O(protect) stopped it
  type: list
  elements: str
  sample: ["permission set LegacyAdmin", "LegacyAdmin: group web-operators in 111122223333"]
in_use:
  description:
    - Assignments of the permission sets that were to be deleted, as M(keyless.aws.account_assignments) returns them.
    - At least those of ten accounts, if there are so many.
  returned: when that stopped the task
  type: list
  elements: dict
  sample:
    - account_id: "111122223333"
      permission_set: LegacyAdmin
      permission_set_arn: arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef
      principal_type: GROUP
      principal: web-operators
      principal_id: a4d8e4b8-1011-70d2-9a4c-0a2b3c4d5e6f
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import GUARD_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import INSTANCE_SPEC, WAIT_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.permission_sets.resource import (
    PermissionSets,
)
from ansible_collections.keyless.aws.plugins.module_utils._progress import PROGRESS_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile
from ansible_collections.keyless.aws.plugins.module_utils._targets import TARGETS_SPEC

POLICY_REFERENCE = dict(name=dict(type="str", required=True), path=dict(type="str", default="/"))

PERMISSION_SET = dict(
    name=dict(type="str", required=True),
    description=dict(type="str"),
    relay_state=dict(type="str"),
    session_duration=dict(type="str"),
    inline_policy=dict(type="json"),
    managed_policies=dict(type="list", elements="str"),
    customer_managed_policies=dict(type="list", elements="dict", options=POLICY_REFERENCE),
    permissions_boundary=dict(
        type="dict",
        options=dict(
            managed_policy_arn=dict(type="str"),
            customer_managed_policy=dict(type="dict", options=POLICY_REFERENCE),
        ),
    ),
    tags=dict(type="dict"),
    state=dict(type="str", choices=["present", "absent"], default="present"),
    unassign=dict(type="bool", default=False),
)


def main():
    module = aws_module(
        dict(
            permission_sets=dict(type="list", elements="dict", required=True, options=PERMISSION_SET),
            purge_policies=dict(type="bool", default=True),
            purge_tags=dict(type="bool", default=True),
            provision=dict(type="str", choices=["changed", "outdated", "never"], default="changed"),
            allow_self_lockout=dict(type="bool", default=False),
            preflight=dict(type="bool", default=False),
            **GUARD_SPEC,
            **INSTANCE_SPEC,
            **PROGRESS_SPEC,
            **TARGETS_SPEC,
            **WAIT_SPEC,
        )
    )
    reconcile(module, PermissionSets(module))


if __name__ == "__main__":
    main()
