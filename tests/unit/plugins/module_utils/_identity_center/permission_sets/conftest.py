"""A client of sso-admin that is a few dictionaries."""

from __future__ import annotations

import copy
import itertools

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError

INSTANCE = "arn:aws:sso:::instance/ssoins-1"
TARO, OPS = "94482488-3041-7041-8c52-2a5f1b0c3d4e", "a4d8e4b8-1011-70d2-9a4c-0a2b3c4d5e6f"

KEEPING = ("provision_permission_set", "delete_permission_set")  # what no role has to follow
DIRECTORY = dict(
    list_users=[dict(UserName="taro", UserId=TARO)],
    list_groups=[dict(DisplayName="ops", GroupId=OPS)],
    list_group_memberships_for_member=[],
)


class Sso:
    """The operations on permission sets, as AWS does them.

    refused: operation, or (operation, name of the set) -> error code. errors: operation -> codes of its next calls, in
    which + means that it took effect all the same. lost: operations whose next answer gets lost after they took effect,
    so that they are sent twice. endings: (name, account) -> statuses of the next provisioning, which a question moves
    on. arn: the caller.
    """

    region = "ap-northeast-1"
    arn = "arn:aws:iam::111:user/ops"

    def __init__(self):
        self.sets, self.requests, self.endings = {}, {}, {}
        self.refused = {"list_account_assignments_for_principal": "AccessDeniedException"}
        self.errors, self.lost, self.calls = {}, set(), []
        self._numbers = itertools.count(1)

    def add(self, name, accounts=(), outdated=(), **values):
        arn = f"arn:aws:sso:::permissionSet/ssoins-1/ps-{next(self._numbers)}"
        nothing = dict(InlinePolicy="", managed=[], customer=[], boundary=None, tags={}, assigned=[])
        own = dict(Name=name, SessionDuration="PT1H", accounts=list(accounts), outdated=list(outdated))
        self.sets[arn] = dict(nothing, **dict(own, **values))
        return arn

    def named(self, name):
        (found,) = [each for each in self.sets.values() if each["Name"] == name]
        return found

    def pages(self, operation, key, **parameters):
        if operation == "list_instances":
            return [dict(InstanceArn=INSTANCE, IdentityStoreId="d-1")]
        if operation in DIRECTORY:
            return DIRECTORY[operation]
        return self._answer(operation, parameters)[key]

    def call(self, operation, **parameters):
        if operation == "get_caller_identity":
            return dict(Arn=self.arn)
        if operation == "get_user_id":
            return dict(UserId=TARO)
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
        given.pop("MaxResults", None)
        arn = given.pop("PermissionSetArn", None) or given.pop("ResourceArn", None)
        there = self.sets.get(arn, {})
        code = self.refused.get(operation) or self.refused.get((operation, there.get("Name")))
        code = (self.errors.get(operation) or [code]).pop(0)
        if code is not None and not code.startswith("+"):
            self._refuse(operation, code)
        answer = self._done(operation, arn, there, given)
        if code is not None:
            self._refuse(operation, code[1:])
        return answer

    def _done(self, operation, arn, there, given):
        if arn is None:
            return getattr(self, operation)(**given) or {}
        if not there:
            self._refuse(operation, "ResourceNotFoundException")
        if operation.split("_")[0] not in ("list", "get", "describe"):
            if any(request["arn"] == arn and self._move(request) for request in list(self.requests.values())):
                self._refuse(operation, "ConflictException")
            if operation.endswith("_permission_set") and operation not in KEEPING:
                there["outdated"] = list(there["accounts"])
        return getattr(self, operation)(there, **given) or {}

    @staticmethod
    def _move(request):
        """Whether an operation is in progress; the next question is one status further."""
        statuses = request["statuses"]
        busy = statuses[0]["Status"] == "IN_PROGRESS"
        if len(statuses) > 1:
            statuses.pop(0)
        return busy

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
            if there.get("lets_go"):  # an account that takes its time
                there.update(accounts=[])
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
        statuses = self.endings.pop((there["Name"], TargetId), [dict(Status="SUCCEEDED")])
        request_id = self.begin(there, TargetId, statuses)
        return dict(PermissionSetProvisioningStatus=dict(RequestId=request_id, Status="IN_PROGRESS"))

    def begin(self, there, account, statuses):
        request_id = f"request-{next(self._numbers)}"
        (arn,) = [arn for arn, each in self.sets.items() if each is there]
        self.requests[request_id] = dict(arn=arn, account=account, statuses=list(statuses))
        if statuses[-1]["Status"] == "SUCCEEDED":
            there["outdated"] = [other for other in there["outdated"] if account not in (None, other)]
        return request_id

    def describe_permission_set_provisioning_status(self, ProvisionPermissionSetRequestId):
        request = self.requests[ProvisionPermissionSetRequestId]
        status = dict(request["statuses"][0], PermissionSetArn=request["arn"])
        self._move(request)
        if request["account"]:
            status["AccountId"] = request["account"]
        return dict(PermissionSetProvisioningStatus=status)

    def list_permission_set_provisioning_status(self, Filter):
        found = [
            dict(RequestId=request_id, Status=Filter["Status"], CreatedDate=number)
            for number, (request_id, request) in enumerate(self.requests.items())
            if request["statuses"][0]["Status"] == Filter["Status"]
        ]
        for status in found:
            self._move(self.requests[status["RequestId"]])
        return dict(PermissionSetsProvisioningStatus=found)

    def list_account_assignments(self, there, AccountId):
        arn = next(arn for arn, each in self.sets.items() if each is there)
        found = [each for each in there["assigned"] if each[0] == AccountId]
        keys = ("AccountId", "PrincipalType", "PrincipalId")
        return dict(AccountAssignments=[dict(zip(keys, each, strict=True), PermissionSetArn=arn) for each in found])

    def delete_account_assignment(self, there, TargetId, TargetType, PrincipalType, PrincipalId):
        there["assigned"].remove((TargetId, PrincipalType, PrincipalId))
        if not [each for each in there["assigned"] if each[0] == TargetId] and not there.get("lets_go"):
            there["accounts"].remove(TargetId)
        return dict(AccountAssignmentDeletionStatus=dict(RequestId=f"deletion-{next(self._numbers)}"))

    def list_account_assignment_deletion_status(self, Filter):
        return dict(AccountAssignmentsDeletionStatus=[])

    def list_account_assignment_creation_status(self, Filter):
        return dict(AccountAssignmentsCreationStatus=[])


@pytest.fixture
def sso():
    return Sso()
