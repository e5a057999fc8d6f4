# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Those who do not come through Identity Center: IAM users of an account, and people whom a federation signs in."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from .._hosts.names import os_user_name_problem
from .._sessions.scope import RDP, RUN_AS_TAG, TAG_KEY, TAG_KEY_RULE, TAG_VALUE, TAG_VALUE_RULE
from .._shape import Reader, at, listed, nearest
from .people import known_names
from .records import Account, Federation, Grant, IamUser, Model, Person

_IAM_USER_KEYS = ("account", "user_name", "os_user", "tags")
_IAM_USER_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_IAM_USER_RULE = "a name of an IAM user: 1 to 64 letters, digits and + = , . @ _ -"
_APPLICATION_KEYS = ("application", "run_as_source", "session_name_source")
_FEDERATION_KEYS = ("accounts", "metadata", "metadata_file", "os_users") + _APPLICATION_KEYS
# What an application sends as SSMSessionRunAs: the user name. It knows no nickName.
_RUN_AS_SOURCE = "${user:subject}"
_PROVIDER_NAME = re.compile(r"[\w.-]{1,128}", re.ASCII)
_PROVIDER_RULE = "a name of a SAML provider: 1 to 128 letters, digits and . _ -"


def read_iam_users(raw: Any, accounts: Mapping[str, Account], reader: Reader) -> Dict[str, IamUser]:
    users: Dict[str, IamUser] = {}
    seen: Dict[Tuple[str, str], str] = {}
    for key, entry in reader.table(raw, "iam_users").items():
        path = at("iam_users", key)
        user = _read_iam_user(key, {} if entry is None else entry, path, accounts, reader)
        # IAM compares user names without regard to case.
        first = seen.setdefault((user.account, user.user_name.lower()), path)
        if first != path:
            reader.wrong(at(path, "user_name"), f"'{user.user_name}' is the user name of {first} already")
        users[key] = user
    return users


def _read_iam_user(key: str, raw: Any, path: str, accounts: Mapping[str, Account], reader: Reader) -> IamUser:
    table = reader.fields(raw, path, _IAM_USER_KEYS)
    if isinstance(raw, Mapping) and "account" not in table:
        reader.wrong(at(path, "account"), "is missing")
    account = _account(table.get("account"), at(path, "account"), accounts, reader) if "account" in table else None
    name_path = at(path, "user_name") if "user_name" in table else path
    name = reader.text(table.get("user_name", key), name_path, _IAM_USER_NAME, _IAM_USER_RULE) or ""
    os_user = table.get("os_user", key)
    if account is None or account.run_as:
        problem = os_user_name_problem(os_user)
        if problem is not None:
            mend = "" if "os_user" in table else "; give another os_user"
            reader.wrong(at(path, "os_user") if "os_user" in table else path, problem + mend)
    tags = {}
    for tag, value in reader.table(table.get("tags", {}), at(path, "tags")).items():
        tag_path = at(at(path, "tags"), tag)
        reader.text(tag, tag_path, TAG_KEY, TAG_KEY_RULE)
        if tag.lower() == RUN_AS_TAG.lower():
            reader.wrong(tag_path, f"{RUN_AS_TAG} is the os_user; say that, and nothing here")
        tags[tag] = reader.text(value, tag_path, TAG_VALUE, TAG_VALUE_RULE) or ""
    return IamUser(key, name, account.name if account else "", str(os_user), tags)


def _account(raw: Any, path: str, accounts: Mapping[str, Account], reader: Reader) -> Optional[Account]:
    name = reader.text(raw, path)
    found = known_names({} if name is None else {0: name}, accounts, path, "account", reader, listed=False)
    return accounts[found[0]] if found else None


