# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model's grants: who reaches which instances, by which way in, with which sudo rights."""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping, Optional, Tuple

from .._hosts.names import os_group_name_problem
from .._hosts.sudo.commands import command_problem
from .._identity_center.permission_sets.validate import permission_sets
from .._reconcile import Problems
from .._sessions.scope import ACCOUNT_ID, COMMAND, SHELL, SSH
from .._sessions.scope_input import read_connect, read_instances
from .._shape import Reader, at, nearest
from .accounts import ORGANIZATIONAL_UNIT
from .outsiders import outsider_problems
from .people import known_names
from .records import ALL, NONE, Account, Grant, Model, Sudo

_KEYS = (
    "name",
    "description",
    "to",
    "accounts",
    "instances",
    "connect",
    "sudo",
    "os_groups",
    "session_duration",
)
_REQUIRED = ("name", "to", "accounts", "instances")
_TO = ("groups", "people", "iam_users", "saml")
# A member of one of these is root on common distributions, or one step from it: sudo's rules would mean nothing.
_ROOT_GROUPS = ("adm", "admin", "disk", "docker", "libvirt", "lxd", "podman", "root", "shadow", "sudo", "wheel")


def read_grants(raw: Any, model: Model, reader: Reader) -> Tuple[Grant, ...]:
    """`model` has everything but its grants."""
    grants = []
    names: Dict[str, str] = {}
    for index, entry in enumerate(reader.rows(raw, "grants", empty=True)):
        grant = _GrantReader(at("grants", index), model, reader).read(entry)
        if grant.name and grant.name in names:
            reader.wrong(at(grant.path, "name"), f"'{grant.name}' is the name of {names[grant.name]} already")
        names.setdefault(grant.name, grant.path)
        grants.append(grant)
    return tuple(grants)


