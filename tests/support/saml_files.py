"""Metadata of identity providers: good, written in other ways, broken and hostile. Keys are made anew for each run."""

from __future__ import annotations

import base64
import datetime
import functools
import io
import re
import zipfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

NOW = datetime.datetime(2026, 11, 27, 12, 0, tzinfo=datetime.timezone.utc)
ENTITY = "https://idp.example.com/saml/metadata"
SSO = "https://idp.example.com/saml/sso"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
SAML2 = "urn:oasis:names:tc:SAML:2.0:protocol"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
DAY = datetime.timedelta(days=1)

# Of a key so small that nothing makes one any more; valid until 2126.
TINY_RSA = (
    "MIIBjzCCATmgAwIBAgIUPbio1PidhJsouHm887TTz4rtzQkwDQYJKoZIhvcNAQELBQAwGzEZMBcGA1UEAwwQdGlueS5leGFtcGxl"
    "LmNvbTAgFw0yNjExMjcwNTU5NTVaGA8yMTI2MTEwMzA1NTk1NVowGzEZMBcGA1UEAwwQdGlueS5leGFtcGxlLmNvbTBcMA0GCSqG"
    "SIb3DQEBAQUAA0sAMEgCQQCqZJEZvBBc7rpicxZ7ECY6kUfrvXl9OJOoDCEU80j7jnSIvJdkRO+EG6czMr2+RArE24USiWNuDDbp"
    "4sjF3KwZAgMBAAGjUzBRMB0GA1UdDgQWBBRo4wj+mlpnYyDN4AcMwF0Qq/MEAjAfBgNVHSMEGDAWgBRo4wj+mlpnYyDN4AcMwF0Q"
    "q/MEAjAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA0EAfML1ihIvGqQ+01wUXFR4HuKa8sfY8ZR0O8XPCmg3sJXfnvHp"
    "3FHOMRFw+wQFzCJZXUTBpkAHRZZJMJm/e+vLkQ=="
)


def key(kind="rsa2048", number=0):
    """A private key that nobody else has; the same one each time."""
    return _key(kind, number)


@functools.lru_cache(maxsize=None)
def _key(kind, _number):
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=int(kind[3:]))


def pem(kind="rsa2048", number=0, password=None, form=serialization.PrivateFormat.PKCS8):
    hidden = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key(kind, number).private_bytes(serialization.Encoding.PEM, form, hidden).decode()


