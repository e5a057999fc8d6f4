#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organization_info
version_added: 0.1.0
short_description: Read the accounts of an AWS organization and of its organizational units
description:
  - Returns the accounts of the caller's organization, and for each given root or organizational unit the accounts below
    it, however deep.
  - This is how the playbooks know which hosts a grant over an organizational unit reaches.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes.info
  - keyless.aws.attributes.action_group
options:
  organizational_units:
    description: Ids of roots (C(r-...)) and organizational units (C(ou-...)).
    type: list
    elements: str
    default: []
notes:
  - Runs on the control node, as the management account or a delegated administrator of any service.
seealso:
  - plugin: keyless.aws.host_access
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Find the accounts below an organizational unit
  keyless.aws.organization_info:
    organizational_units: [ou-ab12-cdefgh34]
  register: organization

- name: Show them
  ansible.builtin.debug:
    msg: "{{ organization.organizational_units['ou-ab12-cdefgh34'] }}"
"""

RETURN = r"""
accounts:
  description: All accounts of the organization, by id.
  returned: success
  type: list
  elements: dict
  contains:
    account_id:
      description: The account's id.
      type: str
      returned: always
      sample: "111122223333"
    account_name:
      description: The account's name.
      type: str
      returned: always
      sample: web-prod
    state:
      description: V(ACTIVE), or why it cannot be worked with, such as V(SUSPENDED).
      type: str
      returned: always
      sample: ACTIVE
organizational_units:
  description: For each given root or organizational unit, the ids of all accounts below it.
  returned: success
  type: dict
  sample: {"ou-ab12-cdefgh34": ["111122223333"]}
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._organizations.info import read_organization
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report


def main():
    module = aws_module(dict(organizational_units=dict(type="list", elements="str", default=[])))
    report(module, lambda: read_organization(module))


if __name__ == "__main__":
    main()
