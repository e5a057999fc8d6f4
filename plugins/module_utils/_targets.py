# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which accounts and Regions a task works on, and how to get in.

A module that works on accounts takes `targets`. Each is signed in to once per role or profile, however many Regions
it names; what cannot be reached fails alone, and what contradicts itself stops the task before it writes anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ._aws import Client, assumed, of_profile
from ._clients import ClientsOfMany
from ._parallel import in_parallel
from ._reconcile import Problems, UserError

# Merged into the argument spec of every module that works on accounts and Regions.
TARGETS_SPEC: Dict[str, Any] = dict(
    targets=dict(
        type="list",
        elements="dict",
        options=dict(
            account_id=dict(type="str"),
            role_arn=dict(type="str"),
            profile=dict(type="str"),
            region=dict(type="str"),
        ),
    )
)

# The same for what an account has once, such as IAM's resources: Regions are taken, so that one list of targets serves
# all modules, and left aside.
ACCOUNTS_SPEC = TARGETS_SPEC

NO_REGION = "aws-global"  # boto's word, for services that have no Regions

_ACCOUNT = re.compile(r"[0-9]{12}")
_DIGITS = re.compile(r"[0-9]+")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/[!-~]+")


@dataclass(frozen=True)
class Target:
    """An account and a Region as the task names them; None: the caller's own."""

    account_id: Optional[str] = None
    role_arn: Optional[str] = None
    profile: Optional[str] = None
    region: Optional[str] = None

    @property
    def known_account(self) -> Optional[str]:
        """The account as far as the task tells it, through the role's ARN where it does not name it."""
        return self.account_id or role_account(self.role_arn)

    @property
    def name(self) -> str:
        """What it is called where nobody could look into it."""
        account = self.known_account or (f"profile {self.profile}" if self.profile else "the caller's account")
        return f"{account}/{self.region}" if self.region else account


@dataclass(frozen=True)
class SignIn:
    """Credentials that work: what `Client` takes, the account that they are of, their own Region if they have one."""

    connection: Mapping[str, Any]
    account_id: str
    region: Optional[str]


class Connection:
    """The way into one account and Region; `name` is what both are called, the account alone where `regional` is no."""

    def __init__(self, module: Any, sign_in: SignIn, region: str, regional: bool = True) -> None:
        self._module = module
        self._connection = dict(sign_in.connection, region=region)
        self.account_id = sign_in.account_id
        self.region = region
        self.name = f"{self.account_id}/{region}" if regional else self.account_id

    def client(self, service: str) -> Client:
        return Client(self._module, service, **self._connection)


@dataclass(frozen=True)
class Reached:
    """The targets that can be worked on, in the task's order, and why the others cannot: name -> what went wrong."""

    connections: List[Connection]
    unreachable: Dict[str, str]


def role_account(role_arn: Optional[str]) -> Optional[str]:
    """The account that a role's ARN names; None where it is no role's ARN."""
    match = _ROLE.fullmatch(role_arn or "")
    return match.group(1) if match else None


def target_problems(items: Optional[Sequence[Mapping[str, Any]]], option: str = "targets") -> List[str]:
    """Everything that is wrong with the option `targets`, as far as its text tells."""
    problems: List[str] = []
    seen: Dict[Tuple[Optional[str], Optional[str]], int] = {}
    for index, item in enumerate(items or []):
        problems.extend(f"{option}[{index}]{text}" for text in _findings(item))
        target = _record(item)
        first = seen.setdefault((target.known_account or target.profile, target.region), index)
        if first != index:
            problems.append(f"{option}[{index}]: is {target.name}, like {option}[{first}]; list it once")
    return problems


def targets(items: Optional[Sequence[Mapping[str, Any]]]) -> List[Target]:
    """The option as records, if it has no problems. Left out it is the caller's own account and Region, [] is none."""
    return [Target()] if items is None else [_record(item) for item in items]


def accounts_only(items: Optional[Sequence[Mapping[str, Any]]]) -> Optional[List[Mapping[str, Any]]]:
    """The option without Regions, each account once however many Regions it names."""
    if items is None:
        return None
    keys = ("account_id", "role_arn", "profile")
    unique = {tuple(item.get(key) for key in keys): {key: item.get(key) for key in keys} for item in items}
    return list(unique.values())