class _GrantReader:
    def __init__(self, path: str, model: Model, reader: Reader) -> None:
        self.path, self.model, self.reader = path, model, reader

    def at(self, key: str) -> str:
        return at(self.path, key)

    def read(self, raw: Any) -> Grant:
        table = self.reader.fields(raw, self.path, _KEYS)
        if isinstance(raw, Mapping):
            for key in _REQUIRED:
                if key not in table:
                    self.reader.wrong(self.at(key), "is missing")
        to = self._to(table["to"]) if "to" in table else {}
        accounts, units = self._accounts(table["accounts"]) if "accounts" in table else ((), ())
        grant = Grant(
            path=self.path,
            name=self._settings(table),
            groups=to.get("groups", ()),
            people=to.get("people", ()),
            accounts=accounts,
            organizational_units=units,
            instances=read_instances(table.get("instances", {"all": True}), self.at("instances"), self.reader),
            connect=read_connect(table.get("connect", [SHELL]), self.at("connect"), self.reader),
            sudo=self._sudo(table.get("sudo", NONE)),
            os_groups=self._os_groups(table.get("os_groups")),
            session_duration=table.get("session_duration"),
            description=table.get("description"),
            iam_users=to.get("iam_users", ()),
            saml=to.get("saml", ()),
        )
        self._principal_tags(grant)
        self._accounts_agree(grant)
        self._ways_in(grant)
        for path, problem in outsider_problems(self.model, grant):
            self.reader.wrong(path, problem)
        return grant

    def _settings(self, table: Mapping[str, Any]) -> str:
        """What becomes the permission set as it stands, judged by the permission sets' own rules. Returns the name."""
        item: Dict[str, Any] = {"name": "placeholder"}
        for key in ("name", "description", "session_duration"):
            if key in table:
                text = self.reader.text(table[key], self.at(key))
                if text is not None:
                    item[key] = text
        try:
            permission_sets([item], option="")
        except Problems as found:
            for problem in found.details["problems"]:
                self.reader.problems.append(problem.replace("[0]", self.path, 1))
        return str(item["name"]) if "name" in table and item["name"] == table["name"] else ""

    def _to(self, raw: Any) -> Dict[str, Tuple[str, ...]]:
        path = self.at("to")
        table = self.reader.fields(raw, path, _TO)
        if isinstance(raw, Mapping) and all(names is None for names in raw.values()):
            self.reader.wrong(path, "names nobody; give groups, people, iam_users or saml")
        kinds: Dict[str, Tuple[Mapping[str, Any], str]] = {
            "groups": (self.model.groups, "group"),
            "people": (self.model.people, "person"),
            "iam_users": (self.model.iam_users, "IAM user"),
            "saml": (self.model.federations, "federation"),
        }
        found = {}
        for key, names in table.items():
            known, kind = kinds[key]
            texts = self.reader.texts(names, at(path, key))
            found[key] = tuple(known_names(texts, known, at(path, key), kind, self.reader))
        return found

    def _accounts(self, raw: Any) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
        """Names and ids of accounts as names, and organizational units."""
        path, names, units = self.at("accounts"), [], []
        for index, entry in self.reader.texts(raw, path).items():
            if ORGANIZATIONAL_UNIT.fullmatch(entry):
                units.append(entry)
                continue
            account = self._account(entry, at(path, index))
            if account is not None and account.name in names:
                self.reader.wrong(at(path, index), f"'{entry}' is {account.name}, which is named already")
            elif account is not None:
                names.append(account.name)
        return tuple(names), tuple(units)

    def _account(self, entry: str, path: str) -> Optional[Account]:
        if entry in self.model.accounts:
            return self.model.accounts[entry]
        account = self.model.account_by_id(entry) if ACCOUNT_ID.fullmatch(entry) else None
        if account is None:
            what = "account with the id" if ACCOUNT_ID.fullmatch(entry) else "account"
            self.reader.wrong(path, f"no {what} '{entry}'{_nearest_account(entry, self.model)}")
        return account

    def _sudo(self, raw: Any) -> Sudo:
        path = self.at("sudo")
        if raw in (NONE, ALL):
            return str(raw)
        if not isinstance(raw, (list, tuple)):
            self.reader.wrong(path, f"{raw!r} is neither none nor all nor a list of commands")
            return NONE
        commands = self.reader.texts(raw, path)
        for index, command in commands.items():
            problem = command_problem(command)
            if problem is not None:
                self.reader.wrong(at(path, index), problem)
        return tuple(commands.values())

    def _os_groups(self, raw: Any) -> Tuple[str, ...]:
        if raw is None:
            return ()
        path = self.at("os_groups")
        names = self.reader.texts(raw, path)
        for index, name in names.items():
            problem = os_group_name_problem(name)
            if problem is None and name in _ROOT_GROUPS:
                problem = f"'{name}' makes its members root by another way; use sudo instead"
            if problem is not None:
                self.reader.wrong(at(path, index), problem)
        return tuple(names.values())

    def _principal_tags(self, grant: Grant) -> None:
        path = at(self.at("instances"), "principal_tags")
        for key in grant.instances.principal_tags if grant.through_identity_center else ():
            if key not in self.model.attributes:
                self.reader.wrong(path, f"no attribute '{key}' in attributes{nearest(key, self.model.attributes)}")

    def _accounts_agree(self, grant: Grant) -> None:
        """One permission set serves all accounts of a grant, and it either demands Run As or does not."""
        reached = self.model.accounts_of(grant).values()
        on = [account.name for account in reached if account.run_as]
        off = [account.name for account in reached if not account.run_as]
        if on and off:
            self.reader.wrong(
                self.at("accounts"),
                f"run_as is true in {', '.join(on)} and false in {', '.join(off)}; make one grant for each",
            )
        elif off:
            for key, present in (("connect", SSH in grant.connect), ("os_groups", bool(grant.os_groups))):
                if present:
                    text = "needs the person's own OS user, but run_as is false in " + ", ".join(off)
                    self.reader.wrong(self.at(key), ("ssh " if key == "connect" else "") + text)

    def _ways_in(self, grant: Grant) -> None:
        if COMMAND in grant.connect and grant.sudo != ALL:
            self.reader.wrong(
                self.at("connect"), "command counts as root on the instance, so it needs sudo: all; or leave it out"
            )
        ids = grant.instances.ids
        if SSH in grant.connect and ids and not [entry for entry in ids if entry.startswith("i-")]:
            self.reader.wrong(self.at("connect"), "ssh pushes a key to EC2 instances; instances.ids names none")


def _nearest_account(entry: str, model: Model) -> str:
    ids = [account.id for account in model.accounts.values()]
    return nearest(entry, ids if re.fullmatch("[0-9]+", entry) else model.accounts)
