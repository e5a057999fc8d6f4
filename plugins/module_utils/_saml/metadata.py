# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An identity provider's metadata: XML in, facts and problems out. Pure.

`read_metadata` never raises, and its messages never repeat more than a few characters of the document. What may be in
one: https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, Iterator, List, Optional, Tuple, Union

from .._reconcile import UserError
from .certificates import key_problems, key_warnings, read_certificate
from .records import Certificate, Metadata, SsoService, days_between, iso
from .text import DOWNLOAD, decoded, length_problem
from .xml import DS, digest, parsed, plain

MD = "urn:oasis:names:tc:SAML:2.0:metadata"
SAML2 = "urn:oasis:names:tc:SAML:2.0:protocol"
BINDINGS = "urn:oasis:names:tc:SAML:2.0:bindings:"
MAX_CERTIFICATES = 50
MAX_ENTITY_ID = 1024

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_ID_ATTRIBUTES = ("ID", "{http://www.w3.org/XML/1998/namespace}id")
_OTHER_ROOTS = {
    "Response": "a SAML response, so somebody's sign-in, which is secret while it is fresh",
    "Assertion": "a SAML assertion, so somebody's sign-in, which is secret while it is fresh",
    "AuthnRequest": "a SAML request",
    "Envelope": "a SOAP message",
    "Error": "an error of the server",
    "AffiliationDescriptor": "a SAML affiliation",
    "IDPSSODescriptor": "only a part of metadata, without the EntityDescriptor around it",
    "rss": "a news feed",
    "svg": "a picture",
    "definitions": "a WSDL description of a service",
}


def read_metadata(source: Union[str, bytes], now: datetime) -> Metadata:
    """What a document says, and everything that is wrong with it; `now` has a time zone."""
    found = Metadata()
    try:
        text = decoded(source)
        root = parsed(text)
        found.digest = digest(root)
        _Reading(found, now).read(root)
    except UserError as error:
        found.problems.append(error.message)
    else:
        too_short = length_problem(text)
        if too_short and not found.problems:
            found.problems.append(too_short)
    return found


def expiry_warnings(metadata: Metadata, now: datetime, warn_days: int) -> List[str]:
    """What will not be valid any more in so many days, though it still is."""
    found = []
    for certificate in metadata.certificates:
        if 0 <= certificate.days_left < warn_days:
            found.append(
                f"the signing certificate {certificate.subject} expires in {certificate.days_left} days, on "
                f"{iso(certificate.not_after)}; fetch the metadata with its successor before"
            )
    if metadata.valid_until is not None and 0 <= days_between(now, metadata.valid_until) < warn_days:
        left = days_between(now, metadata.valid_until)
        found.append(f"the metadata is valid for {left} days, until {iso(metadata.valid_until)}; fetch it again before")
    return found


