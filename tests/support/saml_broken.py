"""Metadata that is none, that is broken, or that attacks who reads it, each with what has to be said of it."""

from __future__ import annotations

import base64
import gzip
import re

from saml_files import (
    ENTITY,
    FILLED,
    MD,
    SAML2,
    TINY_RSA,
    aggregate,
    certificate,
    der_of,
    key_descriptor,
    laughs,
    lines,
    metadata,
    pem,
    private_der,
    provider,
    public_der,
    replaced,
    request_der,
    service,
    sp,
    with_certificate,
    with_doctype,
    ws_federation,
    zipped,
)

HTML = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>" + "<p>Sign in</p>" * 100 + "</body></html>"
CUT = metadata()[: len(metadata()) // 2]


def broken():
    """name -> (document, what its first problem has to say as a regular expression)"""
    good = certificate()
    files = {}
    files.update(_not_xml())
    files.update(_attacks())
    files.update(_bad_structure(good))
    files.update(_bad_certificates(good))
    return files


def _not_xml():
    good = metadata()
    return {
        "empty": (b"", "is empty"),
        "blanks": (b" \n\t\n", "is empty"),
        "html": (HTML, "is HTML"),
        "html without doctype, after a comment": ("<!-- x -->\n<HTML>" + HTML[21:], "is HTML"),
        "xhtml": ('<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://x">' + HTML[16:],
                  "is HTML"),
        "json": ('{"error": "access_denied", "message": "' + "x" * 1000 + '"}', "is JSON"),
        "plain text": ("Please ask the help desk for the metadata. " * 40,
                       "is not XML: it begins with 'Please ask the help '"),
        "url": ("https://idp.example.com/saml/metadata\n", "is a URL, not what is behind it"),
        "name of a file": ("files/partner.xml", "is the name of a file; give it as metadata_file"),
        "pdf": (b"%PDF-1.7\n" + b"\xe2\xe3\xcf\xd3" * 400, "is a PDF, not XML"),
        "zip": (zipped(), "is a ZIP archive"),
        "gzip": (gzip.compress(good.encode()), "is compressed with gzip"),
        "png": (b"\x89PNG\r\n\x1a\n" + bytes(2000), "is a PNG picture"),
        "jpeg": (b"\xff\xd8\xff\xe0" + bytes(2000), "is a JPEG picture"),
        "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "is an old office document"),
        "pem certificate": (f"-----BEGIN CERTIFICATE-----\n{lines(certificate())}\n-----END CERTIFICATE-----\n",
                            "is a certificate in PEM format"),
        "der certificate": (der_of(certificate()), "is a certificate in DER format"),
        "pem private key": (pem(), "is a private key; keep it to yourself"),
        "base64 of a document": (base64.b64encode(good.encode()), "is base64 of a document"),
        "url-encoded": (good.replace("<", "%3C").replace(">", "%3E"), "is URL-encoded"),
        "escaped": (good.replace("<", "&lt;").replace(">", "&gt;"), "is escaped"),
        "utf-7": (good.replace("<", "+ADw-").replace(">", "+AD4-"), "is UTF-7"),
        "byte order mark": (b"\xef\xbb\xbf" + good.encode(), "begins with a byte order mark"),
        "byte order mark in text": ("\ufeff" + metadata(entity=ENTITY + "2"), "begins with a byte order mark"),
        "utf-16": (b"\xff\xfe" + good.encode("utf-16-le"), "is UTF-16; save it as UTF-8"),
        "utf-16 big endian": (b"\xfe\xff" + good.encode("utf-16-be"), r"is UTF-16 \(big endian\)"),
        "utf-16 without mark": (good.encode("utf-16-le"), "is UTF-16 without byte order mark"),
        "utf-32": (b"\xff\xfe\x00\x00" + good.encode("utf-32-le"), "is UTF-32"),
        "latin-1": (metadata(entity=ENTITY + "/é").encode("latin-1"), r"is not UTF-8 \(byte 0xe9 at position"),
        "shift-jis, declared": (replaced("UTF-8", "Shift_JIS"), "says that its encoding is 'Shift_JIS'"),
        "surrogates": (metadata(entity=ENTITY + "\udce9"), "has halves of characters"),
        "xml 1.1": (replaced('version="1.0"', 'version="1.1"'), "is XML 1.1, and SAML uses XML 1.0"),
        "blank before declaration": ("\n" + good, "has white space before"),
        "nul bytes": (good.replace("<md:NameID", "\x00<md:NameID"), "has NUL bytes"),
        "control character": (replaced("nameid-format", "nameid\x0bformat"),
                              r"has a control character \(U\+000B at position"),
    }  # fmt: skip


def _attacks():
    file, http = "file:///etc/passwd", "http://169.254.169.254/latest/meta-data/"
    many = "".join(f'<md:x i="{number}"/>' for number in range(30000))
    attributes = " ".join(f'a{number}="1"' for number in range(500))
    xinclude = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    return {
        "external entity": (with_doctype(f'[<!ENTITY a SYSTEM "{file}">]'), "has an external entity"),
        "external entity by http": (with_doctype(f'[<!ENTITY a PUBLIC "x" "{http}">]'), "has an external entity"),
        "external parameter entity": (with_doctype(f'[<!ENTITY % a SYSTEM "{http}"> %a;]', ""),
                                      "has an external parameter entity"),
        "parameter entity": (with_doctype("[<!ENTITY % a '<!ENTITY b \"x\">'> %a;]", ""),
                             "declares a parameter entity"),
        "billion laughs": (laughs(), r"has an entity that is made of others \(entity expansion, a 'billion laughs'\)"),
        "quadratic blow-up": (with_doctype(f'[<!ENTITY a "{"x" * 50000}">]', "&a;" * 1000),
                              r"has an entity of 50,000 characters \(quadratic"),
        "one entity": (with_doctype('[<!ENTITY a "b">]'), "declares an entity"),
        "external dtd": (with_doctype(f'SYSTEM "{http}x.dtd"', ""),
                         r"has an external document type definition \(DTD\)"),
        "dtd": (with_doctype("[<!ELEMENT a ANY>]", ""), r"has a document type declaration \(DTD\)"),
        "undeclared entity": (metadata(entity="https://idp.example.com/&a;"),
                              "is not well-formed XML .undefined entity"),
        "stylesheet": (metadata(prolog='<?xml version="1.0"?><?xml-stylesheet href="https://x/y.xsl"?>'),
                       r"has a processing instruction \('xml-stylesheet'\)"),
        "php": (metadata(provider(more="<?php system('id'); ?>")), r"has a processing instruction \('php'\)"),
        "xinclude": (metadata(provider(more=xinclude)), "has an XInclude element"),
        "nesting bomb": (metadata("<md:Extensions>" * 15000), r"has more than 50 elements within each other"),
        "many elements": (metadata(provider(more=many)),
                          "has 30,0.. tags, comments and references"),
        "many references": (metadata(entity=ENTITY + "&#97;" * 30000), "has 30,0.. tags, comments and references"),
        "many lines": (metadata(provider(more="\n" * 9000000)), "has 9,000,00. lines, more than the 200,000"),
        "many attributes in all": (metadata(provider(more='<md:x a="1" b="2" c="3"/>' * 9000)),
                                   "has 27,0.. attributes, more than the 20,000"),
        "much text": (metadata(provider(more=" a" * 4900000)), "has more than 1,000,000 characters of text"),
        "much text in Japanese": (metadata(provider(more="日本" * 4900000)),
                                  "has more than 1,000,000 characters of text"),
        "many attributes": (metadata(attributes=" " + attributes), "has an element with 501 attributes, more than 100"),
        "huge attribute": (metadata(entity="https://" + "x" * 9000000),
                           "has a tag or an attribute of more than 65,536"),
        "huge tag": (metadata(provider(more=f"<md:{'x' * 100000}/>")), "has a tag or an attribute of more than 65,536"),
        "huge document": (metadata() + f"<!--{'x' * 10000000}-->", "has 10,00.,... characters or more, and AWS takes"),
        "huge binary": (b"<" + b"\xc3\xa9" * 20500000, "has 10,250,000 characters or more"),
        "huge comment": (metadata(f"<!--{' <' * 10000}-->" + FILLED * 4000),
                         "has no IDPSSODescriptor, so no identity provider"),
        "comments before nothing": ("<!---->" * 19000, "is cut off at line 1, column"),
        "control characters": (metadata(provider(more="\x01" * 9000000)), r"has a control character \(U\+0001"),
    }  # fmt: skip


def _bad_structure(good):
    tiny = provider(keys=key_descriptor(certificate("a", kind="ec")), services=service())
    tiny = metadata(re.sub("<md:NameIDFormat>.*</md:NameIDFormat>", "", tiny), prolog="")
    twice = provider(attributes=' ID="same"', more='<md:Extensions ID="same"/>')
    return {
        "cut off": (CUT, "is cut off at line"),
        "cut off in a tag": (metadata()[: metadata().index("Binding=")], "is cut off at line 2, column"),
        "only the declaration": ('<?xml version="1.0" encoding="UTF-8"?>\n', "is cut off at line 2, column 1"),
        "two documents": (metadata() + metadata(prolog=""), "goes on after its end at line 3"),
        "wrong end tag": (replaced("</md:IDPSSODescriptor>", "</md:Descriptor>"),
                          "is not well-formed XML .mismatched tag"),
        "attribute twice": (metadata(attributes=f' entityID="{ENTITY}"'),
                            "is not well-formed XML .duplicate attribute"),
        "prefix without namespace": (replaced(' xmlns:md="' + MD + '"', ""), "is not well-formed XML .unbound prefix"),
        "ampersand": (metadata(entity="https://idp.example.com/?a=1&b=2"), "is not well-formed XML .not well-formed"),
        "too short": (tiny, r"has \d+ characters, and AWS takes 1,000 to 10,000,000"),
        "service provider": (sp(), "EntityDescriptor: is a service provider's metadata"),
        "aggregate": (aggregate(3), r"is an aggregate \(EntitiesDescriptor\) of 3 entities"),
        "no entity id": (metadata(entity=None), "EntityDescriptor/@entityID: is missing"),
        "empty entity id": (metadata(entity=""), "EntityDescriptor/@entityID: is empty"),
        "entity id with blanks": (metadata(entity="my idp"), "EntityDescriptor/@entityID: 'my idp' has blanks in it"),
        "long entity id": (metadata(entity="https://" + "x" * 2000),
                           "@entityID: has 2,008 characters, more than 1,024"),
        "two providers": (metadata(provider() * 2), "has 2 IDPSSODescriptors, and AWS takes one"),
        "no provider": (metadata(FILLED), "has no IDPSSODescriptor, so no identity provider"),
        "other descriptor": (metadata(f"<md:PDPDescriptor/>{FILLED}"), "has no IDPSSODescriptor, only 'PDPDescriptor'"),
        "provider elsewhere": (metadata(f'<IDPSSODescriptor xmlns="urn:x"/>{FILLED}'),
                               "its IDPSSODescriptor is not in the namespace"),
        "ws-federation": (ws_federation(), "has WS-Federation only, no SAML 2.0 identity provider"),
        "no namespace": (replaced("md:", "", replaced(f' xmlns:md="{MD}"', "")),
                         "its EntityDescriptor has no namespace"),
        "wrong namespace": (replaced(MD, MD.replace("2.0", "1.0")),
                            "its EntityDescriptor has the namespace 'urn:oasis"),
        "saml 1.1": (metadata(provider(protocols="urn:oasis:names:tc:SAML:1.1:protocol")),
                     "names SAML 1.1, and AWS needs"),
        "other protocol": (metadata(provider(protocols="urn:x")), "names 'urn:x', and AWS needs SAML 2.0"),
        "no protocol": (metadata(provider(protocols=None)), "@protocolSupportEnumeration: is missing or empty"),
        "saml response": (f"<samlp:Response xmlns:samlp='{SAML2}'>{FILLED}</samlp:Response>", "is a SAML response"),
        "saml assertion": (f"<Assertion>{FILLED}</Assertion>", "is a SAML assertion"),
        "s3 error": (f"<Error><Code>AccessDenied</Code>{FILLED}</Error>", r"is an error of the server \(Error\)"),
        "soap": (f"<s:Envelope xmlns:s='urn:x'>{FILLED}</s:Envelope>", "is a SOAP message"),
        "a part": (provider().replace("Descriptor ", f'Descriptor xmlns:md="{MD}" ', 1),
                   "is only a part of metadata"),
        "other xml": (f"<project>{FILLED}</project>", "its root element is 'project', not EntityDescriptor"),
        "same id twice": (metadata(twice), "Extensions: the ID 'same' is there twice"),
        "expired": (metadata(attributes=' validUntil="2026-11-01T00:00:00Z"'),
                    "EntityDescriptor/@validUntil: the metadata expired on 2026-11-01T00:00:00Z"),
        "expired provider": (metadata(provider(attributes=' validUntil="2026-11-27T12:30:00+09:00"')),
                             "IDPSSODescriptor/@validUntil: the metadata expired on 2026-11-27T03:30:00Z"),
        "valid until never": (metadata(attributes=' validUntil="never"'), "@validUntil: 'never' is no date"),
        "february 30": (metadata(attributes=' validUntil="2027-02-30T00:00:00Z"'), "'2027-02-30T00:00:00Z' is no date"),
        "no boolean": (metadata(provider(attributes=' WantAuthnRequestsSigned="yes"')),
                       "WantAuthnRequestsSigned is 'yes'"),
        "no service": (metadata(provider(services="")), "has no SingleSignOnService, so no place to sign in"),
        "http": (metadata(provider(services=service(location="http://idp.example.com/"))),
                 "its Location 'http://idp.example.com/' is not an https URL"),
        "javascript": (metadata(provider(services=service(location="javascript:alert(1)"))),
                       "its Location 'javascript:alert.1.' is not an https URL"),
        "no location": (metadata(provider(services=service(location=""))),
                        "SingleSignOnService: its Location is missing"),
        "no binding": (metadata(provider(services=service() + service(binding=""))),
                       r"SingleSignOnService\[2\]: its Binding is missing"),
        "no key": (metadata(provider(keys="") + FILLED), "IDPSSODescriptor: has no KeyDescriptor"),
        "only for encryption": (with_certificate(good, use="encryption"),
                                "no KeyDescriptor for signing, only for 'encryption'"),
        "key without certificate": (metadata(provider(keys='<md:KeyDescriptor use="signing"/>') + FILLED),
                                    "has a KeyDescriptor for signing without an X509Certificate"),
        "thousand certificates": (metadata(provider(keys=key_descriptor(good) * 1000)),
                                  "has 1,000 signing certificates, more than 50"),
    }  # fmt: skip


def _bad_certificates(good):
    double = base64.b64encode(f"-----BEGIN CERTIFICATE-----\n{good}".encode()).decode()
    other = key_descriptor(certificate(name="old.example.com", after=-10))
    place = "IDPSSODescriptor/KeyDescriptor/X509Certificate: "
    return {
        "certificate empty": (with_certificate("") + FILLED, place + "is empty"),
        "certificate no base64": (with_certificate("not*base64" * 100), place + "is not base64"),
        "certificate cut": (with_certificate(good[:-1]), place + "is not base64"),
        "certificate half": (with_certificate(good[:400]) + FILLED, place + "is not an X.509"),
        "certificate noise": (with_certificate(base64.b64encode(b"x" * 900).decode()), place + "is not an X.509"),
        "certificate huge": (with_certificate("A" * 900000), place + "has 900,000 characters, more than any"),
        "certificate pem": (with_certificate(f"-----BEGIN CERTIFICATE-----\n{good}"), place + "has the BEGIN line"),
        "certificate encoded twice": (with_certificate(double), place + "is base64 of a PEM file"),
        "certificate private key": (with_certificate(private_der()), place + "is a PRIVATE key, and everybody"),
        "certificate public key": (with_certificate(public_der()) + FILLED, place + "is a public key without"),
        "certificate request": (with_certificate(request_der()), place + "is a request for a certificate"),
        "certificate extension twice": (
            with_certificate(certificate(twins=True)), place + "has the extension 1.3.6.1.4.1.7 twice"
        ),
        "certificate expired": (with_certificate(certificate(after=-1)), place + "expired on 2026-11-26T12:00:00Z"),
        "certificate too early": (with_certificate(certificate(before=3)), place + "is not valid before 2026-11-30"),
        "certificates both over": (metadata(provider(keys=other + key_descriptor(certificate(before=3)))),
                                   r"KeyDescriptor\[1\]/X509Certificate: expired on 2026-11-17"),
        "certificate of 512 bits": (with_certificate(TINY_RSA) + FILLED,
                                    place + "has an RSA key of 512 bits, and AWS asks"),
    }  # fmt: skip
