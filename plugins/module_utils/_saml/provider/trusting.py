# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which roles trust a SAML provider. Pure."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Set


def trusted_providers(policy: Any) -> Set[str]:
    """The ARNs of federated principals that a trust policy lets in."""
    found: Set[str] = set()
    statements = policy.get("Statement", []) if isinstance(policy, Mapping) else []
    for statement in statements if isinstance(statements, list) else [statements]:
        if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
            continue
        principal = statement.get("Principal")
        federated = principal.get("Federated", []) if isinstance(principal, Mapping) else []
        found.update(federated if isinstance(federated, list) else [federated])
    return found


def roles_by_provider(roles: Iterable[Mapping[str, Any]]) -> Dict[str, List[str]]:
    """ARN of a provider -> names of the roles that trust it, from what ListRoles gives."""
    found: Dict[str, List[str]] = {}
    for role in roles:
        for arn in trusted_providers(role.get("AssumeRolePolicyDocument")):
            found.setdefault(arn, []).append(role["RoleName"])
    return {arn: sorted(names) for arn, names in found.items()}
