# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator's own paths, for tests."""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import Any, Callable, Dict

from . import __version__, seed
from .errors import Answer, json_answer
from .identify import read_body
from .world import World

PATH = "/_emulator"


def answer(world: World, environ: Dict[str, Any]) -> Answer:
    method, path = environ.get("REQUEST_METHOD", "GET"), environ["PATH_INFO"].rstrip("/")[len(PATH):]
    action = _ACTIONS.get((method, path))
    if action is None:
        known = ", ".join(sorted(f"{verb} {PATH}{tail}" for verb, tail in _ACTIONS))
        return _say(dict(error=f"there is no {method} {PATH}{path}; there is {known}"), 404)
    try:
        return _say(action(world, _body(environ)))
    except (ValueError, KeyError, TypeError) as error:
        return _say(dict(error=str(error)), 400)
    except Exception as error:  # whatever else goes wrong is a bug, and has to be seen as one
        traceback.print_exc(file=sys.stderr)
        return _say(dict(error=f"bug in the emulator: {type(error).__name__}: {error}"), 500)


def _say(body: Any, status: int = 200) -> Answer:
    return json_answer(body, status, "application/json")


def _body(environ: Dict[str, Any]) -> Dict[str, Any]:
    text = read_body(environ)
    body = json.loads(text) if text.strip() else {}
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body


def _status(world: World, _body_: Dict[str, Any]) -> Dict[str, Any]:
    return dict(version=__version__, pid=os.getpid(), settings=dict(world.settings.__dict__))


def _calls(world: World, _body_: Dict[str, Any]) -> Dict[str, int]:
    return world.counts.shown()


def _reset(world: World, _body_: Dict[str, Any]) -> Dict[str, Any]:
    world.reset()
    return {}


def _settings(world: World, body: Dict[str, Any]) -> Dict[str, Any]:
    with world.lock:
        if "home_region" in body or "account" in body:
            raise ValueError("home_region is set by seeding, account by the command line")
        return dict(changed=world.settings.change(**body), settings=dict(world.settings.__dict__))


def _add_fault(world: World, body: Dict[str, Any]) -> Dict[str, Any]:
    return world.faults.add(body).shown()


def _faults(world: World, _body_: Dict[str, Any]) -> Dict[str, Any]:
    return dict(faults=world.faults.shown())


def _clear_faults(world: World, _body_: Dict[str, Any]) -> Dict[str, Any]:
    world.faults.clear()
    return {}


def _operations(world: World, _body_: Dict[str, Any]) -> Dict[str, Any]:
    with world.lock:
        world.sso_admin.operations.settle()
        return dict(operations=[operation.told() for operation in world.sso_admin.operations])


def _seed(world: World, body: Dict[str, Any]) -> Dict[str, Any]:
    with world.lock:
        world.sso_admin.operations.settle()
        return seed.plant(world, body)


_ACTIONS: Dict[tuple[str, str], Callable[[World, Dict[str, Any]], Any]] = {
    ("GET", ""): _status,
    ("GET", "/calls"): _calls,
    ("GET", "/operations"): _operations,
    ("POST", "/reset"): _reset,
    ("POST", "/settings"): _settings,
    ("GET", "/faults"): _faults,
    ("POST", "/faults"): _add_fault,
    ("DELETE", "/faults"): _clear_faults,
    ("POST", "/seed"): _seed,
}
