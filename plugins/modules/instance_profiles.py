#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_profiles
version_added: 0.1.0
short_description: Let Session Manager reach running instances, by instance profiles
description:
  - Attaches an instance profile to EC2 instances that have none, in bulk, in any number of accounts and Regions. They
    need not be stopped for it.
  - Instances that have another instance profile keep it, and so the rights of their applications, unless O(replace)
    says otherwise. What keeps Session Manager out is returned.
  - Where the role of an instance carries the deprecated managed policy C(AmazonEC2RoleforSSM), which lets instances
    read and write every S3 bucket, it is replaced on the role by C(AmazonSSMManagedInstanceCore).
  - Each instance profile and each role is looked at once for each account, however many instances have it.
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
      - V(present) attaches.
      - V(absent) takes O(instance_profile) from the selected instances that have it. Other instance profiles stay, and
        so do the instance profile and its role.
    type: str
    choices: [present, absent]
    default: present
  instance_profile:
    description:
      - The name of the instance profile, or its ARN. With several accounts give the name, and have an instance profile
        of that name in each account.
      - It has to be there, with a role in it. When left out, none is attached.
    type: str
  instances:
    description:
      - Which instances, by exactly one of the suboptions.
      - Those that are terminated or shutting down are no instances any more. One that is starting is waited for.
    type: dict
    required: true
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
  replace:
    description:
      - What is done with instances that have another instance profile. B(Their applications lose the rights of their
        old role then.)
      - V(never) keeps it.
      - V(lacking) replaces it where its role surely does not let Session Manager in, or where there is no role in it.
      - V(always) replaces it.
    type: str
    choices: [never, lacking, always]
    default: never
  replace_deprecated:
    description:
      - Whether C(AmazonEC2RoleforSSM) is replaced by C(AmazonSSMManagedInstanceCore) on the roles of the selected
        instances. The role's other policies stay.
      - The new policy is attached first, so that no session breaks. The task warns of what else the old one allowed.
      - A role that has C(AmazonEC2RoleforSSM) may be in other instances too, also in other Regions.
    type: bool
    default: true
  max_deletions:
    description:
      - From how many instances and roles the task may take something. O(replace), O(replace_deprecated) and
        O(state=absent) do so. A task that would do more fails before it changes anything.
    type: int
    default: 10
  protect:
    description:
      - Ids and names of instances, names of instance profiles, and names or ARNs of roles, from which nothing must be
        taken. A task that would do so fails before it changes anything.
    type: list
    elements: str
    default: []
  wait_timeout:
    description:
      - How many seconds EC2 may need for each instance until it knows an instance profile that has just been made, or
        until an instance has started.
    type: int
    default: 120
  expected:
    description:
      - What earlier tasks would have made if they were not run in check mode. It counts as being there in check mode,
        and is ignored otherwise.
    type: dict
    suboptions:
      instance_profiles:
        description: Names of instance profiles.
        type: list
        elements: str
notes:
  - An instance learns of its new instance profile within a minute or so; the agent may need some minutes more to
    register, or a restart.
  - Needs the rights C(ec2:DescribeInstances), C(ec2:DescribeIamInstanceProfileAssociations),
    C(ec2:AssociateIamInstanceProfile), C(ec2:ReplaceIamInstanceProfileAssociation),
    C(ec2:DisassociateIamInstanceProfile), and C(iam:PassRole) for the role in the instance profile; to look and to
    replace the deprecated policy C(iam:GetInstanceProfile), C(iam:ListAttachedRolePolicies), C(iam:ListRolePolicies),
    C(iam:GetRolePolicy), C(iam:GetPolicy), C(iam:GetPolicyVersion), C(iam:AttachRolePolicy) and
    C(iam:DetachRolePolicy).
seealso:
  - module: keyless.aws.instance_profiles_info
  - module: keyless.aws.default_host_management
  - module: amazon.aws.iam_instance_profile
  - module: amazon.aws.iam_role
  - name: Instance permissions for Systems Manager
    description: AWS's guide.
    link: https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
