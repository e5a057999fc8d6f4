#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: application_assignments
version_added: 0.1.0
short_description: Assign users and groups to applications of IAM Identity Center
description:
  - Says who is assigned to applications of IAM Identity Center, and changes what AWS lets be changed of the
    applications themselves.
  - Applications have to be there. AWS says of its API C(CreateApplication) that it "does not support creating SAML 2.0
    customer managed applications", and that these can be created "in the AWS Management Console only". Attribute
    mappings are not in the API either. The role P(keyless.aws.external_login#role) writes a checklist for these steps
    with all values filled in.
  - Takes the whole list at once. What is not given of an application is left alone.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes
  - keyless.aws.attributes.action_group
  - keyless.aws.identity_center
  - keyless.aws.identity_center.guard
options:
  applications:
    description: The applications.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The display name, in the same case, by which the application is found. AWS allows several with one name;
            then O(applications[].application_arn) has to tell which is meant.
          - With O(applications[].application_arn), the name that the application is to have.
        type: str
      application_arn:
        description: ARN of the application.
        type: str
      description:
        description: The description, 1 to 128 characters. AWS cannot clear it.
        type: str
      status:
        description: Whether those who are assigned can use the application.
        type: str
        choices: [ENABLED, DISABLED]
      sign_in_options:
        description:
          - Where the access portal sends somebody who chooses the application. What is not given of it stays.
          - Of AWS's portal options this is all that the API can change; whether the portal shows the application is
            chosen in the console.
        type: dict
        suboptions:
          origin:
            description:
              - V(IDENTITY_CENTER) signs in at once, as SAML applications without a start page of their own do.
                V(APPLICATION) leads to O(applications[].sign_in_options.application_url), where the sign-in begins.
            type: str
            choices: [IDENTITY_CENTER, APPLICATION]
            required: true
          application_url:
            description: URL at which the application begins a sign-in. Required with V(APPLICATION).
            type: str
      assignment_required:
        description:
          - Whether only those who are assigned get in. With V(false) everybody in the directory does.
          - AWS does not offer this for every application, and then refuses it.
        type: bool
      users:
        description:
          - User names or ids of the users that are assigned. V([]) assigns none.
          - Where it is left out, assignments of users stay as they are.
        type: list
        elements: str
      groups:
        description:
          - Names or ids of the groups that are assigned. V([]) assigns none.
          - Where it is left out, assignments of groups stay as they are.
        type: list
        elements: str
      purge:
        description:
          - Whether assignments of users, where O(applications[].users) is given, and of groups, where
            O(applications[].groups) is given, are taken away when these do not name them.
          - With V(false), assignments are only added.
        type: bool
        default: true
  expected:
    description:
      - Names that earlier tasks would have created if they were not run in check mode, so that a chain of tasks can be
        tried on an empty organization. They count as known in check mode, and are ignored otherwise.
    type: dict
    suboptions:
      groups:
        description: Names of groups.
        type: list
        elements: str
      users:
        description: User names.
        type: list
        elements: str
notes:
  - O(protect) also takes names and ARNs of applications, whose assignments then stay.
seealso:
  - module: keyless.aws.application_assignments_info
  - module: keyless.aws.identity_store
  - name: Role keyless.aws.external_login
    description: The whole of sign-in from an Identity Center outside the organization.
    link: https://github.com/keyless-aws/keyless.aws/blob/main/roles/external_login/README.md
"""

EXAMPLES = r"""
# The application has been made in the console; users and groups have to be there.
- name: Operators, and nobody else, sign in to the partner's account
  keyless.aws.application_assignments:
    region: ap-northeast-1
    applications:
      - name: Partner operators
        status: ENABLED
        description: Session Manager in the partner's account
        groups: [partner-operators]
        users: []

- name: Let one more person in
  keyless.aws.application_assignments:
    applications:
      - name: Partner operators
        users: [taro@example.com]
        purge: false

- name: Close an application for everybody for now, by its ARN
  keyless.aws.application_assignments:
    applications:
      - application_arn: arn:aws:sso::111122223333:application/ssoins-1234567890abcdef/apl-1234567890abcdef
        status: DISABLED
"""

RETURN = r"""
applications:
  description:
    - The applications as they are after the task, or would be in check mode, in the order of O(applications).
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
      returned: when O(applications[].assignment_required) is given
      sample: true
    users:
      description: User names of all users that are assigned, or ids where the name is not known.
      type: list
      elements: str
      returned: when O(applications[].users) is given
      sample: [taro@example.com]
    groups:
      description: Names of all groups that are assigned, or ids where the name is not known.
      type: list
      elements: str
      returned: when O(applications[].groups) is given
      sample: [partner-operators]
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
      sample: create
    kind:
      description:
        - V(application), V(application_assignment_configuration) for whether assignments are required, or
          V(application_assignment).
      type: str
      returned: always
      sample: application_assignment
    name:
      description: The application, or the assignment, in a form for people.
      type: str
      returned: always
      sample: "Partner operators: group partner-operators"
    application_arn:
      description: ARN of the application.
      type: str
      returned: always
      sample: arn:aws:sso::111122223333:application/ssoins-1234567890abcdef/apl-1234567890abcdef
    changed:
      description: Which options of the application change.
      type: list
      elements: str
      returned: when an application is updated
      sample: [status]
    application:
      description: Name of the application.
      type: str
      returned: when an assignment changes
      sample: Partner operators
    principal_type:
      description: V(USER) or V(GROUP).
      type: str
      returned: when an assignment changes
      sample: GROUP
    principal:
      description: Name of the user or group, or its id where the name is not known.
      type: str
      returned: when an assignment changes
      sample: partner-operators
created:
  description: How many assignments were created.
  returned: always
  type: int
  sample: 1
updated:
  description: How many settings of applications were changed.
  returned: always
  type: int
  sample: 1
deleted:
  description: How many assignments were deleted.
  returned: always
  type: int
  sample: 0
failures:
  description: The changes that failed, each with its RV(ignore:error). Everything else was done.
  returned: when a change failed
  type: list
  elements: dict
  sample:
    - action: create
      kind: application_assignment
      name: "Partner operators: group partner-operators"
      error: "CreateApplicationAssignment: InternalServerException: try again later"
deletions:
  description: What the task would have deleted, as far as that stopped it.
  returned: when O(max_deletions) or O(protect) stopped it
  type: list
  elements: str
  sample: ["Partner operators: user taro@example.com"]
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import GUARD_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.applications.resource import (
    ApplicationAssignments,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import INSTANCE_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile

NAMES = dict(type="list", elements="str")

SIGN_IN = dict(
    origin=dict(type="str", choices=["IDENTITY_CENTER", "APPLICATION"], required=True),
    application_url=dict(type="str"),
)

APPLICATION = dict(
    name=dict(type="str"),
    application_arn=dict(type="str"),
    description=dict(type="str"),
    status=dict(type="str", choices=["ENABLED", "DISABLED"]),
    sign_in_options=dict(type="dict", options=SIGN_IN),
    assignment_required=dict(type="bool"),
    users=NAMES,
    groups=NAMES,
    purge=dict(type="bool", default=True),
)


def main():
    module = aws_module(
        dict(
            applications=dict(type="list", elements="dict", required=True, options=APPLICATION),
            expected=dict(type="dict", options=dict(groups=NAMES, users=NAMES)),
            **GUARD_SPEC,
            **INSTANCE_SPEC,
        )
    )
    reconcile(module, ApplicationAssignments(module))


if __name__ == "__main__":
    main()
