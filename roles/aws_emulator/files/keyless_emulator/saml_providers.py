# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM's SAML providers: moto keeps their documents, and lacks tags, unique ids, private keys and every check."""

from __future__ import annotations

import base64
import datetime
import functools
import importlib
import random
import string
from typing import Any, Callable, Dict, List, Mapping
from xml.etree import ElementTree

from . import shapes

MAX_PROVIDERS, MAX_KEYS, MAX_TAGS = 100, 2, 50
MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"


def mend(iam: Any) -> None:
    """Let moto's IAM (its module `moto.iam.models`) and its answers know all of a SAML provider."""
    iam.SAMLProvider = _provider_class(iam)
    responses = importlib.import_module("moto.iam.responses").IamResponse
    for name, answer in _ANSWERS.items():
        setattr(responses, name, _checked(name, answer))


def _provider_class(iam: Any) -> Any:
    class Provider(iam.SAMLProvider):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            self.uuid = _new_id("SAMLSP")
            self.valid_until = self.create_date + datetime.timedelta(days=36500)
            self.tags: Dict[str, str] = {}
            self.mode = None
            self.keys: Dict[str, datetime.datetime] = {}

    return Provider


def _checked(name: str, answer: Callable[..., Dict[str, Any]]) -> Callable[[Any], Any]:
    """One operation: its parameters judged by botocore's model, its answer given to moto to be written as XML."""
    operation = "".join(part.capitalize() for part in name.split("_")).replace("Saml", "SAML")

    def method(response: Any) -> Any:
        model = shapes.operation_model("iam", operation)
        params = _parameters(response, model.input_shape)
        problem = shapes.input_problem(model.input_shape, params) if model.input_shape else None
        if problem:
            raise _error("ValidationError", problem)
        result = importlib.import_module("moto.core.responses").ActionResult
        return result(answer(response.backend, params))

    method.__name__ = name
    return method


