# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model becomes the desired state of the cloud: what each module and role takes, ready to be handed over."""

from __future__ import annotations

import posixpath
import re
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .._identity_center.directory.validate import desired
from .._identity_center.permission_sets.validate import duration_seconds
from .._reconcile import Problems
from .._sessions.scope import COMMAND, KMS_KEY_ARN, PORT_FORWARD, REMOTE_PORT_FORWARD, SSH
from .._shape import at
from .._tags import MANAGED_TAG
from .desktops import desktop_notes
from .model import read_model
from .outsiders import shared_os_users
from .policies import FederatedRole, federated_roles, grant_policy, target_of, user_policies
from .records import EXTERNAL, INFO, WARNING, Account, Federation, Grant, Model, note

Note = Dict[str, str]


def compile_access(
    model: Any, organizational_units: Optional[Mapping[str, Sequence[str]]] = None, directory: str = ""
) -> Dict[str, Any]:
    """The desired state of the cloud, and notes for whoever wrote the model.

    directory: what relative paths in the model begin in; '' leaves them relative.
    """
    read = read_model(model, organizational_units)
    _check_directory(read)
    notes: List[Note] = []
    cloud = {
        "access_control_attributes": {"attributes": dict(read.attributes)},
        "identity_store": {"users": _users(read), "groups": _groups(read)},
        "permission_sets": _permission_sets(read, notes),
        "account_assignments": {
            "assignments": [_assignment(read, grant) for grant in read.grants if grant.through_identity_center]
        },
        "session_preferences": _session_preferences(read),
        "iam_users": _iam_users(read),
        "session_policies": _session_policies(read),
        "saml_providers": _saml_providers(read, directory),
        "roles": [_login(role, directory) for grant in read.grants for role in federated_roles(read, grant)],
        "instance_profiles": [],
    }
    notes += _people_notes(read) + _account_notes(read)
    for grant in read.grants:
        notes += _grant_notes(read, grant)
    return {"cloud": cloud, "notes": notes}


def _check_directory(model: Model) -> None:
    """What the module identity_store would refuse is said in the words of the model, before anything is written."""
    try:
        desired(_users(model), _groups(model))
    except Problems as found:
        names = {f"users[{index}]": f"people.{key}" for index, key in enumerate(model.people)}
        names.update({f"groups[{index}]": f"groups.{name}" for index, name in enumerate(model.groups)})
        pattern = re.compile("|".join(re.escape(name) for name in names))
        problems = [pattern.sub(lambda match: names[match.group()], text) for text in found.details["problems"]]
        raise Problems(problems) from found


def _users(model: Model) -> List[Dict[str, Any]]:
    if model.directory == EXTERNAL:
        return []
    return [
        dict(person.user, state="present") if person.present else {"user_name": person.user_name, "state": "absent"}
        for person in model.people.values()
    ]


def _groups(model: Model) -> List[Dict[str, Any]]:
    if model.directory == EXTERNAL:
        return []
    return [
        {
            "name": name,
            "members": [model.people[key].user_name for key in members if model.people[key].present],
            "state": "present",
        }
        for name, members in model.groups.items()
    ]


def _permission_sets(model: Model, notes: List[Note]) -> List[Dict[str, Any]]:
    permission_sets = []
    for grant in model.grants:
        if not grant.through_identity_center:
            continue
        document, found = grant_policy(model, grant)
        notes += found
        item: Dict[str, Any] = {"name": grant.name, "inline_policy": document, "tags": {MANAGED_TAG: "true"}}
        for key, value in (("description", grant.description), ("session_duration", grant.session_duration)):
            if value is not None:
                item[key] = value
        permission_sets.append(dict(item, state="present"))
    return permission_sets


def _assignment(model: Model, grant: Grant) -> Dict[str, Any]:
    lists = {
        "groups": list(grant.groups),
        "users": [model.people[key].user_name for key in grant.people if model.people[key].present],
        "accounts": [model.accounts[name].id for name in grant.accounts],
        "organizational_units": list(grant.organizational_units),
    }
    row: Dict[str, Any] = {"permission_sets": [grant.name]}
    row.update({key: names for key, names in lists.items() if names})
    return row


def _session_preferences(model: Model) -> List[Dict[str, Any]]:
    """One entry for the accounts with Run As and one for those without."""
    entries = []
    for run_as in (True, False):
        accounts = [account for account in model.accounts.values() if account.run_as is run_as]
        targets = [_target(account, region) for account in accounts for region in account.regions]
        if targets:
            # An empty default user: a session without a value of its own fails instead of running as somebody.
            settings = {"run_as_enabled": run_as, "run_as_default_user": ""}
            entries.append(dict(settings, targets=targets, **model.sessions))
    return entries


def _target(account: Account, region: str) -> Dict[str, str]:
    return dict(target_of(account), region=region)


