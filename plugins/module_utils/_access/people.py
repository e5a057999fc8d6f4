# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model's attributes, people and groups: who someone is in the directory, and which OS user that makes."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Tuple

from .._hosts.names import os_user_name_problem
from .._identity_center.attributes.sources import SOURCE_OPTIONS, short_source, source_value
from .._reconcile import UserError
from .._sessions.scope import RUN_AS_TAG, TAG_VALUE, TAG_VALUE_RULE
from .._shape import Reader, at, nearest
from .records import Person

DEFAULT_RUN_AS_SOURCE = "nickName"
_MOST_ATTRIBUTES = 50
_ATTRIBUTE_KEY = re.compile(r"[\w .:/=+\-@]{1,128}")
_ATTRIBUTE_RULE = "a key: 1 to 128 letters, digits, spaces and _ . : / = + - @"

# Key of a person -> the source that it is in the directory.
_FIELDS = {
    "user_name": "userName",
    "email": "emails[primary eq true].value",
    "given_name": "name.givenName",
    "family_name": "name.familyName",
    "display_name": "displayName",
}
_PERSON_KEYS = tuple(_FIELDS) + ("os_user", "attributes", "state")
_LONGEST = 1024
_LONGEST_USER_NAME = 128


def read_attributes(raw: Any, run_as: bool, reader: Reader) -> Dict[str, str]:
    """Attribute key -> source in its short form. SSMSessionRunAs is there wherever an account uses Run As."""
    attributes: Dict[str, str] = {}
    for key, source in reader.table(raw, "attributes").items():
        path = at("attributes", key)
        reader.text(key, path, _ATTRIBUTE_KEY, _ATTRIBUTE_RULE)
        if key != RUN_AS_TAG and key.lower() == RUN_AS_TAG.lower():
            reader.wrong(path, f"Session Manager knows only '{RUN_AS_TAG}', in exactly this writing")
        try:
            attributes[key] = short_source(source)
        except UserError as error:
            reader.wrong(path, error.message)
    if run_as and RUN_AS_TAG not in attributes and not (isinstance(raw, Mapping) and RUN_AS_TAG in raw):
        attributes = dict({RUN_AS_TAG: DEFAULT_RUN_AS_SOURCE}, **attributes)
    if len(attributes) > _MOST_ATTRIBUTES:
        reader.wrong("attributes", f"{len(attributes)} attributes, Identity Center takes {_MOST_ATTRIBUTES}")
    return attributes


def read_people(raw: Any, attributes: Mapping[str, str], reader: Reader) -> Dict[str, Person]:
    people: Dict[str, Person] = {}
    paths: Dict[str, str] = {}
    for key, entry in reader.table(raw, "people").items():
        path = at("people", key)
        person = _PersonReader(key, path, attributes, reader).read({} if entry is None else entry)
        # Identity Center compares user names without regard to case.
        lowered = person.user_name.lower()
        if lowered in paths:
            reader.wrong(at(path, "user_name"), f"'{person.user_name}' is the user name of {paths[lowered]} already")
        paths.setdefault(lowered, path)
        people[key] = person
    return people


