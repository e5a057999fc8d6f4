# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The users of a workstation: where their files really are, whose they are, and what shall be written for them.

Whoever runs this may be root, and the homes belong to others. So a file or folder that is not its user's own is
refused and not written through, and nothing of what the files hold goes into the result but names.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .._reconcile import Problems, UserError
from .._shape import at, nearest
from .config import BEGIN, NAME, NAME_RULE, PROFILE, Config, part_problem, read_config, sections_outside

try:
    import grp
    import pwd
except ImportError:  # pragma: no cover - there are none on Windows
    pass

FOLDERS = (".aws", ".ssh", ".ssh/keyless-aws")
FILES = (".aws/config", ".ssh/config")
_LOGIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.@-]{0,63}")
# What EC2 Instance Connect takes, without the signs that mean something to a shell.
_OS_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}")
_HOME = re.compile(r"/[^'\"\x00-\x1f\x7f]*")
_BLOCK = re.compile(r"\s*\"?(host|match)\"?[\s=]", re.IGNORECASE)
_CREDENTIAL = re.compile(r"^\s*\w*(secret|token|password|access_key)\w*\s*=", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Account:
    """A user as the system has it."""

    name: str
    uid: int
    group: str
    home: str


def read_users(params: Mapping[str, Any]) -> Dict[str, Any]:
    """The answer of the module client_info; everything that is wrong is raised at once."""
    problems: List[str] = []
    users = []
    names = [wish["name"] for wish in params["users"]]
    for index, wish in enumerate(params["users"]):
        path = at("users", index)
        if wish["name"] in names[:index]:
            problems.append(f"{at(path, 'name')}: '{wish['name']}' is named twice")
        account = _account(wish["name"], path, problems)
        if account is not None:
            users.append(_user(account, wish, params, path, problems))
    if problems:
        raise Problems(list(dict.fromkeys(problems)))
    return dict(users=users)


def _account(name: str, path: str, problems: List[str]) -> Optional[Account]:
    found = None
    if _LOGIN.fullmatch(name):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            pass
    if found is None:
        problems.append(f"{at(path, 'name')}: there is no user '{name}' here; name one who can log in")
        return None
    if not _HOME.fullmatch(found.pw_dir) or not os.path.isdir(found.pw_dir):
        problems.append(f"{at(path, 'name')}: the home of '{name}', {found.pw_dir!r}, is no folder here; make it first")
        return None
    if os.geteuid() not in (0, found.pw_uid):
        problems.append(f"{at(path, 'name')}: only root can write for '{name}'; set become, or name yourself alone")
        return None
    try:
        group = grp.getgrgid(found.pw_gid).gr_name
    except KeyError:
        group = str(found.pw_gid)
    return Account(name, found.pw_uid, group, found.pw_dir.rstrip("/") or "/")


def _user(
    account: Account, wish: Mapping[str, Any], params: Mapping[str, Any], path: str, problems: List[str]
) -> Dict[str, Any]:
    real = {name: os.path.realpath(os.path.join(account.home, name)) for name in FOLDERS + FILES}
    existing, ssh = _text(real[".aws/config"]), _text(real[".ssh/config"])
    places = place_problems(account, real) or content_problems(existing, ssh)
    problems += [f"{at(path, 'name')}: {text}" for text in places]
    config, wrong = _config(wish, params, existing, path)
    problems += wrong
    if config is not None and config.sections:
        problems += [f"{at(path, 'name')}: {text}" for text in environment_problems(account, real[".aws/config"])]
    problems += _ssh_problems(wish, config, existing, path)
    return dict(
        name=account.name,
        home=account.home,
        group=account.group,
        aws_folder=real[".aws"],
        aws_config=real[".aws/config"],
        aws_block="" if config is None else config.text(),
        aws_block_found=BEGIN in existing,
        holds_credentials=bool(_CREDENTIAL.search(existing)),
        ssh_folder=real[".ssh"],
        ssh_config=real[".ssh/config"],
        proxy_folder=real[".ssh/keyless-aws"],
        os_user=wish["os_user"] or "",
        profile=wish["profile"] or "",
    )


def place_problems(account: Account, real: Mapping[str, str]) -> List[str]:
    """What keeps us from writing these files for this user."""
    found = []
    for name, place in real.items():
        shown = "~/" + name
        try:
            state = os.stat(place)
        except FileNotFoundError:
            if os.path.islink(os.path.join(account.home, name)):
                found.append(f"{shown} is a link to {place}, which does not exist; remove it, or make what it leads to")
            continue
        except NotADirectoryError:  # said of the folder
            continue
        except OSError as error:
            raise UserError(f"{shown} of {account.name} cannot be looked at: {error.strerror}; become root") from error
        right = stat.S_ISREG if name in FILES else stat.S_ISDIR
        if not right(state.st_mode):
            found.append(f"{shown} is not a {'file' if name in FILES else 'folder'}; move it away")
        elif state.st_uid != account.uid:
            found.append(f"{shown} ({place}) belongs to uid {state.st_uid}, not to {account.name}; give it to its user")
    return found


def environment_problems(account: Account, aws_config: str) -> List[str]:
    """The environment is known only of the user as whom we run, on a workstation that Ansible manages from itself."""
    given = os.environ.get("AWS_CONFIG_FILE", "")
    if not given or os.geteuid() != account.uid or os.path.realpath(os.path.expanduser(given)) == aws_config:
        return []
    return [
        f"AWS_CONFIG_FILE leads to {given}, so that the AWS CLI would not read ~/.aws/config; make ~/.aws/config a "
        "link to that file, or take the variable out of the environment"
    ]


def content_problems(aws: str, ssh: str) -> List[str]:
    """What in the files themselves keeps us from writing our part into them; pure."""
    parts = [("~/.aws/config", part_problem(aws)), ("~/.ssh/config", part_problem(ssh))]
    return [f"{shown}: {problem}" for shown, problem in parts if problem] or include_problems(ssh)


def include_problems(text: str) -> List[str]:
    """Our Include below a Host or Match line would count for that host only; pure."""
    lines = text.split("\n")
    above = lines[: lines.index(BEGIN)] if BEGIN in lines else []
    for number, line in enumerate(above, 1):
        if _BLOCK.match(line):
            return [f"~/.ssh/config has our Include below line {number} ({line.strip()}); move it to the file's top"]
    return []


def _text(path: str) -> str:
    """The file's text; only its ASCII part matters here, so that any encoding will do."""
    if not os.path.isfile(path):
        return ""
    try:
        with open(path, encoding="latin-1", newline="") as stream:
            return stream.read()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}; give its user the right to read it") from error


