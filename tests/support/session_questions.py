# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every question of the small world, and what a scope answers.

`expected` is worked out from the scope in plain steps and knows nothing of policies: it is what policies are held to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Collection, Iterator

from session_world import (
    ACCOUNTS,
    AWS_DOCUMENTS,
    BEFORE,
    INSTANCES,
    KEY,
    OFFICE_ADDRESS,
    OTHER_KEY,
    OWN_DOCUMENTS,
    REGIONS,
    SHELL,
    WEB,
    Person,
)

GUI = "ssm-guiconnect.amazonaws.com"
DESKTOP_DOCUMENT = "AWS-StartPortForwardingSession"
NEVER = (
    ("ssm:SendCommand", "arn:aws:ssm:ap-northeast-1:111122223333:document/Own"),
    ("ssm:SendCommand", "arn:aws:ssm:ap-northeast-1::document/AWS-RunShellScript"),
    ("ssm:CreateDocument", "arn:aws:ssm:ap-northeast-1:111122223333:document/" + SHELL),
    ("ssm:UpdateDocument", "arn:aws:ssm:ap-northeast-1:111122223333:document/" + SHELL),
    ("ssm:UpdateDocumentDefaultVersion", "arn:aws:ssm:ap-northeast-1:111122223333:document/" + SHELL),
    ("ssm:DeleteDocument", "arn:aws:ssm:ap-northeast-1:111122223333:document/" + SHELL),
    ("ssm:ModifyDocumentPermission", "arn:aws:ssm:ap-northeast-1:111122223333:document/" + SHELL),
    ("ssm:CreateAssociation", "arn:aws:ec2:ap-northeast-1:111122223333:instance/" + WEB),
    ("iam:TagUser", "arn:aws:iam::111122223333:user/taro"),
)


@dataclass(frozen=True)
class Question:
    """unlisted: the judge's list of actions does not know this resource or key for the action."""

    action: str
    resource: str
    context: dict[str, Any]
    expected: bool
    unlisted: bool = False


def questions(scope: dict[str, Any], person: Person, accounts: Collection[str] | None = None) -> Iterator[Question]:
    """accounts: those of all scopes of the person, where there are several scopes."""
    yield from _starts(scope, person)
    yield from _documents(scope, person, scope.get("accounts", ACCOUNTS) if accounts is None else accounts)
    yield from _sessions(scope, person)
    yield from _keys(scope, person)
    yield from _desktops(scope, person)
    for action, resource in NEVER:
        extra = {"aws:RequestTag/SSMSessionRunAs": "root"} if action == "iam:TagUser" else {}
        yield Question(action, resource, dict(person.context, **extra), False, unlisted="::document/" in resource)
    console = scope.get("console", True) and direct(scope) and held(scope, person)
    desktops = "rdp" in scope["connect"] and held(scope, person)
    yield Question("ec2:DescribeInstances", "*", person.context, console or desktops)
    yield Question("ssm:DescribeSessions", "*", person.context, console)
    for key in (KEY, OTHER_KEY):
        expected = scope.get("kms_key_arn") == key and held(scope, person)
        yield Question("kms:GenerateDataKey", key, person.context, expected, unlisted=True)


def direct(scope: dict[str, Any]) -> bool:
    """Whether sessions may be started without Fleet Manager's Remote Desktop."""
    return bool(scope.get("documents")) or any(word != "rdp" for word in scope["connect"])


def held(scope: dict[str, Any], person: Person) -> bool:
    """Whether what the scope asks of everything is so: MFA, address, time."""
    return (
        (not scope.get("require_mfa") or person.mfa is True)
        and ("source_ip" not in scope or person.address == OFFICE_ADDRESS)
        and ("valid_until" not in scope or person.now == BEFORE)
    )


def place_fits(scope: dict[str, Any], account: str, region: str) -> bool:
    return account in scope.get("accounts", ACCOUNTS) and region in scope.get("regions", REGIONS)


def instance_fits(scope: dict[str, Any], person: Person, name: str) -> bool:
    chosen, tags = scope["instances"], INSTANCES[name]
    if "ids" in chosen:
        return name in chosen["ids"]
    if name.startswith("mi-") and not scope.get("managed_nodes"):
        return False
    if "tags" in chosen:
        return all(
            tags.get(key) in ([value] if isinstance(value, str) else value) for key, value in chosen["tags"].items()
        )
    if "principal_tags" in chosen:
        return all(key in tags and tags[key] == person.tags.get(key) for key in chosen["principal_tags"])
    return True


def may_start(scope: dict[str, Any], person: Person) -> bool:
    optional = scope.get("run_as", "optional" if "rdp" in scope["connect"] else "required") == "optional"
    return held(scope, person) and (optional or "SSMSessionRunAs" in person.tags)


def _arn(name: str, account: str, region: str) -> str:
    if name.startswith("mi-"):
        return f"arn:aws:ssm:{region}:{account}:managed-instance/{name}"
    return f"arn:aws:ec2:{region}:{account}:instance/{name}"


