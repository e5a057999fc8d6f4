# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in through SAML applications of an external Identity Center, as people write it. Pure: no AWS, no Ansible.

One login is one application there, one SAML provider and one role here: an application maps one role, and has metadata
of its own (AWS: "IAM Identity Center Integration Guide for External AWS Account").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .._reconcile import Problems, UserError
from .._saml.trust import HOSTS, audiences_of, partition_of_region, provider_arn
from .._sessions.places import fitted
from .._sessions.policy import merged_policy
from .._sessions.scope import REQUIRED, RUN_AS_TAG, Scope
from .._sessions.scope_input import read_scopes
from .._sessions.statements import deny
from .._sessions.ways_round import TAG_PRINCIPALS
from .._shape import Reader, at
from .sources import EMAIL, attribute_problem, tag_problem

ABSENT, PRESENT = "absent", "present"
OWN = "own"  # the way into the caller's own account
POLICY_NAME = "KeylessSession"

_KEYS = (
    "name", "state", "application", "account_id", "role_arn", "profile", "partition", "provider", "path", "description",
    "scope", "managed_policies", "permissions_boundary", "max_session_duration", "session_duration",
    "session_name_source", "run_as_source", "principal_tags", "source_identity_source", "regions", "global_endpoint",
    "relay_state", "tags", "deny_run_as_tag",
)  # fmt: skip
_PROVIDER_KEYS = ("name", "metadata", "metadata_file", "tags", "purge_tags", "warn_days")
_ROLE = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_ROLE_RULE = "the name of a role: 1 to 64 letters, digits or any of + = , . @ _ -"
_PATH = re.compile(r"/|/[!-~]{1,510}/")
_PROVIDER = re.compile(r"[\w.-]{1,128}", re.ASCII)
_PROVIDER_RULE = "the name of a SAML provider: 1 to 128 letters, digits or any of _ . -"
_ACCOUNT = re.compile(r"[0-9]{12}")
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/[!-~]+")
_POLICY = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[!-~]+")
_POLICY_RULE = "the ARN of a managed policy, such as arn:aws:iam::aws:policy/ReadOnlyAccess"
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
_URL = re.compile(r"https://[!-~]{1,500}")
_SHORTEST_ROLE, _SHORTEST, _LONGEST = 3600, 900, 43200  # seconds of a session


@dataclass(frozen=True)
class Login:
    """A role that people reach through an application of an external Identity Center.

    way: how the account is entered: a role's ARN, `profile NAME`, or `own`. account_id: None while it is not known.
    principal_tags: key of each session tag -> what the application sends.
    """

    name: str
    provider: Mapping[str, Any]
    application: str
    way: str = OWN
    role_arn: Optional[str] = None
    profile: Optional[str] = None
    account_id: Optional[str] = None
    partition: str = "aws"
    state: str = PRESENT
    path: str = "/"
    description: str = ""
    scopes: Tuple[Scope, ...] = ()
    managed_policies: Tuple[str, ...] = ()
    permissions_boundary: Optional[str] = None
    max_session_duration: int = _SHORTEST_ROLE
    session_duration: int = _SHORTEST_ROLE
    session_name_source: str = EMAIL
    principal_tags: Mapping[str, str] = field(default_factory=dict)
    source_identity_source: Optional[str] = None
    regions: Tuple[str, ...] = ()
    global_endpoint: bool = True
    relay_state: str = ""
    tags: Optional[Mapping[str, str]] = None
    deny_run_as_tag: bool = True

    @property
    def arn(self) -> str:
        return f"arn:{self.partition}:iam::{self.account_id}:role{self.path}{self.name}"

    @property
    def provider_arn(self) -> str:
        return provider_arn(self.partition, str(self.account_id), str(self.provider["name"]))

    @property
    def audiences(self) -> List[str]:
        return audiences_of(self.partition, self.regions, self.global_endpoint)

    def policy(self) -> Optional[Dict[str, Any]]:
        """The role's inline policy; None where it needs none."""
        statements = list(merged_policy(self.scopes)["Statement"]) if self.scopes else []
        if self.deny_run_as_tag and RUN_AS_TAG in self.principal_tags:
            # Whatever else the role may do: nobody but the application chooses the OS user.
            tags = {"Null": {"aws:RequestTag/" + RUN_AS_TAG: "false"}}
            statement = deny("DenyTaggingWithRunAs", TAG_PRINCIPALS, ["*"], tags)
            statements += [] if statement in statements else [statement]
        return {"Version": "2012-10-17", "Statement": statements} if statements else None

    def shown(self) -> Dict[str, Any]:
        """As the role's tasks use it."""
        values: Dict[str, Any] = dict(
            name=self.name, state=self.state, application=self.application, way=self.way, role_arn=self.role_arn,
            profile=self.profile, account_id=self.account_id, partition=self.partition, path=self.path,
            description=self.description, provider=dict(self.provider), managed_policies=list(self.managed_policies),
            permissions_boundary=self.permissions_boundary, max_session_duration=self.max_session_duration,
            session_duration=self.session_duration, session_name_source=self.session_name_source,
            principal_tags=dict(self.principal_tags), source_identity_source=self.source_identity_source,
            audiences=self.audiences, relay_state=self.relay_state, policy_name=POLICY_NAME, policy=self.policy(),
            tags=None if self.tags is None else dict(self.tags),
        )  # fmt: skip
        if self.account_id is not None:
            values.update(arn=self.arn, provider_arn=self.provider_arn, trust=self._trust())
        return values

    def _trust(self) -> Dict[str, Any]:
        """What the filter `saml_trust_policy` takes, but for the issuer, which only the metadata tells."""
        return dict(
            provider_arn=self.provider_arn,
            audiences=self.audiences,
            tag_session=bool(self.principal_tags),
            source_identity=self.source_identity_source is not None,
        )


