# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: session_policy
version_added: 0.1.0
short_description: A least-privilege policy document for Session Manager sessions
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Turns a scope (who, which instances, which ways in) into the smallest IAM policy document that allows exactly that.
  - Session documents stand in a statement of their own, every statement that allows C(ssm:StartSession) has the
    session document access check, and only a person's own sessions can be ended or resumed.
  - With O(_input.run_as=required) the ways round Run As that are not among O(_input.connect) are denied, whatever else
    is attached to the same principal.
  - Everything that is wrong with the scope is reported at once.
positional: _input
options:
  _input:
    description: The scope.
    type: dict
    required: true
    suboptions:
      principal:
        description: Who gets the policy. It decides how one's own sessions are recognised.
        type: str
        choices: [identity_center, saml, role, iam_user]
        required: true
      accounts:
        description: Account ids, in quotes. Any account if it is not given.
        type: list
        elements: str
      regions:
        description: Regions. Any Region if it is not given.
        type: list
        elements: str
      partition:
        description: The AWS partition.
        type: str
        choices: [aws, aws-cn, aws-us-gov]
        default: aws
      instances:
        description:
          - Exactly one of C(ids) (a list), C(tags) (a dictionary, each value a text or a list of texts of which one has
            to match), C(principal_tags) (a list of tag keys that have the same value on instance and principal), and
            C(all) (V(true)).
          - Managed nodes (C(mi-...)) are reached by id only.
        type: dict
        required: true
      connect:
        description:
          - The ways in.
          - V(ssh) is a tunnel for C(ssh), with a short-lived key that is pushed for the OS user in the principal tag
            C(SSMSessionRunAs).
          - V(command) counts as root on the instance.
        type: list
        elements: str
        choices: [shell, port_forward, remote_port_forward, ssh, command]
        required: true
      run_as:
        description: Whether sessions have to carry C(SSMSessionRunAs), and the ways round it are denied.
        type: str
        choices: [required, optional]
        default: required
      kms_key_arn:
        description: ARN of the KMS key that session data is encrypted with.
        type: str
      console:
        description: Whether the instances and sessions can be listed, which a session from the browser needs.
        type: bool
        default: true
  place:
    description:
      - Where the document goes. V(permission_set) refuses a document of more than 10,240 characters, white space not
        counted; V(anywhere) does not look at the size.
    type: str
    choices: [permission_set, anywhere]
    default: permission_set
seealso:
  - plugin: keyless.aws.access_plan
    plugin_type: filter
  - module: keyless.aws.permission_sets
"""

EXAMPLES = r"""
- name: Let web operators open shells on web servers, each as their own OS user
  keyless.aws.permission_sets:
    permission_sets:
      - name: WebOperator
        inline_policy: "{{ scope | keyless.aws.session_policy }}"
  vars:
    scope:
      principal: identity_center
      accounts: ["111122223333"]
      regions: [ap-northeast-1]
      instances: {tags: {Team: [web, api]}}
      connect: [shell]

- name: Show the policy of an IAM user who reaches one instance, as ssm-user
  ansible.builtin.debug:
    msg: "{{ scope | keyless.aws.session_policy(place='anywhere') }}"
  vars:
    scope:
      principal: iam_user
      accounts: ["111122223333"]
      regions: [ap-northeast-1]
      instances: {ids: [i-0123456789abcdef0]}
      connect: [shell, port_forward]
      run_as: optional
"""

RETURN = r"""
_value:
  description: The policy document, its statements always in the same order.
  type: dict
  sample:
    Version: "2012-10-17"
    Statement:
      - Sid: StartSessionsOnInstances
        Effect: Allow
        Action: ssm:StartSession
        Resource: arn:aws:ec2:ap-northeast-1:111122223333:instance/*
        Condition:
          BoolIfExists: {"ssm:SessionDocumentAccessCheck": "true"}
          StringEquals: {"ssm:resourceTag/Team": web}
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import permission_set_policy
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy as policy_of

PLACES = {"permission_set": permission_set_policy, "anywhere": policy_of}


def session_policy(scope, place="permission_set"):
    if place not in PLACES:
        raise AnsibleFilterError(f"session_policy: place: {place!r} is not one of {', '.join(PLACES)}")
    try:
        return PLACES[place](scope)
    except UserError as error:
        raise AnsibleFilterError(f"session_policy: {error.message}") from error


class FilterModule:
    """Filters that build policies."""

    def filters(self):
        return {"session_policy": session_policy}
