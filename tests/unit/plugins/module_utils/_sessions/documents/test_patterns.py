"""Which regular expressions limit a value, and which characters they let through."""

from __future__ import annotations

import re

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.patterns import (
    SHELL_CHARACTERS,
    lets_through,
    matches,
    pattern_problem,
)
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "pattern",
    [
        "^a$",
        "^$",
        "^(a|b)$",
        "^a$|^b$",
        "(^a$|^b$)",
        "((?:^a$)|(^b$))",
        r"\Aa\Z",
        r"\Aa\z",
        "(?i)^a$",
        "^[]|a^$]{1,3}$",
        r"^[^\]|]\|$",
        r"^\x41A\101$",
        "^(?P<name>a)(?P=name)$",
        "^a{1$",
    ],
)
def test_anchored(pattern):
    assert pattern_problem(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "^",
        "a",
        "^a",
        "a$",
        "^a|b$",
        "(^a$|b)",
        "(^a)(b$)",
        "(^a$)?",
        r"^a\$",
        "^[a$]",
        "[^a]$",
        r"\^a$",
        "(?=^a$)",
        "(?<=^a$)",
        "(?<!^a$)",
        "^a$|",
        "$a^",
    ],
)
def test_not_anchored(pattern):
    assert "is not anchored" in pattern_problem(pattern)


def test_what_is_wrong_otherwise():
    assert "is no regular expression" in pattern_problem("^(a$")
    assert "flag m" in pattern_problem("(?m)^a$")
    assert "flag m" in pattern_problem("(?im:^a$)")
    assert "flag x" in pattern_problem("(?x)^a # $")
    assert "flag x" in pattern_problem("(?ix:^a # $\n)")


@pytest.mark.parametrize(
    "pattern, through",
    [
        ("^[a-z0-9_.-]+$", ""),
        (r"^\w+$", ""),
        (r"^a\.b$", ""),
        ("^(a|b)$", ""),
        ("^(a)b{2}$", ""),
        (r"^a\|b$", "|"),
        ("^[;a]$", ";"),
        ("^[^;]$", "&|`$(<>\n'\""),
        ("^a.log$", ";&|`$(<>'\""),
        (r"^\S*$", ";&|`$(<>'\""),
        (r"^(a)\1$", ""),
    ],
)
def test_characters_that_get_through(pattern, through):
    assert set(lets_through(pattern, list(SHELL_CHARACTERS))) == set(through)


def test_a_part_is_enough_as_for_aws():
    assert matches("[a-z]+", "x; rm -rf /")
    assert not matches(r"^[a-z]+\z", "x; rm -rf /")


PIECES = [
    "^",
    "$",
    "a",
    "b",
    ";",
    ".",
    "[ab]",
    "[^;]",
    "(",
    "(?:",
    "(^",
    "$)",
    ")",
    "|",
    "*",
    "?",
    r"\$",
    r"\^",
    r"\A",
    r"\Z",
]
PARTS = st.lists(st.sampled_from(PIECES), max_size=7).map("".join)
PATTERNS = st.one_of(PARTS, PARTS.map("^{}$".format), PARTS.map("^({})$".format), PARTS.map("(^a$|{})".format))
VALUES = st.text("ab;$\n", max_size=4)


def compiled(pattern):
    try:
        return re.compile(pattern)
    except re.error:
        return None


@settings(max_examples=1000)
@given(PATTERNS, VALUES)
def test_nothing_may_stand_around_a_match_of_an_anchored_pattern(pattern, value):
    """Whatever is called anchored matches a value only if it matches the whole of it, but for one last line feed."""
    if pattern_problem(pattern) is None:
        for text in ("ab", value, "a" + value, value + "b", f"{value}ab{value}"):
            if compiled(pattern).search(text) and not text.endswith("\n"):
                assert compiled(pattern).fullmatch(text)


@settings(max_examples=1000)
@given(PATTERNS, VALUES)
def test_a_character_in_a_matching_value_is_among_those_that_get_through(pattern, value):
    if compiled(pattern) and compiled(pattern).fullmatch(value):
        dangerous = {character for character in value if character in SHELL_CHARACTERS}
        assert dangerous <= set(lets_through(pattern, list(SHELL_CHARACTERS)))
