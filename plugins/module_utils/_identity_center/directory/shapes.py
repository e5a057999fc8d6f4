# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users between AWS's form and ours. Pure: no calls.

AWS knows three spellings: CreateUser and ListUsers write `NickName`, paths and documents of UpdateUser and of
extensions write `nickName`, and we write `nick_name`.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from .records import ADDRESS_PARTS, ENTERPRISE_PARTS, TEXTS, User

ENTERPRISE = "aws:identitystore:enterprise"

_NAMES = ("given_name", "family_name")  # parts of AWS's `Name`
_ENTRIES = dict(email="emails", phone="phoneNumbers", address="addresses")  # lists of at most one
_PLAIN = [text for text in TEXTS if text not in _NAMES and text not in _ENTRIES]


def read_user(answer: Mapping[str, Any], enterprise: bool) -> User:
    """A user of ListUsers; `enterprise` tells whether its extension was asked for."""
    values: Dict[str, Any] = {text: answer.get(_pascal(text)) for text in _PLAIN}
    values.update({text: (answer.get("Name") or {}).get(_pascal(text)) for text in _NAMES})
    other: Dict[str, str] = {}
    for attribute, key in _ENTRIES.items():
        entry = (answer.get(_upper(key)) or [{}])[0]
        usable = entry.get("Primary") if attribute == "email" else entry.get("Type") == "work"
        if usable:
            values[attribute] = _read_address(entry) if attribute == "address" else entry.get("Value")
        elif entry:
            other[attribute] = entry.get("Value") or ""
    if enterprise:
        values["enterprise"] = _read_enterprise((answer.get("Extensions") or {}).get(ENTERPRISE) or {})
    return User(
        user_name=answer.get("UserName") or answer["UserId"],
        user_id=answer["UserId"],
        user_status=answer.get("UserStatus"),
        other=other,
        **values,
    )


def _read_address(entry: Mapping[str, Any]) -> Dict[str, str]:
    return {part: entry[_pascal(part)] for part in ADDRESS_PARTS if entry.get(_pascal(part))}


def _read_enterprise(document: Mapping[str, Any]) -> Dict[str, str]:
    """AWS does not document how its keys are spelled in answers, so their case is not looked at."""
    lower = {key.lower(): value for key, value in document.items()}
    manager = lower.get("manager")
    if isinstance(manager, Mapping):
        lower["manager"] = {key.lower(): value for key, value in manager.items()}.get("value")
    found = {part: lower.get(part.replace("_", "")) for part in ENTERPRISE_PARTS}
    return {part: value for part, value in found.items() if value}


def create_parameters(user: User) -> Dict[str, Any]:
    """What CreateUser takes; it refuses empty texts and lists, so only what has a value is in it."""
    parameters: Dict[str, Any] = {_pascal(text): getattr(user, text) for text in _PLAIN}
    parameters["UserName"] = user.user_name
    parameters["Name"] = {_pascal(text): getattr(user, text) for text in _NAMES if getattr(user, text)}
    for attribute, key in _ENTRIES.items():
        entry = _entry(user, attribute)
        parameters[_upper(key)] = [{_upper(name): value for name, value in entry.items()}] if entry else None
    if user.enterprise:
        document = {_camel(part): _enterprise_value(part, value) for part, value in user.enterprise.items()}
        parameters["Extensions"] = {ENTERPRISE: document}
    return {key: value for key, value in parameters.items() if value}


def update_operations(user: User, fields: Sequence[str]) -> List[Dict[str, Any]]:
    """What UpdateUser takes to bring `fields` to what they are in `user`; null clears.

    fields: names of options, for parts with a dot (`address.locality`). Emails, phone numbers and addresses can only
    be replaced whole. A call takes 100 operations, more than a user has attributes.
    """
    operations: Dict[str, Any] = {}
    for each in fields:
        attribute, _dot, part = each.partition(".")
        if attribute in _ENTRIES:
            entry = _entry(user, attribute)
            operations[_ENTRIES[attribute]] = [entry] if entry else None
        elif attribute == "enterprise":
            operations[f"{ENTERPRISE}.{_camel(part)}"] = _enterprise_value(part, user.part(attribute, part))
        else:
            path = f"name.{_camel(attribute)}" if attribute in _NAMES else _camel(attribute)
            operations[path] = getattr(user, attribute) or None
    return [dict(AttributePath=path, AttributeValue=value) for path, value in operations.items()]


def _entry(user: User, attribute: str) -> Optional[Dict[str, Any]]:
    """A user's e-mail address, phone number or address, of the kind that attributes for access control look for."""
    value = getattr(user, attribute)
    if not value:
        return None
    if attribute != "address":
        return dict(value=value, type="work", primary=True)
    return dict({_camel(part): text for part, text in value.items()}, type="work", primary=True)


def _enterprise_value(part: str, value: Optional[str]) -> Any:
    return dict(value=value) if part == "manager" and value else value or None


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]


def _pascal(name: str) -> str:
    return _upper(_camel(name))
