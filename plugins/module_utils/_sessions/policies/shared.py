# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies of one task that come together in one principal: each is right, and both may be wrong. Pure.

AWS judges instance and document of a session apart, so each policy lends its ways in to the other's instances; and
where Run As is required each denies the session documents of the other.
"""

from __future__ import annotations

from typing import Dict, Iterator, List, Sequence, Tuple

from ..._shape import listed
from ..together import problems_together
from .records import ENTITIES, ONE, Wanted


def shared_warnings(desired: Sequence[Wanted]) -> Iterator[str]:
    """One for each set of policies that do not go together, with everybody who gets them."""
    together: Dict[Tuple[str, ...], List[str]] = {}
    by_name = {want.name: want for want in desired}
    for kind in ENTITIES:
        names: Dict[str, List[str]] = {}
        for want in desired:
            for name in want.attachments.get(kind, ()):
                names.setdefault(name, []).append(want.name)
        for name, theirs in names.items():
            if len(theirs) > 1:
                together.setdefault(tuple(theirs), []).append(f"{ONE[kind]} '{name}'")
    for policies, owners in together.items():
        scopes = [scope for policy in policies for scope in by_name[policy].scopes]
        if problems_together(scopes):
            yield (
                f"{listed(policies)} do not go together, and {listed(owners)} would have them all: AWS judges instance "
                "and document apart, so the ways in of one lead to the instances of the other, and where run_as is "
                "required one denies what the other allows; make one policy of their scopes, with the same ways in"
            )