def _iam_users(model: Model) -> List[Dict[str, Any]]:
    """One entry for each account that has IAM users, as the role iam_operators takes them."""
    entries: Dict[str, Dict[str, Any]] = {}
    for user in model.iam_users.values():
        account = model.accounts[user.account]
        entry = entries.setdefault(account.id, {"targets": [target_of(account)], "users": []})
        item: Dict[str, Any] = {"name": user.user_name, "state": "present"}
        if account.run_as:
            item["run_as"] = user.os_user
        if user.tags:
            item["tags"] = dict(user.tags)
        entry["users"].append(item)
    return list(entries.values())


def _session_policies(model: Model) -> List[Dict[str, Any]]:
    """One entry for each account that has IAM users, as the module session_policy takes it."""
    entries: Dict[str, Dict[str, Any]] = {}
    for policy in user_policies(model):
        entry = entries.setdefault(policy.account.id, {"targets": [target_of(policy.account)], "policies": []})
        entry["policies"].append(
            {
                "name": policy.name,
                "scopes": [scope.written() for scope in policy.scopes],
                "users": [user.user_name for user in policy.users],
                "state": "present",
            }
        )
    return list(entries.values())


def _saml_providers(model: Model, directory: str) -> List[Dict[str, Any]]:
    """One entry for each federation, as the module saml_provider takes it."""
    return [
        {
            "targets": [target_of(model.accounts[name]) for name in federation.accounts],
            "providers": [dict(_metadata(federation, directory), name=federation.name, state="present")],
        }
        for federation in model.federations.values()
    ]


def _metadata(federation: Federation, directory: str) -> Dict[str, str]:
    """The option of saml_provider that has the metadata."""
    found = dict(federation.metadata)
    path = found.get("metadata_file", "")
    if path and not path.startswith("~"):
        found["metadata_file"] = posixpath.join(directory, path)
    return found


def _login(role: FederatedRole, directory: str) -> Dict[str, Any]:
    """A login of the role external_login, which makes the SAML provider too."""
    scope = {key: value for key, value in role.scope.written().items() if key != "principal"}
    login: Dict[str, Any] = dict(
        target_of(role.account),
        name=role.grant.name,
        partition=role.scope.partition,
        provider=dict(_metadata(role.federation, directory), name=role.federation.name),
        scope=scope,
        state="present",
        **role.federation.application,
    )
    if not role.account.run_as:
        del login["run_as_source"]
    if role.grant.description is not None:
        login["description"] = role.grant.description
    if role.grant.session_duration is not None:
        login["max_session_duration"] = duration_seconds(role.grant.session_duration)
    return login


def _people_notes(model: Model) -> List[Note]:
    notes = []
    for name, keys in shared_os_users(model.people, model.iam_users, model.federations).items():
        text = f"{', '.join(keys)} share the OS user '{name}': what it does on a host cannot be told apart"
        notes.append(note(WARNING, "people", text))
    used = {name for grant in model.grants for name in grant.groups}
    notes += [note(INFO, at("groups", name), "no grant names this group") for name in model.groups if name not in used]
    if model.directory == EXTERNAL and model.uses_run_as:
        text = "users come from outside; make sure that the source of SSMSessionRunAs holds each os_user of this model"
        notes.append(note(INFO, "directory", text))
    return notes


def _account_notes(model: Model) -> List[Note]:
    notes = []
    own = [account for account in model.accounts.values() if account.role_arn is None and account.profile is None]
    if len(own) > 1:
        names = ", ".join(account.name for account in own)
        text = f"{names} have neither role_arn nor profile, and the caller's own credentials reach one account only"
        notes.append(note(WARNING, "accounts", text))
    key = KMS_KEY_ARN.fullmatch(model.sessions.get("kms_key_id") or "")
    elsewhere = {region for account in model.accounts.values() for region in account.regions}
    if key and elsewhere - {key.group("region")}:
        text = f"the key is in {key.group('region')}, sessions in {', '.join(sorted(elsewhere))} cannot use it there"
        notes.append(note(WARNING, "sessions.kms_key", text))
    return notes


def _grant_notes(model: Model, grant: Grant) -> List[Note]:
    notes = []
    connect = at(grant.path, "connect")
    tunnels = [word for word in (PORT_FORWARD, REMOTE_PORT_FORWARD, SSH) if word in grant.connect]
    if tunnels:
        notes.append(note(INFO, connect, f"Session Manager logs nothing of what goes through {', '.join(tunnels)}"))
    if COMMAND in grant.connect:
        notes.append(note(WARNING, connect, "command counts as root on the instance, whoever Run As names"))
    notes += desktop_notes(model, grant)
    if grant.through_identity_center and not model.people_of(grant):
        notes.append(note(INFO, at(grant.path, "to"), "nobody of the model is reached"))
    for unit in grant.organizational_units:
        notes += _unit_notes(model, grant, unit)
    return notes


def _unit_notes(model: Model, grant: Grant, unit: str) -> List[Note]:
    path = at(grant.path, "accounts")
    if unit not in model.units:
        text = f"the accounts below {unit} were not looked up, so no host gets OS users for them"
        return [note(WARNING, path, text)]
    outside = [account_id for account_id in model.units[unit] if model.account_by_id(account_id) is None]
    if not outside:
        return []
    text = f"{unit} holds {', '.join(outside)}, not in accounts: their preferences and hosts are left alone"
    return [note(WARNING, path, text)]