@functools.lru_cache(maxsize=None)
def certificate(name="signing.example.com", before=-30, after=700, kind="rsa2048", twins=False, now=NOW):
    """A self-signed certificate as base64, valid from so many days before to so many after `now`."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
    builder = builder.public_key(key(kind).public_key()).serial_number(4242)
    builder = builder.not_valid_before(now + before * DAY).not_valid_after(now + after * DAY)
    for last in (7, 8) if twins else ():
        extension = x509.UnrecognizedExtension(ObjectIdentifier(f"1.3.6.1.4.1.{last}"), b"\x04\x00")
        builder = builder.add_extension(extension, critical=False)
    made = builder.sign(key(kind), None if kind == "ed25519" else hashes.SHA256())
    der = made.public_bytes(serialization.Encoding.DER)
    if twins:  # no builder makes two of one kind
        der = der.replace(bytes.fromhex("06062b0601040108"), bytes.fromhex("06062b0601040107"))
    return base64.b64encode(der).decode()


def lines(text, width=64):
    return "\n".join(text[start : start + width] for start in range(0, len(text), width))


def key_descriptor(certificate_text, use="signing"):
    uses = f' use="{use}"' if use else ""
    return (
        f'<md:KeyDescriptor{uses}><ds:KeyInfo xmlns:ds="{DS}"><ds:X509Data><ds:X509Certificate>{certificate_text}'
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )


def service(binding=POST, location=SSO):
    return f'<md:SingleSignOnService Binding="{binding}" Location="{location}"/>'


def provider(keys=None, services=None, protocols=SAML2, attributes="", more=""):
    keys = key_descriptor(certificate()) if keys is None else keys
    services = service() + service(REDIRECT) if services is None else services
    enumeration = f' protocolSupportEnumeration="{protocols}"' if protocols is not None else ""
    return (
        f"<md:IDPSSODescriptor{enumeration}{attributes}>{keys}"
        "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>"
        f"{services}{more}</md:IDPSSODescriptor>"
    )


def metadata(body=None, entity=ENTITY, attributes="", prolog='<?xml version="1.0" encoding="UTF-8"?>\n', tail="\n"):
    """A good document, but for what is replaced."""
    entity_id = f' entityID="{entity}"' if entity is not None else ""
    return (
        f'{prolog}<md:EntityDescriptor xmlns:md="{MD}"{entity_id}{attributes}>'
        f"{provider() if body is None else body}</md:EntityDescriptor>{tail}"
    )


def with_certificate(text, **more):
    return metadata(provider(keys=key_descriptor(text, **more)))


def replaced(old, new, text=None):
    text = metadata() if text is None else text
    assert old in text, old
    return text.replace(old, new)


def with_doctype(subset, entity="&a;"):
    """A document with a document type declaration, that uses what it declares in the entity ID or does not."""
    prolog = f'<?xml version="1.0"?>\n<!DOCTYPE md:EntityDescriptor {subset}>\n'
    return metadata(prolog=prolog, entity=f"https://idp.example.com/{entity}")


def laughs(levels=10, times=10):
    first = '<!ENTITY a0 "ha">'
    more = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * times}">' for level in range(1, levels))
    return with_doctype(f"[{first}{more}]", f"&a{levels - 1};")


def zipped():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("metadata.xml", metadata())
    return target.getvalue()


def der_of(text):
    return base64.b64decode(text)


def private_der():
    kinds = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return base64.b64encode(key().private_bytes(*kinds)).decode()


def public_der():
    kinds = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(key().public_key().public_bytes(*kinds)).decode()


def request_der():
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signing.example.com")])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key(), hashes.SHA256())
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def sp():
    consumer = '<md:AssertionConsumerService Binding="x" Location="https://sp.example.com" index="0"/>'
    return metadata(
        f'<md:SPSSODescriptor protocolSupportEnumeration="{SAML2}">{consumer * 12}</md:SPSSODescriptor>',
        entity="urn:amazon:webservices",
    )


def ws_federation():
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    fed = "http://docs.oasis-open.org/wsfed/federation/200706"
    return metadata(
        f'<md:RoleDescriptor xmlns:xsi="{xsi}" xmlns:fed="{fed}" xsi:type="fed:SecurityTokenServiceType" '
        f'protocolSupportEnumeration="{fed}">{key_descriptor(certificate())}</md:RoleDescriptor>'
    )


def aggregate(count):
    return f'<md:EntitiesDescriptor xmlns:md="{MD}">{metadata(prolog="") * count}</md:EntitiesDescriptor>'


FILLED = "<!-- " + "x" * 2000 + " -->"


def other_ways():
    """name -> the same as `metadata()`, written differently"""
    good = metadata()
    wrapped = replaced(certificate(), "\n" + lines(certificate()) + "\n    ")
    names = re.sub(r"\bmd:", "", good).replace("xmlns:md", "xmlns")
    names = names.replace("ds:", "sig:").replace("xmlns:ds", "xmlns:sig")
    begin = certificate()[:40]
    turned = replaced(f'Binding="{POST}" Location="{SSO}"', f"Location='{SSO}'\n  Binding='{POST}'")
    return {
        "bytes": good.encode(),
        "no declaration": metadata(prolog=""),
        "other declaration": metadata(prolog="<?xml version='1.0' encoding='utf-8' standalone='yes'?>"),
        "no line end": metadata(tail=""),
        "windows line ends": replaced("\n", "\r\n", wrapped),
        "indented": good.replace("><", ">\n    <"),
        "certificate in lines": wrapped,
        "prefixes": names,
        "order of attributes": turned,
        "comments": replaced("<md:NameIDFormat>", "<!-- a --><md:NameIDFormat><!-- b -->"),
        "comment in the certificate": replaced(begin, f"{begin[:20]}<!-- c -->{begin[20:]}"),
        "cdata": replaced(certificate(), f"<![CDATA[{certificate()}]]>"),
        "references": replaced("https://idp.example.com/saml/metadata", "&#104;ttps://idp.example.com/saml/met&#x61;data"),
        "long empty element": replaced(f'Location="{SSO}"/>', f'Location="{SSO}"></md:SingleSignOnService>'),
        "blanks in text": replaced("<md:NameIDFormat>urn", "<md:NameIDFormat>\n  urn"),
    }  # fmt: skip


def changes():
    """name -> not the same as `metadata()`"""
    return {
        "entity id": metadata(entity=ENTITY + "2"),
        "certificate": with_certificate(certificate(name="next.example.com")),
        "another certificate": metadata(provider(keys=key_descriptor(certificate()) * 2)),
        "use": with_certificate(certificate(), use=None),
        "location": metadata(provider(services=service(location=SSO + "2") + service(REDIRECT))),
        "order of services": metadata(provider(services=service(REDIRECT) + service())),
        "valid until": metadata(attributes=' validUntil="2027-01-01T00:00:00Z"'),
        "signed requests": metadata(provider(attributes=' WantAuthnRequestsSigned="true"')),
        "id": metadata(attributes=' ID="a"'),
        "name id": replaced("transient", "persistent"),
        "namespace of an attribute": metadata(attributes=' xmlns:x="urn:x" x:entityID="a"'),
        "element": metadata(provider(more="<md:Extensions/>")),
        "text beside": metadata(provider(more="text")),
    }
