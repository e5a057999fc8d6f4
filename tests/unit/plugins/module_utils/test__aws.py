from __future__ import annotations

from unittest import mock

import pytest
from ansible_collections.keyless.aws.plugins.module_utils import _aws
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from botocore import exceptions

ENDPOINT, REGION = "http://127.0.0.1:1", "ap-northeast-1"


def explain(error, service="sso-admin", operation="CreatePermissionSet"):
    return _aws.explain(error, service, operation, ENDPOINT, REGION)


def answer(code, message="no"):
    return exceptions.ClientError({"Error": {"Code": code, "Message": message}}, "CreatePermissionSet")


@pytest.mark.parametrize(
    "error, texts",
    [
        (answer("ConflictException", "in use"), ["CreatePermissionSet: ConflictException: in use"]),
        (answer("ExpiredTokenException"), ["credentials have expired", "aws sso login"]),
        (answer("UnrecognizedClientException"), ["does not accept the credentials", "aws sso login"]),
        (answer("AccessDeniedException", "not authorized"), ["access denied", "needs sso:CreatePermissionSet"]),
        (exceptions.NoCredentialsError(), ["no AWS credentials were found", "aws sso login"]),
        (exceptions.UnauthorizedSSOTokenError(), ["sign-in has expired", "aws sso login"]),
        (exceptions.EndpointConnectionError(endpoint_url=ENDPOINT), [ENDPOINT, "did not answer", REGION]),
        (exceptions.ReadTimeoutError(endpoint_url=ENDPOINT), ["did not answer"]),
        (exceptions.ParamValidationError(report="bad name"), ["bad name"]),
    ],
)
def test_errors_say_what_was_asked_and_how_to_mend_it(error, texts):
    text = explain(error)
    assert text.startswith("CreatePermissionSet: ")
    for each in texts:
        assert each in text
    assert "\n" not in text or isinstance(error, exceptions.ParamValidationError)


class Boto:
    """A boto3 client whose one operation answers or fails as told."""

    class meta:
        region_name, endpoint_url = REGION, ENDPOINT
        method_to_api_mapping = {"list_instances": "ListInstances"}
        events = service_model = mock.MagicMock()

    def __init__(self, *answers):
        self.answers = list(answers)

    def list_instances(self, **parameters):
        self.asked = parameters
        return self._next()

    def get_paginator(self, operation):
        assert operation == "list_instances"
        return self

    def paginate(self, **parameters):
        self.asked = parameters
        while self.answers:
            yield self._next()

    def _next(self):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Module:
    def __init__(self, boto):
        self.boto = boto

    def client(self, service, **connection):
        self.connection = connection
        return self.boto


def test_a_call_passes_parameters_and_answer():
    boto = Boto({"Instances": []})
    assert _aws.Client(Module(boto), "sso-admin").call("list_instances", MaxResults=1) == {"Instances": []}
    assert boto.asked == {"MaxResults": 1}


def test_pages_are_joined():
    boto = Boto({"Instances": [1, 2]}, {}, {"Instances": [3]})
    assert _aws.Client(Module(boto), "sso-admin").pages("list_instances", "Instances") == [1, 2, 3]


@pytest.mark.parametrize("ask", ["call", "pages"])
def test_a_refusal_becomes_an_error_with_code_and_operation(ask):
    client = _aws.Client(Module(Boto(answer("ConflictException", "busy"))), "sso-admin")
    arguments = ["list_instances"] + (["Instances"] if ask == "pages" else [])
    with pytest.raises(_aws.AwsError) as info:
        getattr(client, ask)(*arguments)
    assert isinstance(info.value, UserError)
    assert (info.value.code, info.value.operation) == ("ConflictException", "ListInstances")
    assert info.value.message == "ListInstances: ConflictException: busy"


def test_a_failed_connection_has_no_code():
    client = _aws.Client(Module(Boto(exceptions.EndpointConnectionError(endpoint_url=ENDPOINT))), "sso-admin")
    with pytest.raises(_aws.AwsError) as info:
        client.call("list_instances")
    assert info.value.code == ""


def test_another_accounts_credentials_replace_the_modules_own():
    module = Module(Boto())
    _aws.Client(module, "ssm", **_aws.of_profile("member"))
    assert module.connection["profile_name"] == "member"
    assert module.connection["aws_access_key_id"] is None


def test_an_assumed_role_gives_its_credentials():
    class Sts(Boto):
        class meta(Boto.meta):
            method_to_api_mapping = {"assume_role": "AssumeRole"}

        def assume_role(self, **parameters):
            self.asked = parameters
            return {"Credentials": {"AccessKeyId": "A", "SecretAccessKey": "B", "SessionToken": "C", "Expiration": 0}}

    sts = Sts()
    connection = _aws.assumed(Module(sts), "arn:aws:iam::111122223333:role/keyless")
    assert sts.asked["RoleArn"] == "arn:aws:iam::111122223333:role/keyless"
    assert connection["aws_session_token"] == "C"
    assert connection["profile_name"] is None
