# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import Guard
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.plan import (
    Rules,
    document_step,
    plan_policies,
)
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.records import (
    Account,
    Current,
    Policy,
    Version,
    Wanted,
    newcomers,
)

ACCOUNT, NAME, ARN = "111122223333", "111122223333/Web", "arn:aws:iam::111122223333:policy/Web"
NEW, OLD, OTHER = dict(Statement="new"), dict(Statement="old"), dict(Statement="other")
MANAGED = "keyless:managed"


def same(one, other):
    return one == other


def want(**more):
    return Wanted(**dict(dict(place="policies[0]", name="Web", document=NEW), **more))


def have(*versions, **more):
    """versions: documents, the first of which is the default."""
    rows = [Version(f"v{number}", number == 1, document) for number, document in enumerate(versions or (NEW,), 1)]
    return Policy(**dict(dict(arn=ARN, name="Web", versions=rows, description="", tags={}), **more))


def account(*policies, **more):
    return Account(**dict(dict(id=ACCOUNT, policies={policy.arn: policy for policy in policies}), **more))


def plan(current, *wanted, **rules):
    return plan_policies(Current([current]), wanted or [want()], Rules(same, **rules))


def shown(found):
    return [{key: value for key, value in change.shown().items() if key not in ("kind", "name")} for change in
            found.changes]  # fmt: skip


def test_a_new_policy():
    found = plan(account(), want(description="Ours", attachments=dict(users=["a"], roles=[]), tags=dict(t="w")))
    assert shown(found) == [dict(action="create"), dict(action="update", fields=["users"], add="a")]
    assert found.changes[0].payload[2] == {MANAGED: "true", "t": "w"}
    (entry,) = found.result["session_policies"]
    assert entry == dict(
        account_id=ACCOUNT, name="Web", path="/", arn=ARN, description="Ours", document=NEW, users=["a"], roles=[],
        tags={MANAGED: "true", "t": "w"},
    )  # fmt: skip
    assert found.before == {NAME: None}
    assert found.after[NAME]["document"] == NEW
    assert "account_id" not in found.after[NAME]


def test_nothing_to_do():
    found = plan(account(have(tags=dict(t="w"))), want(tags=dict(t="w"), description=""))
    assert found.changes == [] and found.before == found.after == {} and found.warnings == []
    assert found.result["session_policies"][0]["default_version_id"] == "v1"


@pytest.mark.parametrize(
    "versions, expected",
    [
        ((NEW, OLD), None),
        ((OLD,), dict(remove=None)),
        ((OLD, NEW, OTHER), dict(make_default="v2")),
        ((OLD, NEW, NEW), dict(make_default="v3")),
        ((OLD, OTHER, OTHER, OTHER), dict(remove=None)),
        ((OLD, OTHER, OTHER, OTHER, OTHER), dict(remove="v2")),
        ((OLD, None, None, None, None), dict(remove="v2")),
        ((OLD, OTHER, OTHER, OTHER, NEW), dict(make_default="v5")),
    ],
)
def test_versions(versions, expected):
    assert document_step(have(*versions), NEW, same) == expected


def test_the_oldest_version_by_its_number():
    versions = [Version("v9", False, OTHER), Version("v12", True, OLD), Version("v10"), Version("v11"), Version("v13")]
    assert document_step(have(versions=versions), NEW, same) == dict(remove="v9")
    assert document_step(have(versions=[Version("v2.x", True, OLD)]), NEW, same) == dict(remove=None)


def test_a_new_version_is_shown_and_so_is_what_made_room():
    found = plan(account(have(OLD, OTHER, OTHER, OTHER, OTHER)))
    assert shown(found) == [dict(action="update", fields=["document"], removed_version_id="v2")]
    assert found.changes[0].payload == ("new_version", ARN, NEW, "v2")
    assert found.warnings == [
        f"{NAME}: version v2 makes room, as the oldest that is not the default; a policy has 5 at most"
    ]
    assert found.before == {NAME: dict(document=OLD)} and found.after == {NAME: dict(document=NEW)}
    assert "default_version_id" not in found.result["session_policies"][0]
    again = plan(account(have(OLD, NEW)))
    assert shown(again) == [dict(action="update", fields=["document"], version_id="v2")]
    assert again.result["session_policies"][0]["default_version_id"] == "v2"


