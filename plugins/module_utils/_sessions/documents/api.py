# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One session document in one account and Region, its versions and its default: every call, nothing else."""

from __future__ import annotations

import json
import time
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from ..._aws import AwsError, Client
from ..._reconcile import UserError
from ..._waiting import wait_until

MOST_REMOVED = 5  # old versions that one update may delete to make room


class DocumentApi:
    """A document by name. `removed` tells which old versions had to make room."""

    def __init__(self, ssm: Client, name: str, timeout: float = 0, sleep: Callable[[float], None] = time.sleep) -> None:
        self._ssm = ssm
        self._name = name
        self._timeout = timeout
        self._sleep = sleep
        self.removed: List[str] = []

    def read(self, version: str = "$DEFAULT") -> Optional[Mapping[str, str]]:
        """`DocumentVersion`, `DocumentType` and `Content`; None if there is none.

        The content is JSON text, also where it was written as YAML.
        """
        try:
            return self._call("get_document", DocumentVersion=version, DocumentFormat="JSON")
        except AwsError as error:
            if error.code == "InvalidDocument":
                return None
            raise

    def latest_version(self) -> str:
        return self._call("describe_document")["Document"]["LatestVersion"]

    def versions(self) -> List[Dict[str, Any]]:
        return self._ssm.pages("list_document_versions", "DocumentVersions", Name=self._name)

    def tags(self) -> Dict[str, str]:
        answer = self._ssm.call("list_tags_for_resource", ResourceType="Document", ResourceId=self._name)
        return {tag["Key"]: tag["Value"] for tag in answer["TagList"]}

    def shared_with(self) -> List[str]:
        """The accounts that may use it too; `all` is everybody."""
        found: List[str] = []
        more: Dict[str, str] = {}
        while True:  # botocore has no paginator for it
            answer = self._call("describe_document_permission", PermissionType="Share", **more)
            found.extend(answer.get("AccountIds") or [])
            if not answer.get("NextToken"):
                return found
            more = dict(NextToken=answer["NextToken"])

    def create(self, content: Mapping[str, Any], tags: Optional[Mapping[str, str]] = None) -> Optional[str]:
        """Make the document and wait for it; returns its version, None where somebody else was quicker."""
        try:
            answer = self._call(
                "create_document",
                Content=_text(content),
                DocumentType="Session",
                DocumentFormat="JSON",
                **(dict(Tags=_pairs(tags)) if tags else {}),
            )
        except AwsError as error:
            if error.code == "DocumentAlreadyExists":
                return None
            raise
        version: str = answer["DocumentDescription"]["DocumentVersion"]
        self._wait(version)
        return version

    def update(self, content: Mapping[str, Any]) -> str:
        """Make a version with this content the default, a new one if no version has it; returns its number."""
        version = self._new_version(content)
        self._wait(version)
        self._call("update_document_default_version", DocumentVersion=version)
        return version

    def tag(self, tags: Mapping[str, str]) -> None:
        self._ssm.call("add_tags_to_resource", ResourceType="Document", ResourceId=self._name, Tags=_pairs(tags))

    def untag(self, keys: Sequence[str]) -> None:
        self._ssm.call("remove_tags_from_resource", ResourceType="Document", ResourceId=self._name, TagKeys=list(keys))

    def delete(self) -> None:
        try:
            self._call("delete_document")
        except AwsError as error:
            if error.code != "InvalidDocument":  # else it is gone already
                raise

    def _new_version(self, content: Mapping[str, Any]) -> str:
        while True:
            try:
                answer = self._call(
                    "update_document", Content=_text(content), DocumentVersion="$LATEST", DocumentFormat="JSON"
                )
                return answer["DocumentDescription"]["DocumentVersion"]
            except AwsError as error:
                if error.code == "DuplicateDocumentContent":
                    version = self._version_with(content)
                    if version is None:
                        raise
                    return version
                if error.code != "DocumentVersionLimitExceeded" or len(self.removed) >= MOST_REMOVED:
                    raise
                self._remove_oldest(error)

    def _version_with(self, content: Mapping[str, Any]) -> Optional[str]:
        """The newest version with this content, which is the latest in all but odd cases."""
        for version in sorted((int(each["DocumentVersion"]) for each in self.versions()), reverse=True):
            answer = self.read(str(version))
            if answer is not None and _loaded(answer["Content"]) == content:
                return str(version)
        return None

    def _remove_oldest(self, cause: AwsError) -> None:
        """Neither the default version is removed, nor the latest, which the next one follows."""
        versions = self.versions()
        latest = max(int(each["DocumentVersion"]) for each in versions)
        old = [int(each["DocumentVersion"]) for each in versions if not each.get("IsDefaultVersion")]
        old = sorted(version for version in old if version != latest)
        if not old:
            raise cause
        self._call("delete_document", DocumentVersion=str(old[0]))
        self.removed.append(str(old[0]))

    def _wait(self, version: str) -> None:
        state = wait_until(
            lambda: self._call("describe_document", DocumentVersion=version)["Document"],
            lambda document: document["Status"] not in ("Creating", "Updating"),
            self._timeout,
            sleep=self._sleep,
        )
        if state["Status"] in ("Creating", "Updating"):
            raise UserError(
                f"version {version} of the document {self._name} is still being made after {self._timeout:g} seconds; "
                "run again to go on, or raise wait_timeout"
            )
        if state["Status"] != "Active":
            reason = state.get("StatusInformation") or "AWS gives no reason"
            raise UserError(f"version {version} of the document {self._name} is {state['Status']}: {reason}")

    def _call(self, operation: str, **parameters: Any) -> Dict[str, Any]:
        return self._ssm.call(operation, Name=self._name, **parameters)


def own_session_documents(ssm: Client) -> List[str]:
    """The names of all session documents that the account itself has, 50 a request."""
    filters = [dict(Key="Owner", Values=["Self"]), dict(Key="DocumentType", Values=["Session"])]
    return [found["Name"] for found in ssm.pages("list_documents", "DocumentIdentifiers", Filters=filters)]


def _pairs(tags: Mapping[str, str]) -> List[Dict[str, str]]:
    return [dict(Key=key, Value=value) for key, value in tags.items()]


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
