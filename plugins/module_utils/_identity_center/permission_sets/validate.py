# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permission sets as people write them: everything that Identity Center would refuse, found beforehand.

Limits from CreatePermissionSet, UpdatePermissionSet and PutInlinePolicyToPermissionSet in the IAM Identity Center API
reference, and from https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html.
"""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..._guardrails import Guard
from ..._reconcile import Problems
from .records import (
    DETAILS,
    PermissionSet,
)

MAX_INLINE_POLICY = 10240  # characters without white space
MAX_INLINE_POLICY_TEXT = 32768
MAX_TAGS = 50
MAX_POLICIES = 20  # managed and customer managed together

_NAME = re.compile(r"[\w+=,.@-]{1,32}", re.ASCII)
# tab, line feed, carriage return and Latin-1 without its control characters and without the no-break space
_DESCRIPTION = re.compile(r"[\t\n\r\x20-\x7e\xa1-\xff]*")
_RELAY_STATE = re.compile(r"""[a-zA-Z0-9&$@#\\/%?=~\-_'"|!:,.;*+\[\] (){}]{0,240}""")
_DURATION = re.compile(r"PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_MANAGED_POLICY = re.compile(r"arn:aws(-[a-z]{1,5}){0,3}:iam::aws:policy(/[A-Za-z0-9.,+@=_-]+)*/[A-Za-z0-9.,+=@_-]+")
_POLICY_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_POLICY_PATH = re.compile(r"(/[A-Za-z0-9.,+@=_-]+)*/")
_TAG_CHARACTERS = "letters, digits, blanks or any of _ . : / = + - @"
_TAG = re.compile(r"[^\W_]|[\s_.:/=+\-@]")

# A finding: the option under the permission set, such as `session_duration`, and what is wrong with it.
Finding = Tuple[str, str]


def permission_sets(
    items: Sequence[Mapping[str, Any]], guard: Optional[Guard] = None, option: str = "permission_sets"
) -> List[PermissionSet]:
    """The module's list as records; `Problems` with every finding where there is any."""
    problems: List[str] = []
    records = []
    names: Dict[str, int] = {}
    for index, item in enumerate(items):
        first = names.setdefault(item["name"], index)
        findings = list(_findings(item))
        if first != index:
            findings.insert(0, ("name", f"'{item['name']}' is listed twice, first as {option}[{first}]; list it once"))
        problems.extend(f"{option}[{index}].{path}: {text}" for path, text in findings)
        if not findings:
            records.append(_record(item))
    problems.extend(guard.findings() if guard else [])
    if problems:
        raise Problems(problems)
    return records


def duration_seconds(text: str) -> Optional[int]:
    """Seconds of an ISO 8601 duration in hours, minutes and seconds, such as PT4H; None if it is none."""
    match = _DURATION.fullmatch(text)
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def _findings(item: Mapping[str, Any]) -> Iterator[Finding]:
    if not _NAME.fullmatch(item["name"]):
        yield "name", f"'{item['name']}' must be 1 to 32 letters, digits or any of + = , . @ _ -"
    if item.get("state") == "absent":
        return
    if item.get("unassign"):
        yield "unassign", "goes with state: absent only, because it takes every assignment of the set away"
    yield from _setting_findings(item)
    yield from _inline_policy_findings(item.get("inline_policy"))
    yield from _policy_findings(item)
    yield from _boundary_findings(item.get("permissions_boundary"))
    yield from _tag_findings(item.get("tags"))


def _setting_findings(item: Mapping[str, Any]) -> Iterator[Finding]:
    description, relay_state, duration = (item.get(key) for key in ("description", "relay_state", "session_duration"))
    if description is not None:
        if not description:
            yield "description", "'' is refused: AWS cannot clear a description; leave it out or give a text"
        elif len(description) > 700:
            yield "description", f"{len(description)} characters are too many; give at most 700"
        elif not _DESCRIPTION.fullmatch(description):
            odd = [character for character in description if not _DESCRIPTION.fullmatch(character)][0]
            yield "description", f"'{description}' has '{odd}', which is outside Latin-1, the only characters AWS takes"
    if relay_state is not None and not _RELAY_STATE.fullmatch(relay_state):
        yield "relay_state", f"'{relay_state}' must be a URL of at most 240 characters that AWS allows"
    if duration is not None:
        seconds = duration_seconds(duration)
        if seconds is None:
            yield "session_duration", f"'{duration}' is not an ISO 8601 duration such as PT4H; give PT1H to PT12H"
        elif not 3600 <= seconds <= 43200:
            wrong = "longer than PT12H" if seconds > 43200 else "shorter than PT1H"
            yield "session_duration", f"{duration} is {wrong}; give PT1H to PT12H"


def _inline_policy_findings(text: Optional[str]) -> Iterator[Finding]:
    if text is None or not text.strip():
        return
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield "inline_policy", f"is not JSON ({error}); give a policy document, as a dictionary or as JSON text"
        return
    if document == {}:
        return
    if not isinstance(document, dict) or not isinstance(document.get("Statement") or None, (dict, list)):
        yield "inline_policy", f"{_short(text)} is no policy document: it has no Statement"
        return
    size = len(re.sub(r"\s", "", text))
    if size > MAX_INLINE_POLICY or len(text) > MAX_INLINE_POLICY_TEXT:
        yield "inline_policy", (
            f"has {size} characters without white space, AWS takes {MAX_INLINE_POLICY}; "
            "move a part into customer_managed_policies, or name instances by tags instead of ids"
        )


def _policy_findings(item: Mapping[str, Any]) -> Iterator[Finding]:
    managed, customer = item.get("managed_policies") or [], item.get("customer_managed_policies") or []
    for index, arn in enumerate(managed):
        if not _MANAGED_POLICY.fullmatch(arn):
            yield f"managed_policies[{index}]", (
                f"'{arn}' is not the ARN of an AWS managed policy (arn:aws:iam::aws:policy/NAME); "
                "a policy of your own goes into customer_managed_policies"
            )
        elif arn in managed[:index]:
            yield f"managed_policies[{index}]", f"'{arn}' is listed twice; list it once"
    for index, reference in enumerate(customer):
        yield from _reference_findings(f"customer_managed_policies[{index}]", reference)
        if reference in customer[:index]:
            yield f"customer_managed_policies[{index}]", f"'{reference['name']}' is listed twice; list it once"
    if len(managed) + len(customer) > MAX_POLICIES:
        yield "managed_policies", (
            f"{len(managed)} managed and {len(customer)} customer managed policies are more than the {MAX_POLICIES} "
            "that a permission set can have"
        )


def _reference_findings(path: str, reference: Mapping[str, Any]) -> Iterator[Finding]:
    if not _POLICY_NAME.fullmatch(reference["name"]):
        yield f"{path}.name", f"'{reference['name']}' is not the name of an IAM policy; give its name, not its ARN"
    if not _POLICY_PATH.fullmatch(reference.get("path") or "/"):
        yield f"{path}.path", f"'{reference['path']}' is not an IAM path; it begins and ends with /: /teams/web/"


def _boundary_findings(boundary: Optional[Mapping[str, Any]]) -> Iterator[Finding]:
    arn, reference = (boundary or {}).get("managed_policy_arn"), (boundary or {}).get("customer_managed_policy")
    if arn and reference:
        yield "permissions_boundary", "give managed_policy_arn or customer_managed_policy, not both"
    elif arn and not _MANAGED_POLICY.fullmatch(arn):
        yield "permissions_boundary.managed_policy_arn", (
            f"'{arn}' is not the ARN of an AWS managed policy; a policy of your own goes into customer_managed_policy"
        )
    elif reference:
        yield from _reference_findings("permissions_boundary.customer_managed_policy", reference)


def _tag_findings(tags: Optional[Mapping[str, Any]]) -> Iterator[Finding]:
    if len(tags or {}) > MAX_TAGS:
        yield "tags", f"{len(tags or {})} tags are more than the {MAX_TAGS} that a permission set can have"
    for key, value in (tags or {}).items():
        if value is None or isinstance(value, (bool, dict, list)):
            yield "tags", f"the value of '{key}' is {value!r}, not a text; quote it"
        elif not 1 <= len(key) <= 128 or key.lower().startswith("aws:") or not all(_TAG.match(c) for c in key):
            yield "tags", f"'{key}' is no tag key: AWS takes 1 to 128 {_TAG_CHARACTERS}, not beginning with aws:"
        elif len(str(value)) > 256 or not all(_TAG.match(c) for c in str(value)):
            yield "tags", f"'{value}' is no value for the tag '{key}': AWS takes at most 256 {_TAG_CHARACTERS}"


def _record(item: Mapping[str, Any]) -> PermissionSet:
    """The record of an item that has no findings."""
    keys = ("description", "relay_state", "session_duration") + DETAILS
    values: Dict[str, Any] = {key: item.get(key) for key in keys}
    if values["inline_policy"] is not None:
        values["inline_policy"] = json.loads(values["inline_policy"].strip() or "{}")
    if values["customer_managed_policies"] is not None:
        values["customer_managed_policies"] = [_reference(each) for each in values["customer_managed_policies"]]
    boundary = values["permissions_boundary"]
    if boundary is not None:
        reference = boundary.get("customer_managed_policy")
        values["permissions_boundary"] = {
            key: value
            for key, value in (
                ("managed_policy_arn", boundary.get("managed_policy_arn")),
                ("customer_managed_policy", _reference(reference) if reference else None),
            )
            if value
        }
    if values["tags"] is not None:
        values["tags"] = {key: str(value) for key, value in values["tags"].items()}
    absent = item.get("state") == "absent"
    return PermissionSet(name=item["name"], absent=absent, unassign=bool(item.get("unassign")), **values)


def _reference(reference: Mapping[str, Any]) -> Dict[str, str]:
    return dict(name=reference["name"], path=reference.get("path") or "/")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
