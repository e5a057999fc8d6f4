# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the given users and groups, seen against what is in the identity store. Pure."""

from __future__ import annotations

from typing import Dict, Iterator, Optional

from ..._shape import nearest
from .records import ByName, Current, Desired, User


def findings(current: Current, desired: Desired) -> Iterator[str]:
    """One text for each problem, with its path."""
    yield from _missing_names(current, desired)
    yield from _taken_emails(current, desired)
    yield from _unknown_members(current, desired)


def address_of(user: User) -> Optional[str]:
    """The address that counts when AWS compares them, in a form that can be compared."""
    email = user.email or user.other.get("email")
    return email.casefold() if email else None


def _missing_names(current: Current, desired: Desired) -> Iterator[str]:
    for index, want in enumerate(desired.users):
        if want.absent or current.users.get(want.user_name):
            continue
        for option in ("given_name", "family_name"):
            if not getattr(want, option):
                yield (
                    f"users[{index}].{option}: the user '{want.user_name}' does not exist yet, and AWS creates none "
                    f"without it; give {option}, or correct the user name"
                    + nearest(want.user_name, (user.user_name for user in current.users))
                )


def _taken_emails(current: Current, desired: Desired) -> Iterator[str]:
    """An address can move from user to user in one task only if its owner gets another one that is free."""
    owners: Dict[str, User] = {}
    for user in current.users:
        address = address_of(user)
        if address:
            owners[address] = user
    wants: Dict[str, User] = {}
    for want in desired.users:
        have = current.users.get(want.user_name)
        if have:
            wants[have.user_name] = want
    for index, want in enumerate(desired.users):
        owner = owners.get(want.email.casefold()) if want.email and not want.absent else None
        if owner is None or wants.get(owner.user_name) is want:
            continue
        path = f"users[{index}].email: '{want.email}' is the address of the user '{owner.user_name}'"
        theirs = wants.get(owner.user_name)
        if theirs is None or (theirs.email is None and not theirs.absent):
            yield f"{path}; AWS takes each address for one user only"
        elif theirs.absent or (theirs.email and theirs.email.casefold() in owners):
            yield f"{path} until this task has changed that; free it in a task before this one"


def _unknown_members(current: Current, desired: Desired) -> Iterator[str]:
    listed = ByName(desired.users)
    present = [user.user_name for user in current.users] + [user.user_name for user in desired.users]
    for index, group in enumerate(desired.groups):
        if group.absent:
            continue
        for number, member in enumerate(group.members or {}):
            path = f"groups[{index}].members[{number}]: "
            want = listed.get(member)
            if want is not None and want.absent:
                yield f"{path}'{member}' is listed in users with state: absent; take it out of one of them"
            elif want is None and current.users.get(member) is None:
                yield f"{path}there is no user '{member}', and users does not list it" + nearest(member, present)
