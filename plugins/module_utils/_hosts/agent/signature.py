# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What GnuPG says of a signature, judged. Pure.

The exit code of `gpg --verify` is 0 for an expired and for a revoked key, so only its status lines count: a signature
is good when GOODSIG and VALIDSIG come together, VALIDSIG names a fingerprint that was pinned, and no line says
anything against it. The lines are described in GnuPG's doc/DETAILS.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import re
from dataclasses import dataclass
from typing import List, Mapping, Optional, Sequence, Tuple

PREFIX = "[GNUPG:] "
_FINGERPRINT = re.compile(r"[0-9A-F]{40}\Z|[0-9A-F]{64}\Z")
_ARMOR = re.compile(
    rb"-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+\r?\n)*?[ \t]*\r?\n(.*?)-----END PGP PUBLIC KEY BLOCK-----",
    re.DOTALL,
)
ALTERED = "the signature does not fit the file, so one of them is altered, incomplete or of another version"
# what stands behind ERRSIG: why the signature could not even be checked
_NO_KEY, _UNKNOWN_ALGORITHM = "9", "4"


@dataclass(frozen=True)
class Signature:
    """A good signature: the key that made it, that key's primary key, and when."""

    fingerprint: str
    primary: str
    signed: str


@dataclass(frozen=True)
class Verdict:
    """Either the signature that is trusted, or why none is."""

    signature: Optional[Signature] = None
    problem: Optional[str] = None


def fingerprint_of(text: str) -> str:
    """A fingerprint as GnuPG's status lines have it: no blanks, no 0x, upper-case."""
    plain = re.sub(r"[\s:]", "", str(text)).upper()
    return plain[2:] if plain.startswith("0X") else plain


def fingerprint_problem(text: str) -> Optional[str]:
    plain = fingerprint_of(text)
    if _FINGERPRINT.match(plain):
        return None
    if re.match(r"[0-9A-F]{8,39}\Z", plain):
        return f"'{text}' is a key id, which anybody can make a second key for; give the whole fingerprint, 40 digits"
    return f"'{text}' is not a fingerprint; give 40 hexadecimal digits, as 'gpg --show-keys' prints them"


def judge(status: str, pinned: Sequence[str]) -> Verdict:
    """What the status lines of one `gpgv` or `gpg --verify` run mean, for these pinned fingerprints."""
    lines = [_words(line) for line in status.splitlines() if line.startswith(PREFIX)]
    told = _against(lines)
    if told is not None:
        return Verdict(problem=told)
    good = {words[1] for words in lines if words[0] == "GOODSIG"}
    valid = [_signature(words) for words in lines if words[0] == "VALIDSIG"]
    # GOODSIG has a key id or a fingerprint, VALIDSIG always the fingerprint, whose end the key id is
    found = [one for one in valid if any(one.fingerprint.endswith(key) for key in good)]
    if not found or len(found) != len(valid) or len(found) != len(good):
        return Verdict(problem="there is no signature in it that GnuPG calls good and valid")
    wanted = {fingerprint_of(entry) for entry in pinned}
    for one in found:
        if one.fingerprint not in wanted and one.primary not in wanted:
            return Verdict(
                problem=f"it is signed by {one.primary}, which is not one of the fingerprints that are trusted "
                f"({', '.join(sorted(wanted)) or 'none is given'})"
            )
    return Verdict(signature=found[0])


def _words(line: str) -> List[str]:
    return line[len(PREFIX) :].split(" ") + [""]


def _signature(words: Sequence[str]) -> Signature:
    primary = words[10] if len(words) > 11 else words[1]
    return Signature(fingerprint=words[1], primary=primary, signed=moment(words[3]))


def _against(lines: Sequence[Sequence[str]]) -> Optional[str]:
    """The first thing that speaks against the signature."""
    by_name = {words[0]: words for words in reversed(lines)}
    told = [_TELL[words[0]](words, by_name) for words in lines if words[0] in _TELL]
    return told[0] if told else None


def _expired_key(words: Sequence[str], by_name: Mapping[str, Sequence[str]]) -> str:
    since = moment(by_name["KEYEXPIRED"][1])[:10] if "KEYEXPIRED" in by_name else ""
    when = f" on {since}" if since else ""
    return (
        f"the key {_whose(words, by_name)} expired{when}; get the key that follows it, and pin that one's fingerprint"
    )


