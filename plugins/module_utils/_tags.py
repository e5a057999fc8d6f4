# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags as people write them, and the way from those that are there to those that shall be. Pure: no AWS, no Ansible."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

MANAGED_TAG = "keyless:managed"  # what this collection made, as far as AWS can tag it
MAX_TAGS = 50

_CHARACTERS = "letters, digits, blanks or any of _ . : / = + - @"
_CHARACTER = re.compile(r"[^\W_]|[_.:/=+\-@]|(?![\x00-\x1f\x7f-\x9f])\s")


def tag_findings(tags: Optional[Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with tags, as most services of AWS take them."""
    if len(tags or {}) > MAX_TAGS:
        yield f"{len(tags or {})} tags are more than the {MAX_TAGS} that AWS takes"
    for key, value in (tags or {}).items():
        if value is None or isinstance(value, (bool, dict, list)):
            yield f"the value of '{key}' is {value!r}, not a text; quote it"
        elif not 1 <= len(key) <= 128 or key.lower().startswith("aws:") or not all(map(_CHARACTER.match, key)):
            yield f"'{key}' is no tag key: AWS takes 1 to 128 {_CHARACTERS}, not beginning with aws:"
        elif len(str(value)) > 256 or not all(map(_CHARACTER.match, str(value))):
            yield f"'{value}' is no value for the tag '{key}': AWS takes at most 256 {_CHARACTERS}"


def goal_tags(have: Mapping[str, str], wanted: Mapping[str, str], purge: bool) -> Dict[str, str]:
    """What will be there; AWS's own tags and ours are never purged."""
    kept = {key: value for key, value in have.items() if not purge or key == MANAGED_TAG or key.startswith("aws:")}
    return dict(kept, **wanted)


def tag_steps(have: Mapping[str, str], goal: Mapping[str, str]) -> Tuple[Dict[str, str], List[str]]:
    """What to add or overwrite, and which keys to remove."""
    return {key: value for key, value in goal.items() if have.get(key) != value}, sorted(set(have) - set(goal))
