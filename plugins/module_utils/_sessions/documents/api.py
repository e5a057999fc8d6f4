# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One session document in one account and Region, its versions and its default: every call, nothing else."""

from __future__ import annotations

import json
import time
from typing import Any, Callable, Dict, List, Mapping, Optional

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
        """`DocumentVersion` and `Content` (JSON text, also where it was written as YAML); None if there is none."""
        try:
            return self._call("get_document", DocumentVersion=version, DocumentFormat="JSON")
        except AwsError as error:
            if error.code == "InvalidDocument":
                return None
            raise

    def latest_version(self) -> str:
        return self._call("describe_document")["Document"]["LatestVersion"]

    def create(self, content: Mapping[str, Any]) -> Optional[str]:
        """Make the document and wait for it; returns its version, None where somebody else was quicker."""
        try:
            answer = self._call(
                "create_document", Content=_text(content), DocumentType="Session", DocumentFormat="JSON"
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
        for version in sorted((int(each["DocumentVersion"]) for each in self._versions()), reverse=True):
            answer = self.read(str(version))
            if answer is not None and _loaded(answer["Content"]) == content:
                return str(version)
        return None

    def _remove_oldest(self, cause: AwsError) -> None:
        """Neither the default version is removed, nor the latest, which the next one follows."""
        versions = self._versions()
        latest = max(int(each["DocumentVersion"]) for each in versions)
        old = [int(each["DocumentVersion"]) for each in versions if not each.get("IsDefaultVersion")]
        old = sorted(version for version in old if version != latest)
        if not old:
            raise cause
        self._call("delete_document", DocumentVersion=str(old[0]))
        self.removed.append(str(old[0]))

    def _versions(self) -> List[Dict[str, Any]]:
        return self._ssm.pages("list_document_versions", "DocumentVersions", Name=self._name)

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


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
