# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata: what it says, what is refused and how fast, and what counts as the same."""

from __future__ import annotations

import datetime
import re
import time

import pytest
import saml_broken
import saml_files as files
from ansible_collections.keyless.aws.plugins.module_utils._saml.metadata import expiry_warnings, read_metadata
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

BROKEN = saml_broken.broken()
SECONDS = 0.2
LONGEST_MESSAGE = 400


def read(source):
    return read_metadata(source, files.NOW)


def test_facts():
    attributes = ' WantAuthnRequestsSigned="1"'
    body = files.provider(attributes=attributes)
    found = read(files.metadata(body, attributes=' validUntil="2026-12-24T18:00:00+09:00"'))
    assert (found.problems, found.warnings) == ([], [])
    loaded = x509.load_der_x509_certificate(files.der_of(files.certificate()))
    certificate = dict(
        subject="CN=signing.example.com",
        issuer="CN=signing.example.com",
        serial_number="1092",
        sha256_fingerprint=loaded.fingerprint(loaded.signature_hash_algorithm).hex(),
        not_before="2026-10-28T12:00:00Z",
        not_after="2028-10-27T12:00:00Z",
        days_left=700,
        key_type="RSA",
        key_bits=2048,
        signature_algorithm="sha256WithRSAEncryption",
    )
    assert found.shown() == dict(
        entity_id=files.ENTITY,
        sso_services=[
            dict(binding=files.POST, location=files.SSO),
            dict(binding=files.REDIRECT, location=files.SSO),
        ],
        signing_certificates=[certificate],
        name_id_formats=["urn:oasis:names:tc:SAML:2.0:nameid-format:transient"],
        want_authn_requests_signed=True,
        metadata_valid_until="2026-12-24T09:00:00Z",
        metadata_digest=found.digest,
    )


def test_what_is_left_out():
    shown = read(files.metadata()).shown()
    assert "metadata_valid_until" not in shown
    assert shown["want_authn_requests_signed"] is False
    assert read(saml_broken.HTML).shown() == {}
    assert "entity_id" not in read(files.metadata(entity=None)).shown()


def test_each_problem_has_its_own_message():
    patterns = {}
    for source, pattern in BROKEN.values():
        patterns.setdefault(read(source).problems[0], set()).add(pattern)
    assert len(patterns) >= 100
    shared = {message: found for message, found in patterns.items() if len(found) > 1}
    assert not shared


@pytest.mark.parametrize("name", BROKEN)
def test_broken_or_hostile(name):
    source, pattern = BROKEN[name]
    seconds = []
    for _try in range(3):  # time of this thread, because others may have the processor for a while
        begin = time.thread_time()
        found = read(source)
        seconds.append(time.thread_time() - begin)
        if seconds[-1] < SECONDS:
            break
    assert re.search(pattern, found.problems[0]), found.problems
    assert min(seconds) < SECONDS
    for text in found.problems + found.warnings:
        assert len(text) < LONGEST_MESSAGE
        assert "\n" not in text


@pytest.mark.parametrize("name", files.other_ways())
def test_the_same_written_in_another_way(name):
    found = read(files.other_ways()[name])
    assert found.problems == []
    assert found == read(files.metadata())


@pytest.mark.parametrize("name", files.changes())
def test_something_else(name):
    assert read(files.changes()[name]).digest not in (None, read(files.metadata()).digest)


def test_type_of_an_element_without_its_prefix():
    """xsi:type holds a name with a prefix, which is a different text for the same type."""
    document = files.ws_federation()
    renamed = document.replace("xmlns:fed", "xmlns:f").replace('"fed:', '"f:')
    assert read(renamed).digest == read(document).digest
    other = renamed.replace("federation/200706", "federation/200707", 1)
    assert read(other).digest != read(document).digest


def test_several_problems_at_once():
    body = files.provider(
        keys=files.key_descriptor("x") + files.key_descriptor(files.TINY_RSA),
        services=files.service(location="http://x/"),
        protocols="urn:x",
    )
    found = read(files.metadata(body, entity="", attributes=' validUntil="x"'))
    assert [text.split(": ")[0] for text in found.problems] == [
        "EntityDescriptor/@entityID",
        "EntityDescriptor/@validUntil",
        "IDPSSODescriptor/@protocolSupportEnumeration",
        "IDPSSODescriptor/KeyDescriptor[1]/X509Certificate",
        "IDPSSODescriptor/KeyDescriptor[2]/X509Certificate",
        "IDPSSODescriptor/SingleSignOnService",
    ]


def test_while_a_certificate_is_exchanged():
    old, current = files.certificate(name="old", after=-1), files.certificate()
    coming = files.certificate(name="next", before=5)
    keys = "".join(files.key_descriptor(text) for text in (old, current, coming, current))
    found = read(files.metadata(files.provider(keys=keys)))
    assert found.problems == []
    assert [each.subject for each in found.certificates] == ["CN=old", "CN=signing.example.com", "CN=next"]
    assert [text.split(" on ")[0].split(" before ")[0] for text in found.warnings] == [
        "IDPSSODescriptor/KeyDescriptor[1]/X509Certificate: expired",
        "IDPSSODescriptor/KeyDescriptor[3]/X509Certificate: is not valid",
    ]
    assert found.certificates[0].days_left == -1


