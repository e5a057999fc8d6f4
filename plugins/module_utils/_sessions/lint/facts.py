# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules ask of a policy and of its statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

from ..managed_policies import MANAGED
from ..remote_desktop import GUI_CONNECT
from ..scope import RUN_AS_TAG
from .patterns import DOCUMENT, NODES, any_of
from .statements import Document, Line, Statement, read_document

START, TERMINATE, RESUME = "ssm:StartSession", "ssm:TerminateSession", "ssm:ResumeSession"
OPEN_CHANNEL = "ssmmessages:OpenDataChannel"
PUSH_KEY = "ec2-instance-connect:SendSSHPublicKey"
ACCESS_CHECK = "ssm:SessionDocumentAccessCheck"
SESSION_TAG = "ssm:resourceTag/aws:ssmmessages:"
SESSION_OWNER = SESSION_TAG + "session-id"
RUN_AS_KEY = "aws:PrincipalTag/" + RUN_AS_TAG
FEDERATED = ("identity_center", "saml", "role")
KINDS = {
    "identity_center": "a permission set of IAM Identity Center",
    "saml": "a role that people enter through SAML",
    "role": "a role",
    "iam_user": "an IAM user",
}
_TAGS = ("ssm:resourceTag/", "aws:ResourceTag/", "ec2:ResourceTag/")


@dataclass(frozen=True)
class Policy:
    """A policy and what is known about where it is attached. managed: ARNs or names; run_as: None for not known."""

    document: Document
    principal: Optional[str] = None
    managed: Tuple[str, ...] = ()
    run_as: Optional[bool] = None

    @property
    def statements(self) -> List[Statement]:
        return self.document.statements

    @property
    def starts(self) -> List[Statement]:
        """The statements that allow sessions to be started."""
        return [statement for statement in self.statements if statement.allows(START)]

    def allowing(self, *actions: str) -> List[Statement]:
        return [one for one in self.statements if any(one.allows(action) for action in actions)]

    @property
    def others_too(self) -> bool:
        """Whether policies that are not known here stand beside it."""
        return any(name not in MANAGED for name in self.managed_names)

    @property
    def managed_names(self) -> List[str]:
        """AWS's own by their names; a policy of the account may have the same name and stays what it is."""
        return [entry.rsplit("/", 1)[-1] if "::aws:policy/" in entry else entry for entry in self.managed]

    @property
    def beside(self) -> List[Statement]:
        """The statements of the AWS managed policies beside it that are known; each has the policy's name."""
        known = [dict(MANAGED[name], Sid=name) for name in self.managed_names if MANAGED.get(name)]
        return read_document({"Statement": known}).statements if known else []


def instance_tags(statement: Statement) -> List[Line]:
    """The lines about tags of instances or documents, not of sessions."""
    return [line for line in statement.lines if line.key.lower().startswith(_LOWER) and not line.begins(SESSION_TAG)]


_LOWER = tuple(prefix.lower() for prefix in _TAGS)


def tagged_only(statement: Statement) -> List[Line]:
    """The lines that no resource without that tag fulfils."""
    return [line for line in instance_tags(statement) if line.needs_key]


def checks_access(statement: Statement) -> List[Line]:
    return [
        line
        for line in statement.lines
        if line.is_key(ACCESS_CHECK) and line.values == ("true",) and not line.negated and line.name != "Null"
    ]


def through_guiconnect(statement: Statement) -> bool:
    """Whether it counts only for what Fleet Manager does for somebody."""
    keys = ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast")
    return any(line.key.lower() in keys and line.values == (GUI_CONNECT,) for line in statement.lines)


def reaches(statement: Statement, *kinds: str) -> bool:
    return statement.excludes or any_of(statement.resources, *kinds)


def reaches_nodes(statement: Statement) -> bool:
    return reaches(statement, *NODES)


def grants_documents(statements: Sequence[Statement]) -> bool:
    """Whether a session document is granted at all: what demands a tag grants none that AWS owns."""
    return any(reaches(one, DOCUMENT) and not tagged_only(one) for one in statements)


def grants_document(statements: Sequence[Statement], name: str) -> bool:
    """Whether a document of the account's own is granted."""
    return any(
        one.excludes or any(arn.is_document(name, by_aws=False) for arn in one.resources)
        for one in statements
        if not tagged_only(one)
    )
