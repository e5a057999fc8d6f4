# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The regular expressions that limit what people may give to a session document. Pure: no AWS, no Ansible.

AWS takes a value as soon as a part of it matches, so that `[a-z]+` lets `x; rm -rf /` through. Only an expression
that begins with ^ and ends with $, in each of its alternatives, looks at the whole value.
"""

from __future__ import annotations

import re
from typing import Iterator, List, Optional, Sequence, Tuple

# What a shell takes for more than a part of a word, and how people call it.
SHELL_CHARACTERS = {
    ";": ";",
    "&": "&",
    "|": "|",
    "`": "`",
    "$": "$",
    "(": "(",
    "<": "<",
    ">": ">",
    "\n": "line feed",
    "'": "'",
    '"': '"',
}

_OPEN, _CLOSE, _OR, _ANCHOR, _ATOM, _REPEAT, _FLAGS = "open", "close", "or", "anchor", "atom", "repeat", "flags"
Token = Tuple[str, str]

_PREFIX = re.compile(r"\?(?:[:=!>|]|<[=!]|P?<\w+>|P=\w+|[aiLmsux-]+:)")
_GLOBAL_FLAGS = re.compile(r"\(\?([aiLmsux-]+)\)")
_MANY_LINES = re.compile(r"\(\?[aiLsux]*m")
_WITH_COMMENTS = re.compile(r"\(\?[aiLmsu]*x")
_COUNT = re.compile(r"\{\d*,?\d*\}")
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")  # they take no part in the match
_STARTS, _ENDS = ("^", "\\A"), ("$", "\\Z", "\\z")


def pattern_problem(pattern: str) -> Optional[str]:
    """Why a regular expression does not limit values; None where it does."""
    try:
        re.compile(pattern.replace("\\z", "\\Z"))
    except re.error as error:
        return f"'{pattern}' is no regular expression ({error})"
    tokens = list(_tokens(pattern))
    if any(_MANY_LINES.match(text) for kind, text in tokens if kind in (_FLAGS, _OPEN)):
        return f"'{pattern}' looks at one line of a value only, because of its flag m; leave that out"
    if any(_WITH_COMMENTS.match(text) for kind, text in tokens if kind in (_FLAGS, _OPEN)):
        return f"'{pattern}' may end in a comment, because of its flag x; leave that out"
    if not _anchored(tokens):
        return (
            f"'{pattern}' is not anchored, so that a value passes as soon as a part of it matches, and whatever stands "
            "before or after that part too, such as '; rm -rf /'; write it as ^(...)$"
        )
    return None


def lets_through(pattern: str, characters: Sequence[str]) -> List[str]:
    """Those of the characters that may stand in a value which matches."""
    atoms = {text for kind, text in _tokens(pattern) if kind == _ATOM}
    return [character for character in characters if any(_takes(atom, character) for atom in atoms)]


def matches(pattern: str, value: str) -> bool:
    """As AWS looks at it: a part of the value is enough."""
    return re.search(pattern.replace("\\z", "\\Z"), value) is not None


def _takes(atom: str, character: str) -> bool:
    try:
        return re.fullmatch(atom, character) is not None
    except re.error:  # a back reference, which means nothing alone
        return False


def _anchored(tokens: Sequence[Token]) -> bool:
    return all(_branch_anchored(branch) for branch in _branches([token for token in tokens if token[0] != _FLAGS]))


def _branch_anchored(branch: Sequence[Token]) -> bool:
    if len(branch) > 1 and branch[0][0] == _ANCHOR and branch[-1][0] == _ANCHOR:
        return branch[0][1] in _STARTS and branch[-1][1] in _ENDS
    if _is_one_group(branch):
        return _anchored(branch[1:-1])
    return False


def _is_one_group(branch: Sequence[Token]) -> bool:
    """Whether it is one group that takes part in the match, from its beginning to its end."""
    if len(branch) < 3 or branch[0][0] != _OPEN or branch[-1][0] != _CLOSE or branch[0][1] in _LOOKS:
        return False
    depth = 0
    for index, (kind, _text) in enumerate(branch):
        depth += 1 if kind == _OPEN else -1 if kind == _CLOSE else 0
        if depth == 0:
            return index == len(branch) - 1
    return False


def _branches(tokens: Sequence[Token]) -> List[List[Token]]:
    """The alternatives at the top."""
    found: List[List[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += 1 if token[0] == _OPEN else -1 if token[0] == _CLOSE else 0
        if token[0] == _OR and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return found


def _tokens(pattern: str) -> Iterator[Token]:
    """The parts of a regular expression that compiles."""
    at = 0
    while at < len(pattern):
        kind, end = _token(pattern, at)
        yield kind, pattern[at:end]
        at = end


def _token(pattern: str, at: int) -> Tuple[str, int]:
    """What begins at an index, and where it ends."""
    character = pattern[at]
    if character == "(":
        flags = _GLOBAL_FLAGS.match(pattern, at)
        if flags:
            return _FLAGS, flags.end()
        prefix = _PREFIX.match(pattern, at + 1)
        return _OPEN, prefix.end() if prefix else at + 1
    if character == "{":
        count = _COUNT.match(pattern, at)
        return (_REPEAT, count.end()) if count else (_ATOM, at + 1)
    if character == "[":
        return _ATOM, _end_of_class(pattern, at)
    if character == "\\":
        return (_ANCHOR if pattern[at + 1] in "AZzbB" else _ATOM), _end_of_escape(pattern, at)
    kinds = {")": _CLOSE, "|": _OR, "^": _ANCHOR, "$": _ANCHOR, "*": _REPEAT, "+": _REPEAT, "?": _REPEAT}
    return kinds.get(character, _ATOM), at + 1


def _end_of_class(pattern: str, at: int) -> int:
    end = at + 1
    if pattern.startswith("^", end):
        end += 1
    if pattern.startswith("]", end):  # the first one stands for itself
        end += 1
    while pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end + 1


def _end_of_escape(pattern: str, at: int) -> int:
    for form in (r"\\x[0-9a-fA-F]{2}", r"\\u[0-9a-fA-F]{4}", r"\\U[0-9a-fA-F]{8}", r"\\[0-7]{3}"):
        match = re.compile(form).match(pattern, at)
        if match:
            return match.end()
    return at + 2