def read_logins(
    raw: Any, accounts: Optional[Mapping[str, str]] = None, path: str = "external_login_logins"
) -> List[Login]:
    """Check what a person wrote; `Problems` has everything that is wrong with it.

    accounts: the account that each way leads into, as far as somebody has looked.
    """
    reader = Reader()
    logins = [_login(reader, item, at(path, index), accounts or {}) for index, item in
              enumerate(reader.rows(raw, path, empty=True))]  # fmt: skip
    _check_twice(reader, logins, path)
    if reader.problems:
        raise Problems(reader.problems)
    return logins


def _check_twice(reader: Reader, logins: Sequence[Login], path: str) -> None:
    roles: Dict[Tuple[str, str], int] = {}
    providers: Dict[Tuple[str, str], int] = {}
    for index, login in enumerate(logins):
        if not login.name or "name" not in login.provider:
            continue
        place = login.account_id or login.way
        first = roles.setdefault((place, login.name.lower()), index)
        if first != index:
            reader.wrong(at(path, index), f"is the role '{login.name}', like {at(path, first)}; list it once")
        provider = str(login.provider["name"])
        other = providers.setdefault((place, provider), index)
        if other != index:
            reader.wrong(
                f"{at(path, index)}.provider",
                f"'{provider}' is that of {at(path, other)} too; an application maps one role and has metadata of its "
                "own, so give each login a provider of its own",
            )


def _login(reader: Reader, raw: Any, path: str, accounts: Mapping[str, str]) -> Login:
    table = reader.fields(raw, path, _KEYS)
    absent = table.get("state", PRESENT) == ABSENT
    for key in ("name", "provider"):
        if key not in table and isinstance(raw, Mapping):
            reader.wrong(at(path, key), "is missing")
    entry = _Entry(reader, table, path)
    name = entry.text("name", _ROLE, _ROLE_RULE, "")
    if name.startswith("AWSReservedSSO_"):
        reader.wrong(at(path, "name"), f"'{name}' is a role of Identity Center's own; give another name")
    partition = entry.choice("partition", tuple(HOSTS), "aws")
    account_id, way = _place(entry, accounts)
    regions = _regions(entry, partition)
    global_endpoint = entry.flag("global_endpoint", True)
    if not regions and not global_endpoint:
        reader.wrong(at(path, "global_endpoint"), "no sign-in page is left; name regions, or let it be true")
    longest = entry.number("max_session_duration", _SHORTEST_ROLE, _LONGEST, _SHORTEST_ROLE)
    duration = entry.number("session_duration", _SHORTEST, _LONGEST, longest)
    if duration > longest:
        reader.wrong(
            at(path, "session_duration"), f"{duration} seconds are longer than max_session_duration, which is {longest}"
        )
    tags = _principal_tags(entry)
    scopes = () if absent else _scopes(entry, partition, account_id, tags)
    login = Login(
        name=name,
        provider=_provider(entry),
        application=entry.text("application", None, "", name),
        way=way,
        role_arn=table.get("role_arn"),
        profile=table.get("profile"),
        account_id=account_id,
        partition=partition,
        state=entry.choice("state", (PRESENT, ABSENT), PRESENT),
        path=entry.text("path", _PATH, "a path of IAM, which begins and ends with /", "/"),
        description=entry.text("description", None, "", f"People from an external Identity Center, by SAML ({name})"),
        scopes=scopes,
        managed_policies=entry.texts("managed_policies", _POLICY, _POLICY_RULE),
        permissions_boundary=entry.text("permissions_boundary", _POLICY, _POLICY_RULE, "") or None,
        max_session_duration=longest,
        session_duration=duration,
        session_name_source=entry.source("session_name_source", attribute_problem) or EMAIL,
        principal_tags=tags,
        source_identity_source=entry.source("source_identity_source", attribute_problem),
        regions=regions,
        global_endpoint=global_endpoint,
        relay_state=entry.text("relay_state", _URL, "an https URL of at most 500 characters", ""),
        tags=_tags(entry, table.get("tags"), "tags"),
        deny_run_as_tag=entry.flag("deny_run_as_tag", True),
    )
    _check_policy(reader, login, path)
    return login


