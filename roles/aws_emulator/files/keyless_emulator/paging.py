# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MaxResults and NextToken."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, List, Mapping, Optional, Sequence, Tuple, TypeVar

from .errors import AwsError

Item = TypeVar("Item")


def page(
    items: Sequence[Item], params: Mapping[str, Any], scope: str, size: int = 100, error: str = "ValidationException"
) -> Tuple[List[Item], Optional[str]]:
    """Return one page and the token of the next one. A token fits only the list (`scope`) that gave it out."""
    start = _start(params.get("NextToken"), scope, error)
    end = start + min(params.get("MaxResults") or size, size)
    token = base64.urlsafe_b64encode(json.dumps([scope, end]).encode()).decode() if end < len(items) else None
    return list(items[start:end]), token


def paged(
    key: str, items: Sequence[Item], params: Mapping[str, Any], scope: str, size: int = 100,
    error: str = "ValidationException",
) -> dict[str, Any]:
    """Return the page as an answer, without NextToken when it is the last."""
    found, token = page(items, params, scope, size, error)
    return {key: found, "NextToken": token} if token else {key: found}


def _start(token: Optional[str], scope: str, error: str) -> int:
    if not token:
        return 0
    try:
        found, start = json.loads(base64.urlsafe_b64decode(token.encode()))
    except (ValueError, TypeError, binascii.Error):
        found, start = None, 0
    if found != scope or not isinstance(start, int):
        raise AwsError(error, "The NextToken is not valid for this request.")
    return start
