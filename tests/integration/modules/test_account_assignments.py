"""account_assignments and account_assignments_info over HTTP, by real ansible-playbook."""

from __future__ import annotations

import pytest

MANAGEMENT = "123456789012"
PROD, STAGING, DATA, OLD = "111122223333", "222233334444", "333344445555", "444455556666"
NOBODY = "9f8e7d6c-0000-4000-8000-000000000000"


class Organization:
    """An organization in the emulator, as tests see it: by names."""

    def __init__(self, emulator):
        self.emulator = emulator
        self.sso, self.store = emulator.client("sso-admin"), emulator.client("identitystore")
        accounts = [
            dict(id=PROD, name="web-prod", ou="workloads/web"),
            dict(id=STAGING, name="web-staging", ou="workloads/web"),
            dict(id=DATA, name="data", ou="workloads"),
            dict(id=OLD, name="old", ou="workloads", status="SUSPENDED"),
        ]
        self.units = emulator.seed(dict(accounts=accounts))["organizational_units"]
        (instance,) = self.sso.list_instances()["Instances"]
        self.instance = dict(InstanceArn=instance["InstanceArn"])
        self.store_id = dict(IdentityStoreId=instance["IdentityStoreId"])
        self.sets, self.ids = {}, {}
        self.set("WebOperator", managed=True)
        self.set("Auditor")
        for name in ("web-operators", "auditors"):
            self.ids[name] = self.store.create_group(**self.store_id, DisplayName=name)["GroupId"]
        self.ids["taro"] = self.user("taro")

    def set(self, name, managed=False):
        tags = [dict(Key="keyless:managed", Value="true")] if managed else []
        created = self.sso.create_permission_set(**self.instance, Name=name, Tags=tags)
        self.sets[name] = created["PermissionSet"]["PermissionSetArn"]
        return self.sets[name]

    def user(self, name):
        values = dict(UserName=name, DisplayName=name, Name=dict(GivenName=name, FamilyName="Tanaka"))
        return self.store.create_user(**self.store_id, **values)["UserId"]

    def join(self, group, user):
        self.store.create_group_membership(
            **self.store_id, GroupId=self.ids[group], MemberId=dict(UserId=self.ids[user])
        )

    def assign(self, permission_set, name, account, kind="GROUP"):
        """Assign by hand; with asynchronous operations on, the operation is under way afterwards."""
        answer = self.sso.create_account_assignment(**self._parameters(permission_set, name, account, kind))
        return answer["AccountAssignmentCreationStatus"]["RequestId"]

    def unassign(self, permission_set, name, account, kind="GROUP"):
        self.sso.delete_account_assignment(**self._parameters(permission_set, name, account, kind))

    def _parameters(self, permission_set, name, account, kind):
        return dict(
            self.instance,
            PermissionSetArn=self.sets[permission_set],
            PrincipalType=kind,
            PrincipalId=self.ids.get(name, name),
            TargetType="AWS_ACCOUNT",
            TargetId=account,
        )

    def there(self):
        """Every assignment: {(permission set, principal, account)}."""
        names = {principal_id: name for name, principal_id in self.ids.items()}
        found = set()
        for name, arn in self.sets.items():
            which = dict(self.instance, PermissionSetArn=arn)
            for account in self.sso.list_accounts_for_provisioned_permission_set(**which)["AccountIds"]:
                for each in self.sso.list_account_assignments(**which, AccountId=account)["AccountAssignments"]:
                    found.add((name, names.get(each["PrincipalId"], each["PrincipalId"]), account))
        return found

    def settings(self, **values):
        self.emulator.seed(dict(settings=values))


@pytest.fixture
def organization(emulator):
    made = Organization(emulator)
    yield made
    made.settings(async_ms=0, latency_ms=0, rate=0)


@pytest.fixture
def spent(emulator):
    """spent(): the calls since the last time it was asked."""
    known = {}

    def ask():
        now = emulator.calls()
        new = {name: times - known.get(name, 0) for name, times in now.items() if times > known.get(name, 0)}
        known.update(now)
        return new

    return ask


