# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""botocore's events, so that every request of a client keeps to a `Pace`, pages and retries too.

It stands in for botocore's own retries, which know nothing of the other clients and threads of a run.
"""

from __future__ import annotations

from typing import Any, Container, Optional

from ._pace import Pace

try:
    from botocore.exceptions import ConnectionError as BotoConnectionError
    from botocore.exceptions import HTTPClientError
except ImportError:  # AnsibleAWSModule says what is missing, before anything here is used
    pass

THROTTLED = {
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}

# How often a request is sent before its error counts.
_THROTTLED_TRIES, _FAILED_TRIES = 12, 6

# Seconds. A request that waits longer than a few minutes for its turn is no longer signed well.
_LONGEST_WAIT = 120.0


class PacedRetries:
    """Hooked into a client's events by `attach`.

    once: operations (AWS's names) that are never sent again here, because repeating them may do something twice.
    """

    def __init__(self, pace: Pace, once: Container[str] = ()) -> None:
        self._pace, self._once = pace, once

    def attach(self, events: Any) -> None:
        events.register("before-send", self._take_turn)
        events.register("needs-retry", self._pause)

    def _take_turn(self, **_event: Any) -> None:
        self._pace.take()

    def _pause(self, response: Any, operation: Any, attempts: int, caught_exception: Any, **_event: Any) -> Any:
        """Seconds until the request is sent again; None: its answer or error counts."""
        once = operation.name in self._once
        if response is None:
            again = attempts < _FAILED_TRIES and _is_lost(caught_exception) and not once
            return self._pace.back_off(attempts) if again else None
        answered, parsed = response
        if parsed.get("Error", {}).get("Code") in THROTTLED or answered.status_code == 429:
            retry_after = _retry_after(parsed)
            if not _too_many_outstanding(parsed):
                self._pace.throttled(retry_after)
            return self._pace.back_off(attempts, retry_after) if attempts < _THROTTLED_TRIES and not once else None
        if once:
            return None
        # the parsed status: an answer that was cut off has become a server's failure
        status = max(answered.status_code, parsed.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        return self._pace.back_off(attempts) if status >= 500 and attempts < _FAILED_TRIES else None


def _too_many_outstanding(parsed: Any) -> bool:
    """Whether it is not requests that come too fast, but operations that are too many; seen under load as

    "There are too many requests processing. Please try again later." (aws-samples/aws-iam-identity-center-extensions,
    issues 87 and 111).
    """
    return "requests processing" in str(parsed.get("Error", {}).get("Message"))


def _is_lost(error: Any) -> bool:
    """Whether the network failed; anything else would fail again."""
    return isinstance(error, (BotoConnectionError, HTTPClientError))


def _retry_after(parsed: Any) -> Optional[float]:
    """Seconds that AWS asks for: a member of identitystore's ThrottlingException, or a header of HTTP."""
    asked = parsed.get("RetryAfterSeconds")
    if asked is None:
        asked = parsed.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("retry-after")
    try:
        return min(float(asked), _LONGEST_WAIT)
    except (TypeError, ValueError):
        return None