def _config(
    wish: Mapping[str, Any], params: Mapping[str, Any], existing: str, path: str
) -> Tuple[Optional[Config], List[str]]:
    """Each user's own profiles and sessions, else those of all."""
    texts: List[str] = []
    options = {}
    for option in ("profiles", "sso_sessions"):
        own = wish[option] is not None
        options[option] = _given(wish[option] if own else params[option])
        texts.append(option if not own else at(path, option))
    config, found = read_config(options["profiles"], options["sso_sessions"], existing)
    renamed = [re.sub(r"^(profiles|sso_sessions)", lambda match: texts[match.group() != "profiles"], t) for t in found]
    return config, renamed


def _given(entries: Sequence[Mapping[str, Any]]) -> List[Dict[str, Any]]:
    return [{key: value for key, value in entry.items() if value is not None} for entry in entries]


def _ssh_problems(wish: Mapping[str, Any], config: Optional[Config], existing: str, path: str) -> List[str]:
    found = []
    if wish["os_user"] and not _OS_USER.fullmatch(wish["os_user"]):
        found.append(f"{at(path, 'os_user')}: {wish['os_user']!r} is not the name of an OS user that ssh could sign in")
    if wish["profile"] and not NAME.fullmatch(wish["profile"]):
        found.append(f"{at(path, 'profile')}: {wish['profile']!r} is not {NAME_RULE}, because ssh gets it")
    elif wish["profile"] and config is not None:
        known = [name for kind, name in (*config.sections, *sections_outside(existing)) if kind == PROFILE]
        if wish["profile"] not in known:
            mend = nearest(wish["profile"], known) or "; name one of the user's profiles"
            found.append(f"{at(path, 'profile')}: no profile '{wish['profile']}'{mend}")
    return found