@pytest.fixture
def assign(run_module):
    """assign(*rows, check=…, diff=…, fails=…, env=…, **options) -> the module's result"""

    def run(*rows, check=False, diff=False, fails=False, env=None, **options):
        arguments = dict(options, assignments=list(rows))
        return run_module("account_assignments", arguments, check=check, diff=diff, fails=fails, env=env)

    return run


@pytest.fixture
def play(ansible):
    """play(*arguments, module=…) -> the results of one task for each; `check_mode` in the arguments is the task's."""

    def run(*arguments, module="account_assignments"):
        tasks = []
        for number, each in enumerate(arguments):
            given = dict(each)
            task = dict(name=f"Task {number}", check_mode=given.pop("check_mode", False))
            tasks.append({**task, f"keyless.aws.{module}": given})
        return ansible.tasks(tasks)

    return run


def row(sets="WebOperator", groups="web-operators", accounts=PROD, **more):
    """A row of single names, or of lists."""
    given = dict(permission_sets=sets, groups=groups, accounts=accounts, **more)
    listed = {key: value if isinstance(value, list) or key == "state" else [value] for key, value in given.items()}
    return {key: value for key, value in listed.items() if value != [None]}


WRITES = ("sso-admin:CreateAccountAssignment", "sso-admin:DeleteAccountAssignment")


def writes(calls):
    return {name.split(":")[1]: times for name, times in calls.items() if name in WRITES}


@pytest.mark.both_ends
def test_life_of_assignments(emulator, organization, assign, spent, run_module):
    product = row(["WebOperator", "Auditor"], ["web-operators", "auditors"], [PROD, STAGING], users="taro")
    spent()
    predicted = assign(product, check=True, diff=True)
    assert writes(spent()) == {}
    made = assign(product, diff=True)
    assert writes(spent()) == {"CreateAccountAssignment": 12}
    assert (made["created"], made["updated"], made["deleted"]) == (12, 0, 0)
    assert len(organization.there()) == 12
    for key in ("changes", "diff", "account_assignments"):
        assert sorted(made[key], key=str) == sorted(predicted[key], key=str)
    assert made["diff"]["before"] == {"account_assignments": []}
    assert made["changes"][0] == {
        "action": "create",
        "kind": "account_assignment",
        "name": f"WebOperator: group web-operators in {PROD}",
        "permission_set": "WebOperator",
        "principal_type": "GROUP",
        "principal": "web-operators",
        "account_id": PROD,
    }
    assert made["account_assignments"][0] == {
        "account_id": PROD,
        "permission_set": "WebOperator",
        "permission_set_arn": organization.sets["WebOperator"],
        "principal_type": "GROUP",
        "principal": "web-operators",
        "principal_id": organization.ids["web-operators"],
    }

    spent()
    again = assign(product)
    assert not again["changed"]
    assert again["changes"] == []
    assert writes(spent()) == {}

    read = run_module("account_assignments_info", {})["account_assignments"]
    alive = [dict(each, orphaned=False) for each in made["account_assignments"]]
    assert sorted(read, key=str) == sorted(alive, key=str)

    gone = assign(dict(product, state="absent"), max_deletions=12, diff=True)
    assert gone["deleted"] == 12
    assert len(gone["diff"]["before"]["account_assignments"]) == 12
    assert gone["account_assignments"] == []
    assert organization.there() == set()
    assert not assign(dict(product, state="absent"), max_deletions=0)["changed"]


def test_a_no_op_costs_one_call_a_principal(emulator, organization, assign, spent):
    product = row(["WebOperator", "Auditor"], ["web-operators", "auditors"], [PROD, STAGING, DATA])
    assign(product)
    spent()
    assert not assign(product)["changed"]
    assert spent() == {
        "sso-admin:ListInstances": 1,
        "sso-admin:ListPermissionSets": 1,
        "sso-admin:DescribePermissionSet": 2,
        "identitystore:ListGroups": 1,
        "sso-admin:ListAccountAssignmentsForPrincipal": 2,
        "sso-admin:ListAccountAssignmentCreationStatus": 1,
        "sso-admin:ListAccountAssignmentDeletionStatus": 1,
    }


