# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a policy document can be put, and how large it may be there (AWS: "IAM and STS character limits")."""

from __future__ import annotations

import json
import re
from typing import Any, Dict

from .._reconcile import UserError

PERMISSION_SET, MANAGED_POLICY, USER, GROUP = "permission_set", "managed_policy", "user", "group"
ROLE, SESSION, ANYWHERE = "role", "session", "anywhere"
# Characters at most. White space is not counted, but for a session's own policy.
LARGEST: Dict[str, int] = {
    PERMISSION_SET: 10240,
    MANAGED_POLICY: 6144,
    USER: 2048,
    GROUP: 5120,
    ROLE: 10240,
    SESSION: 2048,
}
PLACES = (*LARGEST, ANYWHERE)
_NAMES = {
    PERMISSION_SET: "a permission set takes",
    MANAGED_POLICY: "a managed policy takes",
    USER: "all inline policies of a user together may have",
    GROUP: "all inline policies of a group together may have",
    ROLE: "all inline policies of a role together may have",
    SESSION: "a session's own policy takes",
}
# What helps where shorter lists do not. Inline policies share one limit, so that to split one gains nothing.
_MANAGED_INSTEAD = "or make it a managed policy (keyless.aws.session_policy)"
_LAST_RESORT = {
    USER: _MANAGED_INSTEAD,
    GROUP: _MANAGED_INSTEAD,
    ROLE: _MANAGED_INSTEAD,
    SESSION: "or set console to false",
}


def minified(document: Any) -> str:
    """As text, without white space between its parts. IAM takes nothing beyond Latin-1 but as JSON's escapes."""
    return json.dumps(document, separators=(",", ":"))


def policy_size(document: Any, place: str = ANYWHERE) -> int:
    """How many characters AWS counts: white space is free, even in values, but for a session's own policy."""
    text = document if isinstance(document, str) else minified(document)
    return len(text) if place == SESSION else len(re.sub(r"\s", "", text))


def size_problem(document: Any, place: str) -> str:
    """Why a document does not fit into a place, with what would help; '' where it fits."""
    size = policy_size(document, place)
    if size <= LARGEST.get(place, size):
        return ""
    counted = "characters" if place == SESSION else "characters without white space"
    return (
        f"the policy has {size} {counted}, {_NAMES[place]} {LARGEST[place]}; select instances by tags or "
        f"principal_tags instead of ids, name fewer accounts and Regions, {_LAST_RESORT.get(place, 'or split it')}"
    )


def fitted(document: Dict[str, Any], place: str) -> Dict[str, Any]:
    """The document, refused with its size where it does not fit into a place."""
    problem = size_problem(document, place)
    if problem:
        raise UserError(problem)
    return document
