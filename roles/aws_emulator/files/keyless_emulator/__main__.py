# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m keyless_emulator: serve AWS on loopback."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from typing import List, Optional

from . import background

NEEDED = ("botocore", "flask", "flask_cors", "moto", "regex", "yaml")


def main(argv: Optional[List[str]] = None) -> int:
    arguments = sys.argv[1:] if argv is None else argv
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.stop:
        return background.stop(given.stop)
    # What serving needs is not needed for stopping, and may not be there then.
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        print(f"keyless_emulator: {sys.executable} has no {names}; install requirements.txt", file=sys.stderr)
        return 1
    from .server import check_host, serve
    from .settings import Settings

    settings = Settings(account=given.account)
    try:
        check_host(given.host)
        settings.change(latency_ms=given.latency_ms, rate=given.rate, async_ms=given.async_ms,
                        home_region=given.home_region)
    except ValueError as error:
        parser.error(str(error))
    if given.background:
        options = ["host", "port", "latency-ms", "rate", "async-ms", "home-region", "account"]
        same = [f"--{name}={getattr(given, name.replace('-', '_'))}" for name in options]
        return background.start(same, *given.background)
    try:
        serve(given.host, given.port, settings)
    except OSError as error:
        print(f"keyless_emulator: cannot serve on {given.host}:{given.port}: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
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
    parser.add_argument("--account", default=_env("MOTO_ACCOUNT_ID", "123456789012"),
                        help="the management account (%(default)s)")
    parser.add_argument("--background", nargs=2, metavar=("PID_FILE", "LOG_FILE"),
                        help="start in the background and return when it serves")
    parser.add_argument("--stop", metavar="PID_FILE", help="stop the one that was started in the background")
    return parser


def _env(name: str, default: str) -> str:
    return os.environ.get(name) or default


if __name__ == "__main__":
    sys.exit(main())
