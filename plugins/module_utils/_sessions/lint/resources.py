# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about resources: ARNs that name nothing that exists."""

from __future__ import annotations

from typing import Iterator, Optional, Tuple

from ..scope import ACCOUNT_ID, INSTANCE_ID, REGION, RESERVED_PREFIXES
from .facts import Policy
from .patterns import Arn, arn_of
from .statements import ERROR, Problem, Statement

_ABOUT = ("ssm:", "ssmmessages:", "ssm-guiconnect:", "ec2-instance-connect:")
_WILD = ("*", "?", "$")


def arns(policy: Policy) -> Iterator[Problem]:
    for statement, text in _written(policy):
        found = _wrong(text)
        if found is not None:
            problem, mend = found
            yield statement.found(
                "resource_names_nothing", ERROR, f"{text}: {problem}.", mend, statement.path + ".Resource"
            )


def _written(policy: Policy) -> Iterator[Tuple[Statement, str]]:
    for statement in policy.statements:
        if any(action.lower().startswith(_ABOUT) for action in statement.actions):
            for text in statement.written:
                yield statement, text


def _wrong(text: str) -> Optional[Tuple[str, str]]:
    """What is wrong and the mend; None where all is well."""
    arn = arn_of(text)
    if arn is None:
        return (
            "it is neither * nor an ARN, so IAM refuses the policy",
            "Write arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE.",
        )
    if arn.service not in ("ec2", "ssm", "ecs") or "{{" in text:
        return None
    if not _open(arn.region) and not REGION.fullmatch(arn.region):
        return f"'{arn.region}' is no Region", "Name a Region, or write * for any."
    if not _open(arn.account) and arn.account and not ACCOUNT_ID.fullmatch(arn.account):
        return f"'{arn.account}' is no account id", "Write the 12 digits, or * for any account."
    return _document(arn) or _node(arn)


def _document(arn: Arn) -> Optional[Tuple[str, str]]:
    name = arn.document
    if not name or arn.service != "ssm":
        return None
    if name.startswith("AWS-") and not arn.is_document(name, by_aws=True):
        return (
            "documents that AWS owns have no account in their ARN, so this one is not matched",
            f"Write arn:aws:ssm:{arn.region}::document/{name}.",
        )
    literal = name.split("*")[0].split("?")[0].split("$")[0].lower()
    reserved = any(literal.startswith(prefix) or prefix.startswith(literal) for prefix in RESERVED_PREFIXES)
    if not arn.account and not reserved:
        return (
            "only documents that AWS owns have no account in their ARN, and this is none of them",
            f"Write arn:aws:ssm:{arn.region}:ACCOUNT:document/{name}.",
        )
    return None


def _node(arn: Arn) -> Optional[Tuple[str, str]]:
    kind, _slash, name = arn.resource.partition("/")
    if (arn.service, kind) not in (("ec2", "instance"), ("ssm", "managed-instance"), ("ssm", "instance")):
        return None
    if (arn.service, kind) == ("ssm", "instance"):
        return "an EC2 instance is a resource of ec2", "Write arn:aws:ec2:REGION:ACCOUNT:instance/..., as EC2 names it."
    if _open(name):
        return None
    managed = kind == "managed-instance"
    if not INSTANCE_ID.fullmatch(name):
        return f"'{name}' is no instance id", "Name an instance, or * with a condition on tags."
    if managed != name.startswith("mi-"):
        right = f"ec2:REGION:ACCOUNT:instance/{name}" if managed else f"ssm:REGION:ACCOUNT:managed-instance/{name}"
        return f"'{name}' is no {kind}", f"Write arn:aws:{right}."
    return None


def _open(text: str) -> bool:
    return any(sign in text for sign in _WILD)
