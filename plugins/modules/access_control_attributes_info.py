#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: access_control_attributes_info
version_added: 0.1.0
short_description: Read attributes for access control of IAM Identity Center
description:
  - Returns which of a user's directory attributes IAM Identity Center sends along as session tags.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes.info
  - keyless.aws.attributes.action_group
  - keyless.aws.identity_center
seealso:
  - module: keyless.aws.access_control_attributes
"""

EXAMPLES = r"""
- name: Read the attributes for access control
  keyless.aws.access_control_attributes_info:
    region: ap-northeast-1
  register: found

- name: Sessions under Run As need the attribute
  ansible.builtin.assert:
    that: found.enabled and 'SSMSessionRunAs' in found.attributes
"""

RETURN = r"""
attributes:
  description: Key and source of each attribute, sources as AWS has them; V({}) where the feature is off.
  returned: success
  type: dict
  sample: {"SSMSessionRunAs": "${path:nickName}"}
enabled:
  description: Whether attributes for access control are turned on.
  returned: success
  type: bool
  sample: true
status:
  description: AWS's status of the feature, V(ENABLED), V(CREATION_IN_PROGRESS) or V(CREATION_FAILED).
  returned: when the feature is on
  type: str
  sample: ENABLED
status_reason:
  description: AWS's reason for the status.
  returned: when AWS gives one
  type: str
  sample: Internal failure
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.attributes.resource import read_attributes
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import INSTANCE_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report


def main():
    module = aws_module(dict(INSTANCE_SPEC))
    report(module, lambda: read_attributes(module))


if __name__ == "__main__":
    main()
