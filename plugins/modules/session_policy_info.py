#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: session_policy_info
version_added: 0.1.0
short_description: Read IAM policies for Session Manager sessions
description:
  - Returns customer managed IAM policies of any number of accounts, says in the words of scopes what they allow, and
    names the mistakes in them.
  - A policy need not have been made by this collection. Where no scope gives exactly its document, its summary tells
    statement by statement what it says, and leaves nothing out.
  - Where an account cannot be read the task fails and names it; its result has those of the others.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes.info
  - keyless.aws.attributes.action_group
  - keyless.aws.accounts
options:
  names:
    description:
      - Names of policies to read, under any path.
      - Without names and O(path_prefix) all policies with the tag C(keyless:managed) are read, which takes a call for
        each policy of the account.
    type: list
    elements: str
  path_prefix:
    description: Read policies whose path begins so. It begins and ends with C(/).
    type: str
notes:
  - The caller needs C(iam:ListPolicies), C(iam:GetPolicy), C(iam:GetPolicyVersion), C(iam:ListPolicyVersions) and
    C(iam:ListEntitiesForPolicy). Where many policies are read, C(iam:GetAccountAuthorizationDetails) and
    C(iam:GetAccountSummary) make it quicker.
seealso:
  - module: keyless.aws.session_policy
  - plugin: keyless.aws.session_policy
    plugin_type: filter
  - plugin: keyless.aws.session_policy_problems
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read two policies
  keyless.aws.session_policy_info:
    names: [WebOperator, DatabaseTunnel]
  register: found

- name: Say what they allow
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.summary | join('\n') }}"
  loop: "{{ found.session_policies }}"
  loop_control:
    label: "{{ item.name }}"

- name: Show the mistakes in the policies under a path, in two accounts
  keyless.aws.session_policy_info:
    path_prefix: /teams/
    targets:
      - role_arn: arn:aws:iam::111122223333:role/keyless
      - role_arn: arn:aws:iam::444455556666:role/keyless
"""

RETURN = r"""
session_policies:
  description: The policies, account by account and by name.
  returned: always
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
      returned: always
      sample: Sessions on web servers
    default_version_id:
      description: The version that counts.
      type: str
      returned: always
      sample: v2
    versions:
      description: All versions, the oldest first.
      type: list
      elements: dict
      returned: always
      sample:
        - version_id: v1
          is_default: false
        - version_id: v2
          is_default: true
    document:
      description: The policy document of the default version.
      type: dict
      returned: always
      sample: {"Version": "2012-10-17", "Statement": []}
    users:
      description: Names of the IAM users who have the policy attached.
      type: list
      elements: str
      returned: always
      sample: []
    groups:
      description: Names of the IAM groups that have the policy attached.
      type: list
      elements: str
      returned: always
      sample: [web-operators]
    roles:
      description: Names of the roles that have the policy attached.
      type: list
      elements: str
      returned: always
      sample: []
    tags:
      description: Tags of the policy.
      type: dict
      returned: always
      sample: {"keyless:managed": "true"}
    exact:
      description: Whether there are scopes that give exactly this document.
      type: bool
      returned: always
      sample: true
    scope:
      description:
        - The scope that gives this document. Documents of all principals but V(iam_user) are the same, and so is the
          principal V(role) named for all of them, or V(identity_center) where only this can be.
      type: dict
      returned: when it is exactly one
      sample:
        principal: iam_user
        accounts: ["111122223333"]
        regions: [ap-northeast-1]
        instances: {"tags": {"Team": "web"}}
        connect: [shell]
        run_as: required
    scopes:
      description: The scopes that together give this document.
      type: list
      elements: dict
      returned: when they are several
      sample: []
    summary:
      description:
        - What the policy allows, in lines to read; one for each scope.
        - Where it is not exact, there is a line for each scope that explains a part, and then for each other statement.
      type: list
      elements: str
      returned: always
      sample:
        - >-
          shell, port_forward to instances with Team=api or web in 111122223333, ap-northeast-1; own sessions only; Run
          As required
    problems:
      description: Mistakes in the policy, as the filter P(keyless.aws.session_policy_problems#filter) finds them.
      type: list
      elements: dict
      returned: always
      contains:
        rule:
          description: Name of the rule.
          type: str
          returned: always
          sample: no_data_channel
        severity:
          description: V(error) or V(warning).
          type: str
          returned: always
          sample: error
        statement:
          description: The statement.
          type: str
          returned: always
          sample: the policy
        path:
          description: The place in the document.
          type: str
          returned: always
          sample: Statement
        problem:
          description: What is wrong.
          type: str
          returned: always
          sample: It allows ssm:StartSession but not ssmmessages:OpenDataChannel, which the session itself needs.
        mend:
          description: What helps.
          type: str
          returned: always
          sample: Allow ssmmessages:OpenDataChannel on arn:aws:ssm:*:*:session/*, without a condition.
missing:
  description: Names from O(names) that an account does not have, each after the account's id.
  returned: always
  type: list
  elements: str
  sample: [111122223333/DatabaseTunnel]
failures:
  description: Which accounts could not be read, each with its RV(ignore:error).
  returned: when something failed
  type: list
  elements: dict
  sample:
    - action: read
      kind: session_policy
      name: "111122223333"
      error: "AssumeRole: access denied"
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.info import read_session_policies
from ansible_collections.keyless.aws.plugins.module_utils._targets import ACCOUNTS_SPEC


def main():
    module = aws_module(
        dict(names=dict(type="list", elements="str"), path_prefix=dict(type="str"), **ACCOUNTS_SPEC)
    )
    report(module, lambda: read_session_policies(module))


if __name__ == "__main__":
    main()
