# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permission sets of a declared state, in the words of the collection's module permission_sets."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List, Mapping, Tuple

from .. import shapes
from ..errors import AwsError
from ..identity_center.base import duration_seconds
from ..identity_center.permission_sets import merged_tags
from ..identity_center.policies import MOST_CHARACTERS, MOST_POLICIES, characters, check_policy
from ..identity_center.records import Instance, PermissionSet, new_permission_set_arn
from .ranges import entries

_SETTINGS = dict(description="Description", session_duration="SessionDuration", relay_state="RelayState")
_KNOWN = {"name", "tags", "inline_policy", "managed_policies", "customer_managed_policies", "permissions_boundary"}


class Sets:
    """`wanted`: name -> those fields of a record that the state names; other fields stay as they are."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        found = entries(state, "permission_sets", _KNOWN | set(_SETTINGS), ["name", *_SETTINGS], ["name"])
        self._names = [entry["name"] for entry in found]
        self.wanted: Dict[str, Dict[str, Any]] = {}
        for entry in found:
            try:
                self.wanted[entry["name"]] = _fields(entry)
            except (AttributeError, KeyError, TypeError, ValueError, AwsError) as error:
                raise ValueError(f"permission set {entry['name']}: {_said(error)}") from error

    def problems(self, roles: Any) -> Iterator[str]:
        """`roles` knows which managed policies there are."""
        for name in sorted({name for name in self._names if self._names.count(name) > 1}):
            yield f"permission set {name} is listed twice"
        seen: Dict[str, List[str]] = {}
        for name, fields in self.wanted.items():
            key = repr(fields)  # hundreds of sets are mostly alike but for their names
            if key not in seen:
                seen[key] = list(_problems(fields, roles))
            named = _refused("CreatePermissionSet", dict(Name=name))
            yield from (f"permission set {name}: {problem}" for problem in seen[key] + ([named] if named else []))

    def plant(self, instance: Instance) -> bool:
        changed = False
        for name, fields in self.wanted.items():
            if name in instance.names:
                changed |= _change(instance.permission_sets[instance.names[name]], fields)
                continue
            found = PermissionSet(new_permission_set_arn(instance), name, None, "PT1H", None, {})
            _change(found, fields)
            instance.add(found)
            changed = True
        return changed

    def arns(self, instance: Instance) -> Dict[str, str]:
        return {name: instance.names[name] for name in self.wanted}

    def customer_policies(self, instance: Instance, name: str) -> List[Mapping[str, str]]:
        """Return the customer managed policies that a set, the boundary included, will have."""
        fields = dict(self.wanted.get(name, {}))
        there = instance.permission_sets.get(instance.names.get(name, ""))
        for key in ("customer_managed_policies", "boundary"):
            if key not in fields and there is not None:
                fields[key] = getattr(there, key)
        boundary = (fields.get("boundary") or {}).get("CustomerManagedPolicyReference")
        return list((fields.get("customer_managed_policies") or {}).values()) + ([boundary] if boundary else [])


def _fields(entry: Mapping[str, Any]) -> Dict[str, Any]:
    fields: Dict[str, Any] = {key: entry[key] for key in _SETTINGS if entry.get(key)}
    if "tags" in entry:
        fields["tags"] = merged_tags({}, [dict(Key=key, Value=value) for key, value in entry["tags"].items()])
    if "inline_policy" in entry:
        policy = entry["inline_policy"]
        fields["inline_policy"] = (policy if isinstance(policy, str) else json.dumps(policy)) if policy else None
    if "managed_policies" in entry:
        fields["managed_policies"] = {arn: arn.rpartition("/")[2] for arn in entry["managed_policies"]}
    if "customer_managed_policies" in entry:
        references = [_reference(each) for each in entry["customer_managed_policies"]]
        fields["customer_managed_policies"] = {(each["Path"], each["Name"]): each for each in references}
    if "permissions_boundary" in entry:
        fields["boundary"] = _boundary(entry["permissions_boundary"])
    return fields


def _boundary(given: Mapping[str, Any]) -> Any:
    if not given:
        return None
    if "managed_policy_arn" in given:
        return dict(ManagedPolicyArn=given["managed_policy_arn"])
    return dict(CustomerManagedPolicyReference=_reference(given["customer_managed_policy"]))


def _reference(given: Mapping[str, str]) -> Dict[str, str]:
    return dict(Name=given["name"], Path=given.get("path") or "/")


def _problems(fields: Mapping[str, Any], roles: Any) -> Iterator[str]:
    """What AWS's own operations would refuse."""
    arns = list(fields.get("managed_policies") or {})
    references = list((fields.get("customer_managed_policies") or {}).values())
    boundary = fields.get("boundary")
    tags = [dict(Key=key, Value=value) for key, value in fields.get("tags", {}).items()]
    settings = {_SETTINGS[key]: fields[key] for key in _SETTINGS if key in fields}
    calls: List[Tuple[str, Dict[str, Any]]] = [("CreatePermissionSet", dict(settings, Name="x", Tags=tags))]
    calls += [("AttachManagedPolicyToPermissionSet", dict(ManagedPolicyArn=arn)) for arn in arns]
    attach = "AttachCustomerManagedPolicyReferenceToPermissionSet"
    calls += [(attach, dict(CustomerManagedPolicyReference=each)) for each in references]
    if boundary:
        calls.append(("PutPermissionsBoundaryToPermissionSet", dict(PermissionsBoundary=boundary)))
        arns += [boundary["ManagedPolicyArn"]] if "ManagedPolicyArn" in boundary else []
    yield from filter(None, (_refused(operation, params) for operation, params in calls))
    yield from (f"there is no managed policy {arn}" for arn in arns if not roles.is_managed_policy(arn))
    if len(fields.get("managed_policies") or {}) + len(references) > MOST_POLICIES:
        yield f"more than {MOST_POLICIES} policies"
    seconds = duration_seconds(fields.get("session_duration", "PT1H"))
    if seconds is None or not 3600 <= seconds <= 43200:
        yield f"session_duration {fields['session_duration']} is not between PT1H and PT12H"
    if fields.get("inline_policy"):
        yield from _policy_problems(fields["inline_policy"])


def _policy_problems(text: str) -> Iterator[str]:
    try:
        check_policy(text)
    except AwsError as error:
        yield error.message
    if characters(text) > MOST_CHARACTERS:
        yield f"the inline policy has more than {MOST_CHARACTERS} characters"


def _refused(operation: str, params: Mapping[str, Any]) -> str:
    shape = shapes.operation_model("sso-admin", operation).input_shape  # type: ignore[union-attr]
    arn = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
    given = dict(params, InstanceArn=arn)
    if "PermissionSetArn" in shape.members:
        given["PermissionSetArn"] = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef"
    return shapes.input_problem(shape, given) or ""


def _change(found: PermissionSet, fields: Mapping[str, Any]) -> bool:
    """Take over the fields; True if one differs. Whatever reaches accounts makes them out of date."""
    different = [key for key, value in fields.items() if getattr(found, key) != value]
    for key in different:
        setattr(found, key, fields[key])
    if set(different) - {"tags"}:
        found.changed()
    return bool(different)


def _said(error: Exception) -> str:
    return error.message if isinstance(error, AwsError) else f"{type(error).__name__}: {error}"
