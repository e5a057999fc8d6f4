# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small world of instances, documents, sessions and people, and what a scope says about each of them.

`expected` is worked out from the scope in plain steps and knows nothing of policies: it is what policies are held to.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Iterator

ACCOUNTS = ("111122223333", "444455556666")
REGIONS = ("ap-northeast-1", "us-east-1")
KEY = "arn:aws:kms:ap-northeast-1:111122223333:key/11111111-2222-3333-4444-555555555555"
OTHER_KEY = "arn:aws:kms:ap-northeast-1:111122223333:key/99999999-2222-3333-4444-555555555555"
WEB, API, DB, MANAGED = "i-0123456789abcdef0", "i-0123456789abcdef1", "i-0123456789abcdef2", "mi-0123456789abcdef0"
INSTANCES = {WEB: {"Team": "web", "Stage": "prod"}, API: {"Team": "api"}, DB: {}, MANAGED: {"Team": "web"}}
CONNECT = ("shell", "port_forward", "remote_port_forward", "ssh", "command")
PRINCIPALS = ("identity_center", "saml", "role", "iam_user")
SHELL = "SSM-SessionManagerRunShell"
AWS_DOCUMENTS = {
    "AWS-StartPortForwardingSession": "port_forward",
    "AWS-StartPortForwardingSessionToRemoteHost": "remote_port_forward",
    "AWS-StartSSHSession": "ssh",
    "AWS-StartInteractiveCommand": "command",
    "AWS-StartNonInteractiveCommand": "command",
    "AWS-SomethingNew": "never",
}
NEVER = (
    ("ssm:SendCommand", "arn:aws:ec2:ap-northeast-1:111122223333:instance/" + WEB),
    ("ssm:SendCommand", "arn:aws:ssm:ap-northeast-1:111122223333:document/Own"),
    ("ssm:CreateDocument", "arn:aws:ssm:ap-northeast-1:111122223333:document/" + SHELL),
    ("ssm:UpdateDocument", "arn:aws:ssm:ap-northeast-1:111122223333:document/" + SHELL),
    ("ssm:UpdateDocumentDefaultVersion", "arn:aws:ssm:ap-northeast-1:111122223333:document/" + SHELL),
    ("ssm:DeleteDocument", "arn:aws:ssm:ap-northeast-1:111122223333:document/" + SHELL),
    ("ssm:ModifyDocumentPermission", "arn:aws:ssm:ap-northeast-1:111122223333:document/" + SHELL),
    ("ssm:CreateAssociation", "arn:aws:ec2:ap-northeast-1:111122223333:instance/" + WEB),
    ("iam:TagUser", "arn:aws:iam::111122223333:user/taro"),
)


@dataclass(frozen=True)
class Person:
    """Who asks. A role's session name is the Identity Center user name; only an IAM user has `aws:username`."""

    kind: str
    name: str = "taro"
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def userid(self) -> str:
        return "AIDAEXAMPLE" if self.kind == "iam_user" else "AROAEXAMPLE:" + self.name

    @property
    def arn(self) -> str:
        if self.kind == "iam_user":
            return f"arn:aws:iam::{ACCOUNTS[0]}:user/{self.name}"
        return f"arn:aws:sts::{ACCOUNTS[0]}:assumed-role/Role/{self.name}"

    @property
    def context(self) -> dict[str, str]:
        keys = {"aws:userid": self.userid, "aws:PrincipalAccount": ACCOUNTS[0]}
        if self.kind == "iam_user":
            keys["aws:username"] = self.name
        keys.update({f"aws:PrincipalTag/{key}": value for key, value in self.tags.items()})
        return keys


@dataclass(frozen=True)
class Question:
    """unlisted: the judge's list of actions does not know this resource or key for the action."""

    action: str
    resource: str
    context: dict[str, Any]
    expected: bool
    unlisted: bool = False


