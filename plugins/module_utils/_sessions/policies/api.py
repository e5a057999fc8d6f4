# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One account's managed policies and who has them: every call, nothing else."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Set

from ..._aws import AwsError, Client
from ..._reconcile import UserError
from ..places import minified
from .choice import Size
from .records import ENTITIES, GROUPS, ONE, ROLES, USERS, Policy, Version

_PAGE = dict(PaginationConfig=dict(PageSize=1000))  # the largest that IAM takes; it may give less
_WORD = {USERS: "User", GROUPS: "Group", ROLES: "Role"}  # as operations and answers begin
_LIMIT_NOTE = (
    "IAM attaches ten managed policies to a user, group or role, unless the account's quota was raised. Give several "
    "scopes to one policy with `scopes`, detach others, attach to a group, or have the quota raised"
)
# Somebody else, or another thread of ours, changes the same thing at this moment; or IAM needs a moment by itself.
_LATER_TRIES, _LATER_PAUSE = 5, 2.0


class PoliciesApi:
    """May be used by several threads at once."""

    def __init__(self, iam: Client, sleep: Callable[[float], None] = time.sleep) -> None:
        self._iam = iam
        self._sleep = sleep
        self._made: Set[str] = set()  # ARNs of policies that this run created

    # reading

    def size(self) -> Optional[Size]:
        """None where the caller may not ask."""
        try:
            numbers = self._iam.call("get_account_summary")["SummaryMap"]
        except AwsError as error:
            if error.denied:
                return None
            raise
        return Size(*(numbers.get(key, 0) for key in ("Policies", "Users", "Groups", "Roles")))

    def everything(self, kinds: Sequence[str]) -> Optional["Everything"]:
        """All policies with all versions, and all entities of these kinds; None where the caller may not ask."""
        asked = [_WORD[kind] for kind in kinds] + ["LocalManagedPolicy"]
        keys = {kind: f"{_WORD[kind]}DetailList" for kind in kinds}
        try:
            found = self._iam.lists(
                "get_account_authorization_details", ["Policies", *keys.values()], Filter=asked, **_PAGE
            )
        except AwsError as error:
            if error.denied:
                return None
            raise
        return Everything(found["Policies"], {kind: found[key] for kind, key in keys.items()})

    def local_policies(self, path_prefix: str = "/") -> List[Dict[str, Any]]:
        """All of the account's own: names, paths and ARNs, without documents, descriptions and tags."""
        return self._iam.pages("list_policies", "Policies", Scope="Local", PathPrefix=path_prefix, **_PAGE)

    def policy(self, arn: str) -> Optional[Dict[str, Any]]:
        """With description and tags; None if there is none."""
        try:
            return self._iam.call("get_policy", PolicyArn=arn)["Policy"]
        except AwsError as error:
            if error.code == "NoSuchEntity":
                return None
            raise

    def version(self, arn: str, version: str) -> Version:
        answer = self._iam.call("get_policy_version", PolicyArn=arn, VersionId=version)["PolicyVersion"]
        return _version(answer)

    def versions(self, arn: str) -> List[Version]:
        """All, without documents."""
        return [_version(each) for each in self._iam.pages("list_policy_versions", "Versions", PolicyArn=arn)]

    def attachments(self, arn: str, boundaries: bool = False) -> Dict[str, List[str]]:
        """Who has the policy, by kind. boundaries: instead, who has it as permissions boundary."""
        usage = "PermissionsBoundary" if boundaries else "PermissionsPolicy"
        keys = {kind: f"Policy{_WORD[kind]}s" for kind in ENTITIES}
        found = self._iam.lists(
            "list_entities_for_policy", list(keys.values()), PolicyArn=arn, PolicyUsageFilter=usage, **_PAGE
        )
        return {kind: sorted(each[f"{_WORD[kind]}Name"] for each in found[key]) for kind, key in keys.items()}

    def exists(self, kind: str, name: str) -> bool:
        """Whether there is one that is written exactly so."""
        key = f"{_WORD[kind]}Name"
        try:
            return self._iam.call(f"get_{ONE[kind]}", **{key: name})[_WORD[kind]][key] == name
        except AwsError as error:
            if error.code == "NoSuchEntity":
                return False
            raise

    def names(self, kind: str) -> List[str]:
        key = f"{_WORD[kind]}Name"
        return [each[key] for each in self._iam.pages(f"list_{kind}", f"{_WORD[kind]}s", **_PAGE)]

    # writing

    def create(self, name: str, path: str, document: Any, description: Optional[str], tags: Mapping[str, str]) -> str:
        """Returns the id of its first version."""
        more = dict(Description=description) if description else {}
        text = minified(document)
        answer = self._write("create_policy", PolicyName=name, Path=path, PolicyDocument=text, Tags=_tags(tags), **more)
        self._made.add(answer["Policy"]["Arn"])
        return answer["Policy"]["DefaultVersionId"]

    def new_version(self, arn: str, document: Any, remove: Optional[str]) -> str:
        """Make a version the default, after the removal of another one that is in its way; returns its id."""
        if remove:
            self._delete_version(arn, remove)
        text = minified(document)
        answer = self._write("create_policy_version", PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
        return answer["PolicyVersion"]["VersionId"]

    def make_default(self, arn: str, version: str) -> str:
        self._write("set_default_policy_version", PolicyArn=arn, VersionId=version)
        return version

    def attach(self, arn: str, kind: str, name: str) -> None:
        try:
            self._write(f"attach_{ONE[kind]}_policy", arn in self._made, PolicyArn=arn, **{f"{_WORD[kind]}Name": name})
        except AwsError as error:
            if error.code == "LimitExceeded":
                raise UserError(f"{error.message}. {_LIMIT_NOTE}") from error
            raise

    def detach(self, arn: str, kind: str, name: str) -> None:
        self._gone_is_fine(f"detach_{ONE[kind]}_policy", PolicyArn=arn, **{f"{_WORD[kind]}Name": name})

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        self._write("tag_policy", PolicyArn=arn, Tags=_tags(tags))

    def untag(self, arn: str, keys: Sequence[str]) -> None:
        self._write("untag_policy", PolicyArn=arn, TagKeys=list(keys))

    def delete(self, policy: Policy) -> None:
        """Detach it from everybody, then delete its other versions, then itself."""
        for kind, names in policy.attachments.items():
            for name in names:
                self.detach(policy.arn, kind, name)
        for version in policy.versions:
            if not version.default:
                self._delete_version(policy.arn, version.id)
        self._gone_is_fine("delete_policy", PolicyArn=policy.arn)

    def _delete_version(self, arn: str, version: str) -> None:
        self._gone_is_fine("delete_policy_version", PolicyArn=arn, VersionId=version)

    def _gone_is_fine(self, operation: str, **parameters: Any) -> None:
        try:
            self._write(operation, **parameters)
        except AwsError as error:
            if error.code != "NoSuchEntity":
                raise

    def _write(self, operation: str, new: bool = False, **parameters: Any) -> Dict[str, Any]:
        """One request, again where that helps. new: the policy was just made, and is not known everywhere at once."""
        later = {"ConcurrentModification", "NoSuchEntity"} if new else {"ConcurrentModification"}
        for attempt in range(_LATER_TRIES - 1):
            try:
                return self._iam.call(operation, **parameters)
            except AwsError as error:
                if error.code not in later:
                    raise
            self._sleep(_LATER_PAUSE * (attempt + 1))
        return self._iam.call(operation, **parameters)


class Everything:
    """What GetAccountAuthorizationDetails gave."""

    def __init__(self, policies: Sequence[Mapping[str, Any]], entities: Mapping[str, Sequence[Mapping[str, Any]]]):
        self.policies = policies
        self.names = {kind: [each[f"{_WORD[kind]}Name"] for each in rows] for kind, rows in entities.items()}
        self._having: Dict[str, Dict[str, List[str]]] = {}
        for kind, name, arn in _attached(entities):
            self._having.setdefault(arn, {}).setdefault(kind, []).append(name)

    def policy(self, answer: Mapping[str, Any]) -> Policy:
        having = self._having.get(answer["Arn"], {})
        return Policy(
            arn=answer["Arn"],
            name=answer["PolicyName"],
            path=answer["Path"],
            versions=[_version(each) for each in answer["PolicyVersionList"]],
            attachments={kind: sorted(having.get(kind, [])) for kind in self.names},
        )


def _attached(entities: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Any]:
    for kind, rows in entities.items():
        for each in rows:
            for policy in each.get("AttachedManagedPolicies", []):
                yield kind, each[f"{_WORD[kind]}Name"], policy["PolicyArn"]


def _version(answer: Mapping[str, Any]) -> Version:
    return Version(answer["VersionId"], bool(answer.get("IsDefaultVersion")), answer.get("Document"))


def _tags(tags: Mapping[str, str]) -> List[Dict[str, str]]:
    return [dict(Key=key, Value=value) for key, value in tags.items()]