def _parameters(response: Any, shape: Any) -> Dict[str, Any]:
    names = shape.members if shape else {}
    found = {name: response._get_param(name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _create(backend: Any, params: Mapping[str, Any]) -> Dict[str, Any]:
    name, document = params["Name"], params["SAMLMetadataDocument"]
    if name in backend.saml_providers:
        raise _error("EntityAlreadyExists", f"SAMLProvider {name} already exists.")
    if len(backend.saml_providers) >= MAX_PROVIDERS:
        raise _error("LimitExceeded", f"Cannot exceed quota for SAMLProvidersPerAccount: {MAX_PROVIDERS}")
    _check_document(document)
    tags = _new_tags({}, params.get("Tags", []))
    key = params.get("AddPrivateKey")
    _check_mode(params.get("AssertionEncryptionMode"), 1 if key else 0)
    if key:
        _check_key(key)
    provider = backend.create_saml_provider(name, document)
    provider.tags, provider.mode = tags, params.get("AssertionEncryptionMode")
    if key:
        provider.keys[_new_id("SAMLPK")] = _now()
    return dict(SAMLProviderArn=provider.arn, Tags=_tag_list(provider))


def _update(backend: Any, params: Mapping[str, Any]) -> Dict[str, Any]:
    provider = _found(backend, params)
    key, gone = params.get("AddPrivateKey"), params.get("RemovePrivateKey")
    mode = params.get("AssertionEncryptionMode", provider.mode)
    if "SAMLMetadataDocument" in params:
        _check_document(params["SAMLMetadataDocument"])
    if gone is not None and gone not in provider.keys:
        raise _error("NoSuchEntity", f"The private key with id {gone} cannot be found.")
    if key and len(provider.keys) >= MAX_KEYS:
        raise _error("LimitExceeded", f"Cannot exceed quota for PrivateKeysPerSAMLProvider: {MAX_KEYS}")
    _check_mode(mode, len(provider.keys) + (1 if key else 0) - (1 if gone else 0))
    if key:
        _check_key(key)
        provider.keys[_new_id("SAMLPK")] = _now()
    if gone is not None:
        del provider.keys[gone]
    provider.mode = mode
    provider.saml_metadata_document = params.get("SAMLMetadataDocument", provider.saml_metadata_document)
    return dict(SAMLProviderArn=provider.arn)


def _get(backend: Any, params: Mapping[str, Any]) -> Dict[str, Any]:
    provider = _found(backend, params)
    if len(provider.saml_metadata_document) < 1000:  # Identity Center's own, which the emulator makes without
        provider.saml_metadata_document = _own_document(provider.name)
    answer = dict(
        SAMLProviderUUID=provider.uuid,
        SAMLMetadataDocument=provider.saml_metadata_document,
        CreateDate=provider.create_date,
        ValidUntil=provider.valid_until,
        Tags=_tag_list(provider),
        PrivateKeyList=[dict(KeyId=key_id, Timestamp=moment) for key_id, moment in provider.keys.items()],
    )
    if provider.mode is not None:
        answer["AssertionEncryptionMode"] = provider.mode
    return answer


def _list(backend: Any, params: Mapping[str, Any]) -> Dict[str, Any]:
    entries = [
        dict(Arn=provider.arn, CreateDate=provider.create_date, ValidUntil=provider.valid_until)
        for provider in backend.saml_providers.values()
    ]
    return dict(SAMLProviderList=entries)


def _delete(backend: Any, params: Mapping[str, Any]) -> Dict[str, Any]:
    del backend.saml_providers[_found(backend, params).name]
    return {}


def _tag(backend: Any, params: Mapping[str, Any]) -> Dict[str, Any]:
    provider = _found(backend, params)
    provider.tags = _new_tags(provider.tags, params["Tags"])
    return {}


def _untag(backend: Any, params: Mapping[str, Any]) -> Dict[str, Any]:
    provider = _found(backend, params)
    provider.tags = {key: value for key, value in provider.tags.items() if key not in params["TagKeys"]}
    return {}


def _list_tags(backend: Any, params: Mapping[str, Any]) -> Dict[str, Any]:
    return dict(Tags=_tag_list(_found(backend, params)), IsTruncated=False)


_ANSWERS: Dict[str, Callable[..., Dict[str, Any]]] = {
    "create_saml_provider": _create,
    "update_saml_provider": _update,
    "get_saml_provider": _get,
    "list_saml_providers": _list,
    "delete_saml_provider": _delete,
    "tag_saml_provider": _tag,
    "untag_saml_provider": _untag,
    "list_saml_provider_tags": _list_tags,
}


def _found(backend: Any, params: Mapping[str, Any]) -> Any:
    arn = params["SAMLProviderArn"]
    for provider in backend.saml_providers.values():
        if provider.arn == arn:
            return provider
    raise _error("NoSuchEntity", f"Manifest not found for arn {arn}")


def _own_document(name: str) -> str:
    """What Identity Center gives its own provider: metadata with a certificate that lasts for years."""
    url = f"https://portal.sso.example.com/saml/{name}"
    services = "".join(
        f'<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-{way}" Location="{url}"/>'
        for way in ("POST", "Redirect")
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="{MD[1:-1]}" entityID="{url}">'
        '<md:IDPSSODescriptor WantAuthnRequestsSigned="false" '
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing">'
        '<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        f"<ds:X509Certificate>{_certificate()}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        f"{services}</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


@functools.lru_cache(maxsize=None)
def _certificate() -> str:
    """A certificate as base64; its key is thrown away."""
    x509 = importlib.import_module("cryptography.x509")
    primitives = importlib.import_module("cryptography.hazmat.primitives")
    rsa = importlib.import_module("cryptography.hazmat.primitives.asymmetric.rsa")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sso.example.com")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(_now() - datetime.timedelta(days=1))
    builder = builder.not_valid_after(_now() + datetime.timedelta(days=1825))
    made = builder.sign(key, primitives.hashes.SHA256())
    return base64.b64encode(made.public_bytes(primitives.serialization.Encoding.DER)).decode()


def _check_document(document: str) -> None:
    """As far as AWS tells: an identity provider's metadata, in XML."""
    try:
        root = None if "<!DOCTYPE" in document else ElementTree.fromstring(document.encode("utf-8"))
    except (ElementTree.ParseError, UnicodeEncodeError):
        root = None
    if root is None or root.tag != f"{MD}EntityDescriptor" or root.find(f"{MD}IDPSSODescriptor") is None:
        raise _error("InvalidInput", "Unable to parse metadata")


def _check_key(pem: str) -> None:
    serialization = importlib.import_module("cryptography.hazmat.primitives.serialization")
    try:
        serialization.load_pem_private_key(pem.encode("utf-8"), password=None)
    except (ValueError, TypeError) as error:
        raise _error("InvalidInput", "The private key is not valid.") from error


def _check_mode(mode: Any, keys: int) -> None:
    if mode == "Required" and keys < 1:
        raise _error("InvalidInput", "A private key is needed where assertion encryption is required.")


def _new_tags(have: Mapping[str, str], given: List[Mapping[str, str]]) -> Dict[str, str]:
    tags = dict(have, **{tag["Key"]: tag["Value"] for tag in given})
    if any(key.lower().startswith("aws:") for key in tags):
        raise _error("InvalidInput", "Tag keys must not begin with aws:")
    if len(tags) > MAX_TAGS:
        raise _error("LimitExceeded", f"Cannot exceed quota for TagsPerSAMLProvider: {MAX_TAGS}")
    return tags


def _tag_list(provider: Any) -> List[Dict[str, str]]:
    return [dict(Key=key, Value=provider.tags[key]) for key in sorted(provider.tags)]


def _error(code: str, message: str) -> Exception:
    exception: Callable[..., Exception] = importlib.import_module("moto.iam.exceptions").IAMException
    return exception(code, message)


def _new_id(prefix: str) -> str:
    return prefix + "".join(random.choices(string.ascii_uppercase + string.digits, k=20))  # noqa: S311


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
