# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy document becomes the scopes that it was made from, or could have been. Pure.

Nothing is believed of what a document seems to say: scopes are guessed from it, a document is built from these, and
only where both mean the same they are the answer. Where the document says more, the rest is told statement by
statement, so that nothing that it allows is left out.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Optional, Sequence, Tuple

from .._reconcile import UserError
from .meaning import Atom, Part, atoms, atoms_of, parts, version_of
from .policy import merged_policy
from .remote_desktop import THROUGH
from .scope import (
    CONNECT,
    IAM_USER,
    IDENTITY_CENTER,
    KMS_KEY_ARN,
    OPTIONAL,
    RDP,
    REQUIRED,
    ROLE,
    RUN_AS_TAG,
    SHELL,
    Instances,
    Scope,
)
from .scope_input import read_scopes
from .statements import AWS_DOCUMENTS, SHELL_DOCUMENT

START = "ssm:startsession"
_NODE = re.compile(
    r"arn:(aws[a-z-]*):(?:ec2|ssm):([a-z0-9-]+|\*):([0-9]{12}|\*):(?:instance|(managed-instance))/(m?i-[0-9a-f]+|\*)"
)
_DOCUMENT = re.compile(r"arn:aws[a-z-]*:ssm:([a-z0-9-]+|\*):([0-9]{12}|\*|):document/([^*?]+)")
_OWN_TAG = re.compile(r"\$\{aws:PrincipalTag/(.+)\}", re.I)
_TAG_PREFIX = "ssm:resourcetag/"
_CALLED_VIA = next(iter(THROUGH["ForAnyValue:StringEquals"]))
# So many guesses are tried. Policies of this collection need one or a few.
_MOST_GUESSES = 512
# What has passed could be written once.
_BEFORE_ALL = datetime.min.replace(tzinfo=timezone.utc)


@dataclass(frozen=True)
class Reading:
    """scopes: together they allow what the document does, and no more where it is exact.

    rest: the statements that say something else besides.
    """

    scopes: Tuple[Scope, ...] = ()
    rest: Tuple[Part, ...] = ()

    @property
    def exact(self) -> bool:
        return bool(self.scopes) and not self.rest


def read_policy(document: Any) -> Reading:
    """The scopes that give exactly this document; or else those that explain most of it, and what they do not."""
    statements, meant = parts(document), atoms(document)
    best: Tuple[int, Tuple[Scope, ...], FrozenSet[Atom]] = (0, (), frozenset())
    if version_of(document) == "2012-10-17":
        for scopes in itertools.islice(_guesses(statements), _MOST_GUESSES):
            explained = _explained(scopes)
            if explained == meant:
                return Reading(scopes)
            if explained is not None and explained <= meant and len(explained) > best[0]:
                best = len(explained), scopes, explained
    _size, scopes, explained = best
    return Reading(scopes, tuple(_rest(statements, explained)))


def _explained(scopes: Sequence[Scope]) -> Optional[FrozenSet[Atom]]:
    """What the document of these scopes says; None where nobody may write them so, or not together."""
    try:
        read_scopes([dict(scope.written(), run_as=scope.run_as) for scope in scopes], now=_BEFORE_ALL)
        return atoms(merged_policy(scopes))
    except UserError:
        return None


def _rest(statements: Sequence[Part], explained: FrozenSet[Atom]) -> Iterator[Part]:
    """The statements with only what is not explained yet."""
    for part in statements:
        if part.not_actions or part.not_resources:
            if not set(atoms_of(part)) <= explained:
                yield part
            continue
        left: Dict[Tuple[str, ...], List[str]] = {}  # the actions that are not explained for the same resources
        for action in part.actions:
            single = [replace(part, actions=(action,), resources=(resource,)) for resource in part.resources]
            resources = tuple(one.resources[0] for one in single if not set(atoms_of(one)) <= explained)
            left.setdefault(resources, []).append(action)
        for resources, actions in left.items():
            if resources:
                yield replace(part, actions=tuple(actions), resources=resources)


@dataclass(frozen=True)
class _Place:
    """Instances somewhere: what one statement lets sessions be started on."""

    partition: str
    accounts: Tuple[str, ...]
    regions: Tuple[str, ...]
    instances: Instances
    managed_nodes: bool


def _guesses(statements: Sequence[Part]) -> Iterator[Tuple[Scope, ...]]:
    """Sets of scopes that the document may have come from, the likeliest first."""
    starts = [part for part in statements if part.allows and _lower(part.actions) == {START}]
    direct = _places(part for part in starts if not _desktop(part))
    desktops = _places(part for part in starts if _desktop(part))
    places = list(dict.fromkeys([*direct, *desktops]))
    if not places:
        return
    named = [_documents(part.resources) for part in starts if not _desktop(part)]
    named = [each for each in named if each]
    if len(named) > 1:
        named.append([arn for each in named for arn in each])
    options = [list(dict.fromkeys(_ways(place, place in desktops, place in direct, named))) for place in places]
    keys = _keys(statements)
    for common in _common(statements, starts):
        for chosen in itertools.product(*options):
            # A policy is one principal's, and desktops are for people of Identity Center.
            desktop = any(RDP in connect for connect, _own in chosen)
            shared = dict(common, principal=IDENTITY_CENTER) if desktop else common
            scopes = [_scope(place, ways, shared) for place, ways in zip(places, chosen)]
            yield tuple(_with_key(scope, index, keys) for index, scope in enumerate(scopes))


