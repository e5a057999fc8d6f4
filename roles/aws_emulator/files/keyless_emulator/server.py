# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server: threads, connections that stay open, loopback only."""

from __future__ import annotations

import ipaddress
import logging
import signal
import socket
import threading
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from .front import Front
from .settings import Settings
from .world import World


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections open
    disable_nagle_algorithm = True  # head and body are sent one after the other; without this each answer waits 40 ms

    def log_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Requests are counted, not logged."""


class Server(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


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
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = Server(host, port, Front(World(settings)), Handler)
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the loop that this handler interrupts, so it needs a thread of its own
        signal.signal(number, lambda *_args: threading.Thread(target=server.shutdown).start())
    shown = f"[{host}]" if server.address_family == socket.AF_INET6 else host
    print(f"ready http://{shown}:{server.server_port}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