"""

EXAMPLES = r"""
# The instance profile has to be there, with a role that has AmazonSSMManagedInstanceCore.
- name: Session Manager reaches all instances of Team web
  keyless.aws.instance_profiles:
    region: ap-northeast-1
    instance_profile: SessionManager
    instances:
      tags: {Team: [web, api]}
  register: attached

- name: Those that it does not reach, because they have another instance profile
  ansible.builtin.debug:
    msg: "{{ attached.without_session_manager }}"

- name: Also where another instance profile lacks the rights, in two Regions of another account
  keyless.aws.instance_profiles:
    instance_profile: SessionManager
    instances: {all: true}
    replace: lacking
    max_deletions: 50
    targets:
      - role_arn: arn:aws:iam::111122223333:role/keyless
        region: ap-northeast-1
      - role_arn: arn:aws:iam::111122223333:role/keyless
        region: ap-northeast-3

- name: Take it from one instance
  keyless.aws.instance_profiles:
    instance_profile: SessionManager
    instances: {ids: [i-0123456789abcdef0]}
    state: absent
"""

RETURN = r"""
instances:
  description: The selected instances after the task; in check mode as they would be.
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
  returned: success
  type: list
  elements: dict
  sample:
    - account_id: "111122223333"
      region: ap-northeast-1
      instance_id: i-0123456789abcdef1
      reason: no instance profile
changes:
  description: What was done, or would be done in check mode.
  returned: always
  type: list
  elements: dict
  contains:
    action:
      description:
        - V(create) where an instance profile was attached to an instance that had none, V(update) where it was
          replaced, or a role got other policies, V(delete) where it was taken away.
      type: str
      returned: always
      sample: create
    kind:
      description: What it was done to, V(instance_profile) of an instance or V(instance_role).
      type: str
      returned: always
      sample: instance_profile
    name:
      description: Account, Region and instance, or account and role.
      type: str
      returned: always
      sample: 111122223333/ap-northeast-1/i-0123456789abcdef0
    instance_profile:
      description: The name of the instance profile that was attached or taken away.
      type: str
      returned: for instances
      sample: SessionManager
    replaced:
      description: The name of the instance profile that was there before.
      type: str
      returned: where one was replaced
      sample: Old
    attached:
      description: ARNs of the policies that were attached to the role.
      type: list
      elements: str
      returned: for roles
      sample: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
    detached:
      description: ARNs of the policies that were detached from the role.
      type: list
      elements: str
      returned: for roles
      sample: ["arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM"]
created:
  description: How many instances got an instance profile that had none.
  returned: always
  type: int
  sample: 1
updated:
  description: How many instances got another instance profile, and roles other policies.
  returned: always
  type: int
  sample: 0
deleted:
  description: From how many instances it was taken away.
  returned: always
  type: int
  sample: 0
failures:
  description: What could not be read (V(read)) or changed, each with its RV(ignore:error). Everything else was done.
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
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import GUARD_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.resource import InstanceProfiles
from ansible_collections.keyless.aws.plugins.module_utils._targets import TARGETS_SPEC


def main():
    selection = dict(
        ids=dict(type="list", elements="str"),
        tags=dict(type="dict"),
        all=dict(type="bool"),
    )
    module = aws_module(
        dict(
            state=dict(type="str", choices=["present", "absent"], default="present"),
            instance_profile=dict(type="str"),
            instances=dict(type="dict", required=True, options=selection),
            replace=dict(type="str", choices=["never", "lacking", "always"], default="never"),
            replace_deprecated=dict(type="bool", default=True),
            wait_timeout=dict(type="int", default=120),
            expected=dict(type="dict", options=dict(instance_profiles=dict(type="list", elements="str"))),
            **GUARD_SPEC,
            **TARGETS_SPEC,
        ),
        required_if=[("state", "absent", ["instance_profile"])],
    )
    reconcile(module, InstanceProfiles(module))


if __name__ == "__main__":
    main()
