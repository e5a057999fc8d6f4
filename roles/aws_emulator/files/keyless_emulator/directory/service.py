# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of identitystore."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ..errors import AwsError
from ..identify import Call
from ..paging import paged
from ..service import Service
from .attributes import check_extension_names, check_user, updated_group, updated_user
from .store import Membership, Record, Store, Stores, plain

_READS = ("Describe", "Get", "Is", "List")


class IdentityStore(Service):
    name = "identitystore"

    def __init__(self, stores: Stores, administrators: Any) -> None:
        """`administrators(account)` tells whether an account may change the organization's store."""
        self._stores = stores
        self._administrators = administrators

    # Identity stores

    def list_identity_stores(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        stores = [store for store in self._stores if store.region == call.region and self._may(call, store)]
        found = [dict(IdentityStoreId=store.id, IdentityStoreArn=store.arn) for store in stores]
        return paged("IdentityStores", found, params, "identity-stores")

    def describe_identity_store(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        return dict(IdentityStoreId=store.id, IdentityStoreArn=store.arn, NetworkConfiguration=store.network)

    def update_identity_store(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        if "NetworkConfiguration" in params:
            store.network = dict(params["NetworkConfiguration"])  # replaces the whole configuration
        return dict(IdentityStoreId=store.id, IdentityStoreArn=store.arn)

    # Users

    def create_user(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        attributes = {key: value for key, value in params.items() if key != "IdentityStoreId"}
        check_user(attributes)
        return _user_id(store, store.add_user(attributes, _author(call)))

    def describe_user(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        return _user(store, _find_user(store, params["UserId"]), check_extension_names(params.get("Extensions")))

    def update_user(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        user = _find_user(store, params["UserId"])
        _check_revision(user, params)
        store.change_user(user, updated_user(user.attributes, params["Operations"]), _author(call))
        return _user_id(store, user)

    def delete_user(self, call: Call, params: Dict[str, Any]) -> None:
        store = self._store(call, params)
        user = _find_user(store, params["UserId"])
        _check_revision(user, params)
        store.delete_user(user)

    def list_users(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        extensions = check_extension_names(params.get("Extensions"))
        users: List[Record] = list(store.users.values())
        for filter_ in params.get("Filters") or []:
            _check_filter(filter_, "UserName")
            id_ = store.user_names.find(filter_["AttributeValue"])
            users = [user for user in users if user.id == id_]
        answer = paged("Users", users, params, "users")
        answer["Users"] = [_user(store, user, extensions) for user in answer["Users"]]
        return answer

    def get_user_id(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        path, value = _alternate(params["AlternateIdentifier"])
        indexes = {"username": store.user_names, "emails.value": store.emails}
        id_ = _lookup(indexes, path, value, "USER")
        return dict(IdentityStoreId=store.id, UserId=id_, UserArn=_arn("user", id_))

    # Groups

    def create_group(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        attributes = {key: value for key, value in params.items() if key != "IdentityStoreId"}
        if not attributes.get("DisplayName"):
            raise AwsError("ValidationException", "The attribute DisplayName is required.")
        return _group_id(store, store.add_group(attributes, _author(call)))

    def describe_group(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        return _group(store, _find_group(store, params["GroupId"]))

    def update_group(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        group = _find_group(store, params["GroupId"])
        _check_revision(group, params)
        store.change_group(group, updated_group(group.attributes, params["Operations"]), _author(call))
        return _group_id(store, group)

    def delete_group(self, call: Call, params: Dict[str, Any]) -> None:
        store = self._store(call, params)
        group = _find_group(store, params["GroupId"])
        _check_revision(group, params)
        store.delete_group(group)

    def list_groups(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        groups: List[Record] = list(store.groups.values())
        for filter_ in params.get("Filters") or []:
            _check_filter(filter_, "DisplayName")
            id_ = store.group_names.find(filter_["AttributeValue"])
            groups = [group for group in groups if group.id == id_]
        answer = paged("Groups", groups, params, "groups")
        answer["Groups"] = [_group(store, group) for group in answer["Groups"]]
        return answer

    def get_group_id(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        path, value = _alternate(params["AlternateIdentifier"])
        id_ = _lookup({"displayname": store.group_names}, path, value, "GROUP")
        return dict(IdentityStoreId=store.id, GroupId=id_, GroupArn=_arn("group", id_))

    # Memberships

    def create_group_membership(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        group, user = _find_group(store, params["GroupId"]), _find_user(store, params["MemberId"]["UserId"])
        return _membership_id(store, store.add_membership(group.id, user.id, _author(call)))

    def describe_group_membership(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        return _membership(store, _find_membership(store, params["MembershipId"]))

    def delete_group_membership(self, call: Call, params: Dict[str, Any]) -> None:
        store = self._store(call, params)
        store.delete_membership(_find_membership(store, params["MembershipId"]))

    def get_group_membership_id(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        group, user = _find_group(store, params["GroupId"]), _find_user(store, params["MemberId"]["UserId"])
        id_ = store.by_group.get(group.id, {}).get(user.id)
        if id_ is None:
            raise _missing("GROUP_MEMBERSHIP", None)
        return _membership_id(store, store.memberships[id_])

    def list_group_memberships(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        group = _find_group(store, params["GroupId"])
        return self._memberships(store, store.by_group.get(group.id, {}), params, group.id)

    def list_group_memberships_for_member(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        user = _find_user(store, params["MemberId"]["UserId"])
        return self._memberships(store, store.by_user.get(user.id, {}), params, user.id)

    def is_member_in_groups(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        store = self._store(call, params)
        user = _find_user(store, params["MemberId"]["UserId"])
        groups = [_find_group(store, id_).id for id_ in params["GroupIds"]]
        mine = store.by_user.get(user.id, {})
        return dict(Results=[
            dict(GroupId=group, MemberId=dict(UserId=user.id), MembershipExists=group in mine) for group in groups
        ])

    def _memberships(
        self, store: Store, found: Dict[str, str], params: Dict[str, Any], scope: str
    ) -> Dict[str, Any]:
        answer = paged("GroupMemberships", list(found.values()), params, f"memberships-{scope}")
        answer["GroupMemberships"] = [_membership(store, store.memberships[id_]) for id_ in answer["GroupMemberships"]]
        return answer

    # The store of a request

    def _store(self, call: Call, params: Dict[str, Any]) -> Store:
        store = self._stores.find(params["IdentityStoreId"])
        if store is None or store.region != call.region:
            raise AwsError("ResourceNotFoundException", "IdentityStore not found.", ResourceType="IDENTITY_STORE")
        if not call.operation.startswith(_READS) and not self._may(call, store):
            raise AwsError("AccessDeniedException", f"The account {call.account} may not change this identity store.")
        return store

    def _may(self, call: Call, store: Store) -> bool:
        return call.account == store.owner or bool(self._administrators(call.account))


def _author(call: Call) -> str:
    return f"arn:aws:iam::{call.account}:root"


def _arn(kind: str, id_: str) -> str:
    return f"arn:aws:identitystore:::{kind}/{id_}"


def _missing(kind: str, id_: Optional[str]) -> AwsError:
    return AwsError(
        "ResourceNotFoundException", f"{kind} not found.", ResourceType=kind, ResourceId=plain(id_) if id_ else None
    )


def _find_user(store: Store, id_: str) -> Record:
    user = store.users.get(plain(id_))
    if user is None:
        raise _missing("USER", id_)
    return user


def _find_group(store: Store, id_: str) -> Record:
    group = store.groups.get(plain(id_))
    if group is None:
        raise _missing("GROUP", id_)
    return group


def _find_membership(store: Store, id_: str) -> Membership:
    membership = store.memberships.get(plain(id_))
    if membership is None:
        raise _missing("GROUP_MEMBERSHIP", id_)
    return membership


def _check_revision(record: Record, params: Dict[str, Any]) -> None:
    if params.get("Revision") not in (None, str(record.revision)):
        raise AwsError("ConflictException", "The revision is not the current one.", Reason="CONCURRENT_MODIFICATION")


def _check_filter(filter_: Dict[str, Any], path: str) -> None:
    if filter_["AttributePath"].lower() != path.lower():
        raise AwsError("ValidationException", f"Only {path} can be filtered by, not {filter_['AttributePath']}.")


def _alternate(identifier: Dict[str, Any]) -> tuple[str, Any]:
    unique = identifier.get("UniqueAttribute")
    if unique is None:  # external ids come with SCIM, which the emulator does not have: nobody has one
        return "", None
    return unique["AttributePath"], unique["AttributeValue"]


def _lookup(indexes: Dict[str, Any], path: str, value: Any, kind: str) -> str:
    """Find by unique attribute; the first letter's case does not matter (userName and UserName are both in use)."""
    if not path:
        raise _missing(kind, None)
    index = indexes.get(path.lower())
    if index is None or not isinstance(value, str):
        raise AwsError("ValidationException", f"{path} is not a unique attribute with a text as value.")
    id_: Optional[str] = index.find(value)
    if id_ is None:
        raise _missing(kind, None)
    return id_


def _user_id(store: Store, user: Record) -> Dict[str, Any]:
    return dict(
        IdentityStoreId=store.id, UserId=user.id, UserArn=_arn("user", user.id), Revision=str(user.revision)
    )


def _user(store: Store, user: Record, extensions: List[str]) -> Dict[str, Any]:
    answer = dict(user.attributes, **_user_id(store, user), **user.dates())
    answer["UserStatus"] = "ENABLED"
    mine = answer.pop("Extensions", None) or {}
    asked = {name: mine[name] for name in extensions if name in mine}
    return dict(answer, Extensions=asked) if asked else answer


def _group_id(store: Store, group: Record) -> Dict[str, Any]:
    return dict(
        IdentityStoreId=store.id, GroupId=group.id, GroupArn=_arn("group", group.id), Revision=str(group.revision)
    )


def _group(store: Store, group: Record) -> Dict[str, Any]:
    return dict(group.attributes, **_group_id(store, group), **group.dates())


def _membership_id(store: Store, membership: Membership) -> Dict[str, Any]:
    return dict(
        IdentityStoreId=store.id, MembershipId=membership.id, MembershipArn=_arn("membership", membership.id)
    )


def _membership(store: Store, membership: Membership) -> Dict[str, Any]:
    return dict(
        _membership_id(store, membership), GroupId=membership.group, MemberId=dict(UserId=membership.user),
        CreatedAt=membership.created, UpdatedAt=membership.created, CreatedBy=membership.author,
        UpdatedBy=membership.author,
    )