def random_scope(chance: random.Random) -> dict[str, Any]:
    scope: dict[str, Any] = {
        "principal": chance.choice(PRINCIPALS),
        "instances": chance.choice(
            (
                {"ids": chance.sample(sorted(INSTANCES), chance.randint(1, 3))},
                {"tags": {"Team": chance.choice(("web", ["web", "api"]))}},
                {"tags": {"Team": ["web"], "Stage": "prod"}},
                {"principal_tags": chance.choice((["Team"], ["Team", "Stage"]))},
                {"all": True},
            )
        ),
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
    if scope["instances"].get("ids") == [MANAGED]:
        scope["connect"] = [word for word in scope["connect"] if word != "ssh"] or ["shell"]
    return scope


def random_person(chance: random.Random, kind: str) -> Person:
    tags = {"SSMSessionRunAs": "taro", "Team": chance.choice(("web", "api", "none")), "Stage": "prod"}
    return Person(kind, tags={key: value for key, value in tags.items() if chance.random() < 0.75})


def questions(scope: dict[str, Any], person: Person) -> Iterator[Question]:
    yield from _starts(scope, person)
    yield from _documents(scope, person)
    yield from _sessions(scope, person)
    yield from _keys(scope, person)
    for action, resource in NEVER:
        extra = {"aws:RequestTag/SSMSessionRunAs": "root"} if action == "iam:TagUser" else {}
        yield Question(action, resource, dict(person.context, **extra), False)
    console = scope.get("console", True)
    yield Question("ec2:DescribeInstances", "*", person.context, console)
    yield Question("ssm:DescribeSessions", "*", person.context, console)
    for key in (KEY, OTHER_KEY):
        yield Question("kms:GenerateDataKey", key, person.context, scope.get("kms_key_arn") == key, unlisted=True)


def place_fits(scope: dict[str, Any], account: str, region: str) -> bool:
    return account in scope.get("accounts", ACCOUNTS) and region in scope.get("regions", REGIONS)


def instance_fits(scope: dict[str, Any], person: Person, name: str) -> bool:
    chosen, tags = scope["instances"], INSTANCES[name]
    if "ids" in chosen:
        return name in chosen["ids"]
    if name.startswith("mi-"):
        return False
    if "tags" in chosen:
        return all(
            tags.get(key) in ([value] if isinstance(value, str) else value) for key, value in chosen["tags"].items()
        )
    if "principal_tags" in chosen:
        return all(key in tags and tags[key] == person.tags.get(key) for key in chosen["principal_tags"])
    return True


def has_run_as(scope: dict[str, Any], person: Person) -> bool:
    return scope.get("run_as", "required") == "optional" or "SSMSessionRunAs" in person.tags


def _arn(name: str, account: str, region: str) -> str:
    if name.startswith("mi-"):
        return f"arn:aws:ssm:{region}:{account}:managed-instance/{name}"
    return f"arn:aws:ec2:{region}:{account}:instance/{name}"


def _starts(scope: dict[str, Any], person: Person) -> Iterator[Question]:
    for name, tags in INSTANCES.items():
        for account in ACCOUNTS:
            for region in REGIONS:
                context = dict(person.context, **{"ssm:SessionDocumentAccessCheck": "true"})
                # The judge's list writes this family of a managed node's keys as one literal key.
                prefix = "aws:ResourceTag/" if name.startswith("mi-") else "ssm:resourceTag/"
                context.update({prefix + key: value for key, value in tags.items()})
                fits = place_fits(scope, account, region) and instance_fits(scope, person, name)
                yield Question(
                    "ssm:StartSession", _arn(name, account, region), context, fits and has_run_as(scope, person)
                )


def _documents(scope: dict[str, Any], person: Person) -> Iterator[Question]:
    context = dict(person.context, **{"ssm:SessionDocumentAccessCheck": "true"})
    for region in REGIONS:
        for account in ACCOUNTS:
            own = dict(context, **{"aws:ResourceAccount": account})
            named = "accounts" in scope or account == ACCOUNTS[0]
            fits = "shell" in scope["connect"] and place_fits(scope, account, region) and named
            arn = f"arn:aws:ssm:{region}:{account}:document/"
            yield Question("ssm:StartSession", arn + SHELL, own, fits and has_run_as(scope, person))
            yield Question("ssm:StartSession", arn + "Own", own, False)
        for document, word in AWS_DOCUMENTS.items():
            fits = word in scope["connect"] and region in scope.get("regions", REGIONS) and has_run_as(scope, person)
            yield Question(
                "ssm:StartSession", f"arn:aws:ssm:{region}::document/{document}", context, fits, unlisted=True
            )


def _sessions(scope: dict[str, Any], person: Person) -> Iterator[Question]:
    """Whose session it is: by its id, and by the tag that Session Manager puts on it (which may be missing)."""
    user = person.kind == "iam_user"
    marks = (person.userid, "AROAEXAMPLE:hanako", person.userid + "2", None)
    for account, region in zip(ACCOUNTS, REGIONS, strict=True):
        for owner in (person.name, "hanako"):
            arn = f"arn:aws:ssm:{region}:{account}:session/{owner}-0123456789abcdef0"
            fits = place_fits(scope, account, region)
            by_name = owner == person.name or not user
            for mark in marks:
                context = dict(person.context)
                if mark is not None:
                    context["ssm:resourceTag/aws:ssmmessages:session-id"] = mark
                own = by_name and (mark == person.userid or (user and mark is None))
                for action in ("ssm:TerminateSession", "ssm:ResumeSession"):
                    yield Question(action, arn, context, fits and own)
            yield Question("ssmmessages:OpenDataChannel", arn, person.context, fits and by_name, unlisted=True)


def _keys(scope: dict[str, Any], person: Person) -> Iterator[Question]:
    for name, tags in INSTANCES.items():
        if name.startswith("mi-"):
            continue
        for os_user in ("taro", "root"):
            context = dict(person.context, **{"ec2:osuser": os_user})
            context.update({f"aws:ResourceTag/{key}": value for key, value in tags.items()})
            arn = _arn(name, ACCOUNTS[0], REGIONS[0])
            fits = place_fits(scope, ACCOUNTS[0], REGIONS[0]) and instance_fits(scope, person, name)
            own = person.tags.get("SSMSessionRunAs") == os_user
            expected = "ssh" in scope["connect"] and fits and own
            yield Question("ec2-instance-connect:SendSSHPublicKey", arn, context, expected, unlisted=True)
            serial = "ec2-instance-connect:SendSerialConsoleSSHPublicKey"
            yield Question(serial, arn, person.context, False, unlisted=True)
