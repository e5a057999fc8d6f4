"""account_assignments over HTTP: what is refused, or warned of, before the first write."""

from __future__ import annotations

from organization import DATA, MANAGEMENT, PROD, STAGING, row, writes


def test_too_many_deletions_are_refused_before_the_first_write(emulator, organization, assign, spent):
    for account in (PROD, STAGING, DATA):
        organization.assign("WebOperator", "auditors", account)
    spent()
    for check in (True, False):
        failed = assign(row(), purge="listed", max_deletions=2, fails=True, check=check)
        assert "this would delete 3 account assignments, and max_deletions is 2" in failed["msg"]
        assert failed["deletions"][0] == f"WebOperator: group auditors in {PROD}"
    assert writes(spent()) == {}
    assert assign(row(), purge="listed", max_deletions=3)["deleted"] == 3


def test_expected_names_count_in_check_mode_only(emulator, organization, assign, spent):
    new = row(["New", "WebOperator"], ["new-group", "web-operators"], PROD, users="hanako")
    expected = dict(permission_sets=["New"], groups=["new-group"], users=["hanako"])
    spent()
    result = assign(new, expected=expected, check=True)
    assert result["created"] == 6
    assert "permission_set_arn" not in result["account_assignments"][0]
    assert {"account_id": PROD, "permission_set": "New", "principal_type": "USER", "principal": "hanako"} in result[
        "account_assignments"
    ]
    failed = assign(new, expected=expected, fails=True)
    assert failed["problems"] == [
        "assignments[0].permission_sets[0]: no permission set 'New'",
        "assignments[0].groups[0]: no group 'new-group'",
        "assignments[0].users[0]: no user 'hanako'",
    ]
    assert writes(spent()) == {}


def signed_in(emulator, user, account=MANAGEMENT):
    """The environment of a person who signed in through Identity Center."""
    role = f"arn:aws:iam::{account}:role/AWSReservedSSO_WebOperator_0123456789abcdef"
    keys = emulator.client("sts").assume_role(RoleArn=role, RoleSessionName=user)["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }


def test_nobody_locks_themselves_out(emulator, organization, assign, spent):
    organization.join("web-operators", "taro")
    organization.assign("WebOperator", "web-operators", MANAGEMENT)
    taro = signed_in(emulator, "taro")
    away = row(accounts=MANAGEMENT, state="absent")
    spent()
    failed = assign(away, env=taro, fails=True)
    assert failed["msg"].startswith(f"allow_self_lockout: this would take WebOperator in {MANAGEMENT} away")
    assert writes(spent()) == {}
    organization.assign("WebOperator", "taro", MANAGEMENT, "USER")
    assert assign(away, env=taro)["deleted"] == 1
    mine = row(groups=None, users="taro", accounts=MANAGEMENT, state="absent")
    assert "allow_self_lockout" in assign(mine, env=taro, fails=True)["msg"]
    assert assign(mine, env=taro, allow_self_lockout=True)["deleted"] == 1


def test_a_caller_that_assumed_a_role_is_warned(emulator, organization, assign, spent):
    organization.assign("WebOperator", "web-operators", PROD)
    keys = emulator.client("sts").assume_role(RoleArn=f"arn:aws:iam::{MANAGEMENT}:role/ci", RoleSessionName="run")
    env = {
        "AWS_ACCESS_KEY_ID": keys["Credentials"]["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["Credentials"]["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["Credentials"]["SessionToken"],
    }
    spent()
    assert "warnings" not in assign(row(), env=env)
    assert "sts:GetCallerIdentity" not in spent()
    (warning,) = assign(row(state="absent"), env=env)["warnings"]
    assert "cannot be told" in warning


WRONG = [
    (row(accounts=12345670123), ".accounts[0]: 12345670123 is not an account id, which has 12 digits; quote it"),
    (row(accounts="ou-ab12-abcdefgh"), ".accounts[0]: 'ou-ab12-abcdefgh' is not an account; it goes into"),
    (row(organizational_units="workloads"), ".organizational_units[0]: 'workloads' is not the id of"),
    (row(organizational_units=PROD), f".organizational_units[0]: {PROD} is an account; it goes into accounts"),
    (row(sets=[]), ": permission_sets names none"),
    (row(groups=None), ": neither groups nor users names any"),
    (row(accounts=None), ": neither accounts nor organizational_units names any"),
    (row(sets="arn:aws:iam::aws:policy/SecurityAudit"), ".permission_sets[0]: 'arn:aws:iam::aws:policy/SecurityAudit'"),
    (row(sets="Web Operator"), ".permission_sets[0]: 'Web Operator' is no name"),
    (row(groups=" "), ".groups[0]: is empty"),
]


def test_bad_input_is_named_and_nothing_is_asked(emulator, assign):
    problems = assign(*(wrong for wrong, _text in WRONG), fails=True, max_deletions=-1)["problems"]
    assert len(problems) == len(WRONG) + 1
    for number, (problem, (_wrong, text)) in enumerate(zip(problems, WRONG, strict=False)):
        assert problem.startswith(f"assignments[{number}]{text}")
    assert problems[-1].startswith("max_deletions: -1")
    assert emulator.calls() == {}


def test_unknown_names_are_named_all_at_once_with_the_nearest(emulator, organization, assign, spent):
    spent()
    failed = assign(
        row("WebOperater", "web-operatrs", ["web-prd", "999988887777"], users="taroo"),
        row("WebOperator", accounts=None, organizational_units="ou-ab12-00000000"),
        fails=True,
    )
    assert failed["problems"] == [
        "assignments[0].permission_sets[0]: no permission set 'WebOperater' (did you mean 'WebOperator'?)",
        "assignments[0].groups[0]: no group 'web-operatrs' (did you mean 'web-operators'?)",
        "assignments[0].users[0]: no user 'taroo' (did you mean 'taro'?)",
        "assignments[0].accounts[0]: no account 'web-prd' (did you mean 'web-prod'?)",
        "assignments[0].accounts[1]: no account 999988887777 in the organization",
        "assignments[1].organizational_units[0]: no organizational unit or root ou-ab12-00000000 in the organization",
    ]
    assert writes(spent()) == {}


def test_what_is_gone_need_not_be_taken_away(organization, assign):
    result = assign(row("Gone", "gone", PROD, state="absent"))
    assert not result["changed"]
    assert result["warnings"] == [
        "assignments[0].permission_sets[0]: no permission set 'Gone'; there is nothing to take away",
        "assignments[0].groups[0]: no group 'gone'; assignments of one that was deleted can only be taken away by its "
        "id, or with purge",
    ]


def test_rows_that_contradict_each_other_are_refused(organization, assign):
    failed = assign(row(accounts=[PROD, STAGING]), row(state="absent"), fails=True)
    assert failed["msg"] == (
        "assignments[1]: takes away what assignments[0] gives "
        f"(WebOperator: group web-operators in {PROD}); use exclude_accounts there, or drop one of them"
    )


def test_no_organization_is_explained(emulator, organization, assign):
    emulator.faults("organizations:ListAccounts", "AccessDeniedException")
    assert "The caller needs organizations:ListAccounts." in assign(row(accounts="web-prod"), fails=True)["msg"]
