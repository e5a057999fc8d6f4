# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of ~/.aws/config that we write: what is wrong with it, and its text; pure.

The rest of the file is its owner's. It is read for one thing only: a name that stands in both parts would make the AWS
CLI merge two sections, or refuse the whole file.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .._sessions.scope import ACCOUNT_ID, ACCOUNT_RULE, REGION, REGION_RULE
from .._shape import Reader, at, nearest

# The lines around our part, as ansible.builtin.blockinfile writes them.
BEGIN, END = "# BEGIN keyless.aws.session_client", "# END keyless.aws.session_client"

_PROFILE_KEYS = ("name", "sso_session", "sso_account_id", "sso_role_name", "region", "output")
_SESSION_KEYS = ("name", "start_url", "region", "registration_scopes")
# No sign that means something to a shell or to ssh, which get the name of a profile, too.
NAME = re.compile(r"[A-Za-z0-9_.+=,@:/-]{1,128}")
NAME_RULE = "a name; give 1 to 128 of A-Z, a-z, 0-9 and _.+=,@:/-"
_ROLE_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,32}")
_URL = re.compile(r"https://[^\s\x00-\x1f]{4,512}")
_SCOPE = re.compile(r"[a-z0-9_.:-]{1,80}")
_OUTPUTS = ("json", "text", "table", "yaml", "yaml-stream", "off")
_DEFAULT_SCOPES = ["sso:account:access"]
_HEADER = re.compile(r"\[(.+)\]")

# A section's kind, `profile` or `sso-session`, and its name.
Section = Tuple[str, str]
PROFILE, SSO_SESSION = "profile", "sso-session"


@dataclass(frozen=True)
class Config:
    """What shall be in our part, each section with its settings in the order in which they are written."""

    sections: Mapping[Section, Mapping[str, str]]

    def text(self) -> str:
        """The text of our part; empty where there is nothing to write."""
        return "\n".join(_section_text(section, settings) for section, settings in self.sections.items())


def read_config(
    profiles: Any, sso_sessions: Any, existing: str = "", prefix: str = ""
) -> Tuple[Optional[Config], List[str]]:
    """What was asked for, and everything that is wrong with it; None for the first where something is.

    existing: the file as it is. prefix: what the paths of the problems begin with.
    """
    reader = Reader()
    outside = sections_outside(existing)
    sections: Dict[Section, Mapping[str, str]] = {}
    readers = ((SSO_SESSION, sso_sessions, "sso_sessions"), (PROFILE, profiles, "profiles"))
    for kind, entries, option in readers:
        path = prefix + option
        for index, entry in enumerate(reader.rows(entries, path, empty=True)):
            here = at(path, index)
            name, settings = (_profile if kind == PROFILE else _session)(entry, here, reader)
            if kind == PROFILE:
                _check_session(settings.get("sso_session"), sections, outside, at(here, "sso_session"), reader)
            if name is None:
                continue
            if (kind, name) in sections:
                reader.wrong(at(here, "name"), f"'{name}' is named twice")
            line = outside.get((kind, name))
            if line is not None:
                reader.wrong(at(here, "name"), _taken(kind, name, line))
            sections[kind, name] = settings
    return (None if reader.problems else Config(sections)), reader.problems


def sections_outside(text: str) -> Dict[Section, int]:
    """The profiles and SSO sessions of the file that are not ours, each with the number of its line."""
    found: Dict[Section, int] = {}
    ours = False
    for number, line in enumerate(text.split("\n"), 1):
        if line in (BEGIN, END):
            ours = line == BEGIN
        header = None if ours else _HEADER.match(line)
        section = _section(header.group(1)) if header else None
        if section is not None:
            found.setdefault(section, number)
    return found


def part_problem(text: str) -> Optional[str]:
    """Why our part would not be found in the file; it would be written a second time then, below the first; pure.

    ansible.builtin.blockinfile knows it by two whole lines, each with a line feed at its end. Editors that write CRLF,
    or a hand that took one of the two lines out, leave something else.
    """
    lines = enumerate(re.findall(r"[^\n]*\n|[^\n]+", text), 1)
    marks = [(number, line) for number, line in lines if line.strip() in (BEGIN, END)]
    if [line for _number, line in marks] in ([], [BEGIN + "\n", END + "\n"]):
        return None
    return (
        f"the lines '{BEGIN}' and '{END}' are not as they were written (line {marks[0][0]}); take out both of them "
        "and what is between them, and it is written anew"
    )


