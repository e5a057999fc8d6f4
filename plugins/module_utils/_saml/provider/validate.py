# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SAML providers as people write them. Pure: files are read by whoever is handed in.

Limits from CreateSAMLProvider in the IAM API reference.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from ..._reconcile import Problems, UserError
from ..._tags import MANAGED_TAG, MAX_TAGS, tag_findings
from ..certificates import read_private_key
from ..metadata import read_metadata
from .records import KEY_TAG, MAX_KEYS, NewKey, Wanted

MAX_WARN_DAYS = 36500

ReadFile = Callable[[str], bytes]
# What is wrong: the option under the provider, and the text.
Finding = Tuple[str, str]

_NAME = re.compile(r"[\w.-]{1,128}", re.ASCII)
_IDENTITY_CENTERS = re.compile(r"AWSSSO_.*_DO_NOT_DELETE", re.I)


def wanted_providers(
    items: Sequence[Mapping[str, Any]], now: datetime, read_file: ReadFile, option: str = "providers"
) -> List[Wanted]:
    """The module's list as records; `Problems` with everything that is wrong."""
    problems: List[str] = []
    records: List[Wanted] = []
    names: Dict[str, int] = {}
    for index, item in enumerate(items):
        path = f"{option}[{index}]"
        findings = list(_name_findings(item["name"]))
        first = names.setdefault(item["name"], index)
        if first != index:
            findings.append(("name", f"'{item['name']}' is listed twice, first as {option}[{first}]; list it once"))
        if item.get("state") == "absent":
            record = Wanted(path, item["name"], absent=True, force=bool(item.get("force")))
        else:
            record = _record(path, item, now, read_file, findings)
        problems.extend(f"{path}.{place}: {text}" for place, text in findings)
        records.append(record)
    if problems:
        raise Problems(problems)
    return records


def _name_findings(name: str) -> Iterator[Finding]:
    if not _NAME.fullmatch(name):
        yield "name", f"'{name[:140]}' must be 1 to 128 letters, digits or any of _ . -"
    elif _IDENTITY_CENTERS.fullmatch(name):
        yield "name", f"'{name}' is Identity Center's own, and only Identity Center may change it; take it out"


def _record(path: str, item: Mapping[str, Any], now: datetime, read_file: ReadFile, findings: List[Finding]) -> Wanted:
    warn_days = item.get("warn_days", 30)
    if not 0 <= warn_days <= MAX_WARN_DAYS:
        findings.append(("warn_days", f"{warn_days} is out of range; give 0 to {MAX_WARN_DAYS}"))
    findings.extend(("tags", text) for text in _tag_problems(item.get("tags")))
    document, metadata = _metadata(item, now, read_file, findings)
    keys = _private_keys(item.get("private_keys"), read_file, findings)
    mode = item.get("assertion_encryption_mode")
    if mode == "required" and keys == [] and item.get("purge_private_keys", True):
        findings.append(("private_keys", "is empty, and assertion_encryption_mode: required needs a key; give one"))
    tags = item.get("tags")
    return Wanted(
        path,
        item["name"],
        document=document,
        metadata=metadata,
        mode=mode,
        private_keys=keys,
        purge_private_keys=bool(item.get("purge_private_keys", True)),
        tags=None if tags is None else {key: str(value) for key, value in tags.items()},
        purge_tags=bool(item.get("purge_tags", True)),
        warn_days=warn_days,
    )


def _tag_problems(tags: Optional[Mapping[str, Any]]) -> Iterator[str]:
    yield from tag_findings(tags)
    most = MAX_TAGS - MAX_KEYS - 1
    if most < len(tags or {}) <= MAX_TAGS:
        yield f"{len(tags or {})} tags leave no room for {MANAGED_TAG} and for those that remember keys; give {most}"
    for key in tags or {}:
        if key.startswith(KEY_TAG):
            yield f"'{key}' remembers a private key, and is written by the module itself; take it out"


def _metadata(item: Mapping[str, Any], now: datetime, read_file: ReadFile, findings: List[Finding]) -> Any:
    """The document's text and facts, None for both where it is not given or not good."""
    text, file = item.get("metadata"), item.get("metadata_file")
    if text is not None and file is not None:
        findings.append(("metadata", "is given, and metadata_file too; give one of them"))
        return None, None
    if text is None and file is None:
        return None, None
    source: Union[str, bytes] = text or ""
    place, prefix = "metadata", ""
    if file is not None:
        place, prefix = "metadata_file", f"{file}: "
        try:
            source = read_file(file)
        except UserError as error:
            findings.append((place, prefix + error.message))
            return None, None
    found = read_metadata(source, now)
    findings.extend((place, prefix + problem) for problem in found.problems)
    if found.problems:
        return None, None
    return (source if isinstance(source, str) else source.decode("utf-8")), found


def _private_keys(
    items: Optional[Sequence[Mapping[str, Any]]], read_file: ReadFile, findings: List[Finding]
) -> Optional[List[NewKey]]:
    if items is None:
        return None
    if len(items) > MAX_KEYS:
        findings.append(("private_keys", f"{len(items)} keys are more than the {MAX_KEYS} that AWS takes"))
    keys: Dict[str, int] = {}
    found = []
    for index, item in enumerate(items):
        place = f"private_keys[{index}]"
        try:
            key = _private_key(item, read_file)
        except UserError as error:
            findings.append((place, error.message))
            continue
        first = keys.setdefault(key.fingerprint, index)
        if first != index:
            findings.append((place, f"is the same key as private_keys[{first}]; list it once"))
        found.append(key)
    return found


def _private_key(item: Mapping[str, Any], read_file: ReadFile) -> NewKey:
    pem, file = item.get("pem"), item.get("pem_file")
    if (pem is None) == (file is None):
        raise UserError("give pem or pem_file" + (", not both" if pem is not None else ""))
    prefix = ""
    if file is not None and "PRIVATE KEY" in file:
        raise UserError("pem_file is a key itself; give it as pem")
    if file is not None:
        prefix = f"{file}: "
        try:
            pem = read_file(file).decode("utf-8")
        except UnicodeDecodeError:
            raise UserError(f"{file}: is no text; give a private key in PEM format") from None
        except UserError as error:
            raise UserError(prefix + error.message) from None
    try:
        fingerprint, _bits = read_private_key(str(pem))
    except UserError as error:
        raise UserError(prefix + error.message) from None
    return NewKey(fingerprint, str(pem))
