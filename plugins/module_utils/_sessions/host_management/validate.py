# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's name as AWS wants it, and whether the role will do. Pure: no AWS, no Ansible.

What the role needs is told in
https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html
"""

from __future__ import annotations

import re
from typing import Any, Iterator, List, Mapping, Sequence, Tuple

from .records import POLICY, SERVICE, Look

_ROLE = re.compile(r"([!-.0-~]+/)*[\w+=,.@-]{1,64}", re.ASCII)
_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/(.+)")


def role_problems(role: str) -> Iterator[str]:
    arn = _ARN.fullmatch(role)
    if arn:
        yield f"role: '{role}' is an ARN; give the role's name with its path, '{arn.group(1)}'"
    elif role.startswith("/"):
        yield f"role: '{role}' begins with a slash; AWS wants none there, give '{role.lstrip('/')}'"
    elif not _ROLE.fullmatch(role):
        yield f"role: '{role}' is not the name of a role with its path, such as service-role/Name"


def split(role: str) -> Tuple[str, str]:
    """The path and the name: 'service-role/Name' is '/service-role/' and 'Name'."""
    path, _slash, name = role.rpartition("/")
    return (f"/{path}/" if path else "/", name)


def look_problems(account: str, role: str, look: Look) -> List[str]:
    """Why instances would get nothing from the role."""
    if look.there is None:
        return []
    path, name = split(role)
    if not look.there:
        return [
            f"role: {account} has no role '{name}'; make it first, let {SERVICE} assume it and attach {POLICY}, or set "
            "check_role=false"
        ]
    if look.path != path:
        return [f"role: '{name}' of {account} has the path {look.path}; give '{look.path[1:]}{name}'"]
    if not look.trusted:
        return [
            f"role: {SERVICE} may not assume '{name}' of {account}; allow it sts:AssumeRole in the role's trust policy"
        ]
    return []


def look_warnings(account: str, role: str, look: Look) -> List[str]:
    """What may be meant so, or could not be looked at."""
    name = split(role)[1]
    if look.hidden:
        return [f"{account}: role '{name}' was not checked. {look.hidden}"]
    if look.there and look.policies is not None and POLICY not in look.policies:
        return [f"{account}: {POLICY} is not attached to role '{name}'; instances may do only what its policies allow"]
    return []


def trusts(document: Any, service: str = SERVICE) -> bool:
    """Whether a trust policy lets a service assume the role. Conditions are not judged: they are of the service."""
    statements = document.get("Statement", []) if isinstance(document, Mapping) else []
    return any(_allows(entry, service) for entry in _list(statements) if isinstance(entry, Mapping))


def _allows(statement: Mapping[str, Any], service: str) -> bool:
    principal = statement.get("Principal")
    services = _list(principal.get("Service", [])) if isinstance(principal, Mapping) else _list(principal)
    actions = [str(action).lower() for action in _list(statement.get("Action"))]
    return (
        statement.get("Effect") == "Allow"
        and bool({service, "*"} & set(services))
        and bool({"sts:assumerole", "sts:*", "*"} & set(actions))
    )


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value]
