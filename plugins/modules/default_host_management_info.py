#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: default_host_management_info
version_added: 0.1.0
short_description: Read whether Default Host Management is on
description:
  - Returns the setting of Default Host Management Configuration in any number of accounts and Regions.
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
  - module: keyless.aws.default_host_management
"""

EXAMPLES = r"""
- name: Read the setting of two Regions
  keyless.aws.default_host_management_info:
    targets:
      - region: ap-northeast-1
      - region: ap-northeast-3
  register: found

- name: It is on in both
  ansible.builtin.assert:
    that: found.default_host_management | map(attribute='enabled') is all
"""

RETURN = r"""
default_host_management:
  description: The setting, one entry for each target.
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
    enabled:
      description: Whether Default Host Management is on.
      type: bool
      returned: always
      sample: true
    role:
      description: The role that instances get, its name with its path.
      type: str
      returned: when it is on
      sample: service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole
failures:
  description: Where the setting could not be read, each with its RV(ignore:error).
  returned: when something failed
  type: list
  elements: dict
  sample:
    - action: read
      kind: default_host_management
      name: 111122223333/ap-northeast-1
      error: "AssumeRole: access denied"
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report
from ansible_collections.keyless.aws.plugins.module_utils._sessions.host_management.resource import read_host_management
from ansible_collections.keyless.aws.plugins.module_utils._targets import TARGETS_SPEC


def main():
    module = aws_module(dict(TARGETS_SPEC))
    report(module, lambda: read_host_management(module))


if __name__ == "__main__":
    main()