def _revoked_key(words: Sequence[str], by_name: Mapping[str, Sequence[str]]) -> str:
    return (
        f"the key {_whose(words, by_name)}{_made(by_name)} was revoked by its owner; "
        "get the key that follows it, and pin that one's fingerprint"
    )


def _expired_signature(words: Sequence[str], by_name: Mapping[str, Sequence[str]]) -> str:
    valid = by_name.get("VALIDSIG", ())
    until = f" on {moment(valid[4])[:10]}" if len(valid) > 4 and valid[4] not in ("", "0") else ""
    return f"the signature by the key {_whose(words, by_name)} expired{until}; get a newer one"


def _bad(words: Sequence[str], by_name: Mapping[str, Sequence[str]]) -> str:
    return f"{ALTERED} (BADSIG by the key {_whose(words, by_name)})"


def _unchecked(words: Sequence[str], by_name: Mapping[str, Sequence[str]]) -> str:
    made = f", on {moment(words[5])[:10]}," if len(words) > 5 and words[5] else ""
    key = words[7] if len(words) > 8 and words[7] not in ("", "-") else words[1]
    reason = words[6] if len(words) > 6 else ""
    if reason == _NO_KEY:
        return f"it is signed{made} by the key {key}, which is not in the key file"
    if reason == _UNKNOWN_ALGORITHM:
        return f"it is signed{made} by the key {key} in a way that this GnuPG does not know; give a newer gpgv"
    return f"the signature{made} by the key {key} could not be checked (GnuPG's error {reason or 'unknown'})"


def _nothing(words: Sequence[str], by_name: Mapping[str, Sequence[str]]) -> str:
    return "the signature file holds no signature"


def _broken(words: Sequence[str], by_name: Mapping[str, Sequence[str]]) -> str:
    return "the signature file is broken"


_TELL = {
    "BADSIG": _bad,
    "ERRSIG": _unchecked,
    "EXPKEYSIG": _expired_key,
    "EXPSIG": _expired_signature,
    "REVKEYSIG": _revoked_key,
    "NODATA": _nothing,
    "UNEXPECTED": _broken,
}


def _whose(words: Sequence[str], by_name: Mapping[str, Sequence[str]]) -> str:
    """The key's fingerprint where a line has it, else its id."""
    valid = by_name.get("VALIDSIG", ("", ""))[1]
    considered = by_name.get("KEY_CONSIDERED", ("", ""))[1]
    return next((key for key in (valid, considered) if key.endswith(words[1])), words[1])


def _made(by_name: Mapping[str, Sequence[str]]) -> str:
    valid = by_name.get("VALIDSIG", ())
    return f", which signed it on {moment(valid[3])[:10]}," if len(valid) > 3 else ""


def moment(stamp: str) -> str:
    """Seconds since 1970, or ISO 8601 as some status lines have it, as 2026-11-27T06:40:07Z."""
    if re.match(r"[0-9]{8}T[0-9]{6}\Z", stamp):
        read = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%S")
    elif stamp.isdigit():
        read = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(stamp))
    else:
        return stamp
    return read.strftime("%Y-%m-%dT%H:%M:%SZ")


def binary_keys(content: bytes) -> Tuple[Optional[bytes], Optional[str]]:
    """The key file without its armor, as gpgv wants it; or what is wrong with it."""
    if content[:1] and content[0] & 0x80:
        return content, None
    blocks = _ARMOR.findall(content)
    if not blocks:
        return None, "holds no OpenPGP key; give the public key as 'gpg --export' or 'gpg --armor --export' writes it"
    try:
        return b"".join(_unarmored(block) for block in blocks), None
    except binascii.Error:
        return None, "is broken: its armor is not base64; get it again"


def _unarmored(block: bytes) -> bytes:
    # the last line that begins with = is a checksum; gpgv reads the packets themselves more strictly
    lines = [line.strip() for line in block.splitlines()]
    return base64.b64decode(b"".join(line for line in lines if line and not line.startswith(b"=")), validate=True)
