# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificates in metadata, and the private keys that decrypt assertions. Pure.

What AWS asks of a certificate:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import datetime, timezone
from typing import Any, Callable, List, Optional, Tuple

from .._reconcile import UserError
from .records import Certificate, days_between

try:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

    MISSING = False
except ImportError:  # the module says so before anything here is used
    MISSING = True

    class UnsupportedAlgorithm(Exception):  # type: ignore[no-redef]
        """Never raised then."""


MIN_BITS = 1024  # AWS refuses smaller ones
GOOD_BITS = 2048
MAX_CERTIFICATE = 65536  # characters
MAX_PRIVATE_KEY = 16384  # characters; CreateSAMLProvider's bound

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----")


def read_certificate(text: str, now: datetime) -> Certificate:
    """A certificate from the text of an X509Certificate element; a `UserError` where it is none, or AWS refuses it."""
    der = _decoded(text)
    try:
        certificate = x509.load_der_x509_certificate(der)
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
        raise UserError(_what_else(der)) from None
    try:
        return _facts(certificate, now)
    except x509.DuplicateExtension as error:
        raise UserError(
            f"has the extension {error.oid.dotted_string} twice, which AWS refuses; ask for a new certificate"
        ) from None
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm) as error:
        raise UserError(f"is a certificate that cannot be read ({_short(error)}); ask for a new one") from None


def read_private_key(pem: str) -> Tuple[str, int]:
    """The fingerprint of the public key of a PEM file, and the bits; a `UserError` where AWS could not use it.

    No message shows anything of the key.
    """
    if len(pem) > MAX_PRIVATE_KEY:
        raise UserError(f"has {len(pem):,} characters, and AWS takes {MAX_PRIVATE_KEY:,}; give one private key")
    kinds = _PEM.findall(pem)
    if not kinds:
        raise UserError("has no '-----BEGIN ... PRIVATE KEY-----' line; give a private key in PEM format")
    if not kinds[0].endswith("PRIVATE KEY"):
        raise UserError(f"is a {kinds[0].lower()}; give the private key that belongs to it")
    if len(kinds) > 1:
        raise UserError(f"has {len(kinds)} parts in PEM format; give one private key alone")
    if "ENCRYPTED" in kinds[0] or "Proc-Type: 4,ENCRYPTED" in pem:
        raise UserError(
            "is encrypted with a passphrase, for which AWS cannot ask; decrypt it, and keep it in Ansible Vault"
        )
    try:
        key: Any = serialization.load_pem_private_key(pem.encode("utf-8"), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise UserError(f"is a key of type {_kind(key.public_key())[0]}; assertions are encrypted for RSA keys")
        spki = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
        # the reason is left out, because nobody knows what it quotes
        raise UserError("is not a private key that can be read; it may be cut off or changed") from None
    if key.key_size < MIN_BITS:
        raise UserError(f"is an RSA key of {key.key_size} bits; give one of {GOOD_BITS} or more")
    return hashlib.sha256(spki).hexdigest(), key.key_size


def key_problems(certificate: Certificate) -> List[str]:
    """Why AWS would refuse the key of a certificate."""
    if certificate.key_type in ("RSA", "DSA") and (certificate.key_bits or 0) < MIN_BITS:
        return [
            f"has an {certificate.key_type} key of {certificate.key_bits} bits, and AWS asks for {MIN_BITS}; "
            "let the identity provider make a new certificate"
        ]
    return []


def key_warnings(certificate: Certificate) -> List[str]:
    if certificate.key_type != "RSA":
        return [f"has a key of type {certificate.key_type}; AWS promises no other than RSA"]
    if MIN_BITS <= (certificate.key_bits or 0) < GOOD_BITS:
        return [f"has an RSA key of {certificate.key_bits} bits; {GOOD_BITS} or more are recommended"]
    return []


def _decoded(text: str) -> bytes:
    if not text.strip():
        raise UserError("is empty; export the metadata again")
    if len(text) > MAX_CERTIFICATE:
        raise UserError(f"has {len(text):,} characters, more than any certificate; export the metadata again")
    if "-----BEGIN" in text:
        raise UserError("has the BEGIN line of a PEM file in it; only the base64 between BEGIN and END belongs there")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise UserError("is not base64, so it was changed or cut off; export the metadata again") from None


def _what_else(der: bytes) -> str:
    """Why these bytes are no certificate."""
    if der.startswith(b"-----BEGIN"):
        return "is base64 of a PEM file, so it was encoded twice; export the metadata again"
    loaders: List[Tuple[str, Callable[[bytes], Any]]] = [
        (
            "a PRIVATE key, and everybody who has this file has it: replace that key",
            lambda raw: serialization.load_der_private_key(raw, password=None),
        ),
        ("a public key without a certificate", serialization.load_der_public_key),
        ("a request for a certificate", x509.load_der_x509_csr),
        ("a list of revoked certificates", x509.load_der_x509_crl),
    ]
    for kind, load in loaders:
        try:
            load(der)
        except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
            continue
        return f"is {kind}; a certificate belongs there"
    return "is not an X.509 certificate; export the metadata again"


def _facts(certificate: Any, now: datetime) -> Certificate:
    list(certificate.extensions)  # reading them finds those that are there twice
    kind, bits = _kind(certificate.public_key())
    oid = certificate.signature_algorithm_oid
    not_after = _moment(certificate, "not_valid_after")
    return Certificate(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        serial_number=f"{certificate.serial_number:x}",
        sha256_fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        not_before=_moment(certificate, "not_valid_before"),
        not_after=not_after,
        days_left=days_between(now, not_after),
        key_type=kind,
        key_bits=bits,
        signature_algorithm=getattr(oid, "_name", oid.dotted_string),
    )


def _moment(certificate: Any, name: str) -> datetime:
    """A date with its time zone, which versions of cryptography before 42 leave out."""
    aware: Optional[datetime] = getattr(certificate, f"{name}_utc", None)
    return aware if aware is not None else getattr(certificate, name).replace(tzinfo=timezone.utc)


def _kind(key: Any) -> Tuple[str, Optional[int]]:
    for name, kind in (("RSA", rsa.RSAPublicKey), ("DSA", dsa.DSAPublicKey), ("EC", ec.EllipticCurvePublicKey)):
        if isinstance(key, kind):
            return name, key.key_size
    for name, other in (("Ed25519", ed25519.Ed25519PublicKey), ("Ed448", ed448.Ed448PublicKey)):
        if isinstance(key, other):
            return name, None
    return type(key).__name__.strip("_"), None


def _short(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 80 else text[:77] + "..."
