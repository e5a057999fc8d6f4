# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.meaning import parts, same_meaning

ONE = {"Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*"}


def document(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


@pytest.mark.parametrize(
    "one, other",
    [
        (document(ONE), {"Version": "2012-10-17", "Statement": dict(ONE, Sid="Other")}),
        (document(ONE), document(dict(ONE, Action=["SSM:startsession"], Resource=["*"]))),
        (
            document(dict(ONE, Action=["a:B", "c:D"], Resource=["x", "y"])),
            document(*(dict(ONE, Action=action, Resource=each) for action in ("c:D", "a:B") for each in "yx")),
        ),
        (
            document(dict(ONE, Condition={"Bool": {"aws:SecureTransport": True}})),
            document(dict(ONE, Condition={"bool": {"AWS:securetransport": ["true"]}})),
        ),
        (document(dict(ONE, NotResource=["x", "y"])), document(dict(ONE, NotResource=["y", "x"]))),
    ],
    ids=["sid", "case", "groups", "condition", "not"],
)
def test_the_same(one, other):
    assert same_meaning(one, other)


@pytest.mark.parametrize(
    "other",
    [
        document(ONE, version="2008-10-17"),
        document(dict(ONE, Effect="Deny")),
        document(dict(ONE, Resource="x")),
        document(dict(ONE, Condition={"Bool": {"aws:SecureTransport": "true"}})),
        document({"Effect": "Allow", "NotAction": "ssm:StartSession", "Resource": "*"}),
        document({"Effect": "Allow", "Action": "ssm:StartSession", "NotResource": "*"}),
        document(ONE, dict(ONE, Action="s3:*")),
        document(),
        None,
    ],
)
def test_not_the_same(other):
    assert not same_meaning(document(ONE), other)


def test_resources_of_one_exception_belong_together():
    """But for x, and but for y, is everything."""
    together = document({"Effect": "Deny", "Action": "a:B", "NotResource": ["x", "y"]})
    apart = document(*({"Effect": "Deny", "Action": "a:B", "NotResource": each} for each in ("x", "y")))
    assert not same_meaning(together, apart)


def test_values_of_a_condition():
    (part,) = parts(document(dict(ONE, Condition={"StringEquals": {"aws:X": ["a", 1]}})))
    assert part.values("stringequals", "AWS:x") == ("a", "1")
    assert part.values("StringLike", "aws:X") == ()
