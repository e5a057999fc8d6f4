#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: application_assignments_info
version_added: 0.1.0
short_description: Read applications of IAM Identity Center and who is assigned to them
description:
  - Returns the applications of an IAM Identity Center instance, which of them sign in by SAML, and who is assigned to
    them, with names. Shows assignments of users and groups that no longer exist.
  - Costs a request for each kind of application, and two for each application where O(assignments=true).
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes.info
  - keyless.aws.attributes.action_group
  - keyless.aws.identity_center
options:
  applications:
    description: Display names or ARNs of applications; all if it is left out.
    type: list
    elements: str
  assignments:
    description: Whether to read who is assigned.
    type: bool
    default: true
seealso:
  - module: keyless.aws.application_assignments
"""

EXAMPLES = r"""
- name: Read all applications
  keyless.aws.application_assignments_info:
    region: ap-northeast-1
  register: found

- name: Say which SAML applications everybody in the directory can use
  ansible.builtin.debug:
    msg: "{{ found.applications | selectattr('saml') | rejectattr('assignment_required', 'undefined')
             | rejectattr('assignment_required') | map(attribute='name') }}"

- name: Look at one application, without its assignments
  keyless.aws.application_assignments_info:
    applications: [Partner operators]
    assignments: false
"""

RETURN = r"""
applications:
  description: The applications, sorted by name.
  returned: success
  type: list
  elements: dict
  contains:
    application_arn:
      description: ARN of the application.
      type: str
      returned: always
      sample: arn:aws:sso::111122223333:application/ssoins-1234567890abcdef/apl-1234567890abcdef
    name:
      description: The display name.
      type: str
      returned: always
      sample: Partner operators
    application_provider_arn:
      description: What AWS knows the kind of application by.
      type: str
      returned: always
      sample: arn:aws:sso::aws:applicationProvider/catalog/ExternalAWSAccount
    provider:
      description: Name of the kind of application.
      type: str
      returned: when AWS tells it
      sample: External AWS Account
    protocol:
      description: V(SAML) or V(OAUTH).
      type: str
      returned: when AWS tells it
      sample: SAML
    saml:
      description: Whether it is an application that people sign in to by SAML.
      type: bool
      returned: always
      sample: true
    account_id:
      description: The account that the application belongs to.
      type: str
      returned: always
      sample: "111122223333"
    status:
      description: V(ENABLED) or V(DISABLED).
      type: str
      returned: always
      sample: ENABLED
    description:
      description: The description.
      type: str
      returned: when there is one
      sample: Session Manager in the partner's account
    portal_options:
      description: What the access portal does, C(visibility), C(origin) and C(application_url) as far as AWS tells.
      type: dict
      returned: always
      sample: {"visibility": "ENABLED", "origin": "IDENTITY_CENTER"}
    assignment_required:
      description: Whether only those who are assigned get in.
      type: bool
      returned: when O(assignments=true) and AWS offers it for the application
      sample: true
    users:
      description: User names of users that are assigned, or ids of users that no longer exist.
      type: list
      elements: str
      returned: when O(assignments=true)
      sample: [taro@example.com]
    groups:
      description: Names of groups that are assigned, or ids of groups that no longer exist.
      type: list
      elements: str
      returned: when O(assignments=true)
      sample: [partner-operators]
    orphaned:
      description: Ids of users and groups that are assigned and no longer exist.
      type: list
      elements: str
      returned: when O(assignments=true)
      sample: []
missing:
  description: What O(applications) names and is not there.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.applications.info import read_applications
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import INSTANCE_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report


def main():
    module = aws_module(
        dict(
            applications=dict(type="list", elements="str"),
            assignments=dict(type="bool", default=True),
            **INSTANCE_SPEC,
        )
    )
    report(module, lambda: read_applications(module))


if __name__ == "__main__":
    main()
