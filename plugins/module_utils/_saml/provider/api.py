# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SAML providers of one account: every call, nothing else."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from ..._aws import AwsError, Client
from ..._reconcile import UserError
from ..._waiting import wait_until
from ..metadata import read_metadata
from ..records import iso
from .records import KEY_TAG, NewKey, PrivateKey, Provider
from .trusting import roles_by_provider

PATIENCE = 30  # seconds in which what was written has to be there to be read


class ProvidersApi:
    def __init__(self, iam: Client, now: datetime, sleep: Callable[[float], None] = time.sleep) -> None:
        self._iam = iam
        self._now = now
        self._sleep = sleep

    def arns(self) -> Dict[str, str]:
        """All providers: name -> ARN. AWS gives them in one answer."""
        answer = self._iam.call("list_saml_providers").get("SAMLProviderList", [])
        return {entry["Arn"].split(":saml-provider/", 1)[1]: entry["Arn"] for entry in answer}

    def read(self, name: str, arn: str) -> Optional[Provider]:
        """None where it is gone meanwhile."""
        try:
            answer = self._iam.call("get_saml_provider", SAMLProviderArn=arn)
        except AwsError as error:
            if error.code == "NoSuchEntity":
                return None
            raise
        document = answer.get("SAMLMetadataDocument", "")
        tags = {tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])}
        key_tags = {key[len(KEY_TAG) :]: value for key, value in tags.items() if key.startswith(KEY_TAG)}
        keys = [
            PrivateKey(key["KeyId"], _date(key.get("Timestamp")), key_tags.get(key["KeyId"]))
            for key in answer.get("PrivateKeyList", [])
        ]
        return Provider(
            name=name,
            arn=arn,
            document=document,
            metadata=read_metadata(document, self._now),
            uuid=answer.get("SAMLProviderUUID"),
            create_date=_date(answer.get("CreateDate")),
            valid_until=_date(answer.get("ValidUntil")),
            mode=(answer.get("AssertionEncryptionMode") or "").lower() or None,
            private_keys=sorted(keys, key=lambda key: (key.timestamp or "", key.key_id)),
            tags={key: value for key, value in tags.items() if not key.startswith(KEY_TAG)},
            key_tags=key_tags,
        )

    def settled(self, name: str, arn: str, known: Optional[Sequence[str]] = None) -> Optional[Provider]:
        """What is there after a write, as soon as it can be read; with `known`, as soon as it has another key."""

        def done(provider: Optional[Provider]) -> bool:
            return provider is not None and (known is None or bool(_others(provider, known)))

        return wait_until(lambda: self.read(name, arn), done, PATIENCE, sleep=self._sleep)

    def roles_by_provider(self) -> Dict[str, List[str]]:
        return roles_by_provider(self._iam.pages("list_roles", "Roles"))

    def create(
        self, name: str, document: str, tags: Mapping[str, str], mode: Optional[str], key: Optional[NewKey]
    ) -> str:
        more = _settings(mode, key)
        answer = self._iam.call(
            "create_saml_provider", Name=name, SAMLMetadataDocument=document, Tags=_tag_list(tags), **more
        )
        return str(answer["SAMLProviderArn"])

    def update(self, arn: str, document: Optional[str], mode: Optional[str], key: Optional[NewKey]) -> None:
        more = _settings(mode, key)
        if document is not None:
            more["SAMLMetadataDocument"] = document
        self._iam.call("update_saml_provider", SAMLProviderArn=arn, **more)

    def remember_key(self, name: str, arn: str, known: Sequence[str], key: NewKey) -> str:
        """Find the id of the key that was added just now, and note in a tag which key it is."""
        provider = self.settled(name, arn, known)
        added = _others(provider, known) if provider else []
        if not added:
            raise UserError(f"AWS took a private key, but lists none after {PATIENCE} seconds; run again to go on")
        self.tag(arn, {KEY_TAG + added[-1]: key.fingerprint})
        return added[-1]

    def remove_key(self, arn: str, key_id: str) -> None:
        self._iam.call("update_saml_provider", SAMLProviderArn=arn, RemovePrivateKey=key_id)

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        self._iam.call("tag_saml_provider", SAMLProviderArn=arn, Tags=_tag_list(tags))

    def untag(self, arn: str, keys: Sequence[str]) -> None:
        self._iam.call("untag_saml_provider", SAMLProviderArn=arn, TagKeys=list(keys))

    def delete(self, arn: str) -> None:
        try:
            self._iam.call("delete_saml_provider", SAMLProviderArn=arn)
        except AwsError as error:
            if error.code != "NoSuchEntity":  # else it is gone already
                raise


def _others(provider: Provider, key_ids: Sequence[str]) -> List[str]:
    return [key.key_id for key in provider.private_keys if key.key_id not in key_ids]


def _settings(mode: Optional[str], key: Optional[NewKey]) -> Dict[str, Any]:
    settings: Dict[str, Any] = {}
    if mode is not None:
        settings["AssertionEncryptionMode"] = mode.capitalize()
    if key is not None:
        settings["AddPrivateKey"] = key.pem
    return settings


def _tag_list(tags: Mapping[str, str]) -> List[Dict[str, str]]:
    return [dict(Key=key, Value=value) for key, value in tags.items()]


def _date(moment: Optional[datetime]) -> Optional[str]:
    return iso(moment) if moment is not None else None
