# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of AWS managed policies is what their documents say, which moto carries."""

from __future__ import annotations

import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.statements import read_document
from ansible_collections.keyless.aws.plugins.module_utils._sessions.managed_policies import MANAGED
from ansible_collections.keyless.aws.plugins.module_utils._sessions.ways_round import (
    PUSH_KEYS,
    RUN_COMMANDS,
    TAG_PRINCIPALS,
    WRITE_DOCUMENTS,
)
from moto.iam.aws_managed_policies import aws_managed_policies_data

SESSIONS = ("ssm:StartSession", "ssm:TerminateSession", "ssm:ResumeSession", "ssmmessages:OpenDataChannel")
ACTIONS = (*SESSIONS, *RUN_COMMANDS, *WRITE_DOCUMENTS, *PUSH_KEYS, *TAG_PRINCIPALS)
DOCUMENTS = json.loads(aws_managed_policies_data)


def allowed(document):
    statements = read_document(document).statements
    return {action for action in ACTIONS if any(one.allows(action) and one.everywhere for one in statements)}


@pytest.mark.parametrize("name", MANAGED)
def test_known_policies_allow_what_is_known(name):
    known = {"Statement": MANAGED[name]} if MANAGED[name] else {}
    assert allowed(known) == allowed(DOCUMENTS[name]["Document"])