def test_ids_are_taken_as_they_are(emulator, organization, assign, spent):
    arn, ids = organization.sets["WebOperator"], organization.ids
    by_id = row(arn, ids["web-operators"], PROD, users=ids["taro"])
    spent()
    made = assign(by_id)
    assert made["created"] == 2
    assert organization.there() == {("WebOperator", "web-operators", PROD), ("WebOperator", "taro", PROD)}
    calls = spent()
    assert not {name for name in calls if name.split(":")[0] in ("identitystore", "organizations")}
    assert "sso-admin:DescribePermissionSet" not in calls
    assert not assign(row(), row(users="taro", groups=None))["changed"]


def test_one_account_of_one_set_is_read_by_a_delegate_too(emulator, organization, assign, spent, run_module):
    """Who may not ask per principal asks per account and permission set."""
    emulator.seed(dict(delegated_administrators=[DATA]))
    product = row(["WebOperator", "Auditor"], "web-operators", [PROD, STAGING])
    delegate = {"AWS_ACCESS_KEY_ID": DATA, "AWS_SECRET_ACCESS_KEY": "testing"}
    assert assign(product, env=delegate)["created"] == 4
    spent()
    assert not assign(product, env=delegate)["changed"]
    calls = spent()
    assert calls["sso-admin:ListAccountAssignmentsForPrincipal"] == 1
    assert calls["sso-admin:ListAccountAssignments"] == 4
    found = run_module("account_assignments_info", dict(groups=["web-operators"]), env=delegate)["account_assignments"]
    assert len(found) == 4


def test_account_names_and_units(emulator, organization, assign):
    web = organization.units["workloads/web"]
    result = assign(row(accounts=None, organizational_units=web, exclude_accounts="web-staging"), row(accounts="data"))
    assert organization.there() == {("WebOperator", "web-operators", PROD), ("WebOperator", "web-operators", DATA)}
    assert {each["account_name"] for each in result["account_assignments"]} == {"web-prod", "data"}


def test_suspended_accounts_are_skipped_in_units_and_refused_by_name(emulator, organization, assign):
    result = assign(row(accounts=None, organizational_units=organization.units["workloads"]))
    assert {account for _set, _who, account in organization.there()} == {PROD, STAGING, DATA}
    assert result["warnings"] == [
        f"Account {OLD} (old) below {organization.units['workloads']} is skipped, because it is SUSPENDED."
    ]
    emulator.seed(dict(accounts=[]))
    failed = assign(row(accounts="old"), fails=True)
    assert failed["msg"] == (
        f"assignments[0].accounts[0]: account {OLD} (old) is SUSPENDED, so nothing can be changed in it"
    )


def test_root_stands_for_every_account(emulator, organization, assign):
    root = emulator.client("organizations").list_roots()["Roots"][0]["Id"]
    assign(row(accounts=None, organizational_units=root, exclude_accounts="old"))
    assert {account for _set, _who, account in organization.there()} == {MANAGEMENT, PROD, STAGING, DATA}


def test_purge(organization, play):
    organization.assign("WebOperator", "auditors", STAGING)
    organization.assign("WebOperator", "taro", PROD, "USER")
    organization.assign("Auditor", "auditors", DATA)
    organization.set("Other", managed=True)
    organization.assign("Other", "auditors", DATA)
    rows = dict(assignments=[row()])
    none, predicted, listed, managed, again, everything = play(
        dict(rows),
        dict(rows, purge="listed", check_mode=True),
        dict(rows, purge="listed"),
        dict(rows, purge="all"),
        dict(rows, purge="all"),
        dict(assignments=[], purge="all", purge_unmanaged=True),
    )
    assert (none["created"], none["deleted"]) == (1, 0)
    assert [change["name"] for change in predicted["changes"]] == [
        f"WebOperator: group auditors in {STAGING}",
        f"WebOperator: user taro in {PROD}",
    ]
    assert sorted(listed["changes"], key=str) == sorted(predicted["changes"], key=str)
    assert [change["name"] for change in managed["changes"]] == [f"Other: group auditors in {DATA}"]
    assert not again["changed"]
    assert {change["name"] for change in everything["changes"]} == {
        f"Auditor: group auditors in {DATA}",
        f"WebOperator: group web-operators in {PROD}",
    }
    assert organization.there() == set()


