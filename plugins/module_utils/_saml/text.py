# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from bytes to a text that may be XML: everything else is told by its name. Pure.

All of it is done before an XML parser sees the document, in time that grows with its size alone.
"""

from __future__ import annotations

import re
from typing import Optional, Union

from .._reconcile import UserError

MIN_LENGTH, MAX_LENGTH = 1000, 10000000  # characters; CreateSAMLProvider's bounds
# What one identity provider's metadata never has, and what would make reading it slow.
MAX_MARKUP = 20000  # tags, comments and references
MAX_ATTRIBUTES = 20000  # equals signs
MAX_LINES = 200000
MAX_TAG = 65536  # characters of one tag, so of an attribute

DOWNLOAD = (
    "download the metadata file itself, which in Identity Center is the application's 'IAM Identity Center SAML "
    "metadata file'"
)

_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive, or an office document"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ\x00", "compressed with xz"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "begins with a byte order mark, which AWS refuses; save it as UTF-8 without byte order mark"),
    (b"\xff\xfe\x00\x00", "is UTF-32; save it as UTF-8"),
    (b"\x00\x00\xfe\xff", "is UTF-32; save it as UTF-8"),
    (b"\xff\xfe", "is UTF-16; save it as UTF-8, which in Windows is not called 'Unicode'"),
    (b"\xfe\xff", "is UTF-16 (big endian); save it as UTF-8"),
)
_WRAPPED = (
    (re.compile(r"PD94bWwg|PEVudGl0|PG1kOkVu|77u/PD94"), "is base64 of a document; decode it first (b64decode)"),
    (re.compile(r"%3C", re.I), "is URL-encoded; decode it first (urldecode)"),
    (
        re.compile(r"&lt;", re.I),
        "is escaped (&lt; in place of <), so it was copied from a web page; save the file",
    ),
    (re.compile(r"\+ADw-"), "is UTF-7; save it as UTF-8"),
    (re.compile(r"[{\[]"), f"is JSON, perhaps an error of the server; {DOWNLOAD}"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"), f"is a private key; keep it to yourself. For metadata, {DOWNLOAD}"),
    (re.compile(r"-----BEGIN"), f"is a certificate in PEM format, which is only a part of metadata; {DOWNLOAD}"),
    (
        re.compile(r"https?://\S+\s*\Z", re.I),
        "is a URL, not what is behind it; download it (ansible.builtin.get_url)",
    ),
    (
        re.compile(r"[^<\n]{1,300}\.xml\s*\Z", re.I),
        "is the name of a file; give it as metadata_file",
    ),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DECLARATION = re.compile(r"<\?xml\b([^>]{0,300}?)\?>")
_VERSION = re.compile(r"""version\s*=\s*["']([^"']{0,20})["']""")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([^"']{0,40})["']""")
_HTML = re.compile(r"<(!doctype\s+html|html|head|body)\b", re.I)
_LONG_TAG = re.compile(r"<[^<>]{%d}" % MAX_TAG)


def decoded(source: Union[str, bytes]) -> str:
    """The text of a document that may be XML; a `UserError` that names what else it is."""
    raw = source if isinstance(source, bytes) else _encoded(source)
    _check_bytes(raw)
    try:
        text = raw.decode("utf-8") if isinstance(source, bytes) else source
    except UnicodeDecodeError as error:
        raise UserError(
            f"is not UTF-8 (byte 0x{raw[error.start]:02x} at position {error.start}); save it as UTF-8"
        ) from None
    if len(text) > MAX_LENGTH:
        raise UserError(_too_long(len(text)))
    _check_text(text)
    _check_bounds(raw, text)
    return text


def length_problem(text: str) -> Optional[str]:
    """Whether it is too short for AWS; asked last, because something else is the reason then."""
    if len(text) >= MIN_LENGTH:
        return None
    return f"has {len(text)} characters, and AWS takes {MIN_LENGTH:,} to {MAX_LENGTH:,}; {DOWNLOAD}"


