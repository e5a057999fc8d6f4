"""A client of sso-admin that is a few dictionaries."""

from __future__ import annotations

import copy
import itertools

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError

INSTANCE = "arn:aws:sso:::instance/ssoins-1"


class Sso:
    """The operations on permission sets, as AWS does them.

    refused: operation, or (operation, name of the set) -> error code. lost: operations whose next answer gets lost
    after they took effect, so that they are sent twice. endings: (name, account) -> statuses of a provisioning.
    """

    region = "ap-northeast-1"

    def __init__(self):
        self.sets, self.requests, self.endings = {}, {}, {}
        self.refused, self.lost, self.calls = {}, set(), []
        self._numbers = itertools.count(1)

    def add(self, name, accounts=(), outdated=(), **values):
        arn = f"arn:aws:sso:::permissionSet/ssoins-1/ps-{next(self._numbers)}"
        nothing = dict(InlinePolicy="", managed=[], customer=[], boundary=None, tags={})
        own = dict(Name=name, SessionDuration="PT1H", accounts=list(accounts), outdated=list(outdated))
        self.sets[arn] = dict(nothing, **dict(own, **values))
        return arn

    def named(self, name):
        (found,) = [each for each in self.sets.values() if each["Name"] == name]
        return found

    def pages(self, operation, key, **parameters):
        if operation == "list_instances":
            return [dict(InstanceArn=INSTANCE, IdentityStoreId="d-1")]
        return self._answer(operation, parameters)[key]

    def call(self, operation, **parameters):
        if operation in self.lost:
            self.lost.remove(operation)
            self._answer(operation, parameters)
        return self._answer(operation, parameters)

    def writes(self):
        return [name for name, parameters in self.calls if name.split("_")[0] not in ("list", "get", "describe")]

    def _answer(self, operation, parameters):
        self.calls.append((operation, parameters))
        given = copy.deepcopy(parameters)
        assert given.pop("InstanceArn") == INSTANCE
        arn = given.pop("PermissionSetArn", None) or given.pop("ResourceArn", None)
        there = self.sets.get(arn, {})
        code = self.refused.get(operation) or self.refused.get((operation, there.get("Name")))
        if code:
            self._refuse(operation, code)
        if arn is None:
            return getattr(self, operation)(**given) or {}
        if not there:
            self._refuse(operation, "ResourceNotFoundException")
        return getattr(self, operation)(there, **given) or {}

    @staticmethod
    def _refuse(operation, code):
        raise AwsError(f"{operation}: {code}.", code, operation)

    def create_permission_set(self, Name, Tags, **settings):
        assert all(settings.values())
        if [each for each in self.sets.values() if each["Name"] == Name]:
            self._refuse("create_permission_set", "ConflictException")
        arn = self.add(Name, **settings)
        self.tag_resource(self.sets[arn], Tags)
        return dict(PermissionSet=dict(PermissionSetArn=arn))

    def delete_permission_set(self, there):
        if there["accounts"]:
            self._refuse("delete_permission_set", "ConflictException")
        self.sets = {arn: each for arn, each in self.sets.items() if each is not there}

    def list_permission_sets(self):
        return dict(PermissionSets=list(self.sets))

    def describe_permission_set(self, there):
        keys = ("Name", "Description", "RelayState", "SessionDuration")
        return dict(PermissionSet={key: there[key] for key in keys if key in there})

    def update_permission_set(self, there, **settings):
        assert all(settings.values())
        there.pop("RelayState", None)
        there.update(settings)

    def get_inline_policy_for_permission_set(self, there):
        return dict(InlinePolicy=there["InlinePolicy"])

    def put_inline_policy_to_permission_set(self, there, InlinePolicy):
        there.update(InlinePolicy=InlinePolicy)

    def delete_inline_policy_from_permission_set(self, there):
        if not there["InlinePolicy"]:
            self._refuse("delete_inline_policy_from_permission_set", "ResourceNotFoundException")
        there.update(InlinePolicy="")

    def list_managed_policies_in_permission_set(self, there):
        return dict(AttachedManagedPolicies=[dict(Name=arn.split("/")[-1], Arn=arn) for arn in there["managed"]])

    def list_customer_managed_policy_references_in_permission_set(self, there):
        return dict(CustomerManagedPolicyReferences=there["customer"])

    def _attach(self, operation, policies, policy):
        if policy in policies:
            self._refuse(operation, "ConflictException")
        policies.append(policy)

    def _detach(self, operation, policies, policy):
        if policy not in policies:
            self._refuse(operation, "ResourceNotFoundException")
        policies.remove(policy)

    def attach_managed_policy_to_permission_set(self, there, ManagedPolicyArn):
        self._attach("attach_managed", there["managed"], ManagedPolicyArn)

    def detach_managed_policy_from_permission_set(self, there, ManagedPolicyArn):
        self._detach("detach_managed", there["managed"], ManagedPolicyArn)

    def attach_customer_managed_policy_reference_to_permission_set(self, there, CustomerManagedPolicyReference):
        self._attach("attach_customer", there["customer"], CustomerManagedPolicyReference)

    def detach_customer_managed_policy_reference_from_permission_set(self, there, CustomerManagedPolicyReference):
        self._detach("detach_customer", there["customer"], CustomerManagedPolicyReference)

    def get_permissions_boundary_for_permission_set(self, there):
        if not there["boundary"]:
            self._refuse("get_permissions_boundary", "ResourceNotFoundException")
        return dict(PermissionsBoundary=there["boundary"])

    def put_permissions_boundary_to_permission_set(self, there, PermissionsBoundary):
        there.update(boundary=PermissionsBoundary)

    def delete_permissions_boundary_from_permission_set(self, there):
        if not there["boundary"]:
            self._refuse("delete_permissions_boundary", "ResourceNotFoundException")
        there.update(boundary=None)

    def list_tags_for_resource(self, there):
        return dict(Tags=[dict(Key=key, Value=value) for key, value in there["tags"].items()])

    def tag_resource(self, there, Tags):
        there["tags"].update({tag["Key"]: tag["Value"] for tag in Tags})

    def untag_resource(self, there, TagKeys):
        there.update(tags={key: value for key, value in there["tags"].items() if key not in TagKeys})

    def list_accounts_for_provisioned_permission_set(self, there, ProvisioningStatus=None):
        assert ProvisioningStatus in (None, "LATEST_PERMISSION_SET_NOT_PROVISIONED")
        return dict(AccountIds=list(there["outdated"] if ProvisioningStatus else there["accounts"]))

    def provision_permission_set(self, there, TargetType, TargetId=None):
        assert (TargetType == "AWS_ACCOUNT") == bool(TargetId)
        request_id = f"request-{next(self._numbers)}"
        statuses = self.endings.get((there["Name"], TargetId), [dict(Status="SUCCEEDED")])
        self.requests[request_id] = list(statuses)
        there["outdated"] = [account for account in there["outdated"] if TargetId not in (None, account)]
        return dict(PermissionSetProvisioningStatus=dict(RequestId=request_id, Status="IN_PROGRESS"))

    def describe_permission_set_provisioning_status(self, ProvisionPermissionSetRequestId):
        statuses = self.requests[ProvisionPermissionSetRequestId]
        return dict(PermissionSetProvisioningStatus=statuses.pop(0) if len(statuses) > 1 else statuses[0])


@pytest.fixture
def sso():
    return Sso()