class _Reading:
    """Reads one tree into the facts, with all problems and their places."""

    def __init__(self, found: Metadata, now: datetime) -> None:
        self._found = found
        self._now = now

    def read(self, root: Any) -> None:
        _check_root(root)
        self._read_ids(root)
        self._read_entity_id(root)
        self._read_valid_until(root, "EntityDescriptor")
        provider = self._provider(root)
        if provider is None:
            return
        self._read_protocols(provider)
        self._read_valid_until(provider, "IDPSSODescriptor")
        wanted = provider.get("WantAuthnRequestsSigned", "false").strip()
        if wanted not in ("true", "false", "1", "0"):
            self._wrong("IDPSSODescriptor", f"WantAuthnRequestsSigned is {_short(wanted)}, neither true nor false")
        self._found.want_authn_requests_signed = wanted in ("true", "1")
        formats = [plain(each.text or "") for each in provider.findall(_md("NameIDFormat"))]
        self._found.name_id_formats = [text for text in formats if text]
        self._read_certificates(provider)
        self._read_services(provider)

    def _wrong(self, place: str, text: str) -> None:
        self._found.problems.append(f"{place}: {text}")

    def _read_ids(self, root: Any) -> None:
        seen: Dict[str, bool] = {}
        for element in root.iter():
            for name in _ID_ATTRIBUTES:
                value = element.get(name)
                if value is None:
                    continue
                if seen.get(value) is False:
                    self._wrong(_local(element.tag), f"the ID {_short(value)} is there twice; {DOWNLOAD}")
                seen[value] = value in seen

    def _read_entity_id(self, root: Any) -> None:
        value = root.get("entityID")
        problem = None
        if value is None:
            problem = "is missing"
        elif not value.strip():
            problem = "is empty"
        elif len(value) > MAX_ENTITY_ID:
            problem = f"has {len(value):,} characters, more than {MAX_ENTITY_ID:,}"
        elif re.search(r"\s", value):
            problem = f"{_short(value)} has blanks in it"
        if problem:
            self._wrong("EntityDescriptor/@entityID", f"{problem}; {DOWNLOAD}")
        else:
            self._found.entity_id = value

    def _read_valid_until(self, element: Any, place: str) -> None:
        value = element.get("validUntil")
        if value is None:
            return
        moment = _moment(value.strip())
        if moment is None:
            self._wrong(f"{place}/@validUntil", f"{_short(value)} is no date, such as 2027-01-01T00:00:00Z")
            return
        known = self._found.valid_until
        self._found.valid_until = moment if known is None else min(known, moment)
        if moment <= self._now:
            self._wrong(f"{place}/@validUntil", f"the metadata expired on {iso(moment)}; fetch it again")

    def _provider(self, root: Any) -> Any:
        found = root.findall(_md("IDPSSODescriptor"))
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            self._wrong("EntityDescriptor", f"has {len(found)} IDPSSODescriptors, and AWS takes one; {DOWNLOAD}")
        elif root.find(_md("SPSSODescriptor")) is not None:
            self._wrong(
                "EntityDescriptor",
                "is a service provider's metadata (SPSSODescriptor), and AWS needs the identity provider's; do not "
                "download 'AWS' or 'service provider' metadata: " + DOWNLOAD,
            )
        elif root.find(_md("RoleDescriptor")) is not None:
            self._wrong("EntityDescriptor", "has WS-Federation only, no SAML 2.0 identity provider; " + DOWNLOAD)
        elif any(_local(child.tag) == "IDPSSODescriptor" for child in root):
            self._wrong("EntityDescriptor", f"its IDPSSODescriptor is not in the namespace {MD}; {DOWNLOAD}")
        elif any(_local(child.tag).endswith("Descriptor") for child in root):
            names = sorted({_local(child.tag) for child in root if _local(child.tag).endswith("Descriptor")})
            self._wrong("EntityDescriptor", f"has no IDPSSODescriptor, only {_short(', '.join(names))}; {DOWNLOAD}")
        else:
            self._wrong("EntityDescriptor", f"has no IDPSSODescriptor, so no identity provider; {DOWNLOAD}")
        return None

    def _read_protocols(self, provider: Any) -> None:
        protocols = provider.get("protocolSupportEnumeration", "").split()
        if not protocols:
            self._wrong("IDPSSODescriptor/@protocolSupportEnumeration", f"is missing or empty; {DOWNLOAD}")
        elif SAML2 not in protocols:
            old = "SAML 1.1" if "urn:oasis:names:tc:SAML:1.1:protocol" in protocols else _short(protocols[0])
            self._wrong(
                "IDPSSODescriptor/@protocolSupportEnumeration",
                f"names {old}, and AWS needs SAML 2.0 ({SAML2}); switch it on at the identity provider",
            )

    def _read_certificates(self, provider: Any) -> None:
        places = list(_certificate_places(provider))
        if not places:
            self._wrong("IDPSSODescriptor", self._why_none(provider))
            return
        if len(places) > MAX_CERTIFICATES:
            text = f"has {len(places):,} signing certificates, more than {MAX_CERTIFICATES}; {DOWNLOAD}"
            self._wrong("IDPSSODescriptor", text)
            return
        usable: List[Tuple[str, Certificate]] = []
        for place, text in places:
            certificate = self._read_certificate(place, text)
            if certificate is not None and certificate not in [known for _place, known in usable]:
                usable.append((place, certificate))
        self._found.certificates = [certificate for _place, certificate in usable]
        self._check_dates(usable)

    def _why_none(self, provider: Any) -> str:
        keys = provider.findall(_md("KeyDescriptor"))
        if not keys:
            return f"has no KeyDescriptor, so no certificate for signing; {DOWNLOAD}"
        if not any(key.get("use", "signing") == "signing" for key in keys):
            uses = sorted({str(key.get("use")) for key in keys})
            return f"has no KeyDescriptor for signing, only for {_short(', '.join(uses))}; {DOWNLOAD}"
        return f"has a KeyDescriptor for signing without an X509Certificate in it; {DOWNLOAD}"

    def _read_certificate(self, place: str, text: str) -> Optional[Certificate]:
        try:
            certificate = read_certificate(text, self._now)
        except UserError as error:
            self._wrong(place, error.message)
            return None
        for problem in key_problems(certificate):
            self._wrong(place, problem)
        self._found.warnings.extend(f"{place}: {text}" for text in key_warnings(certificate))
        return certificate

    def _check_dates(self, usable: List[Tuple[str, Certificate]]) -> None:
        """One certificate that is valid today is enough: while it is exchanged, metadata has old and new ones."""
        notes = []
        for place, certificate in usable:
            if certificate.not_after < self._now:
                notes.append(f"{place}: expired on {iso(certificate.not_after)}; fetch the metadata again")
            elif certificate.not_before > self._now:
                notes.append(f"{place}: is not valid before {iso(certificate.not_before)}; check the clock, or wait")
        (self._found.problems if len(notes) == len(usable) else self._found.warnings).extend(notes)

    def _read_services(self, provider: Any) -> None:
        services = provider.findall(_md("SingleSignOnService"))
        if not services:
            self._wrong("IDPSSODescriptor", f"has no SingleSignOnService, so no place to sign in; {DOWNLOAD}")
        for index, service in enumerate(services, 1):
            place = "IDPSSODescriptor/SingleSignOnService" + (f"[{index}]" if len(services) > 1 else "")
            binding, location = service.get("Binding", "").strip(), service.get("Location", "").strip()
            if not binding:
                self._wrong(place, "its Binding is missing; " + DOWNLOAD)
            if not location:
                self._wrong(place, "its Location is missing; " + DOWNLOAD)
            elif not re.match(r"https://[^/\s]", location, re.I):
                self._wrong(place, f"its Location {_short(location)} is not an https URL, so sign-ins could be read")
            elif binding:
                self._found.sso_services.append(SsoService(binding, location))
        bindings = [service.binding for service in self._found.sso_services]
        if bindings and not any(f"{BINDINGS}{kind}" in bindings for kind in ("HTTP-POST", "HTTP-Redirect")):
            self._found.warnings.append("IDPSSODescriptor: no SingleSignOnService takes HTTP-POST or HTTP-Redirect")


