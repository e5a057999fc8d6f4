# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instances of Identity Center of a declared state, under `identity_center` and `home_region`."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from ..directory.store import Store
from ..identity_center.records import Instance
from ..world import INSTANCE_ARN, STORE_ID, World

SECOND_INSTANCE_ARN = "arn:aws:sso:::instance/ssoins-8334b2c3d4e5f6a7"
SECOND_STORE_ID = "d-95672b3c4d"
_CENTER = {"instances", "identity_store_id", "instance_arn"}


def problems(state: Mapping[str, Any]) -> Iterator[str]:
    center = state.get("identity_center") or {}
    for key in sorted(set(center) - _CENTER):
        yield f"identity_center has no {key}; it has {', '.join(sorted(_CENTER))}"
    if center.get("instances", 1) not in (0, 1, 2):
        yield f"identity_center.instances must be 0, 1 or 2, not {center['instances']!r}"
    if not re.fullmatch(r"arn:aws:sso:::instance/ssoins-[0-9a-zA-Z.-]{16}", center.get("instance_arn", INSTANCE_ARN)):
        yield f"identity_center.instance_arn is not the ARN of an instance: {center['instance_arn']!r}"
    if not re.fullmatch(r"d-[0-9a-f]{10}", center.get("identity_store_id", STORE_ID)):
        yield f"identity_center.identity_store_id must be d- and 10 hexadecimal digits: {center['identity_store_id']!r}"


def plant(world: World, state: Mapping[str, Any]) -> bool:
    """Have exactly the wanted instances of Identity Center; what is not mentioned stays."""
    wanted = _wanted(world, state)
    world.settings.change(home_region=state.get("home_region") or world.settings.home_region)
    current = {found.arn: (found.store_id, found.region) for found in world.sso_admin.instances.values()}
    if wanted is None or current == wanted:
        return False
    for instance in list(world.sso_admin.instances.values()):
        if wanted.get(instance.arn) != (instance.store_id, instance.region):
            world.sso_admin.remove_instance(instance)
    for arn, (store_id, home) in wanted.items():
        if arn not in world.sso_admin.instances:
            first = not world.sso_admin.instances
            world.sso_admin.add_instance(
                Instance(arn, store_id, world.settings.account, home, organization=first, permission_sets_enabled=first)
            )
    return True


def shown(world: World) -> List[Dict[str, str]]:
    return [
        dict(instance_arn=found.arn, identity_store_id=found.store_id, region=found.region)
        for found in world.sso_admin.instances.values()
    ]


def organization_instance(world: World) -> Optional[Instance]:
    return next((found for found in world.sso_admin.instances.values() if found.organization), None)


def to_be(world: World, state: Mapping[str, Any]) -> Optional[Tuple[Instance, Store]]:
    """Return the organization's instance and its store as they will be: those that are there, or empty new ones."""
    there, wanted = organization_instance(world), _wanted(world, state)
    if there is not None and (wanted is None or wanted.get(there.arn) == (there.store_id, there.region)):
        store = world.stores.find(there.store_id)
        return None if store is None else (there, store)
    if not wanted:
        return None
    arn, (store_id, home) = next(iter(wanted.items()))
    return Instance(arn, store_id, world.settings.account, home), Store(store_id, world.settings.account, home)


def _wanted(world: World, state: Mapping[str, Any]) -> Optional[Dict[str, Tuple[str, str]]]:
    """Return ARN -> (store, Region), the organization's own first; None if the state does not say."""
    if state.get("identity_center") is None and state.get("home_region") is None:
        return None
    center = state.get("identity_center") or {}
    home = state.get("home_region") or world.settings.home_region
    first = organization_instance(world)
    arn = center.get("instance_arn") or (first.arn if first else INSTANCE_ARN)
    store = center.get("identity_store_id") or (first.store_id if first else STORE_ID)
    both = [(arn, (store, home)), (SECOND_INSTANCE_ARN, (SECOND_STORE_ID, home))]
    return dict(both[: center.get("instances", 1)])
