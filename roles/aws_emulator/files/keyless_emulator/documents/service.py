# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of ssm on documents, and on service settings; all others are moto's."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

from ..errors import AwsError
from ..identify import Call
from ..paging import paged
from ..service import Service
from ..service_settings import ServiceSettings
from ..settings import Settings
from .content import parsed, written
from .sharing import described, may_use, modify

SIZE = 50
MOST_DOCUMENTS = 500
_TAGGING = ("AddTagsToResource", "ListTagsForResource", "RemoveTagsFromResource")


@dataclass
class Version:
    number: int
    text: str
    content: Dict[str, Any]
    name: Optional[str]
    format: str
    target_type: Optional[str]
    ready: float  # when it is Active
    created: float = field(default_factory=lambda: round(time.time(), 3))

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def status(self) -> str:
        if time.monotonic() >= self.ready:
            return "Active"
        return "Creating" if self.number == 1 else "Updating"


@dataclass
class Document:
    name: str
    type: str
    owner: str
    display_name: Optional[str]
    tags: Dict[str, str]
    requires: List[Dict[str, Any]]
    versions: Dict[int, Version] = field(default_factory=dict)
    default: int = 1
    last: int = 0  # numbers are never used twice
    shared: Dict[str, str] = field(default_factory=dict)  # account, or all -> version

    @property
    def latest(self) -> int:
        return max(self.versions)


