# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process: serves on loopback until it is told to stop."""

from __future__ import annotations

import ipaddress
import signal
import threading

from .front import Front
from .http_door import Server
from .settings import Settings
from .world import World


def check_host(host: str) -> None:
    """Refuse to serve anywhere but on loopback: whoever reaches the emulator may do everything."""
    if host != "localhost" and not _loopback(host):
        raise ValueError(f"the emulator serves on loopback only, not on {host}; give 127.0.0.1 or ::1")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(host: str, port: int, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; say `ready URL` once requests are answered."""
    check_host(host)
    server = Server(host, port, Front(World(settings)))
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the loop that this handler interrupts, so it needs a thread of its own
        signal.signal(number, lambda *_args: threading.Thread(target=server.shutdown).start())
    shown = f"[{host}]" if ":" in host else host
    print(f"ready http://{shown}:{server.server_port}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
