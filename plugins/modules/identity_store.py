#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_store
version_added: 0.1.0
short_description: Manage users and groups of IAM Identity Center
description:
  - Creates, updates and deletes users, groups and group memberships in the identity store of an IAM Identity Center
    instance.
  - Takes whole lists at once and reads the identity store once for them. What the lists do not name is left alone;
    users and groups are only ever deleted by O(users[].state=absent) and O(groups[].state=absent).
  - A user or group that exists under a given name is taken over and brought in line. Names are compared without
    regard to upper and lower case, as SCIM does, and keep the spelling that they have in the identity store.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes
  - keyless.aws.attributes.action
  - keyless.aws.attributes.action_group
  - keyless.aws.identity_center
  - keyless.aws.identity_center.guard
  - keyless.aws.identity_center.progress
requirements:
  - botocore >= 1.42.5, only where O(users[].enterprise) is given
options:
  users:
    description:
      - The users.
      - An attribute that is left out is left alone. V('') clears it, V({}) clears all parts of
        O(users[].address) or O(users[].enterprise).
    type: list
    elements: dict
    suboptions:
      user_name:
        description:
          - The name to sign in with, 1 to 128 characters without blanks.
          - This module does not rename users.
        type: str
        required: true
      given_name:
        description: The given name. Needed to create a user; cannot be cleared.
        type: str
      family_name:
        description: The family name. Needed to create a user; cannot be cleared.
        type: str
      display_name:
        description:
          - The name to show. Cannot be cleared.
          - A user that is created without it gets given name and family name.
        type: str
      email:
        description:
          - The e-mail address. AWS takes each address for one user only.
          - It is set as the primary address, of type C(work).
        type: str
      nick_name:
        description: The nickname, a good source for the attribute for access control C(SSMSessionRunAs).
        type: str
      title:
        description: The title.
        type: str
      user_type:
        description: The type of user, any text.
        type: str
      locale:
        description: The locale, such as V(ja-JP).
        type: str
      timezone:
        description: The time zone, such as V(Asia/Tokyo).
        type: str
      preferred_language:
        description: The preferred language, such as V(ja-JP).
        type: str
      phone:
        description: The phone number, set with type C(work). AWS keeps one for each user.
        type: str
      address:
        description:
          - The postal address, set with type C(work). AWS keeps one for each user.
          - A part that is left out is left alone, V('') clears it.
        type: dict
        suboptions:
          street_address:
            description: Street and house number.
            type: str
          locality:
            description: The city.
            type: str
          region:
            description: The state, province or prefecture.
            type: str
          postal_code:
            description: The postal code.
            type: str
          country:
            description: The country.
            type: str
          formatted:
            description: The address as it is to be shown.
            type: str
      enterprise:
        description:
          - Attributes of AWS's extension C(aws:identitystore:enterprise).
          - A part that is left out is left alone, V('') clears it.
          - Without this option the extension is not even read.
        type: dict
        suboptions:
          employee_number:
            description: The employee number.
            type: str
          cost_center:
            description: The cost center.
            type: str
          organization:
            description: The organization.
            type: str
          division:
            description: The division.
            type: str
          department:
            description: The department.
            type: str
          manager:
            description: The manager, as C(enterprise.manager.value) has it.
            type: str
      state:
        description: Whether the user is to exist. With a user, its memberships go.
        type: str
        choices: [present, absent]
        default: present
  groups:
    description: The groups.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name, which AWS calls the display name.
        type: str
        required: true
      description:
        description: The description. V('') clears it.
        type: str
      members:
        description:
          - The user names of the members; each has to exist, or to be listed in O(users).
          - Members are left alone, and not even read, when this is left out. Reading them costs one request a group.
        type: list
        elements: str
      state:
        description: Whether the group is to exist. With a group, its memberships go.
        type: str
        choices: [present, absent]
        default: present
  allow_self_lockout:
    description:
      - Whether the task may delete the user that runs it, its groups and its memberships.
      - Otherwise that is an error before anything is changed, where the caller signed in through Identity Center.
    type: bool
    default: false
  purge_members:
    description: Whether members that are not listed are removed from the groups that have O(groups[].members).
    type: bool
    default: true
notes:
  - AWS sends no invitation to a user that is created by API. Turn on "Send email OTP for users created from API" in
    the authentication settings of IAM Identity Center, or reset the user's password there.
  - Where IAM Identity Center takes its users and groups from an external identity provider or from Active Directory,
    change them there; use M(keyless.aws.identity_store_info) to look them up.
  - A user or group that is deleted and created again has a new id, so it does not get the account assignments back
    that it had.
seealso:
  - module: keyless.aws.identity_store_info
  - module: keyless.aws.access_control_attributes
  - module: keyless.aws.account_assignments
"""

EXAMPLES = r"""
- name: A team and its members
  keyless.aws.identity_store:
    region: ap-northeast-1
    users:
      - user_name: taro@example.com
        given_name: Taro
        family_name: Tanaka
        email: taro@example.com
        nick_name: taro
      - user_name: hanako@example.com
        given_name: Hanako
        family_name: Suzuki
        email: hanako@example.com
        nick_name: hanako
    groups:
      - name: web-operators
        description: May open sessions on web servers
        members: [taro@example.com, hanako@example.com]

