# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checklist for the console of the external Identity Center: what AWS has no API for, with every value. Pure.

Sources: AWS's "IAM Identity Center Integration Guide for External AWS Account" for the steps and the limits, botocore's
model of sso-admin for what there is no API for, "Configure SAML assertions for the authentication response" (IAM User
Guide) for the attributes, and AWS's SAML service provider metadata of each partition for its audience.
"""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Optional, Sequence, Tuple

from .._sessions.scope import RUN_AS_TAG
from .sources import SESSION_NAME_RULE, SUBJECT, is_attribute, source_note

# Partition -> entity ID of AWS's sign-in, which the console calls "Application SAML audience".
AUDIENCES = {
    "aws": "urn:amazon:webservices",
    "aws-cn": "urn:amazon:webservices:cn-north-1",
    "aws-us-gov": "urn:amazon:webservices:govcloud",
}
_PREFIX = "https://aws.amazon.com/SAML/Attributes/"
_EMPTY = "(leave it empty)"

_INTRODUCTION = """\
# Sign-in from an external IAM Identity Center

These steps are done in the console of the **external** IAM Identity Center, by its administrators. AWS has no API for
them: "You can create a SAML 2.0 customer managed application in the Amazon Web Services Management Console only"
(CreateApplication), and attribute mappings are in no operation at all.

An application of the kind *External AWS Account* maps one role, so that each role needs an application of its own.
People sign in from the AWS access portal only; it does not support sign-in that begins at the account's side.
"""

Row = Tuple[str, ...]


def checklist(logins: Sequence[Mapping[str, Any]], issuers: Optional[Mapping[str, str]] = None) -> str:
    """Markdown for logins as `Login.shown` gives them; those to be removed get a step of their own.

    issuers: entity ID by the ARN of the provider, as far as metadata has told it.
    """
    parts = [_INTRODUCTION]
    for number, login in enumerate(logins, 1):
        present = login["state"] == "present"
        lines = list(_login(login, (issuers or {}).get(login["provider_arn"])) if present else _gone())
        parts.append("\n".join([f"\n## {number}. {_heading(login)}\n", *lines]))
    return "\n".join(parts) + "\n"


def attribute_mappings(login: Mapping[str, Any]) -> List[Row]:
    """Attribute of the application, what it maps to, and the format."""
    rows: List[Row] = [
        ("Subject", SUBJECT, "persistent"),
        (_PREFIX + "Role", f"{login['provider_arn']},{login['arn']}", "unspecified"),
        (_PREFIX + "RoleSessionName", login["session_name_source"], "unspecified"),
        (_PREFIX + "SessionDuration", str(login["session_duration"]), "unspecified"),
    ]
    for key, source in sorted(login["principal_tags"].items()):
        rows.append((f"{_PREFIX}PrincipalTag:{key}", source, "unspecified"))
    if login["source_identity_source"]:
        rows.append((_PREFIX + "SourceIdentity", login["source_identity_source"], "unspecified"))
    return rows


def _heading(login: Mapping[str, Any]) -> str:
    return f"Application \"{login['application']}\" for role {login['name']} in account {login['account_id']}"


def _gone() -> List[str]:
    return ["- [ ] Delete the application. Its role and its SAML provider are gone, so that it leads nowhere."]


def _login(login: Mapping[str, Any], issuer: Optional[str]) -> Iterator[str]:
    yield from (
        "- [ ] In *Applications*, *Customer managed*, choose *Add application*, then from the catalog"
        " *External AWS Account*.",
        "- [ ] Give it these values, and compare what is filled in already:",
        "",
    )
    yield from _table(("Field", "Value"), _fields(login))
    yield from (
        "",
        "- [ ] Download the *IAM Identity Center SAML metadata file*, not the certificate, and not the page that shows"
        f" it. It is the metadata of the SAML provider `{login['provider']['name']}`.",
    )
    if issuer:
        yield f"- [ ] Compare: the `entityID` in it, and the *IAM Identity Center SAML issuer URL*, is `{issuer}`."
    yield from ("- [ ] In *Actions*, *Edit attribute mappings*, enter exactly these:", "")
    yield from _table(
        ("User attribute in the application", "Maps to this string value or user attribute", "Format"),
        attribute_mappings(login),
    )
    yield from ("", *_notes(login))
    yield (
        "- [ ] Assign users and groups to the application, in the console or with"
        " `keyless.aws.application_assignments`, and see that its status is *Enabled*."
    )
    yield "- [ ] Sign in to the access portal as one of them and choose the application."


def _fields(login: Mapping[str, Any]) -> Iterator[Row]:
    first, others = login["audiences"][0], login["audiences"][1:]
    also = f" (or {', '.join(f'`{url}`' for url in others)})" if others else ""
    yield ("Display name", f"`{login['application']}`")
    yield ("Description", f"`{login['description'][:128]}`")
    yield ("Application start URL", _EMPTY)
    yield ("Relay state", f"`{login['relay_state']}`" if login["relay_state"] else _EMPTY)
    yield ("Session duration", f"not less than {_hours(login['session_duration'])}")
    yield ("Application ACS URL", f"`{first}`{also}")
    yield ("Application SAML audience", f"`{AUDIENCES[login['partition']]}`")


def _notes(login: Mapping[str, Any]) -> Iterator[str]:
    """What to know of these values, indented as a part of the step."""
    tags = login["principal_tags"]
    notes: List[Optional[str]] = [
        "Upper and lower case matter. AWS documents the two ARNs of `Role` in either order, without a blank.",
        f"What arrives as `RoleSessionName` has to be {SESSION_NAME_RULE}; otherwise the sign-in fails.",
    ]
    notes += [source_note(source) for source in (login["session_name_source"], *dict(sorted(tags.items())).values())]
    if RUN_AS_TAG in tags:
        notes.append(f"What arrives as `{RUN_AS_TAG}` has to be an OS user on every instance, or no session opens.")
        if not is_attribute(tags[RUN_AS_TAG]):
            notes.append("That is the same OS user for everybody: only the session's name tells who did what.")
    yield from (f"  - {note}" for note in dict.fromkeys(filter(None, notes)))
    yield ""


def _table(heading: Row, rows: Any) -> Iterator[str]:
    yield "| " + " | ".join(heading) + " |"
    yield "|" + "---|" * len(heading)
    for row in rows:
        cells = row if len(row) == 2 else tuple(f"`{cell}`" for cell in row)
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _hours(seconds: int) -> str:
    hours, minutes = divmod(-(-seconds // 60), 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join(parts + ([f"{minutes} min"] if minutes else []))
