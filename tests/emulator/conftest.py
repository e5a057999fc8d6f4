# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator for the session, clean for each test, whose every answer is judged by botocore's own validator."""

from __future__ import annotations

import json

import botocore.exceptions
import botocore.validate
import pytest
from botocore.serialize import create_serializer
from emulator_process import REGION, Emulator

WEB, DATA, OLD = "111122223333", "444455556666", "777788889999"
ACCOUNTS = [
    dict(id=WEB, name="web-prod", ou="Prod/Web"),
    dict(id=DATA, name="data-prod", ou="Prod"),
    dict(id=OLD, name="old", ou="", status="SUSPENDED"),
]
# Codes that any JSON service of AWS may answer with, though no model lists them.
COMMON = {"ValidationException", "AccessDeniedException", "InternalFailure", "ThrottlingException", "NotImplemented"}
COMMON |= {"MissingAuthenticationTokenException", "UnknownOperationException", "SerializationException"}


class Judged(Emulator):
    """The emulator, with clients that fail a test when an answer does not fit the service's model."""

    def client(self, service, account=None, region=REGION, checked=True):
        """A client as users have it; `checked=False` leaves the checking of parameters to the emulator."""
        client = super().client(service, account, region)
        client.meta.events.register("after-call", judge)
        if not checked:
            client._serializer = create_serializer(client.meta.service_model.protocol, False)
        return client

    def settings(self, **values):
        return self._post("settings", values)


def judge(http_response, parsed, model, **_more):
    if http_response.status_code >= 300:
        judge_error(parsed, model)
        return
    if model.output_shape is None:
        return
    if model.service_model.protocol == "json":
        answer = json.loads(http_response.content)
    else:
        answer = _with_texts({key: value for key, value in parsed.items() if key != "ResponseMetadata"})
    if answer.get("InlinePolicy") == "":
        del answer["InlinePolicy"]  # AWS answers so, against its own model
    report = botocore.validate.ParamValidator().validate(answer, model.output_shape)
    assert not report.has_errors(), f"{model.name} answers {answer}: {report.generate_report()}"


def _with_texts(value):
    """botocore turns policy documents into objects, against its model: turn them back."""
    if isinstance(value, dict):
        return {
            key: json.dumps(item) if key.endswith("Document") and isinstance(item, dict) else _with_texts(item)
            for key, item in value.items()
        }
    return [_with_texts(item) for item in value] if isinstance(value, list) else value


def judge_error(parsed, model):
    code = parsed["Error"]["Code"]
    if model.service_model.protocol == "json" and code not in COMMON and "as asked for" not in str(parsed):
        known = {shape.error_code or shape.name for shape in model.error_shapes} | {s.name for s in model.error_shapes}
        assert code in known, f"{model.name} has no error {code}, but {sorted(known)}"


@pytest.fixture(scope="session")
def emulator_process():
    process = Judged()
    yield process
    process.stop()


@pytest.fixture
def emulator(emulator_process):
    emulator_process.reset()
    return emulator_process


@pytest.fixture
def organization(emulator):
    """An organization with a web, a data and a suspended account."""
    return emulator.seed(dict(accounts=ACCOUNTS))


@pytest.fixture
def sso(emulator):
    return emulator.client("sso-admin")


@pytest.fixture
def directory(emulator):
    return emulator.client("identitystore")


@pytest.fixture
def center(sso):
    """The ids of the one instance."""
    return sso.list_instances()["Instances"][0]


class Center:
    """Short ways to what most tests start with."""

    def __init__(self, emulator):
        self.emulator = emulator
        self.sso, self.directory = emulator.client("sso-admin"), emulator.client("identitystore")
        instance = self.sso.list_instances()["Instances"][0]
        self.arn, self.store = instance["InstanceArn"], instance["IdentityStoreId"]

    def permission_set(self, name="Web", **more):
        answer = self.sso.create_permission_set(InstanceArn=self.arn, Name=name, **more)
        return answer["PermissionSet"]["PermissionSetArn"]

    def user(self, name="taro", **more):
        values = dict(DisplayName=name, Name=dict(GivenName=name, FamilyName="Tanaka"), **more)
        return self.directory.create_user(IdentityStoreId=self.store, UserName=name, **values)["UserId"]

    def group(self, name="operators", members=()):
        group = self.directory.create_group(IdentityStoreId=self.store, DisplayName=name)["GroupId"]
        for user in members:
            self.directory.create_group_membership(
                IdentityStoreId=self.store, GroupId=group, MemberId=dict(UserId=user)
            )
        return group

    def target(self, permission_set, principal, account=WEB, kind="USER"):
        return dict(InstanceArn=self.arn, PermissionSetArn=permission_set, TargetId=account, TargetType="AWS_ACCOUNT",
                    PrincipalId=principal, PrincipalType=kind)

    def assign(self, *args, **kwargs):
        answer = self.sso.create_account_assignment(**self.target(*args, **kwargs))["AccountAssignmentCreationStatus"]
        return self.creation(answer["RequestId"])

    def unassign(self, *args, **kwargs):
        answer = self.sso.delete_account_assignment(**self.target(*args, **kwargs))["AccountAssignmentDeletionStatus"]
        return self.deletion(answer["RequestId"])

    def creation(self, request):
        return self.sso.describe_account_assignment_creation_status(
            InstanceArn=self.arn, AccountAssignmentCreationRequestId=request
        )["AccountAssignmentCreationStatus"]

    def deletion(self, request):
        return self.sso.describe_account_assignment_deletion_status(
            InstanceArn=self.arn, AccountAssignmentDeletionRequestId=request
        )["AccountAssignmentDeletionStatus"]

    def provision(self, permission_set, **target):
        target = target or dict(TargetType="ALL_PROVISIONED_ACCOUNTS")
        answer = self.sso.provision_permission_set(InstanceArn=self.arn, PermissionSetArn=permission_set, **target)
        return self.provisioning(answer["PermissionSetProvisioningStatus"]["RequestId"])

    def provisioning(self, request):
        return self.sso.describe_permission_set_provisioning_status(
            InstanceArn=self.arn, ProvisionPermissionSetRequestId=request
        )["PermissionSetProvisioningStatus"]

    def accounts(self, permission_set, status=None):
        more = dict(ProvisioningStatus=status) if status else {}
        return self.sso.list_accounts_for_provisioned_permission_set(
            InstanceArn=self.arn, PermissionSetArn=permission_set, **more
        )["AccountIds"]

    def outdated(self, permission_set):
        return self.accounts(permission_set, "LATEST_PERMISSION_SET_NOT_PROVISIONED")


@pytest.fixture
def ic(emulator):
    return Center(emulator)


@pytest.fixture
def refused():
    """refused(code, call, **arguments) -> the error's response; fails unless the call is refused with that code."""

    def refuse(code, call, **arguments):
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            call(**arguments)
        error = caught.value.response["Error"]
        assert error["Code"] == code, error
        return caught.value.response

    return refuse
