# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names an OS user or group may have when Session Manager shall run a session as that user.

The agent hands the name to `sh -c "id NAME"` without quotes and without a check of its own, and a number is taken for
a UID. What is a safe name is therefore decided here, more strictly than any distribution's useradd does.
"""

from __future__ import annotations

import re
from typing import Any, Optional

LONGEST_NAME = 32

_NAME = re.compile(r"[a-z_][a-z0-9_-]{0,31}\Z")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?\Z")
_RULE = "a lower-case letter or '_' first, then up to 31 of a-z, 0-9, '_' and '-'"


def os_user_name_problem(name: Any) -> Optional[str]:
    """Say what is wrong with `name` as an OS user name and how to mend it; None when nothing is."""
    problem = os_group_name_problem(name)
    if problem is None and name == "root":
        return "'root' is never a Run As user, the agent refuses it; give the name of an ordinary user"
    return problem


def os_group_name_problem(name: Any) -> Optional[str]:
    """Say what is wrong with `name` as the name of an OS group and how to mend it; None when nothing is."""
    if name is None or name == "":
        return "the name is empty; give " + _RULE
    if not isinstance(name, str):
        return _not_text(name)
    if _NAME.match(name):
        return None
    return _why_not(name)


def _not_text(name: Any) -> str:
    if isinstance(name, (int, float)) and not isinstance(name, bool):
        return _number(name)
    return f"{name!r} is not a text; quote it, and give {_RULE}"


def _number(name: Any) -> str:
    return f"'{name}' is a number, which would be taken for a numeric id; give a name that begins with a letter"


def _why_not(name: str) -> str:
    if "@" in name:
        local_part = name.split("@")[0].lower()
        like = f", such as '{local_part}'" if _NAME.match(local_part) and local_part != "root" else ""
        return f"'{name}' is an e-mail address, not an OS user name; give the name without the part from '@' on{like}"
    if _NUMBER.match(name):
        return _number(name)
    if len(name) > LONGEST_NAME:
        return f"'{name}' is {len(name)} characters long; give at most {LONGEST_NAME}"
    if _NAME.match(name.lower()):
        return f"'{name}' has upper-case letters; give '{name.lower()}'"
    return f"{name!r} is not a safe name; give {_RULE}"