def test_purge_finds_what_outlived_its_principal(emulator, organization, assign, run_module):
    organization.assign("WebOperator", "auditors", PROD)
    organization.store.delete_group(**organization.store_id, GroupId=organization.ids["auditors"])
    (orphan,) = run_module("account_assignments_info", {})["account_assignments"]
    assert (orphan["principal"], orphan["orphaned"]) == (None, True)
    assert orphan["principal_id"] == organization.ids["auditors"]
    by_id = row(groups=organization.ids["auditors"], state="absent")
    assert assign(by_id, check=True)["deleted"] == 1
    result = assign(row(), purge="listed")
    assert [change["action"] for change in result["changes"]] == ["create", "delete"]
    assert organization.there() == {("WebOperator", "web-operators", PROD)}


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


def test_a_failed_assignment_is_named_with_its_reason_and_the_others_are_done(emulator, organization, assign):
    reason = "The IAM role could not be created."
    emulator.faults("sso-admin:CreateAccountAssignment", "failed", reason=reason)
    organization.assign("Auditor", "auditors", PROD)
    emulator.faults("sso-admin:CreateAccountAssignment", "failed", reason=reason)
    product = row(accounts=[PROD, STAGING, DATA])
    failed = assign(product, fails=True)
    assert "1 of 3 changes failed, the others were done" in failed["msg"]
    assert failed["failures"] == [
        {
            "action": "create",
            "kind": "account_assignment",
            "name": f"WebOperator: group web-operators in {PROD}",
            "permission_set": "WebOperator",
            "principal_type": "GROUP",
            "principal": "web-operators",
            "account_id": PROD,
            "error": reason,
        }
    ]
    assert {each["account_id"] for each in failed["account_assignments"]} == {STAGING, DATA}
    assert assign(product)["created"] == 1


def test_operations_that_take_their_time(emulator, organization, assign, spent):
    """More of them than may be outstanding; AWS works on one at a time in an account."""
    organization.settings(async_ms=150)
    groups = [f"group-{number}" for number in range(6)]
    for name in groups:
        organization.ids[name] = organization.store.create_group(**organization.store_id, DisplayName=name)["GroupId"]
    product = row(["WebOperator", "Auditor"], groups, [PROD, STAGING])
    spent()
    assert assign(product)["created"] == 24
    calls = spent()
    assert calls["sso-admin:CreateAccountAssignment"] == 24
    assert calls["sso-admin:DescribeAccountAssignmentCreationStatus"] <= 30
    assert len(organization.there()) == 24
    assert not assign(product)["changed"]
    spent()
    assert assign(dict(product, state="absent"), max_deletions=24)["deleted"] == 24
    assert spent()["sso-admin:DeleteAccountAssignment"] == 24
    assert organization.there() == set()


def test_throttling_is_survived(emulator, organization, assign):
    for operation in ("CreateAccountAssignment", "DescribeAccountAssignmentCreationStatus", "ListPermissionSets"):
        emulator.faults(f"sso-admin:{operation}", "ThrottlingException", times=3)
    assert assign(row(accounts=[PROD, STAGING]))["created"] == 2
    assert len(organization.there()) == 2


@pytest.mark.parametrize("error, async_ms", [("drop", 0), ("drop", 1500), ("http500", 0)])
def test_what_was_taken_is_not_sent_again(emulator, organization, assign, spent, error, async_ms):
    """The answer is lost, and the operation runs, or has already ended."""
    organization.settings(async_ms=async_ms)
    emulator.faults("sso-admin:CreateAccountAssignment", error, when="after")
    spent()
    assert assign(row())["created"] == 1
    assert writes(spent()) == {"CreateAccountAssignment": 1}
    assert organization.there() == {("WebOperator", "web-operators", PROD)}
    emulator.faults("sso-admin:DeleteAccountAssignment", error, when="after")
    assert assign(row(state="absent"))["deleted"] == 1
    assert writes(spent()) == {"DeleteAccountAssignment": 1}
    assert organization.there() == set()


