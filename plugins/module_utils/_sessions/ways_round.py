# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways round Run As, and the statements that deny those which a scope does not name.

They are denied whatever else is attached to the same principal.
"""

from __future__ import annotations

from typing import List, Sequence

from .scope import RUN_AS_TAG, SSH, Scope
from .statements import Statement, any_instance, deny, deny_others, document_arns

# Whoever may do one of these is root on the instance, Run As or not: they run documents through the agent, or change
# the session document that says who the session runs as.
RUN_COMMANDS = (
    "ssm:CreateAssociation",
    "ssm:CreateAssociationBatch",
    "ssm:RegisterTaskWithMaintenanceWindow",
    "ssm:SendCommand",
    "ssm:StartAssociationsOnce",
    "ssm:StartAutomationExecution",
    "ssm:StartChangeRequestExecution",
    "ssm:UpdateAssociation",
    "ssm:UpdateMaintenanceWindowTask",
)
WRITE_DOCUMENTS = (
    "ssm:CreateDocument",
    "ssm:DeleteDocument",
    "ssm:ModifyDocumentPermission",
    "ssm:UpdateDocument",
    "ssm:UpdateDocumentDefaultVersion",
    "ssm:UpdateDocumentMetadata",
)
PUSH_KEY = "ec2-instance-connect:SendSSHPublicKey"
PUSH_SERIAL_KEY = "ec2-instance-connect:SendSerialConsoleSSHPublicKey"
PUSH_KEYS = (PUSH_KEY, PUSH_SERIAL_KEY)
TAG_PRINCIPALS = ("iam:CreateRole", "iam:CreateUser", "iam:TagRole", "iam:TagUser", "sts:TagSession")

RUN_AS = "${aws:PrincipalTag/" + RUN_AS_TAG + "}"


def no_session_without_run_as() -> Statement:
    missing = {"Null": {"aws:PrincipalTag/" + RUN_AS_TAG: "true"}}
    return deny("DenySessionsWithoutRunAs", ["ssm:StartSession", PUSH_KEY], ["*"], missing)


def run_as_holds(scopes: Sequence[Scope]) -> List[Statement]:
    """Denials for a principal that has these scopes and no other: what one of them names is not denied."""
    documents = list(dict.fromkeys(arn for scope in scopes for arn in document_arns(scope)))
    instances = any_instance(scopes[0].partition)
    found = [
        no_session_without_run_as(),
        deny_others("DenyOtherSessionDocuments", ["ssm:StartSession"], documents + instances),
        deny("DenyCommandsAndDocumentWriting", sorted(RUN_COMMANDS + WRITE_DOCUMENTS), ["*"]),
        deny("DenyTaggingWithRunAs", TAG_PRINCIPALS, ["*"], {"Null": {"aws:RequestTag/" + RUN_AS_TAG: "false"}}),
    ]
    if any(SSH in scope.connect for scope in scopes):
        others = {"StringNotEquals": {"ec2:osuser": RUN_AS}}
        found.append(deny("DenyKeysForOtherOsUsers", [PUSH_KEY], ["*"], others))
        found.append(deny("DenySerialConsoleKeys", [PUSH_SERIAL_KEY], ["*"]))
    else:
        found.append(deny("DenyPushingKeys", PUSH_KEYS, ["*"]))
    return found
