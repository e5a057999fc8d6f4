# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2 instances with ids, addresses and tags that the seed chooses."""

from __future__ import annotations

import contextlib
import importlib
import ipaddress
import re
from typing import Any, Dict, Iterator, Mapping, Optional, Sequence

from .motoparts import Moto
from .settings import Settings

KEYS = {"account_id", "region", "instance_id", "tags", "private_ip", "name", "instance_type"}
IMAGE = "ami-0123456789abcdef0"


def all_problems(moto: Moto, settings: Settings, instances: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the wanted instances, each with its place in the list."""
    places: Dict[Any, int] = {}
    for number, wanted in enumerate(instances):
        for problem in problems(moto, settings, wanted):
            yield f"instances[{number}]{problem}"
        for key in ("instance_id", "private_ip"):
            place = (wanted.get("account_id"), wanted.get("region"), key, wanted.get(key))
            if wanted.get(key) and places.setdefault(place, number) != number:
                yield f"instances[{number}]: the {key} {wanted[key]} is that of instances[{places[place]}] too"


def problems(moto: Moto, settings: Settings, wanted: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with an instance."""
    for key in sorted(set(wanted) - KEYS):
        yield f" has no {key}; it has {', '.join(sorted(KEYS))}"
    id_, address = wanted.get("instance_id"), wanted.get("private_ip")
    if not re.fullmatch(r"i-([0-9a-f]{8}|[0-9a-f]{17})", str(id_)):
        yield f": instance_id must be i- and 17 hexadecimal digits, not {id_!r}"
        return
    account = wanted.get("account_id") or settings.account
    if not isinstance(account, str) or not re.fullmatch(r"\d{12}", account):
        yield f": account_id must be a text of 12 digits, not {wanted['account_id']!r}"
        return
    if address is None:
        return
    try:
        ipaddress.IPv4Address(address)
    except ValueError:
        yield f": private_ip must be an IPv4 address, not {address!r}"
        return
    for instance in _backend(moto, settings, wanted).all_instances():
        if instance.id == id_ and instance.private_ip != address:
            yield f": the private_ip of {id_} is {instance.private_ip} and cannot become {address}; reset first"
        if instance.id != id_ and instance.private_ip == address:
            yield f": {instance.id} has the private_ip {address} already"


def plant(moto: Moto, settings: Settings, wanted: Mapping[str, Any]) -> bool:
    """Have an instance with this id, name, address and exactly these tags; True if something had to be done."""
    id_, backend = wanted["instance_id"], _backend(moto, settings, wanted)
    tags = {str(key): str(value) for key, value in (wanted.get("tags") or {}).items()}
    if wanted.get("name"):
        tags.setdefault("Name", wanted["name"])
    found = next((instance for instance in backend.all_instances() if instance.id == id_), None)
    if found is None:
        with _fixed_id(id_):
            backend.run_instances(
                IMAGE, 1, None, [], region_name=backend.region_name, is_instance_type_default=False,
                instance_type=wanted.get("instance_type") or "t3.micro", security_group_ids=[],
                private_ip=wanted.get("private_ip"), subnet_id=_subnet(backend, wanted.get("private_ip")),
                placement=None, tags={"instance": tags},
            )
        return True
    current: Dict[str, str] = {tag["key"]: tag["value"] for tag in found.get_tags()}
    if current == tags:
        return False
    backend.delete_tags([id_], dict.fromkeys(current))
    backend.create_tags([id_], tags)
    return True


def _backend(moto: Moto, settings: Settings, wanted: Mapping[str, Any]) -> Any:
    account, region = wanted.get("account_id") or settings.account, wanted.get("region") or settings.home_region
    return moto.ec2.ec2_backends[account][region]


def _subnet(backend: Any, address: Optional[str]) -> str:
    """Return the subnet that holds an address, a new one if there is none; without address one of the default VPC."""
    subnets = [subnet for zone in backend.subnets.values() for subnet in zone.values()]
    if address is None:
        return str(subnets[0].id)
    for subnet in subnets:
        if ipaddress.IPv4Address(address) in ipaddress.IPv4Network(subnet.cidr_block):
            return str(subnet.id)
    vpc = backend.create_vpc(str(ipaddress.ip_network(f"{address}/16", strict=False)))
    network = str(ipaddress.ip_network(f"{address}/24", strict=False))
    return str(backend.create_subnet(vpc.id, network, availability_zone=f"{backend.region_name}a").id)


@contextlib.contextmanager
def _fixed_id(id_: str) -> Iterator[None]:
    """Let moto give this id to the next instance."""
    module = importlib.import_module("moto.ec2.models.instances")
    original = module.__dict__["random_instance_id"]
    module.__dict__["random_instance_id"] = lambda: id_
    try:
        yield
    finally:
        module.__dict__["random_instance_id"] = original
