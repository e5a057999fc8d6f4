# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SAML providers, as plain data: those that are there, and those that shall be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional

from ..records import Metadata

KIND = "saml_provider"
MAX_KEYS = 2
# In front of a private key's id: a tag with the fingerprint of its public key, because AWS never shows a key again.
KEY_TAG = "keyless:private-key/"
FIELDS = ("metadata", "assertion_encryption_mode", "private_keys", "tags")


@dataclass(frozen=True)
class PrivateKey:
    """A key that AWS has; the fingerprint is known only of those that were added here."""

    key_id: str
    timestamp: Optional[str] = None
    fingerprint: Optional[str] = None

    def shown(self) -> Dict[str, Any]:
        values = dict(key_id=self.key_id, timestamp=self.timestamp, public_key_sha256=self.fingerprint)
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class NewKey:
    """A key to be added. Its text is in no representation, so that no message can show it."""

    fingerprint: str
    pem: str = field(repr=False)


@dataclass(frozen=True)
class Provider:
    """A provider that is there; `tags` are those of people, without those that remember keys."""

    name: str
    arn: str
    document: str
    metadata: Metadata
    uuid: Optional[str] = None
    create_date: Optional[str] = None
    valid_until: Optional[str] = None
    mode: Optional[str] = None
    private_keys: List[PrivateKey] = field(default_factory=list)
    tags: Mapping[str, str] = field(default_factory=dict)
    key_tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """A provider as the task names it, `path` in its own words; None is untouched."""

    path: str
    name: str
    absent: bool = False
    document: Optional[str] = None
    metadata: Optional[Metadata] = None
    mode: Optional[str] = None
    private_keys: Optional[List[NewKey]] = None
    purge_private_keys: bool = True
    tags: Optional[Mapping[str, str]] = None
    purge_tags: bool = True
    warn_days: int = 30
    force: bool = False


@dataclass(frozen=True)
class Account:
    """An account, and what was read of it: names of all providers with their ARNs, details of those that are wanted.

    trusted_by: names of the roles that trust a provider which is to be deleted.
    """

    account_id: str
    partition: str
    arns: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, Provider] = field(default_factory=dict)
    trusted_by: Mapping[str, List[str]] = field(default_factory=dict)

    def named(self, name: str) -> str:
        return f"{self.account_id}/{name}"


@dataclass(frozen=True)
class Current:
    """What was read, and of which accounts nothing could be read: name -> why."""

    accounts: List[Account]
    unread: Mapping[str, str] = field(default_factory=dict)
