#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: session_preferences_info
version_added: 0.1.0
short_description: Read the preferences of Session Manager
description:
  - Returns the preferences of AWS Systems Manager Session Manager in any number of accounts and Regions.
  - Where some cannot be read the task fails and names them; its result has those of the others.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes.info
  - keyless.aws.attributes.action_group
  - keyless.aws.targets
seealso:
  - module: keyless.aws.session_preferences
"""

EXAMPLES = r"""
- name: Read the preferences of two Regions
  keyless.aws.session_preferences_info:
    targets:
      - region: ap-northeast-1
      - region: ap-northeast-3
  register: found

- name: Run As is on in both
  ansible.builtin.assert:
    that: found.session_preferences | map(attribute='run_as_enabled', default=false) is all
"""

RETURN = r"""
session_preferences:
  description: The preferences, one entry for each target.
  returned: always
  type: list
  elements: dict
  contains:
    account_id:
      description: The account.
      type: str
      returned: always
      sample: "111122223333"
    region:
      description: The Region.
      type: str
      returned: always
      sample: ap-northeast-1
    exists:
      description: Whether preferences were ever saved there.
      type: bool
      returned: always
      sample: true
    document_version:
      description: The default version of the document, which sessions use.
      type: str
      returned: when they exist
      sample: "3"
    run_as_enabled:
      description: Whether sessions run as the user's own OS user.
      type: bool
      returned: when they exist
      sample: true
    run_as_default_user:
      description: The OS user of those whose principal has no tag C(SSMSessionRunAs), V('') for none.
      type: str
      returned: when they exist
      sample: ""
    idle_session_timeout:
      description: After how many minutes without input a session ends.
      type: int
      returned: when it is set
      sample: 20
    max_session_duration:
      description: After how many minutes a session ends, V(0) for no limit.
      type: int
      returned: when they exist
      sample: 60
    s3_bucket_name:
      description: The S3 bucket for session logs.
      type: str
      returned: when they exist
      sample: ""
    s3_key_prefix:
      description: The prefix of the logs' keys in the bucket.
      type: str
      returned: when they exist
      sample: ""
    s3_encryption_enabled:
      description: Whether the bucket has to be encrypted.
      type: bool
      returned: when they exist
      sample: true
    cloud_watch_log_group_name:
      description: The CloudWatch Logs log group for session logs.
      type: str
      returned: when they exist
      sample: /ssm/sessions
    cloud_watch_encryption_enabled:
      description: Whether the log group has to be encrypted.
      type: bool
      returned: when they exist
      sample: false
    cloud_watch_streaming_enabled:
      description: Whether logs are sent during the session, and not only at its end.
      type: bool
      returned: when they exist
      sample: true
    kms_key_id:
      description: The KMS key that encrypts what is sent in a session.
      type: str
      returned: when they exist
      sample: ""
    shell_profile:
      description: What runs at the start of a session, on Linux and on Windows.
      type: dict
      returned: when they exist
      sample: {"linux": "exec bash -l", "windows": ""}
    other_inputs:
      description: Inputs of the document that this collection does not know, by AWS's names.
      type: dict
      returned: when there are any
      sample: {}
    latest_version:
      description: The latest version of the document, which is another one where a change was not made the default.
      type: str
      returned: when they exist
      sample: "3"
failures:
  description: Where the preferences could not be read, each with its RV(ignore:error).
  returned: when something failed
  type: list
  elements: dict
  sample:
    - action: read
      kind: session_preferences
      name: 111122223333/ap-northeast-1
      error: "AssumeRole: access denied"
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.resource import read_preferences
from ansible_collections.keyless.aws.plugins.module_utils._targets import TARGETS_SPEC


def main():
    module = aws_module(dict(TARGETS_SPEC))
    report(module, lambda: read_preferences(module))


if __name__ == "__main__":
    main()
