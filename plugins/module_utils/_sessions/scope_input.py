# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scope as a person writes it: read, checked, and put into one form."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .._shape import Reader, at, nearest
from .scope import (
    ACCOUNT_ID,
    ACCOUNT_RULE,
    CONNECT,
    DOCUMENT_NAME,
    DOCUMENT_RULE,
    IAM_USER,
    IDENTITY_CENTER,
    INSTANCE_ID,
    INSTANCE_RULE,
    KMS_KEY_ARN,
    KMS_RULE,
    OPTIONAL,
    PARTITIONS,
    PRINCIPALS,
    RDP,
    REGION,
    REGION_RULE,
    REQUIRED,
    RESERVED_PREFIXES,
    SELECTORS,
    SHELL,
    SSH,
    TAG_KEY,
    TAG_KEY_RULE,
    TAG_VALUE,
    TAG_VALUE_RULE,
    Instances,
    Scope,
    partition_of,
)

_KEYS = (
    "principal",
    "accounts",
    "regions",
    "partition",
    "instances",
    "managed_nodes",
    "connect",
    "documents",
    "run_as",
    "kms_key_arn",
    "console",
    "require_mfa",
    "source_ip",
    "valid_until",
)
_REQUIRED = {
    "principal": "give one of " + ", ".join(PRINCIPALS),
    "instances": "give one of " + ", ".join(SELECTORS),
    "connect": "give ways in, such as [shell]",
}
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_MOMENT_RULE = "a moment with its time zone, such as 2026-12-31T00:00:00Z"


def read_scope(raw: Any, path: str = "scope", now: Optional[datetime] = None) -> Scope:
    """Check what a person wrote; everything that is wrong is raised at once. `now` has a time zone."""
    return read_scopes([raw], [path], now)[0]


def read_scopes(
    raws: Sequence[Any], paths: Optional[Sequence[str]] = None, now: Optional[datetime] = None
) -> List[Scope]:
    """The same for several, whose problems are raised together. paths: by default `scopes[0]` and so on."""
    reader = Reader()
    places = paths if paths is not None else [at("scopes", index) for index in range(len(raws))]
    moment = now or datetime.now(timezone.utc)
    scopes = [raw if isinstance(raw, Scope) else _read(raw, path, moment, reader) for raw, path in zip(raws, places)]
    reader.stop_if_wrong()
    return scopes


def _read(raw: Any, path: str, now: datetime, reader: Reader) -> Scope:
    table = reader.fields(raw, path, _KEYS)
    for key, mend in _REQUIRED.items() if isinstance(raw, Mapping) else ():
        if key not in table:
            reader.wrong(at(path, key), f"is missing; {mend}")
    inner = _ScopeReader(table, path, reader)
    documents = inner.documents()
    connect = table.get("connect", [SHELL])
    if connect == [] and not table.get("documents"):
        reader.wrong(at(path, "connect"), "the list is empty; give ways in, such as [shell], or documents")
    scope = Scope(
        principal=inner.choice("principal", PRINCIPALS, ""),
        instances=read_instances(table.get("instances", {"all": True}), at(path, "instances"), reader),
        connect=() if connect == [] else read_connect(connect, at(path, "connect"), reader),
        accounts=inner.forms("accounts", ACCOUNT_ID, ACCOUNT_RULE),
        regions=inner.regions(),
        partition=inner.choice("partition", PARTITIONS, "aws"),
        managed_nodes=inner.flag("managed_nodes", False),
        documents=documents,
        run_as=inner.choice("run_as", (REQUIRED, OPTIONAL), OPTIONAL if RDP in _words(connect) else REQUIRED),
        kms_key_arn=read_kms_key(table.get("kms_key_arn"), at(path, "kms_key_arn"), reader),
        console=inner.flag("console", True),
        require_mfa=inner.flag("require_mfa", False),
        source_ip=inner.networks("source_ip"),
        valid_until=inner.moment("valid_until", now),
    )
    for key, problem in _contradictions(scope):
        reader.wrong(at(path, key), problem)
    return scope


def _words(raw: Any) -> Sequence[Any]:
    return raw if isinstance(raw, (list, tuple)) else ()


