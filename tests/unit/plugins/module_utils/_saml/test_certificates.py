# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private keys for encrypted assertions, and certificates of older versions of cryptography."""

from __future__ import annotations

import datetime
import hashlib

import pytest
import saml_files as files
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._saml.certificates import _moment, read_private_key
from cryptography.hazmat.primitives import serialization

TRADITIONAL = serialization.PrivateFormat.TraditionalOpenSSL


def test_private_key():
    public = files.key().public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    expected = (hashlib.sha256(public).hexdigest(), 2048)
    assert read_private_key(files.pem()) == expected
    assert read_private_key(files.pem(form=TRADITIONAL)) == expected
    assert read_private_key(files.pem(number=1))[0] != expected[0]


@pytest.mark.parametrize(
    "pem, problem",
    [
        (lambda: "", "has no '-----BEGIN ... PRIVATE KEY-----' line"),
        (lambda: "secret", "has no '-----BEGIN ... PRIVATE KEY-----' line"),
        (lambda: f"-----BEGIN CERTIFICATE-----\n{files.certificate()}", "is a certificate; give the private key"),
        (lambda: "-----BEGIN PUBLIC KEY-----", "is a public key; give the private key"),
        (lambda: files.pem() * 2, "has 2 parts in PEM format; give one private key alone"),
        (lambda: files.pem(password=b"x"), "is encrypted with a passphrase"),
        (lambda: files.pem(password=b"x", form=TRADITIONAL), "is encrypted with a passphrase"),
        (lambda: files.pem("ec"), "is a key of type EC; assertions are encrypted for RSA keys"),
        (lambda: files.pem("ed25519"), "is a key of type Ed25519"),
        (lambda: files.pem()[:800], "is not a private key that can be read"),
        (lambda: files.pem().replace("M", "*"), "is not a private key that can be read"),
        (lambda: files.pem() + "\udce9", "is not a private key that can be read"),
        (lambda: files.pem() + "x" * 16384, "characters, and AWS takes 16,384"),
    ],
)
def test_no_private_key(pem, problem):
    with pytest.raises(UserError) as caught:
        read_private_key(pem())
    assert problem in caught.value.message
    body = "".join(pem().split("\n")[1:-2])
    assert not body or body[:20] not in caught.value.message


def test_dates_of_older_versions_of_cryptography():
    class Old:
        not_valid_after = datetime.datetime(2027, 1, 1)

    assert _moment(Old(), "not_valid_after") == datetime.datetime(2027, 1, 1, tzinfo=datetime.timezone.utc)
