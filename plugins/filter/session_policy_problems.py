# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: session_policy_problems
version_added: 0.1.0
short_description: What is wrong with a Session Manager policy that is already there
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Reads an IAM policy document and lists the mistakes that policies for Session Manager have, each with what happens,
    why, and how to mend it. What the filter P(keyless.aws.session_policy#filter) makes has none of them.
  - Among them are C(${aws:username}) where the principal is a role, a condition on instance tags that denies every
    session document, a missing or wrong session document access check, C(ssm:StartSession) on C(*), other people's
    sessions, Run As with open ways round it, and actions and condition keys that do not exist.
  - The rules are described in C(docs/policy_mistakes.md) of the collection.
  - It judges what is written here. It asks nothing of AWS, and knows of other policies only what
    O(managed_policies) names.
positional: _input
options:
  _input:
    description:
      - The policy document, as a dictionary or as JSON text. V({}) is no policy.
      - A document that cannot be read, or that IAM would refuse, gives problems and no error.
    type: raw
    required: true
  principal:
    description:
      - Whom the policy is attached to. Some mistakes are mistakes only there.
      - Left out, it is not known, and such problems begin with "If".
    type: str
    choices: [identity_center, saml, role, iam_user]
  managed_policies:
    description:
      - ARNs or names of the managed policies that are attached beside it.
      - What another policy may grant is then a warning instead of an error.
    type: list
    elements: raw
    default: []
  run_as:
    description:
      - Whether sessions shall run as the person's own OS user (C(SSMSessionRunAs)), so that ways round it matter.
      - Left out, they matter where the policy itself has a condition on C(aws:PrincipalTag/SSMSessionRunAs).
    type: bool
seealso:
  - plugin: keyless.aws.session_policy
    plugin_type: filter
  - module: keyless.aws.permission_sets_info
"""

EXAMPLES = r"""
- name: Show what is wrong with a policy from an article
  ansible.builtin.debug:
    msg: "{{ policy | keyless.aws.session_policy_problems(principal='identity_center') }}"
  vars:
    policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Action: ssm:StartSession
          Resource: "*"
        - Effect: Allow
          Action: [ssm:TerminateSession, ssm:ResumeSession]
          Resource: arn:aws:ssm:*:*:session/${aws:username}-*

- name: Stop where a policy file of an instance role has errors
  ansible.builtin.assert:
    that: problems | selectattr('severity', 'eq', 'error') | list == []
    fail_msg: "{{ problems | map(attribute='problem') | list }}"
  vars:
    managed: [arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore]
    policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Action: s3:PutObject
          Resource: arn:aws:s3:::session-logs/*
    problems: "{{ policy | keyless.aws.session_policy_problems(principal='role', managed_policies=managed) }}"
"""

RETURN = r"""
_value:
  description: The problems, those of the whole policy first, then by statement. Empty when none was found.
  type: list
  elements: dict
  contains:
    rule:
      description: Name of the rule, which stays the same.
      type: str
    severity:
      description: V(error) for what does not work or opens too much, V(warning) for what may.
      type: str
    statement:
      description: The statement's C(Sid), else V(statement N), V(the policy), or the name of a managed policy.
      type: str
    path:
      description: Where it is written.
      type: str
    problem:
      description: What happens and why.
      type: str
    mend:
      description: What to do.
      type: str
  sample:
    - rule: start_session_anywhere
      severity: error
      statement: statement 1
      path: Statement[0]
      problem: >-
        It starts sessions on every instance of the account and with every session document, also those that run
        commands as root.
      mend: >-
        Name the instances (by ids, or * with a condition on ssm:resourceTag/...) in one statement, and the session
        documents by name in another.
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.problems import policy_problems


def session_policy_problems(document, principal=None, managed_policies=(), run_as=None):
    try:
        return policy_problems(document, principal, managed_policies, run_as)
    except UserError as error:
        raise AnsibleFilterError(f"session_policy_problems: {error.message}") from error


class FilterModule:
    """Filters that judge policies."""

    def filters(self):
        return {"session_policy_problems": session_policy_problems}
