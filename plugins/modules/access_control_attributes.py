#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: access_control_attributes
version_added: 0.1.0
short_description: Manage attributes for access control of IAM Identity Center
description:
  - Says which of a user's directory attributes IAM Identity Center sends along as session tags, such as
    C(SSMSessionRunAs), the tag from which Session Manager takes the OS user of a session.
  - Merges into what is there, so that attributes which others configured stay. AWS itself only replaces the whole list.
  - Turns the feature on where it is off.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes
  - keyless.aws.attributes.action_group
  - keyless.aws.identity_center
  - keyless.aws.identity_center.wait
options:
  attributes:
    description:
      - Keys of session tags, and for each the attribute of the user that its value comes from.
      - A source is written V(nickName) for short, or V(${path:nickName}), which is what AWS has.
      - >-
        Sources of Identity Center's own directory are V(userName), V(name.familyName), V(name.givenName),
        V(displayName), V(nickName), V(emails[primary eq true].value), V(phoneNumbers[type eq "work"].value),
        V(addresses[type eq "work"].X) with V(streetAddress), V(locality), V(region), V(postalCode), V(country) or
        V(formatted) for X, V(userType), V(title), V(locale), V(timezone), and V(enterprise.X) with V(employeeNumber),
        V(costCenter), V(organization), V(division), V(department) or V(manager.value) for X.
      - Groups and attributes with several values cannot be a source. AWS would take them and then send nothing.
      - A key has 1 to 128 characters. There can be 50 attributes, with those that are there already.
      - With O(state=absent) only the keys count, and a source may be empty.
      - Required unless O(disable=true).
    type: dict
  state:
    description:
      - V(present) adds and changes the given attributes, and turns the feature on where it is off.
      - V(absent) removes the given keys and no others. The feature stays on, even without any attribute.
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Whether attributes that O(attributes) does not name are removed.
      - Whoever relies on them loses access. Use it only where all of them are managed in one place.
    type: bool
    default: false
  disable:
    description:
      - B(Turns attributes for access control off, and drops every attribute), also those that others configured.
      - All policies that depend on any of these session tags stop to match, and every session under Run As that gets
        its OS user from C(SSMSessionRunAs) fails from the next sign-in on.
      - It cannot be combined with O(attributes).
    type: bool
    default: false
notes:
  - There is one list of attributes for the whole instance.
  - With an external identity provider, the provider may send attributes too. Do not configure the same key in both.
seealso:
  - module: keyless.aws.access_control_attributes_info
  - module: keyless.aws.identity_store
  - module: keyless.aws.session_preferences
"""

EXAMPLES = r"""
- name: The OS user of a session comes from the user's nickname
  keyless.aws.access_control_attributes:
    region: ap-northeast-1
    attributes:
      SSMSessionRunAs: nickName
      Team: enterprise.department

- name: Remove one attribute and keep all others
  keyless.aws.access_control_attributes:
    state: absent
    attributes:
      Team:

- name: These attributes and no others
  keyless.aws.access_control_attributes:
    purge: true
    attributes:
      SSMSessionRunAs: ${path:nickName}

- name: Turn the feature off and drop every attribute
  keyless.aws.access_control_attributes:
    disable: true
"""

RETURN = r"""
attributes:
  description: All attributes that there are after the task, key and source, also those that the task does not name.
  returned: success
  type: dict
  sample: {"SSMSessionRunAs": "${path:nickName}", "Team": "${path:enterprise.department}"}
enabled:
  description: Whether attributes for access control are turned on.
  returned: success
  type: bool
  sample: true
status:
  description: AWS's status of the feature.
  returned: when the feature is on
  type: str
  sample: ENABLED
changes:
  description: What was done, or would be done in check mode, in this order. One request carries all of it.
  returned: always
  type: list
  elements: dict
  contains:
    action:
      description: V(create), V(update) or V(delete).
      type: str
      returned: always
      sample: create
    kind:
      description: >-
        V(access_control_attribute) for a single attribute, V(access_control_attributes) where the feature was turned
        on (V(create)) or off (V(delete)).
      type: str
      returned: always
      sample: access_control_attribute
    name:
      description: The attribute's key, or the instance's ARN.
      type: str
      returned: always
      sample: SSMSessionRunAs
    source:
      description: The new source.
      type: str
      returned: when an attribute is created or updated
      sample: ${path:nickName}
created:
  description: How many attributes were added, and one more where the feature was turned on.
  returned: always
  type: int
  sample: 2
updated:
  description: How many attributes got another source.
  returned: always
  type: int
  sample: 0
deleted:
  description: How many attributes were removed, and one more where the feature was turned off.
  returned: always
  type: int
  sample: 0
failures:
  description: The changes that failed, each with its RV(ignore:error).
  returned: when the changes failed
  type: list
  elements: dict
  sample:
    - action: create
      kind: access_control_attribute
      name: Team
      source: ${path:enterprise.department}
      error: "UpdateInstanceAccessControlAttributeConfiguration: InternalServerException: try again later"
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.attributes.resource import (
    AccessControlAttributes,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import INSTANCE_SPEC, WAIT_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile


def main():
    module = aws_module(
        dict(
            attributes=dict(type="dict"),
            state=dict(type="str", choices=["present", "absent"], default="present"),
            purge=dict(type="bool", default=False),
            disable=dict(type="bool", default=False),
            **INSTANCE_SPEC,
            **WAIT_SPEC,
        )
    )
    reconcile(module, AccessControlAttributes(module))


if __name__ == "__main__":
    main()
