# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of several scopes of one principal. Pure.

AWS asks twice for each session, about the instance and about the document, and each question may be answered by
another statement. So a document that one scope names can be used on the instances of every other.
"""

from __future__ import annotations

from typing import Iterator, List, Sequence, Tuple

from .._shape import at
from .scope import Scope

# Keys that scopes of one principal have in common: they say what the principal is, or hold for all that it does.
_IN_COMMON = ("principal", "partition", "run_as", "require_mfa", "source_ip", "valid_until")


def problems_together(scopes: Sequence[Scope], path: str = "scopes") -> List[str]:
    """Why these scopes would reach more together than each alone, or cannot be together."""
    if not scopes:
        return [f"{path}: the list is empty; name at least one"]
    problems = list(_different(scopes, path))
    if problems:
        return problems
    pairs = ((first, second) for second in range(len(scopes)) for first in range(second))
    return [problem for first, second in pairs for problem in _crossing(scopes, first, second, path)]


def _different(scopes: Sequence[Scope], path: str) -> Iterator[str]:
    for index, scope in enumerate(scopes[1:], 1):
        for key in _IN_COMMON:
            if getattr(scope, key) != getattr(scopes[0], key):
                here, there = _shown(scope, key), _shown(scopes[0], key)
                text = f"{here} here and {there} in {at(path, 0)}; all scopes of one principal share it"
                yield f"{at(path, index)}.{key}: {text}"
        if bool(scope.accounts) != bool(scopes[0].accounts):
            # "Any account" denies other accounts' documents, which a scope that names accounts may mean.
            named, open_ = (index, 0) if scope.accounts else (0, index)
            text = f"names none, so means any, while {at(path, named)} names some; name accounts in both or in neither"
            yield f"{at(path, open_)}.accounts: {text}"


def _shown(scope: Scope, key: str) -> str:
    value = getattr(scope, key)
    if isinstance(value, tuple):
        value = ", ".join(value)
    return f"'{value}'" if value else "none"


def _crossing(scopes: Sequence[Scope], first: int, second: int, path: str) -> Iterator[str]:
    one, other = scopes[first], scopes[second]
    if _same_instances(one, other):
        return
    for (place, lender), (index, borrower) in (((first, one), (second, other)), ((second, other), (first, one))):
        lent = _lent(lender, borrower)
        if lent:
            yield (
                f"{at(path, index)}: AWS judges instance and document apart, so {', '.join(lent)} of {at(path, place)} "
                f"would reach {borrower.instances.described()} too; give both the same ways in, or different "
                "Regions, or use a permission set or role for each"
            )


def _same_instances(one: Scope, other: Scope) -> bool:
    return _where(one) == _where(other)


def _where(scope: Scope) -> Tuple[object, ...]:
    return scope.instances, scope.managed_nodes, scope.accounts, scope.regions


def _lent(lender: Scope, borrower: Scope) -> List[str]:
    """Ways in and documents of one scope that the instances of another would get without naming them.

    Whatever the accounts: AWS's documents are the same in all, and one's own may be shared and named by ARN.
    """
    if not _share(lender.regions, borrower.regions):
        return []
    words = [word for word in lender.connect if word not in borrower.connect]
    return words + [name for name in lender.documents if name not in borrower.documents]


def _share(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two lists have something in common; an empty one means any."""
    return not one or not other or bool(set(one) & set(other))
