# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What GnuPG's status lines mean. The texts were recorded from gpgv and gpg 2.2.40; test_verify.py asks a real one."""

from __future__ import annotations

import base64
import re

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.agent.signature import (
    binary_keys,
    fingerprint_problem,
    judge,
    moment,
)

EXPIRED = "7F96710335AF298B75ECE3AC735BFA1848954514"
CURRENT = "97B534740660F4376C8FA3CEC4EA20A4F5ECCF36"
REVOKED = "14D4C4ADA812337AA21E6748936B4CA078549DA2"
ALL = [EXPIRED, CURRENT, REVOKED]

GOOD = f"""\
[GNUPG:] NEWSIG c@example.org
[GNUPG:] KEY_CONSIDERED {CURRENT} 0
[GNUPG:] SIG_ID YJOy1ZAz0Vh70gBYzI+1yekWw/Y 2026-11-27 1795761607
[GNUPG:] KEY_CONSIDERED {CURRENT} 0
[GNUPG:] GOODSIG C4EA20A4F5ECCF36 Cur <c@example.org>
[GNUPG:] VALIDSIG {CURRENT} 2026-11-27 1795761607 0 4 0 1 10 00 {CURRENT}
"""
WITH_EXPIRED_KEY = f"""\
[GNUPG:] NEWSIG e@example.org
[GNUPG:] KEY_CONSIDERED {EXPIRED} 0
[GNUPG:] KEYEXPIRED 1767312000
[GNUPG:] SIG_ID jX9En5z1bZ5K2kQff9AcyZfuFL8 2026-01-01 1767229200
[GNUPG:] KEY_CONSIDERED {EXPIRED} 0
[GNUPG:] EXPKEYSIG 735BFA1848954514 Exp <e@example.org>
[GNUPG:] VALIDSIG {EXPIRED} 2026-01-01 1767229200 0 4 0 1 10 00 {EXPIRED}
"""
WITH_REVOKED_KEY = f"""\
[GNUPG:] NEWSIG r@example.org
[GNUPG:] KEY_CONSIDERED {REVOKED} 0
[GNUPG:] SIG_ID NBCKSm4oKt2cjsWxSLXOW4AnZbs 2026-11-27 1795761607
[GNUPG:] KEY_CONSIDERED {REVOKED} 0
[GNUPG:] REVKEYSIG 936B4CA078549DA2 Rev <r@example.org>
[GNUPG:] VALIDSIG {REVOKED} 2026-11-27 1795761607 0 4 0 1 10 00 {REVOKED}
[GNUPG:] KEYREVOKED
"""
ALTERED = f"""\
[GNUPG:] NEWSIG c@example.org
[GNUPG:] KEY_CONSIDERED {CURRENT} 0
[GNUPG:] BADSIG C4EA20A4F5ECCF36 Cur <c@example.org>
[GNUPG:] FAILURE gpg-exit 33554433
"""
UNKNOWN_KEY = f"""\
[GNUPG:] NEWSIG c@example.org
[GNUPG:] ERRSIG C4EA20A4F5ECCF36 1 10 00 1795761607 9 {CURRENT}
[GNUPG:] NO_PUBKEY C4EA20A4F5ECCF36
"""
UNKNOWN_ALGORITHM = """\
[GNUPG:] NEWSIG
[GNUPG:] ERRSIG C4EA20A4F5ECCF36 99 10 00 1795761607 4 -
"""
EXPIRED_SIGNATURE = f"""\
[GNUPG:] NEWSIG c@example.org
[GNUPG:] EXPSIG C4EA20A4F5ECCF36 Cur <c@example.org>
[GNUPG:] VALIDSIG {CURRENT} 2026-11-01 1793491200 1793577600 4 0 1 10 00 {CURRENT}
"""


def refused(status: str, pinned: list[str]) -> str:
    verdict = judge(status, pinned)
    assert verdict.signature is None and verdict.problem
    return verdict.problem


def test_a_good_signature_of_a_pinned_key() -> None:
    signature = judge(GOOD, [CURRENT]).signature
    assert signature and signature.fingerprint == signature.primary == CURRENT
    assert signature.signed == "2026-11-27T06:40:07Z"


@pytest.mark.parametrize(
    "written", [CURRENT.lower(), f"0x{CURRENT}", "97B5 3474 0660 F437 6C8F  A3CE C4EA 20A4 F5EC CF36"]
)
def test_fingerprints_as_people_write_them(written: str) -> None:
    assert judge(GOOD, [written]).signature
    assert fingerprint_problem(written) is None


def test_a_subkey_counts_for_itself_and_for_its_primary_key() -> None:
    subkey = "A" * 24 + "C4EA20A4F5ECCF36"
    status = GOOD.replace(f"VALIDSIG {CURRENT}", f"VALIDSIG {subkey}")
    assert judge(status, [CURRENT]).signature
    signature = judge(status, [subkey]).signature
    assert signature and (signature.fingerprint, signature.primary) == (subkey, CURRENT)


