# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an application of Identity Center can send about a person, and where that is of no use. Pure.

The attributes are those of AWS's "Attribute mappings" (IAM Identity Center User Guide); the rules for session names and
tags those of "Configure SAML assertions for the authentication response" (IAM User Guide).
"""

from __future__ import annotations

import re
from typing import Optional

from .._hosts.names import os_user_name_problem
from .._sessions.scope import RUN_AS_TAG, TAG_KEY, TAG_KEY_RULE, TAG_VALUE, TAG_VALUE_RULE
from .._shape import listed

EMAIL, SUBJECT = "${user:email}", "${user:subject}"
ATTRIBUTES = (
    "AD_GUID", "AD_SID", "email", "familyName", "givenName", "middleName", "name", "preferredUsername", "subject",
)  # fmt: skip
SESSION_NAME_RULE = "2 to 64 letters, digits or any of _ + = , . @ -"

_ATTRIBUTE = re.compile(r"\$\{([^{}]*)\}")
_NAMED = re.compile(r"[A-Za-z]+:[^{}]+")


def is_attribute(text: str) -> bool:
    """Whether it is different for each person, and not one text for everybody."""
    return bool(_ATTRIBUTE.search(text))


def attribute_problem(text: str) -> Optional[str]:
    """What is wrong with a source that has to be different for each person; None where nothing is."""
    return _form_problem(text) or (None if is_attribute(text) else _same_for_all(text))


def tag_problem(key: str, text: str) -> Optional[str]:
    """What is wrong with a session tag and where its value comes from: an attribute, or one text for everybody."""
    if not TAG_KEY.fullmatch(key) or key.lower().startswith("aws:"):
        return f"'{key}' is not {TAG_KEY_RULE}, and not of AWS's own (aws:)"
    problem = _form_problem(text)
    if problem or is_attribute(text):
        if not problem and key == RUN_AS_TAG and EMAIL in text:
            return f"{EMAIL} sends an e-mail address, and no OS user has such a name; give another attribute"
        return problem
    if key == RUN_AS_TAG:
        return os_user_name_problem(text)
    return None if TAG_VALUE.fullmatch(text) else f"'{text}' is not {TAG_VALUE_RULE}"


def source_note(text: str) -> Optional[str]:
    """What a person should know of a source that is no mistake."""
    found = _ATTRIBUTE.findall(text)
    names = [each.partition(":")[2] for each in found if each.startswith("user:")]
    if len([name for name in names if name in ATTRIBUTES]) < len(found):
        return f"`{text}` is not in AWS's list of what applications can send: see that it arrives before relying on it."
    if "preferredUsername" in names or "name" in names:
        return f"`{text}` may be the display name, which can have blanks: look at what it is for each person."
    return None


def _form_problem(text: str) -> Optional[str]:
    wrong = [found for found in _ATTRIBUTE.findall(text) if not _NAMED.fullmatch(found)]
    if wrong or "${" in _ATTRIBUTE.sub("", text):
        known = listed(f"${{user:{name}}}" for name in ATTRIBUTES)
        return f"'{text}' is not an attribute of Identity Center; give one of {known}"
    return None


def _same_for_all(text: str) -> str:
    return f"'{text}' would be the same for everybody; give an attribute, such as {EMAIL} or {SUBJECT}"