class _Entry:
    """Reads one login."""

    def __init__(self, reader: Reader, table: Mapping[str, Any], path: str) -> None:
        self.reader, self.table, self.path = reader, table, path

    def text(self, key: str, form: Any, rule: str, default: str) -> str:
        if key not in self.table or self.table[key] == "":
            return default
        return self.reader.text(self.table[key], at(self.path, key), form, rule) or default

    def texts(self, key: str, form: Any, rule: str) -> Tuple[str, ...]:
        found = self.reader.texts(self.table.get(key, []), at(self.path, key), empty=True)
        path = at(self.path, key)
        return tuple(text for index, text in found.items() if self.reader.text(text, at(path, index), form, rule))

    def choice(self, key: str, choices: Tuple[str, ...], default: str) -> str:
        return self.reader.choice(self.table.get(key, default), at(self.path, key), choices) or default

    def flag(self, key: str, default: bool) -> bool:
        found = self.reader.flag(self.table.get(key, default), at(self.path, key))
        return default if found is None else found

    def number(self, key: str, low: int, high: int, default: int) -> int:
        if key not in self.table:
            return default
        return self.reader.number(self.table[key], at(self.path, key), low, high) or default

    def source(self, key: str, problem: Any) -> Optional[str]:
        if key not in self.table:
            return None
        text = self.reader.text(self.table[key], at(self.path, key))
        finding = problem(text) if text is not None else None
        if finding:
            self.reader.wrong(at(self.path, key), finding)
        return text


def _place(entry: _Entry, accounts: Mapping[str, str]) -> Tuple[Optional[str], str]:
    """The account, as far as it is known, and the way into it."""
    table, reader, path = entry.table, entry.reader, entry.path
    given = entry.text("account_id", _ACCOUNT, "an account id: 12 digits in quotes", "") or None
    role, profile = table.get("role_arn"), table.get("profile")
    if role and profile:
        reader.wrong(path, "role_arn and profile exclude each other; give one of them")
    way = str(role or (f"profile {profile}" if profile else OWN))
    owner = accounts.get(way)
    if role:
        match = _ROLE_ARN.fullmatch(str(role))
        owner = match.group(1) if match else None
        if owner is None:
            what = "is not the ARN of a role, such as arn:aws:iam::111122223333:role/keyless"
            reader.wrong(at(path, "role_arn"), f"'{role}' {what}")
    if given and owner and given != owner:
        whose = f"of {way}" if way != OWN else "of the caller"
        mend = "give role_arn or profile for it" if way == OWN else "mend one of them"
        reader.wrong(at(path, "account_id"), f"{given} is not the account {whose}, which is {owner}; {mend}")
    return given or owner, way


def _regions(entry: _Entry, partition: str) -> Tuple[str, ...]:
    regions = entry.texts("regions", _REGION, "the name of a Region, such as ap-northeast-1")
    for index, region in enumerate(regions):
        if partition_of_region(region) != partition:
            path = at(at(entry.path, "regions"), index)
            entry.reader.wrong(path, f"'{region}' is not in the partition {partition}; set partition to where it is")
    return regions