def test_attachments_are_exact_as_far_as_they_are_given():
    there = have(attachments=dict(users=["a", "b"], groups=["g"], roles=["r", "AWSReservedSSO_Web_1"]))
    found = plan(account(there), want(attachments=dict(users=["b", "c"], roles=[])))
    assert shown(found) == [
        dict(action="update", fields=["users"], add="c"),
        dict(action="update", fields=["users"], remove="a"),
        dict(action="update", fields=["roles"], remove="r"),
    ]
    (entry,) = found.result["session_policies"]
    assert (entry["users"], entry["roles"]) == (["b", "c"], ["AWSReservedSSO_Web_1"])
    assert "groups" not in entry
    assert found.before[NAME] == dict(users=["a", "b"], roles=["r", "AWSReservedSSO_Web_1"])
    kept = plan(account(there), want(attachments=dict(users=["c"])), purge_attachments=False)
    assert [change.detail for change in kept.changes] == [dict(fields=["users"], add="c")]
    assert kept.result["session_policies"][0]["users"] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "there, tags, purge, expected",
    [
        ({}, None, True, []),
        ({"a": "1", "b": "2"}, None, True, []),
        ({"a": "1", MANAGED: "true", "aws:x": "y"}, {"b": "3"}, True, [("add", {"b": "3"}), ("remove", ["a"])]),
        ({"a": "1", "b": "2"}, {"b": "3"}, False, [("add", {"b": "3"})]),
        ({"a": "1", MANAGED: "true"}, {}, True, [("remove", ["a"])]),
        ({"team": "1"}, {"Team": "1"}, True, [("add", {"Team": "1"})]),
        ({"team": "1"}, {"Team": "1"}, False, [("add", {"Team": "1"})]),
        ({"Team": "1"}, {"Team": "1"}, False, []),
    ],
)
def test_tags(there, tags, purge, expected):
    found = plan(account(have(tags=there)), want(tags=tags), purge_tags=purge)
    details = [change.detail for change in found.changes]
    assert [(verb, each[verb]) for each in details for verb in ("add", "remove") if verb in each] == expected
    if tags and "Team" in tags:
        assert found.result["session_policies"][0]["tags"] == {"Team": "1"}


def test_a_description_is_never_changed():
    found = plan(account(have(description="Old")), want(description="New"))
    assert found.changes == []
    assert found.warnings == [
        f"policies[0].description: AWS cannot change the description of a policy, so that of {NAME} stays 'Old'"
    ]
    assert plan(account(have(description=None)), want(description="New")).warnings == []


def test_deletions_are_counted_and_come_last():
    old = have(arn=ARN.replace("Web", "Old"), name="Old", attachments=dict(users=["a"], roles=[]))
    gone = want(name="Old", document={}, absent=True)
    found = plan(account(have(OLD), old), gone, want(place="policies[1]"), want(name="Never", absent=True))
    done = [(change.action, change.name) for change in found.changes]
    assert done == [("update", NAME), ("delete", f"{ACCOUNT}/Old")]
    assert found.changes[1].detail == dict(detached=dict(users=["a"]))
    assert found.after[f"{ACCOUNT}/Old"] is None
    assert [entry["name"] for entry in found.result["session_policies"]] == ["Web"]
    with pytest.raises(UserError, match="would delete 1 policies, and max_deletions is 0"):
        plan(account(old), gone, guard=Guard(0))
    for name in ("OLD", old.arn, f"{ACCOUNT}/Old"):
        with pytest.raises(UserError, match="protect"):
            plan(account(old), gone, guard=Guard(1, [name]))


def test_everything_in_the_way_is_told_at_once():
    reserved = dict(roles=["App", "AWSReservedSSO_Web_1"])
    bounded = have(name="B", arn=ARN.replace("Web", "B"), boundary_of=["taro"], attachments=reserved)
    current = account(
        bounded, namesakes={"web": ARN, "Api": ARN.replace("Web", "t/u/Api")}, unknown={("users", "tarro"): " (?)"}
    )
    wanted = [
        want(name="web"), want(name="Api", place="policies[1]"), want(name="B", absent=True, place="policies[2]"),
        want(name="C", place="policies[3]", attachments=dict(users=["a", "tarro"]), partition="aws-cn"),
    ]  # fmt: skip
    with pytest.raises(Problems) as caught:
        plan(current, *wanted)
    once = ", and IAM knows a policy's name once in an account, whatever its path and its upper and lower case"
    heads = [text.partition(";")[0] for text in caught.value.details["problems"]]
    assert heads == [
        f"policies[0].name: account {ACCOUNT} has {ARN}{once}",
        f"policies[1].path: account {ACCOUNT} has arn:aws:iam::{ACCOUNT}:policy/t/u/Api{once}",
        f"policies[2]: {bounded.arn} is the permissions boundary of taro",
        f"policies[2]: {bounded.arn} is attached to AWSReservedSSO_Web_1, which only Identity Center changes",
        f"policies[3]: the scope is of partition aws-cn, and account {ACCOUNT} is in aws",
        f"policies[3].users[1]: account {ACCOUNT} has no user 'tarro' (?)",
    ]
    assert "give path '/t/u/' for that policy" in caught.value.message
    assert "give name 'Web' for that policy" in caught.value.message


def test_an_account_that_could_not_be_read_is_a_failure():
    found = plan_policies(Current([], {"444455556666": "denied"}), [want()], Rules(same))
    assert [(outcome.change.action, outcome.change.name, outcome.error) for outcome in found.failures] == [
        ("read", "444455556666", "denied")
    ]


def test_who_has_to_be_looked_up():
    there = have(attachments=dict(users=["a"]))
    wanted = {ARN: want(attachments=dict(users=["a", "b"])), "x": want(attachments=dict(users=["b"], roles=["r"]))}
    assert newcomers({ARN: there}, wanted) == dict(users=["b"], groups=[], roles=["r"])