@pytest.mark.parametrize(
    "kind, warning",
    [
        ("rsa1024", "has an RSA key of 1024 bits; 2048 or more are recommended"),
        ("ec", "has a key of type EC; AWS promises no other than RSA"),
        ("ed25519", "has a key of type Ed25519; AWS promises no other than RSA"),
    ],
)
def test_keys_that_are_not_good(kind, warning):
    found = read(files.with_certificate(files.certificate(kind=kind)) + files.FILLED)
    assert found.problems == []
    assert found.warnings == [f"IDPSSODescriptor/KeyDescriptor/X509Certificate: {warning}"]


def test_without_a_binding_that_browsers_use():
    services = files.service("urn:oasis:names:tc:SAML:2.0:bindings:SOAP")
    found = read(files.metadata(files.provider(services=services)))
    assert found.problems == []
    assert found.warnings == ["IDPSSODescriptor: no SingleSignOnService takes HTTP-POST or HTTP-Redirect"]


def test_warnings_ahead():
    document = files.metadata(
        files.provider(keys=files.key_descriptor(files.certificate(after=30))),
        attributes=' validUntil="2026-12-07T13:00:00Z"',
    )
    found = read(document)
    assert expiry_warnings(found, files.NOW, 30) == [
        "the metadata is valid for 10 days, until 2026-12-07T13:00:00Z; fetch it again before"
    ]
    assert expiry_warnings(found, files.NOW, 31)[0] == (
        "the signing certificate CN=signing.example.com expires in 30 days, on 2026-12-27T12:00:00Z; fetch the "
        "metadata with its successor before"
    )
    assert expiry_warnings(found, files.NOW, 0) == []


def test_the_last_day():
    found = read(files.with_certificate(files.certificate(after=0)))
    assert found.problems == []
    assert found.certificates[0].days_left == 0
    later = files.NOW + datetime.timedelta(seconds=1)
    (problem,) = read_metadata(files.with_certificate(files.certificate(after=0)), later).problems
    assert "expired on 2026-11-27T12:00:00Z" in problem


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2027-01-01T00:00:00", "2027-01-01T00:00:00Z"),
        ("2027-01-01T00:00:00.123Z", "2027-01-01T00:00:00Z"),
        ("2027-01-01T00:00:00-09:30", "2027-01-01T09:30:00Z"),
        (" 9999-12-31T23:59:59Z ", "9999-12-31T23:59:59Z"),
    ],
)
def test_dates(text, expected):
    found = read(files.metadata(attributes=f' validUntil="{text}"'))
    assert (found.problems, found.shown()["metadata_valid_until"]) == ([], expected)


def test_the_earlier_date_counts():
    body = files.provider(attributes=' validUntil="2027-02-01T00:00:00Z"')
    for date, expected in (("2027-03-01", "2027-02-01"), ("2027-01-01", "2027-01-01")):
        found = read(files.metadata(body, attributes=f' validUntil="{date}T00:00:00Z"'))
        assert found.shown()["metadata_valid_until"].startswith(expected)


@pytest.mark.parametrize("date", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_dates_beyond_the_calendar(date):
    assert "is no date" in read(files.metadata(attributes=f' validUntil="{date}"')).problems[0]


def mutate(draw, raw):
    """Break bytes: some are replaced, removed, doubled, or moved."""
    raw = bytearray(raw)
    for _time in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 80)))
        piece = bytes(raw[start:end])
        kind = draw(st.sampled_from(["cut", "double", "noise", "text", "end"]))
        if kind == "end":
            raw = raw[:start]
        else:
            new = dict(cut=b"", double=piece * 2).get(kind)
            if new is None:
                new = draw(st.binary(max_size=20)) if kind == "noise" else draw(st.sampled_from(PIECES))
            raw[start:end] = new
    return bytes(raw)


PIECES = [b"<", b">", b"<!--", b"-->", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b'"', b"'", b"<![CDATA[", b"<?x?>",
          b"use=", b"md:", b"xmlns:md=''", b"</md:IDPSSODescriptor>", b"\xff", b"\x00", b"=", b" ID='a'"]  # fmt: skip


@st.composite
def mutated(draw, make):
    return mutate(draw, make())


def sane(found):
    for text in found.problems + found.warnings:
        assert text
        assert len(text) < LONGEST_MESSAGE
    found.shown()
    expiry_warnings(found, files.NOW, 30)


@given(mutated(lambda: files.metadata().encode()))
def test_whatever_is_broken(raw):
    """No change of a good document makes reading fail; it is good, or it has problems."""
    found = read(raw)
    sane(found)
    assert found.problems or (found.digest and found.entity_id and found.certificates and found.sso_services)


@given(mutated(lambda: files.der_of(files.certificate())))
def test_whatever_is_broken_in_a_certificate(der):
    text = files.base64.b64encode(der).decode()
    found = read(files.with_certificate(text) + files.FILLED)
    sane(found)
    assert found.problems or found.certificates


@given(st.one_of(st.text(), st.binary(), st.text().map(lambda text: "<" + text), st.text().map("<?xml {}".format)))
def test_whatever_it_is(source):
    found = read(source)
    sane(found)
    assert found.problems
