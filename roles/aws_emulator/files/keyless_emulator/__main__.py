# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m keyless_emulator: serve on loopback."""

from __future__ import annotations

import argparse
import os
import sys
from typing import List, Optional

from .server import check_host, serve
from .settings import MANAGEMENT_ACCOUNT, Settings


def main(argv: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="keyless_emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (%(default)s)")
    parser.add_argument("--port", type=int, default=_env("PORT", "5600"), help="0 takes a free one (%(default)s)")
    parser.add_argument("--latency-ms", type=float, default=_env("LATENCY_MS", "0"), help="wait before every answer")
    parser.add_argument("--rate", type=float, default=_env("RATE", "0"),
                        help="calls a second over all of Identity Center; 0 is no limit, AWS has about 20")
    parser.add_argument("--async-ms", type=float, default=_env("ASYNC_MS", "0"),
                        help="how long asynchronous operations take")
    parser.add_argument("--home-region", default=_env("HOME_REGION", "ap-northeast-1"),
                        help="the Region of Identity Center (%(default)s)")
    parser.add_argument("--account", default=_env("MOTO_ACCOUNT_ID", MANAGEMENT_ACCOUNT),
                        help="the management account (%(default)s)")
    given = parser.parse_args(argv)
    settings = Settings(account=given.account)
    try:
        check_host(given.host)
        settings.change(latency_ms=given.latency_ms, rate=given.rate, async_ms=given.async_ms,
                        home_region=given.home_region)
    except ValueError as error:
        parser.error(str(error))
    try:
        serve(given.host, given.port, settings)
    except OSError as error:
        print(f"keyless_emulator: cannot serve on {given.host}:{given.port}: {error}", file=sys.stderr)
        return 1
    return 0


def _env(name: str, default: str) -> str:
    return os.environ.get(name) or default


if __name__ == "__main__":
    sys.exit(main())
