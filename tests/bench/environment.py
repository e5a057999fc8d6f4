# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib import metadata

from floors import ASYNC_MS, LATENCY_MS, RATE


def shown() -> str:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("ansible-core", "boto3", "botocore", "moto"))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"\nEmulator: LATENCY_MS={LATENCY_MS} RATE={RATE} ASYNC_MS={ASYNC_MS}. Seconds are with Ansible's own start.\n"
        f"{platform.system()} {platform.release()} {platform.machine()}, {cores} cores, load {load}; "
        f"Python {platform.python_version()}, {versions}"
    )
