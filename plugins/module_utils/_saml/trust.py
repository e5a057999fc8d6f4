# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The trust policy of a role that people reach through a SAML provider. Pure: no AWS, no Ansible.

`SAML:aud` is the URL of AWS's sign-in to which the identity provider sends people (the Recipient of the assertion, not
its Audience), and `SAML:iss` the identity provider's entity ID:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .._reconcile import UserError
from .._shape import Reader, at, listed

# Partition -> host of its sign-in; a Region's goes before it.
# https://docs.aws.amazon.com/general/latest/gr/signin-service.html
HOSTS: Dict[str, str] = {
    "aws": "signin.aws.amazon.com",
    "aws-cn": "signin.amazonaws.cn",
    "aws-us-gov": "signin.amazonaws-us-gov.com",
}
HOME = "us-east-1"  # its sign-in has no Region in its name
MODES = ("required", "allowed")
MAX_LENGTH = 2048  # of a trust policy, white space not counted; IAM's quota until it is raised
KEYS = (
    "provider_arn",
    "account_id",
    "provider",
    "partition",
    "audiences",
    "regions",
    "global_endpoint",
    "issuer",
    "provider_uuid",
    "assertion_encryption_mode",
    "tag_session",
    "source_identity",
)

_ARN = re.compile(r"arn:(aws(?:-[a-z]+)*):iam::([0-9]{12}):saml-provider/([\w.-]{1,128})", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{12}")
_NAME = re.compile(r"[\w.-]{1,128}", re.ASCII)
_PARTITION = re.compile(r"aws(-[a-z]+)*")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
_URL = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._~:/%@!&=+,;-]*")
_UUID = re.compile(r"[A-Z0-9]{22,64}")
_ISSUER = re.compile(r"""(?!.*\$\{)[^\s*"<>]{1,1024}""")


@dataclass(frozen=True)
class Provider:
    """A SAML provider that a role trusts, and how."""

    arn: str
    audiences: Sequence[str]
    issuer: Optional[str] = None
    tag_session: bool = True
    source_identity: bool = False


def provider_arn(partition: str, account_id: str, name: str) -> str:
    return f"arn:{partition}:iam::{account_id}:saml-provider/{name}"


def trust_policy(value: Any, max_length: int = MAX_LENGTH) -> Dict[str, Any]:
    """The trust policy for one provider, or for a list of them with statements for each; `Problems` for bad input."""
    reader = Reader()
    several = isinstance(value, (list, tuple))
    items = reader.rows(value, "") if several else [value]
    found = [_provider(reader, item, f"[{index}]" if several else "") for index, item in enumerate(items)]
    reader.stop_if_wrong()
    providers = [provider for provider in found if provider is not None]
    for index, provider in enumerate(providers):
        if provider.arn in [other.arn for other in providers[:index]]:
            reader.wrong(f"[{index}]", f"{provider.arn} is listed twice; list it once")
    reader.stop_if_wrong()
    statements: List[Dict[str, Any]] = []
    for index, each in enumerate(providers, 1):
        statements += _statements(each, f"{index}" if several else "")
    policy = {"Version": "2012-10-17", "Statement": statements}
    size = len(json.dumps(policy, separators=(",", ":")))
    if size > max_length:
        raise UserError(
            f"the trust policy has {size} characters, and IAM takes {max_length}; name fewer regions, or have IAM's "
            "quota for role trust policies raised and give it as max_length"
        )
    return policy


def audiences_of(
    partition: str,
    regions: Sequence[str] = (),
    global_endpoint: bool = True,
    uuid: Optional[str] = None,
    mode: Optional[str] = None,
) -> List[str]:
    """The URLs of a partition's sign-in.

    uuid, mode: where assertions are encrypted the provider's unique id is a part of the URL; only where encryption is
    not required the URL without it is good too.
    """
    host = HOSTS[partition]
    hosts = [host] if global_endpoint else []
    hosts += [host if partition == "aws" and region == HOME else f"{region}.{host}" for region in regions]
    hosts = list(dict.fromkeys(hosts))
    plain = [f"https://{each}/saml" for each in hosts]
    if uuid is None:
        return plain
    encrypted = [f"{url}/acs/{uuid}" for url in plain]
    return encrypted if mode != "allowed" else plain + encrypted


def partition_of_region(region: str) -> str:
    for prefix, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")):
        if region.startswith(prefix):
            return partition
    return "aws"


def _statements(provider: Provider, number: str) -> List[Dict[str, Any]]:
    """The sign-in, and what comes with it in statements of their own.

    AWS lists SAML:iss for AssumeRoleWithSAML alone, SAML:aud for TagSession too, and neither for SetSourceIdentity
    (Service Authorization Reference, AWS Security Token Service). A condition on a key that a request does not carry
    would refuse it. They are nothing without the sign-in, which is where the issuer is asked for.
    """
    audience = {"SAML:aud": _one_or_all(provider.audiences)}
    issuer = {} if provider.issuer is None else {"SAML:iss": provider.issuer}
    found = [_allow(f"SignInThroughSaml{number}", provider, "sts:AssumeRoleWithSAML", dict(audience, **issuer))]
    if provider.tag_session:
        found.append(_allow(f"WithSessionTags{number}", provider, "sts:TagSession", audience))
    if provider.source_identity:
        found.append(_allow(f"WithSourceIdentity{number}", provider, "sts:SetSourceIdentity", {}))
    return found


