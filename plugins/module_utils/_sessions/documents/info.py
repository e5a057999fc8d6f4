# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What session_document_info answers: session documents of one's own, read back and judged."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple

from ..._parallel import in_parallel
from ..._reconcile import Problems, UserError, unread_error
from ..._targets import Connection, reach, target_problems, targets
from .api import DocumentApi, own_session_documents
from .plan import document_result
from .records import KIND, PREFERENCES, TYPE, Item, Wanted, name_problem
from .resource import read_document
from .rules import findings
from .validate import option_path

# An account and Region, and a document there.
Pair = Tuple[Connection, str]


def read_documents(module: Any) -> Mapping[str, Any]:
    """Fails where something cannot be read, with what could be."""
    names: Optional[List[str]] = module.params["names"]
    problems = target_problems(module.params["targets"])
    problems += [
        f"names[{index}]: {name_problem(name)}" for index, name in enumerate(names or []) if name_problem(name)
    ]
    if problems:
        raise Problems(problems)
    reached = reach(module, targets(module.params["targets"]))
    unread = dict(reached.unreachable)
    pairs: List[Pair] = []
    for connection, answer in zip(reached.connections, in_parallel(reached.connections, lambda at: _names(at, names))):
        if isinstance(answer, UserError):
            unread[connection.name] = answer.message
        else:
            pairs.extend((connection, name) for name in answer)
    entries: List[Dict[str, Any]] = []
    for (connection, name), entry in zip(pairs, in_parallel(pairs, _entry)):
        if isinstance(entry, UserError):
            unread[f"{connection.name}/{name}"] = entry.message
        else:
            entries.append(entry)
    if unread:
        raise unread_error(KIND, unread, "", session_documents=entries)
    return dict(session_documents=entries)


def _names(connection: Connection, names: Optional[List[str]]) -> List[str]:
    """The wanted names, or those of all in their order; the preferences' document has a module of its own."""
    if names is not None:
        return names
    return sorted(name for name in own_session_documents(connection.client("ssm")) if name != PREFERENCES)


def _entry(pair: Pair) -> Dict[str, Any]:
    connection, name = pair
    api = DocumentApi(connection.client("ssm"), name)
    item = Item(connection.account_id, connection.region, Wanted("", name))
    document = read_document(api, tags=True, sharing=True)
    if document is None:
        return document_result(item, None)
    if document.type != TYPE:
        raise UserError(f"the document's type is {document.type}, not {TYPE}")
    result = document_result(item, document.content, document.version)
    result.update(
        content=document.content,
        tags=dict(document.tags or {}),
        shared_with=sorted(document.shared_with),
        versions=[_shown_version(version) for version in api.versions()],
        problems=[f"{option_path(each.path)}: {each.text}" for each in findings(document.content)],
    )
    return result


def _shown_version(version: Mapping[str, Any]) -> Dict[str, Any]:
    return dict(
        version=version["DocumentVersion"],
        is_default=bool(version.get("IsDefaultVersion")),
        status=version.get("Status", ""),
        created_date=str(version.get("CreatedDate", "")),
    )