def _check_root(root: Any) -> None:
    """Raise where the document is no EntityDescriptor, with what it is instead."""
    local = _local(root.tag)
    if root.tag == _md("EntityDescriptor"):
        return
    if local == "EntitiesDescriptor":
        count = sum(1 for _each in root.iter(_md("EntityDescriptor")))
        raise UserError(f"is an aggregate (EntitiesDescriptor) of {count} entities; give the EntityDescriptor of one")
    if local == "EntityDescriptor":
        namespace = root.tag[1:].split("}")[0] if root.tag.startswith("{") else ""
        what = f"the namespace {_short(namespace)}" if namespace else "no namespace"
        raise UserError(f"its EntityDescriptor has {what} instead of {MD}; {DOWNLOAD}")
    if local in _OTHER_ROOTS:
        raise UserError(f"is {_OTHER_ROOTS[local]} ({local}), not metadata; {DOWNLOAD}")
    raise UserError(f"is XML of another kind: its root element is {_short(local)}, not EntityDescriptor; {DOWNLOAD}")


def _certificate_places(provider: Any) -> Iterator[Tuple[str, str]]:
    """The signing certificates: a key without a use is good for signing too."""
    keys = provider.findall(_md("KeyDescriptor"))
    for index, key in enumerate(keys, 1):
        if key.get("use", "signing") != "signing":
            continue
        place = "IDPSSODescriptor/KeyDescriptor" + (f"[{index}]" if len(keys) > 1 else "")
        found = list(key.iter(f"{{{DS}}}X509Certificate"))
        for number, element in enumerate(found, 1):
            yield f"{place}/X509Certificate" + (f"[{number}]" if len(found) > 1 else ""), element.text or ""


def _moment(text: str) -> Optional[datetime]:
    """An xs:dateTime; without a time zone it is UTC, as SAML says."""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    zone = match.group(7)
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
        if zone and zone != "Z":
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
            moment = moment + offset if zone[0] == "-" else moment - offset
    except (ValueError, OverflowError):
        return None
    return moment


def _md(name: str) -> str:
    return f"{{{MD}}}{name}"


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
