# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each person's workstation needs: a profile of the AWS CLI for each grant and account that reaches them."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from .._reconcile import Problems
from .._sessions.scope import RDP
from .._shape import at
from .model import read_model
from .records import Grant, Model, Person

Profile = Dict[str, str]


def client_profiles(
    model: Any,
    sso_session: str = "keyless",
    prefix: str = "",
    organizational_units: Optional[Mapping[str, Sequence[str]]] = None,
) -> Dict[str, Dict[str, Any]]:
    """For each person of the model, by key: `os_user`, `user_name` and `profiles`.

    IAM users and federations do not come through Identity Center, so that no profile leads them anywhere.
    """
    read = read_model(model, organizational_units)
    problems: List[str] = []
    clients = {}
    for person in read.people.values():
        if person.present:
            profiles = _profiles_of(read, person, sso_session, prefix, problems)
            clients[person.key] = dict(user_name=person.user_name, os_user=person.os_user, profiles=profiles)
    if problems:
        raise Problems(list(dict.fromkeys(problems)))
    return clients


def _profiles_of(model: Model, person: Person, sso_session: str, prefix: str, problems: List[str]) -> List[Profile]:
    profiles: Dict[str, Profile] = {}
    for grant in model.grants:
        if not _leads(model, grant, person):
            continue
        for account in model.accounts_of(grant).values():
            name = f"{prefix}{account.name}-{grant.name}".replace(" ", "-")
            if name in profiles:
                text = f"with the account {account.name} the profile would be called '{name}', as another one already"
                problems.append(f"{at(grant.path, 'name')}: {text}; rename the grant or the account")
            profiles[name] = {
                "name": name,
                "sso_session": sso_session,
                "sso_account_id": account.id,
                "sso_role_name": grant.name,
                "region": account.regions[0],
            }
    return list(profiles.values())


def _leads(model: Model, grant: Grant, person: Person) -> bool:
    """Whether a grant gives the person sessions that the AWS CLI can open; desktops are opened in the console."""
    return person in model.people_of(grant) and grant.connect != (RDP,)