def _section(header: str) -> Optional[Section]:
    """What stands between the brackets, read as the AWS CLI reads it."""
    try:
        words = shlex.split(header)
    except ValueError:
        return None
    if words == ["default"]:
        return (PROFILE, "default")
    return (words[0], words[1]) if len(words) == 2 and words[0] in (PROFILE, SSO_SESSION) else None


def _profile(entry: Any, path: str, reader: Reader) -> Tuple[Optional[str], Dict[str, str]]:
    table = _table(entry, path, _PROFILE_KEYS, _PROFILE_KEYS[:4], reader)
    settings = {
        "sso_session": _text(table, "sso_session", path, NAME, NAME_RULE, reader),
        "sso_account_id": _text(table, "sso_account_id", path, ACCOUNT_ID, ACCOUNT_RULE, reader),
        "sso_role_name": _text(table, "sso_role_name", path, _ROLE_NAME, "the name of a permission set", reader),
        "region": _text(table, "region", path, REGION, REGION_RULE, reader),
        "output": reader.choice(table["output"], at(path, "output"), _OUTPUTS) if "output" in table else None,
    }
    name = _text(table, "name", path, NAME, NAME_RULE, reader)
    return name, {key: value for key, value in settings.items() if value is not None}


def _session(entry: Any, path: str, reader: Reader) -> Tuple[Optional[str], Dict[str, str]]:
    table = _table(entry, path, _SESSION_KEYS, _SESSION_KEYS[:3], reader)
    rule = "a URL; give that of the access portal, such as https://d-1234567890.awsapps.com/start"
    scopes_path = at(path, "registration_scopes")
    scopes = reader.texts(table.get("registration_scopes", _DEFAULT_SCOPES), scopes_path)
    for index, scope in scopes.items():
        reader.text(scope, at(scopes_path, index), _SCOPE, "a scope, such as sso:account:access")
    settings = {
        "sso_start_url": _text(table, "start_url", path, _URL, rule, reader),
        "sso_region": _text(table, "region", path, REGION, REGION_RULE, reader),
        "sso_registration_scopes": ",".join(scopes.values()),
    }
    name = _text(table, "name", path, NAME, NAME_RULE, reader)
    return name, {key: value for key, value in settings.items() if value is not None}


def _table(entry: Any, path: str, known: Sequence[str], needed: Sequence[str], reader: Reader) -> Dict[str, Any]:
    table = reader.fields(entry, path, known)
    for key in needed if isinstance(entry, Mapping) else ():
        if key not in table:
            reader.wrong(at(path, key), "is missing")
    return table


def _text(
    table: Mapping[str, Any], key: str, path: str, form: "re.Pattern[str]", rule: str, reader: Reader
) -> Optional[str]:
    return reader.text(table[key], at(path, key), form, rule) if key in table else None


def _check_session(
    name: Optional[str], sections: Mapping[Section, Any], outside: Mapping[Section, int], path: str, reader: Reader
) -> None:
    """A session may also be one that the owner of the file has."""
    known = [section[1] for section in (*sections, *outside) if section[0] == SSO_SESSION]
    if name is not None and name not in known:
        mend = nearest(name, known) or "; add it to sso_sessions"
        reader.wrong(path, f"no SSO session '{name}'{mend}")


def _taken(kind: str, name: str, line: int) -> str:
    what = "a profile" if kind == PROFILE else "an sso-session"
    return (
        f"the AWS configuration has {what} '{name}' already, in line {line}, outside the part that this role writes; "
        "give another name, or take that one out"
    )


def _section_text(section: Section, settings: Mapping[str, str]) -> str:
    kind, name = section
    header = name if kind == PROFILE and name == "default" else f"{kind} {name}"
    return "".join([f"[{header}]\n"] + [f"{key} = {value}\n" for key, value in settings.items()])
