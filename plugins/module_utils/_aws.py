# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The door to AWS for every module: clients, accounts, and AWS's errors in people's words.

Nothing here knows a resource. `api.py` files get a `Client` and call it; what goes wrong reaches them as an
`AwsError`, which says what was asked, what AWS answered, and how to mend it.
"""

from __future__ import annotations

import json
import re
from typing import Any, Container, Dict, List, Mapping, NoReturn, Optional, Sequence

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._pace import Pace
from ._parallel import AT_ONCE
from ._reconcile import UserError
from ._retries import THROTTLED, PacedRetries

try:
    from botocore.config import Config
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        HTTPClientError,
        NoCredentialsError,
        ParamValidationError,
        PartialCredentialsError,
        TokenRetrievalError,
        UnauthorizedSSOTokenError,
    )
    from botocore.exceptions import (
        ConnectionError as BotoConnectionError,
    )
except ImportError:  # AnsibleAWSModule says what is missing, before anything here is used
    pass

SIGN_IN = "Sign in (for example `aws sso login --profile NAME`), or give `profile`, or `access_key` and `secret_key`."

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_NOT_ACCEPTED = {
    "AuthFailure",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
# Whoever meets these meets them everywhere: no answer came, however often it was asked for, or nobody is signed in.
_HOPELESS = {"", "RequestTimeout"} | _EXPIRED | _NOT_ACCEPTED
# 403: where the answer has no body, as S3's HeadBucket
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"}

# AWS names some services differently in IAM actions than botocore does in clients.
_IAM_PREFIX = {"sso-admin": "sso"}
# ... and some operations need an action of another name.
_IAM_ACTION = {"s3:HeadBucket": "s3:ListBucket", "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration"}


class AwsError(UserError):
    """AWS's refusal or a failed connection.

    code: AWS's error code, such as `ConflictException`; '' where no answer came.
    operation: AWS's name of the operation, such as `CreatePermissionSet`.
    """

    def __init__(self, message: str, code: str = "", operation: str = "") -> None:
        super().__init__(message, error_code=code, operation=operation)
        self.code = code
        self.operation = operation

    @property
    def denied(self) -> bool:
        """Whether the caller lacks a right."""
        return self.code in _DENIED

    @property
    def hopeless(self) -> bool:
        """Whether every other request would meet the same: the network or the sign-in is gone."""
        return self.code in _HOPELESS

    @property
    def throttled(self) -> bool:
        """Whether AWS only asked for a pause, and did nothing."""
        return self.code in THROTTLED


class _Module(AnsibleAWSModule):
    """amazon.aws's own hands warnings to ansible-core twice, the second time in a way that is deprecated."""

    def warn(self, *args: Any, **kwargs: Any) -> None:
        self._module.warn(*args, **kwargs)


def aws_module(argument_spec: Dict[str, Any], **settings: Any) -> AnsibleAWSModule:
    """The module object of every cloud module: amazon.aws's own, with check mode."""
    return _Module(argument_spec=argument_spec, supports_check_mode=True, **settings)


class Client:
    """A boto3 client that speaks in `AwsError`s.

    service: botocore's name of the service, such as `sso-admin`.
    pace: shared by all clients whose requests count together; without it, botocore sends again what is lost.
    once: with a pace, operations that must not be sent again on their own.
    patient: without a pace, whether much is tried and waited for; not where the answer is only nice to have.
    connection: keyword arguments that replace the module's own connection, such as another account's credentials.

    May be used by several threads at once.
    """

    def __init__(
        self,
        module: AnsibleAWSModule,
        service: str,
        pace: Optional[Pace] = None,
        once: Container[str] = (),
        patient: bool = True,
        **connection: Any,
    ) -> None:
        self.service = service
        # botocore's own retries look after dropped connections, HTTP 5xx and throttling, where there is no pace
        tries = 1 if pace is not None else 7 if patient else 2
        seconds = dict() if patient else dict(connect_timeout=5, read_timeout=20)
        config = Config(
            retries=dict(mode="standard", total_max_attempts=tries), max_pool_connections=2 * AT_ONCE, **seconds
        )
        self._client = module.client(service, config=config, **connection)
        events, model = self._client.meta.events, self._client.meta.service_model
        if getattr(model, "resolved_protocol", model.metadata.get("protocol")) == "json":
            events.register("before-parse", _notice_cut_off)
        if pace is not None:
            PacedRetries(pace, once).attach(events)

    @property
    def region(self) -> str:
        return self._client.meta.region_name

    @property
    def endpoint(self) -> str:
        return self._client.meta.endpoint_url

    def call(self, operation: str, **parameters: Any) -> Dict[str, Any]:
        """One request; `operation` is boto3's name, such as `create_permission_set`."""
        try:
            return _whole(getattr(self._client, operation)(**parameters), operation)
        except (BotoCoreError, ClientError) as error:
            self._fail(operation, error)

    def pages(self, operation: str, key: str, **parameters: Any) -> List[Any]:
        """All items under `key` of a paginated operation, from all pages."""
        return self.lists(operation, [key], **parameters)[key]

    def lists(self, operation: str, keys: Sequence[str], **parameters: Any) -> Dict[str, List[Any]]:
        """The same where pages have items under several keys."""
        found: Dict[str, List[Any]] = {key: [] for key in keys}
        try:
            for page in self._client.get_paginator(operation).paginate(**parameters):
                whole = _whole(page, operation)
                for key in keys:
                    found[key].extend(whole.get(key, []))
        except (BotoCoreError, ClientError) as error:
            self._fail(operation, error)
        return found

    def _fail(self, operation: str, error: Exception) -> NoReturn:
        name = self._client.meta.method_to_api_mapping.get(operation, operation)
        code = "ParamValidation" if isinstance(error, ParamValidationError) else ""
        if isinstance(error, ClientError):
            code = error.response.get("Error", {}).get("Code", "")
        raise AwsError(explain(error, self.service, name, self.endpoint, self.region), code, name) from error


