#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: default_host_management
version_added: 0.1.0
short_description: Manage Default Host Management of Systems Manager
description:
  - Turns Default Host Management Configuration on or off, in any number of accounts and Regions. With it, Systems
    Manager reaches EC2 instances that have no instance profile, so that Session Manager works on them.
  - AWS keeps it as the service setting C(/ssm/managed-instance/default-ec2-instance-management-role), one for each
    account and Region, which names the role that instances get.
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
      - V(present) lets instances get O(role).
      - V(absent) turns Default Host Management off. Instances without an instance profile that has Session Manager's
        rights cannot be reached any more then. The role stays.
    type: str
    choices: [present, absent]
    default: present
  role:
    description:
      - The role that instances get, by its name with its path, as AWS wants it. It begins with no slash and is no ARN.
      - It needs a trust policy that lets C(ssm.amazonaws.com) assume it, and the managed policy
        C(AmazonSSMManagedEC2InstanceDefaultPolicy), or policies of your own that allow what instances shall do.
      - The collection's role C(keyless.aws.session_manager) can make it.
    type: str
    default: service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole
  check_role:
    description:
      - Whether the role is looked at before a setting names it. One that is missing, that has another path, or that
        C(ssm.amazonaws.com) may not assume is an error, and nothing is written then. Where
        C(AmazonSSMManagedEC2InstanceDefaultPolicy) is not attached there is a warning.
      - Where the caller may not look there is a warning too, and the setting is written.
      - Nothing is looked at where the setting says it already.
    type: bool
    default: true
  expected:
    description:
      - What earlier tasks would have made if they were not run in check mode. It counts as being there in check mode,
        and is ignored otherwise.
    type: dict
    suboptions:
      roles:
        description: Names of roles.
        type: list
        elements: str
notes:
  - Instances have to use IMDSv2 (Instance Metadata Service Version 2) and SSM Agent 3.2.582.0 or later. IMDSv1 does not
    do.
  - An instance whose profile has Session Manager's rights keeps using its profile.
  - Needs the rights C(ssm:GetServiceSetting), C(ssm:UpdateServiceSetting), C(ssm:ResetServiceSetting), C(iam:GetRole),
    C(iam:ListAttachedRolePolicies), and C(iam:PassRole) for the role.
seealso:
  - module: keyless.aws.default_host_management_info
  - module: keyless.aws.instance_profiles
  - name: Default Host Management Configuration
    description: AWS's guide.
    link: https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html
"""

EXAMPLES = r"""
# The role has to be there.
- name: Instances of this account and Region need no instance profile
  keyless.aws.default_host_management:
    region: ap-northeast-1

- name: A role of one's own, in two Regions of another account
  keyless.aws.default_host_management:
    role: session-manager/HostManagement
    targets:
      - role_arn: arn:aws:iam::111122223333:role/keyless
        region: ap-northeast-1
      - role_arn: arn:aws:iam::111122223333:role/keyless
        region: ap-northeast-3

- name: Turn it off
  keyless.aws.default_host_management:
    state: absent
"""

RETURN = r"""
default_host_management:
  description: The setting after the task, one entry for each target; in check mode as it would be.
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
changes:
  description: What was done, or would be done in check mode.
  returned: always
  type: list
  elements: dict
  contains:
    action:
      description: V(create) where it was off, V(update) where another role was named, V(delete).
      type: str
      returned: always
      sample: create
    kind:
      description: What it was done to.
      type: str
      returned: always
      sample: default_host_management
    name:
      description: Account and Region.
      type: str
      returned: always
      sample: 111122223333/ap-northeast-1
    role:
      description: The role that is named now.
      type: str
      returned: unless it was turned off
      sample: service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole
created:
  description: In how many accounts and Regions it was turned on.
  returned: always
  type: int
  sample: 1
updated:
  description: In how many accounts and Regions the role was changed.
  returned: always
  type: int
  sample: 0
deleted:
  description: In how many accounts and Regions it was turned off.
  returned: always
  type: int
  sample: 0
failures:
  description:
    - Where the setting could not be read (V(read)) or changed, each with its RV(ignore:error). Everything else was
      done.
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
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile
from ansible_collections.keyless.aws.plugins.module_utils._sessions.host_management.resource import HostManagement
from ansible_collections.keyless.aws.plugins.module_utils._targets import TARGETS_SPEC


def main():
    module = aws_module(
        dict(
            state=dict(type="str", choices=["present", "absent"], default="present"),
            role=dict(type="str", default="service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole"),
            check_role=dict(type="bool", default=True),
            expected=dict(type="dict", options=dict(roles=dict(type="list", elements="str"))),
            **TARGETS_SPEC,
        )
    )
    reconcile(module, HostManagement(module))


if __name__ == "__main__":
    main()
