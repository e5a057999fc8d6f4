# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in the directory may feed an attribute for access control, and where a user keeps it.

A source is written `${path:nickName}`, or `nickName` for short. Only what Identity Center supports gets through:
it takes any other text too, and then silently sends nothing, so that a session fails far away from the mistake.
"""

from __future__ import annotations

import difflib
import re
from typing import Any, Dict, Mapping, Optional, Tuple

from ..._reconcile import UserError

_WORK_ADDRESS = 'addresses[type eq "work"].'

# Source (short form) -> where a user of the module identity_store keeps its value.
SOURCE_OPTIONS: Dict[str, Tuple[str, ...]] = {
    "userName": ("user_name",),
    "name.familyName": ("family_name",),
    "name.givenName": ("given_name",),
    "displayName": ("display_name",),
    "nickName": ("nick_name",),
    "emails[primary eq true].value": ("email",),
    _WORK_ADDRESS + "streetAddress": ("address", "street_address"),
    _WORK_ADDRESS + "locality": ("address", "locality"),
    _WORK_ADDRESS + "region": ("address", "region"),
    _WORK_ADDRESS + "postalCode": ("address", "postal_code"),
    _WORK_ADDRESS + "country": ("address", "country"),
    _WORK_ADDRESS + "formatted": ("address", "formatted"),
    'phoneNumbers[type eq "work"].value': ("phone",),
    "userType": ("user_type",),
    "title": ("title",),
    "locale": ("locale",),
    "timezone": ("timezone",),
    "enterprise.employeeNumber": ("enterprise", "employee_number"),
    "enterprise.costCenter": ("enterprise", "cost_center"),
    "enterprise.organization": ("enterprise", "organization"),
    "enterprise.division": ("enterprise", "division"),
    "enterprise.department": ("enterprise", "department"),
    "enterprise.manager.value": ("enterprise", "manager"),
}
SUPPORTED_SOURCES: Tuple[str, ...] = tuple(SOURCE_OPTIONS)

# Attributes of a user that hold several values at once; of three of them one value can be picked.
_MULTI_VALUED = {
    "emails": "emails[primary eq true].value",
    "addresses": _WORK_ADDRESS + "locality",
    "phoneNumbers": 'phoneNumbers[type eq "work"].value',
    "roles": "",
    "photos": "",
    "ims": "",
    "entitlements": "",
    "websites": "",
    "x509Certificates": "",
}
_WRAPPED = re.compile(r"\$\{path:(?P<source>.*)\}", re.DOTALL)


def short_source(text: Any) -> str:
    """`${path:nickName}` and `nickName` -> `nickName`; what is not supported raises UserError."""
    if not isinstance(text, str) or not text.strip():
        raise UserError(f"{text!r} is not a source; give a text such as nickName or enterprise.department")
    wrapped = _WRAPPED.fullmatch(text.strip())
    source = wrapped.group("source") if wrapped else text.strip()
    if source in SOURCE_OPTIONS:
        return source
    raise UserError(_refusal(text.strip(), source))


def source_path(text: Any) -> str:
    """The canonical form, such as `${path:nickName}`; what is not supported raises UserError."""
    return "${path:" + short_source(text) + "}"


def source_value(text: Any, user: Mapping[str, Any]) -> Optional[str]:
    """The value that Identity Center will send for this source and this user, None where there is none.

    user: as the modules identity_store and identity_store_info write it.
    """
    value: Any = user
    for key in SOURCE_OPTIONS[short_source(text)]:
        value = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(value, Mapping):  # enterprise.manager may be given whole, as the API has it
        value = value.get("value")
    return value if isinstance(value, str) and value else None


def _refusal(text: str, source: str) -> str:
    """Say why `text` cannot be a source, and what can."""
    top = re.split(r"[.\[]", source, maxsplit=1)[0]
    if top.lower() in ("group", "groups", "memberof"):
        return (
            f"'{text}': groups cannot be a source of an attribute for access control; "
            "put the value into one of the person's own attributes, such as nickName or enterprise.department"
        )
    if text.startswith("${") and not text.startswith("${path:"):
        return (
            f"'{text}' is Active Directory's syntax; for Identity Center's own directory write "
            "${path:...}, such as ${path:nickName}" + _nearest(text[2:].split(":")[-1].rstrip("}"))
        )
    if top in _MULTI_VALUED and top != "addresses":
        single = _MULTI_VALUED[top]
        mend = f"; its one single value is {single}" if single else "; choose a single-valued one, such as nickName"
        return f"'{text}' is multi-valued, which attributes for access control do not support{mend}"
    if top == "addresses" and not source.startswith(_WORK_ADDRESS):
        return (
            f"'{text}' is multi-valued, which attributes for access control do not support; "
            f"one part of the work address is, such as {_MULTI_VALUED[top]}"
        )
    return f"'{text}' is not a source that Identity Center supports" + (
        _nearest(source) or "; supported are " + ", ".join(SUPPORTED_SOURCES)
    )


def _nearest(source: str) -> str:
    known = {name.lower(): name for name in SUPPORTED_SOURCES}
    known.update({name.lower().rsplit(".", 1)[-1]: name for name in SUPPORTED_SOURCES if ".value" not in name})
    close = difflib.get_close_matches(source.lower(), list(known), n=1, cutoff=0.7)
    return f" (did you mean '{known[close[0]]}'?)" if close else ""
