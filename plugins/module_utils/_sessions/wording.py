# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a policy allows, in words for people: scopes as they are written, and lines to read. Pure."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Sequence, Tuple

from .meaning import Part
from .reading import Reading
from .scope import IAM_USER, Instances, Scope

_NODE = re.compile(r"arn:aws[a-z-]*:(?:ec2|ssm):([^:]*):([^:]*):(instance|managed-instance)/(.+)")
_DOCUMENT = re.compile(r"arn:aws[a-z-]*:ssm:([^:]*):([^:]*):document/(.+)")
_SESSION = re.compile(r"arn:aws[a-z-]*:ssm:([^:]*):([^:]*):session/(.+)")
# How operators read; others are shown as they are.
_OPERATORS = {"stringequals": "is", "stringlike": "is like", "stringnotequals": "is not", "bool": "is"}


def written(scope: Scope) -> Dict[str, Any]:
    """A scope as a person writes it, without what goes without saying."""
    values: Dict[str, Any] = dict(
        principal=scope.principal,
        accounts=list(scope.accounts),
        regions=list(scope.regions),
        partition="" if scope.partition == "aws" else scope.partition,
        instances=_selection(scope.instances),
        managed_nodes=scope.managed_nodes,
        connect=list(scope.connect),
        documents=list(scope.documents),
        run_as=scope.run_as,
        kms_key_arn=scope.kms_key_arn,
        require_mfa=scope.require_mfa,
        source_ip=list(scope.source_ip),
        valid_until=scope.valid_until,
    )
    found = {key: value for key, value in values.items() if value or key == "connect"}
    if not scope.console:
        found["console"] = False
    return found


def summary(reading: Reading) -> List[str]:
    """A line for each scope, then a line for each thing that the policy says besides."""
    lines = [scope_line(scope) for scope in reading.scopes]
    return lines + [statement_line(part) for part in reading.rest]


def scope_line(scope: Scope) -> str:
    """Such as: shell, port_forward to instances with Team=web in 111122223333, ap-northeast-1; own sessions only."""
    ways = [*scope.connect, *(f"document {name}" for name in scope.documents)]
    nodes = scope.instances.described()
    if scope.managed_nodes:
        nodes = re.sub("instance(s?)", r"instance\1 and managed node\1", nodes, count=1)
    where = f"{_any(scope.accounts, 'account')}, {_any(scope.regions, 'Region')}"
    return "; ".join(
        [f"{', '.join(ways)} to {nodes} in {where}", "own sessions only", *_further(scope)]
    )


def _further(scope: Scope) -> Iterator[str]:
    yield f"Run As {scope.run_as}"
    if scope.kms_key_arn:
        yield f"encrypted with {scope.kms_key_arn}"
    if scope.direct and scope.console:
        yield "may list instances and sessions"
    if scope.require_mfa:
        yield "with MFA"
    if scope.source_ip:
        yield f"from {', '.join(scope.source_ip)}"
    if scope.valid_until:
        yield f"until {scope.valid_until}"
    if scope.principal == IAM_USER:
        yield "for IAM users"


def statement_line(part: Part) -> str:
    """A statement in words, with all that it names."""
    actions, what = ", ".join(part.actions), _resources(part.resources)
    does = "allows" if part.allows else "denies"
    actions = f"everything but {actions}" if part.not_actions else actions
    what = f"everything but {what}" if part.not_resources else what
    tests = " and ".join(_test(*test) for test in part.tests)
    return f"{does} {actions} on {what}" + (f", where {tests}" if tests else "")


def _selection(instances: Instances) -> Dict[str, Any]:
    if instances.ids:
        return dict(ids=list(instances.ids))
    if instances.tags:
        return dict(tags={key: values[0] if len(values) == 1 else list(values) for key, values in instances.tags})
    return dict(principal_tags=list(instances.principal_tags)) if instances.principal_tags else dict(all=True)


def _any(names: Sequence[str], what: str) -> str:
    return " and ".join(names) if names else f"any {what}"


def _resources(arns: Sequence[str]) -> str:
    """Names of one kind and place together."""
    found: Dict[Tuple[str, str], List[str]] = {}
    for arn in arns:
        found.setdefault(_heading(arn)[:2], []).append(_heading(arn)[2])
    return " and ".join(
        f"{heading} {', '.join(names)}".strip() + (f" in {where}" if where else "")
        for (heading, where), names in found.items()
    )


def _heading(arn: str) -> Tuple[str, str, str]:
    """What kind of thing an ARN is about, where that is, and its name."""
    if arn == "*":
        return "everything", "", ""
    for form, many in ((_DOCUMENT, "documents"), (_SESSION, "sessions")):
        match = form.fullmatch(arn)
        if match:
            return many, _where(match.group(2), match.group(1)), match.group(3)
    match = _NODE.fullmatch(arn)
    if not match:
        return "", "", arn
    many = "instances" if match.group(3) == "instance" else "managed nodes"
    where = _where(match.group(2), match.group(1))
    return (f"all {many}", where, "") if match.group(4) == "*" else (many, where, match.group(4))


def _where(account: str, region: str) -> str:
    # an ARN without an account is of what AWS owns
    whose = {"*": "any account", "": "AWS's own"}.get(account, account)
    return f"{whose}, {'any Region' if region == '*' else region}"


def _test(operator: str, key: str, values: Sequence[str]) -> str:
    if operator.lower() == "null":
        return f"{key} is {'missing' if values == ('true',) else 'there'}"
    return f"{key} {_OPERATORS.get(operator.lower(), operator)} {' or '.join(values)}"