def _record(item: Mapping[str, Any]) -> Target:
    return Target(**{key: item.get(key) or None for key in ("account_id", "role_arn", "profile", "region")})


def _findings(item: Mapping[str, Any]) -> Iterator[str]:
    account, role, region = item.get("account_id"), item.get("role_arn"), item.get("region")
    if account and not _ACCOUNT.fullmatch(account):
        mend = "quote it, because YAML takes digits without quotes for a number" if _DIGITS.fullmatch(account) else ""
        yield f".account_id: '{account}' is not an account id of 12 digits; {mend or 'give the id, not a name'}"
    if role:
        owner = role_account(role)
        if owner is None:
            yield f".role_arn: '{role}' is not the ARN of a role, such as arn:aws:iam::111122223333:role/keyless"
        elif account and _ACCOUNT.fullmatch(account) and owner != account:
            yield f".role_arn: '{role}' is a role of account {owner}, but account_id is {account}"
        if item.get("profile"):
            yield ": role_arn and profile exclude each other; give one of them"
    if region and not _REGION.fullmatch(region):
        yield f".region: '{region}' is not the name of a Region, such as ap-northeast-1"


def reach(
    module: Any,
    wanted: Sequence[Target],
    option: str = "targets",
    places: Optional[Sequence[int]] = None,
    regional: bool = True,
) -> Reached:
    """Sign in to every target, to all accounts at once; `Problems` where credentials are not of the account named.

    places: where the targets stand in the option, if these are not all of it.
    regional: whether the work is done in a Region; IAM has none, and then none has to be known.
    """
    quiet = ClientsOfMany(module)
    ways = list(dict.fromkeys((target.role_arn, target.profile) for target in wanted))
    regions = {(target.role_arn, target.profile): target.region for target in wanted if target.region}
    answers = dict(zip(ways, in_parallel(ways, lambda way: _sign_in(quiet, way, regions.get(way)))))
    connections: List[Connection] = []
    unreachable: Dict[str, str] = {}
    problems: List[str] = []
    seen: Dict[str, int] = {}
    for index, target in zip(range(len(wanted)) if places is None else places, wanted):
        answer = answers[(target.role_arn, target.profile)]
        if isinstance(answer, UserError):
            unreachable[target.name] = answer.message
            continue
        region = target.region or answer.region or (None if regional else NO_REGION)
        if target.account_id and target.account_id != answer.account_id:
            whose = f"profile '{target.profile}'" if target.profile else "the caller"
            problems.append(
                f"{option}[{index}].account_id: {target.account_id} is not the account of {whose}, which is "
                f"{answer.account_id}; give role_arn or profile for {target.account_id}"
            )
        elif region is None:
            problems.append(f"{option}[{index}].region: no Region is known; give one here, or `region` for all")
        else:
            connection = Connection(quiet, answer, region, regional)
            first = seen.setdefault(connection.name, index)
            if first != index:
                problems.append(f"{option}[{index}]: is {connection.name}, like {option}[{first}]; list it once")
            connections.append(connection)
    if problems:
        raise Problems(problems)
    return Reached(connections, unreachable)


def _sign_in(module: Any, way: Tuple[Optional[str], Optional[str]], region: Optional[str]) -> SignIn:
    """Use a role or a profile, or neither. A role's ARN tells its account, everything else has to be asked for it.

    region: a Region to ask in where the caller has none. The caller's own goes first, because it is surely open to it.
    """
    role_arn, profile = way
    if role_arn is not None:
        own: Optional[str] = module.region
        near: Dict[str, Any] = {} if own else dict(region=region)
        return SignIn(assumed(module, role_arn, **near), str(role_account(role_arn)), own)
    connection: Dict[str, Any] = dict(of_profile(profile)) if profile is not None else {}
    sts = Client(module, "sts", **connection)
    own = None if sts.region == NO_REGION else sts.region
    if own is None:
        sts = Client(module, "sts", **dict(connection, region=region))
    return SignIn(connection, sts.call("get_caller_identity")["Account"], own)