def _contradictions(scope: Scope) -> List[Tuple[str, str]]:
    """Keys that are right alone and wrong together: (key, what is wrong and the mend)."""
    found = []
    ids = scope.instances.ids
    if ids and SSH in scope.connect and not scope.instances.has_ec2_ids:
        found.append(("connect", "ssh pushes a key to EC2 instances, and instances.ids names managed nodes only"))
    if ids and scope.managed_nodes and not any(name.startswith("mi-") for name in ids):
        found.append(("managed_nodes", "instances.ids names every node; add the mi-... ids there, or leave this out"))
    key = KMS_KEY_ARN.fullmatch(scope.kms_key_arn)
    if key and key.group("partition") != scope.partition:
        text = f"the key is in partition {key.group('partition')}, and the scope in {scope.partition}"
        found.append(("kms_key_arn", text + "; set partition, or give another key"))
    if scope.require_mfa and scope.principal and scope.principal != IAM_USER:
        text = f"sessions of principal {scope.principal} carry no sign of MFA, so nobody would get in; ask for MFA"
        found.append(("require_mfa", text + " where they sign in, or leave this out"))
    return found + _rdp_contradictions(scope)


def _rdp_contradictions(scope: Scope) -> List[Tuple[str, str]]:
    if RDP not in scope.connect:
        return []
    found = []
    if scope.principal and scope.principal != IDENTITY_CENTER:
        found.append(("connect", f"rdp signs in through IAM Identity Center, and the principal is {scope.principal}"))
    if scope.run_as == REQUIRED:
        found.append(("run_as", "rdp is for Windows, which knows no Run As; leave this out, or rdp"))
    if SSH in scope.connect:
        found.append(("connect", "rdp is for Windows and ssh for Linux; make a scope for each"))
    if scope.source_ip:
        found.append(
            ("source_ip", "calls of rdp come through ssm-guiconnect and not from the person's address; leave one out")
        )
    return found


class _ScopeReader:
    """Single keys of one scope."""

    def __init__(self, table: Mapping[str, Any], path: str, reader: Reader) -> None:
        self.table, self.path, self.reader = table, path, reader

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        if key not in self.table:
            return default
        return self.reader.choice(self.table[key], at(self.path, key), choices) or default

    def flag(self, key: str, default: bool) -> bool:
        return bool(self.reader.flag(self.table.get(key, default), at(self.path, key)))

    def forms(self, key: str, form: Any, rule: str) -> Tuple[str, ...]:
        """A list in which each text has a form; `*` alone means any."""
        return tuple(self._forms(key, form, rule).values())

    def _forms(self, key: str, form: Any, rule: str) -> Dict[int, str]:
        value, path = self.table.get(key, "*"), at(self.path, key)
        if value in ("*", ["*"]):
            return {}
        return {
            index: text
            for index, text in self.reader.texts(value, path).items()
            if self.reader.text(text, at(path, index), form, rule) is not None
        }

    def regions(self) -> Tuple[str, ...]:
        regions = self._forms("regions", REGION, REGION_RULE)
        partition = self.table.get("partition", "aws")
        for index, region in regions.items():
            if partition in PARTITIONS and partition_of(region) != partition:
                self.reader.wrong(at(at(self.path, "regions"), index), f"'{region}' is not in partition {partition}")
        return tuple(regions.values())

    def documents(self) -> Tuple[str, ...]:
        if "documents" not in self.table:
            return ()
        path = at(self.path, "documents")
        names = self.reader.texts(self.table["documents"], path, empty=True)
        for index, name in names.items():
            if self.reader.text(name, at(path, index), DOCUMENT_NAME, DOCUMENT_RULE) is None:
                continue
            if name.lower().startswith(RESERVED_PREFIXES):
                self.reader.wrong(
                    at(path, index),
                    f"'{name}': AWS reserves names that begin with {', '.join(RESERVED_PREFIXES)}; name a document of "
                    "your own, and AWS's through connect",
                )
            elif name == "SSM-SessionManagerRunShell":
                self.reader.wrong(at(path, index), f"'{name}' is what connect: [shell] stands for; say that")
        return tuple(sorted(names.values()))

    def networks(self, key: str) -> Tuple[str, ...]:
        """Addresses and networks, each as a network in CIDR form."""
        if key not in self.table:
            return ()
        path = at(self.path, key)
        networks = []
        for index, text in self.reader.texts(self.table[key], path).items():
            if "%" in text:  # newer Pythons take it, and IAM does not
                self.reader.wrong(at(path, index), f"'{text}' names a zone, which only one host knows; leave it out")
                continue
            try:
                networks.append(str(ipaddress.ip_network(text)))
            except ValueError as error:
                self.reader.wrong(at(path, index), f"{error}; give an address or a network, such as 192.0.2.0/24")
        return tuple(networks)

    def moment(self, key: str, now: datetime) -> str:
        """As IAM writes it, in UTC. YAML takes what has no quotes for a moment by itself."""
        if key not in self.table:
            return ""
        value, path = self.table[key], at(self.path, key)
        moment = _in_utc(value if isinstance(value, datetime) else _moment(value))
        if moment is None:
            self.reader.wrong(path, f"'{value}' is not {_MOMENT_RULE}")
            return ""
        text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        if moment <= now:
            self.reader.wrong(path, f"{text} has passed, so nobody would get in; give a later one, or leave it out")
        return text