- name: Attributes that decide on access
  keyless.aws.identity_store:
    users:
      - user_name: taro@example.com
        title: ""
        enterprise:
          department: web
          cost_center: "4711"

- name: One more member, nobody leaves
  keyless.aws.identity_store:
    purge_members: false
    groups:
      - name: web-operators
        members: [taro@example.com]

- name: Someone leaves
  keyless.aws.identity_store:
    users:
      - user_name: hanako@example.com
        state: absent
"""

RETURN = r"""
users:
  description:
    - The listed users that exist after the task, with all of their attributes that are set.
    - In check mode as they would be, without the id of those that do not exist yet.
  returned: success
  type: list
  elements: dict
  contains:
    user_name:
      description: The user name, as it is spelled in the identity store.
      type: str
      returned: always
      sample: taro@example.com
    user_id:
      description: The id of the user.
      type: str
      returned: when the user exists
      sample: 1234567890-11111111-2222-3333-4444-555555555555
    given_name:
      description: The given name.
      type: str
      returned: always
      sample: Taro
    family_name:
      description: The family name.
      type: str
      returned: always
      sample: Tanaka
    display_name:
      description: The name to show.
      type: str
      returned: always
      sample: Taro Tanaka
    email:
      description: The primary e-mail address.
      type: str
      returned: when there is one
      sample: taro@example.com
    nick_name: {description: The nickname., type: str, returned: when there is one, sample: taro}
    title: {description: The title., type: str, returned: when there is one, sample: Engineer}
    user_type: {description: The type of user., type: str, returned: when there is one, sample: Employee}
    locale: {description: The locale., type: str, returned: when there is one, sample: ja-JP}
    timezone: {description: The time zone., type: str, returned: when there is one, sample: Asia/Tokyo}
    preferred_language: {description: The preferred language., type: str, returned: when there is one, sample: ja-JP}
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
      returned: when a listed user manages them
      sample: {"department": "web", "cost_center": "4711"}
    user_status:
      description: Whether the user can sign in, V(ENABLED) or V(DISABLED).
      type: str
      returned: when the user existed before, and AWS and botocore tell it
      sample: ENABLED
groups:
  description:
    - The listed groups that exist after the task.
    - In check mode as they would be, without the id of those that do not exist yet.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name, as it is spelled in the identity store.
      type: str
      returned: always
      sample: web-operators
    group_id:
      description: The id of the group.
      type: str
      returned: when the group exists
      sample: 1234567890-66666666-7777-8888-9999-000000000000
    description:
      description: The description.
      type: str
      returned: when there is one
      sample: May open sessions on web servers
    members:
      description: The user names of all members.
      type: list
      elements: str
      returned: when managed
      sample: ["taro@example.com", "hanako@example.com"]
changes:
  description: What was done, or would be done in check mode, in this order.
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
      description: What it was done to, V(user), V(group) or V(group_membership).
      type: str
      returned: always
      sample: user
    name:
      description: Name of the user or group, C(group/user) for a membership.
      type: str
      returned: always
      sample: taro@example.com
    fields:
      description: The attributes that an update changes.
      type: list
      elements: str
      returned: for updates
      sample: [title, enterprise.department]
    group:
      description: Name of the group.
      type: str
      returned: for memberships
      sample: web-operators
    user:
      description: Name of the user.
      type: str
      returned: for memberships
      sample: taro@example.com
created:
  description: How many users, groups and memberships were created.
  returned: always
  type: int
  sample: 1
updated:
  description: How many users and groups were changed.
  returned: always
  type: int
  sample: 0
deleted:
  description: How many users, groups and memberships were deleted. What goes with a user or group is not counted.
  returned: always
  type: int
  sample: 0
deletions:
  description: What the task would have deleted, as far as that stopped it.
  returned: when O(max_deletions) or O(protect) stopped it
  type: list
  elements: str
  sample: ["user taro@example.com"]
failures:
  description: The changes that failed, each with its RV(ignore:error). Everything else was done.
  returned: when a change failed
  type: list
  elements: dict
  sample: [{"action": "create", "kind": "user", "name": "taro", "error": "CreateUser: ConflictException: Duplicate"}]
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import GUARD_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.records import PARTS, TEXTS
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.resource import Directory
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import INSTANCE_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._progress import PROGRESS_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile

STATE = dict(type="str", choices=["present", "absent"], default="present")


def texts(names):
    return {name: dict(type="str") for name in names}


USER = dict(
    texts(TEXTS),
    user_name=dict(type="str", required=True),
    state=STATE,
    **{attribute: dict(type="dict", options=texts(parts)) for attribute, parts in PARTS.items()},
)

GROUP = dict(
    name=dict(type="str", required=True),
    description=dict(type="str"),
    members=dict(type="list", elements="str"),
    state=STATE,
)


def main():
    module = aws_module(
        dict(
            users=dict(type="list", elements="dict", options=USER),
            groups=dict(type="list", elements="dict", options=GROUP),
            purge_members=dict(type="bool", default=True),
            allow_self_lockout=dict(type="bool", default=False),
            **GUARD_SPEC,
            **INSTANCE_SPEC,
            **PROGRESS_SPEC,
        ),
        required_one_of=[("users", "groups")],
    )
    reconcile(module, Directory(module))


if __name__ == "__main__":
    main()
