# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in an account stands in the way of a task, found before its first write. Pure: no AWS, no Ansible."""

from __future__ import annotations

from typing import Iterator, Sequence

from ..._shape import listed
from .records import ONE, RESERVED_ROLES, ROLES, Account, Policy, Wanted


def problems_of(account: Account, desired: Sequence[Wanted]) -> Iterator[str]:
    for want in desired:
        namesake = account.namesakes.get(want.name)
        if namesake:
            yield _namesake_problem(account, want, namesake)
        have = account.policy(want)
        if want.absent:
            if have is not None:
                yield from _kept(account, want, have)
            continue
        if want.partition != account.partition:
            yield (
                f"{want.place}: the scope is of partition {want.partition}, and account {account.id} is in "
                f"{account.partition}; say so in the scope's partition"
            )
        for kind, names in want.attachments.items():
            for index, name in enumerate(names):
                meant = account.unknown.get((kind, name))
                if meant is not None:
                    yield f"{want.place}.{kind}[{index}]: account {account.id} has no {ONE[kind]} '{name}'{meant}"


def _namesake_problem(account: Account, want: Wanted, arn: str) -> str:
    path, _slash, name = arn.partition(":policy")[2].rpartition("/")
    option, there = ("path", f"{path}/") if name == want.name else ("name", name)
    return (
        f"{want.place}.{option}: account {account.id} has {arn}, and IAM knows a policy's name once in an account, "
        f"whatever its path and its upper and lower case; give {option} '{there}' for that policy, or another name"
    )


def _kept(account: Account, want: Wanted, have: Policy) -> Iterator[str]:
    """Why a policy cannot be deleted."""
    if have.boundary_of:
        yield (
            f"{want.place}: {have.arn} is the permissions boundary of {listed(have.boundary_of)}; give them another "
            "one first"
        )
    roles = [name for name in have.attachments.get(ROLES, []) if name.startswith(RESERVED_ROLES)]
    if roles:
        yield (
            f"{want.place}: {have.arn} is attached to {listed(roles)}, which only Identity Center changes; take the "
            "policy out of the permission set's customer_managed_policies first"
        )
