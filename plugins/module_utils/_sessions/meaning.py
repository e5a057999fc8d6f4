# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a policy document means, whatever its Sids, its order, and how its statements are grouped. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, FrozenSet, Iterator, List, Mapping, Tuple

# An operator, a condition key and its values.
Test = Tuple[str, str, Tuple[str, ...]]
# What one statement says of one action and one resource: effect, action, resource, and the conditions. Where the
# statement names what it is not about, all of that stays together.
Atom = Tuple[str, str, str, FrozenSet[Test]]


@dataclass(frozen=True)
class Part:
    """A statement in one form. not_actions, not_resources: the lists are of what it is not about."""

    effect: str
    actions: Tuple[str, ...]
    resources: Tuple[str, ...]
    tests: Tuple[Test, ...] = ()
    not_actions: bool = False
    not_resources: bool = False

    @property
    def allows(self) -> bool:
        return self.effect == "Allow"

    def values(self, operator: str, key: str) -> Tuple[str, ...]:
        """The values that a condition tests for; keys and operators are the same in upper and lower case."""
        wanted = (operator.lower(), key.lower())
        return next((values for name, each, values in self.tests if (name.lower(), each.lower()) == wanted), ())


def parts(document: Any) -> List[Part]:
    """The statements of a document that may have been written by anybody."""
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    rows = [statements] if isinstance(statements, Mapping) else statements
    return [_part(row) for row in rows if isinstance(row, Mapping)] if isinstance(rows, (list, tuple)) else []


def atoms(document: Any) -> FrozenSet[Atom]:
    """What two documents have in common when they mean the same."""
    return frozenset(atom for part in parts(document) for atom in atoms_of(part))


def atoms_of(part: Part) -> Iterator[Atom]:
    tests = frozenset((operator.lower(), key.lower(), tuple(sorted(values))) for operator, key, values in part.tests)
    actions = [action.lower() for action in part.actions]
    for action in ["not " + " ".join(sorted(actions))] if part.not_actions else actions:
        for resource in ["not " + " ".join(sorted(part.resources))] if part.not_resources else part.resources:
            yield part.effect, action, resource, tests


def same_meaning(one: Any, other: Any) -> bool:
    return bool(version_of(one) == version_of(other) and atoms(one) == atoms(other))


def version_of(document: Any) -> Any:
    """Only the newer version of the language knows policy variables."""
    return document.get("Version", "2008-10-17") if isinstance(document, Mapping) else None


def _part(row: Mapping[str, Any]) -> Part:
    not_actions, not_resources = "NotAction" in row, "NotResource" in row
    tests = [
        (str(operator), str(key), texts(values))
        for operator, keys in _table(row.get("Condition")).items()
        for key, values in _table(keys).items()
    ]
    return Part(
        effect=str(row.get("Effect")),
        actions=texts(row.get("NotAction" if not_actions else "Action")),
        resources=texts(row.get("NotResource" if not_resources else "Resource")),
        tests=tuple(tests),
        not_actions=not_actions,
        not_resources=not_resources,
    )


def _table(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def texts(value: Any) -> Tuple[str, ...]:
    """One value or several, as AWS reads them: true is the text true."""
    rows = list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]
    return tuple(str(row).lower() if isinstance(row, bool) else str(row) for row in rows)