def _lower(names: Iterable[str]) -> FrozenSet[str]:
    return frozenset(name.lower() for name in names)


def _desktop(part: Part) -> bool:
    return any(key.lower() == _CALLED_VIA.lower() for _operator, key, _values in part.tests)


def _places(starts: Iterable[Part]) -> List[_Place]:
    found = [_place(part) for part in starts]
    return [place for place in found if place is not None]


def _place(part: Part) -> Optional[_Place]:
    nodes = [match for match in map(_NODE.fullmatch, part.resources) if match]
    if not nodes:
        return None
    partitions, regions, accounts = ({match.group(number) for match in nodes} for number in (1, 2, 3))
    ids = sorted({match.group(5) for match in nodes})
    instances = Instances(ids=tuple(ids)) if "*" not in ids else _by_tags(part)
    managed = "*" in ids and any(match.group(4) for match in nodes)
    return _Place(sorted(partitions)[0], _listed(accounts), _listed(regions), instances, managed)


def _listed(names: Iterable[str]) -> Tuple[str, ...]:
    return tuple(sorted(name for name in names if name != "*"))


def _by_tags(part: Part) -> Instances:
    tags, own = [], []
    for operator, key, values in part.tests:
        if operator.lower() != "stringequals" or not key.lower().startswith(_TAG_PREFIX):
            continue
        name = key[len(_TAG_PREFIX) :]
        match = _OWN_TAG.fullmatch(values[0]) if len(values) == 1 else None
        if match and match.group(1) == name:
            own.append(name)
        else:
            tags.append((name, tuple(sorted(values))))
    if own:
        return Instances(principal_tags=tuple(sorted(own)))
    return Instances(tags=tuple(sorted(tags))) if tags else Instances(all=True)


def _documents(resources: Iterable[str]) -> List[str]:
    return [arn for arn in resources if _DOCUMENT.fullmatch(arn)]


# The ways in, and documents of one's own.
_Ways = Tuple[Tuple[str, ...], Tuple[str, ...]]


def _ways(place: _Place, desktop: bool, direct: bool, named: Sequence[Sequence[str]]) -> Iterator[_Ways]:
    """What the documents may mean for the instances of a place."""
    more = {RDP} if desktop else set()
    found = [_named(place, arns) for arns in named] if direct else []
    for words, documents in found:
        if words or documents:
            yield tuple(word for word in CONNECT if word in words | more), documents
    if not direct:
        yield tuple(more), ()


def _named(place: _Place, arns: Sequence[str]) -> Tuple[FrozenSet[str], Tuple[str, ...]]:
    """The ways in all of whose documents are named, everywhere in the place."""
    there = {match.groups() for match in map(_DOCUMENT.fullmatch, arns) if match}
    names = {name for _region, account, name in there if account}

    def everywhere(name: str, accounts: Sequence[str]) -> bool:
        return all((region, account, name) in there for region in place.regions or ("*",) for account in accounts)

    words = {word for word, needed in AWS_DOCUMENTS.items() if all(everywhere(name, [""]) for name in needed)}
    own = sorted(name for name in names if everywhere(name, place.accounts or ("*",)))
    words |= {SHELL} if SHELL_DOCUMENT in own else set()
    return frozenset(words), tuple(name for name in own if name != SHELL_DOCUMENT)


def _common(statements: Sequence[Part], starts: Sequence[Part]) -> Iterator[Dict[str, Any]]:
    """What all scopes of a document share; at last without what a document may have only in part."""
    own = [part for part in statements if part.allows and "ssm:terminatesession" in _lower(part.actions)]
    user = any("${aws:username}" in resource for part in own for resource in part.resources)
    sees = any(part.allows and "ssm:describesessions" in _lower(part.actions) for part in statements)
    null = "aws:PrincipalTag/" + RUN_AS_TAG
    required = any(not part.allows and part.values("Null", null) == ("true",) for part in statements)
    until = starts[0].values("DateLessThan", "aws:CurrentTime")
    whole = dict(
        principal=IAM_USER if user else ROLE,
        run_as=REQUIRED if required else OPTIONAL,
        console=sees,
        require_mfa=starts[0].values("Bool", "aws:MultiFactorAuthPresent") == ("true",),
        source_ip=starts[0].values("IpAddress", "aws:SourceIp"),
        valid_until=until[0] if until else "",
    )
    consoles, run_as = dict.fromkeys([sees, False]), dict.fromkeys([whole["run_as"], OPTIONAL])
    for console, holds in itertools.product(consoles, run_as):
        yield dict(whole, console=console, run_as=holds)


def _scope(place: _Place, ways: _Ways, common: Dict[str, Any]) -> Scope:
    connect, documents = ways
    scope = Scope(
        instances=place.instances,
        connect=connect,
        documents=documents,
        accounts=place.accounts,
        regions=place.regions,
        partition=place.partition,
        managed_nodes=place.managed_nodes,
        **common,
    )
    return scope if scope.direct else replace(scope, console=True)


def _keys(statements: Sequence[Part]) -> List[str]:
    encrypting = [part for part in statements if part.allows and _lower(part.actions) == {"kms:generatedatakey"}]
    return [arn for part in encrypting for arn in part.resources if KMS_KEY_ARN.fullmatch(arn)]


def _with_key(scope: Scope, index: int, keys: Sequence[str]) -> Scope:
    """The document does not say which scope a key is of; each key has to be of one."""
    return replace(scope, kms_key_arn=keys[min(index, len(keys) - 1)]) if keys else scope