def _notice_cut_off(response_dict: Dict[str, Any], **_event: Any) -> None:
    """Let an answer in JSON that was cut off midway count as a server's failure, so that it is asked for again.

    botocore takes it for an answer in which everything is missing: an empty list of users, or an absent policy.
    """
    headers, body = response_dict["headers"], response_dict["body"]
    length = headers.get("content-length") or ""
    if length.isdigit() and "content-encoding" not in headers and len(body) < int(length):
        whole = dict(__type="RequestTimeout", message=f"the answer was cut off after {len(body)} of {length} bytes")
        response_dict.update(status_code=500, body=json.dumps(whole).encode())


def _whole(answer: Dict[str, Any], operation: str) -> Dict[str, Any]:
    """The answer, unless it was cut off: botocore raises by the status on the wire alone, when it gives up."""
    if "Error" in answer and answer.get("ResponseMetadata", {}).get("HTTPStatusCode") == 500:
        raise ClientError(answer, operation)
    return answer


def explain(error: Exception, service: str, operation: str, endpoint: str, region: str) -> str:
    """The text for people of an exception of botocore's: what was asked, what went wrong, how to mend it."""
    if isinstance(error, ClientError):
        return _explain_answer(error.response.get("Error", {}), service, operation)
    if isinstance(error, (NoCredentialsError, PartialCredentialsError)):
        return f"{operation}: no AWS credentials were found. {SIGN_IN}"
    if isinstance(error, (TokenRetrievalError, UnauthorizedSSOTokenError)):
        return f"{operation}: the sign-in has expired. {SIGN_IN}"
    if isinstance(error, ParamValidationError):
        return f"{operation}: {error}"
    if isinstance(error, (BotoConnectionError, HTTPClientError)):
        return (
            f"{operation}: {endpoint} did not answer ({_one_line(error)}). "
            f"Check the network, `region` ({region}), and `endpoint_url` or AWS_ENDPOINT_URL where one is set."
        )
    return f"{operation}: {_one_line(error)}"


def _explain_answer(answer: Mapping[str, Any], service: str, operation: str) -> str:
    code, message = answer.get("Code", ""), answer.get("Message", "")
    if code in _EXPIRED:
        return f"{operation}: the AWS credentials have expired ({code}). {SIGN_IN}"
    if code in _NOT_ACCEPTED:
        return f"{operation}: AWS does not accept the credentials ({code}: {message}). {SIGN_IN}"
    if code in _DENIED:
        action = f"{_IAM_PREFIX.get(service, service)}:{operation}"
        return f"{operation}: access denied ({message}). The caller needs {_IAM_ACTION.get(action, action)}."
    return f"{operation}: {code}: {message}"


def _one_line(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error)).strip()


def assumed(
    module: AnsibleAWSModule, role_arn: str, session_name: str = "keyless-aws", **connection: Any
) -> Dict[str, Optional[str]]:
    """Connection arguments for `Client` with the credentials of `role_arn`, assumed by the module's caller."""
    answer = Client(module, "sts", **connection).call("assume_role", RoleArn=role_arn, RoleSessionName=session_name)
    credentials = answer["Credentials"]
    return dict(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        profile_name=None,
    )


def of_profile(profile: str) -> Dict[str, Optional[str]]:
    """Connection arguments for `Client` with the credentials of a named profile."""
    return dict(aws_access_key_id=None, aws_secret_access_key=None, aws_session_token=None, profile_name=profile)
