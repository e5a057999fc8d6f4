# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM users, their groups and policies as the role iam_operators takes them: what is wrong with them. Pure.

The role writes with modules of amazon.aws, one thing a task; so everything is looked at here before the first of them.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Mapping, Sequence

from .._hosts.names import os_user_name_problem
from .._reconcile import Problems
from .._shape import Reader, at, nearest
from .._tags import tag_findings
from .policies.validate import policies as read_policies
from .scope import RUN_AS_TAG

USERS, GROUPS, POLICIES = "iam_operators_users", "iam_operators_groups", "iam_operators_policies"
PASSWORDS, PROTECT = "iam_operators_passwords", "iam_operators_protect"
VIEWS = ("ec2", "session_manager")
STATES = ("present", "absent")

_NAME = {USERS: re.compile(r"[\w+=,.@-]{1,64}", re.ASCII), GROUPS: re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)}
_RULE = "a name for IAM: letters, digits or any of + = , . @ _ -, up to 64 for users and 128 for groups"
_ARN = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[!-~]+")
_ARN_RULE = "the ARN of a managed policy, such as arn:aws:iam::aws:policy/ReadOnlyAccess"
_KEYS = {
    USERS: (
        "name", "state", "path", "groups", "run_as", "tags", "permissions_boundary", "access_key", "access_key_file",
    ),
    GROUPS: ("name", "state", "path", "view", "managed_policies"),
}  # fmt: skip

Entries = List[Dict[str, Any]]


def operator_problems(wanted: Mapping[str, Any]) -> List[str]:
    """Everything that is wrong.

    wanted: users, groups, policies, protect, and accounts (how many), passwords (names of users who have one).
    """
    reader = Reader()
    users = _entries(wanted.get("users") or [], USERS, reader)
    groups = _entries(wanted.get("groups") or [], GROUPS, reader)
    present = [group["name"] for group in groups if group.get("state", "present") == "present"]
    for index, user in enumerate(users):
        _user(user, at(USERS, index), present, int(wanted.get("accounts", 1)), reader)
    for index, group in enumerate(groups):
        _group(group, at(GROUPS, index), reader)
    known = {user["name"] for user in users if user.get("state", "present") == "present"}
    for name in wanted.get("passwords") or []:
        if name not in known:
            reader.wrong(at(PASSWORDS, name), f"{USERS} has no such user{nearest(name, known)}")
    protected = {str(name).casefold() for name in wanted.get("protect") or []}
    for option, entries in ((USERS, users), (GROUPS, groups)):
        for index, entry in enumerate(entries):
            if entry.get("state") == "absent" and entry["name"].casefold() in protected:
                reader.wrong(at(option, index), f"'{entry['name']}' is protected; keep it, or take it out of {PROTECT}")
    reader.problems.extend(_policy_problems(wanted.get("policies") or [], users, groups))
    return reader.problems


def _entries(raw: Any, option: str, reader: Reader) -> Entries:
    """The entries that have names; no name twice, for IAM knows no upper and lower case in names."""
    entries: Entries = []
    names: Dict[str, str] = {}
    for index, item in enumerate(reader.rows(raw, option, empty=True)):
        path = at(option, index)
        entry = reader.fields(item, path, _KEYS[option])
        name = reader.text(entry.get("name"), at(path, "name"), _NAME[option], _RULE)
        if name is not None and names.setdefault(name.casefold(), path) != path:
            reader.wrong(at(path, "name"), f"'{name}' is the name of {names[name.casefold()]} too; list it once")
        if "state" in entry:
            reader.choice(entry["state"], at(path, "state"), STATES)
        entries.append(dict(entry, name=str(entry.get("name"))))
    return entries


def _user(user: Mapping[str, Any], path: str, groups: Sequence[str], accounts: int, reader: Reader) -> None:
    for index, name in reader.texts(user.get("groups", []), at(path, "groups"), empty=True).items():
        if name not in groups and user.get("state", "present") == "present":
            meant = nearest(name, groups) or f"; list it in {GROUPS}"
            reader.wrong(at(at(path, "groups"), index), f"there is no group '{name}'{meant}")
    tags = reader.table(user.get("tags", {}), at(path, "tags"))
    for text in tag_findings(tags):
        reader.wrong(at(path, "tags"), text)
    for key in tags:
        if key != RUN_AS_TAG and key.lower() == RUN_AS_TAG.lower():
            # IAM takes both for one key, and only one of them would be there in the end
            text = f"Session Manager knows only '{RUN_AS_TAG}', in exactly this writing"
            reader.wrong(at(at(path, "tags"), key), text)
    run_as = user.get("run_as", tags.get(RUN_AS_TAG))
    option = at(path, "run_as") if "run_as" in user else at(at(path, "tags"), RUN_AS_TAG)
    if run_as is not None and os_user_name_problem(run_as):
        reader.wrong(option, str(os_user_name_problem(run_as)))
    if "run_as" in user and tags.get(RUN_AS_TAG, run_as) != run_as:
        reader.wrong(at(path, "run_as"), f"'{run_as}' is not what tags.{RUN_AS_TAG} says; give one of them")
    _boundary(user, path, reader)
    _access_key(user, path, accounts, reader)


def _boundary(user: Mapping[str, Any], path: str, reader: Reader) -> None:
    if user.get("permissions_boundary"):
        reader.text(user["permissions_boundary"], at(path, "permissions_boundary"), _ARN, _ARN_RULE)


def _access_key(user: Mapping[str, Any], path: str, accounts: int, reader: Reader) -> None:
    """A secret is shown once, so that the file has to be clear before the key is made."""
    wanted = reader.flag(user.get("access_key", False), at(path, "access_key"))
    place = at(path, "access_key_file")
    if wanted and not user.get("access_key_file"):
        reader.wrong(place, "is missing; name the file that gets the secret, or leave access_key out")
    elif wanted and accounts > 1:
        reader.wrong(place, f"would be written for each of {accounts} accounts; give one target")
    elif wanted:
        reader.text(user["access_key_file"], place)


def _group(group: Mapping[str, Any], path: str, reader: Reader) -> None:
    for index, word in reader.texts(group.get("view", []), at(path, "view"), empty=True).items():
        reader.choice(word, at(at(path, "view"), index), VIEWS)
    listed = at(path, "managed_policies")
    for index, arn in reader.texts(group.get("managed_policies", []), listed, empty=True).items():
        reader.text(arn, at(listed, index), _ARN, _ARN_RULE)


def _policy_problems(items: Any, users: Entries, groups: Entries) -> Iterator[str]:
    """What session_policy would refuse, and attachments to those who go."""
    if not isinstance(items, (list, tuple)) or not all(isinstance(_name(item), str) for item in items):
        yield f"{POLICIES}: is not a list of policies that have names; write [{{name: ..., scope: ...}}]"
        return
    try:
        read_policies(items, option=POLICIES)
    except Problems as error:
        yield from error.details["problems"]
    for index, item in enumerate(items):
        if item.get("state") == "absent":
            continue
        for kind, option, entries in (("users", USERS, users), ("groups", GROUPS, groups)):
            gone = {entry["name"] for entry in entries if entry.get("state") == "absent"}
            for place, name in enumerate(item.get(kind) or []):
                if name in gone:
                    yield f"{POLICIES}[{index}].{kind}[{place}]: '{name}' is absent in {option}; leave it out"


def _name(item: Any) -> Any:
    return item.get("name") if isinstance(item, Mapping) else None
