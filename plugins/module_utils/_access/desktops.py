# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grants of Windows desktops through Fleet Manager: what AWS refuses, or does without a word, is told beforehand.

Fleet Manager makes a local user on the instance, in the group of its administrators, and names it after the person:
everything from the first @ on is dropped, at most 16 characters may be left, and two people may become one (AWS:
"Connect to a managed node using Remote Desktop"). It works in the Region of Identity Center only.
"""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, Optional, Set, Tuple

from .._sessions.scope import RDP
from .._shape import at, listed
from .records import INFO, NONE, WARNING, Grant, Model, Person, note

LONGEST_NAME = 16
_NAME = re.compile(r"[A-Za-z0-9._-]+")
# Windows has these users from the start, and Administrator may even be the one in use.
_BUILT_IN = ("administrator", "defaultaccount", "guest", "wdagutilityaccount")

Problem = Tuple[str, str]


def local_name(user_name: str) -> str:
    """The local user that Fleet Manager makes for an Identity Center user."""
    return user_name.split("@", 1)[0]


def desktop_problems(model: Model) -> Iterator[Problem]:
    """(path, what is wrong and the mend) for all grants with rdp."""
    grants = [grant for grant in model.grants if RDP in grant.connect]
    for grant in grants:
        yield from _excluded(model, grant)
        yield from _places(model, grant)
    people = {person.key: person for grant in grants for person in model.people_of(grant)}
    for person in people.values():
        yield from _name_problems(person)
    yield from _collisions(model, grants)


def _excluded(model: Model, grant: Grant) -> Iterator[Problem]:
    if grant.sudo != NONE:
        yield at(grant.path, "sudo"), "rdp is for Windows, which knows no sudo; leave it out, or make two grants"
    if grant.os_groups:
        yield at(grant.path, "os_groups"), "rdp is for Windows, where everybody is an administrator; leave it out"
    run_as = [account.name for account in model.accounts_of(grant).values() if account.run_as]
    if run_as and grant.connect != (RDP,):
        others = listed(word for word in grant.connect if word != RDP)
        text = f"rdp knows no Run As, which {listed(run_as)} has, so that {others} would go round it; make a grant"
        yield at(grant.path, "connect"), text + " for rdp alone"


def _places(model: Model, grant: Grant) -> Iterator[Problem]:
    for account in model.accounts_of(grant).values():
        if model.region not in account.regions:
            yield (
                at(grant.path, "connect"),
                f"rdp works in the Region of Identity Center only, {model.region}, and {account.name} has "
                f"{listed(account.regions)}",
            )


def name_problem(name: str) -> Optional[str]:
    """What is wrong with a local user's name, and the mend."""
    if len(name) > LONGEST_NAME:
        return f"the local user '{name}' has {len(name)} characters; Windows gets at most {LONGEST_NAME}"
    if not _NAME.fullmatch(name):
        return f"the local user '{name}' may have only letters, digits, '.', '-' and '_'"
    if name.lower() in _BUILT_IN:
        return f"Windows has the local user '{name}' already for itself; give another user name"
    return None


def _name_problems(person: Person) -> Iterator[Problem]:
    problem = name_problem(local_name(person.user_name))
    if problem is not None:
        yield at(at("people", person.key), "user_name"), f"'{person.user_name}' with rdp: {problem}"


def _collisions(model: Model, grants: List[Grant]) -> Iterator[Problem]:
    """Two people who become one local user in the same account; Windows does not tell upper from lower case."""
    told: Set[Tuple[str, str]] = set()
    for account_id in dict.fromkeys(key for grant in grants for key in model.accounts_of(grant)):
        owners: Dict[str, Person] = {}
        for grant in grants:
            for person in model.people_of(grant) if account_id in model.accounts_of(grant) else ():
                other = owners.setdefault(local_name(person.user_name).lower(), person)
                if other is not person and (other.key, person.key) not in told:
                    told.add((other.key, person.key))
                    both = f"'{person.user_name}' and '{other.user_name}' ({at('people', other.key)})"
                    text = f"{both} become the same local user through rdp, '{local_name(person.user_name)}'"
                    yield at(at("people", person.key), "user_name"), text + "; give one of them another user name"


def desktop_notes(model: Model, grant: Grant) -> List[Dict[str, str]]:
    """What is right and worth knowing of a grant with rdp."""
    if RDP not in grant.connect:
        return []
    path = at(grant.path, "connect")
    text = "rdp makes each person a local administrator, who stays on the instance when the grant is gone"
    notes = [note(WARNING, path, text)]
    elsewhere = {
        region for account in model.accounts_of(grant).values() for region in account.regions if region != model.region
    }
    if elsewhere:
        text = f"rdp reaches {model.region} only, where Identity Center is, and nothing in {listed(sorted(elsewhere))}"
        notes.append(note(INFO, path, text))
    return notes
