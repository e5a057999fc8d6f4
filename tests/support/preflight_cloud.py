"""Everything that is looked up before a first write, as a few dictionaries."""

from __future__ import annotations

import contextlib
from unittest import mock

from ansible_collections.keyless.aws.plugins.module_utils import _targets
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import Instance
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.preflight import ahead, looking

MANAGEMENT, WEB, DB, OLD, DELEGATE = "123456789012", "111122223333", "222233334444", "444455556666", "555566667777"
INSTANCE = Instance("arn:aws:sso:::instance/ssoins-1234567890abcdef", "d-1234567890")


def arn(name):
    return f"arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-{name}"


def role(account):
    return dict(account_id=account, role_arn=f"arn:aws:iam::{account}:role/keyless")


class Cloud:
    """errors: operation, or (operation, account) -> the code that it answers with."""

    def __init__(self, caller=MANAGEMENT):
        self.caller, self.management = caller, MANAGEMENT
        self.accounts = {MANAGEMENT: "main", WEB: "web-prod", DB: "db", OLD: "old", DELEGATE: "security"}
        self.states = {OLD: "SUSPENDED"}
        self.sets, self.provisioned, self.policies = {}, {}, {}
        self.quota, self.per_role, self.more_sets = None, 10, 0
        self.errors, self.calls = {}, []

    def set(self, name, *own, boundary=None, managed=0, accounts=()):
        """A permission set that needs the customer managed policies `own`, each a name or (path, name)."""
        self.sets[arn(name)] = dict(
            own=[_reference(each) for each in own], boundary=boundary and _reference(boundary), managed=managed
        )
        for account in accounts:
            self.provisioned.setdefault(account, []).append(arn(name))

    def client(self, service, account=None):
        return Client(self, service, account or self.caller)

    def spent(self):
        calls, self.calls = self.calls, []
        return calls

    # One method an operation

    def get_caller_identity(self, account):
        return dict(Account=account)

    def describe_organization(self, account):
        if self.management is None:
            raise AwsError("no organization", "AWSOrganizationsNotInUseException")
        return dict(Organization=dict(MasterAccountId=self.management))

    def list_accounts(self, account, MaxResults, NextToken="0"):  # noqa: N803
        begin, every = int(NextToken), list(self.accounts)
        answer = dict(Accounts=[self._account(each) for each in every[begin : begin + MaxResults]])
        return dict(answer, NextToken=str(begin + MaxResults)) if begin + MaxResults < len(every) else answer

    def describe_account(self, account, AccountId):  # noqa: N803
        if AccountId not in self.accounts:
            raise AwsError("no such account", "AccountNotFoundException")
        return dict(Account=self._account(AccountId))

    def _account(self, account):
        return dict(Id=account, Name=self.accounts[account], State=self.states.get(account, "ACTIVE"))

    def get_service_quota(self, account, ServiceCode, QuotaCode):  # noqa: N803
        assert (ServiceCode, QuotaCode) == ("sso", "L-89954265")
        if self.quota is None:
            raise AwsError("no such quota", "NoSuchResourceException")
        return dict(Quota=dict(Value=float(self.quota)))

    def list_permission_sets(self, account, **_parameters):
        return [*self.sets, *(arn(f"more-{number}") for number in range(self.more_sets))]

    def list_permission_sets_provisioned_to_account(self, account, AccountId, **_parameters):  # noqa: N803
        return self.provisioned.get(AccountId, [])

    def _set(self, PermissionSetArn):  # noqa: N803
        if PermissionSetArn not in self.sets:
            raise AwsError("no such set", "ResourceNotFoundException")
        return self.sets[PermissionSetArn]

    def list_customer_managed_policy_references_in_permission_set(self, account, PermissionSetArn, **_more):  # noqa: N803
        return [dict(Name=name, Path=path) for path, name in self._set(PermissionSetArn)["own"]]

    def list_managed_policies_in_permission_set(self, account, PermissionSetArn, **_more):  # noqa: N803
        count = self._set(PermissionSetArn)["managed"]
        return [dict(Arn=f"arn:aws:iam::aws:policy/P{number}") for number in range(count)]

    def get_permissions_boundary_for_permission_set(self, account, PermissionSetArn, **_more):  # noqa: N803
        boundary = self._set(PermissionSetArn)["boundary"]
        if boundary is None:
            raise AwsError("no boundary", "ResourceNotFoundException")
        path, name = boundary
        return dict(PermissionsBoundary=dict(CustomerManagedPolicyReference=dict(Name=name, Path=path)))

    def get_policy(self, account, PolicyArn):  # noqa: N803
        start = f"arn:aws:iam::{account}:policy"
        assert PolicyArn.startswith(start + "/")
        if PolicyArn[len(start) :] not in self.policies.get(account, ()):
            raise AwsError("no such policy", "NoSuchEntity")
        return {}

    def list_policies(self, account, Scope, PaginationConfig):  # noqa: N803
        assert (Scope, PaginationConfig) == ("Local", dict(PageSize=1000))
        split = [each.rpartition("/") for each in self.policies.get(account, ())]
        return [dict(PolicyName=name, Path=path + "/") for path, _slash, name in split]

    def get_account_summary(self, account):
        return dict(SummaryMap={} if self.per_role is None else dict(AttachedPoliciesPerRoleQuota=self.per_role))


class Client:
    region = "ap-northeast-1"

    def __init__(self, cloud, service, account):
        self.cloud, self.service, self.account = cloud, service, account

    def call(self, operation, **parameters):
        cloud = self.cloud
        cloud.calls.append(operation)
        code = cloud.errors.get((operation, self.account)) or cloud.errors.get(operation)
        if code is not None:
            raise AwsError(f"{operation}: {code}.", code, operation)
        return getattr(cloud, operation)(self.account, **parameters)

    def pages(self, operation, key, **parameters):
        return self.call(operation, **parameters)


class Module:
    check_mode = False
    region = "ap-northeast-1"
    _name = "account_assignments"

    def __init__(self, targets=None, preflight=True):
        self.params = dict(targets=targets, preflight=preflight, region=self.region)


def _reference(text):
    return text if isinstance(text, tuple) else ("/", text)


def one_by_one(items, work):
    return [work(item) for item in items]


@contextlib.contextmanager
def at(cloud):
    """Whatever is made inside talks to this cloud; keys of an assumed role name its account."""

    def client(_module, service, **connection):
        return cloud.client(service, connection.get("aws_access_key_id"))

    def assumed(_module, role_arn, **_connection):
        account = role_arn.split(":")[4]
        cloud.client("sts").call("assume_role_for_" + account)
        return dict(aws_access_key_id=account)

    for account in cloud.accounts:
        setattr(cloud, "assume_role_for_" + account, lambda _account: {})
    with contextlib.ExitStack() as stack:
        for place in (ahead, looking, _targets):
            stack.enter_context(mock.patch.object(place, "Client", client))
        stack.enter_context(mock.patch.object(_targets, "assumed", assumed))
        yield