def test_another_key_is_refused_however_good() -> None:
    problem = refused(GOOD, [EXPIRED])
    assert f"signed by {CURRENT}" in problem and EXPIRED in problem
    assert "none is given" in refused(GOOD, [])


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (WITH_EXPIRED_KEY, f"the key {EXPIRED} expired on 2026-01-02"),
        (WITH_REVOKED_KEY, f"the key {REVOKED}, which signed it on 2026-11-27, was revoked"),
        (ALTERED, f"the signature does not fit the file, .*BADSIG by the key {CURRENT}"),
        (UNKNOWN_KEY, f"it is signed, on 2026-11-27, by the key {CURRENT}, which is not in the key file"),
        (UNKNOWN_ALGORITHM, "by the key C4EA20A4F5ECCF36 in a way that this GnuPG does not know"),
        (UNKNOWN_ALGORITHM.replace(" 4 -", " 1 -"), "could not be checked .GnuPG's error 1."),
        (EXPIRED_SIGNATURE, f"the signature by the key {CURRENT} expired on 2026-11-02"),
        ("[GNUPG:] NODATA 2\n", "holds no signature"),
        ("[GNUPG:] UNEXPECTED 0\n", "broken"),
        ("", "no signature in it that GnuPG calls good"),
        ("gpg: Good signature\n", "no signature in it that GnuPG calls good"),
    ],
)
def test_everything_else_is_refused(status: str, told: str) -> None:
    assert re.search(told, refused(status, ALL))


def test_good_without_valid_and_valid_without_good_are_refused() -> None:
    lines = GOOD.splitlines(keepends=True)
    assert "no signature" in refused("".join(line for line in lines if "VALIDSIG" not in line), ALL)
    assert "no signature" in refused("".join(line for line in lines if "GOODSIG" not in line), ALL)


@pytest.mark.parametrize("beside", [ALTERED, UNKNOWN_KEY, WITH_EXPIRED_KEY, WITH_REVOKED_KEY, EXPIRED_SIGNATURE])
def test_a_good_one_does_not_outweigh_a_bad_one_beside_it(beside: str) -> None:
    refused(GOOD + beside, ALL)
    refused(beside + GOOD, ALL)


def test_a_second_good_one_has_to_be_trusted_too() -> None:
    second = GOOD.replace(CURRENT, REVOKED).replace("C4EA20A4F5ECCF36", "936B4CA078549DA2")
    assert judge(GOOD + second, [CURRENT, REVOKED]).signature
    assert f"signed by {REVOKED}" in refused(GOOD + second, [CURRENT])


def test_a_name_that_looks_like_a_status_line_is_none() -> None:
    forged = ALTERED + f"gpg: [GNUPG:] GOODSIG C4EA20A4F5ECCF36\n [GNUPG:] VALIDSIG {CURRENT}\n"
    assert "does not fit" in refused(forged, ALL)


@pytest.mark.parametrize(
    ("written", "told"),
    [("C4EA20A4F5ECCF36", "key id"), ("0xF5ECCF36", "key id"), ("", "not a fingerprint"), ("G" * 40, "not a finger")],
)
def test_what_is_no_fingerprint(written: str, told: str) -> None:
    assert told in (fingerprint_problem(written) or "")


def test_moments() -> None:
    assert moment("0") == "1970-01-01T00:00:00Z"
    assert moment("20261127T064007") == "2026-11-27T06:40:07Z"
    assert moment("later") == "later"


def armored(packets: bytes, header: str = "") -> bytes:
    text = base64.encodebytes(packets).decode()
    return (
        f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n{header}\n{text}=AbCd\n-----END PGP PUBLIC KEY BLOCK-----\n"
    ).encode()


PACKETS = bytes([0x99, 1, 13]) + bytes(range(90))


@pytest.mark.parametrize("header", ["", "Version: GnuPG v2\n", "Version: GnuPG v2\nComment: a = b\n"])
def test_armor_is_taken_off(header: str) -> None:
    assert binary_keys(armored(PACKETS, header)) == (PACKETS, None)
    windows = armored(PACKETS, header).replace(b"\n", b"\r\n")
    assert binary_keys(windows) == (PACKETS, None)
    assert binary_keys(b"a page before\n" + armored(PACKETS) + armored(PACKETS)) == (PACKETS * 2, None)


def test_binary_keys_stay_as_they_are() -> None:
    assert binary_keys(PACKETS) == (PACKETS, None)


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ"])
def test_what_is_no_key(content: bytes) -> None:
    keys, problem = binary_keys(content)
    assert keys is None and "holds no OpenPGP key" in (problem or "")


def test_armor_that_is_broken() -> None:
    keys, problem = binary_keys(armored(PACKETS).replace(b"mQEN", b"mQ\xffN", 1))
    assert keys is None and "broken" in (problem or "")
