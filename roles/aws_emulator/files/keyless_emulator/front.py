# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one door: every request is counted, slowed down, spoilt if a test wants it, and handed to who answers it."""

from __future__ import annotations

import json
import math
import socket
import sys
import time
import traceback
from typing import Any, Callable, Dict, Iterable, Optional

from . import control, pace
from .errors import Answer, AwsError, error_answer, json_answer
from .faults import Fault
from .http_door import CONNECTION
from .identify import Call, identify
from .world import World

# STS calls that lead into another account.
_ROLE_CALLS = ("AssumeRole",)


class Front:
    """The WSGI application."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __call__(self, environ: Dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(control.PATH):
            answer = control.answer(self._world, environ)
        else:
            call = identify(environ, self._world.accounts)
            if call.protocol == "rest-xml":  # its operation is hidden in method and path
                call.operation = self._world.moto.operation(call.service, environ) or call.operation
            answer = self._answer(call, environ)
            answer.headers.append(("x-amzn-RequestId", call.request_id))
        headers = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
        headers.append(("Content-Length", str(len(answer.body))))
        start_response(str(answer.status), headers)
        return [answer.body]

    def _answer(self, call: Call, environ: Dict[str, Any]) -> Answer:
        world = self._world
        world.counts.add(call.key)
        if world.settings.latency_ms:
            time.sleep(world.settings.latency_ms / 1000)
        if call.service in pace.LIMITED:
            seconds = world.bucket.wait(world.settings.rate)
            if seconds:
                world.counts.add("THROTTLED")
                return error_answer(_throttled(call, seconds), call.protocol, call.request_id)
        fault = world.faults.take(call.key)
        if fault is None or fault.lasting:
            call.fault = fault
            return self._served(call, environ)
        answer = self._served(call, environ) if fault.when == "after" else None
        return _spoilt(fault, call, environ, answer)

    def _served(self, call: Call, environ: Dict[str, Any]) -> Answer:
        try:
            with self._world.lock:
                self._world.sso_admin.operations.settle()
                return self._serve(call, environ)
        except AwsError as error:
            return error_answer(error, call.protocol, call.request_id)
        except Exception as error:  # whatever else goes wrong is a bug, and has to be seen as one
            traceback.print_exc(file=sys.stderr)
            bug = AwsError("InternalFailure", f"bug in the emulator: {call.key}: {type(error).__name__}: {error}")
            return error_answer(bug, call.protocol, call.request_id)

    def _serve(self, call: Call, environ: Dict[str, Any]) -> Answer:
        world = self._world
        service = world.services.get(call.service)
        if call.service == "organizations":
            world.organizations.check(call)
        ours = service is not None and (service.handler(call.operation) is not None or service.name in pace.LIMITED)
        if service is not None and ours and not (call.service == "ssm" and not world.documents.serves(call)):
            if call.access_key is None:
                raise AwsError("MissingAuthenticationTokenException", "Missing Authentication Token")
            return json_answer(service.serve(call))
        world.roles.protect(call)
        self._check_role(call)
        if call.service == "ec2":
            world.moto.ec2  # noqa: B018 - mend it before its first request
        answer = world.moto.serve(environ, call.account)
        return _without_nulls(answer) if call.protocol == "json" else answer

    def _check_role(self, call: Call) -> None:
        """Refuse to assume a role of an account that is not in the organization, or not active.

        Whether the role exists is not asked, so that seeding an account is enough to work in it.
        """
        if call.service != "sts" or call.operation not in _ROLE_CALLS or self._world.organization.backend is None:
            return
        parts = call.parameter("RoleArn").split(":")
        if len(parts) > 4 and self._world.organization.status(parts[4]) != "ACTIVE":
            raise AwsError("AccessDenied", f"User: arn:aws:iam::{call.account}:root is not authorized to perform: "
                           f"sts:AssumeRole on resource: {call.parameter('RoleArn')}")


def _throttled(call: Call, seconds: float) -> AwsError:
    retry = max(1, math.ceil(seconds)) if call.service == "identitystore" else None
    return AwsError("ThrottlingException", "Rate exceeded", RetryAfterSeconds=retry)


def _spoilt(fault: Fault, call: Call, environ: Dict[str, Any], answer: Optional[Answer]) -> Answer:
    if fault.error in ("drop", "cut"):
        _drop(environ, answer, chunked=fault.error == "drop")
    code = "InternalFailure" if fault.error == "http500" else fault.error
    error = AwsError(code, fault.message, RetryAfterSeconds=fault.retry_after_seconds)
    spoilt = error_answer(error, call.protocol, call.request_id)
    return spoilt._replace(status=500) if fault.error == "http500" else spoilt


def _drop(environ: Dict[str, Any], answer: Optional[Answer], chunked: bool) -> None:
    """Close the connection in the middle of the answer, or before its first byte if nothing was done.

    Of a half answer in chunks every client notices that it is not whole. With a Content-Length, as AWS answers, many
    do not: botocore takes a shorter body for a whole one.
    """
    connection: socket.socket = environ[CONNECTION]
    if answer is not None:
        length = len(answer.body)
        framing = f"Transfer-Encoding: chunked\r\n\r\n{length + 1:x}" if chunked else f"Content-Length: {length}\r\n"
        kind = "".join(f"{name}: {value}\r\n" for name, value in answer.headers if name == "Content-Type")
        head = f"HTTP/1.1 {answer.status} OK\r\n{kind}{framing}\r\n"
        connection.sendall(head.encode() + answer.body[: length // 2])
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("dropped, as asked for by the test")


def _without_nulls(answer: Answer) -> Answer:
    """Leave out members without value, which moto sends as null and AWS does not."""
    try:
        body = json.loads(answer.body)
    except ValueError:
        return answer
    return answer._replace(body=json.dumps(_filled(body)).encode())


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item) for key, item in value.items() if item is not None}
    return [_filled(item) for item in value] if isinstance(value, list) else value
