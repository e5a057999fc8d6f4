# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small world of accounts, instances, documents and people, and scopes and persons of it, chosen by chance.

With hypothesis's `st.randoms(use_true_random=False)` for the chance, examples shrink.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

ACCOUNTS = ("111122223333", "444455556666")
REGIONS = ("ap-northeast-1", "us-east-1")
KEY = "arn:aws:kms:ap-northeast-1:111122223333:key/11111111-2222-3333-4444-555555555555"
OTHER_KEY = "arn:aws:kms:ap-northeast-1:111122223333:key/99999999-2222-3333-4444-555555555555"
WEB, API, DB, MANAGED = "i-0123456789abcdef0", "i-0123456789abcdef1", "i-0123456789abcdef2", "mi-0123456789abcdef0"
INSTANCES = {WEB: {"Team": "web", "Stage": "prod"}, API: {"Team": "api"}, DB: {}, MANAGED: {"Team": "web"}}
CONNECT = ("shell", "port_forward", "remote_port_forward", "ssh", "command")
PRINCIPALS = ("identity_center", "saml", "role", "iam_user")
SHELL = "SSM-SessionManagerRunShell"
OWN_DOCUMENTS = ("DbTunnel", "RestartOnly", "Unnamed")
AWS_DOCUMENTS = {
    "AWS-StartPortForwardingSession": "port_forward",
    "AWS-StartPortForwardingSessionToRemoteHost": "remote_port_forward",
    "AWS-StartSSHSession": "ssh",
    "AWS-StartInteractiveCommand": "command",
    "AWS-StartNonInteractiveCommand": "command",
    "AWS-SomethingNew": "never",
}
UNTIL, BEFORE, AFTER = "2098-01-01T00:00:00Z", "2097-12-31T23:59:59Z", "2098-01-01T00:00:00Z"
OFFICE, OFFICE_ADDRESS, ELSEWHERE = "192.0.2.0/24", "192.0.2.17", "198.51.100.1"


@dataclass(frozen=True)
class Person:
    """Who asks, from where and when. A role's session name is the Identity Center user name; only an IAM user has
    `aws:username`. mfa: None where the sign-in carries no sign of it, as all do but those of IAM users.
    """

    kind: str
    name: str = "taro"
    tags: dict[str, str] = field(default_factory=dict)
    mfa: bool | None = None
    address: str = OFFICE_ADDRESS
    now: str = BEFORE

    @property
    def userid(self) -> str:
        return "AIDAEXAMPLE" if self.kind == "iam_user" else "AROAEXAMPLE:" + self.name

    @property
    def arn(self) -> str:
        if self.kind == "iam_user":
            return f"arn:aws:iam::{ACCOUNTS[0]}:user/{self.name}"
        return f"arn:aws:sts::{ACCOUNTS[0]}:assumed-role/Role/{self.name}"

    @property
    def context(self) -> dict[str, Any]:
        keys: dict[str, Any] = {"aws:userid": self.userid, "aws:PrincipalAccount": ACCOUNTS[0]}
        keys.update({"aws:SourceIp": self.address, "aws:CurrentTime": self.now})
        if self.kind == "iam_user":
            keys["aws:username"] = self.name
        if self.mfa is not None:
            keys["aws:MultiFactorAuthPresent"] = str(self.mfa).lower()
        keys.update({f"aws:PrincipalTag/{key}": value for key, value in self.tags.items()})
        return keys


def random_scope(chance: random.Random) -> dict[str, Any]:
    """A right scope, as a person writes it."""
    principal = chance.choice(PRINCIPALS)
    scope: dict[str, Any] = {
        "principal": principal,
        "instances": random_instances(chance),
        "connect": chance.sample(CONNECT, chance.randint(1, len(CONNECT))),
    }
    more = {
        "accounts": chance.sample(ACCOUNTS, chance.randint(1, 2)),
        "regions": chance.sample(REGIONS, chance.randint(1, 2)),
        "run_as": chance.choice(("required", "optional")),
        "console": chance.choice((True, False)),
        "kms_key_arn": KEY,
    }
    scope.update({key: value for key, value in more.items() if chance.random() < 0.6})
    seldom = {
        "managed_nodes": True,
        "documents": chance.sample(OWN_DOCUMENTS[:2], chance.randint(1, 2)),
        "source_ip": [OFFICE],
        "valid_until": UNTIL,
        "require_mfa": principal == "iam_user",
    }
    scope.update({key: value for key, value in seldom.items() if chance.random() < 0.25})
    if scope.get("documents") and chance.random() < 0.3:
        scope["connect"] = []
    if principal == "identity_center" and chance.random() < 0.4:
        _with_desktops(scope, chance)
    ids = scope["instances"].get("ids", [])
    if ids == [MANAGED] and "ssh" in scope["connect"]:
        scope["connect"] = [word for word in scope["connect"] if word != "ssh"] or ["shell"]
    if ids and MANAGED not in ids:
        scope.pop("managed_nodes", None)
    return scope


def random_instances(chance: random.Random) -> dict[str, Any]:
    return chance.choice(
        (
            {"ids": chance.sample(sorted(INSTANCES), chance.randint(1, 3))},
            {"tags": {"Team": chance.choice(("web", ["web", "api"]))}},
            {"tags": {"Team": ["web"], "Stage": "prod"}},
            {"principal_tags": chance.choice((["Team"], ["Team", "Stage"]))},
            {"all": True},
        )
    )


def _with_desktops(scope: dict[str, Any], chance: random.Random) -> None:
    others = [word for word in scope["connect"] if word != "ssh"]
    scope["connect"] = (others if chance.random() < 0.5 else []) + ["rdp"]
    scope.pop("source_ip", None)
    if scope.get("run_as") == "required":
        del scope["run_as"]


def random_person(chance: random.Random, kind: str) -> Person:
    tags = {"SSMSessionRunAs": "taro", "Team": chance.choice(("web", "api", "none")), "Stage": "prod"}
    return Person(
        kind,
        tags={key: value for key, value in tags.items() if chance.random() < 0.75},
        mfa=chance.choice((True, True, False, None)) if kind == "iam_user" else None,
        address=chance.choice((OFFICE_ADDRESS, OFFICE_ADDRESS, ELSEWHERE)),
        now=chance.choice((BEFORE, BEFORE, AFTER)),
    )