class Documents(ServiceSettings, Service):
    name = "ssm"

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._documents: Dict[Tuple[str, str], Dict[str, Document]] = {}  # (account, Region) -> name -> document

    def serves(self, call: Call) -> bool:
        """Tags are ours for documents only."""
        return call.operation not in _TAGGING or b'"Document"' in call.body

    def create_document(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        documents = self._documents.setdefault((call.account, call.region), {})
        name = params["Name"]
        if name.lower().startswith(("aws", "amazon", "amzn")):
            raise AwsError("ValidationException", f"The name {name} is reserved for AWS.")
        if name in documents:
            raise AwsError("DocumentAlreadyExists", f"Document with name {name} already exists.")
        if len(documents) >= MOST_DOCUMENTS:
            raise AwsError("DocumentLimitExceeded", f"You can have at most {MOST_DOCUMENTS} active SSM documents.")
        tags = {tag["Key"]: tag["Value"] for tag in params.get("Tags") or []}
        document = Document(
            name, params.get("DocumentType", "Command"), call.account, params.get("DisplayName"), tags,
            list(params.get("Requires") or []),
        )
        version = self._add_version(document, params)
        documents[name] = document
        return dict(DocumentDescription=_description(document, version))

    def update_document(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        document = self._document(call, params["Name"])
        _version(document, params.get("DocumentVersion", "$LATEST"))
        format_ = params.get("DocumentFormat", "JSON")
        content = parsed(params["Content"], format_, document.type)
        latest = document.versions[document.latest]
        if (latest.content == content) if content else (latest.text == params["Content"]):
            raise AwsError("DuplicateDocumentContent", "The content of the document matches the latest version.")
        if len(document.versions) >= self._settings.document_versions:
            raise AwsError("DocumentVersionLimitExceeded", "The document has too many versions. Delete one or more "
                           "document versions and try again.")
        version = self._add_version(document, params)
        document.display_name = params.get("DisplayName", document.display_name)
        return dict(DocumentDescription=_description(document, version))

    def _add_version(self, document: Document, params: Dict[str, Any]) -> Version:
        format_ = params.get("DocumentFormat", "JSON")
        content = parsed(params["Content"], format_, document.type)
        name = params.get("VersionName")
        if name is not None and any(version.name == name for version in document.versions.values()):
            raise AwsError("DuplicateDocumentVersionName", f"The version name {name} is used in this document already.")
        ready = time.monotonic() + self._settings.async_ms / 1000
        number = document.last + 1
        version = Version(number, params["Content"], content, name, format_, params.get("TargetType"), ready)
        document.versions[number] = version
        document.last = number
        return version

    def update_document_default_version(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        document = self._document(call, params["Name"])
        version = _version(document, params["DocumentVersion"])
        document.default = version.number
        answer = dict(Name=document.name, DefaultVersion=str(version.number))
        return dict(Description=dict(answer, DefaultVersionName=version.name) if version.name else answer)

    def get_document(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        document = self._document(call, params["Name"], shared=True)
        version = _version(document, params.get("DocumentVersion", "$DEFAULT"), params.get("VersionName"))
        return _shown(
            Name=document.name, CreatedDate=version.created, DisplayName=document.display_name,
            VersionName=version.name, DocumentVersion=str(version.number), Status=version.status(),
            DocumentType=document.type, **_as_asked(version, params.get("DocumentFormat", version.format)),
            Requires=document.requires or None,
        )

    def describe_document(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        document = self._document(call, params["Name"])
        version = _version(document, params.get("DocumentVersion", "$DEFAULT"), params.get("VersionName"))
        return dict(Document=_description(document, version))

    def list_documents(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        found = [
            document
            for (_account, region), documents in self._documents.items()
            for document in documents.values()
            if region == call.region and (document.owner == call.account or may_use(document.shared, call.account))
        ]
        filters = [(entry["Key"], entry.get("Values") or []) for entry in params.get("Filters") or []]
        filters += [(entry["key"], [entry["value"]]) for entry in params.get("DocumentFilterList") or []]
        for key, values in filters:
            found = [document for document in found if _matches(document, key, values, call.account)]
        answer = paged("DocumentIdentifiers", found, params, "documents", SIZE, "InvalidNextToken")
        return dict(answer, DocumentIdentifiers=[_identifier(each, call) for each in answer["DocumentIdentifiers"]])

    def list_document_versions(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        document = self._document(call, params["Name"])
        versions = sorted(document.versions.values(), key=lambda version: -version.number)
        answer = paged("DocumentVersions", versions, params, f"versions-{document.name}", SIZE, "InvalidNextToken")
        return dict(answer, DocumentVersions=[
            _shown(
                Name=document.name, DisplayName=document.display_name, DocumentVersion=str(version.number),
                VersionName=version.name, CreatedDate=version.created, DocumentFormat=version.format,
                IsDefaultVersion=version.number == document.default, Status=version.status(),
            )
            for version in answer["DocumentVersions"]
        ])

    def delete_document(self, call: Call, params: Dict[str, Any]) -> None:
        document = self._document(call, params["Name"])
        if "DocumentVersion" not in params and "VersionName" not in params:
            if document.shared:
                raise AwsError("InvalidDocumentOperation", "You attempted to delete a document while it is still "
                               "shared. You must stop sharing the document before you can delete it.")
            del self._documents[(call.account, call.region)][document.name]
            return
        version = _version(document, params.get("DocumentVersion", "$LATEST"), params.get("VersionName"))
        if version.number == document.default:
            raise AwsError("InvalidDocumentOperation", "The default version of a document cannot be deleted.")
        del document.versions[version.number]

    # Sharing

    def modify_document_permission(self, call: Call, params: Dict[str, Any]) -> None:
        modify(self._document(call, params["Name"]).shared, params)

    def describe_document_permission(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        document = self._document(call, params["Name"])
        return described(document.shared, params, document.name)

    # Tags

    def add_tags_to_resource(self, call: Call, params: Dict[str, Any]) -> None:
        self._tagged(call, params).tags.update({tag["Key"]: tag["Value"] for tag in params["Tags"]})

    def remove_tags_from_resource(self, call: Call, params: Dict[str, Any]) -> None:
        document = self._tagged(call, params)
        for key in params["TagKeys"]:
            document.tags.pop(key, None)

    def list_tags_for_resource(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return dict(TagList=_tags(self._tagged(call, params)))

    def _tagged(self, call: Call, params: Dict[str, Any]) -> Document:
        try:
            return self._document(call, params["ResourceId"])
        except AwsError as error:
            raise AwsError("InvalidResourceId", error.message) from error

    def _document(self, call: Call, name: str, shared: bool = False) -> Document:
        """By name, or by ARN; shared: also another account's, if it is shared with the caller's."""
        short = name.rpartition("document/")[2]
        owner = name.split(":")[4] if name.startswith("arn:") and name.count(":") == 5 else call.account
        found = self._documents.get((owner, call.region), {}).get(short)
        if found is not None and owner != call.account and not (shared and may_use(found.shared, call.account)):
            found = None
        if found is None:
            raise AwsError("InvalidDocument", f"Document with name {name} does not exist.")
        return found


def _version(document: Document, wanted: str, name: Optional[str] = None) -> Version:
    if name is not None:
        found = next((version for version in document.versions.values() if version.name == name), None)
    elif wanted in ("$LATEST", "$DEFAULT"):
        found = document.versions[document.latest if wanted == "$LATEST" else document.default]
    else:
        found = document.versions.get(int(wanted))
    if found is None:
        raise AwsError("InvalidDocumentVersion", f"Document {document.name} has no version {name or wanted}.")
    return found


def _shown(**values: Any) -> Dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _tags(document: Document) -> List[Dict[str, str]]:
    return [dict(Key=key, Value=value) for key, value in document.tags.items()]


def _as_asked(version: Version, format_: str) -> Dict[str, str]:
    """JSON that was written as YAML, and the other way round, is converted; TEXT is nothing else."""
    if format_ == version.format or "TEXT" in (format_, version.format):
        return dict(Content=version.text, DocumentFormat=version.format)
    return dict(Content=written(version.content, format_), DocumentFormat=format_)


def _matches(document: Document, key: str, values: List[str], account: str) -> bool:
    if key.startswith("tag:"):
        return document.tags.get(key[4:]) in values
    if key == "Name":
        return any(document.name.startswith(value) for value in values)
    if key == "DocumentType":
        return document.type in values
    if key == "Owner":
        own, known = document.owner == account, account in document.shared
        kind = "Self" if own else "Private" if known else "Public"
        return bool({"All", kind} & set(values))
    if key == "PlatformTypes":
        return bool(set(_platforms()) & set(values))
    raise AwsError("InvalidFilterKey", f"There is no filter {key}.")


def _platforms() -> List[str]:
    return ["Windows", "Linux", "MacOS"]


def _identifier(document: Document, call: Call) -> Dict[str, Any]:
    """Documents of other accounts are called by their ARNs."""
    version = document.versions[document.default]
    arn = f"arn:aws:ssm:{call.region}:{document.owner}:document/{document.name}"
    return _shown(
        Name=document.name if document.owner == call.account else arn, CreatedDate=version.created,
        DisplayName=document.display_name, Owner=document.owner,
        VersionName=version.name, PlatformTypes=_platforms(), DocumentVersion=str(version.number),
        DocumentType=document.type, SchemaVersion=version.content.get("schemaVersion"),
        DocumentFormat=version.format, TargetType=version.target_type, Tags=_tags(document),
    )


def _description(document: Document, version: Version) -> Dict[str, Any]:
    return _shown(
        Hash=version.hash, HashType="Sha256", Name=document.name, DisplayName=document.display_name,
        VersionName=version.name, Owner=document.owner, CreatedDate=version.created, Status=version.status(),
        DocumentVersion=str(version.number), Description=version.content.get("description"),
        PlatformTypes=_platforms(), DocumentType=document.type,
        SchemaVersion=version.content.get("schemaVersion"), LatestVersion=str(document.latest),
        DefaultVersion=str(document.default), DocumentFormat=version.format, TargetType=version.target_type,
        Tags=_tags(document) or None, Requires=document.requires or None,
    )