class _PersonReader:
    """Reads one person. The OS user has to arrive through the attribute's source, so the two are settled together."""

    def __init__(self, key: str, path: str, attributes: Mapping[str, str], reader: Reader) -> None:
        self.key, self.path, self.attributes, self.reader = key, path, attributes, reader
        self.user: Dict[str, Any] = {}
        # Source -> where in the model its value was given.
        self.given: Dict[str, str] = {}

    def read(self, raw: Any) -> Person:
        table = self.reader.fields(raw, self.path, _PERSON_KEYS)
        for field, source in _FIELDS.items():
            if field in table:
                self._give(source, table[field], at(self.path, field))
        attributes = at(self.path, "attributes")
        for name, value in self.reader.table(table.get("attributes", {}), attributes).items():
            try:
                self._give(short_source(name), value, at(attributes, name))
            except UserError as error:
                self.reader.wrong(attributes, error.message)
        os_user = self._os_user(table)
        self._fill_in()
        self._check_values()
        state = self.reader.choice(table.get("state", "present"), at(self.path, "state"), ("present", "absent"))
        return Person(self.key, os_user, self.user, state != "absent")

    def _give(self, source: str, value: Any, path: str) -> None:
        """Take a value from the model; two values for one field of the directory contradict each other."""
        longest = _LONGEST_USER_NAME if source == "userName" else _LONGEST
        text = self.reader.text(value, path, longest=longest)
        if text is None:
            self.given.setdefault(source, path)
            return
        known = source_value(source, self.user)
        if known is not None and known != text:
            self.reader.wrong(path, f"'{text}' contradicts {self.given[source]}, which says '{known}'")
            return
        self.given[source] = path
        self._put(source, text)

    def _put(self, source: str, text: str) -> None:
        *outer, last = SOURCE_OPTIONS[source]
        place = self.user
        for option in outer:
            place = place.setdefault(option, {})
        place[last] = text

    def _os_user(self, table: Mapping[str, Any]) -> str:
        """os_user, else what the attribute's source says already, else the key."""
        source = self.attributes.get(RUN_AS_TAG)
        if source is None:
            return ""
        if "os_user" in table:
            name, path = table["os_user"], at(self.path, "os_user")
        elif source in self.given:
            name, path = source_value(source, self.user), self.given[source]
        else:
            name, path = self.key, self.path
        if name is None:  # a wrong value was given, and is told already
            return ""
        problem = os_user_name_problem(name)
        if problem is not None:
            mend = "; give another os_user" if path == self.path else ""
            self.reader.wrong(path, problem + mend)
            return ""
        present = source_value(source, self.user)
        if present is not None and present != name:
            self.reader.wrong(
                path,
                f"the OS user '{name}' is sent by {source}, where {self.given[source]} puts '{present}'; "
                f"give the same there, or another source for attributes.{RUN_AS_TAG}",
            )
        else:
            self._put(source, str(name))
        return str(name)

    def _fill_in(self) -> None:
        self.user.setdefault("user_name", self.key)
        names = [self.user[field] for field in ("given_name", "family_name") if field in self.user]
        if len(names) == 2:
            self.user.setdefault("display_name", " ".join(names))

    def _check_values(self) -> None:
        """What Identity Center sends becomes a session tag, which takes fewer characters than the directory."""
        for key, source in self.attributes.items():
            value = source_value(source, self.user)
            if value is not None and not TAG_VALUE.fullmatch(value):
                path = self.given.get(source, self.path)
                self.reader.wrong(
                    path, f"{value!r} cannot be sent as the attribute '{key}': it is not {TAG_VALUE_RULE}"
                )


def read_groups(raw: Any, people: Mapping[str, Person], reader: Reader) -> Dict[str, Tuple[str, ...]]:
    groups: Dict[str, Tuple[str, ...]] = {}
    for name, entry in reader.table(raw, "groups").items():
        path = at("groups", name)
        if len(name) > _LONGEST:
            reader.wrong(path, f"the name has {len(name)} characters, at most {_LONGEST} are allowed")
        members = reader.texts([] if entry is None else entry, path, empty=True)
        groups[name] = tuple(known_names(members, people, path, "person", reader))
    return groups


def known_names(
    names: Mapping[int, str], known: Mapping[str, Any], path: str, kind: str, reader: Reader, listed: bool = True
) -> List[str]:
    """Those of the names that exist; the others are told, with the nearest that does. listed: `path` is a list's."""
    for index, name in names.items():
        if name not in known:
            reader.wrong(at(path, index) if listed else path, f"no {kind} '{name}'{nearest(name, known)}")
    return [name for name in names.values() if name in known]
