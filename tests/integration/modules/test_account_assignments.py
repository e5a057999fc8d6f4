"""account_assignments and account_assignments_info over HTTP: what they do when all goes well."""

from __future__ import annotations

from organization import DATA, MANAGEMENT, OLD, PROD, STAGING, row, writes


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
    made = assign(by_id, preflight=False)
    assert made["created"] == 2
    assert organization.there() == {("WebOperator", "web-operators", PROD), ("WebOperator", "taro", PROD)}
    assert not assign(by_id)["changed"]
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
