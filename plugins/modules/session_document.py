#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: session_document
version_added: 0.1.0
short_description: Manage session documents of one's own
description:
  - Makes, changes and deletes session documents, which are SSM documents of type C(Session), any number in any number
    of accounts and Regions. A session document says what a session does, such as to forward one port of one host.
  - AWS's own documents for port forwarding and commands take any port and any command. Whoever may use only a
    document of one's own, which the scope of M(keyless.aws.session_policy) names under C(documents), can do only what
    that document lets through.
  - The default version of a document counts, so a new version is made the default. Where a version with the same
    content exists already, that one is.
  - Documents that are there already are taken over. What the task does not name of a document stays as it is, also
    what this module does not know, as long as its type of session stays.
  - For each document, account and Region one request reads it, and one more its tags where the task names some, or
    with whom it is shared where it is to be deleted. A list would save nothing, because it has no content.
author:
  - keyless.aws contributors (@keyless-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - keyless.aws.attributes
  - keyless.aws.attributes.action_group
  - keyless.aws.session_document
  - keyless.aws.targets
options:
  purge_tags:
    description: Whether tags that O(documents[].tags) does not name are removed, except C(keyless:managed).
    type: bool
    default: true
  check_destinations:
    description:
      - Whether a log group, bucket or KMS key is looked at before O(documents[].inputs) name it, as in
        M(keyless.aws.session_preferences).
    type: bool
    default: true
  wait_timeout:
    description: How many seconds to wait for a version of a document to become active.
    type: int
    default: 120
  max_deletions:
    description:
      - How many documents the task may delete, in all accounts and Regions together. A task that would delete more
        fails before it changes anything.
    type: int
    default: 10
  protect:
    description:
      - Names of documents that must not be deleted. C(account/Region/name) protects it in one place only.
      - A task that would delete one of them fails before it changes anything.
    type: list
    elements: str
    default: []
notes:
  - Whoever may create or update session documents decides what sessions do and as whom, so treat that right as root on
    every instance.
  - Whether Run As of the account's preferences holds for the two types with commands is not documented, so grant
    such documents as if they ran with all rights of C(ssm-user), or turn Run As on in O(documents[].inputs).
  - A document can have 1000 versions. Where a new one does not fit, the oldest one that is not the default is deleted,
    and a warning says so.
seealso:
  - module: keyless.aws.session_document_info
  - module: keyless.aws.session_policy
  - module: keyless.aws.session_preferences
  - name: Session document schema
    description: AWS's reference of session documents.
    link: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
"""

EXAMPLES = r"""
# Then people who may use it reach the database, and no other port and no other host, with
#   aws ssm start-session --target i-0123456789abcdef0 --document-name DbTunnel
#   psql -h localhost -p 15432
- name: A tunnel to one database
  keyless.aws.session_document:
    region: ap-northeast-1
    documents:
      - name: DbTunnel
        session_type: port
        description: PostgreSQL of the shop
        port: 5432
        host: db.internal.example.com
        local_port: 15432

# The role has to be there.
- name: Let a role use the tunnel on the jump hosts, and nothing else
  keyless.aws.session_policy:
    policies:
      - name: DbTunnel
        scope:
          principal: role
          accounts: ["111122223333"]
          instances: {tags: {Role: jump}}
          connect: []
          documents: [DbTunnel]
          run_as: optional
        roles: [Developer]

# aws ssm start-session --target i-0123456789abcdef0 --document-name WebPorts --parameters portNumber=8443
- name: One of two ports, in two accounts, on a port of one's own choice
  keyless.aws.session_document:
    targets:
      - role_arn: arn:aws:iam::111122223333:role/keyless
        region: ap-northeast-1
      - role_arn: arn:aws:iam::444455556666:role/keyless
        region: ap-northeast-1
    documents:
      - name: WebPorts
        session_type: port
        port: !unsafe "{{ portNumber }}"
        local_port: !unsafe "{{ localPortNumber }}"
        parameters:
          - {name: portNumber, allowed_values: ["8080", "8443"], default: "8080"}
          - {name: localPortNumber, allowed_pattern: "^[0-9]{1,5}$", default: "0"}
        tags:
          Team: web

- name: A log file to follow
  keyless.aws.session_document:
    documents:
      - name: FollowLog
        session_type: interactive_commands
        commands:
          linux:
            commands: !unsafe "tail -f /var/log/{{ logName }}.log"
        parameters:
          - name: logName
            description: The log's name without .log
            allowed_pattern: "^[a-z0-9_-]{1,40}$"
            default: messages

- name: A shell with time-outs of its own, and an old document goes
  keyless.aws.session_document:
    documents:
      - name: ShortShell
        session_type: standard_stream
        inputs:
          run_as_enabled: true
          run_as_default_user: ""
          idle_session_timeout: 5
          max_session_duration: 30
      - name: OldTunnel
        state: absent

- name: A document by AWS's own names, for SSH on one port only
  keyless.aws.session_document:
    documents:
      - name: Ssh2222
        content:
          schemaVersion: "1.0"
          description: SSH on port 2222
          sessionType: Port
          properties:
            portNumber: "2222"
"""

RETURN = r"""
session_documents:
  description: The documents after the task, one entry for each in each target; in check mode as they would be.
  returned: success
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
      returned: when it exists, and in check mode does not change
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
    tags:
      description: The tags.
      type: dict
      returned: when the task names tags, or makes the document
      sample: {"Team": "web"}
changes:
  description: What was done, or would be done in check mode.
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
      description: What it was done to.
      type: str
      returned: always
      sample: session_document
    name:
      description: Account, Region and document.
      type: str
      returned: always
      sample: 111122223333/ap-northeast-1/DbTunnel
    fields:
      description: The options that an update changes.
      type: list
      elements: str
      returned: for updates
      sample: [host]
created:
  description: How many documents were made.
  returned: always
  type: int
  sample: 1
updated:
  description: How many documents were changed.
  returned: always
  type: int
  sample: 0
deleted:
  description: How many documents were deleted.
  returned: always
  type: int
  sample: 0
failures:
  description:
    - Which documents could not be read (V(read)) or changed, each with its RV(ignore:error). Everything else was done.
  returned: when something failed
  type: list
  elements: dict
  sample:
    - action: read
      kind: session_document
      name: 111122223333/ap-northeast-1/DbTunnel
      error: "the document is there and its type is Command, which cannot be changed to Session"
"""

from ansible_collections.keyless.aws.plugins.module_utils._aws import aws_module
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import GUARD_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.resource import SessionDocuments
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.spec import DOCUMENTS_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._targets import TARGETS_SPEC


def main():
    module = aws_module(
        dict(
            purge_tags=dict(type="bool", default=True),
            check_destinations=dict(type="bool", default=True),
            wait_timeout=dict(type="int", default=120),
            **DOCUMENTS_SPEC,
            **GUARD_SPEC,
            **TARGETS_SPEC,
        )
    )
    reconcile(module, SessionDocuments(module))


if __name__ == "__main__":
    main()
