# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a login is, in the account, what it shall be: provider, trust, policies. Pure."""

from __future__ import annotations

import json
from typing import Any, Iterator, List, Mapping, Optional, Sequence

from .trusted import IDENTITY, SIGN_IN, TAG, trust_problems

Read = Optional[Mapping[str, Any]]


def login_problems(
    login: Mapping[str, Any], provider: Read, role: Read, policies: Sequence[Mapping[str, Any]], least_days: int = 0
) -> List[str]:
    """What is wrong, each with what to do; none where all of it is proven.

    login: as `Login.shown` gives it. provider: of saml_provider_info. role: of amazon.aws.iam_role_info. policies: the
    role's inline policies, of amazon.aws.iam_policy_info. least_days: how long a signing certificate has to be valid.
    """
    if login["state"] == "absent":
        gone = [("SAML provider", provider), ("role", role)]
        return [f"the {what} is still there; run the role external_login again" for what, found in gone if found]
    problems = list(_provider(login, provider, least_days))
    if role is None:
        return problems + [f"there is no role {login['name']} in account {login['account_id']}; run external_login"]
    issuer = (provider or {}).get("entity_id")
    if issuer:
        needed = [SIGN_IN] + ([TAG] if login["principal_tags"] else [])
        needed += [IDENTITY] if login["source_identity_source"] else []
        document = role.get("assume_role_policy_document")
        trust = trust_problems(document, login["provider_arn"], issuer, login["audiences"], needed)
        problems += [f"trust of {login['name']}: {text}" for text in trust]
    return problems + list(_role(login, role)) + list(_policies(login, policies))


def _provider(login: Mapping[str, Any], provider: Read, least_days: int) -> Iterator[str]:
    name = login["provider"]["name"]
    if provider is None:
        yield f"there is no SAML provider {name} in account {login['account_id']}; give its metadata"
        return
    certificates = provider.get("signing_certificates") or []
    if not provider.get("entity_id") or not certificates:
        yield f"SAML provider {name}: its metadata cannot be used; download it again and give it as metadata_file"
        return
    days = max(each["days_left"] for each in certificates)
    if days < least_days:
        yield f"SAML provider {name}: its signing certificate has {days} days left; download the metadata again"


def _role(login: Mapping[str, Any], role: Mapping[str, Any]) -> Iterator[str]:
    name = login["name"]
    if role.get("max_session_duration") != login["max_session_duration"]:
        yield f"{name}: sessions last up to {role.get('max_session_duration')} s, not {login['max_session_duration']} s"
    attached = {each.get("policy_arn") for each in role.get("managed_policies") or []}
    for arn in sorted(attached.symmetric_difference(login["managed_policies"])):
        yield f"{name}: managed policy {arn} " + ("is attached, and not asked for" if arn in attached else "is missing")
    boundary = (role.get("permissions_boundary") or {}).get("permissions_boundary_arn")
    if login["permissions_boundary"] not in (None, boundary):
        yield f"{name}: its permissions boundary is {boundary}, not {login['permissions_boundary']}"


def _policies(login: Mapping[str, Any], policies: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    name, wanted = login["name"], login["policy_name"]
    found = {each["policy_name"]: each.get("policy_document") for each in policies}
    if login["policy"] is not None and _meaning(found.get(wanted)) != _meaning(login["policy"]):
        yield f"{name}: its policy {wanted} is not the one that its scope makes; run external_login again"
    for other in sorted(set(found) - ({wanted} if login["policy"] is not None else set())):
        yield f"{name}: inline policy {other} is none of external_login's; delete it, or find out who put it there"


def _meaning(document: Any) -> Any:
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return None
    return json.dumps(document, sort_keys=True)
