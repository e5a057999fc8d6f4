"""Which instances get which instance profile, and which roles lose the deprecated policy."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import Guard
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.plan import plan_profiles
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.records import (
    Account,
    Current,
    Instance,
    Place,
    Profile,
    Role,
    Selection,
    Wish,
)
from ansible_collections.keyless.aws.plugins.module_utils._sessions.instance_profiles.rights import (
    CORE,
    DEPRECATED,
    policy_arn,
)

WEB = "111122223333"
CORE_ARN, DEPRECATED_ARN = policy_arn("aws", CORE), policy_arn("aws", DEPRECATED)
ALL = Selection(all=True)


def role(name, *attached, **more):
    return Role(name, f"arn:aws:iam::{WEB}:role/{name}", attached, **more)


OTHER_ARN = "arn:aws:iam::aws:policy/X"
ROLES = [role("Good", CORE_ARN), role("Old", DEPRECATED_ARN, OTHER_ARN), role("Bad"), role("Ours", CORE_ARN)]
PROFILES = [Profile(each.name, True, each.name) for each in ROLES] + [Profile("Empty", True), Profile("Gone", False)]
ACCOUNT = Account({each.name: each for each in PROFILES}, {each.name: each for each in ROLES}, ("Ours2",))


def instance(number, profile=None, state="running", name="", association=None):
    return Instance(f"i-{number:017x}", state, name, profile, association)


def current(*instances, account=ACCOUNT, region="ap-northeast-1", **more):
    return Current([Place(WEB, region, list(instances))], {WEB: account}, **more)


def plan(*instances, selection=ALL, profile="Ours", read=None, **more):
    return plan_profiles(read or current(*instances), Wish(selection, profile, **more))


def told(made):
    return [(change.action, change.name.rpartition("/")[2][-2:], dict(change.detail)) for change in made.changes]


MIXED = [instance(n, profile) for n, profile in enumerate((None, "Ours", "Good", "Bad", "Empty", "Gone"))]


@pytest.mark.parametrize("replace, replaced", [("never", []), ("lacking", [3, 4, 5]), ("always", [2, 3, 4, 5])])
def test_who_gets_it(replace, replaced):
    made = plan(*MIXED, replace=replace)
    expected = [("create", "00", {"instance_profile": "Ours"})]
    expected += [
        ("update", f"0{n}", {"instance_profile": "Ours", "replaced": MIXED[n].profile}) for n in replaced
    ]
    assert told(made) == expected
    without = {each["instance_id"][-2:]: each["reason"] for each in made.result["without_session_manager"]}
    if replace == "never":
        assert without["03"].startswith("role Bad lacks ssm:UpdateInstanceInformation, ssmmessages:Create")
        assert without["04"] == "no role in instance profile Empty"
        assert set(without) == {"03", "04", "05"}
        assert "on 111122223333/ap-northeast-1/i-00000000000000003, " in made.warnings[0]
    else:
        assert without == {}
        assert made.warnings == []


def test_what_may_not_be_read_is_not_lacking():
    hidden = Profile("P", None, hidden="GetInstanceProfile: denied")
    account = Account({"P": hidden, "Ours": PROFILES[3]}, ACCOUNT.roles)
    made = plan(read=current(instance(1, "P"), account=account), replace="lacking")
    assert made.changes == []
    (entry,) = made.result["instances"]
    assert (entry["session_manager"], entry["missing"], entry["instance_profile"]) == (None, [], "P")
    assert made.warnings == ["not everything could be checked. GetInstanceProfile: denied"]


def test_the_deprecated_policy_is_replaced_once_for_each_role_before_anything_else():
    tokyo = Place(WEB, "ap-northeast-1", [instance(1, "Old"), instance(2)])
    made = plan(read=Current([tokyo, Place(WEB, "us-east-1", [instance(3, "Old")])], {WEB: ACCOUNT}))
    first, second = made.changes
    assert first.shown() == {
        "action": "update", "kind": "instance_role", "name": f"{WEB}/Old", "attached": [CORE_ARN],
        "detached": [DEPRECATED_ARN],
    }  # fmt: skip
    assert second.name.endswith("2")
    assert made.after[f"{WEB}/Old"] == sorted([CORE_ARN, OTHER_ARN])
    assert [entry["deprecated_policy"] for entry in made.result["instances"]] == [False] * 3
    assert "every S3 bucket" in made.warnings[0] and f"{WEB}/Old" in made.warnings[0]


def test_a_deprecated_policy_that_stays_is_told():
    made = plan(instance(1, "Old"), replace_deprecated=False)
    assert made.changes == []
    assert made.result["instances"][0]["deprecated_policy"] is True
    assert made.result["without_session_manager"] == []
    assert made.warnings == [f"{DEPRECATED} is deprecated and allows too much; it is attached to {WEB}/Old"]
    # a profile that goes needs no mending
    assert [change.kind for change in plan(instance(1, "Old"), replace="always").changes] == ["instance_profile"]


def test_a_role_with_both_only_loses_the_deprecated_one():
    account = Account({"P": Profile("P", True, "R")}, {"R": role("R", CORE_ARN, DEPRECATED_ARN)})
    made = plan(read=current(instance(1, "P"), account=account), profile=None)
    assert made.changes[0].payload["attach"] == []
    assert made.after == {f"{WEB}/R": [CORE_ARN]}


def test_policies_of_another_partition():
    there = Role("R", f"arn:aws-cn:iam::{WEB}:role/R", (policy_arn("aws-cn", DEPRECATED),))
    account = Account({"P": Profile("P", True, "R")}, {"R": there})
    made = plan(read=current(instance(1, "P"), account=account), profile=None)
    assert made.changes[0].payload["attach"] == ["arn:aws-cn:iam::aws:policy/AmazonSSMManagedInstanceCore"]


def test_absent_takes_only_this_profile():
    made = plan(*MIXED, absent=True)
    assert told(made) == [("delete", "01", {"instance_profile": "Ours"})]
    assert made.warnings == []
    assert "instance_profile" not in made.result["instances"][1]
    gone = Account({**ACCOUNT.profiles, "Ours": Profile("Ours", False)}, ACCOUNT.roles)
    assert plan(read=current(instance(1, "Ours"), account=gone), absent=True).changes


@pytest.mark.parametrize(
    "profile, text",
    [
        (Profile("Ours", False), f"{WEB} has no instance profile 'Ours' (did you mean 'Ours2'?); make it first"),
        (Profile("Ours", True), f"'Ours' of {WEB} has no role in it"),
    ],
)
def test_a_profile_that_will_not_do(profile, text):
    account = Account({"Ours": profile}, {}, ACCOUNT.others)
    with pytest.raises(Problems, match="instance_profile: ") as caught:
        plan(read=current(instance(1), account=account))
    assert text in caught.value.message
    assert plan(read=current(account=account)).changes == []  # where no instance is, none is needed


def test_one_that_lets_nobody_in_is_warned_of():
    made = plan(instance(1), profile="Bad")
    assert made.warnings == [f"instance_profile: the role of 'Bad' does not let Session Manager in, in {WEB}"]
    assert len(made.result["without_session_manager"]) == 1


def test_one_that_will_be_there():
    account = Account({"Ours": Profile("Ours", None)})
    made = plan(read=current(instance(1), account=account), expected=("Ours",))
    assert told(made) == [("create", "01", {"instance_profile": "Ours"})]
    (entry,) = made.result["instances"]
    assert (entry["instance_profile"], entry["session_manager"]) == ("Ours", None)
    assert "role" not in entry and made.warnings == []


def test_named_instances_have_to_be_there():
    ids = tuple(instance(n).instance_id for n in (1, 2, 3))
    read = current(instance(1), instance(2, state="terminated"))
    with pytest.raises(Problems) as caught:
        plan(read=read, selection=Selection(ids=ids))
    assert caught.value.details["problems"] == [
        f"instances.ids[1]: '{ids[1]}' is terminated; leave it out",
        f"instances.ids[2]: there is no instance '{ids[2]}' in {WEB}/ap-northeast-1",
    ]
    unread = Current(read.places[:0], {}, {"x": "denied"})  # it may be there
    assert len(plan(read=unread, selection=Selection(ids=ids)).failures) == 1


def test_tags_that_nothing_has():
    made = plan(selection=Selection(tags=(("Team", ("web",)),)))
    assert made.warnings == ["instances.tags: no instance has these tags"]


def test_the_guard_counts_what_is_taken():
    with pytest.raises(UserError, match="max_deletions: this would delete 2 profiles and policies of instances"):
        plan(instance(1, "Good"), instance(2, "Bad"), replace="always", guard=Guard(1))
    assert len(plan(instance(1), instance(2), guard=Guard(0)).changes) == 2
    for name in ("web-1", "Good", "i-00000000000000001"):
        with pytest.raises(UserError, match="protect"):
            plan(instance(1, "Good", name="web-1"), replace="always", guard=Guard(protect=[name]))
    with pytest.raises(UserError, match=f"protect.*\n- {DEPRECATED} of role {WEB}/Old"):
        plan(instance(1, "Old"), guard=Guard(protect=["Old"]))