def _provider(entry: _Entry) -> Dict[str, Any]:
    raw, path, reader = entry.table.get("provider"), at(entry.path, "provider"), entry.reader
    if raw is None:
        return {}
    table = reader.fields({"name": raw} if isinstance(raw, str) else raw, path, _PROVIDER_KEYS)
    if isinstance(raw, Mapping) and "name" not in table:
        reader.wrong(at(path, "name"), "is missing")
    elif "name" in table:
        reader.text(table["name"], at(path, "name"), _PROVIDER, _PROVIDER_RULE)
    if "metadata" in table and "metadata_file" in table:
        reader.wrong(path, "metadata and metadata_file exclude each other; give one of them")
    return table


def _principal_tags(entry: _Entry) -> Dict[str, str]:
    """Session tags, `run_as_source` as the one that Session Manager looks at."""
    path = at(entry.path, "principal_tags")
    tags: Dict[str, str] = {}
    for key, value in entry.reader.table(entry.table.get("principal_tags", {}), path).items():
        text = entry.reader.text(value, at(path, key))
        problem = tag_problem(key, text) if text is not None else None
        if problem:
            entry.reader.wrong(at(path, key), problem)
        first = next((other for other in tags if other.lower() == key.lower()), key)
        if first != key:
            entry.reader.wrong(at(path, key), f"'{key}' is for IAM the same key as '{first}'; give one of them")
        elif key.lower() == RUN_AS_TAG.lower() and key != RUN_AS_TAG and "run_as_source" not in entry.table:
            what = f"'{key}' is for IAM the same key as {RUN_AS_TAG}, and may not be for Session Manager"
            entry.reader.wrong(at(path, key), f"{what}; write it so, or give run_as_source")
        tags[key] = text or ""
    source = entry.source("run_as_source", lambda text: tag_problem(RUN_AS_TAG, text))
    if source is not None:
        for key in [key for key in tags if key.lower() == RUN_AS_TAG.lower()]:
            same = "" if key == RUN_AS_TAG else ", which for IAM is the same key"
            twice = f"principal_tags has {key} too{same}; give one of them"
            entry.reader.wrong(at(entry.path, "run_as_source"), twice)
        tags[RUN_AS_TAG] = source
    return tags


def _tags(entry: _Entry, raw: Any, key: str) -> Optional[Dict[str, str]]:
    if raw is None:
        return None
    path = at(entry.path, key)
    return {name: str(value) for name, value in entry.reader.table(raw, path).items()}


def _scopes(entry: _Entry, partition: str, account_id: Optional[str], tags: Mapping[str, str]) -> Tuple[Scope, ...]:
    """The session scopes, for this account alone unless they say otherwise."""
    raw, path = entry.table.get("scope"), at(entry.path, "scope")
    if raw is None:
        return ()
    several = isinstance(raw, (list, tuple))
    listed = list(raw) if several else [raw]
    paths = [at(path, index) if several else path for index in range(len(listed))]
    try:
        scopes = tuple(read_scopes(_completed(entry, listed, paths, partition, account_id), paths))
    except Problems as error:
        entry.reader.problems.extend(error.details["problems"])
        return ()
    for place, scope in zip(paths, scopes):
        for key in scope.instances.principal_tags:
            if key not in tags:
                what = f"nothing sends the session tag {key}; name it in principal_tags"
                entry.reader.wrong(f"{place}.instances.principal_tags", what)
        if scope.run_as == REQUIRED and RUN_AS_TAG not in tags:
            entry.reader.wrong(
                f"{place}.run_as",
                f"is required, and nothing sends {RUN_AS_TAG}, so that every session would be denied; give "
                "run_as_source, or run_as: optional",
            )
    return scopes


def _completed(
    entry: _Entry, listed: Sequence[Any], paths: Sequence[str], partition: str, account_id: Optional[str]
) -> List[Any]:
    completed = []
    for place, scope in zip(paths, listed):
        if isinstance(scope, Mapping):
            if "principal" in scope:
                entry.reader.wrong(at(place, "principal"), "is always saml here; leave it out")
            defaults: Dict[str, Any] = dict(principal="saml", partition=partition)
            defaults.update(dict(accounts=[account_id]) if account_id else {})
            scope = {**defaults, **{key: value for key, value in scope.items() if key != "principal"}}
        completed.append(scope)
    return completed


def _check_policy(reader: Reader, login: Login, path: str) -> None:
    """Whether all of it makes one policy that a role can hold."""
    try:
        policy = login.policy()
        if policy is not None:
            fitted(policy, "role")
    except UserError as error:
        reader.wrong(at(path, "scope"), error.message)
