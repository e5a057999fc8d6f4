# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM's rules for managed policies where moto has none: what is refused, what is counted, and pages.

The texts of refusals are AWS's own, as people quote them in reports.
"""

from __future__ import annotations

import importlib
import re
from typing import Any, Callable, Dict, Iterable, List, Sequence, Tuple

from .settings import Settings

POLICY_SIZE = 6144  # characters without white space
SESSION_POLICY_SIZE = 2048
MOST_TAGS = 50
POLICIES_PER_USER = POLICIES_PER_GROUP = 10
PAGE = 100

_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_PATH = re.compile(r"(?=.{1,512}$)(/[A-Za-z0-9.,+@=_-]+)*/")
_TAG_VALUE = re.compile(r"[\w\s.:/=+\-@]{0,256}")
# Entities of the paged answer, in its order, with the filter that asks for each.
_DETAILS = (("UserDetailList", "User"), ("GroupDetailList", "Group"), ("RoleDetailList", "Role"))


def mend(iam: Any, settings: Settings) -> None:
    """Put the rules into moto's IAM (its module `moto.iam.models`)."""
    errors = importlib.import_module("moto.iam.exceptions")
    backend = iam.IAMBackend
    _mend_creation(backend, errors)
    _mend_versions(iam, errors)
    _mend_deletion(backend, errors)
    _mend_tags(backend, errors)
    _mend_attaching(backend, errors, settings)
    usage = property(lambda policy: len(bounded(policy.backend, policy.arn)))
    iam.ManagedPolicy.permissions_boundary_usage_count = usage
    # by these names GetAccountAuthorizationDetails looks for them
    iam.ManagedPolicy.policy_name = property(lambda policy: policy.name)
    iam.ManagedPolicy.policy_id = property(lambda policy: policy.id)
    _mend_answers(importlib.import_module("moto.iam.responses").IamResponse)
    _mend_session_policies(importlib.import_module("moto.sts.models").STSBackend, errors)


def own_policies(backend: Any) -> List[Any]:
    """The account's own policies. Past the overridden methods, which would make copies of all of AWS's."""
    policies = dict.items(backend.managed_policies)
    return sorted((each for arn, each in policies if ":iam::aws:" not in arn), key=lambda policy: policy.name)


def bounded(backend: Any, arn: str) -> List[Any]:
    """The users and roles that have the policy as their permissions boundary."""
    entities = [*backend.users.values(), *backend.roles.values()]
    return [each for each in entities if getattr(each, "permissions_boundary_arn", None) == arn]


def _mend_creation(backend: Any, errors: Any) -> None:
    create = backend.create_policy

    def create_policy(
        self: Any, description: str, path: str, policy_document: str, policy_name: str, tags: List[Dict[str, str]]
    ) -> Any:
        _check_form(errors, "policyName", policy_name, _NAME)
        _check_form(errors, "path", path or "/", _PATH)
        if len(description or "") > 1000:
            raise errors.ValidationError("1 validation error detected: Value at 'description' failed to satisfy "
                                         "constraint: Member must have length less than or equal to 1000")
        _check_tags(errors, tags)
        if any(each.name.lower() == policy_name.lower() for each in own_policies(self)):
            raise errors.EntityAlreadyExists(
                f"A policy called {policy_name} already exists. Duplicate names are not allowed."
            )
        _check_size(errors, policy_document)
        return create(self, description, path, policy_document, policy_name, tags)

    backend.create_policy = create_policy


def _mend_versions(iam: Any, errors: Any) -> None:
    create = iam.IAMBackend.create_policy_version

    def create_policy_version(self: Any, policy_arn: str, policy_document: str, set_as_default: bool) -> Any:
        _check_size(errors, policy_document)
        return create(self, policy_arn, policy_document, set_as_default)

    def update_default_version(self: Any, new_default_version_id: str) -> None:
        """moto leaves no version as the default when it already was."""
        for version in self.versions:
            version.is_default = version.version_id == new_default_version_id
        self.default_version_id = new_default_version_id

    iam.IAMBackend.create_policy_version = create_policy_version
    iam.Policy.update_default_version = update_default_version


def _mend_deletion(backend: Any, errors: Any) -> None:
    delete = backend.delete_policy

    def delete_policy(self: Any, policy_arn: str) -> None:
        policy = self.get_policy(policy_arn)
        if policy.attachment_count or bounded(self, policy_arn):
            raise errors.DeleteConflictException("Cannot delete a policy attached to entities.")
        if len(policy.versions) > 1:
            raise errors.DeleteConflictException(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's "
                "versions. The default version is deleted with the policy."
            )
        delete(self, policy_arn)

    backend.delete_policy = delete_policy


def _mend_tags(backend: Any, errors: Any) -> None:
    tag = backend.tag_policy

    def tag_policy(self: Any, policy_arn: str, tags: List[Dict[str, str]]) -> None:
        _check_tags(errors, tags)
        there = self.get_policy(policy_arn).tags
        if len(set(there) | {each["Key"].lower() for each in tags}) > MOST_TAGS:
            raise errors.LimitExceededException(
                f"The number of tags has reached the maximum limit. The maximum number of tags: {MOST_TAGS}"
            )
        tag(self, policy_arn, tags)

    backend.tag_policy = tag_policy


