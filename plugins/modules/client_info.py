#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: client_info
version_added: 0.1.0
short_description: Tell what has to be written for the users of a workstation, and where
description:
  - Looks where users of a workstation keep their AWS and ssh configuration, and checks the profiles that they shall
    get. The role P(keyless.aws.session_client#role) writes what it returns.
  - Everything that is wrong is reported at once - users and homes that are not there, files that belong to somebody
    else, names of profiles that the user has already.
  - Of what the files hold, nothing is returned.
notes:
  - Root is needed for other users than the one as whom the task runs.
extends_documentation_fragment:
  - keyless.aws.attributes.info
attributes:
  platform:
    description: Target OS that can be operated against.
    support: full
    platforms: posix
options:
  users:
    description: The users.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the user on the workstation.
        type: str
        required: true
      profiles:
        description: The profiles of this user. O(profiles) when it is not given.
        type: list
        elements: dict
        suboptions: &profile
          name:
            description: Name of the profile.
            type: str
            required: true
          sso_session:
            description: Name of the SSO session, a given one or one that the user has.
            type: str
            required: true
          sso_account_id:
            description: Id of the account.
            type: str
            required: true
          sso_role_name:
            description: Name of the permission set.
            type: str
            required: true
          region:
            description: The Region that the profile works in.
            type: str
          output:
            description: The form of the CLI's answers.
            type: str
            choices: [json, text, table, yaml, yaml-stream, "off"]
      sso_sessions:
        description: The SSO sessions of this user. O(sso_sessions) when it is not given.
        type: list
        elements: dict
        suboptions: &session
          name:
            description: Name of the session.
            type: str
            required: true
          start_url:
            description: URL of the access portal.
            type: str
            required: true
          region:
            description: The Region of IAM Identity Center.
            type: str
            required: true
          registration_scopes:
            description: The scopes that the CLI asks for. C(sso:account:access) when it is not given.
            type: list
            elements: str
      os_user:
        description: The OS user that ssh signs in as on instances.
        type: str
      profile:
        description: The profile that ssh uses where C(AWS_PROFILE) is not set.
        type: str
  profiles:
    description: Profiles for all users that have no list of their own.
    type: list
    elements: dict
    default: []
    suboptions: *profile
  sso_sessions:
    description: SSO sessions for all users that have no list of their own.
    type: list
    elements: dict
    default: []
    suboptions: *session
seealso:
  - plugin: keyless.aws.client_config
    plugin_type: filter
author:
  - keyless.aws contributors (@keyless-aws)
"""

EXAMPLES = r"""
- name: See what would be written for the user who runs this
  keyless.aws.client_info:
    users:
      - name: "{{ lookup('ansible.builtin.env', 'USER') }}"
        os_user: taro
    sso_sessions:
      - name: keyless
        start_url: https://d-1234567890.awsapps.com/start
        region: ap-northeast-1
    profiles:
      - name: web-prod-WebOperator
        sso_session: keyless
        sso_account_id: "111122223333"
        sso_role_name: WebOperator
        region: ap-northeast-1
"""

RETURN = r"""
users:
  description: One entry a user, in the order of O(users). All paths are those of the files themselves, not of links.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the user.
      type: str
      sample: taro
    home:
      description: The user's home.
      type: str
      sample: /home/taro
    group:
      description: The user's primary group.
      type: str
      sample: taro
    aws_folder:
      description: The folder of the AWS configuration.
      type: str
      sample: /home/taro/.aws
    aws_config:
      description: The AWS configuration.
      type: str
      sample: /home/taro/.aws/config
    aws_block:
      description: The text that it shall have in a block of its own, as P(keyless.aws.client_config#filter) gives it.
      type: str
    aws_block_found:
      description: Whether such a block is in the AWS configuration already.
      type: bool
      sample: true
    holds_credentials:
      description: Whether the AWS configuration seems to hold credentials, so that nobody should see a diff of it.
      type: bool
      sample: false
    ssh_folder:
      description: The folder of the ssh configuration.
      type: str
      sample: /home/taro/.ssh
    ssh_config:
      description: The ssh configuration.
      type: str
      sample: /home/taro/.ssh/config
    proxy_folder:
      description: The folder for the part of the ssh configuration that leads to instances.
      type: str
      sample: /home/taro/.ssh/keyless-aws
    os_user:
      description: As in O(users[].os_user); empty when it is not given.
      type: str
      sample: taro
    profile:
      description: As in O(users[].profile); empty when it is not given.
      type: str
      sample: web-prod-WebOperator
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report
from ansible_collections.keyless.aws.plugins.module_utils._workstation.users import read_users


def main():
    profile = dict(
        name=dict(type="str", required=True),
        sso_session=dict(type="str", required=True),
        sso_account_id=dict(type="str", required=True),
        sso_role_name=dict(type="str", required=True),
        region=dict(type="str"),
        output=dict(type="str", choices=["json", "text", "table", "yaml", "yaml-stream", "off"]),
    )
    session = dict(
        name=dict(type="str", required=True),
        start_url=dict(type="str", required=True),
        region=dict(type="str", required=True),
        registration_scopes=dict(type="list", elements="str"),
    )
    user = dict(
        name=dict(type="str", required=True),
        profiles=dict(type="list", elements="dict", options=profile),
        sso_sessions=dict(type="list", elements="dict", options=session),
        os_user=dict(type="str"),
        profile=dict(type="str"),
    )
    module = AnsibleModule(
        argument_spec=dict(
            users=dict(type="list", elements="dict", required=True, options=user),
            profiles=dict(type="list", elements="dict", default=[], options=profile),
            sso_sessions=dict(type="list", elements="dict", default=[], options=session),
        ),
        supports_check_mode=True,
    )
    report(module, lambda: read_users(module.params))


if __name__ == "__main__":
    main()
