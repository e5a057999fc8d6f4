# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wildcards and ARNs of policies, which are patterns themselves: what they may reach, never more than they say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, List, Optional, Sequence

INSTANCE, MANAGED, TASK, DOCUMENT, SESSION = "instance", "managed-instance", "task", "document", "session"
# What a session is about -> the service in its ARN.
_SERVICES: Dict[str, str] = {INSTANCE: "ec2", MANAGED: "ssm", TASK: "ecs", DOCUMENT: "ssm", SESSION: "ssm"}
NODES = (INSTANCE, MANAGED)

# No $ within: otherwise a text with many beginnings and no end takes the square of its length.
_VARIABLE = re.compile(r"\$\{(?:\$|[^}$]*)\}")
_PIECE = re.compile(_VARIABLE.pattern + "|.", re.DOTALL)


@lru_cache(maxsize=4096)
def meet(one: str, other: str) -> bool:
    """Whether two patterns with * and ? have a text in common. No backtracking, so no pattern is slow."""
    for pattern, text in ((one, other), (other, one)):
        if "*" not in text and len(pattern.replace("*", "")) > len(text):
            return False
    seen = set()
    left = [(0, 0)]
    while left:
        at_one, at_other = left.pop()
        if (at_one, at_other) in seen:
            continue
        seen.add((at_one, at_other))
        if at_one == len(one) and at_other == len(other):
            return True
        here, there = one[at_one : at_one + 1], other[at_other : at_other + 1]
        if here == "*":
            left.append((at_one + 1, at_other))
            if there:
                left.append((at_one, at_other + 1))
        if there == "*":
            left.append((at_one, at_other + 1))
            if here:
                left.append((at_one + 1, at_other))
        if here and there and "*" not in (here, there) and (here == there or "?" in (here, there)):
            left.append((at_one + 1, at_other + 1))
    return False


def names_action(pattern: str, action: str) -> bool:
    return meet(pattern.lower(), action.lower())


def variables(text: str) -> List[str]:
    """The names of the policy variables in a text; what has a default value always has one and is left out."""
    names = [found[2:-1].strip() for found in _VARIABLE.findall(text)]
    return [name for name in names if "," not in name]


@dataclass(frozen=True)
class Arn:
    """A resource as a statement writes it, in the parts of an ARN. Variables stand for anything."""

    text: str
    service: str
    region: str
    account: str
    resource: str

    @property
    def everything(self) -> bool:
        return (self.service, self.region, self.account, self.resource) == ("*",) * 4

    def may_be(self, kind: str) -> bool:
        return meet(self.service, _SERVICES[kind]) and meet(wild(self.resource), kind + "/*")

    def all_of(self, kind: str) -> bool:
        """Whether it is every resource of a kind, in whichever accounts and Regions."""
        return meet(self.service, _SERVICES[kind]) and self.resource in ("*", kind + "/*", kind + "*")

    @property
    def document(self) -> Optional[str]:
        """The name of a document, which may have wildcards; None where it names none."""
        return self.resource[len("document/") :] if self.resource.startswith("document/") else None

    def is_document(self, name: str, by_aws: bool) -> bool:
        """Whether it reaches a document; the ARN of one that AWS owns has no account."""
        if not meet(self.service, "ssm") or not meet(wild(self.resource), "document/" + name):
            return False
        return meet(wild(self.account), "") if by_aws else bool(self.account)


@lru_cache(maxsize=4096)
def arn_of(text: str) -> Optional[Arn]:
    """None where the text is neither * nor has an ARN's six parts."""
    parts = _split(text)
    if text == "*":
        parts = ["arn"] + ["*"] * 5
    elif len(parts) < 6 and parts[-1] == "*":
        parts += ["*"] * (6 - len(parts))
    if len(parts) != 6 or not meet(parts[0], "arn"):
        return None
    return Arn(text, *parts[2:])


def any_of(arns: Sequence[Arn], *kinds: str) -> bool:
    return any(arn.may_be(kind) for arn in arns for kind in kinds)


def _split(text: str) -> List[str]:
    """At the first five colons that are not within a policy variable."""
    parts = [""]
    for piece in _PIECE.findall(text):
        if piece == ":" and len(parts) < 6:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def without_variables(text: str) -> str:
    return _VARIABLE.sub("", text)


def wild(text: str) -> str:
    """A text in which policy variables may be anything."""
    return _VARIABLE.sub("*", text)
