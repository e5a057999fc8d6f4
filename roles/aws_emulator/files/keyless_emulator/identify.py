# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which service, operation, account and Region a request is for."""

from __future__ import annotations

import io
import re
import uuid
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional
from urllib.parse import parse_qs

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
# X-Amz-Target prefixes whose service is not named like the signature's.
_TARGETS = {"SWBExternalService": "sso-admin", "AWSIdentityStore": "identitystore", "AmazonSSM": "ssm"}
_SIGNING_NAMES = {"sso": "sso-admin", "servicequotas": "service-quotas"}


@dataclass
class Call:
    """One request. `fault` is what a test wants to go wrong with an operation that lasts."""

    service: str
    operation: str
    region: str
    account: str
    access_key: Optional[str]
    protocol: str
    body: bytes = b""
    form: Mapping[str, Any] = field(default_factory=dict)
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    fault: Any = None

    @property
    def key(self) -> str:
        return f"{self.service}:{self.operation}"

    def parameter(self, name: str) -> str:
        """Return one parameter of a form-encoded request."""
        return str((self.form.get(name) or [""])[0])


class Accounts:
    """Access keys to accounts: issued ones by who issued them, 12 digits are an account, all others the default."""

    def __init__(self, default: str) -> None:
        self.default = default
        self.issued: Dict[str, str] = {}

    def of(self, access_key: Optional[str]) -> str:
        if access_key in self.issued:
            return self.issued[str(access_key)]
        if access_key and re.fullmatch(r"\d{12}", access_key):
            return access_key
        return self.default


def identify(environ: Dict[str, Any], accounts: Accounts) -> Call:
    """Read the request; a form or JSON body is put back, so that it can be read again."""
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    credential = _CREDENTIAL.search(authorization)
    access_key, region, signing = credential.groups() if credential else (None, "us-east-1", "")
    account = environ.get("HTTP_X_MOTO_ACCOUNT_ID") or accounts.of(access_key)
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    content_type = environ.get("CONTENT_TYPE", "")
    call = Call(_SIGNING_NAMES.get(signing, signing), "", region, account, access_key, "rest-xml")
    if target:
        prefix, _dot, call.operation = target.rpartition(".")
        call.service = _TARGETS.get(prefix, call.service)
        call.protocol = "json"
        call.body = read_body(environ)
    elif content_type.startswith("application/x-www-form-urlencoded") or "Action=" in environ.get("QUERY_STRING", ""):
        call.body = read_body(environ)
        text = environ.get("QUERY_STRING", "") + "&" + call.body.decode("utf-8", "replace")
        call.form = parse_qs(text, keep_blank_values=True)
        call.operation = call.parameter("Action")
        call.protocol = "ec2" if call.service == "ec2" else "query"
    else:
        call.operation = environ.get("REQUEST_METHOD", "GET")
    return call


def read_body(environ: Dict[str, Any]) -> bytes:
    """Return the body, and leave it to be read again."""
    body: bytes = environ["wsgi.input"].read()
    environ["wsgi.input"] = io.BytesIO(body)
    return body
