# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person may do by sudo beside what the rules say: what is more, what is missing, and whence; pure."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Sequence, Set

from ..sudoers import Reader, Rule
from .commands import ANYTHING, escaped
from .files import Person, Tree, meant
from .listing import Right, password_of_listing
from .listing import right as read_right

_PASSWORD = re.compile(r"!authenticate\b|\bexempt_group\b|!targetpw\b")
ELSEWHERE = "no line of sudo's files gives it; look at what 'sudoers' in /etc/nsswitch.conf names, such as LDAP or SSSD"


def expected(reader: Reader, person: Person) -> List[Right]:
    """What the rules give this person."""
    found = [right for rule in reader.rules if _for(reader, rule, person) for right in _rights(reader, rule)]
    return list(dict.fromkeys(found))


def people(reader: Reader) -> Iterator[str]:
    """The users, and with % the groups, for whom there are rules."""
    for rule in reader.rules:
        yield from reader.aliases.users.get(rule.who, (rule.who,))


def compared(wanted: Sequence[Right], listed: Sequence[Right], tree: Tree, person: Person, own: str) -> Dict[str, Any]:
    """`more` with the lines that give it, and `missing`; `own` is the file that the rules are in."""
    given, found = set(wanted), set(listed)
    more = [right for right in dict.fromkeys(listed) if right not in given]
    missing = [right for right in wanted if right not in found]
    return dict(
        more=[dict(right=right.shown, **_origin(right, tree, person, own)) for right in more],
        missing=[right.shown for right in missing],
    )


def loosened(reader: Reader, person: Person, listing: str, tree: Tree, own: str) -> Iterator[Dict[str, Any]]:
    """What sudo lets the person do without the password that the rules want, because of somebody's settings."""
    password = password_of_listing(listing, person.groups)
    for rule in reader.rules:
        asking = not rule.nopasswd or any(command.target_password for command in rule.commands)
        if not asking or not _for(reader, rule, person):
            continue
        if not password["asked"]:
            how = "without a password"
        elif rule.target_password and not password["target"]:
            how = "with a password other than the target's"
        else:
            continue
        lines = [spec for spec in tree.defaults if spec.file != own and _PASSWORD.search(spec.given)]
        # A setting of some commands (!) or hosts (@) need not be meant.
        certain = len(lines) == 1 and not lines[0].given.startswith(("!", "@"))
        for right in _rights(reader, rule):
            if "NOPASSWD" not in right.tags:
                shown = f"{how}: {right.shown}"
                yield dict(right=shown, granted_by=[spec.shown() for spec in lines], certain=certain)


def _origin(found: Right, tree: Tree, person: Person, own: str) -> Dict[str, Any]:
    """The lines that give exactly this; else those that give the person anything and are not ours."""
    lines = [spec for spec in tree.specs if meant(tree, spec.users, person)]
    exact = [spec for spec in lines if found in set(tree.rights(spec))]
    others = exact or [spec for spec in lines if spec.file != own]
    return dict(granted_by=[spec.shown() for spec in others], certain=bool(exact))


def told(name: str, difference: Dict[str, Any]) -> Iterator[str]:
    """The same in sentences."""
    for item in difference["more"]:
        where = [f"{spec['file']}:{spec['line']} ({spec['text']})" for spec in item["granted_by"]]
        source = ELSEWHERE if not where else ("it comes from " if item["certain"] else "it may come from ")
        yield f"'{name}' may do more with sudo than the rules say: {item['right']}; {source}{', '.join(where)}"
    for text in difference["missing"]:
        yield (
            f"'{name}' may not do with sudo what the rules say: {text}; a line that sudo reads later takes it away, "
            "or sudo does not read the file"
        )


def _for(reader: Reader, rule: Rule, person: Person) -> bool:
    tree = Tree(users=dict(reader.aliases.users))
    return bool(meant(tree, [rule.who], person))


def _rights(reader: Reader, rule: Rule) -> Iterator[Right]:
    users: Set[str] = set()
    for name in rule.run_as:
        users |= set(reader.aliases.run_as.get(name, (name,)))
    for command in rule.commands:
        tags = rule.tags_of(command)
        for part in reader.parts(command):
            text = part.text if part.text == ANYTHING else escaped(part.text)
            digests = ", ".join(part.digests) + " " if part.digests else ""
            shown = f"({', '.join(rule.run_as)}) " + "".join(f"{tag}: " for tag in tags) + digests + text
            yield read_right((frozenset(users), frozenset()), tags, part.digests, text, shown)
