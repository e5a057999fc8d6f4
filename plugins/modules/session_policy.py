#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: session_policy
version_added: 0.1.0
short_description: Manage IAM policies for Session Manager sessions
description:
  - Makes customer managed IAM policies from scopes (who, which instances, which ways in), in bulk and in any number of
    accounts, and attaches them to users, groups and roles.
  - A document that means the same is no change. A changed one becomes a new version of the policy, which is made the
    default; where an older version has it already, that one is.
  - A policy that is there already under its name is taken over and brought in line.
  - Created policies get the tag C(keyless:managed), which no list of tags removes.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes
  - keyless.aws.attributes.action_group
  - keyless.aws.accounts
options:
  policies:
    description:
      - The policies, each of which is made in each account of O(targets). Policies that are not listed stay as they
        are.
      - An option of a policy that is left out is left as it is, and not even read.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the policy, once in an account whatever its path and its upper and lower case.
        type: str
        required: true
      path:
        description:
          - Path of the policy, which begins and ends with C(/). AWS cannot change it.
          - Where the account has a policy of this name under another path, the task stops before it changes anything.
        type: str
        default: /
      description:
        description:
          - Description of a policy that is created. AWS cannot change it afterwards; a different one gives a warning.
        type: str
      scope:
        description:
          - What the policy allows, in the words of the filter P(keyless.aws.session_policy#filter).
          - Exactly one of O(policies[].scope) and O(policies[].scopes), unless O(policies[].state=absent).
        type: dict
      scopes:
        description:
          - Several scopes of one principal, which become one document. Scopes that would reach more together than each
            alone are refused.
        type: list
        elements: dict
      users:
        description:
          - Names of the IAM users who have the policy attached. With V([]) nobody has.
          - For scopes with the principal V(iam_user), as for O(policies[].groups).
        type: list
        elements: str
      groups:
        description: Names of the IAM groups that have the policy attached.
        type: list
        elements: str
      roles:
        description:
          - Names of the roles that have the policy attached.
          - Roles of permission sets (C(AWSReservedSSO_...)) are Identity Center's. They cannot be named here, and keep
            the policy where they have it.
          - For scopes with any principal but V(iam_user).
        type: list
        elements: str
      tags:
        description: Tags of the policy. V({}) removes all but C(keyless:managed).
        type: dict
      state:
        description:
          - V(absent) detaches the policy from everybody and deletes it with all its versions.
        type: str
        choices: [present, absent]
        default: present
  purge_attachments:
    description:
      - Whether users, groups and roles that a given list does not name lose the policy. Lists that are left out
        govern nothing, and no other policy of anybody is ever touched.
    type: bool
    default: true
  purge_tags:
    description: Whether tags that are not in a given O(policies[].tags) are removed.
    type: bool
    default: true
  max_deletions:
    description:
      - How many policies the task may delete, over all accounts. A task that would delete more fails before it changes
        anything.
    type: int
    default: 10
  protect:
    description:
      - Names or ARNs of policies that must not be deleted. A task that would delete one fails before it changes
        anything.
    type: list
    elements: str
    default: []
  expected:
    description:
      - Names that earlier tasks would have created if they were not run in check mode. They count as known in check
        mode, and are ignored otherwise.
    type: dict
    suboptions:
      users:
        description: Names of users.
        type: list
        elements: str
      groups:
        description: Names of groups.
        type: list
        elements: str
      roles:
        description: Names of roles.
        type: list
        elements: str
notes:
  - A policy has five versions at most. Where a new one does not fit, the oldest one that is not the default is deleted,
    and a warning says so.
  - A user, group or role has ten managed policies at most, unless the account's quota was raised. O(policies[].scopes)
    makes one policy of several scopes.
  - To read, the caller needs either C(iam:GetAccountAuthorizationDetails) and C(iam:GetAccountSummary), or else
    C(iam:GetPolicy), C(iam:GetPolicyVersion), C(iam:ListPolicyVersions), C(iam:ListPolicies) and
    C(iam:ListEntitiesForPolicy). Whichever way takes fewer calls is used, where the caller may. For tags,
    descriptions and deletions C(iam:GetPolicy) and C(iam:ListEntitiesForPolicy) are needed in any case.
  - To attach, the caller needs C(iam:GetUser), C(iam:GetGroup) and C(iam:GetRole) or, for more than three names of a
    kind, C(iam:ListUsers), C(iam:ListGroups) and C(iam:ListRoles).
  - To write, the caller needs C(iam:CreatePolicy), C(iam:CreatePolicyVersion), C(iam:SetDefaultPolicyVersion),
    C(iam:DeletePolicyVersion), C(iam:DeletePolicy), C(iam:TagPolicy), C(iam:UntagPolicy), and C(iam:AttachUserPolicy),
    C(iam:DetachUserPolicy) and the like for groups and roles, as far as they are used.
  - IAM is the same in all Regions. Outside the partition V(aws) the O(region) tells the partition.
seealso:
  - plugin: keyless.aws.session_policy
    plugin_type: filter
  - module: keyless.aws.session_policy_info
  - module: keyless.aws.permission_sets
"""

EXAMPLES = r"""
# The group and the role have to be there.
- name: Operators reach the web servers, and a role a database server
  keyless.aws.session_policy:
    policies:
      - name: WebOperator
        description: Sessions on web servers
        scope:
          principal: iam_user
          accounts: ["111122223333"]
          regions: [ap-northeast-1]
          instances: {tags: {Team: [web, api]}}
          connect: [shell, port_forward]
        groups: [web-operators]
        tags: {team: web}
      - name: DatabaseTunnel
        path: /teams/
        scope:
          principal: role
          instances: {ids: [i-0123456789abcdef0]}
          connect: [port_forward]
          run_as: optional
        roles: [backup]

# The role keyless has to be there in both accounts.
- name: One policy in two accounts, for two kinds of instances
  keyless.aws.session_policy:
    targets:
      - role_arn: arn:aws:iam::111122223333:role/keyless
      - role_arn: arn:aws:iam::444455556666:role/keyless
    policies:
      - name: Operator
        scopes:
          - principal: identity_center
            regions: [ap-northeast-1]
            instances: {tags: {Team: web}}
            connect: [shell]
          - principal: identity_center
            regions: [us-east-1]
            instances: {tags: {Team: db}}
            connect: [port_forward]

- name: Take the policy from everybody and delete it
  keyless.aws.session_policy:
    policies:
      - name: WebOperator
        state: absent
"""

RETURN = r"""
session_policies:
  description:
    - The policies after the task, account by account in the order of O(policies), without deleted ones; in check mode
      as they would be.
  returned: success
  type: list
  elements: dict
  contains:
    account_id:
      description: The account.
      type: str
      returned: always
      sample: "111122223333"
    name:
      description: Name of the policy.
      type: str
      returned: always
      sample: WebOperator
    path:
      description: Path of the policy.
      type: str
      returned: always
      sample: /
    arn:
      description: ARN of the policy.
      type: str
      returned: always
      sample: arn:aws:iam::111122223333:policy/WebOperator
    description:
      description: Description of the policy.
      type: str
      returned: when it was read or is created
      sample: Sessions on web servers
    default_version_id:
      description: The version that counts.
      type: str
      returned: always, but for a version that check mode would make
      sample: v2
    document:
      description: The policy document.
      type: dict
      returned: always
      sample: {"Version": "2012-10-17", "Statement": []}
    users:
      description: Names of the IAM users who have the policy.
      type: list
      elements: str
      returned: when they are managed
      sample: []
    groups:
      description: Names of the IAM groups that have the policy.
      type: list
      elements: str
      returned: when they are managed
      sample: [web-operators]
    roles:
      description: Names of the roles that have the policy.
      type: list
      elements: str
      returned: when they are managed
      sample: []
    tags:
      description: Tags of the policy.
      type: dict
      returned: when they were read or the policy is created
      sample: {"keyless:managed": "true", "team": "web"}
changes:
  description: What was done, or would be done in check mode.
  returned: always
  type: list
  elements: dict
  contains:
    action:
      description: V(create), V(update) or V(delete).
      type: str
      returned: always
      sample: update
    kind:
      description: What it was done to.
      type: str
      returned: always
      sample: session_policy
    name:
      description: Account and name of the policy.
      type: str
      returned: always
      sample: 111122223333/WebOperator
    fields:
      description: The option that an update is about, or V(document).
      type: list
      elements: str
      returned: for updates
      sample: [groups]
    add:
      description: The user, group or role that gets the policy, or the tags that are set.
      type: raw
      returned: when something is added
      sample: web-operators
    remove:
      description: The user, group or role that loses the policy, or the keys of the tags that are removed.
      type: raw
      returned: when something is removed
      sample: web-operators
    version_id:
      description: The version that had the document already, and is made the default.
      type: str
      returned: when an old version is made the default
      sample: v1
    removed_version_id:
      description: The version that makes room for the new one.
      type: str
      returned: when a new version needs room
      sample: v1
    detached:
      description: Who has the policy when it is deleted, by kind.
      type: dict
      returned: for deletions of a policy that somebody has
      sample: {"groups": ["web-operators"]}
created:
  description: How many policies were created.
  returned: always
  type: int
  sample: 1
updated:
  description: How many policies were changed.
  returned: always
  type: int
  sample: 0
deleted:
  description: How many policies were deleted.
  returned: always
  type: int
  sample: 0
failures:
  description: Which accounts could not be read (V(read)) and which changes failed, each with its RV(ignore:error).
  returned: when something failed
  type: list
  elements: dict
  sample:
    - action: update
      kind: session_policy
      name: 111122223333/WebOperator
      fields: [users]
      add: taro
      error: "AttachUserPolicy: LimitExceeded: Cannot exceed quota for PoliciesPerUser: 10"
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import GUARD_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.resource import SessionPolicies
from ansible_collections.keyless.aws.plugins.module_utils._targets import ACCOUNTS_SPEC


def main():
    names = dict(type="list", elements="str")
    module = aws_module(
        dict(
            policies=dict(
                type="list",
                elements="dict",
                required=True,
                options=dict(
                    name=dict(type="str", required=True),
                    path=dict(type="str", default="/"),
                    description=dict(type="str"),
                    scope=dict(type="dict"),
                    scopes=dict(type="list", elements="dict"),
                    users=names,
                    groups=names,
                    roles=names,
                    tags=dict(type="dict"),
                    state=dict(type="str", choices=["present", "absent"], default="present"),
                ),
            ),
            purge_attachments=dict(type="bool", default=True),
            purge_tags=dict(type="bool", default=True),
            expected=dict(type="dict", options=dict(users=names, groups=names, roles=names)),
            **GUARD_SPEC,
            **ACCOUNTS_SPEC,
        )
    )
    reconcile(module, SessionPolicies(module))


if __name__ == "__main__":
    main()
