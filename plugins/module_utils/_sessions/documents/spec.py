# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option `documents`, as Ansible reads it; the module documents it."""

from __future__ import annotations

from typing import Any, Dict

from ..preferences.records import INPUTS_SPEC
from .records import ENV_VAR, SESSION_TYPES, SYSTEMS

_PARAMETER: Dict[str, Any] = dict(
    name=dict(type="str", required=True),
    type=dict(type="str", choices=["String", "StringList"], default="String"),
    description=dict(type="str"),
    default=dict(type="raw"),
    allowed_values=dict(type="list", elements="str"),
    allowed_pattern=dict(type="str"),
    min_chars=dict(type="int"),
    max_chars=dict(type="int"),
    min_items=dict(type="int"),
    max_items=dict(type="int"),
    interpolation_type=dict(type="str", choices=[ENV_VAR]),
)
_COMMAND: Dict[str, Any] = dict(
    type="dict",
    options=dict(
        commands=dict(type="str", required=True),
        run_as_elevated=dict(type="bool", default=False),
    ),
)

DOCUMENTS_SPEC: Dict[str, Any] = dict(
    documents=dict(
        type="list",
        elements="dict",
        required=True,
        options=dict(
            name=dict(type="str", required=True),
            state=dict(type="str", choices=["present", "absent"], default="present"),
            session_type=dict(type="str", choices=list(SESSION_TYPES)),
            description=dict(type="str"),
            port=dict(type="str"),
            host=dict(type="str"),
            local_port=dict(type="str"),
            commands=dict(type="dict", options=dict.fromkeys(SYSTEMS, _COMMAND)),
            parameters=dict(type="list", elements="dict", options=_PARAMETER),
            inputs=dict(type="dict", options=INPUTS_SPEC),
            content=dict(type="dict"),
            tags=dict(type="dict"),
        ),
    )
)
