# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a declared state puts into the organization's instance of Identity Center."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Mapping, Set

from ..world import World
from . import instances
from .applications import Applications
from .assignments import Assignments
from .people import People
from .sets import Sets

PARTS = ("users", "groups", "permission_sets", "account_assignments", "applications")


class Content:
    def __init__(self, state: Mapping[str, Any]) -> None:
        """ValueError names the first entry that has no proper form."""
        self._asked = any(state.get(part) for part in PARTS)
        self._people, self._sets, self._assignments = People(state), Sets(state), Assignments(state)
        self._applications = Applications(state)

    def problems(self, world: World, state: Mapping[str, Any], new: Set[str]) -> Iterator[str]:
        """`new`: ids of accounts that the state makes."""
        if not self._asked:
            return
        found = instances.to_be(world, state)
        if found is None:
            yield f"{', '.join(part for part in PARTS if state.get(part))}: there is no instance of Identity Center"
            return
        instance, store = found
        yield from self._people.problems(store)
        yield from self._sets.problems(world.roles)
        yield from self._assignments.problems(world, instance, store, self._people, self._sets, new)
        yield from self._applications.problems(store, self._people)

    def plant(self, world: World) -> bool:
        instance = instances.organization_instance(world)
        store = world.stores.find(instance.store_id) if instance else None
        if not self._asked or instance is None or store is None:
            return False
        changed = self._people.plant(store)
        changed |= self._sets.plant(instance)
        changed |= self._applications.plant(instance, store)
        return self._assignments.plant(world, instance, store) or changed

    def ids(self, world: World) -> Dict[str, Dict[str, Any]]:
        """Return the ids and ARNs of what the state names."""
        instance = instances.organization_instance(world)
        store = world.stores.find(instance.store_id) if instance else None
        if not self._asked or instance is None or store is None:
            return dict(users={}, groups={}, permission_sets={}, applications={})
        more = dict(permission_sets=self._sets.arns(instance), applications=self._applications.arns(instance))
        return dict(self._people.ids(store), **more)
