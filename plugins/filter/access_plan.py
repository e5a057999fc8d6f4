# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: access_plan
version_added: 0.1.0
short_description: What an access model asks of the cloud
author:
  - keyless.aws contributors (@keyless-aws)
description:
  - Checks an access model as a whole and compiles it to the desired state of directory, permission sets, assignments,
    attributes for access control, Session Manager preferences, IAM users, their policies and the roles of federations,
    in the form that the modules and roles of those names take.
  - Everything that is wrong with the model is reported at once, each problem with its path.
  - The model is explained in C(docs/access_model.md) of this collection.
positional: _input
options:
  _input:
    description: The access model, C(keyless_access).
    type: dict
    required: true
  organizational_units:
    description:
      - For each organizational unit or root that a grant names, the ids of all accounts below it.
      - Without it, the grant's permission set is assigned to those accounts all the same, but what concerns them is not
        checked.
    type: dict
    default: {}
  directory:
    description: Where relative paths in the model (C(metadata_file)) begin. Left relative if it is not given.
    type: str
    default: ""
seealso:
  - plugin: keyless.aws.host_access
    plugin_type: filter
  - plugin: keyless.aws.access_answers
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Compile the model
  ansible.builtin.set_fact:
    access_plan: "{{ keyless_access | keyless.aws.access_plan }}"
  vars:
    keyless_access:
      region: ap-northeast-1
      people:
        taro: {user_name: taro@example.com, given_name: Taro, family_name: Tanaka}
      groups:
        web-operators: [taro]
      accounts:
        web-prod: {id: "111122223333", regions: [ap-northeast-1]}
      grants:
        - name: WebOperator
          to: {groups: [web-operators]}
          accounts: [web-prod]
          instances: {tags: {Team: web}}
          sudo: ["/usr/bin/systemctl restart nginx"]

- name: Show what is worth knowing about the model
  ansible.builtin.debug:
    var: access_plan.notes

- name: Manage the permission sets
  keyless.aws.permission_sets:
    permission_sets: "{{ access_plan.cloud.permission_sets }}"
"""

RETURN = r"""
_value:
  description: The desired state of the cloud, and notes.
  type: dict
  contains:
    cloud:
      description: What the modules and roles take.
      type: dict
      contains:
        access_control_attributes:
          description: Options of M(keyless.aws.access_control_attributes).
          type: dict
          sample: {"attributes": {"SSMSessionRunAs": "nickName"}}
        identity_store:
          description:
            - Options of M(keyless.aws.identity_store).
            - Both lists are empty where the model says C(directory=external).
          type: dict
          sample: {"users": [{"user_name": "taro@example.com", "nick_name": "taro", "state": "present"}], "groups": []}
        permission_sets:
          description: The list O(keyless.aws.permission_sets#module:permission_sets), one for each grant.
          type: list
          elements: dict
          sample: [{"name": "WebOperator", "inline_policy": {}, "tags": {"keyless:managed": "true"}}]
        account_assignments:
          description: Options of M(keyless.aws.account_assignments).
          type: dict
          sample:
            assignments:
              - {"permission_sets": ["WebOperator"], "groups": ["web-operators"], "accounts": ["111122223333"]}
        session_preferences:
          description:
            - Options of M(keyless.aws.session_preferences), one entry for the accounts with Run As and one for those
              without.
          type: list
          elements: dict
          sample: [{"targets": [], "run_as_enabled": true, "run_as_default_user": "", "idle_session_timeout": 20}]
        iam_users:
          description:
            - IAM users with what they run as, one entry for each account. C(users) is as the role
              P(keyless.aws.iam_operators#role) takes them.
          type: list
          elements: dict
          sample: [{"targets": [{"account_id": "111122223333"}], "users": [{"name": "user01", "run_as": "user01"}]}]
        session_policies:
          description:
            - Options of M(keyless.aws.session_policy), one entry for each account that has IAM users. One policy for
              all grants of a user.
          type: list
          elements: dict
          sample:
            - targets: [{"account_id": "111122223333"}]
              policies: [{"name": "PC01", "scopes": [], "users": ["user01"], "state": "present"}]
        saml_providers:
          description: Options of M(keyless.aws.saml_provider), one entry for each federation.
          type: list
          elements: dict
          sample:
            - targets: [{"account_id": "111122223333"}]
              providers: [{"name": "partner", "metadata_file": "partner.xml", "state": "present"}]
        roles:
          description:
            - The roles of federations, as the role P(keyless.aws.external_login#role) takes them, which makes the SAML
              providers too.
          type: list
          elements: dict
          sample: [{"name": "PartnerOperator", "provider": {"name": "partner", "metadata_file": "partner.xml"}}]
        instance_profiles:
          description: Always empty. The role P(keyless.aws.session_manager#role) brings them.
          type: list
          elements: dict
          sample: []
    notes:
      description: What is right but worth knowing.
      type: list
      elements: dict
      contains:
        severity:
          description: V(info) or V(warning).
          type: str
          sample: warning
        path:
          description: Where in the model.
          type: str
          sample: grants[0].connect
        message:
          description: What to know.
          type: str
          sample: command counts as root on the instance, whoever Run As names
"""

from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.module_utils._access.compile import compile_access
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError


def access_plan(model, organizational_units=None, directory=""):
    try:
        return compile_access(model, organizational_units, directory)
    except UserError as error:
        raise AnsibleFilterError(f"access_plan: {error.message}") from error


class FilterModule:
    """Filters of the access model for the cloud."""

    def filters(self):
        return {"access_plan": access_plan}
