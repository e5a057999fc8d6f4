# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A model with a bit of everything, fresh for each test."""

from __future__ import annotations

import pytest
import yaml

MODEL = """
region: ap-northeast-1
attributes: {SSMSessionRunAs: nickName, Team: enterprise.department}
people:
  taro:
    user_name: taro@example.com
    email: taro@example.com
    given_name: Taro
    family_name: Tanaka
    attributes: {enterprise.department: web}
  hanako: {user_name: hanako@example.com, os_user: hana, attributes: {enterprise.department: db}}
  jiro: {attributes: {enterprise.department: web, title: Engineer}}
  gone: {user_name: gone@example.com, state: absent}
groups:
  web-operators: [taro, jiro, gone]
  dba: [hanako]
accounts:
  web-prod:
    id: "111122223333"
    regions: [ap-northeast-1, us-east-1]
    role_arn: arn:aws:iam::111122223333:role/keyless
  sandbox: {id: "012345670123", regions: [ap-northeast-1], run_as: false, profile: sandbox}
grants:
  - name: WebOperator
    description: Operators of the web servers
    to: {groups: [web-operators]}
    accounts: [web-prod]
    instances: {tags: {Team: web}}
    connect: [shell, port_forward]
    sudo: ["/usr/bin/systemctl restart nginx"]
    session_duration: PT4H
  - name: OwnTeam
    to: {groups: [web-operators, dba]}
    accounts: ["111122223333"]
    instances: {principal_tags: [Team]}
    os_groups: [staff]
  - name: Sandbox
    to: {groups: [dba], people: [jiro]}
    accounts: [sandbox]
    instances: {all: true}
    sudo: all
sessions:
  idle_timeout: 20
  max_duration: 60
  cloudwatch_log_group: /ssm/sessions
"""


@pytest.fixture
def model():
    return yaml.safe_load(MODEL)
