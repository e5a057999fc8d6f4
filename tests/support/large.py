# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Large organizations, as the emulator is seeded with them and as tasks are given them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
VIEW = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"


@dataclass(frozen=True)
class Product:
    """Every one of `groups` has every one of `sets` in every one of `accounts`."""

    sets: int
    accounts: int
    groups: int

    @property
    def assignments(self) -> int:
        return self.sets * self.accounts * self.groups

    def organization(self) -> dict[str, Any]:
        """What the emulator is seeded with: accounts, groups and bare permission sets."""
        return dict(
            accounts=[dict(id=f"100000000[001:{self.accounts:03}]", name=f"account-[001:{self.accounts:03}]")],
            groups=[dict(name=f"group[001:{self.groups:03}]")],
            permission_sets=[dict(name=f"Set[001:{self.sets:03}]", tags={"keyless:managed": "true"})],
        )

    def assigned(self) -> dict[str, Any]:
        """The same with all assignments in place."""
        row = dict(
            permission_sets=[f"Set[001:{self.sets:03}]"],
            groups=[f"group[001:{self.groups:03}]"],
            accounts=[f"100000000[001:{self.accounts:03}]"],
        )
        return dict(self.organization(), account_assignments=[row])

    def rows(self) -> list[dict[str, list[str]]]:
        """The module's `assignments`."""
        return [
            dict(
                permission_sets=names("Set", self.sets),
                groups=names("group", self.groups),
                accounts=names("100000000", self.accounts),
            )
        ]


def names(start: str, count: int) -> list[str]:
    return [f"{start}{number:03}" for number in range(1, count + 1)]


def policy(*actions: str) -> dict[str, Any]:
    statement = dict(Effect="Allow", Action=list(actions), Resource="*")
    return dict(Version="2012-10-17", Statement=[statement])


def permission_sets(count: int, changed: int = 0) -> list[dict[str, Any]]:
    """The module's `permission_sets`, with an inline and two managed policies each; `changed` of them allow more."""
    return [
        dict(
            name=name,
            inline_policy=policy("ec2:DescribeInstances", *(["ec2:DescribeTags"] if number < changed else [])),
            managed_policies=[AUDIT, VIEW],
        )
        for number, name in enumerate(names("Set", count))
    ]


def seeded_sets(count: int, accounts: int) -> dict[str, Any]:
    """The same permission sets as they are in the emulator, provisioned to some accounts."""
    product = Product(count, accounts, 1)
    (bare,) = product.organization()["permission_sets"]
    full = dict(bare, inline_policy=policy("ec2:DescribeInstances"), managed_policies=[AUDIT, VIEW])
    return dict(product.assigned(), permission_sets=[full])


def session_policies(count: int, changed: int = 0, **more: Any) -> list[dict[str, Any]]:
    """The module's `policies`, each with a group; the first `changed` have another way in. more: further options."""
    scope = dict(principal="iam_user", accounts=["123456789012"], regions=["ap-northeast-1"])
    return [
        dict(
            name=f"Policy{number:03}",
            scope=dict(
                scope,
                instances=dict(tags=dict(Team=f"team{number:03}")),
                connect=["shell"] if number > changed else ["shell", "ssh"],
            ),
            groups=[f"group{number % GROUPS_OF_POLICIES:03}"],
            **more,
        )
        for number in range(1, count + 1)
    ]


# A group has at most ten policies.
GROUPS_OF_POLICIES = 60
