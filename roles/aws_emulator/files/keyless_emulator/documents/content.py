# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SSM takes as the content of a Session document."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Optional

from ..errors import AwsError
from .rules import parts_problem

MOST_BYTES = 64 * 1024
_TEXTS = ("s3BucketName", "s3KeyPrefix", "cloudWatchLogGroupName", "kmsKeyId", "runAsDefaultUser")
_BOOLEANS = ("s3EncryptionEnabled", "cloudWatchEncryptionEnabled", "cloudWatchStreamingEnabled", "runAsEnabled")
# Minutes, written as texts.
_MINUTES = {"idleSessionTimeout": (1, 60, False), "maxSessionDuration": (1, 1440, True)}
_TOP = ("schemaVersion", "description", "sessionType", "inputs", "parameters", "properties")
_SESSION_TYPES = ("Standard_Stream", "Port", "InteractiveCommands", "NonInteractiveCommands")


def parsed(text: str, format_: str, type_: str) -> Dict[str, Any]:
    """Return the content as data, or refuse it."""
    if len(text.encode()) > MOST_BYTES:
        raise AwsError("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.")
    if format_ == "TEXT":
        return {}
    content = _load(text, format_)
    if not isinstance(content, dict):
        raise AwsError("InvalidDocumentContent", "The content of the document is not an object.")
    if type_ == "Session":
        problem = session_problem(content)
        if problem:
            raise AwsError("InvalidDocumentContent", problem)
    elif "schemaVersion" not in content:
        raise AwsError("InvalidDocumentContent", "The document has no schemaVersion.")
    return content


def written(content: Dict[str, Any], format_: str) -> str:
    """Return the content as a text of a format."""
    if format_ == "YAML":
        import yaml

        return str(yaml.safe_dump(content, sort_keys=False))
    return json.dumps(content)


def _load(text: str, format_: str) -> Any:
    if format_ == "YAML":
        import yaml  # moto brings it; JSON, the usual format, should not wait for it

        try:
            return yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise AwsError("InvalidDocumentContent", f"YAML not well-formed. {error}") from error
    try:
        return json.loads(text)
    except ValueError as error:
        raise AwsError("InvalidDocumentContent", f"JSON not well-formed. {error}") from error


def session_problem(content: Dict[str, Any]) -> Optional[str]:
    """Return what is wrong with a Session document, None if it is sound."""
    unknown = sorted(set(content) - set(_TOP))
    if unknown:
        return f"The document has unknown keys: {', '.join(unknown)}."
    if content.get("schemaVersion") != "1.0":
        return "The schemaVersion of a Session document is 1.0."
    if content.get("sessionType") not in _SESSION_TYPES:
        return f"The sessionType must be one of {', '.join(_SESSION_TYPES)}."
    inputs = content.get("inputs", {})
    if not isinstance(inputs, dict):
        return "The inputs are not an object."
    return _inputs_problem(inputs) or parts_problem(content)


def _inputs_problem(inputs: Dict[str, Any]) -> Optional[str]:
    for name, value in inputs.items():
        if name in _TEXTS:
            problem = None if isinstance(value, str) else "is not a text"
        elif name in _BOOLEANS:
            problem = None if isinstance(value, bool) else "is not true or false"
        elif name in _MINUTES:
            problem = _minutes_problem(value, *_MINUTES[name])
        elif name == "shellProfile":
            problem = _profile_problem(value)
        else:
            problem = "is not an input of Session documents"
        if problem:
            return f"The input {name} {problem}."
    return None


def _minutes_problem(value: Any, least: int, most: int, empty: bool) -> Optional[str]:
    if value == "" and empty:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[1-9]\d{0,3}", value) or not least <= int(value) <= most:
        return f"is not a text from {least} to {most}"
    return None


def _profile_problem(value: Any) -> Optional[str]:
    if not isinstance(value, dict) or set(value) - {"windows", "linux"}:
        return "is not an object with windows and linux"
    long = [name for name, text in value.items() if not isinstance(text, str) or len(text) > 512]
    return f"has a {long[0]} that is not a text of up to 512 characters" if long else None