def _ways(context: dict[str, Any]) -> Iterator[tuple[bool, dict[str, Any]]]:
    """A request that comes directly, and one that ssm-guiconnect makes for the person."""
    checked = dict(context, **{"ssm:SessionDocumentAccessCheck": "true"})
    yield False, checked
    yield True, dict(checked, **{"aws:CalledVia": [GUI]})


def _starts(scope: dict[str, Any], person: Person) -> Iterator[Question]:
    for name in INSTANCES:
        for account in ACCOUNTS:
            for region in REGIONS:
                fits = place_fits(scope, account, region) and instance_fits(scope, person, name)
                for through_gui, context in _ways(_tags_of(person, name)):
                    way = direct(scope) or ("rdp" in scope["connect"] and through_gui)
                    yield Question(
                        "ssm:StartSession",
                        _arn(name, account, region),
                        context,
                        fits and way and may_start(scope, person),
                        # its list knows only a literal key for the tags of managed nodes
                        unlisted=name.startswith("mi-"),
                    )


def _tags_of(person: Person, name: str) -> dict[str, Any]:
    return dict(person.context, **{"ssm:resourceTag/" + key: value for key, value in INSTANCES[name].items()})


def _documents(scope: dict[str, Any], person: Person, accounts: Collection[str]) -> Iterator[Question]:
    """Own documents are those of the person's account, unless all scopes mean one account, whichever that is."""
    for region in REGIONS:
        for account in ACCOUNTS:
            own = dict(person.context, **{"ssm:SessionDocumentAccessCheck": "true", "aws:ResourceAccount": account})
            named = account == ACCOUNTS[0] or len(set(accounts)) == 1
            here = place_fits(scope, account, region) and named and may_start(scope, person)
            arn = f"arn:aws:ssm:{region}:{account}:document/"
            yield Question("ssm:StartSession", arn + SHELL, own, here and "shell" in scope["connect"])
            for document in OWN_DOCUMENTS:
                expected = here and document in scope.get("documents", ())
                yield Question("ssm:StartSession", arn + document, own, expected)
        for document, word in AWS_DOCUMENTS.items():
            here = region in scope.get("regions", REGIONS) and may_start(scope, person)
            for through_gui, context in _ways(person.context):
                desktop = document == DESKTOP_DOCUMENT and "rdp" in scope["connect"] and through_gui
                expected = here and (word in scope["connect"] or desktop)
                arn = f"arn:aws:ssm:{region}::document/{document}"
                yield Question("ssm:StartSession", arn, context, expected, unlisted=True)


def _sessions(scope: dict[str, Any], person: Person) -> Iterator[Question]:
    """Whose session it is: by its id, and by the tag that Session Manager puts on it (which may be missing)."""
    user = person.kind == "iam_user"
    marks = (person.userid, "AROAEXAMPLE:hanako", person.userid + "2", None)
    for account, region in zip(ACCOUNTS, REGIONS, strict=True):
        for owner in (person.name, "hanako"):
            arn = f"arn:aws:ssm:{region}:{account}:session/{owner}-0123456789abcdef0"
            here = place_fits(scope, account, region)
            by_name = owner == person.name or not user
            for mark in marks:
                context = dict(person.context)
                if mark is not None:
                    context["ssm:resourceTag/aws:ssmmessages:session-id"] = mark
                own = by_name and (mark == person.userid or (user and mark is None))
                for action in ("ssm:TerminateSession", "ssm:ResumeSession"):
                    known = action == "ssm:TerminateSession" or direct(scope)
                    yield Question(action, arn, context, here and own and known and held(scope, person))
            channel = here and by_name and direct(scope)
            yield Question("ssmmessages:OpenDataChannel", arn, person.context, channel, unlisted=True)


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
            expected = "ssh" in scope["connect"] and fits and own and held(scope, person)
            yield Question("ec2-instance-connect:SendSSHPublicKey", arn, context, expected, unlisted=True)
            serial = "ec2-instance-connect:SendSerialConsoleSSHPublicKey"
            yield Question(serial, arn, person.context, False, unlisted=True)


def _desktops(scope: dict[str, Any], person: Person) -> Iterator[Question]:
    """What Fleet Manager's Remote Desktop needs beside the session itself."""
    allowed = "rdp" in scope["connect"] and held(scope, person)
    for name in INSTANCES:
        for account, region in zip(ACCOUNTS, REGIONS, strict=True):
            fits = place_fits(scope, account, region) and instance_fits(scope, person, name)
            arn = _arn(name, account, region)
            yield Question("ssm:SendCommand", arn, _tags_of(person, name), allowed and fits, unlisted=True)
    for region in REGIONS:
        here = allowed and region in scope.get("regions", REGIONS)
        arn = f"arn:aws:ssm:{region}::document/"
        yield Question("ssm:SendCommand", arn + "AWSSSO-CreateSSOUser", person.context, here, unlisted=True)
        yield Question("ssm:SendCommand", arn + "AWS-RunPowerShellScript", person.context, False, unlisted=True)
    for action in ("ssm-guiconnect:StartConnection", "identitystore:DescribeUser", "sso:ListDirectoryAssociations"):
        yield Question(action, "*", person.context, allowed, unlisted=True)
