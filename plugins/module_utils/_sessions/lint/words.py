# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about words: actions, condition keys and policy variables that do not exist, or not where they stand."""

from __future__ import annotations

import difflib
import re
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

from ..._shape import nearest
from . import vocabulary
from .facts import Policy
from .patterns import Arn, meet, names_action, variables, wild
from .statements import ERROR, VERSION, WARNING, Problem, Statement

# Action -> its resource types and its condition keys.
ACTIONS: Dict[str, Tuple[Sequence[str], Sequence[str]]] = {
    f"{service}:{action}": (types.split(), keys.split())
    for service, types, keys, actions in vocabulary.ROWS
    for action in actions.split()
}
SERVICES = sorted({service for service, _types, _keys, _actions in vocabulary.ROWS})
OWN_KEYS = vocabulary.CONDITION_KEYS.split()
GLOBAL_KEYS = vocabulary.GLOBAL_KEYS.split()
# What AWS's guide writes as resources of ssmmessages, whose actions have none in the list.
_CHANNELS = ("ssm:session/",)

_LOWER = {action.lower(): action for action in ACTIONS}
_SINCE = f"AWS's list of {vocabulary.DATE}"
# How near the name of a service has to be. Real ones that are as near are in the table.
_NEAR = 0.65
_LITERAL = ("*", "?", "$")
_LEFT_OVER = re.compile(r"\$\$\{|&\{|\{\{|\}\}|<[A-Za-z_ -]+>|%\{")


def unknown_actions(policy: Policy) -> Iterator[Problem]:
    for statement in policy.statements:
        for element, patterns in (("Action", statement.actions), ("NotAction", statement.not_actions)):
            for pattern in patterns:
                found = _unknown_action(pattern)
                if found is not None:
                    text, near = found
                    effect = "leaves nothing out" if element == "NotAction" else f"{statement.verb} nothing"
                    mend = f"Write {near}." if near else "Correct or remove it."
                    severity = ERROR if near else WARNING
                    yield statement.found(
                        "unknown_action", severity, f"{text}: it {effect}.", mend, f"{statement.path}.{element}"
                    )


def _unknown_action(pattern: str) -> Optional[Tuple[str, str]]:
    """What is wrong with an action, and the nearest that exists; None where it exists or is of another service."""
    service, colon, name = pattern.partition(":")
    if not colon:
        if not pattern.strip("*"):
            return None
        return f"'{pattern}' names no service", _nearest_action(pattern, "")
    known = service.lower() in SERVICES
    if known and not any(names_action(pattern, action) for action in ACTIONS):
        return f"{_SINCE} has no action '{pattern}'", _nearest_action(name, service.lower())
    if not known and service.lower() not in vocabulary.NEIGHBOURS.split():
        close = difflib.get_close_matches(service.lower(), SERVICES, n=1, cutoff=_NEAR)
        if close:
            return f"There is no service '{service}'", f"{close[0]}:{name}"
    return None


def _nearest_action(name: str, service: str) -> str:
    """An action of the same name in another service, else the nearest name in this one, else anywhere."""
    same = [action for action in ACTIONS if action.partition(":")[2].lower() == name.lower()]
    if same:
        return same[0]
    for prefix in (service + ":", ""):
        names = {action.partition(":")[2].lower(): action for action in ACTIONS if action.startswith(prefix)}
        close = difflib.get_close_matches(name.lower(), list(names), n=1, cutoff=0.7)
        if close:
            return names[close[0]]
    return ""


def unknown_keys(policy: Policy) -> Iterator[Problem]:
    for statement in policy.statements:
        for line in statement.lines:
            text = _unknown_key(line.key)
            if text:
                effect = "never holds" if line.needs_key else "holds always"
                meant = nearest(line.key, OWN_KEYS + GLOBAL_KEYS)
                yield statement.found(
                    "unknown_condition_key",
                    ERROR if meant else WARNING,
                    f"{text}, so the condition {effect}.",
                    f"Correct the key{meant}." if meant else "Correct the key or remove the condition.",
                    line.path,
                )


def _unknown_key(key: str) -> str:
    prefix, colon, _name = key.partition(":")
    prefix = prefix.lower()
    if not colon:
        return f"The key '{key}' names no service"
    if prefix in SERVICES or prefix == "aws":
        return "" if known_key(key, OWN_KEYS + GLOBAL_KEYS) else f"{_SINCE} has no condition key '{key}'"
    if prefix in vocabulary.NEIGHBOURS.split():
        return ""
    close = difflib.get_close_matches(prefix, SERVICES, n=1, cutoff=_NEAR)
    return f"There is no service '{prefix}'" if close else ""


def known_key(key: str, keys: Sequence[str]) -> bool:
    lowered = key.lower()
    for known in keys:
        if lowered == known.lower() and not known.endswith("/"):
            return True
        if known.endswith("/") and lowered.startswith(known.lower()) and len(key) > len(known):
            return True
    return False


