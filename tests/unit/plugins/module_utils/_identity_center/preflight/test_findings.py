"""What people read, from facts alone."""

from __future__ import annotations

from ansible_collections.keyless.aws.plugins.module_utils._identity_center.preflight.findings import findings
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.preflight.records import (
    Demand,
    Facts,
    Quota,
    Reference,
    Seen,
)
from ansible_collections.keyless.aws.plugins.module_utils._organizations.tree import Account
from hypothesis import given
from hypothesis import strategies as st

WEB, DB, OLD = "111122223333", "222233334444", "444455556666"
NAMED = {WEB: Account(WEB, "web-prod"), DB: Account(DB, "db")}
NOTHING_THERE, THERE = Seen(frozenset()), Seen(frozenset(["/keyless-web"]))
NEED = Reference("keyless-web")


def problems(**facts):
    found = findings(Facts(**facts))
    assert not found.warnings
    return found.problems


def warnings(**facts):
    found = findings(Facts(**facts))
    assert not found.problems
    return found.warnings


def test_nothing_to_say():
    assert findings(Facts()) == ([], [])
    assert problems(demands=[Demand("Web", (WEB,), (NEED,), 10)], seen={WEB: THERE}, accounts=NAMED) == []


def test_a_missing_policy_names_set_policy_path_account_and_mend():
    assert problems(demands=[Demand("WebOperator", (WEB,), (NEED,))], seen={WEB: NOTHING_THERE}, accounts=NAMED) == [
        "permission set 'WebOperator' needs the customer managed policy 'keyless-web' with path '/' in account "
        "111122223333 (web-prod), where it does not exist; create it there first"
    ]


def test_the_same_policy_in_another_path_is_another_policy():
    (problem,) = problems(
        demands=[Demand("Web", (WEB,), (Reference("keyless-web", "/teams/"),))], seen={WEB: THERE}
    )
    assert "'keyless-web' with path '/teams/'" in problem


def test_a_missing_boundary_is_called_one():
    edge = Reference("edge", boundary=True)
    (problem,) = problems(demands=[Demand("Web", (WEB,), (edge,))], seen={WEB: NOTHING_THERE})
    assert "needs the permissions boundary 'edge' with path '/' in account 111122223333, where" in problem


def test_one_line_for_sets_that_lack_the_same_policy_in_the_same_accounts():
    demands = [Demand(name, (DB, WEB), (NEED,)) for name in ("A", "B", "C")] + [Demand("D", (WEB,), (NEED,))]
    assert problems(demands=demands, seen={WEB: NOTHING_THERE, DB: NOTHING_THERE}, accounts=NAMED) == [
        "permission sets 'A', 'B' and 'C' need the customer managed policy 'keyless-web' with path '/' in accounts "
        "111122223333 (web-prod) and 222233334444 (db), where it does not exist; create it there first",
        "permission set 'D' needs the customer managed policy 'keyless-web' with path '/' in account "
        "111122223333 (web-prod), where it does not exist; create it there first",
    ]


def test_only_where_it_is_missing():
    demand = Demand("Web", (WEB, DB), (NEED,))
    (problem,) = problems(demands=[demand], seen={WEB: THERE, DB: NOTHING_THERE})
    assert f"in account {DB}," in problem


def test_many_accounts_stay_one_line_that_a_person_reads():
    ids = tuple(f"{number:012}" for number in range(500))
    (problem,) = problems(demands=[Demand("Web", ids, (NEED,))], seen=dict.fromkeys(ids, NOTHING_THERE))
    assert "in 500 accounts, 000000000000, 000000000001," in problem
    assert "000000000009 and 490 more, where" in problem
    assert len(problem) < 400


def test_accounts_that_nobody_can_work_with():
    accounts = {
        WEB: NAMED[WEB], OLD: Account(OLD, "old", "SUSPENDED"), "1" * 12: Account("1" * 12, "older", "SUSPENDED"),
        "2" * 12: Account("2" * 12, None, "PENDING_CLOSURE"),
    }  # fmt: skip
    assert problems(accounts=accounts, strangers=["999999999999"]) == [
        "account 999999999999 is not in the organization; mend the id, or leave it out",
        "accounts 444455556666 (old) and 111111111111 (older) are SUSPENDED, so nothing can be provisioned there; "
        "leave it out",
        "account 222222222222 is PENDING_CLOSURE, so nothing can be provisioned there; leave it out",
    ]


