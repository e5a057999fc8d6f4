# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS answers when it refuses."""

from __future__ import annotations

import json
from typing import Any, Dict, List, NamedTuple, Tuple
from xml.sax.saxutils import escape

# Codes that AWS sends with a status other than 400.
STATUS = {
    "InternalFailure": 500,
    "InternalServerException": 500,
    "InternalServerError": 500,
    "ServiceUnavailable": 503,
    "ServiceUnavailableException": 503,
    "NotImplemented": 501,
}
QUERY_STATUS = {"AccessDenied": 403, "ExpiredToken": 403, "InvalidClientTokenId": 403, "NoSuchEntity": 404}


class AwsError(Exception):
    """`details` are further members of the error's own shape, such as Reason or RetryAfterSeconds."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.details = {key: value for key, value in details.items() if value is not None}


class Answer(NamedTuple):
    """An HTTP answer, ready to be sent."""

    status: int
    headers: List[Tuple[str, str]]
    body: bytes


def json_answer(body: Any, status: int = 200, content_type: str = "application/x-amz-json-1.1") -> Answer:
    return Answer(status, [("Content-Type", content_type)], json.dumps(body, separators=(",", ":")).encode())


def error_answer(error: AwsError, protocol: str, request_id: str) -> Answer:
    """Say the error in the words of the request's protocol: json, query, ec2 or rest-xml."""
    if protocol in ("json", "rest-json"):
        body: Dict[str, Any] = {"__type": error.code, "Message": error.message}
        body.update(error.details)
        answer = json_answer(body, STATUS.get(error.code, 400))
        return answer._replace(headers=answer.headers + [("x-amzn-ErrorType", error.code)])
    status = STATUS.get(error.code, QUERY_STATUS.get(error.code, 400))
    code, message, tail = escape(error.code), escape(error.message), f"<RequestId>{request_id}</RequestId>"
    inner = f"<Code>{code}</Code><Message>{message}</Message>"
    if protocol == "ec2":
        text = f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
    elif protocol == "rest-xml":
        text = f"<Error>{inner}{tail}</Error>"
    else:
        kind = "Receiver" if status >= 500 else "Sender"
        text = f"<ErrorResponse><Error><Type>{kind}</Type>{inner}</Error>{tail}</ErrorResponse>"
    return Answer(status, [("Content-Type", "text/xml")], text.encode())
