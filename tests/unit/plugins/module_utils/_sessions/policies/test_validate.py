# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import Guard
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.validate import policies
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import merged_policy

USER = dict(principal="iam_user", instances=dict(all=True), connect=["shell"])
ROLE = dict(USER, principal="role")


def problems(*items, guard=None):
    with pytest.raises(Problems) as caught:
        policies([dict(dict(name="Web", scope=USER), **item) for item in items], guard)
    return caught.value.details["problems"]


def test_a_record():
    scopes = [ROLE, dict(ROLE, console=False)]
    (want,) = policies([dict(name="Web", path="/t/", scopes=scopes, roles=["App"], users=[], tags=dict(n=1))])
    assert (want.name, want.path, want.place, want.partition) == ("Web", "/t/", "policies[0]", "aws")
    assert want.document == merged_policy(scopes)
    assert want.attachments == dict(roles=["App"], users=[])
    assert (want.tags, want.description) == (dict(n="1"), None)
    (gone,) = policies([dict(name="Web", state="absent", path=None, scope=dict(odd=1))])
    assert gone.absent and gone.path == "/" and gone.document == {}


@pytest.mark.parametrize(
    "item, expected",
    [
        (dict(name="a b"), "policies[0].name: 'a b' must be 1 to 128 letters"),
        (dict(name="arn:aws:iam::1:policy/x"), "give the name, not the ARN"),
        (dict(name="x" * 129), "must be 1 to 128"),
        (dict(path="teams"), "policies[0].path: 'teams' is not an IAM path"),
        (dict(path="/" + "x" * 511 + "/"), "is not an IAM path"),
        (dict(description="x" * 1001), "policies[0].description: 1001 characters are too many; give at most 1000"),
        (dict(description="a\nb"), "policies[0].description: has a line feed"),
        (dict(scopes=[USER]), "policies[0]: give scope, or scopes"),
        (dict(scope=None), "policies[0]: give scope, or scopes"),
        (dict(scope=None, scopes=[]), "policies[0].scopes: the list is empty"),
        (dict(scope=dict(USER, principal=None)), "policies[0].scope.principal: is missing"),
        (dict(scope=dict(USER, connect=["shel"])), "policies[0].scope.connect[0]: no way in 'shel' (did you mean"),
        (dict(scope=None, scopes=[USER, dict(USER, connect=[1])]), "policies[0].scopes[1].connect[0]: 1 is a number"),
        (
            dict(scope=None, scopes=[USER, dict(ROLE)]),
            "policies[0].scopes[1].principal: 'role' here and 'iam_user' in policies[0].scopes[0]",
        ),
        (dict(users=["a b"]), "policies[0].users[0]: 'a b' is not the name of a user: 1 to 64"),
        (dict(users=["x" * 65]), "is not the name of a user"),
        (dict(groups=["arn:aws:iam::1:group/x"]), "policies[0].groups[0]: 'arn:aws:iam::1:group/x' is an ARN"),
        (dict(users=["taro", "Taro"]), "policies[0].users[1]: 'Taro' is named twice"),
        (dict(scope=ROLE, roles=["AWSReservedSSO_Web_1"]), "policies[0].roles[0]: 'AWSReservedSSO_Web_1' is the role"),
        (dict(scope=ROLE, groups=["ops"]), "policies[0].groups: the scope's principal is role, and IAM users"),
        (dict(roles=["App"]), "policies[0].roles: the scope's principal is iam_user, and roles would not"),
        (dict(tags={"a*": "x"}), "policies[0].tags: 'a*' is no tag key"),
        (dict(tags={"aws:a": "x"}), "policies[0].tags: 'aws:a' is no tag key"),
        (dict(tags={"a": "x*"}), "policies[0].tags: 'x*' is no value for the tag 'a'"),
        (dict(tags={"a": True}), "policies[0].tags: the value of 'a' is True, not a text"),
        (dict(tags={"Team": "x", "team": "y"}), "policies[0].tags: 'team' is for IAM the same key as 'Team'"),
        (dict(tags={f"k{number}": "" for number in range(50)}), "policies[0].tags: with keyless:managed these"),
    ],
)
def test_what_is_refused(item, expected):
    found = problems(item)
    assert len(found) == 1
    assert expected in found[0]


def test_all_problems_at_once():
    found = problems(dict(name="a b", scope={}), dict(name="Web"), dict(name="WEB"), guard=Guard(-1, [""]))
    paths = [text.split(":")[0] for text in found]
    assert paths[0] == "policies[0].name"
    assert "policies[0].scope.connect" in paths
    assert paths[-3:] == ["policies[2].name", "protect[0]", "max_deletions"]


def test_ids_that_do_not_fit_are_refused_with_size_and_advice():
    ids = [f"i-{number:017x}" for number in range(120)]
    (text,) = problems(dict(scope=dict(USER, instances=dict(ids=ids))))
    assert text.startswith("policies[0].scope: the policy has ") and "a managed policy takes 6144" in text
    assert "tags" in text
