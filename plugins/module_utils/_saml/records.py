# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a metadata document says, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional


@dataclass(frozen=True)
class SsoService:
    """Where people sign in."""

    binding: str
    location: str


@dataclass(frozen=True)
class Certificate:
    """A certificate with which assertions may be signed; `days_left` is negative where it has expired."""

    subject: str
    issuer: str
    serial_number: str
    sha256_fingerprint: str
    not_before: datetime
    not_after: datetime
    days_left: int
    key_type: str
    key_bits: Optional[int]
    signature_algorithm: str

    def shown(self) -> Dict[str, Any]:
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        values.update(not_before=iso(self.not_before), not_after=iso(self.not_after))
        return {name: value for name, value in values.items() if value is not None}


@dataclass
class Metadata:
    """The facts of a document, as far as it could be read, and what is wrong with it.

    digest: SHA-256 of what it says, the same for every way to write it; None where it is not even XML.
    problems: why it cannot be used, each `place: what is wrong; the mend`. warnings: what is worth to know.
    """

    digest: Optional[str] = None
    entity_id: Optional[str] = None
    sso_services: List[SsoService] = field(default_factory=list)
    certificates: List[Certificate] = field(default_factory=list)
    name_id_formats: List[str] = field(default_factory=list)
    want_authn_requests_signed: bool = False
    valid_until: Optional[datetime] = None
    problems: List[str] = field(default_factory=list)
    warnings: List[str] = field(default_factory=list)

    def shown(self) -> Dict[str, Any]:
        """The result's keys; nothing where the document could not be read."""
        if self.digest is None:
            return {}
        values: Dict[str, Any] = dict(
            sso_services=[dict(binding=each.binding, location=each.location) for each in self.sso_services],
            signing_certificates=[each.shown() for each in self.certificates],
            name_id_formats=list(self.name_id_formats),
            want_authn_requests_signed=self.want_authn_requests_signed,
            metadata_digest=self.digest,
        )
        if self.entity_id is not None:
            values["entity_id"] = self.entity_id
        if self.valid_until is not None:
            values["metadata_valid_until"] = iso(self.valid_until)
        return values


def iso(moment: datetime) -> str:
    """2026-11-27T05:47:22Z"""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def days_between(now: datetime, then: datetime) -> int:
    """Whole days, rounded down, so that what has expired a second ago has -1 left."""
    return (then - now).days
