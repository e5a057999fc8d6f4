#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: session_document_info
version_added: 0.1.0
short_description: Read session documents of one's own
description:
  - Returns session documents in any number of accounts and Regions, what each lets people do in words, and what is
    wrong or risky about it.
  - The document of the preferences is not among them, see M(keyless.aws.session_preferences_info).
  - One request lists up to 50 documents, and each document costs four more.
  - Where some cannot be read the task fails and names them; its result has the others.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes.info
  - keyless.aws.attributes.action_group
  - keyless.aws.targets
options:
  names:
    description: Names of documents. When left out, all session documents that the account itself has.
    type: list
    elements: str
seealso:
  - module: keyless.aws.session_document
"""

EXAMPLES = r"""
- name: Read all session documents of the account
  keyless.aws.session_document_info:
    region: ap-northeast-1
  register: found

- name: Nothing is wrong or risky about them
  ansible.builtin.assert:
    that: found.session_documents | map(attribute='problems') | flatten | length == 0

- name: What does the tunnel reach, in two accounts?
  keyless.aws.session_document_info:
    targets:
      - role_arn: arn:aws:iam::111122223333:role/keyless
        region: ap-northeast-1
      - role_arn: arn:aws:iam::444455556666:role/keyless
        region: ap-northeast-1
    names: [DbTunnel]
"""

RETURN = r"""
session_documents:
  description: The documents, by target, and then in the order of O(names), or by name.
  returned: always
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
    name:
      description: The document's name.
      type: str
      returned: always
      sample: DbTunnel
    exists:
      description: Whether the document is there.
      type: bool
      returned: always
      sample: true
    arn:
      description: The document's ARN, as policies name it.
      type: str
      returned: when it exists
      sample: arn:aws:ssm:ap-northeast-1:111122223333:document/DbTunnel
    document_version:
      description: The default version, which sessions use.
      type: str
      returned: when it exists
      sample: "1"
    session_type:
      description: The type of session.
      type: str
      returned: when it exists
      sample: port
    description:
      description: What it is for.
      type: str
      returned: when it exists
      sample: PostgreSQL of the shop
    port:
      description: The port to forward to, or the parameter for it.
      type: str
      returned: for the type V(port)
      sample: "5432"
    host:
      description: The host to forward to.
      type: str
      returned: for the type V(port), when it is not the instance itself
      sample: db.internal.example.com
    local_port:
      description: The port on the person's own machine, or the parameter for it.
      type: str
      returned: for the type V(port), when it is set
      sample: "15432"
    commands:
      description: What runs, for each operating system.
      type: dict
      returned: for types with commands
      sample: {"linux": {"commands": "uptime", "run_as_elevated": false}}
    parameters:
      description: What people may give, by name.
      type: list
      elements: dict
      returned: when it exists
      sample: [{"name": "portNumber", "type": "String", "allowed_values": ["8080", "8443"]}]
    inputs:
      description: The preferences of its sessions, as in M(keyless.aws.session_preferences).
      type: dict
      returned: when it has some
      sample: {"run_as_enabled": true, "idle_session_timeout": 5}
    other_content:
      description: What this collection does not know, by AWS's names.
      type: dict
      returned: when there is any
      sample: {}
    summary:
      description: What the document lets people do, in sentences without a subject.
      type: list
      elements: str
      returned: when it exists
      sample:
        - forwards to port 5432 of db.internal.example.com, through the instance
        - listens on port 15432 of the person's own machine
    content:
      description: The content of the default version, by AWS's names.
      type: dict
      returned: when it exists
      sample:
        schemaVersion: "1.0"
        sessionType: Port
        properties: {"type": "LocalPortForwarding", "portNumber": "5432"}
    versions:
      description: The document's versions.
      type: list
      elements: dict
      returned: when it exists
      sample:
        - version: "1"
          is_default: true
          status: Active
          created_date: "2026-11-27 09:00:00+00:00"
    tags:
      description: The tags.
      type: dict
      returned: when it exists
      sample: {"Team": "web"}
    shared_with:
      description: The accounts that may use it too, C(all) for everybody. Empty where the caller may not look.
      type: list
      elements: str
      returned: when it exists
      sample: []
    problems:
      description:
        - What is wrong with it, or lets more through than people may think, each with the option that it is about, such
          as commands that run as root, parameters that nothing limits, and patterns that are not anchored.
      type: list
      elements: str
      returned: when it exists
      sample:
        - "commands.linux.run_as_elevated: runs the command as root for everybody who may use the document, which is a \
          way round Run As"
failures:
  description: What could not be read, each with its RV(ignore:error).
  returned: when something failed
  type: list
  elements: dict
  sample:
    - action: read
      kind: session_document
      name: 111122223333/ap-northeast-1
      error: "AssumeRole: access denied"
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.info import read_documents
from ansible_collections.keyless.aws.plugins.module_utils._targets import TARGETS_SPEC


def main():
    module = aws_module(dict(names=dict(type="list", elements="str"), **TARGETS_SPEC))
    report(module, lambda: read_documents(module))


if __name__ == "__main__":
    main()
