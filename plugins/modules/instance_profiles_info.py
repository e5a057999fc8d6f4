#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_profiles_info
version_added: 0.1.0
short_description: Read which instances Session Manager reaches through their instance profiles
description:
  - Returns the instance profiles of EC2 instances in any number of accounts and Regions, the roles in them, whether
    these let Session Manager in, and what they lack.
  - Where some targets cannot be read the task fails and names them; its result has those of the others.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes.info
  - keyless.aws.attributes.action_group
  - keyless.aws.targets
options:
  instances:
    description:
      - Which instances, by exactly one of the suboptions; every instance of the targets when left out.
      - Those that are terminated or shutting down are no instances any more.
    type: dict
    suboptions:
      ids:
        description: Ids of instances. Each has to be in one of the targets.
        type: list
        elements: str
      tags:
        description:
          - Tags that instances have to have, all of them. A value is a text, or a list of texts of which one has to
            match. Values are whole ones, without wildcards.
        type: dict
      all:
        description: V(true) for every instance of the targets.
        type: bool
seealso:
  - module: keyless.aws.instance_profiles
  - module: keyless.aws.default_host_management_info
"""

EXAMPLES = r"""
- name: Look at all instances of two Regions
  keyless.aws.instance_profiles_info:
    targets:
      - region: ap-northeast-1
      - region: ap-northeast-3
  register: found

- name: Session Manager reaches all of them
  ansible.builtin.assert:
    that: found.without_session_manager == []
    fail_msg: "{{ found.without_session_manager | map('to_json') | list }}"
"""

RETURN = r"""
instances:
  description: The instances.
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
    instance_id:
      description: The instance.
      type: str
      returned: always
      sample: i-0123456789abcdef0
    name:
      description: Its tag C(Name).
      type: str
      returned: when it has one
      sample: web-1
    state:
      description: V(pending), V(running), V(stopping) or V(stopped).
      type: str
      returned: always
      sample: running
    instance_profile:
      description: The name of its instance profile.
      type: str
      returned: when it has one
      sample: SessionManager
    role:
      description: The name of the role in the instance profile.
      type: str
      returned: when there is one, and it may be looked at
      sample: SessionManager
    session_manager:
      description:
        - Whether the role's policies let Session Manager reach the instance. Null where that cannot be told, because
          the caller may not look, or because of conditions in the policies.
        - Permissions boundaries, policies of the organization and Default Host Management are not looked at. Nor is
          whether the agent runs.
      type: bool
      returned: always
      sample: true
    missing:
      description: The actions that the role would have to allow, where it has an instance profile.
      type: list
      elements: str
      returned: always
      sample: []
    deprecated_policy:
      description: Whether the deprecated C(AmazonEC2RoleforSSM) is attached to the role.
      type: bool
      returned: always
      sample: false
without_session_manager:
  description:
    - The instances of which RV(instances[].session_manager) is false, by account, Region and id, and each one's name
      and reason.
  returned: always
  type: list
  elements: dict
  sample:
    - account_id: "111122223333"
      region: ap-northeast-1
      instance_id: i-0123456789abcdef1
      reason: no instance profile
failures:
  description: What could not be read, each with its RV(ignore:error).
  returned: when something failed
  type: list
  elements: dict
  sample:
    - action: read
      kind: instance_profile
      name: 111122223333/ap-northeast-1
      error: "AssumeRole: access denied"
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.resource import read_profiles
from ansible_collections.keyless.aws.plugins.module_utils._targets import TARGETS_SPEC


def main():
    selection = dict(
        ids=dict(type="list", elements="str"),
        tags=dict(type="dict"),
        all=dict(type="bool"),
    )
    module = aws_module(dict(TARGETS_SPEC, instances=dict(type="dict", options=selection)))
    report(module, lambda: read_profiles(module))


if __name__ == "__main__":
    main()
