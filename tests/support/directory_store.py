"""An identity store that is a few dictionaries, and the way through `reconcile` against it."""

from __future__ import annotations

import copy
import itertools
from unittest import mock

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center import instance
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory import resource
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile

ENTERPRISE = "aws:identitystore:enterprise"


class Store:
    """The operations that are used, as AWS does them; it also is the client of each service."""

    region = "ap-northeast-1"

    def __init__(self):
        self.users, self.groups, self.memberships = {}, {}, {}
        self.calls = []
        self.refused = {}
        self._numbers = itertools.count(1)

    def pages(self, operation, key, **parameters):
        if operation == "list_instances":
            return [dict(InstanceArn="arn:aws:sso:::instance/ssoins-1", IdentityStoreId="d-1234567890")]
        self._note(operation, parameters)
        if operation == "list_users":
            asked = parameters.get("Extensions", [])
            return [self._seen(user, asked) for user in copy.deepcopy(list(self.users.values()))]
        if operation == "list_groups":
            return copy.deepcopy(list(self.groups.values()))
        if operation == "list_group_memberships_for_member":
            return [each for each in self.memberships.values() if each["MemberId"] == parameters["MemberId"]]
        return [each for each in self.memberships.values() if each["GroupId"] == parameters["GroupId"]]

    @staticmethod
    def _seen(user, asked):
        extensions = user.pop("Extensions", {})
        return dict(user, Extensions={key: value for key, value in extensions.items() if key in asked})

    def call(self, operation, **parameters):
        self._note(operation, parameters)
        return getattr(self, operation)(**parameters)

    def _note(self, operation, parameters):
        assert parameters.pop("IdentityStoreId") == "d-1234567890"
        self.calls.append(operation)
        for value in (parameters.get("UserName"), parameters.get("DisplayName"), operation):
            if value in self.refused:
                raise AwsError(f"{operation}: refused", self.refused[value], operation)

    def writes(self):
        return [call for call in self.calls if not call.startswith("list")]

    def create_user(self, **user):
        assert not [each for each in self.users.values() if each["UserName"].lower() == user["UserName"].lower()]
        assert {"DisplayName", "Name"} <= set(user) and {"GivenName", "FamilyName"} == set(user["Name"])
        assert all(user.values())
        self._check_emails(None, user.get("Emails"))
        id_ = f"u-{next(self._numbers)}"
        self.users[id_] = dict(copy.deepcopy(user), UserId=id_)
        return dict(UserId=id_)

    def update_user(self, UserId, Operations):
        user = self.users[UserId]
        for operation in Operations:
            path, value = operation["AttributePath"], operation["AttributeValue"]
            assert value is None or value
            if path == "emails":
                self._check_emails(UserId, value and [dict(Value=value[0]["value"])])
            if path.startswith(ENTERPRISE + "."):
                target, key = user.setdefault("Extensions", {}).setdefault(ENTERPRISE, {}), path[len(ENTERPRISE) + 1 :]
            elif path.startswith("name."):
                target, key = user["Name"], upper(path[5:])
            else:
                target, key = user, upper(path)
                if path in ("emails", "addresses", "phoneNumbers") and value:
                    value = [{upper(name): text for name, text in value[0].items()}]
            target[key] = value
            if value is None:
                assert key not in ("GivenName", "FamilyName", "DisplayName")
                del target[key]

    def _check_emails(self, user_id, emails):
        others = [user for id_, user in self.users.items() if user.get("Emails") and id_ != user_id]
        assert not emails or emails[0]["Value"].lower() not in {user["Emails"][0]["Value"].lower() for user in others}

    def delete_user(self, UserId):
        del self.users[UserId]
        self.memberships = {
            id_: each for id_, each in self.memberships.items() if each["MemberId"] != dict(UserId=UserId)
        }

    def create_group(self, **group):
        assert group["DisplayName"].lower() not in [each["DisplayName"].lower() for each in self.groups.values()]
        assert all(group.values())
        id_ = f"g-{next(self._numbers)}"
        self.groups[id_] = dict(group, GroupId=id_)
        return dict(GroupId=id_)

    def update_group(self, GroupId, Operations):
        (operation,) = Operations
        assert operation["AttributePath"] == "description"
        self.groups[GroupId]["Description"] = operation["AttributeValue"]

    def delete_group(self, GroupId):
        del self.groups[GroupId]
        self.memberships = {id_: each for id_, each in self.memberships.items() if each["GroupId"] != GroupId}

    def create_group_membership(self, GroupId, MemberId):
        assert GroupId in self.groups and MemberId["UserId"] in self.users
        assert (GroupId, MemberId) not in [(each["GroupId"], each["MemberId"]) for each in self.memberships.values()]
        id_ = f"m-{next(self._numbers)}"
        self.memberships[id_] = dict(MembershipId=id_, GroupId=GroupId, MemberId=MemberId)
        return dict(MembershipId=id_)

    def get_user_id(self, AlternateIdentifier):
        name = AlternateIdentifier["UniqueAttribute"]["AttributeValue"].lower()
        for id_, user in self.users.items():
            if user["UserName"].lower() == name:
                return dict(UserId=id_)
        raise AwsError("nobody", "ResourceNotFoundException")

    def delete_group_membership(self, MembershipId):
        del self.memberships[MembershipId]


def upper(name):
    return name[:1].upper() + name[1:]


class Left(Exception):
    pass


class Module:
    def __init__(self, check, params):
        common = dict(instance_arn=None, api_rate=1e6, max_deletions=10, protect=[], progress="never")
        common.update(allow_self_lockout=False)
        self.params = dict(common, **dict(dict(users=None, groups=None, purge_members=True), **params))
        self.check_mode, self._diff, self.required = check, True, []

    def require_botocore_at_least(self, version, reason):
        self.required.append((version, reason))

    def warn(self, text):
        raise AssertionError(text)

    def exit_json(self, **result):
        self.result = dict(result, failed=False)
        raise Left

    def fail_json(self, **result):
        self.result = dict(result, failed=True)
        raise Left


class Sts:
    def __init__(self, caller):
        self.caller = caller

    def call(self, operation):
        assert operation == "get_caller_identity"
        role = "AWSReservedSSO_Admin_0123456789abcdef"
        came_in = f"sts::111122223333:assumed-role/{role}/{self.caller}" if self.caller else "iam::111122223333:user/x"
        return dict(Arn=f"arn:aws:{came_in}")


def run(store, check=False, caller=None, **params):
    module = Module(check, params)
    with (
        mock.patch.object(instance, "Client", lambda *_arguments, **_more: store),
        pytest.raises(Left),
        mock.patch.object(resource, "Client", lambda _module, service: Sts(caller)),
    ):
        reconcile(module, resource.Directory(module))
    return dict(module.result, required=module.required)


def info(store, **params):
    module = Module(False, dict(dict(include=["users", "enterprise", "groups", "members"]), **params))
    with mock.patch.object(instance, "Client", lambda *_arguments, **_more: store):
        return dict(resource.read_directory(module), required=module.required)


def user(name, **more):
    return dict(dict(user_name=name, given_name="G", family_name="F", state="present"), **more)