def control_problem(text: str) -> Optional[str]:
    """Whether it has characters that XML does not allow; asked when it turned out not to be XML."""
    found = _CONTROL.search(text)
    if not found:
        return None
    where = f"U+{ord(found.group()):04X} at position {found.start()}"
    return f"has a control character ({where}), which XML does not allow; {DOWNLOAD}"


def _encoded(source: str) -> bytes:
    if len(source) > MAX_LENGTH:
        raise UserError(_too_long(len(source)))
    try:
        return source.encode("utf-8")
    except UnicodeEncodeError:
        problem = "has halves of characters (surrogates), so it was read in a wrong encoding; save it as UTF-8"
        raise UserError(problem) from None


def _too_long(length: int) -> str:
    return f"has {length:,} characters or more, and AWS takes {MIN_LENGTH:,} to {MAX_LENGTH:,}; it is another file"


def _check_bytes(raw: bytes) -> None:
    if not raw[:1000].strip() and not raw.strip():
        raise UserError(f"is empty; {DOWNLOAD}")
    if len(raw) > 4 * MAX_LENGTH:
        raise UserError(_too_long(len(raw) // 4))
    for magic, kind in _KINDS:
        if raw.startswith(magic):
            raise UserError(f"is {kind}, not XML; {DOWNLOAD}")
    for mark, problem in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            raise UserError(problem)
    if raw[:2] in (b"<\x00", b"\x00<"):
        raise UserError("is UTF-16 without byte order mark; save it as UTF-8")
    if raw.startswith(b"\x30\x82"):
        raise UserError(f"is a certificate in DER format, which is only a part of metadata; {DOWNLOAD}")
    if b"\x00" in raw:
        raise UserError(f"has NUL bytes, so it is no text; {DOWNLOAD}")


def _check_text(text: str) -> None:
    start = text.lstrip()
    for form, problem in _WRAPPED:
        if form.match(start):
            raise UserError(problem)
    if not start.startswith("<"):
        raise UserError(f"is not XML: it begins with {start[:20]!r}; {DOWNLOAD}")
    if _HTML.match(start, _first_markup(start)):
        raise UserError(f"is HTML, so a web page was saved, such as a sign-in or an error page; {DOWNLOAD}")
    if start.startswith("<?xml") and start is not text and text[0] != "<":
        raise UserError("has white space before '<?xml'; let the file begin with it")
    declaration = _DECLARATION.match(start)
    if declaration is None:
        return
    version, encoding = _VERSION.search(declaration.group(1)), _ENCODING.search(declaration.group(1))
    if version and version.group(1) != "1.0":
        raise UserError(f"is XML {version.group(1)}, and SAML uses XML 1.0; {DOWNLOAD}")
    if encoding and encoding.group(1).lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise UserError(f"says that its encoding is {encoding.group(1)!r}, and AWS takes UTF-8; save it as UTF-8")


def _first_markup(text: str) -> int:
    """Where the XML declaration and leading comments end."""
    place = 0
    for _try in range(100):
        closing = "?>" if text.startswith("<?xml ", place) else "-->" if text.startswith("<!--", place) else None
        end = text.find(closing, place) if closing else -1
        if closing is None or end < 0:
            break
        place = end + len(closing)
        while place < len(text) and text[place] in " \t\r\n":
            place += 1
    return place


def _check_bounds(raw: bytes, text: str) -> None:
    for what, count, most in (
        ("tags, comments and references", raw.count(b"<") + raw.count(b"&"), MAX_MARKUP),
        ("attributes", raw.count(b"="), MAX_ATTRIBUTES),
        ("lines", raw.count(b"\n") + raw.count(b"\r"), MAX_LINES),
    ):
        if count > most:
            raise UserError(f"has {count:,} {what}, more than the {most:,} of any metadata; {DOWNLOAD}")
    if _LONG_TAG.search(text):
        raise UserError(f"has a tag or an attribute of more than {MAX_TAG:,} characters; {DOWNLOAD}")
