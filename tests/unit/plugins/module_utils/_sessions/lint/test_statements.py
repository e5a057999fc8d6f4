# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.problems import policy_problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.statements import read_document
from hypothesis import given
from hypothesis import strategies as st
from lint_examples import right

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["*", "ssm:StartSession", "Allow"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ELEMENTS = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal", "Effects"]
STATEMENTS = st.dictionaries(st.sampled_from(ELEMENTS), JSON, max_size=5)


@given(JSON | st.fixed_dictionaries({"Statement": STATEMENTS | st.lists(STATEMENTS | JSON, max_size=3)}))
def test_nothing_raises(document):
    before = copy.deepcopy(document)
    problems = policy_problems(document, "role", run_as=True)
    assert problems or document == {}
    assert document == before
    text = json.dumps(document)
    assert bool(policy_problems(text, None)) == (text != "{}")


@pytest.mark.parametrize(
    "raw, told",
    [
        (None, "no JSON object"),
        (5, "no JSON object"),
        ([], "no JSON object"),
        ("[]", "no JSON object"),
        ("", "It is not JSON"),
        ("{'Version': 1}", "It is not JSON"),
        (b"\xff\xfe", "It is not JSON"),
        ("[" * 100000, "It is not JSON"),
        ({"Version": "2012-10-17"}, "It has no statement"),
        ({"Version": "2012-10-17", "Statement": []}, "It has no statement"),
        ({"Statement": ["Allow"]}, "It is no statement"),
        ({"Statements": []}, "no element 'Statements' here and refuses the policy (did you mean 'Statement'?)"),
    ],
)
def test_what_is_no_policy(raw, told):
    problems = policy_problems(raw)
    assert {problem["rule"] for problem in problems} == {"malformed"}
    assert told in " ".join(problem["problem"] for problem in problems)


@pytest.mark.parametrize(
    "changes, path, told",
    [
        ({"Actions": "ssm:*"}, ".Actions", "no element 'Actions' and refuses the policy (did you mean 'Action'?)"),
        ({"Principal": "*"}, ".Principal", "belongs to trust and resource policies"),
        ({"Effect": "Allowed"}, ".Effect", "neither Allow nor Deny"),
        ({"Action": []}, ".Action", "neither a text nor a list of texts"),
        ({"Action": [5]}, ".Action", "neither a text nor a list of texts"),
        ({"NotResource": "*"}, ".Resource", "not both"),
        ({"Condition": "MFA"}, ".Condition", "It is not {operator: {key: value}}"),
        ({"Condition": {"StringEquals": ["x"]}}, ".Condition", "It is not {operator: {key: value}}"),
        ({"Condition": {"StringLikes": {"aws:userid": "x"}}}, ".Condition.StringLikes", "(did you mean 'StringLike'?)"),
        ({"Sid": "See it"}, ".Sid", "letters and digits"),
        ({"Sid": "Nodes"}, ".Sid", "stands in the policy already"),
    ],
)
def test_what_iam_refuses(changes, path, told):
    policy = right()
    policy["Statement"][4].update(changes)
    found = [one for one in policy_problems(policy) if one["rule"] == "malformed"]
    assert [one["path"] for one in found] == ["Statement[4]" + path]
    assert told in found[0]["problem"] and found[0]["severity"] == "error"


@pytest.mark.parametrize("missing", ["Effect", "Action", "Resource"])
def test_what_a_statement_cannot_do_without(missing):
    policy = right()
    del policy["Statement"][4][missing]
    found = [one for one in policy_problems(policy) if one["rule"] == "malformed"]
    assert [one["path"] for one in found] == [f"Statement[4].{missing}"]


def test_a_key_that_stands_twice():
    text = json.dumps(right()).replace('"Sid": "See"', '"Effect": "Deny", "Sid": "See"')
    (problem,) = policy_problems(text)
    assert (problem["rule"], problem["statement"]) == ("malformed", "the policy")
    assert problem["problem"] == "'Effect' stands twice in one JSON object; at most one of the two counts."


def test_one_statement_and_one_text_are_as_good_as_lists():
    read = read_document(
        {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}}
    )
    (statement,) = read.statements
    assert statement.path == "Statement" and statement.name == "statement 1"
    assert statement.denies("ssm:StartSession") and not statement.names("s3:GetObject")


@pytest.mark.parametrize(
    "operator, values, needed",
    [
        ("StringEquals", "x", True),
        ("StringEqualsIfExists", "x", False),
        ("StringNotEquals", "x", False),
        ("ForAllValues:StringEquals", "x", False),
        ("ForAnyValue:StringLike", "x", True),
        ("Null", "false", True),
        ("Null", True, False),
        ("bool", True, True),
        ("NotIpAddress", "192.0.2.0/24", False),
    ],
)
def test_which_conditions_fail_where_the_key_is_missing(operator, values, needed):
    condition = {operator: {"aws:userid": values}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    read = read_document({"Statement": [statement]})
    assert not read.problems
    (line,) = read.statements[0].lines
    assert line.needs_key is needed
