# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session documents of one's own, as plain data: what people ask for, and what AWS has.

Facts from https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html and from the
CreateDocument operation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, FrozenSet, List, Mapping, Optional

from ..preferences.records import DOCUMENT

KIND = "session_document"
PREFERENCES = DOCUMENT  # it has a module of its own
TYPE = "Session"  # AWS's DocumentType
SCHEMA_VERSION = "1.0"
MAX_BYTES = 64 * 1024

STANDARD_STREAM, PORT = "Standard_Stream", "Port"
INTERACTIVE, NON_INTERACTIVE = "InteractiveCommands", "NonInteractiveCommands"
# The option's words -> AWS's.
SESSION_TYPES: Dict[str, str] = {
    "standard_stream": STANDARD_STREAM,
    "interactive_commands": INTERACTIVE,
    "non_interactive_commands": NON_INTERACTIVE,
    "port": PORT,
}
COMMAND_TYPES = (INTERACTIVE, NON_INTERACTIVE)
SYSTEMS = ("linux", "macos", "windows")
TOP_KEYS = ("schemaVersion", "description", "sessionType", "inputs", "parameters", "properties")

# Option -> what it is in the document, in the order in which they are shown.
PORT_PROPERTIES: Dict[str, str] = {"port": "portNumber", "host": "host", "local_port": "localPortNumber"}
FORWARDING = "LocalPortForwarding"
PARAMETER_FIELDS: Dict[str, str] = {
    "type": "type",
    "description": "description",
    "default": "default",
    "allowed_values": "allowedValues",
    "allowed_pattern": "allowedPattern",
    "min_chars": "minChars",
    "max_chars": "maxChars",
    "min_items": "minItems",
    "max_items": "maxItems",
    "interpolation_type": "interpolationType",
}
ENV_VAR = "ENV_VAR"

NAME = re.compile(r"[a-zA-Z0-9_\-.]{3,128}")
# AWS compares some of them with regard to upper and lower case; nobody needs such a name.
RESERVED = ("aws", "amazon", "amzn")


@dataclass(frozen=True)
class Wanted:
    """One document as the task asks for it; None is untouched.

    path: where it stands in the task. inputs, parameters, properties: by AWS's names. properties: '' removes one.
    content: the whole content, which replaces what is there.
    """

    path: str
    name: str
    absent: bool = False
    session_type: Optional[str] = None
    description: Optional[str] = None
    inputs: Optional[Mapping[str, Any]] = None
    parameters: Optional[Mapping[str, Mapping[str, Any]]] = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    commands: Optional[Mapping[str, Mapping[str, Any]]] = None
    content: Optional[Mapping[str, Any]] = None
    tags: Optional[Mapping[str, str]] = None
    purge_tags: bool = True


@dataclass(frozen=True)
class Document:
    """What AWS has under a name: the default version's number and content.

    tags: None where nobody asked. shared_with: accounts, or `all`; only looked at before a deletion.
    """

    version: str
    content: Mapping[str, Any]
    type: str = TYPE
    tags: Optional[Mapping[str, str]] = None
    shared_with: FrozenSet[str] = frozenset()


@dataclass(frozen=True)
class Item:
    """One wanted document in one account and Region, and what is there.

    problems, warnings: what was found about the destinations that its inputs would name.
    unread: why nothing could be read.
    """

    account_id: str
    region: str
    want: Wanted
    document: Optional[Document] = None
    problems: List[str] = field(default_factory=list)
    warnings: List[str] = field(default_factory=list)
    unread: str = ""

    @property
    def place(self) -> str:
        return f"{self.account_id}/{self.region}"

    @property
    def name(self) -> str:
        return f"{self.place}/{self.want.name}"


@dataclass(frozen=True)
class Current:
    """What was read, and which places could not be reached: name -> why."""

    items: List[Item]
    unreachable: Mapping[str, str] = field(default_factory=dict)


def name_problem(name: str) -> Optional[str]:
    """Why AWS, or this collection, does not take a name for a session document of one's own."""
    if name == PREFERENCES:
        return f"'{name}' holds the preferences of Session Manager; set them with keyless.aws.session_preferences"
    if not NAME.fullmatch(name):
        return f"'{name}' is no name of a document; give 3 to 128 of a-z, A-Z, 0-9, _ - and ."
    if name.lower().startswith(RESERVED):
        return f"'{name}' begins with a word that AWS keeps for itself ({', '.join(RESERVED)}); choose another name"
    return None