def test_what_only_the_management_account_may_do():
    one, other = problems(management="123456789012", in_management=True, only_by_management=["A", "B"])
    assert "account 123456789012 is the management account" in one
    assert "run this as the management account" in one
    assert other.startswith("permission sets 'A' and 'B' are provisioned in the management account 123456789012, so a")


def test_permission_sets_that_are_not_there():
    (problem,) = problems(absent=["arn:aws:sso:::permissionSet/ssoins-1/ps-1"])
    assert problem.startswith("permission set 'arn:aws:sso:::permissionSet/ssoins-1/ps-1' is not there")


def test_a_quota_that_aws_told_is_certain_and_a_default_is_not():
    after = {WEB: 51, DB: 50}
    (problem,) = problems(sets_after=after, sets_quota=Quota(50, applied=True), accounts=NAMED)
    assert "an account may have 50 permission sets, and these would have more: 111122223333 (web-prod) 51;" in problem
    assert "Service Quotas (sso L-89954265)" in problem
    (warning,) = warnings(sets_after=after, sets_quota=Quota(50), accounts=NAMED)
    assert "unless AWS has raised that" in warning
    assert "111122223333 (web-prod) 51;" in warning


def test_a_role_with_too_many_policies():
    demand = Demand("Web", (WEB, DB, OLD), policies=12)
    found = findings(Facts([demand], seen={WEB: Seen(per_role=10), DB: Seen(per_role=20)}, accounts=NAMED))
    (problem,), (warning,) = found
    assert problem.startswith("permission set 'Web' attaches 12 policies to its role, and a role may have 10 in ")
    assert "in account 111122223333 (web-prod);" in problem
    assert "(iam L-0DA4ABF3, us-east-1)" in problem
    assert DB not in problem + warning
    assert problems(demands=[Demand("Web", (WEB,), policies=12)], seen={WEB: Seen(per_role=12)}) == []
    assert "unless AWS has raised that; it could not be looked up in account 444455556666;" in warning


def test_what_could_not_be_looked_up_is_one_warning():
    no_way = Seen(why="no entry in targets leads there")
    demands = [Demand("A", (WEB, DB, OLD), (NEED,)), Demand("B", (WEB,), (NEED,))]
    seen = {WEB: no_way, DB: no_way, OLD: Seen(why="AssumeRole: access denied")}
    unknown = ["whether the accounts are active (denied)"]
    assert warnings(demands=demands, seen=seen, accounts=NAMED, unknown=unknown) == [
        "preflight: it could not be looked up whether 3 accounts have the policies needed (111122223333 (web-prod) and "
        "222233334444 (db): no entry in targets leads there; 444455556666: AssumeRole: access denied); nor whether the "
        "accounts are active (denied)."
    ]


def test_an_account_that_could_not_be_entered_needs_no_word_where_nothing_is_needed():
    assert warnings(demands=[Demand("A", (WEB,))], seen={WEB: Seen(why="denied")}) == []


IDS = [f"{number:012}" for number in range(12)]
POLICIES = [Reference(f"policy-{number}", path) for number in range(3) for path in ("/", "/x/")]
SOME_IDS = st.lists(st.sampled_from(IDS), unique=True, min_size=1)
DEMANDS = st.lists(st.tuples(SOME_IDS, st.lists(st.sampled_from(POLICIES), unique=True)), max_size=5)
SEEN = st.dictionaries(
    st.sampled_from(IDS), st.none() | st.frozensets(st.sampled_from([each.policy for each in POLICIES]))
)


@given(DEMANDS, SEEN)
def test_each_set_and_policy_that_is_missing_somewhere_is_told_and_no_other(chosen, known):
    demands = [Demand(f"set-{place}", tuple(ids), tuple(needs)) for place, (ids, needs) in enumerate(chosen)]
    seen = {each: Seen(known.get(each), "no way") for each in IDS}
    found = findings(Facts(demands, seen=seen))
    expected = {
        (demand.permission_set, reference)
        for demand in demands
        for reference in demand.references
        for account_id in demand.accounts
        if known.get(account_id) is not None and reference.policy not in known[account_id]
    }
    told = {
        (demand.permission_set, reference)
        for demand in demands
        for reference in demand.references
        for line in found.problems
        if f"'{demand.permission_set}'" in line and f"'{reference.name}' with path '{reference.path}'" in line
    }
    assert told == expected
    assert len(found.problems) <= len(expected)
    blind = {each for demand in demands if demand.references for each in demand.accounts if known.get(each) is None}
    assert bool(found.warnings) == bool(blind)
    assert all(f"whether {len(blind)} account" in text for text in found.warnings)
