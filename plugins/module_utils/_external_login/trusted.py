# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a role that is there lets in exactly whom it shall: its trust is put to the proof, not compared. Pure."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from .._evaluation.conditions import context_of, texts
from .._evaluation.evaluate import evaluate

SIGN_IN, TAG, IDENTITY = "sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"
# Which keys AWS lists for each (Service Authorization Reference, AWS Security Token Service): surely carried, that is.
CARRIED = {SIGN_IN: ("SAML:aud", "SAML:iss"), TAG: ("SAML:aud",), IDENTITY: ()}
_PROVIDER = "Federated"
# What nobody shall get in with.
_OTHER_ISSUER = "https://other.example/saml/assertion/other"
_OTHER_AUDIENCE = "https://other.example/saml"


def trust_problems(
    document: Any, provider_arn: str, issuer: str, audiences: Sequence[str], needed: Sequence[str] = (SIGN_IN,)
) -> List[str]:
    """What is wrong with a trust policy: who gets in and should not, and who does not and should.

    needed: the actions that a sign-in needs, such as sts:TagSession where session tags are sent.
    """
    statements = _statements(document)
    if statements is None:
        return ["the trust policy is no policy document"]
    problems = list(_strangers(statements, provider_arn))
    ours = [_for_provider(each) for each in statements if _names(each, provider_arn)]
    policy = {"Version": "2012-10-17", "Statement": ours}
    for audience in audiences:
        sent = {"SAML:aud": audience, "SAML:iss": issuer}
        for action in needed:
            carried = {key: sent[key] for key in CARRIED[action]}
            if _answer(policy, action, carried) != "allowed":
                problems.append(f"it refuses {action} from {issuer} at {audience}")
    for what, context in _attempts(ours, issuer, audiences):
        answer = _answer(policy, SIGN_IN, context)
        if answer not in ("not_allowed", "denied"):
            problems.append(f"it allows {SIGN_IN} {what}" if answer == "allowed" else f"unclear: {SIGN_IN} {what}")
    return list(dict.fromkeys(problems))


def _attempts(
    statements: Sequence[Mapping[str, Any]], issuer: str, audiences: Sequence[str]
) -> Iterator[Tuple[str, Dict[str, str]]]:
    """What has to be refused. Tags and source identity come with a sign-in only, so that the sign-in is what counts.

    Whatever the trust itself names is tried too; a value with wildcards matches itself.
    """
    issuers = [text for text in _values(statements, "SAML:iss") if text != issuer]
    others = [text for text in _values(statements, "SAML:aud") if text not in audiences]
    for audience in audiences:
        ours = {"SAML:aud": audience, "SAML:iss": issuer}
        yield "from another issuer", dict(ours, **{"SAML:iss": _OTHER_ISSUER})
        yield "from an issuer that begins like ours", dict(ours, **{"SAML:iss": issuer + "x"})
        yield "from no issuer", {"SAML:aud": audience}
        for text in issuers:
            yield f"from {text}", dict(ours, **{"SAML:iss": text})
        yield "for another audience", dict(ours, **{"SAML:aud": _OTHER_AUDIENCE})
        yield "for an audience that begins like ours", dict(ours, **{"SAML:aud": audience + "/acs/OTHER"})
    yield "for no audience", {"SAML:iss": issuer}
    for other in others:
        yield f"for {other}", {"SAML:aud": other, "SAML:iss": issuer}
        for text in issuers:
            yield f"from {text} for {other}", {"SAML:aud": other, "SAML:iss": text}


def _values(statements: Sequence[Mapping[str, Any]], key: str) -> List[str]:
    """What all conditions on a key name, each once."""
    conditions = [table for each in statements for table in _tables(each.get("Condition"))]
    found = [texts(values) for table in conditions for name, values in table.items() if _is(name, key)]
    return list(dict.fromkeys(text for several in found for text in several))


def _tables(condition: Any) -> List[Mapping[str, Any]]:
    tables = condition.values() if isinstance(condition, Mapping) else ()
    return [table for table in tables if isinstance(table, Mapping)]


def _is(name: Any, key: str) -> bool:
    return str(name).lower() == key.lower()


def _answer(policy: Mapping[str, Any], action: str, context: Mapping[str, str]) -> str:
    return evaluate([policy], action, "*", context_of(context, complete=True)).effect


def _statements(document: Any) -> Any:
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return None
    found = document.get("Statement") if isinstance(document, Mapping) else None
    listed = [found] if isinstance(found, Mapping) else found
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        return None
    return listed


def _strangers(statements: Sequence[Mapping[str, Any]], provider_arn: str) -> Iterator[str]:
    """Who else is trusted, on whatever condition."""
    for statement in statements:
        if statement.get("Effect") == "Deny":
            continue
        if "NotPrincipal" in statement:
            yield "it trusts everybody but some (NotPrincipal)"
        for kind, name in _principals(statement):
            if (kind, name) != (_PROVIDER, provider_arn):
                yield f"it trusts {kind} {name} too"


def _principals(statement: Mapping[str, Any]) -> List[Tuple[str, str]]:
    principal = statement.get("Principal", {})
    if not isinstance(principal, Mapping):
        return [("everybody:", str(principal))]
    return [
        (str(kind), str(name))
        for kind, names in principal.items()
        for name in (names if isinstance(names, (list, tuple)) else [names])
    ]


def _names(statement: Mapping[str, Any], provider_arn: str) -> bool:
    everybody = statement.get("Principal") == "*"
    return everybody or (_PROVIDER, provider_arn) in _principals(statement) or "NotPrincipal" in statement


def _for_provider(statement: Mapping[str, Any]) -> Dict[str, Any]:
    """The statement as the evaluator of identity policies takes it; a role's trust is about the role alone."""
    kept = {key: value for key, value in statement.items() if key not in ("Principal", "NotPrincipal")}
    return dict(kept, Resource="*")
