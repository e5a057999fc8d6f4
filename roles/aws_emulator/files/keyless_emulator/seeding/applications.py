# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications of a declared state, SAML ones too, which in AWS are made in the console."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping

from .. import shapes
from ..directory.store import Store
from ..identity_center.applications import CUSTOM, CUSTOM_SAML, EXTERNAL_ACCOUNT
from ..identity_center.records import Application, Instance, Principal, new_application
from .people import People
from .ranges import entries, spread_all

_KNOWN = {"name", "provider", "description", "status", "visibility", "assignment_required", "users", "groups", "tags"}
_PROVIDERS = {"saml": CUSTOM_SAML, "external_aws_account": EXTERNAL_ACCOUNT, "oauth": CUSTOM}
_PLAIN = ("description", "status", "visibility", "assignment_required")


class Applications:
    """Names need not be unique: the second entry of a name is the second application of that name."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._wanted = entries(state, "applications", _KNOWN, ["name", "description"], ["name"])
        for entry in self._wanted:
            try:
                entry.update({key: spread_all(entry.get(key) or []) for key in ("users", "groups")})
            except ValueError as error:
                raise ValueError(f"application {entry['name']}: {error}") from error

    def problems(self, store: Store, people: People) -> Iterator[str]:
        for entry in self._wanted:
            start = f"application {entry['name']}"
            if entry.get("provider", "saml") not in _PROVIDERS:
                yield f"{start}: provider must be one of {', '.join(_PROVIDERS)}, not {entry['provider']!r}"
            if entry.get("assignment_required", True) not in (True, False, None):
                yield f"{start}: assignment_required must be true, false, or null where it cannot be chosen"
            refused = _refused(entry)
            if refused:
                yield f"{start}: {refused}"
            unknown = [f"group {each}" for each in entry["groups"]
                       if each not in people.groups and store.group_names.find(each) is None]
            unknown += [f"user {each}" for each in entry["users"]
                        if each not in people.users and store.user_names.find(each) is None]
            yield from (f"{start}: there is no {each}" for each in unknown)

    def plant(self, instance: Instance, store: Store) -> bool:
        changed = False
        there: Dict[str, List[Application]] = {}
        for found in instance.applications.values():
            there.setdefault(found.name, []).append(found)
        for entry in self._wanted:
            same_name = there.get(entry["name"]) or []
            if same_name:
                found = same_name.pop(0)
            else:
                provider = _PROVIDERS[entry.get("provider", "saml")]
                found = new_application(instance, instance.owner, entry["name"], provider)
                instance.applications[found.arn] = found
                changed = True
            changed |= _change(found, entry, store)
        return changed

    def arns(self, instance: Instance) -> Dict[str, List[str]]:
        names = {entry["name"] for entry in self._wanted}
        found: Dict[str, List[str]] = {name: [] for name in names}
        for each in instance.applications.values():
            if each.name in names:
                found[each.name].append(each.arn)
        return found


def _change(found: Application, entry: Mapping[str, Any], store: Store) -> bool:
    wanted = {key: entry[key] for key in _PLAIN if key in entry}
    wanted.update({"tags": dict(entry["tags"])} if "tags" in entry else {})
    different = [key for key, value in wanted.items() if getattr(found, key) != value]
    for key in different:
        setattr(found, key, wanted[key])
    principals: List[Principal] = [("GROUP", str(store.group_names.find(name))) for name in entry["groups"]]
    principals += [("USER", str(store.user_names.find(name))) for name in entry["users"]]
    new = [principal for principal in principals if principal not in found.assigned]
    found.assigned.update(dict.fromkeys(new))
    return bool(different or new)


def _refused(entry: Mapping[str, Any]) -> str:
    """Return why CreateApplication would not take it, '' if it would."""
    shape = shapes.operation_model("sso-admin", "CreateApplication").input_shape  # type: ignore[union-attr]
    tags = [dict(Key=key, Value=value) for key, value in (entry.get("tags") or {}).items()]
    given: Dict[str, Any] = dict(
        InstanceArn="arn:aws:sso:::instance/ssoins-0123456789abcdef", ApplicationProviderArn=CUSTOM,
        Name=entry["name"], Tags=tags, PortalOptions=dict(Visibility=entry.get("visibility")),
    )
    given.update(Description=entry.get("description"), Status=entry.get("status"))
    return shapes.input_problem(shape, given) or ""
