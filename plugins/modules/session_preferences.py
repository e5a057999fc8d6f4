#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: session_preferences
version_added: 0.1.0
short_description: Manage the preferences of Session Manager
description:
  - Sets the preferences of AWS Systems Manager Session Manager, such as Run As, time-outs, and where sessions are
    logged, in any number of accounts and Regions.
  - AWS keeps them in the document C(SSM-SessionManagerRunShell), one for each account and Region. Its default version
    counts, so a new version is made the default. Where a version with the same content exists already, that one is.
  - What the task does not name stays as it is, also inputs of the document that this module does not know. Where
    preferences were never saved, the rest is what the console begins with.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes
  - keyless.aws.attributes.action_group
  - keyless.aws.targets
options:
  state:
    description:
      - V(present) sets the preferences that are given.
      - V(absent) deletes the document with all its versions, which brings AWS's defaults back. B(Run As is off then),
        sessions run as C(ssm-user) with its sudo rights, and nothing is logged. Options that set a preference count for
        nothing.
    type: str
    choices: [present, absent]
    default: present
  run_as_enabled:
    description:
      - Whether a session on Linux or macOS runs as the OS user that the principal's tag C(SSMSessionRunAs) names,
        instead of C(ssm-user). Windows ignores it.
    type: bool
  run_as_default_user:
    description:
      - The OS user of those whose principal has no tag C(SSMSessionRunAs).
      - V('') is recommended. Then nobody gets in without the tag.
      - A lower-case letter or C(_) first, then up to 31 of C(a-z), C(0-9), C(_) and C(-), and not C(root).
    type: str
  idle_session_timeout:
    description: After how many minutes without input a session ends, V(1) to V(60).
    type: int
  max_session_duration:
    description: After how many minutes a session ends, V(1) to V(1440), or V(0) for no limit.
    type: int
  s3_bucket_name:
    description: Name of the S3 bucket for session logs. V('') clears.
    type: str
  s3_key_prefix:
    description: Prefix of the logs' keys in the bucket. V('') clears.
    type: str
  s3_encryption_enabled:
    description: Whether the bucket has to be encrypted. The console begins with V(true).
    type: bool
  cloud_watch_log_group_name:
    description: Name of the CloudWatch Logs log group for session logs. V('') clears.
    type: str
  cloud_watch_encryption_enabled:
    description:
      - Whether the log group has to be encrypted with a KMS key. With V(true) and a log group that is not, every
        session fails. The console begins with V(true), and so does this module where preferences were never saved.
    type: bool
  cloud_watch_streaming_enabled:
    description: Whether logs are sent during the session, and not only at its end.
    type: bool
  kms_key_id:
    description:
      - The KMS key that encrypts what is sent in a session, as the key's id or ARN, or as an alias. V('') clears.
      - Instances and users need rights for the key.
    type: str
  shell_profile:
    description:
      - What runs at the start of a session. Each one that is left out stays as it is.
      - AWS shows it to everybody who may read the document, so it is no place for secrets.
    type: dict
    suboptions:
      linux:
        description: Commands for Linux and macOS. V('') clears.
        type: str
      windows:
        description: Commands for Windows. V('') clears.
        type: str
  check_destinations:
    description:
      - Whether a log group, bucket or KMS key is looked at before preferences name it. One that is missing, or not
        encrypted although encryption is asked for, is an error, because sessions would fail. Nothing is written then.
      - Where the caller may not look there is a warning, and the preferences are set.
      - Nothing is looked at where the preferences say it already.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds to wait in each account and Region for a version of the document to become active.
    type: int
    default: 120
notes:
  - Whoever may create or update this document decides as whom sessions run, so treat that right as root on every
    instance.
  - A document can have 1000 versions. Where a new one does not fit, the oldest one that is not the default is deleted,
    and a warning says so.
seealso:
  - module: keyless.aws.session_preferences_info
  - module: keyless.aws.access_control_attributes
  - name: Session document schema
    description: AWS's reference of the document's inputs.
    link: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
"""

EXAMPLES = r"""
- name: Sessions run as each person's own OS user
  keyless.aws.session_preferences:
    region: ap-northeast-1
    run_as_enabled: true
    run_as_default_user: ""

# The log group has to be there in both, and the profile in the AWS configuration files.
- name: The same in two accounts, with logs and time-outs
  keyless.aws.session_preferences:
    targets:
      - account_id: "111122223333"
        role_arn: arn:aws:iam::111122223333:role/keyless
        region: ap-northeast-1
      - account_id: "444455556666"
        profile: database
        region: ap-northeast-3
    run_as_enabled: true
    run_as_default_user: ""
    idle_session_timeout: 20
    max_session_duration: 60
    cloud_watch_log_group_name: /ssm/sessions
    cloud_watch_encryption_enabled: false

- name: Bash instead of sh on Linux
  keyless.aws.session_preferences:
    shell_profile:
      linux: exec bash -l

- name: Go back to AWS's defaults
  keyless.aws.session_preferences:
    state: absent
"""

RETURN = r"""
session_preferences:
  description: The preferences after the task, one entry for each target; in check mode as they would be.
  returned: success
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
      returned: when they exist, and in check mode do not change
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
      sample: session_preferences
    name:
      description: Account and Region.
      type: str
      returned: always
      sample: 111122223333/ap-northeast-1
    fields:
      description: The options that an update changes.
      type: list
      elements: str
      returned: for updates
      sample: [run_as_enabled]
created:
  description: In how many accounts and Regions preferences were saved for the first time.
  returned: always
  type: int
  sample: 1
updated:
  description: In how many accounts and Regions preferences were changed.
  returned: always
  type: int
  sample: 0
deleted:
  description: In how many accounts and Regions preferences were deleted.
  returned: always
  type: int
  sample: 0
failures:
  description:
    - Where the preferences could not be read (V(read)) or changed, each with its RV(ignore:error). Everything else was
      done.
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
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.records import INPUTS_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.resource import SessionPreferences
from ansible_collections.keyless.aws.plugins.module_utils._targets import TARGETS_SPEC


def main():
    module = aws_module(
        dict(
            state=dict(type="str", choices=["present", "absent"], default="present"),
            check_destinations=dict(type="bool", default=True),
            wait_timeout=dict(type="int", default=120),
            **INPUTS_SPEC,
            **TARGETS_SPEC,
        )
    )
    reconcile(module, SessionPreferences(module))


if __name__ == "__main__":
    main()
