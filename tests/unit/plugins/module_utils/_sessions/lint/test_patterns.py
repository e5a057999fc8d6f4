# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import fnmatch
import time

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.patterns import arn_of, meet, variables
from hypothesis import given
from hypothesis import strategies as st

PATTERNS = st.text("ab*?", max_size=8)


@given(PATTERNS, st.text("ab", max_size=8))
def test_a_text_fits_a_pattern_as_in_a_shell(pattern, text):
    assert meet(pattern, text) == meet(text, pattern) == fnmatch.fnmatchcase(text, pattern)


@given(PATTERNS, PATTERNS, st.text("ab", max_size=8))
def test_patterns_that_both_fit_a_text_meet(one, other, text):
    if fnmatch.fnmatchcase(text, one) and fnmatch.fnmatchcase(text, other):
        assert meet(one, other)


@pytest.mark.parametrize("one, other", [("a*", "b*"), ("a?", "a"), ("a*a", "*b"), ("", "?"), ("a?c*", "ab")])
def test_patterns_without_a_common_text(one, other):
    assert not any(meet(*pair) for pair in ((one, other), (other, one)))


def test_no_pattern_is_slow():
    begin = time.monotonic()
    assert not meet("a*" * 5000 + "b", "a" * 40)
    assert not meet("instance/" + "*a" * 2000, "document/*")
    assert variables("${" * 200000) == []
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize(
    "text, kinds",
    [
        ("*", {"instance", "managed-instance", "document", "session", "task"}),
        ("arn:aws:*", {"instance", "managed-instance", "document", "session", "task"}),
        ("arn:aws:ssm:*:*:*", {"managed-instance", "document", "session"}),
        ("arn:aws:ec2:*:*:instance/i-*", {"instance"}),
        ("arn:*:ssm:*:*:managed-*/${aws:PrincipalTag/Node}", {"managed-instance"}),
        ("arn:aws:ssm:eu-west-1::document/AWS-*", {"document"}),
        ("arn:aws:s3:::bucket/*", set()),
    ],
)
def test_what_a_resource_may_be(text, kinds):
    arn = arn_of(text)
    assert {
        kind for kind in ("instance", "managed-instance", "document", "session", "task") if arn.may_be(kind)
    } == kinds
    assert arn.everything == (text in ("*", "arn:aws:*"))


@pytest.mark.parametrize("text", ["", "i-0123456789abcdef0", "arn:aws:ec2", "instance/*", "arn:aws:ssm:*:*"])
def test_what_is_no_arn(text):
    assert arn_of(text) is None or text.endswith("*")


def test_colons_of_variables_and_of_the_last_part_do_not_part():
    arn = arn_of("arn:aws:ssm:*:${aws:PrincipalAccount}:session/${aws:userid}:more")
    assert (arn.account, arn.resource) == ("${aws:PrincipalAccount}", "session/${aws:userid}:more")
    assert variables(arn.text) == ["aws:PrincipalAccount", "aws:userid"]
    assert variables("${aws:username, 'nobody'}") == []


@pytest.mark.parametrize(
    "text, own, by_aws",
    [
        ("arn:aws:ssm:*:*:document/Own", True, True),
        ("arn:aws:ssm:*::document/Own", False, True),
        ("arn:aws:ssm:*:111122223333:document/O*", True, False),
        ("arn:aws:ssm:*:111122223333:document/Other", False, False),
        ("*", True, True),
    ],
)
def test_documents(text, own, by_aws):
    assert (arn_of(text).is_document("Own", by_aws=False), arn_of(text).is_document("Own", by_aws=True)) == (
        own,
        by_aws,
    )
