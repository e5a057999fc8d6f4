# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host shall have: the OS users, groups and sudo rights of exactly the grants that reach it."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from .._reconcile import Problems
from .._sessions.scope import ACCOUNT_ID, ACCOUNT_RULE, INSTANCE_ID, INSTANCE_RULE, RDP, REGION, REGION_RULE
from .._shape import Reader
from .model import read_model
from .records import ALL, INFO, NONE, WARNING, Account, Grant, Member, Model, Sudo, note

_HOST_KEYS = ("instance_id", "account_id", "region", "tags")
SSM_USER = "ssm-user"


def hosts(model: Any, host: Any, organizational_units: Optional[Mapping[str, Sequence[str]]] = None) -> Dict[str, Any]:
    """The OS users, groups and sudo rules of one host, known by its instance_id, account_id, region and tags."""
    read = read_model(model, organizational_units)
    facts = _read_host(host)
    _check_units(read)
    account = read.account_by_id(facts["account_id"])
    if account is None or facts["region"] not in account.regions:
        place = "account " + facts["account_id"]
        if account is not None:
            place = f"{account.name}, {facts['region']}"
        text = f"{facts['instance_id']} is in {place}, which is not in accounts: nothing is managed on it"
        return dict(_answer([], [], [], None, [note(WARNING, "accounts", text)]), managed=False, os_users=[])
    # Desktops are on Windows, where Fleet Manager makes the users.
    reaching = [(grant, _reached_by(read, grant, account, facts)) for grant in read.grants if RDP not in grant.connect]
    if not account.run_as:
        return dict(_shared_user(reaching), managed=True, os_users=[SSM_USER])
    return dict(_own_users(reaching), managed=True, os_users=list(read.os_users))


def _check_units(model: Model) -> None:
    """Refuse to answer without knowing what is below a unit: OS users would be taken for nobody's, and removed."""
    problems = [
        f"grants[{index}].accounts: the accounts below {unit} were not looked up; give organizational_units, which "
        "the playbooks read on localhost (with --limit, name localhost too)"
        for index, grant in enumerate(model.grants)
        for unit in grant.organizational_units
        if unit not in model.units
    ]
    if problems:
        raise Problems(problems)


def _read_host(host: Any) -> Dict[str, Any]:
    reader = Reader()
    table = reader.table(host, "host", _HOST_KEYS)
    facts: Dict[str, Any] = {}
    forms = (
        ("instance_id", INSTANCE_ID, INSTANCE_RULE),
        ("account_id", ACCOUNT_ID, ACCOUNT_RULE),
        ("region", REGION, REGION_RULE),
    )
    for key, form, rule in forms:
        value = table.get(key)
        if isinstance(value, int) and not isinstance(value, bool):  # twelve digits survive YAML and Jinja unharmed
            value = str(value)
        facts[key] = reader.text(value, "host." + key, form, rule)
    tags = table.get("tags") or {}
    facts["tags"] = {key: str(value) for key, value in reader.table(tags, "host.tags").items()}
    reader.stop_if_wrong()
    return facts


def _reached_by(model: Model, grant: Grant, account: Account, facts: Mapping[str, Any]) -> Tuple[Member, ...]:
    """Those who reach a host through a grant."""
    if account.id not in model.accounts_of(grant):
        return ()
    return tuple(member for member in model.members_of(grant, account) if matches(grant, member, facts))


def matches(grant: Grant, member: Member, facts: Mapping[str, Any]) -> bool:
    """Whether a grant's instances include this host for this member; the same question that its policy answers."""
    instances, tags = grant.instances, facts["tags"]
    if instances.ids:
        return facts["instance_id"] in instances.ids
    if facts["instance_id"].startswith("mi-"):  # policies reach managed nodes by id only
        return False
    if instances.tags:
        return all(tags.get(key) in values for key, values in instances.tags)
    own = {key: member.tags.get(key) for key in instances.principal_tags}
    return all(value is not None and tags.get(key) == value for key, value in own.items())


Reaching = Sequence[Tuple[Grant, Tuple[Member, ...]]]


def _own_users(reaching: Reaching) -> Dict[str, Any]:
    """Run As: each person's own OS user; rights of several grants add up, for the host cannot tell them apart."""
    rights: Dict[str, List[Sudo]] = {}
    groups: Dict[str, Set[str]] = {}
    for grant, people in reaching:
        for member in people:
            rights.setdefault(member.os_user, []).append(grant.sudo)
            groups.setdefault(member.os_user, set()).update(grant.os_groups)
    users: List[Dict[str, Any]] = []
    for name in sorted(rights):
        user: Dict[str, Any] = {"name": name, "state": "present"}
        if groups[name]:
            user["groups"] = sorted(groups[name])
        users.append(user)
    rules = [{"user": name, "commands": _commands(_sum(rights[name]))} for name in sorted(rights)]
    return _answer(
        users,
        [{"name": name} for name in sorted(set().union(*groups.values()))],
        [rule for rule in rules if rule["commands"] != NONE],
        NONE,
        _lost_attribution(reaching),
    )


def _shared_user(reaching: Reaching) -> Dict[str, Any]:
    """Without Run As everyone is ssm-user, and so everyone has what any of them has."""
    there = [grant for grant, people in reaching if people]
    rights = [grant.sudo for grant in there]
    notes = []
    if len(set(rights)) > 1:
        names = ", ".join(grant.name for grant in there)
        notes.append(note(WARNING, "grants", f"{names} share {SSM_USER} here, so each has the sudo rights of all"))
    return _answer([], [], [], _commands(_sum(rights)), notes)


def _sum(rights: Sequence[Sudo]) -> Sudo:
    if ALL in rights:
        return ALL
    commands = {command for right in rights if not isinstance(right, str) for command in right}
    return tuple(sorted(commands)) or NONE


def _commands(right: Sudo) -> Any:
    return right if isinstance(right, str) else list(right)


def _lost_attribution(reaching: Reaching) -> List[Dict[str, str]]:
    sharing: Dict[str, List[str]] = {}
    for _grant, people in reaching:
        for member in people:
            keys = sharing.setdefault(member.os_user, [])
            if member.label not in keys:
                keys.append(member.label)
    return [
        note(INFO, "people", f"{', '.join(keys)} share the OS user '{name}': the host cannot tell them apart")
        for name, keys in sorted(sharing.items())
        if len(keys) > 1
    ]


def _answer(
    users: List[Dict[str, Any]],
    groups: List[Dict[str, Any]],
    sudo: List[Dict[str, Any]],
    ssm_user: Any,
    notes: List[Dict[str, str]],
) -> Dict[str, Any]:
    return dict(users=users, groups=groups, sudo=sudo, ssm_user=ssm_user, notes=notes)
