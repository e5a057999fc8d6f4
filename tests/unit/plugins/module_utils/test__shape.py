# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._shape import Reader, at, nearest


@pytest.mark.parametrize(
    "path, key, together", [("grants", 0, "grants[0]"), ("scope", "ids", "scope.ids"), ("", "people", "people")]
)
def test_paths(path, key, together):
    assert at(path, key) == together


@pytest.mark.parametrize(
    "name, found",
    [
        ("web-prd", " (did you mean 'web-prod'?)"),
        ("WEB-PROD", " (did you mean 'web-prod'?)"),
        ("wholly other", ""),
        (5, ""),
    ],
)
def test_nearest(name, found):
    assert nearest(name, ["web-prod", "db"]) == found


def read(method, *arguments, **more):
    reader = Reader()
    return getattr(reader, method)(*arguments, **more), reader.problems


@pytest.mark.parametrize(
    "method, arguments, told",
    [
        ("table", (None, "a"), "a: nothing is not a mapping"),
        ("table", (["x"], "a"), "a: ['x'] is not a mapping"),
        ("table", ({1: 2}, "a"), "a: the key 1 is not a text; quote it"),
        ("table", ({"nmae": 2}, "a", ("name", "to")), "a.nmae: no such key (did you mean 'name'?)"),
        ("table", ({"zzz": 2}, "a", ("name", "to")), "a.zzz: no such key; known are name, to"),
        ("rows", ("x", "a"), "a: 'x' is not a list"),
        ("rows", ([], "a"), "a: the list is empty"),
        ("texts", (["x", "x"], "a"), "a[1]: 'x' is named twice"),
        ("texts", ([12], "a"), "a[0]: 12 is a number, YAML may have changed it; quote it"),
        ("text", (True, "a"), "YAML takes yes, no, on and off"),
        ("text", (None, "a"), "a: nothing is given"),
        ("text", ({"x": 1}, "a"), "a: {'x': 1} is not a text"),
        ("text", ("x" * 100, "a", None, "", 10), "is 100 characters long; at most 10"),
        ("text", (" ", "a"), "a: the text is empty"),
        ("choice", ("shel", "a", ("shell", "ssh")), "did you mean 'shell'?"),
        ("flag", ("yes", "a"), "a: 'yes' is neither true nor false"),
        ("number", (61, "a", 1, 60), "a: 61 is not a whole number from 1 to 60"),
        ("number", (True, "a", 1, 60), "a: True is not a whole number"),
        ("number", ("2.5", "a", 1, 60), "a: '2.5' is not a whole number"),
        ("text", (["x" * 100], "a"), "..."),
    ],
)
def test_what_is_wrong_is_told_with_its_path(method, arguments, told):
    _value, problems = read(method, *arguments)
    assert len(problems) == 1
    assert told in problems[0]


@pytest.mark.parametrize(
    "method, arguments, value",
    [
        ("table", ({"a": 1, "b": None}, "x"), {"a": 1, "b": None}),
        ("fields", ({"a": 1, "b": None}, "x", ("a", "b")), {"a": 1}),
        ("rows", ((1, 2), "x"), [1, 2]),
        ("rows", ([], "x", True), []),
        ("texts", (["p", "q"], "x"), {0: "p", 1: "q"}),
        ("flag", (False, "x"), False),
        ("number", ("20", "x", 1, 60), 20),
        ("choice", ("ssh", "x", ("shell", "ssh")), "ssh"),
    ],
)
def test_what_is_right_is_given_back(method, arguments, value):
    assert read(method, *arguments) == (value, [])


def test_an_empty_text_may_be_allowed():
    assert read("text", "", "a", empty=True) == ("", [])


def test_all_problems_are_raised_at_once():
    reader = Reader()
    reader.stop_if_wrong()
    reader.wrong("a", "is bad")
    reader.wrong("", "is worse")
    with pytest.raises(Problems) as caught:
        reader.stop_if_wrong()
    assert caught.value.details["problems"] == ["a: is bad", "is worse"]