def read_federations(raw: Any, accounts: Mapping[str, Account], reader: Reader) -> Dict[str, Federation]:
    federations = {}
    for name, entry in reader.table(raw, "federations").items():
        path = at("federations", name)
        reader.text(name, path, _PROVIDER_NAME, _PROVIDER_RULE)
        table = reader.fields(entry, path, _FEDERATION_KEYS)
        sources = [key for key in ("metadata", "metadata_file") if key in table]
        if isinstance(entry, Mapping) and len(sources) != 1:
            reader.wrong(path, "give metadata (the text) or metadata_file (its path), and one of them only")
        if isinstance(entry, Mapping) and "accounts" not in table:
            reader.wrong(at(path, "accounts"), "is missing")
        names = reader.texts(table["accounts"], at(path, "accounts")) if "accounts" in table else {}
        if len(names) > 1:
            text = "an application of Identity Center leads to one role, so to one account; make a federation for each"
            reader.wrong(at(path, "accounts"), text)
        application = {key: reader.text(table[key], at(path, key)) or "" for key in _APPLICATION_KEYS if key in table}
        federations[name] = Federation(
            name=name,
            accounts=tuple(known_names(names, accounts, at(path, "accounts"), "account", reader)),
            os_users=_os_users(table.get("os_users", []), at(path, "os_users"), reader),
            metadata={key: reader.text(table[key], at(path, key)) or "" for key in sources},
            application=dict({"run_as_source": _RUN_AS_SOURCE}, **application),
        )
    return federations


def _os_users(raw: Any, path: str, reader: Reader) -> Tuple[str, ...]:
    names = reader.texts(raw, path, empty=True)
    for index, name in names.items():
        problem = os_user_name_problem(name)
        if problem is not None:
            reader.wrong(at(path, index), problem)
    return tuple(names.values())


Problem = Tuple[str, str]


def outsider_problems(model: Model, grant: Grant) -> Iterator[Problem]:
    """What a grant cannot give to IAM users or federations: (path, what is wrong and the mend)."""
    if not (grant.iam_users or grant.saml):
        return
    yield from _out_of_reach(model, grant)
    if RDP in grant.connect:
        yield at(grant.path, "connect"), "rdp signs in through IAM Identity Center; give it to groups or people only"
    yield from _unknown_tags(model, grant)
    if len(grant.saml) > 1:
        text = "each federation has a role of its own, and the grant's name is the role's; make a grant for each"
        yield at(at(grant.path, "to"), "saml"), text
    for federation in model.federations_of(grant):
        if model.run_as(grant) and not federation.os_users:
            text = "names no os_users, and sessions run as them; name those who may arrive"
            yield at("federations", federation.name), text


def _out_of_reach(model: Model, grant: Grant) -> Iterator[Problem]:
    """They stand in accounts of their own, which the grant has to reach."""
    reached = {account.name for account in model.accounts_of(grant).values()}
    for index, user in enumerate(model.iam_users_of(grant)):
        if user.account and user.account not in reached:
            path = at(at(at(grant.path, "to"), "iam_users"), index)
            yield path, f"the IAM user '{user.key}' is in {user.account}, which this grant does not reach"
    for index, federation in enumerate(model.federations_of(grant)):
        if federation.accounts and not reached.intersection(federation.accounts):
            path = at(at(at(grant.path, "to"), "saml"), index)
            yield (
                path,
                f"'{federation.name}' signs in to {listed(federation.accounts)}, which this grant does not reach",
            )


def _unknown_tags(model: Model, grant: Grant) -> Iterator[Problem]:
    keys = grant.instances.principal_tags
    if grant.saml and keys:
        text = "only the federation knows the values that it sends; select instances by tags or ids"
        yield at(at(grant.path, "instances"), "principal_tags"), text
    for user in model.iam_users_of(grant):
        for key in keys:
            if key not in user.tags:
                text = f"there is no '{key}'{nearest(key, user.tags)}, which the grant {grant.name} compares"
                yield at(at("iam_users", user.key), "tags"), text


def shared_os_users(
    people: Mapping[str, Person], users: Mapping[str, IamUser], federations: Mapping[str, Federation]
) -> Dict[str, List[str]]:
    """OS user -> paths of everybody who is it, where that is more than one: the host cannot tell them apart."""
    owners: Dict[str, List[str]] = {}
    for person in people.values():
        if person.os_user and person.present:
            owners.setdefault(person.os_user, []).append(person.key)
    for user in users.values():
        owners.setdefault(user.os_user, []).append(at("iam_users", user.key))
    for federation in federations.values():
        for name in federation.os_users:
            owners.setdefault(name, []).append(at("federations", federation.name))
    return {name: paths for name, paths in owners.items() if len(paths) > 1}