def test_what_was_not_taken_is_sent_again(emulator, organization, assign, spent):
    for error in ("drop", "http500"):
        emulator.faults("sso-admin:CreateAccountAssignment", error, when="before")
    spent()
    assert assign(row())["created"] == 1
    assert writes(spent()) == {"CreateAccountAssignment": 3}
    assert organization.there() == {("WebOperator", "web-operators", PROD)}


HOUR = 3600 * 1000


def test_what_an_earlier_run_left_under_way_is_taken_over(emulator, organization, assign, spent):
    organization.settings(async_ms=HOUR)
    request = organization.assign("WebOperator", "web-operators", PROD)
    spent()
    failed = assign(row(), wait_timeout=1, fails=True)
    assert f"still in progress after 1 seconds (request {request})" in failed["msg"]
    assert writes(spent()) == {}


def test_the_opposite_under_way_is_waited_for(emulator, organization, assign, spent):
    organization.assign("WebOperator", "web-operators", PROD)
    organization.there()
    organization.settings(async_ms=HOUR)
    organization.unassign("WebOperator", "web-operators", PROD)
    spent()
    failed = assign(row(), wait_timeout=1, fails=True)
    assert failed["failures"][0]["action"] == "create"
    assert "an operation to delete it is still in progress" in failed["msg"]
    assert writes(spent()) == {}


def test_an_operation_that_does_not_end_is_named(emulator, organization, assign):
    emulator.faults("sso-admin:CreateAccountAssignment", "stuck")
    failed = assign(row(accounts=[PROD, STAGING]), wait_timeout=1, fails=True)
    assert failed["created"] == 1
    (failure,) = failed["failures"]
    assert failure["name"] == f"WebOperator: group web-operators in {PROD}"
    assert "still in progress after 1 seconds" in failure["error"]
    assert "wait_timeout" in failure["error"]


def test_a_refusal_does_not_stop_the_others(emulator, organization, assign):
    emulator.faults("sso-admin:CreateAccountAssignment", "AccessDeniedException")
    failed = assign(row(accounts=[PROD, STAGING]), fails=True)
    assert failed["created"] == 1
    assert "The caller needs sso:CreateAccountAssignment." in failed["msg"]


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
        "assignments[0].groups[0]: no group 'gone'; there is nothing to take away",
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


def test_info_selects(emulator, organization, play, run_module, spent):
    organization.join("auditors", "taro")
    organization.assign("WebOperator", "web-operators", PROD)
    organization.assign("WebOperator", "auditors", STAGING)
    organization.assign("Auditor", "auditors", PROD)
    organization.assign("Auditor", "taro", DATA, "USER")
    everything = organization.there()
    assert len(everything) == 4
    selections = [
        (dict(), everything),
        (dict(groups=["auditors"]), {each for each in everything if each[1] == "auditors"}),
        (dict(users=["taro"]), {("Auditor", "taro", DATA)}),
        (
            dict(groups=["web-operators"], users=[organization.ids["taro"]]),
            {each for each in everything if each[1] in ("web-operators", "taro")},
        ),
        (dict(permission_sets=["Auditor"]), {each for each in everything if each[0] == "Auditor"}),
        (
            dict(permission_sets=[organization.sets["Auditor"]], accounts=["web-prod"]),
            {("Auditor", "auditors", PROD)},
        ),
        (dict(groups=["nobody"], accounts=["nowhere", "data"]), set()),
    ]
    answers = play(*(options for options, _found in selections), module="account_assignments_info")
    for answer, (options, wanted) in zip(answers, selections, strict=True):
        shown = answer["account_assignments"]
        found = {(each["permission_set"], each["principal"], each["account_id"]) for each in shown}
        assert (options, found) == (options, wanted)
    assert answers[-1]["missing"] == {"groups": ["nobody"], "accounts": ["nowhere"]}
    spent()
    assert len(run_module("account_assignments_info", dict(accounts=[PROD]))["account_assignments"]) == 2
    assert spent()["sso-admin:ListAccountAssignments"] == 2
    failed = run_module("account_assignments_info", dict(accounts=["12345"]), fails=True)
    assert "accounts[0]: 12345 is not an account id" in failed["msg"]
