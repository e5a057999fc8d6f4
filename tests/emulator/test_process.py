# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator as a process: it says when it is ready, serves on loopback only, and stops when told to."""

from __future__ import annotations

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import boto3
import pytest

FILES = pathlib.Path(__file__).resolve().parents[2] / "roles" / "aws_emulator" / "files"


def start(*arguments, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "keyless_emulator", *arguments], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=str(FILES), **environment),
    )


@pytest.mark.slow
def test_ready_means_ready_and_sigterm_means_stop():
    process = start("--port", "0")
    try:
        line = process.stdout.readline()
        assert line.startswith("ready http://127.0.0.1:")
        with urllib.request.urlopen(line.split()[1] + "/_emulator/calls", timeout=5) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGTERM)
    rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest, errors) == (0, "", "")  # one line, and nothing else


@pytest.mark.slow
def test_settings_come_from_the_environment_too():
    process = start(PORT="0", LATENCY_MS="150", ASYNC_MS="500", RATE="20", HOME_REGION="eu-west-1",
                    MOTO_ACCOUNT_ID="999988887777")
    try:
        url = process.stdout.readline().split()[1]
        with urllib.request.urlopen(url + "/_emulator", timeout=5) as answer:
            text = answer.read().decode()
        sts = boto3.client("sts", region_name="eu-west-1", endpoint_url=url, aws_access_key_id="x",
                           aws_secret_access_key="x")
        assert sts.get_caller_identity()["Account"] == "999988887777"
        role = sts.assume_role(RoleArn="arn:aws:iam::111122223333:role/any", RoleSessionName="tests")
        assert ":111122223333:" in role["AssumedRoleUser"]["Arn"]
    finally:
        process.terminate()
        process.communicate(timeout=20)
    for part in ('"latency_ms":150.0', '"async_ms":500.0', '"rate":20.0', '"home_region":"eu-west-1"'):
        assert part in text


@pytest.mark.slow
@pytest.mark.parametrize("arguments, said", [
    (["--host", "0.0.0.0"], "loopback only"), (["--host", "192.0.2.1"], "loopback only"),
    (["--host", "example.com"], "loopback only"), (["--rate", "-1"], "rate must be a number"),
    (["--home-region", "Tokyo"], "home_region"), (["--port", "many"], "invalid int value"),
])
def test_what_is_refused(arguments, said):
    process = start(*arguments)
    _out, errors = process.communicate(timeout=20)
    assert process.returncode != 0
    assert said in errors


@pytest.mark.slow
def test_a_port_in_use_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start("--port", str(taken.getsockname()[1]))
        _out, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "cannot serve on 127.0.0.1" in errors


def test_connections_stay_open_and_bodies_may_come_in_chunks(emulator):
    host, port = emulator.url[len("http://"):].split(":")
    body = b'{"rate": 0}'
    request = (b"POST /_emulator/settings HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
               + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        for _attempt in range(2):
            connection.sendall(request)
            time.sleep(0.2)
            answer = connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200")
            assert b'"changed"' in answer
