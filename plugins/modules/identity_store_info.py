#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_store_info
version_added: 0.1.0
short_description: Read users and groups of IAM Identity Center
description:
  - Returns users, groups and group memberships of the identity store of an IAM Identity Center instance, whether they
    are kept there or come from an external identity provider or Active Directory.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes.info
  - keyless.aws.attributes.action_group
  - keyless.aws.identity_center
requirements:
  - botocore >= 1.42.5, only where O(include) has V(enterprise)
options:
  users:
    description:
      - Names of the users to return; all of them when left out, none for V([]).
      - Names are compared without regard to upper and lower case.
    type: list
    elements: str
  groups:
    description:
      - Names of the groups to return; all of them when left out, none for V([]).
      - Names are compared without regard to upper and lower case.
    type: list
    elements: str
  include:
    description:
      - What to read.
      - V(users) and V(groups) cost one request for each hundred of them.
      - V(enterprise) adds the enterprise attributes to users and costs no further request; it includes V(users).
      - V(members) adds the members to groups and costs one request for each returned group, and those for V(users);
        it includes V(groups).
    type: list
    elements: str
    choices: [users, enterprise, groups, members]
    default: [users, enterprise, groups, members]
seealso:
  - module: keyless.aws.identity_store
"""

EXAMPLES = r"""
- name: Read everybody and all groups with their members
  keyless.aws.identity_store_info:
    region: ap-northeast-1
  register: directory

- name: Find a group's id, without reading users
  keyless.aws.identity_store_info:
    groups: [web-operators]
    include: [groups]
  register: found

- name: Read one user
  keyless.aws.identity_store_info:
    users: [taro@example.com]
    include: [enterprise]
  register: found
"""

RETURN = r"""
users:
  description: The users, sorted by name. Attributes that are not set are left out.
  returned: success
  type: list
  elements: dict
  contains:
    user_name:
      description: The user name.
      type: str
      returned: always
      sample: taro@example.com
    user_id:
      description: The id of the user.
      type: str
      returned: always
      sample: 1234567890-11111111-2222-3333-4444-555555555555
    given_name:
      description: The given name.
      type: str
      returned: when there is one
      sample: Taro
    family_name:
      description: The family name.
      type: str
      returned: when there is one
      sample: Tanaka
    display_name:
      description: The name to show.
      type: str
      returned: when there is one
      sample: Taro Tanaka
    email:
      description: The primary e-mail address.
      type: str
      returned: when there is one
      sample: taro@example.com
    nick_name:
      description: The nickname.
      type: str
      returned: when there is one
      sample: taro
    title:
      description: The title.
      type: str
      returned: when there is one
      sample: Engineer
    user_type:
      description: The type of user.
      type: str
      returned: when there is one
      sample: Employee
    locale:
      description: The locale.
      type: str
      returned: when there is one
      sample: ja-JP
    timezone:
      description: The time zone.
      type: str
      returned: when there is one
      sample: Asia/Tokyo
    preferred_language:
      description: The preferred language.
      type: str
      returned: when there is one
      sample: ja-JP
    phone:
      description: The phone number of type C(work).
      type: str
      returned: when there is one
      sample: "+81 3 0000 0000"
    address:
      description: The parts of the address of type C(work).
      type: dict
      returned: when there is one
      sample: {"locality": "Chiyoda", "country": "JP"}
    enterprise:
      description: The enterprise attributes, V({}) for none.
      type: dict
      returned: when O(include) asks for it
      sample: {"department": "web", "cost_center": "4711"}
    user_status:
      description: Whether the user can sign in, V(ENABLED) or V(DISABLED).
      type: str
      returned: when AWS and botocore tell it
      sample: ENABLED
groups:
  description: The groups, sorted by name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: web-operators
    group_id:
      description: The id of the group.
      type: str
      returned: always
      sample: 1234567890-66666666-7777-8888-9999-000000000000
    description:
      description: The description.
      type: str
      returned: when there is one
      sample: May open sessions on web servers
    members:
      description: The user names of the members, sorted.
      type: list
      elements: str
      returned: when O(include) asks for it
      sample: ["hanako@example.com", "taro@example.com"]
missing_users:
  description: The given O(users) that do not exist.
  returned: success
  type: list
  elements: str
  sample: []
missing_groups:
  description: The given O(groups) that do not exist.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.resource import read_directory
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import INSTANCE_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report

PARTS = ["users", "enterprise", "groups", "members"]


def main():
    module = aws_module(
        dict(
            users=dict(type="list", elements="str"),
            groups=dict(type="list", elements="str"),
            include=dict(type="list", elements="str", choices=PARTS, default=PARTS),
            **INSTANCE_SPEC,
        )
    )
    report(module, lambda: read_directory(module))


if __name__ == "__main__":
    main()
