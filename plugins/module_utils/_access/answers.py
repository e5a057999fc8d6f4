# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who can reach what, as which OS user, and if not, why: from actual state that was read back, not from the model."""

from __future__ import annotations

from typing import Any, List, Mapping, Type

from .desktop_questions import DesktopQuestion
from .facts import Facts
from .questions import Question, Row


def access_answers(facts: Mapping[str, Any]) -> List[Row]:
    """One row for each person and host."""
    known = Facts(facts)
    users = sorted(known.users, key=lambda user: str(user["user_name"]))
    return [_question(host)(known, user, host).row() for user in users for host in known.hosts]


def _question(host: Mapping[str, Any]) -> Type[Question]:
    return DesktopQuestion if str(host.get("platform")).lower() == "windows" else Question
