# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows desktops in the browser: Fleet Manager's Remote Desktop, signed in through IAM Identity Center.

The desktop is a port forwarding session that ssm-guiconnect starts on the person's behalf, as a local administrator
that the document AWSSSO-CreateSSOUser makes first (AWS: "Connect to a managed node using Remote Desktop").
"""

from __future__ import annotations

from typing import List

from .scope import PORT_FORWARD, Scope
from .statements import AWS_DOCUMENTS, Condition, Statement, allow, arns, guard, instance_arns, tagged

GUI_CONNECT = "ssm-guiconnect.amazonaws.com"
THROUGH = {"ForAnyValue:StringEquals": {"aws:CalledVia": GUI_CONNECT}}
MAKE_USER_DOCUMENT = "AWSSSO-CreateSSOUser"
_CONNECTION = ("CancelConnection", "GetConnection", "ListConnections", "StartConnection")
_SEE = (
    "ec2:DescribeInstances",
    "identitystore:DescribeUser",
    "ssm:DescribeInstanceProperties",
    "ssm:GetCommandInvocation",
    "ssm:GetInventorySchema",
    "sso:ListDirectoryAssociations*",
)


def remote_desktop(scope: Scope, document_check: Condition) -> List[Statement]:
    """What a desktop needs, on the scope's instances only."""
    tags, always = tagged(scope, "ssm:resourceTag/"), guard(scope)
    desktop = [arn for name in AWS_DOCUMENTS[PORT_FORWARD] for arn in arns(scope, "ssm", "document/" + name, "")]
    # AWS does not say which account owns the document. Nobody else can make one whose name begins with AWS.
    make_user = arns(scope, "ssm", "document/" + MAKE_USER_DOCUMENT, account="*")
    start = ["ssm:StartSession"]
    return [
        allow("StartDesktopsOnInstances", start, instance_arns(scope), document_check, tags, THROUGH, always),
        allow("WithTheDesktopDocument", start, desktop, document_check, THROUGH, always),
        allow("MakeLocalUserOnInstances", ["ssm:SendCommand"], instance_arns(scope), tags, always),
        allow("WithTheLocalUserDocument", ["ssm:SendCommand"], make_user, always),
        allow("ConnectDesktops", ["ssm-guiconnect:" + word for word in _CONNECTION], ["*"], always),
        allow("SeeDesktops", _SEE, ["*"], always),
    ]
