# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: instance_role_policy
version_added: 0.1.0
short_description: What an instance's role needs for the logs and keys of sessions
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Gives the policy document that an instance's role needs beside C(AmazonSSMManagedInstanceCore), so that the agent
    can write session logs and decrypt sessions, or instead of it.
  - It names the one bucket, log group and key, where AWS's actions know resources.
  - Everything that is wrong is reported at once.
positional: _input
options:
  _input:
    description: What sessions use. C({}) gives none.
    type: dict
    required: true
    suboptions:
      minimum:
        description:
          - Whether to allow the least that sessions need, for a role without C(AmazonSSMManagedInstanceCore). Systems
            Manager can do nothing else on such an instance, no inventory and no Run Command.
        type: bool
        default: false
      kms_key_arn:
        description: ARN of the KMS key that session data is encrypted with.
        type: str
      s3_bucket_name:
        description: The S3 bucket for session logs.
        type: str
      s3_key_prefix:
        description: The prefix of the logs' keys in the bucket.
        type: str
      s3_kms_key_arn:
        description: ARN of the KMS key that the bucket encrypts with (SSE-KMS).
        type: str
      cloud_watch_log_group_name:
        description: The CloudWatch Logs log group for session logs.
        type: str
      partition:
        description: The AWS partition.
        type: str
        choices: [aws, aws-cn, aws-us-gov]
        default: aws
seealso:
  - module: keyless.aws.instance_profiles
  - module: keyless.aws.session_preferences
"""

EXAMPLES = r"""
- name: The role of instances may write session logs
  amazon.aws.iam_policy:
    iam_type: role
    iam_name: SessionManager
    policy_name: Sessions
    policy_json: "{{ {'cloud_watch_log_group_name': '/ssm/sessions'} | keyless.aws.instance_role_policy }}"

- name: Show the least that a role needs for sessions
  ansible.builtin.debug:
    msg: "{{ {'minimum': true} | keyless.aws.instance_role_policy }}"
"""

RETURN = r"""
_value:
  description: The policy document, its statements always in the same order; none where nothing is needed.
  type: dict
  sample:
    Version: "2012-10-17"
    Statement:
      - Sid: DecryptSessions
        Effect: Allow
        Action: kms:Decrypt
        Resource: arn:aws:kms:ap-northeast-1:111122223333:key/11111111-2222-3333-4444-555555555555
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_role import instance_role_policy


def policy(wanted):
    try:
        return instance_role_policy(wanted)
    except UserError as error:
        raise AnsibleFilterError(f"instance_role_policy: {error.message}") from error


class FilterModule:
    """Filters that build policies of roles."""

    def filters(self):
        return {"instance_role_policy": policy}