def _moment(value: Any) -> Optional[datetime]:
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    zone = "+0000" if found.group(3) == "Z" else found.group(3).replace(":", "")
    try:
        return datetime.strptime(f"{found.group(1)}T{found.group(2)}{zone}", "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None


def _in_utc(moment: Optional[datetime]) -> Optional[datetime]:
    """None too for what is in UTC beyond the years that there are."""
    if moment is None or moment.tzinfo is None:
        return moment and moment.replace(tzinfo=timezone.utc)
    try:
        return moment.astimezone(timezone.utc)
    except OverflowError:
        return None


def read_connect(raw: Any, path: str, reader: Reader) -> Tuple[str, ...]:
    """The ways in, in our order, whatever the order they were written in."""
    named = []
    for index, word in reader.texts(raw, path).items():
        if word not in CONNECT:
            meant = nearest(word, CONNECT) or "; known are " + ", ".join(CONNECT)
            reader.wrong(at(path, index), f"no way in '{word}'{meant}")
        else:
            named.append(word)
    return tuple(word for word in CONNECT if word in named)


def read_kms_key(raw: Any, path: str, reader: Reader) -> str:
    if raw is None or raw == "":
        return ""
    return reader.text(raw, path, KMS_KEY_ARN, KMS_RULE) or ""


def read_instances(raw: Any, path: str, reader: Reader) -> Instances:
    table = reader.table(raw, path, SELECTORS)
    if isinstance(raw, Mapping) and len(raw) != 1:
        reader.wrong(path, "give exactly one of " + ", ".join(SELECTORS))
    if "ids" in table:
        return Instances(ids=_ids(table["ids"], at(path, "ids"), reader))
    if "tags" in table:
        return Instances(tags=_tags(table["tags"], at(path, "tags"), reader))
    if "principal_tags" in table:
        keys = reader.texts(table["principal_tags"], at(path, "principal_tags"))
        _tag_keys({at(at(path, "principal_tags"), index): key for index, key in keys.items()}, reader)
        return Instances(principal_tags=tuple(sorted(keys.values())))
    if "all" in table and table["all"] is not True:
        reader.wrong(at(path, "all"), f"{table['all']!r} is not true; give 'all: true', or name ids or tags")
    return Instances(all=True)


def _ids(raw: Any, path: str, reader: Reader) -> Tuple[str, ...]:
    ids = reader.texts(raw, path)
    for index, entry in ids.items():
        reader.text(entry, at(path, index), INSTANCE_ID, INSTANCE_RULE)
    return tuple(sorted(ids.values()))


def _tags(raw: Any, path: str, reader: Reader) -> Tuple[Tuple[str, Tuple[str, ...]], ...]:
    table = reader.table(raw, path)
    if isinstance(raw, Mapping) and not raw:
        reader.wrong(path, "no tag is named; give at least one, or 'all: true' for every instance")
    _tag_keys({at(path, key): key for key in table}, reader)
    tags = []
    for key, value in table.items():
        if isinstance(value, (list, tuple)):
            values = reader.texts(value, at(path, key))
            for index, entry in values.items():
                reader.text(entry, at(at(path, key), index), TAG_VALUE, TAG_VALUE_RULE)
            tags.append((key, tuple(sorted(values.values()))))
        else:
            text = reader.text(value, at(path, key), TAG_VALUE, TAG_VALUE_RULE)
            tags.append((key, (text or "",)))
    return tuple(sorted(tags))


def _tag_keys(keys: Mapping[str, str], reader: Reader) -> None:
    """Keys by their paths. In a condition `ssm:resourceTag/Team` and `ssm:resourceTag/team` are one key."""
    seen: Dict[str, str] = {}
    for path, key in keys.items():
        first = seen.setdefault(key.lower(), key)
        if reader.text(key, path, TAG_KEY, TAG_KEY_RULE) and key.lower().startswith("aws:"):
            reader.wrong(path, f"'{key}': AWS reserves keys that begin with aws:")
        elif first != key:
            reader.wrong(path, f"'{key}' is for IAM the same key as '{first}'; give one of them")
