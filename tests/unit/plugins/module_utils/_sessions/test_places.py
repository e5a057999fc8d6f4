# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.places import (
    LARGEST,
    fitted,
    minified,
    policy_size,
    size_problem,
)
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy

SCOPE = {
    "principal": "role",
    "accounts": ["111122223333"],
    "regions": ["ap-northeast-1"],
    "instances": {"ids": ["i-0123456789abcdef0"]},
    "connect": ["shell"],
}


@pytest.mark.parametrize("document, size", [({"a": "b c"}, 10), ('{"a": [1,\n 2]}', 9 + 2), ({}, 2)])
def test_white_space_does_not_count(document, size):
    assert policy_size(document) == size


def test_it_counts_in_a_sessions_own_policy():
    assert policy_size({"a": "b c"}, "session") == len('{"a":"b c"}')


def test_minified_is_the_same_document():
    document = session_policy(dict(SCOPE, instances={"tags": {"Team": "経理"}}))
    text = minified(document)
    assert json.loads(text) == document
    assert text.isascii()
    assert ": " not in text


@pytest.mark.parametrize("place", LARGEST)
def test_exactly_as_large_as_allowed(place):
    document = {"x": "x" * (LARGEST[place] - len('{"x":""}'))}
    assert fitted(document, place) == document
    assert size_problem({"x": document["x"] + "x"}, place).startswith(f"the policy has {LARGEST[place] + 1} characters")
    assert size_problem({"x": document["x"] + "x"}, "anywhere") == ""


def test_too_many_ids_are_refused_with_size_and_advice():
    ids = [f"i-{number:017x}" for number in range(200)]
    document = session_policy(dict(SCOPE, instances={"ids": ids}))
    with pytest.raises(UserError) as caught:
        fitted(document, "permission_set")
    assert f"{policy_size(document)} characters" in caught.value.message
    assert "by tags or principal_tags instead of ids" in caught.value.message
    assert fitted(session_policy(dict(SCOPE, instances={"ids": ids[:50]})), "permission_set")


@pytest.mark.parametrize(
    "place, mend",
    [
        ("permission_set", "or split it"),
        ("managed_policy", "or split it"),
        ("user", "or make it a managed policy (keyless.aws.session_policy)"),
        ("group", "or make it a managed policy (keyless.aws.session_policy)"),
        ("role", "or make it a managed policy (keyless.aws.session_policy)"),
        ("session", "or set console to false"),
    ],
)
def test_the_advice_helps_at_that_place(place, mend):
    """Inline policies share one limit, so that to split one gains nothing; a session has one policy."""
    assert size_problem({"x": "x" * LARGEST[place]}, place).endswith(mend)


@pytest.mark.parametrize("run_as", ["optional", "required"])
def test_one_instance_for_one_hour_fits_into_a_session(run_as):
    scope = dict(SCOPE, run_as=run_as, valid_until="2099-12-31T00:00:00Z")
    assert fitted(session_policy(scope, ceiling=True), "session")