def keys_not_sent(policy: Policy) -> Iterator[Problem]:
    """A key that exists, in a statement with actions that are asked without it."""
    for statement in policy.statements:
        actions = _plain(statement)
        for line in statement.lines:
            if not line.needs_key or known_key(line.key, GLOBAL_KEYS) or not known_key(line.key, OWN_KEYS):
                continue
            without = [action for action in actions if not known_key(line.key, ACTIONS[action][1])]
            if not without:
                continue
            verb = "denied" if statement.effect == "Deny" else "allowed"
            alone = len(without) == len(statement.actions)
            yield statement.found(
                "condition_key_not_sent",
                ERROR if alone else WARNING,
                f"{' and '.join(without)}: asked without the condition key {line.key}, so never {verb} by this "
                "statement.",
                _mend_key(line.key, without),
                line.path,
            )


def _mend_key(key: str, actions: Sequence[str]) -> str:
    if key.lower().startswith("ec2:resourcetag/") and actions == ["ssm:StartSession"]:
        return "Write ssm:resourceTag/" + key.split("/", 1)[1] + "."
    known = sorted({name for action in actions for name in ACTIONS[action][1]})
    return "Put what has other conditions into a statement of its own" + (
        f"; known here: {', '.join(known)} and AWS's global keys." if known else "."
    )


def resources_of_others(policy: Policy) -> Iterator[Problem]:
    """Resources that none of the statement's actions is about, and actions that are about none at all."""
    for statement in policy.statements:
        actions = _plain(statement)
        if not actions or len(actions) != len(statement.actions) or statement.everywhere:
            continue
        types = {action: _types(action) for action in actions}
        anywhere = [action for action in actions if not types[action]]
        if anywhere:
            yield statement.found(
                "action_needs_star",
                WARNING if statement.effect == "Allow" else ERROR,
                f"{' and '.join(anywhere)}: about no resource that could be named, so only * matches and this "
                f"statement {statement.verb} nothing of it.",
                'Put it into a statement of its own with "Resource": "*".',
                statement.path + ".Resource",
            )
        listed = {one for each in types.values() for one in each}
        dead = [arn for arn in statement.resources if listed and not any(_is(arn, one) for one in listed)]
        if dead:
            kinds = ", ".join(sorted(one.rstrip("/").replace(":", " ") for one in listed))
            yield statement.found(
                "resource_of_other_kind",
                ERROR if len(dead) == len(statement.written) else WARNING,
                f"{dead[0].text} is none of what {' and '.join(actions)} {'is' if len(actions) == 1 else 'are'} asked "
                f"about ({kinds}), so it matches nothing.",
                "Correct or remove it.",
                statement.path + ".Resource",
            )


def _plain(statement: Statement) -> List[str]:
    """The actions that are written out and known."""
    return [_LOWER[pattern.lower()] for pattern in statement.actions if pattern.lower() in _LOWER]


def _types(action: str) -> Sequence[str]:
    return ACTIONS[action][0] or (_CHANNELS if action.startswith("ssmmessages:") else ())


def _is(arn: Arn, kind: str) -> bool:
    service, _colon, beginning = kind.partition(":")
    return meet(arn.service, service) and meet(wild(arn.resource), beginning + "*")


def policy_variables(policy: Policy) -> Iterator[Problem]:
    used = False
    for statement in policy.statements:
        places = [(text, statement.path + ".Resource") for text in statement.written]
        places += [(text, line.path) for line in statement.lines for text in (line.key, *line.values)]
        for text, path in places:
            left_over = _LEFT_OVER.search(text)
            names = [name for name in variables(text) if name not in _LITERAL]
            used = used or bool(names)
            unknown = [name for name in names if ":" not in name or _unknown_variable(name)]
            if left_over or unknown:
                what = left_over.group(0) if left_over else "${" + unknown[0] + "}"
                yield statement.found(
                    "left_over",
                    ERROR,
                    f"{what} in '{text}' is no policy variable: it looks like a place that somebody or some template "
                    "should have filled in, and matches nothing.",
                    "Fill it in; policy variables are ${...} with a condition key, such as ${aws:userid}.",
                    path,
                )
    if used and policy.document.version != VERSION:
        yield Problem(
            "old_version",
            ERROR,
            "the policy",
            "Version",
            f"Without version {VERSION}, policy variables such as ${{aws:userid}} are plain text and match nothing.",
            f'Write "Version": "{VERSION}".',
        )


def _unknown_variable(name: str) -> bool:
    prefix = name.partition(":")[0].lower()
    return (prefix == "aws" or prefix in SERVICES) and not known_key(name, OWN_KEYS + GLOBAL_KEYS)
