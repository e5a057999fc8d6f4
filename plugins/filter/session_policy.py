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
  - A list of scopes becomes one document for a principal that has all of them. Scopes that would reach more together
    than each alone are refused. AWS judges instance and document apart, so that a way in which one scope names would
    lead to the instances of all others.
  - Everything that is wrong with the scope is reported at once.
positional: _input
options:
  _input:
    description: The scope, or a list of scopes.
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
        type: dict
        required: true
      managed_nodes:
        description:
          - Whether tags, principal tags or C(all) mean hybrid nodes (C(mi-...)) too. Among C(ids) a node is named
            itself.
        type: bool
        default: false
      connect:
        description:
          - The ways in. An empty list if only O(_input.documents) shall be used.
          - V(ssh) is a tunnel for C(ssh), with a short-lived key that EC2 Instance Connect pushes for the OS user in
            the principal tag C(SSMSessionRunAs).
          - V(port_forward) and V(remote_port_forward) lead to any port. To limit them, make a document of your own
            with M(keyless.aws.session_document), and name it in O(_input.documents).
          - V(command) counts as root on the instance.
          - V(rdp) is Fleet Manager's Remote Desktop with single sign-on, for Windows and with
            O(_input.principal=identity_center). Sessions can be started through C(ssm-guiconnect) only. It excludes
            Run As, V(ssh) and O(_input.source_ip). Whoever gets in is a local administrator.
        type: list
        elements: str
        choices: [shell, port_forward, remote_port_forward, ssh, command, rdp]
        required: true
      documents:
        description: Names of further session documents, of one's own.
        type: list
        elements: str
      run_as:
        description:
          - Whether sessions have to carry C(SSMSessionRunAs), and the ways round it are denied.
          - The default is V(required), and V(optional) where O(_input.connect) has V(rdp).
        type: str
        choices: [required, optional]
      kms_key_arn:
        description: ARN of the KMS key that session data is encrypted with.
        type: str
      console:
        description: Whether the instances and sessions can be listed, which a session from the browser needs.
        type: bool
        default: true
      require_mfa:
        description:
          - Whether the sign-in has to have had MFA. For O(_input.principal=iam_user) only, because the sessions of
            others carry no sign of it. Access keys work with it only through C(sts:GetSessionToken).
        type: bool
        default: false
      source_ip:
        description:
          - Addresses and networks from which everything has to be asked. What comes through a VPC endpoint has no such
            address and is refused.
        type: list
        elements: str
      valid_until:
        description:
          - The moment, with its time zone, from which on nothing is allowed any more. Sessions that are open then go on
            until they end.
        type: str
  place:
    description:
      - Where the document goes. One that is too large for it is refused with its size.
      - V(session) is the policy of an STS session. It allows nothing by itself and limits the role's policies, so most
        denials are left out of it. White space is counted in it.
      - Users, groups and roles have one limit for all their inline policies together; what else is there is not known
        here.
    type: str
    choices: [permission_set, managed_policy, user, group, role, session, anywhere]
    default: permission_set
  format:
    description:
      - V(document) gives a dictionary, V(minified) a JSON text without white space.
      - Up to ansible-core 2.18 a template that is nothing but such a text becomes a dictionary again. Put C(| string)
        after the filter then.
    type: str
    choices: [document, minified]
    default: document
seealso:
  - plugin: keyless.aws.session_policy_problems
    plugin_type: filter
  - plugin: keyless.aws.access_plan
    plugin_type: filter
  - module: keyless.aws.session_policy
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

- name: Windows desktops in the browser
  keyless.aws.permission_sets:
    permission_sets:
      - name: SsoLoginPermissionSet
        inline_policy: "{{ scope | keyless.aws.session_policy }}"
  vars:
    scope:
      principal: identity_center
      regions: [ap-northeast-1]
      instances: {tags: {Os: windows}}
      connect: [rdp]

- name: Show the policy of an IAM user who reaches one instance, as ssm-user, until the end of the year
  ansible.builtin.debug:
    msg: "{{ scope | keyless.aws.session_policy(place='user', format='minified') }}"
  vars:
    scope:
      principal: iam_user
      accounts: ["111122223333"]
      regions: [ap-northeast-1]
      instances: {ids: [i-0123456789abcdef0]}
      connect: [shell, port_forward]
      run_as: optional
      console: false
      require_mfa: true
      valid_until: "2099-12-31T00:00:00Z"

- name: Show one policy for two scopes of the same role
  ansible.builtin.debug:
    msg: "{{ [web, db] | keyless.aws.session_policy(place='role') }}"
  vars:
    web: {principal: role, instances: {tags: {Team: web}}, regions: [ap-northeast-1], connect: [shell]}
    db: {principal: role, instances: {tags: {Team: db}}, regions: [ap-northeast-3], connect: [port_forward]}
"""

RETURN = r"""
_value:
  description: The policy document, its statements always in the same order; a text with O(format=minified).
  type: raw
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
from ansible_collections.keyless.aws.plugins.module_utils._sessions.places import PLACES, SESSION, fitted, minified
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import merged_policy
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy as policy_of

FORMATS = {"document": lambda document: document, "minified": minified}


def session_policy(scope, place="permission_set", format="document"):
    for name, value, choices in (("place", place, PLACES), ("format", format, FORMATS)):
        if value not in choices:
            raise AnsibleFilterError(f"session_policy: {name}: {value!r} is not one of {', '.join(choices)}")
    try:
        build = merged_policy if isinstance(scope, list) else policy_of
        document = build(scope, ceiling=place == SESSION)
        return FORMATS[format](fitted(document, place))
    except UserError as error:
        raise AnsibleFilterError(f"session_policy: {error.message}") from error


class FilterModule:
    """Filters that build policies."""

    def filters(self):
        return {"session_policy": session_policy}
