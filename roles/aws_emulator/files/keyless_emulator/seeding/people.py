# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups of a declared state."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Set

from .. import shapes
from ..directory.attributes import check_user
from ..directory.store import Store
from ..errors import AwsError
from .ranges import entries, spread_all

_USER = {"user_name", "display_name", "given_name", "family_name", "nick_name", "email", "attributes"}
_GROUP = {"name", "description", "members"}


class People:
    """What a state says of the identity store: `users` by user name as CreateUser takes them, `groups` by name."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        users = entries(state, "users", _USER, sorted(_USER - {"attributes"}), ["user_name"])
        groups = entries(state, "groups", _GROUP, ["name", "description"], ["name"])
        self._listed = ["user " + user["user_name"] for user in users] + ["group " + each["name"] for each in groups]
        self.users = {user["user_name"]: _attributes(user) for user in users}
        self.groups = {group["name"]: _described(group) for group in groups}
        self._members: Dict[str, List[str]] = {}
        for group in groups:
            try:
                self._members[group["name"]] = spread_all(group.get("members") or [])
            except ValueError as error:
                raise ValueError(f"group {group['name']}: members: {error}") from error

    def problems(self, store: Store) -> Iterator[str]:
        yield from _twice(self._listed)
        yield from self._user_problems(store)
        for name, group in self.groups.items():
            problem = _refused("CreateGroup", group)
            if problem:
                yield f"group {name}: {problem}"
        for group, members in self._members.items():
            for member in members:
                if member not in self.users and store.user_names.find(member) is None:
                    yield f"group {group}: there is no user {member}"

    def _user_problems(self, store: Store) -> Iterator[str]:
        emails: Dict[str, str] = {}
        for name, user in self.users.items():
            problem = _refused("CreateUser", user)
            if problem:
                yield f"user {name}: {problem}"
                continue
            for email in (user.get("Emails") or [])[:1]:
                address = (email.get("Value") or "").casefold()
                owner = store.emails.find(address)
                if owner not in (None, store.user_names.find(name)) or emails.setdefault(address, name) != name:
                    yield f"user {name}: another user has the email {email['Value']}"

    def plant(self, store: Store) -> bool:
        author, changed = f"arn:aws:iam::{store.owner}:root", False
        for name, attributes in self.users.items():
            id_ = store.user_names.find(name)
            if id_ is None:
                store.add_user(attributes, author)
            elif _more(store.users[id_].attributes, attributes):
                store.change_user(store.users[id_], dict(store.users[id_].attributes, **attributes), author)
            else:
                continue
            changed = True
        for name, attributes in self.groups.items():
            id_ = store.group_names.find(name)
            if id_ is None:
                store.add_group(attributes, author)
            elif _more(store.groups[id_].attributes, attributes):
                store.change_group(store.groups[id_], dict(store.groups[id_].attributes, **attributes), author)
            else:
                continue
            changed = True
        return self._plant_members(store, author) or changed

    def _plant_members(self, store: Store, author: str) -> bool:
        changed = False
        for name, members in self._members.items():
            group = str(store.group_names.find(name))
            for member in members:
                user = str(store.user_names.find(member))
                if user not in store.by_group.get(group, {}):
                    store.add_membership(group, user, author)
                    changed = True
        return changed

    def ids(self, store: Store) -> Dict[str, Dict[str, str]]:
        """Return the ids of what the state names."""
        return dict(
            users={name: str(store.user_names.find(name)) for name in self.users},
            groups={name: str(store.group_names.find(name)) for name in self.groups},
        )


def _attributes(user: Mapping[str, Any]) -> Dict[str, Any]:
    """Return a user as CreateUser takes it; names that are not given are the user name."""
    name = user["user_name"]
    attributes: Dict[str, Any] = dict(UserName=name, DisplayName=user.get("display_name") or name)
    attributes["Name"] = dict(GivenName=user.get("given_name") or name, FamilyName=user.get("family_name") or name)
    if user.get("nick_name"):
        attributes["NickName"] = user["nick_name"]
    if user.get("email"):
        attributes["Emails"] = [dict(Value=user["email"], Type="work", Primary=True)]
    more = user.get("attributes") or {}
    if not isinstance(more, dict):
        raise ValueError(f"user {name}: attributes must be an object as CreateUser takes it, not {more!r}")
    return dict(attributes, **more)


def _described(group: Mapping[str, Any]) -> Dict[str, Any]:
    description = group.get("description")
    return dict(DisplayName=group["name"], **(dict(Description=description) if description else {}))


def _refused(operation: str, attributes: Mapping[str, Any]) -> str:
    """Return why the operation would not take the attributes, '' if it would."""
    shape = shapes.operation_model("identitystore", operation).input_shape  # type: ignore[union-attr]
    problem = shapes.input_problem(shape, dict(attributes, IdentityStoreId="d-0123456789"))
    if problem:
        return problem
    try:
        if operation == "CreateUser":
            check_user(attributes)
    except AwsError as error:
        return error.message
    return ""


def _twice(names: List[str]) -> Iterator[str]:
    seen: Set[str] = set()
    for name in names:
        if name.casefold() in seen:
            yield f"{name} is listed twice"
        seen.add(name.casefold())


def _more(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return any(there.get(key) != value for key, value in wanted.items())
