"""Tags: what AWS takes, and what is added and removed."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._tags import goal_tags, tag_findings, tag_steps


@pytest.mark.parametrize("tags", [None, {}, {"Team": "web", "名前": "a b\u3000_.:/=+-@", "Empty": "", "Number": 5}])
def test_good(tags):
    assert list(tag_findings(tags)) == []


@pytest.mark.parametrize(
    "tags, text",
    [
        ({"Team": None}, "quote it"),
        ({"Team": True}, "quote it"),
        ({"": "x"}, "is no tag key"),
        ({"aws:x": "x"}, "is no tag key"),
        ({"a*": "x"}, "is no tag key"),
        ({"a": "*"}, "is no value"),
        ({"a": "b\nc"}, "is no value"),
        ({"a\tb": "c"}, "is no tag key"),
        ({"a": "x" * 257}, "is no value"),
        ({f"k{number}": "" for number in range(51)}, "51 tags"),
    ],
)
def test_bad(tags, text):
    (found,) = tag_findings(tags)
    assert text in found


def test_what_is_purged_and_what_never():
    have = {"a": "1", "b": "2", "keyless:managed": "true", "aws:x": "y"}
    kept = {"keyless:managed": "true", "aws:x": "y"}
    assert goal_tags(have, {"a": "3"}, purge=True) == dict(kept, a="3")
    assert goal_tags(have, {"a": "3"}, purge=False) == dict(have, a="3")
    assert goal_tags(have, {}, purge=True) == kept


def test_steps():
    assert tag_steps({"a": "1", "b": "2"}, {"a": "3", "c": ""}) == ({"a": "3", "c": ""}, ["b"])
    assert tag_steps({"a": "1"}, {"a": "1"}) == ({}, [])
