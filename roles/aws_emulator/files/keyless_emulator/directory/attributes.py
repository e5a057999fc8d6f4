# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attributes of users and groups, and what UpdateUser and UpdateGroup do to them.

Users are kept as the API shows them (UserName, Name.GivenName, ...). UpdateUser names attributes as SCIM does
(userName, name.givenName), and its values are documents with SCIM's keys too: {"value": ..., "primary": true}
(so does the Terraform provider's internal/service/identitystore/user.go, which also says that null unsets a list).
"""

from __future__ import annotations

import copy
from typing import Any, Dict, List, Mapping, Optional

from .. import shapes
from ..errors import AwsError

ENTERPRISE = "aws:identitystore:enterprise"
ENTERPRISE_FIELDS = ("employeeNumber", "costCenter", "organization", "division", "department")
MANAGER_FIELDS = ("value", "displayName", "$ref")

# IAM Identity Center needs these, though the model calls them optional ("When used in IAM Identity Center, this
# parameter is required").
REQUIRED = (("UserName",), ("DisplayName",), ("Name", "GivenName"), ("Name", "FamilyName"))
RESERVED = ("administrator", "awsadministrators")  # CreateUser's UserName: "reserved names and can't be used"

_LISTS = ("emails", "addresses", "phoneNumbers", "photos", "roles")


def check_user(user: Mapping[str, Any]) -> None:
    """Refuse what the service model cannot say: missing attributes, reserved names, unknown extensions."""
    for path in REQUIRED:
        value: Any = user
        for name in path:
            value = (value or {}).get(name)
        if not value:
            raise AwsError("ValidationException", f"The attribute {'.'.join(path)} is required.")
    if user["UserName"].lower() in RESERVED:
        raise AwsError("ValidationException", "The UserName is reserved.")
    for name, document in (user.get("Extensions") or {}).items():
        if name != ENTERPRISE:
            raise AwsError("ValidationException", f"The extension {name} is not supported; {ENTERPRISE} is.")
        _check_enterprise(document)


def check_extension_names(names: Optional[List[str]]) -> List[str]:
    for name in names or []:
        if name != ENTERPRISE:
            raise AwsError("ValidationException", f"The extension {name} is not supported; {ENTERPRISE} is.")
    return names or []


def updated_user(user: Mapping[str, Any], operations: List[Mapping[str, Any]]) -> Dict[str, Any]:
    """Return the user after all operations; nothing is changed when one of them is wrong."""
    new = copy.deepcopy(dict(user))
    for operation in operations:
        _update(new, operation["AttributePath"], operation.get("AttributeValue"))
    shape = shapes.operation_model("identitystore", "CreateUser").input_shape  # type: ignore[union-attr]
    problem = shapes.input_problem(shape, dict(new, IdentityStoreId="d-0123456789"))
    if problem:
        raise AwsError("ValidationException", problem)
    check_user(new)
    return new


def updated_group(group: Mapping[str, Any], operations: List[Mapping[str, Any]]) -> Dict[str, Any]:
    new = dict(group)
    for operation in operations:
        path, value = operation["AttributePath"], operation.get("AttributeValue")
        if path not in ("displayName", "description"):
            raise AwsError("ValidationException", f"The attribute {path} of a group cannot be updated.")
        _set(new, _pascal(path), value)
    shape = shapes.operation_model("identitystore", "CreateGroup").input_shape  # type: ignore[union-attr]
    problem = shapes.input_problem(shape, dict(new, IdentityStoreId="d-0123456789"))
    if problem or not new.get("DisplayName"):
        raise AwsError("ValidationException", problem or "The attribute DisplayName is required.")
    return new


def _update(user: Dict[str, Any], path: str, value: Any) -> None:
    if path == ENTERPRISE or path.startswith(ENTERPRISE + "."):
        _update_enterprise(user, path[len(ENTERPRISE) + 1:], value)
        return
    parts = path.split(".")
    if path[:1].isupper():
        raise AwsError("ValidationException", f"The attribute {path} of a user cannot be updated.")
    if parts[0] in _LISTS and len(parts) == 1:
        _set(user, _pascal(path), _list(path, value))
    elif parts[0] == "name" and len(parts) == 2 and _known(("Name", _pascal(parts[1]))):
        name = dict(user.get("Name") or {})
        _set(name, _pascal(parts[1]), value)
        user["Name"] = name
    elif path == "name":
        _set(user, "Name", _document(path, value, _shape("Name")))
    elif len(parts) == 1 and _known((_pascal(path),)) and parts[0] not in _LISTS:
        _set(user, _pascal(path), value)
    else:
        raise AwsError("ValidationException", f"The attribute {path} of a user cannot be updated.")


def _set(target: Dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        target.pop(key, None)
    else:
        target[key] = value


def _list(path: str, value: Any) -> Optional[List[Any]]:
    if value is None:
        return None
    if not isinstance(value, list):
        raise AwsError("ValidationException", f"The value of {path} must be a list.")
    return [_document(path, item, _shape(_pascal(path)).member) for item in value]


def _document(path: str, value: Any, shape: Any) -> Optional[Dict[str, Any]]:
    """Return a document with SCIM's keys as the API shows it."""
    if value is None:
        return None
    known = {member[:1].lower() + member[1:]: member for member in shape.members}
    if not isinstance(value, dict) or set(value) - set(known):
        raise AwsError("ValidationException", f"The value of {path} must be an object with {', '.join(known)}.")
    return {known[key]: item for key, item in value.items() if item is not None}


def _update_enterprise(user: Dict[str, Any], path: str, value: Any) -> None:
    extensions = dict(user.get("Extensions") or {})
    document = copy.deepcopy(extensions.get(ENTERPRISE) or {})
    if not path:
        if value is not None:
            _check_enterprise(value)
        document = value or {}
    elif path in ENTERPRISE_FIELDS or path == "manager":
        _set(document, path, value)
    elif path.startswith("manager.") and path[len("manager."):] in MANAGER_FIELDS:
        manager = dict(document.get("manager") or {})
        _set(manager, path[len("manager."):], value)
        _set(document, "manager", manager or None)
    else:
        raise AwsError("ValidationException", f"The attribute {ENTERPRISE}.{path} of a user cannot be updated.")
    _set(extensions, ENTERPRISE, document or None)
    _set(user, "Extensions", extensions or None)


def _check_enterprise(document: Any) -> None:
    if not isinstance(document, dict) or not document:
        raise AwsError("ValidationException", f"{ENTERPRISE} must be an object with attributes.")
    for key, value in document.items():
        if key == "manager":
            if not isinstance(value, dict) or set(value) - set(MANAGER_FIELDS):
                raise AwsError("ValidationException", f"manager must be an object with {', '.join(MANAGER_FIELDS)}.")
            for part, text in value.items():
                _check_text(f"manager.{part}", text)
        elif key in ENTERPRISE_FIELDS:
            _check_text(key, value)
        else:
            raise AwsError("ValidationException", f"{ENTERPRISE} has no attribute {key}.")


def _check_text(name: str, value: Any) -> None:
    if not isinstance(value, str) or not 1 <= len(value) <= 1024:
        raise AwsError("ValidationException", f"{ENTERPRISE}.{name} must be a text of 1 to 1024 characters.")


def _shape(name: str) -> Any:
    model = shapes.operation_model("identitystore", "CreateUser")
    return model.input_shape.members[name]  # type: ignore[union-attr]


def _known(path: tuple[str, ...]) -> bool:
    model: Any = shapes.operation_model("identitystore", "CreateUser")
    members = model.input_shape.members
    for name in path[:-1]:
        members = members[name].members
    return path[-1] in members and members[path[-1]].type_name == "string" and path[-1] != "IdentityStoreId"


def _pascal(name: str) -> str:
    return name[:1].upper() + name[1:]