def _allow(sid: str, provider: Provider, action: str, equals: Mapping[str, Any]) -> Dict[str, Any]:
    condition = {"Condition": {"StringEquals": dict(equals)}} if equals else {}
    return dict(Sid=sid, Effect="Allow", Principal={"Federated": provider.arn}, Action=action, **condition)


def _one_or_all(texts: Sequence[str]) -> Any:
    return texts[0] if len(texts) == 1 else list(texts)


def _provider(reader: Reader, value: Any, path: str) -> Optional[Provider]:
    before = len(reader.problems)
    fields = reader.fields(value, path, KEYS)
    if len(reader.problems) > before and not fields:
        return None
    arn, partition = _arn(reader, fields, path)
    issuer = fields.get("issuer")
    if issuer is not None:
        rule = "an entity ID: up to 1,024 characters without blanks, * and policy variables"
        issuer = reader.text(issuer, at(path, "issuer"), _ISSUER, rule)
    flags = {}
    for name, default in (("tag_session", True), ("source_identity", False), ("global_endpoint", True)):
        flags[name] = reader.flag(fields.get(name, default), at(path, name))
    audiences = _audiences(reader, fields, path, partition, flags.pop("global_endpoint") is not False)
    if len(reader.problems) > before or arn is None:
        return None
    return Provider(arn, audiences, issuer, bool(flags["tag_session"]), bool(flags["source_identity"]))


def _arn(reader: Reader, fields: Mapping[str, Any], path: str) -> Any:
    """The provider's ARN and partition, each None where the input does not tell it."""
    parts = [key for key in ("account_id", "provider", "partition") if key in fields]
    if "provider_arn" in fields:
        if parts:
            reader.wrong(path, f"provider_arn and {listed(parts)} exclude each other; the ARN says all of it")
        text = reader.text(
            fields["provider_arn"],
            at(path, "provider_arn"),
            _ARN,
            "the ARN of a SAML provider, such as arn:aws:iam::111122223333:saml-provider/partner",
        )
        return (text, text.split(":")[1]) if text else (None, None)
    missing = [key for key in ("account_id", "provider") if key not in fields]
    if missing:
        reader.wrong(path, f"{listed(missing)} is missing; give provider_arn, or account_id and provider")
    partition = fields.get("partition", "aws")
    if not isinstance(partition, str) or not _PARTITION.fullmatch(partition):
        reader.wrong(at(path, "partition"), f"{partition!r} is not a partition, such as {listed(HOSTS)}")
        partition = None
    account = name = None
    if "account_id" in fields:
        account = reader.text(fields["account_id"], at(path, "account_id"), _ACCOUNT, "an account id of 12 digits")
    if "provider" in fields:
        rule = "the name of a SAML provider: 1 to 128 letters, digits or any of _ . -"
        name = reader.text(fields["provider"], at(path, "provider"), _NAME, rule)
    return (provider_arn(partition, account, name) if partition and account and name else None), partition


def _audiences(
    reader: Reader, fields: Mapping[str, Any], path: str, partition: Optional[str], global_endpoint: bool
) -> List[str]:
    made_of = [key for key in ("regions", "provider_uuid", "assertion_encryption_mode") if key in fields]
    if "audiences" in fields:
        if made_of:
            reader.wrong(path, f"audiences and {listed(made_of)} exclude each other; give one of them")
        return _given_audiences(reader, fields["audiences"], at(path, "audiences"))
    regions = _regions(reader, fields.get("regions", []), at(path, "regions"), partition)
    if not regions and not global_endpoint:
        reader.wrong(path, "no audience is left: name regions where global_endpoint is false, or give audiences")
    uuid, mode = fields.get("provider_uuid"), fields.get("assertion_encryption_mode")
    if uuid is not None:
        rule = "the unique id that AWS gave the provider: 22 to 64 capital letters and digits"
        uuid = reader.text(uuid, at(path, "provider_uuid"), _UUID, rule)
    if mode is not None:
        mode = reader.choice(mode, at(path, "assertion_encryption_mode"), MODES)
        if mode == "required" and "provider_uuid" not in fields:
            reader.wrong(
                at(path, "assertion_encryption_mode"),
                "with required the sign-in URL contains the provider's unique id; give provider_uuid",
            )
    if partition is None:
        return []
    if partition not in HOSTS:
        reader.wrong(path, f"the sign-in URLs of the partition '{partition}' are not known; give audiences")
        return []
    return audiences_of(partition, regions, global_endpoint, uuid, mode)


def _given_audiences(reader: Reader, value: Any, path: str) -> List[str]:
    found = reader.texts(value, path)
    for index, text in found.items():
        if not _URL.fullmatch(text):
            reader.wrong(
                at(path, index),
                f"{text[:100]!r} is not a sign-in URL without wildcards, such as https://{HOSTS['aws']}/saml",
            )
    return list(found.values())


def _regions(reader: Reader, value: Any, path: str, partition: Optional[str]) -> List[str]:
    found = reader.texts(value, path, empty=True)
    for index, text in found.items():
        if not _REGION.fullmatch(text):
            reader.wrong(at(path, index), f"{text[:60]!r} is not the name of a Region, such as ap-northeast-1")
        elif partition is not None and partition_of_region(text) != partition:
            other = partition_of_region(text)
            reader.wrong(at(path, index), f"'{text}' is a Region of the partition '{other}', not of '{partition}'")
    return list(found.values())
