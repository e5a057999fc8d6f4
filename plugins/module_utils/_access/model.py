# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`keyless_access`, the one model: read and checked as a whole, so that every problem is known at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Mapping, Optional, Sequence

from .._reconcile import UserError
from .._sessions.scope import REGION, REGION_RULE
from .._shape import Reader, at
from .accounts import read_accounts, read_sessions, read_units
from .desktops import desktop_problems
from .grants import read_grants
from .outsiders import read_federations, read_iam_users
from .people import read_attributes, read_groups, read_people
from .policies import check_roles, grant_policy, user_policy_problems
from .records import EXTERNAL, IDENTITY_CENTER, Model

_KEYS = (
    "region",
    "directory",
    "attributes",
    "people",
    "groups",
    "accounts",
    "grants",
    "sessions",
    "federations",
    "iam_users",
)


def read_model(raw: Any, organizational_units: Optional[Mapping[str, Sequence[str]]] = None) -> Model:
    """Check what a person wrote; everything that is wrong is raised at once.

    organizational_units: for each OU that grants name, the ids of all accounts below it. The model cannot know them.
    """
    if isinstance(raw, Model):
        return raw
    reader = Reader()
    model = _read(raw, organizational_units or {}, reader)
    reader.stop_if_wrong()
    return model


def _read(raw: Any, units: Mapping[str, Sequence[str]], reader: Reader) -> Model:
    if not isinstance(raw, Mapping):
        reader.table(raw, "keyless_access")
        return Model(region="")
    table = reader.fields(raw, "", _KEYS)
    outsiders = "iam_users" in table or "federations" in table
    for key in ("region", "people", "accounts", "grants"):
        if key not in table and not (key == "people" and outsiders):
            reader.wrong(key, "is missing")
    accounts = read_accounts(table.get("accounts", {}), reader)
    # Attributes belong to Identity Center: without people there may be none.
    run_as = (any(account.run_as for account in accounts.values()) or not accounts) and "people" in table
    attributes = read_attributes(table.get("attributes", {}), run_as, reader)
    people = read_people(table.get("people", {}), attributes, reader)
    model = Model(
        region=(reader.text(table["region"], "region", REGION, REGION_RULE) or "") if "region" in table else "",
        directory=_directory(table, reader),
        attributes=attributes,
        people=people,
        groups=read_groups(table.get("groups", {}), people, reader),
        accounts=accounts,
        sessions=read_sessions(table.get("sessions", {}), reader),
        units=read_units(units, reader),
        iam_users=read_iam_users(table.get("iam_users", {}), accounts, reader),
        federations=read_federations(table.get("federations", {}), accounts, reader),
    )
    before = len(reader.problems)
    model = replace(model, grants=read_grants(table.get("grants", []), model, reader))
    if len(reader.problems) == before:  # a grant that could not be read may name them
        _outsiders_belong_somewhere(model, reader)
    _everyone_belongs_somewhere(model, reader)
    for path, problem in desktop_problems(model):
        reader.wrong(path, problem)
    if len(reader.problems) == before:
        _policies_fit(model, reader)
    return model


def _directory(table: Mapping[str, Any], reader: Reader) -> str:
    choices = (IDENTITY_CENTER, EXTERNAL)
    return reader.choice(table.get("directory", IDENTITY_CENTER), "directory", choices) or IDENTITY_CENTER


def _everyone_belongs_somewhere(model: Model, reader: Reader) -> None:
    """A person whom nothing names is most often a forgotten line."""
    named = {key for members in model.groups.values() for key in members}
    named.update(key for grant in model.grants for key in grant.people)
    for person in model.people.values():
        if person.present and person.key not in named:
            reader.wrong(
                at("people", person.key), "is in no group and in no grant; add the person to one, or say state: absent"
            )


def _outsiders_belong_somewhere(model: Model, reader: Reader) -> None:
    iam_users = [key for grant in model.grants for key in grant.iam_users]
    federations = [name for grant in model.grants for name in grant.saml]
    for kind, known, used in (
        ("iam_users", model.iam_users, iam_users),
        ("federations", model.federations, federations),
    ):
        for name in known:
            if name not in used:
                reader.wrong(at(kind, name), "is in no grant; name it in the `to` of one, or take it out")
    for name in model.federations:
        if federations.count(name) > 1:
            text = "is in several grants, and its application leads to one role only; make a federation for each grant"
            reader.wrong(at("federations", name), text)


def _policies_fit(model: Model, reader: Reader) -> None:
    for grant in model.grants:
        try:
            if grant.through_identity_center:
                grant_policy(model, grant)
            check_roles(model, grant)
        except UserError as error:
            reader.wrong(at(grant.path, "instances"), error.message)
    reader.problems += user_policy_problems(model)
