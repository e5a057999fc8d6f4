"""Starts the emulator as users do, as a process of its own, and asks it over HTTP what it received."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import urllib.request

import boto3

ROOT = pathlib.Path(__file__).resolve().parents[2]
REGION = "ap-northeast-1"
MANAGEMENT_ACCOUNT = "123456789012"
# What only looks. Whatever else the emulator receives counts as a write.
READS = ("List", "Describe", "Get", "Head", "GET", "HEAD", "AssumeRole", "BatchGet", "IsMemberInGroups", "Simulate")


class Emulator:
    """A running emulator; `url` is its endpoint."""

    def __init__(self, **settings):
        environment = dict(
            os.environ,
            PYTHONPATH=str(ROOT / "roles" / "aws_emulator" / "files"),
            **{name: str(value) for name, value in settings.items()},
        )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "keyless_emulator", "--port", "0", "--home-region", REGION],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self._process.stdout.readline()
        if not line.startswith("ready "):
            self.stop()
            raise RuntimeError(f"the emulator did not start: {line!r}")
        self.url = line.split()[1]

    def stop(self):
        self._process.terminate()
        self._process.wait(timeout=10)

    def reset(self):
        self._post("reset", {})

    def seed(self, state):
        """Put the organization into a declared state: accounts, instances, identity_center."""
        return self._post("seed", state)

    def faults(self, operation, error, times=1, **more):
        """Let the next `times` calls of an operation, such as sso-admin:CreatePermissionSet, go wrong."""
        return self._post("faults", dict(operation=operation, error=error, times=times, **more))

    def settings(self, **values):
        """Change settings until the next reset, such as async_ms, rate and document_versions."""
        return self._post("settings", values)

    def calls(self):
        """Every request since the last reset: {"sso-admin:ListInstances": 3, ...}."""
        with urllib.request.urlopen(f"{self.url}/_emulator/calls", timeout=10) as answer:
            return json.load(answer)

    def operations(self):
        """Every asynchronous operation that was taken since the last reset, oldest first."""
        with urllib.request.urlopen(f"{self.url}/_emulator/operations", timeout=30) as answer:
            return json.load(answer)["operations"]

    def writes(self):
        """The requests among them that change something."""
        return {
            name: times
            for name, times in self.calls().items()
            if ":" in name and not name.split(":")[1].startswith(READS)
        }

    def client(self, service, account=None, region=REGION):
        """A boto3 client in the management account, or in another one by AssumeRole."""
        keys = dict(aws_access_key_id="testing", aws_secret_access_key="testing")
        if account is not None:
            role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
            answer = self.client("sts").assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
            keys = dict(
                aws_access_key_id=answer["AccessKeyId"],
                aws_secret_access_key=answer["SecretAccessKey"],
                aws_session_token=answer["SessionToken"],
            )
        return boto3.client(service, region_name=region, endpoint_url=self.url, **keys)

    def _post(self, path, body):
        request = urllib.request.Request(
            f"{self.url}/_emulator/{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None
