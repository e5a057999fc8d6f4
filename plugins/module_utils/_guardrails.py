# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a task from deleting more than was meant. Pure; asked when a plan is made, so before the first write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Collection, Dict, FrozenSet, List, Optional, Sequence, Tuple

from ._reconcile import UserError
from ._shape import nearest

# Merged into the argument spec of every module that deletes in bulk.
GUARD_SPEC: Dict[str, Any] = dict(
    max_deletions=dict(type="int", default=10), protect=dict(type="list", elements="str", default=[])
)

_SHOWN = 5  # how many deletions a message names


@dataclass(frozen=True)
class Deletion:
    """What a plan deletes.

    name: for people. called: every name and id by which `protect` may know it, or a part of it.
    """

    name: str
    called: Tuple[Optional[str], ...] = ()


@dataclass(frozen=True)
class Guard:
    """How far a task may go. Names are compared without regard to upper and lower case, as the directory does."""

    max_deletions: int = 10
    protect: Sequence[str] = ()

    def findings(self) -> List[str]:
        """What is wrong with the options, as far as their text tells."""
        found = [
            f"protect[{index}]: is empty; give a name, an id or an ARN"
            for index, text in enumerate(self.protect)
            if not text.strip()
        ]
        if self.max_deletions < 0:
            found.append(f"max_deletions: {self.max_deletions} is less than 0; give the most that may be deleted")
        return found

    def check(self, deletions: Sequence[Deletion], what: str) -> None:
        """Raise a `UserError` where a plan goes too far; `what` says what it deletes, such as `account assignments`."""
        protected = [deletion for deletion in deletions if self._protected(deletion)]
        if protected:
            raise UserError(
                f"protect: this would delete {len(protected)} protected {what}. Nothing was changed. Keep what is "
                f"protected, or take it out of protect:{_listed(protected)}",
                deletions=[deletion.name for deletion in protected],
            )
        if len(deletions) > self.max_deletions:
            raise UserError(
                f"max_deletions: this would delete {len(deletions)} {what}, and max_deletions is "
                f"{self.max_deletions}. Nothing was changed. Raise it if they shall go:{_listed(deletions)}",
                deletions=[deletion.name for deletion in deletions],
            )

    def unknown(self, known: Collection[str]) -> List[str]:
        """Problems with what `protect` names and is not there: a misspelt name would protect nothing."""
        there = {name.casefold() for name in known}
        return [
            f"protect[{index}]: nothing is called '{text}'{nearest(text, known)}, so it protects nothing"
            for index, text in enumerate(self.protect)
            if text.casefold() not in there
        ]

    def _protected(self, deletion: Deletion) -> FrozenSet[str]:
        names = {text.casefold() for text in self.protect}
        return frozenset(name.casefold() for name in deletion.called if name).intersection(names)


def _listed(deletions: Sequence[Deletion]) -> str:
    names = "".join(f"\n- {deletion.name}" for deletion in deletions[:_SHOWN])
    return names + (f"\n- and {len(deletions) - _SHOWN} more" if len(deletions) > _SHOWN else "")