def _mend_attaching(backend: Any, errors: Any, settings: Settings) -> None:
    """Attaching twice is attaching once, and there is an end to it."""

    def attaching(find: str, word: str, most: Callable[[], int]) -> Callable[[Any, str, str], None]:
        def attach(self: Any, policy_arn: str, name: str) -> None:
            entity = getattr(self, find)(name)
            if policy_arn not in self.managed_policies:
                raise errors.NotFoundException(f"Policy {policy_arn} does not exist or is not attachable.")
            if policy_arn in entity.managed_policies:
                return
            if len(entity.managed_policies) >= most():
                raise errors.LimitExceededException(f"Cannot exceed quota for {word}: {most()}")
            self.managed_policies[policy_arn].attach_to(entity)

        return attach

    for_user = attaching("get_user", "PoliciesPerUser", lambda: POLICIES_PER_USER)
    for_group = attaching("get_group", "PoliciesPerGroup", lambda: POLICIES_PER_GROUP)
    for_role = attaching("get_role", "PoliciesPerRole", lambda: settings.policies_per_role)
    backend.attach_user_policy = for_user
    backend.attach_group_policy = for_group
    backend.attach_role_policy = for_role


def _mend_answers(response: Any) -> None:
    result = importlib.import_module("moto.core.responses").ActionResult

    def get_account_authorization_details(self: Any) -> Any:
        asked = self._get_param("Filter", [])
        kinds = ["User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy"]
        wanted = [kind for kind in kinds if not asked or kind in asked]
        backend = self.backend
        there = {"User": backend.users, "Group": backend.groups, "Role": backend.roles}
        items: List[Tuple[str, Any]] = [
            (key, entity) for key, kind in _DETAILS if kind in wanted for entity in there[kind].values()
        ]
        if "LocalManagedPolicy" in wanted:
            items += [("Policies", policy) for policy in own_policies(backend)]
        if "AWSManagedPolicy" in wanted:
            items += [("Policies", policy) for policy in backend.aws_managed_policies]
        return result(_page(self, items, [key for key, _kind in _DETAILS] + ["Policies"]))

    def list_entities_for_policy(self: Any) -> Any:
        arn, entity = self._get_param("PolicyArn"), self._get_param("EntityFilter")
        usage, prefix = self._get_param("PolicyUsageFilter"), self._get_param("PathPrefix") or "/"
        backend = self.backend
        backend.get_policy(arn)
        there = {"PolicyUsers": backend.users, "PolicyGroups": backend.groups, "PolicyRoles": backend.roles}
        names = {"PolicyUsers": "User", "PolicyGroups": "Group", "PolicyRoles": "Role"}
        items: List[Tuple[str, Any]] = [
            (key, each)
            for key, entities in there.items()
            if entity in (None, names[key])
            for each in entities.values()
            if each.path.startswith(prefix) and _uses(backend, each, arn, usage)
        ]
        return result(_page(self, items, list(there)))

    response.get_account_authorization_details = get_account_authorization_details
    response.list_entities_for_policy = list_entities_for_policy


def _mend_session_policies(backend: Any, errors: Any) -> None:
    """The policy of a session is a document of its own, with a largest size in which white space counts."""
    assume = backend.assume_role
    validator = importlib.import_module("moto.iam.policy_validation").IAMPolicyDocumentValidator

    def assume_role(self: Any, *arguments: Any, **named: Any) -> Any:
        policy = named.get("policy")
        if policy is not None and len(policy) > SESSION_POLICY_SIZE:
            raise errors.ValidationError(
                "1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length "
                f"less than or equal to {SESSION_POLICY_SIZE}"
            )
        if policy is not None:
            validator(policy).validate()
        return assume(self, *arguments, **named)

    backend.assume_role = assume_role


def _uses(backend: Any, entity: Any, arn: str, usage: Any) -> bool:
    attached = usage != "PermissionsBoundary" and arn in entity.managed_policies
    return attached or (usage != "PermissionsPolicy" and entity in bounded(backend, arn))


def _page(response: Any, items: Sequence[Tuple[str, Any]], keys: Iterable[str]) -> Dict[str, Any]:
    """One page of what stands in several lists."""
    size, start = response._get_int_param("MaxItems", PAGE), int(response._get_param("Marker") or 0)
    answer: Dict[str, Any] = {key: [] for key in keys}
    for key, entity in items[start : start + size]:
        answer[key].append(entity)
    answer["IsTruncated"] = len(items) > start + size
    if answer["IsTruncated"]:
        answer["Marker"] = str(start + size)
    return answer


def _check_size(errors: Any, document: str) -> None:
    if len(re.sub(r"\s", "", document)) > POLICY_SIZE:
        raise errors.LimitExceededException(f"Cannot exceed quota for PolicySize: {POLICY_SIZE}")


def _check_form(errors: Any, member: str, value: str, form: Any) -> None:
    if not form.fullmatch(value):
        raise errors.ValidationError(
            f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must "
            f"satisfy regular expression pattern: {form.pattern}"
        )


def _check_tags(errors: Any, tags: Sequence[Dict[str, str]]) -> None:
    for tag in tags:
        if tag["Key"].lower().startswith("aws:"):
            raise errors.InvalidInput("System tags cannot be added/updated/deleted by the requester.")
        _check_form(errors, "tags.member.value", tag["Value"], _TAG_VALUE)
